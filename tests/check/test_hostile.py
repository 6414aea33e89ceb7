"""Whatever a file holds, the checker says a sentence and goes on."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from tasktonic.check import RULES, applied, check_paths, problems_of, project, root_of
from tasktonic.check.index import Index
from tasktonic.check.rule import Look, Rule

ROOT = Path(__file__).resolve().parents[2]
TONIC = "from tasktonic import ttTonic\n\n\nclass Door(ttTonic):\n    def ttse__on_start(self):\n"
WHOLE = ROOT / "examples" / "hello_tonic.py"

HOSTILE = {
    "syntax error": (b"class Door(:\n    pass\n", "It is no valid Python: "),
    "NUL": (b"x = 1\n\0y = 2\n", "It holds a character NUL, so it is no Python."),
    "binary": (bytes(range(256)) * 4, "It "),
    "wrong encoding": (
        b"x = 1\n" * 9 + "name = 'Käse'\n".encode("latin-1"),
        "It is no text in utf-8: line 10 holds other bytes.",
    ),
    "unknown encoding": (b"# -*- coding: klingon -*-\nx = 1\n", "Its encoding is not known: "),
    "tabs and spaces": (b"if True:\n\tx = 1\n        y = 2\n", "It is no valid Python: "),
    "nested too deeply": (b"x = " + b"-" * 40_000 + b"1\n", "It is nested too deeply to be checked."),
    "brackets": (b"(" * 5_000, "It is "),
    "too long": (b"x = 1\n" * 600_000, "It is too long to be checked: 3,600,000 characters."),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_cannot_be_read_is_told_in_a_sentence(what: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.py"
    path.write_bytes(HOSTILE[what][0])

    (finding,) = check_paths([str(path)]).findings

    assert finding.code == "unreadable"
    assert finding.text.startswith(HOSTILE[what][1])
    assert finding.text.endswith(".")


HARMLESS = {
    "empty": b"",
    "a line of a megabyte": TONIC.encode() + b"        self.log('" + b"x" * 1_000_000 + b"')\n",
    "a name of a megabyte": TONIC.encode() + b"        self." + b"x" * 1_000_000 + b"()\n",
    "a chain of ten thousand": b"x = " + b" + ".join([b"1"] * 800) + b"\n",
    "windows line ends": TONIC.replace("\n", "\r\n").encode() + b"        pass\r\n",
    "byte order mark": b"\xef\xbb\xbf" + TONIC.encode() + b"        pass\n",
    "form feed": TONIC.replace("class", "\f\nclass").encode() + b"        pass\n",
    "a circle of bases": b"class A(B): pass\nclass B(A): pass\n",
    "its own base": b"class ttTonic(ttTonic): pass\n",
    "an import of itself": b"from hostile import *\nfrom hostile import Door\nimport hostile\nclass A(hostile.Door, Door): pass\n",
    "an import with a name that no file can have": b"import "
    + b"x" * 300
    + b"\nclass A("
    + b"x" * 300
    + b".B): pass\n",
    "names given twice": b"x = y\ny = x\nclass A(x): pass\n",
}


@pytest.mark.parametrize("what", HARMLESS)
def test_what_is_odd_and_right_is_no_fault(what: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.py"
    path.write_bytes(HARMLESS[what])

    assert check_paths([str(path)]).findings == []


def test_a_file_that_is_cut_off_anywhere_is_checked_as_far_as_it_can_be(tmp_path: Path) -> None:
    text = WHOLE.read_text()

    for length in range(len(text)):
        for finding in problems_of(text[:length], str(tmp_path / "cut.py")):
            lines = text[:length].split("\n")
            assert 1 <= finding.line <= len(lines)
            assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1


def test_a_place_counts_characters_and_not_bytes(tmp_path: Path) -> None:
    text = TONIC + "        self.log('grün 🌱'); self.to_state('zu')\n"

    (finding,) = problems_of(text, str(tmp_path / "door.py"))

    assert text.splitlines()[finding.line - 1][finding.column - 1 : finding.end_column - 1] == "'zu'"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")

    (finding,) = check_paths([str(tmp_path)]).findings

    assert (finding.code, finding.text) == ("unreadable", "It is no file.")


def test_a_notebook_is_told_and_not_taken_for_python(tmp_path: Path) -> None:
    book = tmp_path / "book.ipynb"
    book.write_text('{"cells": []}')  # which would be valid Python

    (finding,) = check_paths([str(book)]).findings

    assert finding.text == "It is a notebook, and only Python files are checked: export it as a script, and check that."


def test_a_very_long_file_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "long.py"
    with path.open("wb") as file:
        file.truncate(100_000_000)

    (finding,) = check_paths([str(path)]).findings

    assert finding.text == "It is too long to be checked: 100,000,000 bytes."


def test_a_folder_that_cannot_be_looked_into_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    (tmp_path / "door.py").write_text(TONIC + "        pass\n")

    def refuses(real: Any) -> Any:
        def look(path: Any) -> Any:
            if str(path) == str(closed):
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return real(path)

        return look

    monkeypatch.setattr("os.scandir", refuses(os.scandir))  # root may look into everything
    monkeypatch.setattr("os.listdir", refuses(os.listdir))
    report = check_paths([str(tmp_path)])

    assert [(it.file, it.text) for it in report.findings] == [(str(closed), "It cannot be read: Permission denied.")]
    assert len(report.files) == 2


def test_folders_named_like_files_and_circles_of_folders_are_gone_through_once(tmp_path: Path) -> None:
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "folder.py" / "inner.py").write_text("x = 1\n")
    (tmp_path / "folder.py" / "again").symlink_to(tmp_path)
    (tmp_path / "window.pyw").write_text("x = 1\n")

    report = check_paths([str(tmp_path)])

    assert [Path(it).name for it in report.files] == ["window.pyw", "inner.py"]
    assert report.findings == []


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "gone.py").symlink_to(tmp_path / "nowhere")

    (finding,) = check_paths([str(tmp_path)]).findings

    assert (finding.code, finding.text) == ("unreadable", "It cannot be read: No such file or directory.")


def test_in_a_container_without_a_home_and_without_room_for_anything_files_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    def no_room() -> str:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    monkeypatch.setattr(Path, "home", no_home)
    monkeypatch.setattr(project, "gettempdir", no_room)
    (tmp_path / "setup.cfg").write_text("")
    (tmp_path / "door.py").write_text(f"{TONIC}        pass\n")

    assert root_of(str(tmp_path / "door.py")) == str(tmp_path)
    assert check_paths([str(tmp_path / "door.py")]).findings == []


def test_where_nobody_may_look_for_its_project_a_file_belongs_to_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 300)

    assert root_of(str(folder / "door.py")) == str(folder)


def test_files_on_two_drives_of_windows_are_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def other_drive(*_paths: str) -> str:
        raise ValueError("path is on mount 'C:', start on mount 'D:'")

    (tmp_path / "door.py").write_text(f"{TONIC}        pass\n")
    (tmp_path / "gate.py").write_text(f"{TONIC}        pass\n")
    with monkeypatch.context() as patch:
        patch.setattr(os.path, "relpath", other_drive)
        report = check_paths([str(tmp_path / "door.py")])

    assert report.findings == []


def test_other_open_files_come_before_those_on_disk(tmp_path: Path) -> None:
    base, house = tmp_path / "base.py", tmp_path / "house.py"
    base.write_text(TONIC + "        self.finish()\n")
    text = "from base import Door\n\n\nclass House(Door):\n    def ttsc__open(self):\n        self.ttsc__knock()\n"

    before = [it.code for it in problems_of(text, str(house))]
    after = problems_of(
        text, str(house), {str(base): base.read_text() + "\n    def ttsc__knock(self):\n        pass\n"}
    )

    assert (before, after) == (["unknown-sparkle"], [])


def test_a_comment_that_silences_is_not_put_into_a_text(tmp_path: Path) -> None:
    file = str(tmp_path / "door.py")
    text = TONIC.replace("from", "import time\nfrom") + '        time.sleep(len("""a\n        b"""))\n'
    (finding,) = problems_of(text, file)

    assert problems_of(applied(text, finding.fixes[-1].edits), file) == []


def test_a_fault_of_a_rule_is_told_and_the_next_file_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(look: Look) -> Any:
        if look.module.file.endswith("a.py"):
            raise KeyError("gone")
        return iter(())

    monkeypatch.setattr("tasktonic.check.checking.RULES", (*RULES, Rule("dead-handler", "warning", "", "", fails)))
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "b.py").write_text(TONIC + "        self.to_state('x')\n")

    first, second = check_paths([str(tmp_path)]).findings

    assert first.text == "The checker failed here, which is a fault of its own: KeyError: 'gone'."
    assert second.code == "unknown-state"


def test_twice_as_many_tonics_are_about_twice_as_much_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = [0]
    real = Index.meaning

    def counted(*given: Any) -> Any:
        asked[0] += 1
        return real(*given)

    def work(count: int) -> int:
        asked[0] = 0
        doors = [
            f"class Door{n}(ttTonic):\n    def ttse__on_start(self):\n        self.to_state('a')\n        self.log('starts')\n\n"
            "    def ttsc_a__go(self):\n        self.to_state('b')\n\n    def ttsc_b__go(self):\n        self.to_state('a')\n"
            for n in range(count)
        ]
        assert problems_of("from tasktonic import ttTonic\n\n\n" + "\n\n".join(doors), str(tmp_path / "doors.py")) == []
        return asked[0]

    monkeypatch.setattr(Index, "meaning", counted)

    assert 0 < work(40) < 3 * work(20)
