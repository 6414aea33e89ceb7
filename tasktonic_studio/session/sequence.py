"""A sequence diagram of calls: lifelines, rows and marks, made of what is known. What it looks like is not its concern."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

import numpy as np

from tasktonic.events import ERROR, IGNORED
from tasktonic_studio.diagrams.lifelines import OTHERS, Lifelines, Wishes, fold_lifelines
from tasktonic_studio.diagrams.steps import Folding, Frame, Steps, fold_steps
from tasktonic_studio.session.calls import NO_CALLS, NOT_SEEN, OUTSIDE, WAITING, Calls, Numbers
from tasktonic_studio.session.knowledge import GapFacts, Knowledge
from tasktonic_studio.session.lookup import different_in

LineKind = Literal["tonic", "box", "outside", "others"]


class Lifeline(NamedTuple):
    """One lifeline. `id` is an essence, or `OUTSIDE` and below, or `OTHERS`; `inside` is how many besides it are in it.

    `state` is that of its first run in the diagram, empty for a box, the outside, or a tonic without states.
    """

    id: int
    kind: LineKind
    name: str
    cls: str
    inside: int
    state: str

    @property
    def words(self) -> str:
        """Its name, and what is in it."""
        return f"{self.name} +{self.inside}" if self.inside and self.kind != "others" else self.name


class Row(NamedTuple):
    """One row of a diagram, for whoever shows it.

    `call` is the index of its first call, `calls` how many it stands for, `times` how often it repeats. `sender` and
    `receiver` are lanes. `gap` is set when something is missing here: then the rest says nothing. `errors`, `ignored`,
    `waiting` and `not_seen` count calls; `state` is the one that the receiver went to, else empty.
    """

    number: int
    call: int
    calls: int
    times: int
    sender: int
    receiver: int
    name: str
    state: str
    errors: int
    ignored: int
    waiting: int
    not_seen: int
    gap: GapFacts | None

    @property
    def is_self(self) -> bool:
        return self.sender == self.receiver


@dataclass(frozen=True, slots=True)
class Asked:
    """How the diagram is to be folded. `opened` are numbers of orders: rows and frames that begin with one stay unfolded.

    `by_appearance`: lifelines stand in the order in which they take part, else in that of the tree.
    """

    wishes: Wishes = field(default_factory=Wishes)
    selves: bool = True
    repeats: bool = True
    opened: frozenset[int] = frozenset()
    by_appearance: bool = True


_NO_NUMBERS: Final[Numbers] = np.empty(0, np.int64)
_ERRORS, _IGNORED, _WAITING, _NOT_SEEN = range(4)


class SequenceDiagram:
    """A diagram. Made by `sequence_of`, never changed; rows are read when they are shown."""

    def __init__(self, known: Knowledge, calls: Calls, lines: Lifelines, steps: Steps, gaps: list[GapFacts]) -> None:
        self._known = known
        self.calls = calls
        self.steps = steps
        self._gaps = gaps
        self._gap_of = {int(row): place for place, row in enumerate(np.flatnonzero(steps.is_cut))}
        lanes = lines.lane_of
        self.sender, self.receiver = _lanes(calls.sender, lanes), _lanes(calls.receiver, lanes)
        """The lane of each call's sender and receiver."""
        self.lane_of = lanes
        self.lines = tuple(self._lifeline(lane, it, lines) for lane, it in enumerate(lines.ids))
        self.frame_tops = np.array([it.top for it in steps.frames], np.int64)
        self.frame_bottoms = np.array([it.bottom for it in steps.frames], np.int64)
        self.bar_end = self._bar_ends()
        """The last row that a row's own calls reach: its bar goes down to there."""
        self.level = self._levels()
        """How many bars of the same lifeline a call's bar stands on."""
        flags = np.stack(
            [(calls.flags & ERROR) != 0, (calls.flags & IGNORED) != 0, calls.fate == WAITING, calls.fate == NOT_SEEN]
        )
        rows = len(steps)
        self._counts = np.stack(
            [np.bincount(steps.row_of, weights=flag, minlength=rows).astype(np.int64) for flag in flags]
        )
        self._moved = self._last_moves()

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.steps)

    @property
    def frames(self) -> tuple[Frame, ...]:
        """Frames around what repeats, an outer one before those in it."""
        return self.steps.frames

    def row_of_order(self, order: int) -> int:
        """The row in which an order is, -1 for none."""
        call = self.calls.index_of(order)
        return int(self.steps.row_of[call]) if call >= 0 else -1

    def order_at(self, row: int) -> int:
        """The number of the first order of a row, 0 for none."""
        if not 0 <= row < len(self) or row in self._gap_of:
            return 0
        return int(self.calls.order[self.steps.first[row]])

    def row(self, number: int) -> Row:
        """All about a row."""
        steps, known = self.steps, self._known
        if number in self._gap_of:
            gap = self._gaps[self._gap_of[number]]
            return Row(number, -1, 0, 1, -1, -1, "", "", 0, 0, 0, 0, gap)
        call, count, times = int(steps.first[number]), int(steps.count[number]), int(steps.times[number])
        errors, ignored, waiting, not_seen = self._counts[:, number].tolist()
        name = known.names.sparkle(int(self.calls.sparkle[call]))
        if self._is_mixed(number, call, count):
            name = f"{count} calls"
        sender, receiver = int(self.sender[call]), int(self.receiver[call])
        state = self._new_state(int(self._moved[number]), receiver)
        return Row(number, call, count, times, sender, receiver, name, state, errors, ignored, waiting, not_seen, None)

    def _new_state(self, moved: int, lane: int) -> str:
        """The state that a call led to; with the name of whose it is, when that is not the lifeline's."""
        if moved < 0:
            return ""
        essence = int(self.calls.receiver[moved])
        state = self._state(essence, int(self.calls.after[moved]))
        return state if self.lines[lane].id == essence else f"{self.who(essence)}: {state}"

    def calls_in(self, row: int) -> Numbers:
        """The indices of the calls that a row stands for."""
        return np.flatnonzero(self.steps.row_of == row)

    def _is_mixed(self, number: int, call: int, count: int) -> bool:
        """Whether a row stands for calls of several sparkles."""
        if count == 1 or self.sender[call] != self.receiver[call]:
            return False
        sparkles = self.calls.sparkle[self.calls_in(number)]
        return bool((sparkles != sparkles[0]).any())

    def first_effect(self, call: int) -> int:
        """The row of the first call that was made in the run of a call, -1 for none."""
        made = np.flatnonzero(self.calls.parent == call)
        return int(self.steps.row_of[made[0]]) if len(made) else -1

    def who(self, actor: int) -> str:
        """What a participant is called."""
        if actor == OTHERS:
            return "others"
        if actor <= OUTSIDE:
            return self._known.orders.texts.text(OUTSIDE - actor) or "outside"
        return self._known.essences.name(actor)

    # ---- inside

    def _lifeline(self, lane: int, line: int, lines: Lifelines) -> Lifeline:
        inside = lines.inside.get(line, 0)
        if line == OTHERS:
            return Lifeline(line, "others", f"{inside} others", "", inside, "")
        if line <= OUTSIDE:
            return Lifeline(line, "outside", self.who(line), "outside", inside, "")
        facts = self._known.essences.get(line)
        cls = self._known.names.cls(facts.cls) if facts is not None else ""
        state = "" if inside else self._first_state(lane)
        return Lifeline(line, "box" if inside else "tonic", self.who(line), cls, inside, state)

    def _first_state(self, lane: int) -> str:
        mine = np.flatnonzero((self.receiver == lane) & (self.calls.begin_ns >= 0) & (self.calls.before >= 0))
        if not len(mine):
            return ""
        return self._state(int(self.calls.receiver[mine[0]]), int(self.calls.before[mine[0]]))

    def _state(self, essence: int, state: int) -> str:
        facts = self._known.essences.get(essence)
        return self._known.names.state(facts.cls if facts is not None else -1, state)

    def _bar_ends(self) -> Numbers:
        ends = np.arange(len(self.steps), dtype=np.int64)
        made = np.flatnonzero(self.calls.parent >= 0)
        np.maximum.at(ends, self.steps.row_of[self.calls.parent[made]], self.steps.row_of[made])
        return ends

    def _levels(self) -> Numbers:
        parent = self.calls.parent
        on_own = (parent >= 0) & (self.sender == self.receiver)
        level = np.zeros(len(parent), np.int64)
        for _ in range(3):
            level = np.where(on_own, np.minimum(level[parent] + 1, 3), 0)
        return level

    def _last_moves(self) -> Numbers:
        """The last call of each row that changed the state of a tonic, -1 for none."""
        found = np.full(len(self.steps), -1, np.int64)
        moved = np.flatnonzero((self.calls.before != self.calls.after) & (self.calls.begin_ns >= 0))
        found[self.steps.row_of[moved]] = moved
        return found


