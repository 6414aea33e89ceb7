"""The small language of facts and conditions, and what a run says to them."""

from __future__ import annotations

import pytest

from tasktonic_studio.lessons.actions import read_action
from tasktonic_studio.lessons.facts import FACTS, RELATIONS, is_same, read_condition, read_fact
from tasktonic_studio.lessons.looking import look_up
from tasktonic_studio.lessons.problems import WrittenWrong
from tasktonic_studio.session.session import Session
from tests.helpers.lesson_hands import Hands

PROGRAM = """\
from tasktonic import ttFormula, ttStore, ttTimerSingleShot, ttTonic


class Lamp(ttTonic):
    _tt_states = ["dark"]

    def ttse__on_start(self):
        self.store = self.bind(ttStore)
        self.store.set("lamp/on", True)
        self.log("here I am")
        self.to_state("bright")

    def ttse_bright__on_enter(self):
        self.bind(ttTimerSingleShot, 2.0)

    def ttse__on_timer(self, info):
        self.to_state("dark")

    def ttsc__dim(self, percent):
        raise ValueError(percent)


class App(ttFormula):
    def creating_starting_tonics(self):
        Lamp(name="lamp")


App()
"""


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> object:
    """What is known of a lamp that has gone dark, and then failed."""
    file = tmp_path_factory.mktemp("lamp") / "lamp.py"
    file.write_text(PROGRAM)
    hands = Hands(file)
    for text in ("distil", "run", "call lamp.ttsc__dim(30)", "run"):
        hands.do(read_action(text))
    found = hands.known()
    hands.close()
    return found


@pytest.mark.parametrize(
    "fact, value",
    [
        ("sparkle 1", "ttse__on_start"),
        ("sparkle 1 of lamp", "ttse__on_start"),
        ("sparkles 1 to 2", "ttse__on_start, ttse__on_timer"),
        ("sparkle 4", None),
        ("last sparkle", "ttsc__dim"),
        ("last sparkle of Lamp", "ttsc__dim"),
        ("runs of ttse__on_timer", "1"),
        ("runs of lamp.ttsc__dim", "1"),
        ("runs of other.ttsc__dim", "0"),
        ("arguments of sparkle 3", "percent=30"),
        ("caller of sparkle 2", "03.ttTimerSingleShot"),
        ("state of lamp", "dark"),
        ("states of lamp", "bright, dark"),
        ("life of lamp", "alive"),
        ("life of moon", "not born"),
        ("catalyst of lamp", "main_catalyst"),
        ("number of Lamp", "1"),
        ("store lamp/on", "True"),
        ("store lamp/off", "nothing"),
        ("log line 1", "here I am"),
        ("log", "here I am"),
        ("seconds", "2"),
        ("waiting", "0"),
        ("errors", "1"),
        ("source", "the text"),
    ],
)
def test_a_fact_is_looked_up_in_the_run(known: object, fact: str, value: str | None) -> None:
    assert look_up(read_fact(fact), known, "the text") == value  # type: ignore[arg-type]


def test_before_anything_runs_a_fact_cannot_be_said() -> None:
    live = Session().live

    assert look_up(read_fact("state of lamp"), live) is None
    assert look_up(read_fact("app"), live) == "none"


@pytest.mark.parametrize(
    "condition, found, holds",
    [
        ("state of a is red", "red", True),
        ("state of a is red", "RED", True),
        ("state of a is not red", "red", False),
        ("runs of x is 3", "3.0", True),
        ("runs of x is at least 3", "10", True),
        ("runs of x is at most 3", "10", False),
        ("runs of x is at least 3", "many", False),
        ("log has b\\nc", "a\nb\nc", True),
        ("log has no z", "a", True),
        ("store a is 'x y'", "x y", True),
        ("state of a is not red", None, False),
    ],
)
def test_a_condition_holds_or_not(condition: str, found: str | None, holds: bool) -> None:
    assert read_condition(condition).holds(found) is holds


def test_every_fact_of_the_list_can_be_written() -> None:
    for shown in FACTS:
        read_fact(shown.replace(" N", " 1").replace(" M", " 2"))
    assert {read_condition(f"app {relation} 3").relation for relation in RELATIONS} == set(RELATIONS)


@pytest.mark.parametrize("text", ["", "sparkle", "sparkle 0", "sparkles 3 to 2", "import os", "__class__", "state of"])
def test_what_is_no_fact_is_refused(text: str) -> None:
    with pytest.raises(WrittenWrong):
        read_fact(text)


def test_numbers_are_the_same_however_they_are_written() -> None:
    assert is_same("1.50", "1.5")
    assert not is_same("1.5", "nan")
