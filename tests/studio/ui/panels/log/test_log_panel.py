"""The log: follows its end, filters without blocking, shares the selection."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.inbox import Output, TargetBegan, TargetStatus
from tasktonic_studio.session.knowledge import Budget
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panels.log.model import COLUMNS, LogRow, one_line
from tasktonic_studio.ui.panels.log.panel import LogPanel
from tests.helpers.builders import EventWriter, Plant, a_session_with_plant, plant_of
from tests.helpers.panel_stand import MakeStand, PanelStand, stands_of


@pytest.fixture
def make_stand(qtbot: QtBot) -> MakeStand:
    """Make a log on screen, on a session or on an empty one."""
    return stands_of(LogPanel, qtbot, 700, 300)


@pytest.fixture
def stand(make_stand: MakeStand) -> PanelStand:
    """A log of a lively plant."""
    return make_stand(a_session_with_plant(60))


def plant_in(stand: PanelStand) -> Plant:
    return plant_of(stand.session)


def texts(stand: PanelStand, column: str = "text") -> list[str]:
    number = [it.id for it in COLUMNS].index(column)
    model = stand.view.model
    return [model.index(row, number).data() for row in range(model.count)]


def say(stand: PanelStand, *lines: str) -> None:
    """The process prints lines."""
    stand.apply(*(Output("stdout", line, plant_in(stand).write.t_ns) for line in lines))


def typed(stand: PanelStand, text: str, qtbot: QtBot) -> None:
    stand.view.search.setText(text)
    stand.view.apply_filter()
    qtbot.waitUntil(lambda: "searched" not in stand.view.counts.text())


def row_of(stand: PanelStand, text: str) -> int:
    return texts(stand).index(text)


def click(
    qtbot: QtBot, stand: PanelStand, row: int, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    table = stand.view.table
    table.scrollTo(stand.view.model.index(row, 1))
    at = table.visualRect(stand.view.model.index(row, 1)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, modifier, at)


# ---- lines ----------------------------------------------------------------------------------------------------------------


def test_an_empty_log_offers_the_example_plant(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand()
    button = next(it for it in stand.widget.findChildren(QPushButton) if it.isVisible())

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert stand.ran == ["run.start_example"]


def test_lines_tell_time_level_tonic_text(stand: PanelStand) -> None:
    row = row_of(stand, "ValueError: the pump is dry in ttsc__open")

    told = [texts(stand, column)[row] for column in ("time", "level", "tonic")]

    assert told == ["3.015\u202fs", "error", "pump 1"]


def test_printed_lines_are_told_apart_by_a_word(stand: PanelStand) -> None:
    levels = texts(stand, "level")

    assert levels[row_of(stand, "Plant ready.")] == "stdout"
    assert levels[row_of(stand, "low pressure")] == "stderr"


def test_what_was_done_by_hand_is_a_line_that_says_by_whom(stand: PanelStand) -> None:
    plant = plant_in(stand)
    plant.write.by_hand(plant.pumps[0], "store set", "door/open = True")
    stand.feed(plant.write.take())

    row = row_of(stand, "by hand: store set door/open = True (studio 0.1.0, pid 4711)")

    assert [texts(stand, column)[row] for column in ("level", "tonic")] == ["hand", "pump 0"]


def test_an_error_has_its_traceback_in_the_tool_tip(stand: PanelStand) -> None:
    row = row_of(stand, "ValueError: the pump is dry in ttsc__open")

    assert "Traceback (most recent call last)" in stand.view.model.index(row, 3).data(Qt.ItemDataRole.ToolTipRole)


def test_new_lines_are_appended(stand: PanelStand, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(stand.view.model)
    before = stand.view.model.count

    say(stand, "one\ntwo", "three")

    assert texts(stand)[before:] == ["one", "two", "three"]


def test_what_a_program_without_an_app_printed_counts_from_its_first_line(make_stand: MakeStand) -> None:
    stand = make_stand()

    stand.apply(
        TargetBegan("launched", "broken.py"),
        Output("stderr", "SyntaxError: no\n", 5_000_000_000_000),
        TargetStatus("ended", "exit code 1", 1),
    )

    assert texts(stand, "time") == ["0.000\u202fs"]


def test_an_ended_program_that_said_nothing_is_not_said_to_run(make_stand: MakeStand) -> None:
    stand = make_stand()

    stand.apply(TargetBegan("launched", "mute.py"), TargetStatus("ended", "exit code 0", 0))

    assert stand.view.nothing_yet.accessibleName() == "Nothing was said"


def test_another_target_begins_anew(stand: PanelStand) -> None:
    stand.apply(TargetBegan("launched", "other.py"))

    assert texts(stand) == []
    assert stand.view.nothing_yet.isVisible()


def test_lines_that_were_forgotten_go_from_the_front(make_stand: MakeStand, qtmodeltester: ModelTester) -> None:
    stand = make_stand(Session(Budget(log=100)))
    qtmodeltester.check(stand.view.model)

    for n in range(30):
        stand.apply(*(Output("stdout", f"line {10 * n + k}") for k in range(10)))

    shown = texts(stand)
    assert shown[-1] == "line 299"
    assert shown[0] == f"line {stand.session.live.log.first}"
    assert len(shown) <= 100


@pytest.mark.parametrize(
    "text, shown", [("a\nb", "a ↵ b"), ("plain", "plain"), ("x" * 500, "x" * 400 + " …"), ("", "")]
)
def test_long_texts_stand_on_one_line(text: str, shown: str) -> None:
    assert one_line(text) == shown


def test_many_lines_cost_what_is_on_screen(make_stand: MakeStand, monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session()
    session.apply([Output("stdout", "\n".join(f"line {n}" for n in range(300_000)))])
    stand = make_stand(session)
    read: list[int] = []
    usual = stand.view.model.read

    def counted(item: int) -> LogRow:
        read.append(item)
        row: LogRow = usual(item)
        return row

    monkeypatch.setattr(stand.view.model, "read", counted)

    stand.apply(Output("stdout", "the last"))
    stand.widget.grab()

    assert stand.view.model.count == 300_001
    assert len(read) < 100


# ---- following --------------------------------------------------------------------------------------------------------------


def test_it_follows_the_end(stand: PanelStand) -> None:
    say(stand, *(f"line {n}" for n in range(50)))

    assert stand.view.model.count - 1 in stand.view.table.rows_on_screen()


def test_scrolling_up_stays_there_with_a_count_of_what_came(stand: PanelStand, qtbot: QtBot) -> None:
    table = stand.view.table
    table.verticalScrollBar().setValue(0)

    say(stand, *(f"line {n}" for n in range(34)))

    assert table.top_row() == 0
    assert table.button.isVisible()
    assert table.button.text() == "▼ 34 new lines"


def test_the_button_goes_to_the_end(stand: PanelStand, qtbot: QtBot) -> None:
    table = stand.view.table
    table.verticalScrollBar().setValue(0)
    say(stand, "news")

    qtbot.mouseClick(table.button, Qt.MouseButton.LeftButton)
    say(stand, "more news")

    assert not table.button.isVisible()
    assert stand.view.model.count - 1 in table.rows_on_screen()


def test_choosing_a_line_keeps_it_under_the_eyes(stand: PanelStand, qtbot: QtBot) -> None:
    row = stand.view.model.count - 3
    click(qtbot, stand, row)

    say(stand, *(f"line {n}" for n in range(50)))

    assert row in stand.view.table.rows_on_screen()


def test_a_command_follows_again(stand: PanelStand) -> None:
    stand.view.table.verticalScrollBar().setValue(0)

    stand.run("log.follow")

    assert stand.view.table.is_following


# ---- filter -----------------------------------------------------------------------------------------------------------------


def test_words_are_looked_for_in_text_and_tonic(stand: PanelStand, qtbot: QtBot) -> None:
    typed(stand, "PUMP dry", qtbot)

    assert texts(stand) == ["ValueError: the pump is dry in ttsc__open"]


def test_new_lines_pass_the_filter_first(stand: PanelStand, qtbot: QtBot) -> None:
    typed(stand, "alarm", qtbot)

    say(stand, "all is well", "alarm at noon")

    assert texts(stand) == ["alarm at noon"]


def test_levels_are_switched_by_their_buttons(stand: PanelStand, qtbot: QtBot) -> None:
    for key in ("log", "error", "notice"):
        qtbot.mouseClick(stand.view.levels[key], Qt.MouseButton.LeftButton)

    assert texts(stand) == ["Plant ready.", "low pressure"]
    assert stand.view.counts.text() == f"2 of {len(stand.session.live.log)}"


def test_an_unknown_filter_word_is_named(stand: PanelStand, qtbot: QtBot) -> None:
    typed(stand, "levl:error", qtbot)

    assert "Did you mean 'level:'?" in stand.view.problem.text()


def test_a_filter_that_finds_nothing_can_be_cleared_by_its_button(stand: PanelStand, qtbot: QtBot) -> None:
    stand.view.levels["log"].setChecked(False)
    typed(stand, "no such line", qtbot)
    button = next(it for it in stand.view.nothing_found.findChildren(QPushButton))

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert stand.view.model.count == len(stand.session.live.log)
    assert stand.view.levels["log"].isChecked()


def test_a_long_log_is_searched_in_pieces(make_stand: MakeStand, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasktonic_studio.ui.table_view._STEP_SECONDS", 0.0)
    monkeypatch.setattr("tasktonic_studio.ui.panels.log.view.LogView.STEP", 100)
    session = Session()
    session.apply([Output("stdout", f"line {n}") for n in range(1_000)])
    stand = make_stand(session)

    stand.view.search.setText("5")
    stand.view.apply_filter()
    while_searching = stand.view.counts.text()
    stand.apply(Output("stdout", "line 5 again"))
    qtbot.waitUntil(lambda: stand.view.counts.text().startswith("272"))

    assert while_searching.endswith("% searched")
    assert texts(stand) == [f"line {n}" for n in range(1_000) if "5" in str(n)] + ["line 5 again"]


# ---- selection ----------------------------------------------------------------------------------------------------------------


def test_a_click_selects_the_line(stand: PanelStand, qtbot: QtBot) -> None:
    row = row_of(stand, "the plant runs")

    click(qtbot, stand, row)

    assert stand.selection.thing == Thing("log", stand.view.model.item(row))


def test_arrow_keys_select_the_next_line(stand: PanelStand, qtbot: QtBot) -> None:
    row = row_of(stand, "the plant runs")
    click(qtbot, stand, row)

    qtbot.keyClick(stand.view.table, Qt.Key.Key_Down)

    assert stand.selection.thing == Thing("log", stand.view.model.item(row + 1))


def test_getting_the_focus_selects_nothing(stand: PanelStand) -> None:
    stand.view.search.setFocus()
    stand.view.table.setFocus()

    assert stand.selection.thing is None


def test_a_line_selected_elsewhere_is_shown(stand: PanelStand) -> None:
    say(stand, *(f"line {n}" for n in range(200)))

    stand.selection.select(Thing("log", 3))

    assert [stand.view.model.item(row) for row in stand.view.table.selected_rows()] == [3]
    assert 3 in stand.view.table.rows_on_screen()
    assert not stand.view.table.is_following


def test_the_selection_stays_while_lines_come(stand: PanelStand, qtbot: QtBot) -> None:
    row = row_of(stand, "the plant runs")
    click(qtbot, stand, row)

    say(stand, *(f"line {n}" for n in range(50)))

    assert stand.view.table.selected_rows() == [row]


def test_the_selection_stays_through_a_filter(stand: PanelStand, qtbot: QtBot) -> None:
    row = row_of(stand, "round 25")
    click(qtbot, stand, row)
    chosen = stand.selection.thing

    typed(stand, "round", qtbot)

    assert stand.selection.thing == chosen
    assert [texts(stand)[row] for row in stand.view.table.selected_rows()] == ["round 25"]


def test_enter_goes_to_source(stand: PanelStand, qtbot: QtBot) -> None:
    click(qtbot, stand, row_of(stand, "the plant runs"))

    qtbot.keyClick(stand.view.table, Qt.Key.Key_Return)

    assert stand.ran == ["selection.go_to_source"]


def test_lines_are_copied_with_tracebacks(stand: PanelStand, qtbot: QtBot) -> None:
    row = row_of(stand, "ValueError: the pump is dry in ttsc__open")
    click(qtbot, stand, row)
    click(qtbot, stand, row + 1, Qt.KeyboardModifier.ShiftModifier)

    qtbot.keyClick(stand.view.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    copied = QGuiApplication.clipboard().text().splitlines()
    assert copied[0] == "3.015 s\terror\tpump 1\tValueError: the pump is dry in ttsc__open"
    assert copied[1] == "Traceback (most recent call last):"
    assert copied[-1].endswith("stdout\t\tPlant ready.")


# ---- time and looks -------------------------------------------------------------------------------------------------------------


def test_the_past_has_only_the_lines_of_then(stand: PanelStand) -> None:
    n = stand.session.live.log[5].n

    stand.selection.look_at(n)
    then = stand.view.model.count
    say(stand, "later")
    still = stand.view.model.count
    stand.selection.look_at(None)

    assert then == still == 5
    assert texts(stand)[-1] == "later"


def test_times_of_an_earlier_app_count_from_its_own_begin(stand: PanelStand) -> None:
    other = EventWriter(app=2, name="Other")
    other.wait(1_000_000_000)
    tonic = other.born("Talker", "talker", catalyst=0)
    other.log(tonic, "hello")

    stand.feed(other.take())

    assert texts(stand, "time")[row_of(stand, "the plant runs")] == "0.000\u202fs"
    assert texts(stand)[-1] == "hello"


def test_a_hidden_log_does_nothing_then_catches_up(stand: PanelStand) -> None:
    stand.hide()
    before = stand.view.model.count

    say(stand, "while hidden")
    while_hidden = stand.view.model.count
    stand.show()

    assert while_hidden == before
    assert texts(stand)[-1] == "while hidden"


def test_a_closed_log_leaves_nothing_behind(qtbot: QtBot) -> None:
    stand = PanelStand(LogPanel(), a_session_with_plant())
    stand.show()
    view = stand.view

    stand.close()
    stand.selection.select(Thing("log", 1))

    assert not shiboken6.isValid(view)


@pytest.mark.parametrize("width", [320, 400, 700])
def test_columns_fit_at_any_width(make_stand: MakeStand, width: int) -> None:
    table = make_stand(a_session_with_plant(), width).view.table

    shown = [n for n in range(len(COLUMNS)) if not table.isColumnHidden(n)]

    assert sum(table.columnWidth(n) for n in shown) <= table.viewport().width()
    assert {"level", "text"} <= {COLUMNS[n].id for n in shown}


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_every_theme_can_be_painted(stand: PanelStand, theme: str) -> None:
    stand.choose_theme(theme)

    assert not stand.widget.grab().isNull()


def test_columns_levels_are_kept(stand: PanelStand, make_stand: MakeStand) -> None:
    stand.view.levels["output"].setChecked(False)
    other = make_stand(a_session_with_plant())

    other.panel.restore_state(stand.panel.save_state())

    assert not other.view.levels["output"].isChecked()
    assert "Plant ready." not in texts(other)