def _lanes(actors: Numbers, lane_of: Mapping[int, int]) -> Numbers:
    different, inverse = different_in(actors)
    lanes = [lane_of[actor] for actor in different.tolist()]
    return np.array(lanes, np.int64)[inverse] if lanes else _NO_NUMBERS


def sequence_of(known: Knowledge, calls: Calls, asked: Asked) -> SequenceDiagram:
    """Put calls into a diagram."""
    making = making_sequence(known, calls, asked)
    while True:
        try:
            next(making)
        except StopIteration as made:
            diagram: SequenceDiagram = made.value
            return diagram


def making_sequence(known: Knowledge, calls: Calls, asked: Asked) -> Generator[None, None, SequenceDiagram]:
    """The same in parts: of a hundred thousand calls each takes some twenty milliseconds."""
    lines = _lifelines(known, calls, asked)
    yield
    sender, receiver = _lanes(calls.sender, lines.lane_of), _lanes(calls.receiver, lines.lane_of)
    gaps, cuts = _gaps_in(known, calls)
    at = {int(order): index for index, order in enumerate(calls.order.tolist())} if asked.opened else {}
    opened = frozenset(at[order] for order in asked.opened if order in at)
    labels = _labels(known, calls.sparkle)
    yield
    steps = fold_steps(sender, receiver, labels, cuts, Folding(asked.selves, asked.repeats, opened))
    yield
    return SequenceDiagram(known, calls, lines, steps, gaps)


