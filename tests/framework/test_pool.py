"""Heavy work beside the sparkles: results, values of its own, bounds and progress."""

from __future__ import annotations

import functools
import os
import threading
from typing import Any

import pytest

from tasktonic import ttCatalyst, ttShared, ttTonic
from tasktonic.stream import Level
from tests.helpers import heavy
from tests.helpers.apps import reading, run_app, wait_for
from tests.helpers.pool_askers import (
    Asker,
    Where,
    both,
    error_of,
    output_of,
    refusal_of,
    run,
)

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
        "from tests.helpers import heavy\n"
        "from tests.helpers.pool_askers import run\n"
        "from tasktonic.crossing import ttShared\n"
        "run(lambda asker: asker.ask(heavy.square, 7))\n"
        "print(ttShared.first_use is not None)\n"
    )

    assert output_of("-c", code).splitlines() == ["True"]


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
