from __future__ import annotations

import functools
import gc
import inspect
import os
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import psutil
import pytest

from tasktonic import ttCatalyst, ttDistiller, ttEssence, ttFormula, ttShared, ttTonic
from tasktonic.errors import ttWorkCancelledError, ttWorkerError
from tasktonic.events import Dropped, Ended
from tasktonic.failures import Failure
from tasktonic.pool import Work
from tasktonic.stream import Level
from tests.helpers import heavy
from tests.helpers.apps import in_thread, reading, run_app, wait_for

ROOT = Path(__file__).resolve().parents[2]
Where = Literal["thread", "process"]

both = pytest.mark.parametrize("where", ["thread", "process"])


class Asker(ttTonic):
    """Offloads what it is told to and keeps what comes; ends when all of it has come."""

    def __init__(self, begin: Callable[[Asker], object], name: str = "asker", **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.begin = begin
        self.waits_for = 0
        self.results: list[Any] = []
        self.errors: list[Failure] = []
        self.heard: list[Any] = []

    def ttse__on_start(self) -> None:
        self.begin(self)

    def ask(self, function: Callable[..., Any], *args: Any, where: Where = "thread", **kwargs: Any) -> Work:
        self.waits_for += 1
        return self.offload(
            function, *args, on_result=self.ttse__got, on_error=self.ttse__failed, where=where, **kwargs
        )

    def ttse__got(self, result: Any) -> None:
        self.results.append(result)
        self.heard.append(("result", result))
        self.one_less()

    def ttse__failed(self, error: Failure) -> None:
        self.errors.append(error)
        self.heard.append(("error", error))
        self.one_less()

    def ttse__progress(self, *values: Any) -> None:
        self.heard.append(values)

    def one_less(self) -> None:
        self.waits_for -= 1
        if self.waits_for == 0:
            self.finish()


def run(begin: Callable[[Asker], object], **settings: Any) -> Asker:
    """An app with one asker, run to its end."""
    made = []
    paths = {f"tasktonic/pool/{name}": value for name, value in settings.items()}
    run_app(lambda: made.append(Asker(begin)), settings=paths)
    return made[0]


def error_of(begin: Callable[[Asker], object], **settings: Any) -> Failure:
    """The one error that an asker got."""
    asker = run(begin, **settings)
    assert asker.results == []
    (error,) = asker.errors
    return error


def refusal_of(offload: Callable[[Asker], object], **settings: Any) -> str:
    """What a call of ``offload`` raised, at the call."""
    texts = []

    def begin(asker: Asker) -> None:
        with pytest.raises((TypeError, ValueError, RuntimeError)) as raised:
            offload(asker)
        texts.append(str(raised.value))
        asker.finish()

    run(begin, **settings)
    return texts[0]


# -- results --------------------------------------------------------------------------------------------------------


@both
def test_result_comes_back_as_a_sparkle(where: Where) -> None:
    assert run(lambda asker: asker.ask(heavy.square, 7, where=where)).results == [49]


def test_thread_work_runs_in_a_thread_of_the_pool() -> None:
    assert run(lambda asker: asker.ask(heavy.where_it_ran)).results == [(os.getpid(), "pool thread 1")]


def test_process_work_runs_in_another_process() -> None:
    ((pid, thread),) = run(lambda asker: asker.ask(heavy.where_it_ran, where="process")).results

    assert pid != os.getpid()
    assert thread == "MainThread"


def test_result_runs_on_the_catalyst_of_its_tonic() -> None:
    threads = []

    class Remote(ttTonic):
        def ttse__on_start(self) -> None:
            self.offload(heavy.square, 3, on_result=self.ttse__got)

        def ttse__got(self, result: int) -> None:
            threads.append(threading.current_thread().name)
            self.finish()

    run_app(lambda: Remote(catalyst=ttCatalyst(name="engine")))

    assert threads == ["engine"]


def test_result_may_go_to_a_partial_of_a_sparkle() -> None:
    class Numbered(ttTonic):
        def ttse__on_start(self) -> None:
            self.found: dict[str, int] = {}
            for name, number in (("a", 1), ("b", 2)):
                self.offload(heavy.square, number, on_result=functools.partial(self.ttse__got, name))

        def ttse__got(self, name: str, result: int) -> None:
            self.found[name] = result
            if len(self.found) == 2:
                self.finish()

    made = []
    run_app(lambda: made.append(Numbered()))

    assert made[0].found == {"a": 1, "b": 4}


def test_work_says_what_has_become_of_it() -> None:
    works = []
    run(lambda asker: works.append(asker.ask(heavy.square, 2)))

    assert works[0].state == "done"
    assert repr(works[0]) == "<Work square(2) for asker: done>"


def test_offload_in_init_runs_like_any_other() -> None:
    class Early(Asker):
        def __init__(self) -> None:
            super().__init__(lambda asker: None, name="early")
            self.ask(heavy.square, 5)

    made = []
    run_app(lambda: made.append(Early()))

    assert made[0].results == [25]


def test_pool_keeps_its_threads_for_the_next_work() -> None:
    class Chain(Asker):
        def ttse__got(self, result: Any) -> None:
            self.results.append(result[1])
            if len(self.results) == 5:
                self.finish()
            else:
                self.ask(heavy.where_it_ran)

    made = []
    run_app(lambda: made.append(Chain(lambda asker: asker.ask(heavy.where_it_ran))))

    assert set(made[0].results) <= {"pool thread 1", "pool thread 2"}  # the first may not rest yet when asked again


def test_source_of_a_result_is_the_pool_with_the_name_of_the_function() -> None:
    with reading(Level.FLOW) as rows:
        run(lambda asker: asker.ask(heavy.square, 7))

    sources = [order[4:6] for order in rows.orders() if order[0].name == "asker" and order[3] == 49]
    assert sources == [(None, "pool square")]


# -- isolation ------------------------------------------------------------------------------------------------------


@both
def test_arguments_are_copied(where: Where) -> None:
    numbers = [1]

    asker = run(lambda asker: asker.ask(heavy.appends, numbers, where=where))

    assert asker.results == [[1, 99]]
    assert numbers == [1]


def test_shared_argument_passes_to_a_thread_by_reference() -> None:
    numbers = [1]

    run(lambda asker: asker.ask(heavy.appends, ttShared(numbers)))

    assert numbers == [1, 99]


def test_result_of_a_thread_is_copied() -> None:
    kept = [1]

    asker = run(lambda asker: asker.ask(lambda: kept))

    assert asker.results[0] == kept
    assert asker.results[0] is not kept


def test_shared_result_of_a_thread_passes_by_reference() -> None:
    kept = [1]

    assert run(lambda asker: asker.ask(lambda: ttShared(kept))).results[0] is kept


def test_shared_values_pass_through_a_process_as_what_they_hold() -> None:
    asker = run(lambda asker: asker.ask(heavy.appends, ttShared([1]), where="process"))

    assert asker.results == [[1, 99]]


def test_pool_does_not_make_calls_look_for_shared_values() -> None:
    code = (
        "from tests.framework.test_pool import *\n"
        "from tasktonic.crossing import ttShared\n"
        "run(lambda asker: asker.ask(heavy.square, 7))\n"
        "print(ttShared.first_use is not None)\n"
    )

    assert output_of("-c", code).splitlines() == ["True"]


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
        "from tests.framework.test_pool import *\n"
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


# -- refused at the call ----------------------------------------------------------------------------------------------


def test_function_that_cannot_be_pickled_is_refused_at_the_call() -> None:
    text = refusal_of(lambda asker: asker.ask(lambda: 1, where="process"))

    assert text.startswith("asker.offload(<lambda>): the function cannot be pickled for another process: ")
    assert text.endswith("It must be a def at the top level of a module, or a partial of one.")


def test_argument_that_cannot_be_pickled_is_refused_at_the_call() -> None:
    text = refusal_of(lambda asker: asker.ask(max, 1, threading.Lock(), where="process"))

    assert text == (
        "asker.offload(max): argument 2 (a lock) cannot be pickled for another process: cannot pickle '_thread.lock' object. "
        "Pass plain data, or use where='thread'."
    )


def test_essence_is_refused_as_an_argument_for_a_process() -> None:
    text = refusal_of(lambda asker: asker.ask(str, asker, where="process"))

    assert "argument 1 (a Asker) cannot be pickled for another process: asker: an essence cannot be pickled." in text


def test_argument_that_cannot_be_copied_is_refused_at_the_call() -> None:
    text = refusal_of(lambda asker: asker.ask(str, threading.Lock()))

    assert text == (
        "asker.offload(str): argument 1 (a lock) cannot be copied for the other thread: cannot pickle '_thread.lock' object. "
        "Pass plain data, or ttShared(value) to hand it over by reference on purpose."
    )


def test_wrong_arguments_are_refused_at_the_call() -> None:
    assert refusal_of(lambda asker: asker.ask(heavy.square)) == (
        "asker.offload(square): the arguments do not fit: missing a required argument: 'number'. "
        "Keyword arguments go into functools.partial."
    )


def test_function_without_report_is_refused_when_progress_is_wanted() -> None:
    assert refusal_of(lambda asker: asker.ask(heavy.square, 2, on_progress=asker.ttse__progress)) == (
        "asker.offload(square): the arguments do not fit: got an unexpected keyword argument 'report'. "
        "With on_progress it gets a keyword argument report: add it to the function."
    )


def test_function_with_report_is_refused_when_no_progress_is_wanted() -> None:
    assert refusal_of(lambda asker: asker.ask(heavy.counts_to, 2)) == (
        "asker.offload(counts_to): the arguments do not fit: missing a required argument: 'report'. "
        "It gets report when on_progress=… is given."
    )


def test_function_that_takes_any_number_of_arguments_gets_them() -> None:
    def total(first: int, *more: int, factor: int = 1) -> int:
        return (first + sum(more)) * factor

    asker = run(lambda asker: [asker.ask(total, 1), asker.ask(total, 1, 2, 3)], threads=1)

    assert asker.results == [1, 6]


def test_function_that_wants_a_keyword_argument_is_told_where_it_goes() -> None:
    def scaled(number: int, *, factor: int) -> int:
        return number * factor

    function: Any = scaled
    text = refusal_of(lambda asker: asker.offload(function, 7))

    with pytest.raises(TypeError, match="'factor'") as said:
        inspect.signature(scaled).bind(7)  # in the words of this version of Python
    assert text == (
        f"asker.offload(scaled): the arguments do not fit: {said.value}. Keyword arguments go into functools.partial."
    )


def test_function_that_is_offloaded_again_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[Any] = []
    signature = inspect.signature
    monkeypatch.setattr("inspect.signature", lambda function: (looked_at.append(function), signature(function))[1])

    def double(number: int) -> int:
        return 2 * number

    asker = run(lambda asker: [asker.ask(double, number) for number in range(3)], threads=1)

    assert asker.results == [0, 2, 4]
    assert looked_at.count(double) == 1


def test_function_that_was_offloaded_is_not_kept() -> None:
    def make() -> weakref.ref[Any]:
        def double(number: int) -> int:
            return 2 * number

        assert run(lambda asker: asker.ask(double, 4)).results == [8]
        return weakref.ref(double)

    kept = make()
    gc.collect()

    assert kept() is None


def test_what_is_no_function_is_refused() -> None:
    not_a_function: Any = 5

    assert refusal_of(lambda asker: asker.ask(not_a_function)) == (
        "asker.offload(int): 5 cannot be called. Pass the function, then its arguments."
    )


def test_coroutine_function_is_refused() -> None:
    assert refusal_of(lambda asker: asker.ask(heavy.is_a_coroutine)) == (
        "asker.offload(is_a_coroutine): it is a coroutine function; a pool runs plain functions (def) to their end."
    )


def test_plain_function_is_refused_as_a_callback() -> None:
    text = refusal_of(lambda asker: asker.offload(heavy.square, 2, on_result=print))

    assert text.startswith("asker.offload(square): on_result is ")
    assert "which is no sparkle of a tonic. Pass one, such as on_result=self.ttse__result;" in text


def test_unknown_place_is_refused() -> None:
    nowhere: Any = "moon"

    assert refusal_of(lambda asker: asker.ask(heavy.square, 2, where=nowhere)) == (
        "asker.offload(square): where='moon': there are 'thread' and 'process'."
    )


@pytest.mark.parametrize("name", ["threads", "processes", "queue"])
@pytest.mark.parametrize("value", [0, -1, "many", 2.5, True])
def test_setting_that_means_nothing_is_refused(name: str, value: Any) -> None:
    text = refusal_of(lambda asker: asker.ask(heavy.square, 2), **{name: value})

    assert text == f"tasktonic/pool/{name} = {value!r}: it must be a whole number, 1 or more."


def test_offload_before_init_is_refused() -> None:
    class Hasty(ttTonic):
        def __init__(self) -> None:
            self.offload(heavy.square, 2)

    with pytest.raises(RuntimeError, match=r"Hasty: offload was called before super\(\).__init__\(\) had run\."):
        run_app(Hasty)


def test_offload_after_the_app_is_refused() -> None:
    asker = run(lambda asker: asker.ask(heavy.square, 2))

    with pytest.raises(RuntimeError, match=r"asker\.offload\(square\): the app has ended, and with it its pool\."):
        asker.ask(heavy.square, 2)


# -- bounds -----------------------------------------------------------------------------------------------------------


def test_no_more_threads_run_than_the_setting_says() -> None:
    meeting = threading.Barrier(3)

    asker = run(
        lambda asker: [asker.ask(lambda: (meeting.wait(20), heavy.where_it_ran())[1]) for _ in range(9)], threads=3
    )

    assert {name for _, name in asker.results} == {"pool thread 1", "pool thread 2", "pool thread 3"}


def test_no_more_processes_run_than_the_setting_says() -> None:
    asker = run(lambda asker: [asker.ask(heavy.where_it_ran, where="process") for _ in range(6)], processes=1)

    assert len(asker.results) == 6
    assert len(set(asker.results)) == 1


def test_work_beyond_the_bound_is_refused_at_the_call() -> None:
    gate = threading.Event()
    begun = threading.Event()

    def blocks() -> None:
        begun.set()
        wait_for(gate)

    def begin(asker: Asker) -> None:
        asker.ask(blocks)
        wait_for(begun)
        asker.ask(heavy.square, 1)
        asker.ask(heavy.square, 2)
        with pytest.raises(RuntimeError) as raised:
            asker.offload(heavy.square, 3)
        texts.append(str(raised.value))
        gate.set()

    texts: list[str] = []
    asker = run(begin, threads=1, queue=2)

    assert texts == [
        (
            "asker.offload(square): 2 pieces of work wait for a thread already (tasktonic/pool/queue). Offer more when "
            "results have come, hand over larger pieces, or raise the setting."
        )
    ]
    assert asker.results == [None, 1, 4]


def allow_threads(monkeypatch: pytest.MonkeyPatch, allowed: int) -> None:
    """Refuse to start threads of the pool beyond some number, as a system does that has no more."""
    start, left = threading.Thread.start, [allowed]

    def start_if_allowed(thread: threading.Thread) -> None:
        if thread.name.startswith("pool "):
            if left[0] == 0:
                raise RuntimeError("can't start new thread")
            left[0] -= 1
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_if_allowed)


