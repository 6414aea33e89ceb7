"""The root `conftest.py` fails tests that leave something behind."""

from __future__ import annotations

from pathlib import Path

import pytest

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


def outcome(pytester: pytest.Pytester, source: str, *arguments: str) -> pytest.RunResult:
    """Run a test file below our conftest, in a process of its own."""
    conftest = (Path(__file__).parents[1] / "conftest.py").read_text(encoding="utf-8")
    pytester.makeconftest(conftest.replace("_END_WITHIN_SECONDS = 40.0", "_END_WITHIN_SECONDS = 0.0"))
    pytester.makepyfile(source)
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", *arguments)


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
