"""A file right in somebody's home: what lies there besides has nothing to do with it, unless they import each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasktonic_studio.code.calling import callers_of
from tasktonic_studio.code.question import Question
from tasktonic_studio.code.renaming import rename

DOOR = """\
from tasktonic import ttTonic


class Door(ttTonic):
    def ttsc__open(self):
        helper()


def helper():
    pass
"""
USE = "def use(it):\n    it.ttsc__open()\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    write(tmp_path, "door.py", DOOR)
    for name in ("stranger.py", "photos/2019/sort.py", "work/app/main.py"):
        write(tmp_path, name, USE)
    return tmp_path


def write(folder: Path, name: str, text: str) -> str:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return str(file)


def question(home: Path, name: str = "door.py", line: int = 5, texts: dict[str, str] | None = None) -> Question:
    return Question({"file": str(home / name), "line": line, "column": 14, "texts": texts or {}})


def changed(home: Path, asked: Question) -> list[str]:
    return sorted({str(Path(it.place.file).relative_to(home)) for it in rename(asked, "unlock").changes})


def test_a_file_in_a_home_is_renamed_in_alone_and_that_is_said(home: Path) -> None:
    found = rename(question(home), "unlock")

    assert [Path(it.place.file).name for it in found.changes] == ["door.py"]
    assert found.scope == "Only door.py was looked through: what else lies in this folder is no project."
    assert callers_of(question(home)).found == []
    assert callers_of(question(home)).scope == found.scope


def test_files_beside_it_count_when_they_import_each_other(home: Path) -> None:
    write(home, "house.py", "import os, door\n" + USE)
    write(home, "street.py", "from house import use\n" + USE)
    write(home, "shop/__init__.py", USE)
    write(home, "shop/till.py", "import door as d\n" + USE)
    write(home, "tower.py", "if True:\n    from shop.till import use\n    import door\n" + USE)

    asked = question(home)

    assert changed(home, asked) == ["door.py", "house.py", "shop/__init__.py", "shop/till.py", "street.py", "tower.py"]
    assert asked.sources.scope.startswith("Only door.py, house.py and 3 more were looked through")


def test_a_package_in_a_home_is_looked_through_as_a_whole_and_nothing_beside_it(home: Path) -> None:
    write(home, "pkg/__init__.py", "")
    write(home, "pkg/door.py", DOOR)
    write(home, "pkg/inner/use.py", USE)

    asked = question(home, "pkg/door.py")

    assert changed(home, asked) == ["pkg/door.py", "pkg/inner/use.py"]
    assert asked.sources.scope.startswith("Only the package pkg was looked through")


def test_what_is_typed_and_not_saved_counts_for_a_lone_file_too(home: Path) -> None:
    texts = {
        str(home / "stranger.py"): "import door\n" + USE,
        str(home / "new.py"): "import door\n" + USE,
        str(home / "work" / "open.py"): "import door\n" + USE,
    }

    assert changed(home, question(home, texts=texts)) == ["door.py", "new.py", "stranger.py"]


def test_callers_of_an_ordinary_name_are_not_looked_for_in_the_home_either(home: Path) -> None:
    write(home, "stranger.py", "from other import helper\nhelper()\n")

    alone = callers_of(Question({"file": str(home / "door.py"), "line": 9, "column": 6, "texts": {}}))
    write(home, "house.py", "from door import helper\nhelper()\n")
    together = callers_of(Question({"file": str(home / "door.py"), "line": 9, "column": 6, "texts": {}}))

    assert [(Path(it.file).name, it.line) for it in alone.found] == [("door.py", 6)]
    assert ("house.py", 2) in [(Path(it.file).name, it.line) for it in together.found]


def test_callers_of_an_ordinary_name_in_projects_below_a_folder_that_is_none_are_left_out(home: Path) -> None:
    folder = home / "papers"
    write(folder, "door.py", DOOR)
    for name in ("use.py", "app/use.py"):
        write(folder, name, "from door import helper\nhelper()\n")
    write(folder, "app/pyproject.toml", "")

    found = callers_of(Question({"file": str(folder / "door.py"), "line": 9, "column": 6, "texts": {}}))

    assert [str(Path(it.file).relative_to(folder)) for it in found.found if it.line == 2] == ["use.py"]
    assert found.scope.startswith("Projects that lie in this folder were left out")


def test_a_folder_that_is_open_is_looked_through_whatever_it_is(home: Path) -> None:
    request = {"file": str(home / "door.py"), "line": 5, "column": 14, "texts": {}, "root": str(home)}

    found = rename(Question(request), "unlock")

    assert len({it.place.file for it in found.changes}) == 4
    assert found.scope == ""


def test_projects_below_a_folder_that_is_none_are_left_out_and_that_is_said(home: Path) -> None:
    folder = home / "papers"
    write(folder, "door.py", DOOR)
    write(folder, "notes/use.py", USE)
    for mark in ("app/pyproject.toml", "tool/.git/config"):
        write(folder, mark, "")
        write(folder, f"{mark.partition('/')[0]}/inner/use.py", USE)

    asked = question(folder)

    assert changed(folder, asked) == ["door.py", "notes/use.py"]
    assert asked.sources.scope.startswith("Projects that lie in this folder were left out")
    texts = {str(folder / "app" / "inner" / "use.py"): USE, str(folder / "notes" / "new.py"): USE}
    assert changed(folder, question(folder, texts=texts)) == ["door.py", "notes/new.py", "notes/use.py"]
    request = {"file": str(folder / "door.py"), "line": 5, "column": 14, "texts": {}, "root": str(folder)}
    assert len(changed(folder, Question(request))) == 4
