"""``tasktonic check``: the checker on the command line."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from typing import Final

from .checking import check_paths
from .report import written
from .rules import CODES

OK: Final = 0
FOUND: Final = 1
USAGE: Final = 2


def run(options: argparse.Namespace) -> int:
    """Do what the arguments say; the exit code."""
    select, ignore = _codes(options.select), _codes(options.ignore)
    for code in (*select, *ignore):
        if code not in CODES:
            near = difflib.get_close_matches(code, CODES, 1)
            meant = f" Did you mean {near[0]}?" if near else ""
            return _complain(f"There is no code {code}.{meant} There are {', '.join(CODES)}.")
    for path in options.paths:
        if not os.path.exists(path):  # noqa: PTH110 - what was typed is kept as it is
            return _complain(f"There is no file {path}.")
    report = check_paths(options.paths, select=select, ignore=ignore)
    sys.stdout.write(written(report, options.format))
    return FOUND if report.findings else OK


def _codes(given: list[str]) -> list[str]:
    return [code.strip() for it in given for code in it.split(",") if code.strip()]


def _complain(sentence: str) -> int:
    print(f"tasktonic: {sentence}", file=sys.stderr)
    return USAGE
