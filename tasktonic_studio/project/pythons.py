"""The Python of a project: where its own environment is, what it is asked, and what is to be said of the answer."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

FOLDERS: Final = (".venv", "venv", "env")
"""Where the environment of a project is looked for, in this order."""
LEAST: Final = (3, 11)
MOST: Final = (3, 13)

QUESTION: Final = r"""
import sys
project = sys.path.pop(0)
import importlib.util, json, os
sys.path.insert(0, project)
def place(name):
    try:
        spec = importlib.util.find_spec(name)
    except Exception:
        return None
    return None if spec is None else (list(spec.submodule_search_locations or [])[:1] or [spec.origin])[0]
def version(folder):
    return bool(folder) and os.path.isfile(os.path.join(folder, "probe", "__init__.py"))
other = place("TaskTonic")
tasktonic = place("tasktonic")
print(json.dumps({
    "version": list(sys.version_info[:3]),
    "tasktonic": "ours" if version(tasktonic) else "other" if tasktonic or (other and os.path.isdir(other)) else "",
    "pytest": place("pytest") is not None,
}))
"""
"""What a Python is asked, on its command line. It imports nothing of the project, and runs on every Python 3."""


@dataclass(frozen=True, slots=True)
class PythonFacts:
    """The Python that runs a project.

    Attributes:
        program: the path of the program; empty for that of the Studio.
        folder: the environment it belongs to, as ``.venv``; empty for none.
        version: as ``3.12.4``; empty while it is not known.
        has_pytest: whether tests can be run with it.
        was_asked: it has said so itself; else only its files were looked at.
        problem: why nothing can be run with it, in a sentence that says what to do; empty when all is well.
    """

    program: str = ""
    folder: str = ""
    version: str = ""
    has_pytest: bool = False
    problem: str = ""
    was_asked: bool = False

    @property
    def words(self) -> str:
        """For people: which Python, and where from."""
        where = f"from {self.folder}" if self.folder else "of the Studio" if not self.program else self.program
        return f"Python {self.version} {where}" if self.version else f"Python {where}"


def environment_of(project: Path) -> Path | None:
    """The project's own environment: the first of ``FOLDERS`` that says it is one."""
    for name in FOLDERS:
        try:
            if (project / name / "pyvenv.cfg").is_file():
                return project / name
        except OSError:
            continue
    return None


def program_in(environment: Path) -> Path:
    """Where an environment has its Python, whether or not it is there."""
    return environment / "Scripts" / "python.exe" if os.name == "nt" else environment / "bin" / "python"


def packages_of(project: Path) -> list[Path]:
    """Where the project's own environment keeps what was installed into it; empty without one."""
    environment = environment_of(project)
    if environment is None:
        return []
    # The second one is that of Windows.
    places = [*environment.glob("lib/python*/site-packages"), environment / "Lib" / "site-packages"]
    return [place for place in places if place.is_dir()]


def facts_at_rest(project: Path) -> PythonFacts:
    """What can be known of a project's Python without running it: who opens a folder has not yet trusted what is in it."""
    environment = environment_of(project)
    if environment is None:
        return PythonFacts()
    program = program_in(environment)
    broken = why_broken(program, environment)
    said = _config_of(environment)
    version = said.get("version", said.get("version_info", ""))
    facts = PythonFacts(str(program), environment.name, version, problem=broken)
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if not broken and len(numbers) == 2 and numbers < LEAST:
        return replace(facts, problem=_too_old(facts))
    return facts


def _config_of(environment: Path) -> dict[str, str]:
    """What stands in ``pyvenv.cfg``."""
    try:
        lines = (environment / "pyvenv.cfg").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line)
    return {key.strip(): value.strip() for key, value in pairs}


def _too_old(facts: PythonFacts) -> str:
    return (
        f"{facts.words} is too old for tasktonic, which needs {'.'.join(map(str, LEAST))} or later. Make the environment anew "
        f"with a newer one: python{'.'.join(map(str, MOST))} -m venv {facts.folder or '.venv'}"
    )


def why_broken(program: Path, folder: Path | None) -> str:
    """Why a Python cannot be started, in a sentence; empty when it looks as if it could."""
    if program.is_file() and os.access(program, os.X_OK):
        return ""
    if folder is None:
        return f"There is no Python {program}. Name another one in the run configuration, or none."
    home = _config_of(folder).get("home", "")
    gone = f" It was made with the one in {home}, which is gone or has moved." if home else ""
    return (
        f"The environment {folder} is broken: its Python cannot be started.{gone} Remove the folder and make it anew: "
        f"python3 -m venv {shlex.quote(str(folder))}"
    )


def judge(program: str, folder: str, answer: str) -> PythonFacts:
    """What a Python answered to ``QUESTION``, as facts."""
    try:
        said: Mapping[str, Any] = json.loads(answer.strip().splitlines()[-1])
        version = tuple(int(part) for part in said["version"])
        tasktonic, has_pytest = str(said["tasktonic"]), bool(said["pytest"])
    except (ValueError, KeyError, TypeError, IndexError):
        return PythonFacts(program, folder, problem=f"{program or sys.executable} is no Python: it does not answer.")
    facts = PythonFacts(program, folder, ".".join(map(str, version)), has_pytest)
    problem = ""
    if version[:2] < LEAST:
        problem = _too_old(facts)
    elif tasktonic == "other":
        problem = (
            f"{facts.words} has another package of the name TaskTonic, which is not this framework. Take it out with "
            f"{shlex.quote(program or sys.executable)} -m pip uninstall tasktonic, and install tasktonic-studio from where you have it."
        )
    elif not tasktonic:
        problem = (
            f"{facts.words} has no tasktonic. {_install(folder)} tasktonic-studio from where you have it (a clone or a wheel): "
            f"{shlex.quote(program or sys.executable)} -m pip install PATH"
        )
    return replace(facts, problem=problem, was_asked=True)


def why_no_tests(facts: PythonFacts) -> str:
    """Why tests cannot be run with this Python, in a sentence that says what to do; empty when they can."""
    if facts.problem:
        return facts.problem
    if facts.was_asked and not facts.has_pytest:
        by_hand = f"{shlex.quote(facts.program or sys.executable)} -m pip install pytest"
        return f"{facts.words} has no pytest. {_install(facts.folder)} it: {by_hand}"
    return ""


def _install(folder: str) -> str:
    return "Choose Project › Install what the project needs, or install" if folder else "Install"


__all__ = [
    "QUESTION",
    "PythonFacts",
    "environment_of",
    "facts_at_rest",
    "judge",
    "packages_of",
    "program_in",
    "why_broken",
    "why_no_tests",
]
