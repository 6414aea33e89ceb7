"""ListView: the frame of every panel that shows a list.

The frame has the line above the list (filter, switches, count, pin), the pages without any (nothing yet, nothing matches),
follows the one selection and the one time unless pinned, saves to a file and keeps its state between runs of the Studio.
A subclass says what is listed and fills the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.exporting import proposed_name
from tasktonic_studio.ui.widgets import accessible, figures, save_file
from tasktonic_studio.ui.widgets.columns import ColumnFit
from tasktonic_studio.ui.widgets.command_menu import CommandMenu, Submenu
from tasktonic_studio.ui.widgets.empty_state import NOTHING_THEN, OTHER_START, EmptyState
from tasktonic_studio.ui.widgets.filter_bar import FilterBar, FilterWords, count_words
from tasktonic_studio.ui.widgets.focus import FocusLeader, turn_page
from tasktonic_studio.ui.widgets.pin import Pin

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext


class Emptiness(NamedTuple):
    """What to say while there is nothing to list, title and sentence each: without a program, while one runs, after it."""

    before: tuple[str, str]
    running: tuple[str, str]
    ended: tuple[str, str]


class _Pages(QWidget):
    """What is left below the bar, however little: sentences that ask for a height take it from nothing above them."""

    def hasHeightForWidth(self) -> bool:
        return False


class ListView(FocusLeader):
    """Made by its panel; the dock owns it. A subclass calls `place` once its list is made. All in the Qt thread."""

    WORDS: ClassVar[FilterWords]
    """What the search line says."""
    EMPTINESS: ClassVar[Emptiness]
    ONE: ClassVar[str]
    """The word for one of what is listed: ``line``."""
    MENU: ClassVar[tuple[str | Submenu, ...]] = ()
    """The commands of the context menu; an empty id is a line between them."""

    def __init__(self, context: PanelContext, tools: Sequence[QWidget] = ()) -> None:
        super().__init__()
        self._context = context
        self._known: Knowledge | None = None
        self._shown: tuple[Thing | None, int | None] | None = None
        self._undo_watch: Any = None
        self._saving_note = ""
        self._file = ""
        self.pin = Pin(context)
        self.bar = FilterBar(self.WORDS, tools, self.pin)
        self.search, self.counts, self.problem = self.bar.search, self.bar.counts, self.bar.problem
        self.nothing_yet = EmptyState(
            *self.EMPTINESS.before, "Start the example plant", "run.start_example", context.run, OTHER_START
        )
        self.nothing_found = EmptyState("Nothing matches", "", "Show all", "show_all", self._on_show_all)
        self.saving = save_file.Saving(self)
        self.bar.changed.connect(self.apply_filter)
        self.bar.left.connect(self._go_to_list)
        self.bar.cancel.clicked.connect(self.saving.cancel)
        self.pin.changed.connect(self._on_pinned)
        self.saving.went_on.connect(self._on_saving)
        self.saving.ended.connect(self._on_saved)

    def place(self, listed: QWidget, columns: ColumnFit, content: QWidget | None = None, *more: QWidget) -> None:
        """Put all in its place: ``listed`` has the rows, within ``content`` when there is more; Tab goes on to ``more``."""
        self._list, self.columns = listed, columns
        self._content = content if content is not None else listed
        pages = self.pages = _Pages()
        pages.setMinimumHeight(1)  # where it is low, what stands above the list stays whole
        self._pages = QStackedLayout(pages)
        for page in (self.nothing_yet, self._content, self.nothing_found):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(pages, 1)
        accessible.tab_order([*self.bar.stops, listed, *more])
        self.lead_focus_to(listed)

    # ---- what a subclass says

    @property
    def is_filtered(self) -> bool:
        """Whether something is left out."""
        raise NotImplementedError

    def take_filter(self, text: str) -> str:
        """Look for this, and for what the switches say, from now on. Returns what of it was not understood, in a sentence."""
        raise NotImplementedError

    def fill(self, known: Knowledge) -> None:
        """Show anew what is known, through the filter; ends with `show_state`."""
        raise NotImplementedError

    def follow(self, known: Knowledge, changes: Changes) -> None:
        """Live: bring what is shown up to date with what came."""
        raise NotImplementedError

    def show_state(self) -> None:
        """Say how many are shown, and choose the page: by `show_count` and `show_page`."""
        raise NotImplementedError

    def mark_selected(self, *, reveal: bool) -> None:
        """Show in the list what is selected; ``reveal``: it was selected just now."""

    def show_hovered(self, hovered: Thing | None) -> None:
        """Light what is under the pointer in any panel."""

    def pause(self) -> None:
        """The panel left the screen: stop timers."""

    def why_empty(self, known: Knowledge) -> tuple[str, str, bool]:
        """Title and sentence for no rows at all, and whether starting something would help."""
        if known.target.is_alive and not self.pin.is_live:
            # What was not there then may have come since.
            return self.EMPTINESS.running[0], NOTHING_THEN, False
        if known.target.is_alive:
            return *self.EMPTINESS.running, False
        return *(self.EMPTINESS.before if known.target.status == "none" else self.EMPTINESS.ended), True

    # ---- for the panel

    def watch(self) -> None:
        """Follow the selection from now on."""
        if self._undo_watch is None:
            self._undo_watch = self._context.selection.watch(self._on_selection)

    def unwatch(self) -> None:
        """Do nothing any more until `watch`."""
        self.bar.rest()
        self.pause()
        self._shown = None
        if self._undo_watch is not None:
            self._undo_watch()
            self._undo_watch = None

    def finish(self) -> None:
        """The window closes for good."""
        self.unwatch()
        self.saving.finish()

    def on_changes(self, changes: Changes) -> None:
        """Bring the list up to date: what is on screen, and what came or went."""
        self.pin.take(changes)
        known = self.pin.known()
        if known is not self._known or (changes.everything and self.pin.is_live):
            self.fill(known)
        elif self.pin.is_live:
            self.follow(known, changes)
        if changes.target:
            self.show_state()

    def retheme(self) -> None:
        """Take on the theme's fonts and colours."""
        self.pin.retheme()

    def save_state(self) -> dict[str, Any]:
        """Columns, filter and switches."""
        return {"columns": self.columns.save_state(), **self.bar.save_state()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take that back; what is not understood stays as it is."""
        columns = state.get("columns")
        if isinstance(columns, dict):
            self.columns.restore_state(columns)
        self.bar.restore_state(state.get("filter"), state.get("switches"))

    # ---- filter, count and pages

    def apply_filter(self) -> None:
        """Show what search and switches ask for, from now on."""
        self.bar.rest()
        self.bar.say(self.take_filter(self.search.text().strip()))
        if self._known is not None:
            self.fill(self.pin.known())

    def show_count(self, shown: int, total: int, *, words: str = "", tip: str = "") -> None:
        """How many of how many; ``words`` stand there instead, and a note about saving before all."""
        text = self._saving_note or words or count_words(shown, total, is_filtered=self.is_filtered)
        self.bar.show_count(text, tip)

    def show_page(self, shown: int, total: int, *, is_busy: bool = False) -> None:
        """Bring the list to the front, or why there is nothing in it; ``is_busy``: a search may still find something."""
        page = self._content
        if not total:
            page = self.nothing_yet
            if self._known is not None:
                title, sentence, offer = self.why_empty(self._known)
                self.nothing_yet.say(title, sentence, offer=offer)
        elif not shown and not is_busy and self.is_filtered:
            page = self.nothing_found
            self.nothing_found.say("Nothing matches", f"None of {figures.counted(total, self.ONE)} passes the filter.")
        if self._pages.currentWidget() is not page:
            turn_page(self._pages, page, self._list if page is self._content else None)

    def _on_show_all(self, _command_id: str) -> None:
        self.bar.show_all()
        self._go_to_list()

    def _go_to_list(self) -> None:
        self._list.setFocus()

    # ---- selection

    def _on_selection(self) -> None:
        self.show_hovered(self._context.selection.hovered)
        shown = (self.pin.thing, self.pin.time)
        if shown != self._shown:
            before, self._shown = self._shown, shown
            is_other_moment = before is None or before[1] != shown[1]
            self.selected_other(is_other_moment=is_other_moment and self.pin.known() is not self._known)

    def selected_other(self, *, is_other_moment: bool) -> None:
        """Another thing was selected, or another moment is shown."""
        if is_other_moment and self._known is not None:
            self.fill(self.pin.known())
        self.mark_selected(reveal=True)

    def _on_pinned(self) -> None:
        self._shown = None
        self._on_selection()

    def open_menu(self, at: QPoint) -> None:
        """Offer the commands for what is chosen, at a place of the screen."""
        CommandMenu(self, self._context, self.MENU).popup(at)

    # ---- saving

    @property
    def has_any(self) -> bool:
        """Whether something is listed."""
        return self._pages.currentWidget() is self._content

    def save(self, title: str, name: str, kinds: str, lines: Callable[[], Iterable[str]]) -> None:
        """Ask for a file, and write lines to it in a thread of its own; see `Saving`."""
        if self.saving.is_busy:
            return
        file = save_file.file_to_save(self, title, proposed_name(self._context.session(), name), kinds)
        if file:
            self._file = file
            self.bar.cancel.show()
            self._on_saving(0)
            self.saving.start(file, lines)

    def _on_saving(self, count: int) -> None:
        self._saving_note = f"saving, {figures.grouped(count)} so far"
        self.show_state()

    def _on_saved(self, problem: str) -> None:
        self._saving_note = ""
        self.bar.cancel.hide()
        self.bar.say(problem or f"Saved {self._file}.", is_problem=bool(problem))
        self.show_state()
