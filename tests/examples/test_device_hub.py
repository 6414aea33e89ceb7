"""The device hub as it is used: a process of its own, asked over HTTP and told over UDP while it runs."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.running_example import WAIT_S, Running, running_example


@pytest.fixture
def hub(user_folders: Path) -> Iterator[Running]:
    wanted = ("--port", "0", "--night", "23:59:59")
    with running_example(
        "device_hub.py", *wanted, says_port=r"look at http://127\.0\.0\.1:(\d+)", folder=user_folders
    ) as it:
        yield it


def ask(hub: Running, path: str, content: Any = None) -> tuple[int, str]:
    """Status and body of what the page answers."""
    request = urllib.request.Request(f"http://127.0.0.1:{hub.port}{path}")
    if content is not None:
        request.data = json.dumps(content).encode()
        request.add_header("content-type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=WAIT_S) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def twin_when(hub: Running, is_so: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """The twin, as soon as this holds of it."""
    until = time.monotonic() + WAIT_S
    twin: dict[str, Any] = {}
    while time.monotonic() < until:
        twin = json.loads(ask(hub, "/twin")[1])
        if is_so(twin):
            return twin
    pytest.fail(f"it never came about; at last the twin was {twin}")


def test_what_is_wanted_is_reported_in_the_end(hub: Running) -> None:
    twin_when(hub, lambda twin: {"lamp", "plug"} <= twin.keys())

    assert ask(hub, "/devices/lamp/wanted", {"on": True})[0] == 202
    assert ask(hub, "/devices/plug/wanted", {"on": False})[0] == 202

    twin = twin_when(hub, lambda twin: twin["lamp"]["reported"]["on"] and not twin["plug"]["reported"]["on"])
    assert twin["lamp"]["wanted"] == {"on": True}
    assert twin["plug"]["reported"] == {"on": False, "watts": 0}


def test_the_page_shows_every_device(hub: Running) -> None:
    twin = twin_when(hub, lambda twin: len(twin) == 6)

    status, page = ask(hub, "/")

    assert status == 200
    assert all(f"<td>{device}<td>{values['kind']}" in page for device, values in twin.items())


def test_a_device_that_falls_silent_is_offline(hub: Running) -> None:
    twin = twin_when(hub, lambda twin: twin.get("cellar", {}).get("online") is False)

    assert "degrees" in twin["cellar"]["reported"]


def test_what_cannot_be_wanted_is_refused_in_words(hub: Running) -> None:
    twin_when(hub, lambda twin: "lamp" in twin)

    assert ask(hub, "/devices/stove/wanted", {"on": True}) == (
        404,
        '{"status":404,"error":"There is no device stove."}',
    )
    assert ask(hub, "/devices/lamp/wanted", [1])[0] == 400


def test_a_stop_says_nothing_wrong_while_devices_talk(hub: Running) -> None:
    twin_when(hub, lambda twin: len(twin) == 6)

    assert hub.stop()[-1].endswith("main_catalyst         - finished")
