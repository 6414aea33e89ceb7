"""Where to save something, and saving it whole. The question is a function of its own, so that a test can answer it."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

_TELL_EVERY: Final = 2_000
_LONGEST_NAME: Final = 100


def file_to_save(parent: QWidget, title: str, name: str, kinds: str) -> str:
    """Which file to write; empty when the user thought better of it.

    Args:
        parent: the question belongs to its window.
        title: of the question.
        name: what is proposed; without a folder, in that of the last dialog.
        kinds: as in ``Drawing (*.svg);;Picture (*.png)``. A name that is typed without an ending gets that of the chosen kind.
    """
    path = Path(name)
    dialog = QFileDialog(parent, title, str(path.parent) if path.is_absolute() else "", kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)

    def end_as(kind: str) -> None:
        dialog.setDefaultSuffix(kind.partition("*.")[2].rstrip(")"))

    dialog.filterSelected.connect(end_as)
    end_as(kinds.partition(";;")[0])
    dialog.selectFile(path.name)
    try:
        return dialog.selectedFiles()[0] if dialog.exec() else ""
    finally:
        dialog.deleteLater()


def name_of(target: str, what: str) -> str:
    """A name to propose for a file with something of what is watched: ``watch_me.py`` and ``trace.csv`` give ``watch_me-trace.csv``.

    Only signs that every system takes are in it.
    """
    what, dot, ending = what.rpartition(".")
    parts = [re.sub(r"[^\w.]+", "-", part).strip("-.") for part in (Path(target).stem, what)]
    return "-".join(filter(None, parts))[:_LONGEST_NAME] + dot + ending


@contextmanager
def _whole(file: Path, mode: str, **options: Any) -> Iterator[IO[Any]]:
    """Write beside a file, which takes its place when all went well: half a file never has the name of a whole one."""
    beside = file.with_name(file.name + ".part")
    try:
        with beside.open(mode, **options) as out:
            yield out
        beside.replace(file)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def write_whole(file: str, content: bytes) -> str:
    """Write a file, or leave what was there. Returns what is wrong in a sentence, else nothing."""
    try:
        with _whole(Path(file), "wb") as out:
            out.write(content)
    except (OSError, ValueError) as error:  # a name may have signs that no file can
        return _not_written(file, error)
    return ""


def _not_written(file: str | Path, error: Exception) -> str:
    reason = error.strerror if isinstance(error, OSError) else None
    return f"{file} could not be written: {reason or error}. Choose another place."


class _Cancelled(Exception):
    """It is not wanted any more."""


class Saving(QObject):
    """Writes lines to a file in a thread of its own, whole or not at all.

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
        problem = ""
        try:
            # What an app or a file tells may have halves of characters, which no file can.
            with _whole(file, "w", encoding="utf-8", errors="replace", newline="") as out:
                for number, line in enumerate(lines(), 1):
                    if self._stop:
                        raise _Cancelled
                    out.write(line)
                    if number % _TELL_EVERY == 0:
                        self.went_on.emit(number)
                if self._stop:
                    raise _Cancelled
        except _Cancelled:
            problem = f"{file.name} was not written: it was cancelled."
        except OSError as error:
            problem = _not_written(file, error)
        except Exception as error:  # a fault of ours must not look like a file that is being written for ever
            problem = f"{file.name} was not written: it failed inside the Studio, {type(error).__name__}: {error}."
        self.ended.emit(problem)
