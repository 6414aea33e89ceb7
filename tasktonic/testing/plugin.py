"""pytest: fixtures for a distiller and a fresh ledger, and the trace of a failed test kept as a file.

Installed with the package, pytest finds it by itself. From a clone: ``pytest -p tasktonic.testing.plugin``, or
``pytest_plugins = ["tasktonic.testing.plugin"]`` in the ``conftest.py`` of the root folder. What it needs of the framework it loads
when a test asks for a fixture.
"""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from ..ledger import ttLedger
    from .distiller import ttDistiller

FOLDER: Final = "tasktonic-traces"
_LONGEST_NAME: Final = 150


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option and the setting that say where traces of failed tests are kept."""
    told = "the folder for traces of failed tests, relative to the root folder; 'off' keeps none"
    group = parser.getgroup("tasktonic", "tests of tasktonic apps")
    group.addoption("--tasktonic-traces", metavar="FOLDER", help=f"{told} (default: {FOLDER})")
    parser.addini("tasktonic_traces", told, default=FOLDER)


# -- fixtures ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def fresh_ledger() -> Iterator[ttLedger]:
    """The ledger of a process in which no app has run. What the test leaves running under a distiller is ended."""
    from ..ledger import ttLedger
    from .building import end_what_is_left

    end_what_is_left()
    ttLedger.reset()
    yield ttLedger()
    end_what_is_left()
    ttLedger.reset()


@pytest.fixture
def distill() -> Iterator[Callable[..., ttDistiller]]:
    """Builds a formula under a distiller: ``distill(App, seed=3)``, see ``tasktonic.testing.distill``. Its app is ended afterwards."""
    from .building import distill, end_what_is_left

    end_what_is_left()
    yield distill
    end_what_is_left()


@pytest.fixture
def distill_script() -> Iterator[Callable[..., ttDistiller]]:
    """Runs a script up to its formula, under a distiller: ``distill_script(path, "an argument", seed=3)``. Ended afterwards.

    The script runs as Python would run it, from its begin; what stands in it behind the first formula does not run, and a
    ``finally`` around that runs at once. The names
    ``seed``, ``clock`` and ``raise_errors`` are those of ``ttDistiller``; a formula that sets them itself keeps what it has set.
    """
    from .scripts import ScriptRun

    runs: list[ScriptRun] = []

    def build(
        script: str | Path, *arguments: str, seed: int = 0, clock: str = "auto", raise_errors: bool = True
    ) -> ttDistiller:
        end()
        runs.append(ScriptRun(script, arguments))
        return runs[-1].build(seed=seed, clock=clock, raise_errors=raise_errors)

    def end() -> None:
        while runs:
            runs.pop().end()

    yield build
    end()


@pytest.fixture
def distiller(distill: Callable[..., ttDistiller]) -> ttDistiller:
    """A distiller as the main catalyst of an app in which nothing lives yet: what the test creates runs on it."""
    return distill(settings={"tasktonic/log/to": "off"})


# -- the trace of a failed test -----------------------------------------------------------------------------------------------


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Forget the app of the test before: its trace says nothing about this one."""
    hand = sys.modules.get("tasktonic.testing.hand")
    if hand is not None:
        hand.forget_latest()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep the trace of a test that failed, and say in the report where."""
    report = yield
    if report.failed:
        told = _keep_trace(item)
        if told:
            report.sections.append(("tasktonic", told))
    return report


def _keep_trace(item: pytest.Item) -> str:
    """Write the trace of the distiller that the test used last; gives a sentence about it, empty when there is none."""
    hand: Any = sys.modules.get("tasktonic.testing.hand")
    latest = None if hand is None else hand.latest()
    folder = item.config.getoption("--tasktonic-traces") or item.config.getini("tasktonic_traces")
    if latest is None or folder == "off":
        return ""
    path = item.config.rootpath / folder / f"{_file_name(item.nodeid)}.ttt"
    try:
        _make_folder(path.parent)
        latest.recording.save(path)
    except OSError as error:
        return f"The trace of this test could not be kept: {error}"
    return f"The trace of this test: {path}\nTo look at it: {_command()} trace show {path}"


def _command() -> str:
    """What a shell calls the command of the framework that runs here: in a clone, where nothing is installed, a module."""
    installed = shutil.which("tasktonic")
    if installed is not None and Path(installed).parent == Path(sys.executable).parent:
        return "tasktonic"
    return f"{shlex.quote(sys.executable)} -m tasktonic"


def _file_name(node_id: str) -> str:
    name = re.sub(r"[^\w.-]+", "_", node_id.replace("::", "__")).strip("_")
    return name[-_LONGEST_NAME:]


def _make_folder(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)  # tests that run at the same time in other processes may fail too
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")
