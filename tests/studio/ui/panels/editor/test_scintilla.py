"""What only Scintilla's editor does."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pyside6_scintilla import Scintilla
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.editor.on_scintilla import numbers
from tasktonic_studio.ui.panels.editor.scintilla import ScintillaEditor
from tasktonic_studio.ui.panels.editor.text_widget import Look
from tasktonic_studio.ui.theme.theme import Theme
from tests.helpers.patience import PATIENCE_S

FOLDED = "class A:\n    def f(self):\n        return 1\n\n\nx = 2\n"

OPEN_EDIT_AND_END = """
import sys
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tasktonic_studio.ui.panels.editor.text_widget import Look
from tasktonic_studio.ui.panels.editor.scintilla import ScintillaEditor
from tasktonic_studio.ui.theme.theme import Theme
app = QApplication([])
theme = Theme("dark")
editors = [ScintillaEditor() for _ in range(3)]
for editor in editors:
    editor.apply_look(Look(theme.color, theme.font("mono")))
    editor.set_text("class A:\\n    def ttsc__a(self): pass\\n")
    editor.show()
    QTest.keyClicks(editor.input_widget(), "if x:")
    QTest.keyClick(editor.input_widget(), Qt.Key.Key_Return)
app.processEvents()
editors[0].deleteLater()
sys.exit(0 if editors[1].text().startswith("if x:") else 1)
"""


@pytest.fixture
def editor(qtbot: QtBot, theme: Theme) -> ScintillaEditor:
    made = ScintillaEditor()
    qtbot.addWidget(made)
    made.apply_look(Look(theme.color, theme.font("mono")))
    made.resize(600, 400)
    made.show()
    return made


def test_nothing_is_reported_when_the_process_ends() -> None:
    ended = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", OPEN_EDIT_AND_END],
        capture_output=True,
        text=True,
        check=False,
        timeout=4 * PATIENCE_S,
    )

    said = [line for line in ended.stderr.splitlines() if "propagateSizeHints" not in line]
    assert (ended.returncode, said, ended.stdout) == (0, [], "")


def test_a_click_in_the_margin_folds(editor: ScintillaEditor) -> None:
    editor.set_text(FOLDED)
    editor.grab()
    edit = editor._edit
    left = edit.marginWidthN(0) + edit.marginWidthN(1) + edit.marginWidthN(2) // 2

    QTest.mouseClick(edit.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(left, edit.textHeight(0) // 2))

    assert not edit.lineVisible(1)
    assert edit.lineVisible(5)


def test_going_to_a_folded_line_unfolds_it(editor: ScintillaEditor) -> None:
    editor.set_text(FOLDED)
    editor.grab()
    editor._edit.foldLine(0, 0)
    assert not editor._edit.lineVisible(2)

    editor.go_to(3)

    assert editor._edit.lineVisible(2)


def test_a_zero_in_the_text_is_no_end(editor: ScintillaEditor) -> None:
    editor.set_text("a\0b")

    assert editor.text() == "a\0b"


def test_colouring_what_is_shown_does_not_call_for_itself(editor: ScintillaEditor, qtbot: QtBot) -> None:
    editor.set_text("self.ttsc__go()\n" * 500)
    with qtbot.waitSignal(editor._edit.painted):
        editor._edit.viewport().update()
    rounds: list[int] = []
    editor._edit.updateUi.connect(rounds.append)

    for _ in range(5):
        editor.grab()

    assert len(rounds) < 10


def test_several_carets_type_at_once(editor: ScintillaEditor) -> None:
    editor.set_text("a\nb\n")
    editor.select(0, 0)
    editor._edit.addSelection(2, 2)

    QTest.keyClicks(editor.input_widget(), "x")

    assert editor.text() == "xa\nxb\n"


def test_our_numbers_are_those_of_the_binding() -> None:
    named = {
        numbers.UTF8_PAGE: Scintilla.CpUtf8,
        numbers.BY_CHARACTERS: Scintilla.LineCharacterIndexType.Utf32,
        numbers.GET_ZOOM: Scintilla.Message.GetZoom,
        numbers.LINE_FEED: Scintilla.EndOfLine.Lf,
        numbers.GUIDES_BOTH: Scintilla.IndentView.LookBoth,
        numbers.NOTES_STANDARD: Scintilla.EOLAnnotationVisible.Standard,
    }
    styles, shapes, elements = Scintilla.IndicatorStyle, Scintilla.MarkerSymbol, Scintilla.Element

    assert [int(number) for number in named.values()] == list(named)
    assert tuple(map(int, (styles.Squiggle, styles.StraightBox, styles.CompositionThin, styles.TextFore))) == (
        numbers.SQUIGGLE,
        numbers.STRAIGHT_BOX,
        numbers.COMPOSITION_THIN,
        numbers.TEXT_FORE,
    )
    assert tuple(map(int, (shapes.Circle, shapes.RoundRect, shapes.Arrow, shapes.Empty, shapes.Background))) == (
        numbers.CIRCLE,
        numbers.ROUND_RECT,
        numbers.ARROW,
        numbers.EMPTY,
        numbers.BACKGROUND,
    )
    assert tuple(map(int, (elements.Caret, elements.CaretAdditional, elements.CaretLineBack, elements.FoldLine))) == (
        numbers.CARET,
        numbers.CARET_ADDITIONAL,
        numbers.CARET_LINE_BACK,
        numbers.FOLD_LINE,
    )
    assert tuple(
        map(int, (elements.SelectionBack, elements.SelectionAdditionalBack, elements.SelectionInactiveBack))
    ) == (numbers.SELECTION_BACK, numbers.SELECTION_ADDITIONAL_BACK, numbers.SELECTION_INACTIVE_BACK)
