from __future__ import annotations

import datetime
import decimal
import enum
import functools
import threading
from typing import Any

import pytest

from tasktonic import ttCatalyst, ttEssence, ttShared, ttTonic
from tasktonic.crossing import carry
from tests.helpers.apps import run_app


class Colour(enum.Enum):
    RED = 1


class Box:
    def __init__(self) -> None:
        self.inside = [1]


def carried(value: Any) -> Any:
    return carry(value)


@pytest.mark.parametrize(
    "value",
    [
        None, True, 7, 2.5, 1j, "text", b"bytes", range(3), ..., decimal.Decimal("1.5"), datetime.timedelta(1),
        (1, "a"), frozenset({1}), Colour.RED, len, carried, str, Box, Box().__init__, functools.partial(len, ()),
    ],
)  # fmt: skip
def test_immutable_value_or_callable_passes_as_it_is(value: Any) -> None:
    assert carried(value) == value
    assert type(carried(value)) is type(value)


def test_essence_passes_by_reference() -> None:
    part = ttEssence()

    assert carried(part) is part


def test_essence_inside_a_list_passes_by_reference() -> None:
    part = ttEssence()

    assert carried([part])[0] is part


def test_class_of_essences_passes_by_reference() -> None:
    assert carried(ttTonic) is ttTonic


@pytest.mark.parametrize("value", [[1, 2], {"a": 1}, {1, 2}, [[1]], {"a": [1]}, ([1],), bytearray(b"x")])
def test_mutable_value_is_copied(value: Any) -> None:
    other = carried(value)

    assert other == value
    assert other is not value


def test_object_is_copied_deeply() -> None:
    box = Box()

    assert carried(box).inside is not box.inside


def test_subclass_of_a_dict_keeps_its_class() -> None:
    class Named(dict[str, int]):
        pass

    assert type(carried(Named(a=1))) is Named


def test_shared_value_passes_by_reference() -> None:
    box = Box()

    assert carried(ttShared(box)) is box


def test_shared_value_inside_a_list_passes_by_reference() -> None:
    box = Box()

    assert carried([ttShared(box)])[0] is box


class Taker(ttTonic):
    """Takes things on another thread than its maker's."""

    def __init__(self, got: list[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.got = got

    def ttsc__take(self, thing: Any, more: Any = None) -> None:
        self.got.append(thing)

    def ttsc__take_all(self, *things: Any, **named: Any) -> None:
        self.got += [*things, *named.values()]


def given(give: Any, *, elsewhere: bool = True) -> list[Any]:
    """What a tonic got that was given something by one on another (or the same) catalyst."""
    got: list[Any] = []

    class Giver(ttTonic):
        def ttse__on_start(self) -> None:
            catalyst = ttCatalyst(context=-1) if elsewhere else None
            self.taker = self.bind(Taker, got, name="taker", catalyst=catalyst)
            give(self.taker)
            self.taker.finish()

        def ttse__on_taker_finished(self) -> None:
            self.finish()

    run_app(Giver)
    return got


def test_between_catalysts_an_argument_is_copied() -> None:
    thing = [1]

    got = given(lambda taker: taker.ttsc__take(thing))

    assert got == [[1]]
    assert got[0] is not thing


def test_argument_is_copied_at_the_call() -> None:
    thing = [1]

    def give(taker: Taker) -> None:
        taker.ttsc__take(thing)
        thing.append(2)

    assert given(give) == [[1]]


def test_on_the_same_catalyst_an_argument_is_the_same() -> None:
    thing = [1]

    got = given(lambda taker: taker.ttsc__take(thing), elsewhere=False)

    assert got[0] is thing


def test_keyword_arguments_are_copied() -> None:
    thing = [1]

    got = given(lambda taker: taker.ttsc__take(thing=thing))

    assert got == [[1]]
    assert got[0] is not thing


def test_star_arguments_are_copied() -> None:
    thing = [1]

    got = given(lambda taker: taker.ttsc__take_all(thing, also=thing))

    assert got == [[1], [1]]
    assert all(one is not thing for one in got)


@pytest.mark.parametrize("elsewhere", [True, False])
def test_handler_gets_the_value_of_a_shared_argument(elsewhere: bool) -> None:
    box = Box()

    got = given(lambda taker: taker.ttsc__take(ttShared(box)), elsewhere=elsewhere)

    assert got == [box]


@pytest.mark.parametrize("elsewhere", [True, False])
def test_handler_gets_the_values_of_shared_star_arguments(elsewhere: bool) -> None:
    box = Box()

    got = given(lambda taker: taker.ttsc__take_all(ttShared(box), also=ttShared(box)), elsewhere=elsewhere)

    assert got == [box, box]


def test_call_whose_argument_cannot_be_copied_queues_nothing() -> None:
    errors: list[str] = []

    def give(taker: Taker) -> None:
        with pytest.raises(TypeError) as caught:
            taker.ttsc__take(1, more=threading.Lock())
        errors.append(str(caught.value))

    assert given(give) == []
    assert errors[0].startswith("taker.ttsc__take: argument 'more' (a lock) cannot be copied for the other thread")
    assert "ttShared(value)" in errors[0]


def test_star_argument_that_cannot_be_copied_is_named_by_number() -> None:
    errors: list[str] = []

    def give(taker: Taker) -> None:
        with pytest.raises(TypeError) as caught:
            taker.ttsc__take_all(1, threading.Lock())
        errors.append(str(caught.value))

    given(give)

    assert errors[0].startswith("taker.ttsc__take_all: argument number 2 (a lock)")
