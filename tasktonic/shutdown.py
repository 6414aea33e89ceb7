"""How an app ends: ordinary tonics, then services from the youngest to the oldest, then catalysts, the main one last.

Everything here is decided in the main catalyst's thread, one step at a time; each ending makes the main catalyst look
again whether the next step may be taken.
"""

from __future__ import annotations

import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any, Final

from . import clock
from .endings import ASKED, ENDED, STOPPING, drive_ending
from .tonic import ttTonic

if TYPE_CHECKING:
    from .catalyst import ttCatalyst
    from .ledger import ttLedger

LOOKS_IN_TIME: Final = 5
"""How often a watch looks within ``tasktonic/shutdown/timeout``."""
SHORTEST_LOOK_NS: Final = 10_000_000
REST: Final = 20
"""After a look this many times as long as it took nobody looks again: thousands of endings do not cost a look each."""


def after_leaving(catalyst: ttCatalyst, tonic: ttTonic) -> None:
    """A tonic has left a catalyst: see whether that ends the catalyst, or the app. Any thread."""
    ledger = catalyst.ledger
    if not ledger.turning:
        return
    if ledger.ending_since_ns:
        proceed_soon(ledger)
    elif tonic._tt_counts and _was_the_last(catalyst):
        end_app(ledger)
    elif catalyst.had_ordinary and catalyst.living == 0 and not catalyst.is_main:
        catalyst.finish()
    elif tonic._tt_counts and ledger.waits_elsewhere:
        watch(ledger)
    catalyst._tt_end_if_empty()


def _was_the_last(catalyst: ttCatalyst) -> bool:
    """Whether the ordinary tonics of the app, or those of its main catalyst, have all gone, and not only failed to be made."""
    ledger = catalyst.ledger
    return (ledger.had_ordinary and ledger.ordinary == 0) or (
        catalyst.is_main and catalyst.had_ordinary and catalyst.ordinary == 0
    )


def end_app(ledger: ttLedger, since_ns: int = 0) -> None:
    """Begin to end the app. Any thread; harmless when it is ending already.

    Args:
        ledger: that of the app.
        since_ns: since when it has in fact been ending; left out it is now. The time for its end begins there.
    """
    with ledger.lock:
        if ledger.ending_since_ns:
            return
        ledger.ending_since_ns = since_ns or clock.now_ns()
    main = ledger.main_catalyst
    if main is None:
        return
    ledger.formula.set("tasktonic/project/status", "finishing")
    main.at_boundary(lambda: _set_deadline(main))
    for catalyst in ledger.catalysts:
        catalyst.release()  # by the brake, else it could not end
        _order(catalyst, "_ttss__main_catalyst_finished")
        catalyst.turns_for_the_end()
        catalyst.driver.wake()  # also one that is not asleep: a sparkle may turn a loop inside itself, as a modal dialog does
    proceed_soon(ledger)


def finish_tonics(catalyst: ttCatalyst, *, ordinary_only: bool) -> None:
    """End the tonics that a catalyst runs, the youngest first, each with all below it. In the catalyst's thread."""

    def runs(essence: Any) -> bool:
        return isinstance(essence, ttTonic) and essence.catalyst is catalyst

    for essence in reversed(catalyst.ledger.essences):
        if not runs(essence) or essence is catalyst or (ordinary_only and not essence._tt_counts):
            continue
        above = essence._tt_context
        if above is None or not runs(above) or above is catalyst:
            drive_ending(essence)


def proceed_soon(ledger: ttLedger) -> None:
    """Have the main catalyst look whether the next step may be taken. Any thread."""
    main = ledger.main_catalyst
    if ledger.ending_since_ns and main is not None and not main.has_ended:
        _order(main, "_ttss__app_end")


def proceed(ledger: ttLedger) -> None:
    """Take the next step if what it waits for has happened. In the main catalyst's thread."""
    main: Any = ledger.main_catalyst
    if not ledger.ending_since_ns or ledger.ordinary > 0:
        return
    for service in ledger.services.newest_first():
        if service._tt_stage < ASKED:
            service.finish()
        if service._tt_stage < ENDED:
            return  # it ends on its catalyst, and makes us look again; a plain essence has ended by now
    others = [catalyst for catalyst in ledger.catalysts if catalyst is not main]
    if others:
        for catalyst in others:
            catalyst.finish()
        return
    for essence in reversed(ledger.essences):
        # What is left has no catalyst of its own and stands alone: a plain essence, a timer.
        if essence is not main and essence._tt_context is None:
            drive_ending(essence)
    if main._tt_stage < ASKED and main._tt_ask_to_finish():
        _order(main, "_ttss__finish")


def _order(catalyst: Any, sparkle: str) -> None:
    slot = catalyst._tt_class.slot_by_name[sparkle]
    catalyst.accept((catalyst, slot, 0, None, None, "outside"), catalyst.is_own_thread())


def _set_timer(main: ttCatalyst, due_ns: int, what: object) -> None:
    main.timers.add(due_ns, what)
    main.timers_changed()


