"""What a log target is given: one thing to be logged, as plain values."""

from __future__ import annotations

from typing import Final, NamedTuple

CREATED: Final = "created"
FINISHED: Final = "finished"
SAID: Final = "said"
RAN: Final = "ran"
RAISED: Final = "raised"
DROPPED: Final = "dropped"

ITSELF: Final = "tasktonic"
"""The name under which the log speaks of itself."""


class LogRecord(NamedTuple):
    """One thing to be logged. It holds text and numbers only, so it may be kept as long as anybody likes.

    ``event`` is one of ``created`` and ``finished`` (an essence), ``said`` (``self.log``), ``ran`` (a sparkle of a tonic in
    mode FULL), ``raised`` (an error, in every mode) and ``dropped`` (what could not be logged in time). Any thread.

    >>> LogRecord(0.0, "said", 3, "guest", "hello").line
    'hello'
    """

    time: float
    """When, in seconds since 1970 (``time.time()``); of a sparkle, when it was done."""
    event: str
    id: int
    """Of the essence; -1 when the log speaks of itself."""
    name: str
    """Of the essence."""
    text: str = ""
    """What was said, the message of an error, or a sentence about what was dropped."""
    sparkle: str = ""
    """Which one ran or raised."""
    before: str = ""
    """The state before the sparkle, ``--`` for none."""
    after: str = ""
    """The state after it."""
    is_hook: bool = False
    """Whether it was an ``on_enter``, ``on_exit`` or ``on_finished``."""
    is_ignored: bool = False
    """Whether there was no handler for it in that state."""
    has_raised: bool = False
    """Whether it raised; the error has a record of its own."""
    error: str = ""
    """The class of the error."""
    traceback: str = ""
    """Of the error, of several lines."""

    @property
    def line(self) -> str:
        """All of it but the time and the name, for people."""
        return self.described("→")

    def described(self, arrow: str) -> str:
        """The same with another sign, ``arrow``, between two states."""
        if self.event == RAN:
            return self._run(arrow)
        if self.event == RAISED:
            return f"{self.sparkle} raised {self.error}: {self.text}"
        return self.event if self.event in (CREATED, FINISHED) else self.text

    def _run(self, arrow: str) -> str:
        words = [self.sparkle]
        if self.before != self.after:
            words.append(f"[{self.before} {arrow} {self.after}]")
        elif self.before != "--":
            words.append(f"[{self.before}]")
        marks = ((self.is_hook, "(hook)"), (self.is_ignored, "(ignored)"), (self.has_raised, "(raised)"))
        return " ".join([*words, *(word for holds, word in marks if holds)])
