"""Orders of a catalyst that is held: dropped and added by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tasktonic import brake, ttTonic
from tasktonic.errors import ttArgumentError, ttRunningError
from tasktonic.events import Dropped
from tasktonic.stream import Level
from tests.framework.braked_apps import Counter, held_app, settled
from tests.helpers.apps import reading, run_app


class Noting(Counter):
    """Notes what it was given, in order."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.noted: list[Any] = []

    def ttsc__note(self, what: Any) -> None:
        self.noted.append(what)


def noted_with_the_brake_on(work: Any) -> list[Any]:
    """What a tonic on a side catalyst notes when ``work`` is done while it is held with the orders 1, 2 and 3 waiting."""
    noting: list[Any] = []

    def hold_and_work(holding: Any) -> None:
        side = holding.side.id
        tonic = Noting(context=-1, catalyst=holding.side)
        noting.append(tonic)
        settled(side)
        brake.hold(side)
        settled(side)
        for number in (1, 2, 3):
            tonic.ttsc__note(number)
        work(tonic, side)
        settled(side)
        brake.release(side)
        holding.counter.ttsc__count()
        while holding.counter.count == 0:
            settled(side)

    held_app(hold_and_work)
    return list(noting[0].noted)


def test_dropped_order_does_not_run() -> None:
    assert noted_with_the_brake_on(lambda tonic, side: brake.drop(side)) == [2, 3]


def test_dropped_order_is_told() -> None:
    with reading(Level.FLOW) as rows:
        noted_with_the_brake_on(lambda tonic, side: brake.drop(side))

    dropped = [row for row in rows.of(Dropped) if row.reason == "by hand"]
    ordered = [order[7] for order in rows.orders() if order[3] == 1]
    assert [row.order for row in dropped] == ordered


def test_orders_of_the_framework_are_not_dropped() -> None:
    def work(tonic: Any, side: int) -> None:
        tonic.finish()
        for _ in range(9):
            brake.drop(side)
        brake.release(side)
        while tonic.id >= 0:
            settled(side)

    assert noted_with_the_brake_on(work) == []


def test_nothing_is_dropped_of_a_catalyst_that_is_not_held() -> None:
    def work(tonic: Any, side: int) -> None:
        brake.release(side)
        brake.drop(side)

    assert noted_with_the_brake_on(work) == [1, 2, 3]


def test_added_order_is_the_next_to_run() -> None:
    def work(tonic: Any, side: int) -> None:
        brake.add(tonic, "ttsc__note", what=0)
        brake.step(side)
        settled(side)
        assert tonic.noted == [0]

    assert noted_with_the_brake_on(work) == [0, 1, 2, 3]


def test_added_order_says_that_it_came_by_hand() -> None:
    def work(tonic: Any, side: int) -> None:
        brake.add(tonic, "ttsc__note", what=0)
        brake.step(side)
        settled(side)

    with reading(Level.FLOW) as rows:
        noted_with_the_brake_on(work)

    assert [order[5] for order in rows.orders() if order[3] == 0 and order[5] == "by hand"] == ["by hand"]


def test_argument_of_an_added_order_is_copied() -> None:
    given = [0]

    noted = noted_with_the_brake_on(lambda tonic, side: brake.add(tonic, "ttsc__note", given))

    assert noted[0] == given
    assert noted[0] is not given


@pytest.mark.parametrize(
    "sparkle, arguments, says",
    [
        ("ttsc__nota", (1,), r"noting: no sparkle 'ttsc__nota' can be added; there are .*ttsc__note"),
        ("_ttss__finish", (), "no sparkle '_ttss__finish' can be added"),
        ("ttsc__note", (1, 2), r"noting.ttsc__note: the arguments fit no handler"),
    ],
)
def test_order_that_could_not_run_is_refused(sparkle: str, arguments: tuple[int, ...], says: str) -> None:
    refused: list[str] = []

    class Adding(ttTonic):
        def ttse__on_start(self) -> None:
            noting = Noting(name="noting")
            with pytest.raises(ttArgumentError, match=says) as caught:
                brake.add(noting, sparkle, *arguments)
            refused.append(str(caught.value))
            self.finish()

    run_app(Adding)

    assert len(refused) == 1


def test_nothing_is_added_for_what_has_finished() -> None:
    made: list[Noting] = []

    class Making(ttTonic):
        def ttse__on_start(self) -> None:
            made.append(Noting(name="noting"))
            self.finish()

    run_app(Making)

    with pytest.raises(ttRunningError, match="noting has finished"):
        brake.add(made[0], "ttsc__note", 1)
