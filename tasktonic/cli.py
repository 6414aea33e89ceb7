"""The command ``tasktonic``: make new apps, check, run and record scripts, see which apps run, look into traces."""

from __future__ import annotations

import argparse
import gc
import os
import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

OK: Final = 0
USAGE: Final = 2

DESCRIPTION: Final = """\
Make tasktonic apps, check them, run them, record them, and see what happened.

  tasktonic new project garden            a folder with an app that runs, and its tests
  tasktonic new tonic pump                one more tonic, with a test
  tasktonic check app.py                  find its faults, without running it
  tasktonic run app.py --fast             run it so that a studio can attach
  tasktonic ps                            the running apps that a studio can attach to
  tasktonic record app.py -o run.ttt      run it, and write all that happens into a trace file
  tasktonic trace show run.ttt            what happened

Exit codes: those of the script, for run and record; else 0 well, 1 a trace is damaged or a fault was found, 2 usage, or a file
is missing.
"""

RECORD: Final = """\
Run a script and write all that its apps do into a trace file, until the script ends, however it ends.

  tasktonic record app.py                 writes app.ttt
  tasktonic record app.py -o run.ttt --fast

-o stands before the script or right after it; what follows are arguments of the script. A file that is there is replaced
when it is a trace, and left alone when it is not.

Exit code: that of the script; 2 when there is no script, or the trace cannot be written: then nothing was started.
"""


NEW: Final = """\
Make something new from a template. What is made runs at once, has a test, and says in short comments why it works.

  tasktonic new project garden            the folder garden: an app, its tests, how to run it
  tasktonic new tonic water_pump          water_pump.py and tests/test_water_pump.py, here
  tasktonic new service log_book --into garden
  tasktonic new window board              a window; needs PySide6
  tasktonic new server gate               a TCP server

A file that is there is never written over.
"""


CHECK: Final = """\
Find faults of tonics in source: states, sparkles and hooks that do not fit together, calls that block. Nothing is imported or run.

  tasktonic check app.py                  one file
  tasktonic check .                       all Python files of a folder and below
  tasktonic check src --format sarif      for a service that shows findings beside the code

A comment silences what is meant so: # tasktonic: ignore[blocking-call]
All codes, with what is found and what is not: docs/reference/check.md

Exit code: 0 nothing found, 1 something found, 2 usage, or a file is missing.
"""


def main(argv: Sequence[str]) -> int:
    """Do what the arguments say; the exit code, see ``DESCRIPTION``."""
    try:
        options = _parser().parse_args(argv)
    except SystemExit as said:  # argparse has printed what is wrong, or the help
        return said.code if isinstance(said.code, int) else USAGE
    if options.command == "run":
        return _run(options.script, options.arguments)
    if options.command == "record":
        return _record(options.script, options.arguments, options.output)
    if options.command == "new":
        return _new(options.kind, options.name, options.into)
    if options.command == "trace":
        from .trace.cli import run

        return run(options)
    if options.command == "check":
        from .check.cli import run as check

        return check(options)
    return _list()


def console() -> int:
    """The console command. A reader of its output that has had enough (``| head``) is no trouble."""
    _say_everything()
    try:
        code = main(sys.argv[1:])
        sys.stdout.flush()
        if sys.argv[1:2] == ["check"]:
            # It ends here: to look once more through all trees of source for garbage takes longer than the checking.
            gc.freeze()
    except BrokenPipeError:
        # Python flushes once more at its end: that goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return 130
    return code


def _say_everything() -> None:
    """Names in a trace may have letters that the terminal has not: they are shown as escapes."""
    for output in (sys.stdout, sys.stderr):
        reconfigure = getattr(output, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _parser() -> argparse.ArgumentParser:
    from .trace.cli import add_to

    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="tasktonic", description=DESCRIPTION, formatter_class=raw)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_new(commands.add_parser("new", help="make a project, tonic, service, window or server", **_described(NEW)))
    _add_check(
        commands.add_parser("check", help="find faults of tonics in source, without running it", **_described(CHECK))
    )
    run = commands.add_parser(
        "run",
        help="run a script so that a studio can attach to it",
        usage="tasktonic run [options] script.py [arguments ...]",
    )
    _add_script(run)
    commands.add_parser("ps", help="list the running apps that a studio can attach to, and why it cannot to others")
    record = commands.add_parser(
        "record",
        help="run a script and write a trace file",
        usage="tasktonic record [options] script.py [arguments ...]",
        description=RECORD,
        formatter_class=raw,
    )
    record.add_argument(
        "-o", "--output", metavar="FILE", help="the trace file; left out, the name of the script with .ttt"
    )
    _add_script(record)
    add_to(commands)
    return parser


