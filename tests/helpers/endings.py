"""What is ended, and says so."""

from __future__ import annotations

from tasktonic import ttEssence, ttTonic


class Part(ttEssence):
    pass


class Teller(ttTonic):
    """Says when it has finished, and ends nothing by itself."""

    told: list[str]

    def ttse__on_finished(self) -> None:
        type(self).told.append(self.name)
