"""The rows of a sequence diagram: one message each, or many that were folded into one.

Two foldings, in this order. Messages in a row that a lifeline sends to itself become one row. Then what repeats becomes one
row (`×37`) or, when the pattern has several rows, those rows once in a frame that says how often.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tasktonic_studio.diagrams.repeats import Numbers, Repeat, find_repeats

_SELF_KEY = -1


class Frame(NamedTuple):
    """Rows `top` to `bottom` (with it) come `times` times; `depth` is how many frames are around it.

    `first` is the first message of all, by which one says which frame is meant.
    """

    top: int
    bottom: int
    times: int
    depth: int
    first: int


@dataclass(frozen=True, slots=True)
class Steps:
    """All rows, as columns.

    `row_of` is the row of each message. Of each row: `first` the index of its first message (of a cut the one after it),
    `count` how many messages it stands for, `times` how often it came as `×37`, and whether it `is_cut`.
    """

    row_of: Numbers
    first: Numbers
    count: Numbers
    times: Numbers
    is_cut: npt.NDArray[np.bool_]
    frames: tuple[Frame, ...]

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True, slots=True)
class Folding:
    """What is folded. `opened` are indices of messages: a row or frame that begins with one of them stays unfolded."""

    selves: bool = True
    repeats: bool = True
    opened: frozenset[int] = frozenset()


def fold_steps(sender: Numbers, receiver: Numbers, label: Numbers, cuts: Numbers, folding: Folding) -> Steps:
    """Fold messages into rows.

    Args:
        sender: the lane of each message's sender.
        receiver: the lane of its receiver.
        label: what it says, as a number.
        cuts: ascending indices of messages before which something is missing; nothing is folded across, and each gets
            a row of its own. A cut at the very end is the number of messages.
        folding: what is folded.
    """
    maker = _Maker(folding)
    keys = _keys(sender, receiver, label)
    is_self = sender == receiver
    last = 0
    for cut in (*cuts.tolist(), None):
        until = len(keys) if cut is None else int(cut)
        if until > last:
            maker.stretch(last, keys[last:until], is_self[last:until], sender[last:until])
            last = until
        if cut is not None:
            maker.cut(until)
    return maker.done(len(keys))


def _keys(sender: Numbers, receiver: Numbers, label: Numbers) -> Numbers:
    """The same number for the same message; one that folded selves cannot have."""
    width = int(label.max(initial=0)) + 1
    lanes = int(max(sender.max(initial=0), receiver.max(initial=0))) + 1
    keys: Numbers = (sender.astype(np.int64) * lanes + receiver) * width + label
    return keys


class _Folded(NamedTuple):
    """The row of each token, how often each row comes, and the frames."""

    row_of: Numbers
    times: Numbers
    frames: list[Frame]


class _Maker:
    """Puts rows together, stretch by stretch."""

    def __init__(self, folding: Folding) -> None:
        self._folding = folding
        self._rows = 0
        self._row_of: list[Numbers] = []
        self._times: list[Numbers] = []
        self._cuts: list[tuple[int, int]] = []
        self._frames: list[Frame] = []

    def cut(self, before: int) -> None:
        """A row for what is missing."""
        self._cuts.append((self._rows, before))
        self._times.append(np.ones(1, np.int64))
        self._rows += 1

    def stretch(self, first: int, keys: Numbers, is_self: npt.NDArray[np.bool_], lane: Numbers) -> None:
        """Rows for messages without anything missing between them."""
        starts = np.ones(len(keys), np.bool_)
        if self._folding.selves:
            starts[1:] = ~(is_self[1:] & is_self[:-1] & (lane[1:] == lane[:-1]))
            starts |= self._in_opened(starts, first)
        token_of = np.cumsum(starts) - 1
        begins = np.flatnonzero(starts)
        sizes = np.diff(np.append(begins, len(keys)))
        tokens = np.where(sizes > 1, _SELF_KEY - lane[begins], keys[begins])
        folded = self._fold_tokens(tokens, begins + first, 0)
        self._row_of.append(self._rows + folded.row_of[token_of])
        self._times.append(folded.times)
        self._frames += [it._replace(top=it.top + self._rows, bottom=it.bottom + self._rows) for it in folded.frames]
        self._rows += len(folded.times)

    def _in_opened(self, starts: npt.NDArray[np.bool_], first: int) -> npt.NDArray[np.bool_]:
        """Every message of those groups that the reader unfolded."""
        inside = np.zeros(len(starts), np.bool_)
        begins = np.flatnonzero(starts)
        for message in self._folding.opened:
            at = int(np.searchsorted(begins, message - first))
            if at < len(begins) and begins[at] == message - first:
                inside[begins[at] : begins[at + 1] if at + 1 < len(begins) else len(starts)] = True
        return inside

    def _fold_tokens(self, tokens: Numbers, firsts: Numbers, depth: int) -> _Folded:
        """Fold what repeats, and each pattern in itself; all counted from 0."""
        repeats = self._repeats(tokens, firsts)
        # How many rows begin with each token: of a pattern all of them with its first one.
        begun = np.ones(len(tokens), np.int64)
        patterns = []
        for repeat in repeats:
            begun[repeat.start + 1 : repeat.stop] = 0
            if repeat.period > 1:
                inside = slice(repeat.start, repeat.start + repeat.period)
                inner = self._fold_tokens(tokens[inside], firsts[inside], depth + 1)
                patterns.append((repeat, inner))
                begun[repeat.start] = len(inner.times)
        ends = np.cumsum(begun)
        row_of = ends - 1
        times = np.ones(int(ends[-1]) if len(ends) else 0, np.int64)
        for repeat in repeats:
            if repeat.period == 1:
                times[row_of[repeat.start]] = repeat.times
        frames: list[Frame] = []
        for repeat, inner in patterns:
            rows = len(inner.times)
            top = int(ends[repeat.start]) - rows
            row_of[repeat.start : repeat.stop] = np.tile(inner.row_of + top, repeat.times)
            times[top : top + rows] = inner.times
            frames.append(Frame(top, top + rows - 1, repeat.times, depth, int(firsts[repeat.start])))
            frames += [it._replace(top=it.top + top, bottom=it.bottom + top) for it in inner.frames]
        return _Folded(row_of, times, frames)

    def _repeats(self, tokens: Numbers, firsts: Numbers) -> list[Repeat]:
        if not self._folding.repeats:
            return []
        return [it for it in find_repeats(tokens) if int(firsts[it.start]) not in self._folding.opened]

    def done(self, messages: int) -> Steps:
        """All rows."""
        row_of = np.concatenate(self._row_of) if self._row_of else np.empty(0, np.int64)
        first = np.full(self._rows, messages, np.int64)
        # Backwards, so that the first message of a row is what stays.
        first[row_of[::-1]] = np.arange(messages)[::-1]
        is_cut = np.zeros(self._rows, np.bool_)
        for row, before in self._cuts:
            is_cut[row], first[row] = True, before
        count = np.bincount(row_of, minlength=self._rows).astype(np.int64)
        times = np.concatenate(self._times) if self._times else np.empty(0, np.int64)
        return Steps(row_of, first, count, times, is_cut, tuple(self._frames))
