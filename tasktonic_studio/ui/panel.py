"""Panel: what every panel of the window is; PanelContext: what it gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QDialog, QWidget

from tasktonic_studio.project.opened import Project
from tasktonic_studio.session.open_question import OpenQuestion
from tasktonic_studio.session.written_faults import WrittenFaults
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.theme.theme import Theme

if TYPE_CHECKING:
    from tasktonic.rules import Term
    from tasktonic_studio.commands.command import Command
    from tasktonic_studio.commands.registry import Registry
    from tasktonic_studio.session.changes import Changes
    from tasktonic_studio.session.knowledge import Knowledge
    from tasktonic_studio.session.selection import Selection
    from tasktonic_studio.session.session import Session
    from tasktonic_studio.settings import Settings


class PanelContext:
    """What a panel may know and do. Made by the window, shared by all panels; lives as long as the window.

    Attributes:
        selection: the one selection and the one time of all panels.
        registry: all commands, for context menus and buttons.
        settings: what the user has set.
        theme: colours and fonts by role; ``theme.changed`` is a Qt signal.
        icons: ``icons.icon(name, role)``.
        written_faults: what is wrong in the source that is open: the editor tells it, others read it.
        open_question: whether a lesson waits for a prediction: the Learn panel tells it, others read it.
        project: the folder that is open as a project, or none.
    """

    def __init__(
        self,
        *,
        session: Callable[[], Session],
        selection: Selection,
        registry: Registry,
        run: Callable[[str], None],
        settings: Settings,
        theme: Theme,
        icons: Icons,
        is_enabled: Callable[[str], bool] | None = None,
        is_on: Callable[[str], bool] | None = None,
        why_not: Callable[[str], str] | None = None,
        project: Project | None = None,
    ) -> None:
        self._session = session
        self._run = run
        self._is_enabled = is_enabled
        self._is_on = is_on
        self._why_not = why_not
        self.project = project if project is not None else Project()
        self.selection = selection
        self.registry = registry
        self.settings = settings
        self.theme = theme
        self.icons = icons
        self.written_faults = WrittenFaults()
        self.open_question = OpenQuestion()

    def session(self) -> Session:
        """The session of the present target. There always is one; before anything was started it is empty."""
        return self._session()

    def known(self) -> Knowledge:
        """What is known at the moment that is shown: now, or at the time of the selection."""
        session = self._session()
        time = self.selection.time
        return session.live if time is None else session.at(time)

    def run(self, command_id: str) -> None:
        """Run a command by its id; nothing happens when it cannot be done now."""
        self._run(command_id)

    def is_enabled(self, command_id: str) -> bool:
        """Whether a command can be done now, for the state of a button or a line in a context menu."""
        return self._is_enabled is None or self._is_enabled(command_id)

    def why_not(self, command_id: str) -> str:
        """Why a command cannot be done now, in a sentence; empty when it can."""
        return "" if self._why_not is None else self._why_not(command_id)

    def is_on(self, command_id: str) -> bool:
        """Whether what a command switches on and off is on."""
        return self._is_on is not None and self._is_on(command_id)


class Panel:
    """One view of the session. A subclass says what it is in class attributes and builds its widget once.

    All calls come in the Qt thread. A panel that is not on screen gets no ``on_changes``; when it is shown it gets one with
    ``everything`` set.

    Attributes:
        id: short, lower case; part of saved layouts, so never changed.
        title: the words on its tab.
        icon: name of a picture in ``resources/icons``.
        key: shows the panel and gives it the focus, as ``Ctrl+1``.
        help: one sentence on what it answers.
    """

    id: str = ""
    title: str = ""
    icon: str = ""
    key: str = ""
    help: str = ""

    def build(self, context: PanelContext) -> QWidget:
        """Make the widget of this panel. Called once; the dock owns what is returned."""
        raise NotImplementedError

    def on_changes(self, changes: Changes) -> None:
        """Bring what is shown up to date. At most once per frame, only while visible."""

    def tab_title(self) -> str:
        """The words on its tab and above it at this moment. Asked often, also while the panel is hidden: it must be cheap."""
        return self.title

    def is_settled(self) -> bool:
        """Whether it shows what it has to show by now: a picture of the window waits for it."""
        return True

    def on_theme(self) -> None:
        """Take on the new colours and fonts; style sheet and palette have already changed."""

    def shown(self) -> None:
        """The panel came on screen; ``on_changes`` with ``everything`` follows."""

    def hidden(self) -> None:
        """The panel left the screen: let go of what costs."""

    def commands(self) -> Sequence[Command]:
        """Commands that belong to this panel. Asked once, before ``build``."""
        return ()

    def find(self) -> None:
        """Put the cursor in the search line, if the panel has one (Ctrl+F)."""

    def edit(self) -> None:
        """Begin to edit what is chosen, where it stands (F2)."""

    def may_close(self) -> bool:
        """Ask what has to be asked before the window closes; False when the user would rather stay."""
        return True

    def finish(self) -> None:
        """The window closes for good: stop timers, keep what is unsaved."""

    def save_state(self) -> dict[str, Any]:
        """What to keep between runs of the Studio (columns, folds, filter), as plain JSON values."""
        return {}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take back what ``save_state`` gave, perhaps from an older version: ignore what is not understood."""


class LessonPanel(Panel):
    """A panel that plays lessons. The window asks it by this interface only."""

    def open_lesson_file(self, file: str) -> bool:
        """Play the lesson in a file, or show what is wrong in it. Returns whether it can be played."""
        raise NotImplementedError


class HelpPages(Panel):
    """A panel that shows the documentation. The window asks it by this interface only."""

    def show_topic(self, topic: str) -> None:
        """Show what there is about something: ``page:guide/04-states.md#hooks``, ``word:ttTimer``, ``panel:Ledger``, ``tour:Keys``."""
        raise NotImplementedError

    def show_beside(self, dialog: QDialog, topic: str) -> None:
        """The same in a window beside a dialog, behind which no panel can be used."""
        raise NotImplementedError


class SourcePanel(Panel):
    """A panel that shows source files: the editor. The window asks it by this interface only."""

    def open_source(self, file: str, line: int = 0) -> None:
        """Open a file, or bring it to the front, and go to a 1-based line (0: stay where one was)."""
        raise NotImplementedError

    def open_saved(self, file: str, line: int) -> None:
        """The same for a line of the file as it was saved last: where that is in a text that was changed since."""
        self.open_source(file, line)

    def source_place(self) -> tuple[str, int]:
        """The file in front and the line of its cursor; an empty name for none."""
        return "", 0

    def names_at_caret(self) -> tuple[str, ...]:
        """The classes and functions around the caret, from outside in."""
        return ()

    def term_at_caret(self) -> Term | None:
        """What a breakpoint on the handler at the caret says; None when it stands in none."""
        return None

    def save_source(self) -> None:
        """Save the file in front."""
        raise NotImplementedError

    def source_moved(self, old: str, new: str) -> None:
        """A file or a folder was renamed: what is open of it is another file now."""

    def word_at_caret(self) -> str:
        """The name that the caret stands in or at; empty for none."""
        return ""

    def unsaved(self) -> list[str]:
        """Names of files with changes that are not saved; asked before a script starts."""
        return []

    def save_all(self) -> bool:
        """Save every file with changes. Returns whether all could be saved."""
        return True
