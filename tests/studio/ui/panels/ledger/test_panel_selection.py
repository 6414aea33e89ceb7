"""The ledger follows the selection and makes it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.selection import Thing
from tests.helpers.panel_stand import PanelStand
from tests.studio.ui.panels.ledger.acting import click, model_of, plant_in


def test_a_click_selects_the_tonic_everywhere(stand: PanelStand, qtbot: QtBot) -> None:
    click(qtbot, stand, plant_in(stand).pumps[2])

    assert stand.selection.thing == Thing("essence", plant_in(stand).pumps[2])


def test_arrow_keys_select_the_next_tonic(stand: PanelStand, qtbot: QtBot) -> None:
    click(qtbot, stand, plant_in(stand).pumps[2])

    qtbot.keyClick(stand.view.tree, Qt.Key.Key_Down)

    assert stand.selection.thing == Thing("essence", plant_in(stand).valves[2])


def test_getting_the_focus_selects_nothing(stand: PanelStand, qtbot: QtBot) -> None:
    stand.view.search.setFocus()

    qtbot.keyClick(stand.view.search, Qt.Key.Key_Tab)

    assert stand.selection.thing is None


def test_a_selection_made_elsewhere_is_shown_in_a_folded_tree(stand: PanelStand) -> None:
    plant, view = plant_in(stand), stand.view
    view.tree.collapseAll()

    stand.selection.select(Thing("essence", plant.valves[3]))

    assert model_of(stand).essence_at(view.tree.currentIndex()) == plant.valves[3]
    assert view.tree.visualRect(view.tree.currentIndex()).isValid()


def test_a_selected_run_marks_its_tonic_without_replacing_the_selection(stand: PanelStand) -> None:
    plant = plant_in(stand)
    run = stand.session.live.runs.row(0)

    stand.selection.select(Thing("run", run.run))

    assert model_of(stand).essence_at(stand.view.tree.currentIndex()) == plant.plant
    assert stand.selection.thing == Thing("run", run.run)


def test_the_selection_stays_when_the_tree_changes_around_it(stand: PanelStand, qtbot: QtBot) -> None:
    plant = plant_in(stand)
    click(qtbot, stand, plant.pumps[3])
    for n in range(60):
        plant.write.born("Pump", f"new {n}", plant.plant)

    stand.feed(plant.write.take())

    assert stand.selection.thing == Thing("essence", plant.pumps[3])
    assert model_of(stand).essence_at(stand.view.tree.currentIndex()) == plant.pumps[3]


def test_a_double_click_goes_to_source(stand: PanelStand, qtbot: QtBot) -> None:
    click(qtbot, stand, plant_in(stand).valves[0], double=True)

    assert stand.ran == ["selection.go_to_source"]
    assert stand.selection.thing == Thing("essence", plant_in(stand).valves[0])


def test_enter_goes_to_source(stand: PanelStand, qtbot: QtBot) -> None:
    click(qtbot, stand, plant_in(stand).valves[0])

    qtbot.keyClick(stand.view.tree, Qt.Key.Key_Return)

    assert stand.ran == ["selection.go_to_source"]


def test_the_context_menu_offers_commands_for_the_row(stand: PanelStand, qtbot: QtBot) -> None:
    stand.offer("selection.go_to_source", "selection.copy_name")
    tree = stand.view.tree
    at: QPoint = tree.visualRect(model_of(stand).index_of(plant_in(stand).pumps[0])).center()

    tree.customContextMenuRequested.emit(at)
    menu = next(it for it in stand.widget.findChildren(QMenu) if it.isVisible())
    line = next(it for it in menu.actions() if it.objectName() == "selection.copy_name")
    menu.setActiveAction(line)
    qtbot.keyClick(menu, Qt.Key.Key_Return)

    assert stand.selection.thing == Thing("essence", plant_in(stand).pumps[0])
    assert stand.ran == ["selection.copy_name"]


def test_the_pointer_over_a_row_is_told_to_all_panels(stand: PanelStand, qtbot: QtBot) -> None:
    tree, plant = stand.view.tree, plant_in(stand)
    for pump in plant.pumps[:2]:
        qtbot.mouseMove(tree.viewport(), tree.visualRect(model_of(stand).index_of(pump)).center())

    assert stand.selection.hovered == Thing("essence", plant.pumps[1])
    assert stand.selection.thing is None


def test_what_is_pointed_at_elsewhere_is_lit(stand: PanelStand) -> None:
    tree, plant = stand.view.tree, plant_in(stand)
    row = tree.visualRect(model_of(stand).index_of(plant.pumps[3]))
    at = tree.viewport().mapTo(stand.widget, QPoint(tree.viewport().width() - 2, row.center().y()))
    before = stand.widget.grab().toImage().pixelColor(at)

    stand.selection.hover(Thing("essence", plant.pumps[3]))
    lit = stand.widget.grab().toImage().pixelColor(at)
    stand.selection.hover(None)

    assert lit == stand.theme.color("hover")
    assert stand.widget.grab().toImage().pixelColor(at) == before != lit
