"""The catalysts panel's widget: one row per catalyst, a banner when one hangs, and below what is in its queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from tasktonic_studio.commands.things import catalyst_of
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.item_models.roles import SHARE
from tasktonic_studio.ui.panels.catalysts.below import Below
from tasktonic_studio.ui.panels.catalysts.model import CatalystsModel
from tasktonic_studio.ui.panels.catalysts.rows import COLUMNS, LONG_NS, NUMBER, inside_words
from tasktonic_studio.ui.panels.catalysts.trend_delegate import TrendDelegate
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tasktonic_studio.ui.widgets.empty_state import OTHER_START, EmptyState
from tasktonic_studio.ui.widgets.essence_words import GONE
from tasktonic_studio.ui.widgets.pin import Pin
from tasktonic_studio.ui.widgets.shapes import Shapes
from tasktonic_studio.ui.widgets.share_delegate import ShareDelegate
from tasktonic_studio.ui.widgets.tail_table import TailTable
from tasktonic_studio.ui.widgets.throttle import Throttle

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

MENU: Final = (
    "run.hold",
    "run.step",
    "run.start",
    "",
    "catalysts.ask_stack",
    "selection.go_to_source",
    "selection.show_in_inspector",
    "selection.show_in_ledger",
    "",
    "selection.copy_name",
)
FIGURES_MS: Final = 250
"""Figures and queue are shown anew at most this often."""
PLOT_MS: Final = 100
ASK_MS: Final = 1_000
"""While a catalyst hangs and its stack can be seen, it is asked for so often."""


class CatalystsView(QWidget):
    """All that the catalysts panel shows. Made by the panel; the dock owns it."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._known: Knowledge | None = None
        self.catalyst = -1
        self._shown: tuple[Thing | None, int | None] | None = None
        self._undo_watch: Any = None
        self._shapes = Shapes(context.theme, self)
        self.pin = Pin(context)
        self.model = CatalystsModel(context.theme, self._shapes)
        self.model.setParent(self)
        self.table = TailTable(COLUMNS, "catalyst", "catalysts")
        self.table.setModel(self.model)
        self.table.stop_following()
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.setItemDelegateForColumn(NUMBER["busy"], ShareDelegate(context.theme, SHARE, self))
        self.table.setItemDelegateForColumn(NUMBER["trend"], TrendDelegate(context.theme, self))
        accessible.name(self.table, "Catalysts", "One row per catalyst")
        self.counts = QLabel()
        self.counts.setProperty("role", "small")
        self.banner = QFrame()
        self.banner.setObjectName("problem_banner")
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.show_where = QPushButton("Show where")
        self.show_where.setToolTip("Show where in the source it is")
        self.banner.hide()
        self.below = Below(context)
        self.nothing_yet = EmptyState(
            "No catalyst turns",
            "A catalyst runs the sparkles of its tonics one after the other, in one thread. Each has a row here: how much "
            "waits in its queue, how busy it is, what runs now and since when.",
            "Start the example plant",
            "run.start_example",
            context.run,
            OTHER_START,
        )
        self._build()
        self.figures = Throttle(FIGURES_MS, self._show, self)
        self.plots = Throttle(PLOT_MS, self._show_plot, self)
        self._ask = QTimer(self)
        self._ask.setInterval(ASK_MS)
        self._connect()
        self.retheme()

    def _build(self) -> None:
        space = tokens.SPACE_PX
        bar = QHBoxLayout()
        bar.setContentsMargins(space, space // 2, space // 2, space // 2)
        bar.addWidget(self.counts, 1)
        bar.addWidget(self.pin)
        row = QHBoxLayout(self.banner)
        row.setContentsMargins(space, space // 2, space, space // 2)
        row.addWidget(self.sentence, 1)
        row.addWidget(self.show_where)
        top = QWidget()
        inside = QVBoxLayout(top)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.table, 1)
        inside.addWidget(self.banner)
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(top)
        self.split.addWidget(self.below)
        self.split.setStretchFactor(0, 2)
        self.split.setStretchFactor(1, 3)
        self.split.setSizes([400, 600])
        self.table.setMinimumHeight(3 * tokens.ROW_HEIGHT_PX)
        self._pages = QWidget()
        self._stack = QStackedLayout(self._pages)
        self._stack.addWidget(self.nothing_yet)
        self._stack.addWidget(self.split)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(self._pages, 1)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self._ask.timeout.connect(self._ask_again)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_opened)
        self.table.pointed.connect(self._on_pointed)
        self.table.customContextMenuRequested.connect(self._on_menu)
        self.pin.changed.connect(self._on_pinned)
        self.below.currentChanged.connect(self._on_tab)
        self.below.stack.wanted.connect(self._on_wanted)
        self.below.plot.saved.connect(self._on_saved)
        self.show_where.clicked.connect(self._on_show_where)

    # ---- for the panel

    def watch(self) -> None:
        """Follow the selection from now on."""
        if self._undo_watch is None:
            self._undo_watch = self._context.selection.watch(self._on_selection)
            self._ask.start()

    def unwatch(self) -> None:
        """Do nothing any more until `watch`."""
        self.figures.stop()
        self.plots.stop()
        self._ask.stop()
        self._shown = None
        if self._undo_watch is not None:
            self._undo_watch()
            self._undo_watch = None

    def finish(self) -> None:
        """The window closes for good."""
        self.unwatch()
        self.below.plot.finish()

    def on_changes(self, changes: Changes) -> None:
        """Bring figures and queue up to date, now and then."""
        self.pin.take(changes)
        known = self.pin.known()
        if known is not self._known or changes.everything:
            self._known = known
            self._follow_selection()
            self._show()
            self._mark_order()
        elif self.pin.is_live and (changes.catalysts or changes.runs or changes.target or changes.names):
            self.figures.ask()
            if changes.catalysts and self.below.currentWidget() is self.below.plot:
                self.plots.ask()

    def retheme(self) -> None:
        """Take on the theme's fonts and colours."""
        self.model.retheme()
        self.table.set_fonts(self._context.theme.font("ui"), self._context.theme.font("mono"))
        self.below.retheme()
        self.pin.retheme()

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

    # ---- keeping in step

    def _show(self) -> None:
        known = self._known
        if known is None:
            return
        if self.model.show(known, self.table.rows_on_screen()):
            self._follow_selection()
        self._mark()
        self._show_banner(known)
        self.below.show_catalyst(known, self.catalyst, can_ask=self.can_ask)
        self._choose_page(known)

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
        self.sentence.setText(text)
        self.show_where.setVisible(known.target.is_alive and "stack" in known.target.capabilities and self.pin.is_live)
        self.banner.show()

    def _choose_page(self, known: Knowledge) -> None:
        count = len(known.catalysts)
        waiting = len(known.waiting)
        self.counts.setText(
            f"{figures.counted(count, 'catalyst')}, {figures.counted(waiting, 'order')} waiting" if count else ""
        )
        if not count:
            if known.target.is_alive:
                self.nothing_yet.say(
                    "No catalyst turns yet",
                    "The program runs. Its catalysts appear when it starts a formula.",
                    offer=False,
                )
            elif known.target.status in GONE:
                self.nothing_yet.say("No catalyst was seen", "The program has ended, and it had started no formula.")
        page: QWidget = self.split if count else self.nothing_yet
        if self._stack.currentWidget() is not page:
            self._stack.setCurrentWidget(page)

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

    # ---- selection

    def _on_selection(self) -> None:
        self._show_hovered()
        shown = (self.pin.thing, self.pin.time)
        if shown == self._shown:
            return
        self._shown = shown
        self._known = self.pin.known()
        self._follow_selection()
        self._show()
        self._mark_order()

    def _on_pinned(self) -> None:
        self._shown = None
        self._on_selection()

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

    def _show_hovered(self) -> None:
        """Light the catalyst of what is under the pointer in any panel."""
        hovered, known = self._context.selection.hovered, self._known
        self._hovered = catalyst_of(known, hovered) if known is not None and hovered is not None else -1
        self.table.light(self._is_hovered if self._hovered >= 0 else None, self._context.theme.color("hover"))

    def _is_hovered(self, row: int) -> bool:
        return self.model.item(row) == self._hovered

    def _on_pointed(self, row: int) -> None:
        item = self.model.item(row)
        self._context.selection.hover(Thing("catalyst", item) if item is not None else None)

    def _on_chosen(self, index: QModelIndex) -> None:
        item = self.model.item(index.row())
        if item is not None:
            self._context.selection.select(Thing("catalyst", item))

    def _on_opened(self, index: QModelIndex) -> None:
        self._on_chosen(index)
        self.below.setCurrentWidget(self.below.queue)
        self.below.queue.table.setFocus()

    def _on_menu(self, at: QPoint) -> None:
        index = self.table.indexAt(at)
        if index.isValid():
            self._on_chosen(index)
            CommandMenu(self, self._context, MENU).popup(self.table.viewport().mapToGlobal(at))

    # ---- below

    def _on_tab(self) -> None:
        if self._known is None:
            return
        self.below.show_catalyst(self._known, self.catalyst, can_ask=self.can_ask)
        if self.below.currentWidget() is self.below.stack and self._known.stacks.get(self.catalyst) is None:
            self._on_wanted()

    def _on_wanted(self) -> None:
        if self.can_ask:
            self._context.run("catalysts.ask_stack")

    def _on_show_where(self) -> None:
        self._context.selection.select(Thing("catalyst", self._hanging))
        self.below.setCurrentWidget(self.below.stack)
        self._on_wanted()

    def _on_saved(self, sentence: str) -> None:
        self.counts.setText(sentence)
