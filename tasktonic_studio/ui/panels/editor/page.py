"""One tab of the editor: a document, the widget that shows it, and what is to be said about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.compare_dialog import CompareDialog
from tasktonic_studio.ui.panels.editor.documents import ChangedOnDisk, DiskState, Document, DocumentProblem, Documents
from tasktonic_studio.ui.panels.editor.languages import Language, language_of
from tasktonic_studio.ui.panels.editor.marks import Mark, place_mark
from tasktonic_studio.ui.panels.editor.sentence_bar import Answer, SentenceBar
from tasktonic_studio.ui.theme.theme import Theme

_DISK, _SAVING, _READ_ONLY = "disk", "saving", "read only"


class EditorPage(QWidget):
    """One open file. Made by the view for each document; ends with its tab."""

    state_changed = Signal()
    """Whether there are unsaved changes, where the file is, or how it is written."""
    saved = Signal()
    reloaded = Signal()
    """The file was read anew."""
    renamed = Signal()
    """The file has another name now, or its text another language."""
    active_changed = Signal()
    """Another view of the text has the keys."""
    save_as_wanted = Signal()
    close_wanted = Signal()

    def __init__(
        self,
        document: Document,
        documents: Documents,
        editor: CodeEditor,
        theme: Theme,
        clock: Callable[[], float],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.document = document
        self.editors = [editor]
        """The views of the text: one, or two."""
        self.editor = editor
        """The one that has the keys, or had them last."""
        self.bar = SentenceBar(theme, self)
        self._documents = documents
        self._clock = clock
        self._marks: list[Mark] = []
        self._breakpoints: list[Mark] = []
        self._is_shown_as_told = True
        """The text was not changed since marks were shown: an edit may take some away, or put several into one line."""
        self.line_marks: list[Mark] = []
        self.run_marks: list[Mark] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        self._halves = QSplitter(self)
        self._halves.setChildrenCollapsible(False)
        self._halves.addWidget(editor)
        layout.addWidget(self._halves, 1)
        self.bar.left.connect(self.setFocus)
        self._follow(editor)
        self._take_in(document.read_text())
        self._lines = editor.line_count()
        editor.changed.connect(self._on_edited)
        editor.dirty_changed.connect(self._on_edited)

    # ---- two views ------------------------------------------------------------------------------------------------

    def _follow(self, editor: CodeEditor) -> None:
        self.setFocusProxy(editor)
        editor.focus_entered.connect(self._on_focus)

    def _on_focus(self) -> None:
        editor = self.sender()
        if isinstance(editor, CodeEditor) and editor in self.editors and editor is not self.editor:
            self._make_active(editor)

    def _make_active(self, editor: CodeEditor) -> None:
        self.editor = editor
        self.setFocusProxy(editor)
        self.active_changed.emit()

    @property
    def split(self) -> Qt.Orientation | None:
        """How the two views lie: beside or below each other; None for a single one."""
        return self._halves.orientation() if len(self.editors) > 1 else None

    def add_view(self, editor: CodeEditor, lie: Qt.Orientation) -> None:
        """Show the text a second time, in this editor, at the same place."""
        first = self.editors[0]
        editor.share_text_of(first)
        editor.set_read_only(first.is_read_only())
        self.editors.append(editor)
        self._halves.setOrientation(lie)
        self._halves.addWidget(editor)
        self._halves.setSizes([1000, 1000])
        editor.select(first.caret(), first.caret())
        editor.scroll_to(first.first_visible_line())
        self._follow(editor)
        self._show_marks()
        self._make_active(editor)
        editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def turn_views(self, lie: Qt.Orientation) -> None:
        """Let the two views lie the other way."""
        self._halves.setOrientation(lie)

    def other_view(self) -> None:
        """Give the keys to the other view."""
        for editor in self.editors:
            if editor is not self.editor:
                self._make_active(editor)
                editor.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def remove_view(self) -> None:
        """Have a single view again, where the active one was."""
        if len(self.editors) < 2:
            return
        first, second = self.editors
        if self.editor is second:
            first.select(*second.selection())
            first.scroll_to(second.first_visible_line())
        self.editors.remove(second)
        self._make_active(first)
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        second.leave_text()
        second.hide()
        second.deleteLater()

    def name_views(self, name: str) -> None:
        """Say for screen readers what the views show."""
        for editor, which in zip(self.editors, ("", ", second view"), strict=False):
            editor.input_widget().setAccessibleName(f"Source of {name}{which}")

    def _set_read_only(self, read_only: bool) -> None:
        for editor in self.editors:
            editor.set_read_only(read_only)

    # ---- text and file --------------------------------------------------------------------------------------------

    def _take_in(self, text: str) -> None:
        document, editor = self.document, self.editor
        self._judge(text)
        editor.set_language(language_of(document.path, text))
        editor.set_text(text)
        self._set_read_only(bool(document.read_only))
        document.read_text = editor.text
        self._say_read_only()

    def _judge(self, text: str) -> None:
        """The plain editor cannot give every text back: such a one is only shown."""
        document = self.document
        if not document.lossy and not self.editor.can_hold(text):
            document.read_only = "It holds invisible characters that the plain editor cannot keep."
            document.lossy = True

    def put_unsaved(self, text: str) -> None:
        """Show a text that was never saved, as a change of what the file holds."""
        self._set_read_only(False)
        self.editor.set_unsaved_text(text)
        self._set_read_only(bool(self.document.read_only))
        self._on_edited()

    def save(self) -> bool:
        """Write the file; when that cannot be done, say why and what to do."""
        return self._save(False)

    def overwrite(self) -> bool:
        """Write the file also when someone else wrote it meanwhile."""
        return self._save(True)

    def _save(self, overwrite: bool) -> bool:
        try:
            self._documents.save(self.document, overwrite)
        except ChangedOnDisk:
            self.say_changed(is_refused=True)
            return False
        except DocumentProblem as problem:
            self.bar.say(_SAVING, str(problem), self._ways_out(), problem=True)
            return False
        self._saved()
        return True

    def save_as(self, file: str) -> bool:
        """Write the text to another file, which is the one of this tab from now on."""
        try:
            self._documents.save_as(self.document, Path(file))
        except DocumentProblem as problem:
            self.bar.say(_SAVING, str(problem), self._ways_out(), problem=True)
            return False
        self._set_read_only(False)
        self.take_name()
        self._saved()
        return True

    def take_name(self) -> None:
        """The file has another name now, and with it perhaps another language."""
        self._take_language()
        self.renamed.emit()
        self.state_changed.emit()

    def _take_language(self) -> bool:
        """Have the language that the name and the first line say; whether it is another one than before."""
        before, language = self.editor.language, language_of(self.document.path, self.editor.text())
        for editor in self.editors:
            editor.set_language(language)
        return language is not before

    def _saved(self) -> None:
        self.editor.mark_saved()
        self.bar.take_back()
        if self._take_language():
            self.renamed.emit()
        self.state_changed.emit()
        self.saved.emit()

    def reload(self) -> None:
        """Show what the file holds now. The text that was here can be had back with Undo."""
        try:
            text = self._documents.reload(self.document)
        except DocumentProblem as problem:
            self.bar.say(_DISK, str(problem), (("Keep mine", self.keep_mine),), problem=True)
            return
        self._judge(text)
        self._set_read_only(False)
        self.editor.set_unsaved_text(text)
        self.editor.mark_saved()
        self.document.changed = False
        self._set_read_only(bool(self.document.read_only))
        self.bar.take_back()
        self._say_read_only()
        if self._take_language():
            self.renamed.emit()
        self.state_changed.emit()
        self.reloaded.emit()

    def compare(self) -> None:
        """Show what the text here and the file have different."""
        try:
            disk = self._documents.text_on_disk(self.document)
        except DocumentProblem as problem:
            self.bar.say(_DISK, str(problem), (("Keep mine", self.keep_mine),), problem=True)
            return
        dialog = CompareDialog(self.document.name, disk, self.editor.text(), self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def keep_mine(self) -> None:
        """What stands here is what is wanted, whatever the file holds."""
        self._documents.keep_mine(self.document)
        self.bar.take_back(_DISK)
        self.state_changed.emit()

    def look_at_disk(self) -> None:
        """Find out whether someone else wrote or removed the file, and say so once."""
        if self._documents.may_be_written_now(self.document):
            self._set_read_only(False)
            self.bar.take_back(_READ_ONLY)
            self.state_changed.emit()
        before = self.document.on_disk
        state = self._documents.look_at_disk(self.document)
        if state is before:
            return
        if state is DiskState.CHANGED:
            self.say_changed()
        elif state is DiskState.GONE:
            self.say_gone()
        else:
            self.bar.take_back(_DISK)
        self._note_edit()
        self.state_changed.emit()

    def say_gone(self) -> None:
        """The file is not there any more, but its text is."""
        sentence = f"{self.document.name} is no longer on disk. Its text is still here."
        answers = (("Save it again", self._save_again), ("Close", self._want_close))
        self.bar.say(_DISK, sentence, answers)

    def say_changed(self, *, is_refused: bool = False) -> None:
        """Somebody else has written the file. `is_refused`: this is why it was not saved."""
        sentence = f"{self.document.name} was changed on disk by another program."
        if is_refused:
            # Else whoever saves while that stands there already would see nothing happen, and take it for saved.
            sentence = f"Not saved: {sentence} Keep yours, and save again, or reload what is there."
        elif self.document.changed:
            sentence += " The changes you made here are not in it."
        answers = (("Compare…", self.compare), ("Reload", self.reload), ("Keep mine", self.keep_mine))
        self.bar.say(_DISK, sentence, answers, problem=is_refused)

    def _say_read_only(self) -> None:
        if self.document.read_only:
            sentence = f"{self.document.read_only} {self.document.name} is shown here, and cannot be changed."
            self.bar.say(_READ_ONLY, sentence, self._ways_out())

    def _ways_out(self) -> tuple[Answer, ...]:
        return () if self.document.lossy else (("Save as…", self._want_save_as),)

    def mark_place(self, line: int) -> None:
        """Go to a line and mark it, until the text is changed or another place is asked for.

        The first line is where a file is opened that was asked for as a whole: no line of it is meant.
        """
        self.editor.go_to(line)
        at = self.editor.line_of(self.editor.caret())
        self._marks = [place_mark(at)] if at > 1 else []
        self._show_marks()

    def clear_place(self) -> None:
        """Take the mark of a place away."""
        if self._marks:
            self._marks = []
            self._show_marks()

    def show_breakpoints(self, marks: list[Mark]) -> None:
        """Show these breakpoints beside their handlers, and no others."""
        if marks != self._breakpoints or not self._is_shown_as_told:
            self._breakpoints = list(marks)
            self._show_marks()

    @property
    def is_python(self) -> bool:
        """Whether what is known of Python is of use here."""
        return self.editor.language is Language.PYTHON

    @property
    def breakpoints(self) -> list[Mark]:
        """The marks of breakpoints, as they are shown."""
        return list(self._breakpoints)

    def _show_marks(self) -> None:
        self._is_shown_as_told = True
        self.editor.set_marks([*self._breakpoints, *self.run_marks, *self.line_marks, *self._marks])

    def show_line_marks(self, marks: list[Mark]) -> None:
        """Mark the lines at which the app stops, and the one in which it stands."""
        if marks != self.line_marks or not self._is_shown_as_told:
            self.line_marks = list(marks)
            self._show_marks()

    def show_run_marks(self, marks: list[Mark]) -> None:
        """Mark the handlers that run at the moment that is shown."""
        if marks != self.run_marks:
            self.run_marks = list(marks)
            self._show_marks()

    def _move_marks(self) -> None:
        """Lines came or went: marks are where their lines are now, until they are told anew."""
        count = self.editor.line_count()
        if count == self._lines:
            return
        self._lines = count
        for marks in (self._breakpoints, self.line_marks, self.run_marks):
            for kind in {mark.kind for mark in marks}:
                places = [at for at, mark in enumerate(marks) if mark.kind is kind]
                lines = self.editor.marked_lines(kind)
                if len(lines) == len(places):  # else some went with their text
                    for at, line in zip(sorted(places, key=lambda at: marks[at].line), lines, strict=True):
                        marks[at] = replace(marks[at], line=line)
        if self._breakpoints or self.line_marks or self.run_marks:
            self._show_marks()
            self._is_shown_as_told = False

    def _note_edit(self) -> None:
        self._documents.edited(self.document, self.editor.is_dirty(), self._clock())

    def _on_edited(self) -> None:
        was = self.document.changed
        self._is_shown_as_told = False
        self._move_marks()
        self._note_edit()
        self.clear_place()
        if was != self.document.changed:
            self.state_changed.emit()

    def _want_save_as(self) -> None:
        self.save_as_wanted.emit()

    def _want_close(self) -> None:
        self.close_wanted.emit()

    def _save_again(self) -> None:
        self.overwrite()

    def dress(self) -> None:
        """Take on the colours of the theme."""
        self.bar.dress()
