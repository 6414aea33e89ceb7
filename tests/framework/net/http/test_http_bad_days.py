"""Servers of HTTP on bad days: peers that send nonsense, too much, too slowly, or go; ports that are taken."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("aiohttp")
from tasktonic import ttTonic
from tasktonic.errors import ttNetworkError, ttRunningError
from tasktonic.net import ttHttpServer
from tests.framework.net.http.bad_days import GET, Hello, Keeping, closed, status_of
from tests.framework.net.http.web import ask, asked, browser, said
from tests.framework.net.peers import all_of, connected
from tests.helpers.apps import WAIT_S, reading, run_app

DATA = Path(__file__).resolve().parents[3] / "data" / "net"


# -- peers ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"hello, is this a chat?\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: here\r\nContent-Length: -3\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: here\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: here\r\nX: " + b"x" * 10_000 + b"\r\n\r\n",
        b"GET /" + b"x" * 10_000 + b" HTTP/1.1\r\nHost: here\r\n\r\n",
        b"\0" * 1000 + b"\r\n\r\n",
    ],
    ids=["tls", "words", "version", "length", "smuggling", "header", "path", "zeros"],
)
def test_what_is_no_http_is_answered_with_400(serve: Any, garbage: bytes) -> None:
    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(garbage)
            answer = all_of(peer)
            assert status_of(answer) == 400
            assert answer.endswith(b'{"status":400,"error":"This is no HTTP request that could be understood."}')
        assert ask(server, "GET /").body == b"hello"

    with reading() as rows:
        serve(Hello, work)

    assert said(rows) == []


def test_several_requests_over_one_connection_are_answered_in_order(serve: Any) -> None:
    def work(server: Any) -> None:
        with browser(server) as connection:
            for _ in range(3):
                assert asked(connection, "GET /").body == b"hello"
            before = connection.sock
            assert asked(connection, "GET /nothing").status == 404
            assert connection.sock is before

    serve(Hello, work)


def test_requests_sent_before_their_turn_wait_for_it(serve: Any) -> None:
    class Counting(Hello):
        count = 0

        def ttse__asked(self, request: Any) -> None:
            self.count += 1
            request.reply(f"number {self.count}.")

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(GET * 4 + GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
            answer = all_of(peer)
            places = [answer.index(b"number %d." % number) for number in range(1, 6)]
            assert places == sorted(places)

    serve(Counting, work)


def test_thousand_requests_at_once_are_all_answered(serve: Any) -> None:
    def work(server: Any) -> None:
        peers = [socket.create_connection((server.host, server.port), timeout=WAIT_S) for _ in range(1_000)]
        try:
            for peer in peers:
                peer.sendall(GET)
            for _ in peers:
                assert server.came.acquire(timeout=WAIT_S)
            for number, request in enumerate(server.kept):
                assert request.reply(f"number {number}.")
            answers = [peer.recv(4096) for peer in peers]
        finally:
            for peer in peers:
                peer.close()
        assert {status_of(answer) for answer in answers} == {200}
        assert {answer.rpartition(b"\r\n")[2] for answer in answers} == {b"number %d." % n for n in range(1_000)}

    serve(Keeping, work)


def test_body_that_comes_in_small_pieces_is_waited_for(serve: Any) -> None:
    class Echo(Hello):
        def ttse__asked(self, request: Any) -> None:
            request.reply(request.body)

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in (
                b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 20\r\nConnection: close\r\n\r\n"
                + b"slowly" * 3
                + b"on"
            ):
                peer.sendall(bytes([byte]))
            assert all_of(peer).endswith(b"slowlyslowlyslowlyon")

    serve(Echo, work)


def test_body_that_does_not_come_in_time_is_answered_with_408(serve: Any) -> None:
    class Hasty(Hello):
        body_seconds = 0.05

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 20\r\n\r\nslow")
            answer = peer.recv(65536)
            assert status_of(answer) == 408
            assert b"The body did not come within 0.05 s." in answer

    serve(Hasty, work)


def test_head_that_does_not_come_in_time_is_given_up(serve: Any) -> None:
    class Hasty(Hello):
        idle_limit = 0.05

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(b"GET / HTTP/1.1\r\nHost")
            assert all_of(peer) == b""

    serve(Hasty, work)


def test_kept_connection_that_is_silent_is_closed(serve: Any) -> None:
    class Hasty(Hello):
        idle_limit = 0.05

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(GET)
            assert all_of(peer).endswith(b"hello")

    serve(Hasty, work)


@pytest.mark.parametrize(
    "head, body",
    [
        (b"Content-Length: 101", b"x" * 101),
        (b"Transfer-Encoding: chunked", b"65\r\n" + b"x" * 101 + b"\r\n0\r\n\r\n"),
    ],
    ids=["counted", "chunked"],
)
def test_body_that_is_too_large_is_answered_with_413(serve: Any, head: bytes, body: bytes) -> None:
    class Small(Hello):
        body_limit = 100

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(b"POST / HTTP/1.1\r\nHost: here\r\n" + head + b"\r\n\r\n" + body)
            answer = all_of(peer)
            assert status_of(answer) == 413
            assert b"The body is too large; at most 100 bytes are taken." in answer

    serve(Small, work)


def test_packed_body_may_not_be_larger_than_it_looks(serve: Any) -> None:
    import gzip

    def work(server: Any) -> None:
        packed = gzip.compress(b"x" * 2_000_000)
        assert ask(server, "POST /", packed, content_encoding="gzip").status == 413

    serve(Hello, work)


def test_body_that_is_not_packed_as_it_says_is_answered_with_400(serve: Any) -> None:
    def work(server: Any) -> None:
        assert ask(server, "POST /", b"no gzip", content_encoding="gzip").status == 400

    serve(Hello, work)


def test_who_asks_first_whether_to_send_is_told_to(serve: Any) -> None:
    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(
                b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
            )
            assert peer.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
            peer.sendall(b"on")
            assert all_of(peer).endswith(b"hello")

    serve(Hello, work)


def test_who_asks_first_whether_to_send_too_much_is_told_not_to(serve: Any) -> None:
    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 9999999\r\nExpect: 100-continue\r\n\r\n")
            assert status_of(peer.recv(65536)) == 413

    serve(Hello, work)


def test_reply_to_a_client_that_has_gone_is_told_so(serve: Any) -> None:
    seen: list[Any] = []

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(GET)
            assert server.came.acquire(timeout=WAIT_S)
            assert server.kept[0].is_open
        looked = threading.Event()
        while server.kept[0].is_open:
            looked.wait(0.001)
        seen.append(server.kept[0].reply("nobody hears this"))

    with reading() as rows:
        serve(Keeping, work)

    assert seen == [False]
    assert said(rows) == []


def test_client_that_goes_in_the_middle_of_its_body_is_forgotten(serve: Any) -> None:
    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 20\r\n\r\nslow")
        assert ask(server, "GET /").body == b"hello"

    with reading() as rows:
        server = serve(Hello, work)

    assert server.requests_open == 0
    assert said(rows) == []


def test_client_that_goes_in_the_middle_of_a_large_reply_is_forgotten(serve: Any) -> None:
    class Large(Hello):
        def ttse__asked(self, request: Any) -> None:
            request.reply(b"x" * 30_000_000)

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(GET)
            assert peer.recv(100)
        assert ask(server, "HEAD /").status == 200

    with reading() as rows:
        serve(Large, work)

    assert said(rows) == []


def test_large_reply_arrives_whole(serve: Any) -> None:
    class Large(Hello):
        def ttse__asked(self, request: Any) -> None:
            request.reply(b"x" * 30_000_000)

    serve(Large, lambda server: check(len(ask(server, "GET /").body), 30_000_000))


def check(found: Any, expected: Any) -> None:
    assert found == expected


def test_peers_beyond_the_limit_are_turned_away(serve: Any) -> None:
    def work(server: Any) -> None:
        with connected(server) as first, connected(server) as second:
            first.sendall(GET)
            assert first.recv(65536).endswith(b"hello")
            assert closed(second)
        assert server.turned_away == 1

    serve(Hello, work, most_connections=1)


# -- the port ---------------------------------------------------------------------------------------------------------------


def test_port_in_use_is_an_error_of_the_server(run_net_app: Any) -> None:
    seen: list[Any] = []

    class Server(ttHttpServer):
        def ttse__on_error(self, error: Any) -> None:
            seen.append((error.sparkle, error.exception))
            self.finish()

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run_net_app(lambda: Server(port=port, name="web"))

    ((sparkle, error),) = seen
    assert sparkle == "_ttss__listen"
    assert isinstance(error, ttNetworkError)
    assert str(error) == (
        f"web: port {port} of 127.0.0.1 is in use by another program; end that one, or choose another port (0: any free one)."
    )


def test_server_speaks_tls(serve: Any) -> None:
    def work(server: Any) -> None:
        trusting = ssl.create_default_context(cafile=DATA / "cert.pem")
        connection = http.client.HTTPSConnection("localhost", server.port, timeout=WAIT_S, context=trusting)
        assert asked(connection, "GET /").body == b"hello"
        connection.close()
        with connected(server) as peer:  # no TLS
            peer.sendall(GET)
            all_of(peer)

    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(DATA / "cert.pem", DATA / "key.pem")
    serve(Hello, work, tls=tls)


def test_server_on_a_plain_catalyst_is_refused() -> None:
    seen: list[str] = []

    class Starting(ttTonic):
        def ttse__on_start(self) -> None:
            try:
                ttHttpServer(name="web")
            except ttRunningError as error:
                seen.append(str(error))
            self.finish()

    run_app(Starting)

    assert seen[0].startswith(
        "web: a ttHttpServer needs an asyncio loop, and its catalyst main_catalyst has none. Make it with"
    )
