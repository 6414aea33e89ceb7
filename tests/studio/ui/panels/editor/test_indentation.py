from __future__ import annotations

import pytest

from tasktonic_studio.ui.panels.editor.indentation import indent_after, moved_in, moved_out, toggled_comment, uses_tabs


@pytest.mark.parametrize(
    "before, indent",
    [
        ("", ""),
        ("x = 1", ""),
        ("if x:", "    "),
        ("if x:  # but why?", "    "),
        ("x = '#:'", ""),
        ("x = {", "    "),
        ("    return x", ""),
        ("    return (x,", "    "),
        ("    returned = 1", "    "),
        ("        pass", "    "),
        ("return", ""),
        ("    # a comment:", "    "),
    ],
)
def test_the_next_line_goes_in_as_the_code_asks(before: str, indent: str) -> None:
    assert indent_after(before) == indent


@pytest.mark.parametrize(
    "lines, toggled",
    [
        (["a", "  b"], ["# a", "#   b"]),
        (["# a", "#   b"], ["a", "  b"]),
        (["  a", "", "    b"], ["  # a", "", "  #   b"]),
        (["# a", "b"], ["# # a", "# b"]),
        (["#a"], ["a"]),
        ([""], [""]),
    ],
)
def test_comments_come_and_go(lines: list[str], toggled: list[str]) -> None:
    assert toggled_comment(lines) == toggled


def test_blank_lines_do_not_move() -> None:
    assert moved_in(["a", "", "  b"]) == ["    a", "", "      b"]


def test_lines_move_out_as_far_as_they_can() -> None:
    assert moved_out(["      a", "  b", "c", "\td"]) == ["  a", "b", "c", "d"]


@pytest.mark.parametrize(
    "text, tabs", [("a\n\tb\n\tc\n", True), ("a\n    b\n", False), ("", False), ("\ta\n    b\n", False)]
)
def test_the_commoner_kind_of_indentation_counts(text: str, tabs: bool) -> None:
    assert uses_tabs(text) is tabs
