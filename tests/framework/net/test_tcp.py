from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tasktonic import ttTimerSingleShot, ttTonic
from tasktonic.errors import ttFrameError, ttNetworkError
from tasktonic.net import (
    ttAsyncioCatalyst,
    ttFraming,
    ttJson,
    ttLengthPrefixed,
    ttLines,
    ttTcpClient,
    ttTcpConnection,
    ttTcpServer,
)
from tasktonic.stream import Level
from tests.framework.net.peers import Echo, all_of, connected, line_of, reporting
from tests.helpers.apps import WAIT_S, reading, run_app, wait_for

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


# -- peers that behave badly ------------------------------------------------------------------------------------------------


def test_garbage_closes_the_connection_with_a_reason(serve: Any) -> None:
    cls = reporting(creating_framing=lambda self: ttJson())

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(b"\x16\x03\x01 not JSON\n")
            assert all_of(peer) == b""
        wait_for(cls.told)

    serve(cls, work)

    assert cls.reasons[0].startswith("what came is no message: no JSON: ")


def test_messages_before_the_garbage_are_handled(serve: Any) -> None:
    cls = reporting(creating_framing=lambda self: ttLengthPrefixed(limit=10))

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(b"\0\0\0\2hi\xff\xff\xff\xff")
            all_of(peer)
        wait_for(cls.told)

    seen: list[bytes] = []
    cls.ttse__on_received = lambda self, message: seen.append(message)
    serve(cls, work)

    assert seen == [b"hi"]
    assert "4294967295 bytes was announced" in cls.reasons[0]


def test_framing_that_raises_something_else_is_said_as_an_error(serve: Any, capsys: pytest.CaptureFixture[str]) -> None:
    class Broken(ttLines):
        def split(self, data: bytes) -> Any:
            raise KeyError("slip")

    cls = reporting(creating_framing=lambda self: Broken())

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(b"hello\n")
            all_of(peer)
        wait_for(cls.told)

    serve(cls, work)

    assert "KeyError: 'slip'" in capsys.readouterr().err


def test_peer_that_sends_a_byte_now_and_then_is_closed(serve: Any) -> None:
    cls = reporting(idle_limit=0.2)

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.settimeout(0.02)
            while not cls.told.is_set():
                try:
                    peer.sendall(b"x")
                    peer.recv(1)
                except TimeoutError:
                    continue
                except OSError:
                    break
        wait_for(cls.told)

    serve(cls, work)

    assert cls.reasons == ["no whole message came for 0.2 s (idle_limit)"]


def test_peer_that_never_reads_is_not_read_either(serve: Any) -> None:
    received: list[int] = []
    full = threading.Event()

    class Noting(Echo):
        def ttse__on_received(self, message: str) -> None:
            received.append(1)
            self.send(message)

        def ttse__on_send_full(self) -> None:
            full.set()

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.settimeout(0.3)
            sent = 0
            while True:  # until nothing more is taken: then every buffer on the way is full
                try:
                    sent += peer.send((b"x" * 99 + b"\n") * 1000)
                except TimeoutError:
                    if full.is_set():
                        break
            with connected(server) as other:  # another peer is served all the same
                other.sendall(b"hello\n")
                assert line_of(other) == b"hello\n"
            assert len(received) * 100 < sent

    serve(Noting, work)


def test_peer_that_reads_again_is_sent_the_rest(serve: Any) -> None:
    steps: list[str] = []
    full = threading.Event()

    class Filling(Echo):
        send_limit = 50_000_000

        def ttse__on_received(self, message: str) -> None:
            for _ in range(200):
                self.send("x" * 100_000)
            steps.append("sent")

        def ttse__on_send_full(self) -> None:
            steps.append("full")
            full.set()

        def ttse__on_send_ready(self) -> None:
            steps.append("ready")
            self.finish()

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(b"hello\n")
            wait_for(full)  # who reads at once may be as fast as what is sent
            assert len(all_of(peer)) == 200 * 100_001

    serve(Filling, work)

    assert steps[:3] == ["sent", "full", "ready"]


