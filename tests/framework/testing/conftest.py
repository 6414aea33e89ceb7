from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tasktonic import ttDistiller, ttFormula, ttLedger
from tasktonic.stream import Level, stream

Build = Callable[..., ttDistiller]


@pytest.fixture
def build() -> Iterator[Build]:
    """Build an app under a distiller: ``build(make, seed=3)``, where ``make()`` creates its tonics. Ends what is left of it."""

    def build(make: Callable[[], object] = lambda: None, settings: Any = (), **arguments: Any) -> ttDistiller:
        class App(ttFormula):
            def creating_formula(self):
                return {"tasktonic/log/to": "off", **dict(settings)}

            def creating_main_catalyst(self):
                self.distiller = ttDistiller(**arguments)

            def creating_starting_tonics(self):
                make()

        return App().distiller

    yield build
    hand = ttLedger().hand
    if hand is not None:
        hand.close_app("left by a test")


class _Keeps:
    """A reader that keeps all facts."""

    level = Level.FACTS

    def __init__(self) -> None:
        self.facts: list[Any] = []

    def on_rows(self, first: int, rows: list[Any]) -> None:
        self.facts.extend(row for row in rows if type(row) is not tuple)


@pytest.fixture
def facts() -> Iterator[list[Any]]:
    """The facts that the stream tells, as they come."""
    reader = _Keeps()
    stream.attach(reader)
    yield reader.facts
    stream.detach(reader)
