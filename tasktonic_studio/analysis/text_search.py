"""Finding text in a text, and what is put in its place. Pure, and the same everywhere; positions are in characters.

Words are found in a time that grows with the text alone. A pattern may take for ever, and Python's engine cannot be stopped:
whoever must not wait looks for one in the side process (``find`` and ``replace`` there), which can be ended.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Final

MOST_HITS: Final = 100_000
"""More are not looked for: nobody goes through them."""

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

    def as_json(self) -> dict[str, Any]:
        """For the way to another process."""
        return asdict(self)

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> Query:
        """The query that `as_json` made these facts of."""
        return cls(facts["text"], facts["match_case"], facts["whole_word"], facts["is_pattern"])


def find_all(text: str, query: Query, most: int = MOST_HITS, within: Span | None = None) -> list[Span]:
    """Where the query stands in the text, in order; at most so many. What a pattern finds of no length is left out.

    Args:
        text: all of it.
        query: what is looked for.
        most: hits.
        within: the part of the text in which a hit has to begin and end; all of it without.

    Raises:
        QueryProblem: it is no regular expression.
    """
    if not query.text:
        return []
    begin, end = within if within is not None else (0, len(text))
    spans: list[Span] = []
    for found in compiled(query).finditer(text, begin, end):
        if found.end() > found.start():
            spans.append(found.span())
            if len(spans) == most:
                break
    return spans


def replacements(places: Iterable[tuple[str, int, int]], query: Query, by: str) -> list[str | None]:
    r"""What comes in the place of each of these hits: the text itself, for a pattern with its groups, as ``\1``.

    Args:
        places: a text, and the begin and the end of the hit in it.
        query: what was looked for.
        by: what it is to be.

    Returns:
        In their order; None where the pattern looks at more than this text has.

    Raises:
        QueryProblem: the replacement names a group that there is not.
    """
    if not query.is_pattern:
        return [by for _ in places]
    pattern = compiled(query)
    try:
        return [hit.expand(by) if (hit := _just_there(pattern, *place)) is not None else None for place in places]
    except (re.error, IndexError) as error:
        raise QueryProblem(f"This replacement cannot be used: {error}.") from None


def _just_there(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    hit = pattern.match(text, start)
    if hit is None or hit.end() != end:
        # It may be one only because the looking ended there.
        hit = pattern.match(text, start, end)
    return hit if hit is not None and hit.end() == end else None


@lru_cache(maxsize=8)
def compiled(query: Query) -> re.Pattern[str]:
    """The query as Python's own.

    Raises:
        QueryProblem: it is no regular expression.
    """
    pattern = query.text if query.is_pattern else re.escape(query.text)
    if query.whole_word:
        pattern = rf"(?<!\w)(?:{pattern})(?!\w)"
    try:
        return re.compile(pattern, re.MULTILINE | (0 if query.match_case else re.IGNORECASE))
    except (re.error, OverflowError, RecursionError) as error:
        raise QueryProblem(f"This pattern cannot be used: {error}.") from None
