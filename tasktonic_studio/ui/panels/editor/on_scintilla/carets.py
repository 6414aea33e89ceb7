"""Several carets in Scintilla, and a column of text selected with Alt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from tasktonic_studio.ui.panels.editor.on_scintilla.places import Places
from tasktonic_studio.ui.panels.editor.searching import Span
from tasktonic_studio.ui.panels.editor.text_widget import TooManyPlaces

if TYPE_CHECKING:
    from tasktonic_studio.ui.panels.editor.scintilla import Edit

_ALT: Final = 4
_WHOLE_WORD, _MATCH_CASE = 2, 4
_COLUMN_SPACE: Final = 1
"""A column goes on where a line is too short for it."""
MOST_CARETS: Final = 2_000
"""With more of them each key would take a second and more: it grows with their square."""


class Carets:
    """Made by the editor with its widget."""

    def __init__(self, edit: Edit, places: Places) -> None:
        self._edit = edit
        self._places = places
        self._word: Span | None = None
        """Where the caret is that a search for whole words added last."""
        edit.setMultipleSelection(True)
        edit.setAdditionalSelectionTyping(True)
        edit.setMultiPaste(1)
        edit.setMouseSelectionRectangularSwitch(True)
        edit.setRectangularSelectionModifier(_ALT)
        edit.setVirtualSpaceOptions(_COLUMN_SPACE)

    def spans(self) -> list[Span]:
        """What each has selected, the main one last."""
        edit, character = self._edit, self._places.character
        main = edit.mainSelection()
        order = [number for number in range(edit.selections()) if number != main] + [main]
        return [(character(edit.selectionNStart(number)), character(edit.selectionNEnd(number))) for number in order]

    def have(self, spans: Sequence[Span]) -> None:
        """These and no others, the last one is the main one."""
        places = [(self._places.byte(start), self._places.byte(end)) for start, end in spans]
        # A press with Alt has begun a column, which would go on for whatever is selected next.
        self._edit.clearSelections()
        self._edit.setSelection(places[0][1], places[0][0])
        for start, end in places[1:]:
            self._edit.addSelection(end, start)

    def add_beside(self, lines: int) -> None:
        """One more in the column of the main one, so many lines down."""
        edit = self._edit
        caret = edit.currentPos()
        line = edit.lineFromPosition(caret) + lines
        if 0 <= line < edit.lineCount():
            place = edit.findColumn(line, edit.column(caret))
            edit.addSelection(place, place)

    def add_next(self) -> None:
        """The word at the caret, then the next place of what is selected."""
        self._look_everywhere()
        self._edit.multipleSelectAddNext()
        self._word = self._main() if self._edit.searchFlags() & _WHOLE_WORD else None
        self._edit.scrollCaret()

    def add_all(self) -> None:
        """Every place of what is selected, or of the word at the caret.

        Raises:
            TooManyPlaces: then it is selected in one place.
        """
        self._look_everywhere()
        if self._edit.selectionEmpty():
            self._edit.multipleSelectAddNext()
        if self._are_too_many():
            raise TooManyPlaces(
                f"What is selected stands in more than {MOST_CARETS:,} places: with so many carets each key would take long. "
                "Replace (Ctrl+H) changes them all at once."
            )
        self._edit.multipleSelectAddEach()

    def _are_too_many(self) -> bool:
        edit, found = self._edit, 0
        wanted = self._places.bytes_text(*self._main())
        while found <= MOST_CARETS and edit.searchInTarget(len(wanted.encode()), wanted) >= 0:
            found += 1
            edit.setTargetRange(edit.targetEnd(), edit.length())
        edit.targetWholeDocument()
        return found > MOST_CARETS

    def _look_everywhere(self) -> None:
        edit = self._edit
        edit.targetWholeDocument()
        # Who begins at a word means the word; who has selected a part of one means the part.
        whole = edit.selectionEmpty() or self._word == self._main()
        edit.setSearchFlags(_MATCH_CASE | (_WHOLE_WORD if whole else 0))

    def _main(self) -> Span:
        return int(self._edit.selectionStart()), int(self._edit.selectionEnd())
