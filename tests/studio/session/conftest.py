"""A session with an app in it, and what writes the events of that app."""

from __future__ import annotations

import pytest

from tasktonic_studio.session.session import Session
from tests.helpers.builders import EventWriter, a_session


@pytest.fixture
def write() -> EventWriter:
    """Writes events of the app that the session knows."""
    return EventWriter()


@pytest.fixture
def session() -> Session:
    """A session that was told of an app, and of nothing in it."""
    return a_session()
