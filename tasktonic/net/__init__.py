"""Tonics on the network: a catalyst on an asyncio loop, coroutines with an answer by sparkle, TCP, UDP and HTTP.

Needs nothing but the standard library, except for HTTP, which needs aiohttp; uvloop makes it faster: ``pip install
aiohttp uvloop``.
"""

from .catalyst import ttAsyncioCatalyst
from .coroutines import ttAsyncTonic
from .framing import ttFraming, ttJson, ttLengthPrefixed, ttLines, ttRaw
from .http_client import ttHttpClient
from .http_events import ttHttpEvents
from .http_exchange import ttHttpRequest
from .http_parts import ttHttpFields, ttHttpResponse
from .http_server import ttHttpServer
from .tcp import ttTcpClient, ttTcpConnection, ttTcpServer
from .udp import ttUdp

__all__ = [
    "ttAsyncTonic",
    "ttAsyncioCatalyst",
    "ttFraming",
    "ttHttpClient",
    "ttHttpEvents",
    "ttHttpFields",
    "ttHttpRequest",
    "ttHttpResponse",
    "ttHttpServer",
    "ttJson",
    "ttLengthPrefixed",
    "ttLines",
    "ttRaw",
    "ttTcpClient",
    "ttTcpConnection",
    "ttTcpServer",
    "ttUdp",
]
