"""Calendar timers while the wall clock is set and the machine sleeps."""

from __future__ import annotations

from typing import Any

import pytest

from tasktonic import (
    ttTimerEveryDay,
    ttTimerEveryMinute,
    ttTimerEveryYear,
)
from tasktonic.calendar_timers import LAST_DAY_WAIT_NS, LONGEST_WAIT_NS, SET_BACK_S
from tasktonic.held import hold_now, release_now
from tests.helpers.calendar_desk import DAY, HOUR, MINUTE, Desk, at_desk
from tests.helpers.movable_clock import SECOND_NS


@pytest.mark.parametrize("cls, wait_ns", [(ttTimerEveryYear, LONGEST_WAIT_NS), (ttTimerEveryDay, LAST_DAY_WAIT_NS)])
def test_timer_looks_at_the_wall_clock_again_and_again(cls: Any, wait_ns: int) -> None:
    def work(desk: Desk) -> int:
        desk.make(cls)
        return int(desk.catalyst.timers.next_due_ns() - desk.clock.now)

    assert at_desk(work) == wait_ns


def test_time_that_the_clock_was_put_forward_over_fires_at_the_next_look() -> None:
    def work(desk: Desk) -> list[str]:
        desk.make(ttTimerEveryDay, 13)
        desk.clock.set_wall("2026-11-25 13:30")
        desk.pass_s(LAST_DAY_WAIT_NS / SECOND_NS)
        desk.pass_s(DAY)
        return desk.fired

    assert at_desk(work) == ["2026-11-25 13:40:00", "2026-11-26 13:00:00"]


def test_what_a_sleeping_machine_missed_fires_once() -> None:
    def work(desk: Desk) -> list[str]:
        desk.make(ttTimerEveryDay, 13)
        desk.clock.set_wall("2026-11-29 18:00")  # it slept for days, and its own count stood still
        desk.pass_s(DAY)
        return desk.fired

    assert at_desk(work) == ["2026-11-29 18:10:00", "2026-11-30 13:00:00"]


def test_stall_is_skipped_and_never_bursts() -> None:
    def work(desk: Desk) -> list[str]:
        desk.make(ttTimerEveryMinute)
        desk.clock.move(round(10.5 * MINUTE) * SECOND_NS)
        desk.clock.fire_due(desk.catalyst)
        desk.pass_s(MINUTE)
        return desk.fired

    assert at_desk(work) == ["2026-11-25 12:10:30", "2026-11-25 12:11:00"]


def test_clock_that_is_put_forward_brings_a_time_nearer() -> None:
    def work(desk: Desk) -> list[str]:
        desk.make(ttTimerEveryDay, 18)
        desk.clock.set_wall("2026-11-25 17:30")
        desk.pass_s(HOUR)
        return desk.fired

    assert at_desk(work) == ["2026-11-25 18:00:00"]


def test_clock_that_is_put_back_puts_a_time_off() -> None:
    def work(desk: Desk) -> list[str]:
        desk.make(ttTimerEveryDay, 13)
        desk.pass_s(0.9 * HOUR)
        desk.clock.set_wall("2026-11-25 12:00")
        desk.pass_s(0.9 * HOUR)
        assert desk.fired == []
        desk.pass_s(HOUR)
        return desk.fired

    assert at_desk(work) == ["2026-11-25 13:00:00"]


def test_what_has_fired_does_not_fire_again_when_the_clock_is_put_back_a_little() -> None:
    def work(desk: Desk) -> list[str]:
        desk.make(ttTimerEveryDay, 13)
        desk.pass_s(HOUR)
        desk.clock.set_wall("2026-11-25 12:00")
        desk.pass_s(DAY)
        desk.pass_s(2 * HOUR)
        return desk.fired

    assert at_desk(work) == ["2026-11-25 13:00:00", "2026-11-26 13:00:00"]


def test_calendar_begins_anew_when_the_clock_is_put_back_a_lot() -> None:
    def work(desk: Desk) -> list[str]:
        desk.make(ttTimerEveryYear, 12, 1)
        desk.pass_s(7 * DAY)
        desk.clock.set_wall("1999-11-25 12:00")  # a machine that began with a wrong clock
        desk.pass_s(7 * DAY)
        return desk.fired

    assert at_desk(work, "2099-11-25 12:00") == ["2099-12-01 00:00:00", "1999-12-01 00:00:00"]


@pytest.mark.parametrize("back_s, times", [(SET_BACK_S, 1), (SET_BACK_S + LAST_DAY_WAIT_NS // SECOND_NS + 1, 2)])
def test_three_hours_are_where_a_correction_ends(back_s: int, times: int) -> None:
    def work(desk: Desk) -> int:
        desk.make(ttTimerEveryDay, 12, second=1)
        desk.pass_s(1)
        desk.clock.wall -= back_s * SECOND_NS
        desk.pass_s(6 * HOUR)
        return len(desk.fired)

    assert at_desk(work) == times


def test_traveller_has_the_time_of_the_zone_the_machine_is_in(local_zone: Any) -> None:
    def work(desk: Desk) -> list[str]:
        local_zone("XYZ-1")
        desk.make(ttTimerEveryDay, 18, zone=None)
        local_zone("XYZ-4")
        desk.pass_s(DAY)
        return desk.fired

    assert at_desk(work) == ["2026-11-25 14:00:00"]


def test_brake_does_not_hold_the_calendar() -> None:
    def work(desk: Desk) -> list[str]:
        desk.make(ttTimerEveryDay, 12, 5)
        hold_now(desk.catalyst)
        desk.clock.move(4 * MINUTE * SECOND_NS)
        release_now(desk.catalyst, desk.catalyst.releases + 1)
        desk.pass_s(10 * MINUTE)
        return desk.fired

    assert at_desk(work) == ["2026-11-25 12:05:00"]
