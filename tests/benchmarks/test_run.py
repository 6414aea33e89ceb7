"""The table of speed is printed whole. Figures are not judged here: no test asserts a time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

PROMISED = (
    "a tonic that sends itself sparkles",
    "with 10,000 timers pending",
    "from another thread: an int",
    "from another thread: a dict of ten",
    "with an empty observer slot",
    "with a Python reader",
    "fully recorded",
    "ping-pong of two catalysts",
    "four-state ring",
    "create a tonic, 10,000",
    "create a tonic, 100,000",
    "memory of a tonic",
    "10,000 finished tonics",
    "timers: start",
    "timers: fire",
    "timers: cancel",
    "store `set` at depth 3",
    "store `get` at depth 3",
    "a store change with 10,000 subscriptions elsewhere",
    "store append",
    "store unsubscribe",
    "store dump",
    "TCP echo",
    "offload to a thread",
    "offload to a process",
    "on the Qt loop",
)
"""What a row of each promise of speed has in its text."""


class Table:
    """What a run printed and kept."""

    def __init__(self, printed: str, kept: dict[str, Any]) -> None:
        self.printed = printed
        lines = [line for line in printed.splitlines() if line.startswith("| ")]
        self.rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]
        self.kept = kept


def run_benchmarks(file: Path, *arguments: str) -> Table:
    """Without site-packages: the standard library is enough, and the rivals are absent wherever this runs."""
    command = [sys.executable, "-I", "-S", str(ROOT / "benchmarks" / "run.py"), "--quick", "--rounds", "1"]
    done = subprocess.run(
        [*command, "--scale", "0.001", "--json", str(file), *arguments], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return Table(done.stdout, json.loads(file.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    return run_benchmarks(tmp_path_factory.mktemp("figures") / "figures.json")


@pytest.mark.parametrize("text", PROMISED)
def test_every_promise_of_speed_has_a_row_with_a_goal(table: Table, text: str) -> None:
    goals = [row[1] for row in table.rows if text in row[0]]

    assert goals
    assert all(goal.startswith(("at ", "does not grow: at ", "with uvloop at ")) for goal in goals)


def test_every_row_of_the_table_has_all_its_cells(table: Table) -> None:
    assert {len(row) for row in table.rows} == {8}


def test_every_row_says_what_came_of_it(table: Table) -> None:
    verdicts = {row[7].split(":")[0] for row in table.rows}

    assert verdicts <= {"met", "**missed**", "not installed"}


@pytest.mark.parametrize(
    "rival, package",
    [("Pykka `tell`", "pykka"), ("transitions", "transitions"), ("python-statemachine", "python-statemachine")],
)
def test_a_row_whose_rival_is_absent_says_how_to_install_it(table: Table, rival: str, package: str) -> None:
    [row] = [row for row in table.rows if row[5] == rival]

    assert row[2] == "–"
    assert row[7] == f"not installed: {package}, pip install '.[bench]'"


def test_tcp_echo_without_uvloop_is_measured_and_with_it_says_how_to_install_it(table: Table) -> None:
    rows = {row[0]: row for row in table.rows if row[0].startswith("TCP echo at 1,000")}

    assert rows["TCP echo at 1,000 connections, without"][7] in ("met", "**missed**")
    assert rows["TCP echo at 1,000 connections, with uvloop"][7] == "not installed: uvloop, pip install '.[net]'"


def test_the_table_names_machine_date_and_python(table: Table) -> None:
    first = table.printed.splitlines()[0]

    assert table.kept["python"] in first
    assert table.kept["machine"] in first
    assert table.kept["date"] in first
    assert table.kept["python"].endswith(f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}")


def test_the_file_keeps_the_figures_of_all_rounds(table: Table) -> None:
    measured = [row for row in table.kept["rows"] if not row["absent"]]

    assert measured
    assert all(len(row["ours"]) == table.kept["rounds"] for row in measured)
    assert all(row["low"] <= row["median"] <= row["high"] for row in measured)


def test_one_row_can_be_asked_for(tmp_path: Path) -> None:
    table = run_benchmarks(tmp_path / "figures.json", "--only", "an INT")

    assert [row[0] for row in table.rows] == ["from another thread: an int"]


def test_runs_are_shown_side_by_side(tmp_path: Path) -> None:
    row = {"module": "m", "what": "a chain", "compared_to": "a loop", "absent": ""}
    for name, met, median in (("3.11.7", True, 0.6), ("3.13.0", False, 0.4)):
        kept = {
            "python": f"CPython {name}",
            "machine": "a machine",
            "date": "a day",
            "load_at_begin": "0.1",
            "rows": [row | {"goal": "at least 0.5", "met": met, "median": median}],
        }
        (tmp_path / name).write_text(json.dumps(kept), encoding="utf-8")

    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            str(ROOT / "benchmarks" / "run.py"),
            "--beside",
            tmp_path / "3.11.7",
            tmp_path / "3.13.0",
        ],
        capture_output=True,
        text=True,
        check=True,
    )

    assert "- CPython 3.13.0 on a machine; a day, load 0.1" in done.stdout
    assert "| what | compared to | goal | 3.11.7 | 3.13.0 |" in done.stdout
    assert "| a chain | a loop | at least 0.5 | 0.600 | **0.400** |" in done.stdout
