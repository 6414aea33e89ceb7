"""What observers hear of heavy work: that it was handed off, that it runs, and how it ended."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tasktonic import ttDistiller, ttFormula, ttTonic
from tasktonic.cli import main
from tasktonic.events import Ended, Raised, StateChanged, WorkBegan, WorkEnded, WorkOffloaded
from tasktonic.recorder import record
from tasktonic.snapshot import take_snapshot
from tasktonic.stream import Level, Row, stream
from tasktonic.trace.facts import Facts
from tests.helpers import heavy
from tests.helpers.apps import Rows, reading, run_app, wait_for

WORK = (WorkOffloaded, WorkBegan, WorkEnded)


class Boss(ttTonic):
    """Does what it is told to, and ends when a result or an error has come."""

    def __init__(self, begin: Callable[[Any], object], name: str = "boss") -> None:
        super().__init__(name=name)
        self.begin = begin

    def ttse__on_start(self) -> None:
        self.begin(self)

    def ttse__over(self, result: object) -> None:
        self.finish()


def told(begin: Callable[[Any], object], level: Level = Level.FACTS, **settings: Any) -> Rows:
    """What the stream said while an app ran."""
    with reading(level) as rows:
        run_app(lambda: Boss(begin), settings={f"tasktonic/pool/{name}": value for name, value in settings.items()})
    return rows


def steps(rows: Rows) -> list[Any]:
    """What was told of work, in order."""
    return [row for row in rows.all if type(row) in WORK]


@pytest.mark.parametrize("where", ["thread", "process"])
def test_work_is_told_when_it_is_handed_off_when_it_runs_and_when_it_is_done(where: Any) -> None:
    rows = told(lambda boss: boss.offload(heavy.square, 7, on_result=boss.ttse__over, where=where))

    offloaded, began, ended = steps(rows)
    assert (type(offloaded), offloaded.function, offloaded.place) == (WorkOffloaded, "square", where)
    assert (type(began), began.worker) == (WorkBegan, f"pool {where} 1")
    assert (type(ended), ended.outcome, ended.error) == (WorkEnded, "done", "")
    assert len({(row.work, row.essence, row.function) for row in (offloaded, began, ended)}) == 1
    assert offloaded.t_ns <= began.t_ns <= ended.t_ns


def test_work_names_its_tonic_and_the_run_that_offloaded_it() -> None:
    rows = told(lambda boss: boss.offload(heavy.square, 7, on_result=boss.ttse__over), Level.FLOW)

    (offloaded,) = rows.of(WorkOffloaded)
    starts = [run for run in rows.runs() if run[0][0]._tt_class.sparkles[run[0][1]].called == "ttse__on_start"]
    assert [run[6] for run in starts if run[0][0]._tt_id == offloaded.essence] == [offloaded.run]


def test_end_of_work_is_told_before_the_sparkle_that_it_calls() -> None:
    rows = told(lambda boss: boss.offload(heavy.square, 7, on_result=boss.ttse__over), Level.FLOW)

    ended = rows.index(lambda row: type(row) is WorkEnded)
    called = rows.index(
        lambda row: type(row) is tuple and type(row[0]) is not tuple and row[5] == "pool square"  # an order
    )
    assert ended < called


def test_work_that_raises_is_told_as_failed() -> None:
    rows = told(lambda boss: boss.offload(heavy.fails, "no luck", on_error=boss.ttse__over))

    assert [(row.outcome, row.error) for row in rows.of(WorkEnded)] == [("failed", "ValueError: no luck")]


def test_process_that_dies_is_told_as_failed_work() -> None:
    rows = told(lambda boss: boss.offload(heavy.leaves_at_once, 7, on_error=boss.ttse__over, where="process"))

    (ended,) = rows.of(WorkEnded)
    assert ended.outcome == "failed"
    assert ended.error.startswith("ttWorkerError: leaves_at_once: the worker process ")


def test_error_that_nobody_takes_is_told_after_its_work(capsys: pytest.CaptureFixture[str]) -> None:
    def begin(boss: Any) -> None:
        boss.offload(heavy.fails, "no luck")
        boss.offload(heavy.square, 7, on_result=boss.ttse__over)

    rows = told(begin, threads=1)

    failed = rows.index(lambda row: type(row) is WorkEnded and row.outcome == "failed")
    assert failed < rows.index(lambda row: type(row) is Raised)


def test_cancelled_work_that_never_ran_is_told_without_a_begin() -> None:
    def begin(boss: Any) -> None:
        gate = threading.Event()
        boss.offload(gate.wait, on_result=boss.ttse__over)
        boss.offload(heavy.square, 7).cancel()
        gate.set()

    rows = told(begin, threads=1)

    assert [(type(row), getattr(row, "outcome", "")) for row in steps(rows) if row.function == "square"] == [
        (WorkOffloaded, ""),
        (WorkEnded, "cancelled"),
    ]


def test_work_of_a_tonic_that_finishes_is_told_as_cancelled_before_the_tonic_has_gone() -> None:
    gate = threading.Event()

    def begin(boss: Any) -> None:
        runs = threading.Event()
        boss.offload(lambda: (runs.set(), gate.wait()))
        wait_for(runs)
        boss.finish()

    class Opening(Boss):
        def ttse__on_finished(self) -> None:
            gate.set()

    with reading() as rows:
        run_app(lambda: Opening(begin))

    assert [type(row) for row in steps(rows)] == [WorkOffloaded, WorkBegan, WorkEnded]
    (ended,) = rows.of(WorkEnded)
    assert ended.outcome == "cancelled"
    assert rows.all.index(ended) < rows.index(lambda row: type(row) is Ended and row.essence == ended.essence)


def test_reader_that_comes_late_is_told_of_work_that_runs_or_waits() -> None:
    late = Rows()

    def begin(boss: Any) -> None:
        runs, gate = threading.Event(), threading.Event()
        boss.offload(lambda: (runs.set(), gate.wait()), on_result=boss.ttse__over)
        boss.offload(heavy.square, 7)
        boss.offload(heavy.fails, "never").cancel()
        wait_for(runs)
        stream.attach(late)
        take_snapshot()
        stream.detach(late)
        gate.set()

    run_app(lambda: Boss(begin), settings={"tasktonic/pool/threads": 1})

    assert [(type(row), row.function) for row in steps(late)] == [
        (WorkOffloaded, "<lambda>"),
        (WorkBegan, "<lambda>"),
        (WorkOffloaded, "square"),
    ]


def test_reader_that_comes_late_hears_nothing_of_work_that_is_done() -> None:
    late = Rows()

    class Late(Boss):
        def ttse__over(self, result: object) -> None:
            stream.attach(late)
            take_snapshot()
            stream.detach(late)
            self.finish()

    run_app(lambda: Late(lambda boss: boss.offload(heavy.square, 7, on_result=boss.ttse__over)))

    assert steps(late) == []


def test_reader_may_offload_work_itself_while_it_hears_of_work() -> None:
    class Echo(Rows):
        """Runs in whatever thread hands over: a lock of the pool held meanwhile would stand still for ever."""

        boss: Any = None

        def on_rows(self, first: int, rows: list[Row]) -> None:
            super().on_rows(first, rows)
            if any(type(row) is WorkBegan and row.function == "square" for row in rows):
                self.boss.offload(sorted, [2, 1], on_result=self.boss.ttse__over)

    echo = Echo()

    def begin(boss: Any) -> None:
        echo.boss = boss
        boss.offload(heavy.square, 7)

    stream.attach(echo)
    try:
        run_app(lambda: Boss(begin), settings={"tasktonic/pool/threads": 1})
    finally:
        stream.detach(echo)

    assert [row.function for row in echo.of(WorkEnded)] == ["square", "sorted"]


def test_work_under_a_distiller_is_told_in_virtual_time() -> None:
    class App(ttFormula):
        def creating_formula(self) -> Any:
            return {"tasktonic/log/to": "off"}

        def creating_main_catalyst(self) -> None:
            self.distiller = ttDistiller()

        def creating_starting_tonics(self) -> None:
            Boss(lambda boss: boss.offload(heavy.square, 7, on_result=boss.ttse__over, where="process"))

    with reading() as rows:
        App().distiller.sparkle()

    offloaded, began, ended = steps(rows)
    assert (offloaded.place, began.worker, ended.outcome) == ("process", "", "done")
    assert offloaded.t_ns == began.t_ns == ended.t_ns


# -- in a trace -------------------------------------------------------------------------------------------------------


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    """The trace of an app that had two things done."""

    def begin(boss: Any) -> None:
        boss.offload(heavy.fails, "no luck", on_error=boss.ttse__failed)

    class Twice(Boss):
        def ttse__failed(self, error: object) -> None:
            self.offload(heavy.square, 7, on_result=self.ttse__over)

    with record(tmp_path / "run.ttt"):
        run_app(
            lambda: Twice(begin), settings={"tasktonic/pool/threads": 1}
        )  # else another may be the first to be free
    return tmp_path / "run.ttt"


def test_trace_shows_work_in_lines_of_its_tonic(trace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "show", str(trace)]) == 0

    lines = [line.split(maxsplit=2)[2] for line in capsys.readouterr().out.splitlines() if " work " in line]
    assert [" ".join(line.split()) for line in lines] == [
        "boss work 1 (fails) is handed to a thread of the pool",
        "boss work 1 (fails) begins in pool thread 1",
        "boss work 1 (fails) has failed: ValueError: no luck",
        "boss work 2 (square) is handed to a thread of the pool",
        "boss work 2 (square) begins in pool thread 1",
        "boss work 2 (square) is done",
    ]


def test_exported_trace_has_a_span_for_each_piece_of_work(trace: Path, tmp_path: Path) -> None:
    assert main(["trace", "export", str(trace), "-o", str(tmp_path / "run.json")]) == 0

    entries = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["traceEvents"]
    spans = [(entry["ph"], entry["id"], entry["name"]) for entry in entries if entry.get("cat") == "work"]
    assert spans == [("b", 1, "fails"), ("e", 1, "fails"), ("b", 2, "square"), ("e", 2, "square")]


def test_keyframe_states_work_that_runs_or_waits() -> None:
    made: Any = WorkOffloaded
    runs = [made(1, 1, 4, "crunch", "thread", 0), WorkBegan(2, 1, 4, "crunch", "pool thread 1")]  # type: ignore[arg-type]
    waits = [made(3, 2, 4, "wait", "thread", 0)]
    over = [made(4, 3, 4, "old", "thread", 0), WorkEnded(5, 3, 4, "old", "done", "")]  # type: ignore[arg-type]
    facts = Facts()

    facts.take([*runs, *waits, *over, StateChanged(6, 4, -1, 0, 0)])

    assert [fact for fact in facts.present(9) if type(fact) in WORK] == [*runs, *waits]
