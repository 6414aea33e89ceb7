"""Problems of one text: where they stand, what they say, and that no text is too bad to be looked at."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasktonic.check import project
from tasktonic_studio.code import problems
from tasktonic_studio.code.problems import problems_of, problems_of_folder, problems_of_project


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies around a text counts."""
    monkeypatch.chdir(tmp_path)


def test_a_name_that_does_not_exist_is_an_error_at_its_place() -> None:
    (problem,) = problems_of("x = 1\nprint(x, ye)\n", "a.py")

    assert problem[:7] == (2, 10, 2, 12, "error", "UndefinedName", "Undefined name 'ye'.")


def test_columns_count_characters_and_not_bytes() -> None:
    (problem,) = problems_of("print('ßßß', ye)\n", "a.py")

    assert (problem.column, problem.end_column) == (14, 16)


def test_an_unused_import_is_a_warning_under_its_name() -> None:
    (problem,) = problems_of("from os import path as way\n", "a.py")

    assert (problem.kind, problem.column, problem.end_column) == ("warning", 24, 27)


def test_what_is_marked_as_wanted_is_not_told() -> None:
    assert problems_of("import os  # noqa: F401\n", "a.py") == []


def test_a_slip_of_syntax_is_the_only_problem_told() -> None:
    (problem,) = problems_of("import os\ndef f(:\n    pass\n", "a.py")

    assert (problem.line, problem.kind, problem.code, problem.text) == (2, "error", "syntax", "Invalid syntax.")
    assert problem.end_column > problem.column


def test_a_tree_is_walked_no_more_often_for_many_problems_than_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    walk, walked = ast.walk, list[ast.AST]()

    def noted(node: ast.AST) -> Iterator[ast.AST]:
        walked.append(node)
        return walk(node)

    monkeypatch.setattr(ast, "walk", noted)
    counts = []
    for many in (1, 50):
        walked.clear()
        assert len(problems_of("x = 1\n" * 50 + "print(ye)\n" * many, "a.py")) == many
        counts.append(len(walked))

    assert counts[0] == counts[1] > 0


@pytest.mark.parametrize("text", ["", "\0", "\ud800", "(" * 5000, "if 1:\n\tx\n        y\n", "\\", "'''", "x = 1\f\r2"])
def test_no_text_is_too_bad(text: str) -> None:
    for problem in problems_of(text, "a.py"):
        assert problem.line >= 1
        assert problem.text


DOOR = """\
from tasktonic import *


class Door(ttTonic):
    def ttse__on_start(self):
        self.to_state("opne")

    def ttsc_open__close(self):
        self.to_state("open")
        tTimer
"""


def test_faults_of_tonics_are_told_with_edits_that_mend_them() -> None:
    fault = next(it for it in problems_of(DOOR, "door.py") if it.code == "unknown-state")
    ((start, end, text),) = fault.fixes[0].edits

    assert (fault.kind, fault.title, fault.line, fault.fixes[0].title) == (
        "error",
        "Unknown state",
        6,
        "Change it to 'open'",
    )
    assert DOOR[:start] + text + DOOR[end:] == DOOR.replace("opne", "open")


def test_names_that_come_with_the_star_of_the_framework_are_known() -> None:
    assert [(it.code, it.text) for it in problems_of(DOOR, "door.py") if it.code != "unknown-state"] == [
        ("UndefinedName", "Undefined name 'tTimer'.")
    ]


def test_a_handler_that_is_there_twice_is_told_once() -> None:
    text = DOOR.replace("ttsc_open__close", "ttse__on_start")

    assert [it.code for it in problems_of(text, "door.py") if it.line == 8] == ["overwritten-handler"]


def test_silencing_a_problem_silences_it() -> None:
    text = "import os\n"
    (problem,) = problems_of(text, "a.py")
    ((start, end, silence),) = problem.fixes[-1].edits

    assert problems_of(text[:start] + silence + text[end:], "a.py") == []


@pytest.mark.parametrize("text", ["import os, \\\n    re\n", 'print(f"""\n{nobody}\n""")\n'])
def test_a_comment_that_silences_is_not_offered_where_none_can_stand(text: str) -> None:
    for problem in problems_of(text, "a.py"):
        for fix in problem.fixes:
            ((start, end, silence),) = fix.edits
            assert problem.text not in [it.text for it in problems_of(text[:start] + silence + text[end:], "a.py")]


