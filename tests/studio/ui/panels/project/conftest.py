"""A project as it is made, and windows with it and without."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tasktonic.new import plan, write
from tasktonic_studio.ui.panels.project.panel import ProjectPanel
from tests.helpers.window_stand import NotingEditor, NotingPanel, WindowStand
from tests.studio.ui.panels.project.acting import MakeStand, view_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project as `tasktonic new project garden` makes it."""
    write(plan("project", "garden", tmp_path))
    (tmp_path / "garden" / ".venv" / "lib").mkdir(parents=True)
    return tmp_path / "garden"


@pytest.fixture
def bare(make_stand: MakeStand) -> WindowStand:
    """A window with a project panel and no project."""
    return make_stand(panels=[ProjectPanel(), NotingPanel("log"), NotingEditor()])


@pytest.fixture
def stand(bare: WindowStand, folder: Path, qtbot: QtBot) -> WindowStand:
    """The same with the project open."""
    bare.bench.open_project(str(folder))
    qtbot.waitUntil(lambda: "app.py" in view_of(bare).tree.names())
    return bare
