"""Messages about the windows of an app: which widget belongs to which tonic, and which signals its sparkles are bound to."""

from __future__ import annotations

from dataclasses import dataclass

from tasktonic.protocol.message import Direction, Message


@dataclass(frozen=True, slots=True)
class ShowWidget(Message):
    """Outlines the widgets of an essence in the app's own windows, and no others for this studio. A viewer may ask.

    It changes nothing in the app: an overlay that takes no events, and goes with the connection. ``WidgetShown`` answers.
    """

    kind = "show widget"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    essence: int
    """Id of the essence, -1 to outline nothing any more."""


@dataclass(frozen=True, slots=True)
class WidgetShown(Message):
    """What is outlined."""

    kind = "widget shown"
    direction = Direction.PROBE

    request: int
    """Number of the request."""
    essence: int
    """Id of the essence."""
    widgets: str = ""
    """Which widgets, for people; empty when nothing is."""
    problem: str = ""
    """A sentence when nothing can be seen of it: it has no widget, or is hidden, minimised, on another tab."""
    hidden: bool = False
    """Whether it has widgets, none of which can be seen now."""


@dataclass(frozen=True, slots=True)
class PickWidget(Message):
    """Has the next click in the app's windows choose a tonic instead of reaching a widget, or no more. Needs control.

    ``WidgetPicked`` tells what is pointed at and what was chosen.
    """

    kind = "pick widget"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    on: bool = True
    """Whether to begin, or to end it."""


@dataclass(frozen=True, slots=True)
class WidgetPicked(Message):
    """What a person points at while picking, or has clicked on."""

    kind = "widget picked"
    direction = Direction.PROBE

    essence: int
    """Id of the tonic, -1 for none."""
    words: str = ""
    """A sentence about how the widget belongs to it."""
    over: bool = True
    """Whether it was clicked on, or ended; else it is only pointed at."""


@dataclass(frozen=True, slots=True)
class AskSignals(Message):
    """Asks which signals the sparkles of a living tonic are bound to by their names; ``Signals`` answers. A viewer may ask."""

    kind = "ask signals"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    essence: int
    """Id of the tonic."""


@dataclass(frozen=True, slots=True)
class SignalRow:
    """A sparkle that is bound to a signal by its name."""

    sparkle: str
    """Its name: ``ttqt__plus__clicked``."""
    widget: str = ""
    """The path of the widget in the tonic, and its object name: ``self.plus``."""
    cls: str = ""
    """The class of the widget; empty when there is none."""
    signal: str = ""
    """The signal with what it brings: ``clicked(bool)``."""
    handlers: tuple[str, ...] = ()
    """Its handlers, ``open: ttqt_open__plus__clicked`` for one in a state."""
    connected: bool = False
    """Whether it is connected."""
    problem: str = ""
    """A sentence when the name leads nowhere, with the closest name there is."""


@dataclass(frozen=True, slots=True)
class Signals(Message):
    """The sparkles of a tonic that are bound to signals by their names."""

    kind = "signals"
    direction = Direction.PROBE

    essence: int
    """Id of the tonic."""
    request: int
    """Number of the request."""
    rows: tuple[SignalRow, ...] = ()
    """At most 200."""
    problem: str = ""
    """A sentence when they could not be had."""
    t_ns: int = 0
    """When it was so."""


WIDGET_MESSAGES: tuple[type[Message], ...] = (ShowWidget, WidgetShown, PickWidget, WidgetPicked, AskSignals, Signals)
"""In the order of the documentation."""

WIDGET_REQUESTS = (ShowWidget, PickWidget, AskSignals)
"""What the studio asks for."""
