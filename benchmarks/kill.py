"""How much is missing of a flooded app that is killed while it is recorded; at most 250 ms are promised.

    python benchmarks/kill.py [--kills 30] [--busy 2]

The app is a tonic that calls itself without pause, started by ``tasktonic record``. It notes the time into a shared page after each
call, and is killed by SIGKILL at some moment. Missing is what lies between its last note and the last event in the file.
``--busy`` has so many endless loops run beside it.
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
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tasktonic.trace import TraceReader

ROOT = Path(__file__).resolve().parents[1]

APP = """
import mmap, sys, time
from tasktonic import ttFormula, ttTonic

file = open(sys.argv[1], "r+b")
page = mmap.mmap(file.fileno(), 8)

class Flood(ttTonic):
    def ttse__on_start(self):
        self.ttsc__go(0)

    def ttsc__go(self, number):
        self.ttsc__go(number + 1)
        page[:] = time.monotonic_ns().to_bytes(8, "little")

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


def noted_ns(page: Path) -> int:
    return int.from_bytes(page.read_bytes(), "little")


def missing_ms(folder: Path) -> tuple[float, int, int]:
    """Milliseconds that are missing after one kill, and how many runs were kept and left out before."""
    script, page, trace = folder / "app.py", folder / "page", folder / "run.ttt"
    script.write_text(APP, encoding="utf-8")
    page.write_bytes(bytes(8))
    command = [sys.executable, "-m", "tasktonic", "record", "-o", str(trace), str(script), str(page)]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}) as app:
        while not noted_ns(page) and app.poll() is None:
            time.sleep(0.02)
        time.sleep(0.5 + random.random())
        if app.poll() is not None:
            sys.exit("The app has ended by itself.")
        app.kill()
    with TraceReader(trace) as reader:
        end_ns = max(span.end_ns for span in reader.spans)
        lost = sum(gap.runs for _, gap in reader.gaps())
        return (noted_ns(page) - end_ns) / 1e6, sum(span.runs for span in reader.spans), lost


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
