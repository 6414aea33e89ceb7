"""Real apps on threads that are held at breakpoints by another thread's hand: what is held, how often, and what is stepped."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tasktonic import brake, ttCatalyst, ttLedger
from tasktonic.breaking import breaker
from tasktonic.events import BreakpointHit, CatalystHeld
from tasktonic.rules import Term, ttBreakpointError
from tasktonic.stream import Level
from tests.helpers.apps import in_thread, reading, run_app, wait_for
from tests.helpers.breaking_apps import STROKE, Hand, Pump, level, point, pump, run_with, settled


def test_a_sparkle_is_held_before_it_runs() -> None:
    hand = run_with([point(STROKE)], Pump, level)

    assert hand.seen == [0, 1, 2]


def test_a_held_order_is_the_first_of_its_queue() -> None:
    def first(hit: BreakpointHit) -> str:
        order = next(order for order in pump().catalyst.orders if order[0] is pump())
        return str(order[0]._tt_class.sparkles[order[1]].called)

    hand = run_with([point(Term("sparkle", "ttsc__st?p"))], Pump, first)

    assert hand.seen == ["ttsc__stop"]


@pytest.mark.parametrize("level_of_stream", [Level.FACTS, Level.RUNS, Level.FLOW])
def test_every_order_runs_once_whatever_readers_want(level_of_stream: Level) -> None:
    with reading(level_of_stream) as rows:
        hand = run_with([point(STROKE)], lambda: Pump(name="pump"), level)

    assert hand.seen == [0, 1, 2]
    if level_of_stream >= Level.RUNS:
        assert rows.ran("pump").count("ttsc__stroke") == 3


def test_a_hit_is_an_event_before_that_of_the_hold() -> None:
    with reading(Level.FLOW) as rows:
        run_with([point(STROKE, once=True)], lambda: Pump(name="pump"))

    events = [row for row in rows.all if type(row) in (BreakpointHit, CatalystHeld)]
    assert [type(event) for event in events[:2]] == [BreakpointHit, CatalystHeld]
    hit = events[0]
    assert (hit.breakpoint, hit.owner, hit.sparkle, hit.before, hit.hits, hit.held, hit.off) == (
        1, "test", "ttsc__stroke", True, 1, True, True,
    )  # fmt: skip
    assert hit.words == "before pump.ttsc__stroke, from pump.ttse__on_start (*.ttsc__stroke)"
    assert hit.run in {order[7] for order in rows.orders() if order[0].name == "pump"}


def test_the_other_catalysts_are_held_too() -> None:
    def held(hit: BreakpointHit) -> list[bool]:
        settled(-1)
        return [catalyst.is_held for catalyst in ttLedger().catalysts]

    class Ending(Pump):
        def ttsc__stop(self) -> None:
            for catalyst in self.ledger.catalysts:
                catalyst.finish()

    def start_with_side() -> None:
        ttCatalyst(name="side")
        Ending()

    hand = run_with([point(STROKE, once=True)], start_with_side, held)

    assert hand.seen == [[True, True]]


def test_only_this_catalyst_is_held_on_request() -> None:
    class Ending(Pump):
        def ttsc__stop(self) -> None:
            for catalyst in self.ledger.catalysts:
                catalyst.finish()

    def start() -> None:
        ttCatalyst(name="side")
        Ending(name="pump")

    def held(hit: BreakpointHit) -> dict[str, bool]:
        settled(-1)
        return {catalyst.name: catalyst.is_held for catalyst in ttLedger().catalysts}

    hand = run_with([point(STROKE, once=True, only_this=True)], start, held)

    assert hand.seen == [{"main_catalyst": True, "side": False}]


def test_every_nth_is_hit() -> None:
    hand = run_with([point(STROKE, every=2)], Pump, level)

    assert hand.seen == [1]


def test_once_is_hit_once() -> None:
    hand = run_with([point(STROKE, once=True)], Pump, level)

    assert hand.seen == [0]
    assert [one.enabled for one in breaker.of("test")] == [False]


def test_a_temporary_one_is_gone_after_its_hit() -> None:
    hand = run_with([point(STROKE, temporary=True)], Pump, level)

    assert hand.seen == [0]
    assert breaker.of("test") == ()


def test_one_that_only_says_so_holds_nothing() -> None:
    with reading() as rows:
        hand = run_with([point(STROKE, log=True)], Pump)

    assert [hit.held for hit in hand.hits] == [False] * 3
    assert rows.of(CatalystHeld) == []


def test_one_that_is_switched_off_is_not_hit() -> None:
    assert run_with([point(STROKE, enabled=False)], Pump).hits == []


def test_a_step_runs_an_order_at_a_breakpoint_and_counts_it() -> None:
    levels: list[int] = []

    def look(hit: BreakpointHit) -> None:
        if hit.hits == 1:
            for _ in range(2):
                brake.step(hit.catalyst)
                settled(hit.catalyst)
                settled(hit.catalyst)
                levels.append(pump().level)

    hand = run_with([point(STROKE)], Pump, look)

    assert levels[:2] == [1, 2]
    assert [hit.held for hit in hand.hits] == [True, False, True]


def test_several_steps_end_before_a_breakpoint() -> None:
    levels: list[int] = []

    def look(hit: BreakpointHit) -> None:
        if not levels:
            brake.step(hit.catalyst, 10)
            settled(hit.catalyst)
            settled(hit.catalyst)
            levels.append(pump().level)

    run_with(
        [point(Term("sparkle", "ttse__on_start", cls="Pump"), number=1), point(STROKE, every=3, number=2)], Pump, look
    )

    assert levels == [2]


def test_breakpoints_of_two_owners_do_not_know_each_other() -> None:
    breaker.put("other", [point(Term("sparkle", "ttsc__stop"))])

    hand = run_with([point(STROKE, once=True)], Pump)

    assert [(hit.owner, hit.sparkle) for hit in hand.hits] == [("test", "ttsc__stroke"), ("other", "ttsc__stop")]


def test_a_breakpoint_set_while_the_app_runs_is_hit() -> None:
    going = threading.Event()

    class Endless(Pump):
        def ttse__on_start(self) -> None:
            self.ttsc__stroke(1)

        def ttsc__stroke(self, by: int) -> None:
            self.level += by
            going.set()
            if self.level < 0:
                self.finish()
            else:
                self.ttsc__stroke(by)

    def look(hit: BreakpointHit) -> None:
        pump().level = -(10**9)

    with Hand(look) as hand:

        def set_it() -> None:
            wait_for(going)
            breaker.put("test", [point(STROKE, once=True)])

        helper = in_thread(set_it)
        run_app(Endless)
        helper.join()

    assert len(hand.hits) == 1


def test_with_none_set_loops_take_straight_from_the_queue() -> None:
    seen: list[bool] = []

    class Looking(Pump):
        def ttsc__stop(self) -> None:
            catalyst: Any = self.catalyst
            seen.append(catalyst.guard is None and catalyst.take == catalyst.orders.popleft)
            super().ttsc__stop()

    run_with([], Looking)
    breaker.put("test", [point(STROKE)])
    breaker.clear("test")
    run_app(Looking)

    assert seen == [True, True]


def test_one_that_cannot_be_changes_nothing() -> None:
    breaker.put("test", [point(STROKE)])

    with pytest.raises(ttBreakpointError, match=r"Breakpoint 2 is to be hit every 0 times; 1 and more can be\."):
        breaker.put("test", [point(STROKE, every=0, number=2)])

    assert [one.id for one in breaker.of("test")] == [1]


def test_one_that_stays_as_it_was_keeps_its_count() -> None:
    def look(hit: BreakpointHit) -> None:
        breaker.put("test", [point(STROKE), point(Term("sparkle", "ttsc__stop"), number=2)])

    hand = run_with([point(STROKE)], Pump, look)

    assert [hit.hits for hit in hand.hits] == [1, 2, 3, 1]


def test_one_that_a_hit_has_switched_off_stays_off_when_it_is_set_again_as_it_was() -> None:
    def look(hit: BreakpointHit) -> None:
        breaker.put("test", [point(STROKE, once=True)])

    hand = run_with([point(STROKE, once=True)], Pump, look)

    assert [hit.hits for hit in hand.hits] == [1]


def test_an_order_that_will_be_dropped_is_not_held() -> None:
    class Leaving(Pump):
        def ttse__on_start(self) -> None:
            self.finish()
            self.ttsc__stroke(1)

    assert run_with([point(STROKE)], Leaving).hits == []


def test_one_more_is_added_and_one_with_its_number_replaced() -> None:
    breaker.put("test", [point(STROKE)])
    breaker.add("test", point(Term("sparkle", "ttsc__stop"), number=2))
    breaker.add("test", point(STROKE, once=True))

    hand = run_app_with_hand(Pump)

    assert [hit.breakpoint for hit in hand.hits] == [1, 2]


def run_app_with_hand(start: Any) -> Hand:
    with Hand() as hand:
        run_app(start)
    return hand


def test_who_lets_all_go_when_hearing_of_a_hit_finds_nothing_held_afterwards() -> None:
    """It is told of before anything is held, and the answer may come at once."""
    held: list[list[bool]] = []
    undo = breaker.on_hit(lambda hit: brake.release())

    class Ending(Pump):
        def ttsc__stop(self) -> None:
            in_thread(self.look)

        def look(self) -> None:
            settled(-1)
            held.append([catalyst.is_held for catalyst in self.ledger.catalysts] + [ttCatalyst.begins_held])
            for catalyst in self.ledger.catalysts:
                catalyst.finish()

    def start() -> None:
        ttCatalyst(name="side")
        Ending()

    breaker.put("test", [point(STROKE)])
    run_app(start)
    undo()

    assert held == [[False, False, False]]


def test_letting_go_that_was_asked_for_before_a_hit_does_not_undo_it() -> None:
    class Releasing(Pump):
        def ttsc__stroke(self, by: int) -> None:
            super().ttsc__stroke(by)
            if self.level == 2:
                brake.release()  # carried out between two sparkles, and the hit comes first

    def held(hit: BreakpointHit) -> tuple[int, bool]:
        return pump().level, pump().catalyst.is_held

    hand = run_with([point(Term("state", "full", way="entered"))], Releasing, held)

    assert hand.seen == [(2, True)]
