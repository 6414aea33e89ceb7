"""``tasktonic trace`` in real processes: what it says and shows of a recording, and what it exports."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tasktonic.events import Ordered
from tasktonic.trace import TraceReader, TraceWriter
from tests.framework.command_line import DOOR, ROOT, environment_of, tasktonic

TRACES = ROOT / "tests" / "data" / "traces"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trace of the door."""
    folder = tmp_path_factory.mktemp("recorded")
    folder.chmod(0o700)
    (folder / "door.py").write_text(DOOR)
    done = tasktonic("record", "door.py", "-o", "run.ttt", folder=folder)
    assert done.returncode == 0, done.stderr
    return folder / "run.ttt"


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
