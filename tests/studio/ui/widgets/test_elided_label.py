"""A label of one line that is cut where it does not fit."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.widgets.elided_label import ElidedLabel

LONG = "a name that is much longer than the place there is for it"


def test_what_does_not_fit_ends_in_an_ellipsis(qtbot: QtBot) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.resize(90, 20)

    label.show_text(LONG)

    assert label.text().endswith("…")
    assert label.fontMetrics().horizontalAdvance(label.text()) <= 90
    assert (label.whole, label.toolTip(), label.accessibleName()) == (LONG, LONG, LONG)


def test_all_of_it_is_shown_again_when_there_is_room(qtbot: QtBot) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.resize(90, 20)
    label.show_text(LONG)
    label.show()

    label.resize(900, 20)

    qtbot.waitUntil(lambda: label.text() == LONG)
