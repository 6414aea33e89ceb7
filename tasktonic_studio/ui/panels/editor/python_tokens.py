"""The words of a line of Python and the colour role of each: enough for the plain editor. Pure.

One line at a time, with a number that carries from line to line whether a long string is open: what a highlighter of Qt
asks for. Scintilla has a lexer of its own and needs none of this.
"""

from __future__ import annotations

import keyword
import re
from typing import Final, NamedTuple

from tasktonic_studio.ui.panels.editor.marks import STATE_ROLE, sparkle_names, state_names

IN_CODE: Final = 0
_QUOTES: Final = {1: "'''", 2: '"""'}
_OPENS: Final = {quotes: state for state, quotes in _QUOTES.items()}

_TOKEN: Final = re.compile(
    r"""
    (?P<comment>\#.*)
  | (?P<long>(?:\b[rbuft]{1,2})?(?:'''|\"\"\"))
  | (?P<string>(?:\b[rbuft]{1,2})?(?:'(?:\\.|[^'\\])*'?|"(?:\\.|[^"\\])*"?))
  | (?P<number>\b(?:0[xob][\da-f_]+|\d[\d_]*(?:\.[\d_]*)?(?:e[+-]?\d+)?j?)\b)
  | (?P<decorator>^\s*@\s*\w[\w.]*)
  | (?P<word>\w+)
    """,
    re.VERBOSE | re.IGNORECASE,
)


class Token(NamedTuple):
    """``line[start:end]`` is drawn in the colour of a role."""

    start: int
    end: int
    role: str
    defined: bool = False
    """The name of a class or function where it is defined."""


def tokens(line: str, state: int = IN_CODE) -> tuple[list[Token], int]:
    """The coloured words of a line.

    Args:
        line: without its end.
        state: what the line before gave.

    Returns:
        The words in order, and the state for the next line.
    """
    found: list[Token] = []
    at = 0
    if state in _QUOTES:
        end = _end_of_long(line, 0, _QUOTES[state])
        if end < 0:
            return [Token(0, len(line), "editor_string")], state
        found.append(Token(0, end, "editor_string"))
        at = end
    names = {name.start: name for name in sparkle_names(line)}
    previous = ""
    while (match := _TOKEN.search(line, at)) is not None:
        at = match.end()
        kind = match.lastgroup or ""
        if kind == "long":
            quotes = match.group()[-3:]
            end = _end_of_long(line, at, quotes)
            found.append(Token(match.start(), end if end >= 0 else len(line), "editor_string"))
            if end < 0:
                return found, _OPENS[quotes]
            at = end
        elif kind == "word":
            word = match.group()
            name = names.get(match.start())
            role = name.kind.value if name is not None else _role_of(word, previous)
            if role:
                found.append(Token(match.start(), at, role, defined=previous in ("def", "class")))
            previous = word
        else:
            found.append(Token(match.start(), at, f"editor_{kind}"))
    return _with_states(line, found), IN_CODE


def _with_states(line: str, found: list[Token]) -> list[Token]:
    """The same words, with the names of states in their own colour wherever they are no prose."""
    for start, end in state_names(line):
        index = next((at for at, token in enumerate(found) if token.start <= start and end <= token.end), -1)
        if index < 0:
            continue
        token = found[index]
        is_name = token.role.startswith("editor_sparkle")
        is_whole_string = (
            token.role == "editor_string" and line[token.start : token.end].strip("'\"") == line[start:end]
        )
        if is_name or is_whole_string:
            parts = (token._replace(end=start), Token(start, end, STATE_ROLE, token.defined), token._replace(start=end))
            found[index : index + 1] = [part for part in parts if part.start < part.end]
    return found


def _role_of(word: str, previous: str) -> str:
    if previous == "def":
        return "editor_def"
    if previous == "class":
        return "editor_class"
    return "editor_keyword" if keyword.iskeyword(word) else ""


def _end_of_long(line: str, at: int, quotes: str) -> int:
    """Behind the quotes that end a long string, or -1 when it goes on."""
    while (end := line.find(quotes, at)) >= 0:
        before = line[:end]
        if (len(before) - len(before.rstrip("\\"))) % 2 == 0:
            return end + len(quotes)
        at = end + 1
    return -1
