"""Whether somebody is asked, by a lesson, what will happen next. Where the lesson tells it, and where others read it.

Who is to predict which sparkle comes next must not read it off another panel. No part of the stream. UI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

HIDDEN: Final = "hidden until you have predicted: the panel Learn asks what will happen"


class OpenQuestion:
    """Made by the window, shared by its panels."""

    def __init__(self) -> None:
        self.is_open = False
        """The app that is watched is that of a lesson, which waits for a prediction."""
        self._watching: list[Callable[[], None]] = []

    def take(self, is_open: bool) -> None:
        """So it is from now on."""
        if is_open != self.is_open:
            self.is_open = is_open
            for watcher in list(self._watching):
                watcher()

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call this when it changes; returns what ends it."""
        self._watching.append(changed)
        return lambda: self._watching.remove(changed) if changed in self._watching else None


__all__ = ["HIDDEN", "OpenQuestion"]
