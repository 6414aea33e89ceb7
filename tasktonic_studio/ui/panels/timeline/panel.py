"""The timeline panel: what ran when, on which catalyst, and what waited."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.ui.exporting import export
from tasktonic_studio.ui.panel import PanelContext
from tasktonic_studio.ui.panels.timeline.lanes_view import ZOOM
from tasktonic_studio.ui.panels.timeline.view import TimelineView
from tasktonic_studio.ui.view_panel import SearchingPanel
from tasktonic_studio.ui.widgets import picture_file


class TimelinePanel(SearchingPanel):
    """A lane per catalyst, a box per run."""

    id = "timeline"
    title = "Timeline"
    icon = "timeline"
    key = "Ctrl+6"
    help = "What each catalyst ran when: a lane per catalyst, from the whole run down to single sparkles."

    view: TimelineView

    def build(self, context: PanelContext) -> QWidget:
        self.view = TimelineView(context)
        return self.view

    def commands(self) -> Sequence[Command]:
        return (
            self._command(
                "fit_selection",
                "Show the selected run large",
                "Bring the selected run into the middle of the timeline, then as large as one can see around it (F there).",
                TimelineView.fit_selection,
                icon="find",
                enabled_when=self._has_run,
            ),
            self._command(
                "fit_all",
                "Show the whole run",
                "Let the timeline show everything from the begin to now (Shift+F there).",
                lambda view: view.time.fit_all(),
                icon="fit",
            ),
            self._command(
                "zoom_in",
                "Zoom in",
                "Show less time, larger (W or Ctrl and the wheel in the timeline).",
                lambda view: view.time.zoom(ZOOM, view.time.width / 2),
            ),
            self._command(
                "zoom_out",
                "Zoom out",
                "Show more time, smaller (S or Ctrl and the wheel in the timeline).",
                lambda view: view.time.zoom(1 / ZOOM, view.time.width / 2),
            ),
            self._command(
                "follow",
                "Follow the live edge",
                "Stay at the newest runs, or stay where it is.",
                TimelineView.follow,
                icon="live",
                enabled_when=lambda _context: self.view.has_edge,
                checked_when=lambda _context: self.view.bar.live.isChecked(),
            ),
            self._command(
                "fold",
                "Unfold or fold the lane",
                "Show a lane for each tonic of the current catalyst, or no more (Space in the timeline).",
                TimelineView.fold_current,
                icon="down",
            ),
            self._command(
                "add_up",
                "Add up what is on screen",
                "Counts, totals, longest and percentiles of the runs on screen; drag over the lanes for a part of them.",
                TimelineView.add_up_view,
                icon="sum",
            ),
            self._command(
                "toggle_table",
                "Timeline as a table",
                "Show the runs on screen as rows, or as lanes again.",
                TimelineView.toggle_table,
                icon="table",
                checked_when=lambda _context: self.view.bar.table.isChecked(),
            ),
            Command(
                "timeline.save_picture",
                "Save the timeline as a picture…",
                "What is on screen, as PNG or SVG.",
                self._save_picture,
                icon="save",
                enabled_when=self._has_lanes,
            ),
            Command(
                "timeline.save_totals",
                "Save the totals as CSV…",
                "The table of the marked area, for a spreadsheet.",
                self._save_totals,
                icon="save",
                enabled_when=self._has_totals,
            ),
        )

    def _command(
        self, name: str, title: str, help_text: str, do: Callable[[TimelineView], object], **more: Any
    ) -> Command:
        """A command that does something with the view, which is built later than the commands."""

        def run(_context: CommandContext) -> None:
            do(self.view)

        return Command(f"timeline.{name}", title, help_text, run, **more)

    def save_state(self) -> dict[str, Any]:
        return {
            "columns": self.view.table.columns.save_state(),
            "totals": self.view.area.table.columns.save_state(),
        }

    def restore_state(self, state: Mapping[str, Any]) -> None:
        for name, table in (("columns", self.view.table), ("totals", self.view.area.table)):
            columns = state.get(name)
            if isinstance(columns, dict):
                table.columns.restore_state(columns)

    # ---- commands

    def _has_run(self, _context: CommandContext) -> bool:
        return self.view.lanes.over.chain is not None

    def _has_lanes(self, _context: CommandContext) -> bool:
        return len(self.view.lanes.lanes) > 0

    def _has_totals(self, _context: CommandContext) -> bool:
        return self.view.area.isVisibleTo(self.view) and not self.view.area.is_busy

    def _save_picture(self, context: CommandContext) -> None:
        def save(file: str) -> str:
            return picture_file.save_picture(file, self.view.picture_size(), "Timeline", self.view.paint_picture)

        export(self.view, context, "Save the timeline", "timeline", "svg png", save)

    def _save_totals(self, context: CommandContext) -> None:
        def save(file: str) -> str:
            return picture_file.save_text(file, self.view.area.table_model.csv())

        export(self.view, context, "Save the totals", "totals", "csv", save)
