"""What can be begun with: apps that run on this machine, scripts and traces that were opened before. Plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RunningApp:
    """A process with tasktonic in it, found by discovery.

    ``problem`` says in a sentence why it cannot be watched; empty when it can. ``address`` is what ``Requests.attach``
    wants; only services look into it.
    """

    pid: int
    title: str
    detail: str = ""
    problem: str = ""
    address: Any = None

    @property
    def can_attach(self) -> bool:
        """Whether it can be watched."""
        return not self.problem


@dataclass(frozen=True, slots=True)
class RecentRun:
    """A trace file that was opened in the Studio."""

    file: str


@dataclass(frozen=True, slots=True)
class RecentProject:
    """A folder that was open as a project."""

    folder: str


@dataclass(frozen=True, slots=True)
class RecentScript:
    """A script that was started from the Studio, with its arguments then."""

    script: str
    arguments: tuple[str, ...] = ()
