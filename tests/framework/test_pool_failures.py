"""Heavy work that fails, and worker processes that die."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from tasktonic import ttTonic
from tasktonic.errors import ttWorkerError
from tasktonic.failures import Failure
from tests.helpers import heavy
from tests.helpers.apps import run_app
from tests.helpers.pool_askers import (
    Asker,
    Where,
    both,
    environment,
    error_of,
    run,
)

# -- what goes wrong in the work ------------------------------------------------------------------------------------


@both
def test_exception_comes_back_with_its_traceback(where: Where) -> None:
    error = error_of(lambda asker: asker.ask(heavy.fails, "no", where=where))

    assert repr(error.exception) == "ValueError('no')"
    assert error.traceback.startswith("Traceback (most recent call last):\n")
    assert 'helpers/heavy.py", line' in error.traceback
    assert "raise ValueError(text)" in error.traceback
    assert "tasktonic/pool" not in error.traceback


@both
def test_error_says_for_whom_the_work_was(where: Where) -> None:
    error = error_of(lambda asker: asker.ask(heavy.fails, "no", where=where))

    assert str(error) == "asker.fails('no') in state -- raised, asked for by asker.ttse__on_start"


def test_exception_that_cannot_be_pickled_is_told_of() -> None:
    error = error_of(lambda asker: asker.ask(heavy.fails_stubbornly, where="process"))

    assert isinstance(error.exception, ttWorkerError)
    assert str(error.exception) == "Stubborn: door: locked (this error itself cannot be pickled)"
    assert "in fails_stubbornly" in error.traceback


@both
def test_exit_in_the_work_is_an_error(where: Where) -> None:
    asker = run(
        lambda asker: (asker.ask(heavy.leaves_by_sys_exit, where=where), asker.ask(heavy.square, 2, where=where)),
        threads=1,
        processes=1,
    )

    assert [repr(error.exception) for error in asker.errors] == ["SystemExit(3)"]
    assert asker.results == [4]


class Careful(ttTonic):
    """Has no ``on_error`` for its work, but ``ttse__on_error``."""

    def ttse__on_start(self) -> None:
        self.caught: list[Failure] = []
        self.offload(heavy.fails, "no")

    def ttse__on_error(self, error: Failure) -> None:
        self.caught.append(error)
        self.finish()


def test_without_on_error_the_tonic_takes_it_like_any_error() -> None:
    made = []
    run_app(lambda: made.append(Careful(name="careful")))

    assert [str(error) for error in made[0].caught] == [
        "careful.fails('no') in state -- raised, asked for by careful.ttse__on_start"
    ]


def test_error_that_nobody_takes_follows_the_policy(capfd: pytest.CaptureFixture[str]) -> None:
    class Careless(ttTonic):
        def ttse__on_start(self) -> None:
            self.offload(heavy.fails, "no", where="process")

    with pytest.raises(ValueError, match=r"^no$"):
        run_app(Careless, settings={"tasktonic/error/policy": "stop"})
    assert "raise ValueError(text)" in capfd.readouterr().err


def test_result_that_fits_no_handler_is_an_error() -> None:
    class Narrow(Careful):
        def ttse__on_start(self) -> None:
            self.caught = []
            self.offload(heavy.square, 2, on_result=self.ttse__done)  # type: ignore[arg-type]  # what a checker refuses

        def ttse__done(self) -> None:
            """Takes no result."""

    made = []
    run_app(lambda: made.append(Narrow(name="narrow")))

    assert "takes 1 positional argument but 2 were given" in str(made[0].caught[0].exception)


def test_result_of_a_thread_that_cannot_be_copied_is_an_error() -> None:
    error = error_of(lambda asker: asker.ask(heavy.gives_a_lock))

    assert str(error.exception) == (
        "gives_a_lock: its result (a lock) cannot be copied for the other thread: cannot pickle '_thread.lock' object. "
        "Return plain data, or ttShared(value) to hand it over by reference on purpose."
    )


def test_result_of_a_process_that_cannot_be_pickled_is_an_error() -> None:
    error = error_of(lambda asker: asker.ask(heavy.gives_a_lock, where="process"))

    assert str(error.exception) == (
        "gives_a_lock: its result (a lock) cannot be pickled: cannot pickle '_thread.lock' object. Return plain data."
    )


# -- processes that die -----------------------------------------------------------------------------------------------


def test_killed_process_is_an_error_that_says_so() -> None:
    class Killer(Asker):
        def ttse__progress(self, *values: Any) -> None:
            super().ttse__progress(*values)
            os.kill(values[0], signal.SIGKILL)

    made = []
    run_app(
        lambda: made.append(
            Killer(
                lambda asker: asker.ask(heavy.tells_pid_and_waits, where="process", on_progress=asker.ttse__progress)
            )
        )
    )

    pid = made[0].heard[0][0]
    assert isinstance(made[0].errors[0].exception, ttWorkerError)
    assert str(made[0].errors[0].exception) == (
        f"tells_pid_and_waits: the worker process {pid} was killed by signal 9 (SIGKILL) while it ran this. Nothing else is "
        "lost: the pool starts another for the next work. See what the function does to its process (memory, os._exit, a "
        "crash in an extension)."
    )


def test_process_that_leaves_is_an_error_that_says_so() -> None:
    error = error_of(lambda asker: asker.ask(heavy.leaves_at_once, 7, where="process"))

    assert " ended with exit code 7 while it ran this." in str(error.exception)
    assert str(error).startswith("asker.leaves_at_once(7) in state --")


def test_pool_goes_on_after_a_death() -> None:
    asker = run(
        lambda asker: (
            asker.ask(heavy.kills_itself, where="process"),
            asker.ask(heavy.square, 3, where="process"),
            asker.ask(heavy.leaves_at_once, 0, where="process"),
            asker.ask(heavy.square, 4, where="process"),
        ),
        processes=1,
    )

    assert asker.results == [9, 16]
    assert len(asker.errors) == 2


def test_process_that_died_while_idle_is_replaced_unnoticed() -> None:
    class Patient(Asker):
        def ttse__got(self, result: Any) -> None:
            self.results.append(result[0])
            if len(self.results) == 2:
                self.finish()
                return
            os.kill(result[0], signal.SIGKILL)
            os.waitid(os.P_PID, result[0], os.WEXITED | os.WNOWAIT)
            self.ask(heavy.where_it_ran, where="process")

    made = []
    run_app(
        lambda: made.append(Patient(lambda asker: asker.ask(heavy.where_it_ran, where="process"))),
        settings={"tasktonic/pool/processes": 1},
    )

    assert made[0].errors == []
    assert len(set(made[0].results)) == 2


def test_death_is_seen_though_a_child_of_the_process_keeps_its_pipe_open(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)

    asker = run(
        lambda asker: asker.ask(
            heavy.leaves_a_child_that_keeps_the_pipe, str(fifo), where="process", on_progress=asker.ttse__progress
        )
    )
    child = psutil.Process(asker.heard[0][0])
    fifo.write_bytes(b"go")
    child.wait(20)

    assert "ended with exit code 9" in str(asker.errors[0].exception)


def test_worker_process_ends_when_the_app_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "app.py"
    script.write_text(
        "import os, signal\n"
        "from tests.helpers import heavy\n"
        "from tests.helpers.apps import run_app\n"
        "from tests.helpers.pool_askers import Asker\n"
        "class Victim(Asker):\n"
        "    def ttse__got(self, result):\n"
        "        print(result[0], flush=True)\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "if __name__ == '__main__':\n"
        "    run_app(lambda: Victim(lambda asker: asker.ask(heavy.where_it_ran, where='process')))\n",
        encoding="utf-8",
    )

    ended = subprocess.run(
        [sys.executable, str(script)],
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    # The worker has the same stdout: that it came to its end shows that the worker has ended too.
    assert (ended.returncode, ended.stderr) == (-signal.SIGKILL, "")
    assert ended.stdout.strip().isdigit()
