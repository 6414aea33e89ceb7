"""The sign that a run is being recorded: word, shape, time, size, and what one can press."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.inbox import TargetBegan, TargetStatus
from tasktonic_studio.session.recording import RecordingState
from tasktonic_studio.ui.dialogs import ask
from tasktonic_studio.ui.recording_sign import RecordingSign, clock_words, size_words
from tests.helpers.window_stand import WindowStand

ON = RecordingState(file="/runs/pump.ttt", began_s=100.0, size=1_230_000, can_save=True)


@pytest.fixture
def sign(qtbot: QtBot) -> RecordingSign:
    sign = RecordingSign(now=lambda: 112.4)
    qtbot.addWidget(sign)
    return sign


@pytest.mark.parametrize("seconds, words", [(0, "0:00"), (7, "0:07"), (760, "12:40"), (3_723, "1:02:03")])
def test_how_long_is_said_like_on_a_clock(seconds: int, words: str) -> None:
    assert clock_words(seconds) == words


@pytest.mark.parametrize(
    "size, words", [(0, "0 kB"), (1, "1 kB"), (12_000, "12 kB"), (3_440_000, "3.4 MB"), (1_200_000_000, "1.20 GB")]
)
def test_how_much_is_said_in_round_figures(size: int, words: str) -> None:
    assert size_words(size) == words


def test_nothing_is_said_while_nothing_is_recorded(sign: RecordingSign) -> None:
    sign.show_state(RecordingState(can_save=True), has_ended=False)

    assert sign.words == ""
    assert sign.isHidden()


def test_a_recording_has_a_word_and_a_shape(sign: RecordingSign) -> None:
    sign.show_state(ON, has_ended=False)

    assert sign.words == "● REC  0:12 · 1.2 MB"
    assert sign.label.toolTip() == "Recording into /runs/pump.ttt"
    assert sign.label.accessibleName() == "Recording into pump.ttt"


def test_what_the_disk_could_not_take_is_said(sign: RecordingSign) -> None:
    sign.show_state(RecordingState(file="/runs/pump.ttt", left_out=1_200), has_ended=False)

    assert "1,200 runs and orders came faster than the disk could take them." in sign.label.toolTip()


def test_a_run_that_is_in_no_file_can_be_saved_after_its_end(sign: RecordingSign, qtbot: QtBot) -> None:
    sign.show_state(RecordingState(can_save=True), has_ended=True)

    assert sign.words == "Save the run…"
    with qtbot.waitSignal(sign.save_wanted):
        sign.save.click()


@pytest.mark.parametrize("state", [RecordingState(can_save=True, saved="/runs/pump.ttt"), RecordingState()])
def test_a_run_that_is_saved_is_not_offered_again(sign: RecordingSign, state: RecordingState) -> None:
    sign.show_state(state, has_ended=True)

    assert sign.words == ""


# ---- in the window


def begin(stand: WindowStand) -> None:
    stand.feed(TargetBegan("launched", "/apps/my pump.py"), TargetStatus("running", "running", pid=4))


def test_the_button_records_among_the_recorded_runs(plant_stand: WindowStand) -> None:
    begin(plant_stand)
    plant_stand.bench.run("run.record")

    what, folder, name = plant_stand.requests.asked[-1]
    assert (what, folder) == ("record", str(Path.home()))
    assert name.startswith("my-pump-20")


def test_the_button_stops_a_recording(plant_stand: WindowStand) -> None:
    begin(plant_stand)
    plant_stand.bench.show_recording(ON)
    action = plant_stand.bench.actions_of_commands.action("run.record")

    assert action.isChecked()
    assert plant_stand.bench.strip.texts["recording"].startswith("● REC")
    plant_stand.bench.strip.recording.stop.click()
    assert plant_stand.requests.asked[-1] == ("stop_recording",)


def test_nothing_can_be_recorded_while_nothing_is_watched(plant_stand: WindowStand) -> None:
    plant_stand.feed(TargetBegan("file", file="/runs/pump.ttt"))

    assert not plant_stand.bench.is_enabled("run.record")
    assert not plant_stand.bench.is_enabled("file.save_run")


def test_a_file_that_is_saved_gets_the_ending_of_a_trace(
    plant_stand: WindowStand, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(plant_stand)
    plant_stand.bench.show_recording(RecordingState(can_save=True))
    monkeypatch.setattr(ask, "file_to_save", lambda *_: "/runs/mine")

    plant_stand.bench.run("file.save_run")

    assert plant_stand.requests.asked[-1] == ("save_run", "/runs/mine.ttt", False)


def test_the_run_before_can_still_be_saved(plant_stand: WindowStand, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(plant_stand)
    assert not plant_stand.bench.is_enabled("file.save_previous_run")
    plant_stand.bench.show_recording(RecordingState(has_previous=True))
    monkeypatch.setattr(ask, "file_to_save", lambda *_: "/runs/before.ttt")

    plant_stand.bench.run("file.save_previous_run")

    assert plant_stand.requests.asked[-1] == ("save_run", "/runs/before.ttt", True)


def test_a_saved_run_is_told_of_and_is_a_recent_one(plant_stand: WindowStand) -> None:
    plant_stand.bench.run_was_saved("/runs/mine.ttt")

    problem = plant_stand.bench.banner.problem
    assert problem is not None
    assert (problem.sentence, problem.kind) == ("The run is in /runs/mine.ttt.", "info")
    assert plant_stand.settings.texts("recent.traces")[0] == "/runs/mine.ttt"


def test_what_is_missing_at_the_begin_of_a_saved_run_is_told(plant_stand: WindowStand) -> None:
    plant_stand.bench.run_was_saved("/runs/mine.ttt", 12_000)

    problem = plant_stand.bench.banner.problem
    assert problem is not None
    assert problem.sentence == (
        "The run is in /runs/mine.ttt. The first 12,000 events are not in it: they were no longer kept."
    )


def test_a_recording_is_a_recent_run_when_the_window_closes(plant_stand: WindowStand) -> None:
    plant_stand.bench.show_recording(ON)

    plant_stand.bench.shut()

    assert plant_stand.settings.texts("recent.traces")[0] == "/runs/pump.ttt"
