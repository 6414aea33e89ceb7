"""A tonic that notes what happens to it."""

from __future__ import annotations

from typing import Any

from tasktonic import ttTonic


class Noting(ttTonic):
    """Notes what happens, and finishes when told to."""

    def __init__(self, notes: list[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.notes = notes

    def ttsc__end(self) -> None:
        self.finish()
