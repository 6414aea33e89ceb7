"""The Python of a project: found, asked, and what is said when it will not do. Real Pythons where they can be had."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tasktonic_studio.project.pythons import (
    PythonFacts,
    environment_of,
    facts_at_rest,
    judge,
    packages_of,
    program_in,
    why_broken,
    why_no_tests,
)
from tasktonic_studio.services.python_facts import facts_of


def answer(version: tuple[int, ...] = (3, 12, 4), tasktonic: str = "ours", pytest: bool = True) -> str:
    return json.dumps({"version": version, "tasktonic": tasktonic, "pytest": pytest})


def an_environment(project: Path, name: str) -> Path:
    folder = project / name
    folder.mkdir()
    (folder / "pyvenv.cfg").write_text("home = /gone/bin\nversion = 3.12.4\n", encoding="utf-8")
    return folder


def test_first_environment_that_is_one_is_taken(tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    an_environment(tmp_path, "env")
    an_environment(tmp_path, "venv")

    assert environment_of(tmp_path) == tmp_path / "venv"


def test_folder_without_an_environment_has_none(tmp_path: Path) -> None:
    assert environment_of(tmp_path) is None


def test_good_python_has_no_problem() -> None:
    facts = judge("/p/bin/python", ".venv", answer())

    assert (facts.words, facts.problem, facts.has_pytest) == ("Python 3.12.4 from .venv", "", True)


@pytest.mark.parametrize(
    "said,says",
    [
        (answer((3, 9, 1)), "too old for tasktonic, which needs 3.11 or later"),
        (answer(tasktonic="other"), "another package of the name TaskTonic, which is not this framework"),
        (answer(tasktonic=""), "what the project needs, or install tasktonic-studio from where you have it"),
        ("no json", "is no Python: it does not answer"),
        ("", "is no Python: it does not answer"),
        ('{"version": "x"}', "is no Python"),
    ],
)
def test_what_will_not_do_is_said(said: str, says: str) -> None:
    assert says in judge("/p/bin/python", ".venv", said).problem


def test_python_without_pytest_says_how_to_get_it() -> None:
    facts = judge("/p/bin/python", ".venv", answer(pytest=False))

    assert facts.problem == ""
    assert why_no_tests(facts).endswith(
        "has no pytest. Choose Project › Install what the project needs, or install it: /p/bin/python -m pip install pytest"
    )


def test_no_page_and_no_sentence_says_to_install_the_foreign_package() -> None:
    for tasktonic in ("other", ""):
        assert "pip install tasktonic" not in judge("/p/bin/python", ".venv", answer(tasktonic=tasktonic)).problem


def test_environment_whose_python_is_gone_is_said_to_be_broken(tmp_path: Path) -> None:
    folder = an_environment(tmp_path, ".venv")
    (folder / "bin").mkdir()
    program_in(folder).symlink_to("/gone/bin/python3")

    _, facts = facts_of(str(tmp_path))

    assert "is broken: its Python cannot be started" in facts.problem
    assert "/gone/bin" in facts.problem
    assert f"python3 -m venv {folder}" in facts.problem


@pytest.mark.parametrize("words", ["hello", r"\303\350"])
def test_program_that_is_no_python_is_said(tmp_path: Path, words: str) -> None:
    folder = an_environment(tmp_path, ".venv")
    (folder / "bin").mkdir()
    program = program_in(folder)
    program.write_text(f"#!/bin/sh\nprintf '{words}'\n", encoding="utf-8")
    program.chmod(0o755)

    assert "is no Python: it does not answer" in facts_of(str(tmp_path))[1].problem


def test_python_that_is_nowhere_is_said() -> None:
    assert "There is no Python /no/where" in why_broken(Path("/no/where"), None)


def test_opening_a_folder_runs_nothing_of_it(tmp_path: Path) -> None:
    folder = an_environment(tmp_path, ".venv")
    (folder / "bin").mkdir()
    program = program_in(folder)
    program.write_text(f"#!/bin/sh\ntouch {tmp_path / 'ran'}\n", encoding="utf-8")
    program.chmod(0o755)

    facts = facts_at_rest(tmp_path)

    assert (facts.words, facts.problem, facts.was_asked) == ("Python 3.12.4 from .venv", "", False)
    assert not (tmp_path / "ran").exists()
    (folder / "pyvenv.cfg").write_text("version_info = 3.9.2.final.0\n", encoding="utf-8")
    assert "is too old for tasktonic" in facts_at_rest(tmp_path).problem


def test_module_of_the_project_is_not_imported_by_the_question(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('imported')", encoding="utf-8")

    assert facts_of(str(tmp_path))[1].problem == ""


def test_project_without_an_environment_is_run_by_the_python_of_the_studio(tmp_path: Path) -> None:
    _, facts = facts_of(str(tmp_path))

    assert facts == PythonFacts("", "", ".".join(map(str, sys.version_info[:3])), True, was_asked=True)
    assert facts.words.endswith("of the Studio")


def test_foreign_package_is_known_by_what_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = tmp_path / "elsewhere" / "TaskTonic"
    foreign.mkdir(parents=True)
    (foreign / "__init__.py").write_text("raise SystemExit('it must not be imported')", encoding="utf-8")
    (foreign.parent / "tasktonic").mkdir()
    (foreign.parent / "tasktonic" / "__init__.py").write_text("raise SystemExit('nor this')", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(foreign.parent))

    assert "another package of the name TaskTonic" in facts_of(str(tmp_path))[1].problem


@pytest.mark.parametrize("place", ["lib/python3.12/site-packages", "Lib/site-packages"])
def test_what_is_installed_is_found_where_each_system_has_it(tmp_path: Path, place: str) -> None:
    assert packages_of(tmp_path) == []
    (tmp_path / ".venv" / place).mkdir(parents=True)
    assert packages_of(tmp_path) == []
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("", encoding="utf-8")

    assert packages_of(tmp_path) == [tmp_path / ".venv" / place]
