from __future__ import annotations

import asyncio
import gc
import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("aiohttp")

from tasktonic import ttCatalyst, ttTonic
from tasktonic.errors import ttArgumentError, ttFrameError, ttRunningError
from tasktonic.net import ttHttpRequest
from tasktonic.net.http_events import MOST_WAITING, Feed
from tests.framework.net.http.web import Web, ask, said
from tests.framework.net.peers import all_of, connected
from tests.helpers.apps import WAIT_S, reading, wait_for

GET = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"


class News(Web):
    """Keeps who listens; the test sends."""

    def ttse__on_start(self) -> None:
        self.listeners: list[Any] = []
        self.came = threading.Semaphore(0)
        self.left = threading.Semaphore(0)
        self.route("GET /", self.ttse__asked)

    def ttse__asked(self, request: Any) -> None:
        self.listeners.append(request.reply_events(on_closed=self.ttse__on_left, headers={"X-Pump": "3"}))
        self.came.release()

    def ttse__on_left(self, events: Any) -> None:
        self.listeners.remove(events)
        self.left.release()


def listener(server: Any) -> Any:
    """What the server sends to the one who has just asked."""
    assert server.came.acquire(timeout=WAIT_S)
    return server.listeners[-1]


def read_until(peer: socket.socket, end: bytes) -> bytes:
    found = b""
    while end not in found:
        data = peer.recv(65536)
        assert data, f"closed after {found!r}"
        found += data
    return found


def test_events_come_as_they_are_sent(serve: Any) -> None:
    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(GET)
            events = listener(server)
            head = read_until(peer, b"\r\n\r\n")
            assert b"Content-Type: text/event-stream\r\n" in head
            assert b"Cache-Control: no-store\r\n" in head
            assert b"X-Pump: 3\r\n" in head
            for number in range(3):
                assert events.send({"number": number})
                assert b'data: {"number":%d}\n\n' % number in read_until(peer, b"\n\n")

    serve(News, work)


def test_event_may_have_a_kind_an_id_and_several_lines() -> None:
    request = ttHttpRequest.by_hand("GET /")

    request.reply_events().send("a\r\nb\rc\n", event="note", id="7")

    assert request.replied is not None
    assert request.replied.text == "event: note\nid: 7\ndata: a\ndata: b\ndata: c\ndata: \n\n"


def test_many_events_from_several_threads_arrive_whole(serve: Any) -> None:
    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(GET)
            events = listener(server)

            def send(name: str) -> None:
                for number in range(300):
                    assert events.send(f"{name}{number}.")

            threads = [threading.Thread(target=send, args=(name,)) for name in "abc"]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            events.close()
            answer = all_of(peer)
            for name in "abc":
                places = [answer.index(f"data: {name}{number}.\n\n".encode()) for number in range(300)]
                assert places == sorted(places)

    serve(News, work)


def test_events_end_by_close_after_what_was_sent(serve: Any) -> None:
    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(GET)
            events = listener(server)
            events.send("last")
            events.close()
            assert b"data: last\n\n" in all_of(peer)
            assert server.left.acquire(timeout=WAIT_S)
            assert (events.is_open, events.send("more"), server.listeners) == (False, False, [])

    serve(News, work)


def test_peer_that_goes_is_told(serve: Any) -> None:
    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(GET)
            events = listener(server)
        assert server.left.acquire(timeout=WAIT_S)
        assert (events.is_open, events.send("more"), server.listeners) == (False, False, [])

    serve(News, work)


def test_events_end_when_nobody_has_them_any_more(serve: Any) -> None:
    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(GET)
            listener(server).send("last")
            server.listeners.clear()
            gc.collect()
            assert b"data: last\n\n" in all_of(peer)

    serve(News, work)


def test_events_end_when_the_server_does(serve: Any) -> None:
    peers: list[socket.socket] = []
    kept: list[Any] = []

    def work(server: Any) -> None:
        peers.append(socket.create_connection((server.host, server.port), timeout=WAIT_S))
        peers[0].sendall(GET)
        kept.append(listener(server))
        kept[0].send("last")

    serve(News, work)

    with peers[0] as peer:
        assert b"data: last\n\n" in all_of(peer)
    assert kept[0].is_open is False


def test_peer_that_does_not_read_is_given_up(serve: Any) -> None:
    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(GET)
            events = listener(server)
            while events.send("x" * 100_000):
                pass
            assert server.left.acquire(timeout=WAIT_S)
            assert events.is_open is False

    with reading() as rows:
        serve(News, work)

    assert said(rows) == ["GET /: the peer does not read its events, and was disconnected."]


TOO_MUCH = b"x" * (MOST_WAITING + 1)


