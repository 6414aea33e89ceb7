"""A Learn panel that keeps what it keeps in a folder of the test: it can be there twice, as when the Studio starts again."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from tasktonic_studio.lessons.parsing import parse_lesson
from tasktonic_studio.ui.panels.learn.panel import LearnPanel
from tests.helpers.panel_stand import PanelStand
from tests.studio.lessons.test_play import LESSON


def a_stand(folder: Path) -> PanelStand:
    """A Learn panel with one lesson, which keeps what was answered in a folder."""
    stand = PanelStand(LearnPanel(folder / "lessons", lambda: [parse_lesson(LESSON, "lamp")]))
    stand.command_context.window = SimpleNamespace(set_arrangement=lambda _name: None, show_panel=lambda _panel: None)
    return stand
