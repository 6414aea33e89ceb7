"""What two runs have in common and where they differ, row by row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Final

import numpy as np
import numpy.typing as npt

from tasktonic.events import ERROR, IGNORED
from tasktonic_studio.session.comparing.aligning import align
from tasktonic_studio.session.comparing.different import different
from tasktonic_studio.session.comparing.side import TIMER, Side

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Mark(IntEnum):
    """How a row stands."""

    SAME = 0
    DIFFERS = 1
    ONLY_HERE = 2
    ONLY_THERE = 3


class Facet(IntFlag):
    """In what an item that is on both sides differs."""

    ARGUMENTS = 1
    BEFORE = 2
    """The state it began in."""
    AFTER = 4
    """The state it left behind."""
    HANDLING = 8
    """On one side nothing handled it."""
    ERROR = 16
    EFFECTS = 32
    """On one side it called something that it did not call on the other."""
    RAN = 64
    """On one side it was ordered and never ran."""


_ANCHORINGS: Final = 64
_STATES: Final = 1 << 16
"""More states than a class can have."""


@dataclass(slots=True)
class Comparison:
    """The rows of two runs side by side, in the order of the causes here; what is only there stands where it came there.

    `here` and `there` are items, -1 for none. `beyond` rows are missing on a side that was still going on when it ended:
    nobody knows whether they would have come. `first` is the first row that differs and is not beyond, -1 for none.
    """

    side_here: Side
    side_there: Side
    here: Ints
    there: Ints
    mark: npt.NDArray[np.uint8]
    facets: npt.NDArray[np.uint8]
    beyond: Bools
    first: int
    compares_arguments: bool
    row_of_here: Ints
    row_of_there: Ints
    """For each item its row, -1 for none."""
    counts: dict[Mark, int]
    ran_here: int
    """How many runs it knows here, those that are not shown included."""

    def __len__(self) -> int:
        return len(self.mark)

    @property
    def different(self) -> Ints:
        """The rows that are not the same, ascending."""
        return np.flatnonzero(self.mark)

    def count(self, mark: Mark) -> int:
        """How many rows have this mark."""
        return self.counts[mark]

    def row_of_run(self, number: int) -> int:
        """The row of the run or order here with this number, -1 for none."""
        at = int(np.searchsorted(self.side_here.number, number))
        if at >= len(self.side_here) or int(self.side_here.number[at]) != number:
            return -1
        return int(self.row_of_here[at])


def compare(here: Side, there: Side, gone_on: Callable[[float], None] = lambda share: None) -> Comparison:
    """Align two runs and say where they differ. Any thread; some seconds for a million runs.

    Args:
        here: the run that one looks at.
        there: the other.
        gone_on: told the share that is done, 0 to 1; may raise `Cancelled`.
    """
    total = max(len(here) + len(there), 1)
    alignment = align(here, there, lambda done: gone_on(0.9 * done / total))
    gone_on(0.9)
    of_place_here = _by_place(alignment.here, alignment.places)
    of_place_there = _by_place(alignment.there, alignment.places)
    partner_here = of_place_there[alignment.here]
    partner_there = of_place_here[alignment.there]
    paired = np.flatnonzero(partner_here >= 0)
    only_here = np.flatnonzero((partner_here < 0) & ~here.quiet)
    only_there = np.flatnonzero((partner_there < 0) & ~there.quiet)
    facets_here, compares_arguments = _facets(here, there, paired, partner_here)
    _mark_effects(facets_here, here, only_here, partner_here, None)
    _mark_effects(facets_here, there, only_there, partner_there, partner_there)
    gone_on(0.95)
    beyond_here = _beyond(here, there, partner_here, alignment.known_here, facets_here)
    facets_there = np.zeros(len(there), np.uint8)
    facets_there[partner_here[paired]] = facets_here[paired]
    beyond_there = _beyond(there, here, partner_there, alignment.known_there, facets_there)
    shown_here = np.flatnonzero(~here.quiet)
    rows_here, rows_there = _in_order(there, shown_here, partner_here, only_there, partner_there)
    is_here = rows_here >= 0
    at_here, at_there = np.maximum(rows_here, 0), np.maximum(rows_there, 0)
    facets = np.where(is_here & (rows_there >= 0), _pick(facets_here, at_here), 0).astype(np.uint8)
    mark = np.where(facets > 0, Mark.DIFFERS, Mark.SAME)
    mark = np.where(rows_there < 0, Mark.ONLY_HERE, np.where(is_here, mark, Mark.ONLY_THERE)).astype(np.uint8)
    beyond = np.where(is_here, _pick(beyond_here, at_here), _pick(beyond_there, at_there)).astype(np.bool_)
    both = is_here & (rows_there >= 0)
    beyond |= both & _pick(beyond_there, at_there).astype(np.bool_)
    beyond &= mark != Mark.SAME
    first = np.flatnonzero((mark != Mark.SAME) & ~beyond)
    for side in (here, there):
        side.sort_effects()
    gone_on(1.0)
    return Comparison(
        here,
        there,
        rows_here,
        rows_there,
        mark,
        facets,
        beyond,
        int(first[0]) if first.size else -1,
        compares_arguments,
        _rows_of(rows_here, len(here)),
        _rows_of(rows_there, len(there)),
        {each: int(np.count_nonzero(mark == each)) for each in Mark},
        int(np.count_nonzero(here.ran)),
    )


def _rows_of(items: Ints, count: int) -> Ints:
    rows = np.full(count, -1, np.int64)
    shown = np.flatnonzero(items >= 0)
    rows[items[shown]] = shown
    return rows


def _pick(values: npt.NDArray[np.generic], at: Ints) -> npt.NDArray[np.generic]:
    """Values at these places; zeros when there are none at all."""
    return values[at] if len(values) else np.zeros(len(at), values.dtype)


def _by_place(places: Ints, count: int) -> Ints:
    found = np.full(count, -1, np.int64)
    found[places] = np.arange(len(places))
    return found


# ---- in what two items differ


class _Words:
    """Numbers for texts, the same on both sides."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {"": 0}

    def number(self, text: str) -> int:
        return self._numbers.setdefault(text, len(self._numbers))

    def of(self, keys: Ints, text: Callable[[int], str]) -> Ints:
        """For each key the number of its text; each different key is asked for once."""
        known, index = different(keys)
        return np.array([self.number(text(key)) for key in known.tolist()], np.int64)[index]


