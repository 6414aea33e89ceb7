"""What the window does with marks: the note of a new one, the list of all, and having them kept with the run."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from tasktonic.trace.marks import Mark
from tasktonic_studio.session.selection import Selection
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.dialogs.marks import MarksDialog
from tasktonic_studio.ui.item_models.app_times import began_ns
from tasktonic_studio.ui.mark_bar import MarkBar
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.widgets import figures


class Marking(QObject):
    """Owned by the workbench, made with it, let go by `shut`.

    Args:
        session: has the marks.
        selection: whose moment is moved when one goes to a mark.
        keep: has marks that are new, have changed or are gone written into the file of the run.
        icons: pictures.
        window: where the list belongs to.
    """

    def __init__(
        self,
        session: Session,
        selection: Selection,
        keep: Callable[[Iterable[Mark]], None],
        icons: Icons,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._selection = selection
        self._keep = keep
        self._window = window
        self.bar = MarkBar(icons, session.marks, self.when)
        self.dialog: MarksDialog | None = None
        self._undo = session.marks.watch(self._on_marks)

    def shut(self) -> None:
        """Keep what is being typed, and let go."""
        if not self.bar.isHidden():
            self.bar.keep()
        self._undo()

    def when(self, t_ns: int) -> str:
        """A time in words, from the begin of the app on."""
        live = self._session.live
        return figures.moment(t_ns, began_ns(live, live.app.number))

    def show_list(self) -> None:
        """Show the list of all marks; one that is open comes to the front."""
        if self.dialog is None:
            self.dialog = MarksDialog(self._session.marks, self.when, self._window)
            self.dialog.wanted.connect(self._go)
            self.dialog.finished.connect(self._on_closed)
            self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        self.dialog.table.setFocus()

    def note_of_moment(self) -> str:
        """The shown moment's mark, in words; empty when there is none."""
        time = self._selection.time
        mark = self._session.marks.at(time) if time is not None else None
        return "" if mark is None else mark.note or "mark"

    def _go(self, mark_id: str) -> None:
        mark = self._session.marks.find(mark_id)
        if mark is not None:
            self._selection.look_at(self._session.marks.moment(mark))

    def _on_marks(self) -> None:
        changed = self._session.marks.take_changed()
        if changed:
            self._keep(changed)

    def _on_closed(self) -> None:
        self.dialog = None
