"""The console on its own: what is asked and told, history, and saying that it runs code in the app."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic.protocol import CAPABILITIES, messages
from tasktonic.protocol.messages import AttributeRow, Evaluate, Evaluated
from tasktonic_studio.session.inbox import TargetBegan, TargetStatus, Told
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panels.console.panel import ConsolePanel
from tests.helpers.builders import EventWriter
from tests.helpers.panel_stand import PanelStand

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def stand(qtbot: QtBot) -> Iterator[PanelStand]:
    """A console of a held app, whose pump is selected."""
    session = Session()
    session.apply([TargetBegan("launched"), Told(messages.Hello(1, 1, "s", capabilities=CAPABILITIES))])
    session.apply([Told(messages.Granted("control"))])
    write = EventWriter()
    main = write.catalyst("main_catalyst")
    pump = write.born("Pump", "pump", catalyst=main)
    write.add(ev.CatalystHeld(write.t_ns, main, True))
    session.apply_events(session.live.n, write.take())
    stand = PanelStand(ConsolePanel(), session)
    qtbot.addWidget(stand.widget)
    stand.selection.select(Thing("essence", pump))
    stand.show()
    yield stand
    stand.close()


def ask(stand: PanelStand, code: str) -> Evaluate:
    """Type code and evaluate it by the key; the request that was sent."""
    stand.view.input.setFocus()
    QTest.keyClicks(stand.view.input, code)
    QTest.keyClick(stand.view.input, Qt.Key.Key_Return, CONTROL)
    sent: Evaluate = stand.requests.sent[-1]
    return sent


def answer(stand: PanelStand, sent: Evaluate, **fields: object) -> None:
    stand.apply(Told(Evaluated(sent.essence, sent.request, **fields)))  # type: ignore[arg-type]


def test_it_says_in_which_tonic_it_runs_code(stand: PanelStand) -> None:
    assert stand.view.head.text() == "Runs code in the app, in pump (Pump)."


def test_what_is_typed_goes_to_the_selected_tonic(stand: PanelStand) -> None:
    sent = ask(stand, "self.name")

    assert (sent.kind, sent.code, sent.may_act) == ("evaluate", "self.name", False)
    assert stand.view.text == "pump> self.name"
    assert stand.view.code == ""


def test_a_value_is_told_with_its_type_and_what_is_in_it(stand: PanelStand) -> None:
    sent = ask(stand, "x")
    answer(stand, sent, rows=(AttributeRow("", "list", "[1]", (AttributeRow("[0]", "int", "1"),)),))

    assert stand.view.text.splitlines() == ["pump> x", "= [1]   (list)", "    [0]: 1   (int)"]


def test_an_exception_is_told_with_its_traceback(stand: PanelStand) -> None:
    sent = ask(stand, "x")
    answer(stand, sent, problem="NameError: x", traceback="Traceback\n  File")

    assert stand.view.text.splitlines()[1:] == ["✕ NameError: x", "    Traceback", "      File"]


def test_what_takes_long_is_told_twice(stand: PanelStand) -> None:
    sent = ask(stand, "x")
    answer(stand, sent, problem="It still runs.", is_over=False)
    answer(stand, sent, rows=(AttributeRow("", "int", "1"),))

    assert stand.view.text.splitlines()[1:] == ["· It still runs.", "= 1   (int)"]


def test_an_answer_to_somebody_else_is_not_shown(stand: PanelStand) -> None:
    ask(stand, "x")
    stand.apply(Told(Evaluated(1, 999, (AttributeRow("", "int", "1"),))))

    assert stand.view.text == "pump> x"


def test_an_app_that_ends_is_said_to_have_left_a_question_open(stand: PanelStand) -> None:
    ask(stand, "x")
    stand.apply(TargetStatus("ended", "ended"))

    assert stand.view.text.endswith("✕ The app has ended before it answered.")


def test_earlier_code_comes_back_by_key(stand: PanelStand) -> None:
    for code in ("one", "two"):
        ask(stand, code)
    QTest.keyClicks(stand.view.input, "draft")
    shown = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(stand.view.input, key, CONTROL)
        shown.append(stand.view.code)

    assert shown == ["two", "one", "one", "two", "draft"]


def test_only_the_last_hundred_are_remembered(stand: PanelStand) -> None:
    stand.view.restore_history([str(number) for number in range(150)])
    assert (stand.view.history[0], len(stand.view.history)) == ("50", 100)

    ask(stand, "one")

    assert (stand.view.history[0], stand.view.history[-1]) == ("51", "one")


def test_history_is_kept_between_runs(stand: PanelStand) -> None:
    ask(stand, "one")
    other = PanelStand(ConsolePanel())
    other.panel.restore_state(stand.panel.save_state())

    assert other.view.history == ["one"]
    other.close()


def test_what_runs_is_not_evaluated_in(stand: PanelStand) -> None:
    main = stand.session.live.catalysts
    stand.feed([ev.CatalystHeld(1, next(iter(main)), False)])

    QTest.keyClicks(stand.view.input, "x")
    QTest.keyClick(stand.view.input, Qt.Key.Key_Return, CONTROL)

    assert not stand.requests.sent
    assert stand.registry.why_not("change.evaluate", stand.command_context) == (
        "pump runs: code is evaluated while its catalyst is held (F6)."
    )


def test_it_can_be_cleared(stand: PanelStand) -> None:
    ask(stand, "x")

    stand.run("console.clear")

    assert stand.view.is_empty
    assert stand.view.text == ""


def test_an_empty_console_offers_only_what_helps(stand: PanelStand, monkeypatch: pytest.MonkeyPatch) -> None:
    def offered() -> list[str]:
        return [it.text() for it in stand.view.nothing.findChildren(QPushButton) if it.isVisible()]

    stand.show(500, 700)
    monkeypatch.setattr(stand.context, "is_enabled", lambda command_id: command_id != "run.hold")
    stand.apply(TargetStatus("running", "running"))
    assert offered() == []

    stand.apply(TargetStatus("ended", "ended"))

    assert offered() == ["Start the example plant"]


def test_where_it_is_low_nothing_lies_over_anything_else(stand: PanelStand, qtbot: QtBot) -> None:
    view = stand.view
    stand.show(700, 8 * view.input.fontMetrics().height())

    parts = (view.head, view.state, view.output, view.input, view.go)

    def stand_below_each_other() -> bool:
        boxes = [part.geometry() for part in parts]
        return all(upper.bottom() < lower.top() for upper, lower in pairwise(boxes)) and view.rect().contains(boxes[-1])

    qtbot.waitUntil(stand_below_each_other)


def test_an_empty_console_teaches_and_has_a_button_where_there_is_room(stand: PanelStand) -> None:
    stand.show(500, 700)
    assert stand.view.nothing.isVisible()
    (hold,) = [it for it in stand.view.nothing.findChildren(QPushButton) if it.isVisible()]
    QTest.mouseClick(hold, Qt.MouseButton.LeftButton)
    assert (hold.text(), stand.ran) == ("Hold the app", ["run.hold"]), "an app is there: no other one is offered"

    stand.show(500, 220)
    assert stand.view.output.isVisible()
    assert "self.states" in stand.view.output.placeholderText()

    stand.show(500, 700)
    ask(stand, "1 + 1")
    assert stand.view.output.isVisible()
    assert not stand.view.nothing.isVisible()
