"""The list below the diagram: when the chosen way from state to state was gone along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QObject

from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.state_machine.machine import Arrow, Machine, passages
from tasktonic_studio.ui.panels.state_machine.tables import (
    PASSAGE_TITLES,
    TextTable,
    TextTableView,
    key_in,
    passage_rows,
)
from tasktonic_studio.ui.widgets.elided_label import ElidedLabel
from tasktonic_studio.ui.widgets.pin import Pin

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext


class Passages(QObject):
    """Fills the list, and selects the run of the passage that is chosen in it. Owned by the view.

    Args:
        context: whose selection it is.
        pin: of the panel: says what is known at the moment that is shown.
        table: the widget of the list; it owns this.
        model: its rows.
        title: stands above the list.
    """

    def __init__(
        self, context: PanelContext, pin: Pin, table: TextTableView, model: TextTable, title: ElidedLabel
    ) -> None:
        super().__init__(table)
        self._context = context
        self._pin = pin
        self._model = model
        self._title = title
        self._shown: tuple[object, ...] = ()
        # Not `currentChanged`: merely getting the focus makes a row current, and that is nobody's choice.
        table.selectionModel().selectionChanged.connect(self._on_chosen)

    def show(self, known: Knowledge, machine: Machine, arrow: Arrow | None) -> None:
        """List the passages along an arrow of a machine; with None the list is off the screen, and nothing is done."""
        if arrow is None:
            self._shown = ()
            return
        wanted = (machine.cls, arrow.id, arrow.count, id(known))
        if wanted == self._shown:
            return
        self._shown = wanted
        rows = passage_rows(known, passages(known, machine, arrow))
        self._model.show(PASSAGE_TITLES, rows, frozenset({2}))
        tail, head = machine.nodes[arrow.tail].name, machine.nodes[arrow.head].name
        self._title.show_text(f"{tail} → {head}: {_words(len(rows), arrow.count)}")

    def _on_chosen(self, chosen: QItemSelection) -> None:
        number, known = key_in(chosen), self._pin.known()
        if not isinstance(number, int):
            return
        index = known.transitions.count_at(number)
        if known.transitions.first <= index < len(known.transitions):
            passage = known.transitions.row(index)
            run = known.run_of(passage.run) if passage.run else None
            thing = Thing("run", passage.run) if run is not None else Thing("essence", passage.essence)
            self._context.selection.select(thing)


def _words(shown: int, counted: int) -> str:
    """How many passages are listed, and why there may be fewer than were counted."""
    if not counted:
        return "not gone along yet"
    if shown < counted:
        return f"the last {shown} of {counted:,} passages".replace(",", "\u202f")
    return f"{counted} passage{'' if counted == 1 else 's'}"
