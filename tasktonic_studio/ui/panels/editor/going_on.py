"""Change and go on: a file that is saved replaces what the app runs of it, and a line above the text says what came of that."""

from __future__ import annotations

from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from tasktonic.protocol.messages import CodeReplaced, ReplaceCode
from tasktonic_studio.commands.change_commands import why_not_act
from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.session.code_words import words_of
from tasktonic_studio.ui.panels.editor.documents import real_path
from tasktonic_studio.ui.panels.editor.page import EditorPage
from tasktonic_studio.ui.panels.editor.sentence_bar import Answer
from tasktonic_studio.ui.panels.editor.view import EditorView

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tasktonic_studio.session.changes import Changes
    from tasktonic_studio.ui.panel import PanelContext

SETTING: Final = "editor.go_on"
AUTOMATIC, ASK, OFF = "automatic", "ask", "off"
REPLACE: Final = "run.replace_code"
PUT_BACK: Final = "run.put_code_back"
_ABOUT: Final = "code"
_CAPABILITY: Final = "replace code"


class GoingOn(QObject):
    """Made by the editor panel with its view."""

    def __init__(self, view: EditorView, context: PanelContext) -> None:
        super().__init__(view)
        self._view = view
        self._context = context
        self._saved: dict[Path, str] = {}
        """The text of each file as it was read or saved last."""
        self._begun: dict[Path, str] = {}
        """The same when the app was started, or at the latest when the file was opened."""
        self._by_itself: set[int] = set()
        """Requests that nobody but the saving of a file has made."""
        self._page: EditorPage | None = None
        """Which page is meant, when it is not the one in front."""
        self._shown: dict[str, int] = {}
        """For each file the request whose outcome was shown last."""
        view.texts_changed.connect(self._take_in)
        view.page_saved.connect(self._on_saved)
        self._take_in()

    def _take_in(self) -> None:
        """Note what newly opened files hold."""
        for page in self._view.pages():
            path = page.document.path
            if path not in self._saved and not page.document.changed:
                self._saved[path] = text = page.editor.text()
                self._begun.setdefault(path, text)

    def begun(self, path: Path) -> str | None:
        """What a file was when the app was started, or at the latest when it was opened; None when it was not opened."""
        return self._begun.get(path)

    def on_changes(self, changes: Changes) -> None:
        """A new app, or what became of a replacement."""
        if changes.new_target:
            self._begun = dict(self._saved)
            self._shown.clear()
            self._by_itself.clear()
            for page in self._view.pages():
                page.bar.take_back(_ABOUT)
        told_of = self._context.session().live.code_replaced
        for page in self._view.pages():
            told = told_of.get(str(page.document.path))
            if told is not None and self._shown.get(told.file) != told.request:
                self._shown[told.file] = told.request
                self._show(page, told)

    def _show(self, page: EditorPage, told: CodeReplaced) -> None:
        if not told.loaded and told.request in self._by_itself:
            return  # saved like any other file: the app has nothing to do with it
        close: Answer = ("Close", partial(page.bar.take_back, _ABOUT))
        answers: list[Answer] = []
        if told.line:
            answers.append(("Show the line", partial(page.mark_place, told.line)))
        if told.more:
            answers.append(("Put back", partial(self._context.run, PUT_BACK)))
        if told.kept:
            answers.append(("Restart", partial(self._context.run, "run.restart")))
        page.bar.say(_ABOUT, words_of(told), (*answers, close), problem=bool(told.problem))

    def _on_saved(self, page: EditorPage) -> None:
        path = page.document.path
        self._saved[path] = page.editor.text()
        how = self._context.settings.text(SETTING)
        if path.suffix not in (".py", ".pyw") or how == OFF:
            return
        if reason := self._context.why_not(REPLACE):
            if self._is_running(path):
                close: Answer = ("Close", partial(page.bar.take_back, _ABOUT))
                page.bar.say(_ABOUT, f"The app still runs the old text of {page.document.name}. {reason}", (close,))
            return
        if how == AUTOMATIC:
            self._page = page
            self._context.run(REPLACE)
            self._page = None
        else:
            words = f"The app still runs the old text of {page.document.name}."
            answers: list[Answer] = [
                ("Replace and go on", partial(self._context.run, REPLACE)),
                ("Not now", partial(page.bar.take_back, _ABOUT)),
            ]
            page.bar.say(_ABOUT, words, answers)

    def _is_running(self, path: Path) -> bool:
        live = self._context.session().live
        is_there = live.target.is_alive and live.target.how != "file"
        return is_there and any(_is_file(it.file, path) for it in live.names.classes.values())

    # ---- for the commands

    def send(self, context: CommandContext, *, undo: bool) -> None:
        """Have the app run what the file in front holds on disk; with `undo` what it ran before."""
        page = self._page or self._view.page()
        if page is None or context.session is None:
            return
        path = page.document.path
        if page.document.changed and not undo:
            is_saved = page.save()
            if not is_saved or context.settings.text(SETTING) == AUTOMATIC:
                return  # what saving does is what was asked for
        number = context.session.edits.new_number()
        if self._page is not None:
            self._by_itself.add(number)
        else:
            page.bar.say(_ABOUT, "The app is asked to take it…")
        text = "" if undo else page.editor.text()
        context.requests.send(ReplaceCode(number, str(path), text, self._begun.get(path, ""), undo))

    def why_not(self, context: CommandContext) -> str:
        """Why the file in front cannot be brought into the app now."""
        page = self._page or self._view.page()
        if page is None:
            return "No file is open in the editor."
        return why_not_act(context, _CAPABILITY)


def _is_file(told: str, path: Path) -> bool:
    """Whether what an app names is this file; it may have come to it by a link."""
    return told == str(path) or (bool(told) and PurePath(told).name == path.name and real_path(Path(told)) == path)


def going_on_commands(get: Callable[[], GoingOn | None]) -> Sequence[Command]:
    """The commands of change and go on."""

    def why_not(context: CommandContext) -> str:
        going = get()
        return going.why_not(context) if going is not None else "No file is open in the editor."

    def send(context: CommandContext, *, undo: bool) -> None:
        going = get()
        if going is not None:
            going.send(context, undo=undo)

    def why_not_back(context: CommandContext) -> str:
        reason = why_not(context)
        if reason or context.session is None:
            return reason
        is_there = any(told.more for told in context.session.live.code_replaced.values())
        return "" if is_there else "Nothing was replaced since the app was started."

    def toggle(context: CommandContext) -> None:
        context.settings.set(SETTING, ASK if context.settings.text(SETTING) == AUTOMATIC else AUTOMATIC)

    return (
        Command(
            REPLACE,
            "Replace the code that runs",
            "Have the running app use the file in front from its next sparkle on; state and attributes are kept.",
            partial(send, undo=False),
            keys=("Ctrl+Alt+G",),
            icon="edit",
            menu="Run",
            section="code",
            why_not=why_not,
        ),
        Command(
            PUT_BACK,
            "Put the replaced code back",
            "Have the running app use again what it ran of the file in front before the last replacement.",
            partial(send, undo=True),
            keys=("Ctrl+Alt+Z",),
            menu="Run",
            section="code",
            why_not=why_not_back,
        ),
        Command(
            "run.replace_on_save",
            "Replace the code when a file is saved",
            "Do so by itself; switched off, the editor asks each time. In the settings it can be switched off for good.",
            toggle,
            menu="Run",
            section="code",
            checked_when=lambda context: context.settings.text(SETTING) == AUTOMATIC,
        ),
    )
