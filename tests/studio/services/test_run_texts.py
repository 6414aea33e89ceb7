"""What an app runs of a file that was written after it was started."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tasktonic_studio.services.run_texts import NOT_IN_APP, NOT_IN_FILE, NOT_KNOWN, RunTexts

OLD, NEW = "a\nb\nc\n", "x\na\nc\n"


@pytest.fixture
def texts() -> RunTexts:
    made = RunTexts()
    made.begin()
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Written long before the app was started."""
    path = tmp_path / "pump.py"
    path.write_text(OLD)
    os.utime(path, (time.time() - 100,) * 2)
    return path


def test_a_file_that_was_not_written_since_is_what_the_app_runs(texts: RunTexts, file: Path) -> None:
    assert texts.in_app(str(file), 2) == (2, "")
    assert texts.in_file(str(file), 2) == (2, "")


def test_lines_are_told_in_the_text_that_runs_and_those_that_it_has_not_are_said(texts: RunTexts, file: Path) -> None:
    texts.in_app(str(file), 1)
    file.write_text(NEW)

    assert texts.in_app(str(file), 2) == (1, "")
    assert texts.in_app(str(file), 1) == (0, NOT_IN_APP)
    assert texts.in_file(str(file), 1) == (2, "")
    assert texts.in_file(str(file), 2) == (3, NOT_IN_FILE.format(line=2))


def test_what_was_replaced_and_put_back_is_what_runs(texts: RunTexts, file: Path) -> None:
    texts.in_app(str(file), 1)
    file.write_text(NEW)

    texts.replaced(str(file))
    assert texts.in_app(str(file), 1) == (1, "")
    texts.put_back(str(file))
    assert texts.in_app(str(file), 1) == (0, NOT_IN_APP)


def test_a_file_that_was_written_since_is_not_known_until_somebody_says_what_it_was(
    texts: RunTexts, file: Path
) -> None:
    file.write_text(NEW)
    os.utime(file, (time.time() + 100,) * 2)
    assert texts.in_app(str(file), 2) == (2, NOT_KNOWN)
    assert texts.in_file(str(file), 1) == (1, NOT_KNOWN)

    texts.ran(str(file), OLD)

    assert texts.in_app(str(file), 2) == (1, "")


def test_what_is_no_file_has_the_lines_that_are_told(texts: RunTexts) -> None:
    assert texts.in_file("<string>", 7) == (7, "")
    assert texts.in_file("", 7) == (7, "")


def test_an_app_that_was_started_before_the_studio_began_when_its_process_did(file: Path) -> None:
    texts = RunTexts()
    texts.begin(os.getpid())

    assert texts.in_app(str(file), 2).problem == "" or time.time() - texts._began_s > 100
    assert time.time() - texts._began_s >= 0
