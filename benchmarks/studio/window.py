"""The real Studio in this process: steps of a person in its window, and a probe that says how long its loop was away."""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from tasktonic_studio.long_lived import LongLived
from tests.helpers import real_studio
from tests.helpers.real_studio import Person, run_studio

EVERY_MS: Final = 4


class LoopProbe:
    """Comes by every few milliseconds, and notes how much later than that it came: so long the loop was away."""

    def __init__(self) -> None:
        self.gaps_ms: list[float] = []
        self._last = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._on_timeout)

    def start(self) -> None:
        """Begin anew."""
        self.gaps_ms = []
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> dict[str, float]:
        """No further. Returns the longest gap, the 99th and the 95th of a hundred."""
        self._timer.stop()
        return gaps_of(self.gaps_ms)

    def _on_timeout(self) -> None:
        now = time.perf_counter()
        self.gaps_ms.append(max((now - self._last) * 1e3 - EVERY_MS, 0.0))
        self._last = now


def gaps_of(gaps_ms: Sequence[float]) -> dict[str, float]:
    """Longest, p99 and p95 of gaps, in milliseconds.

    A moment within the time is taken at random, not a gap: of a second with one gap of 100 ms a tenth is lost, not one of two
    hundred visits. So each gap counts for as long as it was.
    """
    ordered = sorted(gaps_ms)
    total = sum(gap + EVERY_MS for gap in ordered)
    found = {"longest": ordered[-1] if ordered else math.nan, "p99": 0.0, "p95": 0.0}
    for name, share in (("p99", 0.99), ("p95", 0.95)):
        passed = 0.0
        for gap in ordered:
            passed += gap + EVERY_MS
            if passed >= share * total:
                found[name] = gap
                break
    return found


def collect_seldom() -> None:
    """Have garbage looked for as in the Studio once its window is there: what is asked is the window, not what made it."""
    LongLived(parent=QApplication.instance()).begin()


def use_studio(
    arguments: list[str], steps: Callable[[Person], Generator[Callable[[], Any], None, None]], patience_s: float = 300
) -> None:
    """Run the Studio with these arguments, take the steps, close it. A condition may take so long to come true."""
    real_studio.PATIENCE_S = patience_s  # type: ignore[misc]
    with tempfile.TemporaryDirectory(prefix="tt-") as folder:
        run_studio(arguments, steps, Path(folder, "failed.png"))
