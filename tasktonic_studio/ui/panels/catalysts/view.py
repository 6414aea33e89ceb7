"""The catalysts panel's widget: one row per catalyst, a banner when one hangs, and below what is in its queue."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QModelIndex, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tasktonic.protocol.messages import NextOrders
from tasktonic_studio.commands.things import catalyst_of
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.filters import CatalystFilter
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.item_models.roles import SHARE
from tasktonic_studio.ui.list_view import Emptiness
from tasktonic_studio.ui.panels.catalysts.below import Below
from tasktonic_studio.ui.panels.catalysts.hang_banner import HangBanner
from tasktonic_studio.ui.panels.catalysts.model import CatalystsModel
from tasktonic_studio.ui.panels.catalysts.rows import COLUMNS, LONG_NS, NUMBER, inside_words
from tasktonic_studio.ui.panels.catalysts.trend_delegate import TrendDelegate
from tasktonic_studio.ui.table_view import TableView
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.essence_words import GONE, depth_of
from tasktonic_studio.ui.widgets.filter_bar import FilterWords
from tasktonic_studio.ui.widgets.room import LowSplit, give_room
from tasktonic_studio.ui.widgets.shapes import Shapes
from tasktonic_studio.ui.widgets.share_delegate import ShareDelegate
from tasktonic_studio.ui.widgets.tail_table import TailTable
from tasktonic_studio.ui.widgets.throttle import Throttle

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

FIGURES_MS: Final = 250
"""Figures and queue are shown anew at most this often."""
PLOT_MS: Final = 100
ASK_MS: Final = 1_000
"""While a catalyst hangs and its stack can be seen, it is asked for so often."""
_PLOT_PX: Final = 260
_SHARES: Final = (400, 600)
_EXPLAINED: Final = (
    "A catalyst runs the sparkles of its tonics one after the other, in one thread. Each has a row here: how much "
    "waits in its queue, how busy it is, what runs now and since when."
)


class CatalystsView(TableView):
    """All that the catalysts panel shows. Made by the panel; the dock owns it."""

    WORDS = FilterWords(
        "the catalysts",
        ("words", "waiting:", "busy:", "held:", "dead:"),
        "Words are looked for in name and thread. waiting: has orders in its queue, busy: ran a sparkle in the last second or "
        "so, inside: runs one now, held:, alive:, dead:; -word leaves out.",
    )
    EMPTINESS = Emptiness(
        ("No catalyst turns", _EXPLAINED),
        ("No catalyst turns yet", "The program runs. Its catalysts appear when it starts a formula."),
        ("No catalyst was seen", "The program has ended, and it had started no formula."),
    )
    ONE = "catalyst"
    MENU = (
        "run.hold_catalyst",
        "run.release_catalyst",
        "run.step",
        "run.next_timer",
        "order.add",
        "",
        "run.hold",
        "run.start",
        "",
        "catalysts.ask_stack",
        "selection.go_to_source",
        "selection.show_in_inspector",
        "selection.show_in_ledger",
        "",
        "selection.copy_name",
    )
    KIND = "catalyst"
    model: CatalystsModel

    def __init__(self, context: PanelContext) -> None:
        super().__init__(context)
        self.catalyst = -1
        self._hanging = -1
        self.drop_place: tuple[int, int] = (0, 0)
        """The order that was dragged last, and the one it is to run before."""
        self._asked: tuple[int, ...] = ()
        """What was known when the queue was asked for."""
        self._filter = CatalystFilter("")
        model = CatalystsModel(context.theme, Shapes(context.theme, self))
        model.setParent(self)
        table = TailTable(COLUMNS, "catalyst", "catalysts")
        table.setModel(model)
        table.stop_following()
        table.setItemDelegateForColumn(NUMBER["busy"], ShareDelegate(context.theme, SHARE, self))
        table.setItemDelegateForColumn(NUMBER["trend"], TrendDelegate(context.theme, self))
        table.setMinimumHeight(2 * tokens.ROW_HEIGHT_PX)
        accessible.name(table, "Catalysts", "One row per catalyst")
        self.below = Below(context)
        self._build(table, model)
        self.figures = Throttle(FIGURES_MS, self._look, self)
        self.plots = Throttle(PLOT_MS, self._show_plot, self)
        self._ask = QTimer(self)
        self._ask.setInterval(ASK_MS)
        self._ask.timeout.connect(self._ask_again)
        self.below.currentChanged.connect(self._on_tab)
        self.below.stack.wanted.connect(self._on_wanted)
        self.below.queue.more_wanted.connect(lambda: self._context.run("catalysts.more_orders"))
        self.below.queue.moved.connect(self._on_moved)
        self.below.plot.saved.connect(partial(self.bar.say, is_problem=False))
        self.below.plot.failed.connect(self.bar.say)
        self.show_where.clicked.connect(self._on_show_where)
        self.retheme()

    def _build(self, table: TailTable, model: CatalystsModel) -> None:
        self.banner = HangBanner(self._context.icons)
        self.sentence, self.show_where = self.banner.sentence, self.banner.show_where
        self.split = LowSplit(table, self.below, _SHARES)
        content = QWidget()
        inside = QVBoxLayout(content)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.split, 1)
        inside.addWidget(self.banner)
        self.place_table(table, model, content)

    # ---- for the panel

    def watch(self) -> None:
        super().watch()
        self._ask.start()

    def pause(self) -> None:
        self.figures.stop()
        self.plots.stop()
        self._ask.stop()

    def finish(self) -> None:
        super().finish()
        self.below.plot.finish()

    def retheme(self) -> None:
        super().retheme()
        self.below.retheme()

    def save_state(self) -> dict[str, Any]:
        below = self.below
        more = {
            "queue": below.queue.table.columns.save_state(),
            "tab": below.currentIndex(),
            "split": self.split.shares(),
        }
        return super().save_state() | more

    def restore_state(self, state: Mapping[str, Any]) -> None:
        super().restore_state(state)
        queue, tab, split = state.get("queue"), state.get("tab"), state.get("split")
        if isinstance(queue, dict):
            self.below.queue.table.columns.restore_state(queue)
        if isinstance(tab, int) and 0 <= tab < self.below.count():
            self.below.setCurrentIndex(tab)
        if isinstance(split, list) and len(split) == 2 and all(isinstance(size, int) and size > 0 for size in split):
            self.split.set_shares(split)

    @property
    def can_ask(self) -> bool:
        """Whether the stack of the chosen catalyst can be had now."""
        known = self._known
        facts = known.catalysts.get(self.catalyst) if known is not None else None
        return (
            known is not None
            and facts is not None
            and facts.alive
            and self.pin.is_live
            and known.target.is_alive
            and "stack" in known.target.capabilities
        )

    # ---- what is listed

    @property
    def is_filtered(self) -> bool:
        return bool(self._filter)

    def take_filter(self, text: str) -> str:
        self._filter = CatalystFilter(text)
        return self._filter.problem

    def fill(self, known: Knowledge) -> None:
        self._known = known
        self._follow_selection()
        self._look()
        self._mark_order()

    def follow(self, known: Knowledge, changes: Changes) -> None:
        if changes.catalysts or changes.runs or changes.target or changes.names:
            self.figures.ask()
        if changes.catalysts and self.below.currentWidget() is self.below.plot:
            self.plots.ask()

    def _look(self) -> None:
        known = self._known
        if known is None:
            return
        if self.model.show(known, self._filter.accepts, self.table.rows_on_screen()):
            self._follow_selection()
        self._mark()
        self._show_banner(known)
        self._ask_for_orders(known)
        self.below.show_catalyst(known, self.catalyst, can_ask=self.can_ask, told=self._told(known))
        self.show_state()

    def show_state(self) -> None:
        known = self._known
        if known is None:
            return
        count = len(known.catalysts)
        waiting = sum(depth_of(known, facts) for facts in known.catalysts.values())
        words = f"{figures.counted(count, 'catalyst')} · {figures.grouped(waiting)} waiting" if count else ""
        self.show_count(self.model.count, count, words="" if self._filter else words)
        self.show_page(self.model.count, count)

    def text_of(self, items: list[int]) -> str:
        return "\n".join(figures.tabbed(self.model.row_for(item).texts) for item in items)

    def row_id(self, item: int) -> int:
        return item

    def id_of(self, known: Knowledge, thing: Thing) -> int:
        return catalyst_of(known, thing)

    def _show_plot(self) -> None:
        if self._known is not None and self.below.currentWidget() is self.below.plot:
            self.below.show_plot(self._known, self.catalyst)

    def _show_banner(self, known: Knowledge) -> None:
        """Say when a catalyst has been inside one sparkle for long: the chosen one, else the one that hangs longest."""
        hanging = {
            facts.id: facts.inside_for_ns(known.t_ns)
            for facts in known.catalysts.values()
            if facts.alive and known.target.status not in GONE and facts.inside_for_ns(known.t_ns) >= LONG_NS
        }
        self._hanging = self.catalyst if self.catalyst in hanging else max(hanging, key=hanging.__getitem__, default=-1)
        if self._hanging < 0:
            self.banner.hide()
            return
        facts = known.catalysts[self._hanging]
        name = figures.short(facts.name or known.essences.name(facts.id), 60)
        text = f"{name} has been inside {inside_words(known, facts)} for {figures.duration(hanging[self._hanging])}"
        can_ask = known.target.is_alive and "stack" in known.target.capabilities and self.pin.is_live
        self.banner.say(text, can_show=can_ask)

    @property
    def can_ask_orders(self) -> bool:
        """Whether the chosen catalyst is held now, so that the app can tell of the queue itself."""
        known = self._known
        facts = known.catalysts.get(self.catalyst) if known is not None else None
        return (
            known is not None
            and facts is not None
            and facts.held
            and self.pin.is_live
            and known.target.is_alive
            and "queue" in known.target.capabilities
        )

    def _told(self, known: Knowledge) -> NextOrders | None:
        """What the app told of the queue of the chosen catalyst, while it is held and one looks at now."""
        told = known.next_orders.get(self.catalyst)
        return told if self.can_ask_orders and told is not None and told.held else None

    def _ask_for_orders(self, known: Knowledge) -> None:
        """Ask the app for the queue of the chosen catalyst, when it may be another than when it was asked before."""
        if not self.can_ask_orders or self.below.currentWidget() is not self.below.queue:
            self._asked = ()
            return
        facts = known.catalysts[self.catalyst]
        wanted = self.below.queue.wanted
        seen = (self.catalyst, len(known.orders), len(known.runs), len(known.log), facts.depth, wanted)
        if seen != self._asked:
            self._asked = seen
            self._context.run("catalysts.ask_orders")

    def _ask_again(self) -> None:
        """While the chosen one hangs and one looks at its stack: ask anew, so that one sees whether it moves."""
        known = self._known
        facts = known.catalysts.get(self.catalyst) if known is not None else None
        if (
            known is not None
            and facts is not None
            and self.below.currentWidget() is self.below.stack
            and facts.inside_for_ns(known.t_ns) >= LONG_NS
        ):
            self._on_wanted()

    def show_more_orders(self) -> None:
        """Ask for more of the orders that wait."""
        self.below.queue.show_more()
        self._look()

    def _on_moved(self, number: int, before: int) -> None:
        self.drop_place = (number, before)
        self._context.run("order.move_to")

    # ---- selection

    def selected_other(self, *, is_other_moment: bool) -> None:
        self.fill(self.pin.known())

    def _follow_selection(self) -> None:
        """Which catalyst it is about: the selected one, or the one that runs what is selected, else the one before."""
        known, thing = self._known, self.pin.thing
        if known is None:
            return
        chosen = catalyst_of(known, thing)
        if thing is not None and thing.kind == "catalyst" and isinstance(thing.key, int):
            chosen = thing.key
        if chosen not in known.catalysts:
            chosen = self.catalyst if self.catalyst in known.catalysts else min(known.catalysts, default=-1)
        self.catalyst = chosen

    def _mark_order(self) -> None:
        """Show the order that is selected, if it waits here."""
        thing = self.pin.thing
        number = thing.key if thing is not None and thing.kind == "order" and isinstance(thing.key, int) else 0
        self.below.queue.show_order(number)

    def _mark(self) -> None:
        row = self.model.row_of(self.catalyst)
        if row >= 0 and (self.table.currentIndex().row() != row or not self.table.selectionModel().hasSelection()):
            self.table.show_row(row)

    def on_chosen(self, index: QModelIndex) -> None:
        item = self.model.item(index.row())
        if item is not None:
            self._context.selection.select(Thing("catalyst", item))

    def on_opened(self, index: QModelIndex) -> None:
        self.on_chosen(index)
        self.below.setCurrentWidget(self.below.queue)
        self.below.queue.table.setFocus()

    # ---- below

    def _on_tab(self) -> None:
        if self.below.currentWidget() is self.below.plot:
            give_room(self.split, 1, _PLOT_PX)
        if self._known is None:
            return
        self._look()
        if self.below.currentWidget() is self.below.stack and self._known.stacks.get(self.catalyst) is None:
            self._on_wanted()

    def _on_wanted(self) -> None:
        if self.can_ask:
            self._context.run("catalysts.ask_stack")

    def _on_show_where(self) -> None:
        self._context.selection.select(Thing("catalyst", self._hanging))
        self.below.setCurrentWidget(self.below.stack)
        self._on_wanted()
