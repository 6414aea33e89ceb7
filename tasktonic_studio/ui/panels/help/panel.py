"""The panel Help: the guide, the reference and the tour of the Studio, to read and to search inside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtWidgets import QWidget

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.ui.panel import HelpPages, PanelContext
from tasktonic_studio.ui.panels.help.view import HelpView
from tasktonic_studio.ui.view_panel import SearchingPanel

MENU: Final = "Help"


class HelpPanel(SearchingPanel, HelpPages):
    """The documentation."""

    id = "help"
    title = "Help"
    icon = "help"
    key = "Ctrl+Alt+8"
    help = "The guide, the reference and the tour of the Studio, with a search in all of them."

    view: HelpView

    def build(self, context: PanelContext) -> QWidget:
        self.view = HelpView(context)
        return self.view

    def show_topic(self, topic: str) -> None:
        self.view.show_topic(topic)

    def commands(self) -> Sequence[Command]:
        return (
            Command(
                "help.contents",
                "All pages of the help",
                "The guide, the reference and the tour of the Studio.",
                self._contents,
                icon="home",
                menu=MENU,
            ),
            Command(
                "help.back", "Help: the page before", "Where you were in the help before.", self._go(-1), icon="back",
                enabled_when=lambda _context: self.view.can_go_back,
            ),
            Command(
                "help.forward", "Help: the page after", "Undo one step back in the help.", self._go(1), icon="right",
                enabled_when=lambda _context: self.view.can_go_forward,
            ),
        )  # fmt: skip

    def _contents(self, context: CommandContext) -> None:
        context.window.show_panel(self.id)
        self.view.show_contents()

    def _go(self, steps: int) -> Callable[[CommandContext], None]:
        def go(_context: CommandContext) -> None:
            if steps < 0:
                self.view.go_back()
            else:
                self.view.go_forward()

        return go
