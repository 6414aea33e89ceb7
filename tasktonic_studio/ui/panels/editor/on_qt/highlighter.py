"""The colours of words on Qt's text widget."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.editor.languages import Language
from tasktonic_studio.ui.panels.editor.other_tokens import tokens_of
from tasktonic_studio.ui.panels.editor.python_tokens import IN_CODE
from tasktonic_studio.ui.panels.editor.text_widget import Look

MOST_COLOURED: Final = 200_000
"""Characters; a longer text stays without colours, because giving them would make the window wait."""

_LONG_LINE: Final = 5_000
"""Characters; a longer line is data, and stays without colours."""


class Colours(QSyntaxHighlighter):
    """Colours the words as ``python_tokens`` and ``other_tokens`` find them."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._formats: dict[tuple[str, bool], QTextCharFormat] = {}
        self._look: Look | None = None
        self._wanted = True
        self._tokens = tokens_of(Language.PYTHON)

    def make_way_for(self, text: str) -> None:
        """Another text is about to be shown: a very long one gets no colours."""
        self._wanted = len(text) <= MOST_COLOURED
        if not self._wanted:
            self.setDocument(None)

    def take_up(self, document: QTextDocument) -> None:
        """It is shown."""
        if self._wanted and self.document() is None:
            self.setDocument(document)
            # Qt would put this off to the next turn of its loop.
            self.rehighlight()

    def set_language(self, language: Language) -> None:
        self._tokens = tokens_of(language)
        self.rehighlight()

    def set_look(self, look: Look) -> None:
        self._look = look
        self._formats.clear()
        self.rehighlight()

    @guarded(None)
    def highlightBlock(self, line: str) -> None:
        if len(line) > _LONG_LINE:
            self.setCurrentBlockState(max(IN_CODE, self.previousBlockState()))
            return
        found, state = self._tokens(line, max(IN_CODE, self.previousBlockState()))
        self.setCurrentBlockState(state)
        wide = len(line) != len(line.encode("utf-16-le", "surrogatepass")) // 2
        for start, end, role, defined in found:
            if wide:
                start, end = _units(line, start), _units(line, end)
            self.setFormat(start, end - start, self._format(role, defined))

    def _format(self, role: str, bold: bool) -> QTextCharFormat:
        found = self._formats.get((role, bold))
        if found is None:
            found = self._formats[role, bold] = QTextCharFormat()
            if self._look is not None:
                found.setForeground(self._look.color(role))
            if bold:
                found.setFontWeight(QFont.Weight.Bold)
        return found


def _units(text: str, position: int) -> int:
    return len(text[:position].encode("utf-16-le", "surrogatepass")) // 2
