"""Tonics that do next to nothing."""

from __future__ import annotations

from tasktonic import ttTonic


class Ender(ttTonic):
    """Ends at once."""

    def ttse__on_start(self) -> None:
        self.finish()


class Stayer(ttTonic):
    """Does nothing, so that the app stays."""
