"""The panel Why: asks of what is selected, leads where its sentences say, by mouse and by keys."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic.protocol.messages import AskListeners, Hello
from tasktonic_studio.session.answers import Role
from tasktonic_studio.session.inbox import TargetBegan, TargetStatus, Told
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.session.why_not import NotRun
from tasktonic_studio.ui.panels.why.panel import WhyPanel
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tests.helpers.builders import a_session_with_plant, plant_of
from tests.helpers.panel_stand import MakeStand, PanelStand


@pytest.fixture
def make_stand(qtbot: QtBot) -> MakeStand:
    """Make a panel on screen, on a lively plant or on another session."""

    def make(session: Session | None = None, width: int = 420, height: int = 500, theme: str = "dark") -> PanelStand:
        stand = PanelStand(WhyPanel(), session if session is not None else a_session_with_plant(), theme)
        qtbot.addWidget(stand.widget)
        stand.show(width, height)
        return stand

    return make


@pytest.fixture
def stand(make_stand: MakeStand) -> PanelStand:
    return make_stand()


def a_run(stand: PanelStand) -> Thing:
    """The last run of a valve, which was called by a pump."""
    valve = plant_of(stand.session).valves[0]
    rows = stand.session.live.runs.where(lambda it: it["essence"] == valve)
    return Thing("run", stand.session.live.runs.row(int(rows[-1])).run)


def texts(stand: PanelStand) -> list[str]:
    model = stand.view.model
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def roles(stand: PanelStand) -> list[Role]:
    return [stand.view.model.sentence(row).role for row in range(stand.view.model.rowCount())]


def at_row(stand: PanelStand, row: int) -> QPoint:
    """A point in a row beside its words."""
    place = stand.view.list.visualRect(stand.view.model.index(row, 0))
    return QPoint(place.left() + 4, place.center().y())


def at_link(stand: PanelStand, row: int) -> QPoint:
    """A point on the first link of a row."""
    place = stand.view.list.visualRect(stand.view.model.index(row, 0))
    for x in range(place.left(), place.right(), 3):
        for y in range(place.top(), place.bottom(), 3):
            if stand.view.list.link_at(QPoint(x, y)) is not None:
                return QPoint(x, y)
    raise AssertionError("no link in this row")


def test_before_anything_was_asked_it_teaches(make_stand: MakeStand) -> None:
    stand = make_stand(Session())

    assert not stand.view.list.isVisible()
    assert [it.text() for it in stand.widget.findChildren(QPushButton) if it.isVisible()] == [
        "Why not…",
        "Start the example plant",
    ]


def test_it_is_about_what_is_selected(stand: PanelStand) -> None:
    stand.selection.select(a_run(stand))

    assert stand.view.question.text() == "Why did valve 5.ttsc__turn run?"
    assert texts(stand)[1].startswith("pump 0.ttse__on_stroke called it")
    assert roles(stand) == [Role.ASKED, Role.CAUSE, Role.OUTSIDE]


def test_a_click_beside_the_words_goes_to_what_the_sentence_is_about(stand: PanelStand) -> None:
    stand.selection.select(a_run(stand))

    QTest.mouseClick(stand.view.list.viewport(), Qt.MouseButton.LeftButton, pos=at_row(stand, 1))

    caller = stand.selection.thing
    assert caller is not None and caller != a_run(stand)  # noqa: PT018 - one fact
    run = stand.session.live.run_of(int(str(caller.key)))
    assert run is not None
    assert stand.selection.time == run.n + 1


def test_a_click_on_a_name_goes_to_what_it_names(stand: PanelStand) -> None:
    pump = plant_of(stand.session).pumps[0]
    stand.selection.select(Thing("essence", pump))

    QTest.mouseClick(stand.view.list.viewport(), Qt.MouseButton.LeftButton, pos=at_link(stand, 1))

    assert stand.selection.thing is not None
    assert stand.selection.thing.kind == "run"


def test_going_along_the_answer_leaves_the_answer(stand: PanelStand) -> None:
    stand.selection.select(a_run(stand))
    before = texts(stand)

    QTest.mouseClick(stand.view.list.viewport(), Qt.MouseButton.LeftButton, pos=at_row(stand, 1))

    assert texts(stand) == before


def test_the_keys_walk_the_sentences_and_enter_goes_there(stand: PanelStand) -> None:
    stand.selection.select(a_run(stand))
    stand.view.setFocus()

    QTest.keyClick(stand.view.list, Qt.Key.Key_Down)
    QTest.keyClick(stand.view.list, Qt.Key.Key_Return)

    assert stand.selection.thing == stand.view.model.sentence(1).thing


def test_pinned_it_keeps_the_answer(stand: PanelStand) -> None:
    stand.selection.select(a_run(stand))
    stand.view.pin.click()

    stand.selection.select(Thing("essence", plant_of(stand.session).plant))

    assert stand.view.question.text() == "Why did valve 5.ttsc__turn run?"


def test_let_go_again_it_is_about_what_is_selected(stand: PanelStand) -> None:
    stand.selection.select(a_run(stand))
    stand.view.pin.click()
    stand.selection.select(Thing("essence", plant_of(stand.session).plant))

    stand.view.pin.click()

    assert stand.view.question.text() == "Why is plant in state running?"


def test_back_and_forward_walk_what_was_asked(stand: PanelStand) -> None:
    plant = plant_of(stand.session)
    stand.view.ask(NotRun(plant.plant, "ttsc__report"))
    stand.view.ask(NotRun(plant.plant, "ttse__on_alarm"))

    stand.run("why.back")
    assert stand.view.question.text() == "Why did plant.ttsc__report not run?"
    stand.run("why.forward")

    assert stand.view.question.text() == "Why did plant.ttse__on_alarm not run?"


def test_what_was_only_passed_by_is_not_kept(stand: PanelStand) -> None:
    plant = plant_of(stand.session)
    stand.view.ask(NotRun(plant.plant, "ttsc__report"))
    for pump in plant.pumps:
        stand.selection.select(Thing("essence", pump))

    stand.run("why.back")

    assert stand.view.question.text() == "Why did plant.ttsc__report not run?"


def test_a_live_answer_is_brought_up_to_date(stand: PanelStand) -> None:
    plant = plant_of(stand.session)
    stand.view.ask(NotRun(plant.plant, "ttsc__report"))
    assert texts(stand)[0] == "plant.ttsc__report was never called."

    plant.write.sparkles(plant.plant, "ttsc__report")
    stand.feed(plant.write.take())

    assert texts(stand)[0] == "plant.ttsc__report was called once: 1 ran."


def test_asked_again_in_the_past_it_knows_no_more_than_then(stand: PanelStand) -> None:
    plant = plant_of(stand.session)
    before = stand.session.live.n
    plant.write.sparkles(plant.plant, "ttsc__report")
    stand.feed(plant.write.take())
    stand.view.ask(NotRun(plant.plant, "ttsc__report"))

    stand.selection.look_at(before)
    stand.run("why.again")

    assert texts(stand)[0] == "plant.ttsc__report was never called."


def test_the_answer_can_be_copied_as_text(stand: PanelStand) -> None:
    stand.selection.select(a_run(stand))

    assert stand.view.text.splitlines()[0] == "Why did valve 5.ttsc__turn run?"
    assert len(stand.view.text.splitlines()) == 1 + len(texts(stand))


def test_another_program_forgets_what_was_asked(stand: PanelStand) -> None:
    stand.selection.select(a_run(stand))

    stand.apply(TargetBegan("launched", "other.py"))

    assert stand.view.history.shown is None
    assert not stand.view.list.isVisible()


def test_the_menu_of_a_sentence_lists_its_names(stand: PanelStand, qtbot: QtBot) -> None:
    stand.selection.select(a_run(stand))

    stand.view.list.customContextMenuRequested.emit(at_row(stand, 1))

    (menu,) = stand.widget.findChildren(CommandMenu)
    assert [line.text() for line in menu.actions() if line.text().startswith("Go to ")] == [
        "Go to pump 0.ttse__on_stroke"
    ]
    menu.close()


def test_a_screen_reader_hears_what_a_sentence_is_for(stand: PanelStand) -> None:
    stand.selection.select(a_run(stand))

    said = stand.view.model.index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole)

    assert "from outside" in said
    assert stand.view.list.accessibleName() == "Why did valve 5.ttsc__turn run?"
    assert all(button.accessibleName() for button in stand.view.buttons)


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_narrow_every_sentence_is_wrapped_and_none_is_cut(make_stand: MakeStand, theme: str) -> None:
    stand = make_stand(width=300, theme=theme)
    stand.selection.select(a_run(stand))
    stand.widget.grab()

    for row in range(stand.view.model.rowCount()):
        place = stand.view.list.visualRect(stand.view.model.index(row, 0))
        assert place.width() <= stand.view.list.viewport().width()
    assert stand.view.list.horizontalScrollBar().maximum() == 0


def test_large_text_makes_rows_higher(make_stand: MakeStand) -> None:
    stand = make_stand()
    stand.selection.select(a_run(stand))
    before, shape = stand.view.list.visualRect(stand.view.model.index(0, 0)).height(), shape_px(stand, 1)

    stand.theme.set_text_scale(2.0)
    stand.panel.on_theme()
    stand.widget.grab()

    assert shape_px(stand, 2) > 1.5 * shape > 0
    assert stand.view.list.visualRect(stand.view.model.index(0, 0)).height() > 1.5 * before


def shape_px(stand: PanelStand, scale: int) -> int:
    """How high the shape before the first sentence is."""
    drawn, place = stand.view.list.viewport().grab().toImage(), stand.view.list.visualRect(stand.view.model.index(0, 0))
    ground = drawn.pixelColor(2, place.center().y())
    return sum(
        any(drawn.pixelColor(x, y) != ground for x in range(8, 8 + 16 * scale))
        for y in range(place.top(), place.bottom())
    )


def test_the_model_keeps_its_promises(stand: PanelStand, qtmodeltester: ModelTester) -> None:
    stand.selection.select(a_run(stand))

    qtmodeltester.check(stand.view.model)


def test_the_app_is_asked_who_listens_where_a_value_was_set_to_what_it_was(stand: PanelStand) -> None:
    plant = plant_of(stand.session)
    live = stand.session.live
    stand.apply(Told(Hello(1, 4711, "s", capabilities=("listeners",))), TargetStatus("running"))
    stand.feed([ev.StoreUnchanged(live.t_ns + 1, plant.store, ev.Name("limits/high"), 0)])
    window = SimpleNamespace(show_panel=lambda panel_id: None)
    context = replace(stand.command_context, window=window)

    panel: Any = stand.panel
    panel._ask(context, NotRun(plant.pumps[0], "ttsc__fill"))

    (asked,) = [message for message in stand.requests.sent if isinstance(message, AskListeners)]
    assert (asked.store, asked.path) == (plant.store, "limits/high")
