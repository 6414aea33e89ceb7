"""Log targets that are slow or stall while a flood comes: what waits, what is dropped, who is waited for."""

from __future__ import annotations

import gc
import re
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tasktonic import ttTonic
from tasktonic.events import LogLine, Raised
from tasktonic.loggers import LogRecord
from tasktonic.loggers.service import MOST_ENDED, MOST_WAITING, USUAL_LENGTH
from tasktonic.stream import Level, stream
from tests.framework.loggers.speaker import Speaker
from tests.helpers.apps import run_app, wait_for
from tests.helpers.logged_apps import Keeping, run_logged

LINE = LogLine(0, 1, "x", 0)  # type: ignore[arg-type]
ERROR = Raised(0, 1, "ttsc__x", "ValueError", "boom", "Traceback: boom", -1, 0)  # type: ignore[arg-type]


@contextmanager
def stalled() -> Iterator[Keeping]:
    """A target that stalls at its first record until the end of the block, and then writes all it has."""
    kept = Keeping()
    kept.may_go_on.clear()
    yield kept
    kept.may_go_on.set()
    kept._tt_close()
    kept._tt_wait(20, 20)


def test_target_flushes_also_while_more_and_more_comes() -> None:
    with stalled() as kept:
        for _ in range(20):
            kept.on_rows(0, [LINE] * 256)

    assert kept.flushes >= 5


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
