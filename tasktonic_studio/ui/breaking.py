"""What the window does with breakpoints: the form of one, having them kept and set, and coming to the front at a hit."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from tasktonic.events import BreakpointHit
from tasktonic.rules import Breakpoint, Term
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Selection, Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.dialogs.breakpoint import BreakpointDialog, RunUntilRuleDialog


class Breaking(QObject):
    """Owned by the workbench, made with it, let go by `shut`.

    Args:
        session: has the breakpoints.
        selection: what was hit is selected.
        keep: has the list of a project kept, and set in the app that is watched.
        say: tells a problem.
        window: comes to the front at a hit.
    """

    def __init__(
        self,
        session: Session,
        selection: Selection,
        keep: Callable[[str, Iterable[Breakpoint]], None],
        say: Callable[[str], None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._selection = selection
        self._keep = keep
        self._say = say
        self._window = window
        self._shown_hit: BreakpointHit | None = None
        self._said = ""
        self._until: Breakpoint | None = None
        """What the app was to run until last."""
        self.dialog: BreakpointDialog | None = None
        self._undo = session.breakpoints.watch(self._on_breakpoints)

    def shut(self) -> None:
        self._undo()

    def edit(self, point: Breakpoint) -> None:
        """Show the form of a breakpoint; one that is open stays as it is, in front."""
        if self.dialog is None:
            self.dialog = BreakpointDialog(point, self._take, self._window)
            self.dialog.finished.connect(self._on_closed)
            self.dialog.open()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def ask_until(self, term: Term | None, run: Callable[[Breakpoint], None]) -> None:
        """Ask what to run until: what was asked for last, else a term; then have it done."""

        def take(point: Breakpoint) -> None:
            self._until = point
            run(point)

        if self.dialog is None:
            point = self._until or Breakpoint(0, (term or Term("sparkle"),))
            self.dialog = RunUntilRuleDialog(point, take, self._window)
            self.dialog.finished.connect(self._on_closed)
            self.dialog.open()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def look(self) -> None:
        """The app may have been held at a breakpoint meanwhile: show where, once. Called when something has come."""
        live = self._session.live
        hit = live.hit
        if hit is None or hit is self._shown_hit or live.target.status != "held":
            return
        self._shown_hit = hit
        self._selection.look_at(None)
        self._selection.select(thing_of_hit(live, hit))
        QApplication.alert(self._window)
        if not self._window.isActiveWindow():
            self._window.raise_()
            self._window.activateWindow()

    def _take(self, point: Breakpoint) -> None:
        if point.id:
            self._session.breakpoints.change(point)
        else:
            self._session.breakpoints.add(point)

    def _on_breakpoints(self) -> None:
        points = self._session.breakpoints
        changed = points.take_changed()
        if changed is not None:
            self._keep(points.project, changed)
        if points.problem and points.problem != self._said:
            self._say(points.problem)
        self._said = points.problem

    def _on_closed(self) -> None:
        self.dialog = None


def thing_of_hit(known: Knowledge, hit: BreakpointHit) -> Thing | None:
    """What was hit: the order that is about to run, the run that did it, or whom it is about."""
    if hit.before and hit.run and known.order_of(hit.run) is not None:
        return Thing("order", hit.run)
    if not hit.before and hit.run and known.run_of(hit.run) is not None:
        return Thing("run", hit.run)
    return Thing("essence", hit.essence) if hit.essence in known.essences else None
