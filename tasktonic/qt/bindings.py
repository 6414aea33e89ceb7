"""``ttqt__<widget>__<signal>``: signals of Qt connected to sparkles by name."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, SignalInstance

from ..errors import ttSparkleNameError

PREFIX = "ttqt"


def connect_early(tonic: Any) -> None:
    """Connect what can be connected by now: after ``setup_ui``, so that ``ttse__on_start`` may cause what it wants to hear of.

    A name that leads nowhere yet may do so when ``ttse__on_start`` has run; ``connect`` looks again then, and complains.
    """
    tonic._tt_connected = set()
    for sparkle in tonic._tt_class.sparkles:
        parsed = sparkle.parsed
        if parsed.prefix == PREFIX and not parsed.state:
            try:
                connect(tonic, parsed.name, getattr(tonic, sparkle.called))
            except ttSparkleNameError:
                continue


def connect(tonic: Any, name: str, sparkle: Callable[..., None]) -> None:
    """Connect the signal that a sparkle's name tells of: ``button__clicked``, ``panel__button__clicked``, ``self__destroyed``.

    A step of the path is an attribute, or else the object name of something inside.

    Raises:
        ttSparkleNameError: there is no such widget or signal; the message lists those there are.
    """
    if name in tonic._tt_connected:
        return
    *path, signal_name = name.split("__")
    sender: QObject = tonic
    shown = "self"
    for step in path:
        if step != "self":
            inner = _inside(sender, step)
            if inner is None:
                raise ttSparkleNameError(
                    f"{tonic.name}: ttqt__{name}: {shown} has no widget {step!r}; {_listed(step, _widgets(sender))} "
                    "Make it in setup_ui, or correct the name."
                )
            sender, shown = inner, f"{shown}.{step}"
    signal = getattr(sender, signal_name, None)
    if not isinstance(signal, SignalInstance):
        is_there = ", it is no signal" if signal is not None else ""
        raise ttSparkleNameError(
            f"{tonic.name}: ttqt__{name}: {shown} (a {type(sender).__name__}) has no signal {signal_name!r}{is_there}; "
            f"{_listed(signal_name, _signals(sender))}"
        )
    signal.connect(sparkle)
    tonic._tt_connected.add(name)


def _inside(sender: QObject, step: str) -> QObject | None:
    found = getattr(sender, step, None)
    return found if isinstance(found, QObject) else sender.findChild(QObject, step)


def _widgets(sender: QObject) -> list[str]:
    attributes = {name for name, value in vars(sender).items() if isinstance(value, QObject)}
    children = {child.objectName() for child in sender.findChildren(QObject)}
    return sorted(name for name in attributes | children if name.isidentifier() and not name.startswith(("_", "qt_")))


def _signals(sender: QObject) -> list[str]:
    return sorted(
        name
        for name in dir(type(sender))
        if not name.startswith("_") and isinstance(getattr(sender, name, None), SignalInstance)
    )


def _listed(wanted: str, names: list[str]) -> str:
    near = difflib.get_close_matches(wanted, names, 1)
    meant = f" Did you mean {near[0]!r}?" if near else ""
    return f"it has {', '.join(names) if names else 'none'}.{meant}"
