"""The numbers that Scintilla goes by, with our names. Source: Scintilla.h and SciLexer.h; compared with the binding by a test."""

from __future__ import annotations

from typing import Final

UTF8_PAGE: Final = 65001
BY_CHARACTERS: Final = 1
"""The index of lines that counts whole characters."""
TEXT_CHANGES: Final = 0x1 | 0x2
GET_ZOOM: Final = 2374
CONTROL: Final = 2 << 16
LINE_FEED: Final = 2
GUIDES_BOTH: Final = 3
AUTOMATIC_FOLD: Final = 7

# Styles that are no lexer's.
DEFAULT, LINE_NUMBER, BRACE, BAD_BRACE, GUIDE = 32, 33, 34, 35, 37

# How an indicator is drawn.
SQUIGGLE, STRAIGHT_BOX, COMPOSITION_THIN, TEXT_FORE = 1, 8, 15, 17

# Symbols of markers.
CIRCLE, ROUND_RECT, ARROW, EMPTY, BACKGROUND, ARROWS = 0, 1, 2, 5, 22, 24

# Colours that are set by element.
SELECTION_BACK, SELECTION_ADDITIONAL_BACK, SELECTION_INACTIVE_BACK = 11, 13, 17
CARET, CARET_ADDITIONAL, CARET_LINE_BACK, FOLD_LINE = 40, 41, 50, 80

NOTES_STANDARD: Final = 1

# Margins, from the left.
SYMBOLS_MARGIN, NUMBERS_MARGIN, FOLDS_MARGIN = 0, 1, 2
