"""The problems panel: rows, filter, what to do, see it happen, see the code; live, past and pinned. By mouse and keys."""

from __future__ import annotations

import csv
from html import escape
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.finding_words import KINDS, ranked
from tasktonic_studio.session.findings import STORM
from tasktonic_studio.session.inbox import TargetBegan, TargetStatus
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.session.written_faults import WrittenFault
from tasktonic_studio.ui.panels.problems.export import csv_of
from tasktonic_studio.ui.panels.problems.model import COLUMNS, NUMBER
from tasktonic_studio.ui.panels.problems.panel import ProblemsPanel
from tasktonic_studio.ui.widgets import save_file
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tests.helpers.builders import MS, PLANT_SCRIPT, SECOND, EventWriter
from tests.helpers.panel_stand import MakeStand, PanelStand, stands_of

TRACEBACK = (
    f'Traceback (most recent call last):\n  File "{PLANT_SCRIPT}", line 40, in ttsc__open\n    dry()\nValueError: dry\n'
)


class Trouble:
    """A pump that raised twice, a valve that ignores a lot, and a hole in what was told."""

    def __init__(self) -> None:
        self.session = Session()
        self.session.apply([TargetBegan("launched", PLANT_SCRIPT, (), 4711), TargetStatus("running")])
        self.write = write = EventWriter()
        write.cls("ttCatalyst")
        self.main = write.catalyst("main_catalyst")
        write.cls("Pump", sparkles=("ttsc__open",))
        write.cls("Valve", states=("open", "shut"), sparkles=("ttsc__turn",))
        self.pump = write.born("Pump", "pump", catalyst=self.main)
        self.valve = write.born("Valve", "valve", catalyst=self.main, state="open")
        self.tell()

    def raises(self, text: str = "dry") -> None:
        run = self.write.sparkles(self.pump, "ttsc__open", flags=ev.ERROR)
        self.write.add(
            ev.Raised(self.write.t_ns, self.pump, "ttsc__open", "ValueError", text, TRACEBACK, -1, run)  # type: ignore[arg-type]
        )
        self.write.wait(SECOND)

    def storm(self) -> None:
        for _ in range(STORM):
            self.write.sparkles(self.valve, "ttsc__turn", flags=ev.IGNORED)

    def hole(self) -> None:
        self.write.add(ev.Gap(self.write.t_ns, self.write.wait(MS), 20, 5_000))

    def all(self) -> Trouble:
        self.raises()
        self.raises()
        self.storm()
        self.hole()
        self.tell()
        return self

    def tell(self) -> None:
        self.session.apply_events(self.session.live.n, self.write.take())


@pytest.fixture
def trouble() -> Trouble:
    return Trouble()


@pytest.fixture
def make_stand(qtbot: QtBot) -> MakeStand:
    """Make a problems panel on screen, on a session or on an empty one."""
    return stands_of(ProblemsPanel, qtbot, 1000, 500)


def cells(stand: PanelStand, column: str) -> list[str]:
    model = stand.view.model
    return [str(model.index(row, NUMBER[column]).data()) for row in range(model.count)]


