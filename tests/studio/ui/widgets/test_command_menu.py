"""The lines of a context menu say what each command does, and why it cannot be done now."""

from __future__ import annotations

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.registry import Registry
from tasktonic_studio.ui.widgets.command_menu import CommandMenu, Submenu


class Source:
    """Commands without a window."""

    def __init__(self, *commands: Command) -> None:
        self.registry = Registry()
        self.registry.register_all(commands)
        self.icons = self

    def icon(self, name: str, role: str = "text") -> QIcon:
        return QIcon()

    def run(self, command_id: str) -> None:
        raise AssertionError("nobody chose anything")

    def is_enabled(self, command_id: str) -> bool:
        return not self.why_not(command_id)

    def is_on(self, command_id: str) -> bool:
        is_checked = self.registry.get(command_id).checked_when
        return is_checked is not None and is_checked(None)  # type: ignore[arg-type]

    def why_not(self, command_id: str) -> str:
        reason = self.registry.get(command_id).why_not
        return reason(None) if reason is not None else ""  # type: ignore[arg-type]


def test_a_line_that_cannot_be_chosen_says_why(qapp: QApplication) -> None:
    can = Command("a.can", "Can", "It can.", lambda _context: None)
    cannot = Command("a.cannot", "Cannot", "It cannot.", lambda _context: None, why_not=lambda _context: "It is late.")
    parent = QWidget()

    can_line, cannot_line = CommandMenu(parent, Source(can, cannot), ["a.can", "a.cannot"]).actions()

    assert (can_line.isEnabled(), can_line.toolTip()) == (True, "It can.")
    assert (cannot_line.isEnabled(), cannot_line.toolTip()) == (False, "It cannot.\nNot now: It is late.")


def test_what_is_on_has_a_mark_and_what_only_happens_has_none(qapp: QApplication) -> None:
    def switch(name: str, *, is_on: bool) -> Command:
        return Command(name, name, "A switch.", lambda _context: None, checked_when=lambda _context: is_on)

    parent = QWidget()
    happens = Command("a.once", "Once", "It happens.", lambda _context: None)
    source = Source(switch("a.on", is_on=True), switch("a.off", is_on=False), happens)

    lines = CommandMenu(parent, source, ["a.on", "a.off", "a.once"]).actions()

    assert [(line.isCheckable(), line.isChecked()) for line in lines] == [(True, True), (True, False), (False, False)]


def test_a_menu_within_has_its_commands_with_their_marks(qapp: QApplication) -> None:
    on = Command("a.on", "On", "It is on.", lambda _context: None, checked_when=lambda _context: True)
    parent = QWidget()

    menu = CommandMenu(parent, Source(on), [Submenu("More", ("a.on", "a.unknown")), Submenu("None", ("a.unknown",))])
    (more,) = menu.actions()
    below = more.menu()

    assert more.text() == "More"
    assert isinstance(below, QMenu)
    assert [(line.text(), line.isChecked()) for line in below.actions()] == [("On", True)]