def test_peer_for_whom_too_much_waits_is_disconnected(serve: Any) -> None:
    cls = reporting(send_limit=1_000_000)
    counted: list[bool] = []

    def fill(self: Any, message: str) -> None:
        counted.extend(self.send("x" * 100_000) for _ in range(1_000))

    cls.ttse__on_received = fill

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(b"hello\n")
            wait_for(cls.told)

    serve(cls, work)

    assert cls.reasons == ["the peer does not read: more than 1000000 bytes wait to be sent (send_limit)"]
    assert counted[0] is True
    assert counted[-1] is False


def test_fast_sender_waits_for_slow_sparkles(serve: Any) -> None:
    waiting: list[int] = []

    class Slow(Echo):
        ran = 0

        def ttse__on_received(self, message: str) -> None:
            self.ran += 1
            waiting.append(len(self.catalyst.orders))
            if message == "end":
                self.send("ended")
            for _ in range(200):  # slower than the network
                pass

    def work(server: Any) -> None:
        with connected(server) as peer:
            for _ in range(50):
                peer.sendall(b"x\n" * 10_000)
            peer.sendall(b"end\n")
            assert line_of(peer) == b"ended\n"

    serve(Slow, work)

    assert len(waiting) == 500_001
    assert max(waiting) < 300_000  # what was read in one go, not all that was sent


def test_reading_can_be_paused_by_hand(serve: Any) -> None:
    seen: list[str] = []

    class Pausing(Echo):
        def ttse__on_received(self, message: str) -> None:
            seen.append(message)
            self.pause_reading()
            ttTimerSingleShot(0.01)

        def ttse__on_timer(self, info: Any) -> None:
            seen.append("timer")
            self.send("go on")
            self.resume_reading()

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(b"one\n")
            assert line_of(peer) == b"go on\n"
            peer.sendall(b"two\n")
            assert line_of(peer) == b"go on\n"

    serve(Pausing, work)

    assert seen == ["one", "timer", "two", "timer"]


# -- a client -------------------------------------------------------------------------------------------------------------


class Caller(ttTcpClient):
    """Says hello, notes the answer and ends the app."""

    heard: list[str]

    def creating_framing(self) -> ttFraming:
        return ttLines()

    def ttse__on_connected(self) -> None:
        self.send("hello")

    def ttse__on_received(self, message: str) -> None:
        self.heard.append(message)
        self.ends()

    def ttse__on_connect_failed(self, reason: str) -> None:
        self.heard.append(reason)
        self.ends()

    def ends(self) -> None:
        (self.context or self).finish()


def caller() -> Any:
    return type("Caller", (Caller,), {"heard": []})


def server_and(client: Any, connection: Any = Echo, **kwargs: Any) -> Any:
    """A server that starts a client of itself."""

    class Server(ttTcpServer):
        def ttse__on_listening(self, host: str, port: int) -> None:
            self.bind(client, host, port, name="caller", **kwargs)

    return lambda: Server(connection)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def test_client_is_answered(run_net_app: Any) -> None:
    cls = caller()

    run_net_app(server_and(cls))

    assert cls.heard == ["hello"]


class Pouring:
    """Sends 30 MB as soon as it is connected, whatever comes from the other side; counts what comes."""

    _tt_states = ("waiting",)
    parts = 500

    def ttse__on_connected(self: Any) -> None:
        self.sent = self.got = 0
        self.to_state("pouring")

    def ttse_pouring__on_enter(self: Any) -> None:
        self.tts_pouring__pour()

    def tts_pouring__pour(self: Any) -> None:
        if self.sent < self.parts:
            self.sent += 1
            self.send(b"x" * 60_000)
            self.tts_pouring__pour()

    def ttse__on_send_full(self: Any) -> None:
        self.to_state("waiting")

    def ttse__on_send_ready(self: Any) -> None:
        self.to_state("pouring")

    def ttse__on_received(self: Any, data: bytes) -> None:
        self.got += len(data)
        if self.got == self.parts * 60_000:
            self.poured.append(type(self).__name__)
            if len(self.poured) == 2:
                self.ledger.get_essence_by_name("server").finish()


