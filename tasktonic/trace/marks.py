"""Marks: moments of a run that a person wants to find again, each with a note. They are kept in the trace file itself.

A file that was closed gets them appended, which takes a moment however long it is. One that was cut off, is damaged or still
being written cannot be appended to: what comes after a bad frame is never read, and two writers would overwrite each other.
The marks of such a file lie beside it, in ``NAME.ttt.marks``.
"""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, NamedTuple

MOST_MARKS: Final = 10_000
MAX_NOTE: Final = 4_000
"""Characters of one note."""
MOST_TEXT: Final = 2_000_000
"""Characters of all notes together: written down they may take six times as many bytes, and `MAX_BYTES` are read."""
MAX_BYTES: Final = 16 * 1024 * 1024
BESIDE: Final = ".marks"
_MAX_ID: Final = 64
_LAST: Final = (1 << 63) - 1


class Mark(NamedTuple):
    """A marked moment.

    ``id`` tells it from all others, also of other files. ``event`` is the number of the first event that had not happened then,
    ``t_ns`` the time by the clock of the app, ``made_ns`` the wall time at which it was made. One that is ``gone`` was taken away.
    """

    id: str
    event: int
    t_ns: int
    note: str = ""
    made_ns: int = 0
    gone: bool = False


def pack_marks(marks: Iterable[Mark]) -> bytes:
    """The payload of a MARKS frame; never more than is read: the last `MOST_MARKS`, their notes cut beyond `MOST_TEXT`."""
    listed, left = [], MOST_TEXT
    for mark in deque(marks, MOST_MARKS):
        note = mark.note[: min(MAX_NOTE, left)]
        left -= len(note)
        listed.append(mark._replace(note=note)._asdict())
    return json.dumps({"marks": listed}, ensure_ascii=False).encode("utf-8", "surrogatepass")


def unpack_marks(payload: bytes) -> list[Mark]:
    """The marks in a MARKS frame; what is no mark is left out, whatever the file says."""
    try:
        read = json.loads(payload)
    except (ValueError, RecursionError):
        return []
    listed = read.get("marks") if isinstance(read, dict) else None
    found = map(_mark, listed[:MOST_MARKS]) if isinstance(listed, list) else ()
    return [mark for mark in found if mark is not None]


def _mark(read: Any) -> Mark | None:
    if not isinstance(read, dict):
        return None
    name, note = read.get("id"), read.get("note", "")
    numbers = [read.get(field, 0) for field in ("event", "t_ns", "made_ns")]
    sound = isinstance(name, str) and 0 < len(name) <= _MAX_ID and isinstance(note, str)
    if not sound or not all(type(number) is int and 0 <= number <= _LAST for number in numbers):
        return None
    return Mark(str(name), numbers[0], numbers[1], note[:MAX_NOTE], numbers[2], read.get("gone") is True)


def latest(marks: Iterable[Mark]) -> list[Mark]:
    """What is so after all of these, in the order of time: of each mark the last word, without those that are gone."""
    by_id = {mark.id: mark for mark in marks}
    kept = [mark for mark in by_id.values() if not mark.gone]
    return sorted(kept, key=lambda mark: (mark.event, mark.t_ns, mark.made_ns))[:MOST_MARKS]


def file_beside(path: str | os.PathLike[str]) -> Path:
    """Where the marks of a file lie that cannot be appended to."""
    path = Path(path)
    return path.with_name(path.name + BESIDE)


def marks_beside(path: str | os.PathLike[str]) -> list[Mark]:
    """The marks that lie beside a trace file; none when there is nothing readable."""
    try:
        with file_beside(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError):
        return []
    return unpack_marks(data) if len(data) <= MAX_BYTES else []
