"""Counts of changes of state, their causes, and what ran or was ignored in which state."""

from __future__ import annotations

import pytest

from tasktonic import events as ev
from tasktonic_studio.session.machines import MOST_WAITING, Cause, Cell, Move
from tasktonic_studio.session.session import Session
from tests.helpers.builders import MS, EventWriter

CLOSED, OPEN = 0, 1


class Doors:
    """A session with doors; `write` writes what they do."""

    def __init__(self) -> None:
        self.session = Session()
        self.write = EventWriter()
        self.cls = self.write.cls("Door", ("closed", "open"), ("ttsc__open", "ttsc__close", "ttse__on_enter"))
        self.open, self.close, self.enter = (
            self.write.sparkle(self.cls, it) for it in ("ttsc__open", "ttsc__close", "ttse__on_enter")
        )
        self.door = self.write.born("Door", "door", state="closed")

    def take(self) -> None:
        self.session.apply_events(self.session.live.n, self.write.take())

    def moves(self) -> dict[Move, int]:
        return self.session.live.machines.moves(self.cls)

    def causes(self) -> dict[Cause, int]:
        return self.session.live.machines.causes({self.open, self.close, self.enter})

    def changed(self, old: int, new: int, run: int) -> None:
        self.write.add(ev.StateChanged(self.write.t_ns, self.door, old, new, run))

    def ran(self, sparkle: int, run: int, before: int, flags: int = 0, order: int = 0) -> None:
        self.write.add(ev.Ran(1, 2, run, order or run, 0, self.door, sparkle, before, before, flags))


@pytest.fixture
def doors() -> Doors:
    return Doors()


def test_changes_are_counted_with_their_cause(doors: Doors) -> None:
    for _ in range(3):
        doors.write.sparkles(doors.door, "ttsc__open", to="open")
        doors.write.sparkles(doors.door, "ttsc__close", to="closed")
    doors.take()

    assert doors.moves() == {Move(CLOSED, OPEN): 3, Move(OPEN, CLOSED): 3}
    assert doors.causes() == {
        Cause(doors.open, CLOSED, OPEN, False): 3,
        Cause(doors.close, OPEN, CLOSED, False): 3,
    }


def test_a_change_waits_for_its_run_in_a_later_batch(doors: Doors) -> None:
    doors.changed(CLOSED, OPEN, 7)
    doors.take()
    doors.ran(doors.open, 7, CLOSED)
    doors.take()

    assert doors.causes() == {Cause(doors.open, CLOSED, OPEN, False): 1}
    assert not doors.session.live.machines.is_waiting


def test_a_change_whose_run_was_lost_is_counted_all_the_same(doors: Doors) -> None:
    doors.changed(CLOSED, OPEN, 7)
    doors.ran(doors.open, 8, CLOSED)
    doors.take()

    assert doors.moves() == {Move(CLOSED, OPEN): 1}
    assert doors.causes() == {}


def test_a_further_change_of_the_same_run_is_chained(doors: Doors) -> None:
    doors.changed(CLOSED, OPEN, 7)
    doors.changed(OPEN, CLOSED, 7)
    doors.ran(doors.enter, 9, OPEN, ev.HOOK, order=7)
    doors.ran(doors.open, 7, CLOSED)
    doors.take()

    assert doors.causes() == {Cause(doors.open, CLOSED, OPEN, False): 1, Cause(doors.open, OPEN, CLOSED, True): 1}


def test_waiting_changes_are_bounded(doors: Doors) -> None:
    for run in range(1, MOST_WAITING + 11):
        doors.changed(CLOSED, OPEN, run)
    doors.ran(doors.open, 10_000_000, CLOSED)
    doors.take()
    for run in (1, 10, 11, MOST_WAITING + 10):
        doors.ran(doors.open, run, CLOSED)
    doors.take()

    assert doors.causes() == {Cause(doors.open, CLOSED, OPEN, False): 2}


def test_waiting_changes_are_bounded_when_no_run_comes_at_all(doors: Doors) -> None:
    for _ in range(3):
        for run in range(1, MOST_WAITING):
            doors.changed(CLOSED, OPEN, run)
        doors.take()

    assert len(doors.session.live.machines._waiting["n"]) == MOST_WAITING


def test_changes_told_before_the_birth_belong_to_the_class(doors: Doors) -> None:
    doors.write.add(ev.StateChanged(1, 40, CLOSED, OPEN, 0))
    doors.take()
    doors.write.born("Door", "late", essence=40)
    doors.take()

    assert doors.moves() == {Move(CLOSED, OPEN): 1}


def test_what_ran_and_what_was_ignored_is_counted_by_state(doors: Doors) -> None:
    doors.write.sparkles(doors.door, "ttsc__open", to="open")
    doors.write.sparkles(doors.door, "ttsc__open", flags=ev.IGNORED)
    doors.write.sparkles(doors.door, "ttsc__open", flags=ev.IGNORED)
    doors.take()

    assert doors.session.live.machines.cells({doors.open}) == {
        Cell(doors.open, CLOSED, False): 1,
        Cell(doors.open, OPEN, True): 2,
    }


def test_other_classes_have_counts_of_their_own(doors: Doors) -> None:
    other = doors.write.cls("Gate", ("up",), ("ttsc__open",))
    doors.write.born("Gate", "gate", state="--")
    doors.write.sparkles(doors.door, "ttsc__open", to="open")
    doors.take()

    assert doors.session.live.machines.moves(other) == {}
    assert doors.session.live.machines.cells({doors.write.sparkle(other, "ttsc__open")}) == {}


def test_counts_are_those_of_the_moment(doors: Doors) -> None:
    doors.write.sparkles(doors.door, "ttsc__open", to="open")
    doors.take()
    moment = doors.session.live.n
    doors.write.sparkles(doors.door, "ttsc__close", to="closed")
    doors.take()

    assert doors.session.at(moment).machines.moves(doors.cls) == {Move(CLOSED, OPEN): 1}
    assert doors.session.at(moment).machines.causes({doors.close}) == {}


def test_another_app_begins_to_count_anew(doors: Doors) -> None:
    doors.write.sparkles(doors.door, "ttsc__open", to="open")
    doors.write.add(ev.AppBegan(doors.write.wait(MS), 2, ev.Name("Next"), 0, 1))
    doors.take()

    assert doors.moves() == {}


def test_living_tonics_are_counted_by_state(doors: Doors) -> None:
    others = [doors.write.born("Door", state="open") for _ in range(3)]
    doors.write.born("Door")
    doors.write.ended(others[0])
    doors.take()

    assert doors.session.live.essences.in_states(doors.cls) == {CLOSED: 1, OPEN: 2, -1: 1}


def test_fifty_thousand_changes_in_one_batch_are_all_counted(doors: Doors) -> None:
    for run in range(1, 50_001):
        doors.changed(run % 2, 1 - run % 2, run)
        doors.ran(doors.open if run % 2 == 0 else doors.close, run, run % 2)
    doors.take()

    assert doors.moves() == {Move(CLOSED, OPEN): 25_000, Move(OPEN, CLOSED): 25_000}
    assert sum(doors.causes().values()) == 50_000
