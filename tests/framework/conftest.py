from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tasktonic import ttLedger
from tasktonic.stream import stream
from tests.helpers.endings import Teller


@pytest.fixture(autouse=True)
def fresh_ledger() -> Iterator[None]:
    """Each test begins with an empty ledger, and leaves no app running and no reader attached."""
    ttLedger.reset()
    yield
    assert not ttLedger().running
    assert not stream.active, "a reader of the stream was left attached"
    ttLedger.reset()


@pytest.fixture
def local_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Sets the zone of this machine, as a traveller would; afterwards it is what it was."""

    def travel(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield travel
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a test has its trace file."""
    return tmp_path / "run.ttt"


@pytest.fixture
def private_folder(tmp_path: Path) -> Path:
    """A folder that only its owner may look into: apps say there that they run."""
    tmp_path.chmod(0o700)
    return tmp_path


@pytest.fixture
def told() -> list[str]:
    """Who has said that it has finished, in that order."""
    Teller.told = []
    return Teller.told
