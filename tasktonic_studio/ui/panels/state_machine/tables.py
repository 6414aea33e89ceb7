"""The tables: states by sparkles, the ways between states, the passages along one of them. Texts in, a Qt model out."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QItemSelection, QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.timeline import TransitionRow
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.item_models.roles import (
    ACCESSIBLE_TEXT,
    ALIGNMENT,
    DISPLAY,
    FONT,
    FOREGROUND,
    KEY,
    TOOL_TIP,
    Index,
    is_unanswered,
)
from tasktonic_studio.ui.panels.state_machine.machine import (
    HOW_WORDS,
    Arrow,
    CellFacts,
    Machine,
    in_reading_order,
    label_words,
    words_of,
)
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets import figures

_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_WIDEST_PX: Final = 320


class Cell(NamedTuple):
    """One cell: its text, the role of its colour, its tool tip."""

    text: str
    role: str = "text"
    tip: str = ""
    right: bool = False


class Row(NamedTuple):
    """One row; `key` is the same for as long as the row is about the same thing. `title` stands before it."""

    key: Hashable
    cells: tuple[Cell, ...]
    title: str = ""


class TextTable(QAbstractTableModel):
    """Cells as they were given. Rows that stay are changed in place, so that a selection in the view stays where it is."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.titles: tuple[str, ...] = ()
        self.rows: list[Row] = []
        self._mono: frozenset[int] = frozenset()

    def show(self, titles: Sequence[str], rows: list[Row], mono: frozenset[int] = frozenset()) -> None:
        """Show other contents; `mono` are the columns in the fixed-width font."""
        before = [row.key for row in self.rows]
        if tuple(titles) != self.titles or [row.key for row in rows] != before:
            self.beginResetModel()
            self.titles, self.rows, self._mono = tuple(titles), rows, mono
            self.endResetModel()
            return
        changed = [number for number, row in enumerate(rows) if row != self.rows[number]]
        self.rows = rows
        for number in changed:
            self.dataChanged.emit(self.index(number, 0), self.index(number, len(self.titles) - 1))

    def row_of(self, key: Hashable) -> int:
        """The row about a thing, -1 for none."""
        return next((number for number, row in enumerate(self.rows) if row.key == key), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.titles)

    @guarded(None)
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if is_unanswered(role) or not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == KEY:
            return row.key
        cell = row.cells[index.column()]
        if role == DISPLAY:
            return cell.text
        if role == FOREGROUND:
            return self._theme.color(cell.role)
        if role == TOOL_TIP:
            return plain_tip(cell.tip or cell.text)
        if role == FONT:
            return self._theme.font("mono", 0.9) if index.column() in self._mono else None
        if role == ALIGNMENT:
            return _RIGHT if cell.right else _LEFT
        if role == ACCESSIBLE_TEXT:
            return f"{row.title} {self.titles[index.column()]} {cell.text or 'nothing'}".strip()
        return None

    @guarded(None)
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        is_across = orientation == Qt.Orientation.Horizontal
        if role == ALIGNMENT:
            return _LEFT
        if role not in (DISPLAY, TOOL_TIP):
            return None
        if is_across:
            title = self.titles[section] if 0 <= section < len(self.titles) else None
        else:
            title = self.rows[section].title if 0 <= section < len(self.rows) else None
        return plain_tip(title) if title and role == TOOL_TIP else title


