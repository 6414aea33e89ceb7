"""Recorders that more comes to than they can write: what is left out, what waits, and who is held back."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from tasktonic.events import AppEnded, Gap
from tasktonic.observation import ENOUGH_ROWS, Intake
from tasktonic.recorder import Recorder
from tests.helpers.apps import in_thread, wait_for
from tests.helpers.patience import PATIENCE_S
from tests.helpers.stream_rows import made, order, run

# ---- left out


def test_flow_that_comes_too_fast_is_left_out_in_whole_batches() -> None:
    intake = Intake(most_rows=10)
    rows: list[Any] = [order(n) for n in range(1, 12)]
    intake.put(0, rows)
    intake.put(11, [run(20), made.AppEnded(9, 1, ""), run(21)])

    whole = intake.take()
    shed = intake.take()

    assert (whole.rows, whole.shed) == (rows, False)
    assert shed.shed
    assert [type(row) for row in shed.rows] == [Gap, AppEnded, type(None)]
    assert (shed.rows[0].orders, shed.rows[0].runs) == (0, 2)
    assert intake.rows == 0


def test_flow_is_left_out_when_what_waits_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1]
    monkeypatch.setattr("tasktonic.observation.system_ns", lambda: now[0])
    intake = Intake(most_ns=200)
    intake.put(0, [order(n) for n in range(ENOUGH_ROWS)])
    now[0] = 1_000  # nobody was to take it yet: only now there is enough
    intake.put(ENOUGH_ROWS, [order(2)])
    now[0] = 1_051
    intake.put(ENOUGH_ROWS + 1, [order(3)])
    first, second, third = intake.take(), intake.take(), intake.take()
    intake.put(ENOUGH_ROWS + 2, [order(4)])

    assert [taken.shed for taken in (first, second, third)] == [False, False, True]
    assert not intake.take().shed
    assert len(intake) == 0


def test_flow_of_an_app_that_does_little_is_whole_however_seldom_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1]
    monkeypatch.setattr("tasktonic.observation.system_ns", lambda: now[0])
    intake = Intake(most_ns=200)
    for number in range(10):
        now[0] += 1_000
        intake.put(number, [order(number)])

    taken = intake.take()

    assert (len(taken.rows), taken.shed) == (10, False)


def test_flow_is_left_out_while_much_is_in_hand_for_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1]
    monkeypatch.setattr("tasktonic.observation.system_ns", lambda: now[0])
    intake = Intake(most_ns=200)
    intake.put(0, [order(n) for n in range(ENOUGH_ROWS)])
    intake.take()
    intake.put(ENOUGH_ROWS, [order(2)])
    now[0] = 202
    intake.put(ENOUGH_ROWS + 1, [order(3)])
    intake.rest()
    intake.put(ENOUGH_ROWS + 2, [order(4)])

    assert [intake.take().shed for _ in range(3)] == [False, True, False]


def test_what_is_in_hand_is_as_late_as_when_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1]
    monkeypatch.setattr("tasktonic.observation.system_ns", lambda: now[0])
    intake = Intake(most_ns=200)
    intake.put(0, [order(n) for n in range(ENOUGH_ROWS)])
    now[0] = 90
    intake.put(ENOUGH_ROWS, [order(1)])
    intake.take()

    assert intake.late_ns(200, grace_ns=1_000) == 199
    intake.rest()
    assert intake.late_ns(200) == 0


def test_rows_that_have_just_become_enough_are_given_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1]
    monkeypatch.setattr("tasktonic.observation.system_ns", lambda: now[0])
    intake = Intake(most_ns=200_000)
    intake.put(0, [order(1)])
    now[0] = 100_000
    intake.put(1, [order(n) for n in range(ENOUGH_ROWS)])

    assert intake.late_ns(100_000) == 0
    assert intake.late_ns(100_010) == 10
    assert intake.late_ns(100_010, grace_ns=50) == 60


def test_batches_that_do_not_meet_are_not_joined() -> None:
    intake = Intake()
    intake.put(0, [order(1)])
    intake.put(5, [order(2)])

    assert intake.take().first == 0
    assert intake.take().first == 5


# ---- held back


class Waiting(threading.Event):
    """Says when somebody waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        self.begun.set()
        return super().wait(timeout)


