"""``tasktonic run SCRIPT [ARGS…]`` and ``tasktonic ps``: the framework from a shell."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence


def main(argv: Sequence[str]) -> int:
    """Do what the arguments say; the exit code: 0, or 2 when they make no sense."""
    parser = argparse.ArgumentParser(prog="tasktonic", description="Run tasktonic apps, and see which run.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="run a script so that a studio can attach to it")
    run.add_argument("script", help="the Python file")
    run.add_argument("arguments", nargs=argparse.REMAINDER, help="its arguments")
    commands.add_parser("ps", help="list the running apps that a studio can attach to, and why it cannot to others")
    try:
        options = parser.parse_args(argv)
    except SystemExit as said:  # argparse has printed what is wrong, or the help
        return said.code if isinstance(said.code, int) else 2
    return _run(options.script, options.arguments) if options.command == "run" else _list()


def console() -> int:
    """The console command."""
    return main(sys.argv[1:])


def _run(script: str, arguments: Sequence[str]) -> int:
    from .probe.__main__ import run_script

    return run_script([script, *arguments])


def _list() -> int:
    from .probe import find_running

    found = find_running()
    if not found:
        print(
            "No running app of yours can be attached to. Start one with: tasktonic run SCRIPT, or TASKTONIC_STUDIO=1."
        )
        return 0
    print(f"{'PID':>8}  {'SCRIPT':40}  ATTACH")
    for app in found:
        print(f"{app.pid:>8}  {app.script:40}  {'no: ' + app.problem if app.problem else 'yes'}")
    return 0
