"""A picture shows a tonic that tells something."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.session import Session
from tasktonic_studio.snapshot import most_telling, show_one_moment
from tasktonic_studio.ui.frame_clock import FrameClock
from tasktonic_studio.ui.widgets.throttle import Throttle
from tests.helpers.builders import a_session_with_plant, plant_of


def test_the_most_telling_tonic_is_alive_has_a_state_and_a_timer() -> None:
    session = a_session_with_plant()

    essence = most_telling(session.live)

    assert essence is not None
    assert session.live.state_name(essence) != "--"
    assert session.live.timers_of(essence)


def test_a_tonic_can_be_asked_for_by_name() -> None:
    session = a_session_with_plant()

    assert most_telling(session.live, "valve 6") == plant_of(session).valves[1]


def test_an_empty_session_has_none() -> None:
    assert most_telling(Session().live) is None


def test_all_panels_of_a_picture_show_one_moment(qtbot: QtBot) -> None:
    window, clock = QWidget(), FrameClock(list, lambda _items: Changes())
    qtbot.addWidget(window)
    shown: list[str] = []
    panels = {name: QWidget(window) for name in ("ledger", "inspector")}
    waits = [Throttle(10_000_000, partial(shown.append, name), panel) for name, panel in panels.items()]
    for throttle in waits:
        throttle.ask()  # at once
    waits[1].ask()  # and once more, later

    show_one_moment(window, clock)

    assert shown == ["ledger", "inspector", "inspector"]
    clock.stop()