def test_an_import_is_put_above_the_first_use() -> None:
    text = "import os\n\nprint(os.name, ttTonic)\n\nimport re\n\nprint(re)\n"
    (problem,) = problems_of(text, "a.py")
    ((start, end, line),) = problem.fixes[0].edits

    assert problems_of(text[:start] + line + text[end:], "a.py") == []
    assert (text[:start] + line).endswith("import os\nfrom tasktonic import ttTonic\n")


def test_a_name_of_the_framework_can_be_imported() -> None:
    text = '"""A door."""\n\nimport os\n\nprint(os.name, ttTonic)\n'
    (problem,) = problems_of(text, "a.py")
    ((start, end, line),) = problem.fixes[0].edits

    assert text[:start] + line + text[end:] == text.replace("import os\n", "import os\nfrom tasktonic import ttTonic\n")


def test_a_stub_has_no_faults_of_tonics() -> None:
    assert [it.code for it in problems_of(DOOR, "door.pyi") if it.code == "unknown-state"] == []


def test_of_a_folder_all_files_are_looked_through_with_the_texts_that_are_not_saved(tmp_path: Path) -> None:
    base, house = tmp_path / "base.py", tmp_path / "inside" / "house.py"
    house.parent.mkdir()
    base.write_text("class Door:\n    pass\n")
    house.write_text(
        "from base import Door\n\n\nclass House(Door):\n    def ttsc__open(self):\n        self.ttsc__knock()\n"
    )

    found = problems_of_folder(
        str(tmp_path), {str(base): "from tasktonic import ttTonic\n\n\nclass Door(ttTonic):\n    pass\n"}
    )

    assert (found.files, found.left) == (2, 0)
    assert {file: [it.code for it in each] for file, each in found.problems.items()} == {
        str(house): ["unknown-sparkle"]
    }


def test_files_beyond_the_limit_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(problems, "MOST_FILES", 1)
    for name in ("a.py", "b.py", "c.py"):
        (tmp_path / name).write_text("import os\n")

    found = problems_of_folder(str(tmp_path))

    assert (found.files, found.left, list(found.problems)) == (1, 2, [str(tmp_path / "a.py")])


def test_of_a_file_right_in_a_home_nothing_else_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    (tmp_path / "pictures").mkdir()
    (tmp_path / "parts").mkdir()
    for name in ("a.py", "b.py", "pictures/c.py", "parts/__init__.py", "parts/d.py"):
        (tmp_path / name).write_text("import os\n")
    looked_into: list[str] = []
    walk = os.walk
    monkeypatch.setattr(os, "walk", lambda top, **given: (looked_into.append(top), walk(top, **given))[1])

    alone = problems_of_project(str(tmp_path / "a.py"))
    package = problems_of_project(str(tmp_path / "parts" / "d.py"))

    assert (alone.folder, alone.files, list(alone.problems)) == (str(tmp_path), 1, [str(tmp_path / "a.py")])
    assert alone.remark == "The file was looked at alone: what else lies in this folder is no project."
    assert set(package.problems) == {str(tmp_path / "parts" / it) for it in ("__init__.py", "d.py")}
    assert looked_into == [str(tmp_path / "parts")]


def test_of_a_folder_that_may_be_anything_only_so_much_is_looked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project, "MOST_WITHOUT_A_MARK", 2)
    for folder in ("", "a", "b"):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "x.py").write_text("import os\n")

    cut = problems_of_project(str(tmp_path / "x.py"))
    assert (cut.files, cut.remark) == (2, "Only 2 folders were looked through: nothing says that it is a project.")

    (tmp_path / "setup.cfg").touch()
    whole = problems_of_project(str(tmp_path / "x.py"))

    assert (whole.files, whole.remark) == (3, "")


def test_of_very_many_problems_the_worst_are_told_with_a_word_about_the_rest() -> None:
    unused = "".join(f"    import unused{number}\n" for number in range(problems.MOST_PROBLEMS))
    text = f"def f():\n{unused}    return absent, missing\n"

    found = problems_of(text, "many.py")

    assert len(found) == problems.MOST_PROBLEMS + 1
    assert [it.code for it in found if it.kind == "error"] == ["UndefinedName", "UndefinedName"]
    (more,) = [it for it in found if it.code == "too-many"]
    assert (more.line, more.kind) == (problems.MOST_PROBLEMS, "hint")
    assert more.text.startswith(f"More than {problems.MOST_PROBLEMS} problems were found.")


def test_a_name_is_underlined_where_it_stands_as_a_word_of_its_own() -> None:
    (found,) = problems_of("print('ab', xab, ab)\n".replace("xab", "str.ab_, len"), "names.py")

    assert (found.text, found.column, found.end_column) == ("Undefined name 'ab'.", 27, 29)
