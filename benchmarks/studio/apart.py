"""Measures in a process of its own, so that memory is that of one case and a window is a first window.

    python benchmarks/studio/apart.py MODULE FUNCTION '{"its": "arguments"}'

runs one case by hand and prints its figures as JSON.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
MOST_S = 1_800
_MARK = "figures: "


def measure_apart(module: str, function: str, bytecode: str = "", **given: Any) -> dict[str, Any]:
    """What `function` of `studio.module` gives, called with these in a new process that has folders of its own.

    Args:
        module: the name of a module of this folder.
        function: the name of a function in it.
        bytecode: the folder in which Python keeps what it has compiled. Without one it does as it was told outside: where
            nothing may be written it compiles everything in every process, which no second start of a user does.
        **given: the arguments of that function.

    Raises:
        RuntimeError: it failed; the message has what it wrote.
    """
    with tempfile.TemporaryDirectory(prefix="tt-") as folder:
        own = {"TASKTONIC_STUDIO_FOLDER": folder, "XDG_RUNTIME_DIR": folder, "QT_QPA_PLATFORM": "offscreen"}
        command = [sys.executable, str(Path(__file__)), module, function, json.dumps(given)]
        environment = {**os.environ, **own, "PYTHONWARNINGS": "ignore"}
        if bytecode:
            environment["PYTHONPYCACHEPREFIX"] = bytecode
            environment.pop("PYTHONDONTWRITEBYTECODE", None)
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=MOST_S, check=False)
    told = [line for line in ended.stdout.splitlines() if line.startswith(_MARK)]
    if ended.returncode or not told:
        raise RuntimeError(f"{module}.{function}({given}) failed:\n{ended.stdout}\n{ended.stderr}")
    figures: dict[str, Any] = json.loads(told[-1].removeprefix(_MARK))
    return figures


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
    module, function, given = sys.argv[1:]
    figures = getattr(importlib.import_module(f"studio.{module}"), function)(**json.loads(given))
    print(_MARK + json.dumps(figures), flush=True)


if __name__ == "__main__":
    main()
