"""What tests do with the inspector: select a tonic, read a line, click on it, answer with attributes."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.selection import Thing
from tests.helpers.builders import Plant, plant_of
from tests.helpers.panel_stand import PanelStand


def plant_in(stand: PanelStand) -> Plant:
    return plant_of(stand.session)


def select(stand: PanelStand, essence: int) -> None:
    stand.selection.select(Thing("essence", essence))


def index_of(stand: PanelStand, *key: str, column: int = 0) -> QModelIndex:
    index: QModelIndex = stand.view.model.index_of(key, column)
    assert index.isValid(), f"no fact {key}"
    return index


def value(stand: PanelStand, *key: str) -> Any:
    return index_of(stand, *key, column=1).data()


def click(qtbot: QtBot, stand: PanelStand, *key: str, column: int = 1) -> None:
    tree = stand.view.tree
    index = index_of(stand, *key, column=column)
    tree.scrollTo(index)
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=tree.visualRect(index).center())
