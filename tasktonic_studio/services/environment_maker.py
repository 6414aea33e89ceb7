"""The service that makes the environment of a project and installs into it what the project needs."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tasktonic import ttTonic
from tasktonic.errors import ttPoolFullError
from tasktonic_studio.project.environments import (
    FOLDER,
    EnvironmentNews,
    ready_words,
    why_failed,
    why_not_installed,
    why_not_made,
)
from tasktonic_studio.project.needs import needs_of
from tasktonic_studio.project.pythons import PythonFacts, environment_of, packages_of, program_in
from tasktonic_studio.services.framework_wheel import is_installed_by_hand, write_framework_wheel
from tasktonic_studio.services.python_facts import facts_of
from tasktonic_studio.services.said import Said
from tasktonic_studio.services.script_process import Ending, ScriptProcess

if TYPE_CHECKING:
    from tasktonic.failures import Failure

GRACE_S: Final = 2.0
OPTIONS: Final = ("--prompt", ".")
"""Of ``python -m venv``: in a shell the environment is called as the project."""
_CLOSE_S: Final = 2.0
_NOT_FOR_PIP: Final = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__")
"""With these it would take what the Studio has for what is installed in the environment."""
_LONGEST: Final = 120


@dataclass(frozen=True, slots=True)
class Step:
    """One program that is run: `what` it makes or installs, its command, and whether it makes the environment itself."""

    what: str
    command: tuple[str, ...]
    is_making: bool = False

    @property
    def words(self) -> str:
        return f"Making the environment {self.what}" if self.is_making else f"Installing {self.what}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done for a project. `problem` is a sentence why it cannot be; `remark` one why the needs of the project are left
    out, `note` one about what of them is.
    """

    steps: tuple[Step, ...] = ()
    problem: str = ""
    remark: str = ""
    note: str = ""
    folder: str = ""
    """Of things that are of no use afterwards."""


