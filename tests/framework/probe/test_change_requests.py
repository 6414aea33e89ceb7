"""Changing an app from a studio: values, attributes, states, calls, evaluation, on real apps of two catalysts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tasktonic import events as ev
from tasktonic.protocol.messages import (
    Answer,
    AskSparkles,
    Attributes,
    Call,
    ChangeState,
    Evaluate,
    Evaluated,
    Finish,
    Hold,
    Inspect,
    SetAttribute,
    Sparkles,
    StoreSet,
)
from tests.framework.probe.agents import Run
from tests.helpers.studio_end import StudioEnd

pytestmark = [pytest.mark.end_to_end, pytest.mark.skipif(sys.platform == "win32", reason="apps are found as on POSIX")]

PLANT = """
import sys, threading
from tasktonic import ttCatalyst, ttFormula, ttStore, ttTonic

LIMIT = 40
gate = threading.Event()

def say(*words):
    # In one piece: two threads say things.
    sys.stdout.write(" ".join(map(str, words)) + "\\n")
    sys.stdout.flush()

class Stuck(Exception):
    def __str__(self):
        return self.args[0] if self.args else 1 / 0

class Pump(ttTonic):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.speed = 1
        self.password = "hunter2"
        self.__dict__["lid"] = "shut"
        self.parts = [1, {"colour": "red"}]
        self.store = self.bind(ttStore)

    def ttse__on_start(self):
        self.to_state("off")
        self.store.set("pump/limit", 5)
        self.store.subscribe("pump/limit", self.ttse__on_limit)
        say("ready", self.name)

    def ttse__on_limit(self, changes):
        say("limit", self.name, changes[0][1])

    def ttsc__run(self, speed, reason="none"):
        "Turn at a speed."
        self.speed = speed
        say("runs", self.name, speed, reason, threading.current_thread() is threading.main_thread())

    def ttse_on__on_enter(self):
        say("on", self.name)

    def ttse_off__on_enter(self):
        pass

    def ttsc_on__stroke(self):
        pass

    def ttsc__unlock(self, password):
        say("unlocks", self.name)

    @property
    def lid(self):
        return self.__dict__["lid"]

    @lid.setter
    def lid(self, how):
        raise Stuck() if how == "stuck" else Stuck("x" * 8_000_000) if how == "loud" else SystemExit(3)

    def ttsc__block(self):
        say("blocks")
        gate.wait(30)

    def unblock(self):
        gate.set()

    def ttse__on_finished(self):
        say("finished", self.name)

class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off"}

    def creating_starting_tonics(self):
        Pump(name="near")
        Pump(name="far", catalyst=ttCatalyst(name="second"))

App()
"""


class Plant:
    """The running app with a studio's end."""

    def __init__(self, process: subprocess.Popen[str], end: StudioEnd) -> None:
        self.process, self.end = process, end
        self._number = 0
        assert process.stdout is not None
        self.lines = process.stdout
        for _ in range(2):
            self.printed("ready")
        self.store = end.event(ev.StoreChanged, lambda fact: fact.path == "pump/limit").store

    def id(self, name: str) -> int:
        return self.end.event(ev.Born, lambda born: born.name == name).essence

    def printed(self, begin: str) -> str:
        """The next line that begins like this."""
        for line in self.lines:
            if line.startswith(begin):
                return line.strip()
        raise AssertionError(f"the app ended without printing {begin!r}")

    def ask(self, kind: type[Any], *fields: Any, answer: type[Any] = Answer, **named: Any) -> Any:
        self._number += 1
        self.end.say(kind(self._number, *fields, **named))
        return self.end.answer(answer, self._number)

    def row(self, pump: str, name: str) -> Any:
        rows = self.ask(Inspect, self.id(pump), answer=Attributes).rows
        return next(row for row in rows if row.name == name)

    def hold(self) -> None:
        assert self.ask(Hold).ok
        self.end.until(lambda: len([it for it in self.end.seen(ev.CatalystHeld) if it.held]) == 2, "both held")


@pytest.fixture
def plant(run_app: Run) -> Iterator[Plant]:
    process = run_app(PLANT)
    with StudioEnd.of_running(process.pid) as end:
        yield Plant(process, end)


# ---- the store


def test_a_value_is_set_from_a_literal(plant: Plant) -> None:
    answer = plant.ask(StoreSet, plant.store, "pump/limit", literal="(1, 2)")

    assert answer.ok
    assert plant.printed("limit") in ("limit near (1, 2)", "limit far (1, 2)")


