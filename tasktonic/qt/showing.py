"""Which widget belongs to which tonic, shown in the app's own windows for a person who looks from outside.

Everything is drawn in an overlay that takes no events, and goes with whoever asked for it. In the thread of the Qt loop; it works
while catalysts are held, for the loop turns on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QStackedWidget, QTabWidget, QWidget

from ..ledger import ttLedger
from ..tonic import ttTonic
from ..toolkit import Bound, Picked, Shown
from . import bindings
from .loop_calls import loop_calls

FOLLOW_MS: Final = 60
"""How often an outline looks where its widget is now."""
MOST_OUTLINES: Final = 20
# Its own colours, which stand out in any program: a dark line beside a bright one.
_LINE: Final = QColor("#0072b2")
_EDGE: Final = QColor("#ffffff")
_WORDS: Final = QColor("#ffffff")
_WIDTH_PX: Final = 3
_EATEN: Final = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.ContextMenu,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchEnd,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletRelease,
    }
)


class QtShowing:
    """Carries out what ``toolkit.Toolkit`` says. One for each program with windows."""

    def __init__(self) -> None:
        self._outlines: dict[object, list[Outline]] = {}
        self._picking: dict[object, Picking] = {}

    def soon(self, call: Callable[[], None]) -> None:
        """Have something called in the thread of the loop. Any thread."""
        loop_calls().soon(call)

    def outline(self, owner: object, essence: Any) -> Shown:
        """Outline the widgets of an essence."""
        self._clear_outlines(owner)
        widgets = widgets_of(essence)
        if not widgets:
            return Shown(problem=f"{essence.name} is no widget and has none.")
        seen = [widget for widget in widgets if not why_unseen(widget)]
        if not seen:
            return Shown(problem=f"{essence.name}: {why_unseen(widgets[0])}.", hidden=True)
        self._outlines[owner] = [Outline(widget, essence.name) for widget in seen[:MOST_OUTLINES]]
        return Shown(", ".join(words_of(widget) for widget in seen[:MOST_OUTLINES]))

    def clear(self, owner: object) -> None:
        """Take away what is there for an owner."""
        self._clear_outlines(owner)
        picking = self._picking.pop(owner, None)
        if picking is not None:
            picking.end()

    def pick(self, owner: object, tell: Callable[[Picked], None]) -> None:
        """Have the next click choose a widget."""
        self.clear(owner)

        def told(picked: Picked) -> None:
            if picked.is_over:
                self._picking.pop(owner, None)
                self._clear_outlines(owner)
            tell(picked)

        self._picking[owner] = Picking(told, lambda widget, name: self._point(owner, widget, name))

    def bindings(self, essence: Any) -> list[Bound]:
        """The sparkles that are bound to signals by name."""
        return bindings.listed(essence) if isinstance(essence, QObject) and shiboken6.isValid(essence) else []

    def _point(self, owner: object, widget: QWidget | None, name: str) -> None:
        self._clear_outlines(owner)
        if widget is not None:
            self._outlines[owner] = [Outline(widget, name)]

    def _clear_outlines(self, owner: object) -> None:
        for outline in self._outlines.pop(owner, ()):
            if shiboken6.isValid(outline):  # its window may have gone, and taken it along
                outline.close_outline()


def widgets_of(essence: Any) -> list[QWidget]:
    """What an essence is, or else the widgets among its attributes, those in others left out."""
    if isinstance(essence, QWidget):
        return [essence] if shiboken6.isValid(essence) else []
    own = own_widgets(essence)
    return [widget for widget in own if not any(other is not widget and other.isAncestorOf(widget) for other in own)]


def own_widgets(essence: Any) -> list[QWidget]:
    """The widgets that a tonic keeps in attributes; none that is a tonic itself."""
    kept = [value for name, value in list(vars(essence).items()) if not name.startswith("_tt_")]
    return [it for it in kept if isinstance(it, QWidget) and not isinstance(it, ttTonic) and shiboken6.isValid(it)]


def words_of(widget: QWidget) -> str:
    """A widget for people: ``QPushButton 'plus'``."""
    user_class = getattr(type(widget), "_tt_user_class", type(widget))
    name = widget.objectName()
    return f"{user_class.__name__} {name!r}" if name else str(user_class.__name__)


def why_unseen(widget: QWidget) -> str:
    """Why nothing can be seen of a widget; empty when something can."""
    window = widget.window()
    if window.isMinimized():
        return "its window is minimised"
    if not window.isVisible():
        return "its window is not shown" if window is not widget else "it is not shown"
    if not widget.isVisible():
        return _why_not_visible(widget)
    if widget.width() <= 0 or widget.height() <= 0:
        return "it has no size"
    return "it is scrolled out of sight, or covered" if widget.visibleRegion().isEmpty() else ""


def _why_not_visible(widget: QWidget) -> str:
    inside: QWidget | None = widget
    while inside is not None and not inside.isWindow():
        parent = inside.parentWidget()
        if isinstance(parent, QStackedWidget) and parent.currentWidget() is not inside:
            tabs = parent.parentWidget()
            if isinstance(tabs, QTabWidget):
                title = tabs.tabText(tabs.indexOf(inside)).replace("&", "")
                return f"it is on the tab {title!r}, which is not in front"
            return "it is on a page that is not in front"
        if inside.isHidden():
            return "it is hidden" if inside is widget else f"it is inside {words_of(inside)}, which is hidden"
        inside = parent
    return "it is not visible"


def tonic_of(widget: QWidget | None) -> tuple[Any, str]:
    """The tonic that a widget is, belongs to or is inside of, and a sentence about which of it; ``None`` for none."""
    owners: dict[int, Any] = {}
    for essence in ttLedger().essences:
        if isinstance(essence, ttTonic):
            owners.update((id(value), essence) for value in own_widgets(essence))
    inside = widget
    while inside is not None:
        tonic = inside if isinstance(inside, ttTonic) and inside.id >= 0 else owners.get(id(inside))
        if tonic is not None:
            return tonic, _how(widget, inside, tonic)
        inside = inside.parentWidget()
    return None, f"{words_of(widget)} belongs to no tonic." if widget is not None else "There is no widget."


def _how(widget: Any, inside: Any, tonic: Any) -> str:
    if widget is tonic:
        return f"{words_of(widget)} is {tonic.name}."
    if inside is widget:
        return f"{words_of(widget)} belongs to {tonic.name}."
    return f"{words_of(widget)} has no tonic of its own: the nearest around it is {tonic.name}."


class Outline(QWidget):
    """A frame around one widget, in its window. Takes no events and no focus; follows the widget, and goes with it."""

    def __init__(self, widget: QWidget, name: str) -> None:
        super().__init__(widget.window())
        self._widget = widget
        self._name = name
        self.setObjectName("tasktonic_outline")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(f"{name}, shown by TaskTonic Studio")
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.follow)
        self._timer.start(FOLLOW_MS)
        self.follow()

    def follow(self) -> None:
        """Go where the widget is; hide while it cannot be seen."""
        widget = self._widget
        if not shiboken6.isValid(widget) or widget.window() is not self.parentWidget():
            self.close_outline()
            return
        if not widget.isVisible() or widget.visibleRegion().isEmpty():
            self.hide()
            return
        window = widget.window()
        seen = widget.visibleRegion().boundingRect()
        place = QRect(widget.mapTo(window, seen.topLeft()), seen.size()) if widget is not window else window.rect()
        if place != self.geometry() or not self.isVisible():
            self.setGeometry(place)
            self.show()
        self.raise_()

    def close_outline(self) -> None:
        """Leave nothing."""
        self._timer.stop()
        self.hide()
        self.deleteLater()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line, a brighter one inside it, and the name where there is room."""
        painter = QPainter(self)
        try:
            half = _WIDTH_PX / 2
            for colour, inset in ((_LINE, half), (_EDGE, _WIDTH_PX + 0.5)):
                painter.setPen(QPen(colour, _WIDTH_PX if colour is _LINE else 1))
                room = self.rect().toRectF().adjusted(inset, inset, -inset, -inset)
                painter.drawRect(room)
            metrics = self.fontMetrics()
            wide, high = metrics.horizontalAdvance(self._name) + 10, metrics.height() + 2
            if wide < self.width() and high + 8 < self.height():
                label = QRect(self.width() - wide, 0, wide, high)
                painter.fillRect(label, _LINE)
                painter.setPen(_WORDS)
                painter.drawText(label, Qt.AlignmentFlag.AlignCenter, self._name)
        finally:
            painter.end()


