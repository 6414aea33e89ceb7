"""Short descriptions of any value: bounded, without calling anybody's code, without secrets."""

from __future__ import annotations

import datetime
import decimal
import enum
import functools
import pathlib
import uuid
from collections import OrderedDict, defaultdict, deque, namedtuple
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktonic.values import (
    DEFAULT_SECRETS,
    HIDDEN,
    SecretNames,
    hide_names,
    is_hidden,
    preview,
    preview_arguments,
    preview_named,
    type_name,
)


class Colour(enum.Enum):
    RED = 1


Point = namedtuple("Point", "x y")


class Door:
    """As much of an essence as a description looks at."""

    def __init__(self, essence: int, name: str | None) -> None:
        self._tt_id = essence
        self._tt_name = name


@pytest.fixture
def usual_secrets() -> Iterator[None]:
    """Puts the usual patterns back."""
    yield
    hide_names(DEFAULT_SECRETS)


@pytest.mark.parametrize(
    "value, text",
    [
        (None, "None"),
        (True, "True"),
        (-17, "-17"),
        (1.5, "1.5"),
        ("it's", '"it\'s"'),
        ("x" * 500, "'" + "x" * 78 + "…"),
        (10**400, "int of 1,329 bits"),
        (b"abc", "b'abc'"),
        (b"x" * 1_000, f"b'{'x' * 24}'… (1,000 bytes)"),
        ([], "[]"),
        ([1, "a", None], "[1, 'a', None]"),
        (list(range(1_000_000)), "[0, 1, 2, 3, 4, 5, 6, 7, … 1,000,000 items]"),
        ((1,), "(1,)"),
        ((), "()"),
        (set(), "set()"),
        ({1}, "{1}"),
        (frozenset({1}), "frozenset({1})"),
        (deque([1, 2]), "deque([1, 2])"),
        ({"a": [1]}, "{'a': [1]}"),
        (OrderedDict(a=1), "{'a': 1}"),
        (defaultdict(int, a=1), "{'a': 1}"),
        ([[[[1, 2]]]], "[[[[…2]]]]"),
        (Colour.RED, "Colour.RED"),
        (Colour, "class Colour"),
        (range(3), "range(0, 3)"),
        (decimal.Decimal("1.50"), "Decimal('1.50')"),
        (uuid.UUID(int=0), "UUID('00000000-0000-0000-0000-000000000000')"),
        (datetime.timedelta(seconds=90), "datetime.timedelta(seconds=90)"),
        (datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC), "datetime.datetime(2026, 1, 2, 0, 0) in datetime.timezone.utc"),
        (pathlib.PurePosixPath("/a/b"), "PurePosixPath('/a/b')"),
        (functools.partial(len, []), "partial function len"),
        (len, "function len"),
        (ValueError("no", 3), "ValueError('no', 3)"),
        (datetime, "module datetime"),
        (Door(7, "front"), "front (Door 7)"),
        (Door(7, None), "07.Door"),
    ],
)  # fmt: skip
def test_values_are_described_by_their_type(value: object, text: str) -> None:
    assert preview(value) == text


def test_subclasses_are_described_as_what_they_are_made_of() -> None:
    assert preview(Point(1, 2)).endswith("Point (1, 2)>")


def test_an_array_is_described_by_its_shape() -> None:
    numpy = pytest.importorskip("numpy")

    assert preview(numpy.zeros((3, 4))) == "<ndarray float64 (3, 4)>"


class Trap:
    """Whoever calls any code of this fails."""

    def _spring(self, *_: Any) -> Any:
        pytest.fail("code of a stranger was called")

    __repr__ = __str__ = __len__ = __iter__ = __eq__ = __bool__ = __format__ = __getattr__ = _spring
    __hash__ = None  # type: ignore[assignment]

    @property
    def __class__(self) -> Any:
        pytest.fail("code of a stranger was called")

    @__class__.setter
    def __class__(self, other: Any) -> None: ...


class ListTrap(list[int]):
    __repr__ = __len__ = __iter__ = __getitem__ = Trap._spring


class DictTrap(dict[str, int]):
    __repr__ = __len__ = __iter__ = __getitem__ = items = Trap._spring


class TextTrap(str):
    __repr__ = __str__ = __len__ = __getitem__ = Trap._spring
    __hash__ = str.__hash__