def click_row(qtbot: QtBot, stand: PanelStand, row: int, *, double: bool = False) -> None:
    table = stand.view.table
    at = table.visualRect(stand.view.model.index(row, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    if double:
        qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)


# ---- the list -------------------------------------------------------------------------------------------------------


def test_an_empty_panel_says_in_short_what_is_looked_for_all_of_it_by_tool_tip_and_offers_the_plant(
    make_stand: MakeStand, qtbot: QtBot
) -> None:
    stand = make_stand()
    in_full = stand.view.nothing_yet.toolTip()
    button = next(it for it in stand.widget.findChildren(QPushButton) if it.isVisible())

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert [kind.id for kind in KINDS if escape(kind.looked_for) not in in_full] == []
    assert len(stand.view.nothing_yet.accessibleDescription()) < 100
    assert stand.view.nothing_yet.accessibleName() == "Nothing found so far"
    assert stand.ran == ["run.start_example"]


def test_an_app_that_ended_well_is_told_from_one_that_runs(make_stand: MakeStand, trouble: Trouble) -> None:
    stand = make_stand(trouble.session)
    assert stand.view.nothing_yet.accessibleName() == "Nothing found so far"

    stand.apply(TargetStatus("ended", "ended: exit code 0", exit_code=0))

    assert stand.view.nothing_yet.accessibleName() == "Nothing was found"


def test_an_app_that_ended_without_problems_is_offered_no_other_one(make_stand: MakeStand, trouble: Trouble) -> None:
    stand = make_stand(trouble.session)

    stand.apply(TargetStatus("ended", "ended", exit_code=0))

    assert [it.text() for it in stand.view.nothing_yet.findChildren(QPushButton) if it.isVisible()] == []


def test_rows_say_how_bad_what_where_and_how_often_the_worst_first(make_stand: MakeStand, trouble: Trouble) -> None:
    stand = make_stand(trouble.all().session)

    assert cells(stand, "severity") == ["error", "warning", "hint"]
    assert cells(stand, "kind") == ["Exception", "Ignored often", "Lost runs"]
    assert cells(stand, "what")[:2] == ["ValueError: dry", "ignored 100 times: no handler in this state"]
    assert cells(stand, "where") == ["pump · Pump.ttsc__open", "valve · Valve.ttsc__turn · in state open", ""]
    assert cells(stand, "times") == ["2", "100", "1"]
    assert cells(stand, "first")[0] < cells(stand, "last")[0]
    assert stand.view.counts.text() == "3"


def test_what_is_found_meanwhile_appears_and_the_chosen_row_stays_chosen(
    make_stand: MakeStand, qtbot: QtBot, trouble: Trouble
) -> None:
    trouble.storm()
    trouble.tell()
    stand = make_stand(trouble.session)
    click_row(qtbot, stand, 0)

    trouble.raises()
    stand.feed(trouble.write.take())
    stand.view.figures.ask()
    stand.flush()

    assert cells(stand, "severity") == ["error", "warning"]
    assert stand.view.table.selected_rows() == [1]
    assert stand.view.detail.title.text().startswith("Ignored often (warning)")


def test_with_faults_of_the_source_alone_no_empty_column_takes_room(make_stand: MakeStand, trouble: Trouble) -> None:
    stand = make_stand(trouble.session, width=300)
    stand.context.written_faults.take(
        "a.py", (WrittenFault("a.py", 3, 1, 3, 4, "error", "F821", "Unknown name", "It is."),)
    )
    stand.view.fill(trouble.session.live)
    alone = [column.id for column in COLUMNS if not stand.view.table.isColumnHidden(NUMBER[column.id])]

    trouble.raises()
    stand.feed(trouble.write.take())
    stand.view.figures.ask()
    stand.flush()

    assert alone == ["severity", "what"]
    assert not stand.view.table.isColumnHidden(NUMBER["times"])


def test_a_narrow_panel_keeps_severity_what_and_times(make_stand: MakeStand, trouble: Trouble) -> None:
    stand = make_stand(trouble.all().session, width=300)

    shown = [column.id for column in COLUMNS if not stand.view.table.isColumnHidden(NUMBER[column.id])]

    assert stand.widget.width() == 300
    assert shown == ["severity", "what", "times"]


def test_every_cell_says_something_to_a_screen_reader(make_stand: MakeStand, trouble: Trouble) -> None:
    model = make_stand(trouble.all().session).view.model

    said = [
        model.index(row, column).data(Qt.ItemDataRole.AccessibleTextRole)
        for row in range(model.count)
        for column in range(len(COLUMNS))
    ]

    assert all(said)
    assert "no where" in said


# ---- one problem ----------------------------------------------------------------------------------------------------


def test_a_click_selects_the_thing_and_says_what_to_do(make_stand: MakeStand, qtbot: QtBot, trouble: Trouble) -> None:
    stand = make_stand(trouble.all().session)

    click_row(qtbot, stand, 1)

    thing = stand.selection.thing
    assert thing is not None
    assert thing.kind == "run"
    assert stand.selection.time is None
    assert stand.view.detail.isVisible()
    assert stand.view.detail.place.text().endswith("100 times")
    assert stand.view.detail.advice.text().endswith("Add one, or do not send it then.")


def test_in_a_low_panel_nothing_that_is_said_of_a_problem_is_cut_off(
    make_stand: MakeStand, qtbot: QtBot, trouble: Trouble
) -> None:
    stand = make_stand(trouble.all().session, 800, 190)
    detail = stand.view.detail

    click_row(qtbot, stand, 0)
    qtbot.waitUntil(lambda: not detail.place.isVisible() and not detail.advice.isVisible())
    qtbot.waitUntil(lambda: detail.height() >= detail.layout().minimumSize().height())
    low = detail.title.toolTip()
    stand.show(800, 500)

    assert escape(detail.advice.text()) in low
    qtbot.waitUntil(lambda: detail.place.isVisible() and detail.advice.isVisible())
    assert detail.title.toolTip() == ""


@pytest.mark.parametrize("how", ["double click", "button", "enter"])
def test_a_problem_is_shown_happening(make_stand: MakeStand, qtbot: QtBot, trouble: Trouble, how: str) -> None:
    stand = make_stand(trouble.all().session)
    trouble.raises()
    trouble.tell()
    stand.view.on_changes(Changes(everything=True))
    click_row(qtbot, stand, 0, double=how == "double click")

    if how == "button":
        qtbot.mouseClick(stand.view.detail.show_it, Qt.MouseButton.LeftButton)
    elif how == "enter":
        qtbot.keyClick(stand.view.table, Qt.Key.Key_Return)

    line = trouble.session.live.log[-1]
    assert stand.selection.time == line.n + 1
    assert stand.selection.thing == Thing("log", len(trouble.session.live.log) - 1)
    assert cells(stand, "times")[0] == "3"


def test_the_first_time_can_be_seen_too(make_stand: MakeStand, qtbot: QtBot, trouble: Trouble) -> None:
    stand = make_stand(trouble.all().session)
    click_row(qtbot, stand, 0)

    stand.run("problems.show_first")

    assert stand.selection.time == trouble.session.live.log[0].n + 1
    assert cells(stand, "kind") == ["Exception"]
    assert cells(stand, "times") == ["1"]


def test_a_problem_that_was_not_there_yet_is_not_shown_in_the_past(
    make_stand: MakeStand, qtbot: QtBot, trouble: Trouble
) -> None:
    stand = make_stand(trouble.all().session)
    click_row(qtbot, stand, 2)

    stand.selection.look_at(trouble.session.live.log[0].n + 1)
    then = cells(stand, "kind"), stand.view.detail.isVisible()
    stand.selection.look_at(None)

    assert then == (["Exception"], False)
    assert stand.view.table.selected_rows() == [2]
    assert stand.view.detail.isVisible()


def test_a_pinned_panel_stays_live_while_others_look_back(
    make_stand: MakeStand, qtbot: QtBot, trouble: Trouble
) -> None:
    stand = make_stand(trouble.all().session)
    qtbot.mouseClick(stand.view.pin, Qt.MouseButton.LeftButton)

    stand.selection.look_at(trouble.session.live.log[0].n + 1)

    assert len(cells(stand, "kind")) == 3


def test_the_source_of_a_problem_opens_at_its_line(make_stand: MakeStand, qtbot: QtBot, trouble: Trouble) -> None:
    stand = make_stand(trouble.all().session)
    stand.command_context.window = _Window()
    click_row(qtbot, stand, 0)

    qtbot.mouseClick(stand.view.detail.show_code, Qt.MouseButton.LeftButton)

    assert stand.command_context.window.opened == [(PLANT_SCRIPT, 40)]


def test_a_problem_without_a_place_offers_no_code(make_stand: MakeStand, qtbot: QtBot, trouble: Trouble) -> None:
    stand = make_stand(trouble.all().session)

    click_row(qtbot, stand, 2)

    assert not stand.view.detail.show_code.isEnabled()
    assert stand.view.detail.show_it.isEnabled()


def test_the_menu_of_a_row_has_what_can_be_done_with_it(make_stand: MakeStand, qtbot: QtBot, trouble: Trouble) -> None:
    stand = make_stand(trouble.all().session)
    table = stand.view.table
    at = table.visualRect(stand.view.model.index(1, 0)).center()

    table.customContextMenuRequested.emit(at)

    menu = stand.widget.findChild(CommandMenu)
    assert menu is not None
    assert [line.text() for line in menu.actions() if line.text()][:3] == [
        "Show it happening",
        "Show the first time",
        "Show the problem in code",
    ]
    menu.close()


def test_keys_walk_the_list_and_control_c_copies_rows_with_tracebacks(
    make_stand: MakeStand, qtbot: QtBot, trouble: Trouble
) -> None:
    stand = make_stand(trouble.all().session)
    table = stand.view.table
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Home)
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)

    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("error\tException\tValueError: dry\tpump · Pump.ttsc__open\t2\t")
    assert lines[1] == "Traceback (most recent call last):"
    assert lines[-1].startswith("warning\tIgnored often\t")


