"""How much of a tonic is logged."""

from __future__ import annotations

from enum import IntEnum

from .errors import ttSettingError


class ttLog(IntEnum):
    """Log modes, from nothing to everything. A mode may also be given by its name or number.

    >>> ttLog.of("full") is ttLog.FULL, ttLog.of(0) is ttLog.STEALTH, ttLog.OFF < ttLog.QUIET
    (True, True, True)
    """

    STEALTH = 0
    """No logging."""
    OFF = 1
    """Only birth and end."""
    QUIET = 2
    """Birth and end, and what ``self.log`` says."""
    FULL = 3
    """All of that and every sparkle that runs."""

    @classmethod
    def of(cls, mode: ttLog | int | str) -> ttLog:
        """The mode for a member, its number, or either as text: ``"full"``, ``"FULL"``, ``"3"``. Any thread.

        Raises:
            ttSettingError: there is no such mode; the message lists those there are.
        """
        try:
            if not isinstance(mode, str):
                return cls(mode)
            word = mode.strip()
            return cls(int(word)) if word.isdecimal() else cls[word.upper()]
        except (KeyError, ValueError):
            known = ", ".join(f"{member.name} ({member.value})" for member in cls)
            raise ttSettingError(f"no log mode {mode!r}; there are {known}.") from None
