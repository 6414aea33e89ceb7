"""An app that is run by hand for somebody outside: what it is asked for, and what it tells. Data, and who listens.

A distiller carries it out (``tasktonic.testing.steering``), the probe passes on what a studio asks and hears; neither of them
knows the other. Of a process that nobody steers, ``steering`` stays ``None``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple, Protocol


class Waits(NamedTuple):
    """An order that is queued: whose, which, with what, from whom, since when."""

    catalyst: str
    essence: int
    tonic: str
    sparkle: str
    arguments: str
    source: str
    age_ns: int


class Report(NamedTuple):
    """How it stands. ``status`` is ``ready``, ``running``, ``over`` or ``refused``; ``problem`` is a sentence or empty."""

    status: str
    app: int = 0
    seed: int = 0
    clock: str = "virtual"
    now_ns: int = 0
    sparkles: int = 0
    doing: str = ""
    problem: str = ""
    waits: tuple[Waits, ...] = ()
    waiting: int = 0
    due_ns: int = 0


class Step(NamedTuple):
    """One thing that was done, from 0, the begin: what and with what outcome, and how a trace file tells it.

    ``done`` is a dict of plain values. ``calls`` are the parts of a call of the distiller, empty for what is none.
    """

    number: int
    done: dict[str, Any]
    calls: tuple[dict[str, Any], ...] = ()


class Steering(Protocol):
    """Who carries it out. Any thread."""

    @property
    def report(self) -> Report | None:
        """How it stands; ``None`` before there is an app."""

    @property
    def steps(self) -> list[Step]:
        """What was done so far in the present app."""

    def ask(self, do: str, asked: dict[str, Any], answer: Callable[[bool, str], None], who: str = "") -> None:
        """Have something done; ``answer`` gets whether it was, and a sentence, in the thread that does it."""

    def note_deed(self, what: str, text: str, essence: int = -1, code: str = "") -> None:
        """Something else was done to the app by hand: one of its steps; ``code`` says how a test does it to that essence.

        In the thread of its formula.
        """

    def stop(self) -> bool:
        """End what runs now after the present sparkle. Returns whether something runs."""

    def leave(self) -> None:
        """Nobody is there any more: end the app in order."""


steering: Steering | None = None
"""Of this process."""

listeners: Final[list[Callable[[Report | Step], None]]] = []
"""Who is told of each report and step, in the thread of the app's formula."""


def tell(what: Report | Step) -> None:
    """Tell all who listen."""
    for listener in listeners:
        listener(what)
