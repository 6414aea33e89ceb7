"""The timeline's widget: joins model, time, lanes, ruler, map, table and totals, and follows selection and moment.

It is long because it is where these parts meet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedLayout, QVBoxLayout, QWidget

from tasktonic_studio.commands.things import essence_of
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.timeline.area_view import AreaView
from tasktonic_studio.ui.panels.timeline.bar import TimelineBar
from tasktonic_studio.ui.panels.timeline.chosen_run import ChosenRun
from tasktonic_studio.ui.panels.timeline.lanes_view import LanesView
from tasktonic_studio.ui.panels.timeline.marked_area import MarkedArea
from tasktonic_studio.ui.panels.timeline.minimap import Minimap
from tasktonic_studio.ui.panels.timeline.model import TimelineModel
from tasktonic_studio.ui.panels.timeline.moments import FRAME_MS, Moments
from tasktonic_studio.ui.panels.timeline.ruler import Ruler
from tasktonic_studio.ui.panels.timeline.run_table import RunTable
from tasktonic_studio.ui.panels.timeline.viewport import Viewport
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tasktonic_studio.ui.widgets.empty_state import OTHER_START, EmptyState
from tasktonic_studio.ui.widgets.focus import FocusLeader, turn_page
from tasktonic_studio.ui.widgets.throttle import Throttle

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

MENU: Final = (
    "trace.look_at",
    "time.go_live",
    "timeline.fit_selection",
    "timeline.fit_all",
    "timeline.add_up",
    "",
    "selection.go_to_source",
    "selection.show_in_inspector",
    "selection.show_in_trace",
    "sequence.show",
    "selection.show_in_ledger",
    "selection.select_context",
    "",
    "timeline.fold",
    "timeline.save_picture",
)
MAP_MS: Final = 500
_STEP_SECONDS: Final = 0.005
"""Lanes are read for so long at a time; it may come twice in one turn of Qt's loop."""
_NARROW_PX: Final = 420
_LOW_PX: Final = 320
_LANES_PX: Final = 44
"""A lane can be read."""