def _lifelines(known: Knowledge, calls: Calls, asked: Asked) -> Lifelines:
    actors = np.concatenate([calls.sender, calls.receiver])
    different, which = different_in(actors)
    first = np.zeros(len(different), np.int64)
    first[which[::-1]] = np.arange(len(actors))[::-1]
    traffic = np.bincount(which, minlength=len(different))
    appeared = dict(zip(different.tolist(), (first % max(len(calls), 1)).tolist(), strict=True))
    # One who is called by another appears together with that one, but to the right of it.
    is_sender_first = dict(zip(different.tolist(), (first < len(calls)).tolist(), strict=True))

    def path_of(actor: int) -> list[int]:
        return known.essences.path(actor) if actor >= 0 else [OUTSIDE, actor]

    def place_of(actor: int) -> tuple[int, ...]:
        if actor < 0:
            return (0, -actor)
        if asked.by_appearance:
            return (1, appeared[actor], not is_sender_first[actor])
        return (1, *path_of(actor))

    of_each = dict(zip(different.tolist(), traffic.tolist(), strict=True))
    return fold_lifelines(of_each, path_of, place_of, asked.wishes)


def an_empty_sequence(known: Knowledge) -> SequenceDiagram:
    """A diagram without anything."""
    return sequence_of(known, NO_CALLS, Asked())


def _labels(known: Knowledge, sparkles: Numbers) -> Numbers:
    """The same number for sparkles of the same name, whosever they are."""
    different, inverse = different_in(sparkles)
    numbers: dict[str, int] = {}
    labels = [numbers.setdefault(known.names.sparkle(it), len(numbers)) for it in different.tolist()]
    return np.array(labels, np.int64)[inverse] if labels else _NO_NUMBERS


def _gaps_in(known: Knowledge, calls: Calls) -> tuple[list[GapFacts], Numbers]:
    """Where calls were lost between the first of these and the moment that is shown, and before which call each is."""
    if not len(calls):
        return [], _NO_NUMBERS
    first = int(calls.n[0])
    last = int(calls.n[-1])
    gaps = [gap for gap in known.gaps_from(max(first, known.app.first_n)) if gap.n <= last and (gap.orders or gap.runs)]
    return gaps, np.searchsorted(calls.n, np.array([gap.n for gap in gaps], np.int64))
