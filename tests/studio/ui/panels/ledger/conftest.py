"""What the tests of this panel share."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.ledger.panel import LedgerPanel
from tests.helpers.builders import a_session_with_plant
from tests.helpers.panel_stand import MakeStand, PanelStand, stands_of


@pytest.fixture
def make_stand(qtbot: QtBot) -> MakeStand:
    """Make a ledger on screen, on a session or on an empty one."""
    return stands_of(LedgerPanel, qtbot, 700, 900)


@pytest.fixture
def stand(make_stand: MakeStand) -> PanelStand:
    """A ledger that shows a lively plant."""
    return make_stand(a_session_with_plant())
