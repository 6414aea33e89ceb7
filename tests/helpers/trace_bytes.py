"""Trace files as tests write them and take them apart: in parts, and into their frames."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tasktonic.trace import TraceReader, TraceWriter
from tasktonic.trace.file import FRAME, HEADER


def write(path: Path, *parts: list[Any], close: bool = True, **options: Any) -> None:
    """Write a trace with these rows, each part flushed by itself."""
    writer = TraceWriter(path, {"kind": "recording", "app": "plant"}, **options)
    first = 0
    for rows in parts:
        writer.add_rows(first, rows)
        first += len(rows)
    if close:
        writer.close("The app has ended.")
    else:
        writer.abandon()


def frames_of(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Place, kind and bytes of every frame."""
    place = HEADER.size
    while place < len(data):
        kind, _, _, stored, _, _ = FRAME.unpack_from(data, place)
        yield place, kind, data[place : place + FRAME.size + stored]
        place += FRAME.size + stored


def kinds_in(reader: TraceReader) -> list[str]:
    return [type(event).__name__ for _, event in reader.happened()]
