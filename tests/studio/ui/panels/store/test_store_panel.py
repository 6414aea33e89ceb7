"""The store panel: the tree of paths, what changes in it, the history below, filter, time, files. By mouse and keys."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic.protocol.messages import Answer
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.edits import StoreSpot, Typed
from tasktonic_studio.session.inbox import TargetStatus, Told
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panels.store.arrangement import StoreKey
from tasktonic_studio.ui.panels.store.panel import StorePanel
from tasktonic_studio.ui.panels.store.rows import COLUMNS
from tasktonic_studio.ui.widgets import save_file
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tests.helpers.builders import MS, SECOND, EventWriter, a_session_with_plant, plant_of
from tests.helpers.panel_stand import MakeStand, PanelStand, stands_of

NUMBER = {column.id: number for number, column in enumerate(COLUMNS)}


class Shelf:
    """A session with one store and a tonic that writes to it; `store` and `boss` are their ids."""

    def __init__(self, *paths: str) -> None:
        self.write = write = EventWriter()
        write.cls("ttCatalyst")
        write.cls("Boss", (), ("ttsc__write",))
        catalyst = write.catalyst("main")
        self.boss = write.born("Boss", "boss", catalyst=catalyst)
        self.store = write.born("ttStore", "store", catalyst=catalyst, service="store")
        self.session = Session()
        for path in paths:
            self.put(path)
        self.session.apply_events(0, write.take())

    def put(self, path: str, new: str = "1", old: str = "", type_: str = "int", store: int | None = None) -> int:
        """The boss writes a value, in a run of its own; gives the run."""
        run = self.write.order(self.boss, "ttsc__write")
        self.write.store(self.store if store is None else store, path, new, old, type_, run, "boss")
        self.write.run(self.boss, "ttsc__write", run)
        return run

    def remove(self, path: str) -> None:
        name, none = ev.Name, ev.Text("")
        gone = ev.StoreChanged(self.write.t_ns, self.store, name(path), none, none, name(""), True, False, 0, name(""))
        self.write.add(gone)


@pytest.fixture
def make_stand(qtbot: QtBot) -> MakeStand:
    """Make a store panel on screen, on a session or on an empty one."""
    return stands_of(StorePanel, qtbot, 700, 600)


def rows(stand: PanelStand, *columns: str) -> list[Any]:
    """The rows that are unfolded, from the top: indented paths, or tuples of more columns."""
    model, found = stand.view.model, []

    def go(parent: Any, depth: int) -> None:
        for row in range(model.rowCount(parent)):
            index = model.index(row, 0, parent)
            path = "  " * depth + str(index.data())
            rest = [index.siblingAtColumn(NUMBER[column]).data() for column in columns]
            found.append((path, *rest) if rest else path)
            if stand.view.tree.isExpanded(index):
                go(index, depth + 1)

    go(stand.view.tree.rootIndex(), 0)
    return found


def click(qtbot: QtBot, stand: PanelStand, path: str, store: int) -> None:
    index = stand.view.model.index_of(StoreKey(store, path))
    stand.view.tree.scrollTo(index)
    at = stand.view.tree.visualRect(index).center()
    qtbot.mouseClick(stand.view.tree.viewport(), Qt.MouseButton.LeftButton, pos=at)


def unfold(stand: PanelStand, path: str, store: int) -> None:
    stand.view.tree.setExpanded(stand.view.model.index_of(StoreKey(store, path)), True)


def typed(stand: PanelStand, qtbot: QtBot, text: str) -> None:
    stand.view.search.setFocus()
    stand.view.search.clear()
    qtbot.keyClicks(stand.view.search, text)
    qtbot.keyClick(stand.view.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not stand.view._searching.isActive())


def history(stand: PanelStand) -> list[tuple[str, ...]]:
    model = stand.view.detail.model
    return [model.entry(item).texts for item in model.items.tolist()]


# ---- the tree -------------------------------------------------------------------------------------------------------------


def test_an_empty_panel_offers_the_example_plant(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand()
    button = next(it for it in stand.widget.findChildren(QPushButton) if it.isVisible())

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert stand.ran == ["run.start_example"]


def test_the_first_two_levels_are_open(make_stand: MakeStand) -> None:
    stand = make_stand(Shelf("house/lamp/watt", "house/door", "area").session)

    assert rows(stand, "value") == [
        ("store", "3 values"),
        ("  area", "1"),
        ("  house", "2 values"),
        ("    door", "1"),
        ("    lamp", "1 value"),
    ]


def test_a_row_tells_value_type_age_and_writer(make_stand: MakeStand) -> None:
    shelf = Shelf("level")
    shelf.put("level", "7.5", "1", "float")
    shelf.write.wait(3 * SECOND)
    shelf.write.log(shelf.boss, "later")
    shelf.session.apply_events(shelf.session.live.n, shelf.write.take())

    stand = make_stand(shelf.session)

    assert rows(stand, "value", "type", "age", "writer")[1] == ("  level", "7.5", "float", "3\u202fs", "boss")


def test_several_stores_stand_side_by_side(make_stand: MakeStand) -> None:
    shelf = Shelf("a")
    other = shelf.write.born("ttStore", "archive", service="archive")
    shelf.put("b", store=other)
    stand = make_stand(shelf.session)

    stand.feed(shelf.write.take())

    assert rows(stand) == ["store", "  a", "archive", "  b"]


def test_a_new_path_comes_in_at_its_place(make_stand: MakeStand) -> None:
    shelf = Shelf("a/x", "c")
    stand = make_stand(shelf.session)
    shelf.put("b/deep/deeper")
    shelf.put("a/y")

    stand.feed(shelf.write.take())

    assert rows(stand) == ["store", "  a", "    x", "    y", "  b", "    deep", "  c"]


def test_what_is_removed_goes_with_all_that_stood_there_only_for_its_sake(make_stand: MakeStand) -> None:
    shelf = Shelf("a/x/1", "a/x/2", "b/x", "b/y")
    stand = make_stand(shelf.session)
    unfold(stand, "a/x", shelf.store)
    for path in ("a/x/1", "a/x/2", "b/y"):
        shelf.remove(path)

    stand.feed(shelf.write.take())

    assert rows(stand) == ["store", "  b", "    x"]


def test_a_path_that_comes_back_is_shown_again(make_stand: MakeStand) -> None:
    shelf = Shelf("a/x", "b")
    stand = make_stand(shelf.session)
    shelf.remove("a/x")
    stand.feed(shelf.write.take())
    assert rows(stand) == ["store", "  b"]

    shelf.put("a/x", "2")
    stand.feed(shelf.write.take())

    assert rows(stand) == ["store", "  a", "    x", "  b"]


def test_the_model_stays_sound_while_paths_come_and_go(make_stand: MakeStand, qtmodeltester: ModelTester) -> None:
    shelf = Shelf("a/x", "b", *[f"list/#{number}" for number in range(95)])
    stand = make_stand(shelf.session)
    qtmodeltester.check(stand.view.model)
    for round_ in range(12):
        shelf.put(f"list/#{95 + 2 * round_}")
        shelf.put(f"list/#{96 + 2 * round_}")
        shelf.put(f"c/{round_ % 3}/{round_}")
        shelf.remove(f"list/#{round_}")
        shelf.remove(f"c/{(round_ - 1) % 3}/{round_ - 1}")
        stand.feed(shelf.write.take())
        unfold(stand, f"c/{round_ % 3}", shelf.store)

    assert rows(stand)[-2:] == ["    #12 … #99", "    #100 … #118"]


def test_a_long_list_is_grouped_by_the_hundred(make_stand: MakeStand) -> None:
    shelf = Shelf(*[f"list/#{number}" for number in range(250)])
    stand = make_stand(shelf.session)

    unfold(stand, "list", shelf.store)

    assert rows(stand, "value") == [
        ("store", "250 values"),
        ("  list", "250 values"),
        ("    #0 … #99", "100 entries"),
        ("    #100 … #199", "100 entries"),
        ("    #200 … #249", "50 entries"),
    ]


def test_a_list_that_grows_past_a_hundred_is_grouped(make_stand: MakeStand) -> None:
    shelf = Shelf(*[f"list/#{number}" for number in range(100)])
    stand = make_stand(shelf.session)
    unfold(stand, "list", shelf.store)
    assert len(rows(stand)) == 102

    shelf.put("list/#100")
    stand.feed(shelf.write.take())

    assert rows(stand)[2:] == ["    #0 … #99", "    #100"]


def test_an_entry_in_a_group_is_found_when_it_is_selected_elsewhere(make_stand: MakeStand) -> None:
    shelf = Shelf(*[f"list/#{number}" for number in range(250)])
    stand = make_stand(shelf.session)

    stand.selection.select(Thing("store", (shelf.store, "list/#150")))

    assert stand.view.tree.currentIndex().data() == "#150"
    assert stand.view.tree.visualRect(stand.view.tree.currentIndex()).isValid()


def test_odd_paths_are_rows_like_others(make_stand: MakeStand) -> None:
    odd = ["a b/ü🦊", "x//y", "trailing/", "new\nline", "q" * 4_000]
    shelf = Shelf(*odd)
    stand = make_stand(shelf.session)

    names = [row.strip() for row in rows(stand)]

    assert {"ü🦊", "(empty name)", "new line"} <= set(names)
    for path in odd:
        stand.selection.select(Thing("store", (shelf.store, path)))
        assert stand.view.detail.path.whole == path


@pytest.mark.parametrize(
    "wait_s, is_over, words",
    [(0, False, "changed now"), (5, False, "changed 5 s ago"), (0, True, "changed at the end"),
     (5, True, "changed 5 s before the end")],
)  # fmt: skip
def test_it_says_when_a_value_changed(make_stand: MakeStand, wait_s: int, is_over: bool, words: str) -> None:
    shelf = Shelf("lamp")
    shelf.write.wait(wait_s * SECOND)
    shelf.write.log(shelf.boss, "later")
    shelf.session.apply_events(shelf.session.live.n, shelf.write.take())
    if is_over:
        shelf.session.apply([TargetStatus("ended", "ended", 0)])
    stand = make_stand(shelf.session)

    stand.selection.select(Thing("store", (shelf.store, "lamp")))

    assert words in stand.view.detail.about.whole.replace("\u202f", " ").split(" · ")


def test_a_path_five_hundred_deep_can_be_seen(make_stand: MakeStand) -> None:
    deep = "/".join(f"d{number}" for number in range(500))
    shelf = Shelf(deep)
    stand = make_stand(shelf.session)

    stand.selection.select(Thing("store", (shelf.store, deep)))

    index = stand.view.tree.currentIndex()
    assert index.data().startswith("d24/d25/d26")
    assert stand.view.detail.value.whole == "1"


# ---- what changes ---------------------------------------------------------------------------------------------------------


def test_a_changed_value_is_shown_and_lit_once(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("a", "b")
    stand = make_stand(shelf.session)
    shelf.put("a", "2", "1")

    stand.feed(shelf.write.take())

    assert rows(stand, "value")[1:] == [("  a", "2"), ("  b", "1")]
    assert stand.view.tree.lit == {StoreKey(shelf.store, "a")}
    qtbot.waitUntil(lambda: not stand.view.tree.lit)
    assert not stand.view.tree._fading.isActive()


def test_without_motion_nothing_is_lit(make_stand: MakeStand) -> None:
    shelf = Shelf("a")
    stand = make_stand(shelf.session)
    stand.settings.set("motion", False)
    shelf.put("a", "2", "1")

    stand.feed(shelf.write.take())

    assert rows(stand, "value")[1] == ("  a", "2")
    assert stand.view.tree.lit == set()


def test_a_hidden_panel_catches_up_when_it_is_shown(make_stand: MakeStand) -> None:
    shelf = Shelf("a")
    stand = make_stand(shelf.session)
    stand.hide()
    shelf.put("b")
    stand.feed(shelf.write.take())
    assert rows(stand) == ["store", "  a"]

    stand.show()

    assert rows(stand) == ["store", "  a", "  b"]


def test_the_past_is_shown_and_stays_while_the_app_goes_on(make_stand: MakeStand) -> None:
    shelf = Shelf("a")
    stand = make_stand(shelf.session)
    moment = shelf.session.live.n
    shelf.put("a", "2", "1")
    shelf.put("b")
    stand.feed(shelf.write.take())

    stand.selection.look_at(moment)
    shelf.put("a", "3", "2")
    stand.feed(shelf.write.take())

    assert rows(stand, "value") == [("store", "1 value"), ("  a", "1")]
    stand.selection.look_at(None)
    assert rows(stand, "value") == [("store", "2 values"), ("  a", "3"), ("  b", "1")]


def test_folds_stay_when_the_moment_changes(make_stand: MakeStand) -> None:
    shelf = Shelf("a/b/c/d", "e/f")
    stand = make_stand(shelf.session)
    unfold(stand, "a/b", shelf.store)
    stand.view.tree.setExpanded(stand.view.model.index_of(StoreKey(shelf.store, "e")), False)
    moment = shelf.session.live.n
    shelf.put("z")
    stand.feed(shelf.write.take())

    stand.selection.look_at(moment)

    assert rows(stand) == ["store", "  a", "    b", "      c", "  e"]


# ---- the selection --------------------------------------------------------------------------------------------------------


def test_a_click_selects_the_path_for_all_panels(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("house/lamp")
    stand = make_stand(shelf.session)

    click(qtbot, stand, "house/lamp", shelf.store)

    assert stand.selection.thing == Thing("store", (shelf.store, "house/lamp"))
    assert stand.view.detail.path.whole == "house/lamp"


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


# ---- the history ----------------------------------------------------------------------------------------------------------


def test_the_history_tells_each_change_and_who_made_it(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("a")
    shelf.write.wait(500 * MS)
    shelf.put("a", "2", "1")
    shelf.session.apply_events(shelf.session.live.n, shelf.write.take())
    stand = make_stand(shelf.session)

    click(qtbot, stand, "a", shelf.store)

    assert history(stand) == [
        ("0.000\u202fs", "", "→ 1", "boss", "ttsc__write"),
        ("0.500\u202fs", "1", "→ 2", "boss", "ttsc__write"),
    ]


def test_a_click_on_a_change_selects_the_run_that_made_it(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("a")
    run = shelf.put("a", "2", "1")
    shelf.session.apply_events(shelf.session.live.n, shelf.write.take())
    stand = make_stand(shelf.session)
    click(qtbot, stand, "a", shelf.store)
    table = stand.view.detail.table

    qtbot.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(stand.view.detail.model.index(1, 0)).center()
    )

    assert stand.selection.thing == Thing("run", run)
    assert stand.view.detail.path.whole == "a"


def test_the_history_goes_on_while_the_path_changes(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("a")
    stand = make_stand(shelf.session)
    click(qtbot, stand, "a", shelf.store)

    for value in range(2, 5):
        shelf.put("a", str(value), str(value - 1))
    stand.feed(shelf.write.take())

    assert [row[2] for row in history(stand)] == ["→ 1", "→ 2", "→ 3", "→ 4"]
    assert stand.view.detail.value.whole == "4"


def test_a_removal_stands_in_the_history(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("a")
    stand = make_stand(shelf.session)
    click(qtbot, stand, "a", shelf.store)
    shelf.remove("a")

    stand.feed(shelf.write.take())

    assert history(stand)[-1][2] == "→ removed"
    assert stand.view.detail.value.whole == "removed"


def test_values_that_were_there_before_say_so(make_stand: MakeStand) -> None:
    shelf = Shelf()
    name = ev.Name
    present = ev.StoreChanged(
        0, shelf.store, name("a"), ev.Text(""), ev.Text("5"), name("int"), False, True, 0, name("")
    )
    shelf.write.add(present)
    shelf.session.apply_events(shelf.session.live.n, shelf.write.take())
    stand = make_stand(shelf.session)

    stand.selection.select(Thing("store", (shelf.store, "a")))

    assert history(stand) == [("before", "", "5", "", "")]
    assert rows(stand, "value", "age")[1] == ("  a", "5", "")


def test_a_link_leads_to_its_target(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("rooms/kitchen")
    shelf.put("alias", "→ rooms/kitchen", type_="link")
    shelf.session.apply_events(shelf.session.live.n, shelf.write.take())
    stand = make_stand(shelf.session)
    click(qtbot, stand, "alias", shelf.store)
    assert rows(stand, "value")[1] == ("  alias", "→ rooms/kitchen")

    qtbot.mouseClick(stand.view.detail.link, Qt.MouseButton.LeftButton)

    assert stand.selection.thing == Thing("store", (shelf.store, "rooms/kitchen"))


def test_a_number_is_plotted_on_request(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("a", "text")
    for value in range(2, 30):
        shelf.write.wait(SECOND)
        shelf.put("a", str(value), str(value - 1))
    shelf.put("text", "'words'", "1", "str")
    shelf.session.apply_events(shelf.session.live.n, shelf.write.take())
    stand = make_stand(shelf.session)
    click(qtbot, stand, "a", shelf.store)

    qtbot.mouseClick(stand.view.detail.as_plot, Qt.MouseButton.LeftButton)

    assert stand.view.detail.plot.isVisible()
    assert stand.view.detail.plot.summary.accessibleName() == "now 29 · least 1 · most 29"
    click(qtbot, stand, "text", shelf.store)
    assert not stand.view.detail.plot.isVisible()
    assert not stand.view.detail.as_plot.isVisible()


def test_the_value_and_the_changes_can_be_copied(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("a")
    stand = make_stand(shelf.session)
    click(qtbot, stand, "a", shelf.store)

    stand.run("store.copy_value")
    assert QGuiApplication.clipboard().text() == "1"

    stand.view.detail.table.selectRow(0)
    stand.run("store.copy_history")
    assert QGuiApplication.clipboard().text() == "0.000 s\t\t→ 1\tboss\tttsc__write"


# ---- the filter -----------------------------------------------------------------------------------------------------------


def test_a_filter_finds_paths_by_words(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("house/lamp", "house/door", "garden/lamp")
    stand = make_stand(shelf.session)

    typed(stand, qtbot, "lamp")

    assert rows(stand) == ["garden/lamp", "house/lamp"]
    assert stand.view.counts.text() == "2 of 3"


def test_a_filter_for_removed_paths_shows_what_they_were(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("a", "b")
    shelf.remove("a")
    shelf.session.apply_events(shelf.session.live.n, shelf.write.take())
    stand = make_stand(shelf.session)

    typed(stand, qtbot, "removed:")

    assert rows(stand, "value") == [("a", "removed")]


def test_what_fits_a_filter_by_now_comes_in_and_what_does_not_goes(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("a", "b")
    stand = make_stand(shelf.session)
    typed(stand, qtbot, "value:7")
    assert stand.view.nothing_found.isVisible()

    shelf.put("b", "7", "1")
    stand.feed(shelf.write.take())
    assert rows(stand) == ["b"]

    shelf.put("b", "8", "7")
    stand.feed(shelf.write.take())
    assert rows(stand) == []


def test_time_alone_takes_old_changes_out_of_the_filter(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("a")
    stand = make_stand(shelf.session)
    typed(stand, qtbot, "changed:5s")
    assert rows(stand) == ["a"]

    shelf.write.wait(6 * SECOND)
    shelf.write.log(shelf.boss, "later")
    stand.feed(shelf.write.take())
    stand.view._show_ages()

    assert rows(stand) == []


def test_more_found_than_anybody_reads_is_counted(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand(Shelf(*[f"sensor{number}" for number in range(1_200)]).session)

    typed(stand, qtbot, "sensor")

    assert stand.view.counts.text() == "1\u202f200 of 1\u202f200, the first 1\u202f000 shown"
    assert stand.view.model.rowCount() == 1_000


def test_escape_clears_the_filter(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand(Shelf("a", "b").session)
    typed(stand, qtbot, "a")

    stand.panel.find()
    qtbot.keyClick(stand.view.search, Qt.Key.Key_Escape)

    assert rows(stand) == ["store", "  a", "  b"]


def test_a_filter_that_is_not_understood_says_why(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand(Shelf("a").session)

    typed(stand, qtbot, "changed:soon")

    assert stand.view.problem.text() == "'changed:' wants a time such as 'changed:5s' or 'changed:200ms'."


# ---- files ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def save_as(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Path]:
    """Answer the question for a file with this name in a folder of the test."""

    def answer(name: str) -> Path:
        monkeypatch.setattr(save_file, "file_to_save", lambda *_: str(tmp_path / name))
        return tmp_path / name

    return answer


def exported(stand: PanelStand, qtbot: QtBot, command: str) -> str:
    with qtbot.waitSignal(stand.view.saving.ended):
        stand.run(command)
    qtbot.waitUntil(lambda: not stand.view.bar.cancel.isVisible())
    text: str = stand.view.problem.text()
    return text


def test_the_values_are_saved_as_csv(make_stand: MakeStand, qtbot: QtBot, save_as: Callable[[str], Path]) -> None:
    shelf = Shelf("a")
    shelf.put("odd, path", "=1+1", type_="str")
    shelf.session.apply_events(shelf.session.live.n, shelf.write.take())
    stand = make_stand(shelf.session)
    file = save_as("store.csv")

    sentence = exported(stand, qtbot, "store.export_csv")

    table = list(csv.DictReader(file.read_text().splitlines()))
    assert sentence == f"Saved {file}."
    assert [(row["path"], row["value"], row["writer"], row["seconds"]) for row in table] == [
        ("a", "1", "boss", "0.0"),
        ("odd, path", "'=1+1", "boss", "2e-05"),
    ]


def test_with_a_filter_only_what_it_found_is_saved(
    make_stand: MakeStand, qtbot: QtBot, save_as: Callable[[str], Path]
) -> None:
    stand = make_stand(Shelf("a", "b").session)
    typed(stand, qtbot, "b")
    file = save_as("store.json")

    exported(stand, qtbot, "store.export_json")

    values = json.loads(file.read_text())
    assert [(value["store"], value["path"], value["value"], value["removed"]) for value in values] == [
        ("store", "b", "1", False)
    ]


def test_a_place_that_cannot_be_written_is_told(
    make_stand: MakeStand, qtbot: QtBot, save_as: Callable[[str], Path]
) -> None:
    stand = make_stand(Shelf("a").session)
    file = save_as("none/store.csv")

    assert exported(stand, qtbot, "store.export_csv") == (
        f"{file} could not be written: No such file or directory. Choose another place."
    )


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


def test_a_store_of_a_hundred_thousand_paths_makes_rows_only_for_what_is_open(make_stand: MakeStand) -> None:
    shelf = Shelf()
    for number in range(100_000):
        shelf.write.store(shelf.store, f"area {number // 1_000}/sensor {number % 1_000}", "1.5")
    shelf.session.apply_events(shelf.session.live.n, shelf.write.take())

    stand = make_stand(shelf.session)

    assert len(list(stand.view.model.keys())) == 101
    unfold(stand, "area 7", shelf.store)
    assert len(list(stand.view.model.keys())) == 111
    assert rows(stand, "value")[9] == ("    sensor 0 … sensor 99", "100 entries")


@pytest.mark.parametrize("scale, width", [(1.0, 300), (2.0, 360)])
def test_the_panel_fits_into_a_narrow_place(make_stand: MakeStand, scale: float, width: int) -> None:
    stand = make_stand(Shelf("house/lamp").session, width, 320)

    stand.theme.set_text_scale(scale)
    stand.choose_theme("dark")

    least = stand.widget.minimumSizeHint()
    assert (least.width() <= width, least.height() <= 320) == (True, True)


# ---- editing ---------------------------------------------------------------------------------------------------------------


def editing(make_stand: MakeStand, path: str = "a/count", **size: int) -> tuple[Shelf, PanelStand]:
    """A store panel in which the value of a path is being typed."""
    shelf = Shelf("a/count", "a/other")
    stand = make_stand(shelf.session, **size)
    stand.selection.select(Thing("store", (shelf.store, path)))
    stand.panel.edit()
    assert stand.view.editor.is_open
    return shelf, stand


def test_what_is_typed_is_handed_on_with_what_was_seen(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf, stand = editing(make_stand)

    stand.view.editor.line.setText("[1, 2]")
    qtbot.keyClick(stand.view.editor.line, Qt.Key.Key_Return)

    assert stand.session.edits.typed == Typed(StoreSpot(shelf.store, "a/count"), "[1, 2]", "1", "int")
    assert stand.ran == ["change.send_typed"]
    assert not stand.view.editor.is_open


def test_a_value_that_was_not_changed_is_not_sent(make_stand: MakeStand, qtbot: QtBot) -> None:
    _, stand = editing(make_stand)

    qtbot.keyClick(stand.view.editor.line, Qt.Key.Key_Return)

    assert stand.ran == []


def test_what_is_being_typed_stays_over_its_row_when_the_panel_becomes_narrow(make_stand: MakeStand) -> None:
    _, stand = editing(make_stand)

    stand.widget.resize(300, 500)

    editor, ground = stand.view.editor.geometry(), stand.view.tree.viewport().rect()
    row = stand.view.tree.visualRect(stand.view.model.index_of(stand.view.detail.key, NUMBER["value"]))
    assert ground.contains(editor)
    assert editor.top() == row.top()
    assert editor.right() == ground.right()


def test_nothing_is_typed_for_a_path_that_goes_away(make_stand: MakeStand) -> None:
    shelf, stand = editing(make_stand)

    shelf.remove("a/count")
    stand.feed(shelf.write.take())

    assert not stand.view.editor.is_open


def test_what_was_sent_is_shown_beside_the_value_until_it_comes_back(make_stand: MakeStand) -> None:
    shelf, stand = editing(make_stand)
    stand.view.editor.cancel()
    index = stand.view.model.index_of(StoreKey(shelf.store, "a/count"), NUMBER["value"])
    stand.session.edits.sent(StoreSpot(shelf.store, "a/count"), 1, "7")
    before = index.data()

    shelf.put("a/count", "7", "1")
    stand.feed(shelf.write.take())
    stand.session.apply([Told(Answer(1, True))])
    stand.session.edits.take(Changes(store={(shelf.store, "a/count")}))

    assert (before, index.data()) == ("1 → 7, sent", "7")
