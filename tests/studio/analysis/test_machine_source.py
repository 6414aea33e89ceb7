"""What a class's source says of its states: literals, choices, helpers, and what cannot be told."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tasktonic_studio.analysis.files import MOST_CHARACTERS, Files
from tasktonic_studio.analysis.machine_source import Exit, read_machine
from tests.studio.analysis.doors import MAIN, read, ways


def test_a_literal_says_where_a_handler_leads() -> None:
    machine = read(
        """
        class Door(ttTonic):
            def ttsc_open__close(self):
                self.to_state("closed")
        """
    )

    assert machine.exits == (Exit("ttsc_open__close", "ttsc__close", "open", "closed", "to", MAIN, 4),)
    assert machine.problems == ()


def test_a_handler_without_a_state_leads_there_from_any() -> None:
    machine = read(
        """
        class Door(ttTonic):
            def ttsc__lock(self):
                self.to_state(state="locked")
        """
    )

    assert ways(machine) == [("", "ttsc__lock", "locked", "to")]


@pytest.mark.parametrize("method", ["ttse__on_start", "__init__"])
def test_what_runs_first_leaves_no_state(method: str) -> None:
    machine = read(
        f"""
        class Door(ttTonic):
            def {method}(self):
                self.to_state("closed")
        """
    )

    assert ways(machine) == [("--", method, "closed", "to")]


@pytest.mark.parametrize(
    "expression",
    ['"a" if self.x else "b"', 'where or "b"', "(where if self.x else OTHER)", "Door.FIRST if y else self.SECOND"],
)
def test_a_choice_between_literals_leads_to_each(expression: str) -> None:
    machine = read(
        f"""
        OTHER = "b"

        class Door(ttTonic):
            FIRST = "a"
            SECOND = "b"

            def ttsc_c__go(self, y):
                where = "a"
                self.to_state({expression})
        """
    )

    assert sorted(ways(machine)) == [("c", "ttsc__go", "a", "to"), ("c", "ttsc__go", "b", "to")]


def test_branches_of_a_handler_all_count() -> None:
    machine = read(
        """
        class Door(ttTonic):
            def ttsc_c__go(self, y):
                match y:
                    case 1:
                        self.to_state("a")
                    case _:
                        for _ in range(3):
                            try:
                                self.to_state("b")
                            finally:
                                self.to_state(-1)
        """
    )

    assert [it[2] for it in ways(machine)] == ["a", "b", "--"]


def test_a_parameter_is_computed_with_an_unknown_target() -> None:
    machine = read(
        """
        class Door(ttTonic):
            def ttsc_c__go(self, where):
                self.to_state(where)
        """
    )

    assert ways(machine) == [("c", "ttsc__go", "", "computed")]


@pytest.mark.parametrize(
    "expression",
    [
        "NEXT[self.get_current_state_name()]",
        "self.NEXT.get(x, 'a')",
        "random.choice(['a', 'b'])",
        "self.wanted",
        "{1: 'a', 2: 'b'}[x]",
    ],
)
def test_a_computed_target_names_those_that_are_possible(expression: str) -> None:
    machine = read(
        f"""
        NEXT = {{"a": "b", "b": "a"}}

        class Door(ttTonic):
            NEXT = {{"a": "b", "b": "a"}}

            def __init__(self, x):
                self.wanted = "a"

            def ttsc__want(self):
                self.wanted = "b"

            def ttsc_c__go(self, x):
                self.to_state({expression})
        """
    )

    assert sorted(ways(machine)) == [("c", "ttsc__go", "a", "computed"), ("c", "ttsc__go", "b", "computed")]


def test_a_helper_is_followed() -> None:
    machine = read(
        """
        class Door(ttTonic):
            def ttsc_open__close(self):
                self.shut()

            def shut(self):
                self.really_shut()

            def really_shut(self):
                self.to_state("closed")
        """
    )

    assert machine.exits == (Exit("ttsc_open__close", "ttsc__close", "open", "closed", "to", MAIN, 10, "really_shut"),)


def test_a_helper_gets_what_it_is_called_with() -> None:
    machine = read(
        """
        class Door(ttTonic):
            def ttsc_open__close(self):
                self.go("closed")

            def ttsc_closed__open(self):
                self.go(where="open")

            def ttsc_open__break(self):
                self.go()

            def go(self, where="broken"):
                self.to_state(where)
        """
    )

    assert sorted(ways(machine)) == [
        ("closed", "ttsc__open", "open", "to"),
        ("open", "ttsc__break", "broken", "to"),
        ("open", "ttsc__close", "closed", "to"),
    ]


def test_helpers_that_call_each_other_end() -> None:
    machine = read(
        """
        class Door(ttTonic):
            def ttsc__go(self):
                self.ping(1)

            def ping(self, n):
                self.pong(n + 1)

            def pong(self, n):
                self.ping(n)
                self.to_state("a")
        """
    )

    assert ways(machine) == [("", "ttsc__go", "a", "to")]


def test_a_called_sparkle_is_not_followed() -> None:
    machine = read(
        """
        class Door(ttTonic):
            def ttsc_open__close(self):
                self.tts__shut()

            def tts__shut(self):
                self.to_state("closed")
        """
    )

    assert ways(machine) == [("", "tts__shut", "closed", "to")]


def test_a_method_for_others_leads_there_from_any_state() -> None:
    machine = read(
        """
        class Door(ttTonic):
            def slam(self):
                self.to_state("closed")
        """
    )

    assert ways(machine) == [("", "slam", "closed", "to")]


def test_the_state_of_another_tonic_is_not_ours() -> None:
    machine = read(
        """
        class Door(ttTonic):
            def ttsc_open__close(self, lock):
                lock.to_state("locked")
                self.lock.to_state("locked")
        """
    )

    assert machine.exits == ()


def test_entering_anew_is_told() -> None:
    machine = read(
        """
        class Door(ttTonic):
            def ttsc_open__again(self):
                self.reenter_current_state()
        """
    )

    assert ways(machine) == [("open", "ttsc__again", "open", "again")]


def test_numbers_of_states_are_their_names() -> None:
    machine = read(
        """
        class Door(ttTonic):
            def ttsc_open__close(self):
                self.to_state(0)
                self.to_state(7)
        """,
        states=("closed", "open"),
    )

    assert [it[2] for it in ways(machine)] == ["closed", "7"]


def test_self_may_have_another_name() -> None:
    machine = read(
        """
        class Door(ttTonic):
            def ttsc_open__close(me):
                me.to_state("closed")
        """
    )

    assert ways(machine) == [("open", "ttsc__close", "closed", "to")]


# ---- what cannot be read -------------------------------------------------------------------------------------------


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    gone = str(tmp_path / "gone.py")

    machine = read_machine(Files(), gone, "Door")

    assert machine.problems == (f"{gone} cannot be read: No such file or directory.",)


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("class Door(:\n", "/app/door.py is not valid Python: invalid syntax, line 1."),
        ("class Other: pass\n", "There is no class Door in /app/door.py any more."),
        ("a = 1\0\n", "/app/door.py is not valid Python: source code string cannot contain null bytes, line 0."),
        (" " * (MOST_CHARACTERS + 1), "/app/door.py is too long to be looked through."),
    ],
)
def test_a_file_that_cannot_be_understood_is_said(text: str, sentence: str) -> None:
    machine = read_machine(Files({MAIN: text}), MAIN, "Door")

    told = sentence if sys.version_info >= (3, 12) or "null" not in sentence else machine.problems[0]
    assert machine.problems == (told,)
    assert machine.exits == ()


def test_source_that_is_nested_too_deep_is_said() -> None:
    machine = read_machine(Files({MAIN: "a = " + "(" * 50_000}), MAIN, "Door")

    assert len(machine.problems) == 1
    assert machine.problems[0].startswith("/app/door.py ")


def test_a_class_without_a_file_is_said() -> None:
    assert read_machine(Files(), "", "Door").problems == ("It is not known in which file the class Door stands.",)


def test_nothing_of_the_source_is_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    (tmp_path / "door.py").write_text(f"open({str(mark)!r}, 'w')\nclass Door:\n pass\n")

    read_machine(Files(), str(tmp_path / "door.py"), "Door")

    assert not mark.exists()


def test_helpers_in_many_layers_do_not_take_for_ever() -> None:
    layers = "".join(
        f"    def a{n}(self, x):\n        self.a{n + 1}(0)\n        self.a{n + 1}(1)\n        self.a{n + 1}(x)\n"
        for n in range(24)
    )
    text = f"class Door:\n    def ttsc__go(self):\n        self.a0('s')\n{layers}    def a24(self, x): self.to_state('end')\n"

    machine = read_machine(Files({MAIN: text}), MAIN, "Door")

    assert ways(machine) == [("", "ttsc__go", "end", "to")]


def test_more_calls_than_can_be_followed_are_said() -> None:
    layers = "".join(
        f"    def a{n}(self, x):\n" + "".join(f"        self.a{n + 1}('{way}{n}')\n" for way in range(6))
        for n in range(7)
    )
    last = "    def a7(self, x): self.to_state('end')\n"
    handlers = "".join(f"    def ttsc__go{n}(self):\n        self.a0('{n}')\n" for n in range(600))

    machine = read_machine(Files({MAIN: f"class Door:\n{handlers}{layers}{last}"}), MAIN, "Door")

    assert machine.problems == ("The methods of Door call each other in so many ways that not all were followed.",)
