from __future__ import annotations

import threading
from typing import Any

import pytest

from tasktonic import ttDistiller, ttTonic
from tasktonic.net import ttAsyncioCatalyst
from tests.helpers import heavy
from tests.helpers.apps import run_app


class Asker(ttTonic):
    def __init__(self, where: Any, heard: list[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.where = where
        self.heard = heard

    def ttse__on_start(self) -> None:
        self.offload(heavy.counts_to, 3, on_result=self.ttse__got, on_progress=self.ttse__progress, where=self.where)

    def ttse__progress(self, count: int, of: int) -> None:
        self.heard.append(count)

    def ttse__got(self, result: str) -> None:
        self.heard.append((result, threading.current_thread().name))
        self.finish()


@pytest.mark.parametrize("where", ["thread", "process"])
def test_offloaded_work_comes_back_on_the_loop(where: Any) -> None:
    heard: list[Any] = []

    run_app(lambda: Asker(where, heard), make_main=lambda: ttAsyncioCatalyst(name="main_catalyst"))

    assert heard == [0, 1, 2, ("counted", "MainThread")]


def test_beside_a_distiller_the_work_is_done_by_the_loop_itself() -> None:
    heard: list[Any] = []
    app = run_app(
        lambda: Asker("process", heard, name="asker", catalyst=ttAsyncioCatalyst(name="net")),
        make_main=ttDistiller,
    )

    distiller: Any = app.ledger.main_catalyst
    distiller.sparkle(timeout=20)

    assert heard == [0, 1, 2, ("counted", "net")]
