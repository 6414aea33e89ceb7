"""What the console has asked and been told, as lines. No Qt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tasktonic.protocol.messages import AttributeRow, Evaluated

_MOST_ROWS = 200


class Line(NamedTuple):
    """A line of the transcript: its kind (`code`, `value`, `type`, `error`, `note`) and its text."""

    kind: str
    text: str


def asked(tonic: str, code: str) -> list[Line]:
    """The lines of a question."""
    first, *more = code.strip().splitlines() or [""]
    return [Line("code", f"{tonic}> {first}"), *(Line("code", f"{' ' * len(tonic)}| {line}") for line in more)]


def told(answer: Evaluated) -> list[Line]:
    """The lines of an answer."""
    if answer.problem:
        lines = [Line("note" if not answer.is_over else "error", answer.problem)]
        return lines + [Line("note", f"    {line}") for line in answer.traceback.rstrip().splitlines()]
    if not answer.rows or answer.rows[0].preview == "None":
        return [Line("value", "None")]
    lines = list(_value(answer.rows[0], 0))
    if len(lines) > _MOST_ROWS:
        lines = [*lines[:_MOST_ROWS], Line("note", f"… {len(lines) - _MOST_ROWS} more lines")]
    return lines


def _value(row: AttributeRow, depth: int) -> Iterator[Line]:
    name = f"{row.name}: " if row.name else ""
    yield Line("value", f"{'    ' * depth}{name}{row.preview}   ({row.type})")
    for child in row.children:
        yield from _value(child, depth + 1)
