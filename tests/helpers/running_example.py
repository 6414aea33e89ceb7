"""An example that runs until it is stopped, as a process of its own: started, spoken to over its port, stopped as by Ctrl+C."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
EXAMPLES: Final = ROOT / "examples"
WAIT_S: Final = 60.0
"""A test fails after so long; none needs a tenth of it."""


@dataclass
class Running:
    """An example that runs."""

    process: subprocess.Popen[str]
    port: int

    def stop(self) -> list[str]:
        """Have it stopped by its user; gives the lines it logged since, and holds that it ended well."""
        self.process.send_signal(signal.SIGINT)
        said, wrong = self.process.communicate(timeout=WAIT_S)
        assert (self.process.returncode, wrong) == (0, "")
        return said.splitlines()


def example_variables() -> dict[str, str]:
    """The environment of an example: this checkout, and no Studio."""
    found = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"}
    found.pop("TASKTONIC_STUDIO", None)
    return found


@contextmanager
def running_example(name: str, *arguments: str, says_port: str, folder: Path) -> Iterator[Running]:
    """Run an example while the block runs.

    Args:
        name: its file.
        arguments: what it is given.
        says_port: a pattern whose first group is the port, in the line that says that it can be reached.
        folder: where it runs.
    """
    process = subprocess.Popen(
        [sys.executable, str(EXAMPLES / name), *arguments],
        env=example_variables(),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert process.stdout is not None
        ports = (int(found[1]) for line in process.stdout if (found := re.search(says_port, line)))
        yield Running(process, next(ports))
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        process.communicate()
