"""A session with an app in it, and what writes the events of that app."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tasktonic.recorder import Recording
from tasktonic_studio.session.session import Session
from tests.helpers.apps import run_app
from tests.helpers.builders import EventWriter, a_session
from tests.helpers.found import Recorded, session_of


@pytest.fixture
def write() -> EventWriter:
    """Writes events of the app that the session knows."""
    return EventWriter()


@pytest.fixture
def session() -> Session:
    """A session that was told of an app, and of nothing in it."""
    return a_session()


@pytest.fixture
def recorded(tmp_path: Path) -> Recorded:
    """Run an app that starts with what is made, and give what its recording tells."""

    def run(start: Callable[[], object], **reading: bool) -> Session:
        with Recording() as recording:
            run_app(start)
        recording.save(tmp_path / "run.ttt")
        return session_of(tmp_path / "run.ttt", **reading)

    return run
