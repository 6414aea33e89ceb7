"""Classes given as text, and the ways between states that are read from them."""

from __future__ import annotations

from textwrap import dedent

from tasktonic_studio.analysis.files import Files
from tasktonic_studio.analysis.machine_source import SourceMachine, read_machine

MAIN = "/app/door.py"


def read(text: str, name: str = "Door", *, states: tuple[str, ...] = (), **others: str) -> SourceMachine:
    """The machine of a class in /app/door.py; other files of that folder by module name."""
    texts = {MAIN: dedent(text), **{f"/app/{module}.py": dedent(other) for module, other in others.items()}}
    return read_machine(Files(texts), MAIN, name, states=states)


def ways(machine: SourceMachine) -> list[tuple[str, str, str, str]]:
    """(state, sparkle, target, how) of each exit."""
    return [(it.state, it.sparkle, it.target, it.how) for it in machine.exits]
