"""The catalysts as a Qt table model, one row each."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, Final

import numpy as np
from PySide6.QtCore import Qt

from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.queues import CatalystFacts
from tasktonic_studio.session.senders import top_senders
from tasktonic_studio.ui.item_models.roles import (
    ACCESSIBLE_TEXT,
    DECORATION,
    DISPLAY,
    FONT,
    FOREGROUND,
    SHARE,
    TOOL_TIP,
    Column,
)
from tasktonic_studio.ui.item_models.table import TableModel
from tasktonic_studio.ui.panels.catalysts.rows import (
    COLUMNS,
    NO_ROW,
    NUMBER,
    CatalystRow,
    catalyst_row,
    trend_words,
    trends,
)
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets.columns import tabular
from tasktonic_studio.ui.widgets.shapes import Shapes

TREND: Final = Qt.ItemDataRole.UserRole + 20
"""What the delegate of the column of that name draws."""


class CatalystsModel(TableModel[CatalystRow]):
    """The catalysts of one moment. An item is the id of a catalyst."""

    def __init__(self, theme: Theme, shapes: Shapes) -> None:
        super().__init__(COLUMNS)
        self._theme = theme
        self._shapes = shapes
        self._rows: dict[int, CatalystRow] = {}
        self.retheme()

    def show(
        self, known: Knowledge, accepts: Callable[[Knowledge, CatalystFacts], bool], on_screen: Iterable[int]
    ) -> bool:
        """Bring the rows up to date, those that are wanted; ``on_screen`` are those that are told to the view. True when catalysts came or went."""
        lately, senders = trends(known), top_senders(known)
        self._rows = {
            catalyst: catalyst_row(known, facts, lately.get(catalyst), senders.get(catalyst))
            for catalyst, facts in sorted(known.catalysts.items())
            if accepts(known, facts)
        }
        items = np.fromiter(self._rows, np.int64, len(self._rows))
        is_other = not np.array_equal(items, self.items)
        if is_other:
            self.replace(items)
        else:
            self.forget(on_screen)
        return is_other

    def row_for(self, catalyst: int) -> CatalystRow:
        """What is shown of a catalyst."""
        return self._rows.get(catalyst, NO_ROW)

    def retheme(self) -> None:
        """Take fonts from the theme."""
        self._figures = tabular(self._theme.font("ui"))

    # ---- rows

    def read(self, item: int) -> CatalystRow:
        return self.row_for(item)

    def key(self, row: CatalystRow) -> Hashable:
        return row.id

    def cell(self, row: CatalystRow, column: Column, role: int) -> Any:
        if role == DISPLAY:
            return row.texts[NUMBER[column.id]]
        if role == FOREGROUND:
            return self._theme.color(_role(row, column))
        if role == DECORATION:
            return self._shapes.icon(row.shape) if column.id == "status" else None
        if role == FONT:
            return self._figures
        if role == SHARE:
            return row.share if column.id == "busy" else None
        if role == TREND:
            return row.trend if column.id == "trend" else None
        if role == TOOL_TIP:
            return row.tip
        if role == ACCESSIBLE_TEXT:
            if column.id == "trend":
                return trend_words(row.trend, row.texts[NUMBER["depth"]])
            return row.texts[NUMBER[column.id]] or f"no {column.title.lower()}"
        return None


def _role(row: CatalystRow, column: Column) -> str:
    """The colour role of a cell's text."""
    if column.id == "status":
        return row.status_role
    return "text_muted" if row.aside or column.id in ("sender", "thread", "oldest") else "text"
