"""``ttqt__<widget>__<signal>``: signals of Qt connected to sparkles by name."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QMetaMethod, QObject, SignalInstance

from ..errors import ttSparkleNameError
from ..toolkit import Bound

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
    sender, _, signal_name = find(tonic, name)
    getattr(sender, signal_name).connect(sparkle)
    tonic._tt_connected.add(name)


def find(tonic: Any, name: str) -> tuple[QObject, str, str]:
    """The widget and the signal that a sparkle's name tells of: the widget, how it is reached, and the name of the signal.

    Raises:
        ttSparkleNameError: there is no such widget or signal; the message lists those there are. Or the widget has been destroyed.
    """
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
            if not shiboken6.isValid(sender):
                raise ttSparkleNameError(
                    f"{tonic.name}: ttqt__{name}: {shown} (a {type(sender).__name__}) has been destroyed: none of its signals comes "
                    "any more. Make it anew before it is used, or let go of it."
                )
    signal = getattr(sender, signal_name, None)
    if not isinstance(signal, SignalInstance):
        is_there = ", it is no signal" if signal is not None else ""
        raise ttSparkleNameError(
            f"{tonic.name}: ttqt__{name}: {shown} (a {type(sender).__name__}) has no signal {signal_name!r}{is_there}; "
            f"{_listed(signal_name, _signals(sender))}"
        )
    return sender, shown, signal_name


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


def listed(tonic: Any) -> list[Bound]:
    """The sparkles that are bound to signals by name, as they are now. In Qt's thread."""
    rows = []
    for sparkle in sorted(tonic._tt_class.sparkles, key=lambda one: one.called):
        parsed = sparkle.parsed
        if parsed.prefix != PREFIX or parsed.state:
            continue
        handlers = tuple((state, handler.__name__) for state, handler in sorted(sparkle.handlers.items()))
        connected = parsed.name in tonic._tt_connected
        try:
            sender, shown, signal_name = find(tonic, parsed.name)
        except ttSparkleNameError as error:
            _, _, problem = str(error).partition(": ")
            rows.append(Bound(sparkle.called, "", "", "", handlers, connected, problem))
            continue
        user_class = getattr(type(sender), "_tt_user_class", type(sender))
        name = sender.objectName()
        widget = shown if not name or shown.endswith(f".{name}") else f"{shown} ({name!r})"
        rows.append(
            Bound(
                sparkle.called,
                widget,
                user_class.__name__,
                _with_arguments(sender, signal_name),
                handlers,
                connected,
                "",
            )
        )
    return rows


def _with_arguments(sender: QObject, name: str) -> str:
    """A signal with what it brings; the fullest of several."""
    meta = sender.metaObject()
    methods = [meta.method(number) for number in range(meta.methodCount())]
    found = [
        bytes(one.methodSignature().data()).decode("utf-8", "replace")
        for one in methods
        if one.methodType() == QMetaMethod.MethodType.Signal and bytes(one.name().data()).decode() == name
    ]
    return max(found, key=len, default=f"{name}()")
