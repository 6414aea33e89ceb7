"""The trace: every run as a row, gaps between them, filters on arrays, moments to look at."""

from __future__ import annotations

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic_studio.session import knowledge
from tasktonic_studio.session.columns import CHUNK_ROWS
from tasktonic_studio.session.knowledge import Budget
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panels.trace.model import COLUMNS, TraceRow
from tasktonic_studio.ui.panels.trace.panel import TracePanel
from tests.helpers.builders import MS, EventWriter, Plant, a_session_with_plant, plant_of
from tests.helpers.panel_stand import MakeStand, PanelStand, stands_of


@pytest.fixture
def make_stand(qtbot: QtBot) -> MakeStand:
    """Make a trace on screen, on a session or on an empty one."""
    return stands_of(TracePanel, qtbot, 1100, 400)


@pytest.fixture
def stand(make_stand: MakeStand) -> PanelStand:
    """A trace of a lively plant."""
    return make_stand(a_session_with_plant())


def plant_in(stand: PanelStand) -> Plant:
    return plant_of(stand.session)


def row_texts(stand: PanelStand, row: int) -> dict[str, str]:
    model = stand.view.model
    return {column.id: model.index(row, number).data() for number, column in enumerate(COLUMNS)}


def column(stand: PanelStand, name: str) -> list[str]:
    return [row_texts(stand, row)[name] for row in range(stand.view.model.count)]


def last_row(stand: PanelStand) -> dict[str, str]:
    return row_texts(stand, stand.view.model.count - 1)


def typed(stand: PanelStand, text: str, qtbot: QtBot) -> None:
    stand.view.search.setText(text)
    stand.view.apply_filter()
    qtbot.waitUntil(lambda: "searched" not in stand.view.counts.text())


def click(qtbot: QtBot, stand: PanelStand, row: int) -> None:
    table = stand.view.table
    table.scrollTo(stand.view.model.index(row, 2))
    at = table.visualRect(stand.view.model.index(row, 2)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)


def run_in(stand: PanelStand, row: int) -> int:
    number: int = stand.view.model.run_at(row)
    return number


# ---- rows -----------------------------------------------------------------------------------------------------------------


