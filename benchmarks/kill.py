"""How much is missing of a flooded app that is killed while it is recorded; at most 250 ms are promised.

    python benchmarks/kill.py [--kills 30] [--busy 2]

The app is a tonic that calls itself without pause, started by ``tasktonic record``. It notes the time of each call in shared
memory, and is killed by SIGKILL at some moment. The figure is the age that the first call had then that is not in the file: all
that is older is there. ``--busy`` has so many endless loops run beside it.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tasktonic.events import Ordered
from tasktonic.trace import TraceReader

ROOT = Path(__file__).resolve().parents[1]

CALLS = 1 << 20
"""So many times are kept: of more than can be missing."""

APP = """
import mmap, struct, sys, time
from tasktonic import ttFormula, ttTonic

file = open(sys.argv[1], "r+b")
notes = mmap.mmap(file.fileno(), 0)
calls = len(notes) // 8

class Flood(ttTonic):
    def ttse__on_start(self):
        self.ttsc__go(0)

    def ttsc__go(self, number):
        self.ttsc__go(number + 1)
        struct.pack_into("<q", notes, number % calls * 8, time.monotonic_ns())

class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off"}

    def creating_starting_tonics(self):
        Flood(name="flood")

App()
"""


@contextlib.contextmanager
def busy_loops(count: int) -> Iterator[None]:
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def missing_ms(folder: Path) -> tuple[float, int, int]:
    """Age in milliseconds of the first call that is missing after one kill, and how many runs were kept and left out before."""
    script, notes, trace = folder / "app.py", folder / "notes", folder / "run.ttt"
    script.write_text(APP, encoding="utf-8")
    notes.write_bytes(bytes(8 * CALLS))
    command = [sys.executable, "-m", "tasktonic", "record", "-o", str(trace), str(script), str(notes)]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}) as app:
        while not any(notes.read_bytes()[:8]) and app.poll() is None:
            time.sleep(0.02)
        time.sleep(0.5 + random.random())
        if app.poll() is not None:
            sys.exit("The app has ended by itself.")
        app.kill()
    times = array("q", notes.read_bytes())
    with TraceReader(trace) as reader:
        kept, lost = sum(span.runs for span in reader.spans), sum(gap.runs for _, gap in reader.gaps())
        latest = reader.happened(max(0, reader.spans[-1].first - 10))
        calls = [event.arguments for _, event in latest if isinstance(event, Ordered) and event.arguments]
    # The last call that was recorded had not begun to run yet.
    first_missing = int(calls[-1].removeprefix("number="))
    began_ns = times[first_missing % CALLS] or max(times)  # nothing is missing when it never ran
    return (max(times) - began_ns) / 1e6, kept, lost


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--busy", type=int, default=0, metavar="LOOPS", help="so many endless loops beside it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, busy_loops(options.busy):
        taken = [missing_ms(Path(folder)) for _ in range(options.kills)]
    missing = sorted(ms for ms, _, _ in taken)
    tenth = missing[int(0.9 * len(missing))]
    print(f"{len(missing)} kills beside {options.busy} busy loops, load {os.getloadavg()[0]:.1f}")
    print(
        f"missing: median {statistics.median(missing):.0f} ms, nine of ten {tenth:.0f} ms, longest {missing[-1]:.0f} ms"
    )
    print(f"runs: {sum(kept for _, kept, _ in taken):,} kept, {sum(lost for _, _, lost in taken):,} left out")


if __name__ == "__main__":
    main()
