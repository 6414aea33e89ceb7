"""What is asked and shown while somebody types or points in one text: words to go on with, signatures, meanings.

Nothing here waits. An answer about a text that was changed meanwhile, or a caret or a mouse that went on, is not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent

from tasktonic_studio.ui.aside import Answer
from tasktonic_studio.ui.code_desk import CodeDesk
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.hints import Completion
from tasktonic_studio.ui.panels.editor.page import EditorPage

MOST_CHARACTERS: Final = 400_000
"""In longer texts nothing is offered while somebody types: asking for it would take longer than typing."""
REST_MS: Final = 80
"""Who types fast wants no word finished; one is asked for when no key came for so long."""

NOT_PYTHON: Final = "What stands here is not known: this file is no Python."

_NONE: Final = Qt.KeyboardModifier.NoModifier
_KEYS: Final = {
    (_NONE, Qt.Key.Key_F12): "editor.go_to_definition",
    (_NONE, Qt.Key.Key_F2): "editor.rename",
    (Qt.KeyboardModifier.AltModifier, Qt.Key.Key_Left): "editor.back",
    (Qt.KeyboardModifier.AltModifier, Qt.Key.Key_Right): "editor.forward",
}
"""Keys that the window has for something else, and that mean this while they go to a text."""

GetTexts = Callable[[], Mapping[str, str]]


class TextKnowing(QObject):
    """Made by `Knowing` for each view of a text, and ends with it.

    Args:
        page: whose text it is.
        editor: the view of it.
        desk: whom to ask.
        run: runs a command by its id.
        surroundings: gives what all questions have: the texts that are not on disk, and the open folder.
    """

    def __init__(
        self,
        page: EditorPage,
        editor: CodeEditor,
        desk: CodeDesk,
        run: Callable[[str], None],
        surroundings: Callable[[], dict[str, Any]],
    ) -> None:
        super().__init__(editor)
        self._page = page
        self._editor = editor
        self._desk = desk
        self._run = run
        self._surroundings = surroundings
        self._version = 0
        self._version_at_caret = 0
        self._tells_signature = False
        self._awaits_signature = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.complete)
        editor.changed.connect(self._on_changed)
        editor.caret_moved.connect(self._on_caret)
        editor.completion_wanted.connect(self._on_completion_wanted)
        editor.hovered.connect(self._on_hovered)
        editor.input_widget().installEventFilter(self)

    # ---- questions

    def ask(
        self,
        do: str,
        position: int,
        answered: Callable[[Answer], None],
        is_wanted: Callable[[], bool] = lambda: True,
        **more: Any,
    ) -> None:
        """Ask about a place; `answered` hears of it only while the text is the same and the answer is wanted."""
        if not self._page.is_python:
            if do in ("definition", "rename"):
                self._editor.show_tip(position, NOT_PYTHON)
            return
        version = self._version
        self._desk.ask(
            {"do": do, **self.place(position), **more},
            answered,
            lambda: shiboken6.isValid(self) and self._version == version and is_wanted(),
        )

    def place(self, position: int) -> dict[str, Any]:
        """A place in the text as the code process has it."""
        line = self._editor.line_of(position)
        return {
            "file": str(self._page.document.path),
            "line": line,
            "column": position - self._editor.line_start(line),
            **self._surroundings(),
        }

    def _is_at(self, caret: int) -> bool:
        """Whether the caret is still there, and the keys go to this text."""
        return self._editor.caret() == caret and self._editor.input_widget().hasFocus()

    def _before(self) -> str:
        """What stands before the caret in its line."""
        caret = self._editor.caret()
        line = self._editor.line_of(caret)
        return self._editor.line_text(line)[: caret - self._editor.line_start(line)]

    # ---- what the editor tells

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys that mean something else in a text than in the rest of the window."""
        if isinstance(event, QKeyEvent):
            command_id = _KEYS.get((event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier, Qt.Key(event.key())), "")
            if command_id and event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if command_id and event.type() == QEvent.Type.KeyPress:
                self._run(command_id)
                return True
        return False

    def _on_changed(self) -> None:
        self._version += 1

    def _on_caret(self) -> None:
        was_typed = self._version != self._version_at_caret
        self._version_at_caret = self._version
        if not self._editor.hint_windows.tip_text:
            self._tells_signature = False
        # Only what is on screen is asked about: a caret that is put somewhere by a program opens nothing.
        opened = was_typed and self._before().rstrip().endswith(("(", ","))
        if (opened or self._tells_signature or self._awaits_signature) and self._is_at(self._editor.caret()):
            self._awaits_signature = True
            QTimer.singleShot(0, self, self.show_signature)
        if was_typed and self._before().endswith(('("', "('")) and self._is_at(self._editor.caret()):
            self._rest.start()

    # ---- completion

    def _on_completion_wanted(self) -> None:
        # What is offered already becomes less by itself.
        if not self._editor.hint_windows.completions or self._before().endswith("."):
            if self._editor.line_start(self._editor.line_count()) <= MOST_CHARACTERS:
                self._rest.start()

    def complete(self) -> None:
        """Offer ways to go on at the caret."""
        if not self._editor.is_read_only():
            caret = self._editor.caret()
            self.ask("complete", caret, self._offer, partial(self._is_at, caret))

    def _offer(self, answer: Answer) -> None:
        items = [Completion(text, kind, detail) for text, kind, detail in answer.get("items", ())]
        self._editor.offer_completions(answer.get("typed", 0), items)

    # ---- signatures

    def show_signature(self) -> None:
        """Show what the call around the caret takes."""
        caret = self._editor.caret()
        self.ask("signature", caret, partial(self._tell_signature, caret), partial(self._is_at, caret))

    def _tell_signature(self, caret: int, answer: Answer) -> None:
        text = answer.get("text", "")
        self._awaits_signature = False
        if text:
            self._tells_signature = True
            self._editor.show_tip(caret, text, (answer["begin"], answer["end"]))
        elif self._tells_signature:
            self._tells_signature = False
            self._editor.hide_tip()

    # ---- meaning

    def _on_hovered(self, position: int, _place: QPoint) -> None:
        self.ask("hover", position, partial(self._tell_hovered, position), partial(self._is_pointed, position))

    def _is_pointed(self, position: int) -> bool:
        pointing = self._editor.pointing
        return pointing is not None and pointing.position == position

    def _tell_hovered(self, position: int, answer: Answer) -> None:
        if answer.get("text"):
            self._editor.show_tip(position, answer["text"])

    def show_meaning(self) -> None:
        """Say what the word at the caret means."""
        caret = self._editor.caret()
        if not self._page.is_python:
            self._editor.show_tip(caret, NOT_PYTHON)
        self.ask("hover", caret, partial(self._tell_meaning, caret))

    def _tell_meaning(self, caret: int, answer: Answer) -> None:
        self._editor.show_tip(caret, answer.get("text") or why_not(answer, "Nothing is known of what stands here."))


def why_not(answer: Answer, otherwise: str) -> str:
    """Why there is no answer to what somebody asked for by a command."""
    return f"That could not be found out. {answer['problem']}" if "problem" in answer else otherwise
