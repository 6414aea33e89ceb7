"""What is held in words, and where one can run on to from a run: by what is known of orders and their causes."""

from __future__ import annotations

import pytest

from tasktonic_studio.session.holding import Effects, effects_of, held_words, open_cascade
from tasktonic_studio.session.queues import CatalystFacts
from tasktonic_studio.session.session import Session
from tests.helpers.builders import EventWriter


def catalysts(*held: bool) -> list[CatalystFacts]:
    return [CatalystFacts(number, f"c{number}", held=is_held) for number, is_held in enumerate(held)]


@pytest.mark.parametrize(
    "held, words",
    [
        ((), ""),
        ((False, False), ""),
        ((True, True), "held"),
        ((True, False), "held: c0"),
        ((True, True, False), "held: c0 and c1"),
        ((True, True, True, False), "held: 3 of 4 catalysts"),
    ],
)
def test_what_is_held_is_said_in_a_few_words(held: tuple[bool, ...], words: str) -> None:
    assert held_words(catalysts(*held)) == words


def test_a_catalyst_that_has_ended_does_not_count() -> None:
    ended = CatalystFacts(9, "gone", alive=False)

    assert held_words([*catalysts(True), ended]) == "held"


class Plant:
    """A boss on one catalyst calls a belt on another."""

    def __init__(self) -> None:
        self.write = write = EventWriter()
        write.cls("ttCatalyst")
        self.main, self.side = write.catalyst("main"), write.catalyst("side")
        self.boss = write.born("Boss", "boss", catalyst=self.main)
        self.belt = write.born("Belt", "belt", catalyst=self.side)
        self.session = Session()

    def called(self, run: int) -> int:
        return self.write.order(self.belt, "ttsc__move", self.boss, run)

    def ran(self, order: int) -> int:
        return self.write.run(self.belt, "ttsc__move", order)

    def tell(self) -> None:
        self.session.apply_events(self.session.live.n, self.write.take())


def test_of_what_a_run_has_called_some_waits_and_some_has_run() -> None:
    plant = Plant()
    run = plant.write.sparkles(plant.boss, "ttse__on_go")
    first, second, third = (plant.called(run) for _ in range(3))
    plant.ran(first)
    plant.tell()

    assert effects_of(plant.session.live, run) == Effects((second, third), (first,))


def test_what_is_left_of_a_cascade_is_found_over_many_steps_and_nothing_else() -> None:
    plant = Plant()
    run = plant.write.sparkles(plant.boss, "ttse__on_go")
    other = plant.write.sparkles(plant.boss, "ttse__on_go")
    left = [plant.called(run)]
    plant.called(other)
    for _ in range(50):
        left.append(plant.called(plant.ran(left.pop())))
    plant.tell()

    assert open_cascade(plant.session.live, run) == tuple(left)


def test_an_order_that_waits_is_its_own_cascade() -> None:
    plant = Plant()
    order = plant.called(plant.write.sparkles(plant.boss, "ttse__on_go"))
    plant.tell()

    assert open_cascade(plant.session.live, order) == (order,)


def test_of_a_cascade_that_has_run_nothing_is_left() -> None:
    plant = Plant()
    run = plant.write.sparkles(plant.boss, "ttse__on_go")
    plant.ran(plant.called(run))
    plant.tell()

    assert open_cascade(plant.session.live, run) == ()
