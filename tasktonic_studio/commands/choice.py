"""Choice: one of several things that a command lets a person choose from, by typing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the list: words, what says more, a picture, and what is done when it is chosen."""

    title: str
    detail: str
    icon: str
    run: Callable[[], None]
