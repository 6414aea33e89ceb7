"""What a breakpoint would have hit in the run that is shown: a count, and a line for each with a way there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from tasktonic.rules import Breakpoint, sentence_of
from tasktonic_studio.session.breakpoint_trial import MOST_LISTED, Trial, Would
from tasktonic_studio.ui.item_models.app_times import began_ns
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets import accessible, figures

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

_STEP_SECONDS: Final = 0.012
"""A search goes on in such pieces: a frame still fits between them."""


class PastView(QWidget):
    """Hidden until something is tried. Owned by the panel's view."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self.trial: Trial | None = None
        self._listed = 0
        self.title = QLabel()
        self.title.setProperty("role", "strong")
        self.notes = QLabel()
        self.notes.setProperty("role", "muted")
        for label in (self.title, self.notes):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setMinimumWidth(1)
        self.close_it = QToolButton()
        accessible.name(self.close_it, "Put away what would have been hit")
        self.close_it.setToolTip("Put this away")
        self.list = QListWidget()
        self.list.setUniformItemSizes(True)
        accessible.name(self.list, "What would have been hit", "Enter shows that moment in all panels")
        layout = QVBoxLayout(self)
        space = tokens.SPACE_PX
        layout.setContentsMargins(space, space // 2, space, space // 2)
        layout.setSpacing(space // 2)
        head = QHBoxLayout()
        layout.addLayout(head)
        head.addWidget(self.title, 1)
        head.addWidget(self.close_it)
        layout.addWidget(self.notes)
        layout.addWidget(self.list, 1)
        self._searching = QTimer(self)
        self._searching.setInterval(0)
        self._searching.timeout.connect(self._search_on)
        self.close_it.clicked.connect(self.forget)
        self.list.itemActivated.connect(self._on_chosen)
        self.list.itemClicked.connect(self._on_chosen)
        self.hide()

    def begin(self, point: Breakpoint) -> None:
        """Look for what this one would have hit, in what is known of the whole run."""
        self.trial = Trial(self._context.session().live, point)
        self._listed = 0
        self.list.clear()
        self.show()
        self._searching.start()
        self._search_on()

    def stop(self) -> None:
        """Look no further."""
        self._searching.stop()

    def forget(self) -> None:
        """Put it away."""
        self.stop()
        self.trial = None
        self.list.clear()
        self.hide()

    def retheme(self) -> None:
        """Take on colours."""
        self.close_it.setIcon(self._context.icons.icon("close"))

    def _search_on(self) -> None:
        trial = self.trial
        if trial is None:
            return
        until = time.perf_counter() + _STEP_SECONDS
        while not trial.is_done and time.perf_counter() < until:
            trial.step()
        if trial.is_done:
            self.stop()
        began = began_ns(trial.known, trial.known.app.number)
        for would in trial.found[self._listed :]:
            item = QListWidgetItem(f"{figures.moment(would.t_ns, began)}  {would.words}")
            item.setData(Qt.ItemDataRole.UserRole, would)
            item.setToolTip(plain_tip(would.words))
            self.list.addItem(item)
        self._listed = len(trial.found)
        self.list.setVisible(bool(trial.found))
        takes_room = QSizePolicy.Policy.Expanding if trial.found else QSizePolicy.Policy.Maximum
        self.setSizePolicy(QSizePolicy.Policy.Preferred, takes_room)
        self.title.setText(_title(trial))
        more = f"The first {MOST_LISTED:,} are listed." if trial.count > MOST_LISTED else ""
        self.notes.setText(" ".join(filter(None, (*trial.notes, more))))
        self.notes.setVisible(bool(self.notes.text()))

    def _on_chosen(self, item: QListWidgetItem) -> None:
        would = item.data(Qt.ItemDataRole.UserRole)
        if isinstance(would, Would):
            self._context.selection.go_to(would.thing, would.n)


def _title(trial: Trial) -> str:
    what = sentence_of(trial.point)
    if not trial.is_done:
        return f"{what}: {figures.counted(trial.count, 'time')} so far, {trial.share:.0%} looked at"
    if trial.point.is_only_condition():
        return f"{what}: nothing can be said of the past"
    if not trial.count:
        return f"{what} would not have hit in this run"
    return f"{what} would have hit {figures.counted(trial.count, 'time')}, here"
