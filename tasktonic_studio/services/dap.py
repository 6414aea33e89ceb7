"""One connection with a debugger that speaks the Debug Adapter Protocol: JSON with a header, over a socket.

The few frames that are needed are read and written here; a library for it would bring a whole client of its own. The app at the
other end may be broken, so what comes is bounded, and whatever is wrong ends the connection with a sentence.
"""

from __future__ import annotations

import ipaddress
import json
import queue
import re
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

CONNECT_S: Final = 5.0
MOST_HEADER: Final = 4_096
MOST_BODY: Final = 16 * 1024 * 1024
_READ: Final = 65_536
_LENGTH: Final = re.compile(rb"Content-Length: *(\d{1,9})\r\n", re.IGNORECASE)

_LAST: Final = b""
"""Nothing is sent after this."""

Message = dict[str, Any]


class DapProblem(Exception):
    """What came is no message of the protocol."""


def frame(message: Message) -> bytes:
    """A message as it goes over the wire."""
    body = json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


class DapFramer:
    """Takes bytes as they come and gives whole messages."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def feed(self, data: bytes) -> list[Message]:
        """Messages that are whole by now.

        Raises:
            DapProblem: these are none, or one is too large.
        """
        self._waiting += data
        found = []
        while (message := self._next()) is not None:
            found.append(message)
        return found

    def _next(self) -> Message | None:
        end = self._waiting.find(b"\r\n\r\n")
        if end < 0:
            if len(self._waiting) > MOST_HEADER:
                raise DapProblem("it sent something that is no message")
            return None
        length = _LENGTH.search(bytes(self._waiting[: end + 2]))
        if length is None or end > MOST_HEADER:
            raise DapProblem("it sent a message without a length")
        size, start = int(length[1]), end + 4
        if size > MOST_BODY:
            raise DapProblem(f"it sent a message of {size:,} bytes")
        if len(self._waiting) < start + size:
            return None
        try:
            message = json.loads(bytes(self._waiting[start : start + size]))
        except (ValueError, RecursionError):
            raise DapProblem("it sent a message that cannot be read") from None
        del self._waiting[: start + size]
        if not isinstance(message, dict):
            raise DapProblem("it sent a message that is no object")
        return message


class DapLink:
    """Connects and reads in a thread of its own and sends in another, so that a debugger that takes nothing keeps nobody waiting.
    Ends by itself when the other side does, and never connects with another machine.

    Args:
        told: called with each message, in the link's thread.
        ended: called once, with a sentence (empty when it was closed in order), in the link's thread.
    """

    def __init__(self, host: str, port: int, told: Callable[[Message], None], ended: Callable[[str], None]) -> None:
        self._address = (host, port)
        self._told = told
        self._ended = ended
        self._number = 0
        self._closing = False
        self._stuck = ""
        self._number_lock = threading.Lock()
        self._to_send: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._socket = socket.socket()
        self._thread = threading.Thread(target=self._run, name="studio lines", daemon=True)
        self._sender = threading.Thread(target=self._send, name="studio lines out", daemon=True)

    def connect(self, on_open: Callable[[], None]) -> None:
        """Connect; ``on_open`` is called in the link's thread when that is done. Returns at once."""
        self._on_open = on_open
        self._thread.start()

    def send(self, command: str, **arguments: Any) -> int:
        """Have a request sent and give its number. Any thread; returns at once."""
        with self._number_lock:
            self._number += 1
            number = self._number
            self._to_send.put(frame({"seq": number, "type": "request", "command": command, "arguments": arguments}))
        return number

    def close(self) -> None:
        """End it when all is sent. Any thread; returns at once."""
        self._closing = True
        self._to_send.put(_LAST)

    def _send(self) -> None:
        try:
            while data := self._to_send.get():
                self._socket.sendall(data)
        except OSError:
            self._stuck = "The debugger of lines was left: it takes nothing any more."
        self._shut()

    def _shut(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def _run(self) -> None:
        sentence = ""
        try:
            _check_here(str(self._address[0]))
            # What is sent is small, and a debugger that takes nothing for so long is stuck.
            self._socket.settimeout(CONNECT_S)
            self._socket.connect(self._address)
            self._sender.start()
            self._on_open()
            self._read()
        except (
            OSError,
            OverflowError,
            TypeError,
            ValueError,
        ) as error:  # the app may name a host or a port that cannot be
            said = error.strerror if isinstance(error, OSError) else ""
            why = str(said or error).rstrip(".")
            sentence = f"The debugger of lines cannot be reached: {why}."
        except DapProblem as error:
            sentence = f"The debugger of lines was left: {error}."
        finally:
            self._shut()
            self._to_send.put(_LAST)
            if self._sender.is_alive():
                self._sender.join()
            self._socket.close()
            self._ended("" if self._closing else sentence or self._stuck)

    def _read(self) -> None:
        framer = DapFramer()
        while True:  # also when it is to end: what was asked for last is sent before that
            try:
                data = self._socket.recv(_READ)
            except TimeoutError:
                continue
            if not data:
                return
            for message in framer.feed(data):
                self._told(message)


def _check_here(host: str) -> None:
    """The app names the place of its debugger, and what is said there opens it: that is said to this machine only.

    Raises:
        DapProblem: it is another machine.
    """
    try:
        is_here = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_here = host == "localhost"
    if not is_here:
        raise DapProblem(f"it is said to be at {host[:100]!r}, which is not this machine")
