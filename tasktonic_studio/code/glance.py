"""What a source tells at a glance, before anybody reads it as Python: whether it can have to do with tonics at all.

Reading a file as a syntax tree takes a hundred times as long as looking for some characters in it, and most files of a project that
uses the framework do not mention it.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_MARK: Final = re.compile(r"\b_?tt[A-Za-z_]")
"""How the names of the framework begin, and those of sparkles."""
_HEAD: Final = re.compile(r"^[ \t]*class[ \t]+\w+[^(\n:]*\((.{0,2000}?)\)\s*:", re.MULTILINE | re.DOTALL)
_ALIAS: Final = re.compile(r"\b(\w+)[ \t]+as[ \t]+(\w+)")
_WORD: Final = re.compile(r"[^\W\d]\w*")


class Glance(NamedTuple):
    """`is_marked`: a name of the framework or of a sparkle is in it. `bases`: names that its classes may be based on."""

    is_marked: bool
    bases: frozenset[str] = frozenset()


def glance(text: str) -> Glance:
    """Look at a text; of one that is marked the classes are of no interest, for it has to be read anyway."""
    if _MARK.search(text) is not None:
        return Glance(True)
    words = {word for head in _HEAD.findall(text) for word in _WORD.findall(head)}
    if words:
        aliases = {new: old for old, new in _ALIAS.findall(text)}
        words |= {aliases[word] for word in words if word in aliases}
    return Glance(False, frozenset(words))


class Wanted:
    """Tells whether a text may mention a name: a state, or what stands behind the two underscores of a sparkle."""

    def __init__(self, name: str, *, is_state: bool) -> None:
        self._name = name
        own = re.escape(name)
        ends = r"(?:(?!\w)|__)" if is_state else r"(?!\w)"
        self._anywhere = re.compile(rf"(?<![^\W_]){own}{ends}")
        self._quoted = re.compile(rf"""["'}}]{own}["'{{]""")

    def is_in(self, text: str, *, is_marked: bool) -> bool:
        """In a file without marks only a text can mean it."""
        wanted = self._anywhere if is_marked else self._quoted
        return self._name in text and wanted.search(text) is not None