def _add_check(check: argparse.ArgumentParser) -> None:
    check.usage = "tasktonic check [options] PATH ..."
    check.add_argument("paths", nargs="+", metavar="PATH", help="Python files, or folders of them")
    check.add_argument("--format", choices=("text", "json", "sarif"), default="text", help="text when left out")
    for option, words in (("--select", "only this fault"), ("--ignore", "not this fault")):
        check.add_argument(
            option, action="append", default=[], metavar="CODE", help=f"{words}; more than once, or with commas"
        )


def _add_script(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("script", metavar="script.py", help="the Python file")
    arguments = parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="arguments", help="its arguments")
    arguments.required = False  # before Python 3.13 what may be missing was named among what is missing


def _described(text: str) -> dict[str, Any]:
    return {"description": text, "formatter_class": argparse.RawDescriptionHelpFormatter}


def _add_new(parser: argparse.ArgumentParser) -> None:
    from .new import KINDS

    parser.add_argument("kind", choices=list(KINDS), metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("name", metavar="NAME", help="its name, such as water_pump")
    parser.add_argument("--into", default=".", metavar="DIR", help="the folder to make it in; left out, this one")


def _new(kind: str, name: str, into: str) -> int:
    from .errors import ttNewError
    from .new import plan, write

    planned = plan(kind, name, Path(into).expanduser())
    try:
        for path in write(planned):
            print(f"made {path}")
    except ttNewError as error:
        return _complain(str(error))
    where = planned.folder
    go_there = "" if where == Path() else f"cd {shlex.quote(str(where))} && "
    python = f"{go_there}{_this_python()}"
    print(f"Run it: {python} {planned.main.relative_to(where)}    Test it: {python} -m pytest")
    return OK


def _this_python() -> str:
    """What a shell in any folder calls the Python that runs here, so that it finds tasktonic: usually just ``python``."""
    found = shutil.which("python")
    is_usual = found is not None and Path(found).parent == Path(sys.executable).parent
    python = "python" if is_usual else shlex.quote(sys.executable)
    root = Path(__file__).resolve().parents[1]
    # First comes the folder of the script, or the one somebody is in, then those that were said by hand: others are elsewhere, too.
    by_hand = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    is_installed = any(Path(path).resolve() == root for path in sys.path[1 + len(by_hand) :])
    return python if is_installed or os.name == "nt" else f"PYTHONPATH={shlex.quote(str(root))} {python}"


def _complain(sentence: str) -> int:
    print(f"tasktonic: {sentence}", file=sys.stderr)
    return USAGE


def _is_there(script: str) -> str:
    """A sentence when there is no such script, else empty."""
    path = Path(script)
    if path.is_file() or (path / "__main__.py").is_file():
        return ""
    return f"There is no file {script}." if not path.exists() else f"{script} is not a Python file."


def _run(script: str, arguments: Sequence[str]) -> int:
    from .probe.__main__ import run_script

    if problem := _is_there(script):
        return _complain(problem)
    return run_script([script, *arguments])


def _record(script: str, arguments: list[str], output: str | None) -> int:
    from .probe.__main__ import run_script
    from .trace import TraceWriter, ttTraceFileError

    if output is None:
        output, arguments = _output_in(arguments)
    if output == "":
        return _complain("-o wants the name of a file. Try tasktonic record --help.")
    if problem := _is_there(script):
        return _complain(problem)
    path = Path(output if output is not None else Path(script).with_suffix(".ttt").name)
    try:
        # What the file says when the script begins no app; its recorder replaces it. And we know that it can be written.
        TraceWriter(path.absolute(), {"kind": "recording", "script": script, "argv": arguments}).close(
            "The script began no app."
        )
    except ttTraceFileError as error:
        return _complain(f"{error} Nothing was started.")
    return run_script([script, *arguments], {"TASKTONIC_RECORD": str(path.absolute())})


def _output_in(arguments: list[str]) -> tuple[str | None, list[str]]:
    """Our own ``-o FILE`` right behind the script, and the arguments without it; an empty name when it is missing."""
    if arguments and arguments[0] in ("-o", "--output"):
        return (arguments[1] if len(arguments) > 1 else ""), arguments[2:]
    if arguments and arguments[0].startswith("--output="):
        return arguments[0].removeprefix("--output="), arguments[1:]
    return None, arguments


def _list() -> int:
    from .probe import find_running

    found = find_running()
    if not found:
        print(
            "No running app of yours can be attached to. Start one with: tasktonic run SCRIPT, or TASKTONIC_STUDIO=1."
        )
        return OK
    width = max(len("SCRIPT"), *(len(app.script) for app in found))
    print(f"{'PID':>8}  {'SCRIPT':{width}}  ATTACH")
    for app in found:
        print(f"{app.pid:>8}  {app.script:{width}}  {'no: ' + app.problem if app.problem else 'yes'}")
    return OK
