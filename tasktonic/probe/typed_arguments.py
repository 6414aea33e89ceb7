"""Arguments as people type them: Python literals to values, and values back to what can be typed. No code is ever run."""

from __future__ import annotations

import ast
from typing import Any, Final

from tasktonic.errors import ttArgumentError
from tasktonic.values import is_hidden

AS_IT_IS: Final = "..."
"""Stands for an argument that is left as it is: it cannot be typed, is too long, or is a secret."""

LONGEST: Final = 4_000
_LONGEST_SHOWN: Final = 400
_DEEPEST: Final = 12
_PLAIN: Final = (type(None), bool, int, float, complex, str, bytes)
_HINT: Final = "Numbers, texts in quotes, True, False, None, and lists, tuples, dicts and sets of them can be typed; ... leaves an argument as it is."


def parse_arguments(text: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Read ``3, 'left', fast=True``: the positional and the named arguments.

    Raises:
        ttArgumentError: something in it is no literal; the sentence says what.
    """
    if len(text) > LONGEST:
        raise ttArgumentError(f"The arguments have {len(text):,} characters; at most {LONGEST:,} can be typed.")
    try:
        call = ast.parse(f"f({text}\n)", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else str(error) or "too deep"
        raise ttArgumentError(f"{text!r:.100} cannot be read as arguments: {reason.rstrip('.?')}. {_HINT}") from None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        raise ttArgumentError(f"{text!r:.100} is more than the arguments of one call. {_HINT}")
    kwargs: dict[str, Any] = {}
    for keyword in call.keywords:
        if keyword.arg is None:
            raise ttArgumentError(f"** cannot be typed here: write each argument by its name. {_HINT}")
        kwargs[keyword.arg] = _value(keyword.value)
    return tuple(_value(node) for node in call.args), kwargs


def _value(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        raise ttArgumentError(f"{ast.unparse(node):.100} is no literal. {_HINT}") from None


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
