"""The outlines of the open files, brought up to date soon after a change."""

from __future__ import annotations

import time
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal

from tasktonic_studio.analysis.outline import Item, has_open_string, outline
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.page import EditorPage
from tasktonic_studio.ui.panels.editor.view import EditorView
from tasktonic_studio.ui.widgets.throttle import Throttle

LEAST_MS: Final = 200
_SHARE: Final = 20
"""A text that takes long to look through is looked through that much more seldom."""


class Outlines(QObject):
    """Made by the editor panel with its view."""

    changed = Signal()
    """An outline became another one, or another file is in front."""

    def __init__(self, view: EditorView) -> None:
        super().__init__(view)
        self._view = view
        self._known: dict[EditorPage, tuple[Item, ...]] = {}
        self._stale: set[EditorPage] = set()
        self._look = Throttle(LEAST_MS, self.look, self)
        view.editor_made.connect(self._on_editor)
        view.page_renamed.connect(self._on_changed)
        view.tabs.currentChanged.connect(self._on_front)

    def of(self, page: EditorPage) -> tuple[Item, ...]:
        """The outline of a page, as it was found last; while a long string is being typed, that from before."""
        if page not in self._known:
            self._read(page)
        return self._known[page]

    def finish(self) -> None:
        """The window closes for good."""
        self._look.stop()

    def look(self) -> None:
        """Look through the file in front now, if its text was changed."""
        page = self._view.page()
        pages = set(self._view.pages())
        self._known = {known: items for known, items in self._known.items() if known in pages}
        self._stale &= pages
        if page in self._stale and page is not None:
            before = self._known.get(page)
            self._read(page)
            if self._known[page] != before:
                self.changed.emit()

    def _read(self, page: EditorPage) -> None:
        began_s = time.monotonic()
        text = page.editor.text() if page.is_python else ""
        if page not in self._known or not has_open_string(text):
            self._known[page] = outline(text)
        self._stale.discard(page)
        took_ms = (time.monotonic() - began_s) * 1000
        self._look.set_interval(max(LEAST_MS, round(took_ms * _SHARE)))

    def _on_editor(self, page: EditorPage, editor: CodeEditor) -> None:
        editor.changed.connect(partial(self._on_changed, page))
        self._on_changed(page)

    def _on_changed(self, page: EditorPage) -> None:
        self._stale.add(page)
        self._look.ask()

    def _on_front(self) -> None:
        self._look.ask()
        self.changed.emit()
