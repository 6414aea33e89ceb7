"""Which rows of a tree can be seen: the only ones worth telling the view about."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint
from PySide6.QtWidgets import QTreeView


def rows_on_screen(tree: QTreeView) -> list[QModelIndex]:
    """The indexes (first column) of the rows of ``tree`` that are on screen, from the top. About fifty calls."""
    bottom = tree.viewport().height()
    index = tree.indexAt(QPoint(1, 1))
    if not index.isValid():
        return []
    index = index.siblingAtColumn(0)
    found = []
    while index.isValid() and tree.visualRect(index).top() < bottom:
        found.append(index)
        index = tree.indexBelow(index)
    return found
