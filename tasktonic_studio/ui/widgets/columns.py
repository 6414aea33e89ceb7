"""Widths of the columns of a tree or table: readable at any width, hidden rather than cut off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, Protocol

import shiboken6
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction, QFont, QFontMetrics
from PySide6.QtWidgets import QHeaderView, QMenu, QStyle

_PADDING_PX: Final = 22
_LEAST_PX: Final = 36
_BESIDE_ICON_PX: Final = 6
_LUXURY_RANK: Final = 3
_TITLE_SHARE: Final = 4
"""A column of which only the shape is left keeps room for its title where that takes no more than this part of the whole."""


class ColumnLike(Protocol):
    """What is asked of a column's description."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def sample(self) -> str: ...
    @property
    def rank(self) -> int: ...
    @property
    def stretch(self) -> int: ...
    @property
    def mono(self) -> bool: ...
    @property
    def icon(self) -> bool: ...
    @property
    def roomy(self) -> str: ...
    @property
    def shrinks(self) -> bool: ...


def tabular(font: QFont) -> QFont:
    """The font with digits of one width, so that figures in a column line up."""
    result = QFont(font)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result


def plan(
    natural: Sequence[int], ranks: Sequence[int], stretch: Sequence[int], room: int, roomy: Sequence[int] | None = None
) -> list[int]:
    """Widths for this much room; 0 for a column that has to go.

    Args:
        natural: the width each column needs to be read.
        ranks: the highest go first when the room is short (of equals the last); rank 0 never goes.
        stretch: which columns share what is left over, and in which proportion.
        room: the width there is.
        roomy: the width each column should have before columns of rank 3 and more are shown at all.
    """
    shown = list(range(len(natural)))
    wished = natural if roomy is None else [max(pair) for pair in zip(natural, roomy, strict=True)]

    def needed() -> int:
        widths = wished if any(ranks[column] >= _LUXURY_RANK for column in shown) else natural
        return sum(widths[column] for column in shown)

    while needed() > room:
        dispensable = [column for column in shown if ranks[column] > 0]
        if not dispensable:
            break
        shown.remove(max(dispensable, key=lambda column: (ranks[column], column)))
    widths = [natural[column] if column in shown else 0 for column in range(len(natural))]
    takers = [column for column in shown if stretch[column]]
    if takers:
        left = room - sum(widths)
        parts = [stretch[column] if left > 0 else 1 for column in takers]
        share, rest = divmod(left, sum(parts))
        for column, part in zip(takers, parts, strict=True):
            # Less than it needs only when even the columns that never go do not fit.
            widths[column] = max(_LEAST_PX, widths[column] + share * part)
        widths[takers[0]] += rest if widths[takers[0]] > _LEAST_PX else 0
    return widths


