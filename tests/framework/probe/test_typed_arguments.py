"""Arguments as people type them: read without running code, and written so that they can be read again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktonic.errors import ttArgumentError
from tasktonic.probe.typed_arguments import literal, parse_arguments, typed

_ATOMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=10)
    | st.binary(max_size=10)
    | st.floats(allow_nan=False)
)
_KEYS = st.integers() | st.sampled_from(["left", "right"])
_PLAIN = st.recursive(
    _ATOMS,
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.parametrize(
    "text, args, kwargs",
    [
        ("", (), {}),
        ("3, 'left', fast=True", (3, "left"), {"fast": True}),
        ("[1, {'a': (2.5, None)}], -4,", ([1, {"a": (2.5, None)}], -4), {}),
        ("..., b=...", (...,), {"b": ...}),
        ("# nothing", (), {}),
    ],
)
def test_literals_are_read(text: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    assert parse_arguments(text) == (args, kwargs)


_HINT = (
    " Numbers, texts in quotes, True, False, None, and lists, tuples, dicts and sets of them can be typed; ... leaves an "
    "argument as it is."
)


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("open('x')", "open('x') is no literal."),
        ("name", "name is no literal."),
        ("1) + g(2", "'1) + g(2' is more than the arguments of one call."),
        ("1)(2", "'1)(2' is more than the arguments of one call."),
        ("*[1]", "*[1] is no literal."),
        ("**{}", "** cannot be typed here: write each argument by its name."),
        ("f'{1}'", "f'{1}' is no literal."),
    ],
)
def test_what_is_no_literal_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ttArgumentError) as caught:
        parse_arguments(text)

    assert str(caught.value) == sentence + _HINT


def test_what_python_does_not_understand_is_refused_with_its_reason() -> None:
    with pytest.raises(ttArgumentError) as caught:
        parse_arguments("1 2")

    assert str(caught.value).startswith("'1 2' cannot be read as arguments: invalid syntax")
    assert str(caught.value).endswith(_HINT)


def test_too_much_is_refused() -> None:
    with pytest.raises(ttArgumentError, match="The arguments have 5,000 characters; at most 4,000 can be typed"):
        parse_arguments("1" * 5_000)


def test_too_deep_is_refused() -> None:
    with pytest.raises(ttArgumentError, match=r"cannot be read as arguments|is no literal"):
        parse_arguments("[" * 1_900 + "]" * 1_900)


@given(_PLAIN)
def test_what_is_written_is_read_as_the_same(value: Any) -> None:
    text = literal(value)

    assert text == "..." or parse_arguments(text) == ((value,), {})


class Shouting:
    def __repr__(self) -> str:
        raise AssertionError("code of the app was run")

    def __hash__(self) -> int:
        return 1


@pytest.mark.parametrize(
    "value",
    [
        Shouting(),
        [Shouting()],
        {Shouting(): 1},
        float("nan"),
        [float("inf")],
        "x" * 500,
        list(range(500)),
        {"password": "x"},
    ],
)
def test_what_cannot_be_typed_is_three_dots(value: object) -> None:
    assert literal(value) == "..."


def test_arguments_are_written_as_they_would_be_typed() -> None:
    arguments = (("litres", 3), ("where", Shouting()), ("password", "hunter2"), ("fast", True))

    assert typed(arguments, 2) == "3, ..., password=..., fast=True"
