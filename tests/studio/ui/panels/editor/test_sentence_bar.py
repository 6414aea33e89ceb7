"""The sentence above a text, where there is little room for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.editor.sentence_bar import SentenceBar
from tasktonic_studio.ui.panels.editor.view import EditorView
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.tips import plain_tip
from tests.studio.ui.panels.editor.acting import page_of, write


def test_a_sentence_without_room_for_all_of_it_is_read_from_its_begin_and_whole_in_its_tip(
    qtbot: QtBot, theme: Theme
) -> None:
    bar = SentenceBar(theme)
    qtbot.addWidget(bar)
    sentence = "The app was started with another text of this file, <b> and more words than there is room for."
    bar.say("lines", sentence)
    bar.resize(200, 300)
    label = bar._label
    assert label.alignment() & Qt.AlignmentFlag.AlignVCenter

    bar.resize(200, label.fontMetrics().lineSpacing() * 2)

    assert label.alignment() & Qt.AlignmentFlag.AlignTop
    assert label.toolTip() == plain_tip(sentence)
    bar.resize(200, 300)
    assert label.alignment() & Qt.AlignmentFlag.AlignVCenter


@pytest.mark.parametrize("by_key", [False, True], ids=["by click", "by key"])
def test_the_text_has_the_keys_when_what_was_said_of_it_is_answered(
    view: EditorView, script: Path, qtbot: QtBot, by_key: bool
) -> None:
    view.open_place(str(script))
    write(view, "mine ")
    view.focus_text()
    text = page_of(view).editor.input_widget()
    qtbot.waitUntil(text.hasFocus)
    script.write_text("theirs\n")
    view.beat()
    answer = page_of(view).bar.buttons()[-1]

    if by_key:
        answer.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.waitUntil(answer.hasFocus)
        QTest.keyClick(answer, Qt.Key.Key_Space)
    else:
        QTest.mouseClick(answer, Qt.MouseButton.LeftButton)

    assert page_of(view).bar.sentence == ""
    assert text.hasFocus()


def test_the_text_in_front_has_the_keys_when_what_was_said_of_all_is_answered(
    view: EditorView, script: Path, qtbot: QtBot
) -> None:
    view.open_place(str(script))
    view.bar.say("all", "Something was done.", (("Close", view.bar.take_back),))
    (answer,) = view.bar.buttons()
    answer.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(answer.hasFocus)

    QTest.keyClick(answer, Qt.Key.Key_Space)

    assert page_of(view).editor.input_widget().hasFocus()
