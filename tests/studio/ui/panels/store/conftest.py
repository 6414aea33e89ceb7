"""What the tests of this panel share."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.store.panel import StorePanel
from tests.helpers.panel_stand import MakeStand, stands_of


@pytest.fixture
def make_stand(qtbot: QtBot) -> MakeStand:
    """Make a store panel on screen, on a session or on an empty one."""
    return stands_of(StorePanel, qtbot, 700, 600)
