"""Calendar timers: an alarm clock that rings at a time of day, and knows its owner's appointments.

Other timers count seconds; these go by the clock on the wall, in the zone of this machine or in any other. So that nobody has to
wait until tomorrow, the alarm is set to two seconds from now.
"""

from __future__ import annotations

import datetime
from typing import Any

from tasktonic import (
    ttFormula,
    ttTimerEveryDay,
    ttTimerEveryMonth,
    ttTimerEveryWeek,
    ttTimerEveryYear,
    ttTimerSingleShot,
    ttTonic,
)


class AlarmClock(ttTonic):
    """Rings, lets you sleep a little more, and rings again."""

    def __init__(self) -> None:
        super().__init__(name="alarm clock")

    def ttse__on_start(self) -> None:
        soon = datetime.datetime.now().astimezone() + datetime.timedelta(seconds=2)
        self.bind(ttTimerEveryDay, time_str=soon.strftime("%H:%M:%S"), name="alarm")

        # A name that no sparkle goes by would call ttse__on_timer; these four all mean "appointment".
        appointments = [
            self.bind(ttTimerEveryWeek, "tuesday", 18, 30, name="choir"),
            self.bind(ttTimerEveryMonth, -1, hour=17, name="write the invoices"),
            self.bind(ttTimerEveryMonth, "sunday", in_week=2, time_str="10:00", name="brunch"),
            self.bind(ttTimerEveryYear, "july", 20, hour=20, minute=17, second=40, zone="UTC", name="moon landing"),
        ]
        for timer in appointments:
            self.log(f"{timer.next_time:%a %d %b %Y %H:%M}: {timer.name}")

    def ttse__on_timer(self, info: dict[str, Any]) -> None:
        self.log(f"it is time: {info['name']}")

    def ttse__on_alarm(self, info: dict[str, Any]) -> None:
        self.log("rrring! five more minutes, please")
        self.bind(ttTimerSingleShot, seconds=0.5, name="snooze")  # five very short minutes

    def ttse__on_snooze(self, info: dict[str, Any]) -> None:
        self.log("rrring! good morning")
        self.finish()


class Bedroom(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen", "tasktonic/log/default": "quiet"}

    def creating_starting_tonics(self) -> None:
        AlarmClock()


if __name__ == "__main__":
    Bedroom()
