"""KeptRun: keeps what one target tells, in a ring always and in a file while it is recorded. A thread of its own, no tonics.

The links put in, and are never made to wait: when the disk is too slow for what comes, runs and orders are left out of what is
kept, with a gap that says how many, and what is shown has them all the same.
"""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from tasktonic.blocks.thinning import without_flow
from tasktonic.events import AppBegan
from tasktonic.protocol import messages
from tasktonic.trace import Mark, TraceWriter, keep_marks, ttTraceFileError
from tasktonic.trace.writer import move_trace
from tasktonic_studio.services.asides import aside_of
from tasktonic_studio.services.run_packing import Packer, Piece
from tasktonic_studio.services.run_ring import RunRing
from tasktonic_studio.session.inbox import BlockArrived, InboxItem, Output, TargetBegan, TargetStatus, Told
from tasktonic_studio.session.recording import RecordingState

FLUSH_S: Final = 0.25
"""What has come is in the file after this long: a kill of the Studio loses no more."""
TELL_S: Final = 1.0
MANY_BYTES: Final = 2 * 1024 * 1024
"""With so much waiting nothing is waited for any more."""
MOST_WAITING: Final = 64 * 1024 * 1024
"""Bytes that may wait to be packed; of more the flow is left out, and what the process prints."""
LEAST_FREE: Final = 64 * 1024 * 1024
"""So much of a disk is left to others."""
END_S: Final = 5.0


