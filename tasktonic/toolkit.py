"""What a toolkit of windows can show of an app from outside. Data, and who does it.

``tasktonic.qt`` carries it out, the probe passes on what a studio asks; neither of them knows the other. In a process without
windows ``present`` gives ``None``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol


class Shown(NamedTuple):
    """What became of outlining the widgets of an essence: ``problem`` is a sentence when nothing of it can be seen.

    ``hidden``: it has widgets, but none that can be seen now.
    """

    widgets: str = ""
    problem: str = ""
    hidden: bool = False


class Picked(NamedTuple):
    """What was clicked on while picking: the essence it belongs to, -1 for none, and a sentence about how.

    ``is_over`` is false for what is only pointed at.
    """

    essence: int
    words: str
    is_over: bool = True


class Bound(NamedTuple):
    """A sparkle that is bound to a signal by its name.

    ``handlers`` are pairs of a state (empty: any) and the name of the method; ``signal`` has its signature. ``problem`` says why it is
    bound to nothing.
    """

    sparkle: str
    widget: str
    cls: str
    signal: str
    handlers: tuple[tuple[str, str], ...]
    connected: bool
    problem: str


class Toolkit(Protocol):
    """Who carries it out. All but ``soon`` in the toolkit's own thread."""

    def soon(self, call: Callable[[], None]) -> None:
        """Have something called in the toolkit's thread, also while catalysts are held. Any thread."""

    def outline(self, owner: object, essence: Any) -> Shown:
        """Outline the widgets that an essence is or has, and no others for this owner."""

    def clear(self, owner: object) -> None:
        """Take away what is outlined for an owner, and end its picking."""

    def pick(self, owner: object, tell: Callable[[Picked], None]) -> None:
        """Have the next click choose a widget instead of reaching it."""

    def bindings(self, essence: Any) -> list[Bound]:
        """The sparkles of a living essence that are bound to signals by their names."""


_present: list[Toolkit] = []


def present() -> Toolkit | None:
    """The toolkit of this process, once it has a window loop."""
    return _present[-1] if _present else None


def enter(toolkit: Toolkit) -> None:
    """A toolkit has a window loop in this process."""
    _present[:] = [toolkit]
