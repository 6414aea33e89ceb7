"""How a server of HTTP ends: what it still answers, what goes out, and what is free afterwards."""

from __future__ import annotations

import socket
from typing import Any

import pytest

pytest.importorskip("aiohttp")
from tasktonic import ttTonic
from tasktonic.net import ttAsyncioCatalyst
from tests.framework.net.http.bad_days import GET, Hello, Keeping, closed, status_of
from tests.framework.net.http.web import ask, said
from tests.framework.net.peers import all_of
from tests.helpers.apps import WAIT_S, reading, run_app


def test_open_requests_are_answered_with_503_when_the_server_ends(serve: Any) -> None:
    answers: list[Any] = []
    peers: list[socket.socket] = []

    def work(server: Any) -> None:
        for _ in range(3):
            peer = socket.create_connection((server.host, server.port), timeout=WAIT_S)
            peers.append(peer)
            peer.sendall(GET)
            assert server.came.acquire(timeout=WAIT_S)
        server.finish()

    with reading() as rows:
        server = serve(Keeping, work)

    for peer in peers:
        with peer:
            answers.append(all_of(peer))
    assert {status_of(answer) for answer in answers} == {503}
    assert all(b"Connection: close" in answer and b'"The server is ending."' in answer for answer in answers)
    assert said(rows) == ["GET /: the server ends: answered with 503."] * 3
    assert [request.reply("too late") for request in server.kept] == [False] * 3


def test_idle_connections_are_closed_when_the_server_ends(serve: Any) -> None:
    peers: list[socket.socket] = []

    def work(server: Any) -> None:
        # The answer to the last says that what the others sent was read: else their connections would be reset, not closed.
        for sends in (b"", b"GET / HT", GET):
            peer = socket.create_connection((server.host, server.port), timeout=WAIT_S)
            peers.append(peer)
            peer.sendall(sends)
        assert peers[-1].recv(65536).endswith(b"hello")

    serve(Hello, work)

    for peer in peers:
        with peer:
            assert closed(peer)


def test_request_whose_body_still_comes_is_answered_with_503_when_the_server_ends(serve: Any) -> None:
    peers: list[socket.socket] = []
    answers: list[bytes] = []

    def work(server: Any) -> None:
        peer = socket.create_connection((server.host, server.port), timeout=WAIT_S)
        peers.append(peer)
        peer.sendall(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 20\r\nExpect: 100-continue\r\n\r\n")
        assert peer.recv(65536).endswith(b"100 Continue\r\n\r\n")  # it reads by now

    serve(Hello, work)

    with peers[0] as peer:
        answers.append(all_of(peer))
    assert [status_of(answer) for answer in answers] == [503]


def test_replies_given_before_the_end_go_out_whole(serve: Any) -> None:
    class Ending(Hello):
        def ttse__asked(self, request: Any) -> None:
            request.reply(b"x" * 1_000_000)
            self.finish()

    def work(server: Any) -> None:
        assert len(ask(server, "GET /").body) == 1_000_000

    serve(Ending, work)


def test_server_that_ends_leaves_the_app_running_and_the_port_free(run_net_app: Any) -> None:
    seen: list[Any] = []

    class Owner(ttTonic):
        def ttse__on_start(self) -> None:
            self.count = 0
            self.begin(0)

        def begin(self, port: int) -> None:
            class Server(Keeping):
                failures = seen
                work = staticmethod(lambda server: seen.append(server.port))

            self.web = self.bind(Server, port=port, name="web")

        def ttse__on_web_finished(self) -> None:
            self.count += 1
            if self.count < 3:
                self.begin(seen[0])
            else:
                self.finish()

    run_net_app(Owner)

    assert seen == [seen[0]] * 3


def test_peer_that_does_not_read_does_not_hold_up_the_end(serve: Any) -> None:
    peers: list[socket.socket] = []

    class Large(Keeping):
        def ttse__asked(self, request: Any) -> None:
            request.reply(b"x" * 30_000_000)
            self.came.release()

    def work(server: Any) -> None:
        peer = socket.create_connection((server.host, server.port), timeout=WAIT_S)
        peers.append(peer)
        peer.sendall(GET)
        assert server.came.acquire(timeout=WAIT_S)

    serve(Large, work)

    peers[0].close()


def test_server_of_a_side_catalyst_ends_with_the_app(loop_name: str) -> None:
    answers: list[bytes] = []
    peers: list[socket.socket] = []

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            class Server(Keeping):
                failures: list[BaseException] = []

                def work(server: Any) -> None:  # noqa: N805
                    peer = socket.create_connection((server.host, server.port), timeout=WAIT_S)
                    peers.append(peer)
                    peer.sendall(GET)
                    assert server.came.acquire(timeout=WAIT_S)
                    self.finish()

                def finish(self) -> None:
                    return  # the app does it

            Server(context=-1, catalyst=ttAsyncioCatalyst(name="side", loop=loop_name))

    run_app(Main)

    with peers[0] as peer:
        answers.append(all_of(peer))
    assert [status_of(answer) for answer in answers] == [503]
