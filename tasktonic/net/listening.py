"""What listens on a port: the base of the servers, and how a port is had."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import ssl
from typing import Any, Final

from ..endings import ASKED, ENDING
from ..errors import ttNetworkError
from ..essence import ttEssence
from ..log_levels import ttLog
from .coroutines import ttAsyncTonic
from .wire import reason_of

LOOPBACK: Final = "127.0.0.1"
NO_MORE: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
"""The system has no room for another connection just now."""
REST_S: Final = 0.1
"""How long nobody is let in then."""
BACKLOG: Final = 4096
"""How many peers may wait to be let in: thousands that come at once are not turned away."""


class Listening(ttAsyncTonic):
    """A tonic that listens on a port. Its subclass says what is to be made for each peer (``_tt_make_protocol``).

    Its methods may be called from any thread; its sparkles run in that of its catalyst.
    """

    handshake_limit: float = 10.0
    """Seconds that a peer may take for the handshake of TLS; then there is a connection, or none."""

    # Of the class, so that one whose __init__ was refused can be undone.
    _listener: socket.socket | None = None
    _server: asyncio.Server | None = None
    _let_in: set[socket.socket] | None = None
    """Peers with whom nobody has begun to shake hands yet; ``None`` while no coroutine lets peers in."""

    def __init__(
        self,
        host: str,
        port: int,
        tls: ssl.SSLContext | None,
        name: str | None,
        context: ttEssence | int | None,
        log_mode: ttLog | int | str | None,
        catalyst: Any,
    ) -> None:
        super().__init__(name, context, log_mode, catalyst)
        self.host = host
        """The address it listens on."""
        self.port = port
        """The port it listens on; the real one once it listens."""
        self.tls = tls
        """The settings for TLS, ``None`` without."""
        self._ttss__listen()

    def ttse__on_listening(self, host: str, port: int) -> None:
        """Peers can connect now.

        Args:
            host: the address.
            port: the real port, also when 0 was asked for.
        """

    def ttsc__listen(self) -> None:
        """Try again to listen, after it failed. Harmless when it listens."""
        self._ttss__listen()

    def _tt_make_protocol(self) -> asyncio.BaseProtocol:
        """What stands between the transport of a peer and this tonic. By the loop, between two sparkles."""
        raise NotImplementedError

    def _ttss__listen(self) -> None:
        if self._listener is None and self._tt_stage < ASKED:
            self._listener = open_port(self.name, self.host, self.port, socket.SOCK_STREAM)
            self.run_coroutine(self._serve(self._listener))

    async def _serve(self, listener: socket.socket) -> None:
        if self.tls is not None:
            await self._serve_tls(listener, self.tls)
            return
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self._tt_make_protocol, sock=listener, backlog=BACKLOG, start_serving=False)
        if self._tt_stage >= ENDING:
            server.close()
            return
        self._server = server
        self.host, self.port = listener.getsockname()[:2]
        await server.start_serving()
        self.ttse__on_listening(self.host, self.port)

    async def _serve_tls(self, listener: socket.socket, tls: ssl.SSLContext) -> None:
        """Let peers in, each with a coroutine that shakes hands with it.

        A server of the loop does so out of our reach: when the app ends nobody can find the peers that are at it, and uvloop waits
        for them.
        """
        loop = asyncio.get_running_loop()
        let_in = self._let_in = set()
        try:
            listener.listen(BACKLOG)
            self.host, self.port = listener.getsockname()[:2]
            self.ttse__on_listening(self.host, self.port)
            while True:
                try:
                    peer, _ = await loop.sock_accept(listener)
                except ConnectionError:
                    continue  # it has gone by now
                except OSError as error:
                    if error.errno not in NO_MORE:
                        raise
                    await asyncio.sleep(REST_S)
                    continue
                if self._tt_stage >= ASKED:
                    peer.close()
                    return
                let_in.add(peer)
                self.run_coroutine(self._shake_hands(peer, tls, let_in))
        finally:
            listener.close()

    async def _shake_hands(self, peer: socket.socket, tls: ssl.SSLContext, let_in: set[socket.socket]) -> None:
        let_in.discard(peer)
        loop = asyncio.get_running_loop()
        try:
            await loop.connect_accepted_socket(
                self._tt_make_protocol, peer, ssl=tls, ssl_handshake_timeout=self.handshake_limit
            )
        except OSError:
            return  # it has gone, is too slow, speaks no TLS or does not accept the certificate: it knows itself

    def _tt_stop(self) -> None:
        super()._tt_stop()
        for peer in self._let_in or ():
            peer.close()
        if self._server is not None:
            self._server.close()
        elif self._listener is not None and self._let_in is None:
            self._listener.close()  # else the coroutine does so


def open_port(who: str, host: str, port: int, kind: int) -> socket.socket:
    """A socket bound to a port, for a server or for datagrams.

    Raises:
        ttNetworkError: it cannot be had; the message says why, and what to do.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, kind)
    try:
        if os.name == "posix" and kind == socket.SOCK_STREAM:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((host, port))
        opened.setblocking(False)
    except (OSError, OverflowError) as error:
        opened.close()
        raise ttNetworkError(f"{who}: {_why_no_port(host, port, error)}") from error
    return opened


def _why_no_port(host: str, port: int, error: Exception) -> str:
    number = getattr(error, "errno", None)
    if isinstance(error, OverflowError):
        return f"there is no port {port}; ports are numbers from 0 (any free one) to 65535."
    if isinstance(error, socket.gaierror) or number == errno.EADDRNOTAVAIL:
        return (
            f"this machine has no address {host!r} to listen on; use '127.0.0.1' for this machine only, '0.0.0.0' for all "
            "of its addresses."
        )
    if number == errno.EADDRINUSE:
        return f"port {port} of {host} is in use by another program; end that one, or choose another port (0: any free one)."
    if number == errno.EACCES:
        return f"port {port} may not be opened by this user; choose one from 1024 on."
    return f"port {port} of {host} cannot be opened: {reason_of(error)}."
