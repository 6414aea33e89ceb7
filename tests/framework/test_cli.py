"""The command ``tasktonic``: what it runs and lists, its help and its exit codes; in real processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.framework.command_line import environment_of, tasktonic

SCRIPT = """
import os, sys
print(sys.argv[1:], os.environ.get("TASKTONIC_STUDIO"), __name__)
"""


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


def test_run_says_that_there_is_no_such_script(private_folder: Path) -> None:
    done = tasktonic("run", "nowhere.py", folder=private_folder)

    assert (done.returncode, done.stderr) == (2, "tasktonic: There is no file nowhere.py.\n")


def test_ps_lists_only_apps_that_opted_in(private_folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "import tasktonic; print('ready', flush=True); input()"],
        env=environment_of(private_folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as app:
        assert app.stdout is not None
        assert app.stdout.readline() == "ready\n"

        done = tasktonic("ps", folder=private_folder)

        app.communicate("\n")
    assert done.returncode == 0
    assert str(app.pid) not in done.stdout


@pytest.mark.parametrize("command", ["run", "record"])
def test_usage_says_what_can_be_given(command: str, private_folder: Path) -> None:
    done = tasktonic(command, folder=private_folder)
    helped = tasktonic(command, "--help", folder=private_folder)

    usage = f"usage: tasktonic {command} [options] script.py [arguments ...]\n"
    assert done.returncode == 2
    assert done.stderr == f"{usage}tasktonic {command}: error: the following arguments are required: script.py\n"
    assert helped.stdout.startswith(usage)


def test_help_tells_the_exit_codes(private_folder: Path) -> None:
    for arguments in (["--help"], ["record", "--help"], ["trace", "--help"], ["trace", "show", "--help"]):
        done = tasktonic(*arguments, folder=private_folder)

        assert done.returncode == 0
        assert "Exit code" in done.stdout
