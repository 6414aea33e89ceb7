"""Panel to dock widget: makes them, tells each whether it is visible, and hands changes to the visible ones.

The only file that knows how docks are made. Where they stand is the work of `dock_places`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QMenu, QTabBar, QTabWidget, QWidget

from tasktonic_studio.session.changes import Changes
from tasktonic_studio.ui import dock_tabs
from tasktonic_studio.ui.dock_places import DockPlaces
from tasktonic_studio.ui.dock_title import DockTitle
from tasktonic_studio.ui.guard import contained, report_once
from tasktonic_studio.ui.layouts import Arrangement
from tasktonic_studio.ui.panel import Panel, PanelContext
from tasktonic_studio.ui.widgets.empty_state import EmptyState
from tasktonic_studio.ui.widgets.focus import keys_go_to
from tasktonic_studio.ui.widgets.on_screen import is_on_screen

LEAST_PX: Final = (200, 120)
"""A panel can be made so narrow and so low, whatever is in it and however large its text is."""
_MOST_HOPS: Final = 1_000
"""So many widgets are left out on the way of one Tab."""


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
        self._untold: dict[str, Changes] = {}
        """What panels on screen are told in the next turns of the loop, each in its turn."""
        self._tell_soon = QTimer(self)
        self._tell_soon.setSingleShot(True)
        self._tell_soon.setInterval(0)
        self._tell_soon.timeout.connect(self._tell_one)
        self._arranging = 0
        self._sizes_wanted = False
        self._focused = ""
        self.has_user_changes = False
        # Which docks are tabs is known only after Qt has laid them out.
        self._titles_soon = QTimer(self)
        self._titles_soon.setSingleShot(True)
        self._titles_soon.setInterval(0)
        self._titles_soon.timeout.connect(self._settle_titles)
        self._refit_soon = QTimer(self)
        self._refit_soon.setSingleShot(True)
        self._refit_soon.setInterval(0)
        self._refit_soon.timeout.connect(self._refit)
        self._places = DockPlaces(self, self._docks)
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
                self._places.give_one(panel_id)
                dock.show()
            self._note_user_change()
        dock.raise_()
        # Not target.setFocus: Scintilla has a method of its own under that name.
        QWidget.setFocus(keys_go_to(dock.widget()), Qt.FocusReason.ShortcutFocusReason)
        self._titles_soon.start()

    def close_panel(self, panel_id: str) -> None:
        """Take a panel out of the window."""
        if self.is_open(panel_id):
            self._docks[panel_id].close()
            self._note_user_change()

    def on_changes(self, changes: Changes, *, at_once: bool = True) -> None:
        """Hand changes to the panels on screen; the others catch up when they are shown.

        Args:
            changes: since the last time.
            at_once: to all of them in this turn of the loop. Else to one in each turn: while a long run is read the first rows of
                all panels together take as long as three frames, and what is painted because of them as long again.
        """
        visible = set(self._visible)
        self._stale |= self._panels.keys() - visible
        for panel_id in self._visible:
            before = self._untold.get(panel_id)
            self._untold[panel_id] = changes if before is None else before.with_more(changes)
        if at_once:
            while self._untold:
                self._tell_next_panel()
        else:
            self._tell_one()
        self.show_titles()

    @property
    def is_telling(self) -> bool:
        """Whether panels are told what is new in the next turn of the loop, or were in this one: that is enough for a turn."""
        return self._tell_soon.isActive()

    def _tell_one(self) -> None:
        """Hand on to one panel what it was not told yet; the next one has the turn after it, and the last one its own."""
        if self._untold:
            self._tell_next_panel()
            self._tell_soon.start()

    def _tell_next_panel(self) -> None:
        panel_id = next(iter(self._untold))
        self._hand_over(panel_id, self._untold.pop(panel_id))

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
        self._refit_soon.start()

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
        """Place the panels: as the user left this arrangement, or else as it is out of the box.

        The keys stay where they were, if that is on screen then; else the first panel there has them. Without that nobody has.
        """
        focus = QApplication.focusWidget()
        with self._quietly():
            self._places.clear()
            self._sizes_wanted = False
            tree = arrangement.tree
            if saved is not None and self._places.restore(saved):
                if tree is not None:
                    self._places.join_new(tree)
            elif tree is not None:
                self._places.place(tree)
                self._sizes_wanted = True
                self._places.give_sizes()
        self.has_user_changes = False
        self._titles_soon.start()
        if focus is not None and self.isAncestorOf(focus):
            self._give_keys_to(focus)

    def _give_keys_to(self, focus: QWidget) -> None:
        """Give the keyboard to a widget, or to what is on screen instead of it."""
        if not is_on_screen(focus):
            in_front = sorted((it for it in self._docks if is_on_screen(self._docks[it])), key=self._reading_place)
            if not in_front:
                return
            focus = keys_go_to(self._docks[in_front[0]].widget())
        QWidget.setFocus(focus, Qt.FocusReason.OtherFocusReason)

    def state(self) -> bytes:
        """Where everything is, for the layout file."""
        return self._places.state()

    # ---- Qt ----------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Sizes given before the area had one were guesses.
        if self._sizes_wanted:
            self._sizes_wanted = False
            with self._quietly():
                self._places.give_sizes()
        self._titles_soon.start()
        self._refit_soon.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._titles_soon.start()
        self._refit_soon.start()

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
            if self._untold.pop(panel_id, None) is not None:
                self._stale.add(panel_id)  # nothing else may change before it is back
            self._guarded(panel_id, panel.hidden)
        self.shown_changed.emit()
        self._titles_soon.start()

    def _on_moved(self) -> None:
        self._note_user_change()
        self._titles_soon.start()

    def _refit(self) -> None:
        """The window, or its text, has another size: as many panels above one another as can be read."""
        focus = QApplication.focusWidget()
        with self._quietly():
            in_front = sorted(self._visible, key=self._reading_place, reverse=True)
            self._places.refit([*in_front, *(it for it in in_front if it == self._focused)])
        if focus is not None and self.isAncestorOf(focus) and not focus.hasFocus():
            QWidget.setFocus(focus, Qt.FocusReason.OtherFocusReason)

    def _note_user_change(self) -> None:
        if not self._arranging:
            self._places.leave()
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
        helps = {dock.windowTitle(): self._panels[panel_id].help for panel_id, dock in self._docks.items()}
        for bar in self.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            dock_tabs.dress(bar, helps)

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
        with contained(f"panel {panel_id}"):
            call()

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """What happens to docks in here was not done by the user."""
        self._arranging += 1
        try:
            yield
        finally:
            self._arranging -= 1
