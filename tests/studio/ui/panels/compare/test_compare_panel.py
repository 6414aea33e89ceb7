"""The compare panel in the real window, with real recordings, by keys and mouse: its differences, their marks, their order."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.compare.model import COLUMNS
from tasktonic_studio.ui.widgets import save_file
from tests.helpers.recorded_houses import MakeWindow, Record
from tests.helpers.window_stand import WindowStand
from tests.studio.ui.panels.compare.acting import LEFT, compared, texts


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


def test_what_is_not_compared_has_no_mark(different: tuple[WindowStand, Any]) -> None:
    _, view = different
    table = view.detail.table
    facts = {fact.title: (row, fact) for row, fact in enumerate(view.detail.facts)}

    row, did = facts["What it did"]
    assert did.here != did.there
    assert not did.differs, "its states are compared, not its words"
    assert table.item(row, 0).icon().isNull(), "= would be false"
    assert not table.item(facts["Arguments"][0], 0).icon().isNull()


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


def test_a_second_comparison_tells_its_verdict_and_not_a_row_of_the_first(
    different: tuple[WindowStand, Any], record: Record, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand, view = different

    compared(stand, qtbot, record("alike"), monkeypatch)

    assert view.verdict.text().startswith("Both are the same: ")
    assert view.detail.facts == []


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