def test_threads_that_the_system_refuses_are_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    allow_threads(monkeypatch, allowed=1)

    asker = run(lambda asker: [asker.ask(heavy.square, n) for n in range(20)])

    assert sorted(asker.results) == [n * n for n in range(20)]


def test_offload_says_so_when_the_system_gives_no_thread_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    allow_threads(monkeypatch, allowed=0)

    assert refusal_of(lambda asker: asker.ask(heavy.square, 2)) == "can't start new thread"


@both
def test_many_pieces_all_come_back(where: Where) -> None:
    asker = run(lambda asker: [asker.ask(heavy.square, n, where=where) for n in range(300)])

    assert sorted(asker.results) == [n * n for n in range(300)]


# -- progress ---------------------------------------------------------------------------------------------------------


@both
def test_progress_comes_in_order_and_before_the_result(where: Where) -> None:
    asker = run(lambda asker: asker.ask(heavy.counts_to, 50, where=where, on_progress=asker.ttse__progress))

    assert asker.heard == [*((n, 50) for n in range(50)), ("result", "counted")]


@both
def test_progress_that_cannot_cross_is_an_error(where: Where) -> None:
    error = error_of(lambda asker: asker.ask(heavy.reports_a_lock, where=where, on_progress=asker.ttse__progress))

    assert "reports_a_lock: report" in str(error.exception)
    assert "cannot pickle '_thread.lock' object. Report plain data." in str(error.exception)


