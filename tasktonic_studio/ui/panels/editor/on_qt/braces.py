"""The brace that belongs to another one. Pure; strings are not told from code."""

from __future__ import annotations

from typing import Final

BRACES: Final = "()[]{}"
_PAIRS: Final = {"(": ")", "[": "]", "{": "}"}
FARTHEST: Final = 20_000
"""Characters; a brace further away is not looked for."""


def partner(text: str, position: int) -> int:
    """Where the brace that belongs to the one here stands, or -1."""
    sign = text[position]
    forward = sign in _PAIRS
    other = _PAIRS[sign] if forward else next(opening for opening, closing in _PAIRS.items() if closing == sign)
    depth = 0
    last = min(len(text), position + FARTHEST) if forward else max(-1, position - FARTHEST)
    for at in range(position, last, 1 if forward else -1):
        if text[at] == sign:
            depth += 1
        elif text[at] == other:
            depth -= 1
            if depth == 0:
                return at
    return -1
