"""A tonic that calls itself some times, and what an order in the stream has called."""

from __future__ import annotations

from typing import Any

from tasktonic import ttTonic


class Chain(ttTonic):
    """Calls itself some times, then finishes."""

    def __init__(self, length: int = 3, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.length = length

    def ttse__on_start(self) -> None:
        self.tts__step(self.length)

    def tts__step(self, left: int) -> None:
        if left:
            self.tts__step(left - 1)
        else:
            self.finish()


def called(order: Any) -> str:
    return str(order[0]._tt_class.sparkles[order[1]].called)
