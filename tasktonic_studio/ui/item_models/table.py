"""Long lists as a Qt table model: millions of rows out of arrays, filtered with numpy.

The model holds an array of *items* (numbers that say which entry of the source a row shows) and asks the source for the
text of a row when it comes on screen. No proxy model: one on a million rows costs seconds where an array costs
milliseconds.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, Final, Generic, TypeVar

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt

from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.item_models.roles import ALIGNMENT, KEY, TOOL_TIP, Column, Index, heading, is_unanswered
from tasktonic_studio.ui.tips import plain_tip

Items = npt.NDArray[np.int64]
R = TypeVar("R")

_CACHED_ROWS: Final = 2_000
_LOOK_ROWS: Final = 4_096
_LONG_ROWS: Final = 1_000_000
_LONGEST_ROWS: Final = 12_000_000
"""There are hardly longer lists."""
_NO_ITEMS: Final[Items] = np.zeros(0, np.int64)


def array_of(items: Items | range) -> Items:
    """The same as an array."""
    return np.arange(items.start, items.stop, items.step, dtype=np.int64) if isinstance(items, range) else items


class TableModel(QAbstractTableModel, Generic[R]):
    """Base of the models of long lists. A subclass reads one row (`read`) and says what its cells show (`cell`).

    ``read`` is called once for a row that comes on screen; the answer is kept until `forget`. Owned by the panel that
    made it. Qt thread only.
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self._items = _NO_ITEMS
        self._start = 0
        """So much at the front of the array is gone. It is left out only when room is needed, not with each row that goes."""
        self._count = 0
        self._first: int | None = None
        """What the first row shows while all of them show numbers that follow each other. There is no array then: one of some
        million numbers takes milliseconds to make, and as much memory as the list has."""
        self._cache: dict[int, R] = {}

    # ---- what a subclass says

    def read(self, item: int) -> R:
        """All that the cells of ``item`` need, taken from the source once."""
        raise NotImplementedError

    def cell(self, row: R, column: Column, role: int) -> Any:
        """What ``column`` of a row has for ``role``. Called for rows on screen, for every role: answer fast."""
        raise NotImplementedError

    def key(self, row: R) -> Hashable:
        """The identity of a row."""
        raise NotImplementedError

    def retheme(self) -> None:
        """Take fonts from the theme."""

    # ---- rows

    @property
    def count(self) -> int:
        """How many rows are shown."""
        return self._count

    @property
    def items(self) -> Items:
        """What the rows show, in their order. Not to be written. Of a long list it may be made for who asks."""
        return self.first_items(self._count)

    def first_items(self, count: int) -> Items:
        """What the first so many rows show."""
        count = min(count, self._count)
        if self._first is not None:
            return np.arange(self._first, self._first + count, dtype=np.int64)
        return self._items[self._start : self._start + count]

    def item(self, row: int) -> int | None:
        """What row number ``row`` shows."""
        if not 0 <= row < self._count:
            return None
        return self._first + row if self._first is not None else int(self._items[self._start + row])

    def row_of(self, item: int) -> int:
        """The row that shows ``item``, -1 for none."""
        if self._first is not None:
            return item - self._first if 0 <= item - self._first < self._count else -1
        found = np.flatnonzero(self.items == item)
        return int(found[0]) if found.size else -1

    def row_from(self, item: int) -> int:
        """The first row that shows ``item`` or something after it, 0 for none."""
        if self._first is not None:
            return max(item - self._first, 0) if item - self._first < self._count else 0
        return int(np.argmax(self.items >= item)) if self._count else 0

    def entry(self, item: int) -> R:
        """The row of ``item``, read now or before."""
        row = self._cache.get(item)
        if row is None:
            if len(self._cache) >= _CACHED_ROWS:
                self._cache.clear()
            row = self._cache[item] = self.read(item)
        return row

    def append(self, items: Items | range) -> None:
        """More rows at the end, as one insertion. Numbers that follow each other are best given as a ``range``."""
        new = len(items)
        if not new:
            return
        count = self._count
        self.beginInsertRows(QModelIndex(), count, count + new - 1)
        if not self._goes_on_with(items):
            self._write_out()
            self._make_room(new)
            end = self._start + count
            self._items[end : end + new] = array_of(items)
        self._count = count + new
        self.endInsertRows()

    def _goes_on_with(self, items: Items | range) -> bool:
        """Whether rows that show numbers one after the other still do so with these at their end."""
        if not isinstance(items, range) or items.step != 1:
            return False
        if not self._count:
            self._first = items.start
        return self._first is not None and items.start == self._first + self._count

    def _write_out(self) -> None:
        """From now on what the rows show stands in an array."""
        if self._first is not None:
            self._items, self._start, self._first = self.items, 0, None

    def drop_before(self, item: int) -> int:
        """Take out the rows at the beginning that show what is older than ``item``.

        Items ascend. Negative ones are a subclass's own; they go with the older rows that follow them.

        Returns:
            How many rows went.
        """
        gone = self._older_than(item) if self._first is None else min(max(item - self._first, 0), self._count)
        if gone:
            self.beginRemoveRows(QModelIndex(), 0, gone - 1)
            self._start += gone
            self._count -= gone
            if self._first is not None:
                self._first += gone
            self.endRemoveRows()
        return gone

    def _older_than(self, item: int) -> int:
        """How many rows at the front go with what is older. Costs by these, and not by how many stay."""
        gone, items = 0, self.items
        for at in range(0, self._count, _LOOK_ROWS):
            part = items[at : at + _LOOK_ROWS]
            older = np.flatnonzero((part >= 0) & (part < item))
            gone = at + int(older[-1]) + 1 if older.size else gone
            if bool((part >= item).any()):
                break
        return gone

    def _make_room(self, new: int) -> None:
        """Have room for so many more rows at the end. In another array: who was given this one may still look at it."""
        if self._start + self._count + new > len(self._items):
            wanted = 3 * (self._count + new) // 2
            # What is not used of it takes no memory, while a copy of some million rows is felt.
            room = np.empty(max(1_024, wanted if wanted < _LONG_ROWS else max(wanted, _LONGEST_ROWS)), np.int64)
            room[: self._count] = self.items
            self._items, self._start = room, 0

    def replace(self, items: Items | range) -> None:
        """Other rows altogether: another filter, another moment, another app."""
        self.beginResetModel()
        self._start, self._count, self._first = 0, 0, None
        if self._goes_on_with(items):
            self._items = _NO_ITEMS
        else:
            self._items = np.ascontiguousarray(array_of(items), np.int64)
        self._count = len(items)
        self._cache.clear()
        self.endResetModel()

    def forget(self, rows: Iterable[int] = ()) -> None:
        """Read rows anew the next time; ``rows`` are those on screen, which are told to show themselves again."""
        self._cache.clear()
        last = len(self.columns) - 1
        for row in rows:
            self.dataChanged.emit(self.index(row, 0), self.index(row, last))

    # ---- what Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    @guarded(None)
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if is_unanswered(role) or not index.isValid():
            return None
        column = self.columns[index.column()]
        if role == ALIGNMENT:
            return column.alignment
        item = self.item(index.row())
        if item is None:
            return None
        row = self.entry(item)
        if role == KEY:
            return self.key(row)
        value = self.cell(row, column, role)
        return plain_tip(value) if role == TOOL_TIP and isinstance(value, str) else value

    @guarded(None)
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return heading(self.columns, section, orientation, role)
