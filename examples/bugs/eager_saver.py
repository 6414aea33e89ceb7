"""A text that is saved when nobody has typed for a while."""

from __future__ import annotations

from typing import Any

from tasktonic import ttFormula, ttTimerRepeat, ttTimerSingleShot, ttTonic

TEXT = "The quick brown fox jumps over the lazy dog."


class Document(ttTonic):
    """Holds the text, and saves it a second after the last letter."""

    def __init__(self) -> None:
        super().__init__(name="document")
        self.text, self.saves = "", 0

    def ttsc__type(self, letter: str) -> None:
        self.text += letter
        self.bind(ttTimerSingleShot, 1.0, name="quiet")

    def ttse__on_quiet(self, info: dict[str, Any]) -> None:
        self.saves += 1

    def ttsc__close(self) -> None:
        self.log(f"the text has {len(self.text)} letters and was saved {self.saves} times")
        self.finish()


class Typist(ttTonic):
    """Types fifty letters a second, and rests then."""

    def __init__(self, document: Document) -> None:
        super().__init__(name="typist")
        self.document, self.left = document, list(TEXT)

    def ttse__on_start(self) -> None:
        self.keys = self.bind(ttTimerRepeat, 0.02, name="key")

    def ttse__on_key(self, info: dict[str, Any]) -> None:
        self.document.ttsc__type(self.left.pop(0))
        if not self.left:
            self.keys.finish()
            self.bind(ttTimerSingleShot, 2.0, name="rest")

    def ttse__on_rest(self, info: dict[str, Any]) -> None:
        self.document.ttsc__close()
        self.finish()


class App(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen"}

    def creating_starting_tonics(self) -> None:
        Typist(Document())


if __name__ == "__main__":
    App()
