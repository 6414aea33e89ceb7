"""A timeline on screen, on a plant or on what a test writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panels.timeline.panel import TimelinePanel
from tests.helpers.builders import EventWriter, a_session_with_plant
from tests.helpers.panel_stand import PanelStand, stands_that_close

MakeStand = Callable[..., PanelStand]


@pytest.fixture
def make_stand(qtbot: QtBot) -> Iterator[MakeStand]:
    """Make a timeline on screen, on a session or on an empty one."""

    def make(session: Session | None = None, width: int = 1100, height: int = 420, theme: str = "dark") -> PanelStand:
        return shown(PanelStand(TimelinePanel(), session, theme), width, height)

    with stands_that_close() as shown:
        yield make


@pytest.fixture
def stand(make_stand: MakeStand) -> PanelStand:
    """A timeline of a lively plant."""
    return make_stand(a_session_with_plant())


class TwoCatalysts(EventWriter):
    """Writes what an app on two catalysts does: ``main`` with a tonic ``boss``, ``side`` with ``helper``."""

    def __init__(self) -> None:
        super().__init__()
        main, side = self.catalyst("main"), self.catalyst("side")
        self.boss = self.born("Boss", "boss", catalyst=main)
        self.helper = self.born("Helper", "helper", catalyst=side)


@pytest.fixture
def writer() -> TwoCatalysts:
    """An app of which nothing has run yet."""
    return TwoCatalysts()
