"""What tests do with the compare panel: choose a file to compare with, read a column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.dialogs import ask
from tasktonic_studio.ui.panels.compare.model import COLUMNS
from tests.helpers.window_stand import WindowStand

LEFT = Qt.MouseButton.LeftButton


def view_in(stand: WindowStand) -> Any:
    return next(panel for panel in stand.panels if panel.id == "compare").view  # type: ignore[attr-defined]


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
