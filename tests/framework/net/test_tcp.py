"""A TCP server and its connections, plain and by TLS."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tasktonic import ttTonic
from tasktonic.errors import ttFrameError, ttNetworkError
from tasktonic.net import (
    ttFraming,
    ttLines,
    ttTcpClient,
    ttTcpConnection,
    ttTcpServer,
)
from tasktonic.stream import Level
from tests.framework.net.peers import Echo, all_of, caller, connected, line_of
from tests.helpers.apps import WAIT_S, reading, wait_for

# -- a server -------------------------------------------------------------------------------------------------------------


def test_message_is_answered(serve: Any) -> None:
    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(b"hello\n")
            assert line_of(peer) == b"hello\n"

    serve(Echo, work)


def test_server_listens_for_this_machine_only_unless_told(serve: Any) -> None:
    assert serve(Echo, lambda server: None).host == "127.0.0.1"


def test_what_a_peer_sends_before_it_closes_its_end_is_answered(serve: Any) -> None:
    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(b"one\ntwo")
            peer.shutdown(socket.SHUT_WR)
            assert all_of(peer) == b"one\ntwo\n"

    serve(Echo, work)


def test_connection_finishes_when_its_peer_has_gone(serve: Any) -> None:
    seen: list[Any] = []
    gone = threading.Event()

    class Noting(Echo):
        def ttse__on_connected(self) -> None:
            assert self.peer is not None
            seen.append(self.peer[0])

        def ttse__on_received(self, message: str) -> None:
            seen.append(message)

        def ttse__on_disconnected(self, reason: str) -> None:
            seen.append(reason)
            seen.append(self.is_connected)

        def ttse__on_finished(self) -> None:
            gone.set()

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(b"hello\n")
        wait_for(gone)

    serve(Noting, work)

    assert seen == ["127.0.0.1", "hello", "the peer closed the connection", False]


def test_connection_that_is_reset_says_so(serve: Any) -> None:
    seen: list[str] = []
    gone = threading.Event()

    class Noting(Echo):
        def ttse__on_received(self, message: str) -> None:
            self.send("welcome")

        def ttse__on_disconnected(self, reason: str) -> None:
            seen.append(reason)
            gone.set()

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(b"hello\n")
            assert line_of(peer) == b"welcome\n"
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        wait_for(gone)

    serve(Noting, work)

    assert seen == ["connection reset by peer"]


def test_connection_that_finishes_sends_first_what_it_was_given(serve: Any) -> None:
    class Leaving(Echo):
        def ttse__on_received(self, message: str) -> None:
            self.send("x" * 1_000_000)
            self.finish()

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(b"hello\n")
            assert len(all_of(peer)) == 1_000_001

    serve(Leaving, work)


def test_last_word_goes_out_when_the_app_ends(serve: Any) -> None:
    class Leaving(Echo):
        def ttse__on_received(self, message: str) -> None:
            self.send("x" * 1_000_000)
            self.context.finish()  # type: ignore[union-attr]

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(b"hello\n")
            assert len(all_of(peer)) == 1_000_001

    serve(Leaving, work)


def test_connections_are_children_of_their_server(serve: Any) -> None:
    seen: list[Any] = []

    class Looking(Echo):
        def ttse__on_received(self, message: str) -> None:
            seen.append((self.context, self.context.connections))  # type: ignore[union-attr]
            self.send("looked")

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(b"hello\n")
            line_of(peer)

    server = serve(Looking, work)

    ((context, connections),) = seen
    assert context is server
    assert [type(c).__name__ for c in connections] == ["Looking"]


def test_order_of_a_message_names_the_socket(serve: Any) -> None:
    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(b"hello\n")
            line_of(peer)

    with reading(Level.FLOW) as rows:
        serve(Echo, work)

    orders = [o for o in rows.orders() if o[0]._tt_class.sparkles[o[1]].called == "ttse__on_received"]
    assert [o[5] for o in orders] == ["socket"]


def test_states_decide_what_a_message_does(serve: Any) -> None:
    class Guarded(Echo):
        def ttse__on_connected(self) -> None:
            self.to_state("closed")

        def ttse_closed__on_received(self, message: str) -> None:
            self.send(f"who are you? not {message}")
            self.to_state("open")

        def ttse_open__on_received(self, message: str) -> None:
            self.send(f"hello {message}")

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(b"ann\nbob\n")
            assert line_of(peer) == b"who are you? not ann\n"
            assert line_of(peer) == b"hello bob\n"

    serve(Guarded, work)


def test_error_in_a_sparkle_of_one_connection_does_not_stop_the_others(
    serve: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    class Fragile(Echo):
        def ttse__on_received(self, message: str) -> None:
            self.send(str(10 // int(message)))

    def work(server: Any) -> None:
        with connected(server) as one, connected(server) as other:
            one.sendall(b"0\n5\n")
            other.sendall(b"2\n")
            assert line_of(one) == b"2\n"
            assert line_of(other) == b"5\n"

    serve(Fragile, work)

    assert "ZeroDivisionError" in capsys.readouterr().err


def test_connection_whose_init_raises_is_said_and_closed(serve: Any, capsys: pytest.CaptureFixture[str]) -> None:
    class Broken(Echo):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            raise ValueError("not made")

    def work(server: Any) -> None:
        with connected(server) as peer:
            try:
                assert all_of(peer) == b""
            except ConnectionResetError:
                pass

    serve(Broken, work)

    assert "ValueError: not made" in capsys.readouterr().err


def test_server_may_pass_arguments_to_its_connections(run_net_app: Any) -> None:
    class Greeter(Echo):
        def __init__(self, greeting: str, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.greeting = greeting

        def ttse__on_connected(self) -> None:
            self.send(self.greeting)

    class Server(ttTcpServer):
        def creating_connection(self) -> ttTcpConnection:
            return Greeter("welcome", context=self)

        def ttse__on_listening(self, host: str, port: int) -> None:
            self.bind(Caller, host, port)

    class Caller(ttTcpClient):
        def creating_framing(self) -> ttFraming:
            return ttLines()

        def ttse__on_received(self, message: str) -> None:
            seen.append(message)
            self.context.finish()  # type: ignore[union-attr]

    seen: list[str] = []
    run_net_app(Server)

    assert seen == ["welcome"]


def test_more_peers_than_wanted_are_turned_away(serve: Any) -> None:
    def work(server: Any) -> None:
        with connected(server) as first:
            first.sendall(b"hello\n")
            line_of(first)
            with connected(server) as second:
                try:
                    assert second.recv(1) == b""
                except ConnectionResetError:
                    pass
        closed = threading.Event()
        server.catalyst.at_boundary(closed.set)
        wait_for(closed)

    server = serve(Echo, work, most_connections=1)

    assert server.turned_away == 1


def test_port_that_is_in_use_is_said(run_net_app: Any) -> None:
    errors: list[Any] = []

    class Boss(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(ttTcpServer, port=taken.getsockname()[1], name="server")

        def ttse__on_error(self, error: Any) -> None:
            errors.append(error.exception)
            self.finish()

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run_net_app(Boss)

    assert isinstance(errors[0], ttNetworkError)
    assert str(errors[0]) == (
        f"server: port {port} of 127.0.0.1 is in use by another program; end that one, or choose another port (0: any free one)."
    )


def test_server_can_be_told_to_try_again(run_net_app: Any) -> None:
    taken = socket.create_server(("127.0.0.1", 0))
    port = taken.getsockname()[1]

    class Server(ttTcpServer):
        def ttse__on_error(self, error: Any) -> None:
            taken.close()
            self.ttsc__listen()

        def ttse__on_listening(self, host: str, port: int) -> None:
            seen.append(port)
            self.finish()

    seen: list[int] = []
    run_net_app(lambda: Server(port=port))

    assert seen == [port]


@pytest.mark.parametrize(
    "kwargs, told",
    [
        ({"port": 70_000}, "server: there is no port 70000; ports are numbers from 0 "),
        ({"host": "203.0.113.7"}, "server: this machine has no address '203.0.113.7' to listen on"),
    ],
)
def test_address_that_cannot_be_listened_on_is_said(run_net_app: Any, kwargs: Any, told: str) -> None:
    class Server(ttTcpServer):
        def ttse__on_error(self, error: Any) -> None:
            seen.append(str(error.exception))
            self.finish()

    seen: list[str] = []
    run_net_app(lambda: Server(name="server", **kwargs))

    assert seen[0].startswith(told)


def test_send_from_another_thread_is_queued(serve: Any) -> None:
    made: list[Any] = []
    ready = threading.Event()

    class Noting(Echo):
        def ttse__on_connected(self) -> None:
            made.append(self)
            ready.set()

    def work(server: Any) -> None:
        with connected(server) as peer:
            wait_for(ready)
            assert made[0].send("from a thread")
            assert line_of(peer) == b"from a thread\n"

    serve(Noting, work)


def test_message_that_cannot_be_sent_raises_where_it_is_sent(serve: Any) -> None:
    seen: list[str] = []

    class Wrong(Echo):
        def ttse__on_received(self, message: str) -> None:
            with pytest.raises(ttFrameError, match="lines send text, not a bytes"):
                self.send(message.encode())
            seen.append("raised")
            self.send("done")

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(b"hello\n")
            line_of(peer)

    serve(Wrong, work)

    assert seen == ["raised"]


def test_five_thousand_connections_at_once(serve: Any) -> None:
    gone: list[int] = []
    all_gone = threading.Event()

    class Counted(Echo):
        def ttse__on_finished(self) -> None:
            gone.append(1)
            if len(gone) == count:
                all_gone.set()

    def work(server: Any) -> None:
        peers: list[socket.socket] = []
        try:
            for _ in range(count):
                peers.append(socket.create_connection((server.host, server.port), timeout=WAIT_S))  # noqa: PERF401 - closed below
            for peer in peers:
                peer.sendall(b"hello\n")
            assert {line_of(peer) for peer in peers} == {b"hello\n"}
        finally:
            for peer in peers:  # and drop them at once
                peer.close()
        wait_for(all_gone)

    count = 5_000
    with many_files(2 * count + 200):
        serve(Counted, work)

    assert len(gone) == count


def test_five_thousand_peers_that_open_and_drop_without_a_word_are_let_go(serve: Any) -> None:
    count = 5_000
    came: list[int] = []
    gone: list[int] = []
    answered, all_gone = threading.Event(), threading.Event()

    class Counted(Echo):
        def ttse__on_connected(self) -> None:
            came.append(1)

        def ttse__on_finished(self) -> None:
            gone.append(1)
            if answered.is_set() and len(gone) == len(came):
                all_gone.set()

    def work(server: Any) -> None:
        peers = [socket.socket() for _ in range(count)]
        for peer in peers:  # all at once: nobody waits to be let in
            peer.setblocking(False)
            peer.connect_ex((server.host, server.port))
        for number, peer in enumerate(peers):
            if number % 2:  # every other one with a reset, as when a program is killed
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            peer.close()
        with connected(server) as peer:
            peer.sendall(b"hello\n")
            assert line_of(peer) == b"hello\n"
            answered.set()
        wait_for(all_gone)

    with many_files(2 * count + 200):
        serve(Counted, work)

    assert len(came) > 1


@contextmanager
def many_files(wanted: int) -> Iterator[None]:
    """Have this process open as many files as wanted; where the system forbids that, skip the test."""
    resource = pytest.importorskip("resource", reason="this system has no such limit to raise")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"this system lets a program open {hard} files at most, and {wanted} are needed (ulimit -Hn)")
    if soft != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


# -- TLS ------------------------------------------------------------------------------------------------------------------


def test_tls_both_ways(run_net_app: Any, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext) -> None:
    cls = caller()

    run_net_app(tls_pair(cls, server_tls, client_tls))

    assert cls.heard == ["hello"]


def tls_pair(client: Any, server_tls: Any, client_tls: Any, **kwargs: Any) -> Any:
    class Server(ttTcpServer):
        def ttse__on_listening(self, host: str, port: int) -> None:
            self.bind(client, host, port, tls=client_tls, **kwargs)

    return lambda: Server(Echo, tls=server_tls)


def test_certificate_of_somebody_unknown_is_refused(run_net_app: Any, server_tls: ssl.SSLContext) -> None:
    cls = caller()

    run_net_app(tls_pair(cls, server_tls, True))

    assert "the certificate is not accepted: self-signed certificate. Is server_hostname right" in cls.heard[0]


def test_certificate_for_another_name_is_refused(
    run_net_app: Any, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext
) -> None:
    cls = caller()

    run_net_app(tls_pair(cls, server_tls, client_tls, server_hostname="example.org"))

    assert "the certificate is not accepted: Hostname mismatch" in cls.heard[0]


def test_tls_to_a_server_without_it_is_said(run_net_app: Any, client_tls: ssl.SSLContext) -> None:
    cls = caller()

    run_net_app(tls_pair(cls, None, client_tls))

    assert "no TLS connection came about" in cls.heard[0]


def test_peer_without_tls_does_not_hurt_a_server_with_it(
    serve: Any, server_tls: ssl.SSLContext, client_tls: Any
) -> None:
    def work(server: Any) -> None:
        with connected(server) as garbage:
            garbage.sendall(b"GET / HTTP/1.0\r\n\r\n")
            try:
                all_of(garbage)
            except ConnectionResetError:
                pass
        with connected(server) as plain, client_tls.wrap_socket(plain, server_hostname="localhost") as peer:
            peer.sendall(b"hello\n")
            assert line_of(peer) == b"hello\n"

    serve(Echo, work, tls=server_tls)


def test_last_word_over_tls_goes_out(serve: Any, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext) -> None:
    class Leaving(Echo):
        def ttse__on_received(self, message: str) -> None:
            self.send("x" * 300_000)
            self.finish()

    def work(server: Any) -> None:
        with connected(server) as plain, client_tls.wrap_socket(plain, server_hostname="localhost") as peer:
            peer.sendall(b"hello\n")
            assert len(all_of(peer)) == 300_001

    serve(Leaving, work, tls=server_tls)
