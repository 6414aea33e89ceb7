"""Tonics on the network: a catalyst on an asyncio loop, coroutines with an answer by sparkle, TCP and UDP.

Needs nothing but the standard library; uvloop makes it faster: ``pip install tasktonic-studio[net]``.
"""

from .catalyst import ttAsyncioCatalyst
from .coroutines import ttAsyncTonic
from .framing import ttFraming, ttJson, ttLengthPrefixed, ttLines, ttRaw
from .tcp import ttTcpClient, ttTcpConnection, ttTcpServer
from .udp import ttUdp

__all__ = [
    "ttAsyncTonic",
    "ttAsyncioCatalyst",
    "ttFraming",
    "ttJson",
    "ttLengthPrefixed",
    "ttLines",
    "ttRaw",
    "ttTcpClient",
    "ttTcpConnection",
    "ttTcpServer",
    "ttUdp",
]
