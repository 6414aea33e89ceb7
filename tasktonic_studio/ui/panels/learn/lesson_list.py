"""The list of lessons: title, what it is about, and how far one has come."""

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
_ENTRY: Final = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Entry:
    """One lesson in the list. `standing` is in words: `5 min`, `step 3 of 7`, `done`."""

    lesson_id: str
    title: str
    about: str
    standing: str
    state: str
    """`new`, `begun`, or `done`."""
    is_foreign: bool = False


_ICONS: Final = {"new": ("learn", "text_muted"), "begun": ("right", "accent"), "done": ("ok", "ok")}


class LessonList(QTreeWidget):
    """Owned by the Learn panel's view."""

    chosen = Signal(str)
    """A lesson was clicked, or Enter pressed on it."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._delegate = _EntryDelegate(theme, icons, self)
        self.setItemDelegate(self._delegate)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(False)
        self.setVerticalScrollMode(QTreeWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        accessible.name(self, "Lessons", "Enter opens one")
        self.itemClicked.connect(self._on_item)
        self.itemActivated.connect(self._on_item)

    def show_entries(self, entries: Sequence[Entry], current: str = "") -> None:
        """Show these, the current one chosen."""
        shown = [item.data(0, _ENTRY) for item in self.items]
        if shown != list(entries):
            self.clear()
            for entry in entries:
                item = QTreeWidgetItem([f"{entry.title}: {entry.standing}. {entry.about}"])
                item.setData(0, _ENTRY, entry)
                self.addTopLevelItem(item)
        wanted = next((row for row, entry in enumerate(entries) if entry.lesson_id == current), 0)
        if wanted < len(self.items):
            self.setCurrentItem(self.items[wanted])

    @property
    def items(self) -> list[QTreeWidgetItem]:
        """The lessons, from the top."""
        found = (self.topLevelItem(row) for row in range(self.topLevelItemCount()))
        return [item for item in found if item is not None]

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
        entry = item.data(0, _ENTRY)
        if isinstance(entry, Entry):
            self.chosen.emit(entry.lesson_id)


class _EntryDelegate(QStyledItemDelegate):
    """Paints a lesson: a sign, its title, what it is about; how it stands at the right of the title."""

    def __init__(self, theme: Theme, icons: Icons, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._documents: dict[tuple[Entry, int], QTextDocument] = {}
        self.width = 300

    def forget(self) -> None:
        """Another width, other colours: nothing that was laid out is of use."""
        self._documents.clear()

    @property
    def _left(self) -> int:
        return self._theme.icon_px() + 2 * _PAD

    @guarded(_NO_SIZE)
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        entry = index.data(_ENTRY)
        height = round(self._document(entry).size().height()) if isinstance(entry, Entry) else tokens.ROW_HEIGHT_PX
        return QSize(self.width, height + 2 * _PAD)

    @guarded(None)
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry = index.data(_ENTRY)
        if not isinstance(entry, Entry):
            return
        place: QRect = option.rect
        option.widget.style().drawPrimitive(
            QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget
        )
        name, role = _ICONS[entry.state]
        size = self._theme.icon_px()
        self._icons.icon(name, role).paint(painter, QRect(place.left() + _PAD, place.top() + _PAD + 1, size, size))
        painter.save()
        painter.translate(QPointF(place.left() + self._left, place.top() + _PAD))
        self._document(entry).drawContents(painter)
        painter.restore()

    def _document(self, entry: Entry) -> QTextDocument:
        key = (entry, self.width)
        found = self._documents.get(key)
        if found is None:
            found = self._documents[key] = self._lay_out(entry)
        return found

    def _lay_out(self, entry: Entry) -> QTextDocument:
        theme = self._theme
        document = QTextDocument(self)
        document.setDocumentMargin(0)
        document.setDefaultFont(theme.font("ui"))
        small = theme.font("ui", 0.92).pointSizeF()
        standing = theme.hex("ok" if entry.state == "done" else "accent" if entry.state == "begun" else "text_muted")
        document.setHtml(
            f'<div style="color:{theme.hex("text")}"><b>{escape(entry.title)}</b>'
            f'<span style="color:{standing}; font-size:{small:.1f}pt"> &#160;{escape(entry.standing)}</span></div>'
            f'<div style="color:{theme.hex("text_muted")}; font-size:{small:.1f}pt">{escape(entry.about)}</div>'
        )
        document.setTextWidth(max(self.width - self._left - _PAD, 60))
        return document
