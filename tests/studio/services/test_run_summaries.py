"""What a recorded run is at a glance: read from its file, kept in the cache, made anew when the file is another one."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tasktonic import events
from tasktonic.trace import TraceWriter
from tasktonic_studio.services import run_summaries
from tasktonic_studio.services.feed import Feed
from tasktonic_studio.services.playback import Playback
from tasktonic_studio.services.run_summaries import SummaryCache, summarize
from tasktonic_studio.session.run_summary import BUCKETS, FULL, RunSummary
from tests.helpers.services_app import ServicesStand, services
from tests.helpers.stream_rows import order

made: Any = events
TRACES = Path(__file__).parents[2] / "data" / "traces"
SECOND = 1_000_000_000


def a_run(number: int, end_ns: int) -> Any:
    return (order(number), end_ns - 1_000, end_ns, -1, -1, 0, number)


def an_error(t_ns: int) -> Any:
    values = {"t_ns": t_ns, "type": "ValueError", "text": "no", "taken_by": -1}
    kinds = {name: values.get(name, "" if kind != "int" else 0) for name, kind in made.Raised.__annotations__.items()}
    return made.Raised(**kinds)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Ten seconds: one run at the begin, a hundred in the fifth second, an error at the end."""
    path = tmp_path / "run.ttt"
    rows = [made.AppBegan(SECOND, 1, "plant", 1, 1), a_run(1, SECOND + 1_000)]
    rows += [a_run(2 + n, 5 * SECOND + n * 1_000) for n in range(100)]
    rows += [an_error(11 * SECOND)]
    with TraceWriter(path, {}, with_sources=False) as writer:
        writer.add_rows(0, rows)
    return path


def test_a_summary_says_how_long_how_much_and_when(path: Path) -> None:
    summary = summarize(str(path))

    assert summary is not None
    assert (summary.problem, summary.runs, summary.errors, summary.damaged) == ("", 101, 1, False)
    assert summary.duration_ns == 10 * SECOND
    assert summary.error_at == (BUCKETS - 1,)
    busiest = summary.density.index(FULL)
    assert busiest == int(0.4 * BUCKETS)
    assert summary.density[0] > 0
    assert sum(value > 0 for value in summary.density) == 2


@pytest.mark.parametrize("since_boot_ns", [86_400 * SECOND, 400 * 86_400 * SECOND])
def test_a_moment_of_a_machine_that_is_up_for_days_is_told_apart(tmp_path: Path, since_boot_ns: int) -> None:
    path = tmp_path / "run.ttt"
    rows = [made.AppBegan(since_boot_ns, 1, "plant", 1, 1), *(a_run(n, since_boot_ns + n) for n in range(1, 4))]
    with TraceWriter(path, {}, with_sources=False) as writer:
        writer.add_rows(0, rows)
        writer.add_rows(len(rows), [a_run(4, since_boot_ns + SECOND)])

    summary = summarize(str(path))

    assert summary is not None
    assert (summary.problem, summary.runs) == ("", 4)
    assert abs(summary.duration_ns - SECOND) <= 2_000


def test_times_that_are_as_far_apart_as_numbers_go_do_no_harm() -> None:
    ends = np.array([-(1 << 63), 0, (1 << 63) - 1], np.int64)

    pieces = list(run_summaries._pieces(ends))

    assert [piece.runs for piece in pieces] == [1, 1, 1]
    assert (pieces[0].begin_ns, pieces[-1].end_ns) == (-(1 << 63), (1 << 63) - 1)


