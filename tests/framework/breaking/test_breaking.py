"""Real apps on threads that are held at breakpoints by another thread's hand."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tasktonic import brake, ttCatalyst, ttLedger, ttStore, ttTonic
from tasktonic.breaking import breaker
from tasktonic.breaking.plan import Live
from tasktonic.events import BreakpointHit, CatalystHeld
from tasktonic.rules import Term, ttBreakpointError
from tasktonic.stream import Level
from tests.helpers.apps import in_thread, reading, run_app, wait_for
from tests.helpers.breaking_apps import Hand, Pump, point, run_with, settled

STROKE = Term("sparkle", "ttsc__stroke")


def pump() -> Any:
    return next(essence for essence in ttLedger().essences if isinstance(essence, Pump))


def level(hit: BreakpointHit) -> int:
    return int(pump().level)


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


def test_an_order_from_a_sender_is_held() -> None:
    class Boss(ttTonic):
        def ttse__on_start(self) -> None:
            self.pump = Pump(context=-1)
            self.pump.ttsc__stroke(10)
            self.finish()

    hand = run_with([point(Term("sender", "ttse__on_start", cls="Boss"))], lambda: Boss(name="boss"))

    assert [hit.sparkle for hit in hand.hits] == ["ttse__on_start", "ttsc__stroke"]
    assert "from boss.ttse__on_start" in hand.hits[1].words


def test_an_order_from_a_foreign_thread_is_held() -> None:
    class Waiting(Pump):
        strokes = 0

        def ttse__on_start(self) -> None:
            self.helper = in_thread(lambda: self.ttsc__stroke(5), name="reader")
            self.helper.join()
            super().ttse__on_start()

    hand = run_with([point(Term("sender", "thread read*"))], Waiting)

    assert [hit.sparkle for hit in hand.hits] == ["ttsc__stroke"]


def test_a_state_entered_is_held_after_the_run_that_did_it() -> None:
    def look(hit: BreakpointHit) -> tuple[str, int]:
        return pump().get_current_state_name(), pump().level

    hand = run_with([point(Term("state", "full", way="entered"))], lambda: Pump(name="pump"), look)

    assert hand.seen == [("full", 2)]
    assert hand.hits[0].words == "after pump.ttsc__stroke: pump: idle → full (anything enters full)"


def test_a_state_left_is_held() -> None:
    hand = run_with([point(Term("state", "idle", way="left"))], Pump, level)

    assert hand.seen == [2]


def test_a_state_left_by_finishing_is_held() -> None:
    hand = run_with([point(Term("state", "full", way="left"))], lambda: Pump(name="pump"))

    assert ["pump: full → --" in hit.words for hit in hand.hits] == [True]


class Writer(ttTonic):
    """Writes into the store and counts what it did after."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.done = 0

    def ttse__on_start(self) -> None:
        self.store = self.bind(ttStore)
        self.store.set("limits/high", 1)
        self.ttsc__write("limits/low", 2)
        self.ttsc__write("other", 3)
        self.ttsc__write("limits/low", 2)
        self.ttsc__end()

    def ttsc__write(self, path: str, value: int) -> None:
        self.store.set(path, value)
        self.done += 1

    def ttsc__end(self) -> None:
        self.finish()


def test_a_store_path_is_held_after_the_run_that_wrote_it() -> None:
    def done(hit: BreakpointHit) -> int:
        return next(e.done for e in ttLedger().essences if isinstance(e, Writer))

    hand = run_with([point(Term("path", "limits/*"))], Writer, done)

    assert hand.seen == [0, 1]


def test_a_value_that_stays_is_no_hit() -> None:
    hand = run_with([point(Term("path", "limits/low"))], Writer)

    assert len(hand.hits) == 1


def test_a_write_of_a_foreign_thread_holds_all() -> None:
    class Outside(ttTonic):
        def ttse__on_start(self) -> None:
            self.store = self.bind(ttStore)
            in_thread(lambda: self.store.set("limits/high", 1)).join()
            self.ttsc__end()

        def ttsc__end(self) -> None:
            self.finish()

    def held(hit: BreakpointHit) -> list[bool]:
        settled(-1)
        return [catalyst.is_held for catalyst in ttLedger().catalysts]

    hand = run_with([point(Term("path", "**"))], Outside, held)

    assert hand.seen == [[True]]
    assert hand.hits[0].catalyst == -1


class Failing(Pump):
    def ttsc__stroke(self, by: int) -> None:
        super().ttsc__stroke(by)
        if self.level == 2:
            raise FileNotFoundError("no water")


class Careful(Failing):
    def ttse__on_error(self, error: Any) -> None:
        """Takes it."""


