"""Servers that answer or that keep everybody waiting, and what a peer sees of them, byte by byte."""

from __future__ import annotations

import socket
import threading
from typing import Any

from tests.framework.net.http.web import Web

GET = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"


class Hello(Web):
    def ttse__on_start(self) -> None:
        self.route("GET /", self.ttse__asked)
        self.route("POST /", self.ttse__asked)

    def ttse__asked(self, request: Any) -> None:
        request.reply("hello")


class Keeping(Web):
    """Replies to nobody, and says how many have asked."""

    def ttse__on_start(self) -> None:
        self.kept: list[Any] = []
        self.came = threading.Semaphore(0)
        self.route("GET /", self.ttse__asked)
        self.route("POST /", self.ttse__asked)

    def ttse__asked(self, request: Any) -> None:
        self.kept.append(request)
        self.came.release()


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def closed(peer: socket.socket) -> bool:
    """Whether the other side closes without a word; what it has not read by then makes the system say so more harshly."""
    try:
        return peer.recv(1) == b""
    except ConnectionError:
        return True
