"""Recordings of a real house, and the real window that has one of them open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tasktonic.testing.building import end_what_is_left
from tasktonic_studio.ui.panel_list import all_panels
from tests.helpers.recorded_houses import MakeWindow, Record, opens, recorded
from tests.helpers.window_stand import WindowStand
from tests.studio.ui.panels.compare.acting import compared


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    """Runs the house under a distiller and gives the file of its trace."""

    def record(name: str, code: str = "4711", seed: int = 0) -> Path:
        return recorded(tmp_path / f"{name}.ttt", code, seed)

    yield record
    end_what_is_left()


@pytest.fixture
def make_window(qtbot: QtBot, tmp_path: Path) -> Iterator[MakeWindow]:
    """Make a window with every panel there is, that has a file open, and closes with the test."""
    made: list[WindowStand] = []

    def make(file: Path | None = None, arrangement: str = "analyse", theme: str = "dark") -> WindowStand:
        stand = WindowStand(tmp_path, panels=all_panels(), theme=theme, settings={"arrangement": arrangement})
        made.append(stand)
        stand.window.show()
        if file is not None:
            opens(stand, file)
        with qtbot.waitActive(stand.window):
            stand.window.activateWindow()
        return stand

    yield make
    for stand in made:
        stand.close()


@pytest.fixture
def different(
    make_window: MakeWindow, record: Record, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> tuple[WindowStand, Any]:
    """A window that compares a house with one whose door has another code."""
    stand = make_window(record("here"))
    return stand, compared(stand, qtbot, record("there", code="4712"), monkeypatch)
