"""What a program prints, its end kept. In the place of a feed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tasktonic_studio.session.inbox import InboxItem, Output

_TAIL: Final = 20_000
"""Characters that are kept."""


class Said:
    """Made for one process, which calls it in its own thread; `told` is called there with each piece."""

    def __init__(self, told: Callable[[str], object] | None = None) -> None:
        self.text = ""
        self._told = told

    def put(self, item: InboxItem) -> None:
        """Keep what is printed."""
        if isinstance(item, Output):
            self.text = (self.text + item.text)[-_TAIL:]
            if self._told is not None:
                self._told(item.text)

    def say(self, sentence: str) -> None:
        """Keep a sentence about it."""
        self.text += f"{sentence}\n"


__all__ = ["Said"]