class Picking(QObject):
    """Takes the next click in any window of the program, and Escape; what is under the pointer is outlined meanwhile.

    Args:
        tell: hears what was picked, or that it is over.
        point: has a widget outlined, with the name of its tonic; ``None`` for none.
    """

    def __init__(self, tell: Callable[[Picked], None], point: Callable[[QWidget | None, str], None]) -> None:
        super().__init__()
        self._tell = tell
        self._point = point
        self._under: QWidget | None = None
        self._picked: Picked | None = None
        """Chosen by pressing; told when the button is let go, which the app shall not hear of either."""
        QApplication.setOverrideCursor(Qt.CursorShape.CrossCursor)
        self._is_on = True
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)

    def end(self) -> None:
        """Let everything through again."""
        if not self._is_on:
            return
        self._is_on = False
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        QApplication.restoreOverrideCursor()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep what is about choosing from the app."""
        kind = event.type()
        if kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._look(_widget_at(watched, event))
            return True
        if kind == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            self._press(_widget_at(watched, event))
            return True
        if kind == QEvent.Type.MouseButtonRelease and self._picked is not None:
            picked = self._picked
            self.end()
            self._tell(picked)
            return True
        if kind in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride) and isinstance(event, QKeyEvent):
            return self._key(event)
        return kind in _EATEN

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() != Qt.Key.Key_Escape:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            self.end()
            self._tell(Picked(-1, "Picking was ended with Escape in the app."))
        return True

    def _look(self, widget: QWidget | None) -> None:
        if widget is not self._under:
            self._under = widget
            tonic, _ = tonic_of(widget)
            self._point(widget if tonic is not None else None, tonic.name if tonic is not None else "")
            if tonic is not None:
                self._tell(Picked(tonic.id, "", is_over=False))

    def _press(self, widget: QWidget | None) -> None:
        if self._picked is None:
            tonic, words = tonic_of(widget)
            self._picked = Picked(tonic.id if tonic is not None else -1, words)


def _widget_at(watched: QObject, event: QMouseEvent) -> QWidget | None:
    """The widget that an event is for: Qt gives it to the window first, and to an open menu all that happens anywhere."""
    if isinstance(watched, QWidget):
        return watched
    at = event.position().toPoint()
    for window in QApplication.topLevelWidgets():
        if window.windowHandle() is watched:
            is_inside = window.rect().contains(at)
            return (
                (window.childAt(at) or window) if is_inside else QApplication.widgetAt(event.globalPosition().toPoint())
            )
    return None
