"""Frames over a stream of bytes.

A frame is: length of the payload (u32, little-endian) · channel (u8) · flags (u8, 0) · payload. Control frames hold one JSON
message, data frames one block of events. Limits are checked as soon as a header is there, so a frame that is announced too
long costs nothing. What is clearly another protocol is named.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import Final, NamedTuple

from tasktonic.errors import ttError

MAX_CONTROL_BYTES: Final = 1024 * 1024
MAX_DATA_BYTES: Final = 16 * 1024 * 1024

_HEADER: Final = struct.Struct("<IBB")
HEADER_BYTES: Final = _HEADER.size

_HTTP: Final = (b"GET ", b"POST", b"HEAD", b"PUT ", b"DELE", b"OPTI", b"CONN", b"TRAC", b"PATC", b"PRI ", b"HTTP")


class ttFrameError(ttError, ValueError):
    """The bytes are no frames of this protocol; the connection cannot go on."""


class Channel(IntEnum):
    """What a frame holds."""

    CONTROL = 1
    DATA = 2


class Frame(NamedTuple):
    """One whole frame."""

    channel: Channel
    payload: bytes


def frame(channel: Channel, payload: bytes) -> bytes:
    """A payload with its header.

    Raises:
        ttFrameError: the payload is longer than its channel allows.
    """
    limit = MAX_CONTROL_BYTES if channel is Channel.CONTROL else MAX_DATA_BYTES
    if len(payload) > limit:
        raise ttFrameError(f"A {channel.name.lower()} frame of {len(payload):,} bytes; at most {limit:,} can be sent.")
    return _HEADER.pack(len(payload), channel, 0) + payload


class Framer:
    """Cuts a stream of bytes into frames, however they come in. One per connection and direction.

    Args:
        max_data: longest data frame; 0 when the other side has none to send.
        max_control: longest control frame; keep it small until the other side has shown its token.
    """

    def __init__(self, max_data: int = MAX_DATA_BYTES, max_control: int = MAX_CONTROL_BYTES) -> None:
        self.max_data = max_data
        self.max_control = max_control
        self._bytes = bytearray()

    @property
    def waiting(self) -> int:
        """Bytes of a frame that is not whole yet."""
        return len(self._bytes)

    def feed(self, data: bytes | bytearray | memoryview) -> list[Frame]:
        """Take bytes in; give the frames that are whole now.

        Raises:
            ttFrameError: these are no frames. Nothing can be read from this stream any more.
        """
        buffer = self._bytes
        buffer += data
        frames: list[Frame] = []
        at = 0
        while len(buffer) - at >= HEADER_BYTES:
            length, code, flags = _HEADER.unpack_from(buffer, at)
            channel = self._checked(length, code, flags, bytes(buffer[at : at + 4]))
            end = at + HEADER_BYTES + length
            if len(buffer) < end:
                break
            frames.append(Frame(channel, bytes(buffer[at + HEADER_BYTES : end])))
            at = end
        del buffer[:at]
        return frames

    def _checked(self, length: int, code: int, flags: int, first: bytes) -> Channel:
        if code not in (Channel.CONTROL, Channel.DATA) or flags != 0:
            raise ttFrameError(_stranger(first) or f"These are no frames of tasktonic (channel {code}, flags {flags}).")
        channel = Channel(code)
        limit = self.max_control if channel is Channel.CONTROL else self.max_data
        if length <= limit:
            return channel
        name = channel.name.lower()
        if limit == 0:
            raise ttFrameError(f"A {name} frame came from a side that has none to send.")
        raise ttFrameError(_stranger(first) or f"A {name} frame of {length:,} bytes; at most {limit:,} are taken.")


def _stranger(first: bytes) -> str:
    """A sentence when the first four bytes of what is no frame are those of a protocol people mistake this for."""
    if first in _HTTP:
        return "This is HTTP. A web browser or tool has no business here."
    if first[:2] == b"\x16\x03":
        return "This is TLS. Connections are local or through ssh -L, without TLS."
    if first == b"SSH-":
        return "This is SSH. Connect to the forwarded port or socket, not to sshd."
    return ""
