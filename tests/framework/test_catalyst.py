from __future__ import annotations

import signal
import threading
from typing import Any

import pytest

from tasktonic import ttCatalyst, ttEssence, ttTimerSingleShot, ttTonic
from tasktonic.events import CatalystBegan, CatalystEnded, Dropped, Ended
from tasktonic.stream import Level
from tests.helpers.apps import WAIT_S, in_thread, reading, run_app, wait_for
from tests.helpers.small_tonics import Ender


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


def test_app_with_a_catalyst_that_was_never_started_ends() -> None:
    def start() -> None:
        ttTonic(catalyst=ttCatalyst(dont_start_yet=True))
        Ender()

    assert run_app(start).ledger.essences == []


def test_context_of_a_catalyst_that_was_never_started_ends() -> None:
    class Child(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(ttCatalyst, dont_start_yet=True)
            ttTonic(catalyst=self.bind(ttCatalyst, dont_start_yet=True))
            self.finish()

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Child, name="child")

        def ttse__on_child_finished(self) -> None:
            self.finish()

    assert run_app(Main).ledger.essences == []


def test_catalyst_ends_with_its_context() -> None:
    threads: list[Any] = []

    class Child(ttTonic):
        def ttse__on_start(self) -> None:
            side = self.bind(ttCatalyst, name="side")
            ttTonic(name="on side", catalyst=side, context=-1)
            threads.append(side.driver.thread())
            self.finish()

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Child, name="child")

        def ttse__on_child_finished(self) -> None:
            threads[0].join(WAIT_S)
            threads.append(threads[0].is_alive())
            self.finish()

    run_app(Main)

    assert threads[1] is False


def test_catalyst_ends_when_its_last_tonic_has_ended() -> None:
    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            Ender(catalyst=self.bind(ttCatalyst, name="side"))

        def ttse__on_side_finished(self) -> None:
            self.finish()

    assert run_app(Main).ledger.essences == []


def test_catalyst_that_never_had_tonics_stays() -> None:
    stays: list[bool] = []

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.side = self.bind(ttCatalyst)
            self.bind(Ender, name="other")

        def ttse__on_other_finished(self) -> None:
            stays.append(self.side.id >= 0)
            self.finish()

    run_app(Main)

    assert stays == [True]


class Unborn(ttTonic):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        raise ValueError("not today")


def test_birth_that_fails_does_not_end_the_catalyst() -> None:
    seen: list[str] = []

    class Echo(ttTonic):
        def ttsc__answer(self, main: Any, word: str) -> None:
            main.ttse__on_answer(word)

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.side = self.bind(ttCatalyst)
            with pytest.raises(ValueError, match="not today"):
                Unborn(catalyst=self.side)
            self.echo = self.bind(Echo, name="echo", catalyst=self.side)
            self.echo.ttsc__answer(self, "first")

        def ttse__on_answer(self, word: str) -> None:
            seen.append(word)
            if word == "first":
                self.echo.ttsc__answer(self, "second")  # dropped if the catalyst has told its tonics to finish
            else:
                self.finish()

        def ttse__on_echo_finished(self) -> None:
            self.finish()

    run_app(Main)

    assert seen == ["first", "second"]


def test_birth_that_fails_on_the_main_catalyst_does_not_end_the_app() -> None:
    seen: list[str] = []

    class Desk(ttTonic):
        _tt_is_service = "desk"

        def ttsc__try(self, side: Any) -> None:
            with pytest.raises(ValueError, match="not today"):
                Unborn(context=-1)
            side.ttse__on_tried("first")
            self.ttsc__try_on(side)

        def ttsc__try_on(self, side: Any) -> None:
            side.ttse__on_tried("second")

    class Side(ttTonic):
        def ttse__on_start(self) -> None:
            self.desk.ttsc__try(self)

        def ttse__on_tried(self, word: str) -> None:
            seen.append(word)
            if word == "second":
                self.finish()

    def start() -> None:
        desk = Desk()
        side = Side(catalyst=ttCatalyst())
        side.desk = desk

    run_app(start)

    assert seen == ["first", "second"]


def test_catalyst_with_a_service_stays_when_its_tonics_have_ended() -> None:
    found: list[Any] = []

    class Desk(ttTonic):
        _tt_is_service = "desk"

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.side = ttCatalyst(context=-1)
            Desk(catalyst=self.side)
            self.bind(Ender, name="ender", catalyst=self.side)

        def ttse__on_ender_finished(self) -> None:
            found.append(self.side.id >= 0)
            found.append(self.ledger.get_service_essence("desk") is not None)
            self.finish()

    run_app(Main)

    assert found == [True, True]


def test_app_without_tonics_on_the_main_catalyst_lives_as_long_as_others() -> None:
    seen: list[str] = []

    class Side(ttTonic):
        def ttse__on_start(self) -> None:
            ttTimerSingleShot(0)

        def ttse__on_timer(self, info: Any) -> None:
            seen.append("side")
            self.finish()

    run_app(lambda: Side(catalyst=ttCatalyst()))

    assert seen == ["side"]


def test_when_the_tonics_of_the_main_catalyst_have_ended_the_others_are_finished() -> None:
    seen: list[str] = []

    class Side(ttTonic):
        def ttse__on_finished(self) -> None:
            seen.append(self.name)

    def start() -> None:
        side = ttCatalyst()
        for name in ("first", "second"):
            Side(name=name, catalyst=side)
        Ender()

    run_app(start)

    assert seen == ["second", "first"]


