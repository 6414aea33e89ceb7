"""The Studio's table: frames, waits and memory of the real window, goal and figure side by side.

    QT_QPA_PLATFORM=offscreen python benchmarks/studio.py [--quick] [--only ROW] [--json OUT]

Needs what the Studio and its tests need, and nothing else running: frames are measured by the clock on the wall. Each module
of the folder ``studio`` has ``rows(scale)``, which yields what it measured; a new one goes into ``MODULES``. ``--only`` takes
the name of a module. The table is Markdown; ``--quick`` makes sessions and files of a hundredth of the size and short floods,
for a look and not for quoting. ``--scale 60 --only flood`` floods for ten minutes with
250,000 events a second, and as usual with the rest.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import run
from studio.rows import Row

MODULES = ("starting", "opening", "comparing", "flood", "timeline", "sequence", "asking", "holding", "editing")
"""In the order of the table."""

HEAD = "| what | goal | figure | more | |\n|---|---|---|---|---|"


def line(row: Row) -> str:
    """A row of the table."""
    goal = f"at most {row.goal:g} {row.unit}" if row.goal is not None else "–"
    verdict = "" if row.goal is None else "met" if row.is_met else "**missed**"
    return f"| {row.what} | {goal} | {row.figure:.3g} {row.unit} | {row.more} | {verdict} |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="sessions of a hundredth of the size: not for quoting")
    parser.add_argument("--scale", type=float, help="factor for the size of sessions (1.0)")
    parser.add_argument("--only", action="append", default=[], metavar="MODULE", help=f"only {', '.join(MODULES)}")
    parser.add_argument("--json", type=Path, metavar="OUT", help="keep all figures in this file")
    asked = parser.parse_args()
    unknown = [name for name in asked.only if name not in MODULES]
    if unknown:
        parser.error(f"there is no module {', '.join(unknown)}; there are {', '.join(MODULES)}")
    scale = asked.scale or (0.01 if asked.quick else 1.0)
    kept = run.header(1, scale)
    kept["rows"] = entries = []
    print(f"{kept['python']} on {kept['machine']}; {kept['date']}, load {kept['load_at_begin']}.")
    if scale < 1.0:
        print(f"Sessions are {scale:g} of what the rows say: for a look, not for quoting.")
    print(f"\n{HEAD}", flush=True)
    for name in asked.only or MODULES:
        for row in importlib.import_module(f"studio.{name}").rows(scale):
            entries.append({"module": name, **row._asdict(), "met": row.is_met})
            print(line(row), flush=True)
    if asked.json:
        asked.json.write_text(json.dumps(kept, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
