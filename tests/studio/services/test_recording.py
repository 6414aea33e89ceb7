"""Keeping what is watched: saved also after the end, recorded while it runs, and read back as it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasktonic.trace import Mark, TraceReader
from tasktonic_studio.services import recording
from tasktonic_studio.session.knowledge import Knowledge
from tests.helpers.services_app import ServicesStand, a_pump, services


@pytest.fixture
def stand() -> Iterator[ServicesStand]:
    with services() as stand:
        yield stand


def has_ended(stand: ServicesStand) -> None:
    stand.until_status("ended")


def until_saved(stand: ServicesStand, file: Path) -> None:
    stand.until(lambda: str(file) in stand.saved, f"{file} is saved")


def looks(known: Knowledge) -> dict[str, object]:
    """What one sees of a run, but for the words about where it comes from."""
    runs, orders, target = known.runs, known.orders, known.target
    return {
        "runs": [runs.row(row)[2:] for row in range(runs.first, len(runs))],
        "orders": [orders.row(row)[2:] for row in range(orders.first, len(orders))],
        "essences": sorted((known.essences.name(it), getattr(known.essences.get(it), "state", 0)) for it in known.essences),
        "log": [(line.level, line.text, line.t_ns) for line in known.log if line.level != "notice"],
        "app": (known.app.name, known.app.began_ns, known.app.ended_ns, known.app.problem),
        "target": (target.died, target.exit_code, target.lost),
        "findings": sorted(finding.kind for finding in known.findings.by_key.values()),
    }  # fmt: skip


def save_and_open(stand: ServicesStand, file: Path) -> None:
    stand.requests.save_run(str(file))
    until_saved(stand, file)
    stand.requests.open_run(str(file))
    stand.until(lambda: stand.known.target.file == str(file), "the file is opened")
    has_ended(stand)


def test_a_saved_run_shows_what_was_seen_of_the_live_one(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(a_pump(tmp_path, before="print('hello \u00e9')", after="print('bye')"))
    has_ended(stand)
    live = looks(stand.known)

    save_and_open(stand, tmp_path / "run.ttt")

    assert looks(stand.known) == live
    assert ("stdout", "hello \u00e9") in [(line.level, line.text) for line in stand.known.log]
    assert stand.known.target.damage == ""


def test_what_was_seen_can_be_saved_after_the_app_has_died(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(a_pump(tmp_path, end="import os; os._exit(7)"))
    has_ended(stand)
    live = looks(stand.known)
    assert stand.known.target.died

    save_and_open(stand, tmp_path / "run.ttt")

    assert looks(stand.known) == live
    assert "7" in stand.known.target.sentence
    assert "last sparkle" in stand.known.target.sentence


def test_a_run_that_goes_on_can_be_saved_and_is_watched_further(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(a_pump(tmp_path, strokes=1_000_000))
    stand.until(lambda: len(stand.known.runs) > 5, "some runs")

    stand.requests.save_run(str(tmp_path / "run.ttt"))
    until_saved(stand, tmp_path / "run.ttt")
    seen = len(stand.known.runs)
    stand.until(lambda: len(stand.known.runs) > seen + 3, "it goes on")

    with TraceReader(tmp_path / "run.ttt") as reader:
        assert reader.condition == ""
        assert reader.meta["end"]["reason"] == "Saved while it ran."
        assert reader.not_kept == 0


def test_a_recording_has_what_came_before_it_and_ends_with_the_app(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(a_pump(tmp_path, strokes=1_000_000))
    stand.until(lambda: len(stand.known.runs) > 5, "some runs")

    stand.requests.record(str(tmp_path / "runs"), "pump")
    stand.until(lambda: any(state.is_on for state in stand.states), "it records")
    stand.requests.stop()
    has_ended(stand)
    file = tmp_path / "runs" / "pump.ttt"
    until_saved(stand, file)
    live = looks(stand.known)
    stand.requests.open_run(str(file))
    stand.until(lambda: stand.known.target.how == "file", "the file is opened")
    has_ended(stand)

    assert looks(stand.known) == live
    assert file.stat().st_mode & 0o077 == 0


def test_a_recording_can_be_stopped_and_the_next_gets_a_name_of_its_own(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(a_pump(tmp_path, strokes=1_000_000))
    stand.until(lambda: len(stand.known.runs) > 2, "some runs")
    for name in ("pump.ttt", "pump-2.ttt"):
        stand.requests.record(str(tmp_path), "pump")
        stand.until(lambda: stand.states[-1].is_on, "it records")
        stand.requests.stop_recording()
        until_saved(stand, tmp_path / name)

    with TraceReader(tmp_path / "pump.ttt") as reader:
        assert reader.meta["end"]["reason"] == "The recording was stopped."


def test_a_new_target_ends_the_recording_of_the_old_one(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(a_pump(tmp_path, strokes=1_000_000))
    stand.until(lambda: len(stand.known.runs) > 2, "some runs")
    stand.requests.record(str(tmp_path), "pump")
    stand.until(lambda: stand.states[-1].is_on, "it records")

    stand.requests.restart()

    until_saved(stand, tmp_path / "pump.ttt")
    stand.until(lambda: not stand.states[-1].is_on, "the next is not recorded")


def test_what_was_seen_of_the_run_before_can_still_be_saved(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(a_pump(tmp_path, end="import os; os._exit(7)"))
    has_ended(stand)
    before, first = looks(stand.known), stand.known.target.pid
    stand.requests.restart()
    stand.until(lambda: stand.known.target.pid not in (0, first), "it is started again")
    stand.until(lambda: stand.states[-1].has_previous, "the run before is kept")

    file = tmp_path / "before.ttt"
    stand.requests.save_run(str(file), True)
    until_saved(stand, file)
    stand.requests.open_run(str(file))
    stand.until(lambda: stand.known.target.file == str(file), "the file is opened")
    has_ended(stand)

    assert looks(stand.known) == before


def test_the_end_of_the_studio_closes_the_file(tmp_path: Path) -> None:
    with services() as stand:
        stand.requests.launch(a_pump(tmp_path, strokes=1_000_000))
        stand.until(lambda: len(stand.known.runs) > 2, "some runs")
        stand.requests.record(str(tmp_path), "pump")
        stand.until(lambda: stand.states[-1].is_on, "it records")

    with TraceReader(tmp_path / "pump.ttt") as reader:
        assert reader.condition == ""


_A_STUDIO = """
import sys
from tests.helpers.services_app import services
with services() as stand:
    stand.requests.launch(sys.argv[1])
    stand.until(lambda: len(stand.known.runs) > 5, "some runs")
    stand.requests.record(sys.argv[2], "pump")
    stand.until(lambda: bool(stand.states) and stand.states[-1].is_on, "it records")
    seen = len(stand.known.runs)
    stand.until(lambda: len(stand.known.runs) > seen + 30, "more runs")
    print(seen, stand.known.target.pid, flush=True)
    stand.until(lambda: False, "it is killed")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a signal of POSIX")
