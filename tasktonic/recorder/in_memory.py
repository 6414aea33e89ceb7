"""A recording in memory."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Final

from tasktonic.ledger import ttLedger
from tasktonic.observation import Intake, hide_secrets
from tasktonic.recorder.about import about_process
from tasktonic.snapshot import take_snapshot, ttSnapshotError
from tasktonic.stream import Level, stream
from tasktonic.trace.encoder import ROWS_PER_BLOCK, TraceBytes
from tasktonic.trace.writer import save_trace

_NEVER_TOO_MANY: Final = 1 << 62


class Recording:
    """Keeps all that happens, in about ten bytes an event, until it is saved or forgotten.

    Made and started by whoever wants it; ``stop`` it, or use it in a ``with`` statement. What is there can be saved at any
    time, also while more comes. All methods may be called in any thread.

    Args:
        level: how much of the flow it keeps.
        kind: what the file says that recorded it.
        meta: what else to say in the file; anything that JSON knows.
        with_sources: whether the text of files that define classes goes along.
        asides: what else is to be in the file, as it is when that is made; anything that JSON knows.

    >>> class Door(ttTonic):
    ...     def ttse__on_start(self):
    ...         self.log("open")
    ...         self.finish()
    >>> class App(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...
    ...     def creating_starting_tonics(self):
    ...         Door(name="door")
    >>> with Recording() as recording:
    ...     app = App()
    >>> recording.events > 10, len(recording.data()) > 100
    (True, True)
    """

    def __init__(
        self,
        level: Level = Level.PREVIEWS,
        *,
        kind: str = "recording",
        meta: Mapping[str, Any] | None = None,
        with_sources: bool = True,
        asides: Callable[[], Iterable[Mapping[str, Any]]] = tuple,
    ) -> None:
        self.level = level
        self._asides = asides
        self._intake = Intake(_NEVER_TOO_MANY)
        self._trace = TraceBytes({**about_process(kind), **(meta or {})}, with_sources=with_sources)
        # Protects the trace and the taking out of the intake.
        self._trace_lock = threading.RLock()
        self._is_on = False

    def __repr__(self) -> str:
        return "a recording in memory"

    def __enter__(self) -> Recording:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def events(self) -> int:
        """How many events it has."""
        return self._trace.events + self._intake.rows

    @property
    def size(self) -> int:
        """Bytes that are kept, without what has not been packed yet."""
        return self._trace.size

    def start(self) -> None:
        """Keep all that happens from here on. Of an app that lives already everything is told first."""
        if self._is_on:
            return
        self._is_on = True
        hide_secrets()
        stream.attach(self)
        if ttLedger().essences:
            with contextlib.suppress(ttSnapshotError):  # some of what lives could not be told: the rest was
                take_snapshot()

    def stop(self) -> None:
        """Keep what there is and take no more. Harmless when it is stopped."""
        stream.detach(self)
        self._is_on = False

    def add_meta(self, meta: Mapping[str, Any]) -> None:
        """Say more about it in the file: ``meta``, a dict of anything that JSON knows."""
        with self._trace_lock:
            self._trace.add_meta(meta)

    def on_rows(self, first: int, rows: list[Any]) -> None:
        """Take rows of the stream. Any thread, one at a time."""
        self._intake.put(first, rows)
        if self._intake.rows >= ROWS_PER_BLOCK:
            self._pack()

    def data(self, reason: str = "") -> bytes:
        """The whole trace file up to now.

        Args:
            reason: why the recording ended, as a sentence.
        """
        if self._is_on:
            stream.hand_over()
        with self._trace_lock:
            self._pack()
            return self._trace.data(reason, self._asides())

    def save(self, path: str | os.PathLike[str], reason: str = "") -> None:
        """Write all there is into a trace file.

        Args:
            path: the file; an older trace there is replaced when the new one is whole, anything else is not.
            reason: why the recording ended, as a sentence.

        Raises:
            ttTraceFileError: it cannot be written; the message is a sentence.
        """
        save_trace(path, self.data(reason))

    def _pack(self) -> None:
        with self._trace_lock:
            while len(self._intake):
                first, rows, _ = self._intake.take()
                self._trace.add_rows(first, rows, previews=self.level is Level.PREVIEWS)
