"""Readers of the stream that write for people. ``tasktonic/log/to`` names them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from .screen import ScreenLog
from .service import ttLogService

__all__ = ["make_targets", "ttLogService"]

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
            raise ValueError(f"tasktonic/log/to = {wanted!r}: no log target {name!r}; there are off, {', '.join(_makers)}.")
        targets.append(_makers[name]())
    return targets
