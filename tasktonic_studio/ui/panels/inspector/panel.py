"""The inspector panel: everything about the selected thing, in one place."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from tasktonic.protocol.messages import AskSignals, Inspect
from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.session.names import Place
from tasktonic_studio.ui.panel import PanelContext
from tasktonic_studio.ui.panels.inspector.signal_facts import has_signals
from tasktonic_studio.ui.panels.inspector.view import InspectorView
from tasktonic_studio.ui.view_panel import ViewPanel

_requests = itertools.count(1_000_000)
"""Numbers of our requests for attributes. Answers come back by essence; the number only has to differ from others."""


class InspectorPanel(ViewPanel):
    """Everything about the selected thing."""

    id = "inspector"
    title = "Inspector"
    icon = "inspector"
    key = "Ctrl+2"
    help = "Everything about the selected thing: state, attributes, causes, effects, timers, errors."

    view: InspectorView

    def build(self, context: PanelContext) -> QWidget:
        self._context = context
        self._place: Place | None = None
        self.view = InspectorView(context)
        self.view.place_wanted.connect(self._on_place)
        self._breakpoint = 0
        self.view.breakpoint_wanted.connect(self._on_breakpoint)
        return self.view

    def edit(self) -> None:
        self.view.edit()

    def commands(self) -> Sequence[Command]:
        return (
            Command(
                "inspector.ask_attributes",
                "Ask for the attributes",
                "Look at the attributes of the selected tonic again.",
                self._ask,
                enabled_when=self._can_ask,
            ),
            Command(
                "inspector.plot_attribute",
                "Plot this attribute",
                "Show how the number in the chosen line of the inspector went on while it was looked at; again takes it away.",
                self._plot,
                icon="plot",
                enabled_when=self._can_plot,
                checked_when=self._is_plotted,
            ),
            Command(
                "inspector.copy_facts",
                "Copy all facts",
                "Put all that the inspector shows on the clipboard, as text.",
                self._copy,
                icon="copy",
                enabled_when=self._has_facts,
            ),
            Command(
                "inspector.save_text",
                "Save the facts…",
                "Write all that the inspector shows to a text file.",
                self._save,
                icon="export",
                enabled_when=self._has_facts,
            ),
            Command(
                "inspector.open_place",
                "Open the place of this fact",
                "Show the place in source that was clicked in the inspector.",
                self._open_place,
                enabled_when=self._has_place,
            ),
            Command(
                "inspector.edit_breakpoint",
                "Edit the breakpoint of this fact…",
                "Open the form of the breakpoint that was clicked in the inspector.",
                self._edit_breakpoint,
                enabled_when=self._has_breakpoint,
            ),
        )

    def save_state(self) -> dict[str, Any]:
        return {"folded": sorted(self.view.folded), "columns": self.view.tree.columns.save_state()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        folded, columns = state.get("folded"), state.get("columns")
        if isinstance(folded, list):
            self.view.folded = {key for key in folded if isinstance(key, str)}
        if isinstance(columns, dict):
            self.view.tree.columns.restore_state(columns)

    # ---- commands

    def _can_ask(self, context: CommandContext) -> bool:
        return self.view.can_ask

    def _ask(self, context: CommandContext) -> None:
        thing = self.view.pin.thing
        if thing is not None and isinstance(thing.key, int):
            context.requests.send(Inspect(next(_requests), thing.key))
            if context.session is not None and has_signals(context.session.live, thing.key):
                context.requests.send(AskSignals(next(_requests), thing.key))

    def _can_plot(self, context: CommandContext) -> bool:
        return self.view.plottable is not None

    def _plot(self, context: CommandContext) -> None:
        self.view.toggle_plot()

    def _is_plotted(self, context: CommandContext) -> bool:
        return self.view.plotted is not None and self.view.plottable == self.view.plotted

    def _has_facts(self, context: CommandContext) -> bool:
        return self.view.subject is not None

    def _copy(self, context: CommandContext) -> None:
        QGuiApplication.clipboard().setText(self.view.text)

    def _save(self, context: CommandContext) -> None:
        self.view.save_text()

    def _has_place(self, context: CommandContext) -> bool:
        return self._place is not None

    def _open_place(self, context: CommandContext) -> None:
        if self._place is not None:
            context.window.open_source(self._place.file, self._place.line)

    def _on_place(self, place: Place) -> None:
        self._place = place
        self._context.run("inspector.open_place")

    def _has_breakpoint(self, context: CommandContext) -> bool:
        return context.session is not None and context.session.breakpoints.find(self._breakpoint) is not None

    def _edit_breakpoint(self, context: CommandContext) -> None:
        point = context.session.breakpoints.find(self._breakpoint) if context.session is not None else None
        if point is not None:
            context.window.edit_breakpoint(point)

    def _on_breakpoint(self, number: int) -> None:
        self._breakpoint = number
        self._context.run("inspector.edit_breakpoint")
