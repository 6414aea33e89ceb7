"""Awaited: an argument that somebody outside waits for, and that hears when its sparkle does not run, or raises."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .tonic import ttTonic


class Awaited:
    """What a sparkle gets on behalf of somebody who waits for an answer, such as a request over the network.

    An order may never run: its tonic is in a state without a handler for it, or has finished meanwhile. Whoever sent it could
    wait for a time limit only. Both methods are called in the thread where it happens, and must not raise.
    """

    __slots__ = ()

    def _tt_not_run(self, tonic: ttTonic, slot: int, why: str) -> None:
        """The order of this sparkle will not run: it is ``ignored`` in the state its tonic is in, or dropped."""

    def _tt_raised(self, tonic: ttTonic, slot: int) -> None:
        """A sparkle that had this among its arguments has raised."""


def tell_not_run(tonic: ttTonic, slot: int, arguments: Iterable[Any], why: str) -> None:
    """Say to those arguments of an order that somebody waits for that it will not run."""
    for argument in arguments:
        if isinstance(argument, Awaited):
            argument._tt_not_run(tonic, slot, why)
