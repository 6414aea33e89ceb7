"""Reading ahead: the rest of a long trace is unpacked and decoded in a process of its own, while the window shows its begin.

Decoding is work for Python. In a thread of the window's process it would take turns with the window, some milliseconds each
time; so a process does it, and what it hands over are columns that the session takes as they are.

It is started as ``python -m tasktonic_studio.services.reading_ahead FILE EVENT``, begins at the last keyframe at or before that
event, and writes what it reads to stdout, each piece pickled: a list of items for the inbox, and at the end a `Damage` or None.
The file may be of ill will: what is pickled is made here from what `read_block` has checked, and never comes out of the file.
"""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO, Final

from tasktonic.blocks import StringTable, ttBlockError
from tasktonic.events import code_by_type, type_by_code
from tasktonic.trace import TraceReader
from tasktonic.trace.file import Kind
from tasktonic.trace.reader import Damage
from tasktonic_studio.services.asides import item_of
from tasktonic_studio.session.batch import Batch, Event, joined
from tasktonic_studio.session.inbox import BatchArrived, BlockArrived, InboxItem
from tasktonic_studio.session.planes import ReadBlock, read_block

try:
    import fcntl
except ImportError:  # there are systems without
    fcntl = None  # type: ignore[assignment]

TOGETHER: Final = 65_536
"""So many events are handed over at a time."""
_PIPE_BYTES: Final = 1024 * 1024
"""As much as anybody may ask for."""


class EndedEarly(Exception):
    """The process ended before it had read all, by itself or because it was stopped."""


class ReadingAhead:
    """One such process. Made, asked and closed by the thread that reads a file; any thread may `stop` it.

    Args:
        file: a trace.
        event: where to begin, see above.
    """

    def __init__(self, file: str, event: int) -> None:
        self.damage: Damage | None = None
        """What could not be read; known when `items` are through."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TASKTONIC_")}
        root = str(Path(__file__).resolve().parents[2])
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (root, environment.get("PYTHONPATH", ""))))
        # -P: the folder that the Studio was started in may have modules of its own, of the same names as those of Python.
        command = [sys.executable, "-P", "-m", "tasktonic_studio.services.reading_ahead", file, str(event)]
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._widen()

    def items(self) -> Iterator[InboxItem]:
        """What it reads, as it comes.

        Raises:
            EndedEarly: it ended before the end.
        """
        assert self._process.stdout is not None
        while True:
            try:
                told = pickle.load(self._process.stdout)  # noqa: S301 - of a process that was started here, see above
            except (EOFError, pickle.UnpicklingError, OSError):
                raise EndedEarly from None
            if not isinstance(told, list):
                self.damage = told
                return
            yield from map(_unpacked, told)

    def _widen(self) -> None:
        """Let a pipe hold as much as a piece has, where that can be said.

        Each time that it is empty the reading thread lets go of the interpreter, and gets it back from the window when that has a
        moment for it: a hundred times for a long file instead of eight thousand.
        """
        set_size = getattr(fcntl, "F_SETPIPE_SZ", None)
        if set_size is not None and self._process.stdout is not None:
            with suppress(OSError):  # somebody has as many as he may have
                fcntl.fcntl(self._process.stdout, set_size, _PIPE_BYTES)

    def stop(self) -> None:
        """Read no further. Harmless when it has ended."""
        self._process.kill()

    def close(self) -> None:
        """Stop it and let go of it; returns when it is gone."""
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


_Facts = list[tuple[int, list[int], list[tuple[Any, ...]]]]
"""Facts as columns: of each kind its code, the offsets and the fields. Pickled one by one they take four times as long."""


def _packed(item: BatchArrived) -> tuple[BatchArrived, _Facts]:
    """A batch and apart from it its facts. In a plain tuple: the classes of this module have another name in its process."""
    by_kind: dict[type, list[tuple[int, Event]]] = {}
    for placed in item.batch.facts:
        by_kind.setdefault(type(placed[1]), []).append(placed)
    facts = [
        (code_by_type[kind], [offset for offset, _ in alike], list(zip(*(fact for _, fact in alike), strict=True)))
        for kind, alike in by_kind.items()
    ]
    return replace(item, batch=item.batch._replace(facts=[])), facts


def _unpacked(told: InboxItem | tuple[BatchArrived, _Facts]) -> InboxItem:
    if not isinstance(told, tuple):
        return told
    item, packed = told
    facts: list[tuple[int, Event]] = []
    for code, offsets, fields in packed:
        kind: Any = type_by_code[code]
        facts += zip(offsets, map(kind._make, zip(*fields, strict=True)), strict=True)
    facts.sort(key=itemgetter(0))
    return replace(item, batch=item.batch._replace(facts=facts))


class _Pile:
    """Blocks that are handed over together."""

    def __init__(self) -> None:
        self.length = 0
        self._batches: list[Batch] = []
        self._places: list[tuple[int, int, int]] = []
        self._bytes = 0

    def add(self, block: ReadBlock, size: int) -> None:
        """Another block, which had so many bytes."""
        self._batches.append(block.batch)
        self._places.append((self.length, block.first, block.count))
        self.length += block.count
        self._bytes += size

    def take(self) -> list[InboxItem]:
        """As an item for the inbox, none without blocks; the pile is empty then."""
        if not self._batches:
            return []
        taken = BatchArrived(joined(self._batches), self._bytes, tuple(self._places))
        self.length = self._bytes = 0
        self._batches, self._places = [], []
        return [taken]


def pieces_of(reader: TraceReader, event: int) -> Iterator[list[InboxItem]]:
    """The items of a file from an event on, some at a time; of the blocks some together."""
    pile, strings = _Pile(), StringTable()
    for part in reader.parts_as_they_lie(event):
        if part.kind == Kind.ASIDE:
            item = item_of(part.plain())
            if item is not None:
                yield [*pile.take(), item]
        elif part.kind == Kind.BLOCK:
            try:
                pile.add(read_block(part.data, strings, is_shuffled=part.is_shuffled), len(part.data))
            except ttBlockError:
                # Not a sound one: the session says so when it reads it.
                yield [*pile.take(), BlockArrived(part.plain())]
                return
            if pile.length >= TOGETHER:
                yield pile.take()
    yield pile.take()


def main(file: str, event: int, told: BinaryIO) -> None:
    """Tell what is in a file from an event on."""
    gc.disable()  # nothing here refers to itself, and what is told is let go of at once
    with TraceReader(file) as reader:
        for piece in pieces_of(reader, event):
            packed = [_packed(item) if isinstance(item, BatchArrived) else item for item in piece]
            pickle.dump(packed, told, pickle.HIGHEST_PROTOCOL)
            told.flush()
        pickle.dump(reader.damage, told, pickle.HIGHEST_PROTOCOL)
        told.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.stdout.buffer)
