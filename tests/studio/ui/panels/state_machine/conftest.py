"""A state machine panel on screen, with doors to look at."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.aside import COMMAND
from tasktonic_studio.ui.panels.state_machine.panel import StateMachinePanel
from tasktonic_studio.ui.panels.state_machine.view import StateMachineView
from tests.helpers.machines import Doors
from tests.helpers.panel_stand import PanelStand, ToldWindow, stands_that_close

WITHOUT_GRAPHVIZ = (
    sys.executable,
    "-c",
    "import sys\nsys.modules['pygraphviz'] = None\nfrom tasktonic_studio.side_process import main\nmain()",
)
HANGING = (sys.executable, "-c", "import sys, time\nfor line in sys.stdin:\n    time.sleep(1e6)")
DYING = (sys.executable, "-c", "import os, sys\nsys.stdin.readline()\nos.kill(os.getpid(), 9)")

MakeStand = Callable[..., "MachineStand"]


class KeptWindow(ToldWindow):
    """A window that writes down what commands asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[tuple[str, int]] = []
        self.copied: list[str] = []

    def open_source(self, file: str, line: int) -> None:
        self.opened.append((file, line))

    def copy_text(self, text: str) -> None:
        self.copied.append(text)


class MachineStand(PanelStand):
    """The panel on its own, with a window that keeps what it is asked."""

    def __init__(self, session: Session | None, theme: str, side_command: Sequence[str], qtbot: QtBot) -> None:
        panel = StateMachinePanel()
        panel.side_command = side_command
        super().__init__(panel, session, theme)
        self.window = KeptWindow()
        self.command_context.window = self.window
        self._qtbot = qtbot

    @property
    def machine_view(self) -> StateMachineView:
        view: Any = self.widget
        assert isinstance(view, StateMachineView)
        return view

    def wait_for(self, condition: Callable[[], Any]) -> None:
        self._qtbot.waitUntil(lambda: bool(condition()))

    def wait_drawn(self) -> None:
        """Until the diagram is there, and nothing of it is on its way."""
        view = self.machine_view
        self.wait_for(lambda: view.is_drawn and not view.reading.is_busy)

    def select(self, thing: Thing) -> None:
        """Select, and wait for the diagram."""
        self.selection.select(thing)
        self.wait_drawn()


@pytest.fixture
def make_stand(qtbot: QtBot) -> Iterator[MakeStand]:
    """Make a panel on screen."""

    def make(
        session: Session | None = None,
        *,
        width: int = 800,
        height: int = 600,
        theme: str = "dark",
        side_command: Sequence[str] = COMMAND,
    ) -> MachineStand:
        return shown(MachineStand(session, theme, side_command, qtbot), width, height)

    with stands_that_close() as shown:
        yield make


@pytest.fixture
def doors(tmp_path: Path) -> Doors:
    return Doors(tmp_path)


@pytest.fixture
def stand(make_stand: MakeStand, doors: Doors) -> MachineStand:
    """The diagram of the door that is open."""
    made = make_stand(doors.session)
    made.select(Thing("essence", doors.doors[0]))
    return made
