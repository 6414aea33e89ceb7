"""One run of a distiller: turn, look, stop."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Final

from .. import clock
from ..errors import ttDistillerError
from ..events import HOOK
from ..ledger import ttLedger
from ..stream import stream
from ..trace.trace import Trace
from .calls import Call
from .contract import Contract
from .hand import Hand
from .rows import NO_PROBES, RowMaker

MOST_TURNS: Final = 100_000
"""After so many turns that lead nowhere a run is taken for endless; the setting ``tasktonic/testing/most_turns``."""

PATIENCE_S: Final = 5.0
"""How long a run without a timeout waits for the outside world; the setting ``tasktonic/testing/patience``."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """When a run is to stop."""

    sparkle_count: int | None
    timeout_s: float | None
    states: tuple[str, ...]
    sparkles: tuple[str, ...]
    contract: Contract
    name: str = "sparkle"
    """The method that was called."""
    asked: dict[str, Any] = field(default_factory=dict)
    """The arguments it was given, without the contract."""


class Run:
    """What ``ttDistiller.sparkle`` does, once. Made by it, in the thread that turns.

    A turn lets one catalyst run one order with everything that belongs to it. After each the stream is read to the end, and
    what came is judged.
    """

    def __init__(self, hand: Hand, ledger: ttLedger, wishes: Wishes) -> None:
        self._hand = hand
        self._ledger = ledger
        self._wishes = wishes
        self.began_ns = clock.now_ns()
        self._call = Call(wishes.name, wishes.asked, wishes.contract, stream.count, self.began_ns)
        note_probes = self._call.note_probes if wishes.contract.wants_probes else None
        self.maker = RowMaker(hand.reading, hand.seconds, lambda: hand.is_open and not hand.has_ended, note_probes)
        timeout_s = wishes.timeout_s
        self._until_ns = None if timeout_s is None else self.began_ns + round(timeout_s * 1e9)
        self._count = 0
        self._triggers: dict[str, None] = {}
        """What was met of the states and sparkles asked for, in order."""
        self._turns = 0
        self._most_turns = int(ledger.formula.get("tasktonic/testing/most_turns", MOST_TURNS))
        self._turns_since_ns = self.began_ns
        self._waited_since_s: float | None = None
        self.endless: ttDistillerError | None = None

    def go(self) -> list[str]:
        """Turn until there is a reason to stop, and give the reasons."""
        hand = self._hand
        contract = self._wishes.contract
        hand.begins_to_turn()
        hand.reading.probes_of = contract.probes_of if contract.wants_probes else NO_PROBES
        try:
            self._read()
            reasons = ["sparkle_count"] if self._wishes.sparkle_count == 0 else []
            while not reasons:
                reasons = self._go_on()
            return reasons
        finally:
            hand.reading.probes_of = NO_PROBES
            hand.rests()

    def _go_on(self) -> list[str]:
        hand = self._hand
        if hand.is_steered:
            if held := self._take_hold():
                return held
            if hand.stop_asked:
                return ["by hand"]
        if hand.errors:
            return ["error"]
        if hand.goes_by_real_time() and self._until_ns is not None and clock.now_ns() >= self._until_ns:
            return ["timeout"]
        catalyst = hand.next_catalyst()
        if catalyst is None:
            return self._let_time_pass()
        self._waited_since_s = None
        before = self._count
        hand.turn(catalyst)
        self._read()
        if self._is_endless(before):
            return ["error"]
        # A hold belongs to the run that made it: the next one would have nothing to run and only take it.
        return self._judge() + (self._take_hold() if hand.is_steered else [])

    def _take_hold(self) -> list[str]:
        """Do what was asked for between two turns; whether somebody held the app, which then runs on with the next run."""
        hand = self._hand
        hand.let_look()
        if not hand.is_held:
            return []
        hand.lets_go()
        return ["breakpoint"]

    def trace(self, reasons: list[str]) -> Trace:
        """What ran."""
        hand = self._hand
        status = "catalyst finished" if hand.has_ended else "running"
        details = self._wishes.contract.details(self.find)
        call = self._call
        call.status, call.stopped_by, call.details = status, reasons, details
        call.until, call.end_ns = stream.count, hand.now_ns()
        hand.calls.add(call)
        return Trace(
            {
                "status": status,
                "start@": hand.seconds(self.began_ns),
                "end@": hand.seconds(hand.now_ns()),
                "stop_condition": reasons,
                "sparkle_trace": self.maker.rows,
                "hooks": self.maker.loose_hooks,
                "contract_details": details,
            },
            hand.recording.save,
        )

    # -- after a turn -------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        stream.settle()
        for run in self._hand.reading.take():
            entry = self.maker.take(run)
            if entry is not None:
                self._hear(entry)
            (tonic, *_), _begin, _end, _before, after, flags, _number = run
            if not flags & HOOK:
                self._see(tonic._tt_class.state_name(after))
                self._count += entry is not None

    def _hear(self, entry: dict[str, Any]) -> None:
        sparkle, handler = entry["sparkle"], entry["handler"]
        self._wishes.contract.heard(entry["tonic"], sparkle, handler)
        for name in self._wishes.sparkles:
            if name in (sparkle, handler):
                self._triggers[f"sparkle_trigger: [{name}]"] = None

    def _see(self, state: str) -> None:
        if state in self._wishes.states:
            self._triggers[f"state_trigger: [{state}]"] = None

    def _judge(self) -> list[str]:
        wishes = self._wishes
        reasons = []
        if wishes.sparkle_count is not None and self._count >= wishes.sparkle_count:
            reasons.append("sparkle_count")
        reasons += self._triggers
        if wishes.contract.is_met(self.find):
            reasons.append("contract_met")
        if self._hand.has_ended:
            reasons.append("catalyst finished")
        if self._hand.errors:
            reasons.append("error")
        return reasons

    def find(self, name: str) -> Any:
        """The living tonic of a name."""
        essence = self._ledger.get_essence_by_name(name)
        return essence if hasattr(essence, "get_current_state_name") else None

    def _is_endless(self, count_before: int) -> bool:
        """Whether it will never stop by itself: nothing limits how many sparkles run, and time stands still or is no limit."""
        if self._wishes.sparkle_count is not None and self._count > count_before:
            return False
        now_ns = clock.now_ns()
        if self._until_ns is not None and now_ns != self._turns_since_ns:
            self._turns, self._turns_since_ns = 0, now_ns
        self._turns += 1
        if self._turns <= self._most_turns or self._hand.has_ended:
            return False
        self.endless = ttDistillerError(self._say_what_is_endless(now_ns))
        return True

    def _say_what_is_endless(self, now_ns: int) -> str:
        at_work = ", ".join(dict.fromkeys(f"{row['tonic']}.{row['sparkle']}" for row in self.maker.rows[-20:]))
        stands = self._turns_since_ns == now_ns
        return (
            f"{self._turns:,} turns {'at one moment' if stands else 'in one run'} ({self._hand.seconds(now_ns):g} s) and no end in "
            f"sight; at work: {at_work or 'no sparkle'}. "
            + (
                "They call each other without end while the clock stands. Mend that, or stop the run with sparkle_count=…"
                if stands
                else "Give the run a sparkle_count, a timeout or a condition that is met."
            )
            + " If so many are right, raise the setting tasktonic/testing/most_turns."
        )

    # -- with nothing to turn -------------------------------------------------------------------------------------------

    def _let_time_pass(self) -> list[str]:
        hand, until_ns = self._hand, self._until_ns
        due_ns = hand.next_due_ns()
        if hand.is_held:
            hand.wait(1.0)
            return []
        if hand.goes_by_real_time():
            return self._wait(due_ns)
        if self._ledger.ending_since_ns and hand.has_outside_world and self._has_patience("tasktonic/shutdown/timeout"):
            hand.wait(1.0)  # no jump to the moment when the end is given up, while a thread only needs a moment to end
            return []
        if due_ns is None:
            return ["idle"]
        if until_ns is not None and due_ns > until_ns:
            hand.jump(until_ns)
            return ["timeout"]
        hand.jump(due_ns)
        return []

    def _wait(self, due_ns: int | None) -> list[str]:
        hand, until_ns = self._hand, self._until_ns
        if due_ns is None and until_ns is None:
            if not hand.has_outside_world:
                return ["idle"]
            if not self._has_patience("tasktonic/testing/patience"):
                return ["idle"]
            hand.wait(1.0)
        else:
            next_ns = min(ns for ns in (due_ns, until_ns) if ns is not None)
            hand.wait((next_ns - clock.now_ns()) / 1e9)
        self._read()  # what catalysts in threads of their own ran
        return self._judge()

    def _has_patience(self, setting: str) -> bool:
        """Whether it has waited, in real time and since something last ran, less than a setting says."""
        now_s = time.monotonic()
        if self._waited_since_s is None:
            self._waited_since_s = now_s
        return now_s - self._waited_since_s < float(self._ledger.formula.get(setting, PATIENCE_S))
