"""The filter, the table twin and saved pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.widgets import picture_file, save_file
from tests.helpers.panel_stand import PanelStand
from tests.studio.ui.panels.timeline.acting import LEFT, Key, a_stroke


def test_a_filter_leaves_the_rest_out(stand: PanelStand, qtbot: QtBot) -> None:
    qtbot.keyClicks(stand.view.bar.search, "tonic:historian")
    qtbot.keyClick(stand.view.bar.search, Key.Key_Return)

    assert stand.view.model.index.taken == 108
    assert stand.view.lanes.hasFocus() or stand.view.focus_target is stand.view.lanes


def test_a_filter_that_finds_nothing_can_be_cleared_by_its_button(stand: PanelStand, qtbot: QtBot) -> None:
    stand.view.bar.search.setText("no such sparkle")
    stand.view.apply_filter()
    shown = stand.view.nothing_found.isVisible()

    qtbot.mouseClick(stand.view.nothing_found.findChildren(QPushButton)[0], LEFT)

    assert shown
    assert stand.view.lanes.isVisible()
    assert stand.view.model.index.taken == 326


def test_an_unknown_filter_word_is_named(stand: PanelStand) -> None:
    stand.view.bar.search.setText("tonik:pump")
    stand.view.apply_filter()

    assert "Did you mean 'tonic:'?" in stand.view.bar.problem.text()


def test_the_table_has_the_runs_that_are_on_screen(stand: PanelStand, qtbot: QtBot) -> None:
    run = a_stroke(stand)
    stand.view.time.fit(run.begin_ns, run.end_ns + 30_000)

    qtbot.mouseClick(stand.view.bar.table, LEFT)

    time = stand.view.time
    inside = [
        it for it in stand.session.live.runs.rows(0, 999) if it.end_ns >= time.from_ns and it.begin_ns < time.until_ns
    ]
    assert stand.view.table.isVisible()
    assert stand.view.table.runs.items.tolist() == [it.row for it in inside]


def test_table_and_lanes_have_one_selection(stand: PanelStand, qtbot: QtBot) -> None:
    run = a_stroke(stand)
    stand.selection.select(Thing("run", run.run))
    stand.run("timeline.toggle_table")
    table = stand.view.table
    marked = [table.runs.item(row) for row in table.selected_rows()]

    at = table.visualRect(table.runs.index(table.selected_rows()[0] + 1, 2)).center()
    qtbot.mouseClick(table.viewport(), LEFT, pos=at)

    assert marked == [run.row]
    assert stand.selection.thing == Thing("run", stand.session.live.runs.row(run.row + 1).run)
    assert stand.view.lanes.over.chain.run.row == run.row + 1


def test_a_row_of_the_table_tells_the_run(stand: PanelStand) -> None:
    run = a_stroke(stand)
    stand.run("timeline.toggle_table")
    model = stand.view.table.runs

    texts = [model.index(model.row_of(run.row), column).data() for column in range(model.columnCount())]

    assert [it.replace("\u202f", " ") for it in texts[1:]] == [
        "main_catalyst",
        "pump 0",
        "ttse__on_stroke",
        "40.0 µs",
        "0 ns",
        "",
    ]


def test_of_too_many_runs_the_first_are_listed(stand: PanelStand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasktonic_studio.ui.panels.timeline.run_table.MOST_ROWS", 10)
    stand.view.time.fit_all()

    stand.run("timeline.toggle_table")

    assert stand.view.table.runs.items.tolist() == list(range(10))
    said = stand.view.bar.problem.text().replace("\u202f", " ")
    assert said == "Another 316 runs are on screen: zoom in to have them listed."


def test_rows_of_the_table_are_copied(stand: PanelStand) -> None:
    run = a_stroke(stand)
    stand.selection.select(Thing("run", run.run))
    stand.run("timeline.toggle_table")

    stand.view.table.copy_rows()

    assert QGuiApplication.clipboard().text().split("\t")[2:4] == ["pump 0", "ttse__on_stroke"]


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_what_is_on_screen_is_saved_as_a_picture(
    stand: PanelStand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    file = tmp_path / f"timeline.{ending}"
    monkeypatch.setattr(save_file, "file_to_save", lambda *_: str(file))

    stand.run("timeline.save_picture")

    image = QImage(str(file)) if ending == "png" else None
    if image is not None:
        assert image.width() == 2 * stand.view.picture_size().width()
    else:
        assert "main_catalyst" in file.read_text()


def test_a_picture_that_cannot_be_saved_is_told_in_a_sentence(stand: PanelStand, tmp_path: Path) -> None:
    paint = stand.view.paint_picture
    size = stand.view.picture_size()

    assert "could not be written" in picture_file.save_picture(str(tmp_path / "no" / "x.png"), size, "T", paint)
    said = picture_file.save_picture(str(tmp_path / "x.gif"), size, "T", paint)
    assert said == "x.gif: pictures are saved as .png or .svg. Give it one of these endings."
    assert "could not be written" in picture_file.save_text(str(tmp_path / "no" / "x.csv"), "")


def test_a_text_with_half_a_character_is_saved(tmp_path: Path) -> None:
    assert picture_file.save_text(str(tmp_path / "x.csv"), "pump\ud800,1") == ""

    assert (tmp_path / "x.csv").read_text("utf-8") == "pump?,1"
