"""A reply that goes on: events for a browser, sent as they happen (what JavaScript calls an EventSource)."""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Final

from ..errors import ttFrameError
from .http_parts import body_of, checked_fields

EVENT_HEADERS: Final = (("Content-Type", "text/event-stream"), ("Cache-Control", "no-store"))
QUIET_S: Final = 15.0
"""After so long without an event a sign of life is sent: else nobody would see that a peer has gone."""
MOST_WAITING: Final = 1_048_576
"""Bytes of events that may wait for a peer that reads slowly; then it is given up."""
SIGN_OF_LIFE: Final = b":\n\n"


class ttHttpEvents:
    r"""What ``request.reply_events`` gives: sends events to the one who asked, until one of the two has enough. Any thread.

    It ends by ``close``, when the peer has gone or reads too slowly, when the server finishes, and when nobody has it any more:
    so the events of a tonic end with the tonic.

    Args:
        feed: where they go; the server's own.

    >>> from tasktonic.net import ttHttpRequest
    >>> request = ttHttpRequest.by_hand("GET /news")
    >>> news = request.reply_events()
    >>> news.send({"litres": 3}), news.send("two\nlines", event="note", id="7"), news.is_open
    (True, True, True)
    >>> print(request.replied.text)
    data: {"litres":3}
    <BLANKLINE>
    event: note
    id: 7
    data: two
    data: lines
    <BLANKLINE>
    <BLANKLINE>
    """

    __slots__ = ("__weakref__", "_feed")

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    @property
    def is_open(self) -> bool:
        """Whether what is sent still goes to somebody."""
        return not self._feed.is_over

    def send(self, data: Any, event: str | None = None, id: str | None = None) -> bool:  # noqa: A002 - what HTML calls it
        """Send an event; what cannot go out at once waits.

        Args:
            data: text, or plain data, which goes as JSON.
            event: the kind of event; a page listens for it by that name. Left out, it is a ``message``.
            id: what the browser says as ``Last-Event-ID`` when it asks again after it was cut off.

        Returns:
            Whether it was taken; false when it has ended.

        Raises:
            ttFrameError: this cannot be sent.
        """
        body, _ = body_of("an event", data)
        if not isinstance(body, bytes):
            raise ttFrameError("an event sends text or plain data, no file; send its text.")
        lines = []
        given: tuple[tuple[str, Any], ...] = (("event", event), ("id", id))
        for name, value in given:
            if value is not None:
                if not isinstance(value, str) or any(sign in value for sign in "\r\n\0"):
                    raise ttFrameError(f"an event: its {name} cannot be {value!r:.60}; it is text of one line.")
                lines.append(f"{name}: {value}\n".encode())
        text = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        lines += [b"data: " + line + b"\n" for line in text.split(b"\n")]
        return self._feed.put(b"".join(lines) + b"\n")

    def close(self) -> None:
        """End it, after what was sent has gone out. The browser asks again, unless its page closes its EventSource."""
        self._feed.end()

    def __del__(self) -> None:
        feed = getattr(self, "_feed", None)
        if feed is not None:
            feed.end()

    def __copy__(self) -> ttHttpEvents:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> ttHttpEvents:
        return self


class Feed:
    """Between whoever sends, in any thread, and the coroutine that writes to the peer."""

    def __init__(
        self, headers: tuple[tuple[str, str], ...], on_closed: Callable[[ttHttpEvents], object] | None
    ) -> None:
        self.headers = headers
        self.is_over = False
        self.gives_up = False
        self._events: Callable[[], ttHttpEvents | None] = _nobody
        """A weak reference: who sends, and nobody here, keeps it alive."""
        self._on_closed = on_closed
        self._queue = threading.Lock()
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._ring: Callable[[], object] | None = None
        self._is_rung = False

    def opened(self) -> ttHttpEvents:
        """What the user gets."""
        events = ttHttpEvents(self)
        self._events = weakref.ref(events)
        return events

    # -- any thread -------------------------------------------------------------------------------------------------------

    def put(self, chunk: bytes) -> bool:
        """Have something sent; false when it has ended."""
        with self._queue:
            if self.is_over:
                return False
            self._waiting.append(chunk)
            self._size += len(chunk)
            self.gives_up = self._size > MOST_WAITING
        if self.gives_up:
            self.end()
            return False
        self._wake()
        return True

    def end(self) -> None:
        """Send nothing more than what waits. Harmless when it has ended, and without a lock: garbage may be collected anywhere."""
        if not self.is_over:
            self.is_over = True
            self._wake()

    def so_far(self) -> bytes:
        """What waits, for a request that was made by hand."""
        with self._queue:
            return b"".join(self._waiting)

    def _wake(self) -> None:
        ring = self._ring
        if ring is not None and not self._is_rung:
            self._is_rung = True
            try:
                ring()
            except RuntimeError:
                return  # the loop has been closed, and who asked heard of that

    # -- in the thread of the loop --------------------------------------------------------------------------------------------

    async def write_all(self, write: Callable[[bytes], Any], abort: Callable[[], object]) -> None:
        """Write what is sent until it has ended; a peer that reads too slowly is disconnected by ``abort``."""
        changed = asyncio.Event()
        loop = asyncio.get_running_loop()

        def rung() -> None:
            self._is_rung = False  # here: who gives up while the write below waits for the peer must be heard
            changed.set()
            if self.gives_up:
                abort()

        self._ring = lambda: loop.call_soon_threadsafe(rung)
        if self.gives_up:
            abort()  # before anybody could ring
            return
        while True:
            changed.clear()
            is_over = self.is_over  # before the queue is looked at: nothing comes after it
            while chunk := self._take():
                await write(chunk)
            if is_over:
                return
            if not self.is_over:
                await self._wait(changed, write)

    def _take(self) -> bytes:
        with self._queue:
            chunk = b"".join(self._waiting)
            self._waiting.clear()
            self._size = 0
        return chunk

    async def _wait(self, changed: asyncio.Event, write: Callable[[bytes], Any]) -> None:
        try:
            await asyncio.wait_for(changed.wait(), QUIET_S)
        except TimeoutError:
            await write(SIGN_OF_LIFE)

    def closed(self) -> None:
        """Nothing goes to anybody any more. Harmless the second time."""
        self._ring = None
        self.end()
        events, on_closed = self._events(), self._on_closed
        self._on_closed = None
        if events is not None and on_closed is not None:
            on_closed(events)


def _nobody() -> None:
    return None


def feed_of(who: str, headers: Mapping[str, str] | None, on_closed: Callable[[ttHttpEvents], object] | None) -> Feed:
    """A feed for a request."""
    return Feed((*EVENT_HEADERS, *checked_fields(who, headers)), on_closed)
