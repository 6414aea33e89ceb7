"""The breaker: which breakpoints are set in this process, and what happens when one is hit."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from tasktonic import brake, clock, levels
from tasktonic.catalyst import ttCatalyst
from tasktonic.current import turning
from tasktonic.events import BreakpointHit
from tasktonic.ledger import ttLedger
from tasktonic.loops import SURVIVED
from tasktonic.rules import Breakpoint, Moment, Stored, fits, sentence_of
from tasktonic.rules.breakpoint import CONDITION, PATH
from tasktonic.rules.matching import is_stored
from tasktonic.store_service import tell_also
from tasktonic.stream import stream
from tasktonic.values import message_of

from .guard import Guard
from .hit_words import hit_words
from .living import Living
from .plan import Live, Plan

if TYPE_CHECKING:
    from tasktonic.essence import ttEssence

Told = Callable[[BreakpointHit], None]


class Breaker:
    """The breakpoints of this process; there is one, ``breaker``. Any thread, unless a method says otherwise."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._lives: dict[str, list[Live]] = {}
        self._plan = Plan(())
        self._told: tuple[Told, ...] = ()

    def put(self, owner: str, breakpoints: Iterable[Breakpoint]) -> None:
        """Set these, in the place of all that this owner has set. One that is set as before keeps its count, and
        stays off when a hit has switched it off.

        Raises:
            ttBreakpointError: one of them cannot be; then nothing has changed.
        """
        wanted = list(breakpoints)
        for point in wanted:
            point.check()
        with self._lock:
            had = {live.given: live for live in self._lives.get(owner, ())}
            self._lives[owner] = [had.get(point) or Live(owner, point, point) for point in wanted]
            self._settle()

    def add(self, owner: str, point: Breakpoint) -> None:
        """Set one more. One with the same id is replaced.

        Raises:
            ttBreakpointError: it cannot be.
        """
        others = [other for other in self.of(owner) if other.id != point.id]
        self.put(owner, [*others, point])

    def clear(self, owner: str) -> None:
        """Take away all that this owner has set."""
        self.put(owner, ())

    def of(self, owner: str) -> tuple[Breakpoint, ...]:
        """What this owner has set and has not been taken away; one that a hit has switched off is not enabled."""
        with self._lock:
            return tuple(live.breakpoint for live in self._lives.get(owner, ()))

    def on_hit(self, told: Told) -> Callable[[], None]:
        """Have a function called at each hit, in the thread where that is: it must return at once. Returns what undoes it."""
        with self._lock:
            self._told = (*self._told, told)

        def undo() -> None:
            with self._lock:
                self._told = tuple(other for other in self._told if other is not told)

        return undo

    # -- from the guards, in the thread of their catalyst -----------------------------------------------------------

    def met(self, live: Live, moment: Moment, catalyst: ttCatalyst, essence: ttEssence | None, run: int) -> bool:
        """Ask one breakpoint about a moment; true when it holds the catalyst here."""
        if not live.breakpoint.enabled:
            return False  # a hit has switched it off since the plan was made
        try:
            is_met = fits(live.breakpoint, moment)
        except SURVIVED as error:
            self._has_fault(live, error, moment, catalyst, essence, run)
            return False
        if live.breakpoint.is_only_condition() and moment.who is not None:
            was_met = live.held_before(moment.who.id, is_met, lambda tonic: ttLedger().get_essence_by_id(tonic))
            is_met = is_met and not was_met
        return is_met and self._hit(live, moment, catalyst, essence, run)

    def hold(self, catalyst: ttCatalyst, lives: list[Live], before: brake.Releases) -> None:
        """Hold a catalyst here and now, and the others at the end of what they run unless all want only this one.

        ``before`` is what the brake said before the breakpoints were asked: who hears of a hit may let go at once.
        """
        brake.hold_here(catalyst, before, others=not all(live.breakpoint.only_this for live in lives))

    # -- from those who write into a store --------------------------------------------------------------------------

    def has_stored(self, store: ttEssence, path: str) -> None:
        """A value in a store has changed. In the writer's thread, with the store's lock held."""
        guard = _guard_here()
        if guard is not None:
            guard.has_stored(store, path)
            return
        stored = Stored(Living(store), path)
        moment = Moment(False, None, "", stored=(stored,))
        for live in self._plan.news:
            terms = live.breakpoint.terms
            is_meant = any(term.kind == PATH and not term.negated and is_stored(term, stored) for term in terms)
            # A condition is about a tonic whose sparkle runs, and none does.
            if is_meant and not any(term.kind == CONDITION for term in terms) and fits(live.breakpoint, moment):
                before = brake.releases()
                if self._hit(live, moment, None, store, 0) and before == brake.releases():
                    brake.hold()

    def has_raised(self, essence: ttEssence, error: BaseException) -> None:
        """Something that listens to a store raised, which nobody takes. In the writer's thread."""
        guard = _guard_here()
        if guard is not None:
            guard.has_raised(essence, error, False)

    # -- hits -------------------------------------------------------------------------------------------------------

    def _hit(
        self, live: Live, moment: Moment, catalyst: ttCatalyst | None, essence: ttEssence | None, run: int
    ) -> bool:
        with self._lock:
            point = live.breakpoint
            live.fitted += 1
            if not point.enabled or live.fitted % point.every:
                return False
            live.hits += 1
            goes = point.once or point.temporary
            if goes:
                self._end(live)
        words = f"{hit_words(moment, essence)} ({sentence_of(point)})"
        # The one order that somebody steps runs, whatever is set on it.
        is_stepped = catalyst is not None and catalyst.is_held and moment.before and catalyst.steps <= 0
        self._tell(live, moment, catalyst, essence, run, words, held=not point.log and not is_stepped, off=goes)
        return not point.log

    def _has_fault(
        self,
        live: Live,
        error: BaseException,
        moment: Moment,
        catalyst: ttCatalyst,
        essence: ttEssence | None,
        run: int,
    ) -> None:
        with self._lock:
            if not live.breakpoint.enabled:
                return
            self._end(live)
        words = (
            f"The condition of this breakpoint raised {type(error).__name__}: {message_of(error)}, {hit_words(moment, essence)}. "
            f"It is switched off; mend {sentence_of(live.breakpoint)} and switch it on again."
        )
        self._tell(live, moment, catalyst, essence, run, words, held=False, off=True)

    def _end(self, live: Live) -> None:
        """Have it hit no more. Under the lock."""
        live.switch_off()
        if live.breakpoint.temporary and live in self._lives.get(live.owner, ()):
            self._lives[live.owner].remove(live)
        self._settle()

    def _tell(
        self,
        live: Live,
        moment: Moment,
        catalyst: ttCatalyst | None,
        essence: ttEssence | None,
        run: int,
        words: str,
        *,
        held: bool,
        off: bool,
    ) -> None:
        hit = BreakpointHit(
            clock.now_ns(), live.breakpoint.id, live.owner, -1 if catalyst is None else catalyst._tt_id,  # type: ignore[arg-type]
            -1 if essence is None else essence._tt_id, moment.sparkle, run, moment.before, live.hits, held, off, words,  # type: ignore[arg-type]
        )  # fmt: skip
        if stream.active:
            stream.emit(hit)
            if catalyst is not None:  # else a store's lock is held, and readers may be slow
                stream.hand_over()
        for told in self._told:
            told(hit)

    # -- who is guarded ---------------------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Have every catalyst guarded by what is set now. Under the lock."""
        self._plan = Plan(live for lives in self._lives.values() for live in lives)
        ttCatalyst.make_guard = None if self._plan.is_empty else self._guard_for
        tell_also(self if self._plan.wants_stores else None)
        with levels.lock:
            for catalyst in levels.everyone():
                catalyst.be_guarded()

    def _guard_for(self, catalyst: ttCatalyst) -> Guard:
        return Guard(self, catalyst, self._plan, catalyst.guard)

    def _forget_in_child(self) -> None:
        """In a forked child: nobody is there who could let go what a breakpoint holds."""
        self._lock = threading.RLock()
        self._lives.clear()
        self._told = ()
        self._plan = Plan(())
        ttCatalyst.make_guard = None
        tell_also(None)


def _guard_here() -> Guard | None:
    """That of the catalyst that turns on this thread."""
    guard: Guard | None = getattr(turning.get(threading.get_ident()), "guard", None)
    return guard


breaker: Final = Breaker()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=breaker._forget_in_child)