@both
def test_progress_that_fits_no_handler_is_an_error(where: Where) -> None:
    class Narrow(Asker):
        def ttse__percent(self, percent: int) -> None:
            """Takes one value; two come."""

    made = []
    run_app(
        lambda: made.append(
            Narrow(lambda asker: asker.ask(heavy.counts_to, 5, where=where, on_progress=asker.ttse__percent))  # type: ignore[attr-defined]
        )
    )

    (error,) = made[0].errors
    assert "takes 2 positional arguments but 3 were given" in str(error.exception)


# -- cancelled --------------------------------------------------------------------------------------------------------


class Blocked:
    """The only thread of a pool, kept busy until the gate opens."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.begun = threading.Event()
        self.raised: list[BaseException] = []
        self.ran: list[int] = []

    def blocks(self) -> str:
        self.begun.set()
        wait_for(self.gate)
        return "late"

    def asks_at_the_gate(self, report: Callable[..., None]) -> None:
        self.begun.set()
        wait_for(self.gate)
        try:
            report("still there?")
        except ttWorkCancelledError as error:
            self.raised.append(error)
            raise


def test_cancelled_work_that_waits_never_begins() -> None:
    blocked = Blocked()

    def begin(asker: Asker) -> None:
        asker.ask(blocked.blocks)
        wait_for(blocked.begun)
        work = asker.ask(blocked.ran.append, 1)
        asker.ask(blocked.ran.append, 2)
        work.cancel()
        assert work.state == "cancelled"
        asker.one_less()
        blocked.gate.set()

    run(begin, threads=1)

    assert blocked.ran == [2]


def test_cancelled_work_makes_room_for_other_work() -> None:
    blocked = Blocked()

    def begin(asker: Asker) -> None:
        asker.ask(blocked.blocks)
        wait_for(blocked.begun)
        asker.ask(blocked.ran.append, 1).cancel()
        asker.one_less()
        asker.ask(blocked.ran.append, 2)
        blocked.gate.set()

    run(begin, threads=1, queue=1)

    assert blocked.ran == [2]


def test_cancelling_twice_is_harmless() -> None:
    blocked = Blocked()

    def begin(asker: Asker) -> None:
        works = [asker.ask(blocked.blocks), *(asker.ask(blocked.ran.append, n) for n in range(3))]
        wait_for(blocked.begun)
        for work in works * 2:
            work.cancel()
        blocked.gate.set()
        asker.finish()

    asker = run(begin, threads=1)

    assert (asker.heard, blocked.ran) == ([], [])


class Short(ttTonic):
    """Offloads with its only thread blocked, and finishes at once. Somebody else keeps the app alive."""

    def __init__(self, blocked: Blocked, **kwargs: Any) -> None:
        super().__init__(name="short", **kwargs)
        self.blocked = blocked
        self.got: list[Any] = []

    def ttse__on_start(self) -> None:
        self.offload(self.blocked.blocks, on_result=self.ttse__got)
        wait_for(self.blocked.begun)
        self.offload(self.blocked.ran.append, 1, on_result=self.ttse__got)
        self.finish()

    def ttse__got(self, result: Any) -> None:
        self.got.append(result)


class Boss(ttTonic):
    """Opens the gate when the short one has ended, and ends when the pool has done something else."""

    def __init__(self, blocked: Blocked) -> None:
        super().__init__(name="boss")
        self.blocked = blocked

    def ttse__on_start(self) -> None:
        self.short = self.bind(Short, self.blocked)

    def ttse__on_short_finished(self) -> None:
        self.offload(heavy.square, 2, on_result=self.ttse__pool_goes_on)
        self.blocked.gate.set()

    def ttse__pool_goes_on(self, result: int) -> None:
        self.finish()


def test_work_of_a_finished_tonic_never_begins_or_is_dropped() -> None:
    blocked = Blocked()
    made: list[Boss] = []
    with reading() as rows:
        run_app(lambda: made.append(Boss(blocked)), settings={"tasktonic/pool/threads": 1})

    short = made[0].short
    assert blocked.ran == []
    assert short.got == []
    dropped = [row for row in rows.of(Dropped) if row.reason == "cancelled"]
    assert [row.essence for row in dropped] == [short._tt_id] * 2
    ended = next(row for row in rows.of(Ended) if row.essence == short._tt_id)
    assert all(rows.all.index(row) < rows.all.index(ended) for row in dropped)


def test_finished_tonic_is_not_kept_alive_by_its_work() -> None:
    blocked = Blocked()
    found: list[bool] = []

    class Looker(Boss):
        def ttse__on_short_finished(self) -> None:
            self.seen = weakref.ref(self.short)
            del self.short
            self.tts__look()  # the order that runs now has it as its source

        def tts__look(self) -> None:
            gc.collect()
            found.append(self.seen() is None)
            super().ttse__on_short_finished()

    run_app(lambda: Looker(blocked), settings={"tasktonic/pool/threads": 1})

    assert found == [True]


def test_report_raises_in_a_thread_when_nobody_waits() -> None:
    blocked = Blocked()

    def begin(asker: Asker) -> None:
        work = asker.ask(blocked.asks_at_the_gate, on_progress=asker.ttse__progress)
        wait_for(blocked.begun)
        work.cancel()
        blocked.gate.set()
        asker.finish()

    asker = run(begin)

    assert [str(error) for error in blocked.raised] == [
        (
            "asks_at_the_gate: nobody waits for this work any more (asker has finished or has cancelled it). "
            "Let this error through, so that it ends."
        )
    ]
    assert asker.heard == []


def test_report_raises_in_a_process_when_nobody_waits() -> None:
    class Bored(Asker):
        def ttse__progress(self, *values: Any) -> None:
            if values == (10,):
                self.work.cancel()
                self.waits_for = 0
                self.ask(heavy.square, 3, where="process")

    def begin(asker: Bored) -> None:
        asker.work = asker.ask(heavy.counts_until_told, where="process", on_progress=asker.ttse__progress)

    made = []
    run_app(lambda: made.append(Bored(begin)), settings={"tasktonic/pool/processes": 1})  # type: ignore[arg-type]

    assert made[0].results == [9]
    assert made[0].errors == []


def test_work_of_an_init_that_raises_never_begins() -> None:
    blocked = Blocked()

    class Fragile(ttTonic):
        def __init__(self) -> None:
            super().__init__()
            self.offload(blocked.ran.append, 1)
            raise ValueError("fragile")

    def begin(asker: Asker) -> None:
        asker.ask(blocked.blocks)
        wait_for(blocked.begun)
        with pytest.raises(ValueError, match="fragile"):
            Fragile()
        blocked.gate.set()

    run(begin, threads=1)

    assert blocked.ran == []


# -- the end of the app -----------------------------------------------------------------------------------------------


def test_app_waits_for_work_that_runs_when_it_ends() -> None:
    blocked = Blocked()
    ended: list[str] = []

    def works() -> None:
        blocked.blocks()
        ended.append("work")

    def begin(asker: Asker) -> None:
        asker.ask(works)
        wait_for(blocked.begun)
        asker.finish()

    helper = in_thread(lambda: (wait_for(blocked.begun), blocked.gate.set()))
    run(begin)
    ended.append("app")
    helper.join()

    assert ended == ["work", "app"]


def test_app_does_not_wait_for_ever_for_a_thread() -> None:
    blocked = Blocked()
    threads: list[threading.Thread] = []

    def begin(asker: Asker) -> None:
        asker.ask(blocked.blocks)
        wait_for(blocked.begun)
        threads.extend(t for t in threading.enumerate() if t.name == "pool thread 1")
        asker.finish()

    with pytest.raises(RuntimeError) as raised:
        run_app(lambda: Asker(begin), settings={"tasktonic/shutdown/timeout": 0.01})
    with reading(Level.FLOW) as rows:
        run(lambda asker: (blocked.gate.set(), threads[0].join(20), asker.ask(heavy.square, 2)))

    text = str(raised.value)
    assert text.startswith(
        "offloaded work did not end within 0.01 seconds (tasktonic/shutdown/timeout): blocks() for asker, in thread pool "
        "thread 1:\n"
    )
    assert "in blocks\n    wait_for(self.gate)" in text
    assert text.endswith("Let a long function call report(…) now and then: it raises when nobody waits any more.")
    assert not threads[0].is_alive()
    assert rows.of(Dropped) == []
    assert [order[3] for order in rows.orders() if order[5] == "pool blocks"] == []


def test_app_does_not_wait_for_ever_for_a_process() -> None:
    pids: list[int] = []

    class Hasty(Asker):
        def ttse__progress(self, *values: Any) -> None:
            pids.append(values[0])
            self.finish()

    with pytest.raises(RuntimeError) as raised:
        run_app(
            lambda: Hasty(
                lambda asker: asker.ask(heavy.tells_pid_and_waits, where="process", on_progress=asker.ttse__progress)
            ),
            settings={"tasktonic/shutdown/timeout": 0.01},
        )

    assert f"tells_pid_and_waits() for asker, in process {pids[0]}, which was killed" in str(raised.value)
    assert not psutil.pid_exists(pids[0])


def test_several_apps_in_a_row_leave_nothing_behind() -> None:
    def one_app() -> None:
        run(
            lambda asker: (
                asker.ask(heavy.square, 2),
                asker.ask(heavy.square, 3, where="process"),
                asker.ask(heavy.kills_itself, where="process"),
            )
        )

    myself = psutil.Process()
    before = set(threading.enumerate()), myself.children(recursive=True), myself.num_fds()
    for _ in range(4):
        one_app()

    assert (set(threading.enumerate()), myself.children(recursive=True), myself.num_fds()) == before


def test_app_that_was_only_built_leaves_no_thread() -> None:
    class Early(ttTonic):
        def __init__(self) -> None:
            super().__init__()
            self.offload(heavy.square, 5)

    before = set(threading.enumerate())
    run_app(Early, settings={"tasktonic/testing/dont_start_catalysts": True})
    for thread in set(threading.enumerate()) - before:
        thread.join(20)

    assert set(threading.enumerate()) <= before


# -- what it costs when it is not used --------------------------------------------------------------------------------


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "TASKTONIC_STUDIO": ""}


def output_of(*arguments: str) -> str:
    """What another Python prints; it must end well and say nothing else."""
    ended = subprocess.run(
        [sys.executable, *arguments], env=environment(), capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


def test_app_that_offloads_nothing_loads_nothing_for_it() -> None:
    code = (
        "import sys\n"
        "from tasktonic import *\n"
        "class Hello(ttTonic):\n"
        "    def ttse__on_start(self):\n"
        "        self.finish()\n"
        "class App(ttFormula):\n"
        "    def creating_starting_tonics(self):\n"
        "        Hello(log_mode='stealth')\n"
        "App()\n"
        "print([name for name in ('tasktonic.pool', 'multiprocessing', 'concurrent', 'subprocess', 'pickle') if name in sys.modules])\n"
    )

    assert output_of("-c", code).splitlines()[-1] == "[]"


def test_thread_work_loads_nothing_that_only_processes_need() -> None:
    code = (
        "import sys\n"
        "from tasktonic import *\n"
        "class Hello(ttTonic):\n"
        "    def ttse__on_start(self):\n"
        "        self.offload(len, 'abc', on_result=self.ttse__got)\n"
        "    def ttse__got(self, length):\n"
        "        self.finish()\n"
        "class App(ttFormula):\n"
        "    def creating_starting_tonics(self):\n"
        "        Hello(log_mode='stealth')\n"
        "App()\n"
        "print([name for name in ('multiprocessing', 'concurrent', 'subprocess') if name in sys.modules])\n"
    )

    assert output_of("-c", code).splitlines()[-1] == "[]"


# -- scripts ----------------------------------------------------------------------------------------------------------

SCRIPT = """
import os
from tasktonic import *

