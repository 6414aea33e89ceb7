"""Apps that are ended from outside or cannot end: Ctrl+C, and threads that hang."""

from __future__ import annotations

import signal
import subprocess
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tasktonic import ttCatalyst, ttError, ttTimerSingleShot, ttTonic
from tasktonic.errors import ttShutdownError
from tasktonic.events import Born
from tests.helpers.apps import WAIT_S, reading, run_app, wait_for
from tests.helpers.scripts_apart import ready_scripts, run_script, stubborn_app
from tests.helpers.small_tonics import Ender, Stayer

# -- threads that hang --------------------------------------------------------------------------------------------------


def test_thread_that_hangs_at_the_end_is_named_with_its_stack() -> None:
    may_go_on = threading.Event()

    class Hanging(ttTonic):
        def ttse__on_start(self) -> None:
            self.hang_in_here()

        def hang_in_here(self) -> None:
            hangs.set()
            may_go_on.wait(WAIT_S)

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            wait_for(hangs)
            self.finish()

    def start() -> None:
        Hanging(catalyst=ttCatalyst(name="slow side"))
        Main()

    hangs = threading.Event()
    with pytest.raises(ttShutdownError) as caught:
        run_app(start, settings={"tasktonic/shutdown/timeout": 0.1})
    may_go_on.set()

    assert isinstance(caught.value, ttError)
    said = str(caught.value)
    assert "slow side did not end within 0.1 seconds (tasktonic/shutdown/timeout)" in said
    assert "in hang_in_here" in said


def test_thread_that_hung_runs_nothing_more_of_the_app() -> None:
    may_go_on, hangs, seen = threading.Event(), threading.Event(), []

    class Hanging(ttTonic):
        def ttse__on_start(self) -> None:
            self.ttsc__more()
            hangs.set()
            may_go_on.wait(WAIT_S)

        def ttsc__more(self) -> None:
            seen.append("more")

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            wait_for(hangs)
            self.finish()

    def start() -> None:
        self_thread.append(ttCatalyst(name="slow side"))
        Hanging(catalyst=self_thread[0])
        Main()

    self_thread: list[Any] = []
    with pytest.raises(ttShutdownError):
        run_app(start, settings={"tasktonic/shutdown/timeout": 0.1})
    thread = self_thread[0].driver.thread()
    may_go_on.set()
    thread.join(WAIT_S)

    assert not thread.is_alive()
    assert seen == []


def test_ending_that_never_happens_is_named() -> None:
    class Clinging(ttCatalyst):
        def _ttss__main_catalyst_finished(self) -> None: ...

    def start() -> None:
        Stayer(name="stayer", catalyst=Clinging(name="clinging"))
        Ender()

    with pytest.raises(ttShutdownError, match="clinging did not end"):
        run_app(start, settings={"tasktonic/shutdown/timeout": 0.1})


# -- Ctrl+C -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def interruptible(tmp_path: Path) -> Iterator[Any]:
    """Starts an app by its text, until it has said that it is ready."""
    with ready_scripts(tmp_path) as start:
        yield lambda body: start("from tasktonic import *\n" + textwrap.dedent(body))


def interrupt(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=WAIT_S)
    return process.returncode, out, err


TWO_CATALYSTS = r"""
    class Worker(ttTonic):
        def ttse__on_start(self):
            if self.name == "last":
                print("ready")
        def ttse__on_finished(self):
            print(f"finished {self.name}\n", end="")

    class App(ttFormula):
        def creating_formula(self):
            return {"tasktonic/log/to": "off"}
        def creating_main_catalyst(self):
            MAIN
        def creating_starting_tonics(self):
            side = ttCatalyst(name="side")
            Worker(name="first", catalyst=side)
            Worker(name="second")
            Worker(name="last")

    App()
    print("returned")
"""