def test_of_a_long_trace_the_index_has_to_do(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exact = summarize(str(path))
    monkeypatch.setattr(run_summaries, "MOST_READ", 10)

    summary = summarize(str(path))

    assert summary is not None
    assert exact is not None
    assert (summary.runs, summary.errors, summary.duration_ns) == (exact.runs, exact.errors, exact.duration_ns)
    assert len(summary.density) == BUCKETS


@pytest.mark.parametrize(
    "name", ["door.ttt", "keyframes.ttt", "cut.ttt", "killed.ttt", "flipped.ttt", "bomb.ttt", "huge.ttt"]
)
@pytest.mark.parametrize("most_read", [0, 1_000_000])
def test_whatever_a_file_has_its_summary_is_in_range(
    name: str, most_read: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_summaries, "MOST_READ", most_read)

    summary = summarize(str(TRACES / name))

    assert summary is not None
    assert summary.problem == ""
    assert summary.damaged == (name in ("cut.ttt", "flipped.ttt", "bomb.ttt", "huge.ttt"))
    assert all(0 <= value <= FULL for value in summary.density)


@pytest.mark.parametrize("name, words", [("text.ttt", "is no trace"), ("gone.ttt", "There is no file")])
def test_what_is_no_trace_says_so(name: str, words: str) -> None:
    summary = summarize(str(TRACES / name))

    assert summary is not None
    assert words in summary.problem


def test_a_summary_can_be_stopped(path: Path) -> None:
    assert summarize(str(path), lambda: True) is None


# ---- the cache


def test_a_summary_comes_back_from_the_cache(path: Path, tmp_path: Path) -> None:
    cache, summary = SummaryCache(tmp_path / "cache"), summarize(str(path))
    assert summary is not None
    cache.put(summary)

    assert SummaryCache(tmp_path / "cache").get(str(path)) == summary


def test_a_file_that_has_changed_is_looked_at_again(path: Path, tmp_path: Path) -> None:
    cache, summary = SummaryCache(tmp_path / "cache"), summarize(str(path))
    assert summary is not None
    cache.put(summary)
    os.utime(path, ns=(1, 1))

    assert cache.get(str(path)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"runs": -1},
        {"runs": "many"},
        {"density": [1] * 10_000},
        {"density": [256]},
        {"error_at": [BUCKETS]},
        {"duration_ns": None},
        {"about": None},
    ],
)
def test_what_somebody_wrote_into_the_cache_is_not_believed(
    path: Path, tmp_path: Path, changes: dict[str, Any]
) -> None:
    cache, summary = SummaryCache(tmp_path / "cache"), summarize(str(path))
    assert summary is not None
    cache.put(summary)
    (place,) = (tmp_path / "cache").glob("*.json")
    place.write_text(json.dumps({**json.loads(place.read_text()), **changes}))

    assert cache.get(str(path)) is None


def test_the_cache_keeps_no_more_than_it_should(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_summaries, "_MOST_KEPT", 3)
    cache = SummaryCache(tmp_path / "cache")
    for number in range(6):
        file = tmp_path / f"{number}.ttt"
        file.write_bytes(b"")
        cache.put(RunSummary(str(file)))

    assert len(list((tmp_path / "cache").glob("*.json"))) == 3


def test_a_cache_that_cannot_be_written_harms_nobody(path: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    summary = summarize(str(path))
    assert summary is not None

    SummaryCache(tmp_path / "cache").put(summary)

    assert SummaryCache(tmp_path / "cache").get(str(path)) is None


# ---- the service


@pytest.fixture
def stand() -> Iterator[ServicesStand]:
    with services() as stand:
        yield stand


def test_the_service_tells_of_each_file(stand: ServicesStand, path: Path) -> None:
    gone = str(path.with_name("gone.ttt"))
    stand.requests.look_at_runs([str(path), gone])
    stand.until(lambda: len(stand.summaries) == 2, "both are told")
    stand.requests.look_at_runs([str(path)])
    stand.until(lambda: len(stand.summaries) == 3, "one once more, from the cache")

    by_file = {summary.file: summary for summary in stand.summaries}
    assert by_file[str(path)].runs == 101
    assert by_file[gone].problem == f"There is no file {gone}."


def test_while_somebody_waits_for_a_trace_no_other_is_read(
    stand: ServicesStand, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def is_reading(playback: Playback) -> bool:
        reads = bool(playback._reading is not None and playback._reading.is_alive)
        if threading.current_thread().name == "studio run summaries":
            asked.append(reads)
        return reads

    monkeypatch.setattr(Playback, "is_reading", property(is_reading))
    monkeypatch.setattr(Feed, "is_full", property(lambda _: len(asked) < 3))
    stand.requests.open_run(str(TRACES / "keyframes.ttt"))
    stand.until_status("starting")

    stand.requests.look_at_runs([str(path)])
    stand.until(lambda: bool(stand.summaries), "it is told")

    assert asked[:3] == [True] * 3
    assert asked[-1] is False, "looked at when the other was there"
    assert stand.summaries[0].runs == 101


def test_a_fault_with_one_file_is_told_and_keeps_no_other_from_being_looked_at(
    stand: ServicesStand, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails_once(file: str, is_stopped: Any) -> RunSummary | None:
        monkeypatch.undo()
        raise ValueError("too many bins")

    monkeypatch.setattr(run_summaries, "summarize", fails_once)
    stand.requests.look_at_runs([str(TRACES / "door.ttt"), str(path)])
    stand.until(lambda: len(stand.summaries) == 2, "both are told")

    assert stand.summaries[0].problem == "Looking at it failed inside the Studio, ValueError: too many bins."
    assert (stand.summaries[1].file, stand.summaries[1].problem) == (str(path), "")