async def written_until_it_is_given_up(feed: Feed, then: Callable[[], Any]) -> None:
    """Write to a peer that takes nothing. ``then`` runs once the first write waits for it."""
    waits, given_up = asyncio.Event(), asyncio.Event()

    async def write(chunk: bytes) -> None:
        waits.set()
        await given_up.wait()

    writing = asyncio.ensure_future(feed.write_all(write, given_up.set))
    await asyncio.wait([asyncio.ensure_future(waits.wait()), writing], return_when=asyncio.FIRST_COMPLETED)
    then()
    await asyncio.wait_for(given_up.wait(), WAIT_S)
    await asyncio.wait_for(writing, WAIT_S)


def test_peer_is_given_up_though_more_was_rung_for_before() -> None:
    feed = Feed((), None)

    def send_on() -> None:
        feed.put(b"little")
        # After the loop has heard of that.
        asyncio.get_running_loop().call_soon(feed.put, TOO_MUCH)

    feed.put(b"first")
    asyncio.run(written_until_it_is_given_up(feed, send_on))

    assert feed.is_over


def test_peer_is_given_up_when_too_much_waits_before_the_first_write() -> None:
    feed = Feed((), None)
    feed.put(TOO_MUCH)

    asyncio.run(written_until_it_is_given_up(feed, lambda: None))

    assert feed.is_over


def test_silence_is_broken_by_a_sign_of_life(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasktonic.net.http_events.QUIET_S", 0.01)

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(GET)
            events = listener(server)
            read_until(peer, b":\n\n")
            assert events.send("on")
            read_until(peer, b"data: on\n\n")

    serve(News, work)


def test_head_of_events_comes_without_any(serve: Any) -> None:
    def work(server: Any) -> None:
        answer = ask(server, "HEAD /")
        assert (answer.status, answer.headers["Content-Type"], answer.body) == (200, "text/event-stream", b"")
        assert server.left.acquire(timeout=WAIT_S)

    serve(News, work)


def test_tonic_of_another_catalyst_may_send_events(serve: Any) -> None:
    class Reporter(ttTonic):
        def ttse__asked(self, request: Any) -> None:
            events = request.reply_events()
            events.send(threading.current_thread().name)
            events.close()

    class Office(Web):
        def ttse__on_start(self) -> None:
            self.route("GET /", self.bind(Reporter, catalyst=ttCatalyst(name="side")).ttse__asked)

    serve(Office, lambda server: check(ask(server, "GET /").body, b"data: side\n\n"))


def check(found: Any, expected: Any) -> None:
    assert found == expected


def test_one_page_many_listeners(serve: Any) -> None:
    def work(server: Any) -> None:
        peers = [socket.create_connection((server.host, server.port), timeout=WAIT_S) for _ in range(100)]
        for peer in peers:
            peer.sendall(GET)
            assert server.came.acquire(timeout=WAIT_S)
        for events in list(server.listeners):
            assert events.send("all")
        for peer in peers:
            read_until(peer, b"data: all\n\n")
            peer.close()
        for _ in peers:
            assert server.left.acquire(timeout=WAIT_S)

    serve(News, work)


@pytest.mark.parametrize(
    "arguments, says",
    [
        ({"data": object()}, "an event: a object cannot be sent as JSON"),
        ({"data": "x", "event": "a\nb"}, r"an event: its event cannot be 'a\\nb'; it is text of one line."),
        ({"data": "x", "id": "a\rb"}, r"an event: its id cannot be 'a\\rb'; it is text of one line."),
    ],
)
def test_event_that_cannot_be_sent_is_refused(arguments: Any, says: str) -> None:
    events = ttHttpRequest.by_hand("GET /").reply_events()

    with pytest.raises(ttFrameError, match=says):
        events.send(**arguments)


def test_function_to_call_at_the_end_is_refused() -> None:
    with pytest.raises(ttArgumentError, match=r"GET /: on_closed is .*, which is no sparkle of a tonic."):
        ttHttpRequest.by_hand("GET /").reply_events(on_closed=print)


def test_events_after_a_reply_are_an_error() -> None:
    request = ttHttpRequest.by_hand("GET /")
    request.reply("one")

    with pytest.raises(ttRunningError, match=r"GET / has been answered already"):
        request.reply_events()


def test_events_for_somebody_who_has_gone_have_ended(serve: Any) -> None:
    seen: list[Any] = []
    gone = threading.Event()

    class Slow(Web):
        def ttse__on_start(self) -> None:
            self.route("GET /", self.ttse__asked)

        def ttse__asked(self, request: Any) -> None:
            self.kept = request
            gone.set()

    def work(server: Any) -> None:
        with connected(server) as peer:
            peer.sendall(GET)
            wait_for(gone)
        looked = threading.Event()
        while server.kept.is_open:
            looked.wait(0.001)
        seen.append(server.kept.reply_events().is_open)

    serve(Slow, work)

    assert seen == [False]
