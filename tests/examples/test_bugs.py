"""The bug gallery: each app has the fault that its page tells of, and the mended lines take it away."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.bug_pages import NAMES, PAGES, PICTURES, ROOT, BugPage, is_as_told, said

LONGEST_S = 90.0


@pytest.fixture(params=NAMES)
def page(request: pytest.FixtureRequest) -> BugPage:
    return BugPage(request.param)


def output_of(script: Path, folder: Path) -> str:
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    variables.pop("TASKTONIC_STUDIO", None)
    ended = subprocess.run(
        [sys.executable, str(script)],
        env=variables,
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        timeout=LONGEST_S,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


def test_the_gallery_has_a_dozen_bugs() -> None:
    assert len(NAMES) >= 12


def test_every_app_has_its_page_and_picture_in_the_index() -> None:
    index = (PAGES / "README.md").read_text(encoding="utf-8")

    assert [name for name in NAMES if f"({name}.md)" not in index] == []
    assert sorted(path.stem for path in PAGES.glob("[a-z]*.md")) == NAMES
    assert sorted(path.stem for path in PICTURES.glob("*.png")) == NAMES


def test_app_is_short_and_tells_nothing_of_its_fault(page: BugPage) -> None:
    source = page.app.read_text(encoding="utf-8")

    assert 25 <= len([line for line in source.splitlines() if line.strip()]) <= 60
    # Two wait on purpose; that is silenced, as in any program whose checker is to end with 0.
    assert "#" not in source.replace("  # tasktonic: ignore[blocking-call]", "")
    assert not {"bug", "fault", "wrong", "mistake"} & set(source.lower().split())


def test_page_has_its_four_parts(page: BugPage) -> None:
    assert page.headings == ["Symptom", "Finding it", "What is wrong", "Mending it"]
    assert len(page.steps) >= 2
    assert all(page.steps)
    assert f"../pictures/bugs/{page.name}.png" in page.text


def test_app_says_what_the_page_calls_its_symptom(page: BugPage, user_folders: Path) -> None:
    output = output_of(page.app, user_folders)

    assert is_as_told(output, page.symptom), said(output)


def test_mended_app_has_lost_the_symptom(page: BugPage, user_folders: Path) -> None:
    script = user_folders / "mended.py"
    script.write_text(page.mended_source(), encoding="utf-8")

    output = output_of(script, user_folders)

    assert is_as_told(output, page.mended), said(output)
    assert not is_as_told(output, page.symptom)


@pytest.mark.parametrize(
    "told, is_so",
    [
        ("Ada  waits for…\nBob  waits", True),
        ("…\nBob waits", True),
        ("Ada waits for Bob", False),
        ("Bob waits\nAda waits for Bob", False),
        ("Ada waits for\nBob waits", False),
    ],
)
def test_symptoms_are_compared_line_by_line(told: str, is_so: bool) -> None:
    output = "12:00:00.000  Ada     + created\n12:00:00.001  Ada     waits for Bob\n12:00:00.002  Bob     waits\n"

    assert is_as_told(output, told) is is_so
