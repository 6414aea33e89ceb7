from __future__ import annotations

from typing import Any

from tasktonic import brake, ttCatalyst, ttTonic
from tasktonic.awaited import Awaited
from tests.helpers.apps import run_app


class Letter(Awaited):
    """Notes what it hears; it goes to other threads by reference."""

    def __init__(self) -> None:
        self.heard: list[Any] = []

    def _tt_not_run(self, tonic: ttTonic, slot: int, why: str) -> None:
        self.heard.append((tonic.name, tonic._tt_class.sparkles[slot].called, why))

    def _tt_raised(self, tonic: ttTonic, slot: int) -> None:
        self.heard.append((tonic.name, tonic._tt_class.sparkles[slot].called, "raised"))

    def __deepcopy__(self, memo: Any) -> Letter:
        return self


class Door(ttTonic):
    _tt_states = ["closed"]

    def ttsc__take(self, letter: Letter) -> None:
        self.finish()

    def ttsc_open__ring(self, letter: Letter, loudly: bool = False) -> None:
        raise AssertionError("it never is open")

    def ttsc__fail(self, *letters: Letter) -> None:
        raise ValueError("no luck")

    def ttse__on_error(self, error: Any) -> None:
        self.finish()


def test_argument_that_somebody_waits_for_hears_that_its_order_was_ignored() -> None:
    letter = Letter()

    class Closed(Door):
        def ttse__on_start(self) -> None:
            self.to_state("closed")
            self.ttsc_open__ring(letter)
            self.finish()

    run_app(lambda: Closed(name="door"))

    assert letter.heard == [("door", "ttsc_open__ring", "ignored")]


def test_it_hears_that_its_order_came_after_the_end() -> None:
    letter = Letter()

    class Ending(Door):
        def ttse__on_start(self) -> None:
            self.finish()
            self.ttsc__take(letter)

    run_app(lambda: Ending(name="door"))

    assert letter.heard == [("door", "ttsc__take", "dropped")]


def test_it_hears_that_its_sparkle_has_raised() -> None:
    letter = Letter()

    class Failing(Door):
        def ttse__on_start(self) -> None:
            self.ttsc__fail(Letter(), letter)

    run_app(lambda: Failing(name="door"))

    assert letter.heard == [("door", "ttsc__fail", "raised")]


def test_it_hears_nothing_when_its_sparkle_runs() -> None:
    letter = Letter()

    class Willing(Door):
        def ttse__on_start(self) -> None:
            self.ttsc__take(letter)

    run_app(lambda: Willing(name="door"))

    assert letter.heard == []


def test_it_hears_that_its_catalyst_had_ended() -> None:
    letter = Letter()

    class Caller(ttTonic):
        def ttse__on_start(self) -> None:
            self.door = self.bind(Door, name="door", catalyst=ttCatalyst(name="side"))
            self.door.finish()

        def ttse__on_door_finished(self) -> None:
            # The catalyst has nothing left to run and ends; whether it has by now or does just then, the order is told.
            self.door.ttsc__take(letter)
            self.finish()

    run_app(lambda: Caller(name="caller"))

    assert letter.heard == [("door", "ttsc__take", "dropped")]


def test_it_hears_that_it_was_taken_away_by_hand() -> None:
    letter = Letter()

    class Caller(ttTonic):
        def ttse__on_start(self) -> None:
            side = ttCatalyst(name="side")
            self.door = self.bind(Door, name="door", catalyst=side)
            brake.hold(side._tt_id)
            brake.at_boundary(side._tt_id, self.ttsc__call)
            self.side = side._tt_id

        def ttsc__call(self) -> None:
            self.door.ttsc__take(letter)
            for _ in range(2):  # the start, if that has not run yet, and the letter
                brake.drop(self.side)
            brake.release(self.side)
            self.door.finish()

        def ttse__on_door_finished(self) -> None:
            self.finish()

    run_app(lambda: Caller(name="caller"))

    assert letter.heard == [("door", "ttsc__take", "dropped")]
