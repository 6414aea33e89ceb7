"""Tonics on the network: a catalyst on an asyncio loop, coroutines with an answer by sparkle.

Needs nothing but the standard library; uvloop makes it faster: ``pip install tasktonic-studio[net]``.
"""

from .catalyst import ttAsyncioCatalyst
from .coroutines import ttAsyncTonic

__all__ = ["ttAsyncTonic", "ttAsyncioCatalyst"]
