"""A comparison in a thread of its own: reads the other run when it is in a file, aligns, tells how far it is, can be stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import PurePath
from typing import Final

from tasktonic.errors import ttError
from tasktonic.trace import TraceReader
from tasktonic_studio.session.comparing.comparison import Comparison, compare
from tasktonic_studio.session.comparing.side import Cancelled, Side, Taken, lay_out, take
from tasktonic_studio.session.inbox import BlockArrived, TargetBegan
from tasktonic_studio.session.session import Session

MOST_EVENTS: Final = 6_000_000
"""Of a longer trace nobody would wait for the comparison, and it would not fit beside the run that is shown."""
MOST_RUNS: Final = 3_000_000
END_S: Final = 5.0
"""It looks whether it was cancelled many times a second."""
_READING: Final = 0.5
_LAYING_OUT: Final = 0.6
_PAUSE_S: Final = 0.0005


class Comparing:
    """Compares once. Made in the thread of the window, which looks at `share` and `doing` now and then.

    Args:
        here: the run that is shown.
        there: the other one, or the name of a trace file that it is in.
        on_end: called in the thread of the comparison with the result, or with None and a sentence; not when it was cancelled.
    """

    def __init__(self, here: Taken, there: Taken | str, on_end: Callable[[Comparison | None, str], None]) -> None:
        self.share = 0.0
        self.doing = "taking both runs apart"
        self._here = here
        self._there = there
        self._on_end = on_end
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=self._run, name="studio compare", daemon=True)

    @property
    def is_going(self) -> bool:
        """Whether its thread has not come to its end."""
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def cancel(self) -> None:
        """Stop soon, and say nothing any more."""
        self._cancelled.set()

    def finish(self) -> None:
        """Stop, and wait a little for the end: the window closes. One that reads from a drive that hangs ends with the program."""
        self.cancel()
        if self._thread.is_alive():
            self._thread.join(END_S)

    # ---- in the thread

    def _run(self) -> None:
        result: Comparison | None = None
        problem = ""
        try:
            result = self._compare()
        except Cancelled:
            return
        except ttError as error:
            problem = str(error)
        except OSError as error:
            problem = f"{self._there} could not be read to its end: {error.strerror or error}."
        except MemoryError:
            problem = "There is not enough memory to compare these two runs. Compare shorter recordings."
        except Exception as error:  # a fault of ours must not look like a comparison that never ends
            problem = f"Comparing failed inside the Studio, {type(error).__name__}: {error}."
        if not self._cancelled.is_set():
            self._on_end(result, problem)

    def _compare(self) -> Comparison | None:
        there = self._read(self._there) if isinstance(self._there, str) else self._there
        self._gone_on(_READING, "taking both runs apart")
        sides: list[Side] = []
        for taken in (self._here, there):
            runs = sum(len(columns["n"]) for columns in taken.runs)
            if runs > MOST_RUNS:
                raise ttError(
                    f"{taken.title} has {runs:,} runs; at most {MOST_RUNS:,} can be compared. Compare shorter recordings."
                )
            sides.append(lay_out(taken, self._check))
        self._gone_on(_LAYING_OUT, "aligning what has the same cause")
        rest = 1 - _LAYING_OUT
        return compare(sides[0], sides[1], lambda share: self._gone_on(_LAYING_OUT + rest * share))

    def _read(self, file: str) -> Taken:
        """All that a file has, folded in a session of its own."""
        name = PurePath(file).name
        self._gone_on(0.0, f"reading {name}")
        session = Session()
        with TraceReader(file) as reader:
            if reader.events > MOST_EVENTS:
                raise ttError(
                    f"{name} has {reader.events:,} events; at most {MOST_EVENTS:,} can be compared. Compare shorter recordings."
                )
            script = reader.meta.get("script")
            session.apply(
                [TargetBegan("file", script=script if isinstance(script, str) else "", file=file, events=reader.events)]
            )
            for _, data in reader.data():
                session.apply([BlockArrived(data)])
                self._gone_on(_READING * session.live.n / max(reader.events, 1))
                time.sleep(_PAUSE_S)
            remarks = [f"{name}: {reader.condition}"] if reader.condition else []
        # What could not be read is told as a line of the log.
        remarks += [line[6] for line in session.live.log.fields() if line[3] == "notice"]
        return take(session.live, name, tuple(remarks))

    def _check(self) -> None:
        if self._cancelled.is_set():
            raise Cancelled

    def _gone_on(self, share: float, doing: str = "") -> None:
        self._check()
        self.share = min(max(share, self.share), 1.0)
        if doing:
            self.doing = doing
