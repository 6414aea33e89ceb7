"""The discovery service: which apps run on this machine that can be watched, and why others cannot."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from tasktonic import ttTonic
from tasktonic.protocol.address import Found, find_running

ToldFound = Callable[[Sequence[Found]], None]


class Discovery(ttTonic):
    """Looks through the folders where apps that listen leave word.

    Made by `app.py` on the catalyst of the services; `told` is called there, with the apps found, newest first.
    """

    _tt_is_service = "discovery"

    def __init__(self, told: ToldFound | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.told = told

    def _init_service(self, *_args: Any, **_kwargs: Any) -> None:
        """Nobody has anything to say at an access."""

    def ttsc__refresh(self) -> None:
        """Look now, and tell."""
        found = attachable()
        if self.told is not None:
            self.told(found)


def attachable() -> list[Found]:
    """The apps that run, but for this process; each with the reason when it cannot be attached to."""
    return [found for found in find_running() if found.pid != os.getpid()]


def found_with_pid(pid: int) -> Found:
    """The app with this process id; one with a problem that says what to do when it is not among those that can be attached."""
    for found in attachable():
        if found.pid == pid:
            return found
    return Found(
        pid,
        "",
        "",
        "",
        f"Process {pid} does not listen for a studio. Start the app with TASKTONIC_STUDIO=1 in its environment, or call "
        "tasktonic.probe.start() in it.",
    )
