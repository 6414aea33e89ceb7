"""A log target as such: its records, its thread, its end."""

from __future__ import annotations

import threading
import time

import pytest

from tasktonic import ttEssence, ttTonic
from tasktonic.loggers import LogRecord
from tasktonic.stream import Level
from tests.framework.loggers.speaker import Speaker
from tests.helpers.apps import reading, run_app
from tests.helpers.logged_apps import Keeping, run_logged


def test_record_says_what_who_when() -> None:
    kept = Keeping()
    before = time.time()
    made: list[int] = []

    class Saying(Speaker):
        def ttse__on_start(self) -> None:
            made.append(self.id)
            super().ttse__on_start()

    run_logged(lambda: Saying(name="saying"), kept)

    record = kept.of("said")[0]
    assert record[1:5] == ("said", made[0], "saying", "hello")
    assert before - 1 < record.time < time.time() + 1


def test_record_of_a_run_has_its_states() -> None:
    kept = Keeping()

    class Door(ttTonic):
        def ttse__on_start(self) -> None:
            self.to_state("open")
            self.finish()

        def ttse_open__on_exit(self) -> None: ...

    run_logged(Door, kept, settings={"tasktonic/log/default": "full"})

    start = next(record for record in kept.of("ran") if record.sparkle == "ttse__on_start" and record.id)
    assert (start.before, start.after, start.is_hook, start.is_ignored, start.has_raised) == (
        "--",
        "open",
        False,
        False,
        False,
    )
    assert next(record for record in kept.of("ran") if record.sparkle == "ttse__on_exit").is_hook


def test_record_of_an_error_has_its_traceback() -> None:
    kept = Keeping()

    class Failing(ttTonic):
        def ttse__on_start(self) -> None:
            self.finish()
            raise LookupError("lost")

    run_logged(Failing, kept)

    error = kept.of("raised")[0]
    assert (error.sparkle, error.error, error.text) == ("ttse__on_start", "LookupError", "lost")
    assert 'raise LookupError("lost")' in error.traceback


@pytest.mark.parametrize("level", [Level.RUNS, Level.FLOW])
def test_times_never_go_backwards(level: Level) -> None:
    kept = Keeping()

    class Many(ttTonic):
        def ttse__on_start(self) -> None:
            for _ in range(700):
                self.ttsc__make()
            self.ttsc__end()

        def ttsc__make(self) -> None:
            self.bind(ttEssence).finish()
            self.log("hello")

        def ttsc__end(self) -> None:
            self.finish()

    with reading(level):
        run_logged(Many, kept, settings={"tasktonic/log/default": "full"})

    # The clocks are compared anew for each batch, which moves a time by less than this.
    assert all(
        later.time - earlier.time > -1e-4 for earlier, later in zip(kept.records, kept.records[1:], strict=False)
    )


def test_target_writes_in_a_thread_of_its_own() -> None:
    class Where(Keeping):
        def write(self, record: LogRecord) -> None:
            self.thread = threading.current_thread().name

    where = Where()

    run_logged(Speaker, where)

    assert where.thread == "tasktonic log kept"


def test_lines_that_came_last_are_written_before_the_formula_returns() -> None:
    kept = Keeping()

    class Many(ttTonic):
        def ttse__on_start(self) -> None:
            for number in range(5000):
                self.log(f"line {number}")
            self.finish()

    run_logged(Many, kept)

    assert [record.text for record in kept.of("said")] == [f"line {number}" for number in range(5000)]


def test_target_is_flushed_then_closed_once() -> None:
    kept = Keeping()

    run_logged(Speaker, kept)

    assert kept.flushes >= 1
    assert kept.closes == 1


def test_targets_are_closed_in_the_order_in_which_they_are_named() -> None:
    order: list[str] = []

    class Slow(Keeping):
        def close(self) -> None:
            order.append("slow closes")
            order.append("slow is closed")

    class Quick(Keeping):
        def close(self) -> None:
            order.append("quick closes")

    run_app(
        Speaker,
        settings={
            "tasktonic/log/service#0": Quick,
            "tasktonic/log/service#1": Slow,
            "tasktonic/log/to": "Slow, Quick",
        },
    )

    assert order == ["slow closes", "slow is closed", "quick closes"]


def test_log_leaves_no_thread() -> None:
    before = set(threading.enumerate())

    run_logged(Speaker, Keeping())

    assert set(threading.enumerate()) == before
