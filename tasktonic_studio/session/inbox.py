"""The one hand-over from services to the session: thread-safe, bounded, counts what it drops."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from tasktonic.blocks.thinning import without_flow
from tasktonic.protocol import Message
from tasktonic.trace import Distilled
from tasktonic.trace.marks import Mark
from tasktonic_studio.session.batch import Batch, FactColumns, facts_of_columns
from tasktonic_studio.session.breakpoints import BreakpointsRead
from tasktonic_studio.session.line_facts import LineFacts
from tasktonic_studio.session.target import Status

LIMIT_BYTES: Final = 64 * 1024 * 1024
PORTION_BYTES: Final = 3 * 1024 * 1024
"""Blocks of so many bytes hold some 40,000 events, which take the session about 20 ms; births and ends take longer."""
_ITEM_BYTES: Final = 1_000
"""As much as this of a block takes as long as any other item."""
_BLOCK_BYTES: Final = 15_000
"""To read a block, however small it is, takes as long as so much of a large one: of what is lost, the probe tells in many small ones."""
_DECODED: Final = 2
"""What is decoded already takes so many times less long."""
_FACT_BYTES: Final = 700
"""A fact takes as long as this of a block."""


@dataclass(frozen=True, slots=True)
class TargetBegan:
    """A new target is watched from here on; what was known of the one before is put away.

    `how` is `launched`, `attached` or `file`. Of a file its path, what it says of the interpreter, and how many `events` are to
    come are known at once. With a `seed` a script was launched under a distiller.
    """

    how: str
    script: str = ""
    arguments: tuple[str, ...] = ()
    pid: int = 0
    sentence: str = ""
    file: str = ""
    python: str = ""
    framework: str = ""
    events: int = 0
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class TargetStatus:
    """The target's status became this.

    `exit_code` is negative for a signal, None while it runs, when nobody knows, and when the Studio itself ended it.
    `died`: it ended without having been asked to, and not well, so people want to know where it was. `damage`: what is wrong
    with the file it was read from.
    """

    status: Status
    sentence: str = ""
    exit_code: int | None = None
    pid: int = 0
    died: bool = False
    damage: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """Whole lines that the process printed; `t_ns` is the machine's monotonic clock."""

    stream: Literal["stdout", "stderr"]
    text: str
    t_ns: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """The Studio itself has something to say about the target; shown in the log."""

    text: str
    t_ns: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """A control message of the probe (`tasktonic.protocol.messages`), already checked."""

    message: Message


@dataclass(frozen=True, slots=True)
class BlockArrived:
    """A block of events, as bytes."""

    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class BatchArrived:
    """Blocks of events that somebody has decoded already, and how many bytes they had.

    `places` says where in the batch which events of the stream are: (offset, number of the first, how many). `facts` are those of
    the batch, where it is without them: as events they would be a thousand things more to look at for the garbage collector, for
    as long as they wait.
    """

    batch: Batch = field(repr=False)
    size: int
    places: tuple[tuple[int, int, int], ...] = ()
    facts: Sequence[FactColumns] = field(default=(), repr=False)

    def with_facts(self) -> BatchArrived:
        """The same, the batch having its facts."""
        if not self.facts:
            return self
        return BatchArrived(self.batch._replace(facts=facts_of_columns(self.facts)), self.size, self.places)