def test_two_ends_that_send_each_other_much_at_once_both_get_it(run_net_app: Any) -> None:
    both: list[str] = []

    class AtTheServer(Pouring, ttTcpConnection):
        poured = both

    class AtTheClient(Pouring, ttTcpClient):
        poured = both

    class Server(ttTcpServer):
        def ttse__on_listening(self, host: str, port: int) -> None:
            self.bind(AtTheClient, host, port)

    run_net_app(lambda: Server(AtTheServer, name="server"))

    assert sorted(both) == ["AtTheClient", "AtTheServer"]


def test_client_says_that_nothing_listens(run_net_app: Any) -> None:
    cls = caller()
    port = free_port()

    run_net_app(lambda: cls("127.0.0.1", port))

    assert cls.heard == [f"127.0.0.1:{port}: nothing listens there: the connection was refused."]


def test_client_connects_when_the_server_comes(run_net_app: Any) -> None:
    cls = caller()
    port = free_port()

    class Patient(cls):  # type: ignore[valid-type,misc]
        def ttse__on_connect_failed(self, reason: str) -> None:
            failures.append(reason)
            if len(failures) == 2:
                ttTcpServer(Echo, port=port, context=self)

    failures: list[str] = []
    run_net_app(lambda: Patient("127.0.0.1", port, first_wait=0.01))

    assert len(failures) >= 2
    assert cls.heard == ["hello"]


def test_client_connects_again_when_the_connection_is_lost(run_net_app: Any) -> None:
    seen: list[str] = []

    class HangingUp(Echo):
        def ttse__on_received(self, message: str) -> None:
            self.finish()

    class Stubborn(ttTcpClient):
        def creating_framing(self) -> ttFraming:
            return ttLines()

        def ttse__on_connected(self) -> None:
            seen.append("connected")
            self.send("hello")

        def ttse__on_disconnected(self, reason: str) -> None:
            seen.append(reason)
            assert not self.send("nobody hears this")
            if len(seen) == 6:
                self.context.finish()  # type: ignore[union-attr]

    run_net_app(server_and(Stubborn, connection=HangingUp, first_wait=0.005))

    assert seen == ["connected", "the peer closed the connection"] * 3


def test_client_waits_longer_each_time(run_net_app: Any) -> None:
    waits: list[float] = []
    port = free_port()

    class Failing(ttTcpClient):
        def ttse__on_connect_failed(self, reason: str) -> None:
            waits.append(self._wait)
            if len(waits) == 5:
                self.finish()

    run_net_app(lambda: Failing("127.0.0.1", port, first_wait=0.001, longest_wait=0.004))

    assert waits == [0.002, 0.004, 0.004, 0.004, 0.004]


def test_client_without_reconnect_finishes(run_net_app: Any) -> None:
    cls = caller()
    cls.ends = lambda self: None
    port = free_port()

    assert run_net_app(lambda: cls("127.0.0.1", port, reconnect=False)).ledger.essences == []


def test_client_gives_up_a_connection_that_does_not_come_about(run_net_app: Any) -> None:
    cls = caller()
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes the connection and never speaks TLS
        port = silent.getsockname()[1]

        run_net_app(lambda: cls("127.0.0.1", port, tls=True, connect_limit=0.1))

    assert cls.heard == [f"127.0.0.1:{port}: no connection came about within 0.1 s (connect_limit)."]


def test_client_finishes_while_it_connects(run_net_app: Any) -> None:
    class Hasty(Caller):
        heard: list[str] = []

        def ttse__on_start(self) -> None:
            self.finish()

    run_net_app(lambda: Hasty("127.0.0.1", free_port()))

    assert Hasty.heard == []


def test_server_and_client_live_on_an_asyncio_catalyst_beside_a_plain_one(loop_name: str) -> None:
    cls = caller()

    class Boss(ttTonic):
        def ttse__on_start(self) -> None:
            net = ttAsyncioCatalyst(name="net", loop=loop_name)
            self.bind(server_and_class(cls), Echo, name="server", catalyst=net)

        def ttse__on_server_finished(self) -> None:
            self.finish()

    run_app(Boss)

    assert cls.heard == ["hello"]


def server_and_class(client: Any) -> Any:
    class Server(ttTcpServer):
        def ttse__on_listening(self, host: str, port: int) -> None:
            self.bind(client, host, port)

    return Server


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
