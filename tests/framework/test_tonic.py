"""Sparkles are called, inherited and looked at."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import pytest

from tasktonic import ttTonic
from tasktonic.errors import ttArgumentError, ttError
from tasktonic.events import IGNORED, LogLine
from tasktonic.stream import Level
from tests.helpers.apps import reading, run_app
from tests.helpers.noting import Noting

# -- calling ----------------------------------------------------------------------------------------------------------


def test_calling_a_sparkle_never_runs_it() -> None:
    notes: list[Any] = []

    class Door(Noting):
        def ttse__on_start(self) -> None:
            self.ttsc__open()
            notes.append("start ends")
            self.finish()

        def ttsc__open(self) -> None:
            notes.append("opens")

    run_app(lambda: Door(notes))

    assert notes == ["start ends", "opens"]


def test_call_returns_none() -> None:
    notes: list[Any] = []

    class Door(Noting):
        def ttse__on_start(self) -> None:
            notes.append(self.ttsc__end())

    run_app(lambda: Door(notes))

    assert notes == [None]


def test_on_start_runs_before_what_init_queued() -> None:
    notes: list[Any] = []

    class Door(Noting):
        def __init__(self, notes: list[Any]) -> None:
            super().__init__(notes)
            self.ttsc__open()

        def ttse__on_start(self) -> None:
            notes.append("start")

        def ttsc__open(self) -> None:
            notes.append("open")
            self.finish()

    run_app(lambda: Door(notes))

    assert notes == ["start", "open"]


@pytest.mark.parametrize("prefix", ["ttsc__", "ttse__", "tts__", "_tts__"])
def test_every_prefix_is_queued(prefix: str) -> None:
    notes: list[Any] = []

    def start(self: Any) -> None:
        getattr(self, prefix + "step")(7)
        notes.append("queued")

    def step(self: Any, number: int) -> None:
        notes.append(number)
        self.finish()

    cls: Any = type(ttTonic)("Door", (ttTonic,), {"ttse__on_start": start, prefix + "step": step})
    run_app(cls)

    assert notes == ["queued", 7]


def test_sparkle_called_before_super_init_says_what_to_do() -> None:
    errors: list[str] = []

    class Hasty(ttTonic):
        def __init__(self) -> None:
            try:
                self.ttsc__go()
            except ttError as error:
                errors.append(str(error))
            super().__init__()
            self.finish()

        def ttsc__go(self) -> None: ...

    run_app(Hasty)

    assert errors[0] == (
        "Hasty: a sparkle was called before super().__init__() had run. "
        "Call super().__init__(...) first in __init__, then the sparkles."
    )


@pytest.mark.parametrize("call", [lambda d: d.ttsc__set(), lambda d: d.ttsc__set(1, 2, 3), lambda d: d.ttsc__set(x=1)])
def test_wrong_number_of_arguments_raises_at_the_call(call: Any) -> None:
    notes: list[Any] = []

    class Door(Noting):
        def ttse__on_start(self) -> None:
            with pytest.raises(TypeError, match="ttsc__set"):
                call(self)
            self.finish()

        def ttsc__set(self, angle: int, speed: int = 3) -> None:
            notes.append("ran")

    run_app(lambda: Door(notes))

    assert notes == []


def test_defaults_fill_in_what_is_left_out() -> None:
    assert arguments_of(lambda door: door.ttsc__set(1)) == [(1, 3)]


def test_arguments_may_be_given_by_name() -> None:
    assert arguments_of(lambda door: door.ttsc__set(speed=2, angle=1)) == [(1, 2)]


def arguments_of(call: Any) -> list[Any]:
    notes: list[Any] = []

    class Door(Noting):
        def ttse__on_start(self) -> None:
            call(self)
            self.finish()

        def ttsc__set(self, angle: int, speed: int = 3) -> None:
            notes.append((angle, speed))

        def ttsc__any(self, *args: Any, **kwargs: Any) -> None:
            notes.append((args, kwargs))

        def ttsc__named(self, angle: int, *, speed: int = 5) -> None:
            notes.append((angle, speed))

        def ttsc__nine(self, a: int, b: int, c: int, d: int, e: int, f: int, g: int, h: int, i: int = 9) -> None:
            notes.append((a, i))

    run_app(lambda: Door(notes))
    return notes


def test_star_arguments_arrive() -> None:
    assert arguments_of(lambda door: door.ttsc__any(1, 2, x=3)) == [((1, 2), {"x": 3})]


def test_star_arguments_may_be_none_at_all() -> None:
    assert arguments_of(lambda door: door.ttsc__any()) == [((), {})]


def test_keyword_only_argument_arrives() -> None:
    assert arguments_of(lambda door: door.ttsc__named(1, speed=2)) == [(1, 2)]


def test_default_of_a_keyword_only_argument_is_used() -> None:
    assert arguments_of(lambda door: door.ttsc__named(1)) == [(1, 5)]


def test_many_arguments_arrive() -> None:
    assert arguments_of(lambda door: door.ttsc__nine(*range(8))) == [(0, 9)]


def test_wrong_arguments_for_a_handler_with_stars_raise_at_the_call() -> None:
    def call(door: Any) -> None:
        with pytest.raises(
            ttArgumentError, match=r"ttsc__named: the arguments fit no handler. ttsc__named\(angle, \*, speed=5\)"
        ):
            door.ttsc__named(1, 2)

    assert arguments_of(call) == []


def test_handlers_with_different_signatures_take_what_fits_one_of_them() -> None:
    notes: list[Any] = []

    class Door(Noting):
        def ttse__on_start(self) -> None:
            self.to_state("open")
            self.ttsc__push(1, 2)
            with pytest.raises(ttArgumentError, match=r"ttsc__push\(force\).*ttsc_open__push\(force, angle\)"):
                self.ttsc__push()
            self.ttsc__end()

        def ttsc__push(self, force: int) -> None:
            notes.append(force)

        def ttsc_open__push(self, force: int, angle: int) -> None:
            notes.append((force, angle))

    run_app(lambda: Door(notes))

    assert notes == [(1, 2)]


def test_parameter_may_have_any_name() -> None:
    notes: list[Any] = []

    class Door(Noting):
        def ttse__on_start(self) -> None:
            self.ttsc__set(1, catalyst=2, order=3)
            self.ttsc__end()

        def ttsc__set(self, tonic: int, catalyst: int, order: int) -> None:
            notes.append((tonic, catalyst, order))

    run_app(lambda: Door(notes))

    assert notes == [(1, 2, 3)]


def test_bound_sparkle_can_be_passed_on_and_called() -> None:
    notes: list[Any] = []

    class Door(Noting):
        def ttse__on_start(self) -> None:
            call = self.ttsc__open
            call()
            notes.append("queued")
            self.ttsc__end()

        def ttsc__open(self) -> None:
            notes.append("open")

    run_app(lambda: Door(notes))

    assert notes == ["queued", "open"]


def test_sparkle_keeps_its_docstring() -> None:
    docs: list[Any] = []

    class Door(ttTonic):
        def ttse__on_start(self) -> None:
            docs.append(self.ttsc__open.__doc__)
            self.finish()

        def ttsc__open(self) -> None:
            """Opens it."""

    run_app(Door)

    assert docs == ["Opens it."]


# -- inheritance --------------------------------------------------------------------------------------------------------


def test_subclass_overrides_by_name() -> None:
    notes: list[Any] = []

    class Door(Noting):
        def ttse__on_start(self) -> None:
            self.ttsc__open()
            self.ttsc__end()

        def ttsc__open(self) -> None:
            notes.append("door")

    class Gate(Door):
        def ttsc__open(self) -> None:
            notes.append("gate")

    run_app(lambda: Gate(notes))

    assert notes == ["gate"]


def test_super_in_a_handler_is_an_ordinary_call() -> None:
    notes: list[Any] = []

    class Door(Noting):
        def ttse__on_start(self) -> None:
            self.ttsc__open(1)
            self.ttsc__end()

        def ttsc__open(self, angle: int) -> int:
            notes.append(f"door {angle}")
            return angle + 1

    class Gate(Door):
        def ttsc__open(self, angle: int) -> int:
            result = super().ttsc__open(angle)
            notes.append(f"gate {result}")
            return result

    run_app(lambda: Gate(notes))

    assert notes == ["door 1", "gate 2"]


def test_subclass_adds_a_state_to_a_sparkle_of_its_base() -> None:
    notes: list[Any] = []

    class Door(Noting):
        def ttse__on_start(self) -> None:
            self.ttsc__push()
            self.to_state("open")
            self.ttsc__push()
            self.ttsc__end()

        def ttsc__push(self) -> None:
            notes.append("push")

    class Gate(Door):
        def ttsc_open__push(self) -> None:
            notes.append("push open")

    run_app(lambda: Gate(notes))

    assert notes == ["push open", "push open"]


def test_plain_mixin_brings_sparkles() -> None:
    notes: list[Any] = []

    class Bell:
        def ttsc__ring(self) -> None:
            notes.append("ring")

    class Door(Bell, Noting):
        def ttse__on_start(self) -> None:
            self.ttsc__ring()
            notes.append("queued")
            self.ttsc__end()

    run_app(lambda: Door(notes))

    assert notes == ["queued", "ring"]


def test_class_of_an_instance_can_be_subclassed() -> None:
    notes: list[Any] = []

    class Door(Noting):
        def ttse__on_start(self) -> None:
            notes.append("door")
            self.finish()

    def start() -> None:
        door = Door(notes)

        class Gate(type(door)):  # type: ignore[misc]
            def ttse__on_start(self) -> None:
                super().ttse__on_start()
                notes.append("gate")

        assert Gate.__bases__ == (Door,)
        Gate(notes)

    run_app(start)

    assert notes == ["door", "door", "gate"]


def test_generic_tonic_works() -> None:
    notes: list[Any] = []
    T = TypeVar("T")

    class Holder(ttTonic, Generic[T]):
        def __init__(self, value: T) -> None:
            super().__init__()
            self.value = value

        def ttse__on_start(self) -> None:
            notes.append(self.value)
            self.finish()

    run_app(lambda: Holder[int](7))

    assert notes == [7]


def test_method_of_the_class_stays_what_was_written() -> None:
    class Door(ttTonic):
        def ttsc__add(self, one: int) -> int:
            return one + 1

        def ttse__on_start(self) -> None:
            self.finish()

    run_app(Door)

    assert Door.ttsc__add(None, 1) == 2  # type: ignore[arg-type]


# -- what it is ---------------------------------------------------------------------------------------------------------


def test_sparkles_are_listed_sorted() -> None:
    listed: list[list[str]] = []

    class Door(ttTonic):
        def ttse__on_start(self) -> None:
            listed.append([name for name in self.sparkles if not name.startswith("_ttss")])
            self.finish()

        def ttsc_open__close(self) -> None: ...

        def _tts__step(self) -> None: ...

    run_app(Door)

    assert listed == [["_tts__step", "ttsc__close", "ttsc_open__close", "ttse__on_finished", "ttse__on_start"]]


def test_log_line_says_who_said_it() -> None:
    class Door(ttTonic):
        def ttse__on_start(self) -> None:
            self.log("hello")
            self.finish()

    with reading() as rows:
        run_app(lambda: Door(name="door"))

    assert [(row.essence, row.text) for row in rows.of(LogLine)] == [(1, "hello")]


@pytest.mark.parametrize("mode", ["stealth", "off"])
def test_tonic_in_a_quiet_log_mode_says_nothing(mode: str) -> None:
    class Door(ttTonic):
        def ttse__on_start(self) -> None:
            self.log("hello")
            self.finish()

    with reading() as rows:
        run_app(lambda: Door(log_mode=mode))

    assert rows.of(LogLine) == []


def test_sparkle_without_a_handler_in_a_state_is_told_as_ignored() -> None:
    class Door(ttTonic):
        def ttse__on_start(self) -> None:
            self.ttsc__close()
            self.finish()

        def ttsc_open__close(self) -> None: ...

    with reading(Level.RUNS) as rows:
        run_app(Door)

    ignored = [run for run in rows.runs() if run[5] & IGNORED]
    assert [run[0][0]._tt_class.sparkles[run[0][1]].called for run in ignored] == ["ttsc__close"]


def test_prefixes_of_a_toolkit_are_asked_of_the_class() -> None:
    with pytest.raises(TypeError, match=r"class Widget: _get_custom_prefixes is .* Write @classmethod above it\."):

        class Widget(ttTonic):
            def _get_custom_prefixes(self) -> Any:  # type: ignore[override]
                return {}


def test_binder_of_a_toolkit_prefix_is_called_once_per_sparkle_after_the_start() -> None:
    notes: list[Any] = []

    class Widget(ttTonic):
        @classmethod
        def _get_custom_prefixes(cls) -> Any:
            return {"ttx": lambda tonic, name, sparkle: (notes.append(name), sparkle(3))}

    class Door(Widget):
        def ttse__on_start(self) -> None:
            notes.append("start")

        def ttx__knob__turned(self, angle: int) -> None:
            notes.append(angle)
            self.finish()

        def ttx_open__knob__turned(self, angle: int) -> None: ...

    run_app(Door)

    assert notes == ["start", "knob__turned", 3]
