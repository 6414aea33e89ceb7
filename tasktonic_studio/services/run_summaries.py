"""The service that says what recorded runs are, at a glance. What it found is kept in the cache folder of the user."""

from __future__ import annotations

import hashlib
import json
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tasktonic import ttTonic
from tasktonic.blocks import Block
from tasktonic.errors import ttError
from tasktonic.events import Raised, Ran
from tasktonic.trace import TraceReader
from tasktonic.trace.file import Kind
from tasktonic_studio.locations import private_folder
from tasktonic_studio.session.planes import first_and_rows
from tasktonic_studio.session.run_summary import BUCKETS, FULL, RunSummary
from tasktonic_studio.settings import write_whole

_VERSION: Final = 1
_MOST_KEPT: Final = 200
_MAX_BYTES: Final = 64 * 1024
_LAST: Final = 1 << 63
_END_S: Final = 5.0
_PAUSE_S: Final = 0.05
MOST_READ: Final = 500_000
"""Events of a trace that is read as a whole; of a longer one the index has to do."""
PIECES: Final = 128
"""So many stretches are made of one block."""
Floats = npt.NDArray[np.float64]


class Stretch(NamedTuple):
    """A part of a run: from when to when, and how many runs and errors. Times are 0 when they are not known."""

    begin_ns: int
    end_ns: int
    runs: int
    errors: int