def test_a_value_that_is_what_the_studio_saw_is_set(plant: Plant) -> None:
    answer = plant.ask(
        StoreSet, plant.store, "pump/limit", literal="6", expects=True, expected="5", expected_type="int"
    )

    assert answer == Answer(answer.request, True)


def test_a_value_that_changed_meanwhile_is_not_overwritten(plant: Plant) -> None:
    plant.ask(StoreSet, plant.store, "pump/limit", literal="8")

    answer = plant.ask(
        StoreSet, plant.store, "pump/limit", literal="6", expects=True, expected="5", expected_type="int"
    )

    assert answer.text == (
        "pump/limit has changed meanwhile: it was 5 (int), now it is 8 (int). Nothing was set; look again and decide anew."
    )
    plant.ask(StoreSet, plant.store, "pump/limit", literal="9")
    plant.end.event(ev.ByHand, lambda deed: deed.text == "pump/limit = 9")
    assert [deed.text for deed in plant.end.seen(ev.ByHand)] == ["pump/limit = 8", "pump/limit = 9"]


def test_a_value_that_came_meanwhile_is_not_overwritten(plant: Plant) -> None:
    answer = plant.ask(StoreSet, plant.store, "pump/limit", literal="6", expects=True)

    assert "it was not there, now it is 5 (int)" in answer.text


def test_a_value_that_is_so_already_is_said_to_be(plant: Plant) -> None:
    answer = plant.ask(StoreSet, plant.store, "pump/limit", literal="5")

    assert answer == Answer(answer.request, True, "pump/limit is 5 already: nothing has changed.")


def test_text_that_is_no_literal_sets_nothing(plant: Plant) -> None:
    answer = plant.ask(StoreSet, plant.store, "pump/limit", literal="fast")

    assert not answer.ok
    assert answer.text.startswith("'fast' is no Python literal. Did you mean 'fast' in quotes?")
    assert not plant.end.seen(ev.ByHand)


# ---- attributes


@pytest.mark.parametrize("pump", ["near", "far"])
def test_an_attribute_is_set_in_the_thread_of_its_catalyst(plant: Plant, pump: str) -> None:
    answer = plant.ask(
        SetAttribute,
        plant.id(pump),
        "parts",
        "[7, (8,)]",
        expects=True,
        expected="[1, {'colour': 'red'}]",
        expected_type="list",
    )

    assert answer == Answer(answer.request, True)
    assert plant.row(pump, "parts").preview == "[7, (8,)]"
    assert plant.end.event(ev.ByHand).text == f"{pump}.parts = [7, (8,)]"


def test_an_attribute_that_changed_meanwhile_is_not_overwritten(plant: Plant) -> None:
    plant.ask(Call, plant.id("near"), "ttsc__run", "3")
    plant.printed("runs near 3")

    answer = plant.ask(SetAttribute, plant.id("near"), "speed", "9", expects=True, expected="1", expected_type="int")

    assert answer.text.startswith("near.speed has changed meanwhile: it was 1 (int), now it is 3 (int).")
    assert plant.row("near", "speed").preview == "3"


@pytest.mark.parametrize(
    "name, sentence",
    [
        ("spede", "near has no attribute 'spede' of its own. It has lid, parts, password, speed, store."),
        ("_tt_name", "near._tt_name belongs to the framework and cannot be set."),
    ],
)
def test_an_attribute_that_cannot_be_set_is_refused(plant: Plant, name: str, sentence: str) -> None:
    assert plant.ask(SetAttribute, plant.id("near"), name, "1").text == sentence


@pytest.mark.parametrize("pump", ["near", "far"])
@pytest.mark.parametrize(
    "how, sentence",
    [
        ("stuck", "Stuck: <its __str__ raised ZeroDivisionError>"),
        ("loud", f"Stuck: {'x' * 2_000}"),
        ("gone", "SystemExit: 3"),
    ],
)
def test_whatever_the_app_raises_at_a_change_is_answered(plant: Plant, pump: str, how: str, sentence: str) -> None:
    answer = plant.ask(SetAttribute, plant.id(pump), "lid", literal=repr(how))

    assert (answer.ok, answer.text) == (False, sentence)
    assert plant.row(pump, "speed").preview == "1"  # the probe goes on, and so does the catalyst


