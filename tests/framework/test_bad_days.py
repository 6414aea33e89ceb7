"""What goes wrong in programs, and what must go on nevertheless."""

from __future__ import annotations

import gc
import subprocess
import sys
import textwrap
import threading
import weakref
from typing import Any

import pytest

from tasktonic import Store, ttCatalyst, ttStore, ttTimerRepeat, ttTonic
from tasktonic.errors import ttArgumentError
from tasktonic.events import Raised
from tests.helpers.apps import WAIT_S, in_thread, reading, run_app, wait_for


class Mute(Exception):
    """Cannot be shown."""

    def __str__(self) -> str:
        raise LookupError("no text")

    __repr__ = __str__


class Hostile(Mute):
    """Cannot be looked at either."""

    @property
    def __notes__(self) -> list[str]:
        raise LookupError("no notes")


class Taking(ttTonic):
    """Raises, and ends when it has heard of it."""

    def __init__(self, error: BaseException, taken: list[Any]) -> None:
        super().__init__(name="taking")
        self.error, self.taken = error, taken

    def ttse__on_start(self) -> None:
        raise self.error

    def ttse__on_error(self, error: Any) -> None:
        self.taken.append(error)
        self.finish()


# -- errors that are hard to report ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [Mute(), Hostile(), ExceptionGroup("several", [Mute(), Hostile()])])
def test_error_that_cannot_be_shown_is_taken_like_others(error: Exception) -> None:
    taken: list[Any] = []

    with reading():
        run_app(lambda: Taking(error, taken))

    assert [failure.exception for failure in taken] == [error]
    assert "in ttse__on_start" in taken[0].traceback


def test_error_that_cannot_be_shown_is_told_with_its_kind() -> None:
    with reading() as rows:
        run_app(lambda: Taking(Mute(), []))

    assert [(row.type, row.text) for row in rows.of(Raised)] == [("Mute", "<its __str__ raised LookupError>")]


def test_error_that_cannot_be_shown_comes_out_of_the_formula() -> None:
    class Raising(ttTonic):
        def ttse__on_start(self) -> None:
            raise Hostile

    with pytest.raises(Hostile):
        run_app(Raising, settings={"tasktonic/error/policy": "stop"})


def test_hook_whose_error_cannot_be_shown_leaves_nothing_behind() -> None:
    def start() -> None:
        ttTonic()
        raise Mute

    with pytest.raises(Mute):
        run_app(start)


class DeafCallback:
    """A subscriber that raises what cannot be shown, and cannot be shown itself."""

    def __call__(self, changes: list[Any]) -> None:
        raise Hostile

    def __repr__(self) -> str:
        raise LookupError("no repr")


@pytest.mark.parametrize("kind", [Store, ttStore])
def test_subscriber_whose_error_cannot_be_shown_does_not_keep_others_from_hearing(
    kind: type[Store], capsys: pytest.CaptureFixture[str]
) -> None:
    heard: list[Any] = []
    store = kind()
    store.subscribe("a", DeafCallback())
    store.subscribe("a", heard.extend)

    store.set("a", 1)

    assert heard == [("a", 1, None, None)]
    assert "Hostile" in capsys.readouterr().err


@pytest.mark.parametrize(
    "kind", [RecursionError, MemoryError, GeneratorExit, SystemExit, StopIteration, AssertionError]
)
def test_error_of_any_kind_is_taken_like_others(kind: type[BaseException]) -> None:
    taken: list[Any] = []

    run_app(lambda: Taking(kind(), taken))

    assert [type(failure.exception) for failure in taken] == [kind]


def test_runaway_recursion_in_a_sparkle_is_an_error_like_others() -> None:
    taken: list[Any] = []

    class Falling(Taking):
        def ttse__on_start(self) -> None:
            self.fall()

        def fall(self) -> None:
            self.fall()

    run_app(lambda: Falling(ValueError(), taken))

    assert [type(failure.exception) for failure in taken] == [RecursionError]


