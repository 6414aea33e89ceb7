"""Servers for tests of TCP: one runs while a foreign thread talks to it through bare sockets."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tasktonic.net import ttFraming, ttLines, ttTcpClient, ttTcpConnection, ttTcpServer
from tests.framework.net.beside import Beside, run_beside
from tests.helpers.apps import WAIT_S


class Echo(ttTcpConnection):
    def creating_framing(self) -> ttFraming:
        return ttLines()

    def ttse__on_received(self, message: str) -> None:
        self.send(message)


class Peers(Beside, ttTcpServer):
    """A server for one test: ``work(server)`` is done by a foreign thread once it listens, then the app ends."""

    def ttse__on_listening(self, host: str, port: int) -> None:
        self.begin_work()


def run_server(run_net_app: Any, connection: Any, work: Callable[[Any], object], **kwargs: Any) -> Any:
    """Run a server of this connection class, and ``work(server)`` beside it in a foreign thread; gives the server, which has ended."""
    return run_beside(run_net_app, Peers, work, connection, name="server", **kwargs)


@contextmanager
def connected(server: Any) -> Iterator[socket.socket]:
    """A bare connection to a server."""
    with socket.create_connection((server.host, server.port), timeout=WAIT_S) as peer:
        yield peer


def all_of(peer: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    found = []
    while data := peer.recv(65536):
        found.append(data)
    return b"".join(found)


def line_of(peer: socket.socket) -> bytes:
    found = b""
    while not found.endswith(b"\n"):
        data = peer.recv(1)
        assert data, f"closed after {found!r}"
        found += data
    return found


class Reporting(Echo):
    """Notes why it was disconnected."""

    reasons: list[str]
    told: threading.Event

    def ttse__on_disconnected(self, reason: str) -> None:
        self.reasons.append(reason)
        self.told.set()


def reporting(**attributes: Any) -> Any:
    return type("Reporting", (Reporting,), {"reasons": [], "told": threading.Event(), **attributes})


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
    """A class of its own of such a client, with notes of its own."""
    return type("Caller", (Caller,), {"heard": []})