def test_a_secret_among_the_arguments_of_a_call_is_not_told(plant: Plant) -> None:
    assert plant.ask(Call, plant.id("near"), "ttsc__unlock", "'swordfish'").ok

    plant.printed("unlocks near")
    assert plant.end.event(ev.ByHand, lambda deed: deed.what == "call").text == "near.ttsc__unlock((hidden))"


def test_a_secret_attribute_is_set_and_not_told(plant: Plant) -> None:
    assert plant.ask(SetAttribute, plant.id("near"), "password", "'new'").ok
    assert plant.end.event(ev.ByHand).text == "near.password = (hidden)"


# ---- states, calls, ends


@pytest.mark.parametrize("pump", ["near", "far"])
def test_a_tonic_is_sent_to_a_state(plant: Plant, pump: str) -> None:
    assert plant.ask(ChangeState, plant.id(pump), "on").ok
    assert plant.printed("on") == f"on {pump}"


def test_an_unknown_state_is_refused_with_those_there_are(plant: Plant) -> None:
    answer = plant.ask(ChangeState, plant.id("near"), "onn")

    assert answer.text.startswith("near: no state 'onn'; this tonic has 'off' and 'on'. Did you mean 'on'?")


@pytest.mark.parametrize("pump, is_main", [("near", True), ("far", False)])
def test_a_sparkle_is_called_with_literals(plant: Plant, pump: str, is_main: bool) -> None:
    assert plant.ask(Call, plant.id(pump), "ttsc__run", "2.5, reason='by hand'").ok

    assert plant.printed("runs") == f"runs {pump} 2.5 by hand {is_main}"
    order = plant.end.event(ev.Ordered, lambda fact: fact.cause == "test control")
    assert (order.essence, order.source, order.run) == (plant.id(pump), -1, 0)
    assert plant.end.event(ev.ByHand).text == f"{pump}.ttsc__run(2.5, reason='by hand')"


@pytest.mark.parametrize(
    "sparkle, arguments, sentence",
    [
        ("ttsc__rum", "", "near has no sparkle 'ttsc__rum' that can be called. There are: ttsc__block, ttsc__run, "),
        ("ttsc__run", "", "near.ttsc__run: the arguments fit no handler. ttsc__run(speed, reason='none'): missing"),
        ("ttsc__run", "fast", "'fast' is no Python literal. Did you mean 'fast' in quotes?"),
        ("_ttss__to_state", "1", "near has no sparkle '_ttss__to_state' that can be called."),
    ],
)
def test_a_call_that_fits_nothing_is_refused(plant: Plant, sparkle: str, arguments: str, sentence: str) -> None:
    assert plant.ask(Call, plant.id("near"), sparkle, arguments).text.startswith(sentence)
    assert not plant.end.seen(ev.ByHand)


def test_a_call_to_a_held_tonic_says_that_it_waits(plant: Plant) -> None:
    plant.hold()

    answer = plant.ask(Call, plant.id("far"), "ttsc__run", "1")

    assert answer == Answer(answer.request, True, "It is queued: second is held, and runs it when it goes on.")


def test_the_sparkles_of_a_tonic_are_told_with_signatures_to_a_viewer_too(plant: Plant) -> None:
    with StudioEnd.of_running(plant.process.pid, role="view") as viewer:
        viewer.say(AskSparkles(1, plant.id("near")))
        rows = {row.name: row for row in viewer.answer(Sparkles, 1).rows}

    assert rows["ttsc__run"].signatures == ("(speed, reason='none')",)
    assert rows["ttsc__run"].doc == "Turn at a speed."
    assert rows["ttsc__stroke"].states == ("on",)
    assert not [name for name in rows if name.startswith("_ttss")]


def test_what_has_finished_meanwhile_is_refused(plant: Plant) -> None:
    far = plant.id("far")
    assert plant.ask(Finish, far).ok
    plant.printed("finished far")
    plant.end.event(ev.Ended, lambda fact: fact.essence == far)

    answers = [
        plant.ask(SetAttribute, far, "speed", "1"),
        plant.ask(ChangeState, far, "on"),
        plant.ask(Call, far, "ttsc__run", "1"),
        plant.ask(Evaluate, far, "1", answer=Evaluated),
    ]

    sentence = f"Nothing that lives has the id {far}: it has finished, or belongs to an earlier app."
    assert [getattr(it, "text", "") or getattr(it, "problem", "") for it in answers] == [sentence] * 4


