"""Asides: what is told of a target besides its events, as it is kept in a trace file between them. See ``docs/trace-file.md``."""

from __future__ import annotations

import json
from typing import Any, Final

from tasktonic.errors import ttError
from tasktonic.protocol import Direction, decode_message, encode_message, messages
from tasktonic_studio.session.inbox import InboxItem, Notice, Output, Told

_KEPT: Final = (
    messages.Attributes,
    messages.Stack,
    messages.Answer,
    messages.Cost,
    messages.DistillerState,
    messages.Notice,
    messages.Goodbye,
    messages.Refused,
)
"""Who the app is stands in the META of the file, and what it can do on request nobody can ask of a file."""

_LAST: Final = (1 << 63) - 1


def aside_of(item: InboxItem) -> dict[str, Any] | None:
    """An item as an aside; None for one that is kept in another way, or means nothing later."""
    if isinstance(item, Output):
        return {"output": item.stream, "text": item.text, "t_ns": item.t_ns}
    if isinstance(item, Notice):
        return {"notice": item.text, "t_ns": item.t_ns}
    if isinstance(item, Told) and isinstance(item.message, messages.DistillerStep):
        step = {"step": item.message.number, "done": item.message.done}
        return step if item.message.call is None else {"distilled": item.message.call, **step}
    if isinstance(item, Told) and isinstance(item.message, _KEPT):
        return {"message": json.loads(encode_message(item.message))}
    return None


def item_of(data: bytes) -> InboxItem | None:
    """An aside as an item; None for what is not known here, or is no aside, whatever the file says."""
    try:
        read = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(read, dict):
        return None
    time_ns = read.get("t_ns", 0)
    text = read.get("text")
    if type(time_ns) is not int or not 0 <= time_ns <= _LAST:
        return None
    if read.get("output") in ("stdout", "stderr") and isinstance(text, str):
        return Output(read["output"], text, time_ns)
    if isinstance(read.get("notice"), str):
        return Notice(read["notice"], time_ns)
    if isinstance(read.get("done"), dict):
        number = read.get("step")
        return (
            Told(messages.DistillerStep(number, read["done"])) if type(number) is int and 0 <= number <= _LAST else None
        )
    if isinstance(read.get("message"), dict):
        return _message(read["message"])
    return None


def _message(read: dict[str, Any]) -> Told | None:
    try:
        message = decode_message(json.dumps(read).encode(), Direction.PROBE)
    except (ttError, RecursionError):
        return None
    return Told(message) if isinstance(message, _KEPT) else None
