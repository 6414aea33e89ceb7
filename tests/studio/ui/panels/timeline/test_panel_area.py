"""What a marked area adds up to."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.widgets import save_file
from tests.helpers.builders import MS
from tests.helpers.panel_stand import PanelStand
from tests.studio.ui.panels.timeline.acting import LEFT, Key, add_up, mark, plant_in, press
from tests.studio.ui.panels.timeline.conftest import MakeStand, TwoCatalysts


def test_dragging_over_lanes_adds_up_what_is_there(stand: PanelStand, qtbot: QtBot) -> None:
    plant = plant_in(stand)
    began = stand.view.model.began_ns

    mark(qtbot, stand, began + 220 * MS, began + 480 * MS, 0, 0)

    area = stand.view.lanes.over.area
    inside = [
        it
        for it in stand.session.live.runs.rows(0, 999)
        if it.catalyst == plant.main and it.end_ns >= area.from_ns and it.begin_ns < area.until_ns
    ]
    totals = {(it.essence, it.sparkle): it.runs for it in stand.view.area.table_model.totals}
    assert stand.view.area.isVisible()
    assert sum(totals.values()) == len(inside) > 10
    assert {essence for essence, _ in totals} == {it.essence for it in inside}
    assert stand.view.area.words.whole.replace("\u202f", " ").startswith(f"{len(inside)} runs, ")
    assert stand.view.area.words.whole.endswith("on main_catalyst")


def test_the_totals_name_who_and_how_long(stand: PanelStand, qtbot: QtBot) -> None:
    add_up(qtbot, stand)

    model = stand.view.area.table_model
    first = [model.index(0, column).data() for column in range(model.columnCount())]
    assert [text.replace("\u202f", " ") for text in first] == [
        "pump 0",
        "ttse__on_stroke",
        "27",
        "1.08 ms",
        "40.0 µs",
        "40.0 µs",
        "40.0 µs",
        "0",
    ]


def test_a_row_of_the_totals_selects_its_longest_run(stand: PanelStand, qtbot: QtBot) -> None:
    plant = plant_in(stand)
    slow = plant.write.sparkles(plant.valves[1], "ttsc__turn", took_ns=7 * MS)
    stand.feed(plant.write.take())
    stand.view.time.fit_all()

    add_up(qtbot, stand)
    table = stand.view.area.table
    qtbot.mouseClick(table.viewport(), LEFT, pos=table.visualRect(table.model().index(0, 0)).center())

    assert stand.selection.thing == Thing("run", slow)


def test_the_slowest_stands_on_top_until_another_heading_is_clicked(stand: PanelStand, qtbot: QtBot) -> None:
    add_up(qtbot, stand)
    model = stand.view.area.table_model
    by_longest = [it.longest_ns for it in model.totals]

    stand.view.area.table.horizontalHeader().sectionClicked.emit(3)
    by_total = [it.total_ns for it in model.totals]
    stand.view.area.table.horizontalHeader().sectionClicked.emit(0)

    assert by_longest == sorted(by_longest, reverse=True)
    assert by_total == sorted(by_total, reverse=True)
    names = [model.index(row, 0).data() for row in range(model.count)]
    assert names == sorted(names)


def test_many_runs_are_added_up_bit_by_bit(stand: PanelStand, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasktonic_studio.ui.panels.timeline.area_view._STEP_SECONDS", 0.0)
    monkeypatch.setattr("tasktonic_studio.ui.panels.timeline.area_view._PIECE_ROWS", 50)

    stand.run("timeline.add_up")
    while_busy = stand.view.area.words.whole.replace("\u202f", " ")
    qtbot.waitUntil(lambda: not stand.view.area.is_busy)

    assert while_busy == "Adding up: 50 runs, 15%"
    assert sum(it.runs for it in stand.view.area.table_model.totals) == 326


def test_escape_puts_the_area_away(stand: PanelStand, qtbot: QtBot) -> None:
    add_up(qtbot, stand)

    press(qtbot, stand, Key.Key_Escape)

    assert not stand.view.area.isVisible()
    assert stand.view.lanes.over.area is None


def test_totals_are_saved_as_csv(
    stand: PanelStand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    file = tmp_path / "totals.csv"
    monkeypatch.setattr(save_file, "file_to_save", lambda *_: str(file))
    add_up(qtbot, stand)

    stand.run("timeline.save_totals")

    lines = file.read_text().splitlines()
    assert lines[0] == "tonic,sparkle,count,total_ns,max_ns,p95_ns,p50_ns,errors"
    assert lines[1] == "pump 0,ttse__on_stroke,27,1080000,40000,40000,40000,0"
    assert stand.command_context.window.said == [f"Saved {file}."]


def test_long_names_are_whole_in_the_csv(make_stand: MakeStand, writer: TwoCatalysts, qtbot: QtBot) -> None:
    name, sparkle = "boss " * 60, "ttsc__" + "work_" * 60
    writer.sparkles(writer.born("Boss", name, catalyst=0), sparkle)
    session = Session()
    session.apply_events(0, writer.take())
    stand = make_stand(session)

    add_up(qtbot, stand)

    assert f"{name},{sparkle},1," in stand.view.area.table_model.csv()


def test_a_name_that_looks_like_a_formula_is_harmless_in_a_spreadsheet(
    make_stand: MakeStand, writer: TwoCatalysts, qtbot: QtBot
) -> None:
    bad = writer.born("Boss", "=HYPERLINK(1)", catalyst=0)
    writer.sparkles(bad, "ttsc__work")
    session = Session()
    session.apply_events(0, writer.take())
    stand = make_stand(session)

    add_up(qtbot, stand)

    assert stand.view.area.table_model.csv().splitlines()[1].startswith("'=HYPERLINK(1),")


def test_the_table_of_totals_is_a_sound_model(stand: PanelStand, qtmodeltester: ModelTester, qtbot: QtBot) -> None:
    qtmodeltester.check(stand.view.area.table_model)

    add_up(qtbot, stand)
    stand.view.clear_area()
