"""A TCP server whose peers behave badly."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tasktonic import ttTimerSingleShot
from tasktonic.net import (
    ttJson,
    ttLengthPrefixed,
    ttLines,
)
from tests.framework.net.peers import Echo, all_of, connected, line_of, reporting
from tests.helpers.apps import wait_for


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
