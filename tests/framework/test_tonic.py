from __future__ import annotations

import threading
from typing import Any, Generic, TypeVar

import pytest

from tasktonic import ttCatalyst, ttEssence, ttTimerSingleShot, ttTonic
from tasktonic.errors import ttArgumentError, ttError, ttRunningError
from tasktonic.events import IGNORED, LogLine
from tasktonic.stream import Level
from tests.helpers.apps import in_thread, reading, run_app


class Noting(ttTonic):
    """Notes what happens, and finishes when told to."""

    def __init__(self, notes: list[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.notes = notes

    def ttsc__end(self) -> None:
        self.finish()


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


# -- where it runs ------------------------------------------------------------------------------------------------------


def test_sparkles_run_on_the_thread_of_their_catalyst() -> None:
    notes: list[Any] = []

    class Door(Noting):
        def ttse__on_start(self) -> None:
            notes.append(threading.current_thread().name)
            self.finish()

    def start() -> None:
        Door(notes, catalyst=ttCatalyst(name="side"))

    run_app(start)

    assert notes == ["side"]


def test_catalyst_left_out_is_that_of_the_context() -> None:
    notes: list[Any] = []

    class Top(ttTonic):
        def ttse__on_start(self) -> None:
            inner = ttTonic(context=ttEssence())
            notes.append(inner.catalyst.name)
            self.finish()

    run_app(lambda: Top(catalyst=ttCatalyst(name="side")))

    assert notes == ["side"]


def test_catalyst_of_top_level_is_the_main_one() -> None:
    notes: list[Any] = []

    class Top(ttTonic):
        def ttse__on_start(self) -> None:
            notes.append(ttTonic(context=-1).catalyst.name)
            self.catalyst.finish()
            self.ledger.main_catalyst.finish()

    run_app(lambda: Top(catalyst=ttCatalyst(name="side")))

    assert notes == ["main_catalyst"]


def test_catalyst_of_a_tonic_made_for_another_thread_is_known_at_once() -> None:
    notes: list[Any] = []

    class Top(ttTonic):
        def ttse__on_start(self) -> None:
            side = ttCatalyst(name="side", context=-1)
            notes.append(ttTonic(catalyst=side).catalyst is side)
            self.finish()

    run_app(Top)

    assert notes == [True]


def test_tonic_without_an_app_is_refused() -> None:
    with pytest.raises(ttRunningError, match=r"there is no catalyst to run it\. Create tonics inside an app"):
        ttTonic()


@pytest.mark.parametrize("given, shown", [(None, "<Asking 'asking'>"), (5, "5")], ids=["tonic", "number"])
def test_what_is_no_catalyst_is_refused_as_one(given: Any, shown: str) -> None:
    errors: list[str] = []

    class Asking(ttTonic):
        def ttse__on_start(self) -> None:
            try:
                ttTonic(name="late", catalyst=given or self)  # type: ignore[arg-type]
            except ttArgumentError as error:
                errors.append(str(error))
            self.finish()

    formula = run_app(lambda: Asking(name="asking"))

    assert errors == [
        f"late: catalyst={shown} is no catalyst. Pass a ttCatalyst, or nothing: then it runs where its context does."
    ]
    assert formula.ledger.essences == []


def test_catalyst_that_has_ended_is_refused() -> None:
    errors: list[str] = []

    class Top(ttTonic):
        def ttse__on_start(self) -> None:
            self.side = self.bind(ttCatalyst, name="side")
            self.side.finish()

        def ttse__on_side_finished(self) -> None:
            with pytest.raises(ttRunningError) as caught:
                ttTonic(name="late", catalyst=self.side)
            errors.append(str(caught.value))
            assert self.bindings == []
            self.finish()

    run_app(Top)

    assert errors == ["late: its catalyst side has ended and runs nothing any more."]


def test_calls_from_one_thread_keep_their_order() -> None:
    notes: list[int] = []

    class Door(ttTonic):
        def ttse__on_start(self) -> None:
            self.helper = in_thread(self.call)

        def call(self) -> None:
            for number in range(1000):
                self.ttsc__note(number)
            self.finish()

        def ttsc__note(self, number: int) -> None:
            notes.append(number)

    run_app(Door)

    assert notes == list(range(1000))


def test_no_call_from_many_threads_is_lost() -> None:
    notes: list[int] = []

    class Door(ttTonic):
        def ttse__on_start(self) -> None:
            threads = [in_thread(lambda n=n: self.call(n)) for n in range(4)]
            in_thread(lambda: ([t.join() for t in threads], self.finish()))

        def call(self, helper: int) -> None:
            for _ in range(2000):
                self.ttsc__note(helper)

        def ttsc__note(self, helper: int) -> None:
            notes.append(helper)

    run_app(Door)

    assert [notes.count(helper) for helper in range(4)] == [2000] * 4


def test_on_start_is_first_also_when_another_thread_calls_before_it_is_queued() -> None:
    notes: list[str] = []

    class Busy(ttTonic):
        def _tt_is_born(self) -> None:
            # It can be found in the ledger and has its place; the order to start comes next.
            in_thread(self.ttsc__work).join()
            super()._tt_is_born()

        def ttse__on_start(self) -> None:
            notes.append("start")

        def ttsc__work(self) -> None:
            notes.append("work")
            self.finish()

    class Top(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Busy, name="busy", catalyst=ttCatalyst(name="side"))

        def ttse__on_busy_finished(self) -> None:
            self.finish()

    with reading(Level.FACTS):  # births are only told when somebody reads
        run_app(Top)

    assert notes == ["start", "work"]


@pytest.mark.parametrize("attempt", range(20))
def test_on_start_is_first_also_when_others_call_at_once(attempt: int) -> None:
    notes: list[str] = []

    class Busy(ttTonic):
        def ttse__on_start(self) -> None:
            notes.append("start")

        def ttsc__work(self) -> None:
            notes.append("work")

    class Top(ttTonic):
        def ttse__on_start(self) -> None:
            side = ttCatalyst(name="side", context=-1)
            stop = threading.Event()

            def pester() -> None:
                while not stop.is_set():
                    found: Any = self.ledger.get_essence_by_name("busy")
                    if found is not None and found.catalyst is not None:
                        found.ttsc__work()

            helper = in_thread(pester)
            self.bind(Busy, name="busy", catalyst=side).ttsc__work()
            stop.set()
            helper.join()
            self.finish()

        def ttse__on_finished(self) -> None: ...

    run_app(Top)

    assert notes[:1] in ([], ["start"])


def test_tonic_made_for_another_thread_starts_after_its_init() -> None:
    notes: list[str] = []

    class Slow(ttTonic):
        def __init__(self, notes: list[str], **kwargs: Any) -> None:
            super().__init__(**kwargs)
            for _ in range(100):
                self.catalyst.heartbeat()
            notes.append("made")

        def ttse__on_start(self) -> None:
            notes.append("start")
            self.finish()

    class Top(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Slow, notes, name="slow", catalyst=ttCatalyst(context=-1))

        def ttse__on_slow_finished(self) -> None:
            self.finish()

    run_app(Top)

    assert notes == ["made", "start"]


def test_init_that_raises_on_another_catalyst_leaves_nothing_behind() -> None:
    notes: list[Any] = []

    class Broken(ttTonic):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            ttTimerSingleShot(hours=1)
            raise LookupError("broken")

        def ttse__on_start(self) -> None:
            notes.append("started")

        def ttse__on_finished(self) -> None:
            notes.append("finished")

        def ttse__on_timer(self, info: Any) -> None: ...

    class Top(ttTonic):
        def ttse__on_start(self) -> None:
            side = ttCatalyst(name="side", context=-1)
            for catalyst in (side, None):
                with pytest.raises(LookupError):
                    self.bind(Broken, catalyst=catalyst)
            notes.append(
                [essence.name for essence in self.ledger.essences if essence.name not in ("main_catalyst", "side")]
            )
            notes.append((side.living, self.bindings))
            self.finish()

    run_app(lambda: Top(name="top"))

    assert notes == [["top"], (0, [])]


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