class TextTableView(QTableView):
    """Shows a `TextTable`; scrolls both ways, because a table of states and sparkles has no column that could be left out."""

    def __init__(self, model: TextTable, *, row_titles: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        self.setShowGrid(row_titles)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        if not row_titles:
            self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setMaximumSectionSize(_WIDEST_PX)
        rows = self.verticalHeader()
        rows.setVisible(row_titles)
        rows.setMinimumSectionSize(tokens.ROW_HEIGHT_PX)
        rows.setDefaultSectionSize(tokens.ROW_HEIGHT_PX)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMaximumWidth(_WIDEST_PX // 2)
        rows.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        model.modelReset.connect(self._on_reset)

    def set_row_height(self, text_height: int) -> None:
        """Make room for text of this height."""
        height = max(tokens.ROW_HEIGHT_PX, text_height + tokens.SPACE_PX)
        self.verticalHeader().setDefaultSectionSize(height)
        self._on_reset()

    def _on_reset(self) -> None:
        # The first rows tell how wide a column has to be: looking at ten thousand would take longer than showing them.
        self.horizontalHeader().setResizeContentsPrecision(50)
        self.resizeColumnsToContents()


def key_in(chosen: QItemSelection) -> Any:
    """The key of what was chosen in a table; None when something was only let go."""
    indexes = chosen.indexes()
    return indexes[0].data(KEY) if indexes else None


# ---- contents ----------------------------------------------------------------------------------------------------------


def matrix_rows(machine: Machine, wanted: Sequence[str], states: frozenset[int] | None) -> list[Row]:
    """A row per state, a cell per wanted sparkle; only these states, None for all."""
    rows = []
    for state in machine.rows:
        if states is not None and state not in states:
            continue
        name = machine.state_name(state)
        cells = tuple(_matrix_cell(machine.cells[state, sparkle], sparkle, name) for sparkle in wanted)
        rows.append(Row(state, cells, figures.short(name, 60)))
    return rows


def _matrix_cell(facts: CellFacts, sparkle: str, state: str) -> Cell:
    words = facts.words or "–"
    role = "warning" if facts.ignored else "text" if facts.handler == "own" or facts.ran else "text_muted"
    if facts.handler == "own":
        sentence = f"{facts.method} handles it in state {state}."
    elif facts.handler:
        sentence = f"{facts.method}, the handler for any state, handles it in state {state}."
    else:
        sentence = f"Nothing handles {sparkle} in state {state}: it would be ignored."
    counts = f" Ran {figures.counted(facts.ran, 'time')}, ignored {figures.counted(facts.ignored, 'time')}."
    return Cell(words, role, figures.short(sentence, 500) + counts)


ARROW_TITLES: Final = ("From", "To", "Sparkle", "Seen", "How")


def arrow_rows(machine: Machine, wanted: Sequence[Arrow] | None = None) -> list[Row]:
    """A row per cause of each arrow: the twin of the diagram."""
    rows = []
    for arrow in in_reading_order(machine) if wanted is None else wanted:
        tail, head = machine.nodes[arrow.tail], machine.nodes[arrow.head]
        tip = figures.short(words_of(arrow, machine.nodes), 500)
        ends = (Cell(figures.short(tail.name), "text", tip), Cell(figures.short(head.name), _end_role(head.kind), tip))
        causes: list[tuple[str, int, str, str]] = [
            (
                figures.short(label_words(it).rsplit(" ", 1)[0] if it.count else label_words(it)),
                it.count,
                HOW_WORDS[it.how],
                it.how,
            )
            for it in arrow.labels
        ]
        if arrow.lost or not causes:
            causes.append((arrow.without_cause, arrow.lost, "seen", "source"))
        for number, (sparkle, count, words, how) in enumerate(causes):
            role = {"seen": "text", "unknown": "error"}.get(how, "text_muted")
            cells = (
                *ends,
                Cell(sparkle, role, tip),
                Cell(figures.grouped(count) if count else "", role, tip, True),
                Cell(words, role, tip),
            )
            rows.append(Row((arrow.id, number), cells))
    return rows


def _end_role(kind: str) -> str:
    return "error" if kind == "unknown" else "text" if kind == "state" else "text_muted"


PASSAGE_TITLES: Final = ("Time", "Tonic", "Sparkle")


def passage_rows(known: Knowledge, passages: Sequence[TransitionRow]) -> list[Row]:
    """A row per passage, the newest first."""
    rows = []
    for passage in passages:
        run = known.run_of(passage.run) if passage.run else None
        sparkle = known.names.sparkle(run.sparkle) if run is not None else "not known"
        cells = (
            Cell(figures.moment(passage.t_ns, known.app.began_ns), "text_muted", right=True),
            Cell(figures.short(known.essences.name(passage.essence))),
            Cell(figures.short(sparkle), "text" if run is not None else "text_muted"),
        )
        rows.append(Row(passage.n, cells))
    return rows
