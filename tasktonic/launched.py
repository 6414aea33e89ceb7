"""What a studio that launched this process has said to it in its environment.

It is for this process only: taken out of the environment when the framework is imported, so that what the process starts, also
before its first formula begins, does not call the studio with a token that is not for it.
"""

from __future__ import annotations

import os
from typing import Final

LAUNCHED: Final = "connect"
"""What ``TASKTONIC_STUDIO`` says in the environment of a launched process."""
_NAMES: Final = (
    "TASKTONIC_STUDIO",
    "TASKTONIC_STUDIO_ADDRESS",
    "TASKTONIC_STUDIO_TOKEN",
    "TASKTONIC_STUDIO_BREAKPOINTS",
    "TASKTONIC_STUDIO_DISTIL",
)
_said: Final[dict[str, str]] = {}


def take() -> None:
    """Take it out of the environment, if it is there."""
    if os.environ.get("TASKTONIC_STUDIO") == LAUNCHED:
        _said.update((name, os.environ.pop(name)) for name in _NAMES if name in os.environ)


def said(name: str) -> str:
    """What was said with a variable; empty when nothing was, and from the second time on."""
    return _said.pop(name, "")


def is_said(name: str) -> bool:
    """Whether something was, and nobody has asked for it yet."""
    return name in _said


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_said.clear)  # a forked child is an app of its own
