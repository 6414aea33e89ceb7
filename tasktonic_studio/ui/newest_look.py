"""Looking something up in a thread, where only the newest question counts and closing the window waits for no disk."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

IsWanted = Callable[[], bool]
Look = Callable[[IsWanted], object]
"""What is done in the thread; it asks now and then whether anybody still wants to know."""


class NewestLook(QObject):
    """Made by whoever asks, let go by ``stop``. UI thread, but for what is looked up.

    The threads are daemons and nobody waits for them: one that hangs at a disk which does not answer keeps neither the window nor
    the process. What it finds after ``stop`` is told to nobody.
    """

    found = Signal(int, object)
    """The number of the question, and what there is."""

    def __init__(self, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self._name = name
        self.number = 0
        self._telling = threading.Lock()
        """Held while something is told, and while the number changes: the object may be gone after that."""

    def begin(self, look: Look) -> int:
        """Ask; the one before is forgotten. Gives the number of the question."""
        number = self.forget()
        threading.Thread(target=self._run, args=(number, look), name=self._name, daemon=True).start()
        return number

    def forget(self) -> int:
        """Nobody wants to know any more."""
        with self._telling:
            self.number += 1
            return self.number

    def stop(self) -> None:
        """The window closes. Does not wait."""
        self.forget()

    def _run(self, number: int, look: Look) -> None:
        found = look(lambda: number == self.number)
        with self._telling:
            if number == self.number:
                self.found.emit(number, found)


__all__ = ["IsWanted", "NewestLook"]
