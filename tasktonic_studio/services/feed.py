"""Feed: what is learned of one target, on its way into the inbox."""

from __future__ import annotations

import threading
import time
from typing import Protocol

from tasktonic_studio.session.inbox import Inbox, InboxItem, Notice

MANY_BYTES = 16 * 1024 * 1024
MANY_ITEMS = 20_000
"""With so much waiting to be shown, readers of sockets pause; those who send wait or drop, and say so."""


class Keeper(Protocol):
    """Who keeps what a target tells, beside showing it."""

    def put(self, item: InboxItem) -> None:
        """Keep an item. Any thread; returns at once."""


class Feed:
    """One target's way into the inbox. Any thread.

    Made when a target begins, closed when another takes its place: what an old target's threads still have to say then
    goes nowhere, and nothing of it can end up in the session of the new one. `kept` gets all of it as well.
    """

    def __init__(self, inbox: Inbox, kept: Keeper | None = None) -> None:
        self._inbox = inbox
        self._kept = kept
        self._open_lock = threading.Lock()
        self._open = True

    def put(self, item: InboxItem) -> None:
        with self._open_lock:
            if self._open:
                self._inbox.put(item)
                if self._kept is not None:
                    self._kept.put(item)

    def say(self, sentence: str) -> None:
        """Put a notice of the Studio into the log."""
        self.put(Notice(sentence, time.monotonic_ns()))

    def close(self) -> None:
        """Let nothing more through; returns when nothing is on its way."""
        with self._open_lock:
            self._open = False

    @property
    def is_closed(self) -> bool:
        """Whether another target has taken the place of this one."""
        return not self._open

    @property
    def waiting_bytes(self) -> int:
        """How much waits to be shown."""
        return self._inbox.waiting_bytes

    @property
    def is_full(self) -> bool:
        """Whether so much waits that a reader should pause."""
        return self._inbox.waiting_bytes > MANY_BYTES or self._inbox.waiting_items > MANY_ITEMS
