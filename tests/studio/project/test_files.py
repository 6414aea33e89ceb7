"""Files of a project: what is left out, what is found, and names that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasktonic_studio.project import files
from tasktonic_studio.project.files import is_left_out, make_file, make_folder, matching, rename, walk, why_not_named


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("app.py", "src/pump.py", "src/deep/water_pump.py", "tests/test_pump.py", ".venv/lib/pump.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    (tmp_path / "src" / "up").symlink_to(tmp_path)
    return tmp_path


def found(project: Path, text: str) -> list[str]:
    return [path.relative_to(project).as_posix() for path in matching(project, text).files]


def test_what_is_nobodys_own_work_is_left_out() -> None:
    assert [name for name in (".git", ".venv", "__pycache__", "a.pyc", ".env") if not is_left_out(name)] == []
    assert [name for name in ("app.py", "src", ".tasktonic") if is_left_out(name)] == []


def test_all_words_have_to_be_in_the_path(project: Path) -> None:
    assert found(project, "pump") == ["src/pump.py", "tests/test_pump.py", "src/deep/water_pump.py"]
    assert found(project, "tests PUMP") == ["tests/test_pump.py"]
    assert found(project, "valve") == []


def test_link_to_a_folder_above_is_not_followed(project: Path) -> None:
    assert len(list(walk(project))) == 5


def test_search_that_nobody_wants_any_more_ends(project: Path) -> None:
    assert list(walk(project, lambda: False)) == []


def test_so_many_are_looked_at_and_no_more(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert matching(project, "valve").is_all
    monkeypatch.setattr(files, "MOST_LOOKED_AT", 3)

    assert len(list(walk(project))) < 5
    assert not matching(project, "valve").is_all
    monkeypatch.undo()
    monkeypatch.setattr(files, "MOST_FOUND", 2)

    assert matching(project, "pump")[1] is False
    assert len(matching(project, "pump").files) == 2


def test_what_is_left_out_does_not_count(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(9):
        (project / f"{number}.pyc").write_bytes(b"")
    monkeypatch.setattr(files, "MOST_LOOKED_AT", 9)

    assert matching(project, "pump").is_all


@pytest.mark.parametrize(
    "name,says",
    [
        ("", "A name is needed"),
        ("..", "is no name of a file"),
        ("a/b", "is no name of a file"),
        ("x" * 300, "too long"),
        ("a\nb.py", "'a\\nb.py' is no name of a file: it has a character that cannot be seen"),
        ("\ud800.py", "'\\ud800.py' is no name of a file: it has a character that cannot be seen"),
        ("app.py", "There is a app.py already"),
    ],
)
def test_name_that_cannot_be_is_refused(project: Path, name: str, says: str) -> None:
    assert says in why_not_named(project, name)


def test_nothing_is_written_over(project: Path) -> None:
    (project / "app.py").write_text("mine", encoding="utf-8")

    assert make_file(project / "app.py") == "There is a app.py already."
    assert make_folder(project / "src") == "There is a src already."
    assert rename(project / "src" / "pump.py", "deep") == "There is a deep already."
    assert (project / "app.py").read_text(encoding="utf-8") == "mine"


def test_file_is_made_renamed_and_found(project: Path) -> None:
    assert make_file(project / "valve.py") == ""
    assert rename(project / "valve.py", "tap.py") == ""

    assert found(project, "tap") == ["tap.py"]


def test_what_cannot_be_written_is_said(project: Path) -> None:
    assert "could not be made: No such file or directory" in make_file(project / "no" / "where.py")
