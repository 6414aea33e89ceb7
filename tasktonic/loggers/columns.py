"""Text in the columns of a terminal: how wide it is, where it breaks, what of it a terminal must not get."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
TAB: Final = 4


def visible(text: str) -> str:
    """The text with control characters spelled out: what an app says must not move the cursor or change colours."""
    return _CONTROLS.sub(_spelled, text)


def _spelled(match: re.Match[str]) -> str:
    return ascii(match[0])[1:-1]


def width_of(text: str) -> int:
    """How many columns it takes: two for a wide sign, none for one that is put on top of the one before."""
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(sign: str) -> int:
    if unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def wrapped(text: str, columns: int) -> list[str]:
    """The text in pieces of at most so many columns, broken at spaces where there are any. Nothing of it is lost but these.

    ``columns`` is at least two.
    """
    lines = []
    begin = 0
    while True:
        end = _fitting(text, begin, columns)
        if end >= len(text):
            lines.append(text[begin:])
            return lines
        space = text.rfind(" ", begin + 1, end + 1)
        if space > 0 and text[begin:space].strip():
            lines.append(text[begin:space].rstrip())
            begin = space + 1
            while begin < len(text) and text[begin] == " ":
                begin += 1
        else:
            lines.append(text[begin:end])
            begin = end


def _fitting(text: str, begin: int, columns: int) -> int:
    """The end of what fits, from ``begin``."""
    at = begin
    while at < len(text):
        columns -= _width(text[at])
        if columns < 0:
            return at
        at += 1
    return at


def fitted(text: str, columns: int, ellipsis: str) -> str:
    """The text in exactly so many columns: filled up, or cut in the middle, since names differ at both ends."""
    width = width_of(text)
    if width <= columns:
        return text + " " * (columns - width)
    front = _fitting(text, 0, (columns - 1) * 3 // 5)
    room = columns - 1 - width_of(text[:front])
    back = len(text)
    while back > front and width_of(text[back - 1 :]) <= room:
        back -= 1
    cut = text[:front] + ellipsis + text[back:]
    return cut + " " * (columns - width_of(cut))
