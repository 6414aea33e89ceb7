"""The service that finds out which Python runs a project, and makes an environment for one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tasktonic import ttTonic
from tasktonic_studio.project.pythons import QUESTION, PythonFacts, environment_of, judge, program_in, why_broken
from tasktonic_studio.services.surroundings import with_framework

ANSWER_S: Final = 20.0
"""A Python that has not answered by then will not."""
MAKE_S: Final = 120.0


class ProjectPython(ttTonic):
    """Asks a Python in a thread of the pool. Made by `app.py` on the catalyst of the services.

    Args:
        told: called with the folder of the project and what is known, on this catalyst.
    """

    _tt_is_service = "project_python"

    def __init__(self, told: Callable[[str, PythonFacts], object], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._told = told

    def _init_service(self, *_args: Any, **_kwargs: Any) -> None:
        """Nobody has anything to say at an access."""

    def ttsc__look_at(self, project: str) -> None:
        """Find the project's own Python, or else that of the Studio, and ask it."""
        self.offload(facts_of, project, on_result=self.ttse__on_facts)

    def ttsc__make(self, project: str) -> None:
        """Make an environment ``.venv`` in the project, with the Python of the Studio."""
        self.offload(make_environment, project, on_result=self.ttse__on_facts)

    def ttse__on_facts(self, answer: tuple[str, PythonFacts]) -> None:
        """It is known."""
        self._told(*answer)


def facts_of(project: str) -> tuple[str, PythonFacts]:
    """Which Python runs a project. Any thread; takes as long as that Python takes to start."""
    environment = environment_of(Path(project))
    if environment is None:
        return project, _ask(project, "", "")
    program = program_in(environment)
    broken = why_broken(program, environment)
    if broken:
        return project, PythonFacts(str(program), environment.name, problem=broken)
    return project, _ask(project, str(program), environment.name)


def make_environment(project: str, *options: str) -> tuple[str, PythonFacts]:
    """Make ``.venv``, and say what it is; one that is there is left as it is. Any thread; takes some seconds.

    ``options`` are those of ``python -m venv``.
    """
    folder = Path(project) / ".venv"
    if environment_of(Path(project)) is not None:
        return facts_of(project)
    if folder.exists():
        return project, PythonFacts(
            problem=f"{folder} is there, but is no environment. Remove it, or give it another name."
        )
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "venv", *options, str(folder)],
            capture_output=True,
            text=True,
            timeout=MAKE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return project, PythonFacts(problem=f"The environment {folder} could not be made: {error}.")
    if ended.returncode != 0:
        said = (ended.stdout + ended.stderr).strip()
        hint = " On Debian and Ubuntu it needs: apt install python3-venv" if "ensurepip" in said else ""
        return project, PythonFacts(
            problem=f"The environment {folder} could not be made: {said[-300:] or 'venv said nothing'}.{hint}"
        )
    return facts_of(project)


def _ask(project: str, program: str, folder: str) -> PythonFacts:
    """Ask a Python what it is; the Studio's own for an empty program. It looks for modules where the project would."""
    try:
        ended = subprocess.run(
            [program or sys.executable, "-c", QUESTION],
            cwd=project,
            env=with_framework(os.environ),
            capture_output=True,
            text=True,
            timeout=ANSWER_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return PythonFacts(
            program, folder, problem=f"{program or sys.executable} does not answer within {ANSWER_S:.0f} s."
        )
    except OSError as error:
        home = Path(program).parents[1] if folder else None
        broken = why_broken(Path(program), home)
        return PythonFacts(
            program, folder, problem=broken or f"{program} cannot be started: {error.strerror or error}."
        )
    return judge(program, folder, ended.stdout)


__all__ = ["ProjectPython", "facts_of", "make_environment"]
