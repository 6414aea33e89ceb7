"""TCP: a server whose connections are tonics, and a client that connects again by itself."""

from __future__ import annotations

import asyncio
import random
import socket
import ssl
from typing import Any

from ..endings import ASKED
from ..essence import ttEssence
from ..failures import report_failure
from ..log_levels import ttLog
from ..timers import ttTimerSingleShot
from .coroutines import ttAsyncTonic
from .framing import ttFraming, ttRaw
from .listening import LOOPBACK, Listening
from .wire import BY_USER, PEER_CLOSED, Wire, reason_of


class ttTcpConnection(ttAsyncTonic):
    """A connection, as a tonic: of a server, which makes one for each peer, or as a ``ttTcpClient``.

    Subclass it, say how messages stand in the stream (``creating_framing``) and handle the sparkles. The connection of a server
    finishes when the peer has gone; when it finishes by itself, what was sent goes out first.

    Args:
        name, context, log_mode: as for ``ttEssence``.
        catalyst: as for ``ttAsyncTonic``.

    Its methods may be called from any thread unless they say otherwise; its sparkles run in that of its catalyst.

    >>> from tasktonic.net import ttAsyncioCatalyst, ttLines, ttTcpClient, ttTcpConnection, ttTcpServer
    >>> class Echo(ttTcpConnection):
    ...     def creating_framing(self):
    ...         return ttLines()
    ...
    ...     def ttse__on_received(self, line):
    ...         self.send(line.upper())
    >>> class Caller(ttTcpClient):
    ...     def creating_framing(self):
    ...         return ttLines()
    ...
    ...     def ttse__on_connected(self):
    ...         self.send("hello")
    ...
    ...     def ttse__on_received(self, line):
    ...         print(line)
    ...         self.context.finish()
    >>> class Server(ttTcpServer):
    ...     def ttse__on_listening(self, host, port):
    ...         self.bind(Caller, host, port)
    >>> class NetApp(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...
    ...     def creating_main_catalyst(self):
    ...         ttAsyncioCatalyst()
    ...
    ...     def creating_starting_tonics(self):
    ...         Server(Echo)
    >>> app = NetApp()
    HELLO
    """

    idle_limit: float | None = None
    """Seconds within which a whole message has to come, else the connection is closed; ``None``: it may be silent for ever."""
    send_limit: int = 4_194_304
    """Bytes that may wait to be sent: a peer that does not read them is disconnected."""
    reads_when_full: bool = False
    """Whether it reads on while the peer does not read what it is sent; true for a ``ttTcpClient``. Not for both ends: it keeps the
    requests of a peer that reads no answers out of the memory, but two that wait for each other wait for ever."""

    _tt_wire: Wire | None = None
    _tt_server: ttTcpServer | None = None

    # -- to override ----------------------------------------------------------------------------------------------------

    def creating_framing(self) -> ttFraming:
        """How messages stand in the stream of bytes; by default raw bytes. Called once per connection, in the catalyst's thread."""
        return ttRaw()

    def ttse__on_connected(self) -> None:
        """The connection is there."""

    def ttse__on_received(self, message: Any) -> None:
        """A message has come.

        Args:
            message: what the framing makes: bytes, a line, a JSON value.
        """

    def ttse__on_disconnected(self, reason: str) -> None:
        """The connection has gone, and not because this tonic has finished. All that came before has been received.

        Args:
            reason: why, in words.
        """

    def ttse__on_send_full(self) -> None:
        """The peer reads slower than this sends: stop sending until ``ttse__on_send_ready``.

        A connection of a server does not read from the peer meanwhile (``reads_when_full``).
        """

    def ttse__on_send_ready(self) -> None:
        """The peer has read: send on."""

    # -- to call ----------------------------------------------------------------------------------------------------------

    @property
    def is_connected(self) -> bool:
        """Whether there is a connection, and none that is closing. Any thread."""
        wire = self._tt_wire
        return wire is not None and not wire.is_closing

    @property
    def peer(self) -> tuple[str, int] | None:
        """Host and port of the peer; ``None`` without a connection. Any thread."""
        wire = self._tt_wire
        found = None if wire is None else wire.transport.get_extra_info("peername")
        return None if not found else (found[0], found[1])

    def send(self, message: Any) -> bool:
        """Send a message; what cannot go out at once waits. Any thread: in another than the catalyst's it is queued.

        Args:
            message: what the framing takes.

        Returns:
            Whether it was taken; false without a connection, or when more than ``send_limit`` bytes wait.

        Raises:
            ttFrameError: the framing cannot send this.
        """
        wire = self._tt_wire
        if wire is None:
            return False
        if not self._tt_catalyst.claim._is_owned():
            self.ttsc__send(message)
            return True
        return wire.write(wire.pack(message), self.send_limit)

    def ttsc__send(self, message: Any) -> None:
        """The same as ``send``, as a sparkle.

        Args:
            message: what the framing takes.
        """
        self.send(message)

    def pause_reading(self) -> None:
        """Take nothing more from the peer, who then has to wait. In the catalyst's thread."""
        if self._tt_wire is not None:
            self._tt_wire.hold(BY_USER)

    def resume_reading(self) -> None:
        """Take on. In the catalyst's thread."""
        if self._tt_wire is not None:
            self._tt_wire.release(BY_USER)

    # -- within -----------------------------------------------------------------------------------------------------------

    def _tt_connected(self, wire: Wire) -> None:
        self._tt_wire = wire
        self.ttse__on_connected()

    def _tt_disconnected(self, wire: Wire, reason: str) -> None:
        self._tt_wire = None
        if self._tt_stage < ASKED:
            self.ttse__on_disconnected(reason)
            self._tt_after_disconnect()

    def _tt_after_disconnect(self) -> None:
        self.finish()

    def _ttss__peer_ended(self) -> None:
        if self._tt_wire is not None:
            self._tt_wire.close(PEER_CLOSED)

    def _tt_let_go(self) -> None:
        super()._tt_let_go()
        if self._tt_wire is not None:
            wire, self._tt_wire = self._tt_wire, None
            wire.close()
        if self._tt_server is not None:
            self._tt_server._connected -= 1


