"""Colours in Python code of a page: keywords, text, comments, and sparkles by their kind."""

from __future__ import annotations

import html
import keyword
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tasktonic_studio.documents.markdown import Looks

_TOKEN: Final = re.compile(
    r"(?P<comment>#[^\n]*)"
    r'|(?P<string>[rbfRBF]{0,2}(?:"""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'))'
    r"|(?P<name>[^\W\d]\w*)",
    re.DOTALL,
)
_KEYWORDS: Final = frozenset(keyword.kwlist)


def coloured(code: str, looks: Looks) -> str:
    """Code as HTML. Half-written code comes out as it is."""
    made = []
    at = 0
    for found in _TOKEN.finditer(code):
        made.append(html.escape(code[at : found.start()], quote=False))
        shown = html.escape(found[0], quote=False)
        colour = _colour(found, looks)
        made.append(f'<span style="color:{colour}">{shown}</span>' if colour else shown)
        at = found.end()
    return "".join(made) + html.escape(code[at:], quote=False)


def _colour(found: re.Match[str], looks: Looks) -> str:
    if found["comment"] is not None:
        return looks.comment
    if found["string"] is not None:
        return looks.string
    name = found["name"]
    if name in _KEYWORDS:
        return looks.keyword
    if name.startswith("ttsc_"):
        return looks.command
    if name.startswith("ttse_"):
        return looks.event
    return looks.internal if name.startswith(("tts_", "_tts_")) else ""
