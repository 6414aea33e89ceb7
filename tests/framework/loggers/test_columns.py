from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktonic.loggers.columns import fitted, visible, width_of, wrapped


@pytest.mark.parametrize(
    "text, columns",
    [("", 0), ("abc", 3), ("漢字", 4), ("e\u0301", 1), ("ﾊﾝ", 2), ("🎉", 2), ("a\u200bb", 2), ("°…→", 3)],
)
def test_width_is_counted_in_columns(text: str, columns: int) -> None:
    assert width_of(text) == columns


@pytest.mark.parametrize(
    "text, lines",
    [
        ("", [""]),
        ("short", ["short"]),
        ("exactly 10", ["exactly 10"]),
        ("breaks at spaces", ["breaks at", "spaces"]),
        ("word word  word", ["word word", "word"]),
        ("abcdefghijklmno", ["abcdefghij", "klmno"]),
        ("ab cdefghijklmnopq", ["ab", "cdefghijkl", "mnopq"]),
        ("  indented text", ["  indented", "text"]),
        ("            deep", ["          ", "  deep"]),
        ("漢字漢字漢字漢字", ["漢字漢字漢", "字漢字"]),
        ("a漢字漢字漢字", ["a漢字漢字", "漢字"]),
    ],
)
def test_text_is_wrapped(text: str, lines: list[str]) -> None:
    assert wrapped(text, 10) == lines


@given(st.text(st.characters(blacklist_categories=["Cc", "Cs"])), st.integers(2, 30))
def test_wrapped_text_fits_its_columns(text: str, columns: int) -> None:
    assert all(width_of(line) <= columns for line in wrapped(text, columns))


@given(st.text("ab 漢"), st.integers(2, 9))
def test_wrapping_loses_nothing_but_spaces(text: str, columns: int) -> None:
    assert "".join(wrapped(text, columns)).replace(" ", "") == text.replace(" ", "")


def test_long_text_is_wrapped_in_one_pass() -> None:
    class Counted(str):
        looked = 0

        def __getitem__(self, at: object) -> str:  # type: ignore[override]
            Counted.looked += 1
            return super().__getitem__(at)  # type: ignore[index]

    wrapped(Counted("word " * 2000), 44)

    assert Counted.looked < 3 * 10_000


@pytest.mark.parametrize(
    "name, shown",
    [
        ("light", "light     "),
        ("exactly 10", "exactly 10"),
        ("sensor hall 7 number 12", "senso…r 12"),
        ("漢字漢字漢字漢字", "漢字…漢字 "),
        ("漢字", "漢字      "),
    ],
)
def test_name_fills_its_column(name: str, shown: str) -> None:
    assert fitted(name, 10, "…") == shown
    assert width_of(shown) == 10


@given(st.text(st.characters(blacklist_categories=["Cc", "Cs"])), st.integers(4, 30))
def test_fitted_text_has_its_width(text: str, columns: int) -> None:
    assert width_of(fitted(text, columns, "…")) == columns


@pytest.mark.parametrize(
    "text, shown",
    [
        ("plain ü 漢", "plain ü 漢"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\rb", "a\\rb"),
        ("bell\a", "bell\\x07"),
        ("\x9b2J", "\\x9b2J"),
        ("line\u2028line", "line\\u2028line"),
        ("\x00", "\\x00"),
    ],
)
def test_control_characters_are_spelled_out(text: str, shown: str) -> None:
    assert visible(text) == shown
