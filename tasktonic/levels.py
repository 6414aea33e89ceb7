"""Which catalysts there are to be told what readers of the stream want."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Final

from .stream import Level, stream

if TYPE_CHECKING:
    from .catalyst import ttCatalyst

_all: Final[list[ttCatalyst]] = []
lock = threading.RLock()
"""Protects which they are and which loop each runs: what readers want and the brake change it on different threads."""


def enter(catalyst: ttCatalyst) -> None:
    """Tell this one from now on. Under the lock."""
    _all.append(catalyst)


def leave(catalyst: ttCatalyst) -> None:
    """Tell it no longer; harmless twice. Any thread."""
    with lock:
        if catalyst in _all:
            _all.remove(catalyst)


def everyone() -> list[ttCatalyst]:
    """Those that are told. Under the lock."""
    return list(_all)


def _tell_all(level: Level) -> None:
    with lock:
        for catalyst in _all:
            catalyst.level_changed(level)


def _forget_in_child() -> None:
    """In a forked child: the catalysts are the parent's, and whoever held the lock at the fork does not exist here."""
    global lock
    lock = threading.RLock()
    _all.clear()


stream.on_level(_tell_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_in_child)
