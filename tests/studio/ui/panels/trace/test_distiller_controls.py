"""The distiller's controls above the trace, and the dialogs behind them, by keys and mouse."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from tasktonic.protocol.messages import DistillerState, DistillerStep, Granted, WaitingOrder
from tasktonic_studio.commands.distiller_commands import distiller_commands
from tasktonic_studio.session.contract_clauses import essence_named
from tasktonic_studio.session.inbox import TargetBegan, TargetStatus, Told
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.dialogs.call_sparkle import CallDialog
from tasktonic_studio.ui.dialogs.contract import ContractDialog
from tasktonic_studio.ui.dialogs.run_until import RunUntilDialog, Until
from tasktonic_studio.ui.panels.trace.distiller_controls import ControlsArea
from tasktonic_studio.ui.panels.trace.panel import TracePanel
from tests.helpers.builders import a_session_with_plant
from tests.helpers.panel_stand import PanelStand

LEFT = Qt.MouseButton.LeftButton

WAITS = (
    WaitingOrder("main_catalyst", 1, "door", "ttsc__open", "who='Ada'", "guest.ttse__on_start"),
    WaitingOrder("street", 3, "guest", "ttse__on_start"),
)


def told(status: str = "ready", **fields: Any) -> Told:
    return Told(DistillerState(status, 1, 0, "virtual", 4_500_000_000, 12, waits=WAITS, waiting=2, **fields))


def by_hand(*more: Any, role: str = "control") -> Session:
    session = Session()
    session.apply(
        [
            TargetBegan("launched", "/app/doors.py", seed=0),
            TargetStatus("running", "running"),
            Told(Granted(role)),
            told(),
            *more,
        ]
    )
    return session


def stand_with(qtbot: QtBot, session: Session, theme: str = "dark") -> PanelStand:
    stand = PanelStand(TracePanel(), session, theme)
    stand.registry.register_all(distiller_commands())
    stand.context._is_enabled = lambda command: stand.registry.is_enabled(command, stand.command_context)
    stand.context._why_not = lambda command: stand.registry.get(command).reason(stand.command_context)
    qtbot.addWidget(stand.widget)
    stand.show(900, 500)
    return stand


def test_they_say_time_count_and_what_is_next(qtbot: QtBot) -> None:
    stand = stand_with(qtbot, by_hand())
    shown = stand.view.controls

    assert shown.isVisible()
    assert shown.title.text() == "Distiller  3.500 s virtual  ·  12 sparkles  ·  seed 0"
    assert shown.next.whole == "next: door.ttsc__open(who='Ada') from guest.ttse__on_start"
    assert shown.fold.text() == "Queue (2)"
    assert not shown.queue.isVisible()
    qtbot.mouseClick(shown.fold, LEFT)
    assert shown.queue.text().splitlines() == [
        "1  door.ttsc__open(who='Ada') from guest.ttse__on_start",
        "2  guest.ttse__on_start(), on street",
    ]


def test_they_do_not_give_away_what_a_lesson_asks(qtbot: QtBot) -> None:
    stand = stand_with(qtbot, by_hand())
    shown = stand.view.controls
    qtbot.mouseClick(shown.fold, LEFT)

    stand.context.open_question.take(True)
    assert shown.next.whole == "hidden until you have predicted: the panel Learn asks what will happen"
    assert not shown.queue.isVisible()
    assert not shown.fold.isVisible()

    stand.context.open_question.take(False)
    assert shown.next.whole == "next: door.ttsc__open(who='Ada') from guest.ttse__on_start"
    assert shown.queue.isVisible()


@pytest.mark.parametrize(
    "status, fields, words",
    [
        ("running", {"doing": "sparkle(timeout=3)"}, "▶ runs sparkle(timeout=3)"),
        ("over", {}, "○ the app has ended"),
    ],
)
def test_other_states_have_their_words(qtbot: QtBot, status: str, fields: dict[str, Any], words: str) -> None:
    stand = stand_with(qtbot, by_hand(told(status, **fields)))

    assert stand.view.controls.next.whole == words
    enabled = {button.text() for button in stand.view.controls.buttons if button.isEnabled()}
    assert ("Stop" in enabled) == (status == "running")
    assert "Step" not in enabled
    step = stand.view.controls.buttons[0]
    assert ("stop it (Alt+Shift+F8)" if status == "running" else "start the script again") in step.toolTip()


def test_a_timer_or_nothing_may_be_next(qtbot: QtBot) -> None:
    state = DistillerState("ready", 1, 7, "virtual", 2_000_000_000, 1, due_ns=5_500_000_000)
    stand = stand_with(qtbot, by_hand(Told(state)))

    assert stand.view.controls.next.whole == "nothing is queued; the next timer is due in 3.5 s"
    stand.apply(Told(DistillerState("ready", 1, 7, "virtual", 2_000_000_000, 1)))
    assert stand.view.controls.next.whole == "nothing is left to do: call a sparkle by hand, or end the app"


def test_a_problem_is_a_sentence_with_a_shape(qtbot: QtBot) -> None:
    stand = stand_with(qtbot, by_hand())
    assert not stand.view.controls.problem.isVisible()

    stand.apply(told(problem="201 turns and no end in sight."))

    assert stand.view.controls.problem.isVisible()
    assert stand.view.controls.problem.text() == "✕ 201 turns and no end in sight."
    assert any(line.level == "error" and "201 turns" in line.text for line in stand.session.live.log)


def test_who_only_watches_is_told_so(qtbot: QtBot) -> None:
    stand = stand_with(qtbot, by_hand(role="view"))

    for button in stand.view.controls.buttons[:-1]:
        assert not button.isEnabled()
        assert "This Studio only watches: another one controls the app." in button.toolTip()


def test_nothing_yet_says_how_to_begin(qtbot: QtBot) -> None:
    stand = stand_with(qtbot, by_hand())

    title, sentence, offers_a_start = stand.view.why_empty(stand.session.live)
    assert (title, offers_a_start) == ("Nothing ran yet", False)
    assert sentence == "Nothing of this program runs until you say so: F8 runs one sparkle."
    assert stand.view.nothing_yet.isVisible()


@pytest.mark.parametrize("theme", ["light", "contrast"])
def test_they_are_whole_at_300_px(qtbot: QtBot, theme: str) -> None:
    stand = stand_with(qtbot, by_hand(), theme)
    stand.show(300, 600)
    shown = stand.view.controls

    assert stand.view.width() == 300
    boxes = [button.geometry() for button in shown.buttons]
    assert all(shown.rect().contains(box) for box in boxes)
    assert not any(one.intersects(other) for one in boxes for other in boxes if one is not other)
    assert shown.fold.isVisible()
    assert shown.rect().contains(shown.fold.geometry())


def test_an_app_that_runs_by_itself_has_none(qtbot: QtBot) -> None:
    stand = stand_with(qtbot, a_session_with_plant())

    assert not stand.view.controls.isVisible()


def test_steps_of_an_earlier_app_are_forgotten() -> None:
    session = by_hand(Told(DistillerStep(0, {"do": "start"})), Told(DistillerStep(1, {"do": "sparkle"})))
    assert [step["do"] for step in session.live.distiller.steps] == ["start", "sparkle"]

    session.apply([Told(DistillerStep(0, {"do": "start", "app": 2}))])

    assert session.live.distiller.steps == ({"do": "start", "app": 2},)


# ---- dialogs


@pytest.fixture
def open_dialog(qtbot: QtBot) -> Any:
    opened: list[QDialog] = []

    def show(dialog: QDialog) -> QDialog:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        dialog.show()
        opened.append(dialog)
        return dialog

    return show


def test_run_until_takes_all_conditions_and_shows_the_call(qtbot: QtBot, open_dialog: Any) -> None:
    dialog = open_dialog(RunUntilDialog(a_session_with_plant().live, ["level"]))
    wanted: list[Until] = []
    dialog.wanted.connect(wanted.append)

    assert dialog.said.text() == "distiller.sparkle()"
    dialog.sparkles.setFocus()
    qtbot.keyClicks(dialog.sparkles, "3")
    dialog.seconds.setValue(2.5)
    qtbot.keyClicks(dialog.state.lineEdit(), "open, ajar")
    qtbot.keyClicks(dialog.sparkle.lineEdit(), "ttsc__x")
    assert (
        dialog.said.text() == "distiller.sparkle(sparkle_count=3, timeout=2.5, till_state_in=['open', 'ajar'], "
        "till_sparkle_in=['ttsc__x'])"
    )
    qtbot.keyClick(dialog.probes, Qt.Key.Key_Return)

    assert wanted == [Until(3, 2.5, ("open", "ajar"), ("ttsc__x",), ("level",))]


def test_a_call_is_built_from_what_lives(qtbot: QtBot, open_dialog: Any) -> None:
    live = a_session_with_plant().live
    names = [live.essences.name(it) for it in live.essences if it not in live.catalysts]
    dialog = open_dialog(CallDialog(live, names[0]))
    wanted: list[tuple[Any, ...]] = []
    dialog.wanted.connect(lambda *each: wanted.append(each))

    assert dialog.tonic.currentText() == names[0]
    assert dialog.sparkle.count() > 0
    sparkle = dialog.sparkle.currentText()
    qtbot.keyClicks(dialog.arguments, "1, who")
    assert not dialog.go.isEnabled()
    assert dialog.said.text().startswith("'1, who' is no Python literal. Did you mean 'who' in quotes?")
    dialog.arguments.clear()
    qtbot.keyClicks(dialog.arguments, "1, who='x'")
    assert dialog.said.text() == f"{names[0]}.{sparkle}(1, who='x')"
    qtbot.keyClick(dialog.arguments, Qt.Key.Key_Return)
    assert [(each[1], each[2]) for each in wanted] == [(sparkle, "1, who='x'")]


def test_a_call_that_was_asked_for_too_early_offers_what_is_born(qtbot: QtBot, open_dialog: Any) -> None:
    dialog = open_dialog(CallDialog(Session().live, ""))
    assert (dialog.tonic.currentText(), dialog.said.text()) == ("", "Choose a tonic.")
    live = a_session_with_plant().live

    dialog.show_known(live)

    assert essence_named(live, dialog.tonic.currentText()) >= 0
    assert dialog.go.isEnabled()
    dialog.sparkle.setEditText("ttsc__mine")
    dialog.arguments.setText("1")
    dialog.show_known(live)
    assert (dialog.sparkle.currentText(), dialog.arguments.text()) == ("ttsc__mine", "1"), "what was typed stays"


def test_conditions_are_added_and_removed(qtbot: QtBot, open_dialog: Any) -> None:
    dialog = open_dialog(ContractDialog(a_session_with_plant().live, ()))
    wanted: list[Any] = []
    dialog.wanted.connect(wanted.append)

    qtbot.mouseClick(dialog.add, LEFT)
    assert len(dialog.rows) == 2
    assert dialog.rows[1].remove.accessibleName() == "Remove condition 2"
    qtbot.mouseClick(dialog.rows[0].remove, LEFT)
    (row,) = dialog.rows
    assert not dialog.go.isEnabled()
    row.tonic.setEditText("")
    qtbot.keyClicks(row.tonic.lineEdit(), "tank")
    assert dialog.said.text() == "The condition with “tank” lacks a state."
    qtbot.keyClicks(row.what.lineEdit(), "full")
    dialog.least.setValue(2)
    assert dialog.said.text() == "It stops when 2 are met, but there is one condition."
    dialog.least.setValue(1)
    qtbot.mouseClick(dialog.go, LEFT)
    assert wanted == [{"tonics": {"tank": {"till_state_in": ["full"]}}, "stop_match_count": 1}]


def test_where_it_is_low_they_are_whole_and_nothing_lies_over_them(qtbot: QtBot) -> None:
    stand = stand_with(qtbot, by_hand())
    assert stand.view.controls.buttons[0].toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon

    stand.show(420, 190)
    shown = stand.view.controls

    assert stand.view.height() == 190
    parts = (*shown.buttons, shown.title, shown.next)
    assert all(shown.rect().contains(part.geometry()) for part in parts)
    area = stand.view.findChild(ControlsArea)
    qtbot.waitUntil(lambda: area.geometry().bottom() < stand.view.pages.geometry().top())
    assert area.height() >= shown.height(), "nothing has to be scrolled to"
    assert stand.view.bar.geometry().bottom() < area.geometry().top()
    assert not stand.view.head.isVisible()


@pytest.mark.parametrize("width, height", [(300, 300), (420, 300), (800, 340)])
def test_with_large_text_they_leave_room_for_rows_however_much_they_say(qtbot: QtBot, width: int, height: int) -> None:
    problem = "This raised a ValueError: something that takes quite a few words to say, and more"
    stand = stand_with(qtbot, by_hand(told(problem=problem)))
    stand.theme.set_text_scale(2.0)
    stand.choose_theme("dark")
    stand.view.controls.fold.setChecked(True)
    stand.show(width, height)

    qtbot.waitUntil(lambda: stand.view.pages.height() > stand.view.fontMetrics().height())
    assert stand.view.height() == height
