"""Where to save something, and saving it. The question is a function of its own, so that a test can answer it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

_TELL_EVERY: Final = 2_000


def file_to_save(parent: QWidget, title: str, name: str, kinds: str) -> str:
    """Which file to write; empty when the user thought better of it. ``kinds`` as in ``CSV (*.csv)``."""
    file, _ = QFileDialog.getSaveFileName(parent, title, name, kinds)
    return file


class Saving(QObject):
    """Writes lines to a file in a thread of its own, beside it first, so that half a file never has the name of a whole one.

    Owned by the widget that offers it; one file at a time. The lines are made in that thread as well, so they must come out
    of what nobody changes any more.
    """

    went_on = Signal(int)
    """So many lines are written."""
    ended = Signal(str)
    """It has ended: a sentence when it did not go well, else empty."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None
        self._stop = False

    @property
    def is_busy(self) -> bool:
        """Whether a file is being written."""
        return self._thread is not None and self._thread.is_alive()

    def start(self, file: str, lines: Callable[[], Iterable[str]]) -> None:
        """Write what ``lines()`` gives; nothing when another file is being written."""
        if not self.is_busy:
            self._stop = False
            self._thread = threading.Thread(
                target=self._write, args=(Path(file), lines), name="studio save", daemon=True
            )
            self._thread.start()

    def cancel(self) -> None:
        """Stop, and leave no file."""
        self._stop = True

    def finish(self) -> None:
        """Stop and wait for the end: the window closes."""
        self._stop = True
        if self._thread is not None:
            self._thread.join()

    def _write(self, file: Path, lines: Callable[[], Iterable[str]]) -> None:
        beside = file.with_name(file.name + ".part")
        problem = ""
        try:
            # What an app or a file tells may have halves of characters, which no file can.
            with beside.open("w", encoding="utf-8", errors="replace", newline="") as out:
                for number, line in enumerate(lines(), 1):
                    if self._stop:
                        break
                    out.write(line)
                    if number % _TELL_EVERY == 0:
                        self.went_on.emit(number)
            if self._stop:
                beside.unlink(missing_ok=True)
                problem = f"{file.name} was not written: it was cancelled."
            else:
                beside.replace(file)
        except OSError as error:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            problem = f"{file} could not be written: {error.strerror or error}. Choose another place."
        except Exception as error:  # a fault of ours must not look like a file that is being written for ever
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            problem = f"{file.name} was not written: it failed inside the Studio, {type(error).__name__}: {error}."
        self.ended.emit(problem)
