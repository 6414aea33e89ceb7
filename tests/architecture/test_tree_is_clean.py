"""What no file of the repository may hold."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# What is made on the spot and ignored by git; the folders of tools and editors all begin with a dot.
MADE_ON_THE_SPOT = {"__pycache__", "build", "dist", "htmlcov"}
OF_THE_PROJECT = {".ci", ".gitignore"}

# A name in these tells nothing about what is inside.
NAMES_WITHOUT_A_CONCEPT = {"utils.py", "util.py", "misc.py", "helpers.py", "common.py", "manager.py"}

# Written in pieces: this file is looked at as well.
A_MACHINE_PATH = re.compile(r"(?<![\w.~}])/(?:work|opt|root)/\w")
A_NOTE_TO_ONESELF = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
AN_INDEX = re.compile(r"https?://|--(?:extra-)?index-url|--find-links|file:/")


def files_of_the_project() -> Iterator[Path]:
    """Walk what git would keep. Without git: a bare machine has none."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [
            name
            for name in folders
            if name not in MADE_ON_THE_SPOT
            and not name.endswith(".egg-info")
            and (name in OF_THE_PROJECT or not name.startswith("."))
        ]
        for name in names:
            if name in OF_THE_PROJECT or not name.startswith("."):
                yield Path(folder, name)


def text_files() -> list[tuple[str, str]]:
    """Give every text file of the project: its path from the root, and what is in it."""
    texts = []
    for path in files_of_the_project():
        try:
            texts.append((path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue  # a picture, a recorded trace
    return texts


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()}"
        for path, text in text_files()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_path_of_one_machine() -> None:
    assert lines_with(A_MACHINE_PATH) == []


def test_no_file_holds_a_note_to_oneself() -> None:
    assert lines_with(A_NOTE_TO_ONESELF) == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_lock_names_no_index(lock: str) -> None:
    assert not AN_INDEX.search((ROOT / lock).read_text(encoding="utf-8"))


def test_both_locks_agree_on_every_version() -> None:
    def pins(lock: str) -> set[str]:
        lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
        return {line.rstrip("\\ ") for line in lines if re.match(r"[a-z0-9-]+==", line)}

    assert pins("requirements.lock") <= pins("requirements-test.lock")


def test_every_locked_package_has_a_hash() -> None:
    for lock in ("requirements.lock", "requirements-test.lock"):
        entries = re.split(r"^(?=[a-z0-9-]+==)", (ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
        assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_names_of_files_say_what_is_inside() -> None:
    packages = ("tasktonic/", "tasktonic_studio/")

    named = [path for path, _ in text_files() if path.startswith(packages)]

    assert [path for path in named if path.rpartition("/")[2] in NAMES_WITHOUT_A_CONCEPT] == []


@pytest.mark.parametrize("command", ["studio", "check", ".ci/run"])
def test_command_can_be_executed(command: str) -> None:
    assert os.access(ROOT / command, os.X_OK)
