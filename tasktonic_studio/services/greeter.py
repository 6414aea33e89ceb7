"""Who is at the other end of a socket: the first message, read no further than it goes, and whether that is the right one."""

from __future__ import annotations

import hmac
import socket
import time
from typing import Final, Literal

from tasktonic.protocol import (
    HEADER_BYTES,
    MAX_CONTROL_BYTES,
    MAX_DATA_BYTES,
    Direction,
    Framer,
    Message,
    decode_message,
    messages,
    why_not_together,
)

GREETING_BYTES: Final = 64 * 1024
GREETING_S: Final = 10.0
READ_BYTES: Final = 256 * 1024

Why = Literal["detached", "goodbye", "closed", "refused", "failed"]


class LinkOver(Exception):
    """Ends the link's thread, with a sentence."""

    def __init__(self, why: Why, sentence: str) -> None:
        super().__init__(sentence)
        self.why: Why = why
        self.sentence = sentence


class Greeter:
    """Someone at the other end of a socket who has not said yet who it is."""

    def __init__(self, connected: socket.socket) -> None:
        self.socket = connected
        self.framer = Framer(max_data=0, max_control=GREETING_BYTES)
        self.deadline = time.monotonic() + GREETING_S
        self._first = b""

    def hear(self) -> Message | None:
        """Read towards the first message and no further, as what follows it has other limits; None while it is not whole.

        Raises:
            EOFError: the other side has closed.
            ttError: these are no frames, or no message.
        """
        wanted = HEADER_BYTES - len(self._first)
        if wanted <= 0:
            wanted = HEADER_BYTES + int.from_bytes(self._first[:4], "little") - len(self._first)
        data = self.socket.recv(min(max(wanted, 1), READ_BYTES))
        if not data:
            raise EOFError
        self._first += data
        frames = self.framer.feed(data)
        if not frames:
            return None
        self.framer.max_data, self.framer.max_control = MAX_DATA_BYTES, MAX_CONTROL_BYTES
        return decode_message(frames[0].payload, Direction.PROBE)


def check_hello(message: Message, token: str) -> tuple[str, ...]:
    """What the app can do, when it is the right one.

    Raises:
        LinkOver: it is not.
    """
    if isinstance(message, messages.Refused):
        raise LinkOver("refused", message.reason)
    if not isinstance(message, messages.Hello):
        raise LinkOver("failed", f"The app began with a message of kind '{message.kind}' and not with who it is.")
    if not hmac.compare_digest(message.token.encode(), token.encode()):
        raise LinkOver("refused", "It did not show the token that this launch was given.")
    problem = why_not_together(message.protocol, "app", "studio")
    if problem:
        raise LinkOver("refused", problem)
    return message.capabilities
