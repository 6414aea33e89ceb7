"""The widget of the panel Lines: where the app stands, the calls that have not returned, the values of one, the lines to stop at."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tasktonic_studio.session.line_facts import LineBreak, LineFacts, LineFrame, LineStop, LocalRow
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets import accessible
from tasktonic_studio.ui.widgets.elided_label import ElidedLabel
from tasktonic_studio.ui.widgets.empty_state import EmptyState
from tasktonic_studio.ui.widgets.flow_row import FlowRow

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

STEPS: Final = (
    ("lines.next", "Next line"),
    ("lines.into", "Into the call"),
    ("lines.out", "Out of the call"),
    ("lines.go_on", "Go on"),
)
_CONDITION: Final = 1
"""The column of the conditions."""
_CONDITIONS: Final = "Python that the app evaluates in that line, such as self.level > 80: it stops when that is true. F2 to type it; empty stops each time."
_DATA: Final = Qt.ItemDataRole.UserRole
_PATH: Final = Qt.ItemDataRole.UserRole + 1
_HOW: Final = (
    "Go into a line of the editor and choose Break in this line, or select a run or a sparkle and choose Break in its lines. "
    "The app stops there, and its calls and values stand here."
)
_WAITS: Final = (
    "The app runs, and stops at the next of these lines that it comes to. Its calls and values stand here then."
)
_LATER: Final = "The app that is started next stops at these lines. Its calls and values stand here then."
_REASONS: Final = {"breakpoint": "at a line to stop at", "step": "after a step", "exception": "where it raised"}


class LinesView(QWidget):
    """All that the panel shows. Made by the panel; the dock owns it. Follows the present, whatever moment is looked at."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._facts = LineFacts()
        self._open: set[tuple[str, ...]] = set()
        self._filling = False
        self.wanted_frame = 0
        """The call that was chosen last."""
        self.wanted: list[int] = []
        """References of values that were unfolded and of which the inside is not known yet."""
        self.where = ElidedLabel()
        self.problem = QLabel()
        self.problem.setProperty("role", "problem")
        self.problem.setWordWrap(True)
        self.problem.setContentsMargins(tokens.SPACE_PX, tokens.SMALL_SPACE_PX, tokens.SPACE_PX, tokens.SMALL_SPACE_PX)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.buttons = {command_id: QPushButton(words) for command_id, words in STEPS}
        self.calls = _tree("Calls", "Calls that have not returned, the innermost at the top", ("Call", "Where"))
        self.values = _tree("Values", "The values of the chosen call", ("Name", "Value", "Type"))
        self.breaks = _tree("Lines to stop at", "Lines at which the app stops", ("Line", "Only if", "Note"))
        self.breaks.setEditTriggers(QTreeWidget.EditTrigger.EditKeyPressed)
        self.empty = EmptyState("No line to stop at", _HOW, "Open a file…", "editor.open_file", context.run)
        self._lay_out()
        self.calls.currentItemChanged.connect(self._on_call)
        self.calls.itemActivated.connect(self._on_call_opened)
        self.values.itemExpanded.connect(self._on_expanded)
        self.values.itemCollapsed.connect(self._on_collapsed)
        self.breaks.itemActivated.connect(self._on_break_opened)
        self.breaks.itemChanged.connect(self._on_condition)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(0)
        self._late.timeout.connect(self._show_again)
        self.conditioned: tuple[LineBreak, str] | None = None
        """The line whose condition was typed last, and that."""

    def _lay_out(self) -> None:
        heading = QWidget()
        row = FlowRow(heading)
        row.setContentsMargins(tokens.SPACE_PX, tokens.SMALL_SPACE_PX, tokens.SPACE_PX, tokens.SMALL_SPACE_PX)
        row.setSpacing(tokens.SMALL_SPACE_PX)
        row.addWidget(self.where)
        for command_id, button in self.buttons.items():
            button.setAutoDefault(False)
            button.clicked.connect(lambda _on=False, wanted=command_id: self._context.run(wanted))
            row.addWidget(button)
        row.addWidget(QWidget())  # the last one stands apart
        lists = self._lists = QSplitter(Qt.Orientation.Vertical)
        lists.setChildrenCollapsible(False)
        for tree in (self.calls, self.values, self.breaks):
            lists.addWidget(tree)
        lists.setSizes([140, 220, 80])
        shown = QWidget()
        inside = QVBoxLayout(shown)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        for widget, stretch in ((heading, 0), (lists, 1)):
            inside.addWidget(widget, stretch)
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(shown)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.problem)
        layout.addWidget(pages, 1)

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the lists side by side in a low and wide place."""
        super().resizeEvent(event)
        is_low = event.size().width() > 2 * event.size().height()
        wanted = Qt.Orientation.Horizontal if is_low else Qt.Orientation.Vertical
        if self._lists.orientation() != wanted:
            self._lists.setOrientation(wanted)
            self._lists.setSizes([140, 220, 80] if not is_low else [180, 260, 180])

    # ---- what is shown

    def show_facts(self, facts: LineFacts) -> None:
        """Show how it stands now."""
        self._facts = facts
        self.problem.setText(facts.problem)
        self.problem.setVisible(bool(facts.problem))
        has_something = bool(facts.breaks) or facts.on_raised or facts.stop is not None
        self._pages.setCurrentIndex(1 if has_something else 0)
        self.where.show_text(where_words(facts))
        for command_id, button in self.buttons.items():
            button.setEnabled(facts.stop is not None)
            button.setToolTip(self._context.why_not(command_id))
        self._filling = True
        self._show_calls(facts.stop)
        self._show_values(facts.stop)
        self._show_breaks(facts.breaks)
        self._filling = False
        if self.wanted:
            self._context.run("lines.unfold")

    def retheme(self) -> None:
        """Take on new fonts."""
        for tree in (self.calls, self.values, self.breaks):
            tree.setFont(self._context.theme.font("mono"))
            tree.header().setFont(self._context.theme.font("ui"))
        self.show_facts(self._facts)

    def _show_calls(self, stop: LineStop | None) -> None:
        self.calls.clear()
        for frame in stop.frames if stop is not None else ():
            item = QTreeWidgetItem(self.calls, [frame.function, place_words(frame.file, frame.line)])
            where = f"{frame.file}, line {frame.line}."
            item.setToolTip(1, plain_tip(" ".join(filter(None, (where, frame.problem)))))
        looked_at = self.calls.topLevelItem(stop.looked_at) if stop is not None else None
        if looked_at is not None:
            self.calls.setCurrentItem(looked_at)

    def _show_values(self, stop: LineStop | None) -> None:
        self.wanted = []
        self.values.clear()
        if stop is not None:
            for row in stop.locals:
                self._add_value(self.values.invisibleRootItem(), stop, row, ())

    def _add_value(self, parent: QTreeWidgetItem, stop: LineStop, row: LocalRow, above: tuple[str, ...]) -> None:
        item = QTreeWidgetItem(parent, [row.name, " ".join(row.value.split()), row.type])
        item.setToolTip(1, plain_tip(row.value))
        path = (*above, row.name)
        item.setData(0, _DATA, row.reference)
        item.setData(0, _PATH, path)
        if not row.reference:
            return
        item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        inside = stop.inside.get(row.reference)
        if inside is not None:
            for each in inside:
                self._add_value(item, stop, each, path)
        elif path in self._open:
            self.wanted.append(row.reference)
        item.setExpanded(path in self._open)

    def _show_breaks(self, breaks: tuple[LineBreak, ...]) -> None:
        self.breaks.clear()
        for each in breaks:
            note = each.problem or code_of(each)
            item = QTreeWidgetItem(self.breaks, [place_words(each.file, each.line), each.condition, note])
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            item.setToolTip(0, plain_tip(f"{each.file}, line {each.line}"))
            item.setToolTip(1, _CONDITIONS)
            item.setToolTip(2, plain_tip(note))

    # ---- what the user does

    def _on_call(self, item: QTreeWidgetItem | None, _before: Any = None) -> None:
        if item is None or self._filling:
            return
        self.wanted_frame = self.calls.indexOfTopLevelItem(item)
        self._context.run("lines.look_at_call")

    def _on_call_opened(self, item: QTreeWidgetItem) -> None:
        self.wanted_frame = self.calls.indexOfTopLevelItem(item)
        self._context.run("lines.show_call")

    def _on_expanded(self, item: QTreeWidgetItem) -> None:
        if self._filling:
            return
        self._open.add(item.data(0, _PATH))
        stop, reference = self._facts.stop, item.data(0, _DATA)
        if stop is not None and reference and reference not in stop.inside:
            self.wanted = [reference]
            self._context.run("lines.unfold")

    def _on_collapsed(self, item: QTreeWidgetItem) -> None:
        if not self._filling:
            self._open.discard(item.data(0, _PATH))

    def edit_condition(self) -> None:
        """Let the condition of the chosen line be typed, where it stands."""
        item = self.breaks.currentItem()
        if item is not None:
            self.breaks.setFocus()
            self.breaks.editItem(item, _CONDITION)

    def _on_condition(self, item: QTreeWidgetItem, column: int) -> None:
        chosen = self._facts.breaks[self.breaks.indexOfTopLevelItem(item)] if not self._filling else None
        if chosen is None:
            return
        if column == _CONDITION:
            self.conditioned = (chosen, item.text(_CONDITION).strip())
            self._context.run("lines.take_condition")
        self._late.start()  # what else was typed over is as it was; not now, for the row is in use still

    def _show_again(self) -> None:
        self.show_facts(self._facts)

    def _on_break_opened(self, _item: QTreeWidgetItem) -> None:
        self._context.run("lines.show_break")

    @property
    def chosen_break(self) -> LineBreak | None:
        """The line that is chosen among those to stop at."""
        item = self.breaks.currentItem()
        at = self.breaks.indexOfTopLevelItem(item) if item is not None else -1
        return self._facts.breaks[at] if 0 <= at < len(self._facts.breaks) else None

    @property
    def chosen_frame(self) -> LineFrame | None:
        """The call that was chosen last."""
        stop = self._facts.stop
        if stop is None or not 0 <= self.wanted_frame < len(stop.frames):
            return None
        return stop.frames[self.wanted_frame]


def where_words(facts: LineFacts) -> str:
    """Where the app stands, in a line; else what it is waited for."""
    stop = facts.stop
    if stop is None:
        return _WAITS if facts.status in ("asked", "ready") else _LATER
    frame = stop.frames[0] if stop.frames else None
    parts = [f"{frame.function} · {place_words(frame.file, frame.line)}" if frame is not None else "stopped"]
    parts.append(stop.text or _REASONS.get(stop.reason, stop.reason))
    if frame is not None and frame.problem:
        parts.append(frame.problem)
    return " · ".join([*parts, *([stop.thread_name] if stop.thread_name else [])])


def place_words(file: str, line: int) -> str:
    """A place as `pump.py:12`."""
    return f"{PurePath(file).name}:{line}"


def code_of(each: LineBreak) -> str:
    """What stands in a line; empty when it cannot be read."""
    path = Path(each.file)
    try:
        # Asked before it is opened: a pipe would make the window wait for ever.
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
    except OSError:
        return ""
    return lines[each.line - 1].strip() if 0 < each.line <= len(lines) else ""


def _tree(name: str, what: str, columns: tuple[str, ...]) -> QTreeWidget:
    tree = QTreeWidget()
    tree.setHeaderLabels(list(columns))
    tree.setFrameShape(QFrame.Shape.NoFrame)
    tree.setUniformRowHeights(True)
    tree.setAllColumnsShowFocus(True)
    tree.setRootIsDecorated(name == "Values")
    tree.setTextElideMode(Qt.TextElideMode.ElideRight)
    tree.setMinimumHeight(2 * tokens.ROW_HEIGHT_PX)
    header = tree.header()
    header.setStretchLastSection(False)
    header.setMinimumSectionSize(40)
    for column in range(len(columns)):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
    accessible.name(tree, name, what)
    return tree