@dataclass(frozen=True, slots=True)
class FlowDropped:
    """The inbox was full: of the blocks that follow so much flow was dropped, all facts were kept."""

    orders: int
    runs: int


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text of a source file as it was when the program ran; a trace file has it."""

    file: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MarksRead:
    """The marks that the file of the target has. Nothing that happened: it gets no number."""

    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class DistilledRead:
    """What a distiller was asked for, of the file of the target. Nothing that happened: it gets no number."""

    calls: tuple[Distilled, ...]


@dataclass(frozen=True, slots=True)
class LinesTold:
    """How it stands with the debugger of lines. Nothing that happened in the app: it gets no number."""

    facts: LineFacts


InboxItem = (
    TargetBegan
    | TargetStatus
    | Output
    | Notice
    | Told
    | BlockArrived
    | BatchArrived
    | FlowDropped
    | SourceText
    | MarksRead
    | DistilledRead
    | BreakpointsRead
    | LinesTold
)


class Portions:
    """Items in their order, each time as many as weigh so many bytes, or one. None is opened before its turn comes.

    A target that begins ends a portion: it is known before what follows is opened.

    Args:
        items: what has arrived.
        opened: gives an item in pieces if it takes long; see `Session.opened`.
    """

    def __init__(
        self, items: Sequence[InboxItem] = (), opened: Callable[[InboxItem], Sequence[InboxItem]] | None = None
    ) -> None:
        self._items = deque(items)
        self._opened = opened
        self._pieces: deque[InboxItem] = deque()
        """Of an item that was opened what is left of it."""

    def __bool__(self) -> bool:
        """Whether anything is left."""
        return bool(self._pieces or self._items)

    def take(self, most_bytes: int) -> list[InboxItem]:
        """The next portion; empty when nothing is left."""
        portion: list[InboxItem] = []
        size = 0
        while self and size < most_bytes:
            if not self._pieces:
                item = self._items.popleft()
                self._pieces.extend((item,) if self._opened is None else self._opened(item))
                continue
            piece = self._pieces.popleft()
            portion.append(piece)
            size += _weight(piece)
            if isinstance(piece, TargetBegan):
                break
        return portion


def _weight(item: InboxItem) -> int:
    if isinstance(item, BatchArrived):
        return _BLOCK_BYTES + item.size // _DECODED + _FACT_BYTES * len(item.batch.facts)
    return _BLOCK_BYTES + len(item.data) if isinstance(item, BlockArrived) else _ITEM_BYTES


def _bytes_of(item: InboxItem) -> int:
    return len(item.data) if isinstance(item, BlockArrived) else item.size if isinstance(item, BatchArrived) else 0


class Inbox:
    """A queue between the services' threads, which put, and the UI thread, which takes all once per frame.

    Made by `app.py`. Past `limit_bytes` of waiting blocks their flow (runs and orders) is dropped and counted; facts and
    everything else are kept: the probe's credit bounds them. `on_first` is called, in the putting thread, when the first
    item comes into an empty inbox.
    """

    def __init__(self, limit_bytes: int = LIMIT_BYTES, on_first: Callable[[], None] | None = None) -> None:
        self.on_first = on_first
        self.limit_bytes = limit_bytes
        self.dropped_orders = 0
        self.dropped_runs = 0
        self._items: list[InboxItem] = []
        self._bytes = 0
        self._items_lock = threading.Lock()

    @property
    def waiting_items(self) -> int:
        """Items that wait to be taken."""
        return len(self._items)

    @property
    def waiting_bytes(self) -> int:
        """Bytes of blocks that wait to be taken; a reader of a socket pauses while there are too many."""
        return self._bytes

    def put(self, item: InboxItem) -> None:
        """Add an item. Any thread."""
        if isinstance(item, BlockArrived) and self._bytes >= self.limit_bytes:
            put = self._thinned(item)
        else:
            put = [item]
        with self._items_lock:
            was_empty = not self._items
            self._items.extend(put)
            self._bytes += sum(map(_bytes_of, put))
        if was_empty and self.on_first is not None:
            self.on_first()

    def _thinned(self, item: BlockArrived) -> list[InboxItem]:
        try:
            thinned = without_flow(item.data)
        except Exception:
            # Not a sound block: the session says so when it reads it.
            return [item]
        self.dropped_orders += thinned.orders
        self.dropped_runs += thinned.runs
        return [FlowDropped(thinned.orders, thinned.runs), BlockArrived(thinned.data)]

    def take_all(self) -> Sequence[InboxItem]:
        """Everything that waits, oldest first. The UI thread, once per frame."""
        with self._items_lock:
            taken, self._items = self._items, []
            self._bytes = 0
        return taken
