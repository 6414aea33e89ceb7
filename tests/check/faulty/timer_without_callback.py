"""Timers that have nothing to call."""

from tasktonic import ttTimerEveryDay, ttTimerRepeat, ttTimerSingleShot, ttTonic


class Clock(ttTonic):
    def __init__(self):
        super().__init__()
        ttTimerSingleShot(1)  # expect: timer-without-callback

    def ttse__on_start(self):
        self.bind(ttTimerSingleShot, 5)  # expect: timer-without-callback
        self.bind(ttTimerRepeat, seconds=1, name="tick")
        self.bind(ttTimerRepeat, 1, 0, 0, 0, "tock")  # expect: timer-without-callback
        self.bind(ttTimerEveryDay, hour=7)  # expect: timer-without-callback
        self.bind(ttTimerSingleShot, 5, sparkle_back=self.ttse__on_tick)

    def ttse__on_tick(self, info):
        self.log("tick")
