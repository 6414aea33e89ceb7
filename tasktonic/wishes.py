"""What other threads ask of the timers of one catalyst, folded until the catalyst gets to it, so that it never piles up.

How a timer stands is one of five words, and a wish says for each of them how it will stand then. One wish after another is a
wish again: of what is asked a thousand times before the catalyst's next turn, one wish is left, with exactly what they
would have come to one by one.
"""

from __future__ import annotations

import threading
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .catalyst import ttCatalyst

STOPPED: Final = 0
RUNS: Final = 1
"""With what is left of its duration."""
RUNS_ANEW: Final = 2
"""With its whole duration from now on. So it can come to stand; as it stands, a timer ``RUNS``."""
PAUSED: Final = 3
PAUSED_ANEW: Final = 4
"""With its whole duration left."""

Wish = tuple[int, int, int, int, int]
"""How a timer comes to stand, by how it stands."""

START: Final[Wish] = (RUNS_ANEW, RUNS, RUNS_ANEW, RUNS_ANEW, RUNS_ANEW)
STOP: Final[Wish] = (STOPPED,) * 5
RESTART: Final[Wish] = (RUNS_ANEW,) * 5
PAUSE: Final[Wish] = (STOPPED, PAUSED, PAUSED_ANEW, PAUSED, PAUSED_ANEW)
RESUME: Final[Wish] = (STOPPED, RUNS, RUNS_ANEW, RUNS, RUNS_ANEW)
CHANGE: Final[Wish] = (STOPPED, RUNS_ANEW, RUNS_ANEW, PAUSED, PAUSED_ANEW)
"""Another duration, or another time on the calendar, which goes along with the wish."""


def one_after_another(first: Wish, then: Wish) -> Wish:
    """The wish that does what these two do."""
    stopped, runs, runs_anew, paused, paused_anew = first
    return then[stopped], then[runs], then[runs_anew], then[paused], then[paused_anew]


class Wishes:
    """Those of one catalyst, which makes it. They are carried out together, by one errand, in the order of the last wish
    of each timer: none later than its caller's next order, and so that timers come due in the order they were asked to.
    """

    __slots__ = ("_asked", "_folded", "_lock", "_queued_in", "_round")

    def __init__(self) -> None:
        self._asked: deque[tuple[Any, Wish, Any]] = deque()
        """As they came. Whoever adds one folds it at once, so there are hardly more than threads."""
        self._folded: dict[int, tuple[Any, Wish, Any]] = {}
        """One for each timer, by its ``id()``: with the last change that goes along, or ``None``."""
        self._lock: Any = threading.RLock()
        """Of ``_folded``, and of taking from ``_asked``."""
        self._round = 0
        """How often they were carried out."""
        self._queued_in = -1
        """The round in which the last errand was queued: while it still is that one, the errand stands for all."""

    def ask(self, catalyst: ttCatalyst, timer: Any, wish: Wish, change: Any) -> None:
        """Have something done with a timer of this catalyst at the next boundary. Any thread but the catalyst's."""
        self._asked.append((timer, wish, change))
        # A signal handler may ask in the middle of the folding that this very thread does; then that is left to the errand.
        if not self._lock._is_owned():
            with self._lock:
                self._fold()
        # Read after the wish is there, and noted after the errand is: an errand of this round has not yet begun, so it will
        # find the wish; and who relies on it knows that it is queued.
        this_round = self._round
        if self._queued_in != this_round:
            catalyst.at_boundary(partial(self.carry_out, catalyst))
            self._queued_in = this_round

    def _fold(self) -> None:
        asked, folded = self._asked, self._folded
        while asked:
            timer, wish, change = asked.popleft()
            before = folded.pop(id(timer), None)
            if before is not None:
                wish = one_after_another(before[1], wish)
                change = before[2] if change is None else change
            folded[id(timer)] = (timer, wish, change)  # at the end, as the latest

    def carry_out(self, catalyst: ttCatalyst) -> None:
        """Do what was asked for. In the catalyst's thread."""
        self._round += 1
        with self._lock:
            self._fold()
            folded, self._folded = self._folded, {}
        catalyst._owed += len(folded)
        for timer, wish, change in folded.values():
            catalyst._run_errand(partial(timer._carry_out, wish, change))
