"""Windows without services, empty and filled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.session import Session
from tasktonic_studio.ui import aside, code_desk
from tasktonic_studio.ui.panels.editor import checking, finder, forms, project_search
from tests.helpers.builders import a_session_with_plant
from tests.helpers.patience import PATIENCE_MS
from tests.helpers.window_stand import WindowStand

MakeStand = Callable[..., WindowStand]


@pytest.fixture(autouse=True)
def side_processes_are_not_given_up_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may need longer for an answer than a person would wait. Tests of giving up set limits of their own."""
    monkeypatch.setattr(aside, "LIMIT_MS", PATIENCE_MS)
    monkeypatch.setattr(aside, "_START_MS", PATIENCE_MS)
    monkeypatch.setattr(code_desk, "QUICK_MS", PATIENCE_MS)
    monkeypatch.setattr(code_desk, "FILE_MS", PATIENCE_MS)
    monkeypatch.setattr(code_desk, "PROJECT_MS", PATIENCE_MS)
    monkeypatch.setattr(checking, "TEXT_MS", PATIENCE_MS)
    monkeypatch.setattr(finder, "LIMIT_MS", PATIENCE_MS)
    monkeypatch.setattr(forms, "_LIMIT_MS", PATIENCE_MS)
    monkeypatch.setattr(project_search, "LIMIT_MS", PATIENCE_MS)


@pytest.fixture
def make_stand(qtbot: QtBot, tmp_path: Path) -> Iterator[MakeStand]:
    """Make a window, on screen, that closes and is deleted with the test."""
    made: list[WindowStand] = []

    def make(session: Session | None = None, **more: Any) -> WindowStand:
        stand = WindowStand(tmp_path, session, **more)
        made.append(stand)
        stand.window.show()
        qtbot.waitExposed(stand.window)
        if session is not None:
            stand.catch_up()
            qtbot.waitUntil(lambda: bool(stand.bench.area.visible_panels))
        return stand

    yield make
    for stand in made:
        stand.close()


@pytest.fixture
def stand(make_stand: MakeStand) -> WindowStand:
    """A window on an empty session."""
    return make_stand()


@pytest.fixture
def plant_stand(make_stand: MakeStand) -> WindowStand:
    """A window on a session that watches a lively plant."""
    return make_stand(a_session_with_plant())
