"""A log target as such: its thread, floods, stalls, faults; and one of one's own."""

from __future__ import annotations

import gc
import re
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tasktonic import ttEssence, ttLogService, ttTonic
from tasktonic.events import LogLine, Raised
from tasktonic.loggers import LogRecord
from tasktonic.loggers.service import MOST_ENDED, MOST_WAITING, USUAL_LENGTH
from tasktonic.stream import Level, stream
from tests.helpers.apps import reading, run_app, wait_for
from tests.helpers.logged_apps import Keeping, run_logged

LINE = LogLine(0, 1, "x", 0)  # type: ignore[arg-type]
ERROR = Raised(0, 1, "ttsc__x", "ValueError", "boom", "Traceback: boom", -1, 0)  # type: ignore[arg-type]


class Speaker(ttTonic):
    def ttse__on_start(self) -> None:
        self.log("hello")
        self.finish()


@contextmanager
def stalled() -> Iterator[Keeping]:
    """A target that stalls at its first record until the end of the block, and then writes all it has."""
    kept = Keeping()
    kept.may_go_on.clear()
    yield kept
    kept.may_go_on.set()
    kept._tt_close()
    kept._tt_wait(20, 20)


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


def test_target_flushes_also_while_more_and_more_comes() -> None:
    with stalled() as kept:
        for _ in range(20):
            kept.on_rows(0, [LINE] * 256)

    assert kept.flushes >= 5


def test_log_leaves_no_thread() -> None:
    before = set(threading.enumerate())

    run_logged(Speaker, Keeping())

    assert set(threading.enumerate()) == before


def test_what_is_dropped_under_flood_is_counted_then_said() -> None:
    with stalled() as kept:
        kept.on_rows(0, [LINE] * (MOST_WAITING + 1))
        kept.on_rows(0, [LINE] * 7)

    assert len(kept.of("said")) == MOST_WAITING + 1
    assert kept.records[-1][1:5] == (
        "dropped",
        -1,
        "tasktonic",
        "7 events came faster than they could be logged and are not shown.",
    )


