"""Timers, and what they call."""

import datetime
from typing import Any, assert_type

from tasktonic import *


class Clock(ttTonic):
    def ttse__on_start(self) -> None:
        once = self.bind(ttTimerSingleShot, 5.0, name="once")
        assert_type(once, ttTimerSingleShot)
        assert_type(once.stop().restart().change_period(minutes=5), ttTimerSingleShot)
        assert_type(once.is_running, bool)
        ttTimerRepeat(seconds=1, sparkle_back=self.ttse__on_tick)
        ttTimerRepeat(seconds=1, sparkle_back=lambda info: self.log(info["name"]))
        ttTimerPausing(seconds="1")  # ! arg-type
        ttTimerRepeat(1, sparkle_back=self.ttsc__count)  # ! arg-type
        ttTimerRepeat(1, sparkle_back=5)  # ! arg-type
        once.stopp()  # ! attr-defined

        daily = ttTimerEveryDay(time_str="07:30", zone="Europe/Amsterdam", sparkle_back=self.ttse__on_tick)
        assert_type(daily.change_time(8, 30).pause(), ttTimerEveryDay)
        assert_type(daily.next_time, datetime.datetime | None)
        ttTimerEveryYear("march", -1, hour=9, zone=datetime.timezone.utc)
        ttTimerEveryYear(week=53, day="friday")
        ttTimerEveryMonth(day="monday", in_week="first")  # ! arg-type
        ttTimerEveryDay(hour=2.5)  # ! arg-type
        ttTimerEveryWeek("monday", zone=5)  # ! arg-type

    def ttse__on_tick(self, info: dict[str, Any]) -> None: ...

    def ttsc__count(self, step: int) -> None: ...
