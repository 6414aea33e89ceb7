"""Where an essence stands in the ledger. No widgets."""

from __future__ import annotations

import pytest

from tasktonic import events as ev
from tasktonic_studio.session.essences import EssenceFacts
from tasktonic_studio.session.names import Names
from tasktonic_studio.ui.panels.ledger.arrangement import (
    CROWD,
    FINISHED_SHOWN,
    HIDDEN,
    SERVICES,
    TOP,
    Arrangement,
    Key,
    order,
)

NAMES = {
    0: ("Pump", "plant", "ttTonic"),
    1: ("ttTimerRepeat", "tasktonic.timers", "ttTimer,ttEssence"),
    2: ("Furnace", "plant", "ttCatalyst,ttTonic"),
    3: ("ttScreenLog", "tasktonic.loggers.screen", "ttTonic"),
}


@pytest.fixture
def places() -> Arrangement:
    names = Names()
    for cls, (name, module, bases) in NAMES.items():
        names.learn(ev.ClassDefined(cls, ev.Name(name), ev.Name(module), ev.Name(""), 0, ev.Name(""), ev.Name(bases)))
    return Arrangement(names)


def facts(essence: int, cls: int = 0, context: int = TOP, service: str = "", *, ended: bool = False) -> EssenceFacts:
    return EssenceFacts(
        essence, f"it {essence}", cls, context, 0, service, 2, -1, 1, None, 5 if ended else None, (), 0, 0, -1, 0
    )


def test_a_tonic_stands_below_its_context(places: Arrangement) -> None:
    assert places.parent(facts(7, context=3)) == 3
    assert places.parent(facts(7)) == TOP


def test_a_service_stands_in_the_group_of_services(places: Arrangement) -> None:
    assert places.parent(facts(7, context=3, service="historian")) == SERVICES


@pytest.mark.parametrize("cls", [1, 3])
def test_timers_and_parts_of_the_framework_have_no_row_unless_asked_for(places: Arrangement, cls: int) -> None:
    assert places.parent(facts(7, cls, 3)) == HIDDEN
    assert places.parent(facts(7, cls, 3), asked_for=True) == 3


def test_living_timers_are_counted_for_their_tonic(places: Arrangement) -> None:
    for timer in (7, 8, 9):
        places.note(timer, facts(timer, 1, 3))
    places.note(8, facts(8, 1, 3, ended=True))

    assert places.timers(3) == 2


def test_a_catalyst_is_known_by_what_it_derives_from(places: Arrangement) -> None:
    assert places.sort(facts(7, 2)) == "catalyst"


def test_the_sibling_too_many_makes_a_crowd_of_all(places: Arrangement) -> None:
    moved = [places.note(number, facts(number, context=3)) for number in range(CROWD + 1)]

    assert not any(moved[:-1])
    assert moved[-1] == set(range(CROWD))
    assert places.parent(facts(0, context=3)) == ("crowd", 3, 0)


def test_a_crowd_stays_one_when_it_shrinks(places: Arrangement) -> None:
    for number in range(CROWD + 1):
        places.note(number, facts(number, context=3))
    for number in range(1, CROWD + 1):
        places.note(number, facts(number, context=3, ended=True))

    assert places.parent(facts(0, context=3)) == ("crowd", 3, 0)


def test_finished_siblings_are_gathered_when_they_are_too_many(places: Arrangement) -> None:
    moved = [places.note(number, facts(number, context=3, ended=True)) for number in range(FINISHED_SHOWN + 1)]

    assert moved[-1] == set(range(FINISHED_SHOWN))
    assert places.parent(facts(0, context=3, ended=True)) == ("finished", 3, 0)
    assert places.parent(facts(9, context=3)) == 3


def test_siblings_stand_by_birth_then_finished_ones_then_services() -> None:
    keys: list[Key] = [SERVICES, ("finished", TOP, 0), 9, 2, ("crowd", TOP, 1)]

    ordered = sorted(keys, key=lambda key: order(key, 5))

    assert ordered == [2, ("crowd", TOP, 1), 9, ("finished", TOP, 0), SERVICES]