def test_one_interrupt_finishes_the_app_in_order(interruptible: Any) -> None:
    process = interruptible(TWO_CATALYSTS.replace("MAIN", "super().creating_main_catalyst()"))

    code, out, err = interrupt(process)

    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[-1] == "returned"
    assert sorted(lines[:-1]) == ["finished first", "finished last", "finished second"]
    assert lines.index("finished last") < lines.index("finished second")


def test_one_interrupt_finishes_a_qt_app_in_order(interruptible: Any) -> None:
    pytest.importorskip("PySide6.QtWidgets")
    main = "from tasktonic.qt import ttPyside6Ui; ttPyside6Ui(name='main')"

    code, out, err = interrupt(interruptible(TWO_CATALYSTS.replace("MAIN", main)))

    assert (code, err, out.splitlines()[-1]) == (0, "", "returned")


@pytest.mark.parametrize(
    "main", ["super().creating_main_catalyst()", "from tasktonic.qt import ttPyside6Ui; ttPyside6Ui(name='main')"]
)
def test_second_interrupt_ends_the_app_at_once(interruptible: Any, main: str) -> None:
    if "qt" in main:
        pytest.importorskip("PySide6.QtWidgets")
    process = interruptible(stubborn_app(main, at_end='print("finished")'))
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "asked\n"

    code, out, err = interrupt(process)

    assert (code, out, err) == (0, "interrupted\n", "")


def test_interrupt_in_a_hook_comes_out_of_the_formula() -> None:
    def start() -> None:
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        run_app(start)

    assert run_app(Ender).ledger.essences == []


def test_handler_of_interrupts_is_put_back() -> None:
    before = signal.getsignal(signal.SIGINT)

    run_app(Ender)

    assert signal.getsignal(signal.SIGINT) is before


def test_handler_of_the_user_is_left_alone() -> None:
    seen: list[int] = []

    class Interrupting(ttTonic):
        def ttse__on_start(self) -> None:
            signal.raise_signal(signal.SIGINT)
            self.finish()

    before = signal.signal(signal.SIGINT, lambda number, frame: seen.append(number))
    try:
        run_app(Interrupting)
    finally:
        signal.signal(signal.SIGINT, before)

    assert seen == [signal.SIGINT]


def test_after_a_hard_interrupt_other_threads_run_nothing_more() -> None:
    catalysts: list[Any] = []

    class Interrupting(ttTonic):
        def ttse__on_start(self) -> None:
            raise KeyboardInterrupt

    def start() -> None:
        catalysts.append(ttCatalyst(name="side"))
        Stayer(catalyst=catalysts[0])
        Interrupting()

    with pytest.raises(KeyboardInterrupt):
        run_app(start)
    thread = catalysts[0].driver.thread()
    thread.join(WAIT_S)

    assert not thread.is_alive()


def test_script_under_strict_warnings_says_nothing_on_stderr(tmp_path: Path) -> None:
    script = tmp_path / "strict.py"
    script.write_text(
        textwrap.dedent("""
            from tasktonic import *

            class Worker(ttTonic):
                def ttse__on_start(self):
                    self.bind(ttStore).set("a/b", 1)
                    self.bind(ttTimerSingleShot, 0.01)

                def ttse__on_timer(self, info):
                    self.log("done")
                    self.finish()

            class App(ttFormula):
                def creating_starting_tonics(self):
                    Worker(catalyst=ttCatalyst(name="side"))
                    Worker()

            App()
            App()
            import threading
            print(threading.enumerate() == [threading.main_thread()])
        """),
        encoding="utf-8",
    )

    done = run_script(script, "-X", "dev")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "True"


def test_births_of_a_second_app_count_from_0_again() -> None:
    run_app(Ender)

    with reading() as rows:
        run_app(Ender)

    assert [row.essence for row in rows.of(Born)] == [0, 1]


def test_timer_at_top_level_does_not_keep_the_app() -> None:
    def start() -> None:
        ttTimerSingleShot(hours=1, sparkle_back=lambda info: None)
        Ender()

    assert run_app(start).ledger.essences == []
