"""What the tests of this panel share."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panels.inspector.panel import InspectorPanel
from tests.helpers.builders import Plant, a_session_with_plant, plant_of
from tests.helpers.panel_stand import MakeStand, PanelStand, stands_of


@pytest.fixture
def make_stand(qtbot: QtBot) -> MakeStand:
    """Make an inspector on screen, on a session or on an empty one."""
    return stands_of(InspectorPanel, qtbot, 400, 900)


@pytest.fixture
def stand(make_stand: MakeStand) -> PanelStand:
    """An inspector on a lively plant, with nothing selected."""
    return make_stand(a_session_with_plant())


@pytest.fixture
def session() -> Session:
    return a_session_with_plant()


@pytest.fixture
def plant(session: Session) -> Plant:
    return plant_of(session)
