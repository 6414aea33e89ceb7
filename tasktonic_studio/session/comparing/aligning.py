"""Which item of one run is which item of the other: the one with the same causes.

Two items are the same when they have the same cause, belong to the same tonic, are calls of the same sparkle, and are the
same one of several such: the nth effect of its kind of that cause. Clocks, threads and catalysts do not come into it. The rule,
and what else was thought of, is in `docs/decisions`.

Each item of both sides gets a *place*, a number that stands for all of that; equal places are the same item. Causes have
smaller numbers than their effects, so one pass over each side will do.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tasktonic_studio.session.comparing.different import different
from tasktonic_studio.session.comparing.side import FRAMEWORK, TIMER, UNKNOWN, Side

STEP: Final = 8_000
"""After so many items it lets the window have its turn: with pure Python in another thread that would wait for it."""
_LABELS: Final = 1 << 32
_NOTHING: Final = -1

Places = npt.NDArray[np.int64]
GoneOn = Callable[[int], None]
"""Told how many items are done, now and then; may raise `Cancelled`."""


class Alignment(NamedTuple):
    """The place of each item, `here` and `there`, and how many places there are. On one side no two items share one.

    `known_here` and `known_there` say for each item whether its tonic is there on the other side as well.
    """

    here: Places
    there: Places
    places: int
    known_here: npt.NDArray[np.bool_]
    known_there: npt.NDArray[np.bool_]


def align(here: Side, there: Side, gone_on: GoneOn = lambda done: None) -> Alignment:
    """Give the items of two runs their places. Any thread; half a second or so for a million items."""
    shared = _Shared(here, there)
    first = _OneSide(here, shared, shared.paths[0], shared.arrivals[0])
    places_here = first.go(gone_on)
    second = _OneSide(there, shared, shared.paths[1], shared.arrivals[1])
    places_there = second.go(lambda done: gone_on(len(here) + done))
    return Alignment(
        places_here,
        places_there,
        len(shared.place_of),
        _are_known(here, first.tonics, set(second.tonics.values())),
        _are_known(there, second.tonics, set(first.tonics.values())),
    )


def _are_known(side: Side, tonics: dict[int, int], others: set[int]) -> npt.NDArray[np.bool_]:
    known = np.array([tonics.get(slot, _NOTHING) in others for slot in range(len(side.essences))], np.bool_)
    return known[side.slot] if len(side) else np.zeros(0, np.bool_)


class _Shared:
    """Numbers that both sides share: of places, tonics, labels and what causes come from outside."""

    def __init__(self, here: Side, there: Side) -> None:
        self.place_of: dict[object, int] = {}
        """By cause and label in one number; of the second and further such effects of a cause with which it is."""
        self._numbers: dict[tuple[object, ...], int] = {}
        self.paths = _paths(here), _paths(there)
        several = [{path for path, times in Counter(paths.values()).items() if times > 1} for paths in self.paths]
        self.ambiguous = several[0] | several[1]
        self.arrivals = _arrivals(here, there, self.paths, self.ambiguous)

    def number(self, *key: object) -> int:
        """A number for whatever this is, the same for the same."""
        return self._numbers.setdefault(key, len(self._numbers))


class _OneSide:
    """One pass over one side."""

    def __init__(self, side: Side, shared: _Shared, paths: dict[int, str], arrivals: dict[int, int]) -> None:
        self._side = side
        self._shared = shared
        self._paths = paths
        self._arrivals = arrivals
        self._places: list[int] = []
        self.tonics: dict[int, int] = {}
        """By slot, for those that anything ran on."""
        self._siblings = _siblings(side)

    def go(self, gone_on: GoneOn) -> Places:
        """The places of all items."""
        side, shared = self._side, self._shared
        count = len(side)
        label_of, labels = self._labels()
        parents: list[int] = side.parent.tolist()
        label_at: list[int] = label_of.tolist()
        nths: list[int] = _nth_effects(side.parent, label_of, len(labels)).tolist()
        places = self._places = [_NOTHING] * count
        roots: Counter[int] = Counter()
        place_of = shared.place_of
        for start in range(0, count, STEP):
            for item in range(start, min(start + STEP, count)):
                parent = parents[item]
                label = labels[label_at[item]]
                if label < 0:
                    label = labels[label_at[item]] = self._label(item)
                if parent >= 0:
                    key = places[parent] * _LABELS + label
                    nth = nths[item]
                else:
                    key = self._root(item) * _LABELS + label
                    nth = roots[key]
                    roots[key] += 1
                places[item] = place_of.setdefault((key, nth) if nth else key, len(place_of))
            gone_on(start)
            time.sleep(0.00005)
        return np.array(places, np.int64)

    def _labels(self) -> tuple[npt.NDArray[np.int64], list[int]]:
        """For each item its kind, as an index; of each kind the label, found when the first of it comes."""
        side = self._side
        sparkles, sparkle = different(side.sparkle)
        kinds, index = different(side.slot.astype(np.int64) * max(len(sparkles), 1) + sparkle)
        return index, [_NOTHING] * len(kinds)

    def _label(self, item: int) -> int:
        side = self._side
        return self._shared.number("label", self._tonic(int(side.slot[item])), side.sparkle_name(item))

    def _root(self, item: int) -> int:
        """What stands for the cause of an item that no item caused: a negative number."""
        side, shared = self._side, self._shared
        cause = side.causes[int(side.root[item])]
        if cause == TIMER:
            source = int(side.source[item])
            number = shared.number(TIMER, self._tonic(source) if source >= 0 else _NOTHING)
        elif cause in (FRAMEWORK, UNKNOWN):
            number = shared.number(cause, _NOTHING)
        else:
            number = shared.number("outside", cause, self._arrivals.get(item, _NOTHING))
        return -2 - number

    # ---- tonics

    def _tonic(self, slot: int) -> int:
        """Which tonic it is, by its birth: a number that both sides share."""
        found = self.tonics.get(slot)
        if found is None:
            found = self.tonics[slot] = self._tonic_of(self._side.essences[slot])
        return found

    def _tonic_of(self, essence: int) -> int:
        side, shared = self._side, self._shared
        birth = side.births.get(essence)
        if birth is None:
            return shared.number("essence", essence)
        _n, _essence, name, cls, _context, _catalyst, service, run, _born_ns = birth
        if service:
            return shared.number("service", service)
        path = self._paths[essence]
        if path not in shared.ambiguous:
            return shared.number("path", path)
        own_name = "" if side.plainer.is_unnamed(name) else name
        place = self._place_of_run(run) if run else _NOTHING
        where = path if place < 0 else place
        return shared.number("born", where, side.names.cls(cls), own_name, self._siblings[essence])

    def _place_of_run(self, number: int) -> int:
        numbers = self._side.number
        at = int(np.searchsorted(numbers, number))
        # Born in a run that is not here, or not placed yet: then its path has to do.
        return self._places[at] if at < len(numbers) and int(numbers[at]) == number else _NOTHING


def _nth_effects(parent: npt.NDArray[np.int64], label: npt.NDArray[np.int64], labels: int) -> npt.NDArray[np.int64]:
    """For each item how many of its kind the same cause had called before; means nothing for those without a cause."""
    kind = parent * max(labels, 1) + label
    order = np.argsort(kind, kind="stable")
    kind = kind[order]
    begins = np.concatenate([[True], kind[1:] != kind[:-1]]) if len(kind) else np.zeros(0, np.bool_)
    places = np.arange(len(kind))
    nth = np.empty(len(kind), np.int64)
    nth[order] = places - np.maximum.accumulate(np.where(begins, places, 0))
    return nth


def _paths(side: Side) -> dict[int, str]:
    """For each essence the names of its contexts and its own, those that were not given by hand as their classes."""
    paths: dict[int, str] = {}
    for essence in side.births:
        chain = []
        at = essence
        while at not in paths and (birth := side.births.get(at)) is not None and at not in chain:
            chain.append(at)
            at = birth[4]
        path = paths.get(at, "")
        for each in reversed(chain):
            name, cls = side.births[each][2], side.names.cls(side.births[each][3])
            path = f"{path}/{cls if side.plainer.is_unnamed(name) else f'{cls} {name}'}"
            if len(path) > 2_000:
                # As deep as this it does not matter how deep: what stands for it need not be read.
                path = f"#{hash(path)}"
            paths[each] = path
    return paths


def _siblings(side: Side) -> dict[int, int]:
    """For each essence the how manieth it is of its kind that was born in the same run and context."""
    counts: Counter[tuple[object, ...]] = Counter()
    found = {}
    for essence, birth in side.births.items():
        name = "" if side.plainer.is_unnamed(birth[2]) else birth[2]
        kind = (birth[7], birth[4], birth[3], name)
        found[essence] = counts[kind]
        counts[kind] += 1
    return found


def _arrivals(
    here: Side, there: Side, paths: tuple[dict[int, str], dict[int, str]], ambiguous: set[str]
) -> tuple[dict[int, int], dict[int, int]]:
    """Numbers for what came from outside: the same number for what brought the same, whatever came first.

    Of two threads that call a sparkle nobody knows who will be first, so what they brought decides; what is left over is
    taken in the order in which it came.
    """
    groups = _outside(here, paths[0], ambiguous), _outside(there, paths[1], ambiguous)
    found: tuple[dict[int, int], dict[int, int]] = ({}, {})
    for kind in groups[0].keys() | groups[1].keys():
        mine, theirs = groups[0].get(kind, []), groups[1].get(kind, [])
        for number, (item, _) in enumerate(mine):
            found[0][item] = number
        by_text: defaultdict[str, deque[int]] = defaultdict(deque)
        for number, (_, text) in enumerate(mine):
            by_text[text].append(number)
        left: list[int] = []
        free = set(range(len(mine)))
        for item, text in theirs:
            if by_text.get(text):
                number = by_text[text].popleft()
                free.discard(number)
                found[1][item] = number
            else:
                left.append(item)
        numbers = [*sorted(free), *range(len(mine), len(mine) + len(left))]
        found[1].update(zip(left, numbers, strict=False))
    return found


def _outside(side: Side, paths: dict[int, str], ambiguous: set[str]) -> dict[tuple[object, ...], list[tuple[int, str]]]:
    """Items that came from outside, but for timers, with what they brought: by kind."""
    inner = [side.causes.index(cause) for cause in (UNKNOWN, FRAMEWORK, TIMER) if cause in side.causes]
    wanted = np.flatnonzero((side.parent < 0) & ~np.isin(side.root, inner))
    groups: dict[tuple[object, ...], list[tuple[int, str]]] = {}
    plain: dict[int, str] = {}
    for item in wanted.tolist():
        path = paths.get(side.essences[int(side.slot[item])], "")
        if not path or path in ambiguous:
            continue
        kind = (side.causes[int(side.root[item])], path, side.sparkle_name(item))
        text = int(side.arguments[item])
        if text not in plain:
            plain[text] = side.plainer.plain(side.texts[text])
        groups.setdefault(kind, []).append((item, plain[text]))
    return groups
