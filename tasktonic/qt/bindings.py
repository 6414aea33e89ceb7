"""``ttqt__<widget>__<signal>``: signals of Qt connected to sparkles by name."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, SignalInstance

from ..errors import ttSparkleNameError

PREFIX = "ttqt"


def connect(tonic: Any, name: str, sparkle: Any) -> None:
    """Connect the signal that a sparkle's name tells of: ``button__clicked``, ``panel__button__clicked``, ``self__destroyed``.

    Raises:
        ttSparkleNameError: there is no such widget or signal; the message lists those there are.
    """
    *path, signal_name = name.split("__")
    sender: Any = tonic
    shown = "self"
    for step in path:
        if step != "self":
            inner = getattr(sender, step, None)
            if not isinstance(inner, QObject):
                raise ttSparkleNameError(
                    f"{tonic.name}: ttqt__{name}: {shown} has no widget {step!r}; it has {_listed(_widgets(sender))}. "
                    "Make it in setup_ui, or correct the name."
                )
            sender, shown = inner, f"{shown}.{step}"
    signal = getattr(sender, signal_name, None)
    if not isinstance(signal, SignalInstance):
        raise ttSparkleNameError(
            f"{tonic.name}: ttqt__{name}: {shown} (a {type(sender).__name__}) has no signal {signal_name!r}; "
            f"it has {_listed(_signals(sender))}."
        )
    signal.connect(sparkle)


def _widgets(sender: Any) -> list[str]:
    return sorted(
        name for name, value in vars(sender).items() if isinstance(value, QObject) and not name.startswith("_")
    )


def _signals(sender: Any) -> list[str]:
    return sorted(
        name
        for name in dir(type(sender))
        if not name.startswith("_") and isinstance(getattr(sender, name, None), SignalInstance)
    )


def _listed(names: list[str]) -> str:
    return ", ".join(names) if names else "none"
