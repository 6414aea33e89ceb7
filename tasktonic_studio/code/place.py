"""What stands at a place of a text, told from its lines alone: also of text that is not valid Python yet.

Lines count from 1, columns from 0, in characters.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_word_before: Final = re.compile(r"\w*$")
_word_after: Final = re.compile(r"\w*")
_class: Final = re.compile(r"(\s*)class\s+(\w+)")
_def: Final = re.compile(r"(\s*)(?:async\s+)?def\s+(\w+)")
_defining: Final = re.compile(r"\s*(?:async\s+)?def\s+\w*$")
_to_state: Final = re.compile(r"(?:([\w.]+)\s*\.\s*)?to_state\(\s*(?:state\s*=\s*)?$")
_owner: Final = re.compile(r"((?:[\w.]|\([^()]*\)|\[[^\[\]]*\])*?)\s*\.\s*$")

_LONGEST_LINE: Final = 1_000


class Inside(NamedTuple):
    """The class and the method around a place; empty names where there is none."""

    cls: str
    cls_line: int
    method: str


class Place(NamedTuple):
    """What stands at a place.

    Attributes:
        word: the word there, `begin` and `end` its columns; a state in a text counts as a word.
        typed: what of the word stands before the place.
        owner: what stands before the dot before the word; empty without one.
        owner_end: the column behind the owner.
        quote: the column at which the text around the place begins (behind its quote); -1 outside of texts.
        in_state: the place is the text of a ``to_state``; then `owner` is whose.
        is_definition: the word is the name of a method that is being defined.
        is_comment: the place is inside a comment.
    """

    line: int
    column: int
    word: str
    begin: int
    end: int
    typed: str
    owner: str
    owner_end: int
    quote: int
    in_state: bool
    is_definition: bool
    is_comment: bool
    inside: Inside


def place_at(text: str, line: int, column: int) -> Place:
    """What stands at a place of a text. Places outside of it count as the nearest one inside."""
    lines = text.split("\n")
    line = min(max(1, line), len(lines))
    own = lines[line - 1]
    column = min(max(0, column), len(own))
    before = _word_before.search(own[:column])
    after = _word_after.match(own, column)
    begin = before.start() if before else column
    end = after.end() if after else column
    quote, is_comment = _quote_before(own, column)
    owner, owner_end, in_state = "", begin, False
    if quote >= 0:
        head = _to_state.search(own[: quote - 1])
        if head is not None:
            in_state, owner = True, head.group(1) or ""
            owner_end = head.end(1) if head.group(1) else quote
    elif not is_comment:
        found = _owner.search(own[:begin])
        if found is not None:
            owner, owner_end = found.group(1), found.end(1)
    is_definition = quote < 0 and _defining.match(own[:begin]) is not None
    return Place(
        line,
        column,
        own[begin:end],
        begin,
        end,
        own[begin:column],
        owner,
        owner_end,
        quote,
        in_state,
        is_definition,
        is_comment,
        inside_of(lines, line, column),
    )


def _quote_before(line: str, column: int, outside: list[int] | None = None) -> tuple[int, bool]:
    """Where the text around a column begins, and whether the column is inside a comment.

    `outside` gets the columns before it that are in no text and no comment.
    """
    at, opened, quote = 0, -1, ""
    while at < column:
        sign = line[at]
        if quote:
            if sign == "\\":
                at += 1
            elif line.startswith(quote, at):
                at += len(quote) - 1
                quote, opened = "", -1
        elif sign == "#":
            return -1, True
        elif sign in "\"'":
            quote = sign * 3 if line.startswith(sign * 3, at) else sign
            at += len(quote) - 1
            opened = at + 1
        elif outside is not None:
            outside.append(at)
        at += 1
    return (opened if opened <= column else -1), False


def inside_of(lines: list[str], line: int, column: int) -> Inside:
    """The class and the method around a place, by how far lines are moved in."""
    own = lines[line - 1]
    depth = len(own) - len(own.lstrip()) if own.strip() else column
    defined = _def.match(own)
    method = defined.group(2) if defined is not None else ""
    for at in range(line - 1, 0, -1):
        text = lines[at - 1]
        bare = text.strip()
        indent = len(text) - len(text.lstrip())
        if not bare or bare.startswith("#") or indent >= depth:
            continue
        depth = indent
        named = _class.match(text)
        if named is not None:
            return Inside(named.group(2), at, method)
        defined = _def.match(text)
        method = defined.group(2) if defined is not None else method
    return Inside("", 0, "")


def call_around(text: str, line: int, column: int) -> tuple[int, int, int] | None:
    """The call whose arguments are being written: line and column behind the called name, and how many commas came since.

    None when the place is in no call. Looks back a few lines only.
    """
    lines = text.split("\n")
    line = min(max(1, line), len(lines))
    depth = commas = 0
    for at in range(line, max(0, line - 30), -1):
        own = lines[at - 1][:column] if at == line else lines[at - 1]
        if len(own) > _LONGEST_LINE:
            return None
        outside: list[int] = []
        _quote_before(own, len(own), outside)
        for index in reversed(outside):
            sign = own[index]
            if sign not in "()[]{},":
                continue
            if sign in ")]}":
                depth += 1
            elif sign == "," and depth == 0:
                commas += 1
            elif sign in "([{":
                if depth:
                    depth -= 1
                elif sign == "(" and re.search(r"\w\s*$", own[:index]):
                    return at, len(own[:index].rstrip()), commas
                else:
                    # A bracket of its own is one argument of the call around it.
                    commas = 0
    return None
