"""An app that somebody outside runs by hand: the formula waits, wishes are carried out, and looking changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tasktonic import steered, ttCatalyst, ttFormula, ttLedger, ttStore, ttTimerRepeat, ttTimerSingleShot, ttTonic
from tasktonic.breaking import breaker
from tasktonic.events import ByHand
from tasktonic.rules import Breakpoint, Term
from tasktonic.steered import Report, Step
from tasktonic.stream import Level
from tasktonic.testing import distill
from tasktonic.testing.steering import Steering
from tests.helpers.apps import in_thread, reading

Wish = tuple[str, dict[str, Any]]


class Ball(ttTonic):
    """Goes to and fro between catalysts for a while."""

    def __init__(self, others: list[Ball], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.others = others
        self.met = 0

    def ttse__on_start(self) -> None:
        self.to_state("still")
        self.ttsc__kick(6)

    def ttsc__kick(self, left: int) -> None:
        self.met += 1
        self.to_state("flying")
        if left:
            for other in self.others:
                other.ttsc__kick(left - 1)

    def ttse_still__on_enter(self) -> None: ...

    def ttse_flying__on_enter(self) -> None: ...


class Field(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "off"}

    def creating_starting_tonics(self) -> None:
        first = Ball([], name="first")
        second = Ball([first], name="second", catalyst=ttCatalyst(name="a"))
        first.others.append(Ball([second], name="third", catalyst=ttCatalyst(name="b")))


class Outside:
    """Who steers: has the wishes carried out one after the other, then ends the app."""

    def __init__(self, *wishes: Wish, seed: int = 0, before_each: Callable[[], None] | None = None) -> None:
        self.answers: list[tuple[bool, str]] = []
        self.steps: list[dict[str, Any]] = []
        self.reports: list[Report] = []
        self._wishes = [*wishes, ("finish", {"timeout": 5.0})]
        self._before_each = before_each
        self.steering = steered.steering = Steering(f"seed={seed} clock=auto")
        steered.listeners.append(self.hear)

    def hear(self, what: Report | Step) -> None:
        if isinstance(what, Step):
            self.steps.append(what.done)
            return
        self.reports.append(what)
        if what.status == "ready" and self._wishes:
            if self._before_each is not None:
                self._before_each()
            do, asked = self._wishes.pop(0)
            if do == "leave":
                self._wishes.clear()
                self.steering.leave()
                return
            self.steering.ask(do, asked, lambda ok, text: self.answers.append((ok, text)), "a test")


@pytest.fixture(autouse=True)
def nobody_steers(fresh_ledger: Any) -> Iterator[None]:
    yield
    steered.steering = None
    steered.listeners.clear()


def run(**asked: Any) -> Wish:
    return "sparkle", asked


@pytest.mark.parametrize("seed", [0, 1, 4])
def test_the_same_runs_as_in_a_test_however_often_somebody_looks(seed: int) -> None:
    looks: list[int] = []

    def look() -> None:
        ledger = ttLedger()
        for catalyst in ledger.catalysts:
            catalyst.for_a_look(lambda: looks.append(1))

    outside = Outside(run(sparkle_count=4), run(sparkle_count=3), run(), seed=seed, before_each=look)
    Field()
    steered.steering = None
    distiller = distill(Field, seed=seed)

    parts: list[dict[str, Any]] = [{"sparkle_count": 4}, {"sparkle_count": 3}, {}]
    assert [step["ran"] for step in outside.steps[1:4]] == [
        [f"{row['tonic']}.{row['sparkle']}" for row in distiller.sparkle(**asked).rows()] for asked in parts
    ]
    distiller.finish_distiller()
    assert len(looks) == 3 * 4, "each of three catalysts was looked at before each of four wishes"


def test_what_a_thread_has_made_between_two_steps_is_called() -> None:
    late: list[Ball] = []
    asked: dict[str, Any] = {"sparkle": "ttsc__kick", "arguments": "0"}

    def make() -> None:
        if not late:
            thread = in_thread(lambda: late.append(Ball([], name="late", context=ttLedger().main_catalyst)))
            thread.join()
            asked["essence"] = late[0].id

    outside = Outside(("call", asked), before_each=make)
    Field()

    assert outside.answers[0] == (True, "")
    assert [(step["tonic"], step["sparkle"]) for step in outside.steps if step["do"] == "call"] == [
        ("late", "ttsc__kick")
    ]


def test_what_is_told_to_be_next_is_what_runs_next() -> None:
    outside = Outside(*[run(sparkle_count=1)] * 12)
    Field()

    told = [f"{it.waits[0].tonic}.{it.waits[0].sparkle}" for it in outside.reports if it.status == "ready" and it.waits]
    ran = [step["ran"][0] for step in outside.steps if step["do"] == "sparkle" and step["ran"]]
    assert len(ran) == 12
    assert told[:12] == ran


def test_a_step_tells_what_has_changed() -> None:
    class Tank(ttTonic):
        def ttse__on_start(self) -> None:
            self.store = self.bind(ttStore)
            self.store.set([("level", 3), ("name", "b's"), ("self", self), ("password", "x")])
            self.to_state("filling")
            self.bind(ttTimerSingleShot, seconds=2, name="full")

        def ttse_filling__on_full(self, info: Any) -> None:
            self.store.set("level", 4)
            self.finish()

    class App(ttFormula):
        def creating_formula(self) -> dict[str, Any]:
            return {"tasktonic/log/to": "off"}

        def creating_starting_tonics(self) -> None:
            Tank(name="tank")
            Ball([], name="ball")

    outside = Outside(run(sparkle_count=1), run(till_sparkle_in=["ttse__on_full"]))
    App()

    start, first, second = outside.steps[:3]
    assert (start["do"], start["formula"], start["app"], start["seed"]) == ("start", "App", ttLedger().app_number, 0)
    assert first["states"] == [["tank", "filling"]]
    assert first["stored"] == [["store", "level", "3"], ["store", "name", '"b\'s"']], "only what a literal can say"
    assert second["stored"] == [["store", "level", "4"]]
    assert (second["stopped_by"], second["ended_s"]) == (["sparkle_trigger: [ttse__on_full]"], 2.0)
    assert outside.reports[-1].status == "over"


def test_a_call_is_queued_as_a_test_would_queue_it() -> None:
    outside = Outside(
        run(),
        ("call", {"essence": 1, "sparkle": "ttsc__kick", "arguments": "left=0"}),
        run(),
    )
    Field()

    (call,) = (step for step in outside.steps if step["do"] == "call")
    assert (call["tonic"], call["sparkle"], call["arguments"]) == ("first", "ttsc__kick", "left=0")
    assert outside.steps[3]["ran"] == ["first.ttsc__kick"]


class Gate(ttTonic):
    """Opens for who knows how."""

    def ttsc__unlock(self, password: str, times: int = 1) -> None: ...


class Guarded(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "off"}

    def creating_starting_tonics(self) -> None:
        Gate(name="gate")


def test_a_secret_among_the_arguments_of_a_call_is_not_in_the_record() -> None:
    Outside(run(), ("call", {"essence": 1, "sparkle": "ttsc__unlock", "arguments": "'swordfish', times=2"}))
    with reading(Level.FLOW) as rows:
        Guarded()

    (told,) = (row.text for row in rows.all if isinstance(row, ByHand) and row.what == "call")
    assert told == "gate.ttsc__unlock(password=(hidden), times=2)"


@pytest.mark.parametrize(
    "asked, sentence",
    [
        (("call", {"essence": 99, "sparkle": "ttsc__kick", "arguments": ""}), "No tonic with the id 99 lives"),
        (
            ("call", {"essence": 1, "sparkle": "ttsc__fly", "arguments": ""}),
            "first has no sparkle 'ttsc__fly' that can be called; there are",
        ),
        (
            ("call", {"essence": 1, "sparkle": "ttsc__kick", "arguments": ""}),
            "first.ttsc__kick: the arguments fit no handler.",
        ),
        (("sparkle", {"contract": {"tonic": {}}}), "a contract has no 'tonic'; it can have 'timeout'"),
        (("sparkle", {"timeout": -1.0}), "timeout=-1.0: it must be a number of seconds, 0 or more."),
    ],
)
def test_what_cannot_be_done_is_answered_with_a_sentence(asked: Wish, sentence: str) -> None:
    outside = Outside(asked)
    Field()

    ok, said = outside.answers[0]
    assert not ok
    assert said.startswith(sentence)
    assert any(report.problem == said for report in outside.reports)


def test_without_an_app_there_is_nothing_to_run() -> None:
    answers: list[tuple[bool, str]] = []
    Steering("").ask("sparkle", {}, lambda ok, text: answers.append((ok, text)))

    assert answers == [(False, "There is no app that can run: it has ended, or its formula is not through yet.")]


def test_the_app_ends_in_order_when_nobody_is_there_any_more(capsys: pytest.CaptureFixture[str]) -> None:
    outside = Outside(run(sparkle_count=1), ("leave", {}))
    Field()

    assert outside.steps[-1]["status"] == "catalyst finished"
    assert "whoever ran this app by hand has gone, so it ends." in capsys.readouterr().err


def test_a_run_is_stopped_by_hand_and_goes_on_later() -> None:
    class Pulse(ttTonic):
        def ttse__on_start(self) -> None:
            self.beats = 0
            self.bind(ttTimerRepeat, seconds=1, name="beat")

        def ttse__on_beat(self, info: Any) -> None:
            self.beats += 1
            if self.beats == 5:
                assert steered.steering is not None
                assert steered.steering.stop()

    class App(ttFormula):
        def creating_formula(self) -> dict[str, Any]:
            return {"tasktonic/log/to": "off"}

        def creating_starting_tonics(self) -> None:
            Pulse(name="pulse")

    outside = Outside(run(), run(sparkle_count=2))
    App()

    assert (outside.steps[1]["stopped_by"], outside.steps[1]["count"]) == (["by hand"], 6)
    assert (outside.steps[2]["stopped_by"], outside.steps[2]["ended_s"]) == (["sparkle_count"], 7.0)
    assert not outside.steering.stop(), "nothing runs now"


def test_a_run_can_be_stopped_as_soon_as_it_is_told_of() -> None:
    stopped: list[bool] = []

    def stop(what: Report | Step) -> None:
        if isinstance(what, Report) and what.status == "running" and not stopped:
            assert steered.steering is not None
            stopped.append(steered.steering.stop())

    outside = Outside(run())
    steered.listeners.append(stop)
    Field()

    assert stopped == [True]
    assert (outside.steps[1]["stopped_by"], outside.steps[1]["count"]) == (["by hand"], 0)


def test_the_formula_raises_what_it_raises_without_a_distiller() -> None:
    class Bad(ttTonic):
        def ttse__on_start(self) -> None:
            raise ZeroDivisionError("by hand")

    class App(ttFormula):
        def creating_formula(self) -> dict[str, Any]:
            return {"tasktonic/log/to": "off", "tasktonic/error/policy": "stop"}

        def creating_starting_tonics(self) -> None:
            Bad(name="bad")

    outside = Outside(run(), run())
    with pytest.raises(ZeroDivisionError, match="by hand"):
        App()

    assert outside.steps[1]["error"] == "ZeroDivisionError"
    assert not ttLedger().running


def test_a_seed_of_the_formula_s_own_stays() -> None:
    class App(Field):
        def creating_formula(self) -> dict[str, Any]:
            return {**super().creating_formula(), "tasktonic/testing/distiller/seed": 11}

    outside = Outside(run(), seed=3)
    App()

    assert outside.steps[0]["seed"] == outside.reports[0].seed == 11


@pytest.mark.parametrize("seed", [0, 4])
def test_a_breakpoint_ends_the_run_and_the_next_one_goes_on_as_if_there_had_been_none(seed: int) -> None:
    breaker.put("test", [Breakpoint(1, (Term("sparkle", "ttsc__kick", tonic="third"),))])
    try:
        outside = Outside(*[run()] * 9, seed=seed)
        Field()
    finally:
        breaker.clear("test")
    steered.steering = None
    distiller = distill(Field, seed=seed)

    stops = [step["stopped_by"] for step in outside.steps if step["do"] == "sparkle"]
    assert stops[:2] == [["breakpoint"], ["breakpoint"]]
    assert stops[-1] == ["idle"]
    ran = [name for step in outside.steps if step["do"] == "sparkle" for name in step["ran"]]
    assert ran == [f"{row['tonic']}.{row['sparkle']}" for row in distiller.sparkle().rows()]
    distiller.finish_distiller()


@pytest.mark.parametrize("seed", [0, 4])
def test_a_breakpoint_after_the_last_sparkle_of_a_run_leaves_nothing_for_the_next_run(seed: int) -> None:
    breaker.put("test", [Breakpoint(1, (Term("state", "flying", tonic="first", way="entered"),))])
    try:
        outside = Outside(*[run(sparkle_count=1)] * 40, seed=seed)
        Field()
    finally:
        breaker.clear("test")

    steps = [step for step in outside.steps if step["do"] == "sparkle"]
    hits = [step for step in steps if "breakpoint" in step["stopped_by"]]
    assert [step["stopped_by"] for step in hits] == [["sparkle_count", "breakpoint"]]
    assert hits[0]["ran"] == ["first.ttsc__kick"]
    assert {step["count"] for step in steps if step["stopped_by"] != ["idle"]} == {1}
