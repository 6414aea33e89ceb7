"""The command ``tasktonic`` in a process of its own, and a script of a door for it to run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def environment_of(folder: Path) -> dict[str, str]:
    return {**os.environ, "XDG_RUNTIME_DIR": str(folder), "PYTHONPATH": str(ROOT)}


def tasktonic(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tasktonic", *arguments]
    variables = {**environment_of(folder), **environment}
    return subprocess.run(
        command, env=variables, cwd=folder, capture_output=True, text=True, timeout=60, check=False, encoding="utf-8"
    )


DOOR = """
import os, sys, threading
from tasktonic import ttCatalyst, ttFormula, ttTonic

class Door(ttTonic):
    def ttse__on_start(self):
        self.to_state("closed")
        self.bell = Bell(name="bell", catalyst=ttCatalyst(name="side"))
        self.ttsc__open(5)

    def ttsc_closed__open(self, degrees):
        self.to_state("open")
        self.bell.ttsc__ring()
        self.log("opened")

    def ttsc_open__end(self):
        what = sys.argv[1] if len(sys.argv) > 1 else ""
        if what == "wait":
            print("ready", flush=True)
            return
        if what == "os._exit":
            threading.Timer(1.0, os._exit, [9]).start()
            return
        self.finish()

class Bell(ttTonic):
    def ttsc__ring(self):
        self.context.ttsc__end()
        raise ValueError("no power")

class DoorApp(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off"}
    def creating_starting_tonics(self):
        Door(name="door")

if __name__ == "__main__":
    DoorApp()
    what = sys.argv[1] if len(sys.argv) > 1 else ""
    print(sys.argv[1:])
    if what == "exit":
        sys.exit(5)
    if what == "raise":
        raise RuntimeError("too bad")
"""
