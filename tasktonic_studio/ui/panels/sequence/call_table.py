"""The table twin of the diagram: its rows as rows, for those who read rather than look."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final, NamedTuple

import numpy as np
from PySide6.QtWidgets import QWidget

from tasktonic_studio.session.calls import RAN
from tasktonic_studio.ui.item_models.roles import Column
from tasktonic_studio.ui.panels.sequence.model import SequenceModel
from tasktonic_studio.ui.panels.sequence.words import gap_words, marks_of, sentence
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import figures
from tasktonic_studio.ui.widgets.shapes import Shapes
from tasktonic_studio.ui.words_table import WordsModel, WordsTable

COLUMNS: Final = (
    Column("time", "Called", "When it was called, counted from the begin of the app.", "23:59:59.999", right=True),
    Column("sender", "From", "Who called: a lifeline of the diagram.", "conveyor 12", stretch=True),
    Column("receiver", "To", "Whose sparkle it is: a lifeline of the diagram.", "conveyor 12", stretch=True),
    Column("sparkle", "Sparkle", "What was called.", "ttse__on_stroke", stretch=True, mono=True, rank=1),
    Column("calls", "Calls", "For how many calls the row stands.", "99 999", right=True, rank=3),
    Column("state", "State", "The state that the call led to.", "running", rank=4),
    Column("took", "Took", "How long the first of its runs took.", "99.9 ms", right=True, rank=5),
    Column("marks", "Special", "What was special: raised, ignored, waiting.", "2 ignored", icon=True, rank=2),
)
_SHAPES: Final = ("error", "ignored", "waiting", "dropped")


class CallWords(NamedTuple):
    """What one row shows. ``order`` is the number of its first order, 0 where something is missing."""

    order: int
    texts: tuple[str, ...]
    shape: str
    about: str


class CallTableModel(WordsModel[CallWords]):
    """Rows of a diagram, by their numbers."""

    SPECIAL = "marks"
    QUIET = frozenset({"time", "calls", "took"})

    def __init__(self, model: SequenceModel, theme: Theme, shapes: Shapes) -> None:
        super().__init__(COLUMNS, theme, shapes)
        self._model = model

    def read(self, item: int) -> CallWords:
        diagram, known = self._model.diagram, self._model.known
        row = diagram.row(item)
        tip = sentence(diagram, row)
        if row.gap is not None:
            texts = ["", "", "", gap_words(row.gap), "", "", "", "lost"]
            return CallWords(0, tuple(texts), "warning", tip)
        calls, at = diagram.calls, row.call
        has_run = calls.fate[at] == RAN
        texts = [
            figures.moment(int(calls.sent_ns[at]), known.app.began_ns),
            figures.short(diagram.lines[row.sender].words),
            figures.short(diagram.lines[row.receiver].words),
            figures.short(row.name),
            figures.grouped(row.calls),
            figures.short(row.state),
            figures.duration(int(calls.end_ns[at] - calls.begin_ns[at])) if has_run else "",
            marks_of(row),
        ]
        counts = (row.errors, row.ignored, row.waiting, row.not_seen)
        shape = next((shape for shape, count in zip(_SHAPES, counts, strict=True) if count), "")
        return CallWords(diagram.order_at(item), tuple(texts), shape, tip)

    def key(self, row: CallWords) -> Hashable:
        return row.order

    def tip(self, row: CallWords, column: Column) -> str:
        return row.about


class CallTable(WordsTable):
    """Lists the rows of the diagram. Owned by the sequence panel's view."""

    def __init__(self, model: SequenceModel, theme: Theme, parent: QWidget | None = None) -> None:
        self.calls = CallTableModel(model, theme, Shapes(theme))
        super().__init__(self.calls, theme, "row", "Calls", "One row per row of the diagram: who called whom", parent)
        self._model = model

    def renew(self) -> None:
        """The diagram is another one."""
        top = self.top_row()
        self.calls.replace(np.arange(len(self._model.diagram), dtype=np.int64))
        self.rows_replaced(top)
