"""What the window does when there is a new target, or when it stands otherwise with the one there is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.recent import remember
from tasktonic_studio.session.session import Session
from tasktonic_studio.session.target import TargetFacts
from tasktonic_studio.ui.arranging import Arranging
from tasktonic_studio.ui.docks import DockArea
from tasktonic_studio.ui.endings import problem_of_ending
from tasktonic_studio.ui.keeping_runs import KeepingRuns
from tasktonic_studio.ui.problem_banner import ProblemBanner
from tasktonic_studio.ui.projecting import Projecting
from tasktonic_studio.ui.status_words import target_name

HELD: Final = "❚❚ held"
SUMMARY_MS: Final = 2_000
"""So long after a file was read the start page's picture of it is made: nobody looks at that, and the panels are just being filled."""


class Arriving:
    """Makes the window ready for a target, names it in the title, tells how it ended. Owned by the workbench; Qt thread.

    Args:
        session: what is known of the target.
        context: of the commands: selection, settings and requests.
        area: the panels; one that fits the target comes to the front.
        arranging: knows the panels of the present arrangement.
        banner: tells how a target ended.
        keeping: records the run, when that was asked for before its start.
        projecting: knows whether it was.
        leave_start_page: brings the panels to the front; returns whether the start page was there till then.
        window: has the title.
    """

    def __init__(
        self,
        session: Session,
        context: CommandContext,
        area: DockArea,
        arranging: Arranging,
        banner: ProblemBanner,
        keeping: KeepingRuns,
        projecting: Projecting,
        leave_start_page: Callable[[], bool],
        window: QWidget,
    ) -> None:
        self._session = session
        self._context = context
        self._area = area
        self._arranging = arranging
        self._banner = banner
        self._keeping = keeping
        self._projecting = projecting
        self._leave_start_page = leave_start_page
        self._window = window
        # A new target begins with a new object: however much arrives in one frame, this tells.
        self._last_live = session.live
        self._last_target = TargetFacts()

    def look(self) -> None:
        """Something is new about the target."""
        live = self._session.live
        target = live.target
        is_new = live is not self._last_live
        is_otherwise = is_new or target.status != self._last_target.status
        self._last_live, self._last_target = live, target
        if is_new:
            self._welcome(target)
        if is_otherwise:
            self._tell_status(target)
        held = f"{HELD} — " if target.status == "held" else ""
        title = f"{held}{target_name(target)} — TaskTonic Studio" if target.status != "none" else "TaskTonic Studio"
        self._window.setWindowTitle(title)

    def _welcome(self, target: TargetFacts) -> None:
        self._banner.clear()
        self._context.selection.forget_target()
        was_at_start = self._leave_start_page()
        if target.seed is not None and self._area.panel("trace") is not None:
            self._area.show_panel("trace")  # the distiller's controls are there
        elif was_at_start and self._arranging.current.panels:
            self._area.show_panel(self._arranging.current.panels[0])
        remember(self._context.settings, target)
        if self._projecting.records_next and target.how == "launched":
            self._keeping.record()
        self._projecting.records_next = False

    def _tell_status(self, target: TargetFacts) -> None:
        self._keeping.draw()
        if target.how == "file" and target.status == "ended":
            QTimer.singleShot(SUMMARY_MS, self._window, partial(self._context.requests.look_at_runs, [target.file]))
        ending = problem_of_ending(self._session.live, has_previous=self._session.previous is not None)
        if ending is not None:
            self._banner.show_problem(ending)
