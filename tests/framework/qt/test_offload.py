from __future__ import annotations

import threading
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from tasktonic import ttTonic
from tasktonic.qt import ttPyside6Ui
from tests.helpers import heavy
from tests.helpers.apps import run_app


@pytest.mark.parametrize("where", ["thread", "process"])
def test_offloaded_work_comes_back_in_the_thread_of_the_window(qapp: QApplication, where: Any) -> None:
    heard: list[Any] = []
    threads: set[threading.Thread] = set()

    class Asker(ttTonic):
        def ttse__on_start(self) -> None:
            self.offload(heavy.counts_to, 3, on_result=self.ttse__got, on_progress=self.ttse__progress, where=where)

        def ttse__progress(self, count: int, of: int) -> None:
            heard.append(count)
            threads.add(threading.current_thread())

        def ttse__got(self, result: str) -> None:
            heard.append(result)
            threads.add(threading.current_thread())
            self.finish()

    run_app(Asker, make_main=lambda: ttPyside6Ui(name="main_catalyst"))

    assert heard == [0, 1, 2, "counted"]
    assert threads == {threading.current_thread()}
