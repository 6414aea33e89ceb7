"""Renaming a sparkle or a state: every change there would be, what is left, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasktonic_studio.code.renaming import Renaming, rename
from tests.studio.code.conftest import DOOR, Ask


def changes(renaming: Renaming) -> list[tuple[str, int, str, str, bool]]:
    return [(it.place.file.rpartition("/")[2], it.place.line, it.old, it.new, it.is_sure) for it in renaming.changes]


def test_a_sparkle_is_renamed_in_every_state_subclass_and_call(ask: Ask) -> None:
    renaming = rename(ask("house", "self.door.ttsc__op"), "swing")

    assert (renaming.subject, renaming.old, renaming.problem) == ("ttsc__open of Door, Gate", "open", "")
    assert changes(renaming) == [
        ("door.py", 12, "ttsc_closed__open", "ttsc_closed__swing", True),
        ("door.py", 16, "ttsc__open", "ttsc__swing", True),
        ("door.py", 30, "ttsc_closed__open", "ttsc_closed__swing", True),
        ("door.py", 31, "ttsc_closed__open", "ttsc_closed__swing", True),
        ("house.py", 22, "ttsc__open", "ttsc__swing", True),
        ("house.py", 23, "ttsc_closed__open", "ttsc_closed__swing", True),
        ("house.py", 26, "ttsc__open", "ttsc__swing", False),
    ]


def test_a_state_is_renamed_in_method_names_texts_and_comparisons(ask: Ask) -> None:
    renaming = rename(ask("door", "def ttsc_op"), "ajar")

    assert changes(renaming) == [
        ("door.py", 14, "open", "ajar", True),
        ("door.py", 19, "ttsc_open__close", "ttsc_ajar__close", True),
        ("door.py", 22, "ttse_open__on_enter", "ttse_ajar__on_enter", True),
        ("house.py", 28, "open", "ajar", True),
        ("house.py", 29, "open", "ajar", True),
    ]


@pytest.mark.parametrize(
    "behind, new, name", [("def ttsc_op", "in", "ttsc_in__close"), ("def ttsc_open__cl", "with", "ttsc_open__with")]
)
def test_a_word_of_python_is_a_name_like_any_other(ask: Ask, behind: str, new: str, name: str) -> None:
    renaming = rename(ask("door", behind), new)

    assert renaming.problem == ""
    assert name in [change.new for change in renaming.changes]


def test_a_listed_state_is_renamed_where_it_is_listed(ask: Ask) -> None:
    renaming = rename(ask("door", '_tt_states = ("jam'), "stuck")

    assert changes(renaming) == [("door.py", 7, "jammed", "stuck", True)]


def test_what_is_put_together_at_run_time_is_listed_and_not_changed(ask: Ask) -> None:
    of_state = rename(ask("door", "def ttsc_op"), "ajar")
    of_sparkle = rename(ask("door", "def ttsc_open__cl"), "shut")

    assert [(place.text, why) for place, why in of_state.left] == [
        ('self.to_state(self.name + "ed")', "a name that is put together while the program runs"),
        ('getattr(self.door, "ttsc__" + "close")()', "a name that is put together while the program runs"),
    ]
    assert 'getattr(self.door, "ttsc__" + "close")()' in [place.text for place, _why in of_sparkle.left]


def test_what_may_be_meant_by_a_text_is_listed_and_not_changed(ask: Ask) -> None:
    renaming = rename(ask("door", text=DOOR + 'NAMES = ["locked"]\n# |\n'.replace("# |\n", "") + "|"), "x")
    assert renaming.problem == "Put the caret on the name of a sparkle or of a state: those are renamed here."

    renaming = rename(
        ask("door", text=DOOR.replace("def ttsc_locked", "def ttsc_loc|ked") + 'NAMES = ["locked"]\n'), "shut"
    )

    assert ('NAMES = ["locked"]', "a text that may mean it") in [(place.text, why) for place, why in renaming.left]


TEST_OF_A_DOOR = """\
def test_it_opens(distiller):
    trace = distiller.sparkle(till_state_in=["open", "jammed"])
    more = distiller.sparkle(contract={"tonics": {"door": {"till_sparkle_in": "ttsc_closed__open"}}})
    assert trace["sparkle"] == "ttse_open__on_enter" and more["state"] == "open"
    assert "ttsc_open__close" in more
"""


def test_a_state_is_renamed_in_what_a_test_awaits_and_in_names_that_are_texts(ask: Ask, project: Path) -> None:
    (project / "test_door.py").write_text(TEST_OF_A_DOOR)

    of_state = rename(ask("door", '_tt_states = ("jam'), "stuck")
    of_open = rename(ask("door", "def ttsc_op"), "ajar")

    assert changes(of_state)[-1] == ("test_door.py", 2, "jammed", "stuck", True)
    # Window has a state open as well: whose it is in a test nobody knows.
    assert [it for it in changes(of_open) if it[0] == "test_door.py"] == [
        ("test_door.py", 2, "open", "ajar", False),
        ("test_door.py", 4, "ttse_open__on_enter", "ttse_ajar__on_enter", False),
        ("test_door.py", 5, "ttsc_open__close", "ttsc_ajar__close", False),
    ]
    assert [place.line for place, why in of_open.left if place.file.endswith("test_door.py")] == [4]


def test_a_sparkle_is_renamed_in_texts_that_are_its_name(ask: Ask, project: Path) -> None:
    (project / "test_door.py").write_text(TEST_OF_A_DOOR)

    renaming = rename(ask("door", "def ttsc_locked__unl"), "free")
    of_open = rename(ask("door", "def ttsc_closed__op"), "swing")

    assert [it for it in changes(renaming) if it[0] == "test_door.py"] == []
    assert [it for it in changes(of_open) if it[0] == "test_door.py"] == [
        ("test_door.py", 3, "ttsc_closed__open", "ttsc_closed__swing", False)
    ]


def test_without_a_new_name_it_says_what_would_be_renamed(ask: Ask) -> None:
    assert rename(ask("door", "def ttsc_open__cl"), "") == ("ttsc__close of Door, Gate", "close", "", [], [], "")


@pytest.mark.parametrize(
    "behind, new, sentence",
    [
        ("def ttsc_op", "closed", "Door has a state closed already."),
        ("def ttsc_op", "a__b", "A state has no double underscore in its name"),
        ("def ttsc_open__cl", "open", "Door has a sparkle ttsc__open already."),
        ("def ttsc_open__cl", "1a", "'1a' cannot be a name: letters, digits and underscores, and no digit first."),
        ("def ttsc_open__cl", "close", "It is named close already."),
        ("def ttsc_open__cl", "_close", "The name of a sparkle does not begin with an underscore."),
        ("def ttse__on_st", "begin", "ttse__on_start is called by the framework, under this name only."),
        ("class Do", "x", "Put the caret on the name of a sparkle or of a state: those are renamed here."),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_a_sentence(ask: Ask, behind: str, new: str, sentence: str) -> None:
    renaming = rename(ask("door", behind), new)

    assert renaming.problem.startswith(sentence)
    assert renaming.changes == []


def test_a_call_of_nobody_known_cannot_say_what_to_rename(ask: Ask) -> None:
    renaming = rename(ask("house", "self.mystery.ttsc__op"), "x")

    assert renaming.problem.startswith(
        "It cannot be told which class has ttsc__open: put the caret where it is defined"
    )
