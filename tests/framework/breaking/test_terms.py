"""What a breakpoint can be about: senders, states, store paths, exceptions, conditions, time; one tonic or a class."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tasktonic import ttLedger, ttStore, ttTonic
from tasktonic.breaking import breaker
from tasktonic.breaking.plan import Live
from tasktonic.events import BreakpointHit
from tasktonic.rules import Term
from tests.helpers.apps import in_thread
from tests.helpers.breaking_apps import STROKE, Pump, level, point, pump, run_with, settled


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
