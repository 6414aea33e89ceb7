"""The trace panel: what ran, when, why, and for how long."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.ui.list_panel import TablePanel
from tasktonic_studio.ui.panel import PanelContext
from tasktonic_studio.ui.panels.trace.view import TraceView


class TracePanel(TablePanel):
    """Every run of a sparkle as a row."""

    id = "trace"
    title = "Trace"
    icon = "trace"
    key = "Ctrl+4"
    help = "Every run of a sparkle: when, whose, in which state, how long, and what caused it."

    view: TraceView

    def build(self, context: PanelContext) -> QWidget:
        self.view = TraceView(context)
        return self.view

    def commands(self) -> Sequence[Command]:
        return (
            Command(
                "trace.look_at",
                "Look at this moment",
                "Show in all panels what was known when the selected run ended, or the selected line was said.",
                _look_at,
                keys=("Alt+Home",),
                icon="history",
                menu="Go",
                enabled_when=_has_moment,
                section="time",
            ),
            Command(
                "trace.only_selected",
                "Trace only the selected tonic",
                "Let the trace show only the runs of the selected tonic, or all again.",
                self._toggle_only,
                icon="filter",
                checked_when=self._is_only,
            ),
            Command(
                "trace.copy_rows",
                "Copy the rows",
                "Put the selected rows of the trace on the clipboard.",
                self.copy_rows,
                icon="copy",
                enabled_when=self.has_rows,
            ),
            Command(
                "trace.save_csv",
                "Save the runs as CSV…",
                "Write the runs that the trace shows to a file, for a spreadsheet.",
                self._save,
                icon="export",
                enabled_when=self.has_any,
            ),
            Command(
                "trace.follow",
                "Follow the end of the trace",
                "Scroll to the newest run and stay there.",
                self.to_the_end,
                icon="down",
            ),
        )

    # ---- commands

    def _toggle_only(self, context: CommandContext) -> None:
        self.view.only.toggle()

    def _is_only(self, context: CommandContext) -> bool:
        return self.view.only.isChecked()

    def _save(self, context: CommandContext) -> None:
        self.view.save_csv()


def _moment(context: CommandContext) -> int | None:
    """The moment right after the selected run, order or line; None when there is none to go to."""
    thing, session = context.selection.thing, context.session
    if thing is None or session is None:
        return None
    known = session.live
    if isinstance(thing.key, int):
        if thing.kind == "run" and (run := known.run_of(thing.key)) is not None:
            return run.n + 1
        if thing.kind == "order" and (order := known.order_of(thing.key)) is not None:
            return order.n + 1
        if thing.kind == "log" and known.log.first <= thing.key < len(known.log):
            return known.log[thing.key].n + 1
    return None


def _has_moment(context: CommandContext) -> bool:
    return _moment(context) is not None


def _look_at(context: CommandContext) -> None:
    moment = _moment(context)
    if moment is not None:
        context.selection.look_at(moment)
