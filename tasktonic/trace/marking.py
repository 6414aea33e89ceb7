"""Adds marks to a trace file that is there already, see ``marks.py``."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from tasktonic.trace.file import (
    FRAME,
    HEADER,
    PLACE,
    Kind,
    check_frame,
    make_frame,
    read_head,
    ttFrameDamage,
    ttTraceFileError,
)
from tasktonic.trace.marks import Mark, file_beside, marks_beside, pack_marks
from tasktonic.trace.writer import why, write_all


def keep_marks(path: str | os.PathLike[str], marks: Iterable[Mark]) -> Path:
    """Add marks to a trace file, or beside it where it cannot be appended to. They override earlier ones of the same ids.

    Args:
        path: the trace.
        marks: those that are new, have changed, or are ``gone``.

    Returns:
        The file that has them now.

    Raises:
        ttTraceFileError: they could not be written; the message is a sentence, and everything is as it was.
    """
    path, marks = Path(path), list(marks)
    try:
        index_place = _index_of_closed(path)
        if index_place is not None:
            _append(path, make_frame(Kind.MARKS, pack_marks(marks)) + make_frame(Kind.END, PLACE.pack(index_place)))
            return path
        beside = file_beside(path)
        # The last word about each, and not all that was ever said: a file takes only so many.
        last: dict[str, Mark] = {}
        for mark in (*marks_beside(path), *marks):
            last.pop(mark.id, None)  # so that it stands where it was said last
            last[mark.id] = mark
        _replace(beside, pack_marks(last.values()))
        return beside
    except OSError as error:
        raise ttTraceFileError(f"The marks could not be written into {path}: {why(error)}.") from None


def _index_of_closed(path: Path) -> int | None:
    """Where the index lies; ``None`` when the file does not end as one that was closed."""
    size = FRAME.size + PLACE.size
    with path.open("rb") as file:
        place = os.fstat(file.fileno()).st_size - size
        if place < HEADER.size:
            return None
        file.seek(place)
        data = file.read(size)
    try:
        head = read_head(data[: FRAME.size])
        check_frame(head, data[FRAME.size :])
    except ttFrameDamage:
        return None
    if head.kind != Kind.END or head.stored != PLACE.size:
        return None
    (index_place,) = PLACE.unpack(data[FRAME.size :])
    return int(index_place)


def _append(path: Path, data: bytes) -> None:
    """Whole or not at all."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0))
    try:
        before = os.fstat(descriptor).st_size
        try:
            write_all(descriptor, data)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(descriptor, before)
            raise
    finally:
        os.close(descriptor)


def _replace(beside: Path, data: bytes) -> None:
    new = beside.with_name(f".{beside.name}.{os.getpid()}.part")
    try:
        with new.open("wb") as file:
            file.write(data)
        new.chmod(0o600)
        new.replace(beside)
    except OSError:
        with contextlib.suppress(OSError):
            new.unlink()
        raise
