"""What the checker tells: a finding, where it stands, why it matters, and edits that mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "hint"]


class Edit(NamedTuple):
    """A piece of text to replace. Lines and columns count from 1, in characters; the end is the first place behind the piece."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


class Fix(NamedTuple):
    """One way to mend a finding: what it does in a few words, and the edits, which belong together."""

    title: str
    edits: tuple[Edit, ...]


class Finding(NamedTuple):
    """One fault at one place. Lines and columns count from 1, in characters; the end is the first place behind it.

    `text` says what is so, `reason` why it matters, `advice` what to do; `fixes` do it, the best first.
    """

    code: str
    severity: Severity
    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    reason: str
    advice: str
    fixes: tuple[Fix, ...] = ()


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text with the edits made; they do not overlap."""
    starts = line_starts(text)
    for edit in sorted(edits, key=lambda it: (it.line, it.column), reverse=True):
        begin, end = span_of(starts, edit, len(text))
        text = text[:begin] + edit.text + text[end:]
    return text


def line_starts(text: str) -> list[int]:
    """Where each line begins, as Python counts lines: line 1 first."""
    starts = [0]
    position = text.find("\n")
    while position >= 0:
        starts.append(position + 1)
        position = text.find("\n", position + 1)
    return starts


def span_of(starts: Sequence[int], place: Edit | Finding, length: int) -> tuple[int, int]:
    """The first character of an edit or a finding and the one behind it, from 0; both inside a text of this length."""
    return (
        _offset(starts, place.line, place.column, length),
        _offset(starts, place.end_line, place.end_column, length),
    )


def _offset(starts: Sequence[int], line: int, column: int, length: int) -> int:
    return min(starts[line - 1] + column - 1, length) if line <= len(starts) else length
