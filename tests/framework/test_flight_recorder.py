"""The flight recorder: what it keeps, how it forgets, and what makes it write."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tasktonic import ttCatalyst, ttTonic
from tasktonic.events import AppBegan, AppEnded, Born, Gap, Ordered, Raised, Ran, StateChanged
from tasktonic.recorder import flight, ring
from tasktonic.recorder.ring import Ring
from tasktonic.trace import TraceReader, ttTraceFileError
from tasktonic.trace.facts import Facts
from tests.helpers.apps import in_thread, run_app
from tests.helpers.stream_rows import PLANT, order, run, steps

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def off_afterwards() -> Iterator[None]:
    yield
    flight.stop()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "crash.ttt"


def written(ring_: Ring, path: Path) -> TraceReader:
    data, _ = ring_.trace({"kind": "flight"}, "")
    path.write_bytes(data)
    return TraceReader(path)


# ---- the ring


def test_ring_forgets_its_oldest_events_and_keeps_what_they_made_so(path: Path) -> None:
    small = Ring(most_bytes=40_000, seconds=1e9)
    facts = Facts()
    number = 0
    for part in [PLANT, *(steps(n, 4_000) for n in range(1, 40_000, 4_000))]:
        small.put(number, part)
        small.pack(lambda: True)
        facts.take(part)
        number += len(part)

    with written(small, path) as reader:
        numbers = [n for n, _ in reader.happened()]
        assert small.size < 200_000
        assert numbers[0] > 0, "nothing was forgotten"
        assert numbers == list(range(numbers[0], number))
        assert reader.facts_at(number).present(0) == facts.present(0)
        assert reader.damage is None


def test_ring_forgets_what_is_older_than_it_reaches_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0]
    monkeypatch.setattr(ring, "system_ns", lambda: now[0])
    small = Ring(most_bytes=1 << 30, seconds=30)
    number = 0
    for second in range(0, 200, 10):
        now[0] = second * 10**9
        rows = PLANT if second == 0 else steps(second, 5)
        small.put(number, rows)
        small.pack(lambda: True)
        number += len(rows)

    with written(small, path) as reader:
        times = [event.t_ns for _, event in reader.happened() if isinstance(event, StateChanged)]
        assert min(times) == 100 + 150
        assert reader.facts_at(number).present(0)[0] == PLANT[0]


def test_ring_leaves_flow_out_when_it_may_not_be_packed(path: Path) -> None:
    small = Ring(most_bytes=1 << 30, seconds=1e9)
    rows: list[Any] = [*PLANT]
    for n in range(1, 40_000):
        rows += [order(n), run(n)]
        if n % 10_000 == 0:
            rows.append(StateChanged(n, 1, 0, n, n))
    for at in range(0, len(rows), 256):
        small.put(at, rows[at : at + 256])
        if at % (50 * 256) == 0:
            small.pack(lambda: False)

    with written(small, path) as reader:
        kept = list(reader.happened())
        gaps = [event for _, event in kept if isinstance(event, Gap)]
        runs = sum(gap.runs for gap in gaps) + sum(isinstance(event, Ran) for _, event in kept)
        orders = sum(gap.orders for gap in gaps) + sum(isinstance(event, Ordered) for _, event in kept)
        assert gaps, "nothing was left out"
        assert (orders, runs) == (39_999, 39_999)
        assert [event.new for _, event in kept if isinstance(event, StateChanged)] == [10_000, 20_000, 30_000]
        assert [n for n, event in kept if isinstance(event, Born)] == [2]
        assert reader.events == len(rows)


def test_ring_can_be_read_whatever_was_done_to_it(path: Path) -> None:
    dice = random.Random(3)
    for _ in range(20):
        small = Ring(most_bytes=dice.choice([1, 5_000, 50_000]), seconds=1e9)
        facts = Facts()
        number = 0
        for _ in range(dice.randrange(1, 80)):
            rows = PLANT if number == 0 else steps(number, dice.randrange(1, 400))
            small.put(number, rows)
            facts.take(rows)
            number += len(rows)
            if dice.random() < 0.5:
                may = dice.random() < 0.7
                small.pack(lambda may=may: may)  # type: ignore[misc]

        with written(small, path) as reader:
            assert reader.facts_at(number).present(0) == facts.present(0)
            assert reader.damage is None


def test_trace_of_an_empty_ring_can_be_read(path: Path) -> None:
    with written(Ring(1_000, 1), path) as reader:
        assert list(reader.happened()) == []
        assert reader.condition == ""


def test_a_long_flight_has_keyframes_to_begin_at(path: Path) -> None:
    large = Ring(most_bytes=1 << 30, seconds=1e9)
    number = 0
    for part in [PLANT, *(steps(n, 5_000) for n in range(1, 60_000, 5_000))]:
        large.put(number, part)
        large.pack(lambda: True)
        number += len(part)

    with written(large, path) as reader:
        assert len(reader.keyframes) >= 2
        late = reader.keyframes[-1].first
        assert next(iter(reader.happened(late)))[0] == late
        assert [n for n, _ in reader.happened()] == list(range(number))


# ---- what makes it write


class Failing(ttTonic):
    """Raises in its second sparkle."""

    def ttse__on_start(self) -> None:
        self.ttsc__fail(41)

    def ttsc__fail(self, number: int) -> None:
        self.ttsc__end()
        raise ValueError(f"number {number}")

    def ttsc__end(self) -> None:
        self.finish()


class Patient(Failing):
    """Takes its own errors."""

    def ttse__on_error(self, failure: object) -> None: ...


def traces_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_sparkle_that_raises_is_written_with_what_led_to_it(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flight.start(path)
    run_app(lambda: Failing(name="failing"))
    flight.stop()

    with TraceReader(path) as reader:
        happened = [event for _, event in reader.happened()]
        assert [event.text for event in happened if isinstance(event, Raised)] == ["number 41"]
        assert "number=41" in [event.arguments for event in happened if isinstance(event, Ordered)]
        assert reader.meta["kind"] == "flight"
        assert reader.meta["end"]["reason"] == "A sparkle raised: ttsc__fail, ValueError: number 41"
    assert f"events were written to {path}" in capsys.readouterr().err


@pytest.mark.parametrize("tonic, on", [(Patient, flight.OCCASIONS), (Failing, ("thread", "signal"))])
def test_an_error_that_is_taken_or_not_asked_for_is_not_written(tonic: type, on: tuple[str, ...], path: Path) -> None:
    flight.start(path, on=on)
    run_app(lambda: tonic(name="tonic"))
    flight.stop()

    assert not path.exists()


def test_a_sparkle_that_raises_every_time_writes_few_files(tmp_path: Path) -> None:
    class Hopeless(ttTonic):
        def ttse__on_start(self) -> None:
            for _ in range(200):
                self.ttsc__fail()
            self.ttsc__end()

        def ttsc__fail(self) -> None:
            raise ValueError("again")

        def ttsc__end(self) -> None:
            self.finish()

    flight.start(tmp_path)
    run_app(lambda: Hopeless(name="hopeless"))
    flight.stop()

    assert 1 <= len(traces_in(tmp_path)) <= 2


def test_an_app_that_ends_by_an_error_is_written(path: Path) -> None:
    flight.start(path, on=("fatal",))
    with pytest.raises(ValueError, match="number 41"):
        run_app(lambda: Failing(name="failing"), settings={"tasktonic/error/policy": "stop"})
    flight.stop()

    with TraceReader(path) as reader:
        assert reader.meta["end"]["reason"] == "The app ended by ValueError: number 41"
        assert [event.problem for _, event in reader.happened() if isinstance(event, AppEnded)] == [
            "ValueError: number 41"
        ]


def test_an_error_that_ends_the_app_is_written_once(tmp_path: Path) -> None:
    flight.start(tmp_path)
    with pytest.raises(ValueError, match="number 41"):
        run_app(lambda: Failing(name="failing"), settings={"tasktonic/error/policy": "stop"})
    flight.stop()

    [name] = traces_in(tmp_path)
    with TraceReader(tmp_path / name) as reader:
        assert [event.text for _, event in reader.happened() if isinstance(event, Raised)] == ["number 41"]


def test_an_error_that_ends_the_app_is_written_when_the_file_before_was_for_another(tmp_path: Path) -> None:
    taken = flight.FlightRecorder(tmp_path)  # without its thread: this test is in its place
    taken._look_at([Raised(1, 1, "ttsc__fail", "KeyError", "'pump'", "", -1, 0)])  # type: ignore[arg-type]
    taken._grant()
    taken._look_at([AppEnded(2, 1, "KeyError: 'valve'")])  # type: ignore[arg-type]
    taken._grant(at_once=True)
    taken._look_at([AppEnded(2, 1, "KeyError: 'valve'")])  # type: ignore[arg-type]
    taken._grant(at_once=True)

    reasons = []
    for name in traces_in(tmp_path):
        with TraceReader(tmp_path / name) as reader:
            reasons.append(reader.meta["end"]["reason"])
    assert sorted(reasons) == [
        "A sparkle raised: ttsc__fail, KeyError: 'pump'",
        "The app ended by KeyError: 'valve'",
    ]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_ends_by_an_error_is_written(path: Path) -> None:
    def die() -> None:
        raise KeyError("gone")

    flight.start(path)
    in_thread(die, name="pump reader").join()
    flight.stop()

    with TraceReader(path) as reader:
        assert reader.meta["end"]["reason"] == "The thread pump reader ended by KeyError: 'gone'"


def test_threads_are_reported_as_before_when_it_is_off() -> None:
    before = threading.excepthook

    flight.start("unused.ttt")
    assert threading.excepthook is not before
    flight.stop()

    assert threading.excepthook is before


def test_a_call_writes_what_there_is(path: Path) -> None:
    flight.start(path)
    run_app(lambda: ttTonicThatWrites(name="writer"))

    with TraceReader(path) as reader:
        assert reader.meta["end"]["reason"] == "Somebody asked."
        assert "writer" in [event.name for _, event in reader.happened() if isinstance(event, Born)]


class ttTonicThatWrites(ttTonic):
    """Asks for a file inside of its sparkle."""

    def ttse__on_start(self) -> None:
        assert flight.write("Somebody asked.") is not None
        self.finish()


def test_a_call_says_that_it_is_off() -> None:
    assert flight.write() is None


def test_nothing_that_was_written_is_overwritten(path: Path) -> None:
    path.write_text("mine")
    flight.start(path)

    flight.write()
    flight.write()

    assert path.read_text() == "mine"
    assert traces_in(path.parent) == ["crash-2.ttt", "crash-3.ttt", "crash.ttt"]


def test_a_file_that_cannot_be_written_ends_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flight.start(tmp_path / "nowhere" / "crash.ttt")
    with pytest.raises(ttTraceFileError, match="cannot be written"):
        flight.write()
    run_app(lambda: Failing(name="failing"))
    flight.stop()

    lines = [line for line in capsys.readouterr().err.splitlines() if "crash.ttt" in line]
    assert len(lines) == 1
    assert lines[0].endswith("no such file or directory. What happened is still in memory; the app runs on.")


def test_an_occasion_that_does_not_exist_is_refused(path: Path) -> None:
    with pytest.raises(ValueError, match="no occasion 'eror' for a flight recording; there are error, thread"):
        flight.start(path, on=("eror",))


def test_switched_on_late_it_is_told_what_lives(path: Path) -> None:
    class Late(ttTonic):
        def ttse__on_start(self) -> None:
            ttCatalyst(name="side", context=-1)
            in_thread(self.begin)

        def begin(self) -> None:
            flight.start(path)
            flight.write()
            self.finish()

    run_app(lambda: Late(name="late"))

    with TraceReader(path) as reader:
        born = {event.name for _, event in reader.happened() if isinstance(event, Born)}
        assert {"late", "side", "main_catalyst"} <= born


def test_a_formula_switches_it_on_for_its_app(tmp_path: Path) -> None:
    settings = {"tasktonic/flight/to": str(tmp_path / "of-{app}.ttt"), "tasktonic/flight/on": "error, fatal"}
    formula = run_app(lambda: Failing(name="failing"), settings=settings)

    assert traces_in(tmp_path) == [f"of-{formula.ledger.app_number}.ttt"]
    assert flight.current() is None


def test_a_wrong_setting_is_said_and_the_app_runs(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran: list[int] = []
    run_app(
        lambda: (ran.append(1), Patient(name="patient")),
        settings={"tasktonic/flight/to": str(path), "tasktonic/flight/on": "eror"},
    )

    assert ran
    assert "There is no occasion 'eror'" in capsys.readouterr().err


# ---- whole processes

APP = """
import os, sys, threading
from tasktonic import ttFormula, ttTonic

