"""Names of sparkles, taken apart."""

from __future__ import annotations

from typing import Final

from tasktonic import names
from tasktonic.errors import ttError
from tasktonic.names import SparkleName

CUSTOM: Final = ("ttqt",)
"""Prefixes that toolkits of the framework add to its own."""


def sparkle_name(method: str) -> SparkleName | None:
    """A method name taken apart; None for what is no sparkle, also when it only looks like one."""
    try:
        return names.parse(method, CUSTOM)
    except ttError:
        return None
