"""The status strip: what it shows of a session, its pills, its keys, and its figures while they come."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.inbox import TargetStatus
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.status_bar import RateMeter, StatusStrip
from tasktonic_studio.ui.theme.stylesheet import dress
from tasktonic_studio.ui.theme.theme import Theme
from tests.helpers.builders import a_session_with_plant


def test_the_meter_counts_events_per_second() -> None:
    now = [0.0]
    meter = RateMeter(lambda: now[0])
    meter.note(0)
    now[0] = 1.0

    assert meter.note(500) == 500


def test_the_meter_falls_to_nothing_when_nothing_comes() -> None:
    now = [0.0]
    meter = RateMeter(lambda: now[0])
    for second in range(4):
        now[0] = float(second)
        meter.note(500 if second == 0 else 1000)

    now[0] = 6.0
    meter.note(1000)

    assert meter.note(1000) == 0


def test_the_meter_begins_anew_with_a_new_target() -> None:
    now = [0.0]
    meter = RateMeter(lambda: now[0])
    meter.note(1000)
    now[0] = 1.0

    assert meter.note(10) == 0


@pytest.fixture
def strip(qtbot: QtBot) -> StatusStrip:
    strip = StatusStrip()
    qtbot.addWidget(strip)
    strip.resize(1440, 32)
    strip.show()
    return strip


def test_the_strip_of_an_empty_session_promises_nothing(strip: StatusStrip) -> None:
    live = Session().live

    strip.show_known(live, live, is_live=True)

    assert strip.texts["state"] == "nothing is watched"
    assert strip.texts["pill"] == "IDLE"
    assert strip.texts["rate"] == ""


def test_the_strip_of_a_running_plant_tells_all(strip: StatusStrip) -> None:
    live = a_session_with_plant().live

    strip.note_arrival(live, live.t_ns + 40_000_000)
    strip.show_known(live, live, is_live=True)

    assert strip.texts["name"] == "watch_me.py"
    assert strip.texts["process"].startswith("pid 4711")
    assert strip.texts["pill"] == "LIVE · 40 ms"
    assert "main_catalyst" in strip.texts["catalysts"]
    assert "worker" in strip.texts["catalysts"]


def test_no_lag_is_told_when_the_clocks_cannot_be_the_same(strip: StatusStrip) -> None:
    live = a_session_with_plant().live

    strip.note_arrival(live, live.t_ns - 1)
    strip.show_known(live, live, is_live=True)

    assert strip.texts["pill"] == "LIVE"


def test_in_the_past_the_pill_says_how_long_ago(strip: StatusStrip) -> None:
    session = a_session_with_plant()
    past = session.at(session.first_n + 40)

    strip.show_known(session.live, past, is_live=False)

    assert strip.texts["pill"].endswith(" ago")
    assert strip.property("past") == "true"


def test_end_goes_live_while_the_strip_has_the_focus(strip: StatusStrip, qtbot: QtBot) -> None:
    from PySide6.QtCore import Qt

    with qtbot.waitSignal(strip.go_live):
        qtbot.keyClick(strip, Qt.Key.Key_End)


def test_pills_that_do_not_fit_are_counted(strip: StatusStrip) -> None:
    live = a_session_with_plant().live
    strip.show_known(live, live, is_live=True)

    strip._pills.resize(90, 22)

    assert strip._pills._more.text() in ("+1", "+2")


@pytest.mark.parametrize("size, width", [(1.0, 640), (2.0, 900)])
def test_a_catalyst_is_in_sight_in_a_narrow_strip_and_with_large_text(
    strip: StatusStrip, qapp: QApplication, size: float, width: int, qtbot: QtBot
) -> None:
    dress(qapp, Theme("dark", text_scale=size))
    session = a_session_with_plant()
    session.apply([TargetStatus("running", "running since 16:33 with everything that the plant has done on that day")])
    strip.show()

    strip.resize(width, 60)
    strip.show_known(session.live, session.live, is_live=True)

    qtbot.waitUntil(lambda: strip.width() == width and any(pill.isVisible() for pill in strip._pills._pills.values()))


def test_a_short_state_is_never_cut_also_with_large_text(strip: StatusStrip, qapp: QApplication, qtbot: QtBot) -> None:
    dress(qapp, Theme("dark", text_scale=2.0))
    session = a_session_with_plant()
    strip.show()

    strip.resize(1440, 60)
    strip.show_known(session.live, session.live, is_live=True)
    qtbot.waitUntil(lambda: strip.width() == 1440)
    strip.show_known(session.live, session.live, is_live=True)

    assert strip._state.text() == strip.texts["state"] == "running"
