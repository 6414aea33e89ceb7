"""The compare panel in the real window, with real recordings, by keys and mouse."""

from __future__ import annotations

import csv
import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.comparing.comparison import Mark
from tasktonic_studio.session.comparing.task import Comparing
from tasktonic_studio.session.inbox import TargetBegan
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.dialogs import ask
from tasktonic_studio.ui.panel_list import all_panels
from tasktonic_studio.ui.panels.compare.model import COLUMNS
from tasktonic_studio.ui.widgets import save_file
from tests.helpers.builders import a_session_with_plant
from tests.helpers.patience import PATIENCE_S
from tests.helpers.recorded_houses import MakeWindow, Record, opens
from tests.helpers.window_stand import WindowStand

LEFT = Qt.MouseButton.LeftButton
TRACES = Path(__file__).parents[4] / "data" / "traces"


def view_in(stand: WindowStand) -> Any:
    return next(panel for panel in stand.panels if panel.id == "compare").view  # type: ignore[attr-defined]


def button_in(page: QWidget, words: str) -> QPushButton:
    return next(it for it in page.findChildren(QPushButton) if it.text() == words)


def compared(stand: WindowStand, qtbot: QtBot, file: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Choose a file by the command, wait for the comparison, and give the view."""
    monkeypatch.setattr(ask, "run_to_compare", lambda parent, folder: str(file))
    stand.bench.run("run.compare_with")
    view = view_in(stand)
    qtbot.waitUntil(lambda: not view.is_busy)
    return view


def texts(view: Any, column: str) -> list[str]:
    """What a column shows, row by row."""
    number = [it.id for it in COLUMNS].index(column)
    return [view.model.index(row, number).data() for row in range(view.model.rowCount())]


@pytest.fixture
def different(
    make_window: MakeWindow, record: Record, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> tuple[WindowStand, Any]:
    """A window that compares a house with one whose door has another code."""
    stand = make_window(record("here"))
    return stand, compared(stand, qtbot, record("there", code="4712"), monkeypatch)


def test_it_opens_at_the_first_difference_and_tells_it(different: tuple[WindowStand, Any]) -> None:
    _stand, view = different

    assert view.isVisible()
    assert view.verdict.text().startswith("First difference, by cause: run ")
    assert "here it left state locked → open, there it stayed in state locked" in view.verdict.text()
    (row,) = view.table.selected_rows()
    assert view.model.item(row) == view.comparison.first
    assert texts(view, "mark")[row] == "differs"


def test_the_first_difference_is_selected_in_all_panels_at_its_moment(different: tuple[WindowStand, Any]) -> None:
    stand, view = different
    comparison = view.comparison
    item = int(comparison.here[comparison.first])

    number = int(comparison.side_here.number[item])
    assert stand.selection.thing == Thing("run", number)
    assert stand.selection.time == int(comparison.side_here.n[item]) + 1
    known = stand.bench.panel_context.known()
    door = next(it for it in known.essences if known.essences.name(it) == "door")
    assert known.state_name(door) == "open"


def test_marks_are_words_with_shapes(different: tuple[WindowStand, Any]) -> None:
    _, view = different

    marks = texts(view, "mark")
    assert {"same", "differs", "only here"} <= set(marks)
    pictures = {}
    for row, words in enumerate(marks):
        icon = view.model.index(row, 0).data(Qt.ItemDataRole.DecorationRole)
        pictures[words] = icon.pixmap(16, 16).toImage()
    assert len({bytes(picture.constBits()) for picture in pictures.values()}) == len(pictures)


def test_keys_go_from_difference_to_difference_and_stay_at_the_end(
    different: tuple[WindowStand, Any], qtbot: QtBot
) -> None:
    stand, view = different
    view.table.setFocus()
    differences = view.comparison.different.tolist()

    walked = [view._chosen]
    for _ in range(len(differences) + 1):
        qtbot.keyClick(stand.window, Qt.Key.Key_F7)
        walked.append(view._chosen)

    assert walked == [*differences, differences[-1], differences[-1]]
    qtbot.keyClick(stand.window, Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    assert view._chosen == differences[-2]
    qtbot.keyClick(stand.window, Qt.Key.Key_F7, Qt.KeyboardModifier.ControlModifier)
    assert view._chosen == view.comparison.first


def test_buttons_go_from_difference_to_difference(different: tuple[WindowStand, Any], qtbot: QtBot) -> None:
    _, view = different
    first = view._chosen
    _, previous, following, _ = view.steps

    qtbot.mouseClick(following, LEFT)
    assert view._chosen > first
    qtbot.mouseClick(previous, LEFT)
    assert view._chosen == first


def test_a_click_on_a_row_moves_selection_and_time(different: tuple[WindowStand, Any], qtbot: QtBot) -> None:
    stand, view = different
    row = texts(view, "mark").index("same")

    qtbot.mouseClick(view.table.viewport(), LEFT, pos=view.table.visualRect(view.model.index(row, 0)).center())

    comparison = view.comparison
    item = int(comparison.here[view.model.item(row)])
    assert stand.selection.thing == Thing("run", int(comparison.side_here.number[item]))
    assert stand.selection.time == int(comparison.side_here.n[item]) + 1
    assert " in both, and " in view.verdict.text()


def test_what_is_only_there_shows_its_cause_here(
    make_window: MakeWindow, record: Record, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand = make_window(record("here", code="4712"))
    view = compared(stand, qtbot, record("there"), monkeypatch)
    row = texts(view, "mark").index("only there")

    view.go_to(view.model.item(row))

    assert view.verdict.text().startswith("Run ")
    assert "only there; here door.ttsc__enter (run " in view.verdict.text()
    thing = stand.selection.thing
    assert thing is not None
    cause = stand.session.live.run_of(int(thing.key))  # type: ignore[arg-type]
    assert cause is not None
    assert stand.session.live.names.sparkle(cause.sparkle) == "ttsc__enter"
    assert [view.model.item(it) for it in view.table.selected_rows()] == [view.model.item(row)]


def test_a_run_selected_elsewhere_is_chosen_here(different: tuple[WindowStand, Any]) -> None:
    stand, view = different
    comparison = view.comparison
    row = int(comparison.different[1])
    item = int(comparison.here[row])

    stand.selection.select(Thing("run", int(comparison.side_here.number[item])))

    assert view._chosen == row


def test_the_chosen_row_is_told_on_both_sides_with_what_differs_first(different: tuple[WindowStand, Any]) -> None:
    _, view = different
    table = view.detail.table

    told = [[table.item(row, column).text() for column in range(3)] for row in range(table.rowCount())]
    assert told[0] == ["State after", "open", "locked"]
    assert ["Arguments", "code='4711'", "code='4711'"] in told
    assert [fact.differs for fact in view.detail.facts[:3]] == [True, True, False]
    spoken = table.item(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "State after, differs"


def test_the_switch_leaves_only_differences(different: tuple[WindowStand, Any], qtbot: QtBot) -> None:
    _, view = different

    qtbot.mouseClick(view.only, LEFT)

    assert "same" not in texts(view, "mark")
    assert view.counts.text() == f"{len(view.comparison.different)} of {len(view.comparison)}"


@pytest.mark.parametrize(
    "text, holds",
    [
        ("is:here", lambda row: row["mark"] == "only here"),
        ("is:differs in:effects", lambda row: "effects" in row["facets"]),
        ("walk", lambda row: row["sparkle"] == "ttsc__walk_through"),
        ("-door.", lambda row: row["tonic"] == "Ada"),
    ],
)
def test_the_filter_finds(different: tuple[WindowStand, Any], qtbot: QtBot, text: str, holds: Any) -> None:
    _, view = different
    view.search.setFocus()
    qtbot.keyClicks(view.search, text)
    qtbot.keyClick(view.search, Qt.Key.Key_Return)

    rows = [
        dict(zip([it.id for it in COLUMNS], cells, strict=True))
        for cells in zip(*(texts(view, it.id) for it in COLUMNS), strict=True)
    ]
    assert rows
    assert all(holds(row) for row in rows)
    assert len(rows) < len(view.comparison)


def test_a_filter_that_is_not_understood_says_what_there_is(different: tuple[WindowStand, Any], qtbot: QtBot) -> None:
    _, view = different
    view.search.setFocus()
    qtbot.keyClicks(view.search, "in:colour")
    qtbot.keyClick(view.search, Qt.Key.Key_Return)

    assert view.problem.text() == (
        "“in:colour” is not understood. There is is: with same, differs, here or there, and in: with arguments, state, "
        "handling, exception, effects or ran."
    )
    assert view.model.rowCount() == len(view.comparison)


def test_a_difference_that_the_filter_hides_is_gone_to_all_the_same(
    different: tuple[WindowStand, Any], qtbot: QtBot
) -> None:
    stand, view = different
    view.search.setText("is:same")
    view.apply_filter()

    qtbot.keyClick(stand.window, Qt.Key.Key_F7, Qt.KeyboardModifier.ControlModifier)

    assert view._chosen == view.comparison.first
    assert view.search.text() == ""


def test_runs_with_the_same_causes_are_told_to_be_the_same(
    make_window: MakeWindow, record: Record, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand = make_window(record("here"))
    view = compared(stand, qtbot, record("there", seed=5), monkeypatch)

    assert view.verdict.text().startswith("Both are the same: ")
    assert set(texts(view, "mark")) == {"same"}
    assert not stand.bench.is_enabled("compare.next_difference")
    assert stand.selection.thing is None, "there is no difference to go to"


def test_the_run_before_is_compared_by_its_command(make_window: MakeWindow, record: Record, qtbot: QtBot) -> None:
    stand = make_window(record("here", code="4712"))
    assert not stand.bench.is_enabled("run.compare_previous")
    opens(stand, record("again"))

    stand.bench.run("run.compare_previous")
    view = view_in(stand)
    qtbot.waitUntil(lambda: not view.is_busy)

    assert view.comparison.side_there.title == "the run before, here.ttt"
    assert view.comparison.count(Mark.ONLY_HERE) > 0
    assert "Here again.ttt, there the run before, here.ttt: " in view.numbers.whole


def test_without_a_run_it_says_what_to_do(make_window: MakeWindow) -> None:
    stand = make_window()
    stand.bench.show_panel("compare")
    view = view_in(stand)

    page = view.nothing_here
    assert page.isVisible()
    assert page.accessibleName() == "Nothing to compare yet"
    assert [it.text() for it in page.findChildren(QPushButton)] == ["Open a recorded run…", "Start a script…"]
    assert not stand.bench.is_enabled("run.compare_with")


def test_with_a_run_it_offers_what_to_compare_with(
    make_window: MakeWindow, record: Record, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand = make_window(record("here"))
    other = record("there")
    monkeypatch.setattr(ask, "run_to_compare", lambda parent, folder: str(other))
    stand.bench.show_panel("compare")
    view = view_in(stand)
    assert view.nothing_yet.isVisible()
    assert view.nothing_yet.accessibleName() == "Compare this run"
    assert "tasktonic record" in view.nothing_yet.accessibleDescription()

    qtbot.mouseClick(button_in(view.nothing_yet, "Compare with a recording…"), LEFT)

    qtbot.waitUntil(lambda: view.comparison is not None)


def test_a_run_that_is_watched_can_be_recorded_from_the_empty_page(tmp_path: Path, qtbot: QtBot) -> None:
    stand = WindowStand(tmp_path, a_session_with_plant(), panels=all_panels(), settings={"arrangement": "analyse"})
    stand.window.show()
    stand.bench.show_panel("compare")
    page = view_in(stand).nothing_yet
    qtbot.waitUntil(lambda: bool(page.isVisible()))

    qtbot.mouseClick(button_in(page, "Record the run"), LEFT)

    assert "Record the run" in page.accessibleDescription()
    assert "record" in [it[0] for it in stand.requests.asked]
    stand.close()


def test_a_run_that_is_over_is_not_offered_to_be_recorded(make_window: MakeWindow, record: Record) -> None:
    stand = make_window(record("here"))
    stand.bench.show_panel("compare")
    page = view_in(stand).nothing_yet

    assert page.isVisible()
    assert button_in(page, "Compare with a recording…").isVisible()
    assert not button_in(page, "Record the run").isVisible()


@pytest.mark.parametrize(
    "name, words",
    [
        ("text.ttt", "is no trace: it does not begin like one."),
        ("nothing.ttt", "There is no file"),
        ("newer.ttt", "format 2"),
    ],
)
def test_a_file_that_is_no_trace_is_told_and_leaves_what_was_compared(
    different: tuple[WindowStand, Any], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, name: str, words: str
) -> None:
    stand, view = different
    before = view.comparison

    compared(stand, qtbot, TRACES / name, monkeypatch)

    assert words in view.problem.text()
    assert view.comparison is before
    assert view.table.isVisible()


def test_a_run_of_another_script_is_compared_and_told(
    make_window: MakeWindow, record: Record, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand = make_window(record("here"))

    view = compared(stand, qtbot, TRACES / "door.ttt", monkeypatch)

    assert view.remarks.text() == "These are runs of two scripts: house.py here, door.py there."


def test_a_damaged_file_is_compared_with_reservations(
    make_window: MakeWindow, record: Record, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand = make_window(record("here"))

    view = compared(stand, qtbot, TRACES / "cut.ttt", monkeypatch)

    assert view.remarks.isVisible()
    assert "cut.ttt: From byte 1,140 on, 530 bytes are lost" in view.remarks.text()


def test_the_end_of_an_earlier_comparison_is_not_taken_for_that_of_the_next(
    make_window: MakeWindow, record: Record, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand = make_window(record("here"))
    first, second = record("first", code="4712"), record("second", code="4713")
    monkeypatch.setattr(ask, "run_to_compare", lambda parent, folder: str(first))
    stand.bench.run("run.compare_with")
    view = view_in(stand)
    view._comparing._thread.join(PATIENCE_S)  # its end is told, and not yet heard of

    monkeypatch.setattr(ask, "run_to_compare", lambda parent, folder: str(second))
    stand.bench.run("run.compare_with")
    qtbot.waitUntil(lambda: not view.is_busy)

    assert view.comparison.side_there.title == "second.ttt"


def test_a_comparison_can_be_cancelled(
    make_window: MakeWindow, record: Record, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand = make_window(record("here"))
    monkeypatch.setattr(ask, "run_to_compare", lambda parent, folder: str(TRACES / "keyframes.ttt"))
    gate = threading.Event()
    read = Comparing._read

    def reads_late(comparing: Comparing, file: str) -> Any:
        gate.wait(PATIENCE_S)
        return read(comparing, file)

    monkeypatch.setattr(Comparing, "_read", reads_late)
    stand.bench.run("run.compare_with")
    view = view_in(stand)
    thread = view._comparing
    assert view.progress.isVisible()
    assert view.progress.title.text() == "Comparing with keyframes.ttt"

    qtbot.mouseClick(view.progress.cancel, LEFT)
    gate.set()
    thread.finish()

    assert not view.is_busy
    assert view.nothing_yet.isVisible()
    assert view.comparison is None


def test_another_target_puts_the_comparison_away(different: tuple[WindowStand, Any]) -> None:
    stand, view = different

    stand.feed(TargetBegan("launched", script="/somewhere/else.py"))

    assert view.comparison is None
    assert view.model.rowCount() == 0
    assert not stand.bench.is_enabled("compare.again")


def test_it_compares_again_with_the_same_run(different: tuple[WindowStand, Any], qtbot: QtBot) -> None:
    _, view = different
    before = view.comparison

    qtbot.mouseClick(view.steps[3], LEFT)

    qtbot.waitUntil(lambda: not view.is_busy)
    assert view.comparison is not before
    assert view.comparison.side_there.title == before.side_there.title


def test_rows_are_saved_as_csv(
    different: tuple[WindowStand, Any], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand, view = different
    file = tmp_path / "rows.csv"
    monkeypatch.setattr(save_file, "file_to_save", lambda *asked: str(file))

    with qtbot.waitSignal(view.saving.ended):
        stand.bench.run("compare.save_csv")

    with file.open(encoding="utf-8", newline="") as read:
        rows = list(csv.DictReader(read))
    assert [row["mark"] for row in rows] == texts(view, "mark")
    first = rows[view.comparison.first]
    assert (first["sparkle"], first["arguments_here"], first["state_after_here"], first["state_after_there"]) == (
        "ttsc__enter",
        "code='4711'",
        "open",
        "locked",
    )


def test_differences_are_saved_as_text(
    different: tuple[WindowStand, Any], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand, view = different
    file = tmp_path / "report.txt"
    monkeypatch.setattr(save_file, "file_to_save", lambda *asked: str(file))

    with qtbot.waitSignal(view.saving.ended):
        stand.bench.run("compare.save_text")

    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["Here:  here.ttt", "There: there.ttt"]
    assert lines[3].startswith("First difference, by cause: run ")
    told = [line for line in lines if line.startswith(("differs ", "only here ", "only there "))]
    assert len(told) == len(view.comparison.different)


def test_rows_are_copied(different: tuple[WindowStand, Any]) -> None:
    stand, _view = different

    stand.bench.run("compare.copy_rows")

    assert QGuiApplication.clipboard().text().startswith("differs\tdoor\tttsc__enter\t")


def test_the_trace_offers_to_compare(different: tuple[WindowStand, Any]) -> None:
    stand, _ = different
    trace = next(panel for panel in stand.panels if panel.id == "trace")

    assert {"run.compare_with", "run.compare_previous"} <= set(trace.view.MENU)  # type: ignore[attr-defined]
    menu = [command.id for command in stand.bench.registry.all() if command.menu == "Run"]
    assert {"run.compare_with", "run.compare_previous"} <= set(menu)


def test_all_is_reached_by_tab_and_has_a_name(different: tuple[WindowStand, Any], qtbot: QtBot) -> None:
    _, view = different
    view.search.setFocus()

    seen: list[QWidget] = []
    widget: QWidget | None = view.search
    while widget is not None and view.isAncestorOf(widget) and widget not in seen:
        seen.append(widget)
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
        widget = widget.window().focusWidget()

    assert {view.search, view.table, view.detail.table, view.only, view.steps[1]} <= set(seen)
    assert all(isinstance(it, QLineEdit) or it.accessibleName() for it in seen)


@pytest.mark.parametrize("theme", ["dark", "light", "contrast"])
def test_it_is_whole_at_300_px(
    make_window: MakeWindow, record: Record, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, theme: str
) -> None:
    stand = make_window(record("here"), theme=theme)
    view = compared(stand, qtbot, record("there", code="4712"), monkeypatch)
    dock = stand.bench.area.dock("compare")
    dock.setFloating(True)
    dock.resize(300, 500)
    qtbot.waitUntil(lambda: view.width() <= 320)

    assert view.parts.orientation() == Qt.Orientation.Vertical
    for widget in (view.verdict, view.table, view.detail.table, *view.steps):
        assert widget.isVisible()
        assert widget.mapTo(view, widget.rect().bottomRight()).x() <= view.width()
    shown = [it.id for number, it in enumerate(COLUMNS) if not view.table.isColumnHidden(number)]
    assert {"mark", "sparkle", "here", "there"} <= set(shown)
