"""The lower half of the store panel: the chosen path, its value, its history as a table or a plot, and who listens to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.numbers import number_of
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.store_mirror import StoreEntry
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.store.arrangement import StoreKey
from tasktonic_studio.ui.panels.store.history import COLUMNS, HistoryModel
from tasktonic_studio.ui.panels.store.listeners import ListenersPage, why_not_ask
from tasktonic_studio.ui.panels.store.rows import age_of
from tasktonic_studio.ui.plots.numbers import Pane
from tasktonic_studio.ui.plots.time_plot import TimePlot
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tasktonic_studio.ui.widgets.elided_label import ElidedLabel
from tasktonic_studio.ui.widgets.essence_words import GONE
from tasktonic_studio.ui.widgets.tail_table import TailTable
from tasktonic_studio.ui.widgets.word_button import WordButton

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

HISTORY_MENU: Final = (
    "trace.look_at",
    "time.go_live",
    "",
    "selection.go_to_source",
    "selection.show_in_trace",
    "selection.show_in_inspector",
    "",
    "store.copy_history",
)
_LINK: Final = "→ "
_PATH_SIGNS: Final = 16
"""With room for fewer signs a path has a row of its own."""


class StoreDetail(QWidget):
    """One path. Made by the panel's view, which says which and when; tells what was clicked."""

    link_followed = Signal(object)
    """The `StoreKey` that a link leads to."""
    plotted = Signal()
    """The plot was switched on or off."""
    listeners_wanted = Signal()
    """The app is to be asked who listens to the path."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._known: Knowledge | None = None
        self.key: StoreKey | None = None
        self._is_path_apart = False
        self.path = ElidedLabel()
        self.path.setProperty("role", "strong")
        self.value = ElidedLabel()
        self.value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.about = ElidedLabel()
        self.about.setProperty("role", "small")
        self.link = WordButton()
        self.link.setToolTip("Select what the link leads to")
        self.link.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.as_plot = WordButton()
        self.as_plot.setText("Plot")
        self.as_plot.setCheckable(True)
        self.as_plot.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.as_plot.setToolTip("Show the numbers of this path over time")
        accessible.name(self.as_plot, "Plot this path")
        self.as_listeners = WordButton()
        self.as_listeners.setText("Listeners")
        self.as_listeners.setCheckable(True)
        self.as_listeners.setToolTip("Show who listens to this path")
        accessible.name(self.as_listeners, "Who listens to this path")
        self.listeners = ListenersPage(context)
        self.model = HistoryModel(context.theme)
        self.model.setParent(self)
        self.table = TailTable(COLUMNS, "new change", "new changes")
        self.table.setModel(self.model)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        accessible.name(self.table, "History of the path", "One row per change, newest at the bottom")
        self.plot = TimePlot(context, (Pane("Value"),))
        self.note = QLabel("Choose a path to see what became of it.")
        self.note.setProperty("role", "muted")
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.note.setWordWrap(True)
        self._build()
        self.link.clicked.connect(self._on_link)
        self.as_plot.toggled.connect(self._on_plot)
        self.as_listeners.toggled.connect(self._on_listeners)
        self.listeners.wanted.connect(self.listeners_wanted)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_opened)
        self.table.copied.connect(self.copy_rows)
        self.table.customContextMenuRequested.connect(self._on_menu)
        self.retheme()

    def _build(self) -> None:
        space = tokens.SPACE_PX
        self._head = QWidget()
        top = QVBoxLayout(self._head)
        top.setContentsMargins(0, 0, 0, 0)
        top.setSpacing(0)
        self._row = head = QHBoxLayout()
        top.addLayout(head)
        head.setContentsMargins(space, space // 2, space // 2, 0)
        head.setSpacing(space)
        head.addWidget(self.path, 1)
        head.addStretch()
        head.addWidget(self.link)
        head.addWidget(self.as_plot)
        head.addWidget(self.as_listeners)
        self._words = words = QVBoxLayout()
        top.addLayout(words)
        words.setContentsMargins(space, 0, space, space // 2)
        words.setSpacing(0)
        words.addWidget(self.value)
        words.addWidget(self.about)
        self._pages = QWidget()
        self._stack = QStackedLayout(self._pages)
        for page in (self.note, self.table, self.plot, self.listeners):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addWidget(self._pages, 1)
        accessible.tab_order(
            [self.link, self.as_plot, self.as_listeners, self.table, self.listeners.ask, self.listeners.table]
        )

    # ---- for the view

    @property
    def is_numeric(self) -> bool:
        """Whether the path has ever been a number that can be plotted: its value now, or the one before it went."""
        entry = self._known.store.get(*self.key) if self._known is not None and self.key is not None else None
        if entry is None:
            return False
        if entry.removed:
            return number_of("float", entry.old) is not None
        return number_of(entry.type, entry.new) is not None

    def show_path(self, known: Knowledge, key: StoreKey | None) -> None:
        """Show a path at a moment; called again whenever it may have changed."""
        is_other = key != self.key or known is not self._known
        self._known, self.key = known, key
        entry = known.store.get(*key) if key is not None else None
        self._head.setVisible(key is not None and entry is not None)
        came = self.model.show_path(known, key)
        if key is None or entry is None:
            self.note.setText("At this moment it was not there." if key else "Choose a path to see what became of it.")
            self._stack.setCurrentWidget(self.note)
            return
        if is_other:
            self.table.follow()
        self.table.rows_added(came)
        self.path.show_text(key.path or known.essences.name(key.store))
        self.value.show_text("removed" if entry.removed else entry.new)
        parts = (
            entry.type,
            _when(known, entry),
            entry.source and f"by {entry.source}",
        )
        self.about.show_text(" · ".join(filter(None, parts)))
        target = entry.new.removeprefix(_LINK) if entry.type == "link" else ""
        self.link.setVisible(bool(target))
        self.link.setText(figures.short(target, 40))
        accessible.name(self.link, f"Go to {figures.short(target, 40)}")
        self.as_plot.setVisible(self.is_numeric)
        self._give_path_a_row()
        self._choose_page()
        if is_other and self.as_listeners.isChecked() and not self.why_not_listeners:
            self.listeners_wanted.emit()

    @property
    def why_not_listeners(self) -> str:
        """Why the app cannot be asked who listens, in a sentence; empty when it can."""
        known, key = self._known, self.key
        if known is None or key is None or known.store.get(*key) is None:
            return "Choose a path in the panel Store first."
        return why_not_ask(known, is_live=self._is_live(known))

    def show_listeners(self) -> None:
        """Show what was answered, when one looks at it."""
        known, key = self._known, self.key
        if known is not None and key is not None and self._stack.currentWidget() is self.listeners:
            self.listeners.show_path(known, key, is_live=self._is_live(known))

    def copy_rows(self) -> None:
        """Put the selected rows of the history on the clipboard."""
        rows = self.table.selected_rows()
        if rows:
            QGuiApplication.clipboard().setText(self.model.text_of(rows))

    def show_run(self, run: int) -> None:
        """Mark what a run wrote, when it was selected anywhere; 0 for none."""
        if run and self.model.run_at(self.table.currentIndex().row()) == run:
            return
        row = self.model.row_of_run(run) if run else -1
        if row >= 0:
            self.table.show_row(row)
        elif self.table.selectionModel().hasSelection():
            self.table.show_none()

    def retheme(self) -> None:
        """Take on the theme's fonts and colours."""
        theme, icons = self._context.theme, self._context.icons
        self.model.retheme()
        self.table.set_fonts(theme.font("ui"), theme.font("mono"))
        self.value.setFont(theme.font("mono"))
        self.plot.retheme()
        self.listeners.retheme()
        self.as_plot.setIcon(icons.icon("plot"))
        self.link.setIcon(icons.icon("right"))
        self._give_path_a_row()

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_path_a_row()

    # ---- inside

    def _is_live(self, known: Knowledge) -> bool:
        return known is self._context.session().live

    def _give_path_a_row(self) -> None:
        """Put the path below the buttons where there is hardly room for it beside them."""
        metrics, space = self.path.fontMetrics(), tokens.SPACE_PX
        buttons = [it for it in (self.link, self.as_plot, self.as_listeners) if not it.isHidden()]
        room = self.width() - 2 * space - sum(it.sizeHint().width() + space for it in buttons)
        needed = min(metrics.horizontalAdvance(self.path.whole), _PATH_SIGNS * metrics.averageCharWidth())
        if (room < needed) != self._is_path_apart:
            self._is_path_apart = room < needed
            if self._is_path_apart:
                self._words.insertWidget(0, self.path)
            else:
                self._row.insertWidget(0, self.path, 1)

    def _choose_page(self) -> None:
        page: QWidget = self.table
        if self.as_listeners.isChecked() and self._known is not None and self.key is not None:
            page = self.listeners
        elif self.as_plot.isChecked() and self.is_numeric and self._known is not None and self.key is not None:
            page = self.plot
            self.plot.show_series(self.key.path, [self.model.series()], self._known.app.began_ns, self._known.t_ns)
        if self._stack.currentWidget() is not page:
            self._stack.setCurrentWidget(page)
        self.show_listeners()

    def _on_plot(self) -> None:
        if self.as_plot.isChecked():
            self.as_listeners.setChecked(False)
        self._choose_page()
        self.plotted.emit()

    def _on_listeners(self) -> None:
        if self.as_listeners.isChecked():
            self.as_plot.setChecked(False)
            if not self.why_not_listeners:
                self.listeners_wanted.emit()
        if self._head.isVisibleTo(self):
            self._choose_page()

    def _on_link(self) -> None:
        entry = self._known.store.get(*self.key) if self._known is not None and self.key is not None else None
        if entry is not None and self.key is not None:
            self.link_followed.emit(StoreKey(self.key.store, entry.new.removeprefix(_LINK)))

    def _on_chosen(self, index: QModelIndex) -> None:
        run = self.model.run_at(index.row())
        if run:
            self._context.selection.select(Thing("run", run))

    def _on_opened(self, index: QModelIndex) -> None:
        self._on_chosen(index)
        self._context.run("selection.go_to_source")

    def _on_menu(self, at: QPoint) -> None:
        if self.table.indexAt(at).isValid():
            CommandMenu(self, self._context, HISTORY_MENU).popup(self.table.viewport().mapToGlobal(at))


def _when(known: Knowledge, entry: StoreEntry) -> str:
    """When a value changed, in words; nothing when it was there before it was watched."""
    age = age_of(known, entry)
    if age in ("", "now", "at the end"):
        return age and f"changed {age}"
    return f"changed {age} before the end" if known.target.status in GONE else f"changed {age} ago"
