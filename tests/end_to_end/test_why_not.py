"""Why? and Why not? in the real Studio, by its keys, on real apps that run: each reason there is, exactly."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tasktonic_studio.session.answers import Reason, Role
from tasktonic_studio.session.causes import why
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.why_not import NotChanged, NotFired, NotInState, NotRun, Question, why_not, words_of
from tests.helpers.why_apps import APPS, CASES, Case

Steps = Generator[Callable[[], Any], None, None]


def thing_of(question: Question) -> Thing:
    """What a person selects before asking."""
    if isinstance(question, NotChanged):
        return Thing("store", (question.store, question.path))
    if isinstance(question, NotFired):
        return Thing("essence", question.timer)
    return Thing("essence", question.essence)


def typed_for(known: Knowledge, question: Question) -> str:
    """What a person types into the list of what did not happen; empty where no list opens."""
    if isinstance(question, NotRun):
        return f"{known.essences.name(question.essence)}.{question.sparkle}"
    if isinstance(question, NotInState):
        return f"in state {question.state}"
    return ""


def ask(person: Any, question: Question) -> Steps:
    """Select, press the key, and choose from the list if one opens."""
    person.bench.selection.select(thing_of(question))
    person.panel("ledger").setFocus()
    person.press(Qt.Key.Key_Backslash, Qt.KeyboardModifier.ShiftModifier)
    typed = typed_for(person.live, question)
    if typed:
        yield person.bench.palette_box.isVisible
        line = QApplication.focusWidget()
        assert line is not None
        QTest.keyClicks(line, typed)
        QTest.keyClick(line, Qt.Key.Key_Return)


def shown(person: Any) -> list[str]:
    """The sentences that are shown."""
    model = person.panel("why").model
    return [model.sentence(row).text for row in range(model.rowCount())]


def is_chain_whole(person: Any, text: str) -> bool:
    """Whether it is known of a line how it came about, up to what lies outside; runs are told of when they end, after their lines."""
    if text not in person.log_texts():
        return False
    answer = why(person.live, Thing("log", person.log_texts().index(text)))
    return answer.sentences[-1].role is Role.OUTSIDE


NOT_LIVE = ("gap", "no_such_state")
"""The one is watched by somebody slow, see below; a state that does not exist is in no list to choose from."""


@pytest.mark.parametrize("case", [case for case in CASES if case.app not in NOT_LIVE], ids=lambda case: case.app)
def test_a_live_app_gives_exactly_the_reason(run_studio: Any, case: Case) -> None:
    def steps(person: Any) -> Steps:
        def is_so() -> bool:
            return why_not(person.live, case.question(person.live)).reasons == case.reasons

        yield is_so
        question = case.question(person.live)
        yield from ask(person, question)
        view = person.panel("why")
        yield lambda: view.question.text() == words_of(person.live, question)
        assert any(case.says in text for text in shown(person)), shown(person)
        assert view.history.shown.answer.reasons == case.reasons
        assert view.history.shown.answer.is_exact, view.text

    run_studio(steps, str(case.file))


def test_a_state_that_does_not_exist_live(run_studio: Any) -> None:
    case = next(case for case in CASES if case.app == "no_such_state")

    def steps(person: Any) -> Steps:
        yield lambda: why_not(person.live, case.question(person.live)).reasons == case.reasons
        person.panel("why").ask(case.question(person.live))
        assert shown(person) == [case.says]

    run_studio(steps, str(case.file))


def test_the_chain_of_a_line_is_walked_by_keys(run_studio: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: is_chain_whole(person, "closed")
        line = person.log_texts().index("closed")
        person.bench.selection.select(Thing("log", line))
        person.panel("ledger").setFocus()
        person.press(Qt.Key.Key_Backslash)
        view = person.panel("why")
        yield lambda: view.question.text() == "Why did door say “closed”?"
        answer = view.history.shown.answer
        assert answer.sentences[-1].role is Role.OUTSIDE
        assert answer.sentences[-1].text.startswith("The start of ignored.py called it")
        view.setFocus()
        person.press(Qt.Key.Key_Down)
        person.press(Qt.Key.Key_Return)
        yield lambda: person.bench.selection.thing == answer.sentences[1].thing
        assert person.bench.selection.time == answer.sentences[1].moment
        assert view.question.text() == "Why did door say “closed”?"

    run_studio(steps, str(APPS / "ignored.py"))


def test_reasons_are_those_of_the_manual() -> None:
    told = {reason for case in CASES for reason in case.reasons}

    manual = {
        Reason.NEVER_CALLED, Reason.IGNORED, Reason.WAITING, Reason.DROPPED, Reason.NO_SUCH_STATE, Reason.ALREADY,
        Reason.TIMER_STOPPED, Reason.EQUAL_VALUE, Reason.OWN_SOURCE, Reason.HELD, Reason.DEAD,
    }  # fmt: skip
    assert manual <= told


QT_APP = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton
from tasktonic import ttCatalyst, ttFormula, ttTonic
from tasktonic.qt import ttPyside6Ui, ttPysideWindow

class Lamp(ttTonic):
    def ttsc__switch(self):
        self.to_state("on")

    def ttse_on__on_enter(self):
        self.log("on")

class Window(ttPysideWindow):
    def setup_ui(self):
        self.knob = QPushButton("On")
        self.setCentralWidget(self.knob)
        self.show()

    def ttse__on_start(self):
        self.lamp = Lamp(name="lamp", catalyst=ttCatalyst(name="cellar"))
        QTimer.singleShot(0, self.knob.click)

    def ttqt__knob__clicked(self):
        self.lamp.ttsc__switch()

class App(ttFormula):
    def creating_main_catalyst(self):
        ttPyside6Ui(name="gui")

    def creating_starting_tonics(self):
        Window(name="window")

App()
"""

THREAD_APP = """
import threading
from tasktonic import ttFormula, ttTonic

class Gauge(ttTonic):
    def ttse__on_start(self):
        threading.Thread(target=self.ttsc__take, args=(7,), name="reader", daemon=True).start()

    def ttsc__take(self, value):
        self.log(f"took {value}")

class App(ttFormula):
    def creating_starting_tonics(self):
        Gauge(name="gauge")

App()
"""


@pytest.mark.parametrize(
    "source, line, chain",
    [
        (
            QT_APP,
            "on",
            ["lamp said", "lamp.ttse__on_enter did so", "It is a part of lamp.ttsc__switch, which asked for the new state",
             "window.ttqt__knob__clicked called it", "A signal or an event of Qt called it"],
        ),
        (THREAD_APP, "took 7", ["gauge said", "gauge.ttsc__take did so", "The thread reader, which no catalyst turns, called it"]),
    ],
    ids=["a signal of Qt, over threads", "a foreign thread"],
)  # fmt: skip
def test_the_chain_ends_where_it_came_into_a_live_app(
    run_studio: Any, script: Any, source: str, line: str, chain: list[str]
) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: is_chain_whole(person, line)
        person.bench.selection.select(Thing("log", person.log_texts().index(line)))
        person.panel("ledger").setFocus()
        person.press(Qt.Key.Key_Backslash)
        yield lambda: len(shown(person)) >= len(chain)
        assert [text[: len(part)] for text, part in zip(shown(person), chain, strict=True)] == chain

    run_studio(steps, script(source))