class ColumnFit(QObject):
    """Keeps the columns of one header fitting. The view calls `fit` when it is resized and `measure` for a new font.

    What the user does wins: a column dragged to a width keeps it, one switched off in the header's menu stays off.
    """

    def __init__(self, header: QHeaderView, columns: Sequence[ColumnLike]) -> None:
        super().__init__(header)
        self._header = header
        self._columns = tuple(columns)
        self._natural = [_LEAST_PX] * len(columns)
        self._roomy = [0] * len(columns)
        self._shrunk = [(_LEAST_PX, _LEAST_PX)] * len(columns)
        self._dragged: dict[str, int] = {}
        self._off: set[str] = set()
        self._needless: frozenset[str] = frozenset()
        self._fitting = False
        self._room = 0
        header.setStretchLastSection(False)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setMinimumSectionSize(_LEAST_PX)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._on_menu)
        header.sectionResized.connect(self._on_resized)

    def measure(self, font: QFont, mono: QFont, extra: int = 0) -> None:
        """Work out what each column needs, in these fonts. ``extra`` is for the indent in stretched columns."""
        usual, fixed = QFontMetrics(tabular(font)), QFontMetrics(mono)
        view = self._header.parentWidget() or self._header
        icon = view.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize, None, view) + _BESIDE_ICON_PX
        for number, column in enumerate(self._columns):
            text = (fixed if column.mono else usual).horizontalAdvance(column.sample)
            title = usual.horizontalAdvance(column.title) if column.title else 0
            text += icon if column.icon else 0
            self._shrunk[number] = (title + _PADDING_PX, max(_LEAST_PX, icon + 2 * _BESIDE_ICON_PX))
            self._natural[number] = max(text, title, _LEAST_PX - _PADDING_PX) + _PADDING_PX
            if column.stretch:
                self._natural[number] += extra
            longer = (fixed if column.mono else usual).horizontalAdvance(column.roomy) if column.roomy else 0
            self._roomy[number] = longer + self._natural[number] - max(text, title) if longer else 0
        self.fit(self._room)

    def fit(self, room: int) -> None:
        """Give the columns their widths and hide what does not fit into ``room`` pixels."""
        self._room = room
        # A view that is being deleted is told of a last size when its header is gone already.
        if room <= 0 or not shiboken6.isValid(self._header):
            return
        natural = self._widths_wanted(room)
        stretch = [
            0 if self._is_out(column) or column.id in self._dragged else column.stretch for column in self._columns
        ]
        # One that is off needs no room at all, not even to be roomy.
        roomy = [0 if self._is_out(column) else self._roomy[number] for number, column in enumerate(self._columns)]
        widths = plan(natural, [column.rank for column in self._columns], stretch, room, roomy)
        self._fitting = True
        try:
            for number, width in enumerate(widths):
                hidden = width == 0
                if self._header.isSectionHidden(number) != hidden:
                    self._header.setSectionHidden(number, hidden)
                if not hidden and self._header.sectionSize(number) != width:
                    self._header.resizeSection(number, width)
        finally:
            self._fitting = False

    def _widths_wanted(self, room: int) -> list[int]:
        """What each column should have, before the lack of room is shared; 0 for one that is off."""
        wanted = [
            0 if self._is_out(column) else self._dragged.get(column.id, self._natural[number])
            for number, column in enumerate(self._columns)
        ]
        always = [width for width, column in zip(wanted, self._columns, strict=True) if not column.rank]
        shrinking = {it.id for it in self._columns if it.shrinks and it.id not in self._dragged}
        if sum(always) <= room or not shrinking:
            return [min(width, room // 2) for width in wanted]
        left = room - sum(
            width
            for width, column in zip(wanted, self._columns, strict=True)
            if not column.rank and column.id not in shrinking
        )
        for number, column in enumerate(self._columns):
            if column.id in shrinking:
                titled, least = self._shrunk[number]
                # What the others need not, unless it is so narrow that even a title would take too much of it.
                has_room = titled * _TITLE_SHARE <= room
                wanted[number] = min(wanted[number], max(titled, least, left // len(shrinking)) if has_room else least)
            elif column.rank:
                wanted[number] = 0
        return wanted

    def set_off(self, column_id: str, off: bool) -> None:
        """Switch a column off or on."""
        if off:
            self._off.add(column_id)
        else:
            self._off.discard(column_id)
        self.fit(self._room)

    def leave_out(self, needless: Iterable[str]) -> None:
        """Show no column of these for now, as there is nothing in them; what the user switched on or off stays so."""
        if self._needless != (needless := frozenset(needless)):
            self._needless = needless
            self.fit(self._room)

    def _is_out(self, column: ColumnLike) -> bool:
        return column.id in self._off or column.id in self._needless

    def save_state(self) -> dict[str, Any]:
        """What the user changed, for `restore_state`."""
        return {"widths": dict(self._dragged), "off": sorted(self._off)}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take up what `save_state` gave; anything else is ignored."""
        known = {column.id for column in self._columns}
        widths, off = state.get("widths"), state.get("off")
        if isinstance(widths, dict):
            self._dragged = {
                name: width for name, width in widths.items() if name in known and isinstance(width, int) and width > 0
            }
        if isinstance(off, list):
            self._off = {name for name in off if name in known}
        self.fit(self._room)

    def _on_resized(self, section: int, old: int, new: int) -> None:
        column = self._columns[section]
        if self._fitting or new <= 0:
            return
        if not column.stretch or self._free_takers() > (column.id not in self._dragged):
            self._dragged[column.id] = new
        else:
            # This one takes what is left over: its edge is moved by its neighbour's width.
            self._grow_next(section, old - new)
        # The others make room at once: there is no scroll bar that would lead to what was pushed out.
        self.fit(self._room)

    def _grow_next(self, section: int, by: int) -> None:
        for number in range(section + 1, len(self._columns)):
            if not self._header.isSectionHidden(number):
                self._dragged[self._columns[number].id] = max(_LEAST_PX, self._header.sectionSize(number) + by)
                return

    def _free_takers(self) -> int:
        """How many columns take what is left over. One of them always has to."""
        return sum(bool(it.stretch) and it.id not in self._dragged and not self._is_out(it) for it in self._columns)

    def _on_menu(self, at: QPoint) -> None:
        menu = QMenu(self._header)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in self._columns:
            if column.rank:
                entry = QAction(column.title, menu, checkable=True, checked=column.id not in self._off)
                entry.setData(column.id)
                menu.addAction(entry)
        menu.addSeparator()
        menu.addAction("Usual widths").setData("")
        menu.triggered.connect(self._on_chosen)
        menu.popup(self._header.mapToGlobal(at))

    def _on_chosen(self, entry: QAction) -> None:
        if entry.data():
            self.set_off(entry.data(), not entry.isChecked())
        else:
            self._dragged.clear()
            self._off.clear()
            self.fit(self._room)
