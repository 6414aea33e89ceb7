"""The filter of the sequence panel, its table twin, its scale, and what is saved of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.widgets import save_file
from tests.helpers.panel_stand import PanelStand
from tests.studio.ui.panels.sequence.acting import (
    LEFT,
    KeptWindow,
    Key,
    names,
    settle,
    view_of,
)
from tests.studio.ui.panels.sequence.conftest import Hall, MakeStand


# ---- filter, table, scale ----------------------------------------
def test_the_filter_leaves_only_what_fits(story: tuple[PanelStand, int, int], qtbot: QtBot) -> None:
    stand = story[0]
    view = view_of(stand)

    qtbot.keyClicks(view.bar.search, "error:")
    qtbot.keyClick(view.bar.search, Key.Key_Return)

    settle(stand, qtbot)
    assert names(view) == ["ttsc__ring"]
    assert "1 of 23 calls" in view.bar.heading.whole


def test_a_filter_that_finds_nothing_can_be_cleared(story: tuple[PanelStand, int, int], qtbot: QtBot) -> None:
    stand = story[0]
    view = view_of(stand)
    view.bar.search.setText("nobody")
    view.apply_filter()
    settle(stand, qtbot)
    assert view.nothing_found.accessibleDescription() == "None of 23 calls passes the filter."

    qtbot.mouseClick(next(it for it in stand.widget.findChildren(QPushButton) if it.isVisible()), LEFT)

    settle(stand, qtbot)
    assert view.bar.search.text() == ""
    assert view.diagram.isVisible()


def test_a_filter_word_that_is_none_is_said(story: tuple[PanelStand, int, int]) -> None:
    view = view_of(story[0])

    view.bar.search.setText("fro:boss")
    view.apply_filter()

    assert view.bar.problem.text().startswith("There is no filter 'fro:'. Did you mean 'from:'?")


def test_the_table_has_the_rows_of_the_diagram(
    story: tuple[PanelStand, int, int], qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    stand, _, opened = story
    view = view_of(stand)

    qtbot.mouseClick(view.bar.table, LEFT)

    assert view.table.isVisible()
    model = view.table.calls
    qtmodeltester.check(model)
    read = [[model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.count)]
    assert [cell.replace("\u202f", " ") for cell in read[1]] == [
        "0.002 s", "boss", "front door", "ttsc__open", "1", "open", "1.00 ms", "",
    ]  # fmt: skip
    assert [row[3] for row in read][6] == "15 calls lost here"
    assert read[7][7] == "raised"
    assert view.table.selected_rows() == [0]

    view.table.selectRow(1)
    assert stand.selection.thing == Thing("run", opened)
    view.table.copy_rows()
    assert QApplication.clipboard().text().startswith("0.002 s\tboss\tfront door\tttsc__open\t1\topen")

    qtbot.mouseClick(view.bar.table, LEFT)
    assert view.diagram.isVisible()


def test_to_scale_waiting_can_be_seen_and_zoomed(story: tuple[PanelStand, int, int], qtbot: QtBot) -> None:
    stand = story[0]
    view = view_of(stand)

    qtbot.mouseClick(view.bar.scale, LEFT)

    settle(stand, qtbot)
    assert view.bar.scale.isChecked()
    assert len(view.model.diagram) == 24
    places = view.diagram.places
    assert places.came[1] > places.sent[1]
    before = places.ns_per_px
    qtbot.keyClick(view.diagram, Key.Key_Plus)
    assert view.diagram.places.ns_per_px == pytest.approx(before / 1.25)
    at = QPointF(view.diagram.viewport().rect().center())
    wheel = QWheelEvent(
        at, at, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.diagram.viewport(), wheel)
    assert view.diagram.places.ns_per_px == pytest.approx(before / 1.25**2)
    stand.run("sequence.fit")
    assert view.diagram.places.ns_per_px == before
    qtbot.mouseClick(view.bar.scale, LEFT)
    assert len(settle(stand, qtbot).model.diagram) == 9


def test_what_is_too_dense_to_be_drawn_is_said(
    make_stand: MakeStand, hall: Hall, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = hall.call(hall.boss, "ttse__on_start")
    for _ in range(1_000):
        hall.call(hall.door, "ttsc__open", start, hall.boss)
    stand = make_stand(hall.tell())
    stand.selection.select(Thing("run", start))
    settle(stand, qtbot)
    stand.run("sequence.to_scale")
    view = settle(stand, qtbot)
    stand.widget.grab()
    assert 0 < view.diagram.painter.drawn < view.diagram.painter.on_screen == 1_001

    save(stand, monkeypatch, "svg", tmp_path / "made.svg")
    drawn = view.diagram.painter.drawn
    assert f"{drawn} of 1\u202f001 calls here are drawn: zoom in to see all" in (tmp_path / "made.svg").read_text()


# ---- export ----------------------------------------
def save(stand: PanelStand, monkeypatch: pytest.MonkeyPatch, kind: str, file: Path) -> KeptWindow:
    window = stand.command_context.window = KeptWindow()
    monkeypatch.setattr(save_file, "file_to_save", lambda *_: str(file))
    stand.run(f"sequence.save_{kind}")
    return window


def test_the_diagram_is_saved_as_a_picture(
    story: tuple[PanelStand, int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(story[0], monkeypatch, "png", tmp_path / "made.png")
    save(story[0], monkeypatch, "svg", tmp_path / "made.svg")

    assert QImage(str(tmp_path / "made.png")).height() == 2 * view_of(story[0]).picture()[0].height()
    assert "ttsc__open" in (tmp_path / "made.svg").read_text()


def test_the_diagram_is_saved_as_text(
    story: tuple[PanelStand, int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(story[0], monkeypatch, "mermaid", tmp_path / "made")
    save(story[0], monkeypatch, "text", tmp_path / "made.txt")

    assert (tmp_path / "made.mmd").read_text(encoding="utf-8").startswith("sequenceDiagram\n    %% Chain of boss")
    assert "ttsc__ring ×7" in (tmp_path / "made.txt").read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_is_told(
    story: tuple[PanelStand, int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind, name in (("text", "made.txt"), ("png", "made.png"), ("svg", "made.svg")):
        file = tmp_path / "no" / name

        assert save(story[0], monkeypatch, kind, file).problems[0].startswith(f"{file} could not be written")


def test_the_diagram_is_copied(story: tuple[PanelStand, int, int]) -> None:
    stand = story[0]
    window = stand.command_context.window = KeptWindow()

    stand.run("sequence.copy_mermaid")
    assert window.copied.startswith("sequenceDiagram")
    stand.run("sequence.copy_text")
    assert window.copied.startswith("Chain of boss · ttse__on_start")


def test_nothing_cannot_be_saved(make_stand: MakeStand) -> None:
    stand = make_stand()

    for command in stand.panel.commands():
        if command.id.startswith(("sequence.save", "sequence.copy")):
            assert command.enabled_when is not None
            assert not command.enabled_when(stand.command_context)
