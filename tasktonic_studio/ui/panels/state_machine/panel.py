"""The state machine panel: the states of a class, the ways between them, and where its tonics are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from tasktonic.protocol.messages import ChangeState
from tasktonic_studio.commands.change_commands import why_not_act
from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.aside import COMMAND
from tasktonic_studio.ui.exporting import export
from tasktonic_studio.ui.panel import PanelContext
from tasktonic_studio.ui.panels.state_machine.exporting import mermaid, table_csv
from tasktonic_studio.ui.panels.state_machine.frame import MODES
from tasktonic_studio.ui.panels.state_machine.machine import class_of
from tasktonic_studio.ui.panels.state_machine.telling import busiest
from tasktonic_studio.ui.panels.state_machine.view import StateMachineView
from tasktonic_studio.ui.view_panel import SearchingPanel
from tasktonic_studio.ui.widgets.save_file import write_whole


class StateMachinePanel(SearchingPanel):
    """The diagram of the selected tonic's class, and its tables."""

    id = "state_machine"
    title = "State machine"
    icon = "state_machine"
    key = "Ctrl+9"
    help = "The states of the selected tonic, the sparkles that lead from one to another, and which state ignores what."

    side_command: Sequence[str] = COMMAND
    """What arranges diagrams and reads source: a program and its arguments."""

    view: StateMachineView

    def is_settled(self) -> bool:
        return self.view.is_settled

    def build(self, context: PanelContext) -> QWidget:
        self.view = StateMachineView(context, self.side_command)
        return self.view

    def commands(self) -> Sequence[Command]:
        return (*self._looking_commands(), *self._saving_commands())

    def _looking_commands(self) -> Sequence[Command]:
        modes = [
            Command(
                f"state_machine.show_{mode}",
                f"Show the state machine as {words}",
                f"{help_text}.",
                self._set_mode(mode),
                icon=icon,
                checked_when=self._is_mode(mode),
            )
            for (mode, (_, icon, help_text)), words in zip(
                MODES.items(), ("a diagram", "a table of states and sparkles", "a table of transitions"), strict=True
            )
        ]
        return (
            Command(
                "state_machine.show",
                "Show its state machine",
                "The states of the selected thing, and the ways between them.",
                lambda context: context.window.show_panel(self.id),
                icon="state_machine",
                menu="Go",
                enabled_when=_has_class,
                section="selection",
            ),
            *modes,
            Command(
                "state_machine.show_busiest",
                "Show the busiest state machine",
                "Select the class whose tonics have changed their state most often.",
                _show_busiest,
                icon="state_machine",
                enabled_when=_has_machine,
            ),
            Command(
                "state_machine.open_source",
                "Open the source of this state or transition",
                "Show the handler that the chosen state, transition or cell is about in the editor.",
                self._open_source,
                icon="editor",
                enabled_when=lambda _context: self.view.place is not None,
            ),
            Command(
                "state_machine.send_here",
                "Send the tonic to this state",
                "Send the tonic whose state is lit to the chosen state, as to_state does.",
                self._send_here,
                icon="state",
                why_not=self._why_not_send,
            ),
            Command(
                "state_machine.fit",
                "Show the whole diagram",
                "Zoom the diagram of states so that all of it can be seen.",
                lambda _context: self.view.diagram.fit(),
                icon="fit",
                enabled_when=self._has_diagram,
            ),
            Command(
                "state_machine.zoom_in",
                "Zoom into the diagram",
                "Draw the diagram of states larger.",
                lambda _context: self.view.diagram.zoom_by(1.25),
                enabled_when=self._has_diagram,
            ),
            Command(
                "state_machine.zoom_out",
                "Zoom out of the diagram",
                "Draw the diagram of states smaller.",
                lambda _context: self.view.diagram.zoom_by(0.8),
                enabled_when=self._has_diagram,
            ),
            Command(
                "state_machine.turn",
                "Turn the diagram",
                "Let the states follow each other downwards instead of to the right, or the other way round.",
                lambda _context: self.view.turn(),
                enabled_when=self._has_diagram,
            ),
            Command(
                "state_machine.arrange_again",
                "Arrange the diagram anew",
                "Forget where states and transitions are drawn, read the source again, and look for better places.",
                self._arrange_again,
                icon="restart",
                enabled_when=self._has_diagram,
            ),
            Command(
                "state_machine.pin",
                "Pin the state machine",
                "Let the panel keep what it shows, whatever is selected elsewhere; or follow again.",
                lambda _context: self.view.pin.toggle(),
                icon="pin",
                checked_when=lambda _context: self.view.pin.isChecked(),
            ),
        )

    def _why_not_send(self, context: CommandContext) -> str:
        reason = why_not_act(context, "change state")
        instance, thing = self.view.instance, context.selection.thing
        if reason:
            return reason
        if not self.view.pin.is_live:
            return "This panel is pinned to a past moment."
        if instance is None:
            return "Select a tonic first: all tonics of a class have its states."
        if not instance.is_alive:
            return f"{instance.name} has finished."
        if thing is None or thing.kind != "state" or not isinstance(thing.key, tuple) or thing.key[0] != instance.cls:
            return "Choose a state first."
        return ""

    def _send_here(self, context: CommandContext) -> None:
        instance, thing = self.view.instance, context.selection.thing
        if context.session is None or instance is None or thing is None or not isinstance(thing.key, tuple):
            return
        state = context.session.live.names.state(instance.cls, int(thing.key[1]))
        context.requests.send(ChangeState(context.session.edits.new_number(), instance.id, state))

    def _saving_commands(self) -> Sequence[Command]:
        def saving(kind: str, title: str, help_text: str, suffix: str, save: Callable[[str], str]) -> Command:
            def run(context: CommandContext) -> None:
                export(self.view, context, title, self.view.machine.name[:60], suffix, save)

            return Command(
                f"state_machine.save_{kind}",
                f"{title}…",
                help_text,
                run,
                icon="save",
                enabled_when=self._is_savable(kind),
            )

        return (
            saving(
                "svg",
                "Save the diagram as SVG",
                "Write the diagram of states as a drawing that can be scaled.",
                "svg",
                self._save_svg,
            ),
            saving(
                "png", "Save the diagram as PNG", "Write the diagram of states as a picture.", "png", self._save_png
            ),
            saving(
                "mermaid",
                "Save the diagram as Mermaid",
                "Write the diagram of states as text that documents can draw.",
                "mmd",
                self._save_mermaid,
            ),
            Command(
                "state_machine.copy_mermaid",
                "Copy the diagram as Mermaid",
                "Put the diagram of states on the clipboard, as text that documents can draw.",
                lambda context: context.window.copy_text(mermaid(self.view.machine)),
                icon="copy",
                enabled_when=self._is_savable("mermaid"),
            ),
            saving(
                "csv",
                "Save the table as CSV",
                "Write which sparkle was handled or ignored in which state, for a spreadsheet.",
                "csv",
                self._save_csv,
            ),
        )

    def save_state(self) -> dict[str, Any]:
        return {"mode": self.view.mode}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        mode = state.get("mode")
        if isinstance(mode, str):
            self.view.set_mode(mode)

    # ---- commands

    def _save_svg(self, file: str) -> str:
        return write_whole(file, self.view.diagram.svg())

    def _save_png(self, file: str) -> str:
        return write_whole(file, self.view.diagram.png())

    def _save_mermaid(self, file: str) -> str:
        return write_whole(file, mermaid(self.view.machine).encode())

    def _save_csv(self, file: str) -> str:
        return write_whole(file, table_csv(self.view.machine).encode())

    def _set_mode(self, mode: str) -> Callable[[CommandContext], None]:
        return lambda _context: self.view.set_mode(mode)

    def _is_mode(self, mode: str) -> Callable[[CommandContext], bool]:
        return lambda _context: self.view.mode == mode

    def _has_diagram(self, _context: CommandContext) -> bool:
        return self.view.mode == "diagram" and self.view.arranger.placed is not None and self.view.machine.has_states

    def _is_savable(self, kind: str) -> Callable[[CommandContext], bool]:
        def ask_it(context: CommandContext) -> bool:
            if kind in ("svg", "png"):
                return self._has_diagram(context)
            return bool(self.view.machine.sparkles) if kind == "csv" else self.view.machine.has_states

        return ask_it

    def _arrange_again(self, _context: CommandContext) -> None:
        self.view.sources.forget()
        self.view.refresh()
        self.view.arranger.again()

    def _open_source(self, context: CommandContext) -> None:
        place = self.view.place
        if place is not None:
            context.window.open_source(place.file, place.line)


def _has_class(context: CommandContext) -> bool:
    if context.session is None:
        return False
    time = context.selection.time
    known = context.session.live if time is None else context.session.at(time)
    return class_of(known, context.selection.thing) >= 0


def _has_machine(context: CommandContext) -> bool:
    return context.session is not None and busiest(context.session.live) >= 0


def _show_busiest(context: CommandContext) -> None:
    if context.session is not None:
        context.selection.select(Thing("class", busiest(context.session.live)))