class EnvironmentMaker(ttTonic):
    """Makes one environment at a time, step by step, each in a process of its own. Made by `ProjectPython`.

    Args:
        told: called with what goes on and how it ended, on this catalyst.
    """

    def __init__(self, told: Callable[[EnvironmentNews], object], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._told = told
        self._project = ""
        """Whose environment is being made; empty for none."""
        self._plan = Plan()
        self._steps: deque[Step] = deque()
        self._step: Step | None = None
        self._done: list[str] = []
        self._process: ScriptProcess | None = None
        self._said = Said()
        self._number = 0
        self._is_stopped = False
        self._is_tidied = False
        """Whether nothing more is to be done than to tidy up."""
        self._failure: Failure | None = None
        """What nobody foresaw."""
        self._problem = ""

    def ttsc__make(self, project: str) -> None:
        """Make ``.venv`` in the project, or take the environment it has, and install what is needed; nothing while one is made."""
        if self._project:
            if project != self._project:
                sentence = f"The environment of {self._project} is being made; try it again when that is done."
                self._told(EnvironmentNews(project, sentence=sentence, is_problem=True))
            return
        self._project, self._plan, self._done = project, Plan(), []
        self._is_stopped = self._is_tidied = False
        self._problem, self._failure = "", None
        self._said = Said()
        self.offload(plan_of, project, on_result=self.ttse__on_planned)

    def ttsc__stop(self) -> None:
        """Do no more; an environment that is half made goes. Nothing when none is being made."""
        if self._process is not None:
            self._process.stop(GRACE_S)
        if self._process is not None or not self._plan.steps:  # else it is over, stopped or not, and only tidied
            self._is_stopped = True

    def ttse__on_planned(self, plan: Plan) -> None:
        """It is known what is to be done."""
        self._plan, self._steps = plan, deque(plan.steps)
        self._go_on()

    def ttse__on_said(self, number: int, text: str) -> None:
        """A program has printed something."""
        lines = text.strip().splitlines()
        if number == self._number and lines and self._step is not None:
            self._told(EnvironmentNews(self._project, f"{self._step.words}: {lines[-1].strip()[:_LONGEST]}"))

    def ttse__on_ended(self, number: int, ending: Ending) -> None:
        """A program has ended."""
        step = self._step
        if number != self._number or step is None:
            return
        self._process = None
        if ending.code == 0 and not ending.was_stopped:
            if not step.is_making:
                self._done.append(step.what)
            self._go_on()
        elif ending.was_stopped or self._failure is not None:
            self._end("", half_made=step.is_making)
        elif step.is_making:
            self._end(why_not_made(Path(self._project) / FOLDER, self._said.text), half_made=True)
        else:
            self._end(why_not_installed(step.what, self._said.text, ending.sentence.removeprefix("ended: ")))

    def ttse__on_error(self, failure: Failure) -> None:
        """Something of this has failed that nobody foresaw: that ends it, and the next one can be made."""
        if not self._project:
            return
        is_first, self._failure = self._failure is None, self._failure or failure
        if self._is_tidied:
            self.ttse__on_tidied(None)
        elif self._process is None:
            self._end("", half_made=self._step is not None and self._step.is_making)
        elif is_first:
            self._process.stop(GRACE_S)

    def ttse__on_tidied(self, facts: PythonFacts | None) -> None:
        """All is over, and it is known what the project's Python is now; None when that cannot be known."""
        if not self._project:
            return
        project, self._project = self._project, ""
        problem, is_problem, details = self._problem, bool(self._problem), self._said.text
        inside = f"with {' and '.join(self._done)}" if self._done else "with nothing installed by this"
        folder = facts.folder if facts is not None and self._plan.steps else ""
        there = f" The environment {folder} is there, {inside}." if folder else ""
        if self._failure is not None:
            sentence = f"{why_failed(self._failure.exception)}{there}"
            is_problem, details = True, self._failure.traceback
        elif facts is None or self._is_stopped:
            sentence = f"Making the environment was stopped.{there}"
        elif problem:
            sentence = f"{problem}{there}"
        else:
            sentence = f"{ready_words(facts, self._done)} {self._plan.remark or self._plan.note}".strip()
            is_problem, details = bool(self._plan.remark), ""
        self._told(EnvironmentNews(project, "", sentence, is_problem, details if is_problem else "", facts))

    def ttse__on_finished(self) -> None:
        """The Studio ends, and with it what is being made."""
        self._number += 1
        if self._process is not None:
            self._process.stop(_CLOSE_S / 2)
            self._process.join(_CLOSE_S)
            _tidy(self._project, self._plan.folder, half_made=self._step is not None and self._step.is_making)

    def _go_on(self) -> None:
        """Take the next step, or be done."""
        if self._is_stopped or self._failure is not None or not self._steps:
            self._end(self._plan.problem)
            return
        step = self._step = self._steps.popleft()
        self._number += 1
        number = self._number
        self._said = Said(lambda text: self.ttse__on_said(number, text))
        self._told(EnvironmentNews(self._project, f"{step.words}…"))
        try:
            self._process = ScriptProcess(
                step.command, _surroundings(), self._project, self._said, lambda it: self.ttse__on_ended(number, it)
            )
        except OSError as error:
            self._end(f"{step.command[0]} cannot be started: {error.strerror or error}.", half_made=step.is_making)

    def _end(self, problem: str, *, half_made: bool = False) -> None:
        self._problem, self._step, self._is_tidied = problem, None, True
        what = (self._project, self._plan.folder, half_made)
        try:
            self.offload(tidied, *what, on_result=self.ttse__on_tidied)
        except ttPoolFullError:  # it is done here, however long it takes: nothing may stay behind
            self.ttse__on_tidied(tidied(*what))


def plan_of(project: str) -> Plan:
    """What is to be done for a project. Any thread; reads and writes files."""
    folder = Path(project)
    environment = environment_of(folder)
    steps: list[Step] = []
    if environment is None:
        environment = folder / FOLDER
        if os.path.lexists(environment):
            return Plan(problem=f"{environment} is there, but is no environment. Remove it, or give it another name.")
        steps.append(Step(FOLDER, (sys.executable, "-m", "venv", *OPTIONS, str(environment)), is_making=True))
    install = (str(program_in(environment)), "-m", "pip", "install", "--disable-pip-version-check", "--no-input")
    aside = ""
    if not is_installed_by_hand(packages_of(folder)):
        try:
            aside = tempfile.mkdtemp(prefix="tasktonic-environment-")
            wheel = write_framework_wheel(Path(aside))
        except OSError as error:
            problem = f"The framework could not be packed for the environment: {error.strerror or error}."
            return Plan(problem=problem, folder=aside)
        steps.append(Step("tasktonic", (*install, "--no-index", "--no-deps", "--force-reinstall", str(wheel))))
    steps.append(Step("pytest", (*install, "pytest")))
    needs = needs_of(folder)
    steps += [Step(each.words, (*install, *each.arguments)) for each in needs.lists]
    return Plan(tuple(steps), remark=needs.problem, note=needs.note, folder=aside)


def tidied(project: str, aside: str, half_made: bool) -> PythonFacts:
    """Take away what is of no use, and say what the project's Python is now. Any thread."""
    _tidy(project, aside, half_made=half_made)
    return facts_of(project)[1]


def _tidy(project: str, aside: str, *, half_made: bool) -> None:
    if half_made:
        shutil.rmtree(Path(project) / FOLDER, ignore_errors=True)
    if aside:
        shutil.rmtree(aside, ignore_errors=True)


def _surroundings() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("TASKTONIC_")}
    return {**{name: value for name, value in own.items() if name not in _NOT_FOR_PIP}, "PYTHONUNBUFFERED": "1"}


__all__ = ["EnvironmentMaker", "plan_of"]
