"""The sequence panel: who called whom, for the selected chain or for a stretch of time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.ui.exporting import export
from tasktonic_studio.ui.panel import PanelContext
from tasktonic_studio.ui.panels.sequence.diagram_view import ZOOM
from tasktonic_studio.ui.panels.sequence.exporting import mermaid, text
from tasktonic_studio.ui.panels.sequence.model import LIFELINES, SCOPES, call_number
from tasktonic_studio.ui.panels.sequence.view import SequenceView
from tasktonic_studio.ui.view_panel import SearchingPanel
from tasktonic_studio.ui.widgets.picture_file import save_picture, save_text


class SequencePanel(SearchingPanel):
    """A lifeline for each tonic, an arrow for each call."""

    id = "sequence"
    title = "Sequence"
    icon = "sequence"
    key = "Ctrl+E"
    help = "Who called whom: what caused the selected run and what it caused, or all calls of a stretch of time."

    view: SequenceView

    def build(self, context: PanelContext) -> QWidget:
        self.view = SequenceView(context)
        return self.view

    def commands(self) -> Sequence[Command]:
        return (*self._scope_commands(), *self._folding_commands(), *self._looking_commands(), *self._saving_commands())

    def _command(
        self, name: str, title: str, help_text: str, do: Callable[[SequenceView], object], **more: Any
    ) -> Command:
        """A command that does something with the view, which is built later than the commands."""

        def run(_context: CommandContext) -> None:
            do(self.view)

        return Command(f"sequence.{name}", title, help_text, run, **more)

    def _scope_commands(self) -> Sequence[Command]:
        return (
            Command(
                "sequence.show",
                "Show its sequence",
                "What caused the selected run, and what it caused, as a sequence diagram.",
                self._show,
                icon="sequence",
                menu="Go",
                enabled_when=_has_call,
                section="selection",
            ),
            self._command(
                "show_chain",
                "Sequence of the selected run",
                "Let the sequence diagram show what caused the selected run and what it caused.",
                lambda view: view.set_scope("chain"),
                icon="ways",
                checked_when=lambda _context: self.view.model.scope == "chain",
            ),
            self._command(
                "show_window",
                "Sequence of a stretch of time",
                "Let the sequence diagram show all calls of the time that the timeline shows, or the last ones.",
                lambda view: view.set_scope("window"),
                icon="timeline",
                checked_when=lambda _context: self.view.model.scope == "window",
            ),
            self._command(
                "show_chain_of_this",
                "Show only the chain of this call",
                "Make the sequence diagram anew, about the selected run or order.",
                SequenceView.show_chain_of_selected,
                icon="sequence",
                enabled_when=_has_call,
            ),
            self._command(
                "show_last",
                "Sequence of the last calls",
                "Let the sequence diagram show the last calls, whatever the timeline shows.",
                SequenceView.show_last,
            ),
            self._command(
                "pin",
                "Pin the sequence",
                "Let the panel keep what it shows, whatever is selected elsewhere; or follow again.",
                lambda view: view.pin.toggle(),
                icon="pin",
                checked_when=lambda _context: self.view.pin.isChecked(),
            ),
        )

    def _folding_commands(self) -> Sequence[Command]:
        return (
            self._command(
                "unfold_row",
                "Unfold this row",
                "Show each of the calls that the selected row of the sequence stands for (Space there).",
                SequenceView.unfold_selected_row,
                icon="down",
                enabled_when=self._has_row,
            ),
            self._command(
                "fold_again",
                "Fold all again",
                "Fold the rows and lifelines of the sequence that were unfolded by hand.",
                SequenceView.close_all,
                enabled_when=self._has_unfolded,
            ),
            self._command(
                "unfold_lifeline",
                "Unfold its lifeline",
                "Let all that are in the box of the selected tonic have lifelines of their own.",
                lambda view: view.unfold_line(view.selected_line(), True),
                enabled_when=self._is_box,
            ),
            self._command(
                "fold_lifeline",
                "Fold all below it into its lifeline",
                "Make the lifeline of the selected tonic a box for all that live below it.",
                lambda view: view.unfold_line(view.selected_line(), False),
                enabled_when=self._has_line,
            ),
            self._command(
                "add_lifeline",
                "Add its lifeline",
                "Show the calls of the selected tonic in the sequence as well, as far as they fall into the same time.",
                lambda view: view.add_lifeline(True),
                enabled_when=self._can_add,
            ),
            self._command(
                "remove_lifeline",
                "Do not add its lifeline",
                "Show its calls no more, unless they belong to what is shown.",
                lambda view: view.add_lifeline(False),
                enabled_when=self._is_added,
            ),
            self._command(
                "more_lifelines",
                "More lifelines",
                f"Let the sequence have up to {', '.join(map(str, LIFELINES[:-1]))} or {LIFELINES[-1]} lifelines.",
                lambda view: view.change_most(1),
                enabled_when=lambda _context: self.view.model.asked.wishes.most < LIFELINES[-1],
            ),
            self._command(
                "fewer_lifelines",
                "Fewer lifelines",
                "Fold more tonics of the sequence into their parents.",
                lambda view: view.change_most(-1),
                enabled_when=lambda _context: self.view.model.asked.wishes.most > LIFELINES[0],
            ),
            self._command(
                "fold_selves",
                "Fold calls to itself",
                "Make one row of the calls that a lifeline makes to itself in a row; or show each.",
                lambda view: view.set_folding("selves", not view.model.asked.selves),
                checked_when=lambda _context: self.view.model.asked.selves,
            ),
            self._command(
                "fold_repeats",
                "Fold what repeats",
                "Show calls that come again and again once, with how often; or show each.",
                lambda view: view.set_folding("repeats", not view.model.asked.repeats),
                checked_when=lambda _context: self.view.model.asked.repeats,
            ),
        )

    def _looking_commands(self) -> Sequence[Command]:
        return (
            self._command(
                "toggle_table",
                "Sequence as a table",
                "Show the rows of the sequence as a table, or as a diagram again.",
                SequenceView.toggle_table,
                icon="table",
                checked_when=lambda _context: self.view.bar.table.isChecked(),
            ),
            self._command(
                "to_scale",
                "Sequence to scale",
                "Let the distance down be time, so that waiting can be seen; or the order of calls.",
                lambda view: view.set_to_scale(not view.model.is_to_scale),
                icon="timer",
                checked_when=lambda _context: self.view.model.is_to_scale,
            ),
            self._command(
                "zoom_in",
                "Zoom into the sequence",
                "Draw time larger (W or Ctrl and the wheel in the diagram).",
                lambda view: view.diagram.zoom(ZOOM),
                icon="zoom_in",
                enabled_when=self._is_to_scale,
            ),
            self._command(
                "zoom_out",
                "Zoom out of the sequence",
                "Draw time smaller (S or Ctrl and the wheel in the diagram).",
                lambda view: view.diagram.zoom(1 / ZOOM),
                icon="zoom_out",
                enabled_when=self._is_to_scale,
            ),
            self._command(
                "fit",
                "Show the whole sequence",
                "Let all of the time of the sequence fit into the panel.",
                lambda view: view.diagram.fit(),
                icon="fit",
                enabled_when=self._is_to_scale,
            ),
        )

    def _saving_commands(self) -> Sequence[Command]:
        def saving(kind: str, words: str, help_text: str, suffix: str, save: Callable[[str], str]) -> Command:
            def run(context: CommandContext) -> None:
                export(self.view, context, f"Save the sequence as {words}", "sequence", suffix, save)

            title = f"Save the sequence as {words}…"
            return Command(f"sequence.save_{kind}", title, help_text, run, icon="save", enabled_when=self._has_diagram)

        return (
            saving(
                "svg", "SVG", "Write the sequence diagram as a drawing that can be scaled.", "svg", self._save_picture
            ),
            saving("png", "PNG", "Write the sequence diagram as a picture.", "png", self._save_picture),
            saving(
                "mermaid",
                "Mermaid",
                "Write the sequence diagram as text that documents can draw.",
                "mmd",
                lambda file: save_text(file, self._mermaid()),
            ),
            saving(
                "text",
                "text",
                "Write the rows of the sequence as lines.",
                "txt",
                lambda file: save_text(file, self._text()),
            ),
            Command(
                "sequence.copy_mermaid",
                "Copy the sequence as Mermaid",
                "Put the sequence diagram on the clipboard, as text that documents can draw.",
                lambda context: context.window.copy_text(self._mermaid()),
                icon="copy",
                enabled_when=self._has_diagram,
            ),
            Command(
                "sequence.copy_text",
                "Copy the sequence as text",
                "Put the rows of the sequence on the clipboard, as lines.",
                lambda context: context.window.copy_text(self._text()),
                icon="copy",
                enabled_when=self._has_diagram,
            ),
        )

    def save_state(self) -> dict[str, Any]:
        asked = self.view.model.asked
        return {
            "scope": self.view.model.scope,
            "lifelines": asked.wishes.most,
            "selves": asked.selves,
            "repeats": asked.repeats,
            "columns": self.view.table.columns.save_state(),
        }

    def restore_state(self, state: Mapping[str, Any]) -> None:
        view = self.view
        if state.get("scope") in SCOPES:
            view.set_scope(state["scope"])
        if state.get("lifelines") in LIFELINES:
            view.change_most(LIFELINES.index(state["lifelines"]) - LIFELINES.index(view.model.asked.wishes.most))
        for what in ("selves", "repeats"):
            if state.get(what) is False:
                view.set_folding(what, False)
        columns = state.get("columns")
        if isinstance(columns, dict):
            view.table.columns.restore_state(columns)

    # ---- commands

    def _show(self, context: CommandContext) -> None:
        context.window.show_panel(self.id)
        self.view.show_chain_of_selected()

    def _has_diagram(self, _context: CommandContext) -> bool:
        return len(self.view.model.diagram) > 0

    def _has_row(self, _context: CommandContext) -> bool:
        return self.view.is_row_folded

    def _has_unfolded(self, _context: CommandContext) -> bool:
        asked = self.view.model.asked
        return bool(asked.opened or asked.wishes.unfolded or asked.wishes.folded)

    def _is_box(self, _context: CommandContext) -> bool:
        return any(
            line.id == self.view.selected_line() and line.kind == "box" for line in self.view.model.diagram.lines
        )

    def _has_line(self, _context: CommandContext) -> bool:
        return self.view.selected_line() >= 0

    def _can_add(self, _context: CommandContext) -> bool:
        essence = self.view.selected_essence()
        return essence >= 0 and essence not in self.view.model.added

    def _is_added(self, _context: CommandContext) -> bool:
        return self.view.selected_essence() in self.view.model.added

    def _is_to_scale(self, _context: CommandContext) -> bool:
        return self.view.model.is_to_scale

    def _save_picture(self, file: str) -> str:
        return save_picture(file, self.view.picture()[0], "Sequence", self.view.paint_picture)

    def _mermaid(self) -> str:
        return mermaid(self.view.model.diagram, self.view.model.heading)

    def _text(self) -> str:
        return text(self.view.model.known, self.view.model.diagram, self.view.model.heading)


def _has_call(context: CommandContext) -> bool:
    """Whether something is selected that was called."""
    if context.session is None:
        return False
    time = context.selection.time
    known = context.session.live if time is None else context.session.at(time)
    return call_number(known, context.selection.thing) > 0
