"""One selection with a history, one hover, one moment."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tasktonic_studio.session.selection import HISTORY_LIMIT, Selection, Thing

PUMP, VALVE, PLACE = Thing("essence", 5), Thing("essence", 6), Thing("place", ("app.py", 7))


@pytest.fixture
def selection() -> Selection:
    return Selection()


def test_back_and_forward_walk_the_history(selection: Selection) -> None:
    for thing in (PUMP, VALVE, PLACE):
        selection.select(thing)

    walked = []
    for step in (selection.back, selection.back, selection.forward):
        step()
        walked.append(selection.thing)

    assert walked == [VALVE, PUMP, VALVE]
    assert selection.can_go_forward


def test_back_and_forward_show_the_moment_that_went_with_what_was_selected(selection: Selection) -> None:
    selection.select(PUMP)
    selection.go_to(VALVE, 100)
    selection.look_at(120)
    selection.select(PLACE)
    selection.look_at(None)

    walked: list[tuple[Thing | None, int | None]] = []
    for step in (selection.back, selection.back, selection.forward, selection.forward):
        step()
        walked.append((selection.thing, selection.time))

    assert walked == [(VALVE, 120), (PUMP, None), (VALVE, 120), (PLACE, None)]


def test_going_back_is_told_once_with_thing_and_moment(selection: Selection) -> None:
    selection.go_to(PUMP, 50)
    selection.go_to(VALVE, 100)
    told: list[tuple[Thing | None, int | None]] = []
    selection.watch(lambda: told.append((selection.thing, selection.time)))

    selection.back()

    assert told == [(PUMP, 50)]


def test_a_step_after_going_back_begins_where_one_would_have_begun_then(selection: Selection) -> None:
    selection.select(PUMP)
    selection.look_at(100)
    selection.select(VALVE)

    selection.back()

    assert selection.moment_is_newer


def test_a_moment_of_another_target_is_not_gone_back_to(selection: Selection) -> None:
    selection.go_to(PLACE, 100)
    selection.go_to(PUMP, 120)
    selection.forget_target()

    selection.back()

    assert selection.thing == PLACE
    assert selection.is_live


def test_selecting_after_going_back_forgets_the_way_forward(selection: Selection) -> None:
    selection.select(PUMP)
    selection.select(VALVE)
    selection.back()

    selection.select(PLACE)

    assert not selection.can_go_forward
    selection.forward()
    assert selection.thing == PLACE


def test_selecting_the_same_again_is_no_step(selection: Selection) -> None:
    selection.select(PUMP)
    selection.select(PUMP)
    selection.back()

    assert selection.thing is None
    assert not selection.can_go_back


def test_the_history_is_bounded(selection: Selection) -> None:
    for number in range(HISTORY_LIMIT + 50):
        selection.select(Thing("run", number))

    steps = 0
    while selection.can_go_back:
        selection.back()
        steps += 1

    assert steps == HISTORY_LIMIT


def test_watchers_hear_of_each_change_until_they_leave(selection: Selection) -> None:
    heard: list[str] = []
    leave = selection.watch(lambda: heard.append("told"))

    selection.select(PUMP)
    selection.hover(VALVE)
    selection.look_at(12)
    selection.look_at(12)
    leave()
    selection.select(VALVE)

    assert len(heard) == 3


def test_a_watcher_that_was_removed_by_another_is_not_called(selection: Selection) -> None:
    heard: list[str] = []
    leaves: list[Callable[[], None]] = []

    def leave_other() -> None:
        leaves[0]()

    selection.watch(leave_other)
    leaves.append(selection.watch(lambda: heard.append("called")))

    selection.select(PUMP)

    assert heard == []


def test_the_moment_is_live_until_one_looks_back(selection: Selection) -> None:
    live = selection.is_live
    selection.look_at(100)

    assert live
    assert not selection.is_live
    assert selection.time == 100


def test_a_new_target_keeps_only_the_place_in_source(selection: Selection) -> None:
    selection.select(PUMP)
    selection.select(PLACE)
    selection.look_at(3)

    selection.forget_target()

    assert selection.thing == PLACE
    assert selection.is_live
    assert not selection.can_go_back


def test_a_new_target_drops_a_selected_essence(selection: Selection) -> None:
    selection.select(PUMP)

    selection.forget_target()

    assert selection.thing is None


def test_who_watches_is_told_of_another_span() -> None:
    selection = Selection()
    told: list[object] = []
    selection.watch(lambda: told.append(selection.span))

    selection.look_over((5, 9))
    selection.look_over((5, 9))
    selection.look_over(None)

    assert told == [(5, 9), None]


def test_a_span_of_another_target_is_forgotten() -> None:
    selection = Selection()
    selection.look_over((5, 9))

    selection.forget_target()

    assert selection.span is None
