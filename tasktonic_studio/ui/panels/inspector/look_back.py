"""The latest rows of a long table that fulfil something, found from its end. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tasktonic_studio.session.columns import Column
from tasktonic_studio.session.log_lines import LogLineFacts, LogLines
from tasktonic_studio.session.timeline import Table

_WINDOW: Final = 16_384
_FARTHEST: Final = 1_000_000
"""So many rows are looked at, at most: what is older than that is no longer the latest of anything."""
_FARTHEST_LINE: Final = 20_000


def latest_rows(
    table: Table[Any], test: Callable[[dict[str, Column]], Any], wanted: int, *, begin: int = 0
) -> list[Any]:
    """The last ``wanted`` rows for which ``test`` (columns to booleans) holds, the newest first."""
    found: list[Any] = []
    stop, window = len(table), _WINDOW
    lowest = max(table.first, begin, stop - _FARTHEST)
    while stop > lowest and len(found) < wanted:
        start = max(lowest, stop - window)
        hits = table.where(test, start, stop)
        found.extend(table.row(int(index)) for index in hits[::-1][: wanted - len(found)])
        # What is rare is looked for in larger and larger steps.
        stop, window = start, window * 4
    return found


def latest_lines(log: LogLines, test: Callable[[LogLineFacts], bool], wanted: int) -> list[tuple[int, LogLineFacts]]:
    """The last ``wanted`` log lines for which ``test`` holds, with their indices, the newest first."""
    found: list[tuple[int, LogLineFacts]] = []
    stop = len(log)
    lowest = max(log.first, stop - _FARTHEST_LINE)
    while stop > lowest and len(found) < wanted:
        start = max(lowest, stop - 500)
        lines = log.slice(start, stop)
        for offset in range(len(lines) - 1, -1, -1):
            if test(lines[offset]) and len(found) < wanted:
                found.append((start + offset, lines[offset]))
        stop = start
    return found
