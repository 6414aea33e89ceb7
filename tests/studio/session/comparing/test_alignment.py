"""Runs with the same causes are the same, whatever clocks and threads did; one that is not is found."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tasktonic_studio.session.comparing.comparison import Facet, Mark
from tests.helpers.causal_runs import GUEST, TONICS, Call, compared, happened

seeds = st.integers(0, 2**32)


def calls(depth: int = 3) -> st.SearchStrategy[Call]:
    tonics = st.integers(GUEST, len(TONICS) - 1)
    below = st.lists(calls(depth - 1), max_size=3) if depth else st.just([])
    return st.builds(Call, tonics, st.integers(0, 2), st.integers(0, 2), below)


def told_apart(roots: list[Call]) -> list[Call]:
    """What comes from outside brings something different each time: else nobody could say which of two it was."""
    for number, root in enumerate(roots):
        root.argument = 10 + number
    return roots


runs = st.lists(calls(), min_size=1, max_size=4).map(told_apart)


@settings(max_examples=50)
@given(runs, seeds, seeds)
def test_the_same_causes_in_another_order_of_time_are_the_same(roots: list[Call], one: int, other: int) -> None:
    comparison = compared(happened(roots, Random(one)), happened(roots, Random(other)))

    assert set(comparison.mark.tolist()) == {Mark.SAME}
    assert comparison.first == -1
    assert sorted(comparison.here.tolist()) == list(range(len(comparison.side_here)))


def pick(data: Any, roots: list[Call]) -> tuple[Call, Call]:
    """A call that is caused by another one, with its cause."""
    found = [pair for root in roots for pair in root.all_below()]
    number: int = data.draw(st.integers(0, len(found) - 1))
    return found[number]


branching = runs.filter(lambda roots: any(root.calls for root in roots))


@settings(max_examples=50)
@given(branching, seeds, seeds, st.data())
def test_one_changed_argument_is_the_only_difference(roots: list[Call], one: int, other: int, data: Any) -> None:
    changed = copy.deepcopy(roots)
    _, call = pick(data, changed)
    call.argument = 77

    comparison = compared(happened(roots, Random(one)), happened(changed, Random(other)))

    (row,) = comparison.different.tolist()
    assert comparison.first == row
    assert (comparison.mark[row], comparison.facets[row]) == (Mark.DIFFERS, Facet.ARGUMENTS)
    assert comparison.side_there.arguments_of(int(comparison.there[row])) == "count=77"


@settings(max_examples=50)
@given(branching, seeds, seeds, st.data(), st.booleans())
def test_what_one_run_calls_and_the_other_does_not_is_found_at_its_cause(
    roots: list[Call], one: int, other: int, data: Any, is_removed: bool
) -> None:
    fewer = copy.deepcopy(roots)
    cause, call = pick(data, fewer)
    cause.argument = 55
    whole = copy.deepcopy(fewer)
    # By identity: another call may be equal to this one.
    cause.calls = [each for each in cause.calls if each is not call]
    here, there = (whole, fewer) if is_removed else (fewer, whole)

    comparison = compared(happened(here, Random(one)), happened(there, Random(other)))

    first = comparison.first
    assert comparison.mark[first] == Mark.DIFFERS
    assert comparison.facets[first] == Facet.EFFECTS
    assert comparison.side_here.arguments_of(int(comparison.here[first])) == "count=55"
    more = comparison.count(Mark.ONLY_HERE) - comparison.count(Mark.ONLY_THERE)
    assert more == (1 if is_removed else -1) * (1 + len(call.all_below()))


@settings(max_examples=50)
@given(runs, seeds, seeds)
def test_a_cause_stands_before_its_effects(roots: list[Call], one: int, other: int) -> None:
    fewer = copy.deepcopy(roots)[1:]
    comparison = compared(happened(fewer, Random(one)), happened(roots, Random(other)))

    for side, items in (
        (comparison.side_here, comparison.here),
        (comparison.side_there, comparison.there),
    ):
        row_of = {item: row for row, item in enumerate(items.tolist()) if item >= 0}
        only = [item for item in row_of if comparison.mark[row_of[item]] in (Mark.ONLY_HERE, Mark.ONLY_THERE)]
        for item in only:
            parent = int(side.parent[item])
            assert parent < 0 or row_of[parent] < row_of[item]
