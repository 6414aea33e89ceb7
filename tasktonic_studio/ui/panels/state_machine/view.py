"""The state machine's widget: what it is about, the diagram or one of its tables, and what to say without any.

It is long because it is the one place where what is known, its arrangement and the selection meet; each part it puts
together has a file of its own, the widgets themselves are in `frame.py`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QItemSelection, QPoint, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QToolButton,
    QWidget,
)

from tasktonic_studio.diagrams.graph import Direction
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.essences import EssenceFacts
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.names import Place
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.aside import COMMAND, Aside
from tasktonic_studio.ui.item_models.roles import KEY
from tasktonic_studio.ui.panels.state_machine.arranger import Arranger
from tasktonic_studio.ui.panels.state_machine.diagram_view import Light
from tasktonic_studio.ui.panels.state_machine.frame import MODES, StateMachineFrame
from tasktonic_studio.ui.panels.state_machine.lights import lights_of
from tasktonic_studio.ui.panels.state_machine.machine import Machine, machine_of
from tasktonic_studio.ui.panels.state_machine.matching import Matches, matches_of
from tasktonic_studio.ui.panels.state_machine.passages import Passages
from tasktonic_studio.ui.panels.state_machine.places import place_of_state, place_of_way
from tasktonic_studio.ui.panels.state_machine.sources import Sources
from tasktonic_studio.ui.panels.state_machine.subject import Subject
from tasktonic_studio.ui.panels.state_machine.tables import (
    ARROW_TITLES,
    TextTableView,
    arrow_rows,
    key_in,
    matrix_rows,
)
from tasktonic_studio.ui.panels.state_machine.telling import heading_words, nothing_words
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tasktonic_studio.ui.widgets.throttle import Throttle

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

REFRESH_MS: Final = 100
"""Counts and the lit state are shown anew at most this often; less often while that is dear."""
BUSY_MS: Final = 100
"""What takes longer says that it is at work."""
_TYPING_MS: Final = 120
_WIDE_SHAPE: Final = 1.5

THING_MENU: Final = (
    "state_machine.open_source",
    "selection.copy_name",
    "selection.show_in_inspector",
    "selection.show_in_ledger",
    "selection.show_in_trace",
    "",
    "state_machine.send_here",
    "change.state",
    "change.call",
    "",
    "trace.look_at",
    "time.go_live",
)
PANEL_MENU: Final = (
    "state_machine.fit",
    "state_machine.zoom_in",
    "state_machine.zoom_out",
    "state_machine.turn",
    "state_machine.arrange_again",
    "",
    "state_machine.save_svg",
    "state_machine.save_png",
    "state_machine.save_mermaid",
    "state_machine.copy_mermaid",
    "state_machine.save_csv",
)


class StateMachineView(StateMachineFrame):
    """All that the state machine panel shows. Made by the panel; the dock owns it."""

    def __init__(self, context: PanelContext, side_command: Sequence[str] = COMMAND) -> None:
        super().__init__(context)
        self._subject = Subject()
        self._arrow = ""
        self._shown: tuple[Thing | None, int | None] | None = None
        self._undo_watch: Any = None
        self._directions: dict[tuple[str, str], Direction] = {}
        self._matches = Matches()
        self.machine = Machine()
        self.aside = Aside(side_command, self)
        self.reading = Aside(side_command, self)
        self.arranger = Arranger(self.aside, self)
        self.sources = Sources(self.reading, self)
        self.refresher = Throttle(REFRESH_MS, self.refresh, self)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(BUSY_MS)
        self._passages = Passages(context, self.pin, self.passages, self.passages_model, self.passages_title)
        self._connect()
        self.retheme()

    def _connect(self) -> None:
        self.search.textChanged.connect(self._on_text)
        self._typing.timeout.connect(self.apply_filter)
        self._late.timeout.connect(self._choose_page)
        self.modes.buttonClicked.connect(self._on_mode)
        self.fit_button.clicked.connect(self.diagram.fit)
        self.menu_button.clicked.connect(self._on_more)
        self.pin.changed.connect(self.refresh)
        self.diagram.node_chosen.connect(self._on_node)
        self.diagram.arrow_chosen.connect(self.choose_arrow)
        self.diagram.opened.connect(self._on_opened)
        self.diagram.pointed.connect(self._on_pointed)
        self.diagram.menu_wanted.connect(self._on_menu)
        self.arranger.arranged.connect(self._on_arranged)
        self.arranger.busy_changed.connect(self._on_busy)
        self.plain_button.clicked.connect(self.arranger.plain_now)
        self.sources.arrived.connect(self.refresh)
        self.close_passages.clicked.connect(self._on_close_passages)
        # Not `currentChanged`: merely getting the focus makes a row current, and that is nobody's choice.
        self.matrix.selectionModel().selectionChanged.connect(self._on_cell)
        self.ways.selectionModel().selectionChanged.connect(self._on_way)
        for table in (self.matrix, self.ways, self.passages):
            table.doubleClicked.connect(self._on_opened)
            table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            table.customContextMenuRequested.connect(self._on_table_menu)

    # ---- for the panel

    def watch(self) -> None:
        """Follow the selection from now on."""
        if self._undo_watch is None:
            self._undo_watch = self._context.selection.watch(self._on_selection)

    def unwatch(self) -> None:
        """Do nothing any more until `watch`: no timers, no side processes."""
        for timer in (self.refresher, self._typing, self._late):
            timer.stop()
        self.arranger.stop()
        self.sources.stop()
        self.aside.stop()
        self.reading.stop()
        self._shown = None
        if self._undo_watch is not None:
            self._undo_watch()
            self._undo_watch = None

    def finish(self) -> None:
        """The window closes for good."""
        self.unwatch()

    def on_changes(self, changes: Changes) -> None:
        """Bring the machine up to date, now and then."""
        self.pin.take(changes)
        if changes.new_target:
            self._subject = Subject()
            self._arrow = ""
            self.sources.forget()
        if changes.everything or (self.pin.thing, self.pin.time) != self._shown:
            self.refresh()
        elif self.pin.is_live and (changes.runs or changes.names or changes.essences or changes.target):
            self.refresher.ask()

    def retheme(self) -> None:
        """Take on the theme's fonts and colours."""
        theme, icons = self._context.theme, self._context.icons
        for mode, (_, icon, _help) in MODES.items():
            self.mode_buttons[mode].setIcon(icons.icon(icon))
        self.fit_button.setIcon(icons.icon("fit"))
        self.menu_button.setIcon(icons.icon("menu"))
        self.close_passages.setIcon(icons.icon("close"))
        self.close_passages.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.pin.retheme()
        self.diagram.retheme()
        height = max(QFontMetrics(theme.font(kind)).height() for kind in ("ui", "mono"))
        for table in (self.matrix, self.ways, self.passages):
            table.set_row_height(height)
        self.legend.updateGeometry()
        self.legend.update()
        self._fit_buttons(self.width() if self.isVisible() else 0)
        if self._undo_watch is not None:
            self.refresh()

    def set_mode(self, mode: str) -> None:
        """Show the diagram, the table of states and sparkles, or that of transitions."""
        if mode in MODES:
            self.mode = mode
            self.mode_buttons[mode].setChecked(True)
            self.lead_focus_to({"diagram": self.diagram, "table": self.matrix, "ways": self.ways}[mode])
            self.refresh()

    # ---- what is shown

    def refresh(self) -> None:
        """Show what is known now, or at the moment that is looked at."""
        began = time.perf_counter()
        known, thing = self.pin.known(), self.pin.thing
        self._shown = (thing, self.pin.time)
        if self._subject.follow(known, thing):
            self._arrow = ""
        if self._subject.cls not in known.names.classes:
            self.machine = Machine()
            self._choose_page()
            return
        source = self.sources.of(known, self._subject.cls)
        self.machine = machine_of(known, self._subject.cls, source)
        if self._arrow not in self.machine.arrows:
            self._arrow = ""
        if source is not None and self.mode == "diagram" and self.machine.has_states:
            self.arranger.show(self._key(), self.diagram.measures.graph(self.machine, self._direction()))
        self._matches = matches_of(self.machine, self.search.text())
        self._show_tables(known)
        self._show_words(known)
        self._choose_page()
        took = time.perf_counter() - began
        self.refresher.set_interval(int(min(1_000, max(REFRESH_MS, 10_000 * took))))

    def _key(self) -> tuple[object, ...]:
        """For what the diagram is arranged: the same class of the next run looks the same."""
        name = self._class_name()
        theme = self._context.theme
        return (*name, self._direction(), theme.text_scale, theme.font("ui").family())

    def _class_name(self) -> tuple[str, str]:
        return self._subject.name(self.pin.known())

    def _direction(self) -> Direction:
        """Across in a wide panel, else down; decided when a class is shown first, and then only by the user."""
        name = self._class_name()
        if name not in self._directions:
            size = self._pages.geometry().size()
            is_wide = size.width() > _WIDE_SHAPE * max(size.height(), 1)
            self._directions[name] = "right" if is_wide else "down"
        return self._directions[name]

    def turn(self) -> None:
        """Let the diagram run the other way."""
        self._directions[self._class_name()] = "down" if self._direction() == "right" else "right"
        self.refresh()

    @property
    def is_drawn(self) -> bool:
        """Whether the diagram is on screen and complete."""
        return self._pages.currentWidget() is self._drawing and not self.arranger.is_busy

    @property
    def is_settled(self) -> bool:
        """Whether it neither reads nor arranges, so that what is shown stays."""
        return self._pages.currentWidget() not in (self._blank, self._busy_page) and not (
            self.arranger.is_busy or self.reading.is_busy
        )

    @property
    def instance(self) -> EssenceFacts | None:
        """The tonic whose state is lit."""
        return self._subject.instance(self.pin.known())

    def _lights(self, known: Knowledge) -> Light:
        hovered = self._context.selection.hovered
        return lights_of(known, self.machine, self._subject, self._arrow, self._matches, self.pin.thing, hovered)

    def _show_words(self, known: Knowledge) -> None:
        self.heading.show_text(heading_words(known, self.machine, self.instance))
        problems = [*self._matches.problems, *self.machine.problems]
        if self.mode == "diagram" and self.arranger.problem:
            problems.append(self.arranger.problem)
        self.problem.show_text(" ".join(problems))
        self.problem.setVisible(bool(problems))

    def _show_tables(self, known: Knowledge) -> None:
        machine, matches = self.machine, self._matches
        if self.mode == "table":
            sparkles = [it for it in machine.sparkles if matches.shown_sparkles is None or it in matches.shown_sparkles]
            self.matrix_model.show(sparkles, matrix_rows(machine, sparkles, matches.shown_states))
        elif self.mode == "ways":
            wanted = None
            if matches.dim_arrows:
                wanted = [it for it in machine.arrows.values() if it.id not in matches.dim_arrows]
            self.ways_model.show(ARROW_TITLES, arrow_rows(machine, wanted), frozenset({2}))
        self._show_passages(known)

    def _show_passages(self, known: Knowledge) -> None:
        arrow = self.machine.arrows.get(self._arrow)
        self._below.setVisible(arrow is not None)
        self._passages.show(known, self.machine, arrow)

    def _choose_page(self) -> None:
        page = self._page()
        if self._pages.currentWidget() is not page:
            self._pages.setCurrentWidget(page)
        has_machine = self._subject.cls in self.pin.known().names.classes
        self.heading.setVisible(has_machine)
        self.problem.setVisible(has_machine and bool(self.problem.whole))
        self.fit_button.setEnabled(page is self._drawing)

    def _page(self) -> QWidget:
        known = self.pin.known()
        if self._subject.cls not in known.names.classes:
            title, sentence, can_choose = nothing_words(known)
            page = self.unselected if can_choose else self.nothing
            page.say(title, sentence, offer=can_choose or not known.target.is_alive)
            return page
        if self.mode == "table":
            return self.matrix
        if not self.machine.has_states:
            self.stateless.say(
                f"{self.machine.name[:80]} has no states",
                "A method such as ttsc_open__close is for the state open alone, and so makes that state; "
                "self.to_state('open') goes there. Which sparkles come is in the table of states and sparkles.",
            )
            return self.stateless
        if self.mode == "ways":
            return self.ways
        placed = self.arranger.placed
        if placed is not None and self.sources.of(known, self._subject.cls) is not None:
            self._late.stop()
            self.diagram.show_machine(self.machine, self.arranger.graph, placed, self._key(), self._lights(known))
            return self._drawing
        if self._late.isActive():
            return self._blank
        if self._pages.currentWidget() in (self._blank, self._busy_page):
            reading = not self.arranger.is_busy
            self.busy_text.setText("Reading the source…" if reading else "Arranging the diagram…")
            self.plain_button.setVisible(not reading)
            return self._busy_page
        self._late.start()
        return self._blank

    def _on_arranged(self) -> None:
        self._show_words(self.pin.known())
        self._choose_page()

    def _on_busy(self, busy: bool) -> None:
        if busy and self._pages.currentWidget() is self._busy_page:
            self._choose_page()

    # ---- filter and size

    def apply_filter(self) -> None:
        """Dim or leave out what the search does not ask for."""
        self._typing.stop()
        self.refresh()

    def _on_text(self) -> None:
        if self.search.text().strip():
            self._typing.start()
        else:
            self.apply_filter()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.search.hasFocus() and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.apply_filter()
            self._focus_page()
        elif self.search.hasFocus() and event.key() == Qt.Key.Key_Escape:
            self.search.clear()
            self._focus_page()
        elif event.key() == Qt.Key.Key_Escape and self._arrow:
            self._on_close_passages()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.search.hasFocus():
            self._on_opened()
        else:
            super().keyPressEvent(event)

    def _focus_page(self) -> None:
        self.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_buttons(event.size().width())

    def _fit_buttons(self, width: int) -> None:
        for style in (Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly):
            for button in self.mode_buttons.values():
                button.setToolButtonStyle(style)
            if self._bar.sizeHint().width() <= width:
                break

    # ---- choosing

    def _on_selection(self) -> None:
        if (self.pin.thing, self.pin.time) != self._shown:
            self.refresh()
        elif self._pages.currentWidget() is self._drawing:
            self.diagram.light(self._lights(self.pin.known()))

    def _on_mode(self, button: QToolButton) -> None:
        self.set_mode(str(button.property("mode")))

    def _on_node(self, name: str) -> None:
        self._set_arrow("")
        node = self.machine.nodes.get(name)
        if node is not None and node.kind == "state":
            self._context.selection.select(Thing("state", (self._subject.cls, node.index)))
        self.refresh()

    def choose_arrow(self, name: str) -> None:
        """Show when an arrow was gone along."""
        self._set_arrow(name)
        self.refresh()

    def _set_arrow(self, name: str) -> None:
        self._arrow = name

    def _on_close_passages(self) -> None:
        self._set_arrow("")
        self.refresh()
        self._focus_page()

    def _on_pointed(self, name: str) -> None:
        node = self.machine.nodes.get(name)
        is_state = node is not None and node.kind == "state"
        self._context.selection.hover(
            Thing("state", (self._subject.cls, node.index)) if node is not None and is_state else None
        )

    def _on_cell(self, chosen: QItemSelection) -> None:
        state = key_in(chosen)
        if isinstance(state, int) and state >= 0:
            self._context.selection.select(Thing("state", (self._subject.cls, state)))

    def _on_way(self, chosen: QItemSelection) -> None:
        key = key_in(chosen)
        if isinstance(key, tuple):
            self.choose_arrow(key[0])

    def _on_opened(self) -> None:
        if self.passages.hasFocus():
            self._context.run("selection.go_to_source")
        else:
            self._context.run("state_machine.open_source")

    def _on_menu(self, at: QPoint) -> None:
        menu = (*THING_MENU, "", *PANEL_MENU) if self.diagram.current else PANEL_MENU
        CommandMenu(self, self._context, menu).popup(at)

    def _on_table_menu(self, at: QPoint) -> None:
        table = self.sender()
        if isinstance(table, TextTableView) and table.indexAt(at).isValid():
            CommandMenu(self, self._context, THING_MENU).popup(table.viewport().mapToGlobal(at))

    def _on_more(self) -> None:
        corner = self.menu_button.mapToGlobal(QPoint(0, self.menu_button.height()))
        CommandMenu(self, self._context, PANEL_MENU).popup(corner)

    @property
    def place(self) -> Place | None:
        """Where in source the chosen thing is: the cause of a way, the handler of a cell, a handler of a state."""
        machine, own = self.machine, self.pin.known().names.place(self._subject.cls)
        if self.mode == "table":
            index = self.matrix.currentIndex()
            state, titles = index.data(KEY), self.matrix_model.titles
            if isinstance(state, int) and index.column() < len(titles):
                facts = machine.cells.get((state, titles[index.column()]))
                if facts is not None and facts.place is not None:
                    return facts.place
        arrow, node = machine.arrows.get(self._arrow), machine.nodes.get(self.diagram.current)
        if arrow is not None:
            return place_of_way(machine, arrow) or own
        if node is not None and node.kind == "state":
            return place_of_state(machine, node.index) or own
        return own
