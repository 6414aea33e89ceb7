"""The messages about line-level stepping: the app is asked to let a debugger of lines in, and says where that listens."""

from __future__ import annotations

from dataclasses import dataclass

from tasktonic.protocol.message import Direction, Message


@dataclass(frozen=True, slots=True)
class AskLines(Message):
    """Asks the app to let ``debugpy`` listen on this machine, for one who shows the token; ``LinesAt`` answers.

    It listens from then on until the process ends. From the moment at which somebody connects the app's own code is traced, and is
    slower for it; it is as fast as before when that one has left.
    """

    kind = "ask lines"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""


@dataclass(frozen=True, slots=True)
class LinesAt(Message):
    """Where ``debugpy`` listens: it speaks the Debug Adapter Protocol there."""

    kind = "lines at"
    direction = Direction.PROBE

    request: int
    """Number of the request."""
    host: str = ""
    """Address of this machine that only programs on it can reach."""
    port: int = 0
    """The port, 0 when it does not listen."""
    token: str = ""
    """What has to be shown first, as ``debugServerAccessToken`` of the request ``pydevdAuthorize``."""
    folder: str = ""
    """The folder of the framework, whose code is not stepped through."""
    problem: str = ""
    """A sentence when it does not listen."""


LINES_MESSAGES: tuple[type[Message], ...] = (AskLines, LinesAt)
LINES_REQUESTS = (AskLines,)
