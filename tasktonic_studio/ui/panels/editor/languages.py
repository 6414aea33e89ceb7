"""What a file is written in: which words are coloured, what begins a comment, and whether Python's helpers have a say. Pure."""

from __future__ import annotations

from enum import Enum
from pathlib import PurePath
from typing import Final


class Language(Enum):
    """The value is how people call it."""

    PYTHON = "Python"
    XML = "XML"
    JSON = "JSON"
    TOML = "TOML"
    INI = "INI"
    MARKDOWN = "Markdown"
    TEXT = "text"

    @property
    def comment(self) -> str:
        """What makes the rest of a line a comment; empty where nothing does."""
        return "#" if self in (Language.PYTHON, Language.TOML, Language.INI) else ""

    @property
    def comment_around(self) -> tuple[str, str]:
        """What stands before and behind a comment; empty where there is no such thing."""
        return ("<!--", "-->") if self in (Language.XML, Language.MARKDOWN) else ("", "")


_BY_ENDING: Final = {
    ".py": Language.PYTHON,
    ".pyw": Language.PYTHON,
    ".pyi": Language.PYTHON,
    ".ui": Language.XML,
    ".xml": Language.XML,
    ".qrc": Language.XML,
    ".svg": Language.XML,
    ".html": Language.XML,
    ".json": Language.JSON,
    ".toml": Language.TOML,
    ".ini": Language.INI,
    ".cfg": Language.INI,
    ".conf": Language.INI,
    ".md": Language.MARKDOWN,
    ".markdown": Language.MARKDOWN,
}


def language_of(path: PurePath, text: str) -> Language:
    """By the end of the name; a file without one is Python when its first line says so."""
    ending = path.suffix.lower()
    if ending:
        return _BY_ENDING.get(ending, Language.TEXT)
    first = text[:200].split("\n", 1)[0]
    return Language.PYTHON if first.startswith("#!") and "python" in first else Language.TEXT
