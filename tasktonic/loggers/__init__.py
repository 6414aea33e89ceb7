"""Readers of the stream that write for people. ``tasktonic/log/to`` names them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from .screen import ScreenLog
from .service import Elsewhere, ttLogService

__all__ = ["make_targets", "shown_elsewhere", "ttLogService"]

shown_elsewhere: Final[set[str]] = set()
"""Targets whose lines somebody else shows: a studio that launched the app shows what would go to the screen."""

_makers: Final[dict[str, Callable[[], ttLogService]]] = {"screen": ScreenLog}


def make_targets(wanted: Any) -> list[ttLogService]:
    """The log targets for the setting ``tasktonic/log/to``: a name, or several in a list or separated by commas.

    Raises:
        ValueError: there is no target of that name; the message lists those there are.
    """
    names = [n.strip() for n in wanted.split(",")] if isinstance(wanted, str) else list(wanted or ())
    targets = []
    for name in names:
        if name in ("off", ""):
            continue
        if name not in _makers:
            raise ValueError(
                f"tasktonic/log/to = {wanted!r}: no log target {name!r}; there are off, {', '.join(_makers)}."
            )
        targets.append(Elsewhere() if name in shown_elsewhere else _makers[name]())
    return targets
