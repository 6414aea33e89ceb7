"""Whose thread this is, as fast as Python can tell."""

from __future__ import annotations

import threading
from typing import Any, Final

NOBODYS: Final[Any] = threading.RLock()
"""What ``claim`` gives, of no thread: it is never held."""


def claim() -> Any:
    """Something whose ``_is_owned()`` is true on this thread and on no other, for as long as the thread lives.

    It is a lock that this thread takes and keeps. ``threading.Condition`` asks for the owner of its lock by the same method,
    which looks at the thread and compares in C: a third of what ``get_ident()`` and a comparison cost, once per call
    of a sparkle. A tenth of a sparkle is saved. Nobody ever waits for the lock.
    """
    lock = threading.RLock()
    lock.acquire()
    return lock
