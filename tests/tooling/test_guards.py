"""The root `conftest.py` fails tests that leave something behind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.helpers.last_words import LONGEST

pytest_plugins = ["pytester"]

LEAVES_A_THREAD = """
import threading

def test_leaves_a_thread():
    threading.Thread(target=threading.Event().wait, name="forgotten", daemon=True).start()
"""

LOGS_A_WARNING = """
import logging

def test_logs_a_warning():
    logging.getLogger("pump").warning("pressure is low")

def test_expects_a_warning(caplog):
    logging.getLogger("pump").warning("pressure is low")
    assert caplog.messages == ["pressure is low"]
"""

TELLS_ITS_FOLDERS = """
import os
from pathlib import Path

def test_has_folders_of_its_own(user_folders):
    assert Path(os.environ["XDG_RUNTIME_DIR"]).stat().st_mode & 0o777 == 0o700
    assert Path(os.environ["XDG_CONFIG_HOME"]).is_relative_to(user_folders)
    assert os.environ["QT_QPA_PLATFORM"]
"""


FAILS_AND_HANGS = """
import threading
import pytest

@pytest.fixture
def never_ends():
    yield
    threading.Event().wait()

def test_fails_and_hangs(never_ends):
    assert False
"""

CRASHES = """
import faulthandler
import threading

def dive(depth):
    dive(depth - 1) if depth else faulthandler._sigsegv()

def test_crashes():
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    dive(20)
"""

HANGS = """
import threading

def wait_for_nobody():
    threading.Event().wait()

def test_hangs():
    wait_for_nobody()
"""


def outcome(pytester: pytest.Pytester, source: str, *arguments: str) -> pytest.RunResult:
    """Run a test file below our conftest, in a process of its own."""
    conftest = (Path(__file__).parents[1] / "conftest.py").read_text(encoding="utf-8")
    pytester.makeconftest(conftest.replace("_END_WITHIN_SECONDS = 40.0", "_END_WITHIN_SECONDS = 0.0"))
    pytester.makepyfile(source)
    return pytester.runpytest_subprocess(
        "-p", "no:cacheprovider", "-o", f"pythonpath={Path(__file__).parents[2]}", *arguments
    )


def test_thread_that_is_left_behind_is_named(pytester: pytest.Pytester) -> None:
    result = outcome(pytester, LEAVES_A_THREAD)

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*threads left behind: forgotten*"])


def test_warning_that_nobody_expected_fails(pytester: pytest.Pytester) -> None:
    result = outcome(pytester, LOGS_A_WARNING)

    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*WARNING pump: pressure is low*"])


def test_each_test_has_user_folders_of_its_own(pytester: pytest.Pytester) -> None:
    outcome(pytester, TELLS_ITS_FOLDERS).assert_outcomes(passed=1)


def test_hang_after_a_failure_ends_the_run(pytester: pytest.Pytester) -> None:
    result = outcome(pytester, FAILS_AND_HANGS, "-o", "faulthandler_timeout=1")

    assert result.ret != 0
    result.stderr.fnmatch_lines(["Timeout*", "*in never_ends*"])


def test_where_processes_crashed_and_hung_is_told_at_the_end_of_the_run(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_crashes=CRASHES, test_hangs=HANGS)
    side_by_side = ("-n2", "--dist=loadfile", "--max-worker-restart=0", "-p", "no:pytest-qt")
    watchdog = ("-o", "faulthandler_timeout=1", "-o", "faulthandler_exit_on_timeout=true")

    result = outcome(pytester, "", *side_by_side, *watchdog)

    result.assert_outcomes(failed=2)
    end = result.stdout.str().rpartition("short test summary info")[2]
    crashed, hung = sorted(re.findall(r"=+ gw\d died =+\n(.+?)\n(?==)", end, re.DOTALL))
    assert re.sub(r"python3\.\d+/threading\.py:\d+", "threading", crashed).splitlines() == [
        "Fatal Python error: Segmentation fault",
        "  test_crashes.py:5 dive (21 times)",
        "  test_crashes.py:9 test_crashes",
        "another thread: threading wait < threading wait",
    ]
    assert hung.startswith("Timeout (0:00:01)!\n")
    assert hung.endswith("\n  test_hangs.py:4 wait_for_nobody\n  test_hangs.py:7 test_hangs")
    assert len(crashed) + len(hung) < LONGEST
