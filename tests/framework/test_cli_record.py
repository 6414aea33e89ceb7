"""``tasktonic record`` in real processes: what is in the file, how the script ends, and disks that are full."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tasktonic.trace import TraceReader
from tests.framework.command_line import DOOR, environment_of, tasktonic


@pytest.fixture
def door(private_folder: Path) -> Path:
    script = private_folder / "door.py"
    script.write_text(DOOR)
    return script


def test_record_writes_what_the_script_does(door: Path, private_folder: Path) -> None:
    done = tasktonic("record", "door.py", "-o", "run.ttt", "one", "-o", "two", folder=private_folder)

    assert done.stdout == "['one', '-o', 'two']\n"
    assert "events were recorded in" in done.stderr
    with TraceReader(private_folder / "run.ttt") as reader:
        assert reader.is_closed
        assert reader.meta["end"]["reason"] == "The program has ended."
        assert "door" in [event.name for _, event in reader.happened() if hasattr(event, "log_mode")]
        assert [Path(source.file).name for source in reader.sources()] == ["door.py"]


def test_record_without_a_name_takes_that_of_the_script(door: Path, private_folder: Path) -> None:
    tasktonic("record", str(door), folder=private_folder)

    assert (private_folder / "door.ttt").exists()


@pytest.mark.parametrize(
    "what, code, reason",
    [
        ("exit", 5, "The program has ended."),
        ("raise", 1, "The program ended by RuntimeError: too bad"),
    ],
)
def test_record_ends_as_the_script_does(door: Path, private_folder: Path, what: str, code: int, reason: str) -> None:
    done = tasktonic("record", "-o", "run.ttt", "door.py", what, folder=private_folder)

    assert done.returncode == code
    with TraceReader(private_folder / "run.ttt") as reader:
        assert reader.meta["end"]["reason"] == reason


def test_what_happened_before_os_exit_is_in_the_file(door: Path, private_folder: Path) -> None:
    done = tasktonic("record", "door.py", "-o", "run.ttt", "os._exit", folder=private_folder)

    assert done.returncode == 9
    with TraceReader(private_folder / "run.ttt") as reader:
        assert not reader.is_closed
        assert "opened" in [event.text for _, event in reader.happened() if type(event).__name__ == "LogLine"]


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_ctrl_c_ends_the_app_in_order_and_the_file_is_whole(door: Path, private_folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tasktonic", "record", "door.py", "-o", "run.ttt", "wait"],
        env=environment_of(private_folder),
        cwd=private_folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as app:
        assert app.stdout is not None
        assert app.stdout.readline() == "ready\n"
        app.send_signal(signal.SIGINT)
        app.communicate(timeout=60)

    assert app.returncode == 0
    with TraceReader(private_folder / "run.ttt") as reader:
        assert reader.condition == ""
        assert reader.meta["apps"][0]["problem"] == ""


def test_record_of_a_script_without_an_app_says_so_in_the_file(private_folder: Path) -> None:
    (private_folder / "plain.py").write_text("print('hello')\n")

    done = tasktonic("record", "plain.py", folder=private_folder)

    assert done.stdout == "hello\n"
    with TraceReader(private_folder / "plain.ttt") as reader:
        assert reader.meta["end"]["reason"] == "The script began no app."


def test_child_processes_of_a_recorded_app_are_not_recorded(private_folder: Path) -> None:
    (private_folder / "parent.py").write_text(
        DOOR + "    import subprocess\n    subprocess.run([sys.executable, 'child.py'], check=True)\n"
    )
    (private_folder / "child.py").write_text(DOOR)

    done = tasktonic("record", "parent.py", folder=private_folder)

    assert done.stderr.count("events were recorded in") == 1
    with TraceReader(private_folder / "parent.ttt") as reader:
        assert len(reader.meta["apps"]) == 1


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["nowhere.py"], "There is no file nowhere.py."),
        (["door.py", "-o"], "-o wants the name of a file."),
        (["door.py", "-o", "nowhere/run.ttt"], "cannot be written: no such file or directory. Nothing was started."),
        (["door.py", "-o", "door.py"], "which is no trace; it was left alone. Nothing was started."),
        (["door.py", "-o", "."], "cannot be written"),
        (["."], ". is not a Python file."),
    ],
)
def test_record_refuses_in_a_sentence(door: Path, private_folder: Path, arguments: list[str], sentence: str) -> None:
    done = tasktonic("record", *arguments, folder=private_folder)

    assert done.returncode == 2
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""
    assert door.read_text() == DOOR


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_disk_that_is_full_ends_the_recording_and_not_the_app(door: Path, private_folder: Path) -> None:
    (private_folder / "full.ttt").symlink_to("/dev/full")
    variables = {"TASKTONIC_RECORD": str(private_folder / "full.ttt")}
    command = [sys.executable, str(door)]
    done = subprocess.run(
        command,
        env={**environment_of(private_folder), **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "[]\n")
    lines = [line for line in done.stderr.splitlines() if line.startswith("tasktonic:")]
    assert lines == [
        f"tasktonic: {private_folder}/full.ttt cannot be written: no space left on device. Nothing is recorded; the app runs on."
    ]


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
from tasktonic import ttFormula, ttTonic
from tasktonic.recorder import record

class Busy(ttTonic):
    def ttse__on_start(self):
        self.ttsc__work(0)

    def ttsc__work(self, n):
        self.log(f"{n} {hash(str(n))}")  # facts, and they do not get small
        if n < 40_000:
            self.ttsc__work(n + 1)
        else:
            self.finish()
            print("finished", flush=True)

class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off"}
    def creating_starting_tonics(self):
        Busy(name="busy")

with record(sys.argv[1]) as recorder:
    App()
assert recorder.problem
"""


@pytest.mark.skipif(os.name == "nt", reason="needs limits of resources")
def test_a_disk_that_gets_full_leaves_a_file_that_is_sound_so_far(private_folder: Path) -> None:
    path = private_folder / "run.ttt"
    command = [sys.executable, "-c", LIMITED, str(path)]
    done = subprocess.run(
        command, env=environment_of(private_folder), capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.returncode, done.stdout) == (0, "finished\n"), done.stderr
    assert (
        done.stderr == f"tasktonic: {path} cannot be written: file too large. Recording has ended; the app runs on.\n"
    )
    with TraceReader(path) as reader:
        assert reader.damage is None
        assert "busy" in [event.name for _, event in reader.happened() if type(event).__name__ == "Born"]
