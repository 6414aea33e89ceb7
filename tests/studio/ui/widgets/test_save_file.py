"""Files that are written in a thread: on good days and bad ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.widgets.save_file import Saving


@pytest.fixture
def saving() -> Iterator[Saving]:
    owner = QObject()
    saving = Saving(owner)
    yield saving
    saving.finish()


def test_half_a_character_does_not_keep_a_file_from_being_written(saving: Saving, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(saving.ended) as ended:
        saving.start(str(tmp_path / "rows.csv"), lambda: ["pump\ud800\r\n", "valve\r\n"])

    assert ended.args == [""]
    assert (tmp_path / "rows.csv").read_bytes() == b"pump?\r\nvalve\r\n"


def test_a_fault_while_a_file_is_made_is_told_and_leaves_nothing(saving: Saving, qtbot: QtBot, tmp_path: Path) -> None:
    def lines() -> Iterator[str]:
        yield "pump\r\n"
        raise KeyError("valve")

    with qtbot.waitSignal(saving.ended) as ended:
        saving.start(str(tmp_path / "rows.csv"), lines)

    assert ended.args == ["rows.csv was not written: it failed inside the Studio, KeyError: 'valve'."]
    assert list(tmp_path.iterdir()) == []


def test_a_place_where_nothing_can_be_is_told(saving: Saving, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    place = tmp_path / "plain" / "rows.csv"

    with qtbot.waitSignal(saving.ended) as ended:
        saving.start(str(place), lambda: ["pump\r\n"])

    assert ended.args == [f"{place} could not be written: Not a directory. Choose another place."]
