"""The outline of a source: its classes, their sparkles by state, and its functions. Pure, and for a text of any kind.

Read line by line and not as a syntax tree: while somebody types, most moments have no tree, and the outline of all other
lines is wanted in each of them. Long strings are told from code; a method belongs to the nearest class that it goes further
in than. A text of 50,000 lines takes a tenth of a second, so it can be had in portions.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import Final, Literal, NamedTuple

from tasktonic.errors import ttError
from tasktonic.names import SparkleName, parse

ItemKind = Literal["class", "sparkle", "method", "function"]

_DEFINITION: Final = re.compile(r"^([ \t]*)(?:async[ \t]+)?(def|class)[ \t]+(\w+)", re.MULTILINE)
_QUOTES: Final = re.compile("'''|\"\"\"")
_BEFORE: Final = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|(?P<rest>[\#'"])""")
"""What may stand before quotes in their line: whole strings, or the begin of a comment or of a string that has no end yet."""
_NEVER: Final = (1 << 62, 1 << 62)
_CUSTOM: Final = ("ttqt",)
_TAB: Final = 8
_LONGEST: Final = 2_000
"""Characters of a line that are looked through before quotes."""
_COUNTS: Final = re.compile(r"['\"]|\b(?:def|class)\b")
"""What a line must have for it to count in an outline."""
_PORTION: Final = 1_000
"""Items or strings; as ``_PORTION_CHARACTERS`` some milliseconds."""
_PORTION_CHARACTERS: Final = 60_000


class Item(NamedTuple):
    """One class, sparkle, method or function. Lines count from 1."""

    kind: ItemKind
    name: str
    """As it is written: ``ttsc_closed__open``."""
    line: int
    last: int
    """The last line before the next thing that does not belong to it."""
    depth: int
    """0 for what stands in no other thing."""
    cls: str
    """The class that a method or sparkle belongs to, else empty."""
    state: str = ""
    """Of a sparkle: the state that its handler is for, empty for any."""
    called: str = ""
    """Of a sparkle: the name by which it is called, ``ttsc__open``."""


class Outline(NamedTuple):
    """What was found in a text."""

    items: tuple[Item, ...]
    has_open_string: bool
    """Whether a long string has no end: then somebody types it, and code and strings have changed places behind it."""


def outline(text: str) -> tuple[Item, ...]:
    """The items of a text, in its order."""
    looking = outlining(text)
    while True:
        try:
            next(looking)
        except StopIteration as found:
            result: Outline = found.value
            return result.items


def outlining(text: str) -> Generator[None, None, Outline]:
    """The items of a text, in its order, found in portions of some milliseconds."""
    found, has_open_string = yield from _found(text)
    ends = _ends(found, 1 + text.count("\n"))
    items: list[Item] = []
    around: list[tuple[int, Item]] = []
    for number, ((line, what, name, depth), last) in enumerate(zip(found, ends, strict=True), 1):
        while around and around[-1][0] >= depth:
            around.pop()
        outer = around[-1][1] if around else None
        item = _item(what, name, line, last, len(around), outer)
        items.append(item)
        around.append((depth, item))
        if number % _PORTION == 0:
            yield
    return Outline(tuple(items), has_open_string)


def count_alike(before: str, after: str) -> bool:
    """Whether an outline stays as it is when these whole lines of its text become those: none of them has anything to do with it."""
    return before.count("\n") == after.count("\n") and not (_COUNTS.search(before) or _COUNTS.search(after))


def item_at(items: tuple[Item, ...], line: int) -> Item | None:
    """The innermost item in which a line stands."""
    within = [item for item in items if item.line <= line <= item.last]
    return max(within, key=lambda item: item.line, default=None)


def _found(text: str) -> Generator[None, None, tuple[list[tuple[int, str, str, int]], bool]]:
    """The line of each definition, ``def`` or ``class``, its name and how far it goes in; and whether a string has no end."""
    found: list[tuple[int, str, str, int]] = []
    strings = _long_strings(text)
    begin, end = next(strings, _NEVER)
    line, counted, looked = 1, 0, 0
    while looked < len(text):
        # As far as the end of a line: none goes over several.
        portion, looked = looked, text.find("\n", looked + _PORTION_CHARACTERS) + 1 or len(text)
        for definition in _DEFINITION.finditer(text, portion, looked):
            at = definition.start(2)
            while end <= at:
                begin, end = next(strings, _NEVER)
            if not begin <= at < end <= len(text):
                line += text.count("\n", counted, at)
                counted = at
                found.append((line, definition[2], definition[3], len(definition[1].expandtabs(_TAB))))
        if looked < len(text):
            yield
    for number, (_, last) in enumerate(strings, 1):
        end = last
        if number % _PORTION == 0:
            yield
    return found, len(text) < end < _NEVER[1]


def _long_strings(text: str) -> Iterator[tuple[int, int]]:
    """Where strings of several lines stand. One without an end is said to end behind the text."""
    at = code = 0
    while (quotes := _QUOTES.search(text, at)) is not None:
        at = quotes.end()
        before = text[max(code, text.rfind("\n", 0, quotes.start()) + 1) : quotes.start()][-_LONGEST:]
        if any(piece["rest"] for piece in _BEFORE.finditer(before)):
            continue
        end = text.find(quotes[0], at)
        at = code = end + 3 if end >= 0 else len(text) + 1
        yield quotes.start(), at
        if end < 0:
            return


def _ends(found: list[tuple[int, str, str, int]], last_line: int) -> list[int]:
    """The line before the next one that goes no further in, for each."""
    ends = [last_line] * len(found)
    open_ones: list[int] = []
    for index, (line, _, _, indent) in enumerate(found):
        while open_ones and found[open_ones[-1]][3] >= indent:
            ends[open_ones.pop()] = line - 1
        open_ones.append(index)
    return ends


def _item(what: str, name: str, line: int, last: int, depth: int, outer: Item | None) -> Item:
    if what == "class":
        return Item("class", name, line, last, depth, "")
    if outer is None or outer.kind != "class":
        return Item("function", name, line, last, depth, "")
    sparkle = _sparkle(name)
    if sparkle is None:
        return Item("method", name, line, last, depth, outer.name)
    return Item("sparkle", name, line, last, depth, outer.name, sparkle.state, sparkle.called)


def _sparkle(name: str) -> SparkleName | None:
    try:
        return parse(name, _CUSTOM)
    except ttError:
        # Half typed, or misspelt: a method for now.
        return None
