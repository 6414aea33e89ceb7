"""What a tonic's own event handlers (``paintEvent``, ``mousePressEvent``, …) raise is told like what a sparkle raises.

Left to Qt, an exception in one of them is printed, leaves a painter open that makes the neighbours fail too, and comes up again
somewhere else. The guards sit in the hidden subclass, outermost; ``super().paintEvent(event)`` inside is an ordinary call.
"""

from __future__ import annotations

import functools
import inspect
import traceback
from typing import Any

from ..failures import report_failure


def guard_events(cls: type, leaf: Any) -> None:
    """Guard the event handlers that the user's classes override."""
    for name in {name for base in cls.__mro__ for name in vars(base) if name.endswith("Event")}:
        handler = getattr(cls, name)
        present = getattr(vars(leaf).get(name), "_tt_handler", None)
        if present is not None and inspect.isfunction(handler):
            present[0] = handler  # Qt keeps the function that it has found, without holding it: it must stay the same
        elif inspect.isfunction(handler):
            setattr(leaf, name, _guarded(handler, name))


def _guarded(handler: Any, name: str) -> Any:
    held = [handler]

    @functools.wraps(handler)
    def guarded(self: Any, event: Any) -> None:
        try:
            held[0](self, event)
        except Exception as error:
            _report(self, name, error)
        else:
            self._tt_told_events.pop(name, None)

    made: Any = guarded
    made._tt_handler = held
    return made


def _report(tonic: Any, name: str, error: Exception) -> None:
    """Tell it, once until the handler works again: a window is painted many times a second."""
    told = f"{type(error).__name__}: {error}"
    if tonic._tt_told_events.get(name) != told:
        tonic._tt_told_events[name] = told
        order: Any = (tonic, name, 0, None, None, "qt")
        report_failure(tonic.ledger, order, error)
    # The frames hold the painter: without it, painting has ended.
    traceback.clear_frames(error.__traceback__)
