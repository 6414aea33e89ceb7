"""A test that was just made is tried once, and what is said of it is short."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.trial import Trial


def test_a_test_that_was_made_is_named_by_its_short_path_once(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "tests" / "test_pump.py"
    file.parent.mkdir()
    file.write_text("", encoding="utf-8")
    told: list[tuple[str, str, str]] = []
    owner = QObject()
    trial = Trial(lambda *said: told.append(said), owner)

    trial.try_out(str(file), str(tmp_path / "no_python"), "Run it in Tests.")
    qtbot.waitUntil(lambda: bool(told))

    assert told[0][0] == (
        "The test is in tests/test_pump.py. It could not be tried: the Python of the app could not be started. Run it in Tests."
    )
    trial.shut()