def test_sparkle_that_raises_every_time_keeps_nothing_in_memory(capsys: pytest.CaptureFixture[str]) -> None:
    class Local:
        pass

    seen: list[weakref.ref[Local]] = []
    kept: list[int] = []

    class Raising(ttTonic):
        def ttse__on_start(self) -> None:
            self.ttsc__go(50)

        def ttsc__go(self, left: int) -> None:
            kept.append(sum(ref() is not None for ref in seen))
            local = Local()
            seen.append(weakref.ref(local))
            if left:
                self.ttsc__go(left - 1)
            else:
                self.finish()
            raise ValueError("again")

        def ttse__on_error(self, error: Any) -> None:
            assert error.exception.args == ("again",)

    gc.disable()
    try:
        run_app(Raising)
    finally:
        gc.enable()

    # That of the run before may still wait for its ttse__on_error.
    assert max(kept) <= 2
    assert capsys.readouterr().err.count("ValueError: again") == 51


class Endless(ttTonic):
    """Makes itself again and again, until the stack is full."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.bind(ttTimerRepeat, 3600.0)
        self.bind(Endless)

    def ttse__on_timer(self, info: Any) -> None:
        """Never."""


@pytest.mark.parametrize("elsewhere", [False, True], ids=["same catalyst", "another catalyst"])
def test_init_that_makes_itself_again_and_again_leaves_nothing_behind(elsewhere: bool) -> None:
    left: list[str] = []

    class Making(ttTonic):
        def ttse__on_start(self) -> None:
            side = ttCatalyst(name="side") if elsewhere else None
            with pytest.raises(RecursionError):
                Endless(catalyst=side)
            self.ttsc__look()

        def ttsc__look(self) -> None:
            left.extend(essence.name for essence in self.ledger.essences)
            assert len(self.catalyst.timers) == 0
            assert self.ledger.ordinary == 1
            self.finish()

    run_app(lambda: Making(name="making"))

    assert left == ["main_catalyst", "making"] + ["side"] * elsewhere


def test_app_ends_though_an_init_ran_away_deep_in_a_sparkle(capsys: pytest.CaptureFixture[str]) -> None:
    class Deep(ttTonic):
        def ttse__on_start(self) -> None:
            self.ttsc__end()
            self.fall()

        def fall(self) -> None:
            Brief()
            self.fall()

        def ttsc__end(self) -> None:
            self.finish()

    class Brief(ttTonic):
        def __init__(self) -> None:
            super().__init__()
            self.finish()

    formula = run_app(Deep)

    assert formula.ledger.essences == []
    assert "RecursionError" in capsys.readouterr().err


# -- arguments that misbehave ---------------------------------------------------------------------------------------------


def test_argument_that_takes_forever_to_copy_holds_up_its_own_thread_only() -> None:
    copying, may_go_on = threading.Event(), threading.Event()

    class Slow:
        def __deepcopy__(self, memo: dict[int, object]) -> str:
            copying.set()
            wait_for(may_go_on)
            return "copied"

    ran: list[str] = []

    class Target(ttTonic):
        def ttse__on_start(self) -> None:
            in_thread(lambda: self.ttsc__take(Slow()))
            in_thread(self.call_from_another)

        def call_from_another(self) -> None:
            wait_for(copying)
            self.ttsc__take("other")

        def ttsc__take(self, value: Any) -> None:
            ran.append(value)
            may_go_on.set()
            if len(ran) == 2:
                self.finish()

    run_app(Target)

    assert ran == ["other", "copied"]


def test_argument_that_is_nested_too_deep_is_refused_at_the_call() -> None:
    nested: list[Any] = []
    for _ in range(100_000):
        nested = [nested]
    refused: list[str] = []

    class Target(ttTonic):
        def ttse__on_start(self) -> None:
            in_thread(self.call).join(WAIT_S)
            self.finish()

        def call(self) -> None:
            with pytest.raises(
                ttArgumentError, match=r"argument 'value' \(a list\) cannot be copied.*recursion"
            ) as caught:
                self.ttsc__take(nested)
            refused.append(str(caught.value))

        def ttsc__take(self, value: Any) -> None:
            refused.append("it came through")

    run_app(lambda: Target(name="target"))
    while nested:
        nested = nested.pop()

    assert len(refused) == 1


# -- many at once -----------------------------------------------------------------------------------------------------------


def test_ten_threads_hammer_catalyst_store_ledger_and_nothing_is_lost() -> None:
    threads, rounds = 10, 300
    got: dict[int, list[int]] = {number: [] for number in range(threads)}
    heard: list[int] = []
    problems: list[BaseException] = []

    class Anvil(ttTonic):
        def ttse__on_start(self) -> None:
            self.store = self.bind(ttStore)
            self.store.subscribe("hits", self.hear)
            self.timer = ttTimerRepeat(3600.0)
            self.left = threads
            for number in range(threads):
                in_thread(lambda number=number: self.hammer(number))  # type: ignore[misc]

        def hear(self, changes: list[Any]) -> None:
            heard.extend(1 for _ in changes)  # in the thread of whoever writes

        def hammer(self, number: int) -> None:
            try:
                for count in range(rounds):
                    self.ttsc__hit(number, count)
                    self.store.append("hits", number)
                    child = self.bind(Splinter, name=f"splinter {number}")
                    assert self.ledger.get_essence_by_name(f"splinter {number}") is not None
                    self.timer.restart()
                    child.finish()
            except BaseException as error:
                problems.append(error)
            self.ttsc__gone()

        def ttse__on_timer(self, info: Any) -> None:
            """An hour from now."""

        def ttsc__hit(self, number: int, count: int) -> None:
            got[number].append(count)

        def ttsc__gone(self) -> None:
            self.left -= 1
            if not self.left:
                self.finish()

    class Splinter(ttTonic):
        """Comes and goes."""

    formula = run_app(Anvil)

    assert problems == []
    assert all(counts == list(range(rounds)) for counts in got.values())
    assert len(heard) == threads * rounds
    assert formula.ledger.essences == []


@pytest.mark.parametrize("own_thread", [True, False], ids=["main", "side"])
def test_orders_queued_before_the_start_all_run_in_order(own_thread: bool) -> None:
    count = 1_000_000 if own_thread else 100_000
    seen: list[int] = []

    class Eager(ttTonic):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.expected = -1
            for number in range(count):
                self.ttsc__take(number)
            self.ttsc__end()

        def ttse__on_start(self) -> None:
            self.expected = 0

        def ttsc__take(self, number: int) -> None:
            assert number == self.expected
            self.expected += 1

        def ttsc__end(self) -> None:
            seen.append(self.expected)
            self.finish()

    run_app(lambda: Eager(catalyst=None if own_thread else ttCatalyst(name="side")))

    assert seen == [count]


# -- processes --------------------------------------------------------------------------------------------------------------


def run_script(body: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from tasktonic import *\n" + textwrap.dedent(body)],
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        check=False,
    )


def test_hard_exit_in_a_sparkle_ends_the_process_with_its_code() -> None:
    done = run_script(
        """
        import os
        class Leaving(ttTonic):
            def ttse__on_start(self):
                ttCatalyst(name="side")
                os._exit(7)
        class App(ttFormula):
            def creating_starting_tonics(self): Leaving()
        App()
        """
    )

    assert (done.returncode, done.stderr) == (7, "")


def test_process_ends_though_a_thread_of_the_app_never_does() -> None:
    done = run_script(
        """
        import threading
        started = threading.Event()
        class Stuck(ttTonic):
            def ttse__on_start(self):
                started.set()
                threading.Event().wait()
        class Leaving(ttTonic):
            def ttse__on_start(self):
                started.wait()
                self.finish()
        class App(ttFormula):
            def creating_formula(self):
                return {"tasktonic/log/to": "off", "tasktonic/shutdown/timeout": 0.1}
            def creating_starting_tonics(self):
                Stuck(catalyst=ttCatalyst(name="side"))
                Leaving()
        try:
            App()
        except ttError as error:
            print("side did not end" in str(error), "threading.Event().wait()" in str(error) or "in ttse__on_start" in str(error))
        """
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "True True\n", "")
