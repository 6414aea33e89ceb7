"""The sequence panel's widget: joins model, diagram, table and bar, and follows selection, moment and what is looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLabel, QStackedLayout, QVBoxLayout, QWidget

from tasktonic_studio.commands.things import essence_of
from tasktonic_studio.session.calls import RAN
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.sequence.bar import SequenceBar
from tasktonic_studio.ui.panels.sequence.call_table import CallTable
from tasktonic_studio.ui.panels.sequence.diagram_view import DiagramView
from tasktonic_studio.ui.panels.sequence.model import LIFELINES, Scope, SequenceModel, call_number
from tasktonic_studio.ui.panels.sequence.painting import Lit, Picture
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tasktonic_studio.ui.widgets.empty_state import NOTHING_THEN, OTHER_START, EmptyState
from tasktonic_studio.ui.widgets.focus import FocusLeader, has_focus
from tasktonic_studio.ui.widgets.throttle import Throttle

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

MENU: Final = (
    "sequence.show_chain_of_this",
    "trace.look_at",
    "time.go_live",
    "",
    "sequence.unfold_row",
    "sequence.fold_again",
    "sequence.unfold_lifeline",
    "sequence.fold_lifeline",
    "sequence.add_lifeline",
    "sequence.remove_lifeline",
    "",
    "selection.go_to_source",
    "selection.show_in_inspector",
    "selection.show_in_trace",
    "selection.show_in_ledger",
    "selection.select_context",
    "selection.copy_name",
    "",
    "sequence.copy_text",
    "sequence.copy_mermaid",
    "sequence.save_svg",
)
REFRESH_MS: Final = 200
MOST_PICTURE_ROWS: Final = 200
"""So many rows a saved picture has."""
_COST_SHARE: Final = 8
"""A diagram that takes long to make is made less often: at most an eighth of the time goes into it."""
_LONGEST_REFRESH_MS: Final = 3_000
_STEP_SECONDS: Final = 0.008


class SequenceView(FocusLeader):
    """All that the sequence panel shows. Made by the panel; the dock owns it."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._undo_watch: Any = None
        self._shown: object = None
        self._cost_s = 0.0
        self.model = SequenceModel()
        self.bar = SequenceBar(context)
        self.pin, self.search = self.bar.pin, self.bar.search
        self.diagram = DiagramView(self.model, context.theme)
        accessible.name(self.diagram, "Sequence diagram", "Arrow keys go from call to call, Left to its cause")
        self.table = CallTable(self.model, context.theme)
        self.nothing_yet = EmptyState(
            "No calls yet",
            "Who called whom stands here: a lifeline for each tonic, an arrow for each call. Select a run anywhere to see "
            "what caused it and what came of it.",
            "Start the example plant",
            "run.start_example",
            context.run,
            OTHER_START,
        )
        self.nothing_found = EmptyState("Nothing matches", "", "Show all", "show_all", self._on_show_all)
        self.nothing_there = EmptyState("", "", "Show the last calls", "sequence.show_last", context.run)
        self.busy = QLabel()
        self.busy.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.refreshes = Throttle(REFRESH_MS, self._refresh, self)
        self._working = QTimer(self)
        self._working.setInterval(0)
        self._working.timeout.connect(self._work)
        self._build()
        self._connect()
        self.retheme()

    def _build(self) -> None:
        pages = QWidget()
        self._stack = QStackedLayout(pages)
        for page in (self.nothing_yet, self.diagram, self.table, self.nothing_found, self.nothing_there, self.busy):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(pages, 1)
        accessible.tab_order([*self.bar.stops, self.diagram, self.table])
        self.lead_focus_to(self.diagram)

    def _connect(self) -> None:
        self.bar.changed.connect(self.apply_filter)
        self.bar.left.connect(self.setFocus)
        self.pin.changed.connect(self._on_selection)
        diagram = self.diagram
        diagram.row_chosen.connect(self._on_row_chosen)
        diagram.row_opened.connect(self._on_row_opened)
        diagram.row_unfolded.connect(self._on_row_unfolded)
        diagram.frame_unfolded.connect(self._on_call_unfolded)
        diagram.line_chosen.connect(self._on_line_chosen)
        diagram.line_opened.connect(self._on_line_opened)
        diagram.line_unfolded.connect(self._on_line_unfolded)
        diagram.pointed.connect(self._on_pointed)
        diagram.menu_wanted.connect(self._on_menu)
        diagram.followed.connect(self._on_followed)
        self.table.item_chosen.connect(self._on_row_chosen)
        self.table.item_opened.connect(self._on_row_opened)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._on_table_menu)

    # ---- for the panel -----------------------------------------------------------------------------------------

    def watch(self) -> None:
        """Follow the selection from now on."""
        if self._undo_watch is None:
            self._undo_watch = self._context.selection.watch(self._on_selection)

    def unwatch(self) -> None:
        """Do nothing any more until `watch`."""
        self.bar.rest()
        for timer in (self._working, self.refreshes):
            timer.stop()
        self._shown = None
        if self._undo_watch is not None:
            self._undo_watch()
            self._undo_watch = None

    def finish(self) -> None:
        """The window closes for good."""
        self.unwatch()

    def on_changes(self, changes: Changes) -> None:
        """Show what came."""
        self.pin.take(changes)
        if changes.new_target:
            self.model.forget()
        if changes.everything or changes.app:
            self._look(anew=True)
        elif changes.runs or changes.target or changes.names or changes.essences_new:
            self.refreshes.ask()

    def retheme(self) -> None:
        """Take on the theme's fonts and colours."""
        self.bar.retheme()
        self.diagram.retheme()
        self.table.retheme()

    # ---- what is shown -----------------------------------------------------------------------------------------

    def _look(self, *, anew: bool = False) -> None:
        """Be about what is selected, at the moment that is shown."""
        selection, is_pinned = self._context.selection, self.pin.isChecked()
        thing, span = (None, self.model.span) if is_pinned else (selection.thing, selection.span)
        if self.model.look_at(self._context.session().live, self.pin.known(), thing, span) or anew:
            self._begin()
        self._show_selection()

    def _begin(self) -> None:
        is_window = not self.model.is_chain
        self.diagram.set_following(is_window and self.model.span is None)
        self.model.begin()
        self._go()

    def _refresh(self) -> None:
        """What is shown lives: take in what came. Not while one reads further up, for it would move away."""
        if not self.pin.is_live:
            return
        if self.model.is_chain or self.diagram.is_following or not len(self.model.diagram):
            if self.model.is_done:
                self.model.begin()
            self._go()

    def _go(self) -> None:
        """Work at once, and on in pieces when it takes longer."""
        self._work()
        if not self.model.is_done and not self._working.isActive():
            self._working.start()

    def _work(self) -> None:
        if self.model.step(_STEP_SECONDS):
            self._show()
        if self.model.is_done:
            self._working.stop()
            wished = int(self.model.cost_s * 1_000 * _COST_SHARE)
            self.refreshes.set_interval(min(max(REFRESH_MS, wished), _LONGEST_REFRESH_MS))
        self._choose_page()

    def _show(self) -> None:
        """The diagram is another one."""
        self.diagram.renew()
        if self.bar.table.isChecked():
            self.table.renew()
        self.bar.heading.show_text(self.model.heading)
        self.diagram.setAccessibleDescription(self.model.heading)
        self._say()
        self._show_selection()

    def _say(self) -> None:
        notes = [self.model.filter.problem, *self.model.notes]
        is_held = self.pin.is_live and not self.model.is_chain and self.model.span is None
        if is_held and not self.diagram.is_following and self.diagram.verticalScrollBar().maximum():
            notes.append("Newer calls are not shown while you read here: scroll to the end to follow them.")
        self.bar.say(" ".join(filter(None, notes)))

    def _choose_page(self) -> None:
        model = self.model
        page: QWidget = self.diagram
        if len(model.diagram):
            page = self.table if self.bar.table.isChecked() else self.diagram
        elif not model.is_done:
            page = self.busy
            self.busy.setText(f"{model.share:.0%} searched")
        elif model.filter and model.found:
            page = self.nothing_found
            self.nothing_found.say(
                "Nothing matches", f"None of {figures.counted(model.found, 'call')} passes the filter."
            )
        elif len(model.known.orders) > model.known.orders.count_at(model.known.app.first_n):
            page = self.nothing_there
            self.nothing_there.say("No calls here", f"{model.nothing_words()} Select a run, or look at the last calls.")
        else:
            page = self.nothing_yet
            is_alive = model.known.target.is_alive
            if is_alive:
                so_far = "The program runs, but nothing was called so far." if self.pin.is_live else NOTHING_THEN
                self.nothing_yet.say("No calls yet", so_far, offer=False)
        if self._stack.currentWidget() is not page:
            had_focus = has_focus(self._stack.currentWidget())
            self._stack.setCurrentWidget(page)
            self.lead_focus_to(self.table if page is self.table else self.diagram)
            if had_focus:
                self.setFocus()
        self.bar.heading.setVisible(len(model.diagram) > 0)

    # ---- selection ---------------------------------------------------------------------------------------------

    def _on_selection(self) -> None:
        selection = self._context.selection
        hovered = essence_of(self.model.known, selection.hovered) if selection.hovered is not None else -1
        lane = self.model.diagram.lane_of.get(hovered, -1)
        if lane != self.diagram.lit.hovered_lane:
            self.diagram.lit.hovered_lane = lane
            self.diagram.viewport().update()
        shown = (self.pin.thing, self.pin.time, self.pin.isChecked(), selection.span)
        if shown != self._shown:
            self._shown = shown
            self._look()

    def _show_selection(self) -> None:
        """Light the row of the selected run and the lifeline of the selected tonic."""
        model, lit = self.model, self.diagram.lit
        thing = self._context.selection.thing
        number = call_number(model.known, thing)
        run = model.known.run_of(number) if number else None
        row = model.diagram.row_of_order(run.order if run is not None else number) if number else -1
        is_other = row != lit.row
        lit.row = row
        lit.lane = -1 if number else model.diagram.lane_of.get(essence_of(model.known, thing), -1)
        if is_other and row >= 0:
            self.diagram.show_row(row)
        self.diagram.viewport().update()
        if self.bar.table.isChecked():
            self.table.mark(row)

    def _on_row_chosen(self, row: int) -> None:
        order = self.model.diagram.order_at(row)
        if not order:
            return
        self.diagram.set_following(False)
        call = int(self.model.diagram.steps.first[row])
        has_run = self.model.diagram.calls.fate[call] == RAN
        self.model.chosen_here = order
        self._context.selection.select(Thing("run" if has_run else "order", order))
        self._say()

    def _on_row_opened(self, row: int) -> None:
        self._on_row_chosen(row)
        self._context.run("selection.go_to_source")

    def _on_line_chosen(self, lane: int) -> None:
        line = self.model.diagram.lines[lane]
        if line.kind in ("tonic", "box"):
            self._context.selection.select(Thing("essence", line.id))
        else:
            self.diagram.lit.lane = lane
            self.diagram.viewport().update()

    def _on_line_opened(self, lane: int) -> None:
        line = self.model.diagram.lines[lane]
        if line.kind == "box":
            self._on_line_unfolded(lane)
        elif line.kind == "tonic":
            self._context.run("selection.go_to_source")

    def _on_pointed(self, row: int, lane: int) -> None:
        diagram = self.model.diagram
        thing = None
        if lane >= 0 and diagram.lines[lane].id >= 0:
            thing = Thing("essence", diagram.lines[lane].id)
        elif row >= 0 and diagram.order_at(row):
            thing = Thing("essence", int(diagram.calls.receiver[diagram.steps.first[row]]))
        self._context.selection.hover(thing)

    def _on_menu(self, at: QPoint) -> None:
        CommandMenu(self, self._context, MENU).popup(at)

    def _on_table_menu(self, at: QPoint) -> None:
        if self.table.indexAt(at).isValid():
            self._on_menu(self.table.viewport().mapToGlobal(at))

    def _on_followed(self, following: bool) -> None:
        if following:
            self.refreshes.ask()
        self._say()

    # ---- what the user wants to see ----------------------------------------------------------------------------

    def set_scope(self, scope: Scope) -> None:
        """Show the chain of what is selected, or a stretch of time."""
        self.model.scope = scope
        (self.bar.chain if scope == "chain" else self.bar.span).setChecked(True)
        self._look(anew=True)

    def show_chain_of_selected(self) -> None:
        """Let the diagram be about the selected run alone."""
        number = call_number(self.model.known, self._context.selection.thing)
        if number:
            self.model.show_chain_of(number)
            self.set_scope("chain")

    def show_last(self) -> None:
        """Show the last calls, whatever the timeline shows."""
        self._context.selection.look_over(None)
        self.set_scope("window")

    def set_to_scale(self, to_scale: bool) -> None:
        """Let the distance down be time, or the order of calls."""
        self.model.is_to_scale = to_scale
        self.bar.scale.setChecked(to_scale)
        self.diagram.ns_per_px = 0.0
        self.fold_again()

    def toggle_table(self) -> None:
        """Rows as a table, or as a diagram again."""
        self.bar.table.setChecked(self._stack.currentWidget() is not self.table)
        if self.bar.table.isChecked():
            self.table.renew()
        self._choose_page()
        self._show_selection()

    def set_folding(self, what: Literal["selves", "repeats"], folded: bool) -> None:
        """Fold calls of a lifeline to itself, or what repeats; or show each."""
        asked = self.model.asked
        self.model.asked = replace(asked, selves=folded) if what == "selves" else replace(asked, repeats=folded)
        self.fold_again()

    def change_most(self, step: int) -> None:
        """More lifelines, or fewer."""
        at = LIFELINES.index(self.model.asked.wishes.most) + step
        if 0 <= at < len(LIFELINES):
            self.model.set_most(LIFELINES[at])
            self.fold_again()

    def fold_again(self) -> None:
        """Make the rows anew from what was found."""
        self.diagram.set_following(self.diagram.is_following)
        self.model.fold_again()
        self._go()

    def close_all(self) -> None:
        """Fold all that was unfolded by hand."""
        self.model.close_rows()
        self._go()

    def unfold_selected_row(self) -> None:
        """Show each of what the selected row stands for."""
        if self.diagram.lit.row >= 0:
            self.diagram.unfold(self.diagram.lit.row)

    def _on_row_unfolded(self, row: int) -> None:
        self._on_call_unfolded(int(self.model.diagram.steps.first[row]))

    def _on_call_unfolded(self, call: int) -> None:
        self.diagram.set_following(False)
        self.model.open_row(int(self.model.diagram.calls.order[call]))
        self._go()

    def _on_line_unfolded(self, lane: int) -> None:
        self.unfold_line(self.model.diagram.lines[lane].id, True)

    def unfold_line(self, line: int, unfolded: bool) -> None:
        """Let all that are in a box stand alone, or have all below a tonic in its box."""
        self.model.unfold_line(line, unfolded)
        self._go()

    def add_lifeline(self, added: bool) -> None:
        """Show the calls of the selected tonic as well, or no more."""
        self.model.add(self.selected_essence(), added)
        self._go()

    def selected_essence(self) -> int:
        """The tonic that is selected, or that the selected run belongs to; -1 for none."""
        return essence_of(self.model.known, self._context.selection.thing)

    def selected_line(self) -> int:
        """What the lifeline of the selected tonic is called after: itself, or the box it is in; -1 for none."""
        lane = self.model.diagram.lane_of.get(self.selected_essence(), -1)
        return self.model.diagram.lines[lane].id if lane >= 0 else -1

    @property
    def is_row_folded(self) -> bool:
        """Whether the selected row stands for several calls."""
        row = self.diagram.lit.row
        return 0 <= row < len(self.model.diagram) and self.model.diagram.row(row).calls > 1

    # ---- filter ------------------------------------------------------------------------------------------------

    def apply_filter(self) -> None:
        """Have only the calls that the filter asks for, from now on."""
        self.bar.rest()
        self.model.set_filter(self.bar.search.text())
        self._go()
        self._say()

    def _on_show_all(self, _command_id: str) -> None:
        self.bar.show_all()
        self.setFocus()

    # ---- export and size ---------------------------------------------------------------------------------------

    def picture(self) -> tuple[QSize, Picture, str]:
        """A saved picture: its size, what is in it, and what it is. All lifelines, and rows from the first one on screen."""
        view, diagram = self.diagram, self.model.diagram
        sizes = view.sizes
        width = sizes.width(max(len(diagram.lines), 1))
        body, top, part = view.places.height, 0, ""
        if body > MOST_PICTURE_ROWS * sizes.row:
            top, body = view.verticalScrollBar().value(), MOST_PICTURE_ROWS * sizes.row
            seen = view.places.between(top, top + body)[1]
            part = f" · {figures.grouped(seen)} of them in this picture"
        picture = Picture(diagram, view.places, sizes, 0, top, width, body)
        return QSize(width, sizes.row + sizes.head + body), picture, self.model.heading + part

    def paint_picture(self, painter: QPainter) -> None:
        """Paint what it is, heads and rows, wherever the screen is scrolled to."""
        _, picture, words = self.picture()
        sizes = picture.sizes
        painter.fillRect(0, 0, picture.width, sizes.row, self._context.theme.color("panel"))
        self.diagram.painter.paint_title(painter, QRect(8, 0, picture.width - 16, sizes.row), words)
        painter.translate(0, sizes.row)
        painter.save()
        painter.translate(0, sizes.head)
        painter.setClipRect(0, 0, picture.width, picture.height)
        self.diagram.painter.paint_body(painter, picture, Lit())
        painter.restore()
        self.diagram.painter.paint_heads(painter, picture, Lit())
