"""How long one waits before there is anything to look at: the Studio itself, and a script that it starts.

The start is that of a person who has started it before: what Python compiled then is there. Age is counted from the start of
the process by the kernel's clock; modules of tests that this needs to look at the window are within, some 20 ms of it.
"""

from __future__ import annotations

import gc
import os
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from studio.apart import measure_apart
from studio.rows import Row, resident_mb
from studio.window import use_studio
from tasktonic_studio.ui.main_window import MainWindow
from tests.helpers.real_studio import Person

TIMES = 5
PLANT = Path(__file__).resolve().parents[2] / "examples" / "watch_me.py"

ROWS = (
    ("cold start to a usable window", 1.5, "s", "start_s"),
    ("of that: Python, Qt and the Studio's modules are loaded", None, "s", "loaded_s"),
    ("of that: the window is made", None, "s", "made_s"),
    ("of that: it is on screen and answers", None, "s", "painted_s"),
    ("cold start: processor time of it all", None, "s", "processor_s"),
    ("F5 to the first row of the ledger", 0.7, "s", "ledger_s"),
    ("memory when idle, on the start page", 250, "MB", "idle_mb"),
)


def rows(scale: float) -> Iterator[Row]:
    """Start and idle memory; the median of some starts, after one that warms the disk. A look at it takes fewer."""
    with tempfile.TemporaryDirectory(prefix="tt-") as folder:
        times = TIMES + 1 if scale >= 1.0 else 2
        found = [measure_apart("starting", "started", bytecode=folder) for _ in range(times)][1:]
    for what, goal, unit, key in ROWS:
        values = sorted(it[key] for it in found)
        yield Row(
            what, goal, unit, values[len(values) // 2], f"{values[0]:.3g} to {values[-1]:.3g}, {len(values)} starts"
        )


class _Shown(QObject):
    """Notes how old the process was when the window came on screen."""

    def __init__(self) -> None:
        super().__init__()
        self.at_s = 0.0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.at_s and event.type() == QEvent.Type.Show and isinstance(watched, MainWindow):
            self.at_s = age_s()
        return False


def age_s() -> float:
    """How long ago this process was started, to a hundredth of a second."""
    after_name = Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    began_s = int(after_name[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - began_s


def started() -> dict[str, Any]:
    """Start the Studio, and in it the plant. In a process of its own."""
    found: dict[str, Any] = {}
    loaded_s = age_s()
    application = QApplication(["studio"])
    shown = _Shown()
    application.installEventFilter(shown)

    def steps(person: Person) -> Generator[Callable[[], Any], None, None]:
        # The window is on screen, active, and its loop turns; what the process did before is within.
        found["start_s"], found["processor_s"] = age_s(), time.process_time()
        application.removeEventFilter(shown)
        found["loaded_s"], found["made_s"] = loaded_s, shown.at_s - loaded_s
        found["painted_s"] = found["start_s"] - shown.at_s
        yield lambda: person.bench.clock.is_idle
        gc.collect()
        found["idle_mb"] = resident_mb()
        ledger = person.bench.area.dock("ledger").widget()
        person.bench.requests.launch(str(PLANT), ("1",))
        yield lambda: person.live.target.status == "ended"
        emptied: list[bool] = []
        # Of the run before there are rows until the ledger is told that another one has begun.
        ledger.model.modelReset.connect(lambda: emptied.append(True))
        began = time.perf_counter()
        person.bench.run("run.start")
        yield lambda: bool(emptied) and person.live.target.status != "ended" and ledger.model.matches > 0
        found["ledger_s"] = time.perf_counter() - began

    use_studio([], steps)
    return found
