"""What tests do with the store panel: a store on a shelf of its own, its rows, a click on a path, a filter."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panels.store.arrangement import StoreKey
from tasktonic_studio.ui.panels.store.rows import COLUMNS
from tests.helpers.builders import EventWriter
from tests.helpers.panel_stand import PanelStand

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