class Box:
    def __init__(self, value):
        self.value = value

def work(box):
    return Box((box.value + 1, os.getpid()))

class Asker(ttTonic):
    def ttse__on_start(self):
        self.offload(work, Box(1), on_result=self.ttse__got, on_error=self.ttse__failed, where="process")

    def ttse__got(self, box):
        print(type(box).__name__, box.value[0], box.value[1] != os.getpid())
        self.finish()

    def ttse__failed(self, error):
        print(error.exception)
        self.finish()

class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off"}

    def creating_starting_tonics(self):
        Asker()
"""


def test_function_of_a_guarded_script_runs_in_a_process(tmp_path: Path) -> None:
    script = tmp_path / "guarded.py"
    script.write_text(f"{SCRIPT}\nif __name__ == '__main__':\n    App()\n", encoding="utf-8")

    assert output_of(str(script)) == "Box 2 True\n"


def test_script_without_a_guard_is_told_what_is_missing(tmp_path: Path) -> None:
    script = tmp_path / "unguarded.py"
    script.write_text(f"{SCRIPT}\nApp()\n", encoding="utf-8")

    assert output_of(str(script)) == (
        "a worker process loads the script for the function that was offloaded, and the script runs its app again. Put the "
        "line that constructs the formula under  if __name__ == '__main__':  or the function into a module of its own.\n"
    )


def test_text_that_names_the_script_does_not_load_it(tmp_path: Path) -> None:
    script = tmp_path / "unguarded.py"
    program = SCRIPT.replace("work, Box(1)", "str.upper, '__main__'")
    program = program.replace("type(box).__name__, box.value[0], box.value[1] != os.getpid()", "box")
    script.write_text(f"{program}\nApp()\n", encoding="utf-8")

    assert output_of(str(script)) == "__MAIN__\n"


def test_function_of_a_program_that_has_no_file_cannot_be_found_by_a_process() -> None:
    assert output_of("-c", f"{SCRIPT}\nApp()\n").startswith("work: the worker process cannot read the work: ")


def test_module_beside_the_script_needs_no_guard(tmp_path: Path) -> None:
    (tmp_path / "works.py").write_text("def triple(number):\n    return 3 * number\n", encoding="utf-8")
    script = tmp_path / "unguarded.py"
    script.write_text(
        f"{SCRIPT}\nimport works\n"
        "class Other(Asker):\n"
        "    def ttse__on_start(self):\n"
        "        self.offload(works.triple, 4, on_result=self.ttse__number, where='process')\n"
        "    def ttse__number(self, number):\n"
        "        print(number)\n"
        "        self.finish()\n"
        "Asker = Other\n"
        "App()\n",
        encoding="utf-8",
    )

    assert output_of(str(script)) == "12\n"


# -- Ctrl+C -----------------------------------------------------------------------------------------------------------

INTERRUPTED = """
import sys
from tests.framework.test_pool import *

