"""Problems of one text: where they stand, what they say, and that no text is too bad to be looked at."""

from __future__ import annotations

import pytest

from tasktonic_studio.code.problems import Problem, problems_of


def test_a_name_that_does_not_exist_is_an_error_at_its_place() -> None:
    (problem,) = problems_of("x = 1\nprint(x, ye)\n", "a.py")

    assert problem == Problem(2, 10, 2, 12, "error", "UndefinedName", "Undefined name 'ye'.")


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


@pytest.mark.parametrize("text", ["", "\0", "\ud800", "(" * 5000, "if 1:\n\tx\n        y\n", "\\", "'''", "x = 1\f\r2"])
def test_no_text_is_too_bad(text: str) -> None:
    for problem in problems_of(text, "a.py"):
        assert problem.line >= 1
        assert problem.text
