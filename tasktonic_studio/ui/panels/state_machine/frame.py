"""The widgets of the state machine panel, put together. What they show is in `view.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from tasktonic_studio.ui.panels.state_machine.diagram_view import DiagramView
from tasktonic_studio.ui.panels.state_machine.legend import Legend
from tasktonic_studio.ui.panels.state_machine.tables import TextTable, TextTableView
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible
from tasktonic_studio.ui.widgets.elided_label import ElidedLabel
from tasktonic_studio.ui.widgets.empty_state import OTHER_START, EmptyState
from tasktonic_studio.ui.widgets.flow_row import FlowRow
from tasktonic_studio.ui.widgets.focus import FocusLeader
from tasktonic_studio.ui.widgets.pin import Pin
from tasktonic_studio.ui.widgets.search_line import SearchLine
from tasktonic_studio.ui.widgets.word_button import WordButton

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

MODES: Final = {
    "diagram": ("Diagram", "state_machine", "The states and the ways between them as a drawing"),
    "table": (
        "States × sparkles",
        "table",
        "Which sparkle is handled, generic or ignored in which state, and how often",
    ),
    "ways": ("Transitions", "ways", "The ways between states as a table"),
}


class StateMachineFrame(FocusLeader):
    """All widgets, in their places. A base of the view, which fills them."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self.mode = "diagram"
        self._make_widgets()
        self._build()

    def _make_widgets(self) -> None:
        context = self._context
        self.search = SearchLine(
            "Find",
            ("state", "sparkle"),
            "Dims all else in the diagram, and filters the tables",
            "Find a state or sparkle",
        )
        self.modes = QButtonGroup(self)
        self.mode_buttons: dict[str, QToolButton] = {}
        for mode, (title, _, help_text) in MODES.items():
            button = self._button(title, help_text)
            button.setCheckable(True)
            button.setChecked(mode == self.mode)
            button.setProperty("mode", mode)
            self.modes.addButton(button)
            self.mode_buttons[mode] = button
        self.fit_button = self._button("Fit", "Show the whole diagram")
        self.menu_button = self._button("More", "Zoom, arrange, save as picture, Mermaid or CSV")
        self.pin = Pin(context)
        self.heading = ElidedLabel()
        self.heading.setContentsMargins(tokens.SPACE_PX, 0, tokens.SPACE_PX, 0)
        self.problem = ElidedLabel()
        self.problem.setProperty("role", "warning")
        self.problem.setContentsMargins(tokens.SPACE_PX, 0, tokens.SPACE_PX, 0)
        self.problem.hide()
        self.diagram = DiagramView(context.theme)
        accessible.name(
            self.diagram, "Diagram of states", "Arrow keys go from state to state, Page Down through the transitions"
        )
        self.legend = Legend(context.theme)
        self.matrix_model = TextTable(context.theme)
        self.ways_model = TextTable(context.theme)
        self.passages_model = TextTable(context.theme)
        for model in (self.matrix_model, self.ways_model, self.passages_model):
            model.setParent(self)
        self.matrix = TextTableView(self.matrix_model, row_titles=True)
        accessible.name(self.matrix, "States and sparkles", "A row per state, a column per sparkle")
        self.ways = TextTableView(self.ways_model)
        accessible.name(self.ways, "Transitions", "A row per way from state to state and per sparkle that causes it")
        self.passages = TextTableView(self.passages_model)
        accessible.name(self.passages, "Passages", "When the chosen transition was gone along, newest first")
        self.passages_title = ElidedLabel()
        self.passages_title.setContentsMargins(tokens.SPACE_PX, tokens.SMALL_SPACE_PX, 0, tokens.SMALL_SPACE_PX)
        self.close_passages = self._button("Close", "Close the list of passages")
        self.nothing = EmptyState("", "", "Start the example plant", "run.start_example", context.run, OTHER_START)
        self.unselected = EmptyState("", "", "Show the busiest machine", "state_machine.show_busiest", context.run)
        self.stateless = EmptyState("", "", "Learn about states", "help.learn", context.run)
        self.busy_text = QLabel("Arranging the diagram…")
        self.busy_text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.busy_text.setWordWrap(True)
        self.plain_button = QPushButton("Plain layout now")

    def _button(self, text: str, help_text: str) -> QToolButton:
        button = WordButton()
        button.setText(text)
        button.setToolTip(help_text)
        accessible.name(button, text, help_text)
        return button

    def _build(self) -> None:
        space = tokens.SPACE_PX
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._bar = bar = FlowRow()
        layout.addLayout(bar)
        bar.setContentsMargins(space, space // 2, space // 2, space // 2)
        bar.setSpacing(space // 2)
        bar.addWidget(self.search)
        for button in (*self.mode_buttons.values(), self.fit_button, self.menu_button, self.pin):
            bar.addWidget(button)
        drawing = QWidget()
        inside = QVBoxLayout(drawing)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.diagram, 1)
        inside.addWidget(self.legend)
        busy = QWidget()
        waiting = QVBoxLayout(busy)
        waiting.addStretch()
        waiting.addWidget(self.busy_text)
        waiting.addWidget(self.plain_button, 0, Qt.AlignmentFlag.AlignHCenter)
        waiting.addStretch()
        self._drawing, self._busy_page, self._blank = drawing, busy, QWidget()
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        # The first one is laid out at once: before that its buttons ask for a line of their own each.
        others = (self.unselected, self.stateless, self._blank, drawing, self.matrix, self.ways, busy)
        for page in (self.nothing, *others):
            self._pages.addWidget(page)
        self._below = QWidget()
        below = QVBoxLayout(self._below)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        title = QHBoxLayout()
        below.addLayout(title)
        title.addWidget(self.passages_title, 1)
        title.addWidget(self.close_passages)
        below.addWidget(self.passages, 1)
        self._below.setMinimumHeight(4 * tokens.ROW_HEIGHT_PX)
        self._below.hide()
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(pages)
        self.splitter.addWidget(self._below)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 1)
        layout.addWidget(self.heading)
        layout.addWidget(self.problem)
        layout.addWidget(self.splitter, 1)
        accessible.tab_order(
            [
                self.search, *self.mode_buttons.values(), self.fit_button, self.menu_button, self.pin,
                self.diagram, self.matrix, self.ways, self.passages, self.close_passages,
            ]
        )  # fmt: skip
        self.lead_focus_to(self.diagram)
