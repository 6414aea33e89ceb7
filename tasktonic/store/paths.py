"""The grammar of store paths: segments, wildcards, list marks. Pure functions, any thread.

A path is text, `/` between its segments. What a segment can be:

    config          a plain key
    #3, lamp#3      a list entry: the prefix ('' or 'lamp'), then its number
    #, lamp#        a mark: makes the next entry of that prefix      (only where something is written)
    list[]          short for `list/#`
    ., lamp.        an anchor: the entry of that prefix made last    (same call, or same cursor)
    *, **           one segment, any number of segments              (only where something is subscribed)
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from tasktonic.errors import ttArgumentError, ttError

_ENTRY = re.compile(r"([^#]*)#(0|[1-9][0-9]*)")
_PLAIN = re.compile(r"[^#.\[*]*").fullmatch  # nothing in it that could be special: most paths
_WILDCARDS = frozenset(("*", "**"))


class ttStorePathError(ttError, ValueError):
    """A path that the grammar does not allow at this place."""


class Parsed(NamedTuple):
    """A path in segments, `[]` already written as `#`."""

    segments: tuple[str, ...]
    path: str  # the segments joined again: the one spelling of a plain path
    is_marked: bool  # holds a mark or an anchor
    is_wild: bool  # holds `*` or `**`


def parse(path: str) -> Parsed:
    """Take a path apart; slashes at both ends do not count.

    Raises:
        TypeError: `path` is no text.
        ttStorePathError: a segment is empty.
    """
    if not isinstance(path, str):
        raise ttArgumentError(f"A store path is text such as 'app/config', not {type(path).__name__} ({path!r:.60}).")
    return _parse(path)


@lru_cache(maxsize=8192)
def _parse(path: str) -> Parsed:
    segments: list[str] = []
    stripped = path.strip("/")
    if stripped and _PLAIN(stripped) and "//" not in stripped:
        return Parsed(tuple(stripped.split("/")), stripped, False, False)
    for segment in stripped.split("/") if stripped else ():
        if not segment:
            raise ttStorePathError(f"Store path {path!r} has an empty segment; write one '/' between two names.")
        if segment.endswith("[]"):
            if len(segment) > 2:
                segments.append(segment[:-2])
            segments.append("#")
        else:
            segments.append(segment)
    return Parsed(
        tuple(segments),
        "/".join(segments),
        any(is_mark(segment) or is_anchor(segment) for segment in segments),
        any(segment in _WILDCARDS for segment in segments),
    )


def parse_place(path: str) -> Parsed:
    """Take apart a path that names one place: no wildcards.

    Raises:
        TypeError, ttStorePathError: as `parse`, and for a wildcard.
    """
    parsed = parse(path)
    if parsed.is_wild:
        raise ttStorePathError(
            f"Store path {path!r} has a wildcard; '*' and '**' are for subscribe. Use children() to go over entries."
        )
    return parsed


def parse_pattern(path: str) -> tuple[str, ...]:
    """Take apart a path to subscribe to: wildcards allowed, marks and anchors not.

    Raises:
        TypeError, ttStorePathError: as `parse`, and for a mark or an anchor.
    """
    parsed = parse(path)
    if parsed.is_marked:
        raise ttStorePathError(
            f"Store path {path!r} cannot be subscribed to: '#', '[]' and '.' stand for an entry being made. "
            "Name an entry ('#0'), or use '*' for all of them."
        )
    return parsed.segments


def is_mark(segment: str) -> bool:
    """Tell whether a segment makes a new list entry."""
    return segment.endswith("#") and segment.count("#") == 1


def is_anchor(segment: str) -> bool:
    """Tell whether a segment means the entry made last."""
    return segment.endswith(".")


def entry_of(key: str) -> tuple[str, int] | None:
    """Return prefix and number of a list entry's key, `None` for any other key."""
    match = _ENTRY.fullmatch(key) if "#" in key else None
    return None if match is None else (match[1], int(match[2]))


def join(base: str, path: str) -> str:
    """Put a relative path behind a base; either may be ''."""
    if not path:
        return base
    return f"{base}/{path}" if base else path


def split_last(path: str) -> tuple[str, str]:
    """Return the parent's path and the key of a path; ('', '') for the root."""
    parent, _, key = path.rpartition("/")
    return parent, key


def contains(branch: str, path: str) -> bool:
    """Tell whether `path` is at or below `branch`."""
    return not branch or path == branch or path.startswith(branch + "/")


def pattern_covers(pattern: tuple[str, ...], segments: tuple[str, ...]) -> bool:
    """Tell whether a pattern matches these segments or something above them."""
    if not pattern:
        return True
    if pattern[0] == "**":
        return any(pattern_covers(pattern[1:], segments[start:]) for start in range(len(segments) + 1))
    if not segments or (pattern[0] != "*" and pattern[0] != segments[0]):
        return False
    return pattern_covers(pattern[1:], segments[1:])


def pattern_is(pattern: tuple[str, ...], segments: tuple[str, ...]) -> bool:
    """Tell whether a pattern matches these segments and not only something above them."""
    if not pattern:
        return not segments
    if pattern[0] == "**":
        return any(pattern_is(pattern[1:], segments[start:]) for start in range(len(segments) + 1))
    if not segments or (pattern[0] != "*" and pattern[0] != segments[0]):
        return False
    return pattern_is(pattern[1:], segments[1:])


class Anchors:
    """The entries that one call or one cursor has made, for `./x` and `lamp./x`.

    Owned by the call or the cursor; touched only while the store's lock is held.
    """

    __slots__ = ("_by_place", "_by_prefix", "_last")

    _PLACES_KEPT = 1000  # a cursor that fills a store for years must not remember every list it met

    def __init__(self) -> None:
        self._by_place: dict[tuple[str, str], str] = {}
        self._by_prefix: dict[str, str] = {}
        self._last: str | None = None

    def made(self, parent: str, prefix: str, entry: str, *, moves_first: bool) -> None:
        """Note a new entry. `moves_first` is False below an anchor of the same prefix, so that
        `./tags[]` twice gives two tags of one entry and not a tag of a tag.
        """
        if len(self._by_place) >= self._PLACES_KEPT:
            del self._by_place[next(iter(self._by_place))]
        self._by_place[parent, prefix] = entry
        if moves_first:
            self._by_prefix[prefix] = entry
            self._last = entry

    def find(self, parent: str, segment: str, *, is_first: bool) -> str:
        """Return the path of the entry that an anchor means.

        A path that begins with an anchor means the entry made last wherever it is; `.` falls back to
        one with a prefix when no other was made. Further on it means the one made last at that place.

        Raises:
            ttStorePathError: none was made.
        """
        prefix = segment[:-1]
        entry = self._by_prefix.get(prefix) if is_first else self._by_place.get((parent, prefix))
        if entry is None and is_first and not prefix:
            entry = self._last
        if entry is None:
            place = "" if is_first else f" below {parent!r}"
            raise ttStorePathError(
                f"Store path segment {segment!r} means the entry made last by the same call or cursor, but none was "
                f"made{place}. Make one first with '{prefix}#', or write its number."
            )
        return entry
