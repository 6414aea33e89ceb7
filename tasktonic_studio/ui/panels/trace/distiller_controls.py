"""The distiller's controls, above the trace of an app that is run by hand: how it stands, what is next, and what one can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QToolButton, QVBoxLayout

from tasktonic.protocol.messages import DistillerState, WaitingOrder
from tasktonic_studio.session.distiller import DistillerFacts
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.open_question import HIDDEN
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets import accessible
from tasktonic_studio.ui.widgets.command_bar import CommandButton
from tasktonic_studio.ui.widgets.elided_label import ElidedLabel
from tasktonic_studio.ui.widgets.flow_row import FlowRow

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

BUTTONS: Final = (
    ("step", "Step", "distiller.step"),
    ("start", "Run", "distiller.run"),
    ("timer", "Until\u2026", "distiller.run_until"),
    ("table", "Contract\u2026", "distiller.contract"),
    ("sparkle", "Call\u2026", "distiller.call"),
    ("stop", "Stop", "distiller.stop"),
    ("ok", "Make a test\u2026", "distiller.make_test"),
)
MOST_LINES: Final = 12
_LEAST_LINES: Final = 3


class DistillerControls(QFrame):
    """Hidden while no app is run by hand. Made by the trace's view."""

    room_wanted = Signal()
    """It needs another height than before."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self.title = QLabel()
        self.title.setProperty("role", "strong")
        self.title.setMinimumWidth(1)
        self.buttons = tuple(CommandButton(icon, words, words, command) for icon, words, command in BUTTONS)
        self.next = ElidedLabel()
        self.problem = QLabel()
        self.problem.setProperty("role", "error")
        self.problem.setWordWrap(True)
        self.problem.setMinimumWidth(1)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.fold = QToolButton()
        self.fold.setCheckable(True)
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        accessible.name(self.fold, "Show the orders that are queued")
        self.queue = QLabel()
        self.queue.setMinimumWidth(1)
        self.queue.setWordWrap(True)
        self.queue.setTextFormat(Qt.TextFormat.PlainText)
        self.queue.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out()
        for button in self.buttons:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.clicked.connect(self._on_button)
        self.fold.toggled.connect(self._show_queue)
        self._facts = DistillerFacts()
        accessible.name(self, "The distiller\u2019s controls")
        self.hide()

    def _lay_out(self) -> None:
        space = tokens.SPACE_PX
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space, space // 2, space // 2, space // 2)
        layout.setSpacing(tokens.SMALL_SPACE_PX)
        for widgets in ((self.title, *self.buttons), (self.next, self.fold)):
            row = FlowRow()
            layout.addLayout(row)
            row.setSpacing(tokens.SMALL_SPACE_PX)
            for widget in widgets:
                row.addWidget(widget)
        layout.addWidget(self.queue)
        layout.addWidget(self.problem)

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._take_room()

    def set_low(self, is_low: bool) -> None:
        """Where it is low the buttons have no words; their tool tips have them."""
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if is_low else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        if style != self.buttons[0].toolButtonStyle():
            for button in self.buttons:
                button.setToolButtonStyle(style)
            layout = self.layout()
            if layout is not None:
                layout.invalidate()
            self._take_room()

    def _take_room(self) -> None:
        """Have as much height as its lines need: where there is little, the list below gets less of it."""
        layout = self.layout()
        needed = layout.heightForWidth(self.width()) if layout is not None else 0
        if needed > 0 and needed != self.minimumHeight():
            self.setMinimumHeight(needed)
            self.room_wanted.emit()

    def retheme(self) -> None:
        """Take on the theme\u2019s colours."""
        for button in self.buttons:
            button.setIcon(self._context.icons.icon(button.picture))

    def show_known(self, live: Knowledge) -> None:
        """Tell how it stands now; hides where no app is run by hand."""
        facts, target = live.distiller, live.target
        self.setVisible(facts.is_there and target.is_alive and target.how != "file")
        self._facts = facts
        state = facts.state
        if state is None:
            return
        self.title.setText(_heading(facts, state))
        is_asked = self._context.open_question.is_open and not facts.is_over
        self.next.show_text(HIDDEN if is_asked else _next_words(facts, state))
        self.problem.setText(f"✕ {state.problem}" if state.problem else "")
        self.problem.setVisible(bool(state.problem))
        self.fold.setText(f"Queue ({state.waiting})")
        self.fold.setVisible(state.waiting > 1 and not is_asked)
        self._show_queue()
        for button in self.buttons:
            enabled = self._context.is_enabled(button.command)
            why = self._context.why_not(button.command)
            command = self._context.registry.get(button.command)
            key = f" ({command.keys[0]})" if command.keys else ""
            button.setEnabled(enabled)
            button.setToolTip(plain_tip(f"{command.title}{key}\n{why or command.help}"))

    def _show_queue(self) -> None:
        state = self._facts.state
        waits = () if state is None else state.waits
        lines = [f"{number}  {_order_words(order)}" for number, order in enumerate(waits[:MOST_LINES], start=1)]
        left = 0 if state is None else state.waiting - len(lines)
        lines += [f"and {left} more"] if left > 0 else []
        self.queue.setText("\n".join(lines))
        self.queue.setVisible(self.fold.isChecked() and len(lines) > 1 and not self._context.open_question.is_open)
        self._take_room()

    def _on_button(self) -> None:
        button = self.sender()
        if isinstance(button, CommandButton):
            self._context.run(button.command)


class ControlsArea(QScrollArea):
    """Where the controls stand in the panel: as high as they are, but where that leaves too little for the rows one scrolls.

    Made by the trace's view, which says how high it may be.
    """

    def __init__(self, controls: DistillerControls) -> None:
        super().__init__()
        self._most_px = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(controls)
        self.hide()
        controls.room_wanted.connect(self._fit)

    def set_most(self, most_px: int) -> None:
        """It may be so high."""
        self._most_px = most_px
        self._fit()

    def follow(self) -> None:
        """The controls may be shown or hidden by now."""
        controls = self.widget()
        self.setHidden(controls is None or controls.isHidden())
        self._fit()

    def _fit(self) -> None:
        controls = self.widget()
        wanted = controls.minimumHeight() if controls is not None else 0
        self.setMinimumHeight(min(wanted, self._most_px, _LEAST_LINES * self.fontMetrics().height()))
        self.setMaximumHeight(max(1, min(wanted, self._most_px)))
        self.updateGeometry()

    @guarded(QSize(100, 20))
    def sizeHint(self) -> QSize:
        controls = self.widget()
        return QSize(super().sizeHint().width(), controls.minimumHeight() if controls is not None else 0)


def _heading(facts: DistillerFacts, state: DistillerState) -> str:
    ran = f"{state.sparkles:,} sparkle{'' if state.sparkles == 1 else 's'}"
    words = [f"Distiller  {facts.seconds:.3f} s {state.clock}", ran, f"seed {state.seed}"]
    if state.app > 1:
        words.append(f"app {state.app}")
    return "  ·  ".join(words)


def _next_words(facts: DistillerFacts, state: DistillerState) -> str:
    if facts.runs:
        return f"▶ runs {state.doing}"
    if facts.is_over:
        return "○ the app has ended"
    if state.waits:
        # With a seed a catalyst that only has something of its own to do may come first.
        return f"{'next' if state.seed == 0 else 'queued'}: {_order_words(state.waits[0])}"
    if state.due_ns:
        return f"nothing is queued; the next timer is due in {max(state.due_ns - state.now_ns, 0) / 1e9:g} s"
    return "nothing is left to do: call a sparkle by hand, or end the app"


def _order_words(order: WaitingOrder) -> str:
    words = f"{order.tonic}.{order.sparkle}({order.arguments})"
    if order.source:
        words += f" from {order.source}"
    return words if order.catalyst == "main_catalyst" else f"{words}, on {order.catalyst}"
