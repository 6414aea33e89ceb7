"""Scripts that are started as a run configuration says. Real processes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasktonic_studio.project.run_file import StartOrder
from tests.helpers.services_app import ServicesStand, script, services

pytestmark = pytest.mark.end_to_end


@pytest.fixture
def stand() -> Iterator[ServicesStand]:
    with services() as stand:
        yield stand


def test_a_run_configuration_says_all_of_how_it_runs(stand: ServicesStand, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nWRAPPED=yes exec {sys.executable} "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    (tmp_path / "data").mkdir()
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "mill.py").write_text("SAILS = 4\n", encoding="utf-8")
    text = (
        "import os, sys, mill; print(os.environ['SPEED'], os.environ['WRAPPED'], os.getcwd(), sys.argv[1:], mill.SAILS)"
    )
    order = StartOrder(
        script(tmp_path, text),
        ("x",),
        str(tmp_path / "data"),
        (("SPEED", "9"), ("TASKTONIC_STUDIO", "0")),
        str(python),
        sources=(str(tmp_path / "src"),),
    )

    stand.requests.start(order)
    stand.until_status("ended")
    said = f"9 yes {os.path.realpath(tmp_path / 'data')} ['x'] 4"
    assert stand.lines("stdout") == [said]
    stand.requests.restart()
    stand.until(lambda: stand.known.target.status == "ended" and stand.lines("stdout") == [said], "the same again")


def test_python_of_a_configuration_that_is_nowhere_is_said(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.start(StartOrder(script(tmp_path, ""), (), str(tmp_path), (), "/no/where/python"))
    stand.until_status("ended", "not started: There is no Python /no/where/python.")


@pytest.mark.parametrize("where", ["arguments", "environment"])
def test_what_no_program_can_be_given_is_said(stand: ServicesStand, tmp_path: Path, where: str) -> None:
    arguments, environment = (("a\0b",), ()) if where == "arguments" else ((), (("A", "b\0c"),))
    stand.requests.start(StartOrder(script(tmp_path, ""), arguments, str(tmp_path), environment, ""))

    stand.until_status("ended", "not started: The script could not be started: embedded null byte.")
