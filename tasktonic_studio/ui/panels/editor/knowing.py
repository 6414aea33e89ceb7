"""Knowing: where things are defined, who calls them, and the way back. What happens while somebody types is in `text_knowing`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from tasktonic_studio.ui.aside import Answer
from tasktonic_studio.ui.code_desk import CodeDesk
from tasktonic_studio.ui.panels.editor.been import Been, Spot
from tasktonic_studio.ui.panels.editor.callers_list import CallersList
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.page import EditorPage
from tasktonic_studio.ui.panels.editor.text_knowing import TextKnowing, why_not
from tasktonic_studio.ui.panels.editor.view import EditorView

Target = tuple[str, int, int, str]
"""File, line (from 1), column (from 0), and what is there."""


class Knowing(QObject):
    """Made by the editor panel with its view, and ends with it.

    Args:
        view: where the texts are.
        desk: whom to ask.
        run: runs a command by its id.
        root: the folder of the open project; empty for none.
    """

    def __init__(
        self, view: EditorView, desk: CodeDesk, run: Callable[[str], None], root: Callable[[], str] = lambda: ""
    ) -> None:
        super().__init__(view)
        self._view = view
        self._desk = desk
        self._run = run
        self._root = root
        self._been = Been()
        self.callers = CallersList(view)
        self.menu: QMenu | None = None
        """The last list of places to choose from."""
        view.add_below(self.callers)
        self.callers.chosen.connect(self.go_to)
        self.callers.closed.connect(view.focus_text)
        view.editor_made.connect(self._on_editor)
        for page in view.pages():
            for editor in page.editors:
                self._on_editor(page, editor)

    def _on_editor(self, page: EditorPage, editor: CodeEditor) -> None:
        TextKnowing(page, editor, self._desk, self._run, self.surroundings)
        editor.place_clicked.connect(partial(self._on_clicked, page))

    def surroundings(self) -> dict[str, Any]:
        """What all questions have."""
        texts = {str(it.document.path): it.editor.text() for it in self._view.pages() if it.document.changed}
        return {"texts": texts, "root": self._root()}

    def of_text(self) -> TextKnowing | None:
        """What is asked about the text in front; None without a file."""
        editor = self._view.editor()
        return editor.findChild(TextKnowing) if editor is not None else None

    # ---- where it is defined

    def _on_clicked(self, _page: EditorPage, position: int, _modifiers: object) -> None:
        self._define(position)

    def go_to_definition(self) -> None:
        """Go to where the word at the caret is defined."""
        editor = self._view.editor()
        if editor is not None:
            self._define(editor.caret())

    def _define(self, position: int) -> None:
        of_text = self.of_text()
        if of_text is not None:
            of_text.ask("definition", position, partial(self._show_targets, position))

    def _show_targets(self, position: int, answer: Answer) -> None:
        page, editor = self._view.page(), self._view.editor()
        if page is None or editor is None:
            return
        targets: list[Target] = [(it[0], it[1], it[2], it[3]) for it in answer.get("targets", ())]
        if len(targets) > 1:
            # Where one is already one need not go.
            own = (str(page.document.path), editor.line_of(position))
            targets = [it for it in targets if it[:2] != own] or targets
        if not targets:
            editor.show_tip(position, why_not(answer, "It is not known where that is defined."))
        elif len(targets) == 1:
            self.go_to(*targets[0][:3])
        else:
            self._choose(editor, position, targets)

    def _choose(self, editor: CodeEditor, position: int, targets: list[Target]) -> None:
        """A list under the word: arrow keys and Enter, Esc for none of them."""
        self.menu = menu = QMenu(editor)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName("Places")
        with_file = len({it[0] for it in targets}) > 1
        for file, line, column, label in targets:
            where = f"{Path(file).name}, line {line}" if with_file else f"line {line}"
            action = QAction(f"{label}   ({where})".replace("&", "&&"), menu)
            action.triggered.connect(partial(self._on_chosen, file, line, column))
            menu.addAction(action)
        menu.popup(editor.place_on_screen(position).bottomLeft())
        menu.setActiveAction(menu.actions()[0])

    def _on_chosen(self, file: str, line: int, column: int, _checked: bool = False) -> None:
        self.go_to(file, line, column)

    def go_to(self, file: str, line: int, column: int) -> None:
        """Go to a place, from which Back leads back here."""
        here = self._spot()
        if self._go(Spot(file, line, column + 1)):
            self._been.jumped(here, self._spot())

    # ---- where one has been

    def _spot(self) -> Spot | None:
        page, editor = self._view.page(), self._view.editor()
        if page is None or editor is None:
            return None
        return Spot(str(page.document.path), editor.line_of(editor.caret()), editor.column())

    def _go(self, spot: Spot) -> bool:
        if not self._view.open_place(spot.file):
            return False
        editor = self._view.editor()
        if editor is not None:
            editor.go_to(spot.line, spot.column)
            self._view.focus_text()
        return True

    def back(self) -> None:
        """Go to where one was before the last jump."""
        spot = self._been.back(self._spot())
        if spot is not None:
            self._go(spot)

    def forward(self) -> None:
        """Undo one step back."""
        spot = self._been.forward(self._spot())
        if spot is not None:
            self._go(spot)

    # ---- who calls it

    def find_callers(self) -> None:
        """List everything that calls what stands at the caret."""
        of_text, editor = self.of_text(), self._view.editor()
        if of_text is not None and editor is not None:
            self.callers.show_asked()
            request = {"do": "callers", **of_text.place(editor.caret())}
            self._desk.ask(request, self._show_callers, lambda: shiboken6.isValid(self) and self.callers.isVisible())

    def _show_callers(self, answer: Answer) -> None:
        found = answer.get("found", [])
        self.callers.show_found(
            answer.get("subject", ""),
            found,
            answer.get("problem", ""),
            self._root(),
            is_all=answer.get("is_all", True),
            scope=answer.get("scope", ""),
        )
