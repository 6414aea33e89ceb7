"""The editor as one sees it: tabs, the file in front, lines to find and to go to, and where the caret is.

It is long because it is where the parts of the editor meet; what can be said about one file is in `page`, what about a
text in `code_editor`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from tasktonic_studio.ui.panels.editor import asking, kept_places
from tasktonic_studio.ui.panels.editor.closing import CANCEL, DISCARD, Closing
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.documents import Document, DocumentProblem, Documents
from tasktonic_studio.ui.panels.editor.file_tabs import FileTabs
from tasktonic_studio.ui.panels.editor.find_bar import FindBar
from tasktonic_studio.ui.panels.editor.keeping import Keeping
from tasktonic_studio.ui.panels.editor.left_texts import LeftTexts
from tasktonic_studio.ui.panels.editor.line_bar import LineBar
from tasktonic_studio.ui.panels.editor.outline_side import OutlineSide
from tasktonic_studio.ui.panels.editor.page import EditorPage
from tasktonic_studio.ui.panels.editor.recovery import Recovery
from tasktonic_studio.ui.panels.editor.sentence_bar import SentenceBar
from tasktonic_studio.ui.panels.editor.text_menu import put_caret_under, text_menu
from tasktonic_studio.ui.panels.editor.text_widget import Look
from tasktonic_studio.ui.panels.editor.zoom_key import ZoomKey
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets.elided_label import ElidedLabel
from tasktonic_studio.ui.widgets.empty_state import EmptyState
from tasktonic_studio.ui.widgets.focus import FocusLeader, has_focus, keys_go_to

USUAL_POINTS: Final = 11

_TEXT_PX: Final = 110
"""The tabs and some lines of text are in sight, whatever stands below."""

_OPENING = "opening"


class EditorView(FocusLeader):
    """All open files. Made by the panel, owned by its dock.

    Args:
        recovery: where unsaved texts are kept.
        theme: colours and fonts.
        run: runs a command by its id.
        make_editor: makes the widget for one file.
        points: the size of the text, for a theme at its usual scale.
        clock: seconds; tests have their own.
        parent: as in Qt.
    """

    ask = staticmethod(asking.ask)
    ask_file = staticmethod(asking.ask_file)

    caret_moved = Signal(str, int)
    """File and line of the caret."""
    margin_clicked = Signal(object, int)
    """Somebody clicked beside a line of this page."""
    page_saved = Signal(object)
    """A page has written its file."""
    page_reloaded = Signal(object)
    """A page has read its file anew."""
    page_renamed = Signal(object)
    """The file of a page has another name now, or its text another language."""
    editor_made = Signal(object, object)
    """A page (`EditorPage`) has another view of its text (`CodeEditor`): hear it from now on."""
    texts_changed = Signal()
    """The text of a file was changed, or another file was opened."""

    def __init__(
        self,
        recovery: Recovery,
        theme: Theme,
        run: Callable[[str], None],
        make_editor: Callable[[], CodeEditor],
        points: Callable[[], int] = lambda: USUAL_POINTS,
        clock: Callable[[], float] = time.monotonic,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._recovery = recovery
        self._documents = Documents(recovery)
        self._theme = theme
        self._run = run
        self._make_editor = make_editor
        self._points = points
        self._clock = clock
        self._zoom = 0
        self._closing = Closing(self, recovery)
        self.bar = SentenceBar(theme, self)
        self._left_texts = LeftTexts(recovery, self._documents, self.bar, self._show_document, self._may_discard_left)
        self.tabs = FileTabs(self)
        self.find_bar = FindBar(self)
        self.line_bar = LineBar(self)
        self.outline_side = OutlineSide(self)
        self.footer = ElidedLabel()
        self._stack = QStackedWidget(self)
        self._lay_out()
        self.tabs.close_wanted.connect(self.close_tab)
        self.tabs.currentChanged.connect(self._on_front)
        self.line_bar.chosen.connect(self.go_to)
        self.line_bar.closed.connect(self.focus_text)
        self.bar.left.connect(self.focus_text)
        self._keeping = Keeping(self, self._documents, clock)

    def _lay_out(self) -> None:
        self.footer.setProperty("role", "small")
        self.footer.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.footer.setContentsMargins(8, 2, 8, 3)
        files = QWidget(self)
        inner = self._below = QVBoxLayout(files)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        self._sides = QSplitter(self)
        self._sides.setChildrenCollapsible(False)
        self._sides.addWidget(self.tabs)
        self._sides.addWidget(self.outline_side.list)
        self._sides.setStretchFactor(0, 1)
        self._sides.setSizes([700, 220])
        # What stands below gets what it asks for, down to a few lines of text; the text has all the rest.
        self._sides.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._sides.setMinimumHeight(_TEXT_PX)
        for widget in (self._sides, self.find_bar, self.line_bar, self.footer):
            inner.addWidget(widget, 1 if widget is self._sides else 0)
        self._empty = EmptyState(
            "No file is open",
            "Source opens here when you open a script, or when you go to the source of a tonic or a sparkle.",
            "Open a file…",
            "editor.open_file",
            self._run,
        )
        self._stack.addWidget(self._empty)
        self._stack.addWidget(files)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self._stack, 1)

    def add_below(self, widget: QWidget) -> None:
        """Put a widget under the texts, above the footer."""
        self._below.insertWidget(self._below.indexOf(self.footer), widget)

    # ---- what is open ---------------------------------------------------------------------------------------------

    def pages(self) -> Iterator[EditorPage]:
        """The tabs from left to right."""
        return self.tabs.pages()

    def page(self) -> EditorPage | None:
        """The file in front."""
        return self.tabs.page()

    def editor(self) -> CodeEditor | None:
        """The text in front; of two views the one that has the keys, or had them last."""
        page = self.page()
        return page.editor if page is not None else None

    def open_place(self, file: str, line: int = 0) -> bool:
        """Bring a file to the front, opened when it is not yet, with a line in the middle and marked (0: leave it)."""
        try:
            document = self._documents.open(Path(file))
        except DocumentProblem as problem:
            self.bar.say(_OPENING, str(problem), (("Close", self._close_bar),), problem=True)
            return False
        self.bar.take_back(_OPENING)
        page = self._show_document(document)
        if line > 0:
            for other in self.pages():
                other.clear_place()
            page.mark_place(line)
        return True

    def text_on_disk(self, page: EditorPage) -> str:
        """What the file of a page holds now.

        Raises:
            DocumentProblem: it cannot be read.
        """
        return self._documents.text_on_disk(page.document)

    def _page_of(self, document: Document) -> EditorPage:
        for page in self.pages():
            if page.document is document:
                return page
        page = EditorPage(document, self._documents, self._new_editor(), self._theme, self._clock)
        page.state_changed.connect(self._show_states)
        page.save_as_wanted.connect(self.save_as)
        page.close_wanted.connect(self.close_tab)
        page.saved.connect(partial(self.page_saved.emit, page))
        page.reloaded.connect(partial(self.page_reloaded.emit, page))
        page.renamed.connect(partial(self.page_renamed.emit, page))
        page.active_changed.connect(self._on_front)
        page.editor.changed.connect(self.texts_changed)
        self.tabs.add_page(page)
        self._follow(page, page.editor)
        self._stack.setCurrentIndex(1)
        self._show_states()
        self.texts_changed.emit()
        return page

    def follow(self, old: Path, new: Path) -> None:
        """A file or a folder was renamed from here: what is open of it stays open, with its changes."""
        moved = self._documents.follow(old, new)
        for page in self.pages():
            if page.document in moved:
                page.take_name()

    def _new_editor(self) -> CodeEditor:
        editor = self._make_editor()
        editor.apply_look(self._look())
        editor.set_zoom(self._zoom)
        return editor

    def _follow(self, page: EditorPage, editor: CodeEditor) -> None:
        """Hear what a view of a text tells."""
        editor.caret_moved.connect(self._show_footer)
        editor.margin_clicked.connect(partial(self._on_margin, page))
        editor.zoomed.connect(self._on_zoomed)
        editor.escaped.connect(self._on_escape)
        editor.menu_wanted.connect(self._show_menu)
        editor.focus_left.connect(self.keep_unsaved)
        ZoomKey(editor, self._run)
        self.editor_made.emit(page, editor)

    def split(self, lie: Qt.Orientation) -> None:
        """Show the file in front twice; a second time, once again."""
        page = self.page()
        if page is None:
            return
        if page.split is None:
            editor = self._new_editor()
            page.add_view(editor, lie)
            self._follow(page, editor)
            self._show_states()
        elif page.split is lie:
            page.remove_view()
        else:
            page.turn_views(lie)

    def split_beside(self) -> None:
        """Show the file in front twice, side by side, or once again."""
        self.split(Qt.Orientation.Horizontal)

    def split_below(self) -> None:
        """Show the file in front twice, one below the other, or once again."""
        self.split(Qt.Orientation.Vertical)

    def other_view(self) -> None:
        """Give the keys to the other view of the file in front."""
        page = self.page()
        if page is not None:
            page.other_view()

    def _on_margin(self, page: EditorPage, line: int) -> None:
        self.margin_clicked.emit(page, line)

    def unsaved(self) -> list[str]:
        """Names of the files with changes that are not saved."""
        return [page.document.name for page in self.pages() if page.document.changed]

    # ---- saving and closing ---------------------------------------------------------------------------------------

    def save(self) -> bool:
        """Save the file in front."""
        page = self.page()
        return page is None or page.save()

    def save_all(self) -> bool:
        """Save every file with changes; the first that cannot be saved comes to the front."""
        failed = [page for page in self.pages() if page.document.changed and not page.save()]
        if failed:
            self.tabs.setCurrentWidget(failed[0])
        return not failed

    def save_as(self) -> bool:
        """Ask for another name for the file in front, and save it there."""
        page = self.page()
        if page is None:
            return True
        file = self.ask_file(self, "Save as", str(page.document.path), True)
        return bool(file) and page.save_as(file)

    def open_file(self) -> bool:
        """Ask for a file, and open it."""
        page = self.page()
        folder = page.document.path.parent if page is not None else Path.cwd()
        file = self.ask_file(self, "Open a file", str(folder), False)
        return bool(file) and self.open_place(file)

    def close_tab(self, index: int = -1) -> bool:
        """Close a tab (the one in front), having asked what becomes of its changes."""
        page = self.tabs.widget(index) if index >= 0 else self.page()
        if not isinstance(page, EditorPage) or self._closing.ask_about(page) == CANCEL:
            return False
        if self.page() is page:
            self.find_bar.set_editor(None)
        had_keys = has_focus(page)
        self._closing.forget(page)
        self._documents.close(page.document)
        self.tabs.removeTab(self.tabs.indexOf(page))
        page.deleteLater()
        if not self.tabs.count():
            self._stack.setCurrentIndex(0)
        if had_keys:  # else Qt gives them to what comes next, such as a tool button of the window
            QWidget.setFocus(keys_go_to(self), Qt.FocusReason.OtherFocusReason)
        self._show_states()
        return True

    def may_close(self) -> bool:
        """Ask for every file with changes what becomes of them; False when the user would rather stay.

        What is discarded goes only with ``finish``: the window may stay open for another reason.
        """
        self.keep_unsaved()
        return self._closing.may_close_all()

    def finish(self) -> None:
        """The window ends: keep what is unsaved and was not discarded."""
        self.keep_unsaved()
        self._keeping.stop()
        self.find_bar.stop()
        self.outline_side.list.finish()
        self._closing.finish()
        self._recovery.close()

    # ---- nothing is lost ------------------------------------------------------------------------------------------

    def beat(self) -> None:
        """Keep unsaved texts that have come to rest, and look whether files were changed by others."""
        self._keeping.beat()

    def keep_unsaved(self) -> None:
        """Keep every unsaved text now."""
        self._keeping.keep()

    def offer_left_texts(self) -> None:
        """Offer what a Studio that ended unexpectedly had not saved."""
        self._left_texts.offer()

    def _may_discard_left(self) -> bool:
        question = "Throw the unsaved changes away?"
        return self.ask(self, question, "They cannot be had back.", (DISCARD, CANCEL)) == DISCARD

    def _show_document(self, document: Document) -> EditorPage:
        page = self._page_of(document)
        self.tabs.setCurrentWidget(page)
        return page

    # ---- commands on the text in front ----------------------------------------------------------------------------

    def show_find(self) -> None:
        """Open the line to find in."""
        self.line_bar.hide()
        self.find_bar.open()

    def show_replace(self) -> None:
        """Open the lines to find in and to replace with."""
        self.line_bar.hide()
        self.find_bar.open(replace=True)

    def find_next(self) -> None:
        """Select the next hit."""
        self.find_bar.find_next()

    def find_previous(self) -> None:
        """Select the hit before."""
        self.find_bar.find_previous()

    def go_to_line(self) -> None:
        """Ask for a line."""
        editor = self.editor()
        if editor is not None:
            if not self.find_bar.isHidden():
                self.find_bar.close_bar()
            self.line_bar.open(editor.line_of(editor.caret()), editor.line_count())

    def next_file(self) -> None:
        """Bring the tab to the right to the front, after the last one the first."""
        self._show_tab(self.tabs.currentIndex() + 1)

    def previous_file(self) -> None:
        """Bring the tab to the left to the front, before the first one the last."""
        self._show_tab(self.tabs.currentIndex() - 1)

    def _show_tab(self, index: int) -> None:
        if self.tabs.count():
            self.tabs.setCurrentIndex(index % self.tabs.count())
            self.focus_text()

    def focus_text(self) -> None:
        """Give the keys to the text in front."""
        editor = self.editor()
        if editor is not None:
            editor.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def zoom(self) -> int:
        """How many points larger than the theme has it the text is."""
        return self._zoom

    def set_zoom(self, points: int) -> None:
        """Make the text of all files larger or smaller than the theme has it."""
        self._zoom = points
        for page in self.pages():
            for editor in page.editors:
                editor.set_zoom(points)

    def dress(self) -> None:
        """Take on the colours and fonts of the theme."""
        look = self._look()
        self.bar.dress()
        for page in self.pages():
            for editor in page.editors:
                editor.apply_look(look)
            page.dress()

    def _look(self) -> Look:
        # The theme's usual size is ten points.
        return Look(self._theme.color, self._theme.font("mono", self._points() / 10))

    # ---- state between runs ---------------------------------------------------------------------------------------

    def save_state(self) -> dict[str, Any]:
        """Which files are open and where one is in them."""
        return kept_places.kept(self)

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Open the files that were open, as far as they are still there."""
        kept_places.take_back(self, state)
        self.bar.take_back(_OPENING)

    # ---- what is shown --------------------------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 140)

    def _show_states(self) -> None:
        self.tabs.show_states()
        self._show_footer()

    def _show_footer(self) -> None:
        page = self.page()
        if page is None:
            self.footer.show_text("")
            return
        editor, document = page.editor, page.document
        line = editor.line_of(editor.caret())
        words = [f"line {line}, column {editor.column()}", document.format.words]
        if document.read_only:
            words.append("read-only")
        self.footer.show_text("   ".join(words))
        self.caret_moved.emit(str(document.path), line)

    def _on_front(self) -> None:
        editor = self.editor()
        self.find_bar.set_editor(editor)
        # Who gives the panel the focus means the text.
        self.lead_focus_to(editor.input_widget() if editor is not None else self._empty)
        self.line_bar.hide()
        self._show_footer()

    def go_to(self, line: int, column: int = 1) -> None:
        """Go to a line of the text in front, with the keys."""
        editor = self.editor()
        if editor is not None:
            editor.go_to(line, column)
            self.focus_text()

    def _on_zoomed(self, points: int) -> None:
        if points != self._zoom:
            self.set_zoom(points)

    def _on_escape(self) -> None:
        page = self.page()
        if page is not None:
            page.clear_place()
        if not self.find_bar.isHidden():
            self.find_bar.close_bar()

    def _close_bar(self) -> None:
        self.bar.take_back()

    def _show_menu(self, at: QPoint) -> None:
        editor = self.editor()
        if editor is not None:
            put_caret_under(editor, at)
            text_menu(editor, self.show_find, self.go_to_line, self._run, self).popup(at)
