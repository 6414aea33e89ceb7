"""What is told besides the events, into a file and back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tasktonic.protocol import messages
from tasktonic_studio.services.asides import aside_of, item_of
from tasktonic_studio.session.inbox import BlockArrived, InboxItem, Notice, Output, TargetBegan, TargetStatus, Told


@pytest.mark.parametrize(
    "item",
    [
        Output("stdout", "hello \udce9 \u00e9\n", 12),
        Output("stderr", "", 0),
        Notice("something happened", 7),
        Told(messages.Cost(1.5, level=2, ring_fill=0.25)),
        Told(messages.Notice(level="info", text="a word of the probe")),
        Told(messages.Stack(4, 1, (messages.StackLine("a.py", 3, "f"),), t_ns=12)),
        Told(messages.Goodbye("done")),
    ],
)
def test_asides_come_back_as_they_were(item: InboxItem) -> None:
    aside = aside_of(item)

    assert aside is not None
    assert item_of(json.dumps(aside).encode()) == item


@pytest.mark.parametrize(
    "item",
    [
        Told(messages.Hello(1, 77, "s", token="secret")),
        Told(messages.Granted("control")),
        TargetBegan("launched"),
        TargetStatus("ended"),
        BlockArrived(b""),
    ],
)
def test_tokens_and_what_is_kept_elsewhere_are_no_asides(item: InboxItem) -> None:
    assert aside_of(item) is None


@pytest.mark.parametrize(
    "read",
    [
        1,
        [],
        {},
        {"output": "stdin", "text": "x"},
        {"output": "stdout", "text": 3},
        {"output": "stdout", "text": "x", "t_ns": -1},
        {"output": "stdout", "text": "x", "t_ns": 1 << 63},
        {"notice": 1},
        {"message": {"kind": "nonsense"}},
        {"message": {"kind": "hello", "protocol": 1, "pid": 1, "session": ""}},
        {"message": {"kind": "cost", "percent": "much"}},
    ],
)
def test_what_is_no_aside_is_passed_over(read: Any) -> None:
    assert item_of(json.dumps(read).encode()) is None


def test_what_is_no_json_is_passed_over() -> None:
    assert item_of(b"\xff") is None
    assert item_of(b"[" * 100_000) is None
