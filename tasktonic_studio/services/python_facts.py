"""Asking the Python of a project what it is, by starting it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from tasktonic_studio.project.pythons import QUESTION, PythonFacts, environment_of, judge, program_in, why_broken
from tasktonic_studio.services.surroundings import with_framework

ANSWER_S: Final = 20.0
"""A Python that has not answered by then will not."""


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


def _ask(project: str, program: str, folder: str) -> PythonFacts:
    """Ask a Python what it is; the Studio's own for an empty program. It looks for modules where the project would."""
    try:
        ended = subprocess.run(
            [program or sys.executable, "-c", QUESTION],
            cwd=project,
            env=with_framework(os.environ),
            capture_output=True,
            encoding="utf-8",
            errors="replace",  # whatever a start file of that Python prints
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


__all__ = ["facts_of"]
