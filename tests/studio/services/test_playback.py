"""Trace files as targets: whole ones, damaged ones, and what was watched before."""

from __future__ import annotations

import errno
import fcntl
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tasktonic.events import Ran
from tasktonic.trace import TraceReader
from tasktonic_studio.services import playback, reading_ahead
from tasktonic_studio.services.feed import Feed
from tasktonic_studio.services.reading_ahead import ReadingAhead
from tasktonic_studio.session import columns
from tasktonic_studio.session.inbox import BlockArrived, InboxItem, TargetBegan
from tasktonic_studio.session.session import Session
from tests.helpers.services_app import ServicesStand, a_pump, services

TRACES = Path(__file__).parents[2] / "data" / "traces"


@pytest.fixture
def stand() -> Iterator[ServicesStand]:
    with services() as stand:
        yield stand


def is_there(name: str) -> str:
    return str(TRACES / name)


def test_a_trace_is_shown_like_an_app_that_has_ended(stand: ServicesStand) -> None:
    stand.requests.open_run(is_there("door.ttt"))
    stand.until_status("ended")

    target = stand.known.target
    assert (target.how, target.file, target.damage) == ("file", is_there("door.ttt"), "")
    assert target.sentence.endswith(": The program has ended")
    assert target.python == "3.11.7"
    assert Path(target.script).name == "door.py"
    assert "door" in [stand.known.essences.name(it) for it in stand.known.essences]


def test_all_runs_and_orders_of_the_file_are_there(stand: ServicesStand) -> None:
    with TraceReader(is_there("keyframes.ttt")) as reader:
        runs, orders = sum(it.runs for it in reader.spans), sum(it.orders for it in reader.spans)

    stand.requests.open_run(is_there("keyframes.ttt"))
    stand.until_status("ended")

    assert (len(stand.known.runs), len(stand.known.orders)) == (runs, orders)
    assert runs >= 1_000


def test_the_source_that_ran_comes_along(stand: ServicesStand) -> None:
    with TraceReader(is_there("door.ttt")) as reader:
        sources = {it.file: it.text for it in reader.sources()}

    stand.requests.open_run(is_there("door.ttt"))
    stand.until_status("ended")

    assert stand.known.source_texts == sources
    assert any("class Door" in text for text in sources.values())


