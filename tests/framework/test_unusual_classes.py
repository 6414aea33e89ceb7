"""Classes of essences that are written in unusual ways, and what is refused when such a class is defined."""

from __future__ import annotations

import copy
import functools
import gc
import pickle
import typing
import weakref
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

import pytest

from tasktonic import ttEssence, ttLedger, ttTonic
from tasktonic.errors import ttArgumentError, ttSparkleKindError
from tests.helpers.apps import run_app

T = TypeVar("T")


class Portable(ttEssence):
    """At module level, where pickle would find it."""


class Ender(ttTonic):
    def ttse__on_start(self) -> None:
        self.finish()


# -- what is no sparkle ---------------------------------------------------------------------------------------------------


async def _coroutine(self: Any) -> None:
    """Would only be made."""


async def _asynchronous_generator(self: Any) -> Any:
    yield


def _generator(self: Any) -> Any:
    yield


class _Callable:
    def __call__(self) -> None:
        """Would get no tonic."""


@pytest.mark.parametrize(
    "method, fault",
    [
        (_coroutine, "a coroutine"),
        (_asynchronous_generator, "a coroutine"),
        (_generator, "a generator"),
        (staticmethod(lambda: None), "a staticmethod"),
        (classmethod(lambda cls: None), "a classmethod"),
        (property(lambda self: None), "a property"),
        (functools.partialmethod(print), "a partialmethod"),
        (functools.partial(print), "a partial"),
        (_Callable(), "a _Callable"),
    ],
    ids=lambda value: value.replace(" ", "_") if isinstance(value, str) else "",
)
def test_what_could_not_be_queued_is_refused_when_the_class_is_defined(method: Any, fault: str) -> None:
    with pytest.raises(ttSparkleKindError, match=rf"class Door: ttsc__open is {fault}.*Write it as one"):
        type("Door", (ttTonic,), {"ttsc__open": method})


def test_generator_in_a_plain_mixin_is_refused_where_it_is_mixed_in() -> None:
    class Mixin:
        def ttsc__count(self) -> Iterator[int]:
            yield 1

    with pytest.raises(ttSparkleKindError, match="class Mixin: ttsc__count is a generator"):
        type("Counter", (Mixin, ttTonic), {})


def test_lambda_is_a_sparkle() -> None:
    ran: list[str] = []
    cls = type("Typed", (Ender,), {"ttse__on_finished": lambda self: ran.append(self.name)})

    run_app(lambda: cls(name="typed"))

    assert ran == ["typed"]


def test_decorated_method_is_a_sparkle_with_the_signature_below_the_decorator() -> None:
    ran: list[int] = []

    def twice(method: Any) -> Any:
        @functools.wraps(method)
        def wrapper(self: Any, *args: Any) -> None:
            method(self, *args)
            method(self, *args)

        return wrapper

    class Adder(ttTonic):
        def ttse__on_start(self) -> None:
            self.ttsc__add(3)
            with pytest.raises(TypeError):
                self.ttsc__add(1, 2)  # type: ignore[call-arg]
            self.finish()

        @typing.no_type_check
        @twice
        def ttsc__add(self, number: int) -> None:
            ran.append(number)

    run_app(Adder)

    assert ran == [3, 3]


# -- kinds of classes -----------------------------------------------------------------------------------------------------


def test_abstract_tonic_cannot_be_made() -> None:
    class Shape(ttTonic, ABC):
        @abstractmethod
        def area(self) -> float: ...

    made: list[str] = []

    class Making(ttTonic):
        def ttse__on_start(self) -> None:
            with pytest.raises(TypeError, match="abstract"):
                Shape()  # type: ignore[abstract]
            made.extend(essence.name for essence in self.ledger.essences)
            self.finish()

    run_app(lambda: Making(name="making"))

    assert made == ["main_catalyst", "making"]


def test_tonic_that_fills_in_what_is_abstract_sparkles() -> None:
    ran: list[float] = []

    class Shape(Ender, ABC):
        @abstractmethod
        def area(self) -> float: ...

        def ttse__on_finished(self) -> None:
            ran.append(self.area())

    class Square(Shape):
        def area(self) -> float:
            return 4.0

    run_app(Square)

    assert ran == [4.0]


def test_abstract_container_can_be_mixed_in() -> None:
    ran: list[Any] = []

    class Table(Ender, Mapping[str, int]):
        def __getitem__(self, key: str) -> int:
            return len(key)

        def __iter__(self) -> Iterator[str]:
            return iter(["abc"])

        def __len__(self) -> int:
            return 0

        def ttse__on_finished(self) -> None:
            ran.append((isinstance(self, Mapping), dict(self)))

    run_app(Table)

    assert ran == [(True, {"abc": 3})]


