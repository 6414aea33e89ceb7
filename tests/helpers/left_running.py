"""What a test has started and left running, directly or by what it started: an app whose Studio was killed, say."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path


def end_what_was_left_running(user_folders: Path) -> None:
    """End all processes that were started with these folders of a test. Does nothing where there is no ``/proc``."""
    mark = f"={user_folders}{os.sep}".encode()
    for environment in Path("/proc").glob("[0-9]*/environ"):
        pid = int(environment.parent.name)
        with contextlib.suppress(OSError):  # it has ended meanwhile, or is somebody else's
            if pid != os.getpid() and mark in environment.read_bytes():
                os.kill(pid, signal.SIGKILL)
