"""Recorded runs on the start page: what they are in words and as a picture, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tasktonic_studio.commands.running import RecentRun
from tasktonic_studio.session.inbox import TargetBegan, TargetStatus
from tasktonic_studio.session.run_summary import BUCKETS, FULL, RunSummary
from tasktonic_studio.ui import arriving
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets.run_picture import RunPicture, summary_words
from tests.helpers.window_stand import WindowStand

SECOND = 1_000_000_000


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "run.ttt"
    path.write_bytes(b"")
    return str(path)


def a_summary(file: str, errors: int = 2) -> RunSummary:
    density = tuple(FULL if place == 10 else 3 for place in range(BUCKETS))
    return RunSummary(file, "", 12_400_000_000, 3_210, errors, density, (50,) if errors else ())


def detail_of(stand: WindowStand, title: str = "run.ttt") -> str:
    return stand.bench.start_page.row(title).detail


@pytest.mark.parametrize(
    "summary, words",
    [
        (a_summary("a"), "12.4\u202fs · 3\u202f210 runs · 2 errors"),
        (RunSummary("a", "", SECOND, 1, 0), "1.00\u202fs · 1 run · no errors"),
        (RunSummary("a", "", SECOND, 0, 1, damaged=True), "1.00\u202fs · 0 runs · 1 error · damaged"),
    ],
)
def test_a_summary_is_said_in_words(summary: RunSummary, words: str) -> None:
    assert summary_words(summary) == words


def test_a_recent_run_gets_its_words_and_its_picture(stand: WindowStand, file: str) -> None:
    page = stand.bench.start_page
    page.show_recent([], [RecentRun(file)])
    assert detail_of(stand) == str(Path(file).parent)

    stand.bench.show_summary(a_summary(file))

    assert detail_of(stand).startswith("12.4\u202fs · 3\u202f210 runs · 2 errors — ")
    assert page.row("run.ttt").findChild(RunPicture) is not None
    assert page.row("run.ttt").isEnabled()


def test_a_file_that_is_gone_says_so(stand: WindowStand, tmp_path: Path) -> None:
    gone = str(tmp_path / "gone.ttt")
    stand.bench.start_page.show_recent([], [RecentRun(gone)])
    stand.bench.show_summary(RunSummary(gone, f"There is no file {gone}."))

    assert detail_of(stand, "gone.ttt") == f"{gone} is not there any more"
    assert not stand.bench.start_page.row("gone.ttt").isEnabled()


def test_a_file_that_is_no_trace_says_so(stand: WindowStand, file: str) -> None:
    stand.bench.start_page.show_recent([], [RecentRun(file)])
    stand.bench.show_summary(RunSummary(file, f"{file} is empty: nothing was recorded in it."))

    assert detail_of(stand).endswith("is empty: nothing was recorded in it.")


def test_a_summary_that_comes_takes_the_focus_from_nobody(stand: WindowStand, file: str) -> None:
    page = stand.bench.start_page
    page.show_recent([], [RecentRun(file)])
    page.row("run.ttt").setFocus()

    stand.bench.show_summary(a_summary(file))

    assert page.row("run.ttt").hasFocus()


def test_the_start_page_asks_for_what_it_lists(stand: WindowStand, file: str) -> None:
    stand.settings.put_first("recent.traces", file)
    stand.bench.show_start_page()

    assert ("look_at_runs", file) in stand.requests.asked


def test_a_run_that_was_saved_is_looked_at(stand: WindowStand) -> None:
    stand.bench.run_was_saved("/runs/other.ttt")

    assert ("look_at_runs", "/runs/other.ttt") in stand.requests.asked


def test_a_run_that_was_opened_is_looked_at_when_the_window_has_shown_it(
    stand: WindowStand, file: str, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(arriving, "SUMMARY_MS", 0)
    looks: list[tuple[str, ...]] = []
    monkeypatch.setattr(type(stand.requests), "look_at_runs", lambda _, files: looks.append(tuple(files)))

    stand.feed(TargetBegan("file", file=file), TargetStatus("ended", "recorded"))
    in_the_turn_it_was_there = list(looks)
    qtbot.waitUntil(lambda: bool(looks))

    assert (in_the_turn_it_was_there, looks) == ([], [(file,)])


@pytest.mark.parametrize("theme", ["dark", "light", "contrast"])
def test_a_picture_has_bars_and_marks_for_errors(stand: WindowStand, theme: str) -> None:
    colours = Theme(theme)

    def painted(summary: RunSummary) -> set[str]:
        picture = RunPicture(summary, colours)
        image = picture.grab().toImage()
        picture.deleteLater()
        return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}

    assert colours.hex("running") in painted(a_summary("a"))
    assert colours.hex("error") in painted(a_summary("a"))
    assert colours.hex("error") not in painted(a_summary("a", errors=0))
    assert colours.hex("running") not in painted(RunSummary("a"))
