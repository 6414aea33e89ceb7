"""What tests do with an open project: look at its tree and editor, choose, and read what is asked and said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.project.view import ProjectView
from tests.helpers.window_stand import NotingEditor, WindowStand

MakeStand = Callable[..., WindowStand]


def view_of(stand: WindowStand) -> ProjectView:
    panel: Any = stand.bench.area.panel("project")
    view: ProjectView = panel.view
    return view


def editor_of(stand: WindowStand) -> NotingEditor:
    editor: Any = stand.bench.area.panel("editor")
    assert isinstance(editor, NotingEditor)
    return editor


def choose(stand: WindowStand, path: Path, qtbot: QtBot) -> None:
    view_of(stand).tree.choose(path)
    qtbot.waitUntil(lambda: view_of(stand).chosen == path)


def asked(stand: WindowStand, what: str) -> list[Any]:
    return [each[1] for each in stand.requests.asked if each[0] == what]


def says(stand: WindowStand) -> str:
    problem = stand.bench.banner.problem
    return problem.sentence if problem is not None else ""
