"""When the rows of the stream are handed over to its readers, also when those fail or levels change."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tasktonic import ttCatalyst, ttEssence, ttLog, ttTonic
from tasktonic.events import Born, LogLine
from tasktonic.stream import Level, stream
from tests.framework.chains import Chain, called
from tests.helpers.apps import Rows, in_thread, reading, run_app, wait_for

# -- handing over ---------------------------------------------------------------------------------------------------------


def test_log_line_is_handed_over_at_once() -> None:
    found: list[int] = []

    class Speaking(Chain):
        def ttse__on_start(self) -> None:
            self.log("hello")
            found.append(len(rows.of(LogLine)))
            self.finish()

    with reading() as rows:
        run_app(Speaking)

    assert found == [1]


def test_idle_catalyst_has_handed_over_what_it_did() -> None:
    idle = threading.Event()

    class Waking(Rows):
        def on_rows(self, first: int, new: list[Any]) -> None:
            super().on_rows(first, new)
            if any(called(run[0]) == "tts__quiet" for run in self.runs()):
                idle.set()

    class Waiting(Chain):
        def ttse__on_start(self) -> None:
            self.tts__quiet()

        def tts__quiet(self) -> None: ...

        def wait(self) -> None:
            wait_for(idle)
            self.finish()

    def start() -> None:
        waiting = Waiting()
        in_thread(waiting.wait)

    rows = Waking(Level.RUNS)
    stream.attach(rows)
    try:
        run_app(start)
    finally:
        stream.detach(rows)

    assert idle.is_set()


def test_rows_do_not_pile_up_while_a_catalyst_is_busy() -> None:
    most: list[int] = []

    class Counting(Chain):
        def tts__step(self, left: int) -> None:
            most.append(len(stream.rows))
            super().tts__step(left)

    with reading(Level.FLOW):
        run_app(lambda: Counting(20_000))

    assert max(most) < 5_000


def test_handing_over_by_hand_gives_what_there_is() -> None:
    with reading() as rows:
        ttEssence(name="new")
        stream.hand_over()

        assert [row.name for row in rows.of(Born)] == ["new"]


def test_reader_that_causes_rows_while_it_reads_gets_them_afterwards() -> None:
    class Echoing(Rows):
        def on_rows(self, first: int, new: list[Any]) -> None:
            super().on_rows(first, new)
            if len(self.of(LogLine)) == 1:
                stream.emit_now(LogLine(0, 0, "echo", 0))  # type: ignore[arg-type]

    echoing, other = Echoing(), Rows()
    stream.attach(echoing)
    stream.attach(other)
    try:
        stream.emit_now(LogLine(0, 0, "first", 0))  # type: ignore[arg-type]
        assert [line.text for line in other.of(LogLine)] == ["first", "echo"]
    finally:
        stream.detach(echoing)
        stream.detach(other)


def test_row_that_comes_while_another_thread_hands_over_is_not_left_lying() -> None:
    in_reader, may_go_on = threading.Event(), threading.Event()

    class Slow(Rows):
        def on_rows(self, first: int, new: list[Any]) -> None:
            super().on_rows(first, new)
            in_reader.set()
            wait_for(may_go_on)

    slow = Slow()
    stream.attach(slow)
    try:
        thread = in_thread(lambda: stream.emit_now(LogLine(0, 0, "first", 0)))  # type: ignore[arg-type]
        wait_for(in_reader)
        stream.emit_now(LogLine(0, 0, "second", 0))  # type: ignore[arg-type]
        may_go_on.set()
        thread.join()
        assert [line.text for line in slow.of(LogLine)] == ["first", "second"]
    finally:
        may_go_on.set()
        stream.detach(slow)


# -- readers that fail ------------------------------------------------------------------------------------------------------


class Failing(Rows):
    def on_rows(self, first: int, rows: list[Any]) -> None:
        raise LookupError("cannot read")


def test_reader_that_raises_is_reported_once_and_removed(capsys: pytest.CaptureFixture[str]) -> None:
    failing = Failing()
    stream.attach(failing)

    ttEssence()
    stream.hand_over()
    ttEssence()
    stream.hand_over()

    assert not stream.active
    said = capsys.readouterr().err
    assert said.count("failed as a reader of events and was removed") == 1
    assert "LookupError: cannot read" in said


def test_other_readers_lose_nothing_when_one_raises(capsys: pytest.CaptureFixture[str]) -> None:
    stream.attach(Failing())
    with reading(Level.FLOW) as rows:
        run_app(lambda: Chain(100, name="chain"))

    assert rows.ran("chain").count("tts__step") == 101


def test_reader_that_raises_does_not_stop_a_catalyst(capsys: pytest.CaptureFixture[str]) -> None:
    stream.attach(Failing(Level.FLOW))

    formula = run_app(lambda: Chain(100))

    assert formula.ledger.essences == []
    assert stream.level is Level.FACTS


# -- levels that change while an app runs -------------------------------------------------------------------------------------


def test_readers_may_come_and_go_while_catalysts_are_busy() -> None:
    class Endless(ttTonic):
        steps = 0

        def ttse__on_start(self) -> None:
            self.tts__step(0)

        def tts__step(self, number: int) -> None:
            assert number == self.steps
            self.steps += 1
            self.tts__step(number + 1)

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.busy = [Endless(catalyst=ttCatalyst(context=-1)) for _ in range(2)]
            self.helper = in_thread(self.come_and_go)

        def come_and_go(self) -> None:
            for number in range(60):
                with reading((Level.FACTS, Level.RUNS, Level.FLOW)[number % 3]):
                    stream.hand_over()
            self.finish()

    assert run_app(Main).ledger.essences == []
    assert stream.rows == []


def test_full_log_mode_makes_logs_read_runs() -> None:
    class Log(Rows):
        follows_log_modes = True

    log = Log()
    stream.attach(log)
    try:
        run_app(lambda: Chain(name="chain", log_mode=ttLog.FULL))
    finally:
        stream.detach(log)

    assert "tts__step" in log.ran("chain")


def test_line_that_comes_while_a_level_changes_is_handed_over_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def say_elsewhere(level: Level) -> None:
        in_thread(lambda: stream.emit_now(LogLine(0, 0, "meanwhile", 0))).join()  # type: ignore[arg-type]

    monkeypatch.setattr(stream, "_on_level", [say_elsewhere])
    lines: list[str] = []
    with reading() as rows:
        rows.level = Level.FLOW
        stream.relevel(rows)
        lines += [row.text for row in rows.of(LogLine)]

    assert lines == ["meanwhile"]
