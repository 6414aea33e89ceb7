"""The panel Help: the guide, the reference and the tour of the Studio, to read and to search inside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QDialog, QWidget

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.ui.panel import HelpPages, PanelContext
from tasktonic_studio.ui.panels.help.beside import HelpBeside
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
    _example: Path | None = None
    """The example that a link led to."""

    def build(self, context: PanelContext) -> QWidget:
        self._context = context
        self.view = HelpView(context)
        self.view.example_wanted.connect(self._on_example)
        return self.view

    def show_topic(self, topic: str) -> None:
        self.view.show_topic(topic)

    def show_beside(self, dialog: QDialog, topic: str) -> None:
        beside = dialog if isinstance(dialog, HelpBeside) else dialog.findChild(HelpBeside)
        if beside is None:
            beside = HelpBeside(self._context, dialog)
            beside.view.example_wanted.connect(partial(self._on_example_beside, dialog, beside))
        beside.view.show_topic(topic)
        beside.show()
        beside.raise_()
        beside.activateWindow()
        beside.view.setFocus()

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
            Command(
                "help.open_example", "Open the example that the help names", "Show the program behind a link in the editor.",
                self._open_example, icon="editor",
                why_not=lambda _context: "" if self._example is not None else "No link to an example was clicked.",
            ),
        )  # fmt: skip

    def _on_example(self, file: Path) -> None:
        self._example = file
        self._context.run("help.open_example")

    def _on_example_beside(self, dialog: QDialog, beside: HelpBeside, file: Path) -> None:
        """The editor is in the window behind the dialog: as long as that one is modal, nobody can go there."""
        if not dialog.isModal():
            self._on_example(file)
            return
        beside.tell(f"{file.name} opens in the editor as soon as the dialog is closed.")
        dialog.finished.connect(lambda _result: self._on_example(file))

    def _open_example(self, context: CommandContext) -> None:
        if self._example is not None:
            context.window.open_source(str(self._example), 1)

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
