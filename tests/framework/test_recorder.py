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

from tasktonic import ttCatalyst, ttStore, ttTimerRepeat, ttTonic
from tasktonic.events import AppBegan, AppEnded, Beat, Born, Gap, Ordered, Ran, SnapshotTaken, StoreChanged
from tasktonic.recorder import Recorder, Recording, record
from tasktonic.stream import Level, stream
from tasktonic.trace import TraceReader, ttTraceFileError
from tests.helpers.apps import WAIT_S, in_thread, run_app, wait_for
from tests.helpers.stream_rows import Tonic, made, order

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
    recording.on_rows(0, [order(n, tonic=tonic) for n in range(9_000)])

    del tonic

    assert gone() is None
    assert recording.events == 9_000


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


class Talker(ttTonic):
    """Does next to nothing, for longer than a recorder lets things lie, and says it: what is said is handed over at once."""

    def ttse__on_start(self) -> None:
        self.said = 0
        self.bind(ttTimerRepeat, seconds=0.02)

    def ttse__on_timer(self, info: Any) -> None:
        self.said += 1
        self.log(f"said {self.said}")
        if self.said == 25:
            self.finish()


def test_nothing_is_left_out_of_an_app_that_does_little(path: Path) -> None:
    with record(path) as recorder:
        run_app(lambda: Talker(name="talker"))

    assert recorder.lost == (0, 0)
    assert events_in(path, Gap) == []


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


def test_recorder_refuses_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ttTraceFileError, match="cannot be written"):
        record(tmp_path / "nowhere" / "run.ttt")


# ---- asked for by a formula or the environment


def test_a_formula_records_its_app(tmp_path: Path) -> None:
    formula = run_app(
        lambda: Counter(name="counter"), settings={"tasktonic/record/to": str(tmp_path / "run-{app}-{pid}.ttt")}
    )

    path = tmp_path / f"run-{formula.ledger.app_number}-{os.getpid()}.ttt"
    assert Ordered in kinds_in(path)
    with TraceReader(path) as reader:
        assert reader.meta["end"]["reason"] == "The app has ended."


@pytest.mark.parametrize("level, arguments", [("previews", "number=3"), ("flow", "")])
def test_a_formula_says_how_much_is_recorded(path: Path, level: str, arguments: str) -> None:
    run_app(
        lambda: Counter(name="counter"), settings={"tasktonic/record/to": str(path), "tasktonic/record/level": level}
    )

    assert arguments in [row.arguments for row in events_in(path, Ordered)]
    assert ("number=3" in [row.arguments for row in events_in(path, Ordered)]) is (level == "previews")


def test_a_formula_can_leave_the_sources_out(path: Path) -> None:
    run_app(
        lambda: Counter(name="counter"), settings={"tasktonic/record/to": str(path), "tasktonic/record/sources": False}
    )

    with TraceReader(path) as reader:
        assert list(reader.sources()) == []


@pytest.mark.parametrize(
    "settings, sentence",
    [
        ({"tasktonic/record/to": "nowhere/run.ttt"}, "nowhere/run.ttt cannot be written: no such file or directory."),
        ({"tasktonic/record/to": "run.ttt", "tasktonic/record/level": "most"}, "no such level; there are facts, flow"),
        ({"tasktonic/record/to": 5}, "expected str, bytes or os.PathLike object, not int"),
    ],
)
def test_a_wrong_setting_is_said_in_a_sentence_and_the_app_runs(
    settings: dict[str, object],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    ran: list[object] = []

    run_app(lambda: ran.append(Counter(name="counter")), settings=settings)

    said = capsys.readouterr().err
    assert ran
    assert sentence in said
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_secrets_are_hidden_where_they_come_from(path: Path) -> None:
    class Login(ttTonic):
        def ttse__on_start(self) -> None:
            self.ttsc__log_in("ada", password="enchantress")

        def ttsc__log_in(self, user: str, password: str) -> None:
            self.finish()

    with Recording(with_sources=False) as recording:
        run_app(lambda: Login(name="login"))
    recording.save(path)

    assert "user='ada'" in "".join(row.arguments for row in events_in(path, Ordered))
    assert "enchantress" not in "".join(map(str, events_in(path, Ordered)))


# ---- on a bad day


def test_a_fault_of_the_recorder_ends_it_in_a_sentence(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with record(path) as recorder:
        recorder.on_rows(0, [((None,), "no", "run")])
        recorder._thread.join(WAIT_S)

    assert "The recorder failed (" in recorder.problem
    assert capsys.readouterr().err.endswith("Recording has ended; the app runs on.\n")


def test_a_disk_that_is_far_too_slow_ends_the_recording(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tasktonic.recorder.to_file._FAR_TOO_MANY", 1_000)
    recorder = Recorder(path)  # its thread is not started: it writes nothing at all

    for first in range(0, 5_000, 250):
        recorder.on_rows(first, [made.LogLine(n, 1, "facts are never left out", 0) for n in range(first, first + 250)])

    assert recorder.problem == (
        f"{path} is written too slowly: 1,250 events wait for the disk, and more would fill the memory. "
        "What came before them is in the file. Choose a file on a faster disk for the next recording."
    )
    assert capsys.readouterr().err.count("\n") == 1
    recorder.forget_in_child()


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
