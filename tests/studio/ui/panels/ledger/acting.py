"""What a person does in the ledger, and what is there then."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.ledger.model import LedgerModel
from tasktonic_studio.ui.panels.ledger.rows import COLUMNS
from tests.helpers.builders import Plant, plant_of
from tests.helpers.panel_stand import PanelStand


def plant_in(stand: PanelStand) -> Plant:
    return plant_of(stand.session)


def model_of(stand: PanelStand) -> LedgerModel:
    return stand.view.model  # type: ignore[no-any-return]


def names(model: LedgerModel, parent: QModelIndex | None = None) -> list[Any]:
    """Names as nested lists: a name, or a name with the list of what is below it."""
    above = QModelIndex() if parent is None else parent
    found: list[Any] = []
    for row in range(model.rowCount(above)):
        index = model.index(row, 0, above)
        below = names(model, index)
        found.append([index.data(), below] if below else index.data())
    return found


def cell(stand: PanelStand, essence: Any, column: str, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
    number = [each.id for each in COLUMNS].index(column)
    return model_of(stand).index_of(essence, number).data(role)


def click(qtbot: QtBot, stand: PanelStand, essence: Any, *, double: bool = False) -> None:
    tree = stand.view.tree
    tree.scrollTo(model_of(stand).index_of(essence))
    at = tree.visualRect(model_of(stand).index_of(essence)).center()
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=at)
    if double:
        qtbot.mouseDClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=at)


def typed(stand: PanelStand, text: str) -> None:
    stand.view.search.setText(text)
    stand.view.apply_filter()
