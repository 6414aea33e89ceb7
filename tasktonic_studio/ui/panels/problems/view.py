"""The problems panel's widget: filter, kinds by severity, the list, and below it what to do about the chosen one."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from tasktonic_studio.commands.things import essence_of
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.finding_filter import FindingFilter
from tasktonic_studio.session.finding_words import KINDS, SEVERITIES, ranked, severity_of, thing_of
from tasktonic_studio.session.findings import Finding
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.problems.detail import ProblemDetail
from tasktonic_studio.ui.panels.problems.export import csv_lines
from tasktonic_studio.ui.panels.problems.model import COLUMNS, SHAPES, ProblemsModel, texts_of
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tasktonic_studio.ui.widgets.empty_state import OTHER_START, EmptyState
from tasktonic_studio.ui.widgets.essence_words import GONE
from tasktonic_studio.ui.widgets.pin import Pin
from tasktonic_studio.ui.widgets.save_file import Saving, file_to_save
from tasktonic_studio.ui.widgets.shapes import Shapes
from tasktonic_studio.ui.widgets.tail_table import TailTable
from tasktonic_studio.ui.widgets.throttle import Throttle

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

MENU: Final = (
    "problems.show_it",
    "problems.show_first",
    "problems.show_in_code",
    "",
    "selection.show_in_inspector",
    "selection.show_in_trace",
    "selection.show_in_ledger",
    "",
    "problems.copy_rows",
    "problems.save_csv",
)
FIGURES_MS: Final = 250
"""The list is looked at anew at most this often."""
_TYPING_MS: Final = 120
LOOKED_FOR: Final = (
    "Looked for are " + ", ".join(kind.looked_for for kind in KINDS[:-1]) + f", and {KINDS[-1].looked_for}."
)
WORDS: Final = {"error": "Errors", "warning": "Warnings", "hint": "Hints"}


class ProblemsView(QWidget):
    """All that the problems panel shows. Made by the panel; the dock owns it."""

    ask_file = staticmethod(file_to_save)

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._known: Knowledge | None = None
        self._all: list[Finding] = []
        self._filter = FindingFilter("")
        self._chosen: Hashable = None
        self._hovered = -1
        self._shown: tuple[Thing | None, int | None] | None = None
        self._undo_watch: Any = None
        self._shapes = Shapes(context.theme, self)
        self.pin = Pin(context)
        self.model = ProblemsModel(context.theme, self._shapes)
        self.model.setParent(self)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Filter: words  kind:giant  tonic:pump  -not")
        self.search.setClearButtonEnabled(True)
        self.search.setToolTip(
            "Words are looked for in kind, text and place. kind:giant, severity:error, tonic:pump, type:, sparkle:, state:; "
            "-word leaves out."
        )
        accessible.name(self.search, "Filter the problems", "Words, kind:giant, tonic:pump")
        self.severities = {severity: self._severity_button(severity) for severity in SEVERITIES}
        self.counts = QLabel()
        self.counts.setProperty("role", "small")
        self.problem = QLabel()
        self.problem.setProperty("role", "warning")
        self.problem.setWordWrap(True)
        self.problem.setContentsMargins(tokens.SPACE_PX, 0, tokens.SPACE_PX, tokens.SMALL_SPACE_PX)
        self.problem.hide()
        self.table = TailTable(COLUMNS, "problem", "problems")
        self.table.setModel(self.model)
        self.table.stop_following()
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        accessible.name(self.table, "Problems", "The worst first")
        self.detail = ProblemDetail(context)
        self.nothing_yet = EmptyState(
            "Nothing found so far", LOOKED_FOR, "Start the example plant", "run.start_example", context.run, OTHER_START
        )
        self.nothing_matches = EmptyState("Nothing matches", "", "Clear the filter", "clear", self._clear_filter)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self.figures = Throttle(FIGURES_MS, self._look, self)
        self.saving = Saving(self)
        self._build()
        self._connect()
        self.retheme()

    def _build(self) -> None:
        space = tokens.SPACE_PX
        bar = QHBoxLayout()
        bar.setContentsMargins(space, space // 2, space // 2, space // 2)
        bar.setSpacing(space // 2)
        bar.addWidget(self.search, 1)
        for button in self.severities.values():
            bar.addWidget(button)
        bar.addWidget(self.counts)
        bar.addWidget(self.pin)
        self.found = QWidget()
        inside = QVBoxLayout(self.found)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.table, 1)
        inside.addWidget(self.detail)
        self.table.setMinimumHeight(3 * tokens.ROW_HEIGHT_PX)
        page = QWidget()
        self._stack = QStackedLayout(page)
        for widget in (self.found, self.nothing_yet, self.nothing_matches):
            self._stack.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(self.problem)
        layout.addWidget(page, 1)
        accessible.tab_order(
            [self.search, *self.severities.values(), self.pin, self.table, self.detail.show_it, self.detail.show_code]
        )
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self._typing.timeout.connect(self.apply_filter)
        self.search.textChanged.connect(self._on_text)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_opened)
        self.table.pointed.connect(self._on_pointed)
        self.table.copied.connect(self.copy_rows)
        self.table.customContextMenuRequested.connect(self._on_menu)
        self.pin.changed.connect(self._on_pinned)
        self.saving.ended.connect(self._on_saved)

    def _severity_button(self, severity: str) -> QToolButton:
        button = QToolButton()
        button.setCheckable(True)
        button.setChecked(True)
        button.setIconSize(QSize(tokens.ICON_PX, tokens.ICON_PX))
        button.setToolTip(f"{WORDS[severity]}: shown or not")
        accessible.name(button, f"Show {WORDS[severity].lower()}")
        button.toggled.connect(self.apply_filter)
        return button

    # ---- for the panel

    def watch(self) -> None:
        """Follow the selection from now on."""
        if self._undo_watch is None:
            self._undo_watch = self._context.selection.watch(self._on_selection)

    def unwatch(self) -> None:
        """Do nothing any more until `watch`."""
        self._typing.stop()
        self.figures.stop()
        self._shown = None
        if self._undo_watch is not None:
            self._undo_watch()
            self._undo_watch = None

    def finish(self) -> None:
        """The window closes for good."""
        self.unwatch()
        self.saving.finish()

    def on_changes(self, changes: Changes) -> None:
        """Look for what was found meanwhile, now and then."""
        self.pin.take(changes)
        if changes.new_target:
            self._chosen = None
        if self.pin.known() is not self._known or changes.everything:
            self._look()
        elif self.pin.is_live and changes:
            self.figures.ask()

    def retheme(self) -> None:
        """Take on the theme's fonts and colours."""
        self.model.retheme()
        self.table.set_fonts(self._context.theme.font("ui"), self._context.theme.font("mono"))
        for severity, button in self.severities.items():
            button.setIcon(self._shapes.icon(SHAPES[severity]))
        self.detail.retheme()
        self.pin.retheme()
        self.table.viewport().update()

    @property
    def chosen(self) -> Finding | None:
        """The problem that is chosen; None when there is none, or when it was not there yet at the shown moment."""
        return self.model.finding(self.model.item_of(self._chosen))

    @property
    def known(self) -> Knowledge | None:
        """What is known at the moment that is shown."""
        return self._known

    def look_at(self, n: int) -> None:
        """Show the moment after event ``n`` in all panels, with the thing of the chosen problem selected."""
        finding = self.chosen
        if finding is None:
            return
        self._context.selection.look_at(n + 1)
        thing = thing_of(self._context.known(), finding)
        if thing is not None:
            self._context.selection.select(thing)

    def copy_rows(self) -> None:
        """Put the selected rows on the clipboard, tab between cells, with traceback where there is one."""
        known, lines = self._known, []
        for row in self.table.selected_rows():
            finding = self.model.finding(self.model.item(row))
            if known is not None and finding is not None:
                lines.append("\t".join(texts_of(known, finding)).replace(figures.NARROW_SPACE, " "))
                if finding.detail:
                    lines.append(finding.detail.rstrip())
        if lines:
            QGuiApplication.clipboard().setText("\n".join(lines))

    def save_csv(self) -> None:
        """Ask for a file, and write what the panel shows."""
        known = self._known
        file = type(self).ask_file(self, "Save the problems", "problems.csv", "CSV (*.csv)") if known else ""
        if file and known is not None:
            findings = [it for it in map(self.model.finding, self.model.items.tolist()) if it is not None]
            lines = csv_lines(known, findings)
            self.saving.start(file, lambda: lines)

    def _on_saved(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    # ---- filling

    def _look(self) -> None:
        known = self._known = self.pin.known()
        findings = ranked(known)
        if findings != self._all or self._shown is None or known is not self._context.session().live:
            self._all = findings
            self._fill()
        else:
            self._choose_page()

    def _fill(self) -> None:
        known = self._known
        if known is None:
            return
        wanted = {severity for severity, button in self.severities.items() if button.isChecked()}
        fitting = [it for it in self._all if severity_of(it) in wanted and self._filter.accepts(known, it)]
        if self.model.show(known, fitting, self.table.rows_on_screen()):
            self._mark()
        self.detail.show_finding(known, self.chosen)
        self._choose_page()

    def _mark(self) -> None:
        """Keep the chosen row chosen, wherever it stands now."""
        row = self.model.row_of(self.model.item_of(self._chosen)) if self.chosen is not None else -1
        if row >= 0:
            self.table.show_row(row)
        else:
            self.table.show_none()

    def _choose_page(self) -> None:
        known = self._known
        count, shown = len(self._all), self.model.count
        text = "" if not count else figures.grouped(count) if shown == count else f"{shown} of {count}"
        if self.counts.text() != text:
            self.counts.setText(text)
        page: QWidget = self.found
        if not count:
            page = self.nothing_yet
            status = known.target.status if known is not None else "none"
            ended = status in GONE
            title = "Nothing was found" if ended and not self._is_past else "Nothing found so far"
            self.nothing_yet.say(title, LOOKED_FOR, offer=status == "none" or ended)
        elif not shown:
            page = self.nothing_matches
            self.nothing_matches.say(
                "Nothing matches", f"None of {figures.counted(count, 'problem')} passes the filter."
            )
        if self._stack.currentWidget() is not page:
            self._stack.setCurrentWidget(page)

    @property
    def _is_past(self) -> bool:
        return not self.pin.is_live

    # ---- filter

    def apply_filter(self) -> None:
        """Show what search and buttons ask for, from now on."""
        self._typing.stop()
        self._filter = FindingFilter(self.search.text())
        self.problem.setText(self._filter.problem)
        self.problem.setVisible(bool(self._filter.problem))
        self._fill()

    def _on_text(self) -> None:
        if self.search.text().strip():
            self._typing.start()
        else:
            self.apply_filter()

    def _clear_filter(self, _command_id: str) -> None:
        for button in self.severities.values():
            button.setChecked(True)
        self.search.clear()
        self.apply_filter()
        self.table.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.search.hasFocus() and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.apply_filter()
            self.table.setFocus()
        elif self.search.hasFocus() and event.key() == Qt.Key.Key_Escape:
            self.search.clear()
            self.table.setFocus()
        else:
            super().keyPressEvent(event)

    # ---- selection

    def _on_selection(self) -> None:
        self._show_hovered()
        shown = (self.pin.thing, self.pin.time)
        if shown == self._shown:
            return
        self._shown = shown
        if self.pin.known() is not self._known:
            self._look()

    def _on_pinned(self) -> None:
        self._shown = None
        self._on_selection()
        self._look()

    def _show_hovered(self) -> None:
        """Light the rows about the tonic that is under the pointer in any panel."""
        hovered = self._context.selection.hovered
        essence = essence_of(self._known, hovered) if self._known is not None and hovered is not None else -1
        if essence != self._hovered:
            self._hovered = essence
            self.table.light(self._is_hovered if essence >= 0 else None, self._context.theme.color("hover"))

    def _is_hovered(self, row: int) -> bool:
        item = self.model.item(row)
        return item is not None and self.model.entry(item).essence == self._hovered

    def _on_pointed(self, row: int) -> None:
        item = self.model.item(row)
        essence = self.model.entry(item).essence if item is not None else -1
        self._context.selection.hover(Thing("essence", essence) if essence >= 0 else None)

    def _on_chosen(self, index: QModelIndex) -> None:
        finding = self.model.finding(self.model.item(index.row()))
        if finding is None or self._known is None:
            return
        self._chosen = finding.key
        self.detail.show_finding(self._known, finding)
        thing = thing_of(self._known, finding)
        if thing is not None:
            self._context.selection.select(thing)

    def _on_opened(self, index: QModelIndex) -> None:
        self._on_chosen(index)
        self._context.run("problems.show_it")

    def _on_menu(self, at: QPoint) -> None:
        index = self.table.indexAt(at)
        if index.isValid():
            self._on_chosen(index)
            CommandMenu(self, self._context, MENU).popup(self.table.viewport().mapToGlobal(at))
