"""Peers and coroutines on their worst days. What the test of a part says of it is there: garbage, bytes now and then, full buffers."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import threading
from typing import Any

import pytest

from tasktonic import ttTimerSingleShot, ttTonic
from tasktonic.events import Dropped
from tasktonic.net import ttAsyncTonic, ttFraming, ttJson, ttTcpClient, ttTcpServer
from tests.framework.net.peers import Echo, all_of, connected, line_of, reporting
from tests.helpers.apps import WAIT_S, reading, wait_for


def hang_up(peer: socket.socket) -> None:
    """As a machine that was switched off: the next word to it is answered by a reset."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def is_served(server: Any) -> None:
    """Another peer is answered as if nothing were."""
    with connected(server) as other:
        other.sendall(b"hello\n")
        assert line_of(other) == b"hello\n"


# -- peers that vanish ----------------------------------------------------------------------------------------------------


def test_peer_that_never_says_a_word_is_closed(serve: Any) -> None:
    cls = reporting(idle_limit=0.05)

    def work(server: Any) -> None:
        with connected(server) as peer:
            assert all_of(peer) == b""
        wait_for(cls.told)

    serve(cls, work)

    assert cls.reasons == ["no whole message came for 0.05 s (idle_limit)"]


def test_peer_that_vanishes_while_it_is_sent_to_stops_only_its_own_connection(serve: Any) -> None:
    taken: list[bool] = []
    cls = reporting(send_limit=1_000_000_000)
    filled = threading.Event()

    def fill(self: Any, message: str) -> None:
        for _ in range(100):
            self.send("x" * 100_000)
        filled.set()

    def told(self: Any, reason: str) -> None:
        taken.append(self.send("too late"))
        cls.reasons.append(reason)
        cls.told.set()

    cls.ttse__on_received, cls.ttse__on_disconnected = fill, told

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(b"hello\n")
            wait_for(filled)
            hang_up(peer)
        wait_for(cls.told)
        with connected(server) as other:
            other.sendall(b"hello\n")
            assert other.recv(1) == b"x"

    serve(cls, work)

    assert len(cls.reasons) >= 1
    assert taken[0] is False


def test_five_hundred_peers_that_vanish_at_once_are_let_go(serve: Any) -> None:
    gone: list[int] = []
    all_gone = threading.Event()

    class Counted(Echo):
        def ttse__on_finished(self) -> None:
            gone.append(1)
            if len(gone) == 500:
                all_gone.set()

    def work(server: Any) -> None:
        peers = [socket.create_connection((server.host, server.port), timeout=WAIT_S) for _ in range(500)]
        for peer in peers:
            peer.sendall(b"half a li")
        for peer in peers:
            hang_up(peer)
        wait_for(all_gone)
        is_served(server)

    serve(Counted, work)


# -- framings ---------------------------------------------------------------------------------------------------------------


