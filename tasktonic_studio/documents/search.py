"""Searching in the documentation: words and beginnings of words, the best section first."""

from __future__ import annotations

import math
import re
import time
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from tasktonic_studio.documents.pages import Section, every_section, pages

MOST_HITS: Final = 50
SNIPPET: Final = 160
_WORD: Final = re.compile(r"[^\W_][\w.]*\w|\w+")
_PART: Final = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_IN_HEADING: Final = 8.0
_IN_TITLE: Final = 3.0
_PREFIX_SHARE: Final = 0.4
"""A word that only begins so counts this much."""
_MOST_WORDS: Final = 8
_GUIDE_FIRST: Final = 2.0
_WHOLE_PATH: Final = 4.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A section that fits. `snippet` is a stretch of it, `marks` begin and end of what fits in the snippet."""

    section: Section
    score: float
    snippet: str
    marks: tuple[tuple[int, int], ...]


class SearchIndex:
    """Which word stands where. Read in steps, or at once by the first search.

    Reading all pages takes longer than a window may wait: who has one calls `read_some` in its turns first.
    """

    def __init__(self, searched: Sequence[Section] | None = None) -> None:
        self._sections: list[Section] = []
        self._places: dict[str, dict[int, float]] = defaultdict(dict)
        self._sorted: list[str] = []
        self._is_guide: list[bool] = []
        self._unread: Iterator[None] | None = self._read(searched)

    @property
    def is_whole(self) -> bool:
        """Whether all pages were read."""
        return self._unread is None

    def read_some(self, for_s: float = math.inf) -> bool:
        """Go on reading, at least one section, until this time is over. Returns whether all is read now."""
        if self._unread is not None:
            until = time.perf_counter() + for_s
            for _ in self._unread:
                if time.perf_counter() >= until:
                    return False
            self._sorted = sorted(self._places)
            self._unread = None
        return True

    def _read(self, searched: Sequence[Section] | None) -> Iterator[None]:
        """Take in one section after the other."""
        for section in every_section() if searched is None else searched:
            number = len(self._sections)
            self._sections.append(section)
            self._is_guide.append(section.page.startswith("guide/"))
            page = pages().get(section.page)
            for word, count in Counter(words_of(section.text)).items():
                self._add(word, number, 1.0 + math.log(count))
            for word in words_of(section.heading):
                self._add(word, number, _IN_HEADING)
            for word in words_of(page.title if page is not None else ""):
                self._add(word, number, _IN_TITLE)
            yield

    def _add(self, word: str, number: int, weight: float) -> None:
        places = self._places[word]
        places[number] = places.get(number, 0.0) + weight

    def search(self, query: str) -> list[Hit]:
        """The sections in which every word of the query stands, or a word that begins so; the best first."""
        self.read_some()
        wanted = list(dict.fromkeys(words_of(query)))[:_MOST_WORDS]
        tokens = list(dict.fromkeys(match[0] for match in _WORD.finditer(query)))[:_MOST_WORDS]
        scores = _in_all(self._sections_of_token(token) for token in tokens)
        if "/" in query:
            # The words of a path stand in many places, the path in few.
            path = query.strip().lower()
            scores = {it: score * (_WHOLE_PATH if self._has(it, path) else 1.0) for it, score in scores.items()}
        elif query.islower() and "_" not in query and "tt" not in query:
            # A plain word is a question of who learns; a name is one of who knows what to look for.
            scores = {it: score * (_GUIDE_FIRST if self._is_guide[it] else 1.0) for it, score in scores.items()}
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:MOST_HITS]
        return [self._hit(number, score, wanted) for number, score in ranked]

    def _has(self, number: int, text: str) -> bool:
        section = self._sections[number]
        return text in section.heading.lower() or text in section.text.lower()

    def _sections_of_token(self, token: str) -> dict[int, float]:
        """The sections that have a word; of a name that stands nowhere, as one of the user's own, those that have all its parts."""
        whole, *parts = words_of(token)
        found = self._sections_with(whole)
        return _in_all([*([found] if found else []), *map(self._sections_with, parts)])

    def _sections_with(self, word: str) -> dict[int, float]:
        found: dict[int, float] = defaultdict(float)
        for known in self._beginning_with(word):
            places = self._places[known]
            rare = math.log(1 + len(self._sections) / len(places))
            share = 1.0 if known == word else _PREFIX_SHARE * len(word) / len(known)
            for number, weight in places.items():
                found[number] = max(found[number], weight * rare * share)
        return found

    def _beginning_with(self, word: str) -> Iterator[str]:
        at = bisect_left(self._sorted, word)
        while at < len(self._sorted) and self._sorted[at].startswith(word):
            yield self._sorted[at]
            at += 1

    def _hit(self, number: int, score: float, wanted: Sequence[str]) -> Hit:
        section = self._sections[number]
        text, places = "", list[tuple[int, int]]()
        for said in (section.prose, section.text):  # code says less in a line than prose does
            text = " ".join(said.split())
            places = [(found.start(), found.end()) for found in _WORD.finditer(text) if _fits(found[0], wanted)]
            if places:
                break
        begin = max(0, (places[0][0] if places else 0) - SNIPPET // 4)
        begin = text.rfind(" ", 0, begin) + 1 if begin else 0
        end = min(len(text), begin + SNIPPET)
        before, after = "… " if begin else "", " …" if end < len(text) else ""
        shift = len(before) - begin
        marks = tuple((start + shift, stop + shift) for start, stop in places if begin <= start and stop <= end)
        return Hit(section, score, f"{before}{text[begin:end]}{after}", marks)


@cache
def index() -> SearchIndex:
    """The one over all pages. It may not be whole yet."""
    return SearchIndex()


def _in_all(found: Iterable[dict[int, float]]) -> dict[int, float]:
    """What is in each of them, with the sum of its scores."""
    scores: dict[int, float] | None = None
    for each in found:
        scores = each if scores is None else {it: scores[it] + each[it] for it in scores.keys() & each.keys()}
    return scores or {}


def words_of(text: str) -> list[str]:
    """The words of a text in small letters; of `ttTimerRepeat` and `to_state` also their parts."""
    return [form for word in _WORD.findall(text) for form in _forms(word)]


@cache
def _forms(word: str) -> tuple[str, ...]:
    """A word in small letters, and its parts. There are few words, and each stands in many places."""
    if word.isalpha() and (word.islower() or word[1:].islower()):
        return (word.lower(),)
    return (word.lower(), *(part.lower() for part in _PART.findall(word) if len(part) > 2 and part != word))


def _fits(word: str, wanted: Sequence[str]) -> bool:
    return any(part.startswith(tuple(wanted)) for part in words_of(word)) if wanted else False