def test_an_empty_trace_offers_the_example_plant(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand()
    button = next(it for it in stand.widget.findChildren(QPushButton) if it.isVisible())

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert stand.ran == ["run.start_example"]


def test_a_row_tells_what_ran(stand: PanelStand) -> None:
    plant = plant_in(stand)
    plant.write.wait(10 * MS)
    stroke = plant.write.order(plant.pumps[1], "ttse__on_stroke", cause="timer")
    plant.write.wait(2 * MS)
    plant.write.run(plant.pumps[1], "ttse__on_stroke", stroke, 1_500_000, to="open")

    stand.feed(plant.write.take())

    assert last_row(stand) == {
        "time": "1.369\u202fs",
        "catalyst": "worker",
        "tonic": "pump 1",
        "sparkle": "ttse__on_stroke",
        "state": "closed → open",
        "took": "1.50\u202fms",
        "waited": "2.00\u202fms",
        "flags": "",
        "probes": "",
        "cause": "timer",
    }


def test_the_cause_is_the_sparkle_that_ordered_it(stand: PanelStand) -> None:
    plant = plant_in(stand)
    stroke = plant.write.sparkles(plant.pumps[0], "ttse__on_stroke")
    turn = plant.write.order(plant.valves[0], "ttsc__turn", plant.pumps[0], stroke)
    plant.write.run(plant.valves[0], "ttsc__turn", turn)

    stand.feed(plant.write.take())

    assert last_row(stand)["cause"] == "pump 0 · ttse__on_stroke"


@pytest.mark.parametrize(
    "flags, words",
    [(ev.ERROR, "error"), (ev.IGNORED, "ignored"), (ev.SYSTEM, "system"), (ev.HOOK | ev.ERROR, "error, hook")],
)
def test_flags_are_told_in_words(stand: PanelStand, flags: int, words: str) -> None:
    plant = plant_in(stand)
    plant.write.sparkles(plant.pumps[0], "ttsc__open", flags=flags)

    stand.feed(plant.write.take())

    assert last_row(stand)["flags"] == words


def test_a_run_without_its_order_still_has_a_row(stand: PanelStand) -> None:
    plant = plant_in(stand)
    sparkle = plant.write.sparkle(plant.write.cls("Valve"), "ttsc__turn")
    ran = ev.Ran(
        plant.write.t_ns, plant.write.t_ns + 5, 99_999, 99_999, plant.main, plant.valves[0], sparkle, -1, -1, 0
    )

    stand.feed([ran])

    told = last_row(stand)
    assert (told["tonic"], told["took"], told["waited"], told["cause"]) == ("valve 5", "5\u202fns", "", "")


def test_new_runs_are_appended(stand: PanelStand, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(stand.view.model)
    before = stand.view.model.items.tolist()

    stand.feed(plant_in(stand).live(3))

    assert stand.view.model.items.tolist() == [*before, *range(len(before), len(before) + 36)]


def test_a_gap_is_a_row_with_a_sentence(stand: PanelStand) -> None:
    plant = plant_in(stand)
    stand.feed([ev.Gap(plant.write.t_ns, plant.write.t_ns + 5 * MS, 1_240, 1)])
    stand.feed(plant.live(1))

    row = int(np.flatnonzero(stand.view.model.items < 0)[0])

    words = stand.view.model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert words.replace("\u202f", " ").startswith("1 240 orders and 1 run lost between 1.35")
    assert stand.view.model.count - 1 - row == 12
    assert not stand.widget.grab().isNull()


def test_gaps_go_on_being_shown_when_the_oldest_are_forgotten(
    make_stand: MakeStand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(knowledge, "MOST_GAPS", 20)
    session = a_session_with_plant()
    stand = make_stand(session)
    plant = plant_in(stand)

    for number in range(50):
        stand.feed([ev.Gap(plant.write.t_ns, plant.write.t_ns + 5 * MS, 1_000 + number, 1)])
        stand.feed(plant.live(1))
        stand.view.arrivals.flush()

    stand.view.model.forget()  # a row that was painted before its gap was forgotten goes on telling of it
    gaps = np.flatnonzero(stand.view.model.items < 0).tolist()
    words = [stand.view.model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in gaps]
    remembered = len(session.live.gaps)
    assert remembered < 50
    told = [f"1\u202f{number:03} orders and 1 run lost" for number in range(50 - remembered, 50)]
    assert [it[: len(told[0])] for it in words[-remembered:]] == told
    forgotten = "something was lost here: what it was has been forgotten, as it is too long ago"
    assert set(words[:-remembered]) <= {forgotten}


def test_gaps_without_a_run_between_them_are_one_row(stand: PanelStand) -> None:
    plant = plant_in(stand)
    before = stand.view.model.count
    begin = plant.write.t_ns

    def words() -> list[str]:
        gaps = np.flatnonzero(stand.view.model.items < 0).tolist()
        told = [stand.view.model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in gaps]
        return [it.replace("\u202f", " ").partition(" lost ")[0] for it in told]

    for number in range(30):
        stand.feed([ev.Gap(begin + number * MS, begin + (number + 1) * MS, 10, 20)])
        stand.view.arrivals.flush()
        assert words() == [f"{10 * (number + 1)} orders and {20 * (number + 1)} runs"]
    assert stand.view.model.count == before + 1
    stand.feed(plant.live(1))
    stand.feed(
        [ev.Gap(plant.write.t_ns, plant.write.t_ns + MS, 7, 8), ev.Gap(plant.write.t_ns, plant.write.t_ns, 1, 0)]
    )
    stand.view.arrivals.flush()
    assert words() == ["300 orders and 600 runs", "8 orders and 8 runs"]

    stand.view.fill(stand.session.live)

    assert words() == ["300 orders and 600 runs", "8 orders and 8 runs"]


def test_gaps_stand_where_flow_was_lost_in_a_filter_too(stand: PanelStand, qtbot: QtBot) -> None:
    plant = plant_in(stand)
    stand.feed([ev.Gap(plant.write.t_ns, plant.write.t_ns, 5, 5)])
    stand.feed(plant.live(1))

    typed(stand, "tonic:historian", qtbot)

    assert column(stand, "tonic")[-5:] == ["", "historian", "historian", "historian", "historian"]


def test_runs_of_an_earlier_app_are_set_aside(stand: PanelStand) -> None:
    other = EventWriter(app=2, name="Other")
    talker = other.born("Talker", "talker", catalyst=0)
    other.sparkles(talker, "ttsc__talk")

    stand.feed(other.take())

    assert row_texts(stand, 0)["tonic"] == "of app Plant"
    assert last_row(stand)["tonic"] == "talker"


def test_runs_that_were_forgotten_go_from_the_front(make_stand: MakeStand) -> None:
    session = Session(Budget(runs=CHUNK_ROWS))
    write = EventWriter()
    main = write.catalyst("main")
    tonic = write.born("Busy", "busy", catalyst=main)
    stand = make_stand(session)

    for _ in range(3):
        for _ in range(CHUNK_ROWS // 2 + 1):
            write.run(tonic, "ttsc__go", write.order(tonic, "ttsc__go"))
        stand.feed(write.take())

    assert session.live.runs.first == CHUNK_ROWS
    assert stand.view.model.items[0] == CHUNK_ROWS
    assert stand.view.model.count == len(session.live.runs) - CHUNK_ROWS


def test_many_runs_cost_what_is_on_screen(make_stand: MakeStand, monkeypatch: pytest.MonkeyPatch) -> None:
    session = a_session_with_plant(1_000)
    stand = make_stand(session)
    read: list[int] = []
    usual = stand.view.model.read

    def counted(item: int) -> TraceRow:
        read.append(item)
        row: TraceRow = usual(item)
        return row

    monkeypatch.setattr(stand.view.model, "read", counted)

    stand.feed(plant_in(stand).live(200))
    stand.widget.grab()

    assert stand.view.model.count > 14_000
    assert len(read) < 100


# ---- following, filter ------------------------------------------------------------------------------------------------------


def test_it_follows_the_end_until_one_scrolls_up(stand: PanelStand) -> None:
    table = stand.view.table
    stand.feed(plant_in(stand).live(2))
    followed = stand.view.model.count - 1 in table.rows_on_screen()
    table.verticalScrollBar().setValue(10)

    stand.feed(plant_in(stand).live(2))

    assert followed
    assert table.top_row() == 10
    assert table.button.text() == "▼ 24 new runs"


def test_words_find_tonics_and_sparkles(stand: PanelStand, qtbot: QtBot) -> None:
    typed(stand, "historian", qtbot)

    assert set(column(stand, "tonic")) == {"historian"}


def test_new_runs_pass_the_filter_first(stand: PanelStand, qtbot: QtBot) -> None:
    typed(stand, "error:", qtbot)
    plant = plant_in(stand)

    plant.write.sparkles(plant.pumps[0], "ttsc__open", flags=ev.ERROR)
    stand.feed([*plant.write.take(), *plant.live(2)])

    assert column(stand, "tonic") == ["pump 1", "pump 0"]


def test_a_long_trace_is_searched_in_pieces(stand: PanelStand, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasktonic_studio.ui.table_view._STEP_SECONDS", 0.0)
    monkeypatch.setattr("tasktonic_studio.ui.panels.trace.view.TraceView.STEP", 50)
    expected = [row for row in range(stand.view.model.count) if row_texts(stand, row)["tonic"] == "valve 5"]

    stand.view.search.setText("valve 5")
    stand.view.apply_filter()
    while_searching = stand.view.counts.text()
    stand.feed(plant_in(stand).live(1))
    qtbot.waitUntil(lambda: "searched" not in stand.view.counts.text())

    assert while_searching.endswith("% searched")
    assert stand.view.model.items.tolist()[:-1] == expected
    assert set(column(stand, "tonic")) == {"valve 5"}


def test_only_the_selected_tonic_is_shown_on_request(stand: PanelStand, qtbot: QtBot) -> None:
    stand.selection.select(Thing("essence", plant_in(stand).valves[2]))

    qtbot.mouseClick(stand.view.only, Qt.MouseButton.LeftButton)
    first = set(column(stand, "tonic"))
    stand.selection.select(Thing("essence", plant_in(stand).pumps[0]))

    assert first == {"valve 7"}
    assert set(column(stand, "tonic")) == {"pump 0"}


def test_selecting_a_run_keeps_the_trace_of_its_tonic(stand: PanelStand, qtbot: QtBot) -> None:
    stand.selection.select(Thing("essence", plant_in(stand).valves[2]))
    stand.run("trace.only_selected")
    before = stand.view.model.items.tolist()

    click(qtbot, stand, 3)

    assert stand.view.model.items.tolist() == before
    assert stand.view.table.selected_rows() == [3]


def test_a_filter_that_finds_nothing_can_be_cleared_by_its_button(stand: PanelStand, qtbot: QtBot) -> None:
    typed(stand, "no such sparkle", qtbot)
    button = next(it for it in stand.view.nothing_found.findChildren(QPushButton))

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert stand.view.model.count == len(stand.session.live.runs)


def test_an_unknown_filter_word_is_named(stand: PanelStand, qtbot: QtBot) -> None:
    typed(stand, "tonik:pump", qtbot)

    assert "Did you mean 'tonic:'?" in stand.view.problem.text()


# ---- selection, time ----------------------------------------------------------------------------------------------------------


def test_a_click_selects_the_run(stand: PanelStand, qtbot: QtBot) -> None:
    click(qtbot, stand, 20)

    assert stand.selection.thing == Thing("run", run_in(stand, 20))


@pytest.mark.parametrize("begin", ["from the end", "from the begin"])
def test_a_run_selected_elsewhere_comes_into_the_middle(stand: PanelStand, begin: str) -> None:
    table = stand.view.table
    if begin == "from the begin":
        table.verticalScrollBar().setValue(0)
    row = stand.view.model.count // 2

    stand.selection.select(Thing("run", stand.view.model.run_at(row)))

    rows = table.rows_on_screen()
    assert min(row - rows.start, rows.stop - 1 - row) >= len(rows) // 2 - 2


def test_a_run_selected_elsewhere_is_shown(stand: PanelStand) -> None:
    stand.selection.select(Thing("run", run_in(stand, 20)))

    assert stand.view.table.selected_rows() == [20]
    assert 20 in stand.view.table.rows_on_screen()


def test_a_selected_log_line_shows_its_run(stand: PanelStand) -> None:
    log = stand.session.live.log
    index = next(it for it in range(len(log)) if log[it].text == "the plant runs")

    stand.selection.select(Thing("log", index))

    assert [run_in(stand, row) for row in stand.view.table.selected_rows()] == [plant_in(stand).first_run]


def test_a_click_selects_the_run_that_a_log_line_had_marked(stand: PanelStand, qtbot: QtBot) -> None:
    line = next(it for it in range(len(stand.session.live.log)) if stand.session.live.log[it].run)
    stand.selection.select(Thing("log", line))
    row = stand.view.table.selected_rows()[0]

    click(qtbot, stand, row)

    assert stand.selection.thing == Thing("run", run_in(stand, row))


def test_the_selection_stays_while_runs_come(stand: PanelStand, qtbot: QtBot) -> None:
    click(qtbot, stand, 20)

    stand.feed(plant_in(stand).live(5))

    assert stand.view.table.selected_rows() == [20]


def test_the_moment_of_a_run_can_be_looked_at(stand: PanelStand, qtbot: QtBot) -> None:
    click(qtbot, stand, 20)

    stand.run("trace.look_at")

    assert stand.selection.time == stand.session.live.runs.row(20).n + 1
    assert stand.view.model.count == 21
    assert stand.view.table.selected_rows() == [20]


def test_nothing_moves_while_the_past_is_shown(stand: PanelStand, qtbot: QtBot) -> None:
    click(qtbot, stand, 20)
    stand.run("trace.look_at")

    stand.feed(plant_in(stand).live(2))
    then = stand.view.model.count
    stand.selection.look_at(None)

    assert then == 21
    assert stand.view.model.count == len(stand.session.live.runs)
    assert stand.view.table.selected_rows() == [20]


@pytest.mark.parametrize("thing", [None, Thing("place", ("a.py", 1)), Thing("run", 999_999), Thing("log", 999_999)])
def test_there_is_no_moment_to_look_at_for_what_has_none(stand: PanelStand, thing: Thing | None) -> None:
    stand.selection.select(thing)

    assert not stand.registry.is_enabled("trace.look_at", stand.command_context)


def test_the_pointer_over_a_row_is_told_to_all_panels(stand: PanelStand, qtbot: QtBot) -> None:
    table, model = stand.view.table, stand.view.model
    rows = list(table.rows_on_screen())
    for row in rows[2:4]:
        qtbot.mouseMove(table.viewport(), table.visualRect(model.index(row, 2)).center())

    essence = stand.session.live.runs.row(model.item(rows[3])).essence
    assert stand.selection.hovered == Thing("essence", essence)


def test_runs_of_what_is_pointed_at_elsewhere_are_lit(stand: PanelStand) -> None:
    table, plant = stand.view.table, plant_in(stand)

    def lit_rows() -> set[str]:
        image = table.viewport().grab().toImage()
        right = table.viewport().width() - 2
        return {
            row_texts(stand, row)["tonic"]
            for row in list(table.rows_on_screen())[1:-1]
            if image.pixelColor(right, table.rowViewportPosition(row) + 5) == stand.theme.color("hover")
        }

    stand.selection.hover(Thing("essence", plant.historian))
    lit = lit_rows()
    stand.selection.hover(None)

    assert lit == {"historian"}
    assert lit_rows() == set()


def test_rows_are_copied_as_text(stand: PanelStand, qtbot: QtBot) -> None:
    click(qtbot, stand, 0)

    qtbot.keyClick(stand.view.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert QGuiApplication.clipboard().text().split("\t")[:4] == ["0.000 s", "main_catalyst", "plant", "ttse__on_start"]


# ---- looks ----------------------------------------------------------------------------------------------------------------------


def test_a_hidden_trace_does_nothing_then_catches_up(stand: PanelStand) -> None:
    before = stand.view.model.count
    stand.hide()

    stand.feed(plant_in(stand).live(2))
    while_hidden = stand.view.model.count
    stand.show()

    assert while_hidden == before
    assert stand.view.model.count == before + 24


def test_a_closed_trace_leaves_nothing_behind(qtbot: QtBot) -> None:
    stand = PanelStand(TracePanel(), a_session_with_plant())
    stand.show()
    view = stand.view

    stand.close()
    stand.selection.select(Thing("run", 1))

    assert not shiboken6.isValid(view)


@pytest.mark.parametrize("width", [320, 460, 700, 1100])
def test_columns_fit_at_any_width(make_stand: MakeStand, width: int) -> None:
    table = make_stand(a_session_with_plant(), width).view.table

    shown = [n for n in range(len(COLUMNS)) if not table.isColumnHidden(n)]

    assert sum(table.columnWidth(n) for n in shown) <= table.viewport().width()
    assert {"tonic", "sparkle", "flags"} <= {COLUMNS[n].id for n in shown}


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_every_theme_can_be_painted(stand: PanelStand, theme: str) -> None:
    stand.choose_theme(theme)

    assert not stand.widget.grab().isNull()
