"""How well a few typed letters fit a text: for the command palette. Pure."""

from __future__ import annotations

from typing import Final

_BEGIN: Final = 12
_WORD: Final = 9
_NEXT: Final = 6
_ANY: Final = 1


def match(typed: str, text: str) -> tuple[int, tuple[int, ...]] | None:
    """Find the letters of ``typed``, in order, in ``text``.

    Letters that follow each other, stand at the beginning of a word or at the beginning of the text count more, so
    ``rs`` finds "Restart the Script" before "Browse". Spaces in ``typed`` separate words that may come in any order.

    Returns:
        A score (higher fits better) and the positions of the letters, or None when it does not fit. An empty ``typed``
        fits everything, with no positions.
    """
    words = typed.lower().split()
    if not words:
        return 0, ()
    total = 0
    places: set[int] = set()
    for word in words:
        found = _match_word(word, text, text.lower())
        if found is None:
            return None
        total += found[0]
        places.update(found[1])
    # Of two that fit alike the shorter one is meant.
    return total * 100 - len(text), tuple(sorted(places))


def _match_word(word: str, text: str, lowered: str) -> tuple[int, list[int]] | None:
    whole = lowered.find(word)
    if whole >= 0:
        better = _at_word_begin(lowered, word, text)
        at = whole if better is None else better
        return _score(text, list(range(at, at + len(word)))), list(range(at, at + len(word)))
    best: tuple[int, list[int]] | None = None
    start = lowered.find(word[0])
    # A few beginnings are enough: the best one is nearly always among the first.
    for _ in range(6):
        if start < 0:
            break
        places = _greedy(word, text, lowered, start)
        if places is None:
            break
        score = _score(text, places)
        if best is None or score > best[0]:
            best = (score, places)
        start = lowered.find(word[0], start + 1)
    return best


def _at_word_begin(lowered: str, word: str, text: str) -> int | None:
    at = lowered.find(word)
    while at >= 0:
        if _begins_word(text, at):
            return at
        at = lowered.find(word, at + 1)
    return None


def _greedy(word: str, text: str, lowered: str, start: int) -> list[int] | None:
    """The letters from ``start`` on: each at the next beginning of a word if there is one, else at its next place."""
    places = [start]
    for index, letter in enumerate(word[1:], start=1):
        after = places[-1] + 1
        at = lowered.find(letter, after)
        if at < 0:
            return None
        if at != after:
            ahead = at
            while ahead >= 0 and not _begins_word(text, ahead):
                ahead = lowered.find(letter, ahead + 1)
            rest = word[index + 1 :]
            if ahead >= 0 and _fits(rest, lowered, ahead + 1):
                at = ahead
        places.append(at)
    return places


def _fits(rest: str, lowered: str, start: int) -> bool:
    for letter in rest:
        start = lowered.find(letter, start) + 1
        if start == 0:
            return False
    return True


def _begins_word(text: str, at: int) -> bool:
    if at == 0 or not text[at - 1].isalnum():
        return True
    return text[at].isupper() and text[at - 1].islower()


def _score(text: str, places: list[int]) -> int:
    score = 0
    for index, at in enumerate(places):
        if at == 0:
            score += _BEGIN
        elif _begins_word(text, at):
            score += _WORD
        elif index and places[index - 1] == at - 1:
            score += _NEXT
        else:
            score += _ANY
    return score