# ---- filter and export ----------------------------------------------------------------------------------------------


def test_words_and_kinds_filter_the_list(make_stand: MakeStand, qtbot: QtBot, trouble: Trouble) -> None:
    stand = make_stand(trouble.all().session)

    qtbot.keyClicks(stand.view.search, "kind:ignored valve")
    qtbot.keyClick(stand.view.search, Qt.Key.Key_Return)

    assert cells(stand, "kind") == ["Ignored often"]
    assert stand.view.counts.text() == "1 of 3"


def test_the_buttons_leave_out_a_severity(make_stand: MakeStand, qtbot: QtBot, trouble: Trouble) -> None:
    stand = make_stand(trouble.all().session)

    qtbot.mouseClick(stand.view.severities["error"], Qt.MouseButton.LeftButton)

    assert cells(stand, "severity") == ["warning", "hint"]


def test_a_filter_that_leaves_nothing_can_be_cleared(make_stand: MakeStand, qtbot: QtBot, trouble: Trouble) -> None:
    stand = make_stand(trouble.all().session)
    qtbot.keyClicks(stand.view.search, "no such word")
    stand.view.apply_filter()
    button = next(it for it in stand.view.nothing_found.findChildren(QPushButton) if it.isVisible())

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert len(cells(stand, "kind")) == 3


