"""The tables of the state machine panel, and what is saved of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.widgets import save_file
from tests.helpers.machines import LOCKED, Doors
from tests.studio.ui.panels.state_machine.acting import OPENING, texts
from tests.studio.ui.panels.state_machine.conftest import (
    MachineStand,
    MakeStand,
)


# ---- tables ----------------------------------------
def test_the_table_has_a_row_per_state_and_a_column_per_sparkle(stand: MachineStand, qtbot: QtBot) -> None:
    view = stand.machine_view

    qtbot.mouseClick(view.mode_buttons["table"], Qt.MouseButton.LeftButton)

    assert view.matrix.isVisible()
    model = view.matrix_model
    across: list[str | None] = [model.headerData(it, Qt.Orientation.Horizontal) for it in range(model.columnCount())]
    down = [model.headerData(it, Qt.Orientation.Vertical) for it in range(model.rowCount())]
    assert down == ["no state", "closed", "locked", "open"]
    assert texts(view.matrix)[1][across.index("ttsc__open")] == "handled 2×"
    assert texts(view.matrix)[3][across.index("ttsc__lock")] == "ignored 1×"
    assert texts(view.matrix)[2][across.index("ttsc__close")] == "–"


def test_a_click_on_a_cell_selects_its_state(stand: MachineStand, doors: Doors, qtbot: QtBot) -> None:
    view = stand.machine_view
    view.set_mode("table")
    place = view.matrix.visualRect(view.matrix_model.index(2, 0)).center()

    qtbot.mouseClick(view.matrix.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)

    assert stand.selection.thing == Thing("state", (doors.cls, LOCKED))


def test_a_cell_keeps_its_place_while_counts_change(stand: MachineStand, doors: Doors) -> None:
    view = stand.machine_view
    view.set_mode("table")
    view.matrix.setCurrentIndex(view.matrix_model.index(1, 4))
    doors.do(doors.doors[1], "ttsc__open", "open")

    stand.feed(doors.write.take())

    assert view.matrix.currentIndex().row() == 1
    assert view.matrix.currentIndex().data() == "handled 3×"


def test_the_transitions_are_a_table_too(stand: MachineStand, qtbot: QtBot) -> None:
    view = stand.machine_view

    qtbot.mouseClick(view.mode_buttons["ways"], Qt.MouseButton.LeftButton)

    rows = texts(view.ways)
    assert ["closed", "open", "ttsc__open", "2", "seen"] in rows
    assert ["closed", "locked", "ttsc__lock", "", "in source, not seen"] in rows
    assert ["locked", "brokn", "ttsc__break", "", "unknown state"] in rows
    assert len(rows) == len(view.machine.arrows)


def test_a_row_of_the_transitions_lists_its_passages(stand: MachineStand, qtbot: QtBot) -> None:
    view = stand.machine_view
    view.set_mode("ways")
    row = next(number for number, it in enumerate(view.ways_model.rows) if it.key == (OPENING, 0))
    place = view.ways.visualRect(view.ways_model.index(row, 0)).center()

    qtbot.mouseClick(view.ways.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)

    assert view.passages_title.whole == "closed → open: 2 passages"


def test_a_search_filters_the_tables(stand: MachineStand, qtbot: QtBot) -> None:
    view = stand.machine_view
    view.set_mode("ways")

    qtbot.keyClicks(view.search, "unlock")
    view.apply_filter()

    assert [row[:3] for row in texts(view.ways)] == [["locked", "closed", "ttsc__unlock"]]
    view.set_mode("table")
    assert view.matrix_model.titles == ("ttsc__unlock",)


def test_the_models_keep_the_rules_of_qt(stand: MachineStand, doors: Doors, qtmodeltester: ModelTester) -> None:
    view = stand.machine_view
    view.choose_arrow(OPENING)
    for mode in ("table", "ways"):
        view.set_mode(mode)
    for model in (view.matrix_model, view.ways_model, view.passages_model):
        qtmodeltester.check(model)
        doors.do(doors.doors[1], "ttsc__open", "open")
        doors.do(doors.doors[1], "ttsc__close", "closed")
        stand.feed(doors.write.take())


# ---- saving ----------------------------------------
def answer(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setattr(save_file, "file_to_save", lambda parent, title, proposal, kinds: str(file))


@pytest.mark.parametrize(
    "kind, suffix, begins",
    [("svg", "svg", "<?xml"), ("mermaid", "mmd", "stateDiagram-v2"), ("csv", "csv", "class,state")],
)
def test_a_machine_is_saved_as_text(
    stand: MachineStand, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str, suffix: str, begins: str
) -> None:
    answer(monkeypatch, tmp_path / "saved")

    stand.run(f"state_machine.save_{kind}")

    text = (tmp_path / f"saved.{suffix}").read_text()
    assert text.startswith(begins)
    assert "closed" in text


def test_a_machine_is_saved_as_a_picture(stand: MachineStand, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    answer(monkeypatch, tmp_path / "saved.png")

    stand.run("state_machine.save_png")

    picture = QImage(str(tmp_path / "saved.png"))
    assert picture.width() > 400
    colours = {picture.pixel(x, y) for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)}
    assert len(colours) > 5


@pytest.mark.parametrize("kind", ["svg", "png", "mermaid", "csv"])
def test_what_cannot_be_written_is_said(
    stand: MachineStand, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str
) -> None:
    file = tmp_path / "no such folder" / "saved.out"
    answer(monkeypatch, file)

    stand.run(f"state_machine.save_{kind}")

    (problem,) = stand.window.problems
    assert problem.startswith(f"{file} could not be written")


def test_nothing_is_written_when_no_file_was_chosen(stand: MachineStand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(save_file, "file_to_save", lambda *arguments: "")

    stand.run("state_machine.save_svg")

    assert stand.window.problems == []


def test_the_diagram_is_copied_as_mermaid(stand: MachineStand) -> None:
    stand.run("state_machine.copy_mermaid")

    assert stand.window.copied[0].startswith("stateDiagram-v2")


def test_commands_can_be_run_with_nothing_to_show(make_stand: MakeStand) -> None:
    stand = make_stand()

    for command in stand.panel.commands():
        if command.enabled_when(stand.command_context) and not command.id.startswith("state_machine.save"):
            stand.run(command.id)

    assert stand.machine_view.nothing.isVisible() or stand.machine_view.unselected.isVisible()


def test_turning_lets_states_follow_each_other_the_other_way(stand: MachineStand) -> None:
    view = stand.machine_view
    before = view.arranger.graph.direction

    stand.run("state_machine.turn")
    stand.wait_drawn()

    assert {before, view.arranger.graph.direction} == {"down", "right"}
    assert view.arranger.placed is not None
    closed, opened = (view.arranger.placed.boxes[f"state {it}"] for it in ("closed", "open"))
    assert abs(opened[0] - closed[0]) > abs(opened[1] - closed[1])
