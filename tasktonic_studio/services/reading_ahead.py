"""Reading ahead: the rest of a long trace is unpacked and decoded in a process of its own, while the window shows its begin.

Decoding is work for Python. In a thread of the window's process it would take turns with the window, some milliseconds each
time; so a process does it, and what it hands over are columns that the session takes as they are.

It is started as ``python -m tasktonic_studio.services.reading_ahead FILE EVENT``, begins at the last keyframe at or before that
event, and writes what it reads to stdout, each piece pickled: a list of items for the inbox, and at the end a `Damage` or None.
With ``DESCRIPTOR EVENTS`` behind it columns go into memory that is shared (`SharedColumns`), and a piece says where they are in it.
The file may be of ill will: what is pickled is made here from what `read_block` has checked, and never comes out of the file.
"""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from tasktonic import events
from tasktonic.blocks import StringTable, ttBlockError
from tasktonic.trace import TraceReader
from tasktonic.trace.file import Kind
from tasktonic.trace.reader import Damage
from tasktonic_studio.services.asides import item_of
from tasktonic_studio.services.shared_columns import TABLES, SharedColumns, new_memory
from tasktonic_studio.session.batch import Batch, FactColumns, Words, joined, joined_facts
from tasktonic_studio.session.columns import Ahead, Column
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
        events: how many there are from there on, as far as is known.
    """

    def __init__(self, file: str, event: int, events: int) -> None:
        self.damage: Damage | None = None
        """What could not be read; known when `items` are through."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TASKTONIC_")}
        root = str(Path(__file__).resolve().parents[2])
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (root, environment.get("PYTHONPATH", ""))))
        # -P: the folder that the Studio was started in may have modules of its own, of the same names as those of Python.
        command = [sys.executable, "-P", "-m", "tasktonic_studio.services.reading_ahead", file, str(event)]
        descriptor, self._shared = _memory_for(events)
        try:
            if descriptor is not None:
                command += [str(descriptor), str(events)]
            self._process = subprocess.Popen(
                command,
                bufsize=_PIPE_BYTES,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=() if descriptor is None else (descriptor,),
            )
        finally:
            if descriptor is not None:
                os.close(descriptor)
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
            yield from (_unpacked(item, self._shared) for item in told)

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


def _memory_for(events: int) -> tuple[int | None, SharedColumns | None]:
    """A descriptor of memory that is shared, and the columns in it; without either where the system has none, or not as much.

    How many events there are is what the file says, which may be of ill will, or more than this user may set aside.
    """
    descriptor = new_memory()
    if descriptor is None:
        return None, None
    try:
        return descriptor, SharedColumns(descriptor, events, is_ours=False)
    except (OSError, OverflowError):
        os.close(descriptor)
        return None, None


_Rows = dict[str, tuple[int, int]]
"""Of each table that is in shared memory the first of its rows there, and how many there are."""
_Placed = tuple[BatchArrived, _Rows]
"""A batch, and where it has its rows. A plain tuple: the classes of this module have another name in its process."""
Piece = list[InboxItem | _Placed]
"""Some items, as they are told."""
_NO_NUMBERS: Final = np.empty(0, np.int32)
_NO_ROWS: Final[dict[str, Column]] = {"n": np.empty(0, np.uint32)}
_KINDS: Final[dict[type, str]] = {events.Ran: "runs", events.Ordered: "orders", events.StateChanged: "transitions"}


def _without_zeros(words: Words) -> Words:
    return words._replace(which=_NO_NUMBERS) if len(words.different) == 1 else words


def _unpacked(told: InboxItem | _Placed, shared: SharedColumns | None) -> InboxItem:
    if not isinstance(told, tuple):
        return told
    item, rows = told
    batch = item.batch
    if shared is not None and rows:
        runs, orders, transitions = (shared.part(name, *rows[name]) for name in TABLES)
        ahead = {name: Ahead(shared.tables[name], begin) for name, (begin, _) in rows.items()}
        batch = batch._replace(runs=runs, orders=orders, transitions=transitions, ahead=ahead)
    count = len(batch.orders["n"])
    causes, arguments = (_with_zeros(words, count) for words in (batch.causes, batch.arguments))
    return replace(item, batch=batch._replace(causes=causes, arguments=arguments))


def _with_zeros(words: Words, rows: int) -> Words:
    return words._replace(which=np.zeros(rows, np.int32)) if len(words.different) == 1 else words


