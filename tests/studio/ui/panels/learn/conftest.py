"""What the tests of this panel share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.helpers.panel_stand import PanelStand
from tests.studio.ui.panels.learn.acting import a_stand


@pytest.fixture
def stand(qtbot: QtBot, tmp_path: Path) -> Iterator[PanelStand]:
    """A Learn panel with one lesson, on screen."""
    stand = a_stand(tmp_path)
    stand.show()
    yield stand
    stand.close()
