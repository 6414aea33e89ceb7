"""The editor panel: the source of the watched app."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from tasktonic.rules import Term
from tasktonic_studio import locations
from tasktonic_studio.analysis.around import names_around
from tasktonic_studio.analysis.handlers import handler_at
from tasktonic_studio.commands.command import Command
from tasktonic_studio.documents.topics import word_at
from tasktonic_studio.ui.code_desk import CodeDesk
from tasktonic_studio.ui.panel import PanelContext, SourcePanel
from tasktonic_studio.ui.panels.editor.acting import PANEL_ID
from tasktonic_studio.ui.panels.editor.breakpoint_dots import BreakpointDots, term_of
from tasktonic_studio.ui.panels.editor.checking import Checking
from tasktonic_studio.ui.panels.editor.checking_commands import checking_commands
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.commands import editor_commands
from tasktonic_studio.ui.panels.editor.forms import Forms, form_commands
from tasktonic_studio.ui.panels.editor.going_on import GoingOn, going_on_commands
from tasktonic_studio.ui.panels.editor.know_commands import know_commands
from tasktonic_studio.ui.panels.editor.knowing import Knowing
from tasktonic_studio.ui.panels.editor.line_following import LineFollowing, line_following_commands
from tasktonic_studio.ui.panels.editor.outlines import Outlines
from tasktonic_studio.ui.panels.editor.page import EditorPage
from tasktonic_studio.ui.panels.editor.recovery import Recovery
from tasktonic_studio.ui.panels.editor.renaming import Renaming
from tasktonic_studio.ui.panels.editor.run_notes import SETTING as FIGURES
from tasktonic_studio.ui.panels.editor.run_notes import RunNotes
from tasktonic_studio.ui.panels.editor.searching_project import SearchingProject, project_search_commands
from tasktonic_studio.ui.panels.editor.view import USUAL_POINTS, EditorView

if TYPE_CHECKING:
    from tasktonic_studio.session.changes import Changes
    from tasktonic_studio.settings import Settings


def best_editor(plain: bool = False) -> CodeEditor:
    """An editor: Scintilla's, or the plain one when that is wanted or Scintilla's binding cannot be loaded."""
    if not plain:
        try:
            from tasktonic_studio.ui.panels.editor.scintilla import ScintillaEditor

            return ScintillaEditor()
        except ImportError:
            # Missing, or built for another Qt: both come as an ImportError, and the plain editor does.
            pass
    from tasktonic_studio.ui.panels.editor.plain import PlainEditor

    return PlainEditor()


class EditorPanel(SourcePanel):
    """Opens, changes and saves the source of the watched app.

    Args:
        recovery_folder: where unsaved texts are kept; by default in this user's folder for such things.
    """

    id = PANEL_ID
    title = "Editor"
    icon = "editor"
    key = "Ctrl+5"
    help = "The source of the app: read it, change it, save it."
    code_command: Sequence[str] = ()
    """How the code process is started where it is not the usual one; for tests."""

    def __init__(self, recovery_folder: Path | None = None) -> None:
        self._recovery_folder = recovery_folder
        self._view: EditorView | None = None
        self._settings: Settings | None = None
        self._state: Mapping[str, Any] = {}
        self._context: PanelContext | None = None
        self._script = ""
        self._undo_watch: Callable[[], None] | None = None
        self._dots: BreakpointDots | None = None
        self._outlines: Outlines | None = None
        self._run_notes: RunNotes | None = None
        self._going_on: GoingOn | None = None
        self.lines: LineFollowing | None = None
        self.forms: Forms | None = None
        self._desk: CodeDesk | None = None
        self.knowing: Knowing | None = None
        self.renaming: Renaming | None = None
        self.searching_project: SearchingProject | None = None
        self.checking: Checking | None = None

    def build(self, context: PanelContext) -> QWidget:
        self._context, self._settings = context, context.settings
        recovery = Recovery(self._recovery_folder or locations.drafts_folder())
        self._view = EditorView(recovery, context.theme, context.run, self._new_editor, self._points)
        self._view.page_saved.connect(self._on_page_saved)
        self._undo_watch = context.settings.watch(self._on_setting)
        self._dots = BreakpointDots(self._view, context)
        self._outlines = Outlines(self._view)
        self._run_notes = RunNotes(self._view, context, self._outlines)
        self._view.outline_side.take_from(self._outlines)
        self._going_on = GoingOn(self._view, context)
        self.lines = LineFollowing(self._view, context.run, self._going_on.begun, self._is_watched)
        self.forms = Forms(self._view, context)
        self._desk = CodeDesk(self.code_command, self._view)
        self.knowing = Knowing(self._view, self._desk, context.run, self._root)
        self.renaming = Renaming(self._view, self._desk, self.knowing)
        self.searching_project = SearchingProject(self._view, self._root)
        callers, search = self.knowing.callers, self.searching_project.search
        callers.opened.connect(search.make_room)
        search.opened.connect(callers.make_room)
        self.checking = Checking(
            self._view, self._desk, context.written_faults, context.theme, self._unsaved_texts, self._root
        )
        self._view.restore_state(self._state)
        self._view.offer_left_texts()
        return self._view

    def _new_editor(self) -> CodeEditor:
        return best_editor(plain=self._settings is not None and self._settings.flag("editor.plain"))

    def _points(self) -> int:
        return self._settings.integer("editor.font_size") if self._settings is not None else USUAL_POINTS

    def _root(self) -> str:
        """The folder that is open as a project; empty for none."""
        folder = self._context.project.folder if self._context is not None else None
        return "" if folder is None else str(folder)

    def _on_page_saved(self, page: EditorPage) -> None:
        if self._context is not None:
            self._context.project.note_saved(str(page.document.path))

    def _on_setting(self, key: str) -> None:
        if key == "editor.font_size":
            self.on_theme()
        elif key == FIGURES and self._run_notes is not None:
            self._run_notes.show_all()

    def on_changes(self, changes: Changes) -> None:
        if self._context is None or self._view is None:
            return
        if self._going_on is not None:
            self._going_on.on_changes(changes)
        if self._run_notes is not None:
            self._run_notes.on_changes(changes)
        if self.lines is not None and (changes.lines or changes.everything):
            self.lines.show(self._context.session().lines)
        if not (changes.target or changes.everything):
            return
        target = self._context.session().live.target
        script = str(Path(target.cwd) / target.script) if target.script else ""
        if script != self._script:
            # Once for each script: who closes its tab, or goes elsewhere, is left in peace.
            self._script = script
            if script and Path(script).is_file():
                self._view.open_place(script)

    def on_theme(self) -> None:
        if self._view is not None:
            self._view.dress()

    def commands(self) -> Sequence[Command]:
        return (
            *editor_commands(self._get_view, self._line_on_disk),
            *project_search_commands(self._get_searching),
            *know_commands(self._get_knowing, self._get_renaming),
            *going_on_commands(self._get_going_on),
            *checking_commands(self._get_checking),
            *line_following_commands(self._get_lines),
            *form_commands(self._get_view),
        )

    def _is_watched(self) -> bool:
        target = self._context.session().live.target if self._context is not None else None
        return target is not None and target.is_alive and target.how != "file"

    def _line_on_disk(self, page: EditorPage, line: int) -> int:
        return self.lines.line_on_disk(page, line) if self.lines is not None else line

    def _get_lines(self) -> LineFollowing | None:
        return self.lines

    def _get_going_on(self) -> GoingOn | None:
        return self._going_on

    def _get_searching(self) -> SearchingProject | None:
        return self.searching_project

    def _get_knowing(self) -> Knowing | None:
        return self.knowing

    def _get_renaming(self) -> Renaming | None:
        return self.renaming

    def _get_checking(self) -> Checking | None:
        return self.checking

    def _unsaved_texts(self) -> dict[str, str]:
        pages = self._view.pages() if self._view is not None else ()
        return {str(it.document.path): it.editor.text() for it in pages if it.document.changed}

    def _get_view(self) -> EditorView | None:
        return self._view

    def find(self) -> None:
        if self._view is not None:
            self._view.show_find()

    def open_source(self, file: str, line: int = 0) -> None:
        if self._view is not None:
            self._view.open_place(file, line)
            self._view.focus_text()

    def open_saved(self, file: str, line: int) -> None:
        if self._view is not None and self._view.open_place(file):
            page = self._view.page()
            if page is not None and self.lines is not None:
                line = self.lines.line_in_text(page, line)
            self.open_source(file, line)

    def names_at_caret(self) -> tuple[str, ...]:
        editor = self._view.editor() if self._view is not None else None
        return names_around(editor.text(), editor.line_of(editor.caret())) if editor is not None else ()

    def term_at_caret(self) -> Term | None:
        editor = self._view.editor() if self._view is not None else None
        handler = handler_at(editor.text(), editor.line_of(editor.caret())) if editor is not None else None
        return term_of(handler) if handler is not None else None

    def word_at_caret(self) -> str:
        editor = self._view.editor() if self._view is not None else None
        if editor is None:
            return ""
        line = editor.line_of(editor.caret())
        return word_at(editor.line_text(line), editor.caret() - editor.line_start(line))

    def source_place(self) -> tuple[str, int]:
        page = self._view.page() if self._view is not None else None
        if page is None:
            return "", 0
        return str(page.document.path), page.editor.line_of(page.editor.caret())

    def save_source(self) -> None:
        if self._view is not None:
            self._view.save()

    def source_moved(self, old: str, new: str) -> None:
        if self._view is not None:
            self._view.follow(Path(old), Path(new))
        if self.lines is not None:
            self.lines.moved(old, new)

    def unsaved(self) -> list[str]:
        return self._view.unsaved() if self._view is not None else []

    def save_all(self) -> bool:
        return self._view is None or self._view.save_all()

    def may_close(self) -> bool:
        """Ask what becomes of unsaved changes; False when the user would rather stay."""
        return self._view is None or self._view.may_close()

    def finish(self) -> None:
        """The window closes: what is unsaved and was not discarded is kept for the next time."""
        if self._undo_watch is not None:
            self._undo_watch()
        if self._dots is not None:
            self._dots.finish()
        if self.forms is not None:
            self.forms.finish()
        if self._run_notes is not None:
            self._run_notes.finish()
        if self._outlines is not None:
            self._outlines.finish()
        if self.searching_project is not None:
            self.searching_project.finish()
        if self.checking is not None:
            self.checking.finish()
        if self._desk is not None:
            self._desk.stop()
        if self._view is not None:
            self._view.finish()

    def save_state(self) -> dict[str, Any]:
        return self._view.save_state() if self._view is not None else dict(self._state)

    def restore_state(self, state: Mapping[str, Any]) -> None:
        if self._view is not None:
            self._view.restore_state(state)
        else:
            self._state = state
