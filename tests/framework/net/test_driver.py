from __future__ import annotations

import asyncio
import signal
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tasktonic import brake, ttCatalyst, ttTimerRepeat, ttTimerSingleShot, ttTonic
from tasktonic.errors import ttDistillerError, ttRunningError, ttSettingError, ttShutdownError
from tasktonic.events import CatalystBegan
from tasktonic.net import ttAsyncioCatalyst
from tasktonic.stream import Level
from tests.helpers.apps import WAIT_S, in_thread, reading, run_app, wait_for
from tests.helpers.scripts_apart import ready_scripts, stubborn_app
from tests.helpers.small_tonics import Ender


class Waiting(ttTonic):
    """Ends when it is told to."""

    def ttsc__end(self) -> None:
        self.finish()


def test_app_on_an_asyncio_loop_ends_when_its_tonics_have_ended(run_net_app: Any) -> None:
    assert run_net_app(Ender).ledger.essences == []


def test_main_catalyst_turns_in_the_thread_of_the_formula(run_net_app: Any) -> None:
    seen: list[Any] = []

    class Noting(Ender):
        def ttse__on_start(self) -> None:
            seen.append(threading.current_thread())
            super().ttse__on_start()

    run_net_app(Noting)

    assert seen == [threading.current_thread()]


def test_other_catalyst_turns_in_a_thread_of_its_own(loop_name: str) -> None:
    seen: list[Any] = []

    class Noting(Ender):
        def ttse__on_start(self) -> None:
            seen.append(threading.current_thread().name)
            super().ttse__on_start()

    class Boss(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Noting, name="worker", catalyst=ttAsyncioCatalyst(name="net", loop=loop_name))

        def ttse__on_worker_finished(self) -> None:
            self.finish()

    app = run_app(Boss)

    assert seen == ["net"]
    assert app.ledger.essences == []


def test_driver_is_told_as_asyncio(run_net_app: Any) -> None:
    with reading() as rows:
        run_net_app(Ender)

    assert [row.driver for row in rows.of(CatalystBegan)] == ["asyncio"]


def test_the_loop_is_the_one_that_was_asked_for(run_net_app: Any, loop_name: str) -> None:
    seen: list[str] = []

    class Looking(Ender):
        def ttse__on_start(self) -> None:
            assert asyncio.get_running_loop() is self.catalyst.loop
            seen.append(type(self.catalyst.loop).__module__.partition(".")[0])
            super().ttse__on_start()

    run_net_app(Looking)

    assert seen == [loop_name]


def test_loop_may_be_made_by_a_function() -> None:
    made: list[Any] = []

    def make() -> asyncio.AbstractEventLoop:
        made.append(asyncio.SelectorEventLoop())
        return made[0]  # type: ignore[no-any-return]

    run_app(Ender, make_main=lambda: ttAsyncioCatalyst(loop=make))

    assert made[0].is_closed()


def test_unknown_loop_is_refused() -> None:
    with pytest.raises(ttSettingError, match="loop='trio': no such loop; there are auto, asyncio, uvloop"):
        run_app(Ender, make_main=lambda: ttAsyncioCatalyst(loop="trio"))


def test_missing_uvloop_is_said_when_it_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)

    with pytest.raises(ttRunningError, match=r"uvloop cannot be loaded here: .*pip install uvloop"):
        run_app(Ender, make_main=lambda: ttAsyncioCatalyst(loop="uvloop"))


def test_missing_uvloop_does_not_matter_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)

    assert run_app(Ender, make_main=ttAsyncioCatalyst).ledger.essences == []


def test_loop_is_asked_for_too_early() -> None:
    def start() -> None:
        tonic = Ender()
        with pytest.raises(ttRunningError, match="does not turn yet"):
            tonic.catalyst.loop  # noqa: B018

    run_app(start, make_main=ttAsyncioCatalyst)


def test_distiller_does_not_take_its_place() -> None:
    with pytest.raises(ttDistillerError, match="ttAsyncioCatalyst waits for the outside world"):
        run_app(Ender, make_main=ttAsyncioCatalyst, settings={"tasktonic/testing/distiller": True})


# -- waking up ----------------------------------------------------------------------------------------------------------


def test_call_from_another_thread_wakes_the_loop(run_net_app: Any) -> None:
    class Calling(Waiting):
        def ttse__on_start(self) -> None:
            self.helper = in_thread(self.ttsc__end)

    assert run_net_app(Calling).ledger.essences == []


def test_call_from_a_callback_of_the_loop_is_queued(run_net_app: Any) -> None:
    seen: list[str] = []

    class Calling(ttTonic):
        def ttse__on_start(self) -> None:
            self.catalyst.loop.call_soon(self.callback)

        def callback(self) -> None:
            self.ttsc__end()
            seen.append("callback")

        def ttsc__end(self) -> None:
            seen.append("sparkle")
            self.finish()

    run_net_app(Calling)

    assert seen == ["callback", "sparkle"]


