"""Recorders: what they keep of real apps, in memory and in files, and what becomes of it on a bad day."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import weakref
from pathlib import Path
from typing import Any

import pytest

from tasktonic import events, ttCatalyst, ttStore, ttTonic
from tasktonic.events import AppBegan, AppEnded, Beat, Born, Gap, Ordered, Ran, SnapshotTaken, StoreChanged
from tasktonic.observation import Intake
from tasktonic.recorder import Recording, record
from tasktonic.stream import Level, stream
from tasktonic.trace import TraceReader, ttTraceFileError
from tests.helpers.apps import in_thread, run_app, wait_for
from tests.helpers.stream_rows import Tonic, order, run

made: Any = events
"""Events are made from plain strings here."""

ROOT = Path(__file__).resolve().parents[2]


class Counter(ttTonic):
    """Counts to ten, then ends."""

    def ttse__on_start(self) -> None:
        self.ttsc__count(1)

    def ttsc__count(self, number: int) -> None:
        if number < 10:
            self.ttsc__count(number + 1)
        else:
            self.finish()


def kinds_in(path: Path) -> list[type]:
    with TraceReader(path) as reader:
        return [type(event) for _, event in reader.happened()]


def events_in(path: Path, kind: Any) -> list[Any]:
    with TraceReader(path) as reader:
        return [event for _, event in reader.happened() if type(event) is kind]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.ttt"


# ---- in memory


def test_recording_in_memory_is_saved_as_a_trace_file(path: Path) -> None:
    with Recording() as recording:
        run_app(lambda: Counter(name="counter"))
    recording.save(path, "Counted.")

    counts = [row.arguments for row in events_in(path, Ordered) if row.arguments]
    assert counts == [f"number={n}" for n in range(1, 11)]
    with TraceReader(path) as reader:
        assert reader.events == recording.events
        assert reader.meta["end"]["reason"] == "Counted."
        assert reader.meta["apps"][-1]["problem"] == ""


def test_recording_goes_on_after_it_was_saved(path: Path) -> None:
    with Recording() as recording:
        run_app(lambda: Counter(name="first"))
        recording.save(path)
        run_app(lambda: Counter(name="second"))
        recording.save(path)

    assert [row.name for row in events_in(path, Born) if row.name != "main_catalyst"] == ["first", "second"]


def test_recording_at_the_level_of_facts_has_no_flow(path: Path) -> None:
    with Recording(Level.FACTS) as recording:
        run_app(lambda: Counter(name="counter"))
    recording.save(path)

    assert not {Ordered, Ran} & set(kinds_in(path))


def test_recording_says_what_else_it_is_told(path: Path) -> None:
    recording = Recording(kind="distiller", meta={"seed": 7})
    recording.add_meta({"status": "idle"})
    recording.save(path)

    with TraceReader(path) as reader:
        assert (reader.meta["kind"], reader.meta["seed"], reader.meta["status"]) == ("distiller", 7, "idle")


def test_recording_keeps_nothing_alive_of_what_it_has_packed() -> None:
    recording = Recording()
    tonic = Tonic(1)
    gone = weakref.ref(tonic)
    recording.on_rows(0, [order(n, tonic=tonic) for n in range(3_000)])

    del tonic

    assert gone() is None
    assert recording.events == 3_000


def test_saving_where_nothing_can_be_written_leaves_no_pieces(tmp_path: Path) -> None:
    with pytest.raises(ttTraceFileError, match="cannot be written"):
        Recording().save(tmp_path / "nowhere" / "run.ttt")
    (tmp_path / "app.py").write_text("print()")
    with pytest.raises(ttTraceFileError, match="left alone"):
        Recording().save(tmp_path / "app.py")

    assert [entry.name for entry in tmp_path.iterdir()] == ["app.py"]


# ---- to a file


def test_recorder_writes_all_that_happens(path: Path) -> None:
    with record(path) as recorder:
        run_app(lambda: Counter(name="counter"))

    kinds = kinds_in(path)
    assert kinds[0] is AppBegan
    assert AppEnded in kinds
    assert len([row for row in events_in(path, Ran) if row.flags == 0]) >= 12
    assert recorder.problem == ""
    with TraceReader(path) as reader:
        assert reader.condition == ""


class LateRecorder(ttTonic):
    """Begins to record in the middle of its life."""

    path: Path

    def ttse__on_start(self) -> None:
        ttCatalyst(name="side", context=-1)
        self.bind(ttStore).set("plant/level", 40)
        self.helper = in_thread(self.begin)

    def begin(self) -> None:
        self.recorder = record(self.path)
        self.ttsc__end()

    def ttsc__end(self) -> None:
        self.helper.join()
        self.finish()
        in_thread(self.recorder.stop).join()


def test_recorder_that_comes_late_is_told_what_lives(path: Path) -> None:
    LateRecorder.path = path
    run_app(lambda: LateRecorder(name="late"), settings={"tasktonic/project/name": "plant"})

    assert {row.name for row in events_in(path, Born)} >= {"main_catalyst", "late", "side"}
    assert [(row.path, row.new) for row in events_in(path, StoreChanged)] == [("plant/level", "40")]
    assert SnapshotTaken in kinds_in(path)
    with TraceReader(path) as reader:
        assert reader.meta["apps"][0]["name"] == "plant"


class FromInside(ttTonic):
    """Records from inside of a sparkle."""

    path: Path

    def ttse__on_start(self) -> None:
        self.recorder = record(self.path)
        self.ttsc__go_on()

    def ttsc__go_on(self) -> None:
        self.finish()


def test_recording_can_begin_inside_a_sparkle(path: Path) -> None:
    FromInside.path = path
    made: list[FromInside] = []
    run_app(lambda: made.append(FromInside(name="inside")))
    made[0].recorder.stop()

    assert "inside" in {row.name for row in events_in(path, Born)}


def test_recorder_tells_what_a_catalyst_hangs_in(path: Path) -> None:
    seen = threading.Event()
    told: list[Beat] = []

    class Watcher:
        level = Level.FACTS

        def on_rows(self, first: int, rows: list[Any]) -> None:
            told.extend(row for row in rows if type(row) is Beat and row.inside > 0)
            if told:
                seen.set()

    class Hanging(ttTonic):
        def ttse__on_start(self) -> None:
            wait_for(seen)
            self.finish()

    watcher = Watcher()
    stream.attach(watcher)
    try:
        with record(path):
            run_app(lambda: Hanging(name="hanging"))
    finally:
        stream.detach(watcher)

    assert [beat for beat in events_in(path, Beat) if beat.inside == told[0].inside]


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


def test_batches_that_do_not_meet_are_not_joined() -> None:
    intake = Intake()
    intake.put(0, [order(1)])
    intake.put(5, [order(2)])

    assert intake.take().first == 0
    assert intake.take().first == 5


def test_recorder_refuses_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ttTraceFileError, match="cannot be written"):
        record(tmp_path / "nowhere" / "run.ttt")


# ---- on a bad day


def python(script: str, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("env", {})}
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False, **options)


BUSY = """
import os, sys
from tasktonic import ttFormula, ttTonic
from tasktonic.recorder import record

class Busy(ttTonic):
    def ttse__on_start(self):
        self.ttsc__work(0)

    def ttsc__work(self, n):
        if n % 1000 == 0:
            print(n, flush=True)
        if n < 2_000_000:
            self.ttsc__work(n + 1)
        else:
            self.finish()

class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off"}
    def creating_starting_tonics(self):
        Busy(name="busy")

recorder = record(sys.argv[1])
App()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_killed_while_recording_the_file_opens_and_has_what_was_flushed(path: Path) -> None:
    command = [sys.executable, "-c", BUSY, str(path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as app:
        assert app.stdout is not None
        while path.stat().st_size < 100_000 if path.exists() else True:
            assert app.stdout.readline(), "the app ended by itself"
        app.kill()

    with TraceReader(path) as reader:
        events = [event for _, event in reader.happened()]
        assert not reader.is_closed
        assert "killed" in reader.condition or "middle of a frame" in reader.condition
    assert len(events) > 4_096
    assert {"busy", "main_catalyst"} <= {event.name for event in events if isinstance(event, Born)}
