"""How the paths below one path are put in rows: in a natural order, and by the hundred where there are many. No Qt.

A list of ten thousand entries is a hundred groups of a hundred; which group an entry is in never changes. Plain names are
grouped only when there are far more than anybody reads through, by the order in which they came.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

GROUP: Final = 100
"""So many rows to a group; a list with more entries is grouped."""
MANY_NAMES: Final = 500
"""More plain names than this below one path are grouped too."""

Order = tuple[int, str, int, str]

_ENTRY: Final = re.compile(r"([^#/]*)#(\d{1,15})")
_DIGITS: Final = re.compile(r"\d+")
_DIGITS_PADDED: Final = 10
_NAMES: Final = "/"
"""Stands for plain names where the prefix of a list does: no prefix has a slash in it."""


class StoreKey(NamedTuple):
    """The identity of a path's row. The store itself has the path ''."""

    store: int
    path: str


class GroupKey(NamedTuple):
    """The identity of a group: the list (its prefix, '' for none, '/' for plain names) and which hundred of it."""

    store: int
    parent: str
    prefix: str
    number: int


Key = StoreKey | GroupKey


def last_part(parent: str, path: str) -> str:
    """The name of a path below its parent; a deep one keeps all the rest of its name."""
    return path[len(parent) + 1 :] if parent else path


def list_of(name: str) -> tuple[str, int]:
    """The prefix of the list that a name is an entry of, and its number; '/' and -1 for a plain name."""
    match = _ENTRY.fullmatch(name)
    return (match[1], int(match[2])) if match else (_NAMES, -1)


def natural(name: str) -> str:
    """What to sort a name by, so that `area 9` stands before `area 10`."""
    return _DIGITS.sub(_padded, name.casefold())


def _padded(match: re.Match[str]) -> str:
    return match[0].zfill(_DIGITS_PADDED)


def order_of(name: str) -> Order:
    """The place of a path among its siblings: names by the alphabet, entries of lists by number after them."""
    prefix, number = list_of(name)
    return (0, natural(name), 0, name) if number < 0 else (2, prefix.casefold(), number, name)


def order_of_group(key: GroupKey) -> Order:
    """The place of a group among its siblings."""
    return (1 if key.prefix == _NAMES else 2, key.prefix.casefold(), key.number * GROUP, "")


def is_too_many(prefix: str, count: int) -> bool:
    """Whether so many entries of one list, or plain names, are grouped."""
    return count > (MANY_NAMES if prefix == _NAMES else GROUP)


def group_of(store: int, parent: str, name: str, ordinal: int) -> GroupKey:
    """The group a path would be in. ``ordinal``: as the how-manieth below its parent it came."""
    prefix, number = list_of(name)
    return GroupKey(store, parent, prefix, (ordinal if number < 0 else number) // GROUP)
