"""One TCP connection: between the transport of asyncio and the tonic of that connection.

Not the tonic itself, so that a client may have one after the other, and so that what the loop calls is small.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from .. import clock
from ..errors import ttFrameError
from ..failures import report_failure

if TYPE_CHECKING:
    from .tcp import ttTcpConnection

BY_QUEUE: Final = 1
BY_PEER: Final = 2
BY_USER: Final = 4
"""Why a connection is not read: too much waits for its sparkle, the peer does not read, the tonic does not want to."""

FLUSH_S: Final = 5.0
"""How long what was sent before the end may take to go out, when the peer is slow to read it."""

PEER_CLOSED: Final = "the peer closed the connection"


class Wire(asyncio.Protocol):
    """Made for each connection; ends with it. Everything in the thread of the loop."""

    __slots__ = ("_catalyst", "_deliver", "_driver", "_framing", "_greet", "_heard_ns", "_held_by", "_idle_timer", "_is_full", "_reason",
                 "_split", "is_closing", "pack", "tonic", "transport")  # fmt: skip

    def __init__(self, greet: Callable[[Wire], ttTcpConnection | None]) -> None:
        self._greet = greet
        self.tonic: ttTcpConnection | None = None
        self.transport: Any = None
        self.is_closing = False
        self._held_by = 0
        self._is_full = False
        self._reason = ""
        self._idle_timer: asyncio.TimerHandle | None = None

    # -- called by asyncio ----------------------------------------------------------------------------------------------

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        tonic = self._greet(self)
        if tonic is None:
            self.abort()
            return
        self.tonic = tonic
        self._catalyst: Any = tonic.catalyst
        self._driver: Any = self._catalyst.driver
        try:
            self._framing = tonic.creating_framing()
        except Exception as error:
            self.tonic = None
            self.abort()
            report_failure(tonic.ledger, (tonic, "creating_framing", 0, None, None, "socket"), error)
            tonic.finish()
            return
        self._split = self._framing.split
        self.pack = self._framing.pack
        self._deliver = tonic.ttse__on_received
        self._heard_ns = clock.system_ns()
        tonic._tt_connected(self)
        if tonic.idle_limit:
            self._watch(tonic.idle_limit)

    def data_received(self, data: bytes) -> None:
        if self.is_closing:
            return
        catalyst = self._catalyst
        at_once = catalyst.sleeping
        if at_once:
            catalyst.put = catalyst.orders.append
        catalyst.via = "socket"
        deliver = self._deliver
        heard = False
        try:
            for message in self._split(data):
                deliver(message)
                heard = True
        except Exception as error:
            self._refuse(error)
        catalyst.via = catalyst.idle_via
        if heard and self._idle_timer is not None:
            self._heard_ns = clock.system_ns()
        if at_once:
            self._driver.slice()
        if not catalyst.sleeping and self._driver.brings_too_much(len(data)) and not self._held_by & BY_QUEUE:
            self.hold(BY_QUEUE)
            self._driver.resume_when_idle(self._queue_is_empty)

    def eof_received(self) -> bool:
        tonic = self.tonic
        if tonic is None or self.is_closing:
            return False
        try:
            for message in self._framing.rest():
                self._deliver(message)
        except Exception as error:
            self._refuse(error)
        # The peer may still read: what has come is answered before we close, too. TLS knows no half-closed connection.
        tonic._ttss__peer_ended()
        return not self._speaks_tls()

    def connection_lost(self, error: Exception | None) -> None:
        self.is_closing = True
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        tonic, self.tonic = self.tonic, None
        if tonic is None:
            return
        self._driver.lingering.discard(self)
        tonic._tt_disconnected(self, self._reason or (reason_of(error) if error is not None else PEER_CLOSED))
        # Nothing of it may keep the tonic alive when somebody keeps the transport.
        del self._deliver

    def pause_writing(self) -> None:
        self._is_full = True
        if self.tonic is not None and not self.is_closing:
            # Who does not read what it gets is not read either: else its requests fill the memory with answers. A client reads on:
            # if both ends waited for the other to read, both would wait for ever.
            if not self.tonic.reads_when_full:
                self.hold(BY_PEER)
            self.tonic.ttse__on_send_full()

    def resume_writing(self) -> None:
        self._is_full = False
        if self.tonic is not None and not self.is_closing:
            self.release(BY_PEER)
            self.tonic.ttse__on_send_ready()

    # -- called by the tonic --------------------------------------------------------------------------------------------

    def write(self, data: bytes, limit: int) -> bool:
        """Send bytes; false when the connection is closing."""
        if self.is_closing:
            return False
        transport = self.transport
        if transport.is_closing():
            return False  # it is lost, and we shall hear of it; asyncio would mutter
        transport.write(data)
        if self._is_full and transport.get_write_buffer_size() > limit:
            self.drop(f"the peer does not read: more than {limit} bytes wait to be sent (send_limit)")
            return False
        return True

    def hold(self, by: int) -> None:
        """Do not read, for one of the reasons."""
        if not self._held_by and not self.transport.is_closing():
            self.transport.pause_reading()
        self._held_by |= by

    def release(self, by: int) -> None:
        """One of the reasons not to read has gone."""
        if self._held_by:
            self._held_by &= ~by
            if not self._held_by and not self.transport.is_closing():
                self.transport.resume_reading()

    def close(self, reason: str = "") -> None:
        """Send what was given to send, then close. A peer that does not read it gets a few seconds."""
        if self.is_closing:
            return
        self.is_closing = True
        self._reason = self._reason or reason
        self._driver.lingering.add(self)
        if self.transport.get_write_buffer_size() or self._speaks_tls():
            if self._idle_timer is not None:
                self._idle_timer.cancel()
            self._idle_timer = self._catalyst.loop.call_later(FLUSH_S, self.abort)
        self.transport.close()

    def drop(self, reason: str) -> None:
        """Close at once, whatever is still to be sent."""
        self._reason = self._reason or reason
        self.abort()

    def abort(self) -> None:
        """Close at once."""
        self.is_closing = True
        self.transport.abort()

    def _speaks_tls(self) -> bool:
        return self.transport.get_extra_info("sslcontext") is not None

    # -- within -----------------------------------------------------------------------------------------------------------

    def _queue_is_empty(self) -> None:
        if self.tonic is not None:
            self.release(BY_QUEUE)

    def _refuse(self, error: Exception) -> None:
        """What came is no message, or a framing of the user's failed."""
        if not isinstance(error, ttFrameError):
            tonic = self.tonic
            assert tonic is not None
            report_failure(tonic.ledger, (tonic, "framing", 0, None, None, "socket"), error)
        self.close(f"what came is no message: {error}")

    def _watch(self, seconds: float) -> None:
        """Close when no whole message comes for so long; a byte now and then does not count. Held by the brake, time stands."""
        since_s = 0.0 if self._catalyst.is_held else (clock.system_ns() - self._heard_ns) / 1e9
        if since_s >= seconds:
            self._idle_timer = None
            self.drop(f"no whole message came for {seconds:g} s (idle_limit)")
        else:
            self._idle_timer = self._catalyst.loop.call_later(seconds - since_s, self._watch, seconds)


def reason_of(error: BaseException) -> str:
    """What went wrong with a connection, in words without the number of an operating system."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text)[:1].lower() + str(text)[1:]
