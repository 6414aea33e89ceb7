"""One socket to a studio: frames in, frames out, never waiting."""

from __future__ import annotations

import socket
from collections import deque
from typing import Final

from tasktonic.protocol import Channel, Frame, Framer, Message, encode_message, frame

ENOUGH: Final = 256 * 1024
"""Bytes that may wait in a link before no more blocks are taken from the outbox."""
TOO_MUCH: Final = 8 * 1024 * 1024
"""Bytes of control messages that may wait; a studio that asks and never reads is let go."""
_READ: Final = 256 * 1024


class Link:
    """A non-blocking socket with frames. Made by the agent, closed by it; only the probe's thread touches it."""

    def __init__(self, sock: socket.socket, framer: Framer) -> None:
        sock.setblocking(False)
        self.socket = sock
        self.framer = framer
        self.ended = False
        """The other side has closed, or the connection broke."""
        self.waiting = 0
        """Bytes not sent yet."""
        self._out: deque[memoryview] = deque()

    def read(self) -> list[Frame]:
        """The frames that have come. Raises ttFrameError when these are no frames."""
        frames: list[Frame] = []
        for _ in range(8):  # then others have their turn
            try:
                data = self.socket.recv(_READ)
            except (BlockingIOError, InterruptedError):
                break
            except OSError:
                self.ended = True
                break
            if not data:
                self.ended = True
                break
            frames += self.framer.feed(data)
        return frames

    def discard(self) -> None:
        """Read and forget: what comes after a refusal is of no interest."""
        try:
            while data := self.socket.recv(_READ):
                del data
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            pass
        self.ended = True

    def send_message(self, message: Message) -> None:
        """Queue a control message. Raises ttMessageError when it is too long."""
        self._queue(frame(Channel.CONTROL, encode_message(message)))

    def send_block(self, block: bytes) -> int:
        """Queue a block; gives the bytes it takes on the wire."""
        data = frame(Channel.DATA, block)
        self._queue(data)
        return len(data)

    def _queue(self, data: bytes) -> None:
        self._out.append(memoryview(data))
        self.waiting += len(data)

    def flush(self) -> None:
        """Send what the socket takes now."""
        while self._out and not self.ended:
            part = self._out[0]
            try:
                sent = self.socket.send(part)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                self.ended = True
                return
            self.waiting -= sent
            if sent < len(part):
                self._out[0] = part[sent:]
                return
            self._out.popleft()

    def no_more(self) -> None:
        """Tell the other side that nothing follows; it may still be reading."""
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.ended = True

    def close(self) -> None:
        """Close the socket."""
        self.socket.close()
