"""The catalysts panel and the app that it shows."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.catalysts.panel import CatalystsPanel
from tests.helpers.panel_stand import MakeStand, stands_of

from .acting import Works


@pytest.fixture
def works() -> Works:
    return Works("stack")


@pytest.fixture
def make_stand(qtbot: QtBot) -> MakeStand:
    """Make a catalysts panel on screen, on a session or on an empty one."""
    return stands_of(CatalystsPanel, qtbot, 1000, 600)
