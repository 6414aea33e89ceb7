"""A log service of one's own: a report at the end, beside the usual lines on the screen.

A log service is a class with one method, write. It gets what the log modes let through, one record after the other, in a
thread of its own: so it may take its time, needs no locks, and no sparkle ever waits for it. Two places are named in
tasktonic/log/to here, so everything goes to both. Baker and oven are in mode FULL, so that the service sees every sparkle
of theirs; nothing is said of the rest of the app, whose mode is STEALTH.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from tasktonic import ttFormula, ttLog, ttLogService, ttTimerRepeat, ttTonic


class Report(ttLogService):
    """Counts what each tonic did, and prints that when the app has ended."""

    def __init__(self) -> None:
        super().__init__()
        self.sparkles: Counter[tuple[str, str]] = Counter()
        self.said: Counter[str] = Counter()
        self.errors: list[str] = []

    def write(self, record: Any) -> None:
        if record.event == "ran":
            self.sparkles[record.name, record.sparkle] += 1
        elif record.event == "said":
            self.said[record.name] += 1
        elif record.event == "raised":
            self.errors.append(f"{record.name}: {record.line}")

    def close(self) -> None:
        print("who      what                 how often")
        for (name, sparkle), count in sorted(self.sparkles.items()):
            print(f"{name:8} {sparkle:20} {count:9}")
        for name, count in self.said.items():
            print(f"{name:8} {'(said something)':20} {count:9}")
        for error in self.errors:
            print(error)


class Oven(ttTonic):
    """Bakes what it is given; the fourth loaf is one too many."""

    def __init__(self) -> None:
        super().__init__(name="oven", log_mode=ttLog.FULL)
        self.loaves = 0

    def ttsc__bake(self) -> None:
        if self.loaves == 3:
            raise OverflowError("the oven is full")
        self.loaves += 1
        self.log(f"loaf {self.loaves} is in")


class Baker(ttTonic):
    def __init__(self) -> None:
        super().__init__(name="baker", log_mode=ttLog.FULL)
        self.oven = self.bind(Oven)
        self.doughs = 0

    def ttse__on_start(self) -> None:
        self.knead = self.bind(ttTimerRepeat, seconds=0.02, name="kneaded")

    def ttse__on_kneaded(self, info: dict[str, Any]) -> None:
        self.doughs += 1
        self.oven.ttsc__bake()
        if self.doughs == 4:
            self.knead.stop()
            self.ttsc__go_home()

    def ttsc__go_home(self) -> None:
        self.log("enough for today")
        self.finish()


class Bakery(ttFormula):
    def creating_formula(self) -> tuple[tuple[str, Any], ...]:
        return (
            ("tasktonic/log/service#", Report),
            ("tasktonic/log/service./name", "report"),
            ("tasktonic/log/to", "screen, report"),
            ("tasktonic/log/default", ttLog.STEALTH),
        )

    def creating_starting_tonics(self) -> None:
        Baker()


if __name__ == "__main__":
    Bakery()
