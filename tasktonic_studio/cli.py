"""The command line of the Studio: what it understands, and a sentence for everything it does not."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NoReturn

from tasktonic_studio import __version__, resources
from tasktonic_studio.wishes import Wishes

OK: Final = 0
SCRIPT_FAILED: Final = 1
USAGE: Final = 2
NO_DISPLAY: Final = 3

PLANT: Final = "watch_me.py"
ARRANGEMENTS: Final = ("run", "debug", "analyse", "learn")
THEMES: Final = ("system", "light", "dark", "contrast")

DESCRIPTION: Final = """\
See a running tasktonic program live: what lives, what state it is in, what it just did and why.

  ./studio                        open the start page
  ./studio --demo                 watch the plant, a program made to be looked at
  ./studio my_app.py --fast       start a script with its arguments, and watch it
  ./studio --distil my_app.py     run it by hand, sparkle by sparkle: nothing of it runs until you say so
  ./studio run.ttt                look at a run that was recorded
  ./studio my_project/            open a folder as a project
  ./studio --attach               watch the app that runs with TASKTONIC_STUDIO=1
  ./studio --snapshot out.png     a picture of the window; needs no display

Exit codes: 0 well; 1 the script could not run; 2 usage, or a file is missing; 3 no display, or a library is missing.
"""


class _Trouble(Exception):
    """Ends the start: a sentence for the person, and an exit code."""

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence)
        self.code = code


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence instead of a page of usage."""

    def error(self, message: str) -> NoReturn:
        raise _Trouble(f"{message[0].upper()}{message[1:]}. Try ./studio --help.", USAGE)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the Studio.

    Returns:
        The exit code; see ``DESCRIPTION``.
    """
    try:
        wishes = parse(sys.argv[1:] if argv is None else argv)
        if wishes is None:
            return OK
        return _run(wishes)
    except _Trouble as trouble:
        print(trouble, file=sys.stderr)
        return trouble.code


def console() -> NoReturn:
    """The entry point of the installed command."""
    sys.exit(main())


def parse(argv: Sequence[str]) -> Wishes | None:
    """Understand the arguments; None when they were answered already (help, version)."""
    parser = _parser()
    try:
        given = parser.parse_args(list(argv))
    except SystemExit:
        return None
    if given.version:
        print(f"TaskTonic Studio {__version__}")
        return None
    if given.attach is not None and (given.script or given.demo):
        raise _Trouble("Either start a script or attach to a running app, not both.", USAGE)
    if given.demo and given.script:
        raise _Trouble("--demo starts the plant; leave out the script, or leave out --demo.", USAGE)
    if given.distil and (given.attach is not None or not (given.script or given.demo)):
        raise _Trouble("--distil starts a script under a distiller: name it, as in ./studio --distil my_app.py.", USAGE)
    if given.seed is not None and not given.distil:
        raise _Trouble("--seed is that of a distiller: it goes with --distil.", USAGE)
    script, arguments = given.script, tuple(given.arguments)
    run = script if script.endswith(".ttt") else ""
    project = _checked_folder(script) if script and Path(script).expanduser().is_dir() else ""
    if project:
        if given.distil:
            raise _Trouble(f"{script} is a folder; --distil starts a script: name the one in it that is meant.", USAGE)
        if arguments:
            raise _Trouble(f"{script} is a folder; it takes no arguments. Name the script in it that is meant.", USAGE)
        script = ""
    elif run:
        if given.distil:
            raise _Trouble(f"{run} is a recorded run; --distil starts a script.", USAGE)
        if arguments:
            raise _Trouble(f"{run} is a recorded run; it takes no arguments.", USAGE)
        script = ""
    elif not script and (given.demo or (given.snapshot and given.attach is None and given.show != "start")):
        script = _plant()
    return Wishes(
        script=_checked_file(script) if script else "",
        run=_checked_file(run) if run else "",
        project=project,
        arguments=arguments,
        seed=(given.seed or 0) if given.distil else None,
        attach=given.attach is not None,
        pid=given.attach or 0,
        snapshot=_checked_picture(given.snapshot) if given.snapshot else "",
        theme=given.theme or "",
        arrangement=given.arrangement or "",
        panel=given.panel,
        select=given.select,
        size=given.size,
        show=given.show,
    )


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="studio",
        description=DESCRIPTION,
        usage="studio [options] [SCRIPT [ARGS ...] | RUN.ttt | FOLDER]",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "script",
        nargs="?",
        default="",
        metavar="SCRIPT",
        help="a Python script to start and watch, a trace file to look at, or a folder to open as a project",
    )
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGS", help="arguments of the script")
    parser.add_argument(
        "--attach",
        nargs="?",
        type=int,
        const=0,
        metavar="PID",
        help="watch an app that runs already; without PID the only one",
    )
    parser.add_argument("--demo", action="store_true", help="start and watch the plant")
    parser.add_argument(
        "--distil", action="store_true", help="run the script by hand under a distiller, with virtual time"
    )
    parser.add_argument(
        "--seed", type=int, metavar="N", help="with --distil: another order in which catalysts get their turn"
    )
    parser.add_argument(
        "--snapshot", default="", metavar="OUT.png", help="save a picture of the window and end; no display needed"
    )
    parser.add_argument("--theme", choices=THEMES, help="the colours, for this time")
    parser.add_argument("--arrangement", choices=ARRANGEMENTS, help="which panels are shown, for this time")
    parser.add_argument("--version", action="store_true", help="print the version")
    # For the pictures of the documentation.
    parser.add_argument("--panel", default="", help=argparse.SUPPRESS)
    parser.add_argument("--select", default="", help=argparse.SUPPRESS)
    parser.add_argument("--size", type=_size, default=(1440, 900), help=argparse.SUPPRESS)
    parser.add_argument("--show", choices=("", "start", "palette"), default="", help=argparse.SUPPRESS)
    return parser


def _size(text: str) -> tuple[int, int]:
    """``1440x900`` as two numbers."""
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise argparse.ArgumentTypeError(f"'{text}' is no size such as 1440x900")
    return int(width), int(height)


def _plant() -> str:
    plant = resources.example(PLANT)
    if plant is None:
        raise _Trouble(
            "The plant demo is not part of this installation. Name a script to start: ./studio my_app.py", USAGE
        )
    return str(plant)


def _checked_file(script: str) -> str:
    path = Path(script).expanduser()
    if not path.exists():
        raise _Trouble(f"There is no file {script}.", USAGE)
    if path.is_dir():
        raise _Trouble(f"{script} is a folder; name the script or the trace in it that is meant.", USAGE)
    if not os.access(path, os.R_OK):
        raise _Trouble(f"{script} cannot be read.", USAGE)
    return str(path.absolute())


def _checked_folder(folder: str) -> str:
    path = Path(folder).expanduser()
    if not os.access(path, os.R_OK | os.X_OK):
        raise _Trouble(f"{folder} cannot be read.", USAGE)
    return str(path.resolve())


def _checked_picture(picture: str) -> str:
    path = Path(picture).expanduser().absolute()
    if path.suffix.lower() not in (".png", ".jpg", ".jpeg", ".bmp"):
        raise _Trouble(f"The picture {picture} needs an ending that says its kind, such as .png.", USAGE)
    if not path.parent.is_dir():
        raise _Trouble(f"There is no folder {path.parent} for the picture.", USAGE)
    if not os.access(path.parent, os.W_OK):
        raise _Trouble(f"Nothing can be written into the folder {path.parent}.", USAGE)
    return str(path)


def _run(wishes: Wishes) -> int:
    if not wishes.snapshot:
        return _open(wishes)
    # A picture needs no display, shows nobody's own arrangement, and leaves nothing behind.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="tasktonic-studio-") as folder:
        os.environ["TASKTONIC_STUDIO_FOLDER"] = folder
        return _open(wishes)


def _open(wishes: Wishes) -> int:
    try:
        # Here and not above: help, version and a mistyped name need no Qt.
        from tasktonic_studio.app import run
    except ImportError as error:
        sentence = (
            f"The window cannot be made here: {error}. "
            "./studio installs what is missing; with pip it is, in a clone: pip install '.[studio]'."
        )
        raise _Trouble(sentence, NO_DISPLAY) from error
    outcome = run(wishes)
    if outcome.sentence:
        print(outcome.sentence, file=sys.stderr)
    return outcome.code
