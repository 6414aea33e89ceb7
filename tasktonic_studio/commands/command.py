"""Command: one thing the user can do, with its words, its keys and when it can be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tasktonic_studio.commands.context import CommandContext

Run = Callable[[CommandContext], None]
Ask = Callable[[CommandContext], bool]
Tell = Callable[[CommandContext], str]


def always(_context: CommandContext) -> bool:
    """Say that a command can be done at any time."""
    return True


@dataclass(frozen=True, slots=True)
class Command:
    """One thing the user can do. Menus, toolbar, palette, documentation and tests are made from it.

    Attributes:
        id: ``part.verb_object``, never shown, never changed once released: settings keep keys by it.
        title: what it does, verb first, as in a menu (``Restart the script``).
        help: one sentence for tool tip, palette and documentation.
        run: does it; Qt thread, returns at once. Longer work is a request to a service.
        keys: key sequences in portable text (``Ctrl+Shift+P``); the first is the one that is shown.
        icon: name of a picture in ``resources/icons``, without its ending.
        menu: where it stands (``Run``, ``View/Theme``); empty for palette only.
        toolbar: whether it has a button.
        enabled_when: whether it can be done now.
        why_not: a sentence why it cannot be done now, empty when it can; menus, palette and tool tips show it.
        checked_when: for something that is on or off; None for all else.
        single_key: its key is a bare letter or sign, so it is not heard while somebody types.
        section: commands of a menu with the same section stand together, between lines.
    """

    id: str
    title: str
    help: str
    run: Run
    keys: tuple[str, ...] = ()
    icon: str = ""
    menu: str = ""
    toolbar: bool = False
    enabled_when: Ask = always
    checked_when: Ask | None = None
    single_key: bool = False
    section: str = ""
    why_not: Tell | None = None

    def can_be_done(self, context: CommandContext) -> bool:
        """Whether it can be done now."""
        return self.enabled_when(context) and not self.reason(context)

    def reason(self, context: CommandContext) -> str:
        """Why it cannot be done now, as far as it can say; empty when it can."""
        return self.why_not(context) if self.why_not is not None else ""
