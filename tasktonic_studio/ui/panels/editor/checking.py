"""Checking while somebody types: wavy lines, the line below, the shared list of faults, and mending them.

A text is looked at by the code process when nothing was typed for a moment. An answer about a text that was changed meanwhile
is dropped, and the text asked about again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from tasktonic_studio.session.written_faults import WrittenFault, WrittenFaults, WrittenFix, faults_from
from tasktonic_studio.ui.aside import Answer
from tasktonic_studio.ui.code_desk import CodeDesk
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.fault_line import FaultLine, at_line
from tasktonic_studio.ui.panels.editor.hints import Underline
from tasktonic_studio.ui.panels.editor.page import EditorPage
from tasktonic_studio.ui.panels.editor.view import EditorView
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import figures

TEXT_MS: Final = 20_000
"""What looking at one text may take, also on a machine that is busy; who types waits for none of it."""
MOST_TRIES: Final = 2
"""So often is asked about a text for which no answer comes: the process may have been ended by something else."""
FOLDER_MS: Final = 60_000
"""What looking through a folder may take."""
_FOLDER: Final = "folder"
NOT_CHECKED: Final = "This file is not checked: it is no Python."
QUIET_MS: Final = 300
"""A text is looked at when nothing was typed for so long."""


class _Checked(QObject):
    """What is known of one page. Ends with it."""

    def __init__(self, page: EditorPage) -> None:
        super().__init__(page)
        self.page = page
        self.file = str(page.document.path)
        self.is_python = page.is_python
        """As it was told last: a file gets another name, and another language with it."""
        self.version = 0
        self.checked_version = -1
        self.tries = 0
        self.faults: tuple[WrittenFault, ...] = ()

    @property
    def is_fresh(self) -> bool:
        """Whether the faults are those of the text as it is now."""
        return self.checked_version == self.version


class Checking(QObject):
    """Made by the editor panel with its view, and ends with it. UI thread.

    Args:
        view: where the texts are.
        desk: whom to ask.
        faults: where it is told to the other panels.
        theme: colours.
        texts: the texts that are not on disk, by file.
        root: the open project; empty for none.
    """

    def __init__(
        self,
        view: EditorView,
        desk: CodeDesk,
        faults: WrittenFaults,
        theme: Theme,
        texts: Callable[[], Mapping[str, str]],
        root: Callable[[], str],
    ) -> None:
        super().__init__(view)
        self._view = view
        self._desk = desk
        self._faults = faults
        self._texts = texts
        self._root = root
        self._pages: dict[EditorPage, _Checked] = {}
        self._waiting: dict[EditorPage, None] = {}
        self._is_asking = self._has_finished = False
        self._of_folder: set[str] = set()
        """The files that are listed without being open."""
        self._then: Callable[[], None] | None = None
        """What is to be done when the text in front has been looked at."""
        self.line = FaultLine(theme, self.offer_fixes, view)
        self.menu: QMenu | None = None
        """The last list of ways to mend something."""
        self.quiet = QTimer(self)
        self.quiet.setSingleShot(True)
        self.quiet.setInterval(QUIET_MS)
        self.quiet.timeout.connect(self._ask_next)
        view.add_below(self.line)
        view.editor_made.connect(self._on_editor)
        view.page_saved.connect(self._on_saved)
        view.page_renamed.connect(self._on_renamed)
        view.tabs.currentChanged.connect(self._on_front)
        for page in view.pages():
            for editor in page.editors:
                self._on_editor(page, editor)

    def finish(self) -> None:
        """The window closes: nothing is asked any more."""
        self._has_finished = True
        self.quiet.stop()
        self._waiting.clear()

    # ---- texts

    def _on_editor(self, page: EditorPage, editor: CodeEditor) -> None:
        checked = self._pages.get(page)
        if checked is None:
            checked = self._pages[page] = _Checked(page)
            page.destroyed.connect(partial(self._on_gone, page, checked.file))
        editor.changed.connect(partial(self._on_changed, checked))
        editor.caret_moved.connect(self._say)
        self._wait(page)

    def _on_changed(self, checked: _Checked) -> None:
        checked.version += 1
        checked.tries = 0
        self._wait(checked.page)

    def _on_renamed(self, page: EditorPage) -> None:
        checked = self._pages[page]
        self._faults.take(checked.file, ())
        checked.file, checked.is_python = str(page.document.path), page.is_python
        self._on_changed(checked)  # an answer that is to come is about another file, or what is no Python
        if not checked.is_python:
            self._waiting.pop(page, None)
            self._show(checked, ())

    def _on_gone(self, page: EditorPage, file: str) -> None:
        checked = self._pages.pop(page, None)
        self._waiting.pop(page, None)
        if self._has_finished or not shiboken6.isValid(self._view.tabs):
            return
        self._faults.take(file, ())
        if checked is not None and checked.file != file:
            self._faults.take(checked.file, ())
        self._say()

    def _on_front(self) -> None:
        page = self._view.page()
        if page in self._pages:
            self._wait(page)  # what it uses of another file may have changed there
        self._say()

    def _on_saved(self, page: EditorPage) -> None:
        for other in self._pages:
            if other is not page:
                self._wait(other)  # what is said of them may depend on what was saved

    def _wait(self, page: EditorPage) -> None:
        if not self._has_finished and self._pages[page].is_python:  # else a form, or a text
            self._waiting.pop(page, None)
            self._waiting[page] = None
            self.quiet.start()

    # ---- asking

    @property
    def is_busy(self) -> bool:
        """Whether a text is to be looked at, or is being looked at."""
        return self._is_asking or bool(self._waiting)

    def _ask_next(self) -> None:
        if self._is_asking or not self._waiting:
            return
        front = self._view.page()
        page = front if front in self._waiting else next(iter(self._waiting))
        del self._waiting[page]
        checked = self._pages.get(page)
        if checked is None or not shiboken6.isValid(page):
            self._ask_next()
            return
        self._is_asking = True
        request = {
            "do": "problems",
            "file": checked.file,
            "text": page.editor.text(),
            "texts": dict(self._texts()),
        }
        self._desk.ask(
            request,
            partial(self._take, checked, checked.version, checked.file),
            lambda: shiboken6.isValid(self),
            TEXT_MS,
        )

    def _take(self, checked: _Checked, version: int, file: str, answer: Answer) -> None:
        self._is_asking = False
        if shiboken6.isValid(checked) and checked.version == version and checked.file == file:
            if "problems" not in answer and (tries := checked.tries + 1) < MOST_TRIES:
                checked.tries = tries
                self._wait(checked.page)
            else:
                self._has_looked(checked, version, faults_from(file, answer.get("problems", ())))
        if self._waiting and not self.quiet.isActive():
            self._ask_next()

    def _has_looked(self, checked: _Checked, version: int, faults: tuple[WrittenFault, ...]) -> None:
        checked.checked_version, checked.tries = version, 0
        self._show(checked, faults)
        if checked.page is self._view.page() and self._then is not None:
            act, self._then = self._then, None
            act()

    def _show(self, checked: _Checked, faults: tuple[WrittenFault, ...]) -> None:
        checked.faults = faults
        for editor in checked.page.editors:
            editor.set_underlines([_underline(editor, it) for it in faults])
        self._faults.take(checked.file, faults)
        self._say()

    # ---- a whole folder

    def check_folder(self) -> None:
        """Look through all files of the project of the text in front; those that are not open are listed as well."""
        page = self._view.page()
        if page is None:
            return
        file, texts = str(page.document.path), dict(self._texts())
        request = {"do": "folder_problems", "file": file, "texts": texts, "root": self._root()}
        self._view.bar.say(_FOLDER, "The files of the folder are being looked through.")
        self._desk.ask(request, self._take_folder, lambda: shiboken6.isValid(self), FOLDER_MS)

    def _take_folder(self, answer: Answer) -> None:
        if "problem" in answer:
            self._view.bar.say(
                _FOLDER, f"The folder could not be looked through. {answer['problem']}", self._close_folder
            )
            return
        is_open = {checked.file for checked in self._pages.values()}
        found = {file: faults_from(file, rows) for file, rows in answer["problems"].items() if file not in is_open}
        for file in self._of_folder - found.keys() - is_open:
            self._faults.take(file, ())
        for file, faults in found.items():
            self._faults.take(file, faults)
        self._of_folder = set(found)
        self._view.bar.say(_FOLDER, _folder_words(answer), self._close_folder)

    @property
    def _close_folder(self) -> tuple[tuple[str, Callable[[], None]], ...]:
        return (("Close", partial(self._view.bar.take_back, _FOLDER)),)

    # ---- what is said

    def of_front(self) -> tuple[WrittenFault, ...]:
        """The faults of the text in front, as last looked at."""
        page = self._view.page()
        checked = self._pages.get(page) if page is not None else None
        return checked.faults if checked is not None else ()

    def _is_checked(self) -> bool:
        page = self._view.page()
        return page is not None and page.is_python

    def _say(self) -> None:
        editor = self._view.editor()
        line = editor.line_of(editor.caret()) if editor is not None else 0
        self.line.say(self.of_front() if editor is not None else (), line)

    def go_on(self, step: int) -> None:
        """Go to the next problem of the text in front, or with -1 to the one before; around the end."""
        editor, faults = self._view.editor(), self.of_front()
        if editor is None:
            return
        if not faults:
            said = "Nothing is wrong with this text, as far as can be told." if self._is_checked() else NOT_CHECKED
            editor.show_tip(editor.caret(), said)
            return
        here = (editor.line_of(editor.caret()), editor.column())
        places = sorted({(it.line, it.column) for it in faults}, reverse=step < 0)
        beyond = [it for it in places if (it > here if step > 0 else it < here)]
        editor.go_to(*(beyond or places)[0])
        self._view.focus_text()

    # ---- mending

    def offer_fixes(self) -> None:
        """Offer the ways to mend what is wrong in the line of the caret."""
        page = self._view.page()
        checked = self._pages.get(page) if page is not None else None
        if page is None or checked is None:
            return
        if not checked.is_python:
            page.editor.show_tip(page.editor.caret(), NOT_CHECKED)
            return
        if not checked.is_fresh:
            self._then = self.offer_fixes
            self._wait(page)
            self.quiet.stop()
            self._ask_next()
            return
        editor = self._view.editor() or page.editor
        here = at_line(checked.faults, editor.line_of(editor.caret()))
        ways = [it for it in here if it.fixes]
        if not ways:
            said = here[0].sentences if here else "Nothing is wrong in this line."
            editor.show_tip(editor.caret(), f"{said}\nThere is no quick way to mend it." if here else said)
            return
        self._open_menu(editor, ways)

    def _open_menu(self, editor: CodeEditor, faults: list[WrittenFault]) -> None:
        """A list under the caret: arrow keys and Enter, Esc for none of them."""
        self.menu = menu = QMenu(editor)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName("Ways to mend it")
        for fault in faults:
            if len(faults) > 1:
                menu.addSection(fault.title)
            for fix in fault.fixes:
                action = QAction(fix.title.replace("&", "&&"), menu)
                action.triggered.connect(partial(self._on_chosen, fault, fix))
                menu.addAction(action)
        menu.popup(editor.place_on_screen(editor.caret()).bottomLeft())
        menu.setActiveAction(next(it for it in menu.actions() if not it.isSeparator()))

    def _on_chosen(self, fault: WrittenFault, fix: WrittenFix, _checked: bool = False) -> None:
        self.mend(fault, fix)

    def mend(self, fault: WrittenFault, fix: WrittenFix) -> bool:
        """Mend a fault, as one step to undo; False when the text is another one by now, or is not open."""
        for checked in self._pages.values():
            if checked.file == fault.file and checked.is_fresh and fault in checked.faults:
                editor = self._view.editor() if checked.page is self._view.page() else None
                editor = editor or checked.page.editor
                if editor.is_read_only():
                    return False
                _apply(editor, fix)
                return True
        return False


def _folder_words(answer: Answer) -> str:
    """How many problems, in how many files of which folder."""
    count = sum(map(len, answer["problems"].values()))
    looked = f"{figures.counted(answer['files'], 'file')} of {answer['folder']}"
    left = f" {figures.counted(answer['left'], 'more file')} were not looked at." if answer["left"] else ""
    left += f" {answer['remark']}" if answer["remark"] else ""
    if not count:
        return f"Nothing is wrong in {looked}, as far as can be told.{left}"
    return f"{figures.counted(count, 'problem')} in {looked}: they are in the panel Problems.{left}"


def _underline(editor: CodeEditor, fault: WrittenFault) -> Underline:
    start = editor.line_start(fault.line) + fault.column - 1
    end = editor.line_start(fault.end_line) + fault.end_column - 1
    return Underline(start, end, fault.severity, fault.sentences)


def _apply(editor: CodeEditor, fix: WrittenFix) -> None:
    editor.replace_many(fix.edits)
    start, _end, text = fix.edits[-1]
    if text.endswith("pass") and text.startswith("\n"):
        # An empty method was added: what it is to do comes next.
        shift = sum(len(it[2]) - (it[1] - it[0]) for it in fix.edits[:-1] if it[0] < start)
        stop = start + shift + len(text)
        editor.select(stop - len("pass"), stop)
    elif len(fix.edits) == 1 and "\n" not in text:
        editor.select(start + len(text), start + len(text))
