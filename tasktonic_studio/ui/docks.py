"""Panel to dock widget: places them, tells each whether it is visible, and hands changes to the visible ones.

The only file that knows how docks are made. Splits are made before tabs: Qt adds a tab where one splits a tabbed dock.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QTabBar,
    QTabWidget,
    QToolButton,
    QWidget,
)

from tasktonic_studio.session.changes import Changes
from tasktonic_studio.ui.guard import report_once
from tasktonic_studio.ui.layouts import Arrangement, Split, Tabs, first_panel, mates
from tasktonic_studio.ui.panel import Panel, PanelContext
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.widgets.empty_state import EmptyState
from tasktonic_studio.ui.widgets.focus import FocusLeader
from tasktonic_studio.ui.widgets.on_screen import is_on_screen

STATE_VERSION: Final = 1
LEAST_PX: Final = (200, 120)
"""A panel can be made so narrow and so low, whatever is in it and however large its text is."""
TITLE_HEIGHT_PX: Final = 28
_MOST_HOPS: Final = 1_000
"""So many widgets are left out on the way of one Tab."""


class DockTitle(QWidget):
    """The title of a dock: icon, words, and two small buttons. Bright while its panel has the focus."""

    close_wanted = Signal()

    def __init__(self, dock: QDockWidget, panel: Panel, icons: Icons) -> None:
        super().__init__(dock)
        self.setObjectName("dock_title")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._dock = dock
        self._panel = panel
        self._icons = icons
        self._picture = QLabel()
        self._words = QLabel(panel.title)
        self._float = self._button("float", f"Take {panel.title} out of the window, or put it back")
        self._float.clicked.connect(self._on_float)
        self._close = self._button("close", f"Close {panel.title}")
        self._close.clicked.connect(self.close_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(tokens.SPACE_PX, 0, tokens.SMALL_SPACE_PX, 0)
        layout.setSpacing(6)
        layout.addWidget(self._picture)
        layout.addWidget(self._words)
        layout.addStretch()
        layout.addWidget(self._float)
        layout.addWidget(self._close)
        self.setToolTip(panel.help)
        self.draw(focused=False)

    def say(self, title: str) -> None:
        """Other words."""
        self._words.setText(title)

    def draw(self, *, focused: bool) -> None:
        """Take on the colours of the theme and of the focus."""
        role = "text" if focused else "text_muted"
        self.setFixedHeight(self.height_px)
        self.setProperty("quiet", "false" if focused else "true")
        for widget in (self, self._words):
            self.style().unpolish(widget)
            self.style().polish(widget)
        if self._panel.icon:
            self._picture.setPixmap(
                self._icons.pixmap(self._panel.icon, "accent" if focused else role, 14, self.devicePixelRatioF())
            )
        self._float.setIcon(self._icons.icon("float", "text_muted"))
        self._close.setIcon(self._icons.icon("close", "text_muted"))

    @property
    def height_px(self) -> int:
        """As high as usual, or more where text is large."""
        return max(TITLE_HEIGHT_PX, self._words.fontMetrics().height() + 10)

    def sizeHint(self) -> QSize:
        """The dock asks for this, not for the fixed height."""
        return QSize(super().sizeHint().width(), self.height_px)

    def minimumSizeHint(self) -> QSize:
        """Narrow docks cut the title, not the other way round."""
        return QSize(60, self.height_px)

    def _button(self, icon: str, words: str) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(self._icons.icon(icon, "text_muted"))
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button

    def _on_float(self) -> None:
        self._dock.setFloating(not self._dock.isFloating())


class DockArea(QMainWindow):
    """Where the panels are. A window inside the window, so that the start page can stand in its place.

    Owned by the workbench, owns the docks and through them what the panels built.
    """

    changed_by_user = Signal()
    shown_changed = Signal()
    """A panel came on screen or left it."""

    def __init__(self, panels: Sequence[Panel], context: PanelContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setObjectName("dock_area")
        self.setDockOptions(
            QMainWindow.DockOption.AllowNestedDocks
            | QMainWindow.DockOption.AllowTabbedDocks
            | QMainWindow.DockOption.GroupedDragging
        )
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.setDocumentMode(True)
        self._context = context
        self._panels = {panel.id: panel for panel in panels}
        self._docks: dict[str, QDockWidget] = {}
        self._titles: dict[str, DockTitle] = {}
        self._no_titles: dict[str, QWidget] = {}
        self._visible: list[str] = []
        self._stale: set[str] = set(self._panels)
        self._placed: set[str] = set()
        self._arranging = 0
        self._arrangement: Arrangement | None = None
        self._sizes_wanted = False
        self._focused = ""
        self.has_user_changes = False
        # Which docks are tabs is known only after Qt has laid them out.
        self._titles_soon = QTimer(self)
        self._titles_soon.setSingleShot(True)
        self._titles_soon.setInterval(0)
        self._titles_soon.timeout.connect(self._settle_titles)
        self._nowhere = self.saveState(STATE_VERSION)
        """The state without any docks."""
        for panel in panels:
            self._add(panel)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)

    # ---- what the workbench asks -------------------------------------------------------------------------------

    @property
    def visible_panels(self) -> list[Panel]:
        """The panels that can be seen at this moment."""
        return [self._panels[panel_id] for panel_id in self._visible]

    def panel(self, panel_id: str) -> Panel | None:
        """A panel by its id, or None."""
        return self._panels.get(panel_id)

    def dock(self, panel_id: str) -> QDockWidget:
        """The dock of a panel."""
        return self._docks[panel_id]

    def is_open(self, panel_id: str) -> bool:
        """Whether a panel is in the window, perhaps behind another tab."""
        dock = self._docks.get(panel_id)
        return dock is not None and not dock.isHidden()

    def show_panel(self, panel_id: str) -> None:
        """Bring a panel to the front, wherever it is, and give it the focus."""
        dock = self._docks[panel_id]
        if dock.isHidden():
            with self._quietly():
                self._give_place(panel_id)
                dock.show()
            self._note_user_change()
        dock.raise_()
        widget = dock.widget()
        target = widget.focus_target if isinstance(widget, FocusLeader) else widget
        if not target.isVisibleTo(widget):
            # It shows something else, such as what to do where there is nothing yet.
            target = widget
        target = _first_focusable(target) or target
        # Not target.setFocus: Scintilla has a method of its own under that name.
        QWidget.setFocus(target, Qt.FocusReason.ShortcutFocusReason)
        self._titles_soon.start()

    def close_panel(self, panel_id: str) -> None:
        """Take a panel out of the window."""
        if self.is_open(panel_id):
            self._docks[panel_id].close()
            self._note_user_change()

    def on_changes(self, changes: Changes) -> None:
        """Hand changes to the panels on screen; the others catch up when they are shown."""
        visible = set(self._visible)
        self._stale |= self._panels.keys() - visible
        for panel_id in list(self._visible):
            self._hand_over(panel_id, changes)
        self.show_titles()

    def show_titles(self) -> None:
        """Ask all panels anew what their tabs say."""
        for panel_id in self._panels:
            self._guarded(panel_id, partial(self._show_title, panel_id))

    def _show_title(self, panel_id: str) -> None:
        dock, title = self._docks[panel_id], self._panels[panel_id].tab_title()
        if title != dock.windowTitle():
            dock.setWindowTitle(title)
            self._titles[panel_id].say(title)

    def on_theme(self) -> None:
        """Tell all panels, also hidden ones, that colours and fonts are others now."""
        for panel_id, panel in self._panels.items():
            self._guarded(panel_id, panel.on_theme)
            self._titles[panel_id].draw(focused=panel_id == self._focused)

    def find_in_panel(self) -> None:
        """Put the cursor in the search line of the panel that has, or last had, the focus."""
        panel_id = self._focused if self._focused in self._visible else next(iter(self._visible), "")
        if panel_id:
            self._guarded(panel_id, self._panels[panel_id].find)

    def next_panel(self, steps: int) -> None:
        """Give the focus to another panel on screen, in reading order."""
        order = sorted(self._visible, key=self._reading_place)
        if order:
            at = order.index(self._focused) if self._focused in order else -steps
            self.show_panel(order[(at + steps) % len(order)])

    # ---- arrangements ------------------------------------------------------------------------------------------

    def arrange(self, arrangement: Arrangement, saved: bytes | None = None) -> None:
        """Place the panels: as the user left this arrangement, or else as it is out of the box."""
        with self._quietly():
            self._arrangement = arrangement
            for dock in self._docks.values():
                if dock.isFloating():
                    dock.setFloating(False)
                self.removeDockWidget(dock)
            # Qt takes back the tab bars of groups that are gone when it lays out what is left, not when another state is restored.
            if (layout := self.layout()) is not None:
                layout.activate()
            # Qt keeps the places of docks that were removed, as those of docks on screen, and would save and restore them.
            self.restoreState(self._nowhere, STATE_VERSION)
            self._placed.clear()
            self._sizes_wanted = False
            tree = arrangement.tree
            # Restored into a window without docks: Qt leaves one that is not in the saved state where it is.
            if saved is not None and self.restoreState(saved, STATE_VERSION):
                self._placed = {it for it, dock in self._docks.items() if self._is_laid_out(dock)}
                if tree is not None:
                    self._join_new(tree)
            elif tree is not None:
                self._place(tree)
                self._sizes_wanted = True
                self._resize(tree, self.width(), self.height())
        self.has_user_changes = False
        self._titles_soon.start()

    def _is_laid_out(self, dock: QDockWidget) -> bool:
        """Whether a dock has a place in the window, be it on screen or closed."""
        return self.dockWidgetArea(dock) != Qt.DockWidgetArea.NoDockWidgetArea

    def _join_new(self, tree: Tabs | Split) -> None:
        """Put panels that a saved arrangement has no place for behind those they stand beside out of the box.

        They did not exist when it was saved.
        """
        for panel_id in [it for it in self._docks if it not in self._placed]:
            beside = next((it for it in mates(tree, panel_id) if it in self._placed and self.is_open(it)), "")
            if beside:
                front = self._front_of(beside)
                self.tabifyDockWidget(self._docks[beside], self._docks[panel_id])
                self._docks[panel_id].show()
                self._placed.add(panel_id)
                front.raise_()

    def _front_of(self, panel_id: str) -> QDockWidget:
        """Of the docks behind one another the one that can be seen."""
        dock = self._docks[panel_id]
        together = [dock, *self.tabifiedDockWidgets(dock)]
        return next((it for it in together if is_on_screen(it)), dock)

    def state(self) -> bytes:
        """Where everything is, for the layout file."""
        return bytes(self.saveState(STATE_VERSION).data())

    def _place(self, tree: Tabs | Split) -> None:
        first = self._docks[first_panel(tree)]
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, first)
        self._split(tree)
        self._tabify(tree)

    def _split(self, tree: Tabs | Split) -> None:
        if isinstance(tree, Tabs):
            return
        along = Qt.Orientation.Horizontal if tree.across else Qt.Orientation.Vertical
        corners = [self._docks[first_panel(part)] for part in tree.parts]
        for before, after in itertools.pairwise(corners):
            self.splitDockWidget(before, after, along)
        for part in tree.parts:
            self._split(part)

    def _tabify(self, tree: Tabs | Split) -> None:
        if isinstance(tree, Split):
            for part in tree.parts:
                self._tabify(part)
            return
        docks = [self._docks[panel_id] for panel_id in tree.panels]
        for before, after in itertools.pairwise(docks):
            self.tabifyDockWidget(before, after)
        for dock in docks:
            dock.show()
        docks[0].raise_()
        self._placed.update(tree.panels)

    def _resize(self, tree: Tabs | Split, width_px: int, height_px: int) -> None:
        if isinstance(tree, Tabs):
            return
        whole = sum(part.size for part in tree.parts)
        along = Qt.Orientation.Horizontal if tree.across else Qt.Orientation.Vertical
        room = width_px if tree.across else height_px
        sizes = [max(1, room * part.size // whole) for part in tree.parts]
        self.resizeDocks([self._docks[first_panel(part)] for part in tree.parts], sizes, along)
        for part, size in zip(tree.parts, sizes, strict=True):
            self._resize(part, size if tree.across else width_px, height_px if tree.across else size)

    def _give_place(self, panel_id: str) -> None:
        """Put a panel that is not in this arrangement behind the largest one on screen."""
        if panel_id in self._placed:
            return
        dock = self._docks[panel_id]
        others = [self._docks[other] for other in self._placed if not self._docks[other].isHidden()]
        if others:
            self.tabifyDockWidget(max(others, key=lambda other: other.width() * other.height()), dock)
        else:
            self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
        self._placed.add(panel_id)

    # ---- Qt ----------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Sizes given before the area had one were guesses.
        if self._sizes_wanted and self._arrangement is not None and self._arrangement.tree is not None:
            self._sizes_wanted = False
            with self._quietly():
                self._resize(self._arrangement.tree, self.width(), self.height())
        self._titles_soon.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._titles_soon.start()

    def tab_in_sight(self, tab: Callable[[], bool]) -> bool:
        """Let Tab lead over what is in a panel behind another one: for Qt that is visible, and only out of the way.

        Args:
            tab: has the focus go on by one, as Qt does it; false when there is nothing to go to.
        """
        for _ in range(_MOST_HOPS):
            if not tab():
                return False
            if not self._is_behind(QApplication.focusWidget()):
                break
        return True

    def _is_behind(self, widget: QWidget | None) -> bool:
        """Whether a widget is in a panel of which nothing can be seen. What is only scrolled out of sight is not."""
        while widget is not None and widget.parentWidget() is not self:
            widget = widget.parentWidget()
        return isinstance(widget, QDockWidget) and not is_on_screen(widget)

    def event(self, event: QEvent) -> bool:
        taken = super().event(event)
        # The area itself gets the mouse only on the lines between docks: the user has moved one.
        if event.type() == QEvent.Type.MouseButtonRelease and taken:
            self._note_user_change()
        elif event.type() == QEvent.Type.LayoutRequest:
            self._titles_soon.start()
        return taken

    def createPopupMenu(self) -> QMenu:
        """The menu on tabs and titles: which panels are there, without Qt's tool bars."""
        menu = QMenu(self)
        for panel_id, panel in self._panels.items():
            line = menu.addAction(panel.title)
            line.setCheckable(True)
            line.setChecked(self.is_open(panel_id))
            line.setData(panel_id)
        menu.triggered.connect(self._on_menu)
        return menu

    def _on_menu(self, line: QAction) -> None:
        if line.isChecked():
            self.show_panel(line.data())
        else:
            self.close_panel(line.data())

    def _on_close_wanted(self) -> None:
        title = self.sender()
        for panel_id, each in self._titles.items():
            if each is title:
                self.close_panel(panel_id)

    def _add(self, panel: Panel) -> None:
        dock = QDockWidget(panel.title, self)
        dock.setObjectName(f"dock_{panel.id}")
        try:
            widget = panel.build(self._context)
        except Exception as problem:
            # One panel that cannot be built must not take the window with it.
            report_once(f"build {panel.id}", problem)
            widget = EmptyState(f"{panel.title} is not available", f"It failed while it was made: {problem}.")
        if not widget.accessibleName():
            widget.setAccessibleName(panel.title)
        # Plain widgets paint no ground of their own unless they are told to.
        QWidget.setAttribute(widget, Qt.WidgetAttribute.WA_StyledBackground)
        # Else the sum of what all ask for would make the window larger than a small screen.
        widget.setMinimumSize(*LEAST_PX)
        dock.setWidget(widget)
        title = DockTitle(dock, panel, self._context.icons)
        title.close_wanted.connect(self._on_close_wanted)
        self._titles[panel.id] = title
        none = QWidget(dock)
        none.setFixedHeight(0)
        self._no_titles[panel.id] = none
        dock.setTitleBarWidget(self._titles[panel.id])
        none.hide()
        dock.hide()
        dock.visibilityChanged.connect(self._on_visibility)
        dock.topLevelChanged.connect(self._on_moved)
        dock.dockLocationChanged.connect(self._on_moved)
        self._docks[panel.id] = dock

    def _on_visibility(self, visible: bool) -> None:
        panel_id = self._id_of(self.sender())
        if not panel_id or visible == (panel_id in self._visible):
            return
        panel = self._panels[panel_id]
        if visible:
            self._visible.append(panel_id)
            self._guarded(panel_id, panel.shown)
            if panel_id in self._stale:
                self._stale.discard(panel_id)
                self._hand_over(panel_id, Changes(everything=True))
        else:
            self._visible.remove(panel_id)
            self._guarded(panel_id, panel.hidden)
        self.shown_changed.emit()
        self._titles_soon.start()

    def _on_moved(self) -> None:
        self._note_user_change()
        self._titles_soon.start()

    def _note_user_change(self) -> None:
        if not self._arranging:
            self.has_user_changes = True
            self.changed_by_user.emit()

    def _settle_titles(self) -> None:
        """A dock among tabs needs no title: its tab says it. Runs after Qt has laid out the docks."""
        with self._quietly():
            for panel_id, dock in self._docks.items():
                among_tabs = not dock.isFloating() and bool(self.tabifiedDockWidgets(dock))
                wanted = self._no_titles[panel_id] if among_tabs else self._titles[panel_id]
                if dock.titleBarWidget() is not wanted:
                    other = dock.titleBarWidget()
                    dock.setTitleBarWidget(wanted)
                    wanted.show()
                    other.hide()
        for bar in self.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            bar.setDrawBase(False)
            bar.setAccessibleName("Panels behind one another")
            # Those that Qt keeps for later lie outside of the window: Tab would seem to go nowhere.
            bar.setFocusPolicy(Qt.FocusPolicy.TabFocus if bar.count() else Qt.FocusPolicy.NoFocus)
            for index in range(bar.count()):
                words = bar.tabText(index)
                panel_id = next((it for it, dock in self._docks.items() if dock.windowTitle() == words), "")
                if panel_id:
                    bar.setTabToolTip(index, f"{words}\n{self._panels[panel_id].help}")
            _fit_tabs(bar)

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        panel_id = ""
        widget = new
        while widget is not None and not panel_id:
            panel_id = self._id_of(widget)
            widget = widget.parentWidget()
        if panel_id and panel_id != self._focused:
            before, self._focused = self._focused, panel_id
            for changed in (before, panel_id):
                if changed in self._titles:
                    self._titles[changed].draw(focused=changed == panel_id)

    def _id_of(self, thing: object) -> str:
        return next((panel_id for panel_id, dock in self._docks.items() if dock is thing), "")

    def _reading_place(self, panel_id: str) -> tuple[int, int]:
        place = self._docks[panel_id].geometry()
        return place.x() // 50, place.y()

    def _hand_over(self, panel_id: str, changes: Changes) -> None:
        self._guarded(panel_id, lambda: self._panels[panel_id].on_changes(changes))

    def _guarded(self, panel_id: str, call: Callable[[], None]) -> None:
        """A fault in one panel is reported once and stays in that panel."""
        try:
            call()
        except Exception as problem:
            report_once(f"panel {panel_id}", problem)

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """What happens to docks in here was not done by the user."""
        self._arranging += 1
        try:
            yield
        finally:
            self._arranging -= 1


