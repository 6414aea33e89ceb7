"""What an app prints while the probe looks whether anybody still reads it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
LINES = 5_000

PRINTS_WHILE_LOOKED_AT = f"""
import os, sys, threading
from tasktonic.probe import output

output._BETWEEN_TRIES_S = 0  # look as often as can be, in the middle of everything
sys.setswitchinterval(1e-6)

def say():
    for number in range({LINES}):
        os.write(1, b"%d\\n" % number)

talker = threading.Thread(target=say)
talker.start()
while talker.is_alive():
    output.OutputGuard().let_go(studio_is_gone=True)
talker.join()
"""

PRINTS_TO_NOBODY = """
import sys
from tasktonic.probe.output import OutputGuard

guard = OutputGuard()
print("go", flush=True)
sys.stdin.readline()  # by now nobody reads
guard.let_go(studio_is_gone=True)
for number in range(1_000):
    print("x" * 1_000, flush=True)
print("all said", file=sys.stderr)
"""


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the guard needs /proc")
def test_nothing_is_lost_while_the_probe_looks_who_reads() -> None:
    said = subprocess.run(
        [sys.executable, "-c", PRINTS_WHILE_LOOKED_AT],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert said.stdout.splitlines() == [str(number) for number in range(LINES)]
    assert said.stderr == ""


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the guard needs /proc")
def test_an_app_that_nobody_reads_prints_on() -> None:
    app = subprocess.Popen(
        [sys.executable, "-c", PRINTS_TO_NOBODY],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert app.stdin
    assert app.stdout
    assert app.stderr
    assert app.stdout.readline() == "go\n"
    app.stdout.close()
    app.stdin.write("\n")
    app.stdin.close()

    with app:
        assert app.stderr.read() == "all said\n"
    assert app.returncode == 0
