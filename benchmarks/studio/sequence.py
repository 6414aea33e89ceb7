"""The sequence diagram in the real window, in the arrangement Analyse: of a quarter of a million calls, and live."""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from studio.made import a_session_of, more_of
from studio.rows import Gaps, Row, Stopwatch, timed, times_at
from studio.window import collect_seldom
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panel_list import all_panels
from tests.helpers.window_stand import WindowStand

FRAME_MS = 16.7
GAP_MS = 100.0
MOMENT_MS = 50.0
MILLION = 1_000_000
CALLS = 250_000
LIVE_RUNS = 2_083
"""Of 250,000 events a second half are runs and half are orders; so many of each come in a frame."""


class Window:
    """The real window on a made-up session, with the sequence in front of the trace."""

    def __init__(self, session: Session, folder: Path) -> None:
        application = QApplication.instance() or QApplication([])
        self.turn = application.processEvents
        self.session = session
        panels = all_panels()
        self.stand = WindowStand(folder, session, panels=panels, settings={"arrangement": "analyse"})
        self.stand.window.show()
        self.stand.catch_up()
        collect_seldom()
        self.bench = self.stand.bench
        self.bench.show_panel("sequence")
        views: dict[str, Any] = {panel.id: panel for panel in panels}
        self.view, self.timeline = views["sequence"].view, views["timeline"].view
        Gaps(self.turn).until(lambda: self.view.isVisible() and self.timeline.model.share >= 1)
        self.settle()

    def settle(self) -> Gaps:
        """Until the diagram is that of what was asked for, and the other panels have come to rest."""
        gaps = Gaps(self.turn)
        gaps.until(lambda: self.view.model.is_done and self.bench.clock.is_idle)
        return gaps

    def scroll(self, number: int) -> None:
        """A frame of scrolling, to somewhere else altogether."""
        bar = self.view.diagram.verticalScrollBar()
        bar.setValue(number * 7_919_777 % max(bar.maximum(), 1))
        self.turn()

    def close(self) -> None:
        self.stand.close()
        self.turn()
        gc.unfreeze()


def rows(scale: float) -> Iterator[Row]:
    """All rows of the sequence."""
    with tempfile.TemporaryDirectory(prefix="tt-") as folder:
        for millions in (1, 10):
            yield from _rows_of(millions, scale, Path(folder, str(millions)))
            gc.collect()


def _rows_of(millions: int, scale: float, folder: Path) -> Iterator[Row]:
    folder.mkdir()
    session = a_session_of(max(int(millions * MILLION * scale), 4_000))
    window = Window(session, folder)
    of = f"sequence in {millions} M runs"
    yield from _of_a_window(of, window, scale)
    yield from _of_a_chain(of, window, times_at(scale, 30))
    yield from _live(of, window, times_at(scale, 120))
    window.close()


def _of_a_window(of: str, window: Window, scale: float) -> Iterator[Row]:
    """A stretch of time with more calls than are drawn."""
    calls, frames = int(CALLS * scale), times_at(scale, 100)
    sent_ns = window.session.live.orders.t_ns
    first = len(sent_ns) // 3
    span = int(sent_ns[first]), int(sent_ns[min(first + calls, len(sent_ns) - 1)])
    window.bench.run("sequence.show_window")
    window.settle()
    began = time.perf_counter()
    window.timeline.time.fit(*span)
    gaps = window.settle()
    took_s, model = time.perf_counter() - began, window.view.model
    shown = f"{len(model.diagram.calls):,} calls in {len(model.diagram):,} rows, {' '.join(model.notes)}"
    yield Row(f"{of}: a window of {calls:,} calls", 1.0, "s", took_s, shown)
    yield gaps.row(f"{of}: longest gap meanwhile", GAP_MS)
    yield timed(window.scroll, frames).row(f"{of}: a frame, scrolling", FRAME_MS)
    for what in ("fold_repeats", "fold_selves"):
        window.bench.run(f"sequence.{what}")
    window.settle()
    yield timed(window.scroll, frames).row(f"{of}: a frame, scrolling {len(model.diagram):,} rows", FRAME_MS)
    for what in ("fold_repeats", "fold_selves"):
        window.bench.run(f"sequence.{what}")
    window.bench.run("sequence.to_scale")
    window.settle()
    for name, zoom in (("everything", 1.0), ("a hundredth", 100.0), ("a ten-thousandth", 100.0)):
        window.view.diagram.zoom(zoom)
        row = timed(window.scroll, min(frames, 60)).row(f"{of}: a frame, {name} to scale", FRAME_MS)
        painter = window.view.diagram.painter
        yield row._replace(more=f"{row.more}; {painter.drawn} of {painter.on_screen:,} calls drawn")
    window.bench.run("sequence.to_scale")
    window.settle()


def _of_a_chain(of: str, window: Window, moments: int) -> Iterator[Row]:
    """The chain of an early run: all orders after it are looked at."""
    runs = window.session.live.runs
    window.bench.run("sequence.show_chain")
    began = time.perf_counter()
    window.bench.selection.select(Thing("run", runs.row(runs.first + 5).run))
    gaps = window.settle()
    yield Row(f"{of}: the chain of an early run", 1.0, "s", time.perf_counter() - began)
    yield gaps.row(f"{of}: longest gap meanwhile", GAP_MS)

    def moment(number: int) -> None:
        window.bench.selection.look_at(window.session.live.n // 2 + number * 1_000)
        window.settle()

    yield timed(moment, moments).row(f"{of}: its chain at any moment, all panels of Analyse", MOMENT_MS, "moments")
    window.bench.selection.look_at(None)
    window.settle()


def _live(of: str, window: Window, frames: int) -> Iterator[Row]:
    """Calls that come in, sixty times a second, with the last ones shown."""
    window.timeline.go_live()
    window.bench.run("sequence.show_window")
    window.settle()
    watch = Stopwatch()
    due = time.perf_counter()
    for _ in range(frames):
        batch = more_of(window.session, LIVE_RUNS)
        due = max(due + FRAME_MS / 1e3, time.perf_counter())
        time.sleep(max(due - time.perf_counter(), 0))

        def frame(batch: Any = batch) -> None:
            window.bench.area.on_changes(window.session.apply_batch(batch))
            window.turn()

        watch.time(frame)
    yield watch.times().row(f"{of}: a frame of 250,000 events/s, with the other panels of Analyse", FRAME_MS)
