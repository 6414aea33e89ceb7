"""The catalysts panel and the app that it shows."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panels.catalysts.panel import CatalystsPanel
from tests.helpers.panel_stand import PanelStand

from .acting import MakeStand, Works


@pytest.fixture
def works() -> Works:
    return Works("stack")


@pytest.fixture
def make_stand(qtbot: QtBot) -> MakeStand:
    """Make a catalysts panel on screen, on a session or on an empty one."""

    def make(session: Session | None = None, width: int = 1000, height: int = 600) -> PanelStand:
        stand = PanelStand(CatalystsPanel(), session)
        qtbot.addWidget(stand.widget)
        stand.show(width, height)
        return stand

    return make
