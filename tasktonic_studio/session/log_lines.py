"""Everything that was said, in order: log lines, errors, what the process printed, notices of the Studio and the probe,
and what was done by hand.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from tasktonic_studio.session.columns import RowView

Level = Literal["log", "error", "notice", "hand", "stdout", "stderr"]


class LogLineFacts(NamedTuple):
    """One line. `n` is its event's number, `app` the app run it belongs to.

    `name` is the essence's name as it was then (ids of an earlier app mean nothing now). For an error `text` is
    `Type: message in sparkle` and `detail` the traceback. `essence` is -1 and `run` 0 when there is none.
    """

    n: int
    t_ns: int
    app: int
    level: Level
    essence: int
    name: str
    text: str
    run: int
    detail: str = ""


LogLines = RowView[LogLineFacts]
"""The lines known at a moment; index access, `len`, `slice(start, stop)`, `first` (the oldest that is still here)."""
