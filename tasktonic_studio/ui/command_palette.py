"""Find and run any command, or go to anything, by typing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QKeyEvent, QPainter, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import fuzzy

ROW_PX: Final = 32
ROWS_SHOWN: Final = 12
_OFFERED: Final = "\0"
"""The prefix of what is offered once; nobody types it."""
RESULTS: Final = 200
"""Nobody reads further; more typing is the way to the rest."""

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the palette. ``detail`` is searched too, ``key`` is shown at the right; ``run`` is called when chosen."""

    title: str
    run: Callable[[], None]
    detail: str = ""
    key: str = ""
    icon: str = ""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that fits what was typed, and the places of the letters in its title."""

    entry: Entry
    places: tuple[int, ...]


def search(entries: Sequence[Entry], typed: str) -> list[Hit]:
    """The entries that fit, best first; what cannot be done now comes last. Pure."""
    scored: list[tuple[bool, int, int, Hit]] = []
    for number, entry in enumerate(entries):
        found = fuzzy.match(typed, entry.title)
        if found is None:
            wider = fuzzy.match(typed, f"{entry.title} {entry.detail}")
            if wider is None:
                continue
            found = wider[0] - 100_000, tuple(at for at in wider[1] if at < len(entry.title))
        scored.append((not entry.enabled, -found[0], number, Hit(entry, found[1])))
    scored.sort(key=lambda item: item[:3])
    return [hit for *_, hit in scored[:RESULTS]]


class HitModel(QAbstractListModel):
    """The hits as a list; replaced as a whole with each letter."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.hits: list[Hit] = []

    def show(self, hits: list[Hit]) -> None:
        self.beginResetModel()
        self.hits = hits
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.hits)

    @guarded(None)
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self.hits[index.row()].entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (entry.title, entry.detail, entry.key) if part)
        if role == Qt.ItemDataRole.UserRole:
            return self.hits[index.row()]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or not self.hits[index.row()].entry.enabled:
            return Qt.ItemFlag.ItemIsSelectable if index.isValid() else Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled


