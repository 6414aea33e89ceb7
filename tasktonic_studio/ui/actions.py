"""Command to QAction; menus, tool bar and context menus from commands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QMenuBar, QToolBar, QToolButton, QWidget

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.registry import Registry
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.tips import plain_tip

MENU_ORDER: Final = ("File", "Edit", "Go", "Project", "Run", "Change", "View", "Help")
"""The order of the menu bar; a menu that is not named here comes before Help."""


class Actions(QObject):
    """The QActions of all commands of a registry. Owned by the window whose keys they are.

    Actions come and go with their commands. ``refresh`` brings what can be done now up to date; the window calls it when
    the target or the selection changes, so that a key does what the menu says.

    Args:
        registry: where the commands are.
        context: what the commands get.
        theme: icons are drawn anew when it changes.
        icons: pictures by name.
        keys: keys by command id that the user has set in the place of the usual ones.
        parent: the window.
    """

    def __init__(
        self,
        registry: Registry,
        context: CommandContext,
        theme: Theme,
        icons: Icons,
        keys: Mapping[str, Sequence[str]],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._window = parent
        self._registry = registry
        self._context = context
        self._icons = icons
        self._keys = keys
        self._by_id: dict[str, QAction] = {}
        self._reasons: dict[str, str] = {}
        """Why a command cannot be done now, as its tool tip says."""
        self._menu_bar: QMenuBar | None = None
        self._tool_bar: QToolBar | None = None
        # Many commands come at once, with a panel: the menus are made once, afterwards.
        self._rebuild_soon = QTimer(self)
        self._rebuild_soon.setSingleShot(True)
        self._rebuild_soon.setInterval(0)
        self._rebuild_soon.timeout.connect(self.rebuild)
        # What can be done depends on where the focus is; it moves in several steps.
        self._refresh_soon = QTimer(self)
        self._refresh_soon.setSingleShot(True)
        self._refresh_soon.setInterval(0)
        self._refresh_soon.timeout.connect(self.refresh)
        self._undo_watch: Callable[[], None] = registry.watch(self._rebuild_soon.start)
        self._somebody_types = False
        theme.changed.connect(self._draw_icons)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)
        self.rebuild()

    def close(self) -> None:
        """Stop watching the registry and the focus."""
        self._undo_watch()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.disconnect(self._on_focus)
        self._rebuild_soon.stop()
        self._refresh_soon.stop()

    def action(self, command_id: str) -> QAction:
        """The action of a command, to be put on a button. An unknown id is an error that names the nearest."""
        if command_id not in self._by_id:
            command = self._registry.get(command_id)
            self._by_id[command_id] = self._make(command)
        return self._by_id[command_id]

    def keys_of(self, command: Command) -> tuple[str, ...]:
        """The keys of a command: the user's, or else its own."""
        own = self._keys.get(command.id)
        return tuple(own) if own is not None else command.keys

    def run(self, command_id: str) -> bool:
        """Run a command if it can be done now, and bring all actions up to date."""
        ran = self._registry.run(command_id, self._context)
        self.refresh()
        return ran

    def is_enabled(self, command_id: str) -> bool:
        """Whether a command can be done now."""
        return self._registry.is_enabled(command_id, self._context)

    def refresh(self) -> None:
        """Say of each action whether it can be done now and whether it is on."""
        for command in self._registry.all():
            action = self._by_id.get(command.id)
            if action is None:
                continue
            reason = command.reason(self._context)
            action.setEnabled(not reason and command.enabled_when(self._context))
            if self._reasons.get(command.id, "") != reason:
                self._reasons[command.id] = reason
                self._tell_what_it_does(action, command, reason)
            if command.checked_when is not None:
                action.setChecked(command.checked_when(self._context))

    def refresh_soon(self) -> None:
        """The same in the next turn of the loop, once for all that happens in this one."""
        self._refresh_soon.start()

    def rebuild(self) -> None:
        """Make actions for new commands, drop those of commands that are gone, fill menus and tool bar anew."""
        known = {command.id for command in self._registry.all()}
        for command_id in [command_id for command_id in self._by_id if command_id not in known]:
            action = self._by_id.pop(command_id)
            self._reasons.pop(command_id, None)
            self._window.removeAction(action)
            action.deleteLater()
        for command in self._registry.all():
            self.action(command.id)
        if self._menu_bar is not None:
            self.fill_menu_bar(self._menu_bar)
        if self._tool_bar is not None:
            self.fill_tool_bar(self._tool_bar)
        self.refresh()

    def fill_menu_bar(self, bar: QMenuBar) -> None:
        """Put all commands that name a menu into a menu bar; it is filled again when commands come or go."""
        self._menu_bar = bar
        bar.clear()
        menus: dict[str, QMenu] = {}
        last_section: dict[str, str] = {}
        commands = [command for command in self._registry.all() if command.menu]
        for title in in_menu_order({command.menu.split("/")[0]: None for command in commands}):
            menus[title] = self._add_menu(bar, title)
        for command in sorted(commands, key=lambda command: "/" in command.menu):
            menu = self._menu(menus, command.menu)
            if last_section.setdefault(command.menu, command.section) != command.section:
                menu.addSeparator()
                last_section[command.menu] = command.section
            menu.addAction(self.action(command.id))

    def fill_tool_bar(self, bar: QToolBar) -> None:
        """Put all commands that ask for it on a tool bar, with a line between those of different sections."""
        self._tool_bar = bar
        bar.clear()
        section: tuple[str, str] | None = None
        for command in self._registry.all():
            if not command.toolbar:
                continue
            if section is not None and section != (command.menu, command.section):
                bar.addSeparator()
            section = (command.menu, command.section)
            action = self.action(command.id)
            bar.addAction(action)
            button = bar.widgetForAction(action)
            if isinstance(button, QToolButton):
                # Tab reaches every button; Qt leaves those of tool bars out.
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                button.setAccessibleName(command.title)

    def menu_for(self, command_ids: Iterable[str], parent: QWidget) -> QMenu:
        """A context menu of commands; an empty id is a line between."""
        self.refresh()
        menu = QMenu(parent)
        for command_id in command_ids:
            if command_id:
                menu.addAction(self.action(command_id))
            else:
                menu.addSeparator()
        return menu

    def _menu(self, menus: dict[str, QMenu], path: str) -> QMenu:
        found = menus.get(path)
        if found is None:
            above, _, title = path.rpartition("/")
            found = menus[path] = self._add_menu(self._menu(menus, above), title)
        return found

    def _add_menu(self, into: QMenuBar | QMenu, title: str) -> QMenu:
        menu = into.addMenu(title)
        menu.setObjectName(f"menu_{title.lower().replace(' ', '_')}")
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self.refresh)
        return menu

    def _make(self, command: Command) -> QAction:
        action = QAction(command.title, self._window)
        action.setObjectName(command.id)
        action.setIcon(self._icons.icon(command.icon))
        action.setCheckable(command.checked_when is not None)
        # In a menu the mark that says "on" stands where the picture would.
        action.setIconVisibleInMenu(command.checked_when is None)
        self._give_keys(action, command)
        self._tell_what_it_does(action, command, "")
        action.triggered.connect(self._on_triggered)
        self._window.addAction(action)
        return action

    def _tell_what_it_does(self, action: QAction, command: Command, reason: str) -> None:
        """In its tool tip: title, key, what it does and why it cannot be done now."""
        keys = self.keys_of(command)
        shown = QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
        words = f"{command.title}  {shown}".rstrip() + f"\n{command.help}" + (f"\nNot now: {reason}" if reason else "")
        tip = plain_tip(words)
        if action.toolTip() != tip:
            action.setToolTip(tip)
            action.setStatusTip(reason or command.help)

    def _on_triggered(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.run(action.objectName())

    def _give_keys(self, action: QAction, command: Command) -> None:
        """Bare letters and signs only while nobody types: editors do not claim them before shortcuts are heard."""
        keys = self.keys_of(command)
        if command.single_key and self._somebody_types:
            keys = tuple(key for key in keys if len(key.removeprefix("Shift+")) > 1)
        action.setShortcuts([QKeySequence(key) for key in keys])

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        self._refresh_soon.start()
        types = new is not None and QWidget.testAttribute(new, Qt.WidgetAttribute.WA_InputMethodEnabled)
        if types != self._somebody_types:
            self._somebody_types = types
            for command in self._registry.all():
                if command.single_key and command.id in self._by_id:
                    self._give_keys(self._by_id[command.id], command)

    def _draw_icons(self) -> None:
        for command in self._registry.all():
            action = self._by_id.get(command.id)
            if action is not None:
                action.setIcon(self._icons.icon(command.icon))


def in_menu_order(titles: Iterable[str]) -> list[str]:
    """Titles of menus as they stand in the bar."""
    listed = list(titles)
    last = len(MENU_ORDER) - 1

    def place(title: str) -> float:
        return MENU_ORDER.index(title) if title in MENU_ORDER else last - 0.5

    return sorted(listed, key=place)
