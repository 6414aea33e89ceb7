"""Writes a trace to its file. The layout is described in ``file.py``."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tasktonic.trace.encoder import KEYFRAME_EVENTS, TraceEncoder
from tasktonic.trace.file import MAGIC, ttTraceFileError

_MODE: Final = 0o600
"""What an app did, and with which values, is nobody else's business."""
_FLAGS: Final = os.O_WRONLY | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class TraceWriter(TraceEncoder):
    """Appends to one trace file, unbuffered: what a call has written survives the end of the process, whatever that is.

    Made by a recorder, which calls ``close``. One thread at a time.

    Args:
        path: the file; an older trace there is replaced, anything else is not.
        meta, with_sources, keyframe_events: as for ``TraceEncoder``.

    Raises:
        ttTraceFileError: the file cannot be written; the message is a sentence. All methods but ``close`` raise it; the
            file is cut back to what was whole then, and nothing more is written.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        meta: Mapping[str, Any],
        *,
        with_sources: bool = True,
        keyframe_events: int = KEYFRAME_EVENTS,
    ) -> None:
        self.path = Path(path)
        self._descriptor = -1
        self._written = 0
        self._problem = ""
        try:
            self._descriptor = open_anew(self.path)
        except OSError as error:
            self._fail(error)
        super().__init__(meta, with_sources=with_sources, keyframe_events=keyframe_events)

    def __enter__(self) -> TraceWriter:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.close("" if error is None else f"{type(error).__name__}: {error}")

    @property
    def is_open(self) -> bool:
        """Whether more can be written."""
        return self._descriptor >= 0

    def close(self, reason: str = "") -> None:
        """Write the index and close the file. Harmless when it is closed.

        Args:
            reason: why the recording ended, as a sentence.

        Raises:
            ttTraceFileError: the index cannot be written; the file is closed and can be read all the same.
        """
        if self.is_open:
            try:
                self._emit(self.tail(reason))
            finally:
                self.abandon()

    def abandon(self) -> None:
        """Close the file as it is. In a forked child: the parent writes on, and this copy must not."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def _emit(self, data: bytes) -> None:
        if self._descriptor < 0:
            raise ttTraceFileError(self._problem or f"{self.path} is closed.")
        try:
            write_all(self._descriptor, data)
        except OSError as error:
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, self._written)  # what is there stays readable to its end
            self._fail(error)
        self._written += len(data)

    def _fail(self, error: OSError) -> None:
        self.abandon()
        self._problem = f"{self.path} cannot be written: {why(error)}."
        raise ttTraceFileError(self._problem) from None


def open_anew(path: Path) -> int:
    """Open a file for a new trace.

    Raises:
        OSError: it cannot be written, or is something else than a trace; what is there is left as it is.
    """
    target = Path(os.path.realpath(path))
    if _check_replaceable(target):
        # A new file, not the old one emptied: whoever reads the old one reads on.
        target.unlink()
    return os.open(target, _FLAGS, _MODE)


def _check_replaceable(target: Path) -> bool:
    """Whether there is a trace (or an empty file) to be replaced. Raises OSError when there is anything else."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return False
    if stat.S_ISFIFO(mode):
        raise OSError("it is a pipe, not a file")
    if not stat.S_ISREG(mode):
        return False
    with target.open("rb") as there:
        begin = there.read(len(MAGIC))
    if begin != MAGIC[: len(begin)]:
        raise OSError("there is another file of that name, which is no trace; it was left alone")
    return True


def move_trace(beside: Path, path: Path) -> None:
    """Put a whole trace into its place; an older trace there is replaced, anything else is not.

    Raises:
        OSError: it cannot be done; ``beside`` is still there.
    """
    target = Path(os.path.realpath(path))
    _check_replaceable(target)
    beside.replace(target)


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of it, however many calls that takes. Raises OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def why(error: OSError) -> str:
    """The reason of an error without its number, to stand at the end of a sentence."""
    text = error.strerror or str(error)
    return text[:1].lower() + text[1:]


def save_trace(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a whole trace: beside its place first, then there, so that no half of it is ever found.

    Raises:
        ttTraceFileError: it cannot be written; the message is a sentence.
    """
    target = Path(os.path.realpath(path))
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        _check_replaceable(target)
        descriptor = os.open(beside, _FLAGS | os.O_TRUNC, _MODE)
        try:
            write_all(descriptor, data)
        finally:
            os.close(descriptor)
        beside.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise ttTraceFileError(f"{path} cannot be written: {why(error)}.") from None