def test_catalyst_may_end_in_its_own_way_when_the_main_one_ends() -> None:
    seen: list[str] = []

    class Patient(ttCatalyst):
        def _ttss__main_catalyst_finished(self) -> None:
            seen.append("told")
            self.worker.ttsc__last()

        worker: Any

    class Worker(ttTonic):
        def ttsc__last(self) -> None:
            seen.append("last")
            self.finish()

    def start() -> None:
        side = Patient()
        side.worker = Worker(catalyst=side)
        Ender()

    run_app(start)

    assert seen == ["told", "last"]


def test_finishing_the_main_catalyst_ends_the_app() -> None:
    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            ttTonic(catalyst=ttCatalyst(context=-1), context=-1)
            self.catalyst.finish()

    assert run_app(Main).ledger.essences == []


def test_finishing_a_catalyst_finishes_its_tonics() -> None:
    seen: list[str] = []

    class Side(ttTonic):
        def ttse__on_finished(self) -> None:
            seen.append(threading.current_thread().name)

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            side = self.bind(ttCatalyst, name="side")
            Side(context=-1, catalyst=side)
            Side(catalyst=side).bind(Side)
            side.finish()

        def ttse__on_side_finished(self) -> None:
            self.finish()

    run_app(Main)

    assert seen == ["side"] * 3


def test_catalyst_leaves_after_all_its_tonics() -> None:
    with reading() as rows:

        class Main(ttTonic):
            def ttse__on_start(self) -> None:
                side = self.bind(ttCatalyst, name="side")
                ttTonic(context=-1, catalyst=side)
                ttTonic(catalyst=side)
                side.finish()

            def ttse__on_side_finished(self) -> None:
                self.finish()

        run_app(Main)

    ended = [row.essence for row in rows.of(Ended)]
    assert ended.index(2) > max(ended.index(3), ended.index(4))


def test_catalysts_tell_of_their_begin_and_end() -> None:
    with reading() as rows:
        run_app(lambda: Ender(catalyst=ttCatalyst(name="side")))

    began = {row.catalyst: (row.driver, row.thread) for row in rows.of(CatalystBegan)}
    assert began == {0: ("thread", threading.current_thread().name), 1: ("thread", "side")}
    assert sorted(row.catalyst for row in rows.of(CatalystEnded)) == [0, 1]


def test_order_for_a_catalyst_that_has_ended_is_told_as_dropped() -> None:
    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.side = self.bind(ttCatalyst, name="side")
            self.worker = ttTonic(context=-1, catalyst=self.side)
            self.side.finish()

        def ttse__on_side_finished(self) -> None:
            self.worker.ttse__on_start()
            self.finish()

    with reading(Level.FLOW) as rows:
        run_app(Main)

    assert "ended" in [row.reason for row in rows.of(Dropped)]


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


def test_init_of_a_catalyst_that_raises_leaves_nothing_behind() -> None:
    from tasktonic.levels import _all

    class Broken(ttCatalyst):
        def __init__(self) -> None:
            super().__init__()
            ttTonic(catalyst=self)
            ttEssence()
            raise LookupError("broken")

    found: list[Any] = []

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            with pytest.raises(LookupError):
                Broken()
            found.append([essence.id for essence in self.ledger.essences])
            found.append(len(_all))
            self.finish()

    run_app(Main)

    assert found == [[0, 1], 1]


def test_catalyst_is_forgotten_when_its_app_has_ended() -> None:
    from tasktonic.levels import _all

    run_app(lambda: Ender(catalyst=ttCatalyst()))

    assert _all == []


def test_ping_pong_between_catalysts_loses_nothing() -> None:
    seen: list[int] = []

    class Player(ttTonic):
        other: Any

        def ttsc__hit(self, left: int) -> None:
            seen.append(left)
            if left:
                self.other.ttsc__hit(left - 1)
            else:
                self.context.finish()

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            players = [Player(catalyst=ttCatalyst(context=-1)) for _ in range(2)]
            players[0].other, players[1].other = players[1], players[0]
            players[0].ttsc__hit(500)

    run_app(Main)

    assert seen == list(range(500, -1, -1))


def test_heartbeat_says_what_a_catalyst_is_inside_of() -> None:
    found: list[Any] = []
    inside, may_go_on = threading.Event(), threading.Event()

    class Busy(ttTonic):
        def ttsc__work(self) -> None:
            inside.set()
            wait_for(may_go_on)

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            side = ttCatalyst(context=-1)
            busy = Busy(catalyst=side)
            busy.ttsc__work()
            busy.ttse__on_finished()
            wait_for(inside)
            depth, essence, sparkle, *_ = side.heartbeat()
            found.append(
                (
                    depth,
                    essence == busy.id,
                    sparkle == busy._tt_class.sparkles[busy._tt_class.slot_by_name["ttsc__work"]].id,
                )
            )
            may_go_on.set()
            self.finish()

    run_app(Main)

    assert found == [(1, True, True)]


def test_idle_catalyst_is_inside_of_nothing() -> None:
    found: list[int] = []

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            found.append(ttCatalyst(context=-1, dont_start_yet=True).heartbeat()[1])
            self.finish()

    run_app(Main)

    assert found == [-1]


def test_heartbeat_seen_in_the_middle_of_a_switch_is_no_error() -> None:
    found: list[int] = []

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            side = ttCatalyst(context=-1, dont_start_yet=True)
            side.running, side.via = self, 999  # a slot of another tonic, which has more sparkles
            found.append(side.heartbeat()[1])
            self.finish()

    run_app(Main)

    assert found == [1]


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
