"""The command ``tasktonic``: what it prints, what it runs, its exit codes; in real processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import os, sys
print(sys.argv[1:], os.environ.get("TASKTONIC_STUDIO"), __name__)
"""


ROOT = Path(__file__).resolve().parents[2]


def environment_of(folder: Path) -> dict[str, str]:
    return {**os.environ, "XDG_RUNTIME_DIR": str(folder), "PYTHONPATH": str(ROOT)}


def tasktonic(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "import sys; from tasktonic.cli import console; sys.exit(console())", *arguments]
    return subprocess.run(command, env=environment_of(folder), capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def private_folder(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    return tmp_path


def test_run_gives_the_script_its_arguments_and_lets_a_studio_in(private_folder: Path) -> None:
    script = private_folder / "app.py"
    script.write_text(SCRIPT)

    done = tasktonic("run", str(script), "one", "--two", folder=private_folder)

    assert done.stdout == "['one', '--two'] 1 __main__\n"


def test_ps_says_how_to_start_an_app_when_none_runs(private_folder: Path) -> None:
    done = tasktonic("ps", folder=private_folder)

    assert "tasktonic run SCRIPT" in done.stdout


def test_ps_lists_a_running_app(private_folder: Path) -> None:
    script = private_folder / "app.py"
    script.write_text(
        "import tasktonic.probe\ntasktonic.probe.start()\nprint('ready', flush=True)\ninput()\ntasktonic.probe.stop()\n"
    )
    command = [sys.executable, str(script)]
    with subprocess.Popen(
        command, env=environment_of(private_folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as app:
        assert app.stdout is not None
        assert app.stdout.readline() == "ready\n"

        listed = tasktonic("ps", folder=private_folder).stdout

        app.communicate("\n")
    assert str(app.pid) in listed
    assert "yes" in listed


def test_a_wrong_command_ends_with_two(private_folder: Path) -> None:
    done = tasktonic("dance", folder=private_folder)

    assert done.returncode == 2
