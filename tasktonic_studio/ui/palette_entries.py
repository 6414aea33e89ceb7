"""What the command palette lists: the commands, and all that one can go to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from PySide6.QtGui import QKeySequence

from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.registry import Registry
from tasktonic_studio.commands.things import Destination, destinations
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.ui.actions import Actions
from tasktonic_studio.ui.command_palette import CommandPalette, Entry
from tasktonic_studio.ui.file_list import FileList

GO_TO: Final = ""
COMMANDS: Final = ">"


class PaletteEntries:
    """Makes the entries each time the palette opens. Owned by the workbench, made with it; Qt thread.

    Args:
        registry: all commands.
        actions: run the commands, and know their keys.
        context: what decides whether a command can be done; its window goes to what is chosen.
        known: what is known at the moment that is looked at.
        files: those of the open project.
        open_file: shows one of them.
        has_panel: whether the window has a panel of this id.
    """

    def __init__(
        self,
        registry: Registry,
        actions: Actions,
        context: CommandContext,
        known: Callable[[], Knowledge],
        files: FileList,
        open_file: Callable[[Path], None],
        has_panel: Callable[[str], bool],
    ) -> None:
        self._registry = registry
        self._actions = actions
        self._context = context
        self._known = known
        self._files = files
        self._open_file = open_file
        self._has_panel = has_panel

    def fill(self, palette: CommandPalette) -> None:
        """Give the palette its two lists."""
        hint = "Go to a tonic, a sparkle, a store path or a file; type > for commands"
        palette.add_source(GO_TO, hint, self._things_to_go_to)
        palette.add_source(COMMANDS, "What do you want to do?", self._commands_to_run)

    def _commands_to_run(self) -> list[Entry]:
        entries = []
        for command in self._registry.all():
            keys = self._actions.keys_of(command)
            key = QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
            reason = command.reason(self._context)
            where = f"Not now: {reason}" if reason else command.menu.replace("/", " › ")
            enabled = command.can_be_done(self._context)
            run = _Call(self._actions.run, command.id)
            entries.append(Entry(command.title, run, where, key, command.icon, enabled))
        return entries

    def _things_to_go_to(self) -> list[Entry]:
        found = destinations(self._known())
        things = [Entry(each.title, _Call(self._go_to_thing, each), each.detail, "", each.icon) for each in found]
        folder = self._context.project.folder
        if folder is None:
            return things
        files = self._files.files
        self._files.look(folder)  # what is new by the next time
        return things + [
            Entry(file.name, _Call(self._open_file, file), str(file.relative_to(folder)), "", "file") for file in files
        ]

    def _go_to_thing(self, destination: Destination) -> None:
        thing, window = destination.thing, self._context.window
        self._context.selection.select(thing)
        if thing.kind == "place" and isinstance(thing.key, tuple):
            window.open_source(str(thing.key[0]), int(thing.key[1]))
            return
        wanted = "ledger" if thing.kind in ("essence", "catalyst") else "inspector"
        if self._has_panel(wanted):
            window.show_panel(wanted)


class _Call:
    """A function with its one argument; a closure in a loop would see the last one."""

    __slots__ = ("_argument", "_function")

    def __init__(self, function: Callable[[Any], object], argument: Any) -> None:
        self._function = function
        self._argument = argument

    def __call__(self) -> None:
        self._function(self._argument)
