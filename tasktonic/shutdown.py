"""How an app ends: ordinary tonics, then services from the youngest to the oldest, then catalysts, the main one last.

Everything here is decided in the main catalyst's thread, one step at a time; each ending makes the main catalyst look
again whether the next step may be taken.
"""

from __future__ import annotations

import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any

from . import clock
from .endings import ASKED, ENDED, drive_ending

if TYPE_CHECKING:
    from .catalyst import ttCatalyst
    from .ledger import ttLedger
    from .tonic import ttTonic


def after_leaving(catalyst: ttCatalyst, tonic: ttTonic) -> None:
    """A tonic has left a catalyst: see whether that ends the catalyst, or the app. Any thread."""
    ledger = catalyst.ledger
    if not ledger.turning:
        return
    if ledger.ending_since_ns:
        proceed_soon(ledger)
    elif tonic._tt_counts and (ledger.ordinary == 0 or (catalyst.is_main and catalyst.ordinary == 0)):
        end_app(ledger)
    elif catalyst.had_ordinary and catalyst.living == 0 and not catalyst.is_main:
        catalyst.finish()
    catalyst._tt_end_if_empty()


def end_app(ledger: ttLedger) -> None:
    """Begin to end the app. Any thread; harmless when it is ending already."""
    with ledger.lock:
        if ledger.ending_since_ns:
            return
        ledger.ending_since_ns = clock.now_ns()
    main = ledger.main_catalyst
    if main is None:
        return
    ledger.formula.set("tasktonic/project/status", "finishing")
    main.at_boundary(lambda: _set_deadline(main))
    for catalyst in ledger.catalysts:
        catalyst.release()  # by the brake, else it could not end
        _order(catalyst, "_ttss__main_catalyst_finished")
        catalyst.turns_for_the_end()
    proceed_soon(ledger)


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


def _set_deadline(main: ttCatalyst) -> None:
    main.timers.add(_deadline_ns(main.ledger), _Deadline(main.ledger))
    main.timers_changed()


def _deadline_ns(ledger: ttLedger) -> int:
    return ledger.ending_since_ns + round(1e9 * float(ledger.formula.get("tasktonic/shutdown/timeout", 5.0)))


class _Deadline:
    """Among the main catalyst's timers: when it fires, the app ends without those that do not end."""

    def __init__(self, ledger: ttLedger) -> None:
        self._ledger = ledger

    def fire(self, now: int) -> None:
        ledger = self._ledger
        main: Any = ledger.main_catalyst
        timeout = ledger.formula.get("tasktonic/shutdown/timeout", 5.0)
        stuck = [catalyst for catalyst in ledger.catalysts if catalyst is not main and not catalyst.has_ended]
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