class Pump(ttTonic):
    def ttse__on_start(self):
        self.bind_input()

    def bind_input(self):
        threading.Thread(target=self.listen, daemon=True).start()
        print("ready", flush=True)

    def listen(self):
        for line in sys.stdin:
            self.ttsc__do(line.strip())

    def ttsc__do(self, what):
        if what == "end":
            self.finish()
        if what == "exit":
            sys.stdout.flush()
            os._exit(7)
        print("did", what, flush=True)

class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off"}
    def creating_starting_tonics(self):
        Pump(name="pump")

App()
if "raise" in sys.argv:
    raise RuntimeError("after the app")
"""


def started(path: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TASKTONIC_FLIGHT": str(path)}
    app = subprocess.Popen(
        [sys.executable, "-c", APP, *arguments],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert app.stdout is not None
    assert app.stdout.readline() == "ready\n"
    return app


@pytest.mark.skipif(not hasattr(signal, "SIGUSR2"), reason="needs signals")
def test_a_signal_writes_what_there_is(path: Path) -> None:
    with started(path) as app:
        assert app.stderr is not None
        app.send_signal(signal.SIGUSR2)
        line = app.stderr.readline()
        app.communicate("end\n", timeout=60)

    assert line.rstrip().endswith("The signal SIGUSR2 came.")
    with TraceReader(path) as reader:
        assert "pump" in [event.name for _, event in reader.happened() if isinstance(event, Born)]


def test_a_program_that_ends_by_an_error_is_written(path: Path) -> None:
    with started(path, "raise") as app:
        app.communicate("end\n", timeout=60)

    assert app.returncode == 1
    with TraceReader(path) as reader:
        assert reader.meta["end"]["reason"] == "The program ended by RuntimeError: after the app"


def test_a_program_that_ends_well_writes_nothing(path: Path) -> None:
    with started(path) as app:
        _, errors = app.communicate("end\n", timeout=60)

    assert (app.returncode, errors) == (0, "")
    assert not path.exists()


FORKING = """
import os, sys
from tasktonic import ttFormula, ttTonic
from tasktonic.recorder import flight, record

class Forking(ttTonic):
    def ttse__on_start(self):
        child = os.fork()
        if not child:
            assert flight.write() is None and flight.current() is None
            os._exit(3)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3
        self.finish()

class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off"}
    def creating_starting_tonics(self):
        Forking(name="forking")

with record(sys.argv[1]):
    App()
flight.write("The parent.")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_leaves_the_files_of_its_parent_alone(path: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TASKTONIC_FLIGHT": str(path)}
    command = [sys.executable, "-W", "ignore", "-c", FORKING, str(tmp_path / "run.ttt")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0, done.stderr
    for name in ("crash.ttt", "run.ttt"):
        with TraceReader(tmp_path / name) as reader:
            kinds = [type(event) for _, event in reader.happened()]
            assert kinds.count(AppEnded) == kinds.count(AppBegan) == 1
            assert reader.condition == ""
