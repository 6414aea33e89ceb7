"""What the tests of this panel share."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panels.ledger.panel import LedgerPanel
from tests.helpers.builders import a_session_with_plant
from tests.helpers.panel_stand import PanelStand
from tests.studio.ui.panels.ledger.acting import MakeStand


@pytest.fixture
def make_stand(qtbot: QtBot) -> MakeStand:
    """Make a ledger on screen, on a session or on an empty one."""

    def make(session: Session | None = None, width: int = 700, height: int = 900) -> PanelStand:
        stand = PanelStand(LedgerPanel(), session)
        qtbot.addWidget(stand.widget)
        stand.show(width, height)
        return stand

    return make


@pytest.fixture
def stand(make_stand: MakeStand) -> PanelStand:
    """A ledger that shows a lively plant."""
    return make_stand(a_session_with_plant())
