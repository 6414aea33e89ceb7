"""The filter of the ledger."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tests.helpers.panel_stand import PanelStand
from tests.studio.ui.panels.ledger.acting import cell, model_of, names, plant_in, typed


def test_a_filter_shows_what_fits_with_what_is_above_it(stand: PanelStand, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model_of(stand))

    typed(stand, "valve 6")

    assert names(model_of(stand)) == [["plant", [["pump 1", ["valve 6"]]]]]
    assert stand.view.counts.text() == "1 of 19"


def test_what_stands_above_a_hit_is_set_aside(stand: PanelStand) -> None:
    typed(stand, "valve 6")

    muted = stand.theme.color("text_muted")
    assert cell(stand, plant_in(stand).pumps[1], "name", Qt.ItemDataRole.ForegroundRole) == muted
    assert cell(stand, plant_in(stand).valves[1], "name", Qt.ItemDataRole.ForegroundRole) != muted


def test_typing_filters_without_a_further_key(stand: PanelStand, qtbot: QtBot) -> None:
    qtbot.keyClicks(stand.view.search, "type:Historian")

    qtbot.waitUntil(lambda: names(model_of(stand)) == [["Services", ["historian  ·  5 users"]]])


def test_a_filter_on_states_follows_the_states(stand: PanelStand, qtmodeltester: ModelTester) -> None:
    plant = plant_in(stand)
    qtmodeltester.check(model_of(stand))
    typed(stand, "state:open")
    assert names(model_of(stand)) == []

    plant.write.sparkles(plant.pumps[2], "ttsc__open", to="open")
    stand.feed(plant.write.take())
    stand.view.figures.flush()

    assert names(model_of(stand)) == [["plant", ["pump 2"]]]


def test_a_filter_on_timers_gives_them_rows(stand: PanelStand) -> None:
    typed(stand, "type:timer")

    assert plant_in(stand).timers[0] in set(model_of(stand).keys())


def test_dead_shows_what_has_finished(stand: PanelStand) -> None:
    typed(stand, "dead:")

    assert names(model_of(stand)) == [["plant", ["guest"]]]


def test_an_unknown_filter_word_is_named(stand: PanelStand) -> None:
    typed(stand, "stat:open")

    assert "Did you mean 'state:'?" in stand.view.problem.text()
    assert stand.view.problem.isVisible()


def test_a_filter_that_finds_nothing_can_be_cleared_by_its_button(stand: PanelStand, qtbot: QtBot) -> None:
    typed(stand, "no such thing")
    button = next(it for it in stand.widget.findChildren(QPushButton) if it.isVisible())

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert stand.view.search.text() == ""
    assert len(names(model_of(stand))) == 4


def test_escape_in_the_search_clears_it(stand: PanelStand, qtbot: QtBot) -> None:
    typed(stand, "valve")
    with qtbot.waitActive(stand.widget):
        stand.widget.activateWindow()
    stand.panel.find()

    qtbot.keyClick(stand.view.search, Qt.Key.Key_Escape)

    assert len(names(model_of(stand))) == 4
    assert stand.view.tree.hasFocus()


def test_folds_come_back_when_the_filter_goes(stand: PanelStand) -> None:
    plant, tree = plant_in(stand), stand.view.tree
    tree.collapse(model_of(stand).index_of(plant.pumps[1]))

    typed(stand, "valve")
    open_in_filter = tree.isExpanded(model_of(stand).index_of(plant.pumps[1]))
    typed(stand, "")

    assert open_in_filter
    assert not tree.isExpanded(model_of(stand).index_of(plant.pumps[1]))
    assert tree.isExpanded(model_of(stand).index_of(plant.plant))
