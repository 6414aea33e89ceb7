"""Which lexer of Scintilla reads a language, and which role the colour of each of its styles is."""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from typing import Final, NamedTuple

from tasktonic_studio.ui.panels.editor.languages import Language

_TEXT, _COMMENT, _STRING, _NUMBER = "editor_text", "editor_comment", "editor_string", "editor_number"
_KEYWORD, _NAME, _CLASS, _MARK = "editor_keyword", "editor_def", "editor_class", "editor_decorator"


class Lexer(NamedTuple):
    """Numbers of styles: SciLexer.h."""

    name: str
    roles: Mapping[int, str]
    """What is not named here is plain text."""
    bold: tuple[int, ...] = ()
    operator: int = 0
    """The style of braces that belong together."""
    words: str = ""
    properties: Mapping[str, str] = {}


_PYTHON: Final = Lexer(
    "python",
    {
        1: _COMMENT, 2: _NUMBER, 3: _STRING, 4: _STRING, 5: _KEYWORD, 6: _STRING, 7: _STRING, 8: _CLASS, 9: _NAME,
        12: _COMMENT, 13: _STRING, 14: _KEYWORD, 15: _MARK, 16: _STRING, 17: _STRING, 18: _STRING, 19: _STRING,
    },
    bold=(8, 9),
    operator=10,
    words=" ".join(keyword.kwlist),
    properties={"fold.quotes.python": "1", "lexer.python.decorator.attributes": "1"},
)  # fmt: skip
_XML: Final = Lexer(
    "xml",
    {
        1: _KEYWORD, 2: _KEYWORD, 3: _NAME, 4: _NAME, 6: _STRING, 7: _STRING, 9: _COMMENT, 10: _NUMBER,
        11: _KEYWORD, 12: _MARK, 13: _MARK, 17: _STRING, 18: _MARK, 21: _MARK, 22: _MARK, 24: _STRING, 25: _STRING,
        29: _COMMENT,
    },
    properties={"fold.html": "1"},
)  # fmt: skip
_JSON: Final = Lexer(
    "json",
    {1: _NUMBER, 2: _STRING, 3: _STRING, 4: _NAME, 5: _STRING, 6: _COMMENT, 7: _COMMENT, 11: _KEYWORD, 12: _KEYWORD},
    operator=8,
    words="true false null",
)
_TOML: Final = Lexer(
    "toml",
    {
        1: _COMMENT, 3: _KEYWORD, 4: _NUMBER, 5: _CLASS, 6: _NAME, 9: _STRING, 10: _STRING, 11: _STRING, 12: _STRING,
        13: _STRING, 14: _NUMBER, 15: _STRING,
    },
    bold=(5,),
    operator=8,
    words="true false inf nan",
)  # fmt: skip
_INI: Final = Lexer("props", {1: _COMMENT, 2: _CLASS, 5: _NAME}, bold=(2,))
_MARKDOWN: Final = Lexer(
    "markdown",
    {
        **dict.fromkeys((6, 7, 8, 9, 10, 11), _CLASS), 12: _STRING, 13: _KEYWORD, 14: _KEYWORD, 15: _COMMENT, 16: _COMMENT,
        17: _COMMENT, 18: _NAME, 19: _STRING, 20: _STRING, 21: _STRING,
    },
    bold=(2, 3, 6, 7, 8, 9, 10, 11),
    properties={"lexer.markdown.header.eolfill": "1"},
)  # fmt: skip

LEXERS: Final[Mapping[Language, Lexer]] = {
    Language.PYTHON: _PYTHON,
    Language.XML: _XML,
    Language.JSON: _JSON,
    Language.TOML: _TOML,
    Language.INI: _INI,
    Language.MARKDOWN: _MARKDOWN,
    Language.TEXT: Lexer("null", {}),
}
