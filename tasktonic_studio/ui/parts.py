"""What the window is made from: the parts that others make for it, and all of its commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tasktonic_studio.commands.breakpoint_commands import breakpoint_commands
from tasktonic_studio.commands.change_commands import change_commands
from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import Requests
from tasktonic_studio.commands.distiller_commands import distiller_commands
from tasktonic_studio.commands.line_commands import line_commands
from tasktonic_studio.commands.mark_commands import mark_commands
from tasktonic_studio.commands.project_commands import project_commands
from tasktonic_studio.commands.recording_commands import recording_commands
from tasktonic_studio.commands.registry import Registry
from tasktonic_studio.commands.selection_commands import selection_commands
from tasktonic_studio.commands.session_commands import last_commands, session_commands
from tasktonic_studio.commands.test_commands import test_commands
from tasktonic_studio.commands.time_commands import time_commands
from tasktonic_studio.commands.widget_commands import widget_commands
from tasktonic_studio.session.selection import Selection
from tasktonic_studio.session.session import Session
from tasktonic_studio.settings import Settings
from tasktonic_studio.ui.layouts import Arrangement, LayoutFile
from tasktonic_studio.ui.panel import Panel
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.window_commands import arrangement_commands, panel_commands, window_commands


@dataclass(slots=True)
class Parts:
    """All that the window is made from. Put together by the composition root, or by a test.

    Attributes:
        session: the fold over what the target sends.
        selection: the one selection and time.
        settings: what the user has set.
        requests: what services do.
        take_all: empties the inbox.
        panels: the panels, in the order of their menu.
        layouts: the user's arrangements.
        theme: the looks.
        registry: the commands; the window adds its own.
        folders: what lies where, for people.
    """

    session: Session
    selection: Selection
    settings: Settings
    requests: Requests
    take_all: Callable[[], Sequence[Any]]
    panels: Sequence[Panel]
    layouts: LayoutFile
    theme: Theme
    registry: Registry = field(default_factory=Registry)
    folders: Mapping[str, Path] = field(default_factory=dict)


def all_commands(panels: Sequence[Panel], arranged: Sequence[Arrangement]) -> list[Command]:
    """Every command of the window, in the order of its menus."""
    last = last_commands()
    window = window_commands()
    commands = [*session_commands(), *distiller_commands(), *breakpoint_commands(), *line_commands()]
    commands += [*recording_commands(), *change_commands(), *project_commands(), *test_commands()]
    for panel in panels:
        commands += panel.commands()
    # Find first in its menu, then what panels add; quitting always comes last.
    commands += [*last, *selection_commands(), *widget_commands(), *time_commands(), *mark_commands(), *window[:3]]
    commands += [*arrangement_commands(arranged), *panel_commands(panels)]
    return [*commands, *window[3:]]


def own_keys(settings: Settings) -> dict[str, tuple[str, ...]]:
    """The user's own keys by command id; several keys are separated by spaces, empty takes all keys away."""
    return {command_id: tuple(keys.split()) for command_id, keys in settings.get("keys").items()}
