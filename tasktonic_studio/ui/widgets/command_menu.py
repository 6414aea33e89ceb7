"""A context menu made of commands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple, Protocol

from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.registry import UnknownCommand
from tasktonic_studio.ui.tips import plain_tip

ABOUT_SELECTED: Final = ("selection.", "why.")
"""With what the ids of commands begin that make a menu one about the selected thing."""
QUESTIONS: Final = ("why.why", "why.why_not")
BREAKPOINTS: Final = ("breakpoints.toggle", "breakpoints.edit")


class _Commands(Protocol):
    def get(self, command_id: str) -> Command: ...


class _Pictures(Protocol):
    def icon(self, name: str, role: str = "text") -> QIcon: ...


class CommandSource(Protocol):
    """What a menu needs; a `PanelContext` has it."""

    @property
    def registry(self) -> _Commands: ...
    @property
    def icons(self) -> _Pictures: ...
    def run(self, command_id: str) -> None: ...
    def is_enabled(self, command_id: str) -> bool: ...
    def why_not(self, command_id: str) -> str: ...
    def is_on(self, command_id: str) -> bool: ...


class Submenu(NamedTuple):
    """A menu within a context menu: its title, and the commands in it."""

    title: str
    command_ids: tuple[str, ...]


class CommandMenu(QMenu):
    """Lines for these commands: icon, key, whether it is on, and whether it can be done now, or why not. Deletes itself.

    A menu about what is selected ends with the two questions that can be asked of anything, Why? and Why not?

    An empty id is a line between. A command that is not there (a panel alone in a test, a part switched off) is left out.
    """

    def __init__(self, parent: QWidget, source: CommandSource, command_ids: Iterable[str | Submenu]) -> None:
        super().__init__(parent)
        self._source = source
        self.setToolTipsVisible(True)
        ids = list(command_ids)
        if any(isinstance(command_id, str) and command_id.startswith(ABOUT_SELECTED) for command_id in ids):
            ids += [command_id for command_id in QUESTIONS if command_id not in ids]
            ids += ["", *BREAKPOINTS]
        self._fill(self, ids)
        self.triggered.connect(self._on_triggered)
        self.aboutToHide.connect(self.deleteLater)

    def _fill(self, menu: QMenu, command_ids: Iterable[str | Submenu]) -> None:
        source = self._source
        wants_line = False
        for command_id in command_ids:
            if isinstance(command_id, Submenu):
                below = QMenu(command_id.title, menu)
                below.setToolTipsVisible(True)
                self._fill(below, command_id.command_ids)
                if below.actions():
                    if wants_line:
                        menu.addSeparator()
                        wants_line = False
                    menu.addMenu(below)
                continue
            if not command_id:
                wants_line = True
                continue
            try:
                command = source.registry.get(command_id)
            except UnknownCommand:
                continue
            if wants_line:
                menu.addSeparator()
                wants_line = False
            line = QAction(source.icons.icon(command.icon), command.title, self)
            line.setObjectName(command_id)
            reason = source.why_not(command_id)
            line.setToolTip(plain_tip(f"{command.help}\nNot now: {reason}" if reason else command.help))
            line.setEnabled(source.is_enabled(command_id))
            if command.checked_when is not None:
                line.setCheckable(True)
                line.setChecked(source.is_on(command_id))
                # The mark that says "on" stands where the picture would.
                line.setIconVisibleInMenu(False)
            if command.keys:
                # Shown only: the window's own action hears the key.
                line.setText(
                    f"{command.title}\t{QKeySequence(command.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)}"
                )
            menu.addAction(line)

    def _on_triggered(self, line: QAction) -> None:
        if line.objectName():
            self._source.run(line.objectName())