class ttTcpServer(Listening):
    """Listens, and makes a tonic for each peer that connects. When it finishes, its connections do.

    Args:
        connection: the class of the connections, a ``ttTcpConnection``.
        host: the address to listen on; by default only this machine can connect.
        port: the port; 0 takes a free one.
        tls: an ``ssl.SSLContext`` with a certificate, for TLS.
        most_connections: how many peers there may be at once; more are turned away. ``None``: any number.
        name, context, log_mode: as for ``ttEssence``.
        catalyst: as for ``ttAsyncTonic``.

    Its methods may be called from any thread; its sparkles run in that of its catalyst. A port that cannot be opened is an error
    of the sparkle ``_ttss__listen``, a ``ttNetworkError``: it goes to ``ttse__on_error``; ``ttsc__listen`` tries again. See
    ``ttTcpConnection`` for an example.
    """

    def __init__(
        self,
        connection: type[ttTcpConnection] = ttTcpConnection,
        host: str = LOOPBACK,
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        most_connections: int | None = None,
        name: str | None = None,
        context: ttEssence | int | None = None,
        log_mode: ttLog | int | str | None = None,
        catalyst: Any = None,
    ) -> None:
        super().__init__(host, port, tls, name, context, log_mode, catalyst)
        self.connection = connection
        """The class of the connections."""
        self.most_connections = most_connections
        """How many peers there may be at once."""
        self.turned_away = 0
        """How many peers were turned away because there were enough."""
        self._connected = 0

    # -- to override ----------------------------------------------------------------------------------------------------

    def creating_connection(self) -> ttTcpConnection:
        """Make the tonic for a peer; override it to pass arguments of your own. In the catalyst's thread."""
        return self.connection(context=self)

    # -- to call ----------------------------------------------------------------------------------------------------------

    @property
    def connections(self) -> list[ttTcpConnection]:
        """The connections there are. In the catalyst's thread."""
        return [child for child in (self._tt_children or {}).values() if isinstance(child, ttTcpConnection)]

    # -- within -----------------------------------------------------------------------------------------------------------

    def _tt_make_protocol(self) -> Wire:
        return Wire(self._greet)

    def _greet(self, wire: Wire) -> ttTcpConnection | None:
        """A peer has connected. By the loop, between two sparkles; nothing that happens here may reach it."""
        if self._tt_stage >= ASKED:
            return None
        if self.most_connections is not None and self._connected >= self.most_connections:
            self.turned_away += 1
            return None
        try:
            connection = self.creating_connection()
        except Exception as error:
            report_failure(self.ledger, (self, "creating_connection", 0, None, None, "socket"), error)
            return None
        connection._tt_server = self
        self._connected += 1
        return connection


