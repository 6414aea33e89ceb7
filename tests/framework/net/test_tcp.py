"""A TCP server and its connections."""

from __future__ import annotations

import socket
import threading
from typing import Any

import pytest

from tasktonic import ttTonic
from tasktonic.errors import ttFrameError, ttNetworkError
from tasktonic.net import ttFraming, ttLines, ttTcpClient, ttTcpConnection, ttTcpServer
from tasktonic.stream import Level
from tests.framework.net.peers import Echo, all_of, connected, line_of
from tests.helpers.apps import reading, wait_for


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