def test_a_killed_studio_leaves_a_readable_recording(tmp_path: Path) -> None:
    script = a_pump(tmp_path, strokes=1_000_000)
    root = str(Path(__file__).parents[3])
    environment = {**os.environ, "PYTHONPATH": root}
    studio = subprocess.Popen(
        [sys.executable, "-c", _A_STUDIO, script, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=root,
    )
    assert studio.stdout is not None
    seen, app = map(int, studio.stdout.readline().split())
    studio.send_signal(signal.SIGKILL)
    studio.wait()
    studio.stdout.close()
    os.kill(app, signal.SIGKILL)  # nobody else ends it now

    with TraceReader(tmp_path / "pump.ttt") as reader:
        runs = sum(span.runs for span in reader.spans)
        reader.check()
        assert reader.damage is None
        assert not reader.is_closed
        assert runs >= seen


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(stand: ServicesStand, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    stand.requests.launch(a_pump(tmp_path, strokes=1_000_000))
    stand.until(lambda: len(stand.known.runs) > 2, "some runs")

    stand.requests.record(str(tmp_path / "file" / "runs"), "pump")
    stand.requests.save_run(str(tmp_path / "file" / "run.ttt"))
    stand.until(lambda: len(stand.problems) == 2, "both are told")

    assert stand.problems[0].startswith(f"Nothing can be recorded in {tmp_path / 'file' / 'runs'}: Not a directory")
    assert stand.problems[1].startswith(f"The run was not saved. {tmp_path / 'file' / 'run.ttt'} cannot be written: ")


def test_a_folder_with_all_names_taken_is_said_in_a_sentence(
    stand: ServicesStand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "_NUMBERS", 3)
    for name in ("pump.ttt", "pump-2.ttt"):
        (tmp_path / name).write_text("")
    stand.requests.launch(a_pump(tmp_path, strokes=1_000_000))
    stand.until(lambda: len(stand.known.runs) > 2, "some runs")

    stand.requests.record(str(tmp_path), "pump")
    stand.until(lambda: bool(stand.problems), "it is told")

    assert stand.problems == [
        f"Nothing can be recorded in {tmp_path}: all names from pump.ttt to pump-2.ttt are taken."
    ]


def test_a_file_that_is_no_trace_is_not_replaced(stand: ServicesStand, tmp_path: Path) -> None:
    (tmp_path / "letter.ttt").write_text("Dear Ada")
    stand.requests.launch(a_pump(tmp_path))
    has_ended(stand)

    stand.requests.save_run(str(tmp_path / "letter.ttt"))
    stand.until(lambda: bool(stand.problems), "it is told")

    assert "which is no trace; it was left alone" in stand.problems[0]
    assert (tmp_path / "letter.ttt").read_text() == "Dear Ada"
    assert not list(tmp_path.glob(".*.part"))


def test_a_file_that_was_opened_is_not_kept_once_more(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(a_pump(tmp_path))
    has_ended(stand)

    save_and_open(stand, tmp_path / "run.ttt")

    assert not stand.states[-1].can_save


def test_marks_go_into_every_file_of_the_run(stand: ServicesStand, tmp_path: Path) -> None:
    before, after = Mark("a", 3, 30, "before", 1), Mark("b", 5, 50, "after", 2)
    stand.requests.launch(a_pump(tmp_path))
    has_ended(stand)
    stand.requests.keep_marks([before])
    stand.requests.save_run(str(tmp_path / "run.ttt"))
    until_saved(stand, tmp_path / "run.ttt")
    stand.requests.keep_marks([after])
    stand.requests.save_run(str(tmp_path / "again.ttt"))
    until_saved(stand, tmp_path / "again.ttt")

    for name in ("run.ttt", "again.ttt"):
        with TraceReader(tmp_path / name) as reader:
            assert reader.marks() == [before, after]


_FULL = """
import resource, signal, sys
from pathlib import Path
from tests.helpers.services_app import services
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with services() as stand:
    stand.requests.launch(sys.argv[1])
    stand.until(lambda: len(stand.known.runs) > 5, "some runs")
    stand.requests.record(sys.argv[2], "pump")
    stand.until(lambda: bool(stand.states) and stand.states[-1].is_on, "it records")
    size = (Path(sys.argv[2]) / "pump.ttt").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 500, resource.RLIM_INFINITY))
    stand.until(lambda: bool(stand.problems), "it is told")
    stand.requests.save_run(sys.argv[2] + "/saved.ttt")
    stand.until(lambda: len(stand.problems) == 2, "that, too")
    seen = len(stand.known.runs)
    stand.until(lambda: len(stand.known.runs) > seen, "it is watched further")
    print("\\n".join(stand.problems))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of files are those of POSIX")
def test_a_full_disk_ends_the_recording_with_a_sentence_and_nothing_else(tmp_path: Path) -> None:
    script = a_pump(tmp_path, strokes=1_000_000)
    root = str(Path(__file__).parents[3])

    said = subprocess.run(
        [sys.executable, "-c", _FULL, script, str(tmp_path)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
        cwd=root,
        check=True,
    )

    lines = said.stdout.splitlines()
    file = tmp_path / "pump.ttt"
    assert lines[0] == (
        f"The recording has ended: {file} cannot be written: file too large. What was written can be read; the app runs on."
    )
    assert lines[1] == f"The run was not saved. {tmp_path / 'saved.ttt'} cannot be written: file too large."
    assert not (tmp_path / "saved.ttt").exists()
    with TraceReader(file) as reader:
        reader.check()
        assert reader.damage is None
        assert reader.events > 0
