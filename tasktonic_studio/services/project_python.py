"""The service that finds out which Python runs a project, and has an environment made for one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tasktonic import ttTonic
from tasktonic_studio.project.environments import EnvironmentNews
from tasktonic_studio.project.pythons import PythonFacts
from tasktonic_studio.services.environment_maker import EnvironmentMaker
from tasktonic_studio.services.python_facts import facts_of


class ProjectPython(ttTonic):
    """Asks a Python in a thread of the pool. Made by `app.py` on the catalyst of the services.

    Args:
        told: called with the folder of the project and what is known, on this catalyst.
        told_making: called with how it stands with an environment that is made, on this catalyst.
    """

    _tt_is_service = "project_python"

    def __init__(
        self,
        told: Callable[[str, PythonFacts], object],
        told_making: Callable[[EnvironmentNews], object],
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._told = told
        self._maker = EnvironmentMaker(told_making, name="environment maker", context=self)

    def _init_service(self, *_args: Any, **_kwargs: Any) -> None:
        """Nobody has anything to say at an access."""

    def ttsc__look_at(self, project: str) -> None:
        """Find the project's own Python, or else that of the Studio, and ask it."""
        self.offload(facts_of, project, on_result=self.ttse__on_facts)

    def ttsc__make(self, project: str) -> None:
        """Make an environment in the project, or take the one it has, and install what is needed."""
        self._maker.ttsc__make(project)

    def ttsc__stop_making(self) -> None:
        """Do no more for the environment that is being made."""
        self._maker.ttsc__stop()

    def ttse__on_facts(self, answer: tuple[str, PythonFacts]) -> None:
        """It is known."""
        self._told(*answer)


__all__ = ["ProjectPython"]