def test_connection_whose_framing_cannot_be_made_is_said_and_closed(
    serve: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    class Unframed(Echo):
        fails = True

        def creating_framing(self) -> ttFraming:
            if type(self).fails:
                type(self).fails = False
                raise LookupError("no framing")
            return super().creating_framing()

    def work(server: Any) -> None:
        with connected(server) as peer:
            assert all_of(peer) == b""
        is_served(server)

    serve(Unframed, work)

    said = capsys.readouterr().err
    assert "creating_framing" in said
    assert "LookupError: no framing" in said


def test_client_that_gets_garbage_says_so_and_connects_again(run_net_app: Any) -> None:
    said: list[str] = []

    class Babbling(Echo):
        def ttse__on_connected(self) -> None:
            self.send("\0" * 99 if not said else "")

    class Careful(ttTcpClient):
        def creating_framing(self) -> ttFraming:
            return ttJson()

        def ttse__on_disconnected(self, reason: str) -> None:
            said.append(reason)

        def ttse__on_connected(self) -> None:
            if said:
                self.context.finish()  # type: ignore[union-attr]

    class Server(ttTcpServer):
        def ttse__on_listening(self, host: str, port: int) -> None:
            self.bind(Careful, host, port, first_wait=0.01)

    run_net_app(lambda: Server(Babbling))

    assert len(said) == 1
    assert said[0].startswith("what came is no message: no JSON: ")


# -- TLS --------------------------------------------------------------------------------------------------------------------


class Hasty(ttTcpServer):
    """Does not wait long for the handshake of TLS."""

    handshake_limit = 0.05


def test_peer_that_is_silent_in_the_handshake_is_closed(run_net_app: Any, server_tls: ssl.SSLContext) -> None:
    ended: list[bytes] = []

    class Silent(ttTonic):
        """Connects in plain sockets, from a thread of its own."""

        def __init__(self, port: int, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.port = port

        def ttse__on_start(self) -> None:
            self.offload(silent_peer, self.port, on_result=self.ttse__closed)

        def ttse__closed(self, came: bytes) -> None:
            ended.append(came)
            self.context.finish()  # type: ignore[union-attr]

    class Server(Hasty):
        def ttse__on_listening(self, host: str, port: int) -> None:
            self.bind(Silent, port)

    run_net_app(lambda: Server(Echo, tls=server_tls))

    assert ended == [b""]


def silent_peer(port: int) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=WAIT_S) as peer:
        peer.sendall(b"\x16")  # the first byte of a handshake, and no more
        return all_of(peer)


def test_server_ends_though_peers_are_in_the_handshake(
    serve: Any, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext
) -> None:
    peers: list[socket.socket] = []

    def work(server: Any) -> None:
        for _ in range(5):
            peers.append(socket.create_connection((server.host, server.port), timeout=WAIT_S))
            peers[-1].sendall(b"\x16")
        with connected(server) as plain, client_tls.wrap_socket(plain, server_hostname="localhost") as peer:
            peer.sendall(b"hello\n")
            assert line_of(peer) == b"hello\n"

    try:
        serve(Echo, work, tls=server_tls)
        assert [all_of(peer) for peer in peers] == [b""] * 5  # closed with the app, not left hanging
    finally:
        for peer in peers:
            peer.close()


def test_peer_that_does_not_accept_the_certificate_does_not_hurt_the_server(
    serve: Any, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext, capfd: pytest.CaptureFixture[str]
) -> None:
    def work(server: Any) -> None:
        with connected(server) as plain, pytest.raises(ssl.SSLCertVerificationError):
            ssl.create_default_context().wrap_socket(plain, server_hostname="localhost")
        with connected(server) as plain, client_tls.wrap_socket(plain, server_hostname="localhost") as peer:
            peer.sendall(b"hello\n")
            assert line_of(peer) == b"hello\n"

    assert serve(Echo, work, tls=server_tls).connections == []
    assert "Traceback" not in capfd.readouterr().err


def test_peer_that_vanishes_in_the_middle_of_tls_is_let_go(
    serve: Any, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext
) -> None:
    cls = reporting()

    def work(server: Any) -> None:
        with connected(server) as plain:
            peer = client_tls.wrap_socket(plain, server_hostname="localhost")
            peer.sendall(b"hello\n")
            assert line_of(peer) == b"hello\n"  # type: ignore[arg-type]
            hang_up(peer)
        wait_for(cls.told)

    serve(cls, work, tls=server_tls)

    assert len(cls.reasons) == 1


# -- coroutines -------------------------------------------------------------------------------------------------------------


def test_result_that_comes_after_its_tonic_has_gone_reaches_nobody(
    run_net_app: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    heard: list[Any] = []

    async def stubborn() -> str:
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            return "all the same"
        return ""

    class Asker(ttAsyncTonic):
        def ttse__on_start(self) -> None:
            self.run_coroutine(stubborn(), on_result=self.ttse__got)
            ttTimerSingleShot(0.001)

        def ttse__on_timer(self, timer: Any) -> None:
            self.finish()

        def ttse__got(self, result: str) -> None:
            heard.append(result)

    class Boss(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Asker, name="asker")

        def ttse__on_asker_finished(self) -> None:
            ttTimerSingleShot(0.001)

        def ttse__on_timer(self, timer: Any) -> None:
            self.finish()

    with reading() as rows:
        run_net_app(Boss)

    assert heard == []
    assert len(rows.of(Dropped)) == 1
    assert capsys.readouterr().err == ""


def test_coroutine_that_never_ends_ends_with_its_app(run_net_app: Any, capsys: pytest.CaptureFixture[str]) -> None:
    turned: list[int] = []

    async def spinning() -> None:
        while True:
            turned.append(1)
            await asyncio.sleep(0)

    class Spinner(ttAsyncTonic):
        def ttse__on_start(self) -> None:
            self.run_coroutine(spinning())
            ttTimerSingleShot(0.01)

        def ttse__on_timer(self, timer: Any) -> None:
            self.finish()

    assert run_net_app(Spinner).ledger.essences == []
    assert turned
    assert capsys.readouterr().err == ""
