"""Marks in the window: put by a key, with a note, listed, gone to, taken away, kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tasktonic import events
from tasktonic.blocks import StringTable, encode_block
from tasktonic.trace import Mark
from tasktonic_studio.session.inbox import BlockArrived, MarksRead, TargetBegan
from tests.helpers.window_stand import WindowStand

made: Any = events
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window_stand(make_stand: Callable[..., WindowStand]) -> WindowStand:
    """A window on an empty session."""
    return make_stand()


@pytest.fixture
def stand(window_stand: WindowStand, qtbot: QtBot) -> WindowStand:
    """A window with ten log lines of an app, on screen and active."""
    rows = [made.AppBegan(1_000_000_000, 1, "plant", 1, 7)]
    rows += [made.LogLine(1_000_000_000 * (2 + n), 1, f"line {n}", 0) for n in range(10)]
    window_stand.feed(TargetBegan("launched", "/apps/plant.py"), BlockArrived(encode_block(0, rows, StringTable())))
    window_stand.window.activateWindow()
    qtbot.waitUntil(window_stand.window.isActiveWindow)
    return window_stand


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    target = QApplication.focusWidget() or QApplication.activeWindow()
    assert target is not None
    QTest.keyClick(target, key, modifiers)


def kept(stand: WindowStand) -> list[Mark]:
    return [mark for what, *rest in stand.requests.asked if what == "keep_marks" for mark in rest[0]]


def test_a_mark_gets_the_note_that_is_typed_and_the_focus_goes_back(stand: WindowStand) -> None:
    stand.bench.show_panel("ledger")
    stand.window.setFocus()
    before = QApplication.focusWidget()
    press(Qt.Key.Key_M)
    assert stand.bench.marking.bar.line.hasFocus()
    assert stand.bench.marking.bar.words.text() == "Mark at 10.000\u202fs"
    QTest.keyClicks(stand.bench.marking.bar.line, "My M note")
    press(Qt.Key.Key_Return)

    assert [mark.note for mark in stand.session.marks.all] == ["My M note"]
    assert kept(stand)[-1].note == "My M note"
    assert stand.bench.marking.bar.isHidden()
    assert QApplication.focusWidget() is before


def test_esc_keeps_the_mark_without_a_note(stand: WindowStand) -> None:
    press(Qt.Key.Key_M, ALT)
    QTest.keyClicks(stand.bench.marking.bar.line, "never mind")
    press(Qt.Key.Key_Escape)

    assert [mark.note for mark in stand.session.marks.all] == [""]
    assert stand.bench.marking.bar.isHidden()


def test_a_mark_can_be_taken_away_at_once(stand: WindowStand) -> None:
    press(Qt.Key.Key_M, ALT)
    stand.bench.marking.bar.remove.click()

    assert stand.session.marks.all == []
    assert kept(stand)[-1].gone


def test_a_second_mark_keeps_the_note_of_the_first(stand: WindowStand) -> None:
    press(Qt.Key.Key_M, ALT)
    QTest.keyClicks(stand.bench.marking.bar.line, "one")
    stand.selection.look_at(5)
    press(Qt.Key.Key_M, ALT)
    QTest.keyClicks(stand.bench.marking.bar.line, "other")
    press(Qt.Key.Key_Return)

    assert [mark.note for mark in stand.session.marks.all] == ["other", "one"]


def test_nothing_can_be_marked_before_anything_happened(window_stand: WindowStand) -> None:
    assert not window_stand.bench.is_enabled("marks.add")
    assert not window_stand.bench.is_enabled("marks.list")


@pytest.fixture
def marked(stand: WindowStand) -> WindowStand:
    """The same with three marks."""
    for n, note in ((4, "early"), (7, "middle"), (9, "")):
        stand.session.marks.add(n, stand.session.at(n).t_ns, note)
    return stand


def test_keys_go_from_mark_to_mark(marked: WindowStand) -> None:
    def shown() -> int | None:
        return marked.selection.time

    moments: list[int | None] = []
    for key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageUp, Qt.Key.Key_PageUp, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
        press(key, ALT)
        moments.append(shown())

    assert moments == [9, 7, 4, 4, 7]
    assert marked.bench.strip.texts["mark"] == "middle"


def test_the_strip_says_nothing_at_a_moment_without_a_mark(marked: WindowStand) -> None:
    marked.selection.look_at(7)
    marked.selection.look_at(6)

    assert marked.bench.strip.texts["mark"] == ""


def test_the_list_has_all_marks_and_goes_to_one(marked: WindowStand) -> None:
    press(Qt.Key.Key_M, ALT | SHIFT)
    dialog = marked.bench.marking.dialog
    assert dialog is not None
    assert [note for _, note in dialog.rows] == ["early", "middle", "no note"]
    dialog.table.setCurrentCell(1, 1)
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)

    assert marked.selection.time == 7
    assert dialog.isVisible()


def test_a_note_is_changed_in_the_list(marked: WindowStand) -> None:
    marked.bench.run("marks.list")
    dialog = marked.bench.marking.dialog
    assert dialog is not None
    item = dialog.table.item(2, 1)
    assert item is not None
    item.setText("late")

    assert marked.session.marks.all[2].note == "late"
    assert kept(marked)[-1].note == "late"
    assert dialog.rows[2][1] == "late"


def test_a_mark_is_taken_away_in_the_list_and_the_next_is_chosen(marked: WindowStand) -> None:
    marked.bench.run("marks.list")
    dialog = marked.bench.marking.dialog
    assert dialog is not None
    dialog.table.setCurrentCell(0, 1)
    QTest.keyClick(dialog.table, Qt.Key.Key_Delete)

    assert [note for _, note in dialog.rows] == ["middle", "no note"]
    assert dialog.table.currentRow() == 0
    assert [mark.gone for mark in kept(marked)][-1]


def test_an_empty_list_says_how_a_mark_is_made(stand: WindowStand) -> None:
    stand.bench.run("marks.list")
    dialog = stand.bench.marking.dialog
    assert dialog is not None

    assert "M puts one at the moment that is shown" in dialog._hint.text()
    assert not dialog.go.isEnabled()


def test_marks_of_a_file_are_shown_and_not_written_again(stand: WindowStand) -> None:
    stand.feed(TargetBegan("file", file="/runs/a.ttt"), MarksRead((Mark("a", 3, 1_000, "from the file"),)))

    assert [mark.note for mark in stand.session.marks.all] == ["from the file"]
    assert kept(stand) == []


def test_a_note_of_a_hostile_file_is_shown_sign_by_sign(stand: WindowStand) -> None:
    note = '<img src="file:///etc/passwd">'
    stand.feed(TargetBegan("file", file="/runs/a.ttt"), MarksRead((Mark("a", 3, 1_000, note),)))
    press(Qt.Key.Key_M, ALT | SHIFT)
    dialog = stand.bench.marking.dialog
    assert dialog is not None
    item = dialog.table.item(0, 1)
    assert item is not None
    shown = QTextDocument()

    shown.setHtml(item.toolTip())

    assert shown.toPlainText() == note


def test_a_note_that_is_being_typed_is_kept_when_the_window_closes(stand: WindowStand) -> None:
    press(Qt.Key.Key_M, ALT)
    QTest.keyClicks(stand.bench.marking.bar.line, "half a no")

    stand.bench.shut()

    assert kept(stand)[-1].note == "half a no"
