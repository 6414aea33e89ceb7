"""The command ``tasktonic``: what it prints, what it runs, its exit codes; in real processes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tasktonic.events import Ordered
from tasktonic.trace import TraceReader, TraceWriter

SCRIPT = """
import os, sys
print(sys.argv[1:], os.environ.get("TASKTONIC_STUDIO"), __name__)
"""


ROOT = Path(__file__).resolve().parents[2]
TRACES = ROOT / "tests" / "data" / "traces"


def environment_of(folder: Path) -> dict[str, str]:
    return {**os.environ, "XDG_RUNTIME_DIR": str(folder), "PYTHONPATH": str(ROOT)}


def tasktonic(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tasktonic", *arguments]
    variables = {**environment_of(folder), **environment}
    return subprocess.run(
        command, env=variables, cwd=folder, capture_output=True, text=True, timeout=60, check=False, encoding="utf-8"
    )


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


# ---- record

DOOR = """
import os, sys, threading
from tasktonic import ttCatalyst, ttFormula, ttTonic

class Door(ttTonic):
    def ttse__on_start(self):
        self.to_state("closed")
        self.bell = Bell(name="bell", catalyst=ttCatalyst(name="side"))
        self.ttsc__open(5)

    def ttsc_closed__open(self, degrees):
        self.to_state("open")
        self.bell.ttsc__ring()
        self.log("opened")

    def ttsc_open__end(self):
        what = sys.argv[1] if len(sys.argv) > 1 else ""
        if what == "wait":
            print("ready", flush=True)
            return
        if what == "os._exit":
            threading.Timer(1.0, os._exit, [9]).start()
            return
        self.finish()

class Bell(ttTonic):
    def ttsc__ring(self):
        self.context.ttsc__end()
        raise ValueError("no power")

