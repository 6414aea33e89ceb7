"""Finding text in a text, and what is put in its place. Pure, and the same everywhere; positions are in characters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

MOST_HITS: Final = 10_000
"""More are not looked for: nobody reads them, and each costs a mark on the screen."""

Span = tuple[int, int]


class QueryProblem(Exception):
    """The query cannot be looked for; the message is a sentence for the screen."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for."""

    text: str
    match_case: bool = False
    whole_word: bool = False
    is_pattern: bool = False
    """The text is a regular expression, as Python has them; ``^`` and ``$`` are ends of lines."""


def find_all(text: str, query: Query, most: int = MOST_HITS) -> list[Span]:
    """Where the query stands in the text, in order; at most so many. What a pattern finds of no length is left out.

    Raises:
        QueryProblem: it is no regular expression.
    """
    if not query.text:
        return []
    spans: list[Span] = []
    for found in compiled(query).finditer(text):
        if found.end() > found.start():
            spans.append(found.span())
            if len(spans) == most:
                break
    return spans


def is_hit(text: str, span: Span, query: Query) -> bool:
    """Whether the query stands just there; a pattern may look at more than a piece of the text has."""
    found = compiled(query).match(text, span[0])
    return found is not None and found.span() == span


def replaced(text: str, span: Span, query: Query, by: str) -> str:
    r"""What comes in the place of a hit: the text itself, for a pattern with its groups, as ``\1``.

    Raises:
        QueryProblem: the replacement names a group that there is not.
    """
    if not query.is_pattern:
        return by
    found = compiled(query).match(text, span[0])
    if found is None:
        return text[span[0] : span[1]]
    try:
        return found.expand(by)
    except (re.error, IndexError) as error:
        raise QueryProblem(f"This replacement cannot be used: {error}.") from None


@lru_cache(maxsize=8)
def compiled(query: Query) -> re.Pattern[str]:
    """The query as Python's own.

    Raises:
        QueryProblem: it is no regular expression, or one that may look for ever.
    """
    pattern = query.text if query.is_pattern else re.escape(query.text)
    if query.whole_word:
        pattern = rf"(?<!\w)(?:{pattern})(?!\w)"
    flags = re.MULTILINE | (0 if query.match_case else re.IGNORECASE)
    try:
        made = re.compile(pattern, flags)
        if query.is_pattern and _may_take_for_ever(_parsed(pattern, flags)):
            raise QueryProblem(
                "This pattern repeats what can be of several lengths, such as (a+)+ or (a|aa)+: looking for it may never "
                "end. Write it without the outer repeat, or with what can be of one length only."
            )
    except (re.error, OverflowError, RecursionError) as error:
        raise QueryProblem(f"This pattern cannot be used: {error}.") from None
    return made


def _parsed(pattern: str, flags: int) -> Any:
    parser: Any = getattr(re, "_parser")  # noqa: B009
    return parser.parse(pattern, flags)


def _may_take_for_ever(parts: Any, repeated: bool = False) -> bool:
    """Whether something inside a repeat without end can be of several lengths: then there are ever more ways to the same text."""
    for name, value in parts:
        kind = str(name)
        if kind in ("MAX_REPEAT", "MIN_REPEAT"):
            least, most, inside = value
            is_open = least != most and most > 1_000
            if (least != most and repeated) or _may_take_for_ever(inside, repeated or is_open):
                return True
        elif kind == "SUBPATTERN":
            if _may_take_for_ever(value[3], repeated):
                return True
        elif kind == "BRANCH":
            branches = value[1]
            if any(_may_take_for_ever(branch, repeated) for branch in branches) or (repeated and not _differ(branches)):
                return True
        elif kind in ("ASSERT", "ASSERT_NOT") and _may_take_for_ever(value[1], repeated):
            return True
    return False


def _differ(branches: Any) -> bool:
    """Whether each of these begins with a letter of its own, so that at most one of them can be the right one."""
    firsts = [branch[0] if len(branch) else None for branch in branches]
    letters = {chr(first[1]).casefold() for first in firsts if first is not None and str(first[0]) == "LITERAL"}
    return len(letters) == len(firsts)
