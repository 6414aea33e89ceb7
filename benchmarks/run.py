"""The table of speed: every goal beside the figure, and what it was compared with, all from one run.

    python benchmarks/run.py [--quick] [--only ROW] [--json OUT]
    python benchmarks/run.py --beside KEPT...

Runs on whatever Python starts it; nothing but the repository is needed. The rivals (Pykka, transitions,
python-statemachine) come with ``pip install '.[bench]'``, PySide6 with ``'.[qt]'``, uvloop with ``'.[net]'``; a row whose
rival is absent says so. The table is Markdown.
``--only`` takes a part of a row's text or of the name of a module here, and may be given more than once. Each figure is the
median over the rounds, with the lowest and the highest round behind it. A whole run takes some minutes.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import json
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import side_by_side
from side_by_side import Comparison, Row, digits

MODULES = (
    "catalyst_throughput",
    "stream_cost",
    "breakpoint_cost",
    "ping_pong",
    "state_ring",
    "births",
    "timer_cost",
    "store_notify",
    "encoding_cost",
    "check_speed",
    "offload",
    "qt_driver",
    "tcp_echo",
)
"""In the order of the table."""

HEAD = "| what | goal | figure | lowest – highest | ours | compared to | its | |\n|---|---|---|---|---|---|---|---|"


def comparisons() -> Iterator[tuple[str, Comparison]]:
    for name in MODULES:
        for comparison in importlib.import_module(name).COMPARISONS:
            yield name, comparison


def wanted_rows(module: str, comparison: Comparison, only: list[str]) -> list[Row]:
    return [row for row in comparison.rows if not only or any(is_named(part, module, row) for part in only)]


def is_named(part: str, module: str, row: Row) -> bool:
    return part.casefold() in row.what.casefold() or part == module


def measured(
    module: str, comparison: Comparison, rows: list[Row], scale: float, rounds: int
) -> Iterator[dict[str, Any]]:
    """Measure what these rows need, and yield each as a dict."""
    needed = {name for row in rows for name in (row.ours, row.than) if name}
    cases = {name: case for name, case in comparison.build(scale).items() if name in needed}
    versions = {name: case.version() for name, case in cases.items()}
    absent = {name: case.needs for name, case in cases.items() if versions[name] is None}
    figures = side_by_side.measure({name: case for name, case in cases.items() if name not in absent}, rounds)
    for row in rows:
        entry: dict[str, Any] = {
            "module": module,
            "what": row.what,
            "goal": str(row.goal),
            "compared_to": f"{row.compared_to} {versions.get(row.than) or ''}".strip(),
            "absent": absent.get(row.than) or absent.get(row.ours) or "",
        }
        if not entry["absent"]:
            figure = side_by_side.figure_of(row, cases, figures)
            entry |= figure._asdict() | {"met": row.goal.is_met(figure.median)}
            entry["ours"], entry["its"] = figures[row.ours], figures.get(row.than, [])
        yield entry


def line(entry: dict[str, Any]) -> str:
    """A row of the table."""
    if entry["absent"]:
        extra = {"PySide6": "qt", "uvloop": "net"}.get(entry["absent"].partition("-")[0], "bench")
        note = f"not installed: {entry['absent']}, pip install '.[{extra}]'"
        cells = [entry["what"], entry["goal"], "–", "–", "–", entry["compared_to"], "–", note]
    else:
        is_memory = entry["goal"].endswith("kB")
        each = ["" if is_memory or not entry[who] else in_words(entry[who]) for who in ("ours", "its")]
        span = f"{digits(entry['low'])} – {digits(entry['high'])}"
        verdict = "met" if entry["met"] else "**missed**"
        cells = [
            entry["what"],
            entry["goal"],
            digits(entry["median"]),
            span,
            each[0],
            entry["compared_to"],
            each[1],
            verdict,
        ]
    return f"| {' | '.join(cells)} |"


def in_words(seconds: list[float]) -> str:
    return side_by_side.in_words(sorted(seconds)[len(seconds) // 2])


def beside(files: list[Path]) -> str:
    """The figures that several runs kept, in one table: a column for each run, what is missed in bold."""
    runs = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    heads = [f"- {run['python']} on {run['machine']}; {run['date']}, load {run['load_at_begin']}" for run in runs]
    names = [run["python"].rpartition(" ")[2] for run in runs]
    lines = [*heads, "", f"| what | compared to | goal | {' | '.join(names)} |", "|---" * (3 + len(runs)) + "|"]
    found = [{(row["module"], row["what"], row["compared_to"]): row for row in run["rows"]} for run in runs]
    for module, what, compared_to in dict.fromkeys(key for rows in found for key in rows):
        rows = [of_run.get((module, what, compared_to)) for of_run in found]
        goals = " / ".join(dict.fromkeys(row["goal"] for row in rows if row))
        lines.append(f"| {what} | {compared_to} | {goals} | {' | '.join(map(_figure, rows))} |")
    return "\n".join(lines)


def _figure(row: dict[str, Any] | None) -> str:
    if not row or row["absent"]:
        return "–"
    return digits(row["median"]) if row["met"] else f"**{digits(row['median'])}**"


def header(rounds: int, scale: float) -> dict[str, Any]:
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "machine": f"{processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}",
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "load_at_begin": load,
        "rounds": rounds,
        "scale": scale,
    }


def processor() -> str:
    """What the processor is called; Linux alone tells it in a file."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [text.partition(":")[2].strip() for text in lines if text.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a twentieth of the counts, three rounds: not for quoting")
    parser.add_argument("--only", action="append", default=[], metavar="ROW", help="only rows with this in their text")
    parser.add_argument("--json", type=Path, metavar="OUT", help="keep all figures of all rounds in this file")
    parser.add_argument("--rounds", type=int, help="how many rounds (9)")
    parser.add_argument("--scale", type=float, help="factor for all counts (1.0)")
    parser.add_argument("--beside", type=Path, nargs="+", metavar="KEPT", help="run nothing: one table of such files")
    asked = parser.parse_args()
    if asked.beside:
        print(beside(asked.beside))
        return 0
    rounds = asked.rounds or (3 if asked.quick else 9)
    scale = asked.scale or (0.05 if asked.quick else 1.0)
    kept = header(rounds, scale)
    kept["rows"] = entries = []
    print(
        f"{kept['python']} on {kept['machine']}; {kept['date']}, load {kept['load_at_begin']}, {rounds} shuffled rounds."
    )
    if scale != 1.0:
        print(f"Counts and crowds are {scale:g} of what the rows say: for a look, not for quoting.")
    print(f"\n{HEAD}", flush=True)
    for module, comparison in comparisons():
        rows = wanted_rows(module, comparison, asked.only)
        if rows:
            for entry in measured(module, comparison, rows, scale, rounds):
                entries.append(entry)
                print(line(entry), flush=True)
    if asked.json:
        asked.json.write_text(json.dumps(kept, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