class _Pile:
    """Blocks that are handed over together. With `shared` their columns are written there, as long as there is room."""

    def __init__(self, shared: SharedColumns | None = None) -> None:
        self.length = 0
        self._batches: list[Batch] = []
        self._facts: list[tuple[int, list[FactColumns]]] = []
        self._places: list[tuple[int, int, int]] = []
        self._bytes = 0
        self._shared = shared
        self._rows: _Rows = {} if shared is None else dict.fromkeys(TABLES, (0, 0))

    def room(self, kind: type, rows: int) -> Mapping[str, Column] | None:
        """Where the next rows of a kind of flow are to be written, as `read_block` asks."""
        table = _KINDS[kind]
        return None if self._shared is None else self._shared.room(table, sum(self._rows[table]), rows)

    def has_room(self, block: ReadBlock) -> bool:
        """Whether there is room for a block where the others are."""
        shared = self._shared
        return shared is None or all(
            sum(self._rows[name]) + len(getattr(block.batch, name)["n"]) <= shared.rows for name in TABLES
        )

    def share_no_more(self) -> None:
        """What comes from now on is handed over as it is; to be asked of an empty pile."""
        self._shared, self._rows = None, {}

    def add(self, block: ReadBlock, size: int) -> None:
        """Another block, which had so many bytes."""
        batch = block.batch
        self._batches.append(batch if self._shared is None else self._written(batch, self._shared))
        self._facts.append((self.length, block.facts))
        self._places.append((self.length, block.first, block.count))
        self.length += block.count
        self._bytes += size

    def _written(self, batch: Batch, shared: SharedColumns) -> Batch:
        """What is left to be handed over of a batch, when its columns are in shared memory."""
        for name in TABLES:
            columns, (begin, rows) = getattr(batch, name), self._rows[name]
            count = len(columns["n"])
            if count:
                shared.write(name, begin + rows, columns, self.length)
                self._rows[name] = begin, rows + count
        return batch._replace(runs=_NO_ROWS, orders=_NO_ROWS, transitions=_NO_ROWS)

    def take(self) -> Piece:
        """As an item for the inbox and where it has its rows, none without blocks; the pile is empty then."""
        if not self._batches:
            return []
        batch = joined(self._batches)
        batch = batch._replace(causes=_without_zeros(batch.causes), arguments=_without_zeros(batch.arguments))
        taken = BatchArrived(batch, self._bytes, tuple(self._places), joined_facts(self._facts)), self._rows
        self.length = self._bytes = 0
        self._batches, self._facts, self._places = [], [], []
        self._rows = {name: (begin + rows, 0) for name, (begin, rows) in self._rows.items()}
        return [taken]


def pieces_of(reader: TraceReader, event: int, shared: SharedColumns | None = None) -> Iterator[Piece]:
    """The items of a file from an event on, some at a time; of the blocks some together."""
    pile, strings = _Pile(shared), StringTable()
    for part in reader.parts_as_they_lie(event):
        if part.kind == Kind.ASIDE:
            item = item_of(part.plain())
            if item is not None:
                yield [*pile.take(), item]
        elif part.kind == Kind.BLOCK:
            try:
                block = read_block(part.data, strings, is_shuffled=part.is_shuffled, room=pile.room)
            except ttBlockError:
                # Not a sound one: the session says so when it reads it.
                yield [*pile.take(), BlockArrived(part.plain())]
                return
            if not pile.has_room(block):
                yield pile.take()
                pile.share_no_more()
            pile.add(block, len(part.data))
            if pile.length >= TOGETHER:
                yield pile.take()
    yield pile.take()


def main(file: str, event: int, told: BinaryIO, descriptor: int | None = None, events: int = 0) -> None:
    """Tell what is in a file from an event on."""
    gc.disable()  # nothing here refers to itself, and what is told is let go of at once
    shared = None if descriptor is None else SharedColumns(descriptor, events, is_ours=True)
    with TraceReader(file) as reader:
        for piece in pieces_of(reader, event, shared):
            pickle.dump(piece, told, pickle.HIGHEST_PROTOCOL)
            told.flush()
        pickle.dump(reader.damage, told, pickle.HIGHEST_PROTOCOL)
        told.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.stdout.buffer, *map(int, sys.argv[3:]))