def test_tonic_that_is_empty_or_false_lives_like_others() -> None:
    told: list[str] = []

    class Empty(ttTonic):
        def __len__(self) -> int:
            return 0

        def ttse__on_start(self) -> None:
            self.bind(Empty2, name="child")
            self.to_state("busy")
            self.ttsc__end()

        def ttsc_busy__end(self) -> None:
            self.finish()

        def ttse__on_finished(self) -> None:
            told.append(self.name)

    class Empty2(ttTonic):
        def __bool__(self) -> bool:
            return False

        def ttse__on_finished(self) -> None:
            told.append(self.name)

    formula = run_app(lambda: Empty(name="top"))

    assert told == ["top", "child"]
    assert formula.ledger.essences == []


def test_dataclass_may_be_a_tonic() -> None:
    ran: list[int] = []

    @dataclass
    class Job(ttTonic):
        size: int = 3

        def __post_init__(self) -> None:
            super().__init__()

        def ttse__on_start(self) -> None:
            ran.append(self.size)
            self.finish()

    run_app(lambda: (Job(), Job(3), Job(5)))

    assert ran == [3, 3, 5]


def test_essence_that_cannot_be_compared_or_hashed_lives_like_others() -> None:
    class Odd(ttTonic):
        __hash__ = None  # type: ignore[assignment]

        def __eq__(self, other: object) -> bool:
            raise ValueError("not comparable")

        def ttse__on_start(self) -> None:
            self.to_state("busy")

        def ttse_busy__on_enter(self) -> None:
            self.bind(Ender, name="child")

        def ttse__on_child_finished(self) -> None:
            self.finish()

    formula = run_app(Odd)

    assert formula.ledger.essences == []


def test_tonic_with_slots_sparkles() -> None:
    ran: list[int] = []

    class Slim(ttTonic):
        __slots__ = ("number",)

        def ttse__on_start(self) -> None:
            self.number = 7
            self.finish()

        def ttse__on_finished(self) -> None:
            ran.append(self.number)

    run_app(Slim)

    assert ran == [7]


def test_generic_essence_can_be_bound_by_its_parametrised_name() -> None:
    class Box(ttEssence, Generic[T]):
        pass

    box = Box[int]()

    assert isinstance(box, Box)
    assert box.id >= 0


def test_classes_of_one_name_are_told_apart() -> None:
    ran: list[int] = []

    def make(number: int) -> type[ttTonic]:
        class Same(Ender):
            def ttse__on_finished(self) -> None:
                ran.append(number)

        return Same

    run_app(lambda: (make(1)(), make(2)()))

    assert ran == [1, 2]


def test_class_made_at_run_time_is_not_kept_when_nobody_uses_it() -> None:
    classes: list[weakref.ref[type]] = []

    def make() -> None:
        for _ in range(3):

            class Passing(Ender):
                def ttsc__go(self, number: int) -> None:
                    """Its stand-in refers to the class too."""

            classes.append(weakref.ref(Passing))
            Passing()

    run_app(make)
    ttLedger.reset()
    gc.collect()

    assert [cls() for cls in classes] == [None] * 3


def test_names_may_be_of_any_script() -> None:
    ran: list[str] = []

    class Tür(ttTonic):  # noqa: PLC2401 - names of this kind are what it is about
        def ttse__on_start(self) -> None:
            self.to_state("geöffnet")
            self.ttsc__schließen(größe=3)

        def ttsc_geöffnet__schließen(self, größe: int) -> None:  # noqa: PLC2401 - names of this kind are what it is about
            ran.append(f"{self.get_current_state_name()} {größe} {self.name}")
            self.finish()

        def ttsc__schließen(self, größe: int) -> None:  # noqa: PLC2401 - names of this kind are what it is about
            """In no state."""

    run_app(lambda: Tür(name="门"))

    assert ran == ["geöffnet 3 门"]


def test_state_may_be_the_member_of_an_enumeration() -> None:
    states: list[str] = []

    class State(StrEnum):
        OPEN = "open"

    class Door(Ender):
        def ttse__on_start(self) -> None:
            self.to_state(State.OPEN)

        def ttse_open__on_enter(self) -> None:
            states.append(self.get_current_state_name())
            self.finish()

    run_app(Door)

    assert states == ["open"]


# -- copying --------------------------------------------------------------------------------------------------------------


def test_pickling_an_essence_says_what_to_do() -> None:
    with pytest.raises(ttArgumentError, match=r"part: an essence cannot be pickled\..*pickle the data it holds"):
        pickle.dumps(Portable(name="part"))


def test_container_with_an_essence_is_copied_around_it() -> None:
    part = Portable()

    copied = copy.deepcopy({"parts": [part]})

    assert copied["parts"][0] is part
