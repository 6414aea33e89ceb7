"""The inspector's widget: a heading, the sections below it, and what to say when nothing is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QStackedLayout, QVBoxLayout, QWidget

from tasktonic_studio.commands.change_commands import LOG_MODE_COMMANDS
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.edits import AttributeSpot, Typed
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.names import Place
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.exporting import proposed_name
from tasktonic_studio.ui.panels.inspector.describe import describe
from tasktonic_studio.ui.panels.inspector.export import text_of
from tasktonic_studio.ui.panels.inspector.fact import Fact, Subject
from tasktonic_studio.ui.panels.inspector.fact_tree import FactTree
from tasktonic_studio.ui.panels.inspector.heading import Heading
from tasktonic_studio.ui.panels.inspector.model import FactModel, FactNode, attribute_of
from tasktonic_studio.ui.plots.numbers import Pane, Series
from tasktonic_studio.ui.plots.time_plot import TimePlot
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible, save_file
from tasktonic_studio.ui.widgets.command_menu import CommandMenu, Submenu
from tasktonic_studio.ui.widgets.empty_state import OTHER_START, EmptyState
from tasktonic_studio.ui.widgets.focus import FocusLeader
from tasktonic_studio.ui.widgets.looks import repolish
from tasktonic_studio.ui.widgets.pin import Pin
from tasktonic_studio.ui.widgets.shapes import Shapes
from tasktonic_studio.ui.widgets.throttle import Throttle
from tasktonic_studio.ui.widgets.value_editor import ValueEditor

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

MENU: Final = (
    "inspector.plot_attribute",
    "",
    "change.edit_value",
    "change.live_edit",
    "change.state",
    "change.call",
    "change.evaluate",
    "change.finish",
    Submenu("Log mode", LOG_MODE_COMMANDS),
    "",
    "selection.go_to_source",
    "selection.show_in_trace",
    "selection.copy_name",
    "inspector.copy_facts",
    "inspector.save_text",
)
_PLOT_PX: Final = 190
REFRESH_MS: Final = 250
"""What is shown is brought up to date at most this often; a new selection at once."""
ASK_MS: Final = 1_000
"""Attributes are asked for so often, while they can be seen and the app runs."""


class InspectorView(FocusLeader):
    """All that the inspector shows. Made by the panel; the dock owns it."""

    place_wanted = Signal(object)
    """A place in source was followed."""
    breakpoint_wanted = Signal(int)
    """The number of a breakpoint whose form is to be opened."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._thing: Thing | None = None
        self._known: Knowledge | None = None
        self._undo_watch: Any = None
        self.folded: set[str] = set()
        self._shapes = Shapes(context.theme, self)
        self.subject: Subject | None = None
        self.model = FactModel(context.theme, self._shapes)
        self.model.setParent(self)
        self.tree = FactTree(self.model, context.theme)
        accessible.name(self.tree, "Facts about the selected thing")
        self.editor = ValueEditor(self.tree, 1)
        self.editor.done.connect(self._on_typed)
        self.tree.edit_wanted.connect(self._on_edit_wanted)
        self.model.waits_for = self._waits_for
        self._undo_edits: Any = None
        self._undo_points: Any = None
        self.pin = Pin(context)
        self.heading = Heading(self.pin, context.icons)
        self.nothing = EmptyState(
            "Nothing is selected",
            "Select a tonic in the ledger, a row of the trace or a line of the log: everything known about it stands here, "
            "and every name can be followed.",
            "Go to anything…",
            "go.anything",
            context.run,
        )
        self.nothing_yet = EmptyState(
            "Nothing is selected",
            "When a program runs, select a tonic in the ledger, a row of the trace or a line of the log: everything known "
            "about it stands here, and every name can be followed.",
            "Start the example plant",
            "run.start_example",
            context.run,
            OTHER_START,
        )
        self.plotted: tuple[int, str] | None = None
        """The essence and the name of the attribute that is plotted."""
        self.plot = TimePlot(context, (Pane("Attribute"),))
        self.plot.setMinimumHeight(_PLOT_PX)
        self.plot.hide()
        self.note = QLabel()
        self.note.setProperty("role", "warning")
        self.note.setWordWrap(True)
        self.note.setContentsMargins(tokens.SPACE_PX, 0, tokens.SPACE_PX, tokens.SMALL_SPACE_PX)
        self.note.hide()
        self.saving = save_file.Saving(self)
        self._file = ""
        self._refresh = Throttle(REFRESH_MS, self.refresh, self)
        self._ask = QTimer(self)
        self._ask.setInterval(ASK_MS)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._build()
        self.tree.customContextMenuRequested.connect(self._on_menu)
        self._ask.timeout.connect(self._ask_attributes)
        self.tree.followed.connect(self._on_followed)
        self.tree.pointed.connect(self._on_pointed)
        self.tree.folded.connect(self._on_folded)
        self.heading.source.clicked.connect(self._on_source)
        self.pin.changed.connect(self._on_selection)
        self.saving.ended.connect(self._on_saved)

    def _on_pointed(self, thing: Thing | None) -> None:
        self._context.selection.hover(thing)

    def _build(self) -> None:
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        line.setProperty("role", "line")
        facts = QWidget()
        inside = QVBoxLayout(facts)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.heading)
        inside.addWidget(self.note)
        inside.addWidget(self.tree, 3)
        inside.addWidget(self.plot, 2)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.nothing_yet)
        self._stack.addWidget(self.nothing)
        self._stack.addWidget(facts)
        self._facts = facts
        accessible.tab_order([self.heading.source, self.pin, self.tree])
        self.lead_focus_to(self.tree)

    # ---- for the panel

    def watch(self) -> None:
        """Follow the selection from now on."""
        if self._undo_watch is None:
            self._undo_watch = self._context.selection.watch(self._on_selection)
            self._undo_edits = self._context.session().edits.watch(self.tree.viewport().update)
            self._undo_points = self._context.session().breakpoints.watch(self._refresh.ask)
            self._ask.start()

    def unwatch(self) -> None:
        """Do nothing any more until `watch`."""
        self._refresh.stop()
        self._ask.stop()
        if self._undo_watch is not None:
            self._undo_watch()
            self._undo_edits()
            self._undo_points()
            self._undo_watch = self._undo_edits = self._undo_points = None

    def finish(self) -> None:
        """The window closes for good."""
        self.unwatch()
        self.plot.finish()
        self.saving.finish()

    def on_changes(self, changes: Changes) -> None:
        """Bring the facts up to date, now and then: all of them are about one thing."""
        self.pin.take(changes)
        if changes.everything or self.pin.thing != self._thing:
            self.refresh()
            self._ask_attributes()
        elif self._stack.currentWidget() is self.nothing_yet:
            self.refresh()  # a program may have begun: no other is offered then
        elif self._thing is not None and self.pin.is_live:
            if self._is_about(changes):
                self._refresh.ask()

    def refresh(self) -> None:
        """Show what is known about the selected thing now."""
        thing = self.pin.thing
        if thing != self._thing:
            self._thing = thing
            self.model.clear()
            self.note.hide()
        self._known = self.pin.known()
        if thing is None:
            self.subject = None
            self._stack.setCurrentWidget(self.nothing if len(self._known.essences) else self.nothing_yet)
            return
        points = self._context.session().breakpoints
        self.subject = describe(self._known, thing, can_ask=self.can_ask, breakpoints=points)
        self.heading.show_subject(self.subject, self._shapes)
        self.tree.show_sections(self.subject.sections, self.folded)
        self._stack.setCurrentWidget(self._facts)
        self._show_plot()

    @property
    def plottable(self) -> tuple[int, str] | None:
        """The essence and name of the attribute in the current line, when it is a number."""
        node, thing = self.model.node_at(self.tree.currentIndex()), self._thing
        if node is None or thing is None or not isinstance(thing.key, int) or self._known is None:
            return None
        name = node.fact.name
        if node.key != ("attributes", f"attribute {name}") or thing.kind not in ("essence", "catalyst"):
            return None
        return (thing.key, name) if len(self._known.attribute_numbers(thing.key, name)[0]) else None

    def toggle_plot(self) -> None:
        """Plot the attribute in the current line; once more takes the plot away."""
        wanted = self.plottable
        self.plotted = None if wanted is None or wanted == self.plotted else wanted
        self._show_plot()

    def _show_plot(self) -> None:
        """Show the plot as long as its tonic is the selected one."""
        thing, known = self._thing, self._known
        if self.plotted is None or thing is None or known is None or thing.key != self.plotted[0]:
            self.plot.hide()
            return
        essence, name = self.plotted
        series = Series(*known.attribute_numbers(essence, name))
        self.plot.show()
        subject = f"{known.essences.name(essence)}.{name}"
        self.plot.show_series(subject, [series], known.app.began_ns, known.t_ns)

    # ---- editing

    def edit(self) -> None:
        """Let the attribute in the current line be typed where it stands; without one, the first."""
        node = self.model.node_at(self.tree.currentIndex())
        if node is None or not attribute_of(node):
            section = self.model.node(("attributes",))
            below = section.children if section is not None else []
            node = next((it for it in below if isinstance(it, FactNode) and attribute_of(it)), None)
        if node is None:
            self._tell("It has no attributes that are known yet.")
            return
        self.tree.setExpanded(self.model.index_of(("attributes",)), True)
        index = self.model.index_of(node.key)
        self.tree.setCurrentIndex(index)
        self._edit(node)

    def _edit(self, node: FactNode) -> None:
        thing, known, name = self._thing, self._known, attribute_of(node)
        if thing is None or known is None or not isinstance(thing.key, int):
            return
        answer = known.attributes.get(thing.key)
        row = next((row for row in answer.rows if row.name == name), None) if answer is not None else None
        if row is not None:
            typed = Typed(AttributeSpot(thing.key, name), "", row.preview, row.type)
            self.editor.begin(self.model.index_of(node.key), typed, name)

    def _on_edit_wanted(self, node: FactNode) -> None:
        self.tree.setCurrentIndex(self.model.index_of(node.key))
        reason = self._context.why_not("change.edit_value")
        self._tell(f"This cannot be edited now. {reason}" if reason else "")
        if not reason:
            self._context.run("change.edit_value")

    def _on_typed(self, typed: Typed) -> None:
        self._context.session().edits.typed = typed
        reason = self._context.why_not("change.send_typed")
        self._tell(f"Nothing was set. {reason}" if reason else "")
        self._context.run("change.send_typed")

    def _waits_for(self, name: str) -> str:
        thing = self._thing
        if not name or thing is None or not isinstance(thing.key, int):
            return ""
        return self._context.session().edits.waits_for(AttributeSpot(thing.key, name))

    def _tell(self, sentence: str) -> None:
        repolish(self.note, "role", "warning")
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))

    def _on_menu(self, at: QPoint) -> None:
        index = self.tree.indexAt(at)
        if index.isValid():
            self.tree.setCurrentIndex(index)
            if self.pin.thing != self._context.selection.thing:
                # The commands are about what is selected, and a person means what stands here.
                self._context.selection.select(self.pin.thing)
            CommandMenu(self, self._context, MENU).popup(self.tree.viewport().mapToGlobal(at))

    def flush(self) -> None:
        """Do now what was put off to the next refresh."""
        self._refresh.flush()

    def retheme(self) -> None:
        """Take on the theme's fonts and colours."""
        self.tree.retheme()
        self.plot.retheme()
        self.pin.retheme()
        if self.subject is not None:
            self.heading.show_subject(self.subject, self._shapes)

    @property
    def text(self) -> str:
        """All that is shown, as text; empty when nothing is selected."""
        return text_of(self.subject) if self.subject is not None else ""

    def save_text(self) -> None:
        """Ask for a file, and write all that is shown."""
        text = self.text
        if self.subject is None or not text:
            return
        proposal = proposed_name(self._context.session(), f"{self.subject.title[:60]}.txt")
        file = save_file.file_to_save(self, "Save the facts", proposal, "Text (*.txt)")
        if file:
            self._file = file
            self.saving.start(file, lambda: [text])

    def _on_saved(self, problem: str) -> None:
        repolish(self.note, "role", "warning" if problem else "muted")
        self.note.setText(problem or f"Saved {self._file}.")
        self.note.show()

    @property
    def can_ask(self) -> bool:
        """Whether the selected thing is a living tonic of a running app, looked at live: its attributes can be had."""
        thing, known = self.pin.thing, self.pin.known()
        if thing is None or thing.kind not in ("essence", "catalyst") or not isinstance(thing.key, int):
            return False
        facts = known.essences.get(thing.key)
        return self.pin.is_live and known.target.is_alive and facts is not None and facts.is_alive

    # ---- inside

    def _is_about(self, changes: Changes) -> bool:
        """Whether changes can concern the shown thing. Times and ages of a living one go on with anything."""
        thing = self._thing
        if thing is None or thing.kind in ("place", "log"):
            return False
        if thing.kind in ("essence", "catalyst") and isinstance(thing.key, int):
            return bool(
                thing.key in changes.essences
                or thing.key in changes.attributes
                or changes.catalysts
                or changes.timers
                or changes.target
            )
        return bool(changes.runs or changes.essences or changes.store or changes.names)

    def _ask_attributes(self) -> None:
        if self.can_ask and ("attributes" not in self.folded):
            self._context.run("inspector.ask_attributes")

    def _on_selection(self) -> None:
        if self.pin.thing != self._thing or self.pin.known() is not self._known:
            self.refresh()
            self._ask_attributes()

    def _on_followed(self, fact: Fact) -> None:
        if fact.breakpoint:
            self.breakpoint_wanted.emit(fact.breakpoint)
        elif fact.place is not None:
            self.place_wanted.emit(fact.place)
        elif fact.link is not None:
            self._context.selection.select(fact.link)

    def _on_source(self) -> None:
        if self.subject is not None and isinstance(self.subject.place, Place):
            self.place_wanted.emit(self.subject.place)

    def _on_folded(self, key: str, is_open: bool) -> None:
        if is_open:
            self.folded.discard(key)
            if key == "attributes":
                self._ask_attributes()
        else:
            self.folded.add(key)