class SlowRecorder:
    """A recorder whose file takes nothing until it is let, and a clock that is set by hand."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_ns = 1
        self.may_write = threading.Event()
        self.in_hand = threading.Event()
        self.log: list[str] = []
        for module in ("tasktonic.observation", "tasktonic.recorder.to_file"):
            monkeypatch.setattr(f"{module}.system_ns", lambda: self.now_ns)
        self.recorder = Recorder(path, with_sources=False)
        self.recorder._written = self.waiting = Waiting()
        self._add_rows = self.recorder._writer.add_rows
        monkeypatch.setattr(self.recorder._writer, "add_rows", self.add_rows)
        self.recorder.start()

    def add_rows(self, first: int, rows: list[Any], **options: Any) -> None:
        self.in_hand.set()
        wait_for(self.may_write)
        self.log.append("written")
        self._add_rows(first, rows, **options)

    def flood(self, first: int, ms: int) -> None:
        """So many rows that it matters; then time passes while the file takes nothing."""
        self.in_hand.clear()
        self.recorder.on_rows(first, [order(n) for n in range(ENOUGH_ROWS)])
        wait_for(self.in_hand)
        self.recorder.hold_back()  # from here on there are enough rows
        self.now_ns += ms * 1_000_000

    def hold_back(self) -> None:
        self.recorder.hold_back()
        self.log.append("went on")

    def end(self) -> None:
        self.may_write.set()
        self.recorder.stop()


def test_who_floods_waits_while_the_file_is_behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = SlowRecorder(path, monkeypatch)
    slow.flood(0, ms=100)
    thread = in_thread(slow.hold_back)
    wait_for(slow.waiting.begun)

    slow.may_write.set()
    thread.join()
    slow.end()

    assert slow.log == ["written", "went on"]
    assert slow.recorder.lost == (0, 0)


def test_nobody_waits_while_the_file_is_hardly_behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = SlowRecorder(path, monkeypatch)
    slow.flood(0, ms=20)
    slow.hold_back()
    slow.end()

    assert slow.log == ["went on", "written"]


def test_few_rows_that_lie_for_very_long_are_waited_for_as_well(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = SlowRecorder(path, monkeypatch)
    slow.recorder.on_rows(0, [order(1)])
    slow.now_ns += 140_000_000
    slow.hold_back()
    slow.now_ns += 20_000_000
    thread = in_thread(slow.hold_back)
    wait_for(slow.waiting.begun)

    slow.may_write.set()
    thread.join()
    slow.end()

    assert slow.log == ["went on", "written", "went on"]


def test_a_disk_that_hangs_holds_a_thread_back_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasktonic.recorder.to_file.LONGEST_WAIT_S", 0.01)
    slow = SlowRecorder(path, monkeypatch)
    slow.flood(0, ms=100)
    slow.hold_back()
    waited_at_first = slow.waiting.begun.is_set()
    slow.waiting.begun.clear()
    slow.hold_back()
    waited_again = slow.waiting.begun.is_set()

    slow.end()

    assert (waited_at_first, waited_again) == (True, False)
    assert slow.log == ["went on", "went on", "written"]


def test_a_flood_is_never_further_ahead_of_the_file_than_a_kill_may_lose(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Writing a row takes four times as long as making it: a second of rows, by a clock that counts both."""
    now = [1]
    for module in ("tasktonic.observation", "tasktonic.recorder.to_file"):
        monkeypatch.setattr(f"{module}.system_ns", lambda: now[0])
    # A machine that does ten other things may give the thread that writes no turn for a second: that is no disk that hangs.
    monkeypatch.setattr("tasktonic.recorder.to_file.LONGEST_WAIT_S", PATIENCE_S)
    recorder = Recorder(path, with_sources=False)
    add_rows = recorder._writer.add_rows

    def slowly(first: int, rows: list[Any], **options: Any) -> None:
        now[0] += 4_000 * len(rows)
        add_rows(first, rows, **options)

    monkeypatch.setattr(recorder._writer, "add_rows", slowly)
    recorder.start()
    rows = [order(n) for n in range(256)]
    came: list[int] = []
    longest = 0
    for batch in range(4_000):
        came.append(now[0])
        recorder.on_rows(batch * 256, list(rows))
        now[0] += 1_000 * 256
        recorder.hold_back()
        written = recorder._writer.events // 256
        longest = max(longest, now[0] - came[written] if written < len(came) else 0)
    recorder.stop()

    assert longest < 250_000_000
    assert recorder.events + sum(recorder.lost) == 4_000 * 256