def _facets(here: Side, there: Side, paired: Ints, partner: Ints) -> tuple[npt.NDArray[np.uint8], bool]:
    """For each item here in what it differs from its partner, and whether arguments could be compared."""
    words = _Words()
    one, other = _content(here, words), _content(there, words)
    has_arguments = all(bool(np.any(content["arguments"])) for content in (one, other))
    found = np.zeros(len(here), np.uint8)
    other_at = partner[paired]
    both_ran = here.ran[paired] & there.ran[other_at]
    for name, facet in (
        ("before", Facet.BEFORE),
        ("after", Facet.AFTER),
        ("ignored", Facet.HANDLING),
        ("error", Facet.ERROR),
    ):
        unlike = (one[name][paired] != other[name][other_at]) & both_ran
        found[paired[unlike]] |= np.uint8(facet)
    # A busy app is watched without arguments: where one side has none nobody knows.
    mine, theirs = one["arguments"][paired], other["arguments"][other_at]
    found[paired[(mine != theirs) & (mine > 0) & (theirs > 0)]] |= np.uint8(Facet.ARGUMENTS)
    found[paired[here.ran[paired] != there.ran[other_at]]] |= np.uint8(Facet.RAN)
    found[here.quiet] = 0
    return found, has_arguments


def _content(side: Side, words: _Words) -> dict[str, Ints]:
    """What is compared, as numbers that are equal for what is equal."""
    cls_of_slot = np.array([side.cls(essence) for essence in side.essences], np.int64)
    cls = cls_of_slot[side.slot] if len(side) else np.zeros(0, np.int64)

    def states(index: Ints) -> Ints:
        classes, kind = different(cls)
        keys = kind * _STATES + index + 1
        return words.of(keys, lambda key: side.names.state(int(classes[key // _STATES]), key % _STATES - 1))

    timer = side.causes.index(TIMER) if TIMER in side.causes else -2
    of_timer = (side.parent < 0) & (side.root == timer)
    texts = side.arguments.astype(np.int64) * 2 + of_timer
    errors = np.zeros(len(side), np.int64)
    for item in np.flatnonzero(side.flags & ERROR).tolist():
        errors[item] = words.number(side.plainer.plain(side.error_of(item)))
    return {
        "before": states(side.before),
        "after": states(side.after),
        "ignored": (side.flags & IGNORED).astype(np.int64),
        "arguments": words.of(texts, lambda key: side.plainer.plain(side.texts[key // 2], of_timer=bool(key % 2))),
        "error": errors,
    }


def _mark_effects(
    facets_here: npt.NDArray[np.uint8], side: Side, only: Ints, partner: Ints, to_here: Ints | None
) -> None:
    """Mark the causes that are on both sides of what is on one side only. `to_here` leads from the other side's items to ours."""
    parents = side.parent[only]
    parents = np.unique(parents[parents >= 0])
    parents = parents[partner[parents] >= 0]
    facets_here[parents if to_here is None else to_here[parents]] |= np.uint8(Facet.EFFECTS)


def _beyond(side: Side, other: Side, partner: Ints, known: Bools, facets: npt.NDArray[np.uint8]) -> Bools:
    """Which items are missing on the other side perhaps only since that side had not gone so far when it ended."""
    found = np.zeros(len(side), np.bool_)
    if other.app_has_ended:
        return found
    missing = partner < 0
    waits = ~missing & side.ran & ~_pick(other.ran, np.maximum(partner, 0)).astype(np.bool_)
    found |= (missing & (side.parent < 0) & known) | waits
    parents: list[int] = side.parent.tolist()
    is_found: list[bool] = found.tolist()
    for item in np.flatnonzero(missing & (side.parent >= 0)).tolist():
        is_found[item] = is_found[parents[item]]
    # What differs in more than that it did not run yet, and so called nothing, is a difference whatever would have come.
    beyond: Bools = np.array(is_found, np.bool_) & ((facets & ~np.uint8(Facet.RAN | Facet.EFFECTS)) == 0)
    return beyond


def _in_order(
    there: Side, shown_here: Ints, partner_here: Ints, only_there: Ints, partner_there: Ints
) -> tuple[Ints, Ints]:
    """Items here and there, row by row."""
    # What is only there stands behind what came just before it there, and never before its cause.
    before = np.where(partner_there >= 0, np.arange(len(there)), -1)
    before = np.maximum.accumulate(before) if len(before) else before
    anchor = np.where(before >= 0, partner_there[np.maximum(before, 0)], -1) if len(before) else before
    parent = there.parent
    for _ in range(_ANCHORINGS):
        of_cause = np.where(parent >= 0, anchor[np.maximum(parent, 0)], -1) if len(anchor) else anchor
        moved = (of_cause > anchor) & (partner_there < 0)
        if not moved.any():
            break
        anchor = np.where(moved, of_cause, anchor)
    here = np.concatenate([shown_here, np.full(len(only_there), -1, np.int64)])
    other = np.concatenate([partner_here[shown_here], only_there])
    keys = np.concatenate([shown_here, anchor[only_there] if len(only_there) else np.zeros(0, np.int64)])
    order = np.lexsort((other, here < 0, keys))
    return here[order], other[order]