def test_order_from_a_callback_names_asyncio(run_net_app: Any) -> None:
    class Calling(Waiting):
        def ttse__on_start(self) -> None:
            self.catalyst.loop.call_soon(self.ttsc__end)

    with reading(Level.FLOW) as rows:
        run_net_app(Calling)

    (order,) = [o for o in rows.orders() if o[0]._tt_class.sparkles[o[1]].called == "ttsc__end"]
    assert order[4:7] == (None, "asyncio", 0)


def test_many_calls_wake_the_loop_once(run_net_app: Any) -> None:
    woken: list[Any] = []

    class Calling(ttTonic):
        ran = 0

        def ttse__on_start(self) -> None:
            loop = self.catalyst.loop
            loop.call_soon(self.callback)
            driver = self.catalyst.driver
            real = driver.slice

            def counting() -> None:
                woken.append(self.ran)
                real()

            driver.slice = counting

        def callback(self) -> None:
            for _ in range(200):
                self.ttsc__count()

        def ttsc__count(self) -> None:
            self.ran += 1
            if self.ran == 200:
                self.finish()

    run_net_app(Calling)

    assert woken.count(0) == 1


def test_burst_of_sparkles_leaves_the_loop_to_others(run_net_app: Any) -> None:
    seen: list[int] = []

    class Bursting(ttTonic):
        ran = 0
        ends = False

        def ttse__on_start(self) -> None:
            self.catalyst.loop.call_later(0.001, self.callback)
            self.ttsc__more()

        def callback(self) -> None:
            seen.append(self.ran)
            self.ends = True

        def ttsc__more(self) -> None:
            self.ran += 1
            if self.ends:
                self.finish()
            else:
                self.ttsc__more()

    run_net_app(Bursting)

    assert len(seen) == 1


# -- timers and the brake -------------------------------------------------------------------------------------------------


def test_timers_fire_on_the_loop(run_net_app: Any) -> None:
    seen: list[str] = []

    class Ticking(ttTonic):
        def ttse__on_start(self) -> None:
            ttTimerRepeat(0.001)

        def ttse__on_timer(self, info: Any) -> None:
            seen.append("tick")
            if len(seen) == 5:
                self.finish()

    run_net_app(Ticking)

    assert len(seen) == 5


def test_timer_set_from_a_callback_fires(run_net_app: Any) -> None:
    class Calling(ttTonic):
        def ttse__on_start(self) -> None:
            self.catalyst.loop.call_soon(lambda: ttTimerSingleShot(0.001, context=self))

        def ttse__on_timer(self, info: Any) -> None:
            self.finish()

    assert run_net_app(Calling).ledger.essences == []


def test_timer_that_is_due_earlier_than_the_one_before_is_not_late(run_net_app: Any) -> None:
    seen: list[str] = []

    class Ticking(ttTonic):
        def ttse__on_start(self) -> None:
            ttTimerSingleShot(3000, name="late")
            self.catalyst.loop.call_soon(lambda: ttTimerSingleShot(0.001, name="early", context=self))

        def ttse__on_early(self, info: Any) -> None:
            seen.append("early")
            self.finish()

        def ttse__on_late(self, info: Any) -> None:
            seen.append("late")

    run_net_app(Ticking)

    assert seen == ["early"]


def test_held_catalyst_runs_nothing_while_its_loop_goes_on(loop_name: str) -> None:
    seen: list[Any] = []

    class Counter(ttTonic):
        count = 0

        def ttsc__count(self) -> None:
            self.count += 1

    class Holding(ttTonic):
        def ttse__on_start(self) -> None:
            self.side = ttAsyncioCatalyst(name="side", context=-1, loop=loop_name)
            self.counter = Counter(catalyst=self.side)
            self.helper = in_thread(self.work)

        def work(self) -> None:
            self.settled()
            self.side.hold()
            self.settled()
            for _ in range(3):
                self.counter.ttsc__count()
            self.settled()
            seen.append(self.counter.count)
            turned = threading.Event()
            self.side.loop.call_soon_threadsafe(turned.set)
            wait_for(turned)
            self.side.step(2)
            self.settled()
            seen.append(self.counter.count)
            self.side.release()
            self.settled()
            seen.append(self.counter.count)
            self.finish()

        def settled(self) -> None:
            for _ in range(2):
                reached = threading.Event()
                brake.at_boundary(self.side.id, reached.set)
                wait_for(reached)

    run_app(Holding)

    assert seen == [0, 2, 3]


# -- errors and endings -----------------------------------------------------------------------------------------------------