def test_a_word_before_a_colon_that_is_no_filter_is_explained(make_stand: MakeStand, trouble: Trouble) -> None:
    stand = make_stand(trouble.all().session)

    stand.view.search.setText("knd:x")
    stand.view.apply_filter()

    assert stand.view.problem.isVisible()
    assert "Did you mean 'kind:'?" in stand.view.problem.text()


def test_what_is_shown_is_saved_as_csv(
    make_stand: MakeStand, qtbot: QtBot, trouble: Trouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "problems.csv"
    monkeypatch.setattr(save_file, "file_to_save", lambda *_: str(file))
    stand = make_stand(trouble.all().session)
    stand.view.search.setText("-kind:lost")
    stand.view.apply_filter()

    with qtbot.waitSignal(stand.view.saving.ended):
        stand.run("problems.save_csv")

    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["kind"] for row in rows] == ["Exception", "Ignored often"]
    assert (rows[0]["severity"], rows[0]["what"], rows[0]["times"]) == ("error", "ValueError: dry", "2")
    assert (rows[0]["file"], rows[0]["line"]) == (PLANT_SCRIPT, "40")
    assert (rows[1]["tonic"], rows[1]["class"], rows[1]["state"]) == ("valve", "Valve", "open")


def test_a_file_that_cannot_be_written_is_said(
    make_stand: MakeStand, qtbot: QtBot, trouble: Trouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(save_file, "file_to_save", lambda *_: str(tmp_path / "no" / "folder.csv"))
    stand = make_stand(trouble.all().session)

    with qtbot.waitSignal(stand.view.saving.ended):
        stand.run("problems.save_csv")

    qtbot.waitUntil(stand.view.problem.isVisible)
    assert "could not be written" in stand.view.problem.text()


def test_what_would_be_a_formula_in_a_spreadsheet_is_text(trouble: Trouble) -> None:
    trouble.write.raised(trouble.pump, "=1+1", "ValueError", "dry", 0)
    trouble.tell()

    assert ",'=1+1," in list(csv_of(trouble.session.live, ranked(trouble.session.live)))[1]


def test_the_tab_says_how_many_there_are_also_while_the_panel_is_hidden(
    make_stand: MakeStand, trouble: Trouble
) -> None:
    stand = make_stand(trouble.session)
    before = stand.panel.tab_title()
    stand.hide()

    trouble.all()

    assert before == "Problems"
    assert stand.panel.tab_title() == "Problems (3)"


def test_severities_are_remembered(make_stand: MakeStand, trouble: Trouble) -> None:
    first = make_stand(trouble.all().session)
    first.view.severities["hint"].setChecked(False)

    second = make_stand(trouble.session)
    second.panel.restore_state(first.panel.save_state())

    assert cells(second, "severity") == ["error", "warning"]


def test_what_an_older_studio_saved_does_no_harm(make_stand: MakeStand, trouble: Trouble) -> None:
    stand = make_stand(trouble.all().session)

    stand.panel.restore_state({"columns": 3, "severities": {}})

    assert len(cells(stand, "kind")) == 3


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_every_theme_can_be_chosen_while_it_is_shown(make_stand: MakeStand, trouble: Trouble, theme: str) -> None:
    stand = make_stand(trouble.all().session)

    stand.choose_theme(theme)

    index = stand.view.model.index(0, NUMBER["severity"])
    assert index.data(Qt.ItemDataRole.ForegroundRole) == stand.theme.color("error")


class _Window:
    def __init__(self) -> None:
        self.opened: list[tuple[str, int]] = []

    def open_source(self, file: str, line: int) -> None:
        self.opened.append((file, line))