class TimelineView(FocusLeader):
    """All that the timeline panel shows. Made by the panel; the dock owns it."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._undo_watch: Any = None
        self._shown: tuple[Thing | None, int | None] | None = None
        self._lanes_are: object = None
        self.model = TimelineModel()
        self.time = Viewport(self)
        self.bar = TimelineBar(context)
        self.pin, self.search = self.bar.pin, self.bar.search
        self.map = Minimap(self.model, self.time, context.theme)
        self.ruler = Ruler(self.model, self.time, context.theme)
        self.lanes = LanesView(self.model, self.time, context.theme)
        accessible.name(self.lanes, "Lanes", "What each catalyst ran when")
        self.table = RunTable(self.model, context.theme)
        self.area = AreaView(context, self.model)
        self.nothing_yet = EmptyState(
            "Nothing ran yet",
            "Each catalyst has a lane here, each run of a sparkle a box in it: see what takes long, what waits, what "
            "happens at the same time.",
            "Start the example plant",
            "run.start_example",
            context.run,
            OTHER_START,
        )
        self.nothing_found = EmptyState("Nothing matches", "", "Show all", "show_all", self._on_show_all)
        self.arrivals = Throttle(FRAME_MS, self._follow_live, self)
        self.map_arrivals = Throttle(MAP_MS, self._renew_map, self)
        self.pictures = Throttle(FRAME_MS, self.lanes.renew, self)
        """Of lanes that are still read: to paint them after each piece would take as long as reading."""
        self.chosen = ChosenRun(self.model, self.time, self.pin, self.lanes)
        self.marked = MarkedArea(self.time, self.lanes, self.area)
        self.moments = Moments(context, self.model, self.time, self.pin, self.ruler, self.map, self.lanes)
        self._catching = QTimer(self)
        self._catching.setInterval(0)
        self._catching.timeout.connect(self._catch_up)
        self._build()
        self._connect()
        self.retheme()

    def _build(self) -> None:
        painted = QWidget()
        below = QVBoxLayout(painted)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        for widget in (self.map, self.ruler, self.lanes):
            below.addWidget(widget)
        pages = QWidget()
        self._stack = QStackedLayout(pages)
        self._painted = painted
        # Not what the page without runs would like to have.
        pages.setMinimumHeight(self.ruler.height() + _LANES_PX)
        for page in (self.nothing_yet, painted, self.table, self.nothing_found):
            self._stack.addWidget(page)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(pages)
        self._split.addWidget(self.area)
        self._split.setStretchFactor(0, 3)
        self._split.setStretchFactor(1, 2)
        self.area.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self._split, 1)
        accessible.tab_order([*self.bar.stops, self.map, self.ruler, self.lanes, self.area.table])
        self.lead_focus_to(self.lanes)

    def _connect(self) -> None:
        self.bar.changed.connect(self.apply_filter)
        self.bar.left.connect(self.setFocus)
        self.pin.changed.connect(self._on_pin)
        self.time.followed.connect(self._show_live)
        self.time.followed.connect(self._tell_span)
        self.time.changed.connect(self._on_time)
        lanes = self.lanes
        for part in (self.ruler, self.map, lanes):
            part.live_wanted.connect(self.go_live)
        lanes.run_chosen.connect(self._on_run_chosen)
        lanes.run_opened.connect(self._on_run_opened)
        lanes.run_pointed.connect(self._on_run_pointed)
        lanes.lane_chosen.connect(self._on_lane_chosen)
        lanes.fold_wanted.connect(self.fold)
        lanes.step_wanted.connect(self.step)
        lanes.menu_wanted.connect(self._on_menu)
        lanes.selection_fit_wanted.connect(self.fit_selection)
        self.table.item_chosen.connect(self._on_run_chosen)
        self.table.item_opened.connect(self._on_run_opened)
        self.table.item_pointed.connect(self._on_run_pointed)
        self.marked.changed.connect(self._on_marked)
        self.marked.focus_left.connect(self.setFocus)
        self.area.longest_wanted.connect(self._on_run_chosen)
        self.area.save_wanted.connect(self._on_save_totals)

    # ---- for the panel -----------------------------------------------------------------------------------------

    @property
    def is_live(self) -> bool:
        """Whether new runs are shown as they come."""
        return self.pin.is_live

    def watch(self) -> None:
        """Follow the selection from now on."""
        if self._undo_watch is None:
            self._undo_watch = self._context.selection.watch(self._on_selection)
            self.moments.watch()
            self._tell_span()

    def unwatch(self) -> None:
        """Do nothing any more until `watch`."""
        self.bar.rest()
        for timer in (self._catching, self.arrivals, self.map_arrivals, self.pictures):
            timer.stop()
        self.moments.unwatch()
        self.area.stop()
        self._shown = None
        if self._undo_watch is not None:
            self._undo_watch()
            self._undo_watch = None
        self._tell_span()

    def finish(self) -> None:
        """The window closes for good."""
        self.unwatch()

    def on_changes(self, changes: Changes) -> None:
        """Show what came."""
        self.pin.take(changes)
        if changes.new_target:
            self.clear_area()
        if changes.everything or changes.app:
            self._look()
        elif changes.runs or changes.catalysts or changes.target:
            if self.is_live:
                self.arrivals.ask()
        if changes.names or changes.essences_new:
            self.model.forget_words()

    def retheme(self) -> None:
        """Take on the theme's fonts and colours."""
        self.bar.retheme()
        self.map.retheme()
        self.ruler.retheme()
        self.lanes.retheme()
        self.table.retheme()
        self.area.retheme()

    # ---- what is known -----------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Look at everything anew: another moment, another app, shown after it was hidden."""
        is_other = self.model.look_at(self._context.session(), self.pin.known())
        if is_other:
            self.clear_area()
            self.time.begin()
        self.model.is_open = self.is_live or is_other or not self.model.index.taken
        if self.model.is_open or self.model.share < 1:
            # Else only another moment of the past is shown, and the lanes are what they were.
            self._catch_up()
        self._show_selection(scroll=False)

    def _follow_live(self) -> None:
        """Take what came since the last time, at most thirty times a second."""
        if self.is_live:
            self.model.is_open = True
            # While it reads on with each turn of the loop, twice in one turn would hold up the window.
            if not self._catching.isActive():
                self._catch_up()
            self.chosen.update()

    def _catch_up(self) -> None:
        before = self.model.now_ns if self.time.span == (0, 1) else self.time.span[1]
        was_reading = self._catching.isActive()
        is_done = self.model.catch_up(_STEP_SECONDS)
        if is_done or self._context.session().is_long_run_coming:
            # While a long run is read the time is for that: some lanes with all that is told, the rest when it is there.
            self._catching.stop()
        elif not self._catching.isActive():
            self._catching.start()
        self._lay_out_lanes()
        if self.model.is_open:
            is_over = not self._is_alive() or not self.model.is_present_app
            self.time.set_whole(is_over or self.model.known.target.how == "file")
            self.time.set_span(*self.model.span)
            self._show_live()
        if not is_done:
            self.pictures.ask()
        elif was_reading or self.time.until_ns >= before:
            self.pictures.stop()
            self.lanes.renew()
        self.lanes.over.now_ns = self.model.now_ns if self.model.is_present_app and self._is_alive() else None
        self.map_arrivals.ask()
        self._choose_page()

    @property
    def has_edge(self) -> bool:
        """Whether more may come: what was recorded, or has ended, has no live edge."""
        return self._is_alive() and self.model.is_present_app and self.model.known.target.how != "file"

    def _show_live(self) -> None:
        """Whether the live edge is followed, if there is one."""
        self.bar.live.setEnabled(self.has_edge)
        self.bar.live.setChecked(self.has_edge and self.time.is_following)

    def _is_alive(self) -> bool:
        return self.model.known.target.is_alive and not self.model.app.has_ended

    def _lay_out_lanes(self) -> None:
        tonics = [(catalyst, self.model.tonics_of(catalyst)) for catalyst in self.model.of_tonics]
        lanes_are = (self.model.catalysts, tonics)
        if lanes_are != self._lanes_are:
            self._lanes_are = lanes_are
            self.lanes.show_lanes()

    def _renew_map(self) -> None:
        self.map.renew()
        self._show_counts()
        lanes, runs = len(self.lanes.lanes), figures.grouped(self.model.index.taken)
        began = self.model.began_ns
        shown = f"{figures.moment(self.time.from_ns, began)} to {figures.moment(self.time.until_ns, began)}"
        self.lanes.setAccessibleDescription(f"{lanes} lanes with {runs} runs; on screen is {shown}")
        if self.bar.table.isChecked():
            self._list_runs()

    def _show_counts(self) -> None:
        share = self.model.share
        text = f"{share:.0%} read" if share < 1 else figures.counted(self.model.index.taken, "run")
        if share == 1 and self.model.filter:
            text = f"{figures.grouped(self.model.index.taken)} of {figures.counted(self.model.total, 'run')}"
        self.bar.show_count(text)

    def _choose_page(self) -> None:
        has_lanes = bool(len(self.lanes.lanes)) and (bool(self.model.index.taken) or not self.model.filter)
        page: QWidget = self.nothing_yet
        if has_lanes:
            page = self.table if self.bar.table.isChecked() else self._painted
        elif self.model.filter:
            page = self.nothing_found
            is_busy = self.model.share < 1
            self.nothing_found.say(
                "Searching" if is_busy else "Nothing matches",
                f"{self.model.share:.0%} of the runs were looked at."
                if is_busy
                else f"None of {figures.counted(self.model.total, 'run')} passes the filter.",
            )
        if self._stack.currentWidget() is not page:
            self.lead_focus_to(self.table if page is self.table else self.lanes)
            turn_page(self._stack, page, self)

    def _on_time(self) -> None:
        """Another stretch of time is on screen."""
        self._tell_span()
        if self.bar.table.isChecked():
            self.map_arrivals.ask()

    def _tell_span(self) -> None:
        """Let the other panels know which stretch of time is marked, or else shown."""
        area, span = self.lanes.over.area, None
        if area is not None:
            span = (int(area.from_ns), int(area.until_ns))
        elif not self.time.is_following:
            span = (int(self.time.from_ns), int(self.time.until_ns))
        self._context.selection.look_over(span if self._undo_watch is not None else None)

    # ---- filter ------------------------------------------------------------------------------------------------

    def apply_filter(self) -> None:
        """Have only what the filter asks for in the lanes, from now on."""
        self.bar.rest()
        self.model.set_filter(self.bar.search.text())
        self.bar.say(self.model.filter.problem)
        self.clear_area()
        self._catch_up()
        self.lanes.renew()

    def _on_show_all(self, _command_id: str) -> None:
        self.bar.show_all()
        self.setFocus()

    # ---- selection and moment ----------------------------------------------------------------------------------

    def _on_selection(self) -> None:
        selection = self._context.selection
        hovered = essence_of(self.model.known, selection.hovered) if selection.hovered is not None else -1
        if hovered != self.lanes.over.hovered_essence:
            self.lanes.over.hovered_essence = hovered
            self.lanes.lay_over()
        shown = (self.pin.thing, self.pin.time)
        if shown != self._shown:
            self._show_selection(scroll=True)

    def _show_selection(self, *, scroll: bool) -> None:
        """Show the selected run with its causes and effects, and the moment."""
        before, self._shown = self._shown, (self.pin.thing, self.pin.time)
        self.moments.show(was_live=before is None or before[1] is None)
        self.chosen.show(scroll=scroll)
        self._mark_row()
        self.lanes.lay_over()

    def _on_pin(self) -> None:
        if self.pin.isChecked():
            self.time.stop_following()
        self._look()

    def go_live(self) -> None:
        """Back to the present, and stay there."""
        self._context.selection.look_at(None)
        self.time.follow()

    def follow(self) -> None:
        """Follow the live edge, or stop doing so."""
        if self.time.is_following:
            self.time.stop_following()
        else:
            self.go_live()
        self._show_live()

    # ---- what the user does ------------------------------------------------------------------------------------

    def step(self, steps: int) -> None:
        """Select the next (1) or previous (-1) run on the lane of the selected one, or of the current lane."""
        wanted = self.chosen.neighbour(steps)
        if wanted >= 0:
            self._on_run_chosen(wanted)

    def fit_selection(self) -> None:
        """Bring the selected run into the middle; when it is there, show it as large as one can still see around it."""
        self.chosen.fit()

    def fold(self, catalyst: int) -> None:
        """Show lanes for the tonics of a catalyst, or no more."""
        is_unfolded = catalyst in self.model.of_tonics
        self.model.unfold(catalyst, not is_unfolded)
        number = self.lanes.lanes.number_of(catalyst)
        self._catch_up()
        self.lanes.show_lane(number)

    def fold_current(self) -> None:
        """The same for the current lane."""
        if len(self.lanes.lanes):
            self.fold(self.lanes.lanes[self.lanes.current].catalyst)

    def _on_run_chosen(self, row: int) -> None:
        run = self.model.run(row)
        if run is not None:
            self._context.selection.select(Thing("run", run.run))
        elif self.lanes.over.area is not None:
            self.clear_area()

    def _on_run_opened(self, row: int) -> None:
        self._on_run_chosen(row)
        self._context.run("selection.go_to_source")

    def _on_run_pointed(self, row: int) -> None:
        run = self.model.run(row)
        self._context.selection.hover(Thing("essence", run.essence) if run is not None else None)

    def _on_lane_chosen(self, catalyst: int, tonic: int) -> None:
        self._context.selection.select(Thing("essence", tonic) if tonic >= 0 else Thing("catalyst", catalyst))

    def _on_menu(self, at: QPoint) -> None:
        CommandMenu(self, self._context, MENU).popup(at)

    # ---- area --------------------------------------------------------------------------------------------------

    def add_up_view(self) -> None:
        """Mark all that is on screen."""
        self.marked.add_up_view()

    def clear_area(self) -> None:
        """Nothing is marked any more."""
        self.marked.clear()

    def _on_marked(self) -> None:
        self._fit_height()
        self._tell_span()

    def _on_save_totals(self) -> None:
        self._context.run("timeline.save_totals")

    # ---- table twin --------------------------------------------------------------------------------------------

    def toggle_table(self) -> None:
        """Runs on screen as a table, or as lanes again."""
        self.bar.table.setChecked(self._stack.currentWidget() is not self.table)
        if self.bar.table.isChecked():
            self._list_runs()
        self._choose_page()

    def _list_runs(self) -> None:
        left_out = self.table.list_runs(self.time.from_ns, self.time.until_ns)
        words = (
            f"Another {figures.counted(left_out, 'run')} are on screen: zoom in to have them listed."
            if left_out
            else ""
        )
        self.bar.say(words or self.model.filter.problem)
        self._mark_row()

    def _mark_row(self) -> None:
        chain = self.lanes.over.chain
        self.table.mark(chain.run.row if chain is not None and self.bar.table.isChecked() else -1)

    def _fit_height(self) -> None:
        """In a low panel lanes and totals are worth more than the map."""
        self.map.setVisible(self.area.isHidden() or self.height() >= _LOW_PX)

    # ---- export and size ---------------------------------------------------------------------------------------

    def picture_size(self) -> QSize:
        """How large a saved picture is, in pixels of the screen."""
        return QSize(self.lanes.viewport().width(), self.ruler.height() + self.lanes.viewport().height())

    def paint_picture(self, painter: QPainter) -> None:
        """Paint ruler and lanes as they are on screen."""
        size = self.picture_size()
        painter.fillRect(0, 0, size.width(), size.height(), self._context.theme.color("panel"))
        self.ruler.paint(painter, size.width())
        painter.translate(0, self.ruler.height())
        self.lanes.paint_lanes(painter, self.lanes.frame())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = event.size().width()
        self._fit_height()
        letters = self.fontMetrics().averageCharWidth()
        gutter = 9 * letters + 20 if width < _NARROW_PX else min(max(width // 7, 15 * letters + 24), 28 * letters)
        for part in (self.map, self.ruler):
            part.gutter_px = gutter
        self.lanes.set_gutter(gutter)
        self.time.set_width(self.lanes.viewport().width() - gutter)
        self.map.renew()
