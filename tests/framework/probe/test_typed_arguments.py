"""The arguments of an order are written so that they can be typed and read again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktonic.literals import parse_arguments
from tasktonic.probe.typed_arguments import literal, typed

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


def test_three_dots_are_read_too() -> None:
    assert parse_arguments("..., b=...") == ((...,), {"b": ...})


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