def test_a_recorded_moment_can_be_gone_back_to(stand: ServicesStand) -> None:
    stand.requests.open_run(is_there("door.ttt"))
    stand.until_status("ended")
    run = stand.known.runs.row(len(stand.known.runs) // 2)

    then = stand.session.at(run.n + 1)

    assert len(then.runs) == run.row + 1
    assert then.target.how == "file"


@pytest.mark.parametrize(
    "name, words",
    [
        ("killed.ttt", "was not closed"),
        ("cut.ttt", "the file ends in the middle of a frame"),
        ("flipped.ttt", "its checksum is wrong"),
        ("huge.ttt", "announces 4,294,967,295 bytes"),
        ("bomb.ttt", "more or less than it announced"),
    ],
)
def test_a_damaged_trace_is_shown_as_far_as_it_goes_and_says_so(stand: ServicesStand, name: str, words: str) -> None:
    stand.requests.open_run(is_there(name))
    stand.until_status("ended")

    assert words in stand.known.target.damage
    assert any(words in line for line in stand.lines("notice"))
    with TraceReader(is_there(name)) as reader:
        assert len(stand.known.runs) == sum(type(event) is Ran for _, event in reader.happened())


def test_a_block_that_refers_to_what_is_not_there_is_told(stand: ServicesStand) -> None:
    stand.requests.open_run(is_there("strings.ttt"))
    stand.until_status("ended")

    assert any("999" in line for line in stand.lines("notice"))


@pytest.mark.parametrize(
    "name, words",
    [
        ("text.ttt", "is no trace: it does not begin like one."),
        ("empty.ttt", "is empty: nothing was recorded in it."),
        ("newer.ttt", "has format 2"),
        ("nothing.ttt", "There is no file"),
        (".", "is a folder"),
    ],
)
def test_a_file_that_is_no_trace_leaves_what_is_shown(stand: ServicesStand, name: str, words: str) -> None:
    stand.requests.open_run(is_there("door.ttt"))
    stand.until_status("ended")

    stand.requests.open_run(is_there(name))
    stand.until(lambda: bool(stand.problems), "the problem is told")

    assert words in stand.problems[0]
    assert stand.known.target.file == is_there("door.ttt")


def test_of_a_trace_that_is_too_long_the_end_is_shown(stand: ServicesStand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playback, "MOST_EVENTS", 500)

    stand.requests.open_run(is_there("keyframes.ttt"))
    stand.until_status("ended")

    assert 100 <= len(stand.known.runs) < 1_000
    assert any("This trace has 3,008 events; the last 500 are shown." in line for line in stand.lines("notice"))
    assert "pump" in [stand.known.essences.name(it) for it in stand.known.essences], "the keyframe has told of it"


def test_the_last_of_two_traces_opened_at_once_is_shown(stand: ServicesStand) -> None:
    stand.requests.open_run(is_there("keyframes.ttt"))
    stand.requests.open_run(is_there("door.ttt"))
    stand.until_status("ended", "The program has ended")

    assert stand.known.target.file == is_there("door.ttt")
    assert len(stand.known.runs) < 100


def test_a_trace_waits_while_the_window_does_not_keep_up(stand: ServicesStand, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = threading.Event()

    class Full:
        def __init__(self, inbox: object) -> None:
            self.blocks = 0

        def __get__(self, feed: object, kind: object = None) -> bool:
            self.blocks += 1
            if self.blocks > 3:
                waits.set()
            return self.blocks > 3

    monkeypatch.setattr(Feed, "is_full", Full(stand.inbox))
    stand.requests.open_run(is_there("keyframes.ttt"))
    stand.until(waits.is_set, "the reader waits")
    assert (stand.known.target.status, stand.known.target.sentence) == ("starting", "reading keyframes.ttt")

    # Another target takes its place at once, though the file has not been read to its end.
    monkeypatch.undo()
    stand.requests.open_run(is_there("door.ttt"))
    stand.until_status("ended", "The program has ended")
    assert stand.known.target.file == is_there("door.ttt")


# ---- a long trace, most of which is read by another process


class Kept(ReadingAhead):
    """Remembers that it was made."""

    made: ClassVar[list[Kept]] = []

    def __init__(self, file: str, event: int, events: int) -> None:
        super().__init__(file, event, events)
        self.was_asked = False
        self.made.append(self)

    def items(self) -> Iterator[InboxItem]:
        self.was_asked = True
        return super().items()

    @property
    def has_ended(self) -> bool:
        return self._process.returncode is not None


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> type[Kept]:
    """Every trace counts as a long one; its first keyframe is where another process begins."""
    Kept.made.clear()
    monkeypatch.setattr(playback, "LONG_EVENTS", 1)
    monkeypatch.setattr(playback, "FRONT_EVENTS", 1)
    monkeypatch.setattr(playback, "ReadingAhead", Kept)
    return Kept


@pytest.mark.parametrize("name, memory", [("keyframes.ttt", True), ("keyframes.ttt", False), ("killed.ttt", True)])
def test_a_long_trace_shows_the_same_as_a_short_one(
    long: type[Kept], stand: ServicesStand, monkeypatch: pytest.MonkeyPatch, name: str, memory: bool
) -> None:
    if not memory:  # as on a system where two processes have none together
        monkeypatch.setattr(reading_ahead, "new_memory", lambda: None)
    # Tables take whole chunks over: so a short trace has many.
    monkeypatch.setattr(columns, "CHUNK_ROWS", 64)
    monkeypatch.setattr(columns, "STRETCH_ROWS", 16)
    alone = Session()
    alone.apply([TargetBegan("file")])
    with TraceReader(is_there(name)) as reader:
        alone.apply([BlockArrived(data) for _, data in reader.parts()])

    stand.requests.open_run(is_there(name))
    stand.until_status("ended")

    one, other = stand.known, alone.live
    assert len(long.made) == (name == "keyframes.ttt"), "only there is a keyframe to begin at"
    assert [one.essences.get(it) for it in one.essences] == [other.essences.get(it) for it in other.essences]
    for table in ("runs", "orders", "transitions"):
        assert _without_n(getattr(one, table).rows(0, 10**6)) == _without_n(getattr(other, table).rows(0, 10**6))
    last = one.runs.row(len(one.runs) - 1)
    event = alone.marks.numbering.event_at(other.runs.row(last.row).n)
    assert stand.session.marks.numbering.event_at(last.n) == event, "marks are at the same events"


def _without_n(rows: list[Any]) -> list[Any]:
    """What is told of the file beside its events takes numbers, too."""
    return [row._replace(n=0) for row in rows]


def test_damage_in_the_later_part_of_a_long_trace_is_told(
    long: type[Kept], stand: ServicesStand, tmp_path: Path
) -> None:
    with TraceReader(is_there("keyframes.ttt")) as reader:
        last, runs = reader.spans[-1], sum(it.runs for it in reader.spans[:-1])
    data = bytearray(Path(is_there("keyframes.ttt")).read_bytes())
    data[last.place + 60] ^= 1
    (tmp_path / "damaged.ttt").write_bytes(data)

    stand.requests.open_run(str(tmp_path / "damaged.ttt"))
    stand.until_status("ended")

    assert len(long.made) == 1
    assert len(stand.known.runs) == runs
    assert stand.known.target.damage.startswith(f"From byte {last.place:,} on, ")
    assert stand.known.target.damage in stand.lines("notice")


def test_a_reading_process_that_ends_early_is_told(
    long: type[Kept], stand: ServicesStand, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(Kept):
        def items(self) -> Iterator[InboxItem]:
            self.stop()
            return super().items()

    monkeypatch.setattr(playback, "ReadingAhead", Killed)
    stand.requests.open_run(is_there("keyframes.ttt"))
    stand.until_status("ended")

    sentence = f"{is_there('keyframes.ttt')} could not be read to its end: the process that reads it has ended."
    assert sentence in stand.lines("notice")
    assert long.made[0].has_ended


def test_a_reading_process_that_cannot_be_started_is_told(
    stand: ServicesStand, monkeypatch: pytest.MonkeyPatch, long: type[Kept]
) -> None:
    def fails(file: str, event: int, events: int) -> ReadingAhead:
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    monkeypatch.setattr(playback, "ReadingAhead", fails)
    stand.requests.open_run(is_there("keyframes.ttt"))
    stand.until_status("ended")

    sentence = f"{is_there('keyframes.ttt')} could not be read to its end: Cannot allocate memory."
    assert sentence in stand.lines("notice")


def test_a_fault_of_the_studio_while_it_reads_is_told_and_ends_the_reading(
    stand: ServicesStand, monkeypatch: pytest.MonkeyPatch, long: type[Kept]
) -> None:
    def fails(file: str, event: int, events: int) -> ReadingAhead:
        raise ValueError("odd")

    monkeypatch.setattr(playback, "ReadingAhead", fails)
    stand.requests.open_run(is_there("keyframes.ttt"))
    stand.until_status("ended")

    told = f"{is_there('keyframes.ttt')} could not be read to its end: it failed inside the Studio, ValueError: odd."
    assert told in stand.lines("notice")


@pytest.mark.parametrize(
    "fault, words",
    [
        (ValueError("odd"), "could not be shown. It failed inside the Studio, ValueError: odd."),
        (OSError(5, "Input/output error"), "could not be read: Input/output error."),
    ],
)
def test_a_fault_while_a_trace_is_opened_is_told_and_leaves_what_is_shown(
    stand: ServicesStand, monkeypatch: pytest.MonkeyPatch, fault: Exception, words: str
) -> None:
    stand.requests.open_run(is_there("door.ttt"))
    stand.until_status("ended")

    def fails(*_: object) -> TargetBegan:
        raise fault

    monkeypatch.setattr(playback, "_target_of", fails)
    stand.requests.open_run(is_there("keyframes.ttt"))
    stand.until(lambda: bool(stand.problems), "the problem is told")

    assert stand.problems[0] == f"{is_there('keyframes.ttt')} {words}"
    assert stand.known.target.file == is_there("door.ttt")


def test_nothing_in_the_folder_that_the_studio_was_started_in_is_run(
    long: type[Kept], stand: ServicesStand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pickle.py").write_text("open('ran', 'w').close()\n")
    monkeypatch.chdir(tmp_path)
    stand.requests.open_run(is_there("keyframes.ttt"))
    stand.until_status("ended")

    assert len(long.made) == 1
    assert not [line for line in stand.lines("notice") if "could not be read" in line]
    assert not (tmp_path / "ran").exists()


@pytest.mark.skipif(not hasattr(fcntl, "F_GETPIPE_SZ"), reason="how much a pipe holds cannot be said here")
def test_what_the_reading_process_tells_comes_in_large_pieces(long: type[Kept]) -> None:
    ahead = long(is_there("keyframes.ttt"), 1, 10_000)
    assert ahead._process.stdout is not None

    assert fcntl.fcntl(ahead._process.stdout, fcntl.F_GETPIPE_SZ) >= 1024 * 1024

    ahead.close()


def test_of_the_begin_little_waits_for_a_window_that_has_just_come(
    long: type[Kept], stand: ServicesStand, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, waited = list[InboxItem](), list[int]()
    usual = Feed.put

    def noted(feed: Feed, item: InboxItem) -> None:
        put.extend([item] * isinstance(item, BlockArrived))
        usual(feed, item)

    def waiting(feed: Feed) -> int:
        if long.made[0].was_asked:
            return 1 << 40  # what the other process reads waits for no such thing
        waited.append(len(put))
        return playback.FRONT_BYTES + (len(waited) < 4)

    monkeypatch.setattr(Feed, "put", noted)
    monkeypatch.setattr(Feed, "waiting_bytes", property(waiting))
    stand.requests.open_run(is_there("keyframes.ttt"))
    stand.until_status("ended")

    assert waited[:5] == [0, 0, 0, 0, 1]
    with TraceReader(is_there("keyframes.ttt")) as reader:
        assert len(stand.known.runs) == sum(type(event) is Ran for _, event in reader.happened())


def test_a_file_that_is_read_here_waits_only_when_the_inbox_is_full(
    stand: ServicesStand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Feed, "waiting_bytes", property(lambda _: 2 * playback.FRONT_BYTES))

    stand.requests.open_run(is_there("keyframes.ttt"))

    stand.until_status("ended")


def test_another_target_ends_the_reading_process(
    long: type[Kept], stand: ServicesStand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Feed, "is_full", True)
    stand.requests.open_run(is_there("keyframes.ttt"))
    stand.until(lambda: bool(long.made), "the process is started")

    monkeypatch.undo()
    stand.requests.open_run(is_there("door.ttt"))
    stand.until_status("ended", "The program has ended")
    stand.until(lambda: long.made[0].has_ended, "nobody reads the other file any more")

    assert stand.known.target.file == is_there("door.ttt")


@pytest.mark.end_to_end
def test_opening_a_trace_stops_the_script_that_was_started(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(a_pump(tmp_path, strokes=100_000))
    stand.until(lambda: len(stand.known.runs) > 3, "the script runs")
    pid = stand.known.target.pid

    stand.requests.open_run(is_there("door.ttt"))
    stand.until_status("ended", "The program has ended")

    def is_gone() -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        return False

    stand.until(is_gone, "the script is stopped")
