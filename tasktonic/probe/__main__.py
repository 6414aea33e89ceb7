"""``python -m tasktonic.probe SCRIPT [ARGS…]``: run a script so that a studio can attach; the same as TASKTONIC_STUDIO=1."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Final

WATCHED: Final = {"TASKTONIC_STUDIO": "1"}
"""What the environment says when a studio may attach."""


def main() -> int:
    """The module's own command."""
    script = sys.argv[1:]
    if not script:
        print("Usage: python -m tasktonic.probe SCRIPT [ARGS…]", file=sys.stderr)
        return 2
    return run_script(script)


def run_script(script: list[str], wishes: Mapping[str, str] = WATCHED) -> int:  # noqa: RET503 - execve does not return
    """Run a script as plain Python would, so that tracebacks, ``__main__`` and exit codes are as ever.

    Args:
        script: the file and its arguments.
        wishes: what the environment says to the framework in it.
    """
    flags = sys.orig_argv[1 : sys.orig_argv.index("-m")] if "-m" in sys.orig_argv else []
    command = [sys.executable, *flags, *script]
    environment = {**os.environ, **wishes}
    if os.name == "nt":
        # execve there starts another process and ends this one, which the terminal takes for the end of the command.
        return subprocess.call(command, env=environment)
    os.execve(sys.executable, command, environment)


if __name__ == "__main__":
    sys.exit(main())