def _set_deadline(main: ttCatalyst) -> None:
    ledger = main.ledger
    _set_timer(main, ledger.ending_since_ns + _timeout_ns(ledger), _Deadline(ledger))


def _timeout_ns(ledger: ttLedger) -> int:
    return round(1e9 * float(ledger.formula.get("tasktonic/shutdown/timeout", 5.0)))


def watch(ledger: ttLedger) -> None:
    """Something is to end on another thread: see that the app does not wait for that alone, and for ever. Any thread."""
    main = ledger.main_catalyst
    # By hand there is one thread, which cannot wait for itself, and a timer would move the clock.
    if ledger.is_watched or ledger.ending_since_ns or not ledger.turning or ledger.hand is not None or main is None:
        return
    ledger.is_watched = True
    main.at_boundary(_Watch(main).look)


class _Watch:
    """Looks, when something ends on another thread, whether the app waits for that alone; then it waits for it no longer.

    That is so when every ordinary tonic that lives is ending, or something above it is: no order of theirs will run any
    more, so all that can keep them is a sparkle that does not return. A tonic that was told to finish and still runs what
    was queued for it is not ending yet, and is never cut off here, unless it waits behind such a sparkle.

    Everything in the main catalyst's thread, as an errand or among its timers.
    """

    def __init__(self, main: ttCatalyst) -> None:
        self._main = main
        self._ledger = main.ledger
        self._since_ns = 0
        self._left = 0

    def look(self) -> None:
        """Look now, or a little later when somebody has looked just now: each look goes through all that lives."""
        now = clock.now_ns()
        if now < self._ledger.next_look_ns:
            _set_timer(self._main, self._ledger.next_look_ns, self)
        else:
            self.fire(now)

    def fire(self, now: int) -> None:
        """Look, and look again when a part of the time has passed if the app waits only for this."""
        ledger = self._ledger
        ledger.is_watched = False  # before looking: what begins to wait from now on sees to it itself
        if ledger.ending_since_ns:
            return
        ledger.waits_elsewhere, only_waits = _endings_of(ledger)
        ledger.next_look_ns = now + REST * (clock.now_ns() - now)
        if not only_waits or ledger.is_watched:
            return
        if not self._since_ns or ledger.ordinary != self._left or any(c.is_held for c in ledger.catalysts):
            self._since_ns, self._left = now, ledger.ordinary  # it gets on, if slowly, or is not meant to
        elif now - self._since_ns >= _timeout_ns(ledger):
            end_app(ledger, self._since_ns)
            return
        ledger.is_watched = True
        _set_timer(self._main, now + max(_timeout_ns(ledger) // LOOKS_IN_TIME, SHORTEST_LOOK_NS), self)


def _endings_of(ledger: ttLedger) -> tuple[bool, bool]:
    """Whether anything is ending, and whether that is all that the ordinary tonics wait for."""
    ending: set[int] = set()
    others: list[Any] = []
    for essence in ledger.essences:  # parents before their children
        above = essence._tt_context
        if essence._tt_stage >= STOPPING or (above is not None and above._tt_id in ending):
            ending.add(essence._tt_id)
        elif essence._tt_counts:
            others.append(essence)
    return bool(ending), bool(ending) and all(
        tonic._tt_stage >= ASKED and getattr(tonic.catalyst.running, "_tt_id", -1) in ending for tonic in others
    )


class _Deadline:
    """Among the main catalyst's timers: when it fires, the app ends without those that do not end."""

    def __init__(self, ledger: ttLedger) -> None:
        self._ledger = ledger

    def fire(self, now: int) -> None:
        ledger = self._ledger
        main: Any = ledger.main_catalyst
        timeout = ledger.formula.get("tasktonic/shutdown/timeout", 5.0)
        alive = [catalyst for catalyst in ledger.catalysts if catalyst is not main and not catalyst.has_ended]
        # Those that are idle only wait for their turn, which comes after that of the busy ones.
        stuck = [catalyst for catalyst in alive if catalyst.running is not None] or alive
        if stuck:
            stacks = "\n".join(_stack(catalyst) for catalyst in stuck)
            ledger.shutdown_problem = (
                f"{', '.join(c.name for c in stuck)} did not end within {timeout} seconds (tasktonic/shutdown/timeout). "
                f"A sparkle there runs too long; what it was doing:\n{stacks}"
            )
        else:
            left = ", ".join(essence.name for essence in ledger.essences if essence is not main)
            ledger.shutdown_problem = (
                f"these did not finish within {timeout} seconds (tasktonic/shutdown/timeout): {left}."
            )
        main.give_up()


def _stack(catalyst: Any) -> str:
    frame = sys._current_frames().get(catalyst.ident or -1)
    name = next((t.name for t in threading.enumerate() if t.ident == catalyst.ident), catalyst.name)
    lines = "".join(traceback.format_stack(frame)) if frame is not None else "  (its thread was never started)\n"
    return f"thread {name} of catalyst {catalyst.name}:\n{lines}"
