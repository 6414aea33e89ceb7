"""Values as a person types them: Python literals, read the same way by a studio, which checks, and by the app, which uses them.

A literal is a number, a text, bytes, ``True``, ``False``, ``None``, and tuples, lists, dicts and sets of these. Reading one runs no
code.
"""

from __future__ import annotations

import ast
import sys
import warnings
from collections import Counter
from typing import Any, Final

from tasktonic.errors import ttError

LONGEST: Final = 200_000
"""More text than this is not read."""
_SHOWN: Final = 60
_EXAMPLES: Final = (
    "A literal is a number, 'text' in quotes, True, False, None, or a (tuple), [list], {'a': dict} or {set} of these."
)
_TOO_LONG: Final = "{} has an integer of more than {:,} digits, which Python reads and writes in no record. Compute it in the app's own code."


class ttLiteralError(ttError, ValueError):
    """A text that is no Python literal."""


def parse_literal(text: str) -> Any:
    """The value that a text stands for.

    Raises:
        ttLiteralError: it is no literal; the sentence says what is wrong and what one is.
    """
    return _value(_parsed(text, text), text)


def parse_arguments(text: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Arguments as they are typed between the brackets of a call: ``1, 'red', speed=0.5``.

    Raises:
        ttLiteralError: one of them is no literal, or they are no arguments.
    """
    node = _parsed(f"_(\n{text}\n)", text)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        raise ttLiteralError(f"{_short(text)} is no list of arguments. Write them as in a call: 1, 'red', speed=0.5.")
    if any(isinstance(argument, ast.Starred) for argument in node.args) or any(it.arg is None for it in node.keywords):
        raise ttLiteralError(f"{_short(text)} has * or ** in it; each argument has to be written out.")
    counts = Counter(str(it.arg) for it in node.keywords)
    twice = next((name for name, count in counts.items() if count > 1), "")
    if twice:
        raise ttLiteralError(f"{_short(text)} gives {twice!r} twice.")
    positional = tuple(_value(argument, text) for argument in node.args)
    return positional, {str(it.arg): _value(it.value, text) for it in node.keywords}


def _parsed(source: str, text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise ttLiteralError(f"{len(text):,} characters are too long for a literal; at most {LONGEST:,} are read.")
    if not text.strip() and source == text:
        raise ttLiteralError(f"Nothing was typed. {_EXAMPLES}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of an escape that is none: it is shown as it was read
            return ast.parse(source.strip(), mode="eval").body
    except SyntaxError as error:
        if "integer string conversion" in error.msg:
            raise ttLiteralError(_TOO_LONG.format(_short(text), sys.get_int_max_str_digits())) from None
        raise ttLiteralError(f"{_short(text)} cannot be read: {error.msg}. {_EXAMPLES}") from None
    except (ValueError, MemoryError, RecursionError) as error:
        raise ttLiteralError(
            f"{_short(text)} cannot be read: {str(error) or 'it is nested too deep'}. {_EXAMPLES}"
        ) from None


def _value(node: ast.expr, text: str) -> Any:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, ArithmeticError, SyntaxError, MemoryError, RecursionError):
        part = _short(text)
        named = next((each.id for each in ast.walk(node) if isinstance(each, ast.Name)), "")
        hint = f" Did you mean {named!r} in quotes?" if named else ""
        raise ttLiteralError(f"{part} is no Python literal.{hint} {_EXAMPLES}") from None
    most = sys.get_int_max_str_digits()
    numbers = (each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and type(each.value) is int)
    # A digit is worth more than three bits: what has fewer is short enough without counting.
    if most and any(number.bit_length() > 3 * most and number >= 10**most for number in numbers):
        raise ttLiteralError(_TOO_LONG.format(_short(text), most))
    return value


def _short(text: str) -> str:
    shown = text.strip()
    return repr(shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…")
