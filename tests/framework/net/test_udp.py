from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tasktonic import ttTonic
from tasktonic.errors import ttFrameError, ttNetworkError
from tasktonic.net import ttUdp
from tests.framework.net.beside import Beside, run_beside
from tests.helpers.apps import WAIT_S, wait_for


class Port(Beside, ttUdp):
    """``work(port)`` is done by a foreign thread once it is ready, then the app ends."""

    def ttse__on_ready(self, host: str, port: int) -> None:
        self.begin_work()


@pytest.fixture
def open_udp(run_net_app: Any) -> Callable[..., Any]:
    """Runs a port of this class, and ``work(port)`` beside it in a foreign thread."""
    return partial(run_beside, run_net_app, name="port")


@pytest.fixture
def peer() -> Any:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.bind(("127.0.0.1", 0))
        opened.settimeout(WAIT_S)
        yield opened


class Answering(Port):
    def ttse__on_datagram(self, data: bytes, sender: tuple[str, int]) -> None:
        self.send(data.upper(), sender)


def test_datagram_is_answered(open_udp: Any, peer: socket.socket) -> None:
    def work(port: Any) -> None:
        peer.sendto(b"hello", (port.host, port.port))
        assert peer.recvfrom(100) == (b"HELLO", ("127.0.0.1", port.port))

    open_udp(Answering, work)


def test_empty_datagram_is_heard(open_udp: Any, peer: socket.socket) -> None:
    class Counting(Port):
        def ttse__on_datagram(self, data: bytes, sender: tuple[str, int]) -> None:
            self.send(b"%d bytes" % len(data), sender)

    def work(port: Any) -> None:
        peer.sendto(b"", (port.host, port.port))
        assert peer.recv(100) == b"0 bytes"

    open_udp(Counting, work)


def test_datagram_goes_to_the_peer_unless_told(open_udp: Any, peer: socket.socket) -> None:
    def work(port: Any) -> None:
        port.send(b"from a thread")
        assert peer.recv(100) == b"from a thread"

    open_udp(Port, work, peer=peer.getsockname())


def test_what_comes_faster_than_sparkles_run_is_dropped_and_counted(open_udp: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("tasktonic.net.driver.MOST_WAITING_ORDERS", 10)
    handled: list[bytes] = []
    flooded = threading.Event()

    class Slow(Port):
        def ttse__on_datagram(self, data: bytes, sender: Any) -> None:
            handled.append(data)

        def ttsc__flood(self) -> None:
            for _ in range(100):
                self.ttsc__nothing()
            for _ in range(50):  # what the loop does for each that comes while the queue is long
                protocol.datagram_received(b"x", ("127.0.0.1", 9))
            flooded.set()

        def ttsc__nothing(self) -> None: ...

    def work(port: Any) -> None:
        nonlocal protocol
        protocol = port._transport.get_protocol()
        port.ttsc__flood()
        wait_for(flooded)

    protocol: Any = None
    port = open_udp(Slow, work)

    assert port.dropped_in == 50
    assert handled == []


def test_port_that_is_in_use_is_said(run_net_app: Any, peer: socket.socket) -> None:
    seen: list[Any] = []

    class Boss(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(ttUdp, port=peer.getsockname()[1], name="port")

        def ttse__on_error(self, error: Any) -> None:
            seen.append(error.exception)
            self.finish()

    run_net_app(Boss)

    assert isinstance(seen[0], ttNetworkError)
    assert "is in use by another program" in str(seen[0])


def test_port_can_be_opened_at_a_second_attempt(run_net_app: Any) -> None:
    taken = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    taken.bind(("127.0.0.1", 0))
    number = taken.getsockname()[1]
    seen: list[int] = []

    class Patient(ttUdp):
        def ttse__on_error(self, error: Any) -> None:
            taken.close()
            self.ttsc__open()

        def ttse__on_ready(self, host: str, port: int) -> None:
            seen.append(port)
            self.finish()

    run_net_app(lambda: Patient(port=number))

    assert seen == [number]


@pytest.mark.parametrize(
    "data, to, kind, told",
    [
        ("text", ("127.0.0.1", 9), ttFrameError, "port: a datagram is bytes, not a str"),
        (b"", ("127.0.0.1", 9), ttFrameError, "port: a datagram without a byte cannot be sent"),
        (b"x" * 65_508, ("127.0.0.1", 9), ttFrameError, "port: a datagram has 65507 bytes at most, and this one 65508"),
        (b"x", None, ttNetworkError, r"port: nobody to send to: give send\(data, to=\(host, port\)\)"),
    ],
)
def test_what_cannot_be_sent_is_refused(open_udp: Any, data: Any, to: Any, kind: Any, told: str) -> None:
    def work(port: Any) -> None:
        with pytest.raises(kind, match=told):
            port.send(data, to)

    open_udp(Port, work)


def test_nobody_listening_does_not_hurt(open_udp: Any, peer: socket.socket) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gone:
        gone.bind(("127.0.0.1", 0))
        nobody = gone.getsockname()

    def work(port: Any) -> None:
        for _ in range(3):
            port.send(b"anybody?", nobody)
        port.send(b"still here", peer.getsockname())
        assert peer.recv(100) == b"still here"

    open_udp(Port, work)


def test_tonic_that_finishes_at_once_closes_its_port(run_net_app: Any) -> None:
    class Hasty(ttUdp):
        def ttse__on_start(self) -> None:
            self.finish()

    assert run_net_app(Hasty).ledger.essences == []