class HitDelegate(QStyledItemDelegate):
    """One line: icon, title with the typed letters lit, detail, key."""

    def __init__(self, theme: Theme, icons: Icons, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, self._theme.icon_px(ROW_PX))

    @guarded(None)
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        hit = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(hit, Hit):
            return
        painter.save()
        try:
            self._draw(painter, option, hit)
        finally:
            painter.restore()

    def _draw(self, painter: QPainter, option: QStyleOptionViewItem, hit: Hit) -> None:
        place: QRect = option.rect.adjusted(4, 1, -4, -1)
        state: QStyle.StateFlag = option.state
        theme = self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selection_back"))
            painter.drawRoundedRect(place, tokens.RADIUS_PX, tokens.RADIUS_PX)
        entry = hit.entry
        role = "text" if entry.enabled else "text_muted"
        if entry.icon:
            picture = self._icons.pixmap(entry.icon, "text_muted", 16, painter.device().devicePixelRatioF())
            painter.drawPixmap(place.left() + 8, place.center().y() + 1 - theme.icon_px() // 2, picture)
        right = place.right() - 10
        painter.setFont(theme.font("ui", 0.9))
        painter.setPen(theme.color("text_muted"))
        if entry.key:
            width = painter.fontMetrics().horizontalAdvance(entry.key)
            painter.drawText(
                QRect(right - width, place.top(), width + 2, place.height()), Qt.AlignmentFlag.AlignVCenter, entry.key
            )
            right -= width + 16
        left = place.left() + 18 + theme.icon_px()
        drawn = self._title(painter, hit, role, left, place, right - left)
        left += drawn + 12
        if entry.detail and right - left > 30:
            painter.setFont(theme.font("ui", 0.9))
            painter.setPen(theme.color("text_muted"))
            detail = painter.fontMetrics().elidedText(entry.detail, Qt.TextElideMode.ElideMiddle, right - left)
            painter.drawText(
                QRect(left, place.top(), right - left, place.height()), Qt.AlignmentFlag.AlignVCenter, detail
            )

    def _title(self, painter: QPainter, hit: Hit, role: str, left: int, place: QRect, room: int) -> int:
        """Draw the title with its letters lit; returns its width."""
        font = self._theme.font("ui")
        painter.setFont(font)
        text = painter.fontMetrics().elidedText(hit.entry.title, Qt.TextElideMode.ElideRight, room)
        layout = QTextLayout(text, font)
        lit = QTextCharFormat()
        lit.setForeground(self._theme.color("accent"))
        lit.setFontWeight(700)
        ranges = []
        for at in hit.places:
            if at < len(text):
                one = QTextLayout.FormatRange()
                one.start, one.length, one.format = at, 1, lit
                ranges.append(one)
        layout.setFormats(ranges)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(max(room, 1) + 100)
        layout.endLayout()
        painter.setPen(self._theme.color(role))
        layout.draw(
            painter, place.topLeft().toPointF() + QPointF(left - place.left(), (place.height() - line.height()) / 2)
        )
        return int(line.naturalTextWidth())


class CommandPalette(QFrame):
    """A line to type in and a list of what fits, over the upper middle of the window.

    Owned by the workbench. It closes when something was chosen, on Escape and when it loses the focus.
    """

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._over = parent
        self.setObjectName("palette")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._sources: dict[str, tuple[str, Callable[[], Sequence[Entry]]]] = {}
        self._entries: Sequence[Entry] = ()
        self._mode = ""
        self._before: QWidget | None = None
        self._line = QLineEdit()
        self._line.setObjectName("palette_line")
        self._line.setFrame(False)
        self._list = QListView()
        self._list.setObjectName("palette_list")
        self._list.setUniformItemSizes(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setAccessibleName("What fits")
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._model = HitModel(self)
        self._list.setModel(self._model)
        self._list.setItemDelegate(HitDelegate(theme, icons, self))
        self._nothing = QLabel()
        self._nothing.setProperty("role", "muted")
        self._nothing.setWordWrap(True)
        self._nothing.setContentsMargins(14, 10, 14, 12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 5)
        layout.setSpacing(4)
        layout.addWidget(self._line)
        layout.addWidget(self._nothing)
        layout.addWidget(self._list)
        self.setAccessibleName("Command palette")
        self._line.textChanged.connect(self._on_typed)
        self._line.installEventFilter(self)
        self._list.clicked.connect(self._on_clicked)
        parent.installEventFilter(self)
        self.hide()

    @property
    def hits(self) -> list[Hit]:
        """What is listed now, best first."""
        return self._model.hits

    @property
    def chosen_title(self) -> str:
        """The words of the line that is chosen; empty for none."""
        row = self._list.currentIndex().row()
        return self._model.hits[row].entry.title if 0 <= row < len(self._model.hits) else ""

    @property
    def mode(self) -> str:
        """The prefix of the source that is listed."""
        return self._mode

    def add_source(self, prefix: str, hint: str, entries: Callable[[], Sequence[Entry]]) -> None:
        """Add something to search. ``prefix`` typed first switches to it; ``hint`` stands in the empty line."""
        self._sources[prefix] = (hint, entries)

    def open(self, prefix: str = "", typed: str = "") -> None:
        """Show the palette on one of its sources; asked for its entries once, now."""
        if not self.isVisible():
            self._before = QApplication.focusWidget()
        self._take_source(prefix)
        self._line.setText(typed)
        self._on_typed(typed)
        self._place()
        self.show()
        self.raise_()
        self._line.setFocus(Qt.FocusReason.PopupFocusReason)
        self._line.selectAll()

    def offer(self, hint: str, entries: Sequence[Entry]) -> None:
        """Let one of these be chosen, and nothing else."""
        self._sources[_OFFERED] = (hint, lambda: entries)
        self.open(_OFFERED)

    def dismiss(self) -> None:
        """Close without choosing; the focus goes back to where it was."""
        if not self.isVisible():
            return
        self.hide()
        self._entries = ()
        if self._before is not None and self._before.isVisible():
            QWidget.setFocus(self._before, Qt.FocusReason.PopupFocusReason)
        self._before = None

    def choose(self, row: int) -> None:
        """Run an entry of the list, if it can be done now."""
        if 0 <= row < len(self._model.hits) and self._model.hits[row].entry.enabled:
            entry = self._model.hits[row].entry
            self.dismiss()
            entry.run()

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._line:
            if event.type() == QEvent.Type.FocusOut and QApplication.activePopupWidget() is None:
                self.dismiss()
            elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                return self._on_key(event)
        elif watched is self._over and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _on_key(self, event: QKeyEvent) -> bool:
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: ROWS_SHOWN - 1,
            Qt.Key.Key_PageUp: 1 - ROWS_SHOWN,
        }
        key = Qt.Key(event.key())
        if key in steps:
            self._move(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose(self._list.currentIndex().row())
        elif key == Qt.Key.Key_Escape:
            self.dismiss()
        elif key == Qt.Key.Key_Backspace and not self._line.text() and self._mode:
            self.open("")
        else:
            return key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        return True

    def _move(self, steps: int) -> None:
        rows = len(self._model.hits)
        if rows:
            at = self._list.currentIndex().row() + steps
            at = at % rows if abs(steps) == 1 else min(max(at, 0), rows - 1)
            self._list.setCurrentIndex(self._model.index(at, 0))
            self._line.setAccessibleDescription(self._model.hits[at].entry.title)

    def _take_source(self, prefix: str) -> None:
        hint, entries = self._sources[prefix]
        self._mode = prefix
        self._entries = entries()
        self._line.setPlaceholderText(hint)
        self._line.setAccessibleName(hint)

    def _on_typed(self, typed: str) -> None:
        for prefix in self._sources:
            if prefix and prefix != self._mode and typed.startswith(prefix):
                self._take_source(prefix)
                self._line.setText(typed[len(prefix) :].lstrip())
                return
        hits = search(self._entries, typed)
        self._model.show(hits)
        first = next((row for row, hit in enumerate(hits) if hit.entry.enabled), -1)
        if first >= 0:
            self._list.setCurrentIndex(self._model.index(first, 0))
            self._line.setAccessibleDescription(hits[first].entry.title)
        self._nothing.setVisible(not hits)
        self._list.setVisible(bool(hits))
        self._nothing.setText(
            f"Nothing fits “{typed}”."
            if self._entries
            else "There is nothing to go to yet: start or attach to an app first."
        )
        self._place()

    def _on_clicked(self, index: QModelIndex) -> None:
        self.choose(index.row())

    def _place(self) -> None:
        parent = self._over
        rows = min(len(self._model.hits), ROWS_SHOWN)
        self._list.setFixedHeight(rows * self._theme.icon_px(ROW_PX) + 2)
        width = min(680, parent.width() - 48)
        self.setFixedWidth(width)
        layout = self.layout()
        height = layout.sizeHint().height() if layout is not None else self.sizeHint().height()
        top = max(24, parent.height() // 9)
        self.setGeometry((parent.width() - width) // 2, top, width, min(height, parent.height() - top - 16))