@pytest.mark.parametrize(
    "term, of_failing, of_careful",
    [
        (Term("exception"), 1, 1),
        (Term("exception", "OSError"), 1, 1),
        (Term("exception", "File*"), 1, 1),
        (Term("exception", "ValueError"), 0, 0),
        (Term("exception", "", way="taken"), 0, 1),
        (Term("exception", "", way="not taken"), 1, 0),
    ],
)
def test_an_exception_is_held_after_the_run_that_raised_it(
    term: Term, of_failing: int, of_careful: int, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run_with([point(term)], Failing, level).seen == [2] * of_failing
    assert run_with([point(term)], Careful, level).seen == [2] * of_careful


def test_a_condition_is_hit_when_it_becomes_true() -> None:
    hand = run_with([point(Term("condition", "self.level >= 2", cls="Pump"))], Pump, level)

    assert hand.seen == [2]


def test_a_condition_that_held_for_many_forgets_those_that_have_finished() -> None:
    rule = point(Term("condition", "self.level >= 0"))
    live = Live("test", rule, rule)
    alive = set(range(900, 1000))

    was_met = [live.held_before(tonic, True, alive.__contains__) for tonic in range(2_000)]
    assert not any(was_met)
    assert len(live.true_of) <= 256
    assert all(live.held_before(tonic, True, alive.__contains__) for tonic in alive)


def test_a_condition_knows_self_also_in_what_it_nests() -> None:
    rule = point(STROKE, Term("condition", "any(self.level >= 1 for _ in (0,)) and (lambda: self.level)()"))
    hand = run_with([rule], Pump, level)

    assert hand.seen == [1, 2]


def test_a_condition_beside_a_sparkle_is_asked_before_it_runs() -> None:
    hand = run_with([point(STROKE, Term("condition", "self.level >= 1"))], Pump, level)

    assert hand.seen == [1, 2]


def test_a_condition_is_asked_only_of_the_tonics_it_is_about() -> None:
    rule = point(STROKE, Term("condition", "self.level >= 0", tonic="other"))
    news = point(Term("state", "full", way="entered"), Term("condition", "self.level == 2", cls="Other"), number=2)

    assert run_with([rule, news], lambda: Pump(name="pump")).hits == []


def test_a_condition_beside_a_state_is_asked_after_the_run() -> None:
    rule = point(Term("state", "full", way="entered"), Term("condition", "self.level == 2", cls="Pump"))

    assert run_with([rule], Pump, level).seen == [2]


def test_a_faulty_condition_is_said_once_and_switched_off() -> None:
    hand = run_with([point(STROKE, Term("condition", "self.levle > 1"))], lambda: Pump(name="pump"))

    assert [(hit.held, hit.off) for hit in hand.hits] == [(False, True)]
    assert hand.hits[0].words == (
        "The condition of this breakpoint raised AttributeError: 'Pump' object has no attribute 'levle', before "
        "pump.ttsc__stroke, from pump.ttse__on_start. It is switched off; mend *.ttsc__stroke and self.levle > 1 and "
        "switch it on again."
    )
    assert [one.enabled for one in breaker.of("test")] == [False]


def test_a_condition_that_exits_does_not_end_the_app() -> None:
    hand = run_with([point(STROKE, Term("condition", "exit(3)"))], lambda: Pump(name="pump"))

    assert "raised SystemExit" in hand.hits[0].words


def test_a_run_that_takes_long_is_held_after_it() -> None:
    class Slow(Pump):
        def ttsc__stroke(self, by: int) -> None:
            super().ttsc__stroke(by)
            until = threading.Event()
            if self.level == 2:
                until.wait(0.05)

    hand = run_with([point(Term("duration", cls="Slow", longer_than_ns=40_000_000))], Slow, level)

    assert 2 in hand.seen


def test_a_rule_joins_terms_by_and_with_not() -> None:
    rule = point(STROKE, Term("state", "full", way="entered", negated=True), Term("exception", negated=True))

    hand = run_with([rule], Pump, level)

    assert hand.seen == [1, 3]


@pytest.mark.parametrize("tonic", ["pump", "house/pump", "hou*/p?mp"])
def test_one_tonic_is_named_by_its_name_or_path(tonic: str) -> None:
    class Small(Pump):
        strokes = 1

    class Home(ttTonic):
        def ttse__on_start(self) -> None:
            self.left = 2
            self.bind(Small, name="pump")
            self.bind(Small, name="other")

        def binding_finished(self, essence_id: int) -> None:
            self.left -= 1
            if not self.left:
                self.finish()

    hand = run_with([point(Term("sparkle", "ttsc__stroke", tonic=tonic))], lambda: Home(name="house"))

    assert [hit.words.split(",")[0] for hit in hand.hits] == ["before pump.ttsc__stroke"]


def test_a_base_class_means_those_derived_from_it() -> None:
    class Special(Pump):
        pass

    assert len(run_with([point(Term("sparkle", "ttsc__stroke", cls="Pump"))], Special).hits) == 3
    assert run_with([point(Term("sparkle", "ttsc__stroke", cls="Other"))], Special).hits == []


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
