"""The ledger's widget: filter, tree, and what to say when there is nothing in it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from tasktonic_studio.commands.things import essence_of
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.essences import EssenceFacts
from tasktonic_studio.session.filters import LedgerFilter
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.ledger.model import Accept, LedgerModel
from tasktonic_studio.ui.panels.ledger.tree_view import LedgerTree
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tasktonic_studio.ui.widgets.empty_state import OTHER_START, EmptyState
from tasktonic_studio.ui.widgets.essence_words import GONE
from tasktonic_studio.ui.widgets.shapes import Shapes
from tasktonic_studio.ui.widgets.throttle import Throttle

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

MENU: Final = (
    "selection.go_to_source",
    "selection.copy_name",
    "",
    "selection.show_in_inspector",
    "state_machine.show",
    "selection.show_in_trace",
)
FIGURES_MS: Final = 400
"""Rates and ages are shown anew at most this often: figures that change faster cannot be read."""
STRUCTURE_MS: Final = 33
"""Births and ends are shown at most this often; less often while they are dear."""
_TYPING_MS: Final = 120


class LedgerView(QWidget):
    """All that the ledger panel shows. Made by the panel; the dock owns it."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._known: Knowledge | None = None
        self._catalysts: tuple[tuple[int, bool, bool], ...] = ()
        self._filter: LedgerFilter | None = None
        self._refilter: set[int] = set()
        self._moved: set[int] = set()
        self._shown: tuple[Thing | None, int | None] | None = None
        self._undo_watch: Any = None
        self._shapes = Shapes(context.theme, self)
        self.model = LedgerModel(context.theme, context.icons, self._shapes)
        self.model.setParent(self)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Filter: name  state:open  type:Pump  cat:main  dead:")
        self.search.setClearButtonEnabled(True)
        self.search.setToolTip(
            "Words find names. state:open, type:Pump and cat:main narrow down; dead: shows what has finished, "
            "-word leaves out."
        )
        accessible.name(self.search, "Filter the ledger", "Words, state:open, type:Pump, cat:main, dead:")
        self.problem = QLabel()
        self.problem.setProperty("role", "warning")
        self.problem.setWordWrap(True)
        self.problem.setContentsMargins(tokens.SPACE_PX, 0, tokens.SPACE_PX, tokens.SMALL_SPACE_PX)
        self.problem.hide()
        self.counts = QLabel()
        self.counts.setProperty("role", "small")
        self.tree = LedgerTree(self.model, context.theme)
        accessible.name(self.tree, "Ledger", "The tree of what lives, by context")
        self.nothing_yet = EmptyState(
            "Nothing lives yet",
            "When a program runs, its tonics stand here below the tonic that made them, each with its state and how busy "
            "it is. Start the example plant to see some hundred of them.",
            "Start the example plant",
            "run.start_example",
            context.run,
            OTHER_START,
        )
        self.nothing_found = EmptyState("", "", "Clear the filter", "clear", self._clear_filter)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._build()
        self.structure = Throttle(STRUCTURE_MS, self._sync_moved, self)
        self.figures = Throttle(FIGURES_MS, self._show_figures, self)
        self._typing.timeout.connect(self.apply_filter)
        self.search.textChanged.connect(self._on_text)
        self.tree.chosen.connect(self._on_chosen)
        self.tree.opened.connect(self._on_opened)
        self.tree.pointed.connect(self._on_pointed)
        self.tree.customContextMenuRequested.connect(self._on_menu)

    def _build(self) -> None:
        space = tokens.SPACE_PX
        bar = QHBoxLayout()
        bar.setContentsMargins(space, space // 2, space, space // 2)
        bar.setSpacing(space)
        bar.addWidget(self.search, 1)
        bar.addWidget(self.counts)
        self._pages = QWidget()
        self._stack = QStackedLayout(self._pages)
        for page in (self.nothing_yet, self.tree, self.nothing_found):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(self.problem)
        layout.addWidget(self._pages, 1)
        accessible.tab_order([self.search, self.tree])
        self.setFocusProxy(self.tree)

    # ---- for the panel

    def watch(self) -> None:
        """Follow the selection from now on."""
        if self._undo_watch is None:
            self._undo_watch = self._context.selection.watch(self._on_selection)

    def unwatch(self) -> None:
        """Do nothing any more until `watch`."""
        self._typing.stop()
        self.figures.stop()
        self.structure.stop()
        self._shown = None
        if self._undo_watch is not None:
            self._undo_watch()
            self._undo_watch = None

    def on_changes(self, changes: Changes) -> None:
        """Bring the tree up to date: work for what is on screen, and for what was born or has ended."""
        known = self._context.known()
        is_past = not self._context.selection.is_live
        if known is not self._known or (changes.everything and not is_past):
            self._show_moment(known)
        elif not is_past:
            self._follow(known, changes)

    def retheme(self) -> None:
        """Take on the theme's fonts and colours."""
        self.tree.retheme()

    # ---- keeping in step

    def _fill(self, known: Knowledge) -> None:
        top = self.tree.top_key()
        self._known = known
        self._refilter.clear()
        self._moved.clear()
        self.tree.filtering = self._filter is not None
        with self.tree.quietly():
            self.model.fill(known, self._accept())
        self.tree.open_again()
        self.tree.scroll_to_key(top)
        self._mark_selected(reveal=False)
        self._show_counts(known)

    def _show_moment(self, known: Knowledge) -> None:
        """Show what is known at another moment. Of the same app only the rows are moved that are otherwise then."""
        before = self._known
        if before is None or before is known or self._filter is not None or not known.is_of_app_of(before):
            self._fill(known)
            return
        self._known = known
        moved, self._moved = self._moved | known.essences.unlike(before.essences), set()
        self.model.refresh_figures()
        self._sync(known, moved)
        self.tree.touch(None)

    def _follow(self, known: Knowledge, changes: Changes) -> None:
        moved = changes.essences_new | changes.essences_ended | changes.essences_forgotten
        if self._filter is not None:
            # Whether a row matches may change with its state: looked at with the figures, not with every frame.
            self._refilter |= changes.essences
        if moved:
            self._moved |= moved
            self.structure.ask()
        catalysts = tuple((it.id, it.held, it.alive) for it in known.catalysts.values())
        if changes.names or catalysts != self._catalysts:
            self._catalysts = catalysts
            self.tree.touch(None)
        elif changes.essences:
            self.tree.touch(changes.essences)
        if changes.essences or changes.catalysts:
            self.figures.ask()
        if changes.target and (not len(known.essences) or known.target.status in GONE):
            self._show_counts(known)

    def _sync_moved(self) -> None:
        """Insert, move and remove rows. What that costs grows with the open rows, so how often it is done follows."""
        moved, self._moved = self._moved, set()
        if self._known is None or not moved or not self._context.selection.is_live:
            return
        began = time.perf_counter()
        self._sync(self._known, moved)
        self.structure.set_interval(int(min(1_000, max(STRUCTURE_MS, 10_000 * (time.perf_counter() - began)))))

    def _sync(self, known: Knowledge, essences: set[int]) -> None:
        with self.tree.quietly():
            opened = self.model.sync(known, essences)
        self.tree.open_new(opened)
        self._mark_selected(reveal=False)
        self._show_counts(known)

    def _show_figures(self) -> None:
        known = self._known
        if known is None or not self._context.selection.is_live:
            return
        if self._refilter:
            self._moved |= self._refilter
            self._refilter = set()
            self.structure.ask()
        self.model.refresh_figures()
        self.tree.touch(None)

    def _show_counts(self, known: Knowledge) -> None:
        essences = known.essences
        if self._filter is not None:
            self.counts.setText(f"{figures.grouped(self.model.matches)} found")
        elif len(essences):
            gone = known.target.status in GONE
            words = "lived at its end" if gone else "alive"
            count = essences.alive_count
            self.counts.setText(f"{figures.grouped(count)} {words}" if count or not gone else "")
        else:
            self.counts.setText("")
        self.counts.setToolTip(
            f"{figures.grouped(essences.alive_count)} alive, {figures.grouped(essences.ended_count)} finished"
        )
        page: QWidget = self.tree
        if not len(essences):
            page = self.nothing_yet
            self._say_why_empty(known)
        elif self._filter is not None and not self.model.matches:
            page = self.nothing_found
            self.nothing_found.say(
                "Nothing matches",
                f"None of {figures.grouped(len(essences))} tonics matches “{self.search.text().strip()}”.",
            )
        if self._stack.currentWidget() is not page:
            self._stack.setCurrentWidget(page)

    def _say_why_empty(self, known: Knowledge) -> None:
        if known.target.status == "none":
            return
        if known.target.is_alive:
            self.nothing_yet.say(
                "Waiting for the first tonic",
                "The program runs. Its tonics appear here as soon as it starts a formula.",
                offer=False,
            )
        else:
            self.nothing_yet.say(
                "No tonic was seen", f"{known.target.sentence[:1].upper()}{known.target.sentence[1:]}."
            )

    # ---- filter

    def apply_filter(self) -> None:
        """Show what the filter's text asks for, now."""
        self._typing.stop()
        text = self.search.text().strip()
        wanted = LedgerFilter(text)
        self._filter = wanted or None
        self.problem.setText(wanted.problem)
        self.problem.setVisible(bool(wanted.problem))
        if self._known is not None:
            self._fill(self._context.known())

    def _accept(self) -> Accept | None:
        return None if self._filter is None else self._is_wanted

    def _is_wanted(self, facts: EssenceFacts) -> bool:
        return self._filter is None or self._known is None or self._filter.accepts(self._known, facts.id)

    def _on_text(self) -> None:
        if self.search.text().strip():
            self._typing.start()
        else:
            self.apply_filter()

    def _clear_filter(self, _command_id: str) -> None:
        self.search.clear()
        self.tree.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.search.hasFocus() and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.apply_filter()
            self.tree.setFocus()
        elif self.search.hasFocus() and event.key() == Qt.Key.Key_Escape:
            self.search.clear()
            self.tree.setFocus()
        else:
            super().keyPressEvent(event)

    # ---- selection

    def _on_selection(self) -> None:
        selection = self._context.selection
        self._show_hovered()
        shown = (selection.thing, selection.time)
        if shown == self._shown:
            return
        self._shown = shown
        if self._known is not None and self._context.known() is not self._known:
            self._show_moment(self._context.known())
        self._mark_selected(reveal=True)

    def _show_hovered(self) -> None:
        """Light the tonic that is under the pointer in any panel."""
        hovered = self._context.selection.hovered
        essence = essence_of(self._known, hovered) if self._known is not None and hovered is not None else -1
        if essence != self.tree.hovered:
            self.tree.hovered = essence
            self.tree.viewport().update()

    def _on_pointed(self, essence: int | None) -> None:
        self._context.selection.hover(None if essence is None else Thing("essence", essence))

    def _mark_selected(self, *, reveal: bool) -> None:
        known = self._known
        if known is not None:
            self.tree.show_selected(essence_of(known, self._context.selection.thing), reveal=reveal)

    def _on_chosen(self, essence: int | None) -> None:
        if essence is not None:
            self._context.selection.select(Thing("essence", essence))

    def _on_opened(self, essence: int) -> None:
        self._context.selection.select(Thing("essence", essence))
        self._context.run("selection.go_to_source")

    def _on_menu(self, at: QPoint) -> None:
        essence = self.model.essence_at(self.tree.indexAt(at))
        if essence is not None:
            self._context.selection.select(Thing("essence", essence))
            CommandMenu(self, self._context, MENU).popup(self.tree.viewport().mapToGlobal(at))