class Busy(Asker):
    def ttse__progress(self, *values):
        print("busy", flush=True)

    def ttse__on_finished(self):
        print("finished", flush=True)

def begin(asker):
    asker.ask(heavy.tells_pid_and_waits, where="process", on_progress=asker.ttse__progress)

run_app(lambda: Busy(begin), settings={"tasktonic/shutdown/timeout": float(sys.argv[1])})
"""


@pytest.fixture
def interrupted_app(tmp_path: Path) -> Iterator[Callable[[float], subprocess.Popen[str]]]:
    """Starts an app whose worker is busy, in a group of its own, as a shell would."""
    started: list[subprocess.Popen[str]] = []
    script = tmp_path / "app.py"
    script.write_text(INTERRUPTED, encoding="utf-8")

    def start(timeout: float) -> subprocess.Popen[str]:
        app = subprocess.Popen(
            [sys.executable, str(script), str(timeout)],
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )
        started.append(app)
        assert app.stdout is not None
        assert app.stdout.readline() == "busy\n"
        return app

    yield start
    for app in started:
        if app.poll() is None:
            os.killpg(app.pid, signal.SIGKILL)
        app.communicate()


def test_interrupt_is_for_the_app_and_not_for_its_workers(
    interrupted_app: Callable[[float], subprocess.Popen[str]],
) -> None:
    app = interrupted_app(0.01)

    os.killpg(app.pid, signal.SIGINT)
    printed, said = app.communicate(timeout=60)

    assert printed == "finished\n"
    assert "tells_pid_and_waits() for asker, in process " in said
    assert "KeyboardInterrupt" not in said


def test_second_interrupt_does_not_wait_for_work(interrupted_app: Callable[[float], subprocess.Popen[str]]) -> None:
    app = interrupted_app(1000.0)

    os.killpg(app.pid, signal.SIGINT)
    assert app.stdout is not None
    assert app.stdout.readline() == "finished\n"
    os.killpg(app.pid, signal.SIGINT)
    _, said = app.communicate(timeout=60)  # the worker has the same stdout: it has ended too

    assert said.strip().endswith("KeyboardInterrupt")


def test_busy_worker_ends_when_the_app_is_killed(interrupted_app: Callable[[float], subprocess.Popen[str]]) -> None:
    app = interrupted_app(1000.0)

    app.kill()
    app.communicate(timeout=60)  # the worker has the same stdout: it has ended too

    assert app.returncode == -signal.SIGKILL


# -- by hand ----------------------------------------------------------------------------------------------------------


def distilled(begin: Callable[[Asker], object], **settings: Any) -> tuple[Asker, ttDistiller]:
    made: list[Any] = []

    class App(ttFormula):
        def creating_formula(self) -> dict[str, Any]:
            return {"tasktonic/log/to": "off", **settings}

        def creating_main_catalyst(self) -> None:
            made.append(ttDistiller())

        def creating_starting_tonics(self) -> None:
            made.append(Asker(begin))

    App()
    return made[1], made[0]


@both
def test_distiller_does_the_work_in_its_own_thread_and_in_no_time(where: Where) -> None:
    before = set(threading.enumerate())
    asker, distiller = distilled(lambda asker: asker.ask(heavy.where_it_ran, where=where))

    trace = distiller.sparkle()

    assert set(threading.enumerate()) == before
    assert asker.results == [(os.getpid(), "MainThread")]
    assert trace["end@"] == 0.0
    assert trace["status"] == "catalyst finished"


@both
def test_trace_has_the_same_rows_each_time(where: Where) -> None:
    def begin(asker: Asker) -> None:
        for number in range(5):
            asker.ask(heavy.counts_to, number, where=where, on_progress=asker.ttse__progress)

    traces = [distilled(begin)[1].sparkle()["sparkle_trace"] for _ in range(2)]

    assert traces[0] == traces[1]
    assert [row["sparkle"] for row in traces[0]].count("ttse__progress") == 10
    assert {row["source"] for row in traces[0] if row["sparkle"] == "ttse__got"} == {"pool counts_to"}


@both
def test_distiller_isolates_like_the_real_pool(where: Where) -> None:
    numbers = [1]
    asker, distiller = distilled(lambda asker: asker.ask(heavy.appends, numbers, where=where))

    distiller.sparkle()

    assert asker.results == [[1, 99]]
    assert numbers == [1]


@both
def test_error_under_a_distiller_comes_back_like_any(where: Where) -> None:
    asker, distiller = distilled(lambda asker: asker.ask(heavy.fails, "no", where=where))

    distiller.sparkle()

    assert str(asker.errors[0]) == "asker.fails('no') in state -- raised, asked for by asker.ttse__on_start"


def test_error_that_nobody_takes_is_raised_by_the_distiller(capfd: pytest.CaptureFixture[str]) -> None:
    _, distiller = distilled(lambda asker: asker.offload(heavy.fails, "no"))

    with pytest.raises(ValueError, match=r"^no$"):
        distiller.sparkle()
    distiller.finish_distiller()
    assert "raise ValueError(text)" in capfd.readouterr().err


def presses_ctrl_c() -> None:
    raise KeyboardInterrupt


@both
def test_ctrl_c_during_work_under_a_distiller_goes_through(where: Where) -> None:
    asker, distiller = distilled(lambda asker: asker.ask(presses_ctrl_c, where=where))

    with pytest.raises(KeyboardInterrupt):
        distiller.sparkle()
    distiller.finish_distiller()

    assert asker.heard == []


def test_shared_result_under_a_distiller_arrives_as_the_value() -> None:
    kept = [1]
    asker, distiller = distilled(lambda asker: asker.ask(lambda: ttShared(kept)))

    distiller.sparkle()

    assert asker.results[0] is kept


def test_work_of_a_tonic_that_finishes_is_not_done_under_a_distiller() -> None:
    ran: list[int] = []
    _, distiller = distilled(lambda asker: (asker.ask(ran.append, 1), asker.finish()))

    distiller.sparkle()

    assert ran == []


def test_bound_holds_under_a_distiller() -> None:
    texts = []

    def begin(asker: Asker) -> None:
        asker.ask(heavy.square, 1)
        with pytest.raises(RuntimeError) as raised:
            asker.ask(heavy.square, 2)
        asker.waits_for -= 1
        texts.append(str(raised.value))

    asker, distiller = distilled(begin, **{"tasktonic/pool/queue": 1})
    distiller.sparkle()

    assert texts[0].startswith("asker.offload(square): 1 pieces of work wait for a thread already")
    assert asker.results == [1]


def test_essence_passes_to_a_thread_by_reference() -> None:
    part = ttEssence(name="part")

    assert run(lambda asker: asker.ask(lambda essence: essence, part)).results == [part]
