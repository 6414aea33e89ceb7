"""How often a row of controls measures what is in it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.widgets.flow_row import FlowRow


def test_a_row_is_measured_again_only_when_something_in_it_has_changed(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    row = FlowRow(holder)
    labels = [QLabel(word) for word in ("first", "between", "last")]
    for label in labels:
        row.addWidget(label)
    holder.show()
    measured: list[int] = []
    usual = FlowRow._lines

    def counted(asked: FlowRow, width: int) -> list[list[object]]:
        measured.append(width)
        return usual(asked, width)  # type: ignore[return-value]

    monkeypatch.setattr(FlowRow, "_lines", counted)
    wide = sum(label.sizeHint().width() for label in labels) + 100

    heights = {row.heightForWidth(wide) for _ in range(5)}
    assert measured.count(wide) <= 1
    labels[1].setText("between " * 200)
    after = row.heightForWidth(wide)

    assert len(heights) == 1
    assert after > min(heights)
    labels[1].hide()
    assert row.heightForWidth(wide) == min(heights)
