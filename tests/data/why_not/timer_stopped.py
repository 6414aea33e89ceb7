"""An alarm that is stopped before it rings."""

from tasktonic import ttFormula, ttTimerRepeat, ttTonic


class Clock(ttTonic):
    def ttse__on_start(self):
        self.alarm = self.bind(ttTimerRepeat, seconds=3600, name="alarm")
        self.ttsc__hush()

    def ttsc__hush(self):
        self.alarm.stop()
        self.log("no alarm today")

    def ttse__on_alarm(self, info):
        self.log("get up")


class App(ttFormula):
    def creating_starting_tonics(self):
        Clock(name="clock")


if __name__ == "__main__":
    App()