def test_what_was_dropped_is_said_where_it_is_missing() -> None:
    class StallsTwice(Keeping):
        """Stalls at once, and again when its first flush is over."""

        may_end = threading.Event()
        has_flushed = threading.Event()

        def flush(self) -> None:
            super().flush()
            if self.flushes == 2:
                self.has_flushed.set()
                wait_for(self.may_end)

    kept = StallsTwice()
    kept.may_go_on.clear()
    for _ in range(MOST_WAITING // 250 + 1):
        kept.on_rows(0, [LINE] * 250)
    kept.on_rows(0, [LINE] * 7)
    kept.may_go_on.set()
    wait_for(kept.has_flushed)
    kept.on_rows(0, [LINE])

    kept.may_end.set()
    kept._tt_close()
    kept._tt_wait(20, 20)

    assert [record.event for record in kept.records[-3:]] == ["said", "dropped", "said"]


def test_long_texts_count_for_more() -> None:
    long = LogLine(0, 1, "x" * USUAL_LENGTH * (MOST_WAITING // 2), 0)  # type: ignore[arg-type]

    with stalled() as kept:
        for _ in range(5):
            kept.on_rows(0, [long])

    assert len(kept.of("said")) == 2
    assert kept.records[-1].text.startswith("3 events")


def test_errors_are_not_dropped_under_flood() -> None:
    with stalled() as kept:
        kept.on_rows(0, [LINE] * (MOST_WAITING + 1))
        kept.on_rows(0, [ERROR, LINE, ERROR])

    assert len(kept.of("raised")) == 2
    assert kept.records[-1].text.startswith("1 events")


def test_even_errors_do_not_pile_up_without_end() -> None:
    with stalled() as kept:
        for _ in range(4):
            kept.on_rows(0, [ERROR] * (MOST_WAITING + 1))

    assert len(kept.of("raised")) == 2 * (MOST_WAITING + 1)
    assert kept.records[-1].text.startswith(f"{2 * (MOST_WAITING + 1)} events")


class Burden:
    """An argument that can be looked for."""


def test_stalled_full_log_keeps_no_tonic_or_argument_alive() -> None:
    burdens: list[weakref.ref[Burden]] = []
    tonics: list[weakref.ref[ttTonic]] = []

    class Carrier(ttTonic):
        def ttse__on_start(self) -> None:
            for _ in range(300):
                burden = Burden()
                burdens.append(weakref.ref(burden))
                self.ttsc__carry(burden)
            self.ttsc__end()

        def ttsc__carry(self, burden: Burden) -> None: ...

        def ttsc__end(self) -> None:
            self.finish()

    with stalled() as kept:
        stream.attach(kept)
        kept.level = Level.RUNS
        stream.relevel(kept)
        run_app(lambda: tonics.append(weakref.ref(Carrier())), settings={"tasktonic/log/default": "full"})
        stream.detach(kept)
        wait_for(kept.is_at_work)

        gc.collect()
        assert [ref for ref in burdens if ref() is not None] == []
        assert [ref for ref in tonics if ref() is not None] == []

    assert len([record for record in kept.of("ran") if record.sparkle == "ttsc__carry"]) == 300


def test_runs_that_nobody_logs_do_not_wait() -> None:
    class Counter(ttTonic):
        def ttse__on_start(self) -> None:
            for _ in range(300):
                self.ttsc__count()
            self.ttsc__end()

        def ttsc__count(self) -> None: ...

        def ttsc__end(self) -> None:
            self.finish()

    with stalled() as kept:
        kept.level = Level.RUNS
        stream.attach(kept)
        run_app(lambda: Counter(name="counter"), settings={"tasktonic/log/default": "quiet"})
        stream.detach(kept)

        assert kept._tt_taken <= 4

    assert kept.of("ran") == []


def test_names_of_what_has_ended_are_not_kept_without_end() -> None:
    kept = Keeping()

    class Parent(ttTonic):
        def ttse__on_start(self) -> None:
            for _ in range(MOST_ENDED + 500):
                self.bind(ttTonic).finish()
            self.finish()

    run_logged(Parent, kept, settings={"tasktonic/log/default": "stealth"})

    assert len(kept._tt_known) == 0
    assert len(kept._tt_ended) == MOST_ENDED


def test_slow_log_does_not_hold_up_a_sparkle() -> None:
    with stalled() as kept:
        stream.attach(kept)
        formula = run_app(Speaker)  # returns though the log still waits
        stream.detach(kept)
        assert kept.of("said") == []

    assert formula.ledger.essences == []
    assert [record.text for record in kept.of("said")] == ["hello"]


class Stalling(Keeping):
    """Takes nothing; nobody waits for it at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go_on.clear()

    def _tt_wait(self, without_progress_s: float = 0.0, longest_s: float = 0.0) -> None:
        super()._tt_wait(without_progress_s, longest_s)


class OneByOne(Keeping):
    """Writes one record each time when somebody waits for its thread."""

    def __init__(self) -> None:
        super().__init__()
        self.may_write = threading.Semaphore(0)

    def write(self, record: LogRecord) -> None:
        assert self.may_write.acquire(timeout=20)
        super().write(record)


class Waited(threading.Thread):
    """A writer's thread that is waited for until one more record is written."""

    def __init__(self, target: OneByOne) -> None:
        super().__init__(target=target._tt_write_all)
        self.log = target

    def join(self, timeout: float | None = None) -> None:
        before = self.log._tt_writes
        self.log.may_write.release()
        while self.is_alive() and self.log._tt_writes == before:
            super().join(0.001)


def test_target_that_is_slow_but_gets_on_is_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    slow = OneByOne()
    slow._tt_writer = Waited(slow)
    slow._tt_writer.start()
    slow.on_rows(0, [LINE] * 100)
    slow._tt_close()

    slow._tt_wait(20, 1000)
    slow._tt_writer.join()

    assert len(slow.records) == 100
    assert capsys.readouterr().err == ""


def test_target_that_does_not_end_is_given_up(
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept = Stalling()

    run_logged(lambda: Speaker(name="speaker"), kept)
    kept.may_go_on.set()

    err = capsys.readouterr().err
    assert re.fullmatch(
        r"tasktonic: the log target kept did not take its last 5 lines in time after the end of the app; they are lost\.\n",
        err,
    )


def test_errors_in_a_target_that_is_given_up_reach_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    class Failing(ttTonic):
        def ttse__on_start(self) -> None:
            self.finish()
            raise LookupError("lost")

    kept = Stalling()

    run_logged(lambda: Failing(name="failing"), kept)
    kept.may_go_on.set()

    err = capsys.readouterr().err
    assert "failing.ttse__on_start raised:\n" in err
    assert "LookupError: lost" in err


class Faulty(ttLogService):
    """Raises at what is said, or where it is told to."""

    def __init__(self, where: str = "write", error: BaseException | None = None) -> None:
        super().__init__()
        self.where = where
        self.error = error or LookupError("cannot write")
        self.writes = 0
        self.closes = 0

    def write(self, record: LogRecord) -> None:
        self.writes += 1
        if self.where == "write" and record.event == "said":
            raise self.error

    def flush(self) -> None:
        if self.where == "flush":
            raise self.error

    def close(self) -> None:
        self.closes += 1
        if self.where == "close":
            raise self.error


class Stubborn(ttTonic):
    """Says much, then raises, then says more."""

    def ttse__on_start(self) -> None:
        for _ in range(100):
            self.log("hello")
        self.ttsc__fail()
        self.ttsc__end()

    def ttsc__fail(self) -> None:
        raise ZeroDivisionError("by nought")

    def ttsc__end(self) -> None:
        self.log("done")
        self.finish()


@pytest.mark.parametrize("where", ["write", "flush"])
def test_target_that_raises_is_told_once_in_a_sentence(where: str, capsys: pytest.CaptureFixture[str]) -> None:
    formula = run_logged(Stubborn, Faulty(where), to="kept")

    err = capsys.readouterr().err
    first, *rest = err.splitlines()
    assert re.fullmatch(
        r"tasktonic: the log target kept failed: LookupError: cannot write \(.*test_service\.py, line \d+\)\. "
        r"It writes no more; the app goes on\.",
        first,
    )
    assert "tasktonic:" not in "".join(rest)
    assert formula.ledger.essences == []


def test_target_that_raised_is_closed_once() -> None:
    faulty = Faulty()

    run_logged(Stubborn, faulty)

    assert faulty.closes == 1


def test_target_that_exits_is_told_too(capsys: pytest.CaptureFixture[str]) -> None:
    run_logged(Stubborn, Faulty(error=SystemExit("enough")))

    assert "the log target kept failed: SystemExit: enough" in capsys.readouterr().err


def test_target_whose_error_cannot_be_shown_is_told_too(capsys: pytest.CaptureFixture[str]) -> None:
    class Unspeakable(Exception):
        def __str__(self) -> str:
            raise LookupError

    run_logged(Stubborn, Faulty(error=Unspeakable()))

    err = capsys.readouterr().err
    assert err.startswith("tasktonic: the log target kept failed: Unspeakable: <its __str__ raised LookupError> (")
    assert "ZeroDivisionError: by nought" in err


def test_target_that_raises_when_it_is_closed_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    run_logged(Speaker, Faulty("close"))

    assert re.fullmatch(
        r"tasktonic: closing the log target kept failed: LookupError: cannot write \(.*\)\.\n", capsys.readouterr().err
    )


@pytest.mark.parametrize("where", ["write", "flush"])
def test_errors_reach_stderr_when_the_only_target_has_failed(where: str, capsys: pytest.CaptureFixture[str]) -> None:
    run_logged(lambda: Stubborn(name="stubborn"), Faulty(where))

    err = capsys.readouterr().err
    assert err.count("stubborn.ttsc__fail raised:\n") == 1
    assert "ZeroDivisionError: by nought" in err


def test_error_that_a_target_fails_to_write_reaches_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    class FailsAtErrors(ttLogService):
        def write(self, record: LogRecord) -> None:
            if record.event == "raised":
                raise OSError("too long")

    run_logged(lambda: Stubborn(name="stubborn"), FailsAtErrors())

    err = capsys.readouterr().err
    assert err.startswith(
        "tasktonic: the log target kept failed: OSError: too long. It writes no more; the app goes on.\n"
    )
    assert err.count("stubborn.ttsc__fail raised:\n") == 1


def test_other_targets_go_on_when_one_has_failed(capsys: pytest.CaptureFixture[str]) -> None:
    run_logged(lambda: Stubborn(name="stubborn"), Faulty(), to="kept, screen")

    out, err = capsys.readouterr()
    assert "done" in out
    assert "stubborn.ttsc__fail raised" not in err
    assert "ttsc__fail raised ZeroDivisionError: by nought" in out


def test_failed_target_wants_no_runs() -> None:
    faulty = Faulty()
    levels: list[Level] = []

    class Full(ttTonic):
        def ttse__on_start(self) -> None:
            self.set_log_mode("full")
            self.log("hello")
            self.ttsc__look()

        def ttsc__look(self) -> None:
            if faulty.closes == 0:
                self.ttsc__look()
                return
            self.set_log_mode("full")
            levels.append(stream.level)
            self.finish()

    run_logged(Full, faulty)

    assert levels == [Level.FACTS]


def test_stderr_that_is_gone_harms_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)

    formula = run_logged(Stubborn, Faulty())

    assert formula.ledger.essences == []
