"""A list whose rows have a title, a few words beside it, and a text below that wraps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent, QTextDocument
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeWidget, QTreeWidgetItem, QWidget

from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import accessible

_NO_SIZE: Final = QSize(0, 0)
_PAD: Final = tokens.SPACE_PX + 2
_ROW: Final = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class TwoLines:
    """One row. `key` says which; `marks` are begin and end of what stands out in `text`."""

    key: str
    title: str
    aside: str
    text: str
    aside_role: str = "text_muted"
    icon: str = ""
    icon_role: str = "text_muted"
    marks: tuple[tuple[int, int], ...] = ()


class TwoLineList(QTreeWidget):
    """Owned by the panel that lists something."""

    chosen = Signal(str)
    """A row was clicked, or Enter pressed on it: its key."""

    def __init__(self, theme: Theme, icons: Icons, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delegate = _Delegate(theme, icons, self)
        self.setItemDelegate(self._delegate)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(False)
        self.setVerticalScrollMode(QTreeWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        accessible.name(self, name, "Enter opens one")
        self.itemClicked.connect(self._on_item)
        self.itemActivated.connect(self._on_item)

    def show_rows(self, rows: Sequence[TwoLines], current: str = "") -> None:
        """Show these, the current one chosen."""
        shown = [item.data(0, _ROW) for item in self.items]
        if shown != list(rows):
            self._delegate.forget()
            self.clear()
            for row in rows:
                item = QTreeWidgetItem([f"{row.title}: {row.aside}. {row.text}"])
                item.setData(0, _ROW, row)
                self.addTopLevelItem(item)
        wanted = next((number for number, row in enumerate(rows) if row.key == current), 0)
        if wanted < len(self.items):
            self.setCurrentItem(self.items[wanted])

    @property
    def items(self) -> list[QTreeWidgetItem]:
        """The rows, from the top."""
        found = (self.topLevelItem(row) for row in range(self.topLevelItemCount()))
        return [item for item in found if item is not None]

    @property
    def current_key(self) -> str:
        """The key of the chosen row; empty for none."""
        item = self.currentItem()
        row = item.data(0, _ROW) if item is not None else None
        return row.key if isinstance(row, TwoLines) else ""

    def retheme(self) -> None:
        """Take on colours and fonts."""
        self._delegate.forget()
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._delegate.width = self.viewport().width()
        self._delegate.forget()
        self.scheduleDelayedItemsLayout()

    def _on_item(self, item: QTreeWidgetItem, _column: int) -> None:
        row = item.data(0, _ROW)
        if isinstance(row, TwoLines):
            self.chosen.emit(row.key)


class _Delegate(QStyledItemDelegate):
    """Paints a row: a sign, its title with what stands beside it, its text."""

    def __init__(self, theme: Theme, icons: Icons, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._documents: dict[tuple[TwoLines, int], QTextDocument] = {}
        self.width = 300

    def forget(self) -> None:
        """Another width, other colours: nothing that was laid out is of use."""
        self._documents.clear()

    @guarded(_NO_SIZE)
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        row = index.data(_ROW)
        height = round(self._document(row).size().height()) if isinstance(row, TwoLines) else tokens.ROW_HEIGHT_PX
        return QSize(self.width, height + 2 * _PAD)

    @guarded(None)
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = index.data(_ROW)
        if not isinstance(row, TwoLines):
            return
        place: QRect = option.rect
        option.widget.style().drawPrimitive(
            QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget
        )
        size = self._theme.icon_px()
        if row.icon:
            spot = QRect(place.left() + _PAD, place.top() + _PAD + 1, size, size)
            self._icons.icon(row.icon, row.icon_role).paint(painter, spot)
        painter.save()
        painter.translate(QPointF(place.left() + self._left(row), place.top() + _PAD))
        self._document(row).drawContents(painter)
        painter.restore()

    def _left(self, row: TwoLines) -> int:
        return self._theme.icon_px() + 2 * _PAD if row.icon else _PAD

    def _document(self, row: TwoLines) -> QTextDocument:
        key = (row, self.width)
        found = self._documents.get(key)
        if found is None:
            found = self._documents[key] = self._lay_out(row)
        return found

    def _lay_out(self, row: TwoLines) -> QTextDocument:
        theme = self._theme
        document = QTextDocument(self)
        document.setDocumentMargin(0)
        document.setDefaultFont(theme.font("ui"))
        small = theme.font("ui", 0.92).pointSizeF()
        document.setHtml(
            f'<div style="color:{theme.hex("text")}"><b>{escape(row.title)}</b>'
            f'<span style="color:{theme.hex(row.aside_role)}; font-size:{small:.1f}pt"> &#160;{escape(row.aside)}</span></div>'
            f'<div style="color:{theme.hex("text_muted")}; font-size:{small:.1f}pt">{self._marked(row)}</div>'
        )
        document.setTextWidth(max(self.width - self._left(row) - _PAD, 60))
        return document

    def _marked(self, row: TwoLines) -> str:
        parts, at = [], 0
        for begin, end in row.marks:
            parts.append(escape(row.text[at:begin]))
            parts.append(f'<b style="color:{self._theme.hex("text")}">{escape(row.text[begin:end])}</b>')
            at = end
        return "".join(parts) + escape(row.text[at:])