def _fit_tabs(bar: QTabBar) -> None:
    """Leave less room around the words where they would be cut off otherwise."""
    words = sum(bar.fontMetrics().horizontalAdvance(bar.tabText(index)) for index in range(bar.count()))
    is_tight = words + bar.count() * tokens.TAB_PADDING_PX * 2 > bar.width()
    if bar.property("tight") != is_tight:
        bar.setProperty("tight", is_tight)
        bar.style().unpolish(bar)
        bar.style().polish(bar)
        bar.updateGeometry()


def _first_focusable(widget: QWidget) -> QWidget | None:
    """Where the keyboard goes in a panel: its list, tree or text, or what stands in their place while there is nothing yet.

    Else the first thing that Tab reaches. Not a search line while the list is still empty: what one presses next is meant
    for the window, and would be typed into it. From what is there instead Qt gives the focus on to the list when that comes.
    """
    seen = [each for each in _with_all_inside(widget) if each.isVisibleTo(widget) and each.isEnabled()]
    reachable = [each for each in seen if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    contents = [each for each in reachable if isinstance(each, QAbstractScrollArea)]
    instead = [each.first_button() or each for each in seen if isinstance(each, EmptyState)]
    return next(iter(contents or instead or reachable), None)


def _with_all_inside(widget: QWidget) -> Iterator[QWidget]:
    """A widget and what is inside of it, in the order in which it was put there. No windows that merely belong to it.

    Not by `nextInFocusChain`: PySide takes what that returns for a child of the widget that was asked. Once the chain was
    followed all widgets of the window are children of one another for it. The next one that is deleted then takes the
    wrappers of the others with it: headers and scroll bars in use are "already deleted", and soon the process ends.
    """
    yield widget
    for child in widget.children():
        if isinstance(child, QWidget) and not child.isWindow():
            yield from _with_all_inside(child)
