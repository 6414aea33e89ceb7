"""Notes behind the ends of lines in Scintilla."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from tasktonic_studio.ui.panels.editor.hints import LineNote
from tasktonic_studio.ui.panels.editor.on_scintilla import numbers
from tasktonic_studio.ui.panels.editor.on_scintilla.colours import bgr
from tasktonic_studio.ui.panels.editor.text_widget import Look

if TYPE_CHECKING:
    from tasktonic_studio.ui.panels.editor.scintilla import Edit

_GAP: Final = "   "


class Notes:
    """Made by the editor with its widget.

    Scintilla keeps a note with its line when lines come or go before it; the tip is found again by the text.
    """

    def __init__(self, edit: Edit) -> None:
        self._edit = edit
        self._style = int(edit.allocateExtendedStyles(1))
        self._shown: dict[int, LineNote] = {}
        self._moved = False
        edit.eOLAnnotationSetStyleOffset(self._style)
        edit.eOLAnnotationSetVisible(numbers.NOTES_STANDARD)

    def dress(self, look: Look) -> None:
        """Take on the colours of a theme."""
        self._edit.styleSetFore(self._style, bgr(look.color("editor_line_number")))
        self._edit.styleSetBack(self._style, bgr(look.color("editor_back")))
        self._edit.styleSetItalic(self._style, True)

    def moved(self) -> None:
        """The text was changed: notes may stand in other lines than they were set."""
        self._moved = True

    def show(self, notes: Mapping[int, LineNote]) -> None:
        """Show these and no others. Only what differs is drawn anew."""
        edit = self._edit
        if self._shown and (self._moved or not notes):
            edit.eOLAnnotationClearAll()
            self._shown = {}
        self._moved = False
        for line in self._shown.keys() - notes.keys():
            edit.eOLAnnotationSetText(line - 1, "")
        for line, note in notes.items():
            before = self._shown.get(line)
            if (before is None or before.text != note.text) and 0 < line <= edit.lineCount():
                edit.eOLAnnotationSetText(line - 1, _GAP + note.text)
                edit.eOLAnnotationSetStyle(line - 1, 0)
        self._shown = dict(notes)

    def at(self, line: int) -> LineNote | None:
        """The note behind a line, which counts from 1."""
        data: object = self._edit.eOLAnnotationText(line - 1)
        text = bytes(data.data()).decode()[len(_GAP) :]  # type: ignore[attr-defined]
        if not text:
            return None
        known = self._shown.get(line)
        if known is not None and known.text == text:
            return known
        return next((note for note in self._shown.values() if note.text == text), LineNote(text))
