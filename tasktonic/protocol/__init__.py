"""The wire between a probe and a studio: pure data and bytes, no sockets. Both sides import it."""

from __future__ import annotations

from tasktonic.protocol.codec import decode_message, encode_message, ttMessageError
from tasktonic.protocol.framing import (
    HEADER_BYTES,
    MAX_CONTROL_BYTES,
    MAX_DATA_BYTES,
    Channel,
    Frame,
    Framer,
    frame,
    ttFrameError,
)
from tasktonic.protocol.message import Direction, Message
from tasktonic.protocol.messages import MESSAGES, REQUESTS
from tasktonic.protocol.version import CAPABILITIES, PROTOCOL, why_not_together

__all__ = [
    "CAPABILITIES",
    "HEADER_BYTES",
    "MAX_CONTROL_BYTES",
    "MAX_DATA_BYTES",
    "MESSAGES",
    "PROTOCOL",
    "REQUESTS",
    "Channel",
    "Direction",
    "Frame",
    "Framer",
    "Message",
    "decode_message",
    "encode_message",
    "frame",
    "ttFrameError",
    "ttMessageError",
    "why_not_together",
]
