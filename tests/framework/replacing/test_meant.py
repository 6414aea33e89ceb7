"""Replacing code where several classes have a method of one name: what stays of one keeps none of the others from being replaced."""

from __future__ import annotations

from typing import Any

import pytest

from tasktonic import ttFormula, ttTonic
from tasktonic.replacing import prepare
from tests.framework.replacing.house import Load

KITCHEN = """\
import functools

from tasktonic import ttTonic

STEP = 1


class Lamp:
    def turn(self, far):
        return far

    def hum(self):
        return "hum"


class Door(ttTonic):
    def __init__(self, **given):
        super().__init__(**given)
        self.lamp = Lamp()

    def turn(self, far, step=2):
        return far

    def ttsc__open(self):
        self.lamp.turn(1)


class Kettle(Lamp):
    def pour(self):
        return self.turn(1)


def shine(lamp):
    return lamp.turn(1)
"""
STAYS = ("step=2", "step=STEP")  # no plain literal: it begins with a restart
TURNS = ("def turn(self, far):", "def turn(self, far, how, often):")


@pytest.fixture
def kitchen(load: Load) -> tuple[Any, str]:
    """A module that runs, and its path."""
    return load(KITCHEN)


def planned(path: str, *edits: tuple[str, str]) -> tuple[list[str], dict[str, str]]:
    """What is replaced, and what is kept, each with the reason."""
    text = KITCHEN
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    plan = prepare(path, text, KITCHEN).plan
    return plan.replaced(), {row.what: row.why for row in plan.kept}


def test_its_own_method_is_not_the_one_of_a_class_that_it_has_nothing_to_do_with(kitchen: tuple[Any, str]) -> None:
    replaced, kept = planned(kitchen[1], STAYS, TURNS, ("return self.turn(1)", "return self.turn(1, 2, 3)"))

    assert replaced == ["Lamp.turn", "Kettle.pour"]
    assert list(kept) == ["Door.turn"]


def test_what_is_called_on_something_that_may_be_of_that_class_stays(kitchen: tuple[Any, str]) -> None:
    replaced, kept = planned(kitchen[1], STAYS, TURNS, ("return lamp.turn(1)", "return lamp.turn(1, 2, 3)"))

    assert replaced == []
    assert kept["shine"] == "it calls Door.turn in a new way, which stays as it was"
    assert kept["Lamp.turn"] == "shine, which stays as it was, calls it with the old arguments"


def test_of_what_lives_it_is_known_what_its_attributes_are(kitchen: tuple[Any, str]) -> None:
    module, path = kitchen
    edits = (STAYS, TURNS, ("self.lamp.turn(1)", "self.lamp.turn(1, 2, 3)"))
    found: list[Any] = [planned(path, *edits)]

    class Walker(ttTonic):
        def ttse__on_start(self) -> None:
            door = module.Door()
            found.append(planned(path, *edits))
            door.lamp = door
            found.append(planned(path, *edits))
            del door.lamp
            found.append(planned(path, *edits))
            door.finish()
            self.finish()

    class App(ttFormula):
        def creating_formula(self) -> dict[str, Any]:
            return {"tasktonic/log/to": "off"}

        def creating_starting_tonics(self) -> None:
            Walker()

    App()

    unknown, lamp, door, gone = found
    assert lamp == (["Lamp.turn", "Door.ttsc__open"], {"Door.turn": lamp[1]["Door.turn"]})
    assert unknown == gone
    assert (gone[0], door[0]) == ([], ["Lamp.turn"])
    for kept in (gone[1], door[1]):
        assert kept["Door.ttsc__open"] == "it calls Door.turn in a new way, which stays as it was"


def test_something_new_that_is_refused_keeps_only_who_may_use_it(kitchen: tuple[Any, str]) -> None:
    new = "    @functools.cache\n    def hum(self):\n        return 1\n\n    def ttsc__open(self):\n        self.hum()"
    replaced, kept = planned(
        kitchen[1],
        ("    def ttsc__open(self):", new),
        ("return self.turn(1)", "return self.hum()"),
        ("return lamp.turn(1)", "return lamp.hum()"),
    )

    assert replaced == ["Kettle.pour"]
    why = "it uses 'hum', which is new and begins with a restart"
    assert (kept["Door.ttsc__open"], kept["shine"]) == (why, why)


def test_it_is_not_said_that_code_may_call_what_it_cannot_mean(kitchen: tuple[Any, str]) -> None:
    text = KITCHEN.replace(*STAYS).replace("return self.turn(1)", "return self.turn(2)")

    plan = prepare(kitchen[1], text, KITCHEN).carry_out().plan

    assert plan.replaced() == ["Kettle.pour"]
    assert plan.notes == []


def test_a_function_of_the_module_is_no_method(kitchen: tuple[Any, str]) -> None:
    replaced, kept = planned(
        kitchen[1],
        ("def shine(lamp):", "def shine(lamp, how=STEP):"),
        ('return "hum"', 'return "hum".join(self.shine(1, 2, 3))'),
        ("return self.turn(1)", "return shine(self, 5, 6)"),
    )

    assert replaced == ["Lamp.hum"]
    assert kept["Kettle.pour"] == "it calls shine in a new way, which stays as it was"
