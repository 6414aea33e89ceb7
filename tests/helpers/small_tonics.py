"""Tonics that do next to nothing."""

from __future__ import annotations

from typing import Any

from tasktonic import ttCatalyst, ttTonic
from tests.helpers.apps import run_app


class Ender(ttTonic):
    """Ends at once."""

    def ttse__on_start(self) -> None:
        self.finish()


class Stayer(ttTonic):
    """Does nothing, so that the app stays."""


def ping_pong(hits: int) -> list[int]:
    """Run an app in which two tonics on two catalysts hit back until none is left; gives what was left at each hit."""
    seen: list[int] = []

    class Player(ttTonic):
        other: Any

        def ttsc__hit(self, left: int) -> None:
            seen.append(left)
            if left:
                self.other.ttsc__hit(left - 1)
            else:
                self.context.finish()  # type: ignore[union-attr]

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            players = [Player(catalyst=ttCatalyst(context=-1)) for _ in range(2)]
            players[0].other, players[1].other = players[1], players[0]
            players[0].ttsc__hit(hits)

    run_app(Main)
    return seen
