"""The outline beside the text of the editor: what it shows, when it is there, and who has the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from tasktonic_studio.ui.panels.editor.outline_list import OutlineList

if TYPE_CHECKING:
    from tasktonic_studio.ui.panels.editor.outlines import Outlines
    from tasktonic_studio.ui.panels.editor.view import EditorView


class OutlineSide(QObject):
    """Made and owned by the editor's view."""

    def __init__(self, view: EditorView) -> None:
        super().__init__(view)
        self._view = view
        self._outlines: Outlines | None = None
        self.list = OutlineList(view)
        self.list.hide()
        self.list.chosen.connect(view.go_to)
        self.list.left.connect(view.focus_text)
        view.caret_moved.connect(self._on_caret)

    def take_from(self, outlines: Outlines) -> None:
        """Show what these find from now on."""
        self._outlines = outlines
        outlines.changed.connect(self._show)

    @property
    def is_shown(self) -> bool:
        """Whether it stands beside the text."""
        return not self.list.isHidden()

    def set_shown(self, shown: bool) -> None:
        """Have it beside the text, or not."""
        self.list.setVisible(shown)
        self._show()

    def go(self) -> None:
        """Show the outline and give it the keys; when it has them already, hide it."""
        if self.is_shown and (self.list.filter.hasFocus() or self.list.tree.hasFocus()):
            self.set_shown(False)
            self._view.focus_text()
            return
        self.set_shown(True)
        self.list.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.list.filter.selectAll()

    def _show(self) -> None:
        page = self._view.page()
        if self.is_shown and self._outlines is not None:
            self.list.show_items(self._outlines.of(page) if page is not None else ())
            if page is not None:
                self.list.follow(page.editor.line_of(page.editor.caret()))

    def _on_caret(self, _file: str, line: int) -> None:
        if self.is_shown:
            self.list.follow(line)
