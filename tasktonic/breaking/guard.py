"""What stands between a catalyst and its queue while breakpoints are set. Its methods run in the catalyst's thread.

The loops take their orders by ``catalyst.take``; a guard puts its own in the place of the queue's ``popleft``. Only classes
and sparkles that a breakpoint is about cost more than one look into a table. What comes of a run (a state, a value in a
store, an exception) is noted when it happens, by those who tell the stream of it; news that a breakpoint waits for
puts a mark into the queue, so that the batch ends with that run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tasktonic import brake, clock
from tasktonic.failures import who_takes
from tasktonic.loops import END_OF_BATCH, EndOfBatch, Stopped
from tasktonic.rules import Failing, Moment, Stored, Switched
from tasktonic.rules.breakpoint import EXCEPTION, PATH, STATE
from tasktonic.rules.matching import is_failing, is_stored, is_switched
from tasktonic.work_order import NUMBER, RECORDED, SLOT, SOURCE, TONIC, VIA, Order

from .living import Living, ask, kinds_of_error
from .plan import Candidates, Live, Plan

if TYPE_CHECKING:
    from tasktonic.catalyst import ttCatalyst
    from tasktonic.essence import ttEssence
    from tasktonic.loops import Turn

    from .engine import Breaker


class Guard:
    """Asks the breakpoints of one plan for one catalyst. Made by the breaker; another plan brings another guard.

    Args:
        before: the guard that stood here until now, if one did.
    """

    def __init__(self, breaker: Breaker, catalyst: ttCatalyst, plan: Plan, before: Guard | None) -> None:
        self._breaker = breaker
        self._catalyst = catalyst
        self._plan = plan
        self._before = before
        self._seen: Order | None = None
        """The order that was asked about last: it runs now, whatever it is held for."""
        self._runs: Order | None = None
        """What runs now, if a breakpoint waits for its end."""
        self._follow: tuple[Live, ...] = ()
        self._began_ns = 0
        self._switched: list[Switched] = []
        self._stored: list[Stored] = []
        self._failing: list[Failing] = []
        self._news: list[tuple[Live, ttEssence | None]] = []
        """What waits for news that has come, and whom that is about."""
        self._news_run = 0
        self._inside: tuple[Any, int | str] = (None, "")
        """Whose sparkle ran when the first of it came, and which."""
        self.take = self._taking() if plan.asks_at_orders else catalyst.orders.popleft

    # -- in the loops -----------------------------------------------------------------------------------------------

    def around(self, turn: Turn) -> Turn:
        """The loop that a catalyst enters while it is guarded."""

        def turn_guarded(catalyst: ttCatalyst) -> bool:
            self._adopt()
            self.settle()
            try:
                is_done = turn(catalyst)
            except EndOfBatch:
                self.settle()
                raise
            self.settle()
            return is_done

        return turn_guarded

    def look_ahead(self) -> None:
        """Ask about the next order while it is in the queue, and about what has been left by what ran.

        Raises:
            Stopped: it must not run now.
        """
        self._adopt()
        self.settle()
        orders = self._catalyst.orders
        order = orders[0]
        if order is END_OF_BATCH or not self._plan.asks_at_orders:
            return
        row = self._plan.rows[order[TONIC].__class__]
        candidates = None if row is None else row[order[SLOT]]
        if candidates is not None and self._stops_before(order, candidates):
            raise Stopped

    def settle(self) -> None:
        """Ask about what has come of the run that has ended.

        Raises:
            Stopped: nothing more must run now.
        """
        if (self._runs is not None or self._news) and self._stops_after():
            raise Stopped

    def _taking(self) -> Callable[[], Order]:
        popleft = self._catalyst.orders.popleft
        rows = self._plan.rows
        meet = self._meet

        def take() -> Order:
            if self._runs is not None and self._stops_after():
                raise Stopped
            order = popleft()
            row = rows[order[0].__class__]
            return order if row is None else meet(order, row[order[1]])

        return take

    def _meet(self, order: Order, candidates: Candidates | None) -> Order:
        if candidates is None:
            return order
        if self._stops_before(order, candidates):
            self._catalyst.orders.appendleft(order)
            raise Stopped
        if candidates[1]:
            self._runs, self._follow = order, candidates[1]
            self._began_ns = clock.now_ns()
        return order

    def _adopt(self) -> None:
        """What the guard before has asked about is not asked about again."""
        before, self._before = self._before, None
        if before is not None:
            before._adopt()
            self._seen = self._seen or before._seen

    # -- asking -----------------------------------------------------------------------------------------------------

    def _stops_before(self, order: Order, candidates: Candidates) -> bool:
        if not candidates[0] or order is self._seen:
            return False
        tonic = order[TONIC]
        table = tonic._tt_class
        if tonic._tt_handlers is table.after_end or tonic._tt_handlers is table.dropping:
            return False  # it is dropped and does not run
        self._seen = order
        moment = self._moment_of(order, before=True)
        return self._ask(candidates[0], moment, tonic, order)

    def _stops_after(self) -> bool:
        order, self._runs = self._runs, None
        took_ns = clock.now_ns() - self._began_ns if order is not None else 0
        switched, self._switched = self._switched, []
        stored, self._stored = self._stored, []
        failing, self._failing = self._failing, []
        news, self._news = self._news, []
        stops = False
        if order is not None:
            moment = self._moment_of(order, before=False)
            moment.took_ns, moment.switched, moment.stored, moment.failing = took_ns, switched, stored, failing
            stops = self._ask(self._follow, moment, order[TONIC], order)
        for live, essence in dict(news).items():
            moment = self._moment_inside(essence)
            moment.switched, moment.stored, moment.failing = switched, stored, failing
            stops = self._ask((live,), moment, essence, None) or stops
        return stops

    def _ask(self, lives: tuple[Live, ...], moment: Moment, essence: ttEssence | None, order: Order | None) -> bool:
        """Whether one of them holds the catalyst here."""
        number = self._news_run if order is None else self._number_of(order)
        before = brake.releases(self._catalyst)
        holding = [live for live in lives if self._breaker.met(live, moment, self._catalyst, essence, number)]
        if not holding:
            return False
        if not self._catalyst.is_held:
            self._breaker.hold(self._catalyst, holding, before)
            return True
        # Somebody steps. The one order they asked for runs; of several, those behind this place do not.
        had_more, self._catalyst.steps = self._catalyst.steps > 0, 0
        return had_more or not moment.before

    def _number_of(self, order: Order) -> int:
        return order[NUMBER] if len(order) == RECORDED else self._catalyst.run_number

    def _moment_of(self, order: Order, *, before: bool) -> Moment:
        tonic, source = order[TONIC], order[SOURCE]
        sparkle = tonic._tt_class.sparkles[order[SLOT]].called
        return Moment(
            before,
            Living(tonic),
            sparkle,
            None if source is None else Living(source),
            via_of(source, order[VIA]),
            asks=ask,
        )

    def _moment_inside(self, essence: ttEssence | None) -> Moment:
        """Of news that came while nobody looked at what runs."""
        tonic, via = self._inside
        if tonic is None or not isinstance(via, int):
            return Moment(False, None if essence is None else Living(essence), "", asks=ask)
        return Moment(False, Living(tonic), tonic._tt_class.sparkles[via].called, asks=ask)

    # -- what comes of a run ----------------------------------------------------------------------------------------

    def has_switched(self, tonic: ttEssence, old: int, new: int) -> None:
        """A tonic went from one state to another."""
        if old == new or not (self._plan.news or self._runs is not None):
            return
        name = tonic._tt_class.state_name
        switched = Switched(Living(tonic), name(old), name(new))
        waits = self._waiting(lambda term: term.kind == STATE and is_switched(term, switched))
        if waits or self._runs is not None:
            self._switched.append(switched)
            self._note(waits, tonic)

    def has_stored(self, store: ttEssence, path: str) -> None:
        """What runs here changed a value in a store. With the store's lock held."""
        stored = Stored(Living(store), path)
        waits = self._waiting(lambda term: term.kind == PATH and is_stored(term, stored))
        if waits or self._runs is not None:
            self._stored.append(stored)
            self._note(waits, store)

    def has_failed(self, order: Order, error: BaseException) -> None:
        """What runs here raised."""
        self.has_raised(order[TONIC], error, who_takes(order) is not None)

    def has_raised(self, essence: ttEssence | None, error: BaseException, taken: bool) -> None:
        """Something was raised and caught by the framework."""
        failing = Failing(None if essence is None else Living(essence), kinds_of_error(error), taken)
        waits = self._waiting(lambda term: term.kind == EXCEPTION and is_failing(term, failing))
        if waits or self._runs is not None:
            self._failing.append(failing)
            self._note(waits, essence)

    def _waiting(self, is_meant: Callable[[Any], bool]) -> list[Live]:
        return [
            live
            for live in self._plan.news
            if any(not term.negated and is_meant(term) for term in live.breakpoint.terms)
        ]

    def _note(self, waits: list[Live], essence: ttEssence | None) -> None:
        if not waits:
            return
        if not self._news:
            self._inside = self._catalyst.running, self._catalyst.via
            self._news_run = self._catalyst.run_number
        self._news.extend((live, essence) for live in waits)
        self._catalyst.orders.appendleft(END_OF_BATCH)


def via_of(source: Any, via: int | str) -> str:
    """The sparkle by which an essence called, or the word for what outside called; empty for ``outside``."""
    if isinstance(via, int):
        return "" if source is None else str(source._tt_class.sparkles[via].called)
    return via
