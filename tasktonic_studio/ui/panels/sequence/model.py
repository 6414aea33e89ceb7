"""What the sequence panel is about, and its diagram: found and folded piece by piece, so that it blocks nobody. No Qt."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import replace
from typing import Final, Literal

import numpy as np

from tasktonic_studio.diagrams.lifelines import Wishes
from tasktonic_studio.session.call_chain import MOST_CAUSES, CallChain
from tasktonic_studio.session.call_filter import CallFilter
from tasktonic_studio.session.calls import (
    MOST_CALLS,
    Calls,
    CallsByNow,
    Hooks,
    Numbers,
    calls_between,
    calls_by_now,
    calls_of,
    calls_with,
    last_calls,
)
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.sequence import Asked, SequenceDiagram, an_empty_sequence, making_sequence
from tasktonic_studio.ui.widgets import figures

LAST_CALLS: Final = 300
"""So many of the last calls are shown when no stretch of time is looked at."""
LIFELINES: Final = (6, 12, 24, 48)
"""How many lifelines one can choose to have at most."""
SCOPES: Final = ("chain", "window")
Scope = Literal["chain", "window"]


def call_number(known: Knowledge, thing: Thing | None) -> int:
    """The run or order that a selected thing is or belongs to, 0 for none. Of a value in a store: who wrote it."""
    if thing is None:
        return 0
    if thing.kind == "store" and isinstance(thing.key, tuple):
        entry = known.store.get(int(thing.key[0]), str(thing.key[1]))
        return entry.run if entry is not None else 0
    if not isinstance(thing.key, int):
        return 0
    if thing.kind in ("run", "order"):
        return thing.key
    if thing.kind == "log" and known.log.first <= thing.key < len(known.log):
        line = known.log[thing.key]
        return line.run if line.app == known.app.number else 0
    return 0


class SequenceModel:
    """The diagram of one scope at one moment. Made by the view; `look_at` says what it is about, `step` brings it about."""

    def __init__(self) -> None:
        self.known = Knowledge()
        self.scope: Scope = "chain"
        self.anchor = 0
        """The run or order whose chain is shown, 0 for none: then the last calls are."""
        self.chosen_here = 0
        """The run or order that was selected in the diagram itself, which does not make another diagram of it."""
        self.filter = CallFilter("")
        self.asked = Asked()
        self.added: frozenset[int] = frozenset()
        """Tonics whose calls are shown besides, as far as they were made in the same time."""
        self.is_to_scale = False
        """Rows are calls and stand where they were made, so nothing is folded."""
        self.diagram = an_empty_sequence(self.known)
        self.heading = ""
        self.notes: tuple[str, ...] = ()
        """What is not shown, in sentences."""
        self.span: tuple[int, int] | None = None
        """The stretch of time of a window, None for the last calls."""
        self.found = 0
        """How many calls there are without the filter."""
        self.cost_s = 0.0
        """How long the last diagram took to make."""
        self._spent_s = 0.0
        self._app: object = None
        self._searched = self.known
        """Where a chain is searched: the present, unless another app is shown."""
        self._hooks = Hooks()
        self._chain: CallChain | None = None
        self._chain_now: CallsByNow | None = None
        """What the chain is by now: a moment is cut from it."""
        self._rows: Numbers | None = None
        self._calls: Calls | None = None
        self._making: Generator[None, None, SequenceDiagram] | None = None
        self._left_out = 0
        self._is_built = True

    # ---- what it is about --------------------------------------------------------------------------------------

    def look_at(self, live: Knowledge, known: Knowledge, thing: Thing | None, span: tuple[int, int] | None) -> bool:
        """Be about what is selected at this moment. Returns whether that is something else than before.

        A chain is searched in what is known by now, and cut at the moment: so it is not searched again for each.
        """
        is_other = self.known is not known
        app = known.app.first_n
        if app != self._app:
            self._app, self._hooks, self._chain = app, Hooks(), None
            self.anchor, self.added = 0, frozenset()
            self.asked = replace(self.asked, wishes=Wishes(self.asked.wishes.most), opened=frozenset())
            is_other = True
        searched = live if live.app.first_n == app else known
        if self._searched is not searched:
            self._chain = None
        self._searched = searched
        self.known = known
        number = call_number(known, thing)
        is_looked_at = (self.is_chain or number == self.chosen_here) and self.has(number)
        if number and number != self.anchor and not is_looked_at:
            self.show_chain_of(number)
            is_other = True
        is_other = is_other or (span != self.span and not self.is_chain)
        self.span = span
        return is_other

    def forget(self) -> None:
        """Another target is watched: nothing of the one before means anything now."""
        self._app = None
        self.diagram = an_empty_sequence(self.known)

    def set_filter(self, text: str) -> None:
        """Have only calls that fit, from the next `step` on."""
        self.filter = CallFilter(text)
        self.fold_again()

    def has(self, number: int) -> bool:
        """Whether a run or order is in the diagram: then a click on it must not make another diagram of it."""
        run = self.known.run_of(number)
        return self.diagram.row_of_order(run.order if run is not None else number) >= 0

    def show_chain_of(self, number: int) -> None:
        """Be about the chain of a run or order from now on; ``begin`` finds it."""
        self.anchor, self._chain, self.chosen_here = number, None, 0
        self.asked = replace(self.asked, opened=frozenset())

    @property
    def is_chain(self) -> bool:
        """Whether a chain is shown, rather than a stretch of time."""
        return self.scope == "chain" and self.anchor > 0

    # ---- bringing it about -------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Find and fold anew; what was shown stays until that is done."""
        self._rows = self._calls = self._making = None
        self._is_built = False
        if not self.is_chain:
            self._chain = self._chain_now = None
        elif self._chain is None:
            self._chain, self._chain_now = CallChain(self._searched, self.anchor, self._hooks), None

    def fold_again(self) -> None:
        """Fold what was found in another way."""
        self._making = None
        self._is_built = False

    @property
    def is_done(self) -> bool:
        """Whether the diagram is that of what was asked for."""
        return self._is_built

    @property
    def share(self) -> float:
        """How much was looked at, 0 to 1."""
        chain = self._chain
        return chain.share(self._searched) if chain is not None and self._rows is None else 1.0

    def step(self, seconds: float) -> bool:
        """Go on for about so long: search, then read, then fold. Returns whether the diagram is a new one now."""
        began = time.perf_counter()
        try:
            return self._go_on(began + seconds)
        finally:
            self._spent_s += time.perf_counter() - began
            if self._is_built:
                self.cost_s, self._spent_s = self._spent_s, 0.0

    def _go_on(self, until: float) -> bool:
        while not self._is_built:
            if self._rows is None:
                self._search(until)
            elif self._calls is None:
                self._calls = self._read(self._rows)
            elif self._fold(self._calls):
                return True
            if time.perf_counter() >= until:
                return False
        return False

    def _search(self, until: float) -> None:
        known, chain = self.known, self._chain
        if chain is not None:
            while not chain.is_done(self._searched):
                chain.step(self._searched)
                if time.perf_counter() >= until:
                    return
            rows = chain.rows()
            rows = rows[: int(np.searchsorted(rows, len(known.orders)))]
        else:
            self._hooks.take(known)
            rows = last_calls(known, LAST_CALLS) if self.span is None else calls_between(known, *self.span)
        if self.added and len(rows):
            rows = np.union1d(rows, calls_with(known, self.added, int(rows[0]), int(rows[-1]) + 1))
        self._left_out = max(len(rows) - MOST_CALLS, 0)
        # Of a chain the begin matters, and of a stretch of time as well: it is the last of "the last" that are shown.
        self._rows = rows[:MOST_CALLS]

    def _read(self, rows: Numbers) -> Calls:
        """The calls in these rows. Of a chain all of it is read once, for all moments."""
        if self._chain is None or self.added:
            return calls_of(self.known, rows, self._hooks)
        by_now, is_past = self._chain_now, self._searched is not self.known
        if by_now is None or not is_past or not _begins_with(by_now, rows) or not by_now.covers(self.known):
            self._hooks.take(self._searched)
            whole = self._chain.rows()[:MOST_CALLS]
            by_now = self._chain_now = calls_by_now(self._searched, whole, self._hooks)
        return by_now.at(self.known) if is_past else by_now.calls

    def _fold(self, calls: Calls) -> bool:
        """Do a part of folding. Returns whether there is a new diagram now."""
        if self._making is None:
            fitting = self.filter.only(self.known, calls)
            self._making = making_sequence(self.known, fitting, self._asked_now(fitting))
            return False
        try:
            next(self._making)
        except StopIteration as made:
            self._making = None
            self.diagram = made.value
            self._is_built = True
            self.found = len(calls)
            self.heading = self._heading(len(calls))
            self.notes = tuple(self._notes())
        return self._is_built

    def _asked_now(self, calls: Calls) -> Asked:
        wishes = self.asked.wishes
        focus = set(self.added)
        if self.is_chain and self._chain is not None:
            at = calls.index_of(self._chain.order)
            focus |= {int(calls.receiver[at]), int(calls.sender[at])} if at >= 0 else set()
        # Who had a lifeline keeps it, so that a diagram that lives does not jump.
        shown = frozenset(line.id for line in self.diagram.lines)
        asked = replace(self.asked, wishes=replace(wishes, focus=frozenset(focus), shown=shown))
        if self.is_to_scale:
            asked = replace(asked, selves=False, repeats=False)
        return replace(asked, by_appearance=self.is_chain)

    # ---- words -------------------------------------------------------------------------------------------------

    def _heading(self, calls: int) -> str:
        """What matters first, since a narrow panel shows no more: whose chain, or how many calls."""
        shown = len(self.diagram.calls)
        count = figures.counted(calls, "call")
        if self.filter:
            count = f"{figures.grouped(shown)} of {count}"
        if len(self.diagram) < shown:
            count = f"{count} in {figures.counted(len(self.diagram), 'row')}"
        if self.is_chain:
            return f"Chain of {self.words_of(self.anchor)}: {count}"
        known, began = self.known, self.known.app.began_ns
        where = f"the last before {figures.moment(known.t_ns, began)}"
        if self.span is not None:
            where = (
                f"{figures.moment(self.span[0], began)} to {figures.moment(self.span[1], began)}, as in the timeline"
            )
        until = ", until a run is selected elsewhere" if self.scope == "chain" else ""
        return f"{count}: {where}{until}"

    def words_of(self, number: int) -> str:
        """A run or order in words: ``pump 1 · ttse__on_stroke``."""
        run = self.known.run_of(number)
        order = self.known.order_of(number) if run is None else None
        found = run or order
        if found is None:
            return f"run {number}"
        return (
            f"{figures.short(self.known.essences.name(found.essence), 60)} · {self.known.names.sparkle(found.sparkle)}"
        )

    def nothing_words(self) -> str:
        """Why there is nothing, in a sentence."""
        if self.is_chain:
            return f"Of {self.words_of(self.anchor)} neither what caused it nor what it caused is known."
        return (
            "Nothing was called in the time that the timeline shows."
            if self.span is not None
            else "Nothing was called."
        )

    def _notes(self) -> list[str]:
        notes = []
        chain = self._chain
        if self._left_out:
            where = "" if self.is_chain else ": show less time in the timeline to see the others"
            total = figures.grouped(MOST_CALLS + self._left_out)
            notes.append(f"Only the first {figures.grouped(MOST_CALLS)} of {total} calls are shown{where}.")
        if chain is not None and chain.is_cut:
            notes.append(f"It has more effects than the {figures.grouped(MOST_CALLS)} that are shown.")
        if chain is not None and chain.has_more_causes:
            notes.append(f"It goes back further than the {figures.grouped(MOST_CAUSES)} causes that are shown.")
        if chain is not None and chain.is_cause_lost:
            notes.append("What caused the first call is not known: it was lost, or is older than what is remembered.")
        return notes

    # ---- what the reader folds ---------------------------------------------------------------------------------

    def open_row(self, order: int) -> None:
        """Show each of what is folded into the row or frame that begins with this order."""
        self.asked = replace(self.asked, opened=self.asked.opened | {order})
        self.fold_again()

    def close_rows(self) -> None:
        """Fold again all that was unfolded: rows and lifelines."""
        wishes = replace(self.asked.wishes, unfolded=frozenset(), folded=frozenset())
        self.asked = replace(self.asked, opened=frozenset(), wishes=wishes)
        self.fold_again()

    def unfold_line(self, line: int, unfolded: bool) -> None:
        """Let all that are in a box stand alone, or have all below a tonic in one box."""
        wishes = self.asked.wishes
        in_box, alone = wishes.folded - {line}, wishes.unfolded - {line}
        wishes = replace(
            wishes, folded=in_box if unfolded else in_box | {line}, unfolded=alone | {line} if unfolded else alone
        )
        self.asked = replace(self.asked, wishes=wishes)
        self.fold_again()

    def set_most(self, most: int) -> None:
        """Have at most so many lifelines."""
        self.asked = replace(self.asked, wishes=replace(self.asked.wishes, most=most))
        self.fold_again()

    def add(self, essence: int, added: bool) -> None:
        """Show the calls of a tonic as well, or no more."""
        self.added = self.added | {essence} if added else self.added - {essence}
        self.begin()


def _begins_with(by_now: CallsByNow, rows: Numbers) -> bool:
    """Whether these are the rows of its first calls."""
    return np.array_equal(by_now.calls.row[: len(rows)], rows)