class DoorApp(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off"}
    def creating_starting_tonics(self):
        Door(name="door")

if __name__ == "__main__":
    DoorApp()
    what = sys.argv[1] if len(sys.argv) > 1 else ""
    print(sys.argv[1:])
    if what == "exit":
        sys.exit(5)
    if what == "raise":
        raise RuntimeError("too bad")
"""


@pytest.fixture
def door(private_folder: Path) -> Path:
    script = private_folder / "door.py"
    script.write_text(DOOR)
    return script


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trace of the door."""
    folder = tmp_path_factory.mktemp("recorded")
    folder.chmod(0o700)
    (folder / "door.py").write_text(DOOR)
    done = tasktonic("record", "door.py", "-o", "run.ttt", folder=folder)
    assert done.returncode == 0, done.stderr
    return folder / "run.ttt"


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


# ---- trace


def test_info_says_what_was_recorded(recorded: Path) -> None:
    done = tasktonic("trace", "info", str(recorded), folder=recorded.parent)

    assert done.returncode == 0
    lines = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert lines["app"] == "door.py"
    assert lines["sources"] == "1 file"
    assert lines["condition"] == "sound"
    assert lines["ended"] == "The program has ended."


def test_info_says_that_the_time_of_a_test_is_virtual(private_folder: Path) -> None:
    trace = private_folder / "test.ttt"
    with TraceWriter(trace, {"kind": "distiller", "wall_ns": 978_307_200 * 10**9}):
        pass

    said = tasktonic("trace", "info", str(trace), folder=private_folder, TZ="UTC").stdout
    about = json.loads(tasktonic("trace", "info", str(trace), "--json", folder=private_folder).stdout)

    assert "in virtual time: by a distiller's clock, which began at 2001-01-01 00:00:00 +0000" in said
    assert about["virtual_time"] is True


@pytest.mark.parametrize("command", ["run", "record"])
def test_usage_says_what_can_be_given(command: str, private_folder: Path) -> None:
    done = tasktonic(command, folder=private_folder)
    helped = tasktonic(command, "--help", folder=private_folder)

    usage = f"usage: tasktonic {command} [options] script.py [arguments ...]\n"
    assert done.returncode == 2
    assert done.stderr == f"{usage}tasktonic {command}: error: the following arguments are required: script.py\n"
    assert helped.stdout.startswith(usage)


def test_info_as_json_can_be_read_by_programs(recorded: Path) -> None:
    about = json.loads(tasktonic("trace", "info", str(recorded), "--json", folder=recorded.parent).stdout)

    assert about["apps"] == ["door.py"]
    assert about["orders"] + about["runs"] + about["facts"] == about["events"]


@pytest.mark.parametrize("is_whole", [True, False], ids=["closed", "cut off"])
def test_info_does_not_count_what_was_left_out(private_folder: Path, is_whole: bool) -> None:
    trace = private_folder / "gap.ttt"
    data = (TRACES / "gap.ttt").read_bytes()
    trace.write_bytes(data if is_whole else data[:-300])
    with TraceReader(trace) as reader:
        there = [event for _, event in reader.happened()]

    about = json.loads(tasktonic("trace", "info", str(trace), "--json", folder=private_folder).stdout)

    assert about["orders"] == len([event for event in there if isinstance(event, Ordered)])
    assert about["events"] < 50
    assert "70 orders and 71 runs came too fast" in about["lost"]


def shown(recorded: Path, *arguments: str) -> list[str]:
    done = tasktonic("trace", "show", str(recorded), *arguments, folder=recorded.parent)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_show_tells_what_happened_by_name(recorded: Path) -> None:
    text = "\n".join(shown(recorded))

    assert "▸ ttsc__open [closed → open]" in text
    assert "state closed → open" in text
    assert "ttsc__ring raised ValueError: no power" in text
    assert "    Traceback (most recent call last):" in text
    assert "opened" in text
    assert "_ttss__" not in text


def test_show_all_has_orders_with_their_arguments(recorded: Path) -> None:
    text = "\n".join(shown(recorded, "--all"))

    assert "◂ ttsc__open(degrees=5) from door" in text
    assert "_ttss__" in text


def test_show_can_be_limited_to_a_tonic(recorded: Path) -> None:
    lines = shown(recorded, "--tonic", "be*")

    heads = [line for line in lines if re.match(r" *\d+ ", line)]
    assert heads
    assert all(" bell " in line for line in heads)


def test_show_can_be_limited_to_a_sparkle(recorded: Path) -> None:
    lines = shown(recorded, "--sparkle", "ttsc__open")

    assert len(lines) == 1


def test_show_can_be_limited_in_number(recorded: Path) -> None:
    assert len(shown(recorded, "--limit", "3")) == 3
    assert shown(recorded, "--limit", "0") == []


@pytest.mark.parametrize(
    "option, given, sentence",
    [
        ("--limit", "-1", "argument --limit: -1 is no number of events"),
        ("--limit", "few", "argument --limit: few is no number of events"),
        ("--from", "nan", "argument --from: nan is no number of seconds"),
        ("--to", "inf", "argument --to: inf is no number of seconds"),
        ("--from", "noon", "argument --from: noon is no number of seconds"),
    ],
)
def test_show_refuses_a_limit_that_is_no_number(recorded: Path, option: str, given: str, sentence: str) -> None:
    done = tasktonic("trace", "show", str(recorded), option, given, folder=recorded.parent)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == f"tasktonic trace show: error: {sentence}"


def test_show_says_that_nothing_is_selected(recorded: Path) -> None:
    done = tasktonic("trace", "show", str(recorded), "--tonic", "nobody", folder=recorded.parent)

    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "tasktonic: Nothing in this trace is as was asked for.\n"


def test_show_can_be_limited_in_time(recorded: Path) -> None:
    rows = [json.loads(line) for line in shown(recorded, "--json") if '"t_ns"' in line]
    begin = rows[0]["t_ns"]
    middle = (rows[len(rows) // 2]["t_ns"] - begin) / 1e9

    early = [json.loads(line)["n"] for line in shown(recorded, "--json", "--to", f"{middle:.9f}")]
    late = [json.loads(line)["n"] for line in shown(recorded, "--json", "--from", f"{middle:.9f}")]

    assert early
    assert late
    assert len(set(early) & set(late)) <= 1


def test_output_that_nobody_reads_any_more_is_no_trouble(recorded: Path) -> None:
    command = f"{sys.executable} -m tasktonic trace show --all {recorded} | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        env=environment_of(recorded.parent),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "app 1 begins" in done.stdout


def test_show_in_a_terminal_without_the_letters_uses_escapes(recorded: Path) -> None:
    done = tasktonic("trace", "show", str(recorded), folder=recorded.parent, PYTHONIOENCODING="ascii")

    assert done.returncode == 0
    assert "\\u25b8 ttsc__open" in done.stdout


def exported(recorded: Path, folder: Path, *arguments: str) -> Any:
    done = tasktonic("trace", "export", str(recorded), *arguments, "-o", str(folder / "out.json"), folder=folder)
    assert done.returncode == 0, done.stderr
    return json.loads((folder / "out.json").read_text())


def test_perfetto_export_has_a_track_per_catalyst_with_its_runs(recorded: Path, private_folder: Path) -> None:
    entries = exported(recorded, private_folder)["traceEvents"]

    tracks = {entry["tid"]: entry["args"]["name"] for entry in entries if entry["name"] == "thread_name"}
    runs = {entry["name"]: entry for entry in entries if entry["ph"] == "X"}
    assert sorted(tracks.values()) == ["main_catalyst", "side"]
    assert tracks[runs["door.ttsc__open"]["tid"]] == "main_catalyst"
    assert tracks[runs["bell.ttsc__ring"]["tid"]] == "side"
    assert runs["bell.ttsc__ring"]["args"]["raised"] is True
    assert runs["door.ttsc__open"]["args"]["state after"] == "open"


def test_perfetto_export_has_arrows_from_the_call_to_the_run(recorded: Path, private_folder: Path) -> None:
    entries = exported(recorded, private_folder)["traceEvents"]

    runs = {entry["name"]: entry for entry in entries if entry["ph"] == "X"}
    caller, called = runs["door.ttsc__open"], runs["bell.ttsc__ring"]
    [begin] = [entry for entry in entries if entry["ph"] == "s" and entry["id"] == called["args"]["order"]]
    [end] = [entry for entry in entries if entry["ph"] == "f" and entry["id"] == called["args"]["order"]]
    assert begin["tid"] == caller["tid"]
    assert caller["ts"] <= begin["ts"] <= caller["ts"] + caller["dur"]
    assert (end["tid"], end["ts"], end["bp"]) == (called["tid"], called["ts"], "e")


def test_perfetto_export_counts_the_orders_that_wait(recorded: Path, private_folder: Path) -> None:
    entries = exported(recorded, private_folder)["traceEvents"]

    depths = [entry["args"]["orders"] for entry in entries if entry["ph"] == "C" and "main" in entry["name"]]
    assert max(depths) >= 1
    assert min(depths) == 0


def test_export_as_json_has_an_object_per_event(recorded: Path, private_folder: Path) -> None:
    done = tasktonic("trace", "export", str(recorded), "--format", "json", "-o", "-", folder=private_folder)

    rows = [json.loads(line) for line in done.stdout.splitlines()]
    with TraceReader(recorded) as reader:
        assert [row["n"] for row in rows] == [number for number, _ in reader.happened()]
    [ran] = [row for row in rows if row["kind"] == "Ran" and row["called"] == "ttsc__open"]
    assert (ran["subject"], ran["state_before"], ran["state_after"]) == ("door", "closed", "open")


def test_export_does_not_overwrite_the_trace(recorded: Path) -> None:
    before = recorded.read_bytes()

    done = tasktonic("trace", "export", str(recorded), "-o", str(recorded), folder=recorded.parent)

    assert done.returncode == 2
    assert "is the trace itself" in done.stderr
    assert recorded.read_bytes() == before


def test_export_where_nothing_can_be_written_ends_in_a_sentence(recorded: Path) -> None:
    done = tasktonic("trace", "export", str(recorded), "-o", "nowhere/out.json", folder=recorded.parent)

    assert done.returncode == 2
    assert done.stderr == "tasktonic: nowhere/out.json cannot be written: no such file or directory.\n"


@pytest.mark.parametrize("action", ["info", "show", "export"])
def test_a_file_that_is_missing_ends_with_two(private_folder: Path, action: str) -> None:
    done = tasktonic("trace", action, "nowhere.ttt", folder=private_folder)

    assert (done.returncode, done.stderr) == (2, "tasktonic: There is no file nowhere.ttt.\n")


@pytest.mark.parametrize("action", ["info", "show", "export"])
def test_a_file_that_is_no_trace_ends_with_one(private_folder: Path, action: str) -> None:
    (private_folder / "text.ttt").write_text("hello")

    done = tasktonic("trace", action, "text.ttt", folder=private_folder)

    assert (done.returncode, done.stderr) == (1, "tasktonic: text.ttt is no trace: it does not begin like one.\n")


def test_of_a_damaged_file_is_shown_what_can_be_read(recorded: Path, private_folder: Path) -> None:
    data = recorded.read_bytes()
    (private_folder / "cut.ttt").write_bytes(data[:-10])

    shown_ = tasktonic("trace", "show", "cut.ttt", folder=private_folder)
    info = tasktonic("trace", "info", "cut.ttt", folder=private_folder)

    assert (shown_.returncode, info.returncode) == (1, 1)
    assert "app 1 begins" in shown_.stdout
    assert "bytes are lost: the file ends in the middle of a frame." in shown_.stderr
    assert "bytes are lost: the file ends in the middle of a frame." in info.stdout


def test_help_tells_the_exit_codes(private_folder: Path) -> None:
    for arguments in (["--help"], ["record", "--help"], ["trace", "--help"], ["trace", "show", "--help"]):
        done = tasktonic(*arguments, folder=private_folder)

        assert done.returncode == 0
        assert "Exit code" in done.stdout
