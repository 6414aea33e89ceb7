"""Which lifelines a sequence diagram has, when more take part than fit: the others go into their parents, black boxes.

Who takes part stands in a tree. Going up from its deepest level, a node takes the least busy of those below it into itself
until few enough are left; it never takes more than that, so a diagram of at most twelve has twelve. What is left over on
top goes into the border (`OTHERS`). What the reader unfolded stays unfolded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

OTHERS: Final = -1
"""The lifeline at the border: all that have no lifeline and no box of their own."""

MOST_EVER: Final = 200
"""So many lifelines there are at most, whatever was unfolded."""


@dataclass(frozen=True, slots=True)
class Lifelines:
    """Who stands where.

    `ids` from left to right: a participant, or a node of the tree as a box, or `OTHERS`. `lane_of` has the place of each
    participant, `inside` how many participants besides itself a box stands for (those that stand alone are not in it).
    """

    ids: tuple[int, ...]
    lane_of: Mapping[int, int]
    inside: Mapping[int, int]


@dataclass(slots=True)
class _Line:
    """A lifeline on the way up: what it is called after, how busy, who is in it."""

    id: int
    traffic: int
    members: list[int]
    is_kept: bool = False


@dataclass(slots=True)
class _Node:
    children: list[int] = field(default_factory=list)
    lines: list[_Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the reader wants of the lifelines.

    `most` of them; `focus` is what the diagram is about and goes into a box last; `shown` had lifelines of their own before,
    and keep them rather than others; `unfolded` nodes let all below them stand alone, `folded` ones none.
    """

    most: int = 12
    focus: frozenset[int] = frozenset()
    shown: frozenset[int] = frozenset()
    unfolded: frozenset[int] = frozenset()
    folded: frozenset[int] = frozenset()


def fold_lifelines(
    traffic: Mapping[int, int],
    path_of: Callable[[int], Sequence[int]],
    place_of: Callable[[int], object],
    wishes: Wishes,
) -> Lifelines:
    """Find the lifelines.

    Args:
        traffic: of each participant, how many messages it has.
        path_of: the nodes from the top of the tree down to a participant, itself last.
        place_of: what lifelines are sorted by from left to right; of one participant, the first of a box counts.
        wishes: what the reader wants.

    Returns:
        At most `wishes.most` lifelines, unless the reader unfolded more.
    """
    nodes, depths = _tree(traffic, path_of)
    count = len(traffic)
    for node in sorted(nodes, key=lambda it: (-depths[it], it)):
        if node == OTHERS:
            continue
        lines = _lines_at(node, nodes, traffic)
        if node in wishes.folded:
            count -= _take_in(node, lines, len(lines), wishes, forced=True)
        elif node in wishes.unfolded:
            for line in lines:
                line.is_kept = True
        elif count > wishes.most:
            count -= _take_in(node, lines, count - wishes.most, wishes)
        nodes[node].lines = lines
    left = _lines_at(OTHERS, nodes, traffic)
    if count > wishes.most:
        count -= _take_in(OTHERS, left, count - wishes.most, wishes)
    if count > MOST_EVER:
        _take_in(OTHERS, left, count - MOST_EVER, wishes, forced=True)
    return _arranged(left, place_of)


def _tree(
    traffic: Mapping[int, int], path_of: Callable[[int], Sequence[int]]
) -> tuple[dict[int, _Node], dict[int, int]]:
    """The nodes above all participants, and how deep each lies; `OTHERS` is above all."""
    nodes: dict[int, _Node] = {OTHERS: _Node()}
    depths = {OTHERS: 0}
    for participant in traffic:
        above = OTHERS
        for node in (*path_of(participant), participant):
            if node == above:
                continue
            if node not in nodes:
                nodes[node] = _Node()
                nodes[above].children.append(node)
                depths[node] = depths[above] + 1
            above = node
    return nodes, depths


def _lines_at(node: int, nodes: Mapping[int, _Node], traffic: Mapping[int, int]) -> list[_Line]:
    lines = [_Line(node, traffic[node], [node])] if node in traffic else []
    for child in nodes[node].children:
        lines += nodes[child].lines
        nodes[child].lines = []
    return lines


def _take_in(node: int, lines: list[_Line], surplus: int, wishes: Wishes, *, forced: bool = False) -> int:
    """Let a node take in some of its lines. Returns how many lifelines fewer there are."""
    own = next((line for line in lines if line.id == node), None)
    others = [line for line in lines if line is not own and (forced or not line.is_kept)]
    others.sort(key=lambda it: (bool(wishes.focus.intersection(it.members)), it.id in wishes.shown, it.traffic, it.id))
    taken = others[: surplus + (own is None)]
    gain = len(taken) - (own is None)
    if gain <= 0:
        return 0
    if own is None:
        own = _Line(node, 0, [])
        lines.append(own)
    for line in taken:
        own.members += line.members
        own.traffic += line.traffic
    gone = {id(line) for line in taken}
    lines[:] = [line for line in lines if id(line) not in gone]
    return gain


def _arranged(lines: Iterable[_Line], place_of: Callable[[int], object]) -> Lifelines:
    placed = sorted(
        lines,
        key=lambda it: (it.id == OTHERS, min(place_of(member) for member in it.members)),  # type: ignore[type-var]
    )
    lane_of = {member: lane for lane, line in enumerate(placed) for member in line.members}
    inside = {line.id: len(line.members) - (line.id in line.members) for line in placed}
    return Lifelines(
        tuple(line.id for line in placed), lane_of, {line: count for line, count in inside.items() if count}
    )