def test_error_in_a_callback_of_the_loop_is_said(run_net_app: Any, capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> None:
        raise ValueError("broken callback")

    class Calling(Waiting):
        def ttse__on_start(self) -> None:
            self.catalyst.loop.call_soon(broken)
            self.catalyst.loop.call_soon(self.ttsc__end)

    run_net_app(Calling)

    assert "ValueError: broken callback" in capsys.readouterr().err


def test_exit_from_a_callback_does_not_end_the_app(run_net_app: Any, capsys: pytest.CaptureFixture[str]) -> None:
    class Calling(Waiting):
        def ttse__on_start(self) -> None:
            self.catalyst.loop.call_soon(sys.exit, "no more")
            self.catalyst.loop.call_later(0.01, self.ttsc__end)

    assert run_net_app(Calling).ledger.essences == []
    assert "SystemExit: no more" in capsys.readouterr().err


def test_loop_that_somebody_stops_goes_on(run_net_app: Any) -> None:
    class Calling(Waiting):
        def ttse__on_start(self) -> None:
            self.catalyst.loop.call_soon(self.catalyst.loop.stop)
            self.catalyst.loop.call_later(0.01, self.ttsc__end)

    assert run_net_app(Calling).ledger.essences == []


def test_two_apps_run_one_after_the_other(run_net_app: Any) -> None:
    run_net_app(Ender)

    assert run_net_app(Ender).ledger.essences == []


def test_other_catalysts_work_beside_the_loop(run_net_app: Any) -> None:
    seen: list[int] = []

    class Worker(ttTonic):
        def ttsc__double(self, number: int) -> None:
            self.context.ttsc__done(2 * number)  # type: ignore[union-attr]

    class Boss(ttTonic):
        def ttse__on_start(self) -> None:
            self.worker = Worker(catalyst=ttCatalyst(context=-1))
            self.worker.ttsc__double(21)

        def ttsc__done(self, number: int) -> None:
            seen.append(number)
            self.finish()

    run_net_app(Boss)

    assert seen == [42]


def test_sparkle_that_never_ends_is_named_with_its_stack(loop_name: str) -> None:
    go_on = threading.Event()

    class Stuck(ttTonic):
        def ttse__on_start(self) -> None:
            stuck.set()
            go_on.wait(WAIT_S)

    class Boss(ttTonic):
        def ttse__on_start(self) -> None:
            Stuck(context=-1, catalyst=ttAsyncioCatalyst(name="net", context=-1, loop=loop_name))
            wait_for(stuck)
            self.finish()

    stuck = threading.Event()
    try:
        with pytest.raises(ttShutdownError, match=r"net did not end within 0.1 seconds[\s\S]*go_on.wait"):
            run_app(Boss, settings={"tasktonic/shutdown/timeout": 0.1})
    finally:
        go_on.set()


# -- Ctrl+C -------------------------------------------------------------------------------------------------------------

WAITS = """
    class Waiting(ttTonic):
        def ttse__on_start(self):
            print("ready")
        def ttse__on_finished(self):
            print("finished")

    class App(ttFormula):
        def creating_formula(self):
            return {"tasktonic/log/to": "off"}
        def creating_main_catalyst(self):
            ttAsyncioCatalyst(loop=LOOP)
        def creating_starting_tonics(self):
            Waiting()
    App()
    print("returned")
"""


@pytest.fixture
def interruptible(tmp_path: Path, loop_name: str) -> Iterator[Any]:
    """Starts an app by its text, until it has said that it is ready."""
    imports = "from tasktonic import *\nfrom tasktonic.net import *\n"
    with ready_scripts(tmp_path) as start:
        yield lambda body: start(imports + textwrap.dedent(body).replace("LOOP", repr(loop_name)))


def test_one_interrupt_finishes_an_idle_app_in_order(interruptible: Any) -> None:
    process = interruptible(WAITS)
    process.send_signal(signal.SIGINT)

    out, err = process.communicate(timeout=WAIT_S)

    assert (process.returncode, out, err) == (0, "finished\nreturned\n", "")


def test_second_interrupt_ends_the_app_at_once(interruptible: Any) -> None:
    process = interruptible(stubborn_app("ttAsyncioCatalyst(loop=LOOP)", at_end='print("finished")'))
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "asked\n"
    process.send_signal(signal.SIGINT)

    out, err = process.communicate(timeout=WAIT_S)

    assert (process.returncode, out, err) == (0, "interrupted\n", "")


def test_second_interrupt_ends_the_app_also_when_a_callback_exits_in_the_same_round(interruptible: Any) -> None:
    stubborn = stubborn_app("ttAsyncioCatalyst(loop=LOOP)")
    meanwhile = """import sys, time
    class Stubborn(ttTonic):
        def ttse__on_start(self):
            loop = self.catalyst.loop
            loop.call_soon(lambda: (self.ttsc__stay(), loop.call_soon(sys.exit, "no more")))
        def ttsc__stay(self):"""
    begin = stubborn.index("import time")
    end = stubborn.index("\n", stubborn.index("def ttse__on_start"))
    process = interruptible(stubborn[:begin] + meanwhile + stubborn[end:])
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "asked\n"
    process.send_signal(signal.SIGINT)

    out, err = process.communicate(timeout=WAIT_S)

    assert (process.returncode, out) == (0, "interrupted\n")
    assert "SystemExit: no more" in err
