"""ttUdp: datagrams, as a tonic."""

from __future__ import annotations

import asyncio
import socket
from typing import Any, Final

from ..endings import ASKED, ENDING
from ..errors import ttFrameError, ttNetworkError
from ..essence import ttEssence
from ..failures import report_failure
from ..log_levels import ttLog
from .coroutines import ttAsyncTonic
from .listening import LOOPBACK, open_port
from .wire import reason_of

MOST_BYTES: Final = 65_507
"""What fits in one datagram of IPv4."""


class ttUdp(ttAsyncTonic):
    """Sends and receives datagrams on a port. A datagram may be lost or doubled on the way, and nobody is told.

    Args:
        host: the address; by default only this machine can reach it.
        port: the port; 0 takes a free one.
        peer: host and port to which ``send`` goes when it is given no other.
        broadcast: whether it may send to all of a network.
        name, context, log_mode: as for ``ttEssence``.
        catalyst: as for ``ttAsyncTonic``.

    A port that cannot be opened is an error of the sparkle ``_ttss__open``, a ``ttNetworkError``: it goes to ``ttse__on_error``;
    ``ttsc__open`` tries again. Its methods may be called from any thread; its sparkles run in that of its catalyst.

    >>> from tasktonic.net import ttAsyncioCatalyst, ttUdp
    >>> class Sensor(ttUdp):
    ...     def ttse__on_ready(self, host, port):
    ...         self.send(b"21.5 C")
    >>> class Display(ttUdp):
    ...     def ttse__on_ready(self, host, port):
    ...         self.bind(Sensor, peer=(host, port))
    ...
    ...     def ttse__on_datagram(self, data, sender):
    ...         print(data.decode())
    ...         self.finish()
    >>> class NetApp(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...
    ...     def creating_main_catalyst(self):
    ...         ttAsyncioCatalyst()
    ...
    ...     def creating_starting_tonics(self):
    ...         Display()
    >>> app = NetApp()
    21.5 C
    """

    send_limit: int = 1_048_576
    """Bytes that may wait to be sent; more is dropped and counted."""

    # Of the class, so that one whose __init__ was refused can be undone.
    _socket: socket.socket | None = None
    _transport: Any = None

    def __init__(
        self,
        host: str = LOOPBACK,
        port: int = 0,
        peer: tuple[str, int] | None = None,
        broadcast: bool = False,
        name: str | None = None,
        context: ttEssence | int | None = None,
        log_mode: ttLog | int | str | None = None,
        catalyst: Any = None,
    ) -> None:
        super().__init__(name, context, log_mode, catalyst)
        self.host = host
        """The address it listens on."""
        self.port = port
        """The port it listens on; the real one once it is ready."""
        self.peer = peer
        """Where ``send`` goes when it is given no other."""
        self.broadcast = broadcast
        """Whether it may send to all of a network."""
        self.dropped_in = 0
        """How many datagrams came and were dropped, because the sparkles could not keep up."""
        self.dropped_out = 0
        """How many were to be sent and were dropped, because the network could not keep up."""
        self._ttss__open()

    # -- to override ----------------------------------------------------------------------------------------------------

    def ttse__on_ready(self, host: str, port: int) -> None:
        """Datagrams can come and go now.

        Args:
            host: the address.
            port: the real port, also when 0 was asked for.
        """

    def ttse__on_datagram(self, data: bytes, sender: tuple[str, int]) -> None:
        """A datagram has come.

        Args:
            data: what is in it.
            sender: host and port of who sent it.
        """

    def ttse__on_not_sent(self, reason: str) -> None:
        """The system says that a datagram did not arrive, such as when nobody listens there. Mostly it says nothing.

        Args:
            reason: why, in words.
        """

    # -- to call ----------------------------------------------------------------------------------------------------------

    def send(self, data: bytes, to: tuple[str, int] | None = None) -> bool:
        """Send a datagram. Any thread: in another than the catalyst's it is queued.

        Args:
            data: what is in it, 1 to 65,507 bytes.
            to: host (a numeric address) and port; left out, ``peer``.

        Returns:
            Whether it was taken; false before ``ttse__on_ready``, and when too much waits to be sent.

        Raises:
            ttFrameError: it is no bytes, none at all, or too long.
            ttNetworkError: there is nobody to send it to.
        """
        if not isinstance(data, bytes | bytearray | memoryview):
            raise ttFrameError(f"{self.name}: a datagram is bytes, not a {type(data).__name__}; encode it first.")
        if not data:
            raise ttFrameError(
                f"{self.name}: a datagram without a byte cannot be sent by asyncio; send one byte, such as b'\\0'."
            )
        if len(data) > MOST_BYTES:
            raise ttFrameError(
                f"{self.name}: a datagram has {MOST_BYTES} bytes at most, and this one {len(data)}; send it in parts, or over TCP."
            )
        to = to or self.peer
        if to is None:
            raise ttNetworkError(
                f"{self.name}: nobody to send to: give send(data, to=(host, port)), or peer=(host, port)."
            )
        if not self._tt_catalyst.claim._is_owned():
            self.ttsc__send(bytes(data), to)
            return True
        transport = self._transport
        if transport is None or transport.is_closing():
            return False
        if transport.get_write_buffer_size() > self.send_limit:
            self.dropped_out += 1
            return False
        try:
            transport.sendto(data, to)
        except (OSError, ValueError, OverflowError) as error:
            raise ttNetworkError(
                f"{self.name}: cannot send to {to!r}: {reason_of(error)}. Give a numeric address and a port."
            ) from error
        return True

    def ttsc__send(self, data: bytes, to: tuple[str, int] | None = None) -> None:
        """The same as ``send``, as a sparkle.

        Args:
            data: what is in it.
            to: host and port.
        """
        self.send(data, to)

    def ttsc__open(self) -> None:
        """Try again to open the port, after it failed. Harmless when it is open."""
        self._ttss__open()

    # -- within -----------------------------------------------------------------------------------------------------------

    def _ttss__open(self) -> None:
        if self._socket is None and self._tt_stage < ASKED:
            self._socket = open_port(self.name, self.host, self.port, socket.SOCK_DGRAM)
            if self.broadcast:
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            self.run_coroutine(self._begin(self._socket))

    async def _begin(self, opened: socket.socket) -> None:
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: _Datagrams(self), sock=opened)
        self._transport = transport
        if self._tt_stage >= ENDING:
            transport.close()
            return
        self.host, self.port = opened.getsockname()[:2]
        self.ttse__on_ready(self.host, self.port)

    def _tt_let_go(self) -> None:
        super()._tt_let_go()
        if self._transport is not None:
            self._transport.close()
        elif self._socket is not None:
            self._socket.close()


class _Datagrams(asyncio.DatagramProtocol):
    """Between the transport of asyncio and the tonic. Everything in the thread of the loop."""

    def __init__(self, tonic: ttUdp) -> None:
        self._tonic = tonic
        self._catalyst: Any = tonic.catalyst
        self._driver: Any = self._catalyst.driver

    def datagram_received(self, data: bytes, sender: Any) -> None:
        tonic, catalyst = self._tonic, self._catalyst
        if tonic._tt_stage >= ASKED:
            return
        at_once = catalyst.sleeping
        if not at_once and self._driver.brings_too_much(len(data)):
            tonic.dropped_in += 1  # as the system does when its own buffer is full
            return
        if at_once:
            catalyst.put = catalyst.orders.append
        catalyst.via = "socket"
        tonic.ttse__on_datagram(data, sender[:2])
        catalyst.via = catalyst.idle_via
        if at_once:
            self._driver.slice()

    def error_received(self, error: Exception) -> None:
        if self._tonic._tt_stage < ASKED:
            self._tonic.ttse__on_not_sent(reason_of(error))

    def connection_lost(self, error: Exception | None) -> None:
        if error is not None:
            report_failure(self._tonic.ledger, (self._tonic, "udp", 0, None, None, "socket"), error)
