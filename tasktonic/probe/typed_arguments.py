"""The arguments of an order as one would type them, so that they can be edited. ``literals`` reads what was typed."""

from __future__ import annotations

import ast
from typing import Any, Final

from tasktonic.values import is_hidden

AS_IT_IS: Final = "..."
"""Stands for an argument that is left as it is: it cannot be typed, is too long, or is a secret."""

_LONGEST_SHOWN: Final = 400
_DEEPEST: Final = 12
_PLAIN: Final = (type(None), bool, int, float, complex, str, bytes)


def typed(arguments: tuple[tuple[str, Any], ...], positional: int) -> str:
    """Arguments (names and values, the first ``positional`` ones without their names) as they would be typed."""
    parts = []
    for n, (name, value) in enumerate(arguments):
        text = AS_IT_IS if is_hidden(name) else literal(value)
        parts.append(text if n < positional else f"{name}={text}")
    return ", ".join(parts)


def literal(value: object) -> str:
    """A value as one types it, ``...`` when that cannot be: only the language's own plain values can."""
    room = [_LONGEST_SHOWN]
    if not _is_plain(value, room, _DEEPEST):
        return AS_IT_IS
    text = repr(value)
    try:
        return text if len(text) <= _LONGEST_SHOWN and ast.literal_eval(text) == value else AS_IT_IS
    except (ValueError, SyntaxError):  # not a number, an infinite one
        return AS_IT_IS


def _is_plain(value: Any, room: list[int], levels: int) -> bool:
    """Whether it is made of literals only, and of not too many; asks nothing of a class that is not the language's own."""
    cls = type(value)
    room[0] -= len(value) if cls in (str, bytes) else 1
    if room[0] < 0 or levels < 0:
        return False
    if cls in _PLAIN:
        return cls is not int or int.bit_length(value) <= 512
    if cls in (list, tuple, set):
        return all(_is_plain(item, room, levels - 1) for item in value)
    if cls is dict:
        return all(
            _is_plain(key, room, levels - 1)
            and not (type(key) is str and is_hidden(key))
            and _is_plain(item, room, levels - 1)
            for key, item in value.items()
        )
    return False
