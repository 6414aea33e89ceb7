"""The comparison's widget: the verdict, aligned rows, both sides of the chosen one, and the way from difference to difference."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QToolButton, QVBoxLayout, QWidget

from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.comparing.comparison import Comparison, Mark
from tasktonic_studio.session.comparing.filter import ComparisonFilter
from tasktonic_studio.session.comparing.side import Taken, take
from tasktonic_studio.session.comparing.task import Comparing
from tasktonic_studio.session.comparing.words import MARK_WORDS, explain, partner_of, reservations, verdict
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.list_view import Emptiness
from tasktonic_studio.ui.panels.compare.detail import CompareDetail
from tasktonic_studio.ui.panels.compare.export import csv_of, text_of
from tasktonic_studio.ui.panels.compare.model import COLUMNS, CompareModel
from tasktonic_studio.ui.panels.compare.pages import ProgressPage
from tasktonic_studio.ui.table_view import TableView
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.elided_label import ElidedLabel
from tasktonic_studio.ui.widgets.empty_state import EmptyState
from tasktonic_studio.ui.widgets.filter_bar import FilterWords, Switch
from tasktonic_studio.ui.widgets.shapes import Shapes
from tasktonic_studio.ui.widgets.tail_table import TailTable

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

_WIDE_LETTERS: Final = 100
"""With room for so many letters the details stand beside the list, else below it."""
_SHARES: Final = (600, 400)
"""Of list and details, until somebody moves the edge between them."""
LOOK_MS: Final = 80
"""How often one sees how far it is."""
TEACHES: Final = (
    "Two runs of the same script, one row for what has the same cause in both: whatever clocks and threads did, the first "
    "row that differs is where they part. Record one with Record the run while it is watched, or in a terminal: "
    "tasktonic record script.py."
)


class CompareView(TableView):
    """All that the compare panel shows. Made by the panel; the dock owns it."""

    WORDS = FilterWords(
        "the comparison",
        ("words", "is:here", "in:arguments", "-not"),
        "Words are looked for in tonic and sparkle. is:same, is:differs, is:here, is:there; in:arguments, in:state, "
        "in:handling, in:exception, in:effects, in:ran; -word leaves out.",
    )
    EMPTINESS = Emptiness(
        ("Nothing to compare yet", TEACHES), ("Compare this run", TEACHES), ("Compare this run", TEACHES)
    )
    ONE = "row"
    MENU = (
        "compare.next_difference",
        "compare.previous_difference",
        "compare.first_difference",
        "",
        "selection.go_to_source",
        "selection.show_in_inspector",
        "selection.show_in_trace",
        "selection.show_in_ledger",
        "",
        "compare.copy_rows",
        "compare.save_csv",
        "compare.save_text",
    )
    model: CompareModel
    ended = Signal(int, object, str)
    """From the thread of a comparison: its number, and the result or None and a sentence."""

    def __init__(self, context: PanelContext) -> None:
        self._filter = ComparisonFilter("")
        self._comparing: Comparing | None = None
        self._cancelled: list[Comparing] = []
        """Those whose threads may still be on their way to the end."""
        self._other: Taken | str | None = None
        self._number = 0
        self.only = Switch(
            "only", "Only differences", "Show only the rows that are not the same", usual=False, text="Only differences"
        )
        super().__init__(context, [self.only])
        self._shapes = Shapes(context.theme, self)
        self.nothing_yet = EmptyState(
            *self.EMPTINESS.ended,
            "Compare with a recording…",
            "run.compare_with",
            context.run,
            ("Compare with the run before", "run.compare_previous"),
            more=(("Record the run", "run.record"),),
        )
        self.nothing_here = EmptyState(
            *self.EMPTINESS.before,
            "Open a recorded run…",
            "file.open_run",
            context.run,
            ("Start a script…", "file.start_script"),
        )
        self.progress = ProgressPage()
        model = CompareModel(context.theme, self._shapes)
        model.setParent(self)
        table = TailTable(COLUMNS, "row", "rows")
        table.setModel(model)
        table.stop_following()
        table.setMinimumHeight(2 * tokens.ROW_HEIGHT_PX)
        accessible.name(table, "Both runs, row by row", "What has the same cause in both stands in one row")
        self.verdict = _label("strong")
        self.remarks = _label("warning")
        self.numbers = ElidedLabel()
        self.numbers.setProperty("role", "muted")
        self.detail = CompareDetail(context.theme, self._shapes)
        self.steps = [
            self._button("compare.first_difference", "home", "First difference"),
            self._button("compare.previous_difference", "back", "Previous difference"),
            self._button("compare.next_difference", "forward", "Next difference"),
            self._button("compare.again", "restart", "Compare again"),
        ]
        self.place_table(table, model, self._content_of(table), *self.steps, self.detail.table)
        self._pages.addWidget(self.progress)
        self._pages.addWidget(self.nothing_here)
        self._looking = QTimer(self)
        self._looking.setInterval(LOOK_MS)
        self._looking.timeout.connect(self._look)
        self.progress.cancel.clicked.connect(self.cancel)
        self._scrolling = QTimer(self)
        self._scrolling.setSingleShot(True)
        self._scrolling.setInterval(0)
        self._scrolling.timeout.connect(self._scroll)
        self.ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)
        self.retheme()

    def _content_of(self, table: TailTable) -> QWidget:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.verdict)
        layout.addWidget(self.remarks)
        row = QHBoxLayout()
        layout.addLayout(row)
        space = tokens.SPACE_PX
        row.setContentsMargins(space, 0, space // 2, space // 2)
        row.setSpacing(space // 2)
        row.addWidget(self.numbers, 1)
        for button in self.steps:
            row.addWidget(button)
        self.parts = QSplitter()
        self.parts.setChildrenCollapsible(False)
        self.parts.addWidget(table)
        self.parts.addWidget(self.detail)
        self.parts.setStretchFactor(0, 3)
        self.parts.setStretchFactor(1, 2)
        self.parts.setSizes(_SHARES)
        layout.addWidget(self.parts, 1)
        return content

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        letter = self.fontMetrics().averageCharWidth()
        is_wide = event.size().width() >= max(_WIDE_LETTERS * letter, event.size().height())
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        if self.parts.orientation() != (wanted := across if is_wide else down):
            self.parts.setOrientation(wanted)
            self.parts.setSizes(_SHARES)
        self._scrolling.start()

    def _scroll(self) -> None:
        """Keep the chosen row in sight when there is less room."""
        if self._chosen >= 0:
            self.table.scrollTo(self.table.currentIndex())

    def _button(self, command_id: str, icon: str, words: str) -> QToolButton:
        button = QToolButton()
        button.setProperty("icon_name", icon)
        button.setToolTip(words)
        accessible.name(button, words)
        button.clicked.connect(partial(self._context.run, command_id))
        return button

    def retheme(self) -> None:
        super().retheme()
        self.only.setIcon(self._context.icons.icon("filter"))
        for button in self.steps:
            button.setIcon(self._context.icons.icon(button.property("icon_name")))
        self.detail.retheme()

    # ---- comparing

    @property
    def comparison(self) -> Comparison | None:
        """What is shown; None while nothing was compared."""
        return self.model.comparison

    @property
    def is_busy(self) -> bool:
        """Whether a comparison goes on."""
        return self._comparing is not None

    @property
    def can_go_again(self) -> bool:
        """Whether there is something to compare with once more."""
        return self._other is not None and not self.is_busy

    def compare(self, other: Taken | str) -> None:
        """Compare the run that is shown with another one, or with that in a trace file."""
        self.cancel()
        live = self._context.session().live
        target = live.target
        name = Path(target.file or target.script).name or live.app.name or "this run"
        self._other = other
        self._number += 1
        self._comparing = Comparing(take(live, name), other, partial(self._tell_end, self._number))
        self.progress.title.setText(f"Comparing with {Path(other).name if isinstance(other, str) else other.title}")
        self._comparing.start()
        self._looking.start()
        self._look()
        self.bar.say("")
        self.show_state()

    def again(self) -> None:
        """The same comparison once more: the run that is shown may have gone on."""
        if self._other is not None and not self.is_busy:
            self.compare(self._other)

    def cancel(self) -> None:
        """Stop a comparison that goes on."""
        if self._comparing is not None:
            self._comparing.cancel()
            self._cancelled = [*(it for it in self._cancelled if it.is_going), self._comparing]
            self._comparing = None
            self._looking.stop()
            self.show_state()

    def forget(self) -> None:
        """Put the comparison away: what was shown is another run now."""
        self.cancel()
        self._other = None
        self._show(None)

    def finish(self) -> None:
        super().finish()
        self._looking.stop()
        if self._comparing is not None:
            self._cancelled.append(self._comparing)
        for comparing in self._cancelled:
            comparing.finish()

    def _tell_end(self, number: int, comparison: Comparison | None, problem: str) -> None:
        # In the thread of the comparison.
        if number == self._number:
            self.ended.emit(number, comparison, problem)

    def _on_ended(self, number: int, comparison: Comparison | None, problem: str) -> None:
        # Another one may have begun while this was on its way.
        if self._comparing is None or number != self._number:
            return
        self._comparing = None
        self._looking.stop()
        if problem:
            self.bar.say(problem)
            self.show_state()
            return
        self._show(comparison)
        if comparison is not None and comparison.first >= 0:
            self.go_to(comparison.first)

    def _look(self) -> None:
        if self._comparing is not None:
            self.progress.show_progress(self._comparing.share, self._comparing.doing)

    # ---- what is listed

    def _show(self, comparison: Comparison | None) -> None:
        self.model.comparison = comparison
        self._tell(-1)
        if comparison is not None:
            remarks = "\n".join(reservations(comparison))
            self.remarks.setText(remarks)
            self.remarks.setVisible(bool(remarks))
        self._list_rows()

    def fill(self, known: Knowledge) -> None:
        self._known = known
        self._list_rows()

    def follow(self, known: Knowledge, changes: Changes) -> None:
        if changes.runs or changes.target:
            self.show_state()

    def on_changes(self, changes: Changes) -> None:
        if changes.new_target:
            self.forget()
        super().on_changes(changes)

    @property
    def is_filtered(self) -> bool:
        return bool(self._filter) or self.only.isChecked()

    def take_filter(self, text: str) -> str:
        self._filter = ComparisonFilter(text)
        return self._filter.problem

    def _list_rows(self) -> None:
        comparison = self.comparison
        if comparison is None:
            rows = np.zeros(0, np.int64)
        else:
            wanted = self._filter.mask(comparison)
            if self.only.isChecked():
                wanted &= comparison.mark != Mark.SAME
            rows = np.flatnonzero(wanted)
        if not np.array_equal(rows, self.model.items) or comparison is not self._listed:
            # A row of another comparison is not chosen: its sentence would stand where the verdict belongs.
            chosen = self._chosen if comparison is self._listed else -1
            self._listed = comparison
            self.model.replace(rows)
            if chosen >= 0 and comparison is not None and chosen < len(comparison):
                self._choose(chosen)
        self.show_state()

    _listed: Comparison | None = None

    def show_state(self) -> None:
        comparison, known = self.comparison, self._known
        if self.is_busy:
            self.show_count(0, 0)
            self._pages.setCurrentWidget(self.progress)
            return
        if comparison is None:
            self.show_count(0, 0)
            has_runs = known is not None and len(known.runs) > 0
            page = self.nothing_yet if has_runs else self.nothing_here
            # While it records, the same command stops.
            can_record = self._context.is_enabled("run.record") and not self._context.is_on("run.record")
            self.nothing_yet.offer("run.record", can_record)
            page.say(self.EMPTINESS.ended[0] if has_runs else self.EMPTINESS.before[0], TEACHES)
            self._pages.setCurrentWidget(page)
            return
        self.show_count(self.model.count, len(comparison))
        self.numbers.show_text(self._numbers(comparison))
        self.show_page(self.model.count, max(len(comparison), 1))
        for button, command in zip(self.steps, self._step_commands, strict=True):
            button.setEnabled(self._context.is_enabled(command))

    _step_commands: Final = (
        "compare.first_difference",
        "compare.previous_difference",
        "compare.next_difference",
        "compare.again",
    )

    def _numbers(self, comparison: Comparison) -> str:
        words = [f"{figures.grouped(count)} {MARK_WORDS[mark]}" for mark in Mark if (count := comparison.count(mark))]
        live = self._context.session().live
        since = live.runs.count_at(live.n) - live.runs.count_at(live.app.first_n) - comparison.ran_here
        if since > 0:
            words.append(f"{figures.counted(since, 'run')} since")
        return f"Here {comparison.side_here.title}, there {comparison.side_there.title}: {', '.join(words)}"

    def text_of(self, items: list[int]) -> str:
        return self.model.text_of(items)

    def save_csv(self) -> None:
        """Ask for a file, and write the rows that are listed."""
        if self.comparison is not None:
            rows = self.model.items.tolist()
            self.save("Save the comparison", "comparison.csv", "CSV (*.csv)", partial(csv_of, self.comparison, rows))

    def save_text(self) -> None:
        """Ask for a file, and write the verdict and what differs among the rows that are listed."""
        if self.comparison is not None:
            rows = self.model.items.tolist()
            self.save("Save the differences", "comparison.txt", "Text (*.txt)", partial(text_of, self.comparison, rows))

    # ---- from difference to difference

    @property
    def _chosen(self) -> int:
        """The row of the comparison that is chosen, -1 for none."""
        item = self.model.item(self.table.currentIndex().row())
        return -1 if item is None or not self.table.selectionModel().hasSelection() else item

    @property
    def has_differences(self) -> bool:
        """Whether some row is not the same."""
        comparison = self.comparison
        return comparison is not None and comparison.count(Mark.SAME) < len(comparison)

    def step(self, by: int) -> None:
        """Go to the next difference (1), the previous one (-1), or the first by cause (0). At the end it stays."""
        comparison = self.comparison
        if comparison is None or not self.has_differences:
            return
        rows = comparison.different
        if by == 0:
            self.go_to(comparison.first if comparison.first >= 0 else int(rows[0]))
            return
        at = self._chosen
        beyond = rows[rows > at] if by > 0 else rows[rows < at]
        if len(beyond):
            self.go_to(int(beyond[0] if by > 0 else beyond[-1]))

    def go_to(self, row: int) -> None:
        """Choose a row of the comparison, as a click on it does; a filter that hides it is let go."""
        if self.model.row_of(row) < 0:
            self.bar.show_all()
        self._choose(row)
        self._take(row)

    def _choose(self, row: int) -> None:
        at = self.model.row_of(row)
        if at >= 0:
            self.table.show_row(at)
            self._tell(row)
            self._scrolling.start()

    def _tell(self, row: int) -> None:
        """Say what there is to say about a row; of none (-1) about the whole."""
        comparison = self.comparison
        self.detail.show_row(comparison, row)
        if comparison is not None:
            words = verdict(comparison) if row in (-1, comparison.first) else explain(comparison, row)
            self.verdict.setText(words[:1].upper() + words[1:])

    # ---- selection

    def on_chosen(self, index: QModelIndex) -> None:
        item = self.model.item(index.row())
        if item is not None:
            self._tell(item)
            self._take(item)

    def _take(self, row: int) -> None:
        """Let all panels show what the row shows, at the moment when it had run; of what is only there its cause."""
        comparison = self.comparison
        if comparison is None:
            return
        item = int(comparison.here[row])
        if item < 0:
            there = int(comparison.there[row])
            parent = int(comparison.side_there.parent[there])
            cause = partner_of(comparison, comparison.side_there, parent) if parent >= 0 else None
            if cause is None:
                return
            item = int(np.searchsorted(comparison.side_here.number, cause))
        side, selection = comparison.side_here, self._context.selection
        selection.look_at(int(side.n[item]) + 1)
        selection.select(Thing("run" if bool(side.ran[item]) else "order", int(side.number[item])))

    def mark_selected(self, *, reveal: bool) -> None:
        comparison, thing = self.comparison, self.pin.thing
        if comparison is None or thing is None or thing.kind not in ("run", "order") or not isinstance(thing.key, int):
            return
        row = comparison.row_of_run(thing.key)
        chosen = self._chosen
        if chosen >= 0 and (chosen == row or int(comparison.here[chosen]) < 0):
            return  # it is chosen already; what is only there stands for its cause
        if row >= 0 and self.model.row_of(row) >= 0:
            self._choose(row)


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setMinimumWidth(1)
    label.setContentsMargins(tokens.SPACE_PX, tokens.SMALL_SPACE_PX, tokens.SPACE_PX, tokens.SMALL_SPACE_PX)
    return label
