"""The ledger's widget: filter, tree, and what to say when there is nothing in it."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QToolButton

from tasktonic_studio.commands.change_commands import LOG_MODE_COMMANDS
from tasktonic_studio.commands.things import essence_of
from tasktonic_studio.commands.widget_commands import PICK
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.filters import LedgerFilter
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.list_view import Emptiness, ListView
from tasktonic_studio.ui.panels.ledger.arrangement import Key
from tasktonic_studio.ui.panels.ledger.export import csv_of
from tasktonic_studio.ui.panels.ledger.model import Accept, LedgerModel
from tasktonic_studio.ui.panels.ledger.tree_view import LedgerTree
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.command_menu import Submenu
from tasktonic_studio.ui.widgets.essence_words import GONE
from tasktonic_studio.ui.widgets.filter_bar import FilterWords
from tasktonic_studio.ui.widgets.shapes import Shapes
from tasktonic_studio.ui.widgets.throttle import Throttle

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

FIGURES_MS: Final = 400
"""Rates and ages are shown anew at most this often: figures that change faster cannot be read."""
AT_ONCE: Final = 3_000
"""So many new rows come at a time: they take some hundredths of a second."""
STRUCTURE_MS: Final = 33
"""Births and ends are shown at most this often; less often while they are dear."""
_COUNTED: Final = "Timers and parts of the framework are counted too; they have no row unless a filter looks for them."


class LedgerView(ListView):
    """All that the ledger panel shows. Made by the panel; the dock owns it."""

    WORDS = FilterWords(
        "the ledger",
        ("name", "state:open", "type:Pump", "cat:main", "dead:"),
        "Words find names. state:open, type:Pump and cat:main narrow down; dead: shows what has finished, "
        "-word leaves out.",
    )
    EMPTINESS = Emptiness(
        (
            "Nothing lives yet",
            (
                "When a program runs, its tonics stand here below the tonic that made them, each with its state and how busy "
                "it is. Start the example plant to see some hundred of them."
            ),
        ),
        ("Waiting for the first tonic", "The program runs. Its tonics appear here as soon as it starts a formula."),
        ("No tonic was seen", ""),
    )
    ONE = "tonic"
    MENU = (
        "selection.go_to_source",
        "selection.copy_name",
        "",
        "selection.show_in_inspector",
        "state_machine.show",
        "selection.show_in_trace",
        "app.show_widget",
        "app.pick_widget",
        "",
        "change.state",
        "change.call",
        "change.evaluate",
        "change.finish",
        Submenu("Log mode", LOG_MODE_COMMANDS),
        "",
        "ledger.save_csv",
    )

    def __init__(self, context: PanelContext) -> None:
        pick = QToolButton()
        super().__init__(context, (pick,))
        self.pick = pick
        pick.setToolTip("Pick in the app: choose a tonic by a click on its widget in the app's window")
        accessible.name(pick, "Pick in the app")
        pick.clicked.connect(partial(context.run, PICK))
        pick.hide()
        self._catalysts: tuple[tuple[int, bool, bool], ...] = ()
        self._filter: LedgerFilter | None = None
        self._refilter: set[int] = set()
        self._moved: set[int] = set()
        self._coming: list[int] = []
        """Of very many new ones those that have no row yet, in order of birth."""
        self.model = LedgerModel(context.theme, context.icons, Shapes(context.theme, self))
        self.model.setParent(self)
        self.tree = LedgerTree(self.model, context.theme)
        accessible.name(self.tree, "Ledger", "The tree of what lives, by context")
        self.structure = Throttle(STRUCTURE_MS, self._sync_moved, self)
        self.figures = Throttle(FIGURES_MS, self._show_figures, self)
        self.tree.chosen.connect(self._on_chosen)
        self.tree.opened.connect(self._on_opened)
        self.tree.pointed.connect(self._on_pointed)
        self.tree.unfolded.connect(self._on_unfolded)
        self.tree.customContextMenuRequested.connect(self._on_menu)
        self.place(self.tree, self.tree.columns)
        pick.setIcon(context.icons.icon("go_to"))

    def retheme(self) -> None:
        super().retheme()
        self.pick.setIcon(self._context.icons.icon("go_to"))
        self.tree.retheme()

    # ---- keeping in step

    def pause(self) -> None:
        self.figures.stop()
        self.structure.stop()

    def fill(self, known: Knowledge) -> None:
        """Show what is known at a moment. Of the same app only the rows are moved that are otherwise then."""
        before = self._known
        is_whole = self._filter is None and not self.tree.filtering
        if before is None or before is known or not is_whole or not known.is_of_app_of(before):
            self._fill_anew(known)
            return
        self._known = known
        self._moved |= known.essences.unlike(before.essences)
        self.model.refresh_figures()
        self._sync(known, self._take_moved())
        self.tree.touch(None)
        self._go_on()

    def _fill_anew(self, known: Knowledge) -> None:
        top = self.tree.top_key()
        self._known = known
        self._refilter.clear()
        self.tree.filtering = self._filter is not None
        self._moved, self._coming = set(known.essences), []
        with self.tree.quietly():
            self.model.fill(known, self._accept(), self._take_moved(anew=True))
        self.tree.open_again()
        self.tree.scroll_to_key(top)
        self.mark_selected(reveal=False)
        self.show_state()
        self._go_on()

    def follow(self, known: Knowledge, changes: Changes) -> None:
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

    def _sync_moved(self) -> None:
        """Insert, move and remove rows. What that costs grows with the open rows, so how often it is done follows."""
        moved = self._take_moved()
        if self._known is None or not moved:
            return
        began = time.perf_counter()
        self._sync(self._known, moved)
        seconds = time.perf_counter() - began
        # While many rows are still to come, they take turns with what comes at once; nothing is waited for in between.
        waits_ms = 0 if self._coming else max(STRUCTURE_MS, 10_000 * seconds)
        self.structure.set_interval(int(min(1_000, waits_ms)))
        self._go_on()

    def _on_unfolded(self, key: Key) -> None:
        """Make the rows of a group that is seen now; of very many the first at once."""
        missing = self.model.unfold(key)
        if missing:
            self._moved |= missing
            self._sync_moved()

    def _go_on(self) -> None:
        """Let the rows come that are still missing."""
        if self._coming:
            self.structure.ask()

    def _take_moved(self, *, anew: bool = False) -> set[int]:
        """What is to be brought to its place now. Of very many new rows some, in order of birth; the others come soon.

        A filter looks at all of them, since what it found is counted.
        """
        moved, self._moved = self._moved, set()
        known = self._known
        if known is None or self._filter is not None:
            moved.update(self._coming)
            self._coming = []
            return moved
        if len(moved) > AT_ONCE:
            new = {it for it in moved if it in known.essences and (anew or self.model.node(it) is None)}
            moved -= new
            self._coming = sorted(new.union(self._coming))
        moved.update(self._coming[:AT_ONCE])
        self._coming = self._coming[AT_ONCE:]
        return moved

    def _sync(self, known: Knowledge, essences: set[int]) -> None:
        with self.tree.quietly():
            opened = self.model.sync(known, essences)
        self.tree.open_new(opened)
        self.mark_selected(reveal=False)
        self.show_state()

    def _show_figures(self) -> None:
        known = self._known
        if known is None or not self.pin.is_live:
            return
        if self._refilter:
            self._moved |= self._refilter
            self._refilter = set()
            self.structure.ask()
        self.model.refresh_figures()
        self.tree.touch(None)

    def show_state(self) -> None:
        known = self._known
        if known is None:
            return
        essences = known.essences
        self.pick.setVisible(known.target.is_alive and bool(known.target.qt))
        alive, total = essences.alive_count, len(essences)
        gone = known.target.status in GONE
        ended = f"{figures.grouped(essences.ended_count)} finished"
        words = ""
        if self._filter is None and total:
            # Of a run that has ended in order nothing lived at its end.
            words = (
                f"{figures.grouped(alive)} {'lived at its end' if gone else 'alive'}" if alive or not gone else ended
            )
        shown = self.model.matches if self._filter is not None else total
        self.show_count(
            shown,
            total,
            words=words,
            tip=f"{figures.grouped(alive)} alive, {ended}. {_COUNTED}",
        )
        self.show_page(shown, total)

    def why_empty(self, known: Knowledge) -> tuple[str, str, bool]:
        title, sentence, offer = super().why_empty(known)
        # How it ended tells why there was none.
        return title, sentence or f"{known.target.sentence[:1].upper()}{known.target.sentence[1:]}.", offer

    # ---- filter

    @property
    def is_filtered(self) -> bool:
        return self._filter is not None

    def take_filter(self, text: str) -> str:
        wanted = LedgerFilter(text)
        self._filter = wanted or None
        return wanted.problem

    def _accept(self) -> Accept | None:
        return None if self._filter is None else self._is_wanted

    def _is_wanted(self, essence: int) -> bool:
        return self._filter is None or self._known is None or self._filter.accepts(self._known, essence)

    def save_csv(self) -> None:
        """Ask for a file, and write the tonics that are listed: with a filter what it found, else all that are known."""
        if self._known is not None:
            known = self._known.fork()
            wanted = self._filter
            accepts = None if wanted is None else partial(wanted.accepts, known)
            self.save("Save the ledger", "ledger.csv", "CSV (*.csv)", partial(csv_of, known, accepts))

    # ---- selection

    def show_hovered(self, hovered: Thing | None) -> None:
        essence = essence_of(self._known, hovered) if self._known is not None and hovered is not None else -1
        if (essence if essence >= 0 else None) != self.tree.hovered:
            self.tree.hovered = essence if essence >= 0 else None
            self.tree.viewport().update()

    def _on_pointed(self, essence: int | None) -> None:
        self._context.selection.hover(None if essence is None else Thing("essence", essence))

    def mark_selected(self, *, reveal: bool) -> None:
        known = self._known
        if known is not None:
            self.tree.show_selected(essence_of(known, self.pin.thing), reveal=reveal)

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
            self.open_menu(self.tree.viewport().mapToGlobal(at))
