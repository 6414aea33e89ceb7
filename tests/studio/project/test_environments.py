"""What is installed into the environment of a project, and why it may not be: sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasktonic_studio.project.environments import Needs, needs_of, ready_words, why_not_installed, why_not_made
from tasktonic_studio.project.pythons import PythonFacts

NO_NETWORK = """\
WARNING: Retrying (Retry(total=4, connect=None, read=None, redirect=None, status=None)) after connection broken by
'NewConnectionError("HTTPSConnection(host='pypi.org', port=443): Failed to establish a new connection: [Errno -3] Temporary failure
in name resolution")': /simple/pytest/
ERROR: Could not find a version that satisfies the requirement pytest (from versions: none)
ERROR: No matching distribution found for pytest
"""


def test_project_without_lists_needs_nothing(tmp_path: Path) -> None:
    assert needs_of(tmp_path) == Needs()


def test_both_lists_of_a_project_count(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("numpy\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["attrs>=23", "--pre"]\n', encoding="utf-8")

    assert needs_of(tmp_path) == Needs(
        ("-r", str(tmp_path / "requirements.txt"), "attrs>=23"), "requirements.txt and pyproject.toml"
    )


@pytest.mark.parametrize("line", ["tasktonic", "TaskTonic==1.2", "TASKTONIC [x] ; python_version > '3'"])
def test_foreign_package_of_the_same_name_is_not_installed(tmp_path: Path, line: str) -> None:
    (tmp_path / "requirements.txt").write_text(f"# tasktonic\nnumpy\n{line}\n", encoding="utf-8")

    needs = needs_of(tmp_path)

    assert needs.arguments == ()
    assert needs.problem.startswith(
        "requirements.txt asks for tasktonic, and the package of that name is not this framework."
    )


@pytest.mark.parametrize(
    "line", ["tasktonic-studio[qt]", "./tasktonic", "tasktonic/sub", "-e tasktonic", "# tasktonic"]
)
def test_what_only_looks_like_it_is_installed(tmp_path: Path, line: str) -> None:
    (tmp_path / "requirements.txt").write_text(f"{line}\n", encoding="utf-8")

    assert needs_of(tmp_path).problem == ""


@pytest.mark.parametrize(
    "text,says",
    [
        ("[project", "What the project needs cannot be read: "),
        ("x = " + "[" * 5_000, "What the project needs cannot be read: "),
        ('[project]\ndependencies = "numpy"\n', "'dependencies' in {file} is no list of texts"),
        ("\xff", "What the project needs cannot be read: "),
    ],
)
def test_list_that_cannot_be_read_is_said(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text(text, encoding="latin-1")

    assert says.format(file=file) in needs_of(tmp_path).problem


@pytest.mark.parametrize(
    "said,says",
    [
        (NO_NETWORK, "the package index cannot be reached from here. Try again when there is a network"),
        ("ERROR: No matching distribution found for nonsense==9\n", "there is no nonsense==9 for this Python."),
        ("/p/python: No module named pip\n", "the environment has no pip."),
        ("OSError: [Errno 28] No space left on device\n", "the disk is full."),
        ("ERROR: Invalid requirement: 'a b': Expected end\nERROR: more\n", "Invalid requirement: 'a b': Expected end."),
        ("", "pip exit code 2."),
    ],
)
def test_why_it_could_not_be_installed_is_a_sentence(said: str, says: str) -> None:
    assert why_not_installed("pytest", said, "exit code 2").startswith(f"pytest could not be installed: {says}")


def test_why_it_could_not_be_made_is_a_sentence(tmp_path: Path) -> None:
    said = "The virtual environment was not created successfully because ensurepip is not available."

    assert why_not_made(tmp_path, said).endswith("On Debian and Ubuntu it needs: apt install python3-venv")
    assert why_not_made(tmp_path, "") == f"The environment {tmp_path} could not be made: venv said nothing."


def test_what_is_in_it_is_said() -> None:
    facts = PythonFacts("/p", ".venv", "3.12.4")

    assert ready_words(facts, ["tasktonic", "pytest"]) == (
        "The environment .venv is ready: Python 3.12.4 with tasktonic and pytest."
    )
    assert ready_words(facts, []) == "The environment .venv is ready: Python 3.12.4."
