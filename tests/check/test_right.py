"""Code that is strange and right: nothing is said of it. Each file in `right` is looked at alone, the project in it file by file too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasktonic.check import check_paths, problems_of, project, read_source

RIGHT = Path(__file__).parent / "right"
PROJECT = RIGHT / "project"
BASE = """\
from tasktonic import ttTonic


class Base(ttTonic):
    def ttse__on_start(self):
        self.to_state("ready")

    def ttsc_odd__leave(self):
        self.to_state("ready")

    def tts__step(self):
        self.ttsc__below()
"""
BELOW = """\
from base import Base


class Below(Base):
    def ttsc__below(self):
        self.tts__step()

    def ttsc_ready__go(self):
        self.to_state("odd")
"""


@pytest.mark.parametrize("name", sorted(path.name for path in RIGHT.glob("*.py")))
def test_strange_code_that_is_right_is_left_alone(name: str, tmp_path: Path) -> None:
    found = problems_of((RIGHT / name).read_text(encoding="utf-8"), str(tmp_path / name))

    assert [(it.line, it.text) for it in found] == []


def test_a_project_over_files_is_left_alone_as_a_whole_and_file_by_file() -> None:
    files = sorted(map(str, PROJECT.rglob("*.py")))

    assert len(files) == 5
    for paths in ([str(PROJECT)], *([file] for file in files)):
        assert [(it.file, it.line, it.text) for it in check_paths(paths).findings] == []


def test_one_file_is_seen_with_those_that_use_it(tmp_path: Path) -> None:
    (tmp_path / "base.py").write_text(BASE)
    alone = {it.code for it in problems_of(BASE, str(tmp_path / "base.py"))}
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "below.py").write_text(BELOW)

    assert alone == {"unknown-state", "unentered-state", "unknown-sparkle", "dead-handler"}
    assert problems_of(BASE, str(tmp_path / "base.py")) == []


def test_a_file_right_in_a_home_is_seen_with_those_beside_it_and_not_with_the_whole_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    base = str(tmp_path / "base.py")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "below.py").write_text(BELOW)
    alone = {it.code for it in problems_of(BASE, base)}
    (tmp_path / "elsewhere" / "below.py").rename(tmp_path / "below.py")

    assert alone == {"unknown-state", "unentered-state", "unknown-sparkle", "dead-handler"}
    assert problems_of(BASE, base) == []


def test_of_a_file_that_uses_it_the_text_in_the_editor_counts(tmp_path: Path) -> None:
    (tmp_path / "base.py").write_text(BASE)
    below = tmp_path / "below.py"
    below.write_text(BELOW)

    found = problems_of(BASE, str(tmp_path / "base.py"), {str(below): BELOW.replace('"odd"', '"ready"')})

    assert [it.code for it in found] == ["unentered-state"]


def test_a_file_around_that_changes_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "base.py").write_text(BASE)
    below = tmp_path / "below.py"
    below.write_text(BELOW)
    before = problems_of(BASE, str(tmp_path / "base.py"))
    below.write_text(BELOW.replace("to_state", "log  "))

    assert before == []
    assert [it.code for it in problems_of(BASE, str(tmp_path / "base.py"))] == ["unentered-state"]


def test_a_comment_that_cannot_be_judged_is_not_said_to_silence_nothing(tmp_path: Path) -> None:
    text = BASE.replace("leave(self):", "leave(self):  # tasktonic: ignore[unentered-state]")
    text += "\n    def ttsc__below(self):\n        self.tts__step()\n\n    def ttsc_ready__x(self):\n        pass\n"
    mover = "def move(tonic, state):\n    tonic.to_state(state)\n"

    assert problems_of(text, str(tmp_path / "base.py")) == []
    assert problems_of(text + "\n\n" + mover, str(tmp_path / "base.py")) == []


def test_what_is_caught_as_something_else_is_said_all_the_same(tmp_path: Path) -> None:
    text = (RIGHT / "expected.py").read_text(encoding="utf-8")
    for name in ("ttUnknownState", "AttributeError", "ValueError", "TypeError"):
        text = text.replace(name, "OSError")

    found = problems_of(text, str(tmp_path / "expected.py"))

    assert [it.code for it in found] == [
        *("unknown-state", "unknown-state", "unknown-sparkle", "unknown-sparkle", "wrong-arguments"),
        *("unknown-state", "unknown-sparkle", "wrong-arguments"),
    ]


def test_what_one_class_is_given_is_not_what_another_one_of_its_name_has(tmp_path: Path) -> None:
    door = "from tasktonic import ttTonic\n\n\nclass Door(ttTonic):\n    def ttse__on_start(self):\n        self.to_state('wide')\n"
    (tmp_path / "first.py").write_text(door)
    (tmp_path / "second.py").write_text(door + "\n    def ttsc_ajar__x(self):\n        self.to_state('ajar')\n")
    (tmp_path / "giving.py").write_text("from first import Door\n\nDoor.ttsc_wide__knock = print\n")

    first, second = (check_paths([str(tmp_path / it)]).findings for it in ("first.py", "second.py"))

    assert [it.text for it in first] == []
    assert [it.text for it in second] == [
        "Door has no state 'wide'; it has 'ajar'.",
    ]


def test_files_around_are_taken_apart_only_where_they_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "base.py").write_text(BASE)
    (tmp_path / "shapes.py").write_text("class Shape:\n    pass\n")
    for number in range(5):
        (tmp_path / f"below{number}.py").write_text(BELOW)
    plain = (
        "import tasktonic\nfrom shapes import Shape\n\n\nclass Square(Shape):\n    def area(self):\n        return 4\n"
    )
    read: list[str] = []
    monkeypatch.setattr(project, "read_source", lambda path: (read.append(Path(path).name), read_source(path))[1])

    assert problems_of(plain, str(tmp_path / "plain.py")) == []
    assert read == ["shapes.py"]

    problems_of(BASE + "\n# changed\n", str(tmp_path / "base.py"))
    assert sorted(read) == [*(f"below{number}.py" for number in range(5)), "shapes.py"]
    problems_of(BASE + "\n# changed again\n", str(tmp_path / "base.py"))
    assert len(read) == 6
