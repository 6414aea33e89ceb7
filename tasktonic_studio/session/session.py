"""Session: one watched target as a fold over its stream, with its past."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any, Final

import numpy as np

from tasktonic import events
from tasktonic.blocks import StringTable, decode_block, ttBlockError
from tasktonic.protocol.messages import DistillerStep
from tasktonic_studio.session.batch import Batch, Event, batch_of_block, batch_of_events, cut, joined
from tasktonic_studio.session.breakpoints import Breakpoints, BreakpointsRead
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.columns import Column
from tasktonic_studio.session.comparing.side import Taken, take
from tasktonic_studio.session.distillation import Distillation
from tasktonic_studio.session.edits import Edits
from tasktonic_studio.session.folding import fold
from tasktonic_studio.session.history import History, stretches
from tasktonic_studio.session.inbox import (
    BatchArrived,
    BlockArrived,
    DistilledRead,
    InboxItem,
    LinesTold,
    MarksRead,
    Notice,
    TargetBegan,
    Told,
)
from tasktonic_studio.session.knowledge import Budget, Knowledge, Shared
from tasktonic_studio.session.line_facts import LineFacts
from tasktonic_studio.session.marks import Marks

PREVIOUS_ROWS: Final = 2_000_000
"""A run with more rows is not kept when another begins: it would take as much room as that one."""
LONG_RUN: Final = 500_000
"""Events of a recorded run that is long."""
_TAKEN_TOGETHER: Final = 65_536
"""So many events are folded at once, where so many have come: what is done per stretch costs as much for a few."""


_FACTS_TOGETHER: Final = 1_024
"""And so many facts: births take some hundredths of a second when there are ten times as many."""


class Session:
    """What is known of the watched target, now and before. Made by `app.py`; UI thread only.

    Events are numbered from 0 in the order in which they came here: those of the stream, and what else was told (output of
    the process, its status, answers). `live` is what is known after all of them, `at(n)` after the first `n`. A new target
    (`TargetBegan`) begins everything anew in the same session; a new app in the same process begins new ids, while
    log and runs go on.
    """

    def __init__(self, budget: Budget | None = None) -> None:
        self._budget = budget or Budget()
        self.previous: Taken | None = None
        """The run that was shown before the present target began, to compare with; None when there was none, or too long a one."""
        self.lines = LineFacts()
        """How it stands with the debugger of lines, now."""
        self.marks = Marks()
        self.breakpoints = Breakpoints()
        """Those of the project; they outlive the run."""
        self.edits = Edits()
        self._begin()

    def _begin(self, events: int = 0) -> None:
        self._events_announced = events
        budget = self._budget.for_events(events)
        shared = Shared(budget)
        self._shared = shared
        self.live = Knowledge(shared)
        self._history = History(budget)
        self._history.begin(self.live)
        self._strings = StringTable()
        self._unreadable = False
        self.marks.begin()
        shared.distillation = Distillation((), self.marks.numbering)
        self.breakpoints.begin()
        self.edits.begin()

    @property
    def is_long_run(self) -> bool:
        """Whether the target is a recorded run that has so many events that it takes a while to read them."""
        return self._events_announced >= LONG_RUN

    @property
    def is_long_run_coming(self) -> bool:
        """Whether such a run is being read."""
        return self.is_long_run and self.live.target.status == "starting"

    @property
    def is_recorded_run_coming(self) -> bool:
        """Whether a recorded run is being read, of whatever length."""
        return self.live.target.how == "file" and self.live.target.status == "starting"

    @property
    def first_n(self) -> int:
        """The oldest number of events that can be gone back to; grows when the past is too long to remember."""
        return self._history.first_n

    def apply(self, items: Sequence[InboxItem]) -> Changes:
        """Take what the inbox gave, in order, and say what changed."""
        changes = Changes()
        waiting: list[Any] = []
        batches: list[Batch] = []
        for item in items:
            if isinstance(item, (BlockArrived, BatchArrived)):
                self._take_items(waiting, changes)
                waiting = []
                self._add_block(item, batches, changes)
                continue
            if isinstance(item, MarksRead):
                self.marks.read(item.marks)
                continue
            if isinstance(item, BreakpointsRead):
                self.breakpoints.read(item)
                continue
            if isinstance(item, LinesTold):
                self.lines, changes.lines = item.facts, True
                continue
            if isinstance(item, DistilledRead):
                self._shared.distillation = Distillation(item.calls, self.marks.numbering)
                continue
            if isinstance(item, Told) and isinstance(item.message, DistillerStep) and item.message.call is not None:
                self._shared.distillation = self._shared.distillation.with_told(item.message.call)
            self._take_batches(batches, changes)
            if isinstance(item, TargetBegan):
                # What came before belongs to a target that nobody looks at any more.
                self._keep_previous()
                self._begin(item.events)
                changes = Changes(everything=True)
                waiting = [item]
            else:
                waiting.append(item)
        self._take_items(waiting, changes)
        self._take_batches(batches, changes)
        self.edits.take(changes)
        return changes

    def opened(self, item: InboxItem) -> Sequence[InboxItem]:
        """The same as `apply` would take it, a block with many facts in pieces: each is short, and a frame can end between them.

        To be asked in the order of the stream, and what it gave is to be applied before the item after a `TargetBegan`. A block that
        cannot be read is given back: `apply` says what is wrong.
        """
        if isinstance(item, BlockArrived):
            try:
                block = decode_block(item.data, self._strings)
            except ttBlockError:
                return (item,)
            item = BatchArrived(batch_of_block(block), len(item.data), ((0, block.first, block.count),))
        return _pieces(item.with_facts()) if isinstance(item, BatchArrived) else (item,)

    def apply_events(self, first: int, rows: Iterable[Event]) -> Changes:
        """Take records of `tasktonic.events` as if they had come in a block; for tests and made-up sessions.

        `first` must be `live.n` or more; numbers in between count as lost.
        """
        changes = Changes()
        batch = batch_of_events(rows)
        if first > self.live.n:
            self._fold([], first, changes)
        self._take_batch(batch, changes)
        return changes

    def apply_batch(self, batch: Batch) -> Changes:
        """Take a stretch of the stream that is sorted already; for made-up sessions of millions of runs."""
        changes = Changes()
        self._take_batch(batch, changes)
        return changes

    def at(self, n: int) -> Knowledge:
        """What was known after the first `n` events; the nearest known moment when that is too far back or still to come."""
        if n >= self.live.n:
            return self.live
        return self._history.at(max(n, self.first_n))

    # ---- inside ------------------------------------------------------------------------------------------------

    def _keep_previous(self) -> None:
        live = self.live
        rows = len(live.runs) - live.runs.first + len(live.orders) - live.orders.first
        if rows:
            name = PurePath(live.target.file or live.target.script).name or live.app.name
            self.previous = take(live, f"the run before, {name}") if rows <= PREVIOUS_ROWS else None

    def _take_items(self, items: Sequence[Any], changes: Changes) -> None:
        if items:
            first = self.live.n
            self._fold([(first + offset, item) for offset, item in enumerate(items)], first + len(items), changes)

    def _add_block(self, item: BlockArrived | BatchArrived, batches: list[Batch], changes: Changes) -> None:
        """Put a block to those that are taken together."""
        if self._unreadable:
            return
        try:
            n = self.live.n + sum(batch.length for batch in batches)
            if isinstance(item, BatchArrived):
                batches.append(item.with_facts().batch)
                places = item.places
            else:
                block = decode_block(item.data, self._strings)
                batches.append(batch_of_block(block))
                places = ((0, block.first, block.count),)
            for offset, first, count in places:
                self.marks.numbering.note(n + offset, first, count)
        except ttBlockError as error:
            self._unreadable = True
            self._take_batches(batches, changes)
            problem = f"The events of the app cannot be read any more, what is shown is what was known before. {error}"
            self._take_items([Notice(problem)], changes)
        if sum(batch.length for batch in batches) >= _TAKEN_TOGETHER:
            self._take_batches(batches, changes)

    def _take_batches(self, batches: list[Batch], changes: Changes) -> None:
        if batches:
            self._take_batch(joined(batches), changes)
            batches.clear()

    def _take_batch(self, batch: Batch, changes: Changes) -> None:
        first = self.live.n
        shared = self._shared
        ahead = (batch.ahead or {}).get
        if len(batch.runs["n"]):
            shared.runs.append(_numbered(batch.runs, first), len(batch.runs["n"]), ahead("runs"))
        if len(batch.transitions["n"]):
            transitions = _numbered(batch.transitions, first)
            shared.transitions.append(transitions, len(transitions["n"]), ahead("transitions"))
        if len(batch.orders["n"]):
            orders = _numbered(batch.orders, first)
            orders["cause"] = batch.causes.numbers(shared.texts.number)
            orders["arguments"] = batch.arguments.numbers(shared.texts.number)
            shared.orders.append(orders, len(orders["n"]), ahead("orders"))
        self._fold([(first + offset, fact) for offset, fact in batch.facts], first + batch.length, changes)

    def _fold(self, facts: list[tuple[int, Any]], until: int, changes: Changes) -> None:
        for stretch, end in stretches(facts, until):
            fold(self.live, stretch, end, changes)
        self._history.record(facts, self.live)
        if self.live.target.how != "file":  # what was hit in a recorded run switches nothing off
            for n, fact in facts:
                if type(fact) is events.BreakpointHit:
                    self.breakpoints.was_hit(n, fact)


def _pieces(item: BatchArrived) -> Sequence[BatchArrived]:
    parts = cut(item.batch, _FACTS_TOGETHER)
    if len(parts) == 1:
        return (item,)
    found, begin = [], 0
    for part in parts:
        end = begin + part.length
        places = [
            (max(offset, begin) - begin, first + max(begin - offset, 0), min(offset + count, end) - max(offset, begin))
            for offset, first, count in item.places
            if offset < end and offset + count > begin
        ]
        found.append(BatchArrived(part, item.size * part.length // item.batch.length, tuple(places)))
        begin = end
    return found


def _numbered(columns: dict[str, Column], first: int) -> dict[str, Column]:
    numbered = dict(columns)
    numbered["n"] = columns["n"] + np.int64(first)
    return numbered
