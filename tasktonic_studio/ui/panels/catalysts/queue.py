"""What waits for a catalyst, as a Qt table model: the next order at the top."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any, Final, NamedTuple

import numpy as np

from tasktonic.protocol.messages import NextOrder, NextOrders
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.timeline import OrderRow
from tasktonic_studio.ui.item_models.roles import ACCESSIBLE_TEXT, DISPLAY, FONT, FOREGROUND, TOOL_TIP, Column
from tasktonic_studio.ui.item_models.table import Items, TableModel
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import figures
from tasktonic_studio.ui.widgets.columns import tabular

COLUMNS: Final = (
    Column("place", "#", "Its place in the queue.", "99 999", right=True, rank=4),
    Column("age", "Waits", "How long it has waited.", "99.9 ms", right=True),
    Column("tonic", "Tonic", "Whose sparkle it is.", "conveyor 12", stretch=True),
    Column("sparkle", "Sparkle", "What will run.", "ttsc__move", stretch=True, mono=True),
    Column(
        "sender",
        "Sender",
        "Who called it: a sparkle of a tonic, or something outside.",
        "boss · ttse__on_go",
        stretch=True,
        rank=2,
    ),
    Column(
        "arguments",
        "Arguments",
        "What it was called with; empty unless previews are recorded.",
        "angle=45",
        stretch=True,
        mono=True,
        rank=3,
    ),
)
_NUMBER: Final = {column.id: number for number, column in enumerate(COLUMNS)}


class QueueRow(NamedTuple):
    """One waiting order; ``order`` is its number, ``essence`` whose sparkle it is."""

    order: int
    essence: int
    texts: tuple[str, ...]
    tip: str


NO_ROW: Final = QueueRow(0, -1, ("",) * len(COLUMNS), "")


class QueueModel(TableModel[QueueRow]):
    """The orders that wait for one catalyst.

    An item is a row of `Knowledge.orders`, as the stream told of them; or the number of an order, when the app told of the queue
    itself, as one that is held does.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__(COLUMNS)
        self._theme = theme
        self._known: Knowledge | None = None
        self._places: Items = np.empty(0, np.int64)
        self._told: dict[int, tuple[int, NextOrder]] = {}
        """Place and order by number, while the app has told of them."""
        self.is_told = False
        self.retheme()

    def show(self, known: Knowledge, waiting: Items, shown: Items, on_screen: Iterable[int]) -> bool:
        """Show these of the ``waiting`` orders; true when there are others than before."""
        self._known = known
        self._places = waiting
        self._leave_told(told=False)
        if np.array_equal(shown, self.items):
            self.forget(on_screen)  # they have waited longer by now
            return False
        self.replace(shown)
        return True

    def show_told(self, known: Knowledge, told: NextOrders, shown: list[NextOrder], on_screen: Iterable[int]) -> bool:
        """Show these of the orders that the app told of; true when there are others than before, or in another order."""
        self._known = known
        self._leave_told(told=True)
        self._told = {order.number: (told.first + place, order) for place, order in enumerate(told.orders, 1)}
        items = np.array([order.number for order in shown], np.int64)
        if np.array_equal(items, self.items):
            self.forget(on_screen)
            return False
        self.replace(items)
        return True

    def _leave_told(self, *, told: bool) -> None:
        """Items mean something else from now on."""
        if self.is_told != told:
            self.is_told = told
            self.replace(np.empty(0, np.int64))

    def told_at(self, row: int) -> NextOrder | None:
        """What the app told of the order in a row."""
        found = self._told.get(self.order_at(row)) if self.is_told else None
        return found[1] if found is not None else None

    def row_of_number(self, number: int) -> int:
        """The row that shows the order of this number, -1 for none."""
        if self.is_told:
            places = np.flatnonzero(self.items == number)
            return int(places[0]) if len(places) else -1
        return self.row_of_order(self._known.order_of(number)) if self._known is not None else -1

    def order_at(self, row: int) -> int:
        """The number of the order in a row, 0 for none."""
        item = self.item(row)
        return 0 if item is None else self.entry(item).order

    def row_of_order(self, order: OrderRow | None) -> int:
        """The row that shows an order, -1 for none."""
        return -1 if order is None else self.row_of(order.row)

    def text_of(self, rows: list[int]) -> str:
        """These rows as text with tabs, as they are copied."""
        items = [item for item in map(self.item, rows) if item is not None]
        return "\n".join(figures.tabbed(self.entry(item).texts) for item in items)

    def retheme(self) -> None:
        """Take fonts from the theme."""
        self._plain = tabular(self._theme.font("ui"))
        self._mono = self._theme.font("mono")

    def read(self, item: int) -> QueueRow:
        known = self._known
        if known is not None and self.is_told:
            return _told_row(known, *self._told[item]) if item in self._told else NO_ROW
        if known is None or not known.orders.first <= item < len(known.orders):
            return NO_ROW
        order = known.orders.row(item)
        place = int(np.searchsorted(self._places, item)) + 1
        texts = (
            figures.grouped(place),
            figures.duration(max(0, known.t_ns - order.t_ns)),
            figures.short(known.essences.name(order.essence)),
            figures.short(known.names.sparkle(order.sparkle)),
            sender_of(known, order),
            figures.short(order.arguments, 200),
        )
        return QueueRow(
            order.order, order.essence, texts, f"{texts[2]} · {texts[3]}({order.arguments})\nfrom {texts[4]}"
        )

    def key(self, row: QueueRow) -> Hashable:
        return row.order

    def cell(self, row: QueueRow, column: Column, role: int) -> Any:
        if role in (DISPLAY, ACCESSIBLE_TEXT):
            return row.texts[_NUMBER[column.id]]
        if role == FOREGROUND:
            return self._theme.color("text_muted" if column.id in ("place", "sender") else "text")
        if role == FONT:
            return self._mono if column.mono else self._plain
        return row.tip if role == TOOL_TIP else None


def _told_row(known: Knowledge, place: int, order: NextOrder) -> QueueRow:
    arguments = ", ".join(f"{row.name}={row.preview}" if row.name else row.preview for row in order.arguments)
    texts = (
        figures.grouped(place),
        figures.duration(max(0, known.t_ns - order.queued_ns)) if order.queued_ns else "",
        figures.short(order.name),
        figures.short(order.sparkle),
        figures.short(order.sender, 160),
        figures.short(arguments, 200),
    )
    lines = [f"{texts[2]} · {texts[3]}", *(f"  {row.name} = {row.preview}  ({row.type})" for row in order.arguments)]
    lines += [f"    {child.name} = {child.preview}" for row in order.arguments for child in row.children[:10]]
    if order.is_system:
        lines.append("One of the framework's own: it stays as it is.")
    return QueueRow(order.number, order.essence, texts, "\n".join([*lines, f"from {texts[4]}"]))


def sender_of(known: Knowledge, order: OrderRow) -> str:
    """Who called: the sparkle of a tonic, or what it was when it was none."""
    if order.run <= 0:
        name = known.essences.name(order.source)
        return " ".join(filter(None, (order.cause or "outside", figures.short(name, 80))))
    run = known.run_of(order.run)
    name = figures.short(known.essences.name(order.source), 80)
    return f"{name} · {figures.short(known.names.sparkle(run.sparkle), 80)}" if run is not None else name