class KeptRun:
    """What one target told. Made for each by the recording service, which ends it when another takes its place.

    Args:
        began: the target.
        most_bytes: what the ring may take.
        told: called with how it stands; in the thread.
        failed: called with a sentence when a file could not be written; in the thread.
        saved: called with the path of a file that is whole, and how many events from before its begin were not kept; in the
            thread.
    """

    def __init__(
        self,
        began: TargetBegan,
        most_bytes: int,
        told: Callable[[RecordingState], None],
        failed: Callable[[str], None],
        saved: Callable[[str, int], None],
    ) -> None:
        self._began = began
        self._told = told
        self._failed = failed
        self._saved = saved
        # Protects what waits: links put, the thread takes.
        self._waiting_lock = threading.Lock()
        self._waiting: list[InboxItem | Callable[[], None]] = []
        self._waiting_bytes = 0
        self._left_out = 0
        self._lines_left_out = 0
        self._news = threading.Event()
        self._hurry = threading.Event()
        self._ends = False
        # All of the following is the thread's.
        self._ring = RunRing(most_bytes)
        self._packer = Packer()
        self._writer: TraceWriter | None = None
        self._began_s = 0.0
        self._left_out_before = 0
        self._not_in_file = 0
        self._marks: dict[str, Mark] = {}
        self._files: list[Path] = []
        """Whole files with this run in them; marks go into each."""
        self._hello: messages.Hello | None = None
        self._app = ""
        self._status: TargetStatus | None = None
        self._whole = ""
        self._is_saving = False
        self._told_s = 0.0
        self._told_not_kept = 0
        self._thread = threading.Thread(target=self._run, name="studio keeper", daemon=True)
        self._thread.start()

    # ---- any thread ----------------------------------------------------------------------------------------------

    def put(self, item: InboxItem) -> None:
        """Keep an item. Returns at once."""
        size = _size_of(item)
        if size and self._waiting_bytes > MOST_WAITING:
            kept = self._thinned(item)
            if kept is None:
                return
            item, size = kept, _size_of(kept)
        with self._waiting_lock:
            was_empty = not self._waiting
            self._waiting.append(item)
            self._waiting_bytes += size
        if was_empty:
            self._news.set()
        if self._waiting_bytes > MANY_BYTES:
            self._hurry.set()

    def record(self, path: str) -> None:
        """Write all that is kept into a file, and what follows, until the target ends."""
        self._ask(lambda: self._start(Path(path)))

    def stop_recording(self) -> None:
        """Close the file that is being written; nothing when none is."""
        self._ask(lambda: self._stop("The recording was stopped."))

    def save(self, path: str) -> None:
        """Write all that is kept into a file, once."""
        self._ask(lambda: self._save(Path(path)))

    def keep_marks(self, marks: Iterable[Mark]) -> None:
        """Marks that are new, have changed or are gone: they go into every file of this run."""
        listed = list(marks)
        self._ask(lambda: self._mark(listed))

    def retire(self) -> None:
        """Another target is watched now: what is being recorded is closed; what was seen can still be saved."""
        self._ask(lambda: self._stop("The Studio has turned to something else."))

    def end(self) -> None:
        """Close what is being written, and keep nothing more. Returns at once."""
        self._ends = True
        self._hurry.set()
        self._news.set()

    def join(self, timeout_s: float = END_S) -> bool:
        """Wait for the end; false when it takes longer."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _ask(self, what: Callable[[], None]) -> None:
        with self._waiting_lock:
            self._waiting.append(what)
        self._hurry.set()
        self._news.set()

    def _thinned(self, item: InboxItem) -> InboxItem | None:
        if isinstance(item, Output):
            self._lines_left_out += 1
            return None
        if not isinstance(item, BlockArrived):
            return item
        try:
            thinned = without_flow(item.data)
        except Exception:  # not a sound block: whoever decodes it says so
            return item
        self._left_out += thinned.orders + thinned.runs
        return BlockArrived(thinned.data)

    # ---- the thread ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._ends:
            self._news.wait(None if self._writer is None else TELL_S)
            self._news.clear()
            # What comes meanwhile is taken together: it is cheaper, and frames get larger.
            self._hurry.wait(FLUSH_S / 2)
            self._hurry.clear()
            self._take_all()
            self._tell_sometimes()
        self._take_all()  # what came, and was asked for, while the last of it was taken
        self._stop("The Studio was closed, or has turned to something else.")

    def _take_all(self) -> None:
        with self._waiting_lock:
            taken, self._waiting = self._waiting, []
            self._waiting_bytes = 0
            lines, self._lines_left_out = self._lines_left_out, 0
        # First of all: one of these may stop the recording.
        if lines:
            notice = f"{lines:,} lines that the process printed came too fast and were not kept."
            self._do(lambda: self._keep_aside({"notice": notice}))
        for item in taken:
            self._do(partial(self._take_one, item))
        self._do(lambda: self._keep(self._packer.flush()))

    def _take_one(self, item: InboxItem | Callable[[], None]) -> None:
        if isinstance(item, BlockArrived):
            self._take_block(item.data)
        elif callable(item):
            item()
        else:
            self._take(item)

    def _do(self, what: Callable[[], None]) -> None:
        """A fault of ours must not go unsaid, nor keep the Studio from anything else, nor lose what came with it."""
        try:
            what()
        except Exception as error:
            self._give_up(f"it failed inside the Studio, {type(error).__name__}: {error}.")

    def _take_block(self, data: bytes) -> None:
        had_a_problem = bool(self._packer.problem)
        self._keep(self._packer.take(data))
        if self._packer.problem and not had_a_problem:
            self._keep_aside({"notice": self._packer.problem})

    def _take(self, item: InboxItem) -> None:
        if isinstance(item, TargetStatus):
            self._status = item
            if item.status in ("ended", "lost"):
                self._has_ended(item)
            return
        if isinstance(item, Told) and isinstance(item.message, messages.Hello):
            self._hello = item.message
            self._tell()
        aside = aside_of(item)
        if aside is not None:
            self._keep_aside(aside)

    def _keep(self, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            if not self._app:
                self._app = next((fact.name for fact in piece.facts if type(fact) is AppBegan), "")
            self._ring.add(piece)
            self._write(_adds(piece))
            self._whole = ""

    def _keep_aside(self, aside: Mapping[str, Any]) -> None:
        self._keep(self._packer.flush())
        self._ring.add_aside(aside)
        self._write(lambda writer: writer.add_aside(aside))

    def _has_ended(self, status: TargetStatus) -> None:
        self._keep(self._packer.flush())
        self._stop(status.sentence or status.status)
        self._tell()

    # ---- files ---------------------------------------------------------------------------------------------------

    def _start(self, path: Path) -> None:
        if self._writer is not None:
            return
        self._keep(self._packer.flush())
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._writer = TraceWriter(path, self._meta())
            self._began_s = time.monotonic()
            self._left_out_before = self._left_out
            self._not_in_file = self._ring.dropped
            self._fill(self._writer)
        except OSError as error:
            self._give_up(str(error) if isinstance(error, ttTraceFileError) else _cannot(path, error))
        if self._status is not None and self._status.status in ("ended", "lost"):
            self._stop(self._status.sentence)
        self._tell()

    def _fill(self, writer: TraceWriter) -> None:
        self._ring.write(writer)
        if self._marks:
            writer.add_marks(self._marks.values())

    def _write(self, add: Callable[[TraceWriter], None]) -> None:
        writer = self._writer
        if writer is None:
            return
        try:
            add(writer)
        except ttTraceFileError as error:
            self._give_up(str(error))

    def _stop(self, reason: str) -> None:
        writer = self._writer
        if writer is None:
            return
        try:
            self._keep(self._packer.flush())
            self._close(writer, reason)
        except ttTraceFileError as error:
            self._give_up(str(error))
            return
        self._writer = None
        self._is_whole(writer.path, self._not_in_file)

    def _close(self, writer: TraceWriter, reason: str) -> None:
        status = self._status
        if status is not None and status.status in ("ended", "lost"):
            how = {"sentence": status.sentence, "exit_code": status.exit_code, "died": status.died}
            writer.add_meta({"exit": how})
        writer.close(reason)

    def _save(self, path: Path) -> None:
        if self._writer is not None and os.path.realpath(path) == os.path.realpath(self._writer.path):
            self._failed(
                f"The run was not saved. {path} is being recorded into, and has all that happens: choose another name, or "
                "stop recording."
            )
            return
        self._keep(self._packer.flush())
        self._is_saving = True
        self._tell()
        beside = path.with_name(f".{path.name}.{os.getpid()}.part")
        status = self._status
        alive = status is None or status.status not in ("ended", "lost")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            writer = TraceWriter(beside, self._meta())
            try:
                self._fill(writer)
                self._close(writer, "Saved while it ran." if alive or status is None else status.sentence)
            finally:
                writer.abandon()
            move_trace(beside, path)
        except OSError as error:
            with contextlib.suppress(OSError):
                beside.unlink()
            text = str(error).replace(str(beside), str(path))
            self._failed(
                f"The run was not saved. {text if isinstance(error, ttTraceFileError) else _cannot(path, error)}"
            )
        else:
            self._is_whole(path, self._ring.dropped)
        finally:
            self._is_saving = False
            self._tell()

    def _is_whole(self, path: Path, not_kept: int) -> None:
        if path not in self._files:
            self._files.append(path)
        self._whole = str(path)
        self._tell()
        self._saved(str(path), not_kept)

    def _mark(self, marks: Sequence[Mark]) -> None:
        self._marks.update((mark.id, mark) for mark in marks)
        self._write(lambda writer: writer.add_marks(marks))
        for path in self._files:
            try:
                keep_marks(path, marks)
            except ttTraceFileError as error:
                self._failed(str(error))

    def _look_at_disk(self) -> None:
        if self._writer is None:
            return
        with contextlib.suppress(OSError):
            free = shutil.disk_usage(self._writer.path.parent).free
            if free < LEAST_FREE:
                path = self._writer.path
                self._stop("The disk was almost full.")
                self._failed(
                    f"The disk of {path} has only {free // 1_000_000} MB left: the recording has ended, and what it has is "
                    "kept. Make room, then record again."
                )

    def _give_up(self, sentence: str) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.abandon()
        self._failed(f"The recording has ended: {sentence} What was written can be read; the app runs on.")
        self._tell()

    # ---- telling ---------------------------------------------------------------------------------------------------

    def _tell_sometimes(self) -> None:
        now = time.monotonic()
        if now - self._told_s >= TELL_S and (self._writer is not None or self._ring.dropped != self._told_not_kept):
            self._look_at_disk()
            self._tell()

    def _tell(self) -> None:
        writer = self._writer
        self._told_s, self._told_not_kept = time.monotonic(), self._ring.dropped
        self._told(
            RecordingState(
                file="" if writer is None else str(writer.path),
                began_s=self._began_s,
                size=0 if writer is None else writer.size,
                left_out=self._left_out - self._left_out_before,
                can_save=self._hello is not None or self._ring.events > 0,
                not_kept=self._ring.dropped,
                saved=self._whole,
                is_saving=self._is_saving,
            )
        )

    def _meta(self) -> dict[str, Any]:
        began, hello = self._began, self._hello
        meta: dict[str, Any] = {
            "kind": "watched" if began.seed is None else "distiller",
            "app": self._app or Path(began.script).name,
            "script": (hello.script if hello is not None else "") or began.script,
            "argv": list((hello.argv if hello is not None else ()) or began.arguments),
            "pid": hello.pid if hello is not None else began.pid,
            "system": platform.system(),
        }
        if hello is not None:
            meta |= {"cwd": hello.cwd, "python": hello.python, "framework": hello.framework}
            meta |= {"monotonic_ns": hello.monotonic_ns, "wall_ns": hello.wall_ns}
        if self._ring.dropped:
            meta["not_kept"] = self._ring.dropped
        return meta


def _adds(piece: Piece) -> Callable[[TraceWriter], None]:
    frames, facts, begins = [(piece.summary, piece.frame)], piece.facts, piece.begins
    return lambda writer: writer.add_frames(frames, facts, begins_table=begins)


def _cannot(path: Path, error: OSError) -> str:
    return f"{path} cannot be written: {error.strerror or error}."


def _size_of(item: InboxItem) -> int:
    if isinstance(item, BlockArrived):
        return len(item.data)
    return len(item.text) if isinstance(item, Output) else 0
