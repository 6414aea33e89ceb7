"""The sign in the status strip that a run is being recorded; and, when one has ended that is in no file, the way to save it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import PurePath
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from tasktonic_studio.session.recording import RecordingState
from tasktonic_studio.ui.tips import plain_tip

BEAT_MS: Final = 500


class RecordingSign(QWidget):
    """Word, shape, how long, how much, and a button. Owned by the status strip.

    Args:
        now: the clock of `RecordingState.began_s`.
    """

    stop_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, now: Callable[[], float] = time.monotonic, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._state = RecordingState()
        self._has_ended = False
        self.label = QLabel()
        self.label.setObjectName("recording_sign")
        self.stop = QPushButton("■ Stop")
        self.stop.setObjectName("recording_stop")
        self.stop.setAccessibleName("Stop recording")
        self.stop.clicked.connect(self.stop_wanted)
        self.save = QPushButton("Save the run…")
        self.save.setObjectName("recording_save")
        self.save.setToolTip("This run is in no file yet. Write what was seen of it into one (Ctrl+Alt+R)")
        self.save.clicked.connect(self.save_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in (self.label, self.stop, self.save):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self._beat = QTimer(self)
        self._beat.setInterval(BEAT_MS)
        self._beat.timeout.connect(self._draw)
        self._draw()

    @property
    def words(self) -> str:
        """What it says; for tests and for a screen reader."""
        return self.label.text() if self._state.is_on else self.save.text() if self._offers() else ""

    def show_state(self, state: RecordingState, *, has_ended: bool) -> None:
        """Say how it stands; `has_ended`: the target runs no more."""
        self._state, self._has_ended = state, has_ended
        if state.is_on:
            self._beat.start()
        else:
            self._beat.stop()
        self._draw()

    def _offers(self) -> bool:
        state = self._state
        return self._has_ended and state.can_save and not state.is_on and not state.saved

    def _draw(self) -> None:
        state = self._state
        if state.is_on:
            passed = max(0, int(self._now() - state.began_s))
            self.label.setText(f"● REC  {clock_words(passed)} · {size_words(state.size)}")
            left_out = f"\n{state.left_out:,} runs and orders came faster than the disk could take them." * bool(
                state.left_out
            )
            self.label.setToolTip(plain_tip(f"Recording into {state.file}{left_out}"))
            self.label.setAccessibleName(f"Recording into {PurePath(state.file).name}")
        self.save.setText("Saving…" if state.is_saving else "Save the run…")
        self.save.setEnabled(not state.is_saving)
        for widget, shown in ((self.label, state.is_on), (self.stop, state.is_on), (self.save, self._offers())):
            if widget.isHidden() == shown:
                widget.setVisible(shown)
        self.setVisible(state.is_on or self._offers())


def clock_words(seconds: int) -> str:
    """How long: ``0:07``, ``12:40``, ``1:02:03``."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def size_words(size: int) -> str:
    """How much: ``12 kB``, ``3.4 MB``, ``1.20 GB``."""
    if size < 1_000_000:
        return f"{(size + 999) // 1000} kB"
    if size < 1_000_000_000:
        return f"{size / 1e6:.1f} MB"
    return f"{size / 1e9:.2f} GB"