class ttTcpClient(ttTcpConnection):
    """Connects to a server, and again when the connection is lost, waiting a little longer each time it fails.

    Args:
        host: where to connect to.
        port: the port.
        tls: true for TLS with the certificates this machine trusts, or an ``ssl.SSLContext``.
        server_hostname: the name the certificate has to be for; left out, ``host``.
        reconnect: whether to connect again; without it, it finishes when it cannot connect or the connection is lost.
        first_wait: seconds to wait after the first failure; twice as long after each further one.
        longest_wait: seconds to wait at most.
        connect_limit: seconds a connection may take to come about.
        name, context, log_mode: as for ``ttEssence``.
        catalyst: as for ``ttAsyncTonic``.

    See ``ttTcpConnection`` for an example, and for the thread of each method.
    """

    reads_when_full: bool = True

    def __init__(
        self,
        host: str,
        port: int,
        tls: ssl.SSLContext | bool | None = None,
        server_hostname: str | None = None,
        reconnect: bool = True,
        first_wait: float = 0.1,
        longest_wait: float = 30.0,
        connect_limit: float = 10.0,
        name: str | None = None,
        context: ttEssence | int | None = None,
        log_mode: ttLog | int | str | None = None,
        catalyst: Any = None,
    ) -> None:
        super().__init__(name, context, log_mode, catalyst)
        self.host = host
        """Where it connects to."""
        self.port = port
        """The port it connects to."""
        self.reconnect = reconnect
        """Whether it connects again."""
        self._tls = ssl.create_default_context() if tls is True else tls or None
        self._server_hostname = (server_hostname or host) if self._tls is not None else None
        self._first_wait, self._longest_wait = first_wait, longest_wait
        self._connect_limit = connect_limit
        self._wait = first_wait
        self._connected_at = 0.0
        self._ttss__connect()

    def ttse__on_connect_failed(self, reason: str) -> None:
        """There is no connection; unless ``reconnect`` is false it tries again by itself.

        Args:
            reason: why, in words.
        """

    def _ttss__connect(self, timer: Any = None) -> None:
        if self._tt_wire is None and self._tt_stage < ASKED:
            self.run_coroutine(self._connect(), on_error=self._connect_failed)

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        wire_of = lambda: Wire(lambda _: self if self._tt_stage < ASKED else None)  # noqa: E731 - two small steps, read as one
        coming = loop.create_connection(
            wire_of, self.host, self.port, ssl=self._tls, server_hostname=self._server_hostname
        )
        await asyncio.wait_for(coming, self._connect_limit)
        self._connected_at = loop.time()

    def _connect_failed(self, error: BaseException) -> None:
        if not isinstance(error, OSError | TimeoutError):
            report_failure(self.ledger, (self, "connect", 0, None, None, "asyncio"), error)
        if self._tt_stage < ASKED:
            self.ttse__on_connect_failed(self._why_not(error))
            self._tt_after_disconnect()

    def _why_not(self, error: BaseException) -> str:
        where = f"{self.host}:{self.port}"
        if isinstance(error, ssl.SSLCertVerificationError):
            return (
                f"{where}: the certificate is not accepted: {error.verify_message}. Is server_hostname right, and does tls trust who "
                "signed it (ssl.create_default_context(cafile=...))?"
            )
        if isinstance(error, ssl.SSLError) or (self._tls is not None and isinstance(error, ConnectionResetError)):
            why = getattr(error, "reason", None) or "the server closed the connection"
            return f"{where}: no TLS connection came about: {why}. Does the server speak TLS?"
        if isinstance(error, socket.gaierror):
            return f"{where}: no such host: {error.strerror}."
        if isinstance(error, TimeoutError) and error.errno is None:
            return f"{where}: no connection came about within {self._connect_limit:g} s (connect_limit)."
        if isinstance(error, ConnectionRefusedError):
            return f"{where}: nothing listens there: the connection was refused."
        return f"{where}: {reason_of(error)}."

    def _tt_after_disconnect(self) -> None:
        if not self.reconnect:
            self.finish()
            return
        if self._connected_at:
            # One that lived longer than we would wait was a good one: begin with the short wait again.
            if self.catalyst.loop.time() - self._connected_at > self._wait:  # type: ignore[attr-defined]
                self._wait = self._first_wait
            self._connected_at = 0.0
        # Not all at the same moment, when a server comes back and a thousand clients wait for it.
        seconds = self._wait * random.uniform(0.5, 1.0)
        self._wait = min(2 * self._wait, self._longest_wait)
        ttTimerSingleShot(seconds, name="reconnect", context=self, sparkle_back=self._ttss__connect)
