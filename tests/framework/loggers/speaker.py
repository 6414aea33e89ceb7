"""A tonic that says one thing in the log."""

from __future__ import annotations

from tasktonic import ttTonic


class Speaker(ttTonic):
    def ttse__on_start(self) -> None:
        self.log("hello")
        self.finish()
