from __future__ import annotations

import pytest

from tasktonic_studio.ui.panels.editor.python_tokens import IN_CODE, tokens


def words(line: str, state: int = IN_CODE) -> list[tuple[str, str]]:
    return [(line[start:end], role.removeprefix("editor_")) for start, end, role, _ in tokens(line, state)[0]]


@pytest.mark.parametrize(
    "line, found",
    [
        ("x = 1  # one", [("1", "number"), ("# one", "comment")]),
        ("def run(self):", [("def", "keyword"), ("run", "def")]),
        ("class Door(Base):", [("class", "keyword"), ("Door", "class")]),
        ("@a.b", [("@a.b", "decorator")]),
        ("x @ y", []),
        ("rb'a\\'b' + \"c#\"", [("rb'a\\'b'", "string"), ('"c#"', "string")]),
        ("'open", [("'open", "string")]),
        ("a1 0x1F 1_0.5e3j", [("0x1F", "number"), ("1_0.5e3j", "number")]),
        ("'''a''' b", [("'''a'''", "string")]),
        (
            "def ttsc_a__b():",
            [("def", "keyword"), ("ttsc_", "sparkle_command"), ("a", "state"), ("__b", "sparkle_command")],
        ),
        ("self._tts__x('ttsc__y')", [("_tts__x", "sparkle_internal"), ("'ttsc__y'", "string")]),
        ("é = not None", [("not", "keyword"), ("None", "keyword")]),
    ],
)
def test_words_have_their_colours(line: str, found: list[tuple[str, str]]) -> None:
    assert words(line) == found


def test_a_long_string_goes_over_lines() -> None:
    _, state = tokens('x = """begin')
    assert words("def in_it", state) == [("def in_it", "string")]

    _, still = tokens("def in_it", state)
    assert words('end""" + 1', still) == [('end"""', "string"), ("1", "number")]


def test_an_escaped_quote_does_not_end_a_long_string() -> None:
    _, state = tokens("'''")

    assert words(r"\''' still", state) == [(r"\''' still", "string")]


def test_a_defined_name_is_told_from_a_used_one() -> None:
    assert [token.defined for token in tokens("def ttsc__a(): ttsc__b")[0]] == [False, True, False]
