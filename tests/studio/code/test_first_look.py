"""The first look through a project reads what can have to do with tonics, and keeps no more of it than is asked for."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tasktonic_studio.code import sources
from tasktonic_studio.code.glance import Wanted, glance
from tasktonic_studio.code.sources import Sources
from tasktonic_studio.code.tonics import Tonics
from tests.studio.code.conftest import Ask


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were read as Python."""
    read: list[str] = []
    real = sources._tree_of
    monkeypatch.setattr(sources, "_tree_of", lambda text: (read.append(text), real(text))[1])
    return read


def test_a_file_that_mentions_nothing_of_the_framework_is_not_read_as_python(project: Path, parsed: list[str]) -> None:
    (project / "plain.py").write_text("class Plain(dict):\n    def open(self): getattr(self, 'http')\n")

    everything = Tonics(Sources(str(project))).everything()

    assert {it.name for it in everything} == {"Door", "Gate", "Window", "House", "App"}
    assert not [text for text in parsed if "Plain" in text]


@pytest.mark.parametrize(
    "text, name",
    [
        ("from pkg.door import Door\nclass Back(Door): ...\n", "Back"),
        ("import pkg.door as d\nclass Back(\n    d.Door,\n    metaclass=type(d),\n): ...\n", "Back"),
        ("from pkg.door import Door as D\n\nclass Back(D):\n    pass\n", "Back"),
    ],
)
def test_a_class_that_is_based_on_a_tonic_is_found_though_its_file_does_not_look_like_it(
    project: Path, text: str, name: str
) -> None:
    (project / "back.py").write_text(text)
    (project / "aback.py").write_text("from pkg.back import Back\nclass Aback(Back): ...\n")
    assert not glance(text).is_marked

    tonics = Tonics(Sources(str(project)))
    found = {it.name: it for it in tonics.everything()}

    assert {name, "Aback"} <= set(found)
    assert [it.name for it in tonics.order(found["Aback"])][:2] == ["Aback", "Back"]


def test_of_a_class_only_sparkles_with_arguments_and_words_and_states_are_kept_and_all_can_be_had(
    project: Path,
) -> None:
    tonics = Tonics(Sources(str(project)))
    found = {it.name: it for it in tonics.everything()}

    house, door = found["House"], found["Door"]
    assert list(house.methods) == ["ttse__on_start"]
    assert house.methods["ttse__on_start"].body == []
    assert ast.get_docstring(door.methods["ttsc_closed__open"]) == "Open it."
    assert list(door.values) == ["_tt_states"]
    assert list(house.attributes) == ["door", "gate", "windows"]
    assert "__init__" in ast.unparse(house.whole)


def test_whole_trees_of_the_last_files_only_are_kept(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_TREES", 1)
    known = Sources(str(project))

    Tonics(known).everything()

    assert len(known._trees) == 1


def test_mentions_are_looked_for_while_a_file_is_read_anyway(ask: Ask, parsed: list[str]) -> None:
    from tasktonic_studio.code.calling import callers_of

    question = ask("door", "def ttsc_closed__op")
    question.sources.expect(["open"])

    assert len(callers_of(question).found) == 4
    assert len(parsed) == len(set(parsed))


@pytest.mark.parametrize(
    "text, is_marked, is_in",
    [
        ("self.ttsc__open()", True, True),
        ('self.to_state("open")', True, True),
        ("ttsc__opened, reopen, opening", True, False),
        ("open(file)", False, False),
        ("till_state_in=['open']", False, True),
        ('f"open{1}"', False, True),
    ],
)
def test_a_file_is_looked_through_for_a_name_that_it_has_as_a_whole(text: str, is_marked: bool, is_in: bool) -> None:
    assert Wanted("open", is_state=False).is_in(text, is_marked=is_marked) == is_in


def test_a_state_stands_in_the_middle_of_a_name_too() -> None:
    assert Wanted("open", is_state=True).is_in("def ttsc_open__close", is_marked=True)
    assert not Wanted("open", is_state=False).is_in("def ttsc_open__close", is_marked=True)
