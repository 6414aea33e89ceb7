"""The store panel as a whole: empty, selected in by mouse and keys, its settings, looks and endings."""

from __future__ import annotations

import json

import pytest
import shiboken6
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panels.store.arrangement import StoreKey
from tasktonic_studio.ui.panels.store.panel import StorePanel
from tasktonic_studio.ui.panels.store.rows import COLUMNS
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tests.helpers.builders import EventWriter, a_session_with_plant, plant_of
from tests.helpers.panel_stand import MakeStand, PanelStand
from tests.studio.ui.panels.store.acting import NUMBER, Shelf, click


def test_an_empty_panel_offers_the_example_plant(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand()
    button = next(it for it in stand.widget.findChildren(QPushButton) if it.isVisible())

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert stand.ran == ["run.start_example"]


# ---- the selection --------------------------------------------------------------------------------------------------------


def test_a_click_selects_the_path_for_all_panels(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("house/lamp")
    stand = make_stand(shelf.session)

    click(qtbot, stand, "house/lamp", shelf.store)

    assert stand.selection.thing == Thing("store", (shelf.store, "house/lamp"))
    assert stand.view.detail.path.whole == "house/lamp"


@pytest.mark.parametrize("width", [180, 600])
def test_the_chosen_path_is_named_at_any_width(make_stand: MakeStand, qtbot: QtBot, width: int) -> None:
    shelf = Shelf("house/lamp")
    stand = make_stand(shelf.session)
    stand.selection.select(Thing("store", (shelf.store, "house/lamp")))

    stand.view.setMinimumSize(1, 1)
    stand.view.resize(width, 600)

    qtbot.waitUntil(lambda: stand.view.detail.path.text() == "house/lamp")


def test_a_click_on_the_store_selects_the_tonic_that_it_is(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("a")
    stand = make_stand(shelf.session)

    click(qtbot, stand, "", shelf.store)

    assert stand.selection.thing == Thing("essence", shelf.store)


def test_the_keys_walk_the_paths(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("a", "b", "c")
    stand = make_stand(shelf.session)
    click(qtbot, stand, "a", shelf.store)

    qtbot.keyClick(stand.view.tree, Qt.Key.Key_Down)

    assert stand.selection.thing == Thing("store", (shelf.store, "b"))


def test_enter_goes_to_the_source_of_the_writer(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("a")
    stand = make_stand(shelf.session)
    click(qtbot, stand, "a", shelf.store)

    qtbot.keyClick(stand.view.tree, Qt.Key.Key_Return)

    assert stand.ran == ["selection.go_to_source"]


def test_a_pinned_panel_keeps_its_path(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("a", "b")
    stand = make_stand(shelf.session)
    click(qtbot, stand, "a", shelf.store)

    qtbot.mouseClick(stand.view.pin, Qt.MouseButton.LeftButton)
    stand.selection.select(Thing("store", (shelf.store, "b")))
    assert stand.view.detail.path.whole == "a"

    qtbot.mouseClick(stand.view.pin, Qt.MouseButton.LeftButton)
    assert stand.view.detail.path.whole == "b"


def test_the_menu_of_a_path_has_its_commands(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("a")
    stand = make_stand(shelf.session)
    stand.offer("selection.copy_name", "selection.show_in_inspector")
    index = stand.view.model.index_of(StoreKey(shelf.store, "a"))

    stand.view._on_menu(stand.view.tree.visualRect(index).center())

    assert stand.selection.thing == Thing("store", (shelf.store, "a"))
    menu = stand.view.findChild(CommandMenu)
    names = [line.objectName() for line in menu.actions() if line.objectName()]
    menu.close()
    assert names == [
        "selection.show_in_inspector",
        "store.follow_link",
        "store.plot",
        "store.show_listeners",
        "selection.copy_name",
        "store.copy_value",
        "store.export_csv",
        "store.export_json",
    ]


# ---- looks and endings ----------------------------------------------------------------------------------------------------


def test_the_panel_keeps_its_filter_and_columns(make_stand: MakeStand) -> None:
    stand = make_stand(Shelf("a").session)
    stand.view.search.setText("type:int")
    stand.view.tree.columns.set_off("writer", True)

    other = make_stand(Shelf("a").session)
    other.panel.restore_state(json.loads(json.dumps(stand.panel.save_state())))

    assert other.view.search.text() == "type:int"
    assert other.view.tree.isColumnHidden(NUMBER["writer"])


def test_a_narrow_panel_keeps_path_and_value(make_stand: MakeStand) -> None:
    stand = make_stand(Shelf("house/lamp").session, 300)

    shown = [column.id for column in COLUMNS if not stand.view.tree.isColumnHidden(NUMBER[column.id])]

    assert shown[:2] == ["path", "value"]
    assert "type" not in shown


def test_the_name_of_a_store_is_whole_in_a_narrow_panel_with_large_text(make_stand: MakeStand) -> None:
    write = EventWriter()
    store = write.born("ttStore", "06.ttStore", catalyst=write.catalyst("main"), service="store")
    write.store(store, "house/lamp", "1", "", "int", 0, "boss")
    session = Session()
    session.apply_events(0, write.take())
    stand = make_stand(session, 300)
    tree = stand.view.tree
    index = stand.view.model.index_of(StoreKey(store, ""))

    def is_whole() -> bool:
        return bool(tree.sizeHintForIndex(index).width() <= tree.visualRect(index).width())

    assert is_whole()
    assert not tree.isFirstColumnSpanned(0, QModelIndex()), "there is room for how many values it has"

    stand.theme.set_text_scale(2.0)
    stand.choose_theme("dark")
    assert is_whole()
    assert tree.isFirstColumnSpanned(0, QModelIndex())

    stand.widget.resize(900, 600)
    assert is_whole()
    assert not tree.isFirstColumnSpanned(0, QModelIndex())


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_the_panel_takes_on_a_theme(make_stand: MakeStand, theme: str) -> None:
    shelf = Shelf("a")
    stand = make_stand(shelf.session)

    stand.choose_theme(theme)

    index = stand.view.model.index_of(StoreKey(shelf.store, "a"), NUMBER["type"])
    assert index.data(Qt.ItemDataRole.ForegroundRole) == stand.theme.color("text_muted")


def test_everything_in_the_panel_has_a_name(make_stand: MakeStand) -> None:
    stand = make_stand(a_session_with_plant())
    view = stand.view

    for widget in (view.search, view.tree, view.pin, view.detail.table, view.detail.as_plot):
        assert widget.accessibleName()


def test_a_closed_panel_leaves_nothing_behind(qapp: object) -> None:
    stand = PanelStand(StorePanel(), a_session_with_plant())
    stand.show()
    view = stand.view
    plant = plant_of(stand.session)
    stand.selection.select(Thing("store", (plant.store, f"pumps/{plant.pumps[0]}/level")))

    stand.close()

    assert not shiboken6.isValid(view)
    stand.selection.select(None)
    stand.selection.look_at(3)


@pytest.mark.parametrize("scale, width", [(1.0, 300), (2.0, 360)])
def test_the_panel_fits_into_a_narrow_place(make_stand: MakeStand, scale: float, width: int) -> None:
    stand = make_stand(Shelf("house/lamp").session, width, 320)

    stand.theme.set_text_scale(scale)
    stand.choose_theme("dark")

    least = stand.widget.minimumSizeHint()
    assert (least.width() <= width, least.height() <= 320) == (True, True)
