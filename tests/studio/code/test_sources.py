"""The files of a project: which they are, and that they are read again when they have changed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tasktonic.check import root_of
from tasktonic_studio.code import sources
from tasktonic_studio.code.sources import Sources
from tests.studio.code.conftest import HOUSE


def test_a_project_is_the_nearest_folder_that_looks_like_one(project: Path) -> None:
    assert root_of(str(project / "door.py")) == str(project.parent)


def test_a_script_on_its_own_is_a_project_of_its_folder(tmp_path: Path) -> None:
    assert root_of(str(tmp_path / "a" / "script.py")) == str(tmp_path / "a")


def test_environments_and_hidden_folders_are_passed_over(project: Path) -> None:
    for folder, mark in (("venv", "pyvenv.cfg"), (".git", "x.py"), ("__pycache__", "y.py")):
        (project / folder / "inner").mkdir(parents=True)
        (project / folder / mark).write_text("")
        (project / folder / "inner" / "z.py").write_text("")

    found = Sources(str(project.parent)).files()

    assert [Path(it).name for it in found] == ["__init__.py", "door.py", "house.py"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_with_the_name_of_a_module_keeps_nobody_waiting(project: Path) -> None:
    os.mkfifo(project / "pipe.py")

    found = Sources(str(project.parent))

    assert found.text(str(project / "pipe.py")) == ""
    assert found.parse(str(project / "pipe.py")) is None


def test_a_folder_with_too_many_files_is_looked_through_in_part(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MOST_FILES", 1)
    found = Sources(str(project.parent))
    (project / "zz").mkdir()

    assert len(found.files()) >= 1
    assert not found.is_whole


def test_one_folder_with_too_many_files_is_not_listed_to_its_end(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MOST_FILES", 2)
    found = Sources(str(project))

    assert len(found.files()) == 2
    assert not found.is_whole


def test_a_file_that_is_too_long_is_not_read_and_the_project_not_whole(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(project / "house.py")
    monkeypatch.setattr(sources, "LONGEST", len(HOUSE))
    found = Sources(str(project))

    def looked(texts: dict[str, str]) -> tuple[bool, str, bool]:
        found.begin(texts)
        found.files()
        return found.parse(file) is not None, found.text(file), found.is_whole

    assert looked({}) == (True, HOUSE, True)
    (project / "house.py").write_text(HOUSE + "#")
    assert looked({}) == (False, "", False)
    assert looked({file: HOUSE}) == (True, HOUSE, True)


def test_so_many_bytes_are_looked_through_and_no_more(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MOST_BYTES", len((project / "door.py").read_bytes()))
    found = Sources(str(project))

    assert [Path(it).name for it in found.files()] == ["__init__.py", "door.py"]
    assert not found.is_whole


def test_a_file_that_was_changed_is_read_again(project: Path) -> None:
    file = project / "door.py"
    found = Sources(str(project))
    found.begin({})
    first = found.parse(str(file))
    file.write_text("class Other: ...\n")
    os.utime(file, ns=(1, 1))

    found.begin({})
    second = found.parse(str(file))

    assert first is not None
    assert "Door" in first.classes
    assert second is not None
    assert list(second.classes) == ["Other"]


@pytest.mark.parametrize(
    "typed", ["    self.door.", "class", "    def ttsc__go(", "def f():", "x = (", "'''", "\0", "if 1:\n  x\n y", ")"]
)
def test_half_a_line_does_not_take_the_classes_away(project: Path, typed: str) -> None:
    file = str(project / "door.py")
    found = Sources(str(project))
    found.begin({file: Path(file).read_text() + typed})

    parsed = found.parse(file)

    assert parsed is not None
    assert "Door" in parsed.classes


def test_a_file_that_cannot_be_read_has_nothing(project: Path) -> None:
    (project / "odd.py").write_bytes(b"\xff\xfe\x00")
    found = Sources(str(project))
    found.begin({})

    assert found.parse(str(project / "odd.py")) is None
    assert found.parse(str(project / "gone.py")) is None
