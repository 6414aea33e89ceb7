"""Names and values that look like markup are shown sign by sign in tool tips, in every list and tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6 import QtGui
from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QTextDocument
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panel import Panel
from tasktonic_studio.ui.panels.inspector.panel import InspectorPanel
from tasktonic_studio.ui.panels.ledger.panel import LedgerPanel
from tasktonic_studio.ui.panels.state_machine.diagram_view import DiagramView
from tasktonic_studio.ui.panels.state_machine.tables import Cell, Row, TextTable
from tasktonic_studio.ui.panels.store.panel import StorePanel
from tasktonic_studio.ui.theme.theme import Theme
from tests.helpers.builders import EventWriter
from tests.helpers.panel_stand import PanelStand

HOSTILE = '<img src="file:///etc/passwd">'


def indexes(model: QAbstractItemModel, parent: QModelIndex | None = None) -> Iterator[QModelIndex]:
    """All cells, of all rows."""
    above = QModelIndex() if parent is None else parent
    for row in range(model.rowCount(above)):
        for column in range(model.columnCount(above)):
            yield model.index(row, column, above)
        yield from indexes(model, model.index(row, 0, above))


def shown(tip: str) -> str:
    """What a person sees of a tool tip."""
    if not QtGui.Qt.mightBeRichText(tip):
        return tip
    document = QTextDocument()
    document.setHtml(tip)
    return document.toPlainText()


def check(tips: list[str]) -> None:
    hostile = [tip for tip in tips if "etc/passwd" in tip]
    assert hostile
    assert [tip for tip in hostile if HOSTILE not in shown(tip)] == []


@pytest.mark.parametrize("kind", [LedgerPanel, StorePanel, InspectorPanel], ids=lambda kind: str(kind.id))
def test_rows_of_trees(kind: type[Panel], qtbot: QtBot) -> None:
    write = EventWriter()
    store = write.born("ttStore", "store", service="store")
    essence = write.born(HOSTILE, f"{HOSTILE} one")
    write.store(store, "level", HOSTILE)
    session = Session()
    session.apply_events(0, write.take())
    stand = PanelStand(kind(), session)
    qtbot.addWidget(stand.widget)
    stand.show(600, 600)
    stand.selection.select(Thing("essence", essence))
    stand.flush()

    model: Any = stand.view.model
    check([str(index.data(Qt.ItemDataRole.ToolTipRole) or "") for index in indexes(model)])


def test_tables_of_a_state_machine(qapp: QApplication) -> None:
    table = TextTable(Theme("dark"))
    table.show((HOSTILE, "tip"), [Row("key", (Cell(HOSTILE), Cell("short", tip=HOSTILE)), HOSTILE)])
    tip = int(Qt.ItemDataRole.ToolTipRole)

    headings = [table.headerData(0, way, tip) for way in (Qt.Orientation.Horizontal, Qt.Orientation.Vertical)]
    check([*map(str, headings), *(str(index.data(tip)) for index in indexes(table))])


def test_the_diagram_of_a_state_machine(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda at, text, *_: told.append(text))
    view = DiagramView(Theme("dark"))
    qtbot.addWidget(view)
    monkeypatch.setattr(view, "words", lambda key: f"{HOSTILE}: seen 2 times")

    QApplication.sendEvent(view.viewport(), QHelpEvent(QEvent.Type.ToolTip, QPoint(5, 5), QPoint(5, 5)))

    check(told)