class NumberTrap(int):
    __repr__ = __str__ = bit_length = Trap._spring


class ZoneTrap(datetime.tzinfo):
    __repr__ = utcoffset = tzname = dst = Trap._spring


@pytest.mark.parametrize(
    "make",
    [
        Trap,
        lambda: [Trap()],
        lambda: {"a": Trap()},
        lambda: ListTrap([1, 2]),
        lambda: DictTrap(a=1),
        lambda: TextTrap("text"),
        lambda: NumberTrap(7),
        lambda: datetime.datetime(2026, 1, 1, tzinfo=ZoneTrap()),
        lambda: functools.partial(Trap._spring, Trap()),
        lambda: slice(Trap(), None),
        lambda: ValueError(Trap()),
    ],
)  # fmt: skip
def test_no_code_of_a_stranger_is_called(make: Callable[[], object]) -> None:
    value = make()

    described = preview(value), type_name(value)

    assert all(described)


def test_the_repr_of_a_value_is_called_when_asked_for() -> None:
    assert preview(SimpleNamespace(a=1), use_repr=True) == "namespace(a=1)"


def test_a_repr_that_raises_is_named() -> None:
    class Broken:
        def __repr__(self) -> str:
            raise LookupError("no")

    assert preview(Broken(), 300, use_repr=True).endswith("Broken, not describable: LookupError>")


@given(
    st.recursive(
        st.text() | st.integers() | st.binary(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    )
)
def test_descriptions_stay_within_their_limit(value: object) -> None:
    assert len(preview(value, 40)) <= 40


def test_a_list_within_itself_is_described() -> None:
    endless: list[Any] = []
    endless.append(endless)

    assert preview(endless) == "[[[[…1]]]]"


# ---- secrets


@pytest.mark.parametrize(
    "name",
    ["password", "PASSWORD", "db_password", "userPassword", "passwords", "token", "api_key", "apiKey", "APIKey", "secret",
     "users/ann/api-key", "credentials", "private.key"],
)  # fmt: skip
def test_names_of_secrets_are_known(name: str) -> None:
    assert is_hidden(name)


@pytest.mark.parametrize("name", ["keyboard", "monkey", "name", "pass", "turnkeys_x", "author", "", "stroke"])
def test_names_that_only_look_alike_are_not_hidden(name: str) -> None:
    assert not is_hidden(name)


def test_patterns_can_be_chosen(usual_secrets: None) -> None:
    hide_names(["pin", "*_code"])

    assert preview_named("pin", 1234) == HIDDEN
    assert preview_named("door_code", 1234) == HIDDEN
    assert preview_named("password", "x") == "'x'"


def test_many_different_names_do_not_fill_the_memory() -> None:
    names = SecretNames()

    for n in range(10_100):
        names.hides(f"name{n}")

    assert len(names._known) <= 10_000


def test_secrets_inside_of_dicts_are_hidden() -> None:
    assert preview({"user": "ann", "password": "hunter2"}) == "{'user': 'ann', 'password': (hidden)}"


# ---- arguments of orders


def _order(parameters: tuple[str, ...], count: int, given: object) -> tuple[Any, ...]:
    sparkle = SimpleNamespace(signature=SimpleNamespace(parameters=dict.fromkeys(parameters)))
    tonic = SimpleNamespace(_tt_class=SimpleNamespace(sparkles=[sparkle]))
    return (tonic, 0, count, given, None, "outside", 0, 1, 2)


@pytest.mark.parametrize(
    "order, text",
    [
        (_order((), 0, None), ""),
        (_order(("n",), 1, 5), "n=5"),
        (_order(("n", "password"), 2, (5, "hunter2")), "n=5, password=(hidden)"),
        (_order((), -1, ((1, 2), {"token": "abc", "n": 3})), "1, 2, token=(hidden), n=3"),
        (_order(("n",), 1, None), "n=None"),
    ],
)
def test_arguments_are_described_with_their_names(order: tuple[Any, ...], text: str) -> None:
    assert preview_arguments(order) == text


def test_arguments_stay_within_their_limit() -> None:
    order = _order((), -1, (tuple("x" * 100 for _ in range(100)), {}))

    assert len(preview_arguments(order)) <= 200


def test_an_order_of_another_shape_is_no_error() -> None:
    assert preview_arguments((None, 0, 1, 2)) == "<not describable: AttributeError>"
