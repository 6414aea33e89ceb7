"""The grammar of method names: ``prefix__name`` for any state, ``prefix_state__name`` for one. Pure functions.

The state runs to the first double underscore, so a name may hold double underscores of its own
(``ttqt__panel__button__clicked``) and a state may not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from .errors import ttSparkleNameError

COMMAND: Final = "ttsc"
EVENT: Final = "ttse"
INTERNAL: Final = "tts"
SYSTEM: Final = "_ttss"

PREFIXES: Final = (COMMAND, EVENT, INTERNAL, "_tts", SYSTEM)

_looks_like_sparkle = re.compile(r"_?tts\w*?__")


class SparkleName(NamedTuple):
    """A method name taken apart. ``state`` is empty for a handler that serves any state."""

    prefix: str
    state: str
    name: str

    @property
    def called(self) -> str:
        """The name by which it is called whatever the state: ``ttsc__open``."""
        return f"{self.prefix}__{self.name}"


def parse(method: str, custom_prefixes: Iterable[str] = ()) -> SparkleName | None:
    """Take a method name apart; ``None`` when it is not a sparkle's.

    Raises:
        ttSparkleNameError: it looks like a sparkle, but its prefix is unknown, or state or name are empty.
    """
    head, mark, name = method[1:].partition("__")
    head = method[:1] + head
    if mark:
        for prefix in (*PREFIXES, *custom_prefixes):
            if head == prefix:
                state = ""
            elif head.startswith(prefix + "_"):
                state = head[len(prefix) + 1 :]
            else:
                continue
            if not name or name.startswith("_") or (head != prefix and not state):
                raise ttSparkleNameError(
                    f"{method}: a sparkle is named {prefix}__<name>, or {prefix}_<state>__<name> for one state; "
                    f"the {'name' if not name or name.startswith('_') else 'state'} is missing here."
                )
            return SparkleName(prefix, state, name)
    if _looks_like_sparkle.match(method):
        known = ", ".join(f"{p}__" for p in (*PREFIXES, *custom_prefixes))
        raise ttSparkleNameError(
            f"{method}: looks like a sparkle, but {head!r} is no known prefix. Known are {known} "
            "(each also with a state: ttsc_open__<name>). Rename the method, or let it not begin with 'tts'."
        )
    return None


def qualified(prefix: str, state: str, name: str) -> str:
    """The method name of a handler: the reverse of ``parse``."""
    return f"{prefix}_{state}__{name}" if state else f"{prefix}__{name}"
