"""The page with the orders that wait for one catalyst: the stream's view of them, or the queue itself while it is held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QLabel, QStackedLayout, QVBoxLayout, QWidget

from tasktonic.protocol.messages import NextOrder, NextOrders
from tasktonic_studio.session.filters import OrderFilter
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.catalysts import queue
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tasktonic_studio.ui.widgets.essence_words import GONE
from tasktonic_studio.ui.widgets.filter_bar import FilterBar, FilterWords
from tasktonic_studio.ui.widgets.focus import FocusLeader
from tasktonic_studio.ui.widgets.row_drag import RowDrag
from tasktonic_studio.ui.widgets.tail_table import TailTable

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

QUEUE_MENU: Final = (
    "selection.go_to_source",
    "selection.show_in_inspector",
    "selection.show_in_ledger",
    "",
    "run.to_order",
    "run.follow",
    "run.cascade",
    "run.step",
    "run.next_timer",
    "",
    "order.edit",
    "order.move_up",
    "order.move_down",
    "order.duplicate",
    "order.drop",
    "order.add",
    "",
    "run.hold",
    "run.start",
    "",
    "catalysts.more_orders",
    "catalysts.copy_rows",
)
ORDERS_SHOWN: Final = 200
"""So many of the next orders are shown of a held catalyst at first, and so many more each time."""
MOST_SHOWN: Final = 2_000
"""More than these no app tells of."""
_WORDS: Final = FilterWords(
    "the queue",
    ("words", "tonic:pump", "sender:boss", "longer:5ms"),
    "Words are looked for in tonic, class and sparkle. tonic:, type:, sparkle:, sender:, longer:5ms",
)
_PLAIN, _ALT, _CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
)
_KEYS: Final = {
    (_PLAIN, Qt.Key.Key_Delete): "order.drop",
    (_PLAIN, Qt.Key.Key_F2): "order.edit",
    (_PLAIN, Qt.Key.Key_Insert): "order.add",
    (_ALT, Qt.Key.Key_Up): "order.move_up",
    (_ALT, Qt.Key.Key_Down): "order.move_down",
    (_CTRL, Qt.Key.Key_D): "order.duplicate",
}
"""Keys that are heard in the table only, while the catalyst is held."""


class QueuePage(FocusLeader):
    """The queue in order. Made by `Below`."""

    more_wanted = Signal()
    """One has scrolled to the end of what the app told of, and there is more."""
    moved = Signal(object, object)
    """An order was dragged: its number, and that of the order it is to run before; 0 for after all."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._known: Knowledge | None = None
        self._catalyst = -1
        self._filter = OrderFilter("")
        self._told: NextOrders | None = None
        self.total = 0
        self.wanted = ORDERS_SHOWN
        """So many of the next orders of a held catalyst are to be told."""
        self.bar = FilterBar(_WORDS)
        self.search, self.words, self.problem = self.bar.search, self.bar.counts, self.bar.problem
        self.model = queue.QueueModel(context.theme)
        self.model.setParent(self)
        self.table = TailTable(queue.COLUMNS, "order", "orders")
        self.table.setModel(self.model)
        self.table.stop_following()
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.setMinimumHeight(2 * tokens.ROW_HEIGHT_PX)
        accessible.name(self.table, "Queue", "The waiting orders, the next one at the top")
        self.nothing = QLabel()
        self.nothing.setProperty("role", "muted")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setWordWrap(True)
        self.nothing.setContentsMargins(tokens.SPACE_PX, 0, tokens.SPACE_PX, 0)
        self._build()
        self.bar.changed.connect(self.apply_filter)
        self.bar.left.connect(self.table.setFocus)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_opened)
        self.table.pointed.connect(self._on_pointed)
        self.table.copied.connect(self.copy_rows)
        self.table.customContextMenuRequested.connect(self._on_menu)
        self.table.installEventFilter(self)
        self.table.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.drag = RowDrag(self.table, self._draggable_at, self.model.order_at)
        self.drag.dropped.connect(self.moved)

    def _build(self) -> None:
        pages = QWidget()
        self._stack = QStackedLayout(pages)
        self._stack.addWidget(self.nothing)
        self._stack.addWidget(self.table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(pages, 1)
        self.lead_focus_to(self.table)

    def show_queue(self, known: Knowledge, catalyst: int, told: NextOrders | None = None) -> None:
        """Show what waits for a catalyst at a moment: the queue itself, when the app has ``told`` of it, else what the stream says."""
        if told is None or catalyst != self._catalyst:
            self.wanted = ORDERS_SHOWN
        self._known, self._catalyst, self._told = known, catalyst, told
        selected = self.model.order_at(self.table.currentIndex().row()) if self.table.selected_rows() else 0
        top = self.table.top_row()
        on_screen = self.table.rows_on_screen()
        if told is not None:
            is_other = self.model.show_told(known, told, self._filter.told(known, told.orders), on_screen)
            count = told.total
        else:
            waiting, _ = known.waiting_of(catalyst)
            is_other = self.model.show(known, waiting, self._filter.rows(known, waiting), on_screen)
            count = len(waiting)
        if is_other:
            self.table.rows_replaced(max(top, 0))
            if selected:
                self.show_order(selected)
        self._say(known, count)

    def _say(self, known: Knowledge, count: int) -> None:
        facts = known.catalysts.get(self._catalyst)
        depth = facts.depth if facts is not None and facts.alive and known.target.status not in GONE else 0
        self.total = count
        words, tip = f"{figures.grouped(count)} waiting", ""
        if self._filter:
            words = f"{figures.grouped(self.model.count)} of {words}"
        told = self._told
        if told is not None:
            words = f"{figures.grouped(count)} next"
            if self._filter:
                words = f"{figures.grouped(self.model.count)} of {words}"
            elif count > len(told.orders):
                words = f"the first {figures.grouped(len(told.orders))} of {words}"
            tip = "Held: these run next, in this order, when it goes on." + (f" {told.problem}" if told.problem else "")
            tip += " Scroll to the end for more." if self.can_show_more else ""
            depth = 0
        if depth > count and facts is not None and known.t_ns - facts.beat_ns < 1_000_000_000:
            words += f", {figures.grouped(depth)} in all"
            tip = "The others were queued before this was watched, or where flow was lost."
        self.bar.show_count(words, tip)
        if self.model.count:
            self._stack.setCurrentWidget(self.table)
            return
        self._stack.setCurrentWidget(self.nothing)
        if count:
            self.nothing.setText("No waiting order matches.")
        elif depth:
            self.nothing.setText(
                f"{figures.counted(depth, 'order')} waited a moment ago. They ran before they could be shown, or were queued "
                "before this was watched."
            )
        elif told is not None:
            self.nothing.setText(
                "Held, and nothing waits. Timers stand still, so nothing will come from them; Alt+F10 lets the next one fire."
            )
        else:
            self.nothing.setText("Nothing waits. Orders stand here from the moment they are queued until they run.")

    def show_order(self, number: int) -> None:
        """Mark an order, because it was selected anywhere; 0 for none of them."""
        row = self.model.row_of_number(number) if number else -1
        if row >= 0:
            self.table.show_row(row)
        elif self.table.selectionModel().hasSelection():
            self.table.show_none()

    def copy_rows(self) -> None:
        """Put the selected rows on the clipboard."""
        rows = self.table.selected_rows()
        if rows:
            QGuiApplication.clipboard().setText(self.model.text_of(rows))

    def apply_filter(self) -> None:
        """Show what the filter's text asks for, now."""
        self._filter = OrderFilter(self.search.text())
        self.bar.say(self._filter.problem)
        if self._known is not None:
            self.show_queue(self._known, self._catalyst, self._told)

    def retheme(self) -> None:
        """Take on the theme's fonts and colours."""
        self.model.retheme()
        self.table.set_fonts(self._context.theme.font("ui"), self._context.theme.font("mono"))

    def _on_chosen(self, index: QModelIndex) -> None:
        number = self.model.order_at(index.row())
        if number:
            self._context.selection.select(Thing("order", number))

    def _on_opened(self, index: QModelIndex) -> None:
        self._on_chosen(index)
        self._context.run("selection.go_to_source")

    def _on_pointed(self, row: int) -> None:
        item = self.model.item(row)
        essence = self.model.entry(item).essence if item is not None else -1
        self._context.selection.hover(Thing("essence", essence) if essence >= 0 else None)

    def _on_menu(self, at: QPoint) -> None:
        if self.table.indexAt(at).isValid():
            CommandMenu(self, self._context, QUEUE_MENU).popup(self.table.viewport().mapToGlobal(at))

    # ---- the orders of a held catalyst

    @property
    def can_show_more(self) -> bool:
        """Whether more orders wait than the app told of, and it would tell of more."""
        told = self._told
        return told is not None and self.wanted <= len(told.orders) < min(told.total, MOST_SHOWN)

    def show_more(self) -> None:
        """Want more of the next orders."""
        self.wanted = min(self.wanted + ORDERS_SHOWN, MOST_SHOWN)

    def _on_scrolled(self, value: int) -> None:
        if value and value == self.table.verticalScrollBar().maximum() and self.can_show_more and not self._filter:
            self.more_wanted.emit()

    def _draggable_at(self, row: int) -> int:
        """The number of an order that may be put elsewhere; 0 while a filter hides what is between."""
        order = self.model.told_at(row) if not self._filter else None
        return 0 if order is None or order.is_system else order.number

    @property
    def chosen(self) -> NextOrder | None:
        """The chosen order, while the app tells of the queue itself."""
        return self.model.told_at(self.table.currentIndex().row()) if self.table.selected_rows() else None

    def beside(self, steps: int) -> NextOrder | None:
        """The order so many rows further down; ``None`` past the end, and while a filter hides what is between."""
        return None if self._filter else self.model.told_at(self.table.currentIndex().row() + steps)

    @property
    def told(self) -> NextOrders | None:
        """What the app told of the queue, while that is what is shown."""
        return self._told

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys that change the queue, also where the window has others for them."""
        if self._told is not None and isinstance(event, QKeyEvent):
            command_id = _KEYS.get((event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier, Qt.Key(event.key())), "")
            if command_id and event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if command_id and event.type() == QEvent.Type.KeyPress:
                self._context.run(command_id)
                return True
        return super().eventFilter(watched, event)
