"""The studio's end of a connection to a probe, as small as it can be, on a blocking socket."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import Any, TypeVar

from tasktonic.blocks import Block, StringTable, decode_block
from tasktonic.protocol import (
    PROTOCOL,
    Channel,
    Direction,
    Framer,
    Message,
    decode_message,
    encode_message,
    frame,
)
from tasktonic.protocol.address import Address, find_running, read_token
from tasktonic.protocol.messages import Open
from tests.helpers.patience import PATIENCE_S

M = TypeVar("M", bound=Message)
E = TypeVar("E", bound=tuple[Any, ...])


class StudioEnd:
    """A connection from the studio's side. Waits for facts, never for time; a fact that does not come fails the test."""

    def __init__(self, sock: socket.socket) -> None:
        sock.settimeout(PATIENCE_S)
        self.socket = sock
        self.messages: list[Message] = []
        self.blocks: list[Block] = []
        self.events: list[tuple[int, Any]] = []
        self.ended = False
        self._strings = StringTable()
        self._framer = Framer()

    @classmethod
    def connected(cls, address: str) -> StudioEnd:
        where = Address.parse(address)
        sock = where.new_socket()
        sock.settimeout(PATIENCE_S)
        sock.connect(where.for_socket)
        return cls(sock)

    @classmethod
    def watching(
        cls, address: str, token: str, role: str = "control", credit: int = 1 << 30, level: int = 2
    ) -> StudioEnd:
        """Connected, with the greeting said."""
        end = cls.connected(address)
        end.say(Open(PROTOCOL, token, role, credit=credit, level=level, name=f"test {role}"))
        return end

    @classmethod
    def of_running(cls, pid: int, **wishes: Any) -> StudioEnd:
        """Attached to a listening process, found as a studio finds it."""
        found = wait_for(
            lambda: next((one for one in find_running() if one.pid == pid), None), f"process {pid} to listen"
        )
        return cls.watching(found.address, read_token(found.token_file), **wishes)

    def say(self, message: Message) -> None:
        self.say_bytes(frame(Channel.CONTROL, encode_message(message)))

    def say_bytes(self, data: bytes) -> None:
        self.socket.sendall(data)

    def read_some(self) -> bool:
        """Take in what comes next; false when the other side has closed."""
        try:
            data = self.socket.recv(1 << 20)
        except ConnectionError:
            data = b""
        if not data:
            self.ended = True
            return False
        for one in self._framer.feed(data):
            if one.channel is Channel.CONTROL:
                self.messages.append(decode_message(one.payload, Direction.PROBE))
            else:
                block = decode_block(one.payload, self._strings)
                self.blocks.append(block)
                self.events += block.events()
        return True

    def until(self, fact: Callable[[], object], what: str) -> None:
        """Read until something is so."""
        deadline = time.monotonic() + PATIENCE_S
        while not fact():
            assert time.monotonic() < deadline, f"waited for {what}"
            assert self.read_some() or fact(), f"closed while waiting for {what}; told: {self.messages}"

    def message(self, kind: type[M]) -> M:
        """The newest message of a kind; waits for the first."""
        self.until(lambda: self._of(kind), kind.__name__)
        return self._of(kind)[-1]

    def answers(self, kind: type[M], request: int) -> list[M]:
        """All answers to a request that have come so far."""
        return [m for m in self._of(kind) if m.request == request]  # type: ignore[attr-defined]

    def answer(self, kind: type[M], request: int) -> M:
        """The answer to a request."""
        self.until(lambda: [m for m in self._of(kind) if m.request == request], f"answer {request}")  # type: ignore[attr-defined]
        return next(m for m in self._of(kind) if m.request == request)  # type: ignore[attr-defined]

    def _of(self, kind: type[M]) -> list[M]:
        return [message for message in self.messages if isinstance(message, kind)]

    def seen(self, kind: type[E]) -> list[E]:
        """Events of a kind that have come so far."""
        return [event for _, event in self.events if isinstance(event, kind)]

    def event(self, kind: type[E], where: Callable[[E], bool] = lambda event: True) -> E:
        """The first event of a kind for which ``where`` holds; waits for it."""
        self.until(lambda: any(where(event) for event in self.seen(kind)), kind.__name__)
        return next(event for event in self.seen(kind) if where(event))

    def until_closed(self) -> None:
        """Read to the end."""
        deadline = time.monotonic() + PATIENCE_S
        while self.read_some():
            assert time.monotonic() < deadline, "waited for the end of the connection"

    def close(self) -> None:
        self.socket.close()

    def __enter__(self) -> StudioEnd:
        return self

    def __exit__(self, *what: object) -> None:
        self.close()


T = TypeVar("T")


def wait_for(fact: Callable[[], T | None], what: str) -> T:
    """Look until something is there; for facts outside of this process, which can only be polled."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        found = fact()
        if found:
            return found
        assert time.monotonic() < deadline, f"waited for {what}"
        # Yields the core to the process that is waited for.
        time.sleep(0.005)
