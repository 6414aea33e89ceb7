"""Below the lanes: what a marked area adds up to."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from tasktonic_studio.session.totals import Totals
from tasktonic_studio.ui.panels.timeline.area_table import COLUMNS, AreaTableModel
from tasktonic_studio.ui.panels.timeline.model import TimelineModel
from tasktonic_studio.ui.panels.timeline.overlays import Area
from tasktonic_studio.ui.panels.timeline.rows import LaneRow
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.elided_label import ElidedLabel
from tasktonic_studio.ui.widgets.tail_table import TailTable

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

_STEP_SECONDS: Final = 0.012
_PIECE_ROWS: Final = 16_384


class AreaView(QWidget):
    """A sentence and a table of totals. Owned by the timeline's view, shown while an area is marked."""

    closed = Signal()
    longest_wanted = Signal(int)
    """The row of the run that is the longest of the chosen total."""
    zoom_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, context: PanelContext, model: TimelineModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._model = model
        self._totals: Totals | None = None
        self.area: Area | None = None
        self.words = ElidedLabel()
        self.table_model = AreaTableModel(model, context.theme)
        self.table_model.setParent(self)
        self.table = TailTable(COLUMNS, "row", "rows")
        self.table.stop_following()
        self.table.setModel(self.table_model)
        accessible.name(self.table, "Totals of the marked area", "Who ran what, how often and how long")
        header = self.table.horizontalHeader()
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._on_header)
        self._buttons = {
            name: self._button(name, words, called)
            for name, words, called in (
                ("find", "Show the marked time as large as it goes", self.zoom_wanted.emit),
                ("save", "Save these totals as CSV…", self.save_wanted.emit),
                ("close", "Put the totals away", self.closed.emit),
            )
        }
        self._adding = QTimer(self)
        self._adding.setInterval(0)
        self._adding.timeout.connect(self._add_on)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_chosen)
        self.table.copied.connect(self.copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        bar = QHBoxLayout()
        layout.addLayout(bar)
        bar.setContentsMargins(tokens.SPACE_PX, 2, tokens.SMALL_SPACE_PX, 2)
        bar.addWidget(self.words, 1)
        for button in self._buttons.values():
            bar.addWidget(button)
        layout.addWidget(self.table, 1)
        self.setMinimumHeight(90)

    def _button(self, icon: str, words: str, called: object) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"area_{icon}")
        button.setIcon(self._context.icons.icon(icon))
        button.setToolTip(words)
        accessible.name(button, words)
        button.clicked.connect(called)
        return button

    def retheme(self) -> None:
        """Take on colours and fonts."""
        for icon, button in self._buttons.items():
            button.setIcon(self._context.icons.icon(icon))
        self.table_model.retheme()
        self.table.set_fonts(self._context.theme.font("ui"), self._context.theme.font("mono"))
        self.table.viewport().update()

    @property
    def is_busy(self) -> bool:
        """Whether it still adds up."""
        return self._totals is not None

    def show_area(self, area: Area) -> None:
        """Add up what lies in an area, from now on; what was added up before is dropped."""
        self.area = area
        found = [self._model.lane(LaneRow(*lane, 0, 0)) for lane in covering(area.lanes)]
        lanes = [lane for lane in found if lane is not None and lane.parts]
        pieces = (it.row for lane in lanes for it in lane.pieces(area.from_ns, area.until_ns, _PIECE_ROWS))
        self._totals = Totals(pieces, sum(lane.runs_between(area.from_ns, area.until_ns) for lane in lanes))
        self.table_model.show_totals(())
        self._add_on()
        if self._totals is not None:
            self._adding.start()

    def stop(self) -> None:
        """Add up no more."""
        self._adding.stop()
        self._totals = None

    def copy(self) -> None:
        """Put the totals on the clipboard."""
        QGuiApplication.clipboard().setText(self.table_model.csv())

    def _add_on(self) -> None:
        """Add up for as long as a frame allows."""
        totals, area = self._totals, self.area
        if totals is None or area is None:
            self._adding.stop()
            return
        until = time.perf_counter() + _STEP_SECONDS
        while not totals.is_done:
            totals.step(self._model.runs)
            if time.perf_counter() >= until:
                break
        if totals.is_done:
            self.stop()
            result = totals.result()
            self.table_model.show_totals(result)
            self.words.show_text(self._sentence(area, totals.runs, sum(it.total_ns for it in result)))
        else:
            self.words.show_text(f"Adding up: {figures.counted(totals.runs, 'run')}, {totals.share:.0%}")

    def _sentence(self, area: Area, runs: int, total_ns: int) -> str:
        names = [self._model.lane_name(LaneRow(*lane, 0, 0)) for lane in area.lanes[:3]]
        more = f" and {len(area.lanes) - 3} more" if len(area.lanes) > 3 else ""
        wide = figures.duration(area.until_ns - area.from_ns)
        return (
            f"{figures.counted(runs, 'run')}, {figures.duration(total_ns)} in {wide} "
            f"from {figures.moment(area.from_ns, self._model.began_ns)}, on {', '.join(names)}{more}"
        )

    def _on_header(self, section: int) -> None:
        self.table_model.sort_by(COLUMNS[section].id)

    def _on_chosen(self, index: QModelIndex) -> None:
        item = self.table_model.item(index.row())
        if item is not None:
            self.longest_wanted.emit(self.table_model.entry(item).longest_row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


def covering(lanes: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """These lanes without those of tonics whose catalyst is among them: its lane has their runs already."""
    whole = {catalyst for catalyst, tonic in lanes if tonic < 0}
    return [lane for lane in lanes if lane[1] < 0 or lane[0] not in whole]
