"""A panel on its own: with a session, a selection and commands that only write down that they were run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tasktonic_studio import resources
from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.registry import Registry
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.selection import Selection
from tasktonic_studio.session.session import Session
from tasktonic_studio.settings import Settings
from tasktonic_studio.ui.panel import Panel, PanelContext
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.theme.stylesheet import dress, fill
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets.throttle import Throttle


class SentRequests:
    """Requests that are kept in a list instead of going to a service."""

    def __init__(self) -> None:
        self.sent: list[Any] = []

    def send(self, message: Any) -> None:
        self.sent.append(message)


class ToldWindow:
    """Keeps what commands say in the window: ``said`` what went well, ``problems`` what did not."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.problems: list[str] = []

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    def problem(self, sentence: str, details: str = "") -> None:
        self.problems.append(sentence)


class PanelStand:
    """Holds one panel as the window would: builds it, shows it, hands it changes, runs commands by id.

    ``ran`` lists the ids of commands that were run; ``requests.sent`` the messages that commands sent to the app.
    """

    def __init__(self, panel: Panel, session: Session | None = None, theme: str = "dark") -> None:
        self.session = session if session is not None else Session()
        self.selection = Selection()
        self.theme = Theme(theme)
        self.icons = Icons(self.theme)
        self.registry = Registry()
        self.settings = Settings()
        self.requests = SentRequests()
        self.ran: list[str] = []
        self.command_context: Any = CommandContext(
            session=self.session,
            selection=self.selection,
            settings=self.settings,
            requests=self.requests,  # type: ignore[arg-type]
            window=ToldWindow(),  # type: ignore[arg-type]
        )
        self.context = PanelContext(
            session=lambda: self.session,
            selection=self.selection,
            registry=self.registry,
            run=self.run,
            settings=self.settings,
            theme=self.theme,
            icons=self.icons,
        )
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self._application = application
        # Dressing an application takes longer than all the rest of a small test.
        if application.styleSheet() != fill(resources.text("styles", "studio.qss"), self.theme):
            dress(application, self.theme)
        self.panel = panel
        self.registry.register_all(panel.commands())
        self.widget: QWidget = panel.build(self.context)
        self._is_shown = False

    @property
    def view(self) -> Any:
        """What the panel built, as the kind of view it is."""
        return self.widget

    def run(self, command_id: str) -> None:
        """Run a command as the window would; one that is not there is only written down."""
        self.ran.append(command_id)
        if any(command.id == command_id for command in self.registry.all()):
            self.registry.run(command_id, self.command_context)

    def offer(self, *command_ids: str) -> None:
        """Register commands that do nothing, so that menus show them."""
        for command_id in command_ids:
            title = command_id.split(".")[-1].replace("_", " ").capitalize()
            self.registry.register(Command(command_id, title, f"{title}.", lambda _context: None))

    def show(self, width: int = 400, height: int = 600) -> None:
        """Put the panel on screen; it catches up, as a dock makes it do."""
        self.widget.resize(width, height)
        self.widget.show()
        if not self._is_shown:
            self._is_shown = True
            self.panel.shown()
            self.panel.on_changes(Changes(everything=True))
        self._application.processEvents()

    def hide(self) -> None:
        """Take it off the screen, as another tab in front would."""
        self._is_shown = False
        self.widget.hide()
        self.panel.hidden()

    def feed(self, rows: Iterable[tuple[Any, ...]]) -> Changes:
        """Let the session take records, and hand the panel what changed."""
        return self._hand_over(self.session.apply_events(self.session.live.n, rows))

    def apply(self, *items: Any) -> Changes:
        """Let the session take what an inbox gave, and hand the panel what changed."""
        return self._hand_over(self.session.apply(items))

    def _hand_over(self, changes: Changes) -> Changes:
        if self._is_shown:
            self.panel.on_changes(changes)
            self.flush()
        return changes

    def flush(self) -> None:
        """Let the panel do now what it puts off so as not to do it too often."""
        for throttle in self.widget.findChildren(Throttle):
            throttle.flush()

    def choose_theme(self, name: str) -> None:
        """Switch the theme as the window does."""
        self.theme.choose(name)
        dress(self._application, self.theme)
        self.panel.on_theme()

    def close(self) -> None:
        """Let the panel go, as the window does when it closes."""
        if self._is_shown:
            self.hide()
        self.panel.finish()
        self.widget.deleteLater()
        self._application.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


MakeStand = Callable[..., PanelStand]
Stand = TypeVar("Stand", bound=PanelStand)


@contextmanager
def stands_that_close() -> Iterator[Callable[[Stand, int, int], Stand]]:
    """Shows stands in a size in pixels, and closes in the end those that the test has not closed."""
    made: list[PanelStand] = []

    def shown(stand: Stand, width: int, height: int) -> Stand:
        made.append(stand)
        stand.show(width, height)
        return stand

    yield shown
    for stand in made:
        if shiboken6.isValid(stand.widget):
            stand.close()


def stands_of(kind: Callable[[], Panel], qtbot: QtBot, width: int, height: int) -> MakeStand:
    """What makes a panel on screen, on a session or on an empty one. It is deleted with the test.

    Args:
        kind: makes the panel.
        qtbot: of the test.
        width, height: how large it is in pixels, where a test does not say otherwise.
    """

    def make(session: Session | None = None, width: int = width, height: int = height) -> PanelStand:
        stand = PanelStand(kind(), session)
        qtbot.addWidget(stand.widget)
        stand.show(width, height)
        return stand

    return make
