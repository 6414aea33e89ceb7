"""Messages folded into rows."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tasktonic_studio.diagrams.steps import Folding, Frame, Steps, fold_steps

Message = tuple[int, int, int]
"""Lane of the sender, lane of the receiver, what it says."""


def steps_of(messages: list[Message], cuts: tuple[int, ...] = (), folding: Folding | None = None) -> Steps:
    columns = np.array(messages, np.int64).reshape(-1, 3)
    cut = np.array(cuts, np.int64)
    return fold_steps(columns[:, 0], columns[:, 1], columns[:, 2], cut, folding or Folding())


CALL, ANSWER, THINK, WAIT = (0, 1, 5), (1, 0, 6), (1, 1, 7), (1, 1, 8)


def test_each_message_has_a_row_where_nothing_repeats() -> None:
    steps = steps_of([CALL, ANSWER])

    assert steps.row_of.tolist() == [0, 1]
    assert steps.count.tolist() == [1, 1]
    assert steps.frames == ()


def test_nothing_makes_no_rows() -> None:
    assert len(steps_of([])) == 0


def test_the_same_message_again_and_again_is_one_row() -> None:
    steps = steps_of([ANSWER, *[CALL] * 37, ANSWER])

    assert steps.row_of.tolist() == [0, *[1] * 37, 2]
    assert steps.times.tolist() == [1, 37, 1]


def test_a_pattern_of_two_is_framed_once() -> None:
    steps = steps_of([*[CALL, ANSWER] * 4, CALL])

    assert steps.row_of.tolist() == [0, 1, 0, 1, 0, 1, 0, 1, 2]
    assert steps.count.tolist() == [4, 4, 1]
    assert steps.frames == (Frame(0, 1, 4, 0, 0),)


def test_a_pattern_has_what_repeats_in_it_folded_too() -> None:
    steps = steps_of([THINK, *[CALL, CALL, CALL, ANSWER] * 3])

    assert steps.times.tolist() == [1, 3, 1]
    assert steps.count.tolist() == [1, 9, 3]
    assert steps.frames == (Frame(1, 2, 3, 0, 1),)


def test_a_frame_stands_in_a_frame() -> None:
    steps = steps_of([*[CALL, ANSWER, CALL, ANSWER, CALL, ANSWER, (0, 2, 1)] * 3])

    assert steps.frames == (Frame(0, 2, 3, 0, 0), Frame(0, 1, 3, 1, 0))
    assert steps.count.tolist() == [9, 9, 3]


def test_messages_to_itself_in_a_row_are_one_row() -> None:
    steps = steps_of([CALL, THINK, WAIT, THINK, ANSWER])

    assert steps.row_of.tolist() == [0, 1, 1, 1, 2]
    assert steps.times.tolist() == [1, 1, 1]


def test_a_folded_row_to_itself_is_not_taken_for_a_message() -> None:
    steps = steps_of([THINK, CALL, THINK, WAIT, CALL, THINK, CALL])

    assert steps.row_of.tolist() == [0, 1, 2, 2, 3, 4, 5]


def test_selves_of_two_lifelines_stay_apart() -> None:
    assert steps_of([(0, 0, 1), (0, 0, 2), (1, 1, 1), (1, 1, 2)]).row_of.tolist() == [0, 0, 1, 1]


def test_without_folding_each_message_has_its_row() -> None:
    messages = [CALL, THINK, THINK, THINK, *[CALL, ANSWER] * 3]

    steps = steps_of(messages, folding=Folding(selves=False, repeats=False))

    assert steps.row_of.tolist() == list(range(10))


def test_an_opened_repeat_shows_all_it_stands_for() -> None:
    messages = [*[CALL, ANSWER] * 3, *[CALL] * 4]

    steps = steps_of(messages, folding=Folding(opened=frozenset({0})))

    assert steps.row_of.tolist() == [0, 1, 2, 3, 4, 5, 6, 6, 6, 6]


def test_an_opened_row_of_selves_shows_each() -> None:
    messages = [THINK, WAIT, CALL, THINK, WAIT]

    steps = steps_of(messages, folding=Folding(opened=frozenset({3})))

    assert steps.row_of.tolist() == [0, 0, 1, 2, 3]


def test_nothing_is_folded_across_a_cut() -> None:
    steps = steps_of([CALL] * 6, cuts=(3,))

    assert steps.row_of.tolist() == [0, 0, 0, 2, 2, 2]
    assert steps.is_cut.tolist() == [False, True, False]
    assert steps.first.tolist() == [0, 3, 3]


def test_cuts_at_both_ends_have_rows() -> None:
    steps = steps_of([CALL], cuts=(0, 1))

    assert steps.is_cut.tolist() == [True, False, True]


lanes = st.integers(0, 1)


@given(
    st.lists(st.tuples(lanes, lanes, st.integers(0, 1)), max_size=60),
    st.lists(st.integers(0, 60), max_size=3),
    st.booleans(),
    st.booleans(),
    st.frozensets(st.integers(0, 60), max_size=3),
)
def test_every_message_is_in_one_row_of_its_own_kind(
    messages: list[Message], cuts: list[int], selves: bool, repeats: bool, opened: frozenset[int]
) -> None:
    placed = tuple(sorted(cut for cut in cuts if cut <= len(messages)))

    steps = steps_of(messages, placed, Folding(selves, repeats, opened))

    assert len(steps.row_of) == len(messages)
    assert sum(steps.count.tolist()) == len(messages)
    assert int(steps.is_cut.sum()) == len(placed)
    rows: dict[int, list[int]] = {}
    for index, row in enumerate(steps.row_of.tolist()):
        rows.setdefault(row, []).append(index)
    assert len(rows) + len(placed) == len(steps)
    for row, indices in rows.items():
        kinds = {messages[index] for index in indices}
        assert len(kinds) == 1 or (selves and {kind[:2] for kind in kinds} == {(kinds.copy().pop()[0],) * 2})
        assert steps.first[row] == indices[0]
    # Each row begins after the one before it: the diagram is read from the top down.
    firsts = [first for first, is_cut in zip(steps.first.tolist(), steps.is_cut.tolist(), strict=True) if not is_cut]
    assert firsts == sorted(firsts)
    for frame in steps.frames:
        assert frame.bottom > frame.top
        assert frame.times >= 3


@given(st.lists(st.tuples(lanes, lanes, st.integers(0, 1)), max_size=40))
def test_unfolding_the_rows_gives_the_messages_back(messages: list[Message]) -> None:
    steps = steps_of(messages, folding=Folding(selves=False))

    assert _unfolded(steps, 0, len(steps), 0, messages) == messages


def _unfolded(steps: Steps, top: int, stop: int, depth: int, messages: list[Message]) -> list[Message]:
    """What rows mean, read as a person would."""
    told: list[Message] = []
    row = top
    while row < stop:
        frame = next((it for it in steps.frames if it.top == row and it.depth == depth and it.bottom < stop), None)
        if frame is not None:
            told += _unfolded(steps, frame.top, frame.bottom + 1, depth + 1, messages) * frame.times
            row = frame.bottom + 1
        else:
            told += [messages[steps.first[row]]] * int(steps.times[row])
            row += 1
    return told
