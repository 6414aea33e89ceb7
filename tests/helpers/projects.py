"""A project that is open in a window, with tests of which one has failed."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtTest import QTest

from tasktonic_studio.project.pythons import PythonFacts
from tasktonic_studio.project.tests import TestNews, TestOrder
from tests.helpers.patience import PATIENCE_S

if TYPE_CHECKING:
    from tasktonic_studio.ui.workbench import Workbench


def open_a_project(bench: Workbench, place: Path) -> None:
    """Make a small project in a folder, open it in a window, and wait until its files are shown."""
    folder = place / "garden"
    (folder / "tests").mkdir(parents=True)
    file = folder / "tests" / "test_pump.py"
    for path in (folder / "app.py", file):
        path.write_text("x\n" * 9, encoding="utf-8")
    bench.project.open(folder)
    bench.project.know_python(PythonFacts("/p/bin/python", ".venv", "3.12.4", True, was_asked=True))
    at: dict[str, Any] = {"file": str(file), "line": 3}
    a = {"kind": "result", "id": "tests/test_pump.py::TestPump::test_runs_dry", "outcome": "failed", **at}
    b = {"kind": "result", "id": "tests/test_pump.py::test_pumps", "outcome": "passed", **at}
    said = {"seconds": 0.25, "sections": [], "trace": str(folder / "a.ttt"), "places": [[str(file), 7]]}
    text = "    assert 0\n\ntests/test_pump.py:7: AssertionError"
    for news in (
        TestNews(str(folder), began=TestOrder(str(folder), "")),
        TestNews(str(folder), records=({**a, **said, "text": text}, {**b, **said, "text": "", "trace": ""})),
        TestNews(str(folder), ending="exit code 1", code=1),
    ):
        bench.projecting.show_tests(news)
    panel: Any = bench.area.panel("project")
    if panel is not None:
        until = time.monotonic() + PATIENCE_S
        while "app.py" not in panel.view.tree.names():  # folders are read aside
            assert time.monotonic() < until, "the files of the project are never shown"
            QTest.qWait(5)
