"""Texts without what differs from run to run though nothing differs: ids, places in memory, numbers of threads."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_PLACE: Final = re.compile(r"0x[0-9A-Fa-f]{6,}")
_ESSENCE: Final = re.compile(r"\(([A-Za-z_][\w.]*) \d+\)")
_UNNAMED: Final = re.compile(r"(?<![\w.])\d{2,}\.([A-Za-z_]\w*)")
_TIMER_ID: Final = re.compile(r"'id': \d+")
_DIGITS: Final = re.compile(r"\d+")


class Plainer:
    """Makes texts of one run comparable with those of another. Made for a run, with the names of its classes."""

    def __init__(self, classes: Iterable[str]) -> None:
        self._classes = frozenset(classes)

    def plain(self, text: str, *, of_timer: bool = False) -> str:
        """A description of arguments, or what an exception says, without ids of essences and places in memory.

        >>> Plainer(["Guest"]).plain("who=07.Guest (Guest 7), at=0x7f5a12345678, code='07.x'")
        "who=#.Guest (Guest #), at=0x…, code='07.x'"
        >>> Plainer([]).plain("info={'id': 12, 'name': 'tick'}", of_timer=True)
        "info={'id': #, 'name': 'tick'}"
        """
        if "0x" in text:
            text = _PLACE.sub("0x…", text)
        if "." in text:
            text = _UNNAMED.sub(self._without_id, text)
        if "(" in text:
            text = _ESSENCE.sub(self._without_number, text)
        return _TIMER_ID.sub("'id': #", text) if of_timer else text

    def is_unnamed(self, name: str) -> bool:
        """Whether a name is the one that the framework gives: ``07.Guest``."""
        found = _UNNAMED.fullmatch(name)
        return found is not None and found[1] in self._classes

    def _without_id(self, found: re.Match[str]) -> str:
        return f"#.{found[1]}" if found[1] in self._classes else found[0]

    def _without_number(self, found: re.Match[str]) -> str:
        return f"({found[1]} #)" if found[1] in self._classes else found[0]


def plain_cause(cause: str) -> str:
    """What caused an order from outside, without the number of a thread.

    >>> plain_cause("thread Thread-7 (read)"), plain_cause("timer"), plain_cause("")
    ('thread Thread-# (read)', 'timer', 'outside')
    """
    return _DIGITS.sub("#", cause) if cause.startswith(("thread ", "pool ")) else cause or "outside"
