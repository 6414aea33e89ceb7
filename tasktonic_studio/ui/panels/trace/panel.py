"""The trace panel: what ran, when, why, and for how long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.ui.panel import Panel, PanelContext
from tasktonic_studio.ui.panels.trace.view import TraceView


class TracePanel(Panel):
    """Every run of a sparkle as a row."""

    id = "trace"
    title = "Trace"
    icon = "trace"
    key = "Ctrl+4"
    help = "Every run of a sparkle: when, whose, in which state, how long, and what caused it."

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
                self._copy,
                icon="copy",
                enabled_when=self._has_rows,
            ),
            Command(
                "trace.follow",
                "Follow the end of the trace",
                "Scroll to the newest run and stay there.",
                self._follow,
                icon="down",
            ),
        )

    def on_changes(self, changes: Changes) -> None:
        self.view.on_changes(changes)

    def on_theme(self) -> None:
        self.view.retheme()

    def shown(self) -> None:
        self.view.watch()

    def hidden(self) -> None:
        self.view.unwatch()

    def finish(self) -> None:
        self.view.unwatch()

    def find(self) -> None:
        self.view.search.setFocus()
        self.view.search.selectAll()

    def save_state(self) -> dict[str, Any]:
        return {"columns": self.view.table.columns.save_state()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        columns = state.get("columns")
        if isinstance(columns, dict):
            self.view.table.columns.restore_state(columns)

    # ---- commands

    def _toggle_only(self, context: CommandContext) -> None:
        self.view.only.toggle()

    def _is_only(self, context: CommandContext) -> bool:
        return self.view.only.isChecked()

    def _has_rows(self, context: CommandContext) -> bool:
        return self.view.table.selectionModel().hasSelection()

    def _copy(self, context: CommandContext) -> None:
        self.view.copy_selected()

    def _follow(self, context: CommandContext) -> None:
        self.view.table.follow()


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
