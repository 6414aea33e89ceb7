from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tasktonic import ttDistiller, ttFormula, ttLedger

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
