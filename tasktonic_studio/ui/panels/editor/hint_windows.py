"""The list of completions and the tip over a text, and the keys that are theirs while they are open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent

from tasktonic_studio.ui.panels.editor.completion_list import CompletionList
from tasktonic_studio.ui.panels.editor.hints import Completion
from tasktonic_studio.ui.panels.editor.searching import Span
from tasktonic_studio.ui.panels.editor.tip import Tip

if TYPE_CHECKING:
    from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor

_STEPS: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}
_CHOOSING: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)


class HintWindows(QObject):
    """Made and owned by the editor; its windows are made when they are first needed.

    Both windows leave the keys to the text: what is theirs comes here through `took_key`.
    """

    def __init__(self, editor: CodeEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self._list: CompletionList | None = None
        self._tip: Tip | None = None
        self._start = 0
        self._items: Sequence[Completion] = ()
        self._tip_line = 0
        self._pointed: int | None = None

    # ---- completions ----------------------------------------------------------------------------------------------

    def offer(self, typed: int, items: Sequence[Completion]) -> None:
        """Open the list, or close it without items."""
        editor = self._editor
        self._start, self._items = max(0, editor.caret() - typed), tuple(items)
        if editor.is_read_only() or not items:
            self.close_list()
        else:
            self._narrow()

    @property
    def completions(self) -> list[Completion]:
        """What the open list offers now; nothing when it is closed."""
        return self._list.items() if self._list is not None and self._list.isVisible() else []

    def _narrow(self) -> None:
        """Offer what begins as the caret's word does; words of another case come behind."""
        editor = self._editor
        caret = editor.caret()
        written = editor.text_between(self._start, caret)
        if caret < self._start or not all(sign.isalnum() or sign == "_" for sign in written):
            self.close_list()
            return
        folded = written.casefold()
        fitting = [item for item in self._items if item.text.casefold().startswith(folded)]
        fitting.sort(key=lambda item: not item.text.startswith(written))
        if not fitting or (len(fitting) == 1 and fitting[0].text == written):
            self.close_list()
            return
        if self._list is None:
            self._list = CompletionList(editor)
            self._list.chosen.connect(self._choose)
        self._list.show_items(fitting, editor.place_on_screen(self._start))

    def _written(self) -> str:
        return self._editor.text_between(self._start, self._editor.caret())

    def _choose(self, word: str) -> None:
        editor = self._editor
        self.close_list()
        carets = [end for start, end in editor.selections() if start == end]
        if len(carets) > 1:
            self._put_at_all(word, carets)
        else:
            editor.replace(self._start, self._end_of_word(editor.caret()), word)
        editor.completion_chosen.emit(word)

    def _end_of_word(self, caret: int) -> int:
        """What is left of the word behind a caret belongs to the old one."""
        editor = self._editor
        line = editor.line_of(caret)
        rest = editor.line_text(line)[caret - editor.line_start(line) :]
        return caret + next(
            (index for index, sign in enumerate(rest) if not (sign.isalnum() or sign == "_")), len(rest)
        )

    def _put_at_all(self, word: str, carets: Sequence[int]) -> None:
        """Put the word in at every caret before which the same was typed; all carets stay, the main one last."""
        editor, written = self._editor, self._written()
        changes: list[tuple[int, int, str]] = []
        for caret in sorted(carets):
            start = caret - len(written)
            is_same = start >= 0 and editor.text_between(start, caret) == written
            if is_same and (not changes or start >= changes[-1][1]):
                changes.append((start, self._end_of_word(caret), word))
        editor.replace_many(changes)
        after = []
        for caret in carets:
            grown = sum(len(word) - (end - start) for start, end, _ in changes if end < caret)
            own = next((start for start, end, _ in changes if start <= caret <= end), None)
            after.append((own + len(word) if own is not None else caret) + grown)
        editor.select_spans([(caret, caret) for caret in after])

    def close_list(self) -> None:
        """Take the list away."""
        if self._list is not None:
            self._list.hide()

    # ---- the tip --------------------------------------------------------------------------------------------------

    @property
    def tip_text(self) -> str:
        """What the tip says now; nothing when there is none."""
        return self._tip.words if self._tip is not None and self._tip.isVisible() else ""

    def show_tip(self, position: int, text: str, highlight: Span | None) -> None:
        """Show a tip; over what is underlined and pointed at, below the sentence about it."""
        pointing = self._editor.pointing
        is_pointed = pointing is not None and pointing.position == position
        if is_pointed:
            sentences = self._sentences(position)
            if sentences:
                shift = len(sentences) + 2
                highlight = (highlight[0] + shift, highlight[1] + shift) if highlight is not None else None
                text = f"{sentences}\n\n{text}"
        self._show(position, text, highlight)
        self._pointed = position if is_pointed else None

    def show_pointed(self, position: int, text: str) -> None:
        """Show a tip that goes when the mouse does."""
        self._show(position, text, None)
        self._pointed = position

    def show_underlined(self, position: int) -> None:
        """Say why a character is underlined, if it is."""
        sentences = self._sentences(position)
        if sentences:
            self.show_pointed(position, sentences)

    def _sentences(self, position: int) -> str:
        return "\n".join(dict.fromkeys(line.text for line in self._editor.underlines_at(position) if line.text))

    def _show(self, position: int, text: str, highlight: Span | None) -> None:
        editor = self._editor
        if not text.strip():
            self.hide_tip()
            return
        if self._tip is None:
            self._tip = Tip(editor)
        self._tip_line = editor.line_of(editor.caret())
        self._tip.show_text(text, highlight, editor.place_on_screen(position))

    def hide_pointed(self) -> None:
        """The mouse went on: its tip goes, one that belongs to the caret stays."""
        if self._pointed is not None:
            self.hide_tip()

    def hide_tip(self) -> None:
        """Take the tip away."""
        self._pointed = None
        if self._tip is not None:
            self._tip.hide()

    # ---- both -----------------------------------------------------------------------------------------------------

    def close_all(self) -> None:
        """The text was scrolled or left: nothing stands where it stood."""
        self.close_list()
        self.hide_tip()

    def follow_caret(self) -> None:
        """The caret moved: the list narrows, a tip of another line goes."""
        if self.completions:
            self._narrow()
        if self.tip_text and self._pointed is None and self._editor.line_of(self._editor.caret()) != self._tip_line:
            self.hide_tip()

    def took_key(self, event: QKeyEvent) -> bool:
        """Handle the keys of the open windows; False leaves them to the text."""
        key = event.key()
        if self._list is not None and self._list.isVisible() and not _is_held(event):
            if key in _STEPS:
                self._list.step(_STEPS[Qt.Key(key)])
                return True
            if key in _CHOOSING:
                if key != Qt.Key.Key_Tab and self._list.current() == self._written():
                    # The word is whole: who presses Enter wants another line.
                    self.close_list()
                    return False
                self._choose(self._list.current())
                return True
        if key == Qt.Key.Key_Escape and (self.completions or self.tip_text):
            self.close_all()
            return True
        return False


def _is_held(event: QKeyEvent) -> bool:
    return event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier != Qt.KeyboardModifier.NoModifier
