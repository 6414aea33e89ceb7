"""Has something done while several catalysts stand between two sparkles at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, Final

PATIENCE_S: Final = 0.5
"""How long the first to come waits for the others."""


class Meeting:
    """Each catalyst comes when its sparkle has ended; the last one does it, in its thread, and all go on.

    Args:
        catalysts: who has to stand still.
        act: what is done; what it raises is handed to ``over``.
        over: called with nothing or what went wrong, in the thread that did it or gave up. Once.
        patience_s: for how many seconds the first to come waits; then nothing is done, for two of them may wait for each other.
    """

    def __init__(
        self,
        catalysts: Sequence[Any],
        act: Callable[[], None],
        over: Callable[[BaseException | None], None],
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._missing = list(catalysts)
        self._act = act
        self._over = over
        self._patience_s = patience_s
        self._changed = threading.Condition()
        self._is_over = False

    def call(self) -> None:
        """Ask them to come. Any thread; with none at all it is done here."""
        if not self._missing:
            self._is_over = True
            error = self._acted()
            self._over(error)
            _let_through(error)
        for catalyst in list(self._missing):
            catalyst.for_a_look(lambda one=catalyst: self._arrive(one))

    def give_up(self, error: BaseException) -> None:
        """Do nothing if it has not been done yet. Any thread."""
        with self._changed:
            if self._is_over:
                return
            self._end()
        self._over(error)

    def _arrive(self, catalyst: Any) -> None:
        # All of it in one piece: who waits goes on only when it has been done or given up, and nobody comes last after that.
        with self._changed:
            if self._is_over:
                return
            self._missing.remove(catalyst)
            error = self._acted() if not self._missing else self._waited()
            was_over = bool(self._is_over)  # the last to come did it, while this one waited
            self._end()
        if not was_over:
            self._over(error)
        _let_through(error)

    def _waited(self) -> BaseException | None:
        """Wait for those who are missing; what went wrong, nothing when it is over."""
        try:
            if self._changed.wait_for(lambda: self._is_over, self._patience_s):
                return None
        except KeyboardInterrupt as interrupt:
            return interrupt  # who has left does not stand still: nothing may be done any more
        return TimeoutError(", ".join(one.name for one in self._missing))

    def _acted(self) -> BaseException | None:
        try:
            self._act()
        except BaseException as error:  # whatever it is goes to who asked; the catalyst runs on
            return error
        return None

    def _end(self) -> None:
        self._is_over = True
        self._changed.notify_all()


def _let_through(error: BaseException | None) -> None:
    """Ctrl+C is the user's, and meant for the app."""
    if isinstance(error, KeyboardInterrupt):
        raise error
