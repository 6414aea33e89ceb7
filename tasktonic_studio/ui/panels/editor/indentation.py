"""How far the next line goes in, and which lines become comments. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

UNIT: Final = "    "
_ENOUGH: Final = 100_000
"""Characters that tell how a text is indented."""
_LEAVES: Final = re.compile(r"(return|pass|break|continue|raise)\b")
_CODE: Final = re.compile(r"""("(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?)|(#.*)""")


def uses_tabs(text: str) -> bool:
    """Whether more lines of a text go in with a tab than with spaces."""
    begins = re.findall(r"^[\t ]", text[:_ENOUGH], re.MULTILINE)
    return begins.count("\t") * 2 > len(begins)


def code_of(line: str) -> str:
    """A line without its comment and with its strings emptied, as far as one line tells."""
    return _CODE.sub(lambda found: "''" if found.group(1) else "", line).rstrip()


def indent_of(line: str) -> str:
    """How far a line goes in."""
    return line[: len(line) - len(line.lstrip())]


def indent_after(before: str, unit: str = UNIT) -> str:
    """What the line after this one begins with.

    Args:
        before: the line up to the caret.
        unit: one step in.
    """
    indent = indent_of(before)
    code = code_of(before)
    if code.endswith((":", "(", "[", "{")):
        return indent + unit
    if _LEAVES.match(code.lstrip()) and _closed(code) and indent.endswith(unit):
        return indent[: -len(unit)]
    return indent


def _closed(code: str) -> bool:
    return all(code.count(one) <= code.count(other) for one, other in ("()", "[]", "{}"))


def toggled_comment(lines: Sequence[str]) -> list[str]:
    """The lines as comments, or, when all of them are comments, as code again. Blank lines stay as they are."""
    full = [line for line in lines if line.strip()]
    if not full:
        return list(lines)
    if all(line.lstrip().startswith("#") for line in full):
        return [re.sub(r"^(\s*)# ?", r"\1", line, count=1) for line in lines]
    depth = min(len(line) - len(line.lstrip()) for line in full)
    return [f"{line[:depth]}# {line[depth:]}" if line.strip() else line for line in lines]


def moved_in(lines: Sequence[str], unit: str = UNIT) -> list[str]:
    """The lines one step further in; blank ones stay."""
    return [unit + line if line.strip() else line for line in lines]


def moved_out(lines: Sequence[str], unit: str = UNIT) -> list[str]:
    """The lines one step further out, as far as they can go."""
    result = []
    for line in lines:
        if line.startswith("\t"):
            result.append(line[1:])
        else:
            spaces = len(line) - len(line.lstrip(" "))
            result.append(line[min(spaces, len(unit)) :])
    return result
