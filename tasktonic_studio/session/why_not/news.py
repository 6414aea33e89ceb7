"""Why a sparkle that listens to a store was not called: changes that were its own, and values set to what they were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tasktonic_studio.session import naming
from tasktonic_studio.session.answers import Reason, times
from tasktonic_studio.session.essences import EssenceFacts
from tasktonic_studio.session.happenings import Happening, HappeningRow
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.why_not.reasons import At, Reasons

Numbers = npt.NDArray[np.int64]

MOST_PATHS = 20
"""So many paths, the latest, get a sentence of their own; the others are counted in one."""
_WORD_BITS = 32


@dataclass
class News:
    """What happened to paths of stores, the path of the latest first: how often, and the row of the last time.

    In columns: an app has a million of such facts, and of most paths nobody wants more than a number.
    """

    paths: Numbers
    counts: Numbers
    last: Numbers

    @classmethod
    def of(cls, known: Knowledge, rows: Numbers) -> News:
        """Count these rows by their path."""
        latest_first = rows[::-1]
        paths, index, counts = np.unique(_paths(known, latest_first), return_index=True, return_counts=True)
        order = np.argsort(index)
        return cls(paths[order], counts[order], latest_first[index[order]])

    def told(self, known: Knowledge) -> Iterator[tuple[HappeningRow, int]]:
        """The last time and how often, of those paths that get a sentence of their own."""
        for row, count in zip(self.last[:MOST_PATHS].tolist(), self.counts[:MOST_PATHS].tolist(), strict=True):
            yield known.happenings.row(row), count

    @property
    def more_paths(self) -> int:
        """How many paths are left after those."""
        return max(len(self.paths) - MOST_PATHS, 0)

    @property
    def more_times(self) -> int:
        """How often it happened to these."""
        return int(self.counts[MOST_PATHS:].sum())


def tell_news(reasons: Reasons, facts: EssenceFacts, name: str) -> None:
    """Changes that the sparkle did not hear of, and values that did not change of paths that it listens to."""
    silenced = _silenced(reasons.known, facts.id, name)
    _tell_silenced(reasons, silenced)
    _tell_equal(reasons, np.union1d(_heard(reasons.known, facts.id, name), silenced.paths))


def paths_set_to_what_they_were(known: Knowledge, most: int) -> list[tuple[int, str]]:
    """Stores and paths that were set to the value that they had, the latest first: who listens there was not called."""
    news = News.of(known, known.happenings.of(Happening.UNCHANGED, first_n=known.app.first_n))
    last = known.happenings.rows_at(news.last[:most])
    return [(row.essence, row.word) for row in last]


def _paths(known: Knowledge, rows: Numbers) -> Numbers:
    """A number per row that stands for a store and a path in it."""
    columns = known.happenings.take(("essence", "word"), rows)
    return columns["essence"].astype(np.int64) << _WORD_BITS | columns["word"]


def _heard(known: Knowledge, essence: int, name: str) -> Numbers:
    """The paths that the sparkle is known to listen to, those of which anything happened."""
    found = [
        store << _WORD_BITS | known.happenings.word_number(path)
        for (store, path), told in known.listeners.items()
        if any(row.essence == essence and row.callback == name for row in told.rows)
        and known.happenings.word_number(path) >= 0
    ]
    return np.array(found, np.int64)


def _silenced(known: Knowledge, essence: int, name: str) -> News:
    """Changes that a sparkle did not hear of, as they were its own."""
    word = known.happenings.word_number(name)
    if word < 0:
        return News.of(known, np.empty(0, np.int64))
    rows = known.happenings.of(Happening.SILENCED, first_n=known.app.first_n)
    columns = known.happenings.take(("value", "more"), rows)
    return News.of(known, rows[(columns["value"] == essence) & (columns["more"] == word)])


def _tell_silenced(reasons: Reasons, news: News) -> None:
    for last, count in news.told(reasons.known):
        at = reasons.by_run(last.run)[1]._replace(t_ns=last.t_ns)
        link = naming.path_link(last.essence, last.word, last.moment)
        lead = f"It was not told {times(count)} of a change of "
        reasons.give(Reason.OWN_SOURCE, count, lead, link, ": that was its own, and it ignores those.", at=at)
    if news.more_paths:
        words = f"It was not told {times(news.more_times)} of changes of {news.more_paths:,} more paths: those were its own."
        reasons.give(Reason.OWN_SOURCE, news.more_times, words)


def _tell_equal(reasons: Reasons, heard: Numbers) -> None:
    """Of the paths that it listens to: how often they were set to what they were."""
    if not len(heard):
        return
    known = reasons.known
    rows = known.happenings.of(Happening.UNCHANGED, first_n=known.app.first_n)
    news = News.of(known, rows[np.isin(_paths(known, rows), heard)])
    for last, count in news.told(known):
        by, at = reasons.by_run(last.run)
        link = naming.path_link(last.essence, last.word, last.moment)
        words = f", which was set to the value that it had {times(count)}, the last time"
        at = at._replace(t_ns=last.t_ns) if by else At(last.t_ns, None, last.moment)
        reasons.give(
            Reason.EQUAL_VALUE, count, "It listens to ", link, words, *(by or (" outside of any run",)),
            ": no change, no news.", at=at,
        )  # fmt: skip
    if news.more_paths:
        words = (
            f"It listens to {news.more_paths:,} more paths that were set to the value that they had, "
            f"{times(news.more_times)} in all: no change, no news."
        )
        reasons.give(Reason.EQUAL_VALUE, news.more_times, words)
