"""The console panel: expressions are evaluated in a held tonic. It runs code in the app, and says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from tasktonic.protocol.messages import Evaluate
from tasktonic_studio.commands.change_commands import is_held, selected_essence, why_not_act
from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.ui.panel import PanelContext
from tasktonic_studio.ui.panels.console.view import ConsoleView
from tasktonic_studio.ui.view_panel import ViewPanel


class ConsolePanel(ViewPanel):
    """Evaluates in the selected tonic, while its catalyst is held."""

    id = "console"
    title = "Console"
    icon = "console"
    key = "Ctrl+Alt+0"
    help = "Evaluate expressions in a held tonic: it runs code in the app."

    view: ConsoleView

    def build(self, context: PanelContext) -> QWidget:
        self.view = ConsoleView(context)
        return self.view

    def commands(self) -> Sequence[Command]:
        return (
            Command(
                "change.evaluate",
                "Evaluate in the held tonic",
                "Run what stands in the console in the selected tonic, whose catalyst has to be held: it is code in the app.",
                self._evaluate,
                keys=("Ctrl+Return", "Ctrl+Enter"),
                icon="console",
                menu="Change",
                why_not=self._why_not,
                section="tonic",
            ),
            Command(
                "console.clear",
                "Clear the console",
                "Take away what the console has shown; the history of what was typed stays.",
                self._clear,
                icon="close",
                enabled_when=self._has_any,
            ),
        )

    def find(self) -> None:
        self.view.input.setFocus()

    def save_state(self) -> dict[str, Any]:
        return {"history": self.view.history}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        history = state.get("history")
        if isinstance(history, list):
            self.view.restore_history([text for text in history if isinstance(text, str)])

    # ---- commands

    def _why_not(self, context: CommandContext) -> str:
        reason = why_not_act(context, "evaluate")
        facts = selected_essence(context)
        if reason or context.session is None:
            return reason
        if facts is None:
            return "Select a tonic first: the code runs in it, as self."
        if facts.ended_ns is not None:
            return f"{facts.name} has finished."
        held = is_held(context.session.live, facts.id)
        return "" if held else f"{facts.name} runs: code is evaluated while its catalyst is held (F6)."

    def _evaluate(self, context: CommandContext) -> None:
        facts = selected_essence(context)
        code = self.view.code if self.view.isVisible() else ""
        if facts is None or context.session is None or not code:
            context.window.show_panel(self.id)
            self.view.input.setFocus()
            return
        request = context.session.edits.new_number()
        self.view.note_asked(request, facts.name)
        context.requests.send(Evaluate(request, facts.id, code, self.view.may_act.isChecked()))

    def _clear(self, context: CommandContext) -> None:
        self.view.clear()

    def _has_any(self, context: CommandContext) -> bool:
        return not self.view.is_empty