class RunSummaries(ttTonic):
    """Looks at trace files in a thread of its own, one after the other. What lies in the cache is told at once.

    Made by `app.py` on the catalyst of the services. `told` is called there for each file, as soon as something is known.

    Args:
        folder: where the summaries are kept.
        told: called with each summary, on this catalyst.
        is_busy: says whether somebody waits for a trace to be opened. Meanwhile no other is read: both would take twice as
            long. Asked in the thread.
    """

    _tt_is_service = "run_summaries"

    def __init__(
        self,
        folder: Path,
        told: Callable[[RunSummary], None],
        is_busy: Callable[[], bool] = lambda: False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._is_busy = is_busy
        self._cache = SummaryCache(folder)
        self._told = told
        self._stopped = threading.Event()
        self._wanted: list[str] = []
        self._thread: threading.Thread | None = None

    def _init_service(self, *_args: Any, **_kwargs: Any) -> None:
        """Nobody has anything to say at an access."""

    def ttsc__look_at(self, files: Sequence[str]) -> None:
        """Say what these files are."""
        self._wanted += [file for file in files if file not in self._wanted]
        self._go_on()

    def ttse__on_summary(self, summary: RunSummary) -> None:
        """One is known."""
        self._told(summary)

    def ttse__on_thread_through(self) -> None:
        """The thread has looked at what it was given; more may be wanted by now."""
        if self._thread is not None:
            self._thread.join(_END_S)
            self._thread = None
        self._go_on()

    def ttse__on_finished(self) -> None:
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(_END_S)

    def _go_on(self) -> None:
        if self._thread is None and self._wanted and not self._stopped.is_set():
            files, self._wanted = self._wanted, []
            self._thread = threading.Thread(target=self._look, args=(files,), name="studio run summaries", daemon=True)
            self._thread.start()

    def _look(self, files: Sequence[str]) -> None:
        new: list[str] = []
        for file in files:
            known = self._cache.get(file)
            if known is None:
                new.append(file)
            else:
                self.ttse__on_summary(known)
        for file in new:
            if self._is_over():
                break
            try:
                summary = summarize(file, self._is_over)
            except Exception as error:  # a fault of ours with one file must not keep the others from being looked at
                summary = RunSummary(file, f"Looking at it failed inside the Studio, {type(error).__name__}: {error}.")
            if summary is not None:
                self._cache.put(summary)
                self.ttse__on_summary(summary)
        self.ttse__on_thread_through()

    def _is_over(self) -> bool:
        """Whether to stop; returns when nobody waits for a trace."""
        while self._is_busy() and not self._stopped.wait(_PAUSE_S):
            pass
        return self._stopped.is_set()


class SummaryCache:
    """Summaries as files, each good for one size and time of its trace. One thread at a time; never raises."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, file: str) -> RunSummary | None:
        """What is kept of a file as it is now; None when nothing is."""
        try:
            with self._place(file).open("rb") as kept:
                read = json.loads(kept.read(_MAX_BYTES))
        except (OSError, ValueError, RecursionError):
            return None
        if not isinstance(read, dict) or read.get("about") != _about(file):
            return None
        return _summary(file, read)

    def put(self, summary: RunSummary) -> None:
        """Keep one; when there are too many the oldest go. One that tells of a problem is not kept."""
        about = _about(summary.file)
        if summary.problem or about is None:
            return
        read = {
            "about": about,
            "duration_ns": summary.duration_ns,
            "runs": summary.runs,
            "errors": summary.errors,
            "density": summary.density,
            "error_at": summary.error_at,
            "damaged": summary.damaged,
        }
        try:
            private_folder(self._folder)
            write_whole(self._place(summary.file), json.dumps(read))
            kept = sorted(self._folder.glob("*.json"), key=lambda place: place.stat().st_mtime)
            for place in kept[:-_MOST_KEPT]:
                place.unlink()
        except OSError:
            return  # it can be made again

    def _place(self, file: str) -> Path:
        return (
            self._folder
            / f"{hashlib.sha256(str(Path(file).absolute()).encode('utf-8', 'replace')).hexdigest()[:32]}.json"
        )


def _about(file: str) -> list[int] | None:
    """What a file is like now; None when it is not there."""
    try:
        there = Path(file).stat()
    except (OSError, ValueError):
        return None
    return [_VERSION, there.st_size, there.st_mtime_ns]


def _summary(file: str, read: dict[str, Any]) -> RunSummary | None:
    """A summary out of what was kept; None when it is not what we write."""
    numbers = [read.get(name) for name in ("duration_ns", "runs", "errors")]
    density, error_at = read.get("density"), read.get("error_at")
    if not all(type(number) is int and 0 <= number < _LAST for number in numbers):
        return None
    if not _are_numbers(density, FULL, BUCKETS) or not _are_numbers(error_at, BUCKETS - 1, BUCKETS):
        return None
    duration_ns, runs, errors = numbers
    return RunSummary(
        file,
        duration_ns=duration_ns,  # type: ignore[arg-type]  # all three were looked at
        runs=runs,  # type: ignore[arg-type]
        errors=errors,  # type: ignore[arg-type]
        density=tuple(density),  # type: ignore[arg-type]
        error_at=tuple(error_at),  # type: ignore[arg-type]
        damaged=read.get("damaged") is True,
    )


def _are_numbers(read: object, most: int, length: int) -> bool:
    return isinstance(read, list) and len(read) <= length and all(type(it) is int and 0 <= it <= most for it in read)


def summarize(file: str, is_stopped: Callable[[], bool] = lambda: False) -> RunSummary | None:
    """Read a trace file for what can be said of it at a glance; None when it was stopped. Any thread, takes a while."""
    try:
        with TraceReader(file) as reader:
            stretches: list[Stretch] = []
            for stretch in _stretches(reader):
                if is_stopped():
                    return None
                stretches.append(stretch)
            return _of_stretches(file, stretches, damaged=reader.damage is not None)
    except (ttError, OSError) as error:
        return RunSummary(file, str(error))


def _stretches(reader: TraceReader) -> Iterator[Stretch]:
    """What is in the file, in stretches of time: exactly, or of a long one as its index has it."""
    return _read_stretches(reader) if reader.events <= MOST_READ else _indexed_stretches(reader)


def _read_stretches(reader: TraceReader) -> Iterator[Stretch]:
    for is_keyframe, block in reader.blocks():
        if is_keyframe:
            continue
        if block.rows(Ran):
            yield from _pieces(np.frombuffer(_numbers(block, Ran, "end_ns"), np.int64))
        if block.rows(Raised):
            for t_ns in _numbers(block, Raised, "t_ns").tolist():
                yield Stretch(t_ns, t_ns, 0, 1)
    for span in reader.spans:
        yield Stretch(span.begin_ns, span.end_ns, 0, 0)


def _pieces(ends: npt.NDArray[np.int64]) -> Iterator[Stretch]:
    """Up to `PIECES` stretches of the same length, with how many of these times lie in each.

    In whole numbers: as fractions, nanoseconds of a machine that is up for days are too coarse for what takes a moment.
    """
    first, last = int(ends.min()), int(ends.max())
    width = (last - first) // PIECES + 1
    # Of a hostile file the times may be further apart than a signed number tells.
    apart = ends.astype(np.uint64) - np.uint64(first % (1 << 64))
    places, counts = np.unique(apart // np.uint64(width), return_counts=True)
    for place, count in zip(places.tolist(), counts.tolist(), strict=True):
        begin = first + place * width
        yield Stretch(begin, min(begin + width, last), count, 0)


def _indexed_stretches(reader: TraceReader) -> Iterator[Stretch]:
    """One stretch for each span. Of the blocks only the fronts are looked at, for their errors."""
    spans = reader.spans
    at = 0
    for span in spans:
        yield Stretch(span.begin_ns, span.end_ns, span.runs, 0)
    for part in reader.parts_as_they_lie():
        if part.kind != Kind.BLOCK:
            continue
        try:
            first, rows = first_and_rows(part.data, is_shuffled=part.is_shuffled)
        except (struct.error, IndexError, ValueError, TypeError):  # not as a block should be: whoever shows it says so
            first, rows = 0, {}
        raised = rows.get(Raised, 0)
        if raised:
            while at < len(spans) - 1 and spans[at].until <= first:
                at += 1
            yield Stretch(spans[at].end_ns, spans[at].end_ns, 0, raised)
        else:
            yield Stretch(0, 0, 0, 0)  # so that it can be stopped between blocks


def _numbers(block: Block, kind: Any, field: str) -> memoryview:
    column = block.column(kind, field)
    assert isinstance(column, memoryview), f"{field} is a column of numbers"
    return column


def _of_stretches(file: str, stretches: Sequence[Stretch], *, damaged: bool) -> RunSummary:
    runs = sum(stretch.runs for stretch in stretches)
    errors = sum(stretch.errors for stretch in stretches)
    timed = [stretch for stretch in stretches if 0 < stretch.begin_ns <= stretch.end_ns < _LAST]
    if not timed:
        return RunSummary(file, runs=runs, errors=errors, damaged=damaged)
    table = np.array(timed, np.float64)
    begin, end = table[:, 0].min(), table[:, 1].max()
    width = max(end - begin, 1.0)
    density = _density(table, begin, width)
    raised = table[table[:, 3] > 0]
    places = np.clip((raised[:, 1] - begin) / width * BUCKETS, 0, BUCKETS - 1).astype(int)
    return RunSummary(
        file,
        duration_ns=int(end - begin),
        runs=runs,
        errors=errors,
        density=tuple(density),
        error_at=tuple(sorted(set(places.tolist()))),
        damaged=damaged,
    )


def _density(table: Floats, begin: float, width: float) -> list[int]:
    """Runs per bucket on a logarithmic scale: one beside ten thousand is still to be seen."""
    counts = np.zeros(BUCKETS)
    edges = np.arange(BUCKETS + 1) / BUCKETS * width + begin
    for start, stop, runs, _ in table.tolist():
        if runs:
            inside = np.clip(edges, start, max(stop, start + 1.0))
            shares = np.diff(inside)
            counts += shares / max(shares.sum(), 1e-9) * runs
    most = counts.max()
    if most <= 0:
        return [0] * BUCKETS
    scaled = np.where(counts > 0, np.maximum(np.log1p(counts) / np.log1p(most) * FULL, 1), 0)
    return [int(value) for value in scaled]
