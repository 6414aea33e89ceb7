"""Catalysts: their threads, their queues, what wakes them, and what does not stop them."""

from __future__ import annotations

import signal
import threading
from typing import Any

import pytest

from tasktonic import ttCatalyst, ttTimerSingleShot, ttTonic
from tasktonic.events import CatalystBegan
from tests.helpers.apps import WAIT_S, in_thread, reading, run_app, wait_for
from tests.helpers.small_tonics import Ender, ping_pong


def test_catalyst_is_its_own_catalyst() -> None:
    found: list[bool] = []

    class Looking(Ender):
        def ttse__on_start(self) -> None:
            main = self.ledger.main_catalyst
            found.append(main is not None and main.catalyst is main)
            self.finish()

    run_app(Looking)

    assert found == [True]


def test_sparkles_of_a_catalyst_run_in_its_own_thread() -> None:
    names: list[str] = []

    class Working(ttCatalyst):
        def ttse__on_start(self) -> None:
            names.append(threading.current_thread().name)

        def ttsc__work(self) -> None:
            names.append(threading.current_thread().name)
            self.finish()

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Working, name="side").ttsc__work()

        def ttse__on_side_finished(self) -> None:
            self.finish()

    run_app(Main)

    assert names == ["side", "side"]


def test_catalysts_made_at_the_start_begin_before_the_main_one_runs() -> None:
    began = threading.Event()

    class Side(ttCatalyst):
        def ttse__on_start(self) -> None:
            began.set()

    class Main(Ender):
        def ttse__on_start(self) -> None:
            wait_for(began)
            self.finish()

    def start() -> None:
        Side()
        Main()

    run_app(start)

    assert began.is_set()


def test_thread_starts_later_when_asked_to() -> None:
    seen: list[Any] = []

    class Side(ttCatalyst):
        def ttse__on_start(self) -> None:
            seen.append("began")

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.side = Side(context=-1, dont_start_yet=True)
            worker = ttTonic(name="worker", catalyst=self.side)
            seen.append(self.side.is_turning())
            self.side.start()
            worker.finish()

        def ttse__on_worker_finished(self) -> None:
            self.finish()

    run_app(Main)

    assert seen == [False, "began"]


def test_starting_twice_is_harmless() -> None:
    def start() -> None:
        side = ttCatalyst(dont_start_yet=True)
        Ender(catalyst=side)
        Starting(side)

    class Starting(Ender):
        def __init__(self, side: ttCatalyst) -> None:
            super().__init__()
            self.side = side

        def ttse__on_start(self) -> None:
            for thread in [in_thread(self.side.start) for _ in range(4)]:
                thread.join()
            self.finish()

    with reading() as rows:
        run_app(start)

    assert len(rows.of(CatalystBegan)) == 2


def test_first_come_is_first_served() -> None:
    seen: list[int] = []

    class Other(ttTonic):
        def ttsc__note(self, number: int) -> None:
            seen.append(number)

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            others = [Other(), Other()]
            for number in range(10):
                others[number % 2].ttsc__note(number)
            self.ttsc__end()

        def ttsc__end(self) -> None:
            self.finish()

    run_app(Main)

    assert seen == list(range(10))


def test_put_from_another_thread_wakes_an_idle_catalyst() -> None:
    answered: list[bool] = []

    class Echo(ttTonic):
        def ttsc__call(self, event: Any) -> None:
            event().set()

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            echo = Echo(catalyst=ttCatalyst(context=-1))
            for _ in range(200):
                event = threading.Event()
                echo.ttsc__call(lambda event=event: event)
                answered.append(event.wait(WAIT_S))
            self.finish()

    run_app(Main)

    assert answered == [True] * 200


def test_catalyst_turns_on_when_neither_an_error_nor_an_interrupt_comes_out_of_a_sparkle(
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Odd(BaseException):
        pass

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.ttsc__end()
            raise Odd("odd")

        def ttsc__end(self) -> None:
            self.finish()

    run_app(Main)

    assert "Odd: odd" in capsys.readouterr().err


def test_interrupt_raised_on_another_thread_is_an_error_like_others(capsys: pytest.CaptureFixture[str]) -> None:
    class Side(ttTonic):
        def ttse__on_start(self) -> None:
            self.ttsc__end()
            raise KeyboardInterrupt

        def ttsc__end(self) -> None:
            self.finish()

    run_app(lambda: Side(catalyst=ttCatalyst()))

    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_ping_pong_between_catalysts_loses_nothing() -> None:
    assert ping_pong(500) == list(range(500, -1, -1))


def test_function_of_a_timer_that_raises_no_exception_does_not_stop_the_catalyst(
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Cancelled(BaseException):
        pass

    ran: list[str] = []

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            ttTimerSingleShot(0.0, name="bad", sparkle_back=self.cancel)

        def cancel(self, info: dict[str, Any]) -> None:
            ttTimerSingleShot(0.0, name="good")
            raise Cancelled

        def ttse__on_good(self, info: dict[str, Any]) -> None:
            ran.append(info["name"])
            self.finish()

    run_app(Main)

    assert ran == ["good"]
    assert "Cancelled" in capsys.readouterr().err


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="a signal of POSIX")
def test_what_a_signal_handler_calls_wakes_an_idle_catalyst() -> None:
    stopped = threading.Event()
    in_time: list[bool] = []

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            signal.signal(signal.SIGUSR1, lambda number, frame: self.ttsc__stop())
            self.helper = in_thread(self.send_when_idle)

        def send_when_idle(self) -> None:
            while not self.catalyst.sleeping:
                pass
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)
            in_time.append(stopped.wait(WAIT_S))
            self.finish()  # an order from another thread wakes it in any case

        def ttsc__stop(self) -> None:
            stopped.set()

    before = signal.getsignal(signal.SIGUSR1)
    try:
        run_app(Main)
    finally:
        signal.signal(signal.SIGUSR1, before)

    assert in_time == [True]
