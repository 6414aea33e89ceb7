"""Of a test that failed nothing runs on into the next one."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.left_running import end_what_was_left_running
from tests.helpers.patience import PATIENCE_S

STARTS_ONE_THAT_STAYS = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True)
print(child.pid, flush=True)
input()
"""


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are found as on Linux")
def test_what_a_test_started_is_ended_and_what_that_started(user_folders: Path) -> None:
    def started(**more: Any) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", STARTS_ONE_THAT_STAYS]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **more)

    with started(env={"XDG_DATA_HOME": "/elsewhere"}) as of_others, started() as ours:
        assert ours.stdout is not None
        assert of_others.stdout is not None
        assert ours.stdout.readline() > b"0"
        assert of_others.stdout.readline() > b"0"

        end_what_was_left_running(user_folders)

        assert ours.wait(PATIENCE_S) == -signal.SIGKILL
        assert ours.stdout.read() == b"", "its child, which has the same stdout, has ended too"
        assert of_others.poll() is None
        of_others.kill()
