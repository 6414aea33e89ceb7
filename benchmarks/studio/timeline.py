"""The timeline in the real window, in the arrangement Analyse: ledger, inspector and trace stand beside it.

A frame is a change of what is shown and all that Qt paints because of it. Views are moved by seven pixels a frame, there and
back, so that nothing is where it was; at each step of the zoom what is on screen is another level of detail.
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from studio.made import a_session_of, more_of
from studio.rows import Gaps, Row, Stopwatch, resident_mb, timed, times_at
from studio.window import collect_seldom
from tasktonic_studio.session.batch import Batch
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panel_list import all_panels
from tests.helpers.window_stand import WindowStand

FRAME_MS = 16.7
GAP_MS = 100.0
MOMENT_MS = 50.0
MILLION = 1_000_000
VIEWS = (("everything", 0), ("1 s", 10**9), ("100 ms", 10**8), ("20 ms", 2 * 10**7), ("2 ms", 2 * 10**6))
LIVE_RUNS = 2_083
"""Of 250,000 events a second half are runs and half are orders; so many of each come in a frame."""


class Window:
    """The real window on a made-up session."""

    def __init__(self, session: Session, folder: Path) -> None:
        application = QApplication.instance() or QApplication([])
        self.turn = application.processEvents
        self.session = session
        panels = all_panels()
        self.stand = WindowStand(folder, session, panels=panels, settings={"arrangement": "analyse"})
        self.timeline: Any = next(panel for panel in panels if panel.id == "timeline")
        self.stand.window.show()
        self.stand.catch_up()
        collect_seldom()
        self.view = self.timeline.view
        self.gaps = Gaps(self.turn)
        self.gaps.until(self.view.isVisible)
        self.ready_s = self.gaps.until(lambda: self.view.model.share >= 1)

    def look_at(self, span_ns: int) -> None:
        """Show the whole, or so much of the middle."""
        begin, now = self.view.model.span
        middle = (begin + now) // 2
        self.view.time.fit(*((middle - span_ns // 2, middle + span_ns // 2) if span_ns else (begin, now)))
        self.turn()

    def pan(self, number: int) -> None:
        """A frame of panning."""
        self.view.time.pan(7 if number % 40 < 20 else -7)
        self.turn()

    def zoom(self, number: int) -> None:
        """A frame of zooming: from everything to microseconds and back."""
        self.view.time.zoom(1.15 if number % 160 < 80 else 1 / 1.15, self.view.time.width / 2)
        self.turn()

    def jump(self, number: int) -> None:
        """A press on the ruler: every panel shows that moment."""
        self.view.ruler.scrubbed.emit(self.view.time.scale.t_at(self.view.time.width * (number * 37 % 97) / 100))
        self.view.moments.scrubs.flush()
        self.turn()

    def take(self, batch: Batch) -> None:
        """A frame in which something came in."""
        self.stand.bench.area.on_changes(self.session.apply_batch(batch))
        self.turn()

    def levels(self) -> str:
        """How the lanes were drawn last, in words."""
        found = list(self.view.lanes.lane_painter.levels.values())
        return ", ".join(f"{found.count(level)} {level}" for level in dict.fromkeys(found))

    def close(self) -> None:
        self.stand.close()
        self.turn()
        gc.unfreeze()


def rows(scale: float) -> Iterator[Row]:
    """All rows of the timeline."""
    with tempfile.TemporaryDirectory(prefix="tt-") as folder:
        yield from _rows_of(MILLION, scale, Path(folder, "one"), frames=times_at(scale, 200))
        gc.collect()
        yield from _rows_of(10 * MILLION, scale, Path(folder, "ten"), frames=times_at(scale, 100))


def _rows_of(runs: int, scale: float, folder: Path, frames: int) -> Iterator[Row]:
    folder.mkdir()
    session = a_session_of(max(int(runs * scale), 1_000))
    before_mb = resident_mb()
    window = Window(session, folder)
    of = f"timeline of {runs // MILLION} M runs"
    yield Row(f"{of}: lanes are there", 3.0, "s", window.ready_s, f"{resident_mb() - before_mb:.0f} MB more")
    yield window.gaps.row(f"{of}: longest gap meanwhile", GAP_MS)
    for name, span_ns in VIEWS:
        window.look_at(span_ns)
        row = timed(window.pan, frames).row(f"{of}: a frame, panning over {name}", FRAME_MS)
        yield row._replace(more=f"{row.more}; {window.levels()}")
    window.look_at(0)
    yield timed(window.zoom, frames).row(f"{of}: a frame, zooming", FRAME_MS)
    window.view.fold(0)
    window.gaps.until(lambda: window.view.model.share >= 1)
    window.look_at(0)
    yield timed(window.pan, frames).row(f"{of}: a frame, tonics unfolded", FRAME_MS)
    window.view.fold(0)
    yield from _sums(of, window)
    yield timed(window.jump, min(frames, 60)).row(f"{of}: any moment, all panels of Analyse", MOMENT_MS, "moments")
    yield from _live(of, window, frames)
    window.close()


def _sums(of: str, window: Window) -> Iterator[Row]:
    """The totals of everything, while the window goes on."""
    window.look_at(0)
    gaps = Gaps(window.turn)
    began = time.perf_counter()
    window.view.add_up_view()
    gaps.took_ms.append((time.perf_counter() - began) * 1e3)
    gaps.until(lambda: not window.view.area.is_busy)
    yield Row(f"{of}: totals of everything", None, "s", time.perf_counter() - began)
    yield gaps.row(f"{of}: longest gap meanwhile", GAP_MS)
    window.view.clear_area()


def _live(of: str, window: Window, frames: int) -> Iterator[Row]:
    """Runs that come in (decoded already), taken by the session and shown at the live edge, sixty times a second."""
    window.view.go_live()
    window.turn()
    for others in ("with the other panels of Analyse", "by itself"):
        if others == "by itself":
            for panel in window.stand.bench.area.visible_panels:
                if panel.id != "timeline":
                    window.stand.bench.area.close_panel(panel.id)
            window.turn()
        watch = Stopwatch()
        due = time.perf_counter()
        for _ in range(frames):
            batch = more_of(window.session, LIVE_RUNS)
            due = max(due + FRAME_MS / 1e3, time.perf_counter())
            # No events are looked at meanwhile: whatever has come due counts for the frame.
            time.sleep(max(due - time.perf_counter(), 0))
            watch.time(lambda batch=batch: window.take(batch))
        yield watch.times().row(f"{of}: a frame of 250,000 events/s, {others}", FRAME_MS)
