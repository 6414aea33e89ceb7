"""The outlines of the open files, brought up to date soon after a change; that of a long one between what the user does."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from tasktonic_studio.analysis.outline import Item, count_alike, outlining
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.differing import differing
from tasktonic_studio.ui.panels.editor.page import EditorPage
from tasktonic_studio.ui.panels.editor.view import EditorView
from tasktonic_studio.ui.widgets.in_portions import InPortions
from tasktonic_studio.ui.widgets.throttle import Throttle

LEAST_MS: Final = 200
_SHARE: Final = 20
"""A text that takes long to look through is looked through that much more seldom."""
_LONGEST_MS: Final = 3_000
"""But no more seldom than this: that the machine was busy once says little about the next time."""


class Outlines(QObject):
    """Made by the editor panel with its view."""

    changed = Signal()
    """An outline became another one, or another file is in front."""

    def __init__(self, view: EditorView) -> None:
        super().__init__(view)
        self._view = view
        self._known: dict[EditorPage, tuple[Item, ...]] = {}
        self._seen: dict[EditorPage, str] = {}
        """The text that was looked through last."""
        self._stale: set[EditorPage] = set()
        self._reading: EditorPage | None = None
        """Whose text is being looked through."""
        self._work = InPortions(self)
        self._look = Throttle(LEAST_MS, self.look, self)
        self._turn = QTimer(self)
        """One change may be told in steps, as that of a replaced piece: first without it, then with the new one."""
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._look.ask)
        view.editor_made.connect(self._on_editor)
        view.page_renamed.connect(self._on_changed)
        view.tabs.currentChanged.connect(self._on_front)

    def of(self, page: EditorPage) -> tuple[Item, ...] | None:
        """The outline of a page, as it was found last; while a long string is being typed, that from before.

        None for a text that is being looked through for the first time; `changed` tells when that is done.
        """
        if page not in self._known and page is not self._reading:
            self._read(page)
        return self._known.get(page)

    def finish(self) -> None:
        """The window closes for good."""
        self._turn.stop()
        self._look.stop()
        self._work.stop()

    def look(self) -> None:
        """Look through the file in front, if its text was changed. One that is being looked through is finished first."""
        page = self._view.page()
        self._forget_closed()
        if page is not None and page in self._stale and page is not self._reading:
            self._read(page)

    def _read(self, page: EditorPage) -> None:
        if self._reading is not None:
            # Somebody went to another file meanwhile.
            self._stale.add(self._reading)
        self._reading = page
        self._stale.discard(page)
        text = page.editor.text() if page.is_python else ""
        if page in self._known and _only_within_lines(self._seen[page], text):
            self._seen[page], self._reading = text, None
        else:
            self._work.start(self._found(page, text))

    def _found(self, page: EditorPage, text: str) -> Iterator[None]:
        looked = yield from outlining(text)
        self._reading = None
        wished_ms = round(self._work.took_s * 1_000 * _SHARE)
        self._look.set_interval(min(max(LEAST_MS, wished_ms), _LONGEST_MS))
        before = self._known.get(page)
        self._seen[page] = text
        if before is None or not looked.has_open_string:
            self._known[page] = looked.items
        self._forget_closed()
        if page in self._stale:
            self._look.ask()
        if self._known.get(page, before) != before:
            self.changed.emit()

    def _forget_closed(self) -> None:
        pages = set(self._view.pages())
        self._known = {page: items for page, items in self._known.items() if page in pages}
        self._seen = {page: text for page, text in self._seen.items() if page in pages}
        self._stale &= pages

    def _on_editor(self, page: EditorPage, editor: CodeEditor) -> None:
        editor.changed.connect(partial(self._on_changed, page))
        self._on_changed(page)

    def _on_changed(self, page: EditorPage) -> None:
        self._stale.add(page)
        self._turn.start()

    def _on_front(self) -> None:
        self._look.ask()
        self.changed.emit()


def _only_within_lines(before: str, after: str) -> bool:
    """Whether no line that differs has anything to do with an outline."""
    begin, end_before, _ = differing(before, after)
    first = before.rfind("\n", 0, begin) + 1
    rest = before.find("\n", end_before)
    same = len(before) - rest if rest >= 0 else 0
    return count_alike(before[first : len(before) - same], after[first : len(after) - same])
