"""What is kept of one run, on bad days: a disk that is slow or almost full, more than there is room for, hostile files."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tasktonic import events
from tasktonic.blocks import StringTable, encode_block
from tasktonic.cli import main
from tasktonic.errors import ttError
from tasktonic.trace import Mark, TraceReader
from tasktonic.trace.file import Kind
from tasktonic_studio.services import kept_run
from tasktonic_studio.services.asides import item_of
from tasktonic_studio.services.kept_run import KeptRun
from tasktonic_studio.session.inbox import BlockArrived, Notice, Output, TargetBegan
from tasktonic_studio.session.recording import RecordingState
from tests.helpers.patience import PATIENCE_S
from tests.helpers.services_app import services
from tests.helpers.stream_rows import run

made: Any = events
PLANT: list[Any] = [
    made.AppBegan(10, 1, "plant", 1_000_000_000, 77),
    made.ClassDefined(1, "Pump", "plant", "", 3, "", "ttTonic"),
    made.Born(20, 1, "pump", 1, -1, 0, "", 2, -1, 0),
]


class Stand:
    """A kept run, and what it told."""

    def __init__(self, most_bytes: int = 1_000_000) -> None:
        self.states: list[RecordingState] = []
        self.problems: list[str] = []
        self.saved: list[tuple[str, int]] = []
        self.news = threading.Condition()
        self.strings = StringTable()
        self.next = 0
        self.kept = KeptRun(
            TargetBegan("launched", "/apps/plant.py"),
            most_bytes,
            self._note(self.states),
            self._note(self.problems),
            lambda *saved: self._note(self.saved)(saved),
        )

    def _note(self, listed: list[Any]) -> Callable[[Any], None]:
        def note(what: Any) -> None:
            with self.news:
                listed.append(what)
                self.news.notify_all()

        return note

    def until(self, condition: Callable[[], bool]) -> None:
        with self.news:
            assert self.news.wait_for(condition, PATIENCE_S)

    def send(self, rows: list[Any]) -> None:
        self.kept.put(BlockArrived(encode_block(self.next, rows, self.strings)))
        self.next += len(rows)

    def save(self, path: Path) -> None:
        before = len(self.saved)
        self.kept.save(str(path))
        self.until(lambda: len(self.saved) > before)


@pytest.fixture
def stand() -> Iterator[Stand]:
    stand = Stand()
    yield stand
    stand.kept.end()
    assert stand.kept.join(PATIENCE_S)


def _wait(event: threading.Event) -> None:
    assert event.wait(PATIENCE_S)


def test_what_comes_faster_than_the_disk_is_left_out_of_the_file_and_counted(
    stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_run, "MOST_WAITING", 100_000)
    hangs = threading.Event()
    stand.send(PLANT)
    stand.kept.record(str(tmp_path / "run.ttt"))
    stand.until(lambda: bool(stand.states) and stand.states[-1].is_on)
    stand.kept._ask(lambda: _wait(hangs))
    for _ in range(300):
        stand.send([made.LogLine(1, 1, "a fact", 0), *(run(stand.next + n) for n in range(10))])
        stand.kept.put(Output("stdout", "x" * 400, 1))
    hangs.set()
    stand.kept.stop_recording()
    stand.until(lambda: bool(stand.saved))

    with TraceReader(tmp_path / "run.ttt") as reader:
        lost = sum(gap.runs for _, gap in reader.gaps())
        facts = sum(type(event) is events.LogLine for _, event in reader.happened())
        notices = [item_of(data) for kind, data in reader.parts() if kind == Kind.ASIDE]
        assert reader.meta["end"]["lost_runs"] == lost
    assert lost > 0
    assert facts == 300
    assert stand.states[-1].left_out == lost
    assert any(isinstance(it, Notice) and "lines that the process printed came too fast" in it.text for it in notices)


def test_a_disk_that_is_almost_full_ends_the_recording(
    stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_run, "TELL_S", 0.05)
    monkeypatch.setattr(kept_run, "LEAST_FREE", 1 << 62)
    stand.send(PLANT)
    stand.kept.record(str(tmp_path / "run.ttt"))
    stand.until(lambda: bool(stand.problems))

    assert stand.problems[0].startswith(f"The disk of {tmp_path / 'run.ttt'} has only ")
    assert stand.problems[0].endswith("what it has is kept. Make room, then record again.")
    with TraceReader(tmp_path / "run.ttt") as reader:
        assert reader.condition == ""
        assert reader.events == 3


def test_a_run_that_is_longer_than_what_is_kept_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasktonic_studio.services.run_packing.ROWS_PER_SEGMENT", 500)
    monkeypatch.setattr("tasktonic_studio.services.run_packing.ROWS_PER_FRAME", 100)
    stand = Stand(most_bytes=5_000)
    stand.send(PLANT)
    for _ in range(300):
        stand.send([run(stand.next + n) for n in range(10)])
    stand.save(tmp_path / "run.ttt")
    stand.kept.end()
    assert stand.kept.join(PATIENCE_S)

    with TraceReader(tmp_path / "run.ttt") as reader:
        assert reader.not_kept == reader.spans[0].first > 0
        assert stand.saved == [(str(tmp_path / "run.ttt"), reader.not_kept)]
        not_kept = reader.not_kept
    with services() as other:
        other.requests.open_run(str(tmp_path / "run.ttt"))
        other.until_line(f"This run begins later than what was watched: {not_kept:,} events that came before")
        assert "pump" in [other.known.essences.name(each) for each in other.known.essences]


def test_what_was_asked_for_just_before_the_end_is_still_done(tmp_path: Path) -> None:
    stand = Stand()
    is_in, goes_on = threading.Event(), threading.Event()

    def hold() -> None:
        is_in.set()
        _wait(goes_on)

    stand.kept._ask(hold)
    _wait(is_in)
    stand.send(PLANT)
    stand.kept.save(str(tmp_path / "run.ttt"))
    stand.kept.end()
    goes_on.set()
    assert stand.kept.join(PATIENCE_S)

    assert stand.saved == [(str(tmp_path / "run.ttt"), 0)]
    with TraceReader(tmp_path / "run.ttt") as reader:
        assert reader.events == len(PLANT)


def test_a_fault_of_the_studio_loses_nothing_of_what_came_with_it(stand: Stand, tmp_path: Path) -> None:
    is_in, goes_on = threading.Event(), threading.Event()

    def hold() -> None:
        is_in.set()
        _wait(goes_on)

    def fails() -> None:
        raise ValueError("odd")

    stand.kept._ask(hold)
    _wait(is_in)
    stand.kept._ask(fails)
    stand.send(PLANT)
    goes_on.set()
    stand.save(tmp_path / "run.ttt")

    assert [problem for problem in stand.problems if "it failed inside the Studio, ValueError: odd." in problem]
    with TraceReader(tmp_path / "run.ttt") as reader:
        assert reader.events == len(PLANT)


def test_a_run_is_not_saved_over_the_file_that_it_is_recorded_into(stand: Stand, tmp_path: Path) -> None:
    file = tmp_path / "run.ttt"
    stand.send(PLANT)
    stand.kept.record(str(file))
    stand.until(lambda: bool(stand.states) and stand.states[-1].is_on)
    stand.kept.save(str(file))
    stand.until(lambda: bool(stand.problems or stand.saved))
    stand.send([made.LogLine(30, 1, "squeaks", 0)])
    stand.kept.stop_recording()
    stand.until(lambda: bool(stand.saved))

    (problem,) = stand.problems
    assert problem.startswith(f"The run was not saved. {file} is being recorded into, and has all that happens: ")
    with TraceReader(file) as reader:
        assert reader.events == len(PLANT) + 1


def test_the_shell_reads_what_the_studio_has_kept(
    stand: Stand, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "run.ttt"
    stand.send([*PLANT, made.LogLine(30, 1, "squeaks", 0)])
    stand.kept.put(Output("stdout", "printed", 40))
    stand.kept.keep_marks([Mark("a", 3, 30, "here")])
    stand.save(file)

    assert main(["trace", "info", str(file)]) == 0
    info = capsys.readouterr().out
    assert main(["trace", "show", str(file)]) == 0
    shown = capsys.readouterr().out
    assert main(["trace", "export", str(file), "--format", "json", "-o", "-"]) == 0
    exported = capsys.readouterr().out

    assert "condition     sound" in info
    assert "mark" in info
    assert "here" in info
    assert "squeaks" in shown
    assert len(exported.splitlines()) == 4


def test_nothing_in_a_hostile_file_does_harm(stand: Stand, tmp_path: Path) -> None:
    file, broken = tmp_path / "run.ttt", tmp_path / "broken.ttt"
    stand.send(PLANT)
    for number in range(20):
        stand.kept.put(Output("stdout", f"line {number}", 40))
        stand.send([made.LogLine(30, 1, "squeaks", 0)])
    stand.kept.keep_marks([Mark("a", 3, 30, "here")])
    stand.save(file)
    data = file.read_bytes()
    chance = random.Random(7)
    for _ in range(400):
        mutated = bytearray(data)
        for _ in range(chance.randrange(1, 6)):
            mutated[chance.randrange(16, len(mutated))] = chance.randrange(256)
        broken.write_bytes(mutated[: chance.randrange(1, len(mutated) + 1)])
        with suppress(ttError), TraceReader(broken) as reader:
            for kind, part in reader.parts():
                if kind == Kind.ASIDE:
                    item_of(part)
            reader.marks()
            list(reader.happened())
