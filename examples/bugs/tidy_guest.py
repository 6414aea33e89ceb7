"""A library that lends books, and two readers who have holidays."""

from __future__ import annotations

from typing import Any

from tasktonic import ttFormula, ttTimerRepeat, ttTimerSingleShot, ttTonic


class Library(ttTonic):
    """A service: there is one, by the name ``library``."""

    _tt_is_service = "library"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(name="library", **kwargs)

    def ttsc__lend(self, reader: Reader) -> None:
        reader.ttse__on_book()


class Reader(ttTonic):
    """Reads a book every now and then, and leaves after some."""

    def __init__(self, name: str, wanted: int) -> None:
        super().__init__(name=name)
        self.wanted, self.read = wanted, 0
        self.library = self.bind(Library)

    def ttse__on_start(self) -> None:
        self.bind(ttTimerRepeat, 0.1, name="evening")
        self.bind(ttTimerSingleShot, 3.0, name="holidays_end")

    def ttse__on_evening(self, info: dict[str, Any]) -> None:
        self.library.ttsc__lend(self)

    def ttse__on_book(self) -> None:
        self.read += 1
        if self.read == self.wanted:
            self.leave()

    def ttse__on_holidays_end(self, info: dict[str, Any]) -> None:
        self.leave()

    def leave(self) -> None:
        """Clean up and go."""
        self.log("has read all books" if self.read == self.wanted else "has books left to read")
        self.library.finish()
        self.finish()


class App(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen"}

    def creating_starting_tonics(self) -> None:
        Reader("Ada", wanted=2)
        Reader("Grace", wanted=4)


if __name__ == "__main__":
    App()
