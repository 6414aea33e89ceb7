"""Registry: all commands by id; register, find, run. A clash is an error that names both sides."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.watchers import Watchers


class CommandClash(ValueError):
    """Two commands want the same id or the same key."""


class UnknownCommand(KeyError):
    """There is no command of that id."""

    def __str__(self) -> str:
        return str(self.args[0])


class Registry:
    """All commands of a window. Made and owned by the composition root; Qt thread only."""

    def __init__(self) -> None:
        self._by_id: dict[str, Command] = {}
        self._by_key: dict[str, Command] = {}
        self._watchers = Watchers[[]]()

    def register(self, command: Command) -> Callable[[], None]:
        """Add a command.

        Returns:
            A function that takes it away again.

        Raises:
            CommandClash: its id or one of its keys is taken.
        """
        other = self._by_id.get(command.id)
        if other is not None:
            raise CommandClash(f"Two commands have the id '{command.id}': '{other.title}' and '{command.title}'.")
        for key in command.keys:
            other = self._by_key.get(_spelled(key))
            if other is not None:
                raise CommandClash(
                    f"'{command.id}' and '{other.id}' both want the key {key}. Give one of them another key."
                )
        self._by_id[command.id] = command
        for key in command.keys:
            self._by_key[_spelled(key)] = command
        self._tell()

        def undo() -> None:
            if self._by_id.get(command.id) is command:
                del self._by_id[command.id]
                for key in command.keys:
                    del self._by_key[_spelled(key)]
                self._tell()

        return undo

    def register_all(self, commands: Iterable[Command]) -> Callable[[], None]:
        """Add several commands; all or none.

        Returns:
            A function that takes all of them away again.
        """
        undos: list[Callable[[], None]] = []

        def undo() -> None:
            while undos:
                undos.pop()()

        try:
            undos.extend(self.register(command) for command in commands)
        except CommandClash:
            undo()
            raise
        return undo

    def get(self, command_id: str) -> Command:
        """Find a command by its id.

        Raises:
            UnknownCommand: there is none; the message names the nearest ones.
        """
        found = self._by_id.get(command_id)
        if found is None:
            near = difflib.get_close_matches(command_id, self._by_id, n=2)
            hint = f" Did you mean {' or '.join(repr(name) for name in near)}?" if near else ""
            raise UnknownCommand(f"No command '{command_id}'.{hint}")
        return found

    def all(self) -> list[Command]:
        """All commands in the order in which they were added, which is the order of menus."""
        return list(self._by_id.values())

    def with_key(self, key: str) -> Command | None:
        """The command that a key runs, or None."""
        return self._by_key.get(_spelled(key))

    def is_enabled(self, command_id: str, context: CommandContext) -> bool:
        """Whether a command can be done now."""
        return self.get(command_id).can_be_done(context)

    def why_not(self, command_id: str, context: CommandContext) -> str:
        """Why a command cannot be done now, in a sentence; empty when it can, or when it has nothing to say."""
        return self.get(command_id).reason(context)

    def is_on(self, command_id: str, context: CommandContext) -> bool:
        """Whether something that is on or off is on now."""
        is_checked = self.get(command_id).checked_when
        return is_checked is not None and is_checked(context)

    def run(self, command_id: str, context: CommandContext) -> bool:
        """Run a command if it can be done now.

        Returns:
            Whether it ran.
        """
        command = self.get(command_id)
        if not command.can_be_done(context):
            return False
        command.run(context)
        return True

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Be told when commands come or go, for instance with a panel.

        Returns:
            A function that ends it.
        """
        return self._watchers.add(callback)

    def _tell(self) -> None:
        self._watchers.tell()


def _spelled(key: str) -> str:
    """A key in one spelling: modifiers in a fixed order, case aside."""
    parts = key.replace("++", "+plus").split("+")
    *modifiers, last = [part.strip().lower() for part in parts]
    return "+".join([*sorted(modifiers), last])
