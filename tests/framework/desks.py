"""Services to sit at: one that notes its accesses, a plain one, and a tonic that uses the first."""

from __future__ import annotations

from typing import Any

from tasktonic import ttEssence, ttTonic


class Desk(ttTonic):
    _tt_is_service = "desk"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.accesses: list[Any] = []

    def _init_service(self, context: Any, **kwargs: Any) -> None:
        self.accesses.append((context, kwargs))


class PlainDesk(ttEssence):
    _tt_is_service = "plain desk"


class User(ttTonic):
    def ttse__on_start(self) -> None:
        self.desk = self.bind(Desk)
        self.work()
        self.finish()

    def work(self) -> None: ...