def test_a_viewer_changes_nothing(plant: Plant) -> None:
    with StudioEnd.of_running(plant.process.pid, role="view") as viewer:
        near = plant.id("near")
        for number, message in enumerate(
            (
                SetAttribute(1, near, "speed", "1"),
                ChangeState(2, near, "on"),
                Call(3, near, "ttsc__run", "1"),
                Evaluate(4, near, "1"),
                StoreSet(5, plant.store, "pump/limit", literal="1"),
            ),
            1,
        ):
            viewer.say(message)
            assert "needs control, and this studio views" in viewer.answer(Answer, number).text


# ---- evaluation


def _evaluate(plant: Plant, pump: str, code: str, **more: Any) -> Evaluated:
    answer: Evaluated = plant.ask(Evaluate, plant.id(pump), code, answer=Evaluated, **more)
    return answer


@pytest.mark.parametrize("pump", ["near", "far"])
def test_an_expression_sees_the_tonic_and_its_module(plant: Plant, pump: str) -> None:
    plant.hold()

    answer = _evaluate(plant, pump, "[self.name, [self.speed + LIMIT for _ in range(2)], {'a': self.parts}]")

    (row,) = answer.rows
    assert row.preview == f"['{pump}', [41, 41], {{'a': [1, {{…1}}]}}]"
    assert [child.preview for child in row.children[1].children] == ["41", "41"]
    assert plant.end.event(ev.ByHand, lambda deed: deed.what == "evaluate").essence == plant.id(pump)


def test_what_is_not_held_is_not_evaluated_in(plant: Plant) -> None:
    assert _evaluate(plant, "far", "1").problem == "second is not held: hold it first, then evaluate."
    assert not plant.end.seen(ev.ByHand)


def test_an_exception_comes_back_as_a_sentence_with_its_traceback(plant: Plant) -> None:
    plant.hold()

    answer = _evaluate(plant, "near", "self.parts[5]")

    assert answer.problem == "IndexError: list index out of range"
    assert answer.traceback.splitlines()[1].strip() == 'File "<evaluated>", line 1, in <module>'
    assert "change_requests" not in answer.traceback


def test_statements_need_to_be_allowed(plant: Plant) -> None:
    plant.hold()

    refused = _evaluate(plant, "near", "self.speed = 7")
    done = _evaluate(plant, "near", "self.speed = 7\nself.speed * 2", may_act=True)

    assert refused.problem == "This is a statement and no expression. Statements are taken with 'May act' switched on."
    assert done.rows[0].preview == "14"
    assert plant.row("near", "speed").preview == "7"


def test_code_that_is_none_says_where(plant: Plant) -> None:
    assert _evaluate(plant, "near", "1 +").problem == "This cannot be read: invalid syntax, line 1."
    assert _evaluate(plant, "near", "  ").problem == "Nothing was typed."
    assert _evaluate(plant, "near", "1\0").problem.startswith(
        "This cannot be read: source code string cannot contain null"
    )
    assert _evaluate(plant, "near", "-" * 100_000 + "1").problem.startswith("This cannot be read: ")


def test_code_that_ends_the_process_does_not(plant: Plant) -> None:
    plant.hold()

    assert _evaluate(plant, "near", "exit(3)").problem == "SystemExit: 3"
    assert _evaluate(plant, "near", "2").rows[0].preview == "2"


def test_a_sparkle_that_evaluated_code_calls_comes_from_the_studio(plant: Plant) -> None:
    plant.hold()
    _evaluate(plant, "near", "self.ttsc__run(4)")

    order = plant.end.event(ev.Ordered, lambda fact: fact.cause == "test control")

    assert order.essence == plant.id("near")


def test_code_that_takes_long_is_answered_twice(run_app: Run) -> None:
    process = run_app("from tasktonic.probe import requests\nrequests.PATIENCE_NS = 50_000_000\n" + PLANT)
    with StudioEnd.of_running(process.pid) as end:
        plant = Plant(process, end)
        plant.hold()
        first = _evaluate(plant, "far", "(gate.wait(30), 'open')")
        _evaluate(plant, "near", "self.unblock()")
        end.until(lambda: len(end.answers(Evaluated, first.request)) == 2, "the value")

        second = end.answers(Evaluated, first.request)[1]

    assert (first.is_over, first.problem) == (
        False,
        "far is still evaluating this. What comes of it is shown when it is through.",
    )
    assert (second.is_over, second.rows[0].preview) == (True, "(True, 'open')")
