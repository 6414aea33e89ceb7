"""Which lifelines a diagram has."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tasktonic_studio.diagrams.lifelines import MOST_EVER, OTHERS, Lifelines, Wishes, fold_lifelines

TREE = {1: [1], 10: [1, 10], 11: [1, 11], 12: [1, 12], 100: [1, 10, 100], 101: [1, 10, 101], 110: [1, 11, 110], 2: [2]}
"""A plant 1 with pumps 10, 11, 12 and their valves; beside it 2."""


def lifelines(
    traffic: dict[int, int], wishes: Wishes, tree: dict[int, list[int]] | None = None
) -> tuple[tuple[int, ...], dict[int, int]]:
    """The lifelines, in the order of their ids, and what is inside of them."""
    paths = TREE if tree is None else tree
    found = fold_lifelines(traffic, lambda it: paths.get(it, [it]), lambda it: it, wishes)
    return found.ids, dict(found.inside)


def evenly(*participants: int) -> dict[int, int]:
    return dict.fromkeys(participants, 5)


def test_few_enough_stand_alone() -> None:
    assert lifelines(evenly(1, 10, 100, 2), Wishes(most=4)) == ((1, 2, 10, 100), {})


def test_the_deepest_go_into_their_parent_first() -> None:
    assert lifelines(evenly(1, 10, 100, 101, 11), Wishes(most=3)) == ((1, 10, 11), {10: 2})


def test_a_parent_that_takes_no_part_becomes_a_box() -> None:
    assert lifelines(evenly(100, 101, 2), Wishes(most=2)) == ((2, 10), {10: 2})


def test_no_more_go_into_a_box_than_have_to() -> None:
    traffic = {10: 9, 11: 3, 12: 7, 1: 1}

    assert lifelines(traffic, Wishes(most=3)) == ((1, 10, 12), {1: 1})


def test_what_the_diagram_is_about_goes_in_last() -> None:
    traffic = {10: 9, 11: 1, 12: 7, 1: 1}

    assert lifelines(traffic, Wishes(most=3, focus=frozenset({11}))) == ((1, 10, 11), {1: 1})


def test_those_that_stood_alone_before_stay() -> None:
    traffic = {10: 9, 11: 1, 12: 7, 1: 1}

    assert lifelines(traffic, Wishes(most=3, shown=frozenset({11, 10})))[0] == (1, 10, 11)


def test_those_without_a_common_parent_go_into_the_border() -> None:
    tree = {number: [number] for number in range(20)}

    ids, inside = lifelines({number: number for number in range(20)}, Wishes(most=4), tree)

    assert ids == (17, 18, 19, OTHERS)
    assert inside == {OTHERS: 17}


def test_an_unfolded_box_lets_all_below_it_stand_alone() -> None:
    wishes = Wishes(most=2, unfolded=frozenset({10}))

    assert lifelines(evenly(10, 100, 101, 2), wishes) == ((2, 10, 100, 101), {})


def test_a_folded_box_has_all_below_it_in_it() -> None:
    assert lifelines(evenly(1, 10, 100, 101, 2), Wishes(folded=frozenset({10}))) == ((1, 2, 10), {10: 2})


def test_unfolding_ends_where_nobody_could_read_it() -> None:
    tree = {number: [1, number] for number in range(2, 1_000)}

    ids, inside = lifelines(evenly(*tree), Wishes(unfolded=frozenset({1})), tree)

    assert len(ids) == MOST_EVER
    assert inside[OTHERS] == 998 - MOST_EVER + 1


def test_a_tree_of_five_hundred_levels_is_folded() -> None:
    tree = {number: list(range(1, number + 1)) for number in range(1, 501)}

    ids, inside = lifelines(evenly(*tree), Wishes(most=12), tree)

    assert len(ids) == 12
    assert sum(inside.values()) == 488


def random_tree(parents: list[int]) -> dict[int, list[int]]:
    """Node n + 1 is below one that was before it, or on top."""
    paths: dict[int, list[int]] = {}
    for number, parent in enumerate(parents, 1):
        above = parent % number
        paths[number] = [*(paths[above] if above else []), number]
    return paths


nodes = st.lists(st.integers(0, 10_000), min_size=1, max_size=40)


@given(nodes, st.data())
def test_every_participant_is_in_its_own_lifeline_or_in_one_above(parents: list[int], data: st.DataObject) -> None:
    tree = random_tree(parents)
    some = st.frozensets(st.sampled_from(sorted(tree)))
    takes_part = data.draw(st.lists(st.sampled_from(sorted(tree)), min_size=1, unique=True))
    traffic = {number: data.draw(st.integers(1, 9)) for number in takes_part}
    wishes = Wishes(data.draw(st.integers(2, 15)), data.draw(some), data.draw(some))

    found = fold_lifelines(traffic, tree.__getitem__, lambda it: it, wishes)

    _check(found, traffic, tree)
    assert len(found.ids) == min(wishes.most, len(traffic))


@given(nodes, st.data())
def test_wishes_of_the_reader_hold(parents: list[int], data: st.DataObject) -> None:
    tree = random_tree(parents)
    some = st.frozensets(st.sampled_from(sorted(tree)))
    unfolded, folded = data.draw(some), data.draw(some)
    traffic = dict.fromkeys(tree, 1)

    found = fold_lifelines(
        traffic, tree.__getitem__, lambda it: it, Wishes(3, unfolded=unfolded, folded=folded - unfolded)
    )

    _check(found, traffic, tree)
    for node in folded - unfolded:
        assert all(found.lane_of[it] == found.lane_of[node] for it, path in tree.items() if node in path)


def _check(found: Lifelines, traffic: dict[int, int], tree: dict[int, list[int]]) -> None:
    assert found.lane_of.keys() == traffic.keys()
    for participant, lane in found.lane_of.items():
        assert found.ids[lane] in (*tree[participant], OTHERS)
    for lane, line in enumerate(found.ids):
        members = [it for it, place in found.lane_of.items() if place == lane]
        assert found.inside.get(line, 0) == len([it for it in members if it != line])
