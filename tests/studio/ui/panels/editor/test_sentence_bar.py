"""The sentence above a text, where there is little room for it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.editor.sentence_bar import SentenceBar
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.tips import plain_tip


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
