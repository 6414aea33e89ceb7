"""A studio that is connected, from its greeting to its end, as the probe sees it."""

from __future__ import annotations

from enum import Enum
from typing import Final

from tasktonic.blocks.layout import Kind
from tasktonic.blocks.thinning import without_kinds
from tasktonic.events import Ordered, Ran
from tasktonic.observation import SECOND
from tasktonic.probe.link import ENOUGH, TOO_MUCH, Link
from tasktonic.probe.outbox import Outbox
from tasktonic.protocol import Message
from tasktonic.stream import Level

GREETING_NS: Final = 5 * SECOND
"""A connection that has not shown its token by then is closed."""
CLOSING_NS: Final = SECOND
"""How long the last words of the probe may take to be read."""

_NOT_ASKED_FOR: Final[dict[Level, tuple[Kind, ...]]] = {Level.FACTS: (Ordered, Ran), Level.RUNS: (Ordered,)}


class Stage(Enum):
    """Where a connection is."""

    GREETING = "greeting"
    WATCHING = "watching"
    CLOSING = "closing"
    CLOSED = "closed"


class Viewer:
    """One studio. Made by the agent when a connection is made; only the probe's thread touches it."""

    def __init__(self, link: Link, now_ns: int, token: str, outbox: Outbox) -> None:
        self.link = link
        self.stage = Stage.GREETING
        self.deadline_ns = now_ns + GREETING_NS
        self.token = token
        """What the studio has to show first; empty when the probe has connected and showed its own."""
        self.name = ""
        self.wants_control = False
        self.role = "view"
        self.wanted = Level.FLOW
        self.credit = 0
        self.outbox = outbox
        self.shed_orders = 0
        self.shed_runs = 0
        self.lost_before = 0

    def is_over(self) -> bool:
        """Whether nothing it says counts any more."""
        return self.stage in (Stage.CLOSING, Stage.CLOSED)

    def is_awaited(self) -> bool:
        """Whether events are for it: it watches, or it is the studio that launched this app and is about to."""
        return self.stage is Stage.WATCHING or (self.stage is Stage.GREETING and not self.token)

    @property
    def lost_orders(self) -> int:
        """Orders that were left out for it."""
        return self.outbox.lost_orders + self.shed_orders

    @property
    def lost_runs(self) -> int:
        """Runs that were left out for it."""
        return self.outbox.lost_runs + self.shed_runs

    def has_lost_more(self) -> bool:
        """Whether its outbox has given up flow since this was asked last."""
        before, self.lost_before = self.lost_before, self.outbox.lost_orders + self.outbox.lost_runs
        return self.lost_before > before

    def tell(self, message: Message) -> None:
        """Queue a message."""
        self.link.send_message(message)

    def put(self, block: bytes) -> None:
        """Queue a block, without what this studio did not ask for."""
        not_asked_for = _NOT_ASKED_FOR.get(self.wanted)
        self.outbox.put(without_kinds(block, not_asked_for) if not_asked_for else block)

    def pump(self, *, whatever_credit: bool = False) -> None:
        """Send what credit and socket allow."""
        link = self.link
        link.flush()
        while len(self.outbox) and link.waiting < ENOUGH and not link.ended:
            if self.credit <= 0 and not whatever_credit:
                break
            self.credit -= link.send_block(self.outbox.take())
            link.flush()

    @property
    def is_too_slow(self) -> bool:
        """Whether it takes so little that the probe cannot hold what it should get."""
        return self.outbox.is_full or self.link.waiting > TOO_MUCH
