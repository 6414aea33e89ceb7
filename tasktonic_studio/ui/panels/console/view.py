"""The console's widget: what was asked and told, and a field to type in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QLabel,
    QPlainTextEdit,
    QStackedLayout,
    QVBoxLayout,
)

from tasktonic.protocol.messages import Answer, Evaluated
from tasktonic_studio.commands.things import essence_of
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.console.transcript import Line, asked, told
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible
from tasktonic_studio.ui.widgets.command_bar import CommandButton
from tasktonic_studio.ui.widgets.empty_state import EmptyState
from tasktonic_studio.ui.widgets.focus import FocusLeader

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

ROLES: Final = {"code": "accent", "value": "text", "error": "error", "note": "text_muted"}
MOST_LINES: Final = 5_000
MOST_REMEMBERED: Final = 100
"""So much of what was typed can be brought back."""
EXAMPLES: Final = ("self.states", "vars(self)", "len(self.bindings)")
"""What the empty console proposes: it can be evaluated in any tonic."""
_TEACHES: Final = (
    "What is typed below runs in the selected tonic, as self, with the names of its module. Values are described as "
    f"in the inspector. Try: {', '.join(EXAMPLES)}."
)
_TEACHING_LINES: Final = 22
"""With room for fewer lines an empty console only says what it is for."""
_INPUT_LINES: Final = 3
_LOW_LINES: Final = 10
_MARKS: Final = {"code": "", "value": "= ", "error": "✕ ", "note": "· "}
"""What a line begins with, so that its colour is not all that tells what it is."""


class ConsoleView(FocusLeader):
    """All that the console shows. Made by the panel; the dock owns it."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._undo_watch: Any = None
        self._asked: dict[int, str] = {}
        self._lines: list[Line] = []
        self.history: list[str] = []
        self._place = 0
        self._draft = ""
        self.head = _label("warning")
        self.state = _label("muted")
        self.output = QPlainTextEdit()
        self.output.setReadOnly(True)
        self.output.setMaximumBlockCount(MOST_LINES)
        self.output.setMinimumHeight(1)  # where it is low, what one types in comes first
        self.output.setPlaceholderText(f"Results stand here. Try {EXAMPLES[0]}.")
        self.nothing = EmptyState(
            "Nothing was evaluated yet", _TEACHES, "Hold the app", "run.hold", context.run,
            ("Start the example plant", "run.start_example"),
        )  # fmt: skip
        accessible.name(self.output, "What was evaluated", "Newest at the bottom")
        self.input = QPlainTextEdit()
        self.input.setPlaceholderText("an expression, such as self.state; Ctrl+Enter evaluates, Ctrl+Up brings back")
        self.input.setTabChangesFocus(True)
        accessible.name(
            self.input,
            "Code to evaluate",
            "Control Enter runs it in the held tonic. Control Up and Down: earlier ones.",
        )
        self.input.installEventFilter(self)
        self.may_act = QCheckBox("May act")
        accessible.name(self.may_act, "May act: statements are taken too")
        self.may_act.setToolTip(
            "Statements such as self.speed = 3 change the app. What is evaluated is recorded either way."
        )
        self.go = CommandButton("console", "Evaluate", "Evaluate in the held tonic (Ctrl+Enter)", "change.evaluate")
        self.go.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.go.clicked.connect(self._on_go)
        self._build()
        self.lead_focus_to(self.input)
        self.retheme()

    def _build(self) -> None:
        space = tokens.SPACE_PX
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        words = QVBoxLayout()
        layout.addLayout(words)
        words.setContentsMargins(space, space // 2, space, space // 2)
        words.setSpacing(2)
        words.addWidget(self.head)
        words.addWidget(self.state)
        fields = QVBoxLayout()
        layout.addLayout(fields, 1)
        fields.setContentsMargins(space, 0, space, 0)
        fields.setSpacing(space // 2)
        self.nothing.setMinimumSize(1, 1)  # shown where there is room for it, and asking for none
        self._pages = QStackedLayout()
        fields.addLayout(self._pages, 1)
        self._pages.addWidget(self.output)
        self._pages.addWidget(self.nothing)
        fields.addWidget(self.input)
        below = self._below = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        layout.addLayout(below)
        below.setContentsMargins(space, space // 2, space, space // 2)
        below.setSpacing(space)
        below.addWidget(self.may_act, 1)
        below.addWidget(self.go)
        accessible.tab_order([self.output, self.input, self.may_act, self.go])

    # ---- for the panel

    @property
    def code(self) -> str:
        """What is typed."""
        return self.input.toPlainText().strip()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was evaluated yet."""
        return not self._lines

    @property
    def text(self) -> str:
        """All that is shown."""
        return self.output.toPlainText()

    def restore_history(self, history: list[str]) -> None:
        """Take back what was typed in an earlier run of the Studio."""
        self.history = history[-MOST_REMEMBERED:]
        self._place = len(self.history)

    def note_asked(self, request: int, tonic: str) -> None:
        """What is typed is on its way to a tonic."""
        code = self.code
        self._asked[request] = tonic
        if not self.history or self.history[-1] != code:
            self.history.append(code)
            del self.history[:-MOST_REMEMBERED]
        self._place = len(self.history)
        self.input.clear()
        self._add(asked(tonic, code))

    def clear(self) -> None:
        """Take away what was shown."""
        self._lines.clear()
        self.output.clear()
        self._fit()

    def watch(self) -> None:
        if self._undo_watch is None:
            self._undo_watch = self._context.selection.watch(self._show_state)

    def unwatch(self) -> None:
        if self._undo_watch is not None:
            self._undo_watch()
            self._undo_watch = None

    def finish(self) -> None:
        self.unwatch()

    def on_changes(self, changes: Changes) -> None:
        """Show answers to what was asked here, and how it stands with the selected tonic."""
        if changes.new_target:
            self._asked.clear()
        for answer in changes.answers:
            if isinstance(answer, Evaluated) and answer.request in self._asked:
                if answer.is_over:
                    del self._asked[answer.request]
                self._add(told(answer))
            elif isinstance(answer, Answer) and answer.request in self._asked:
                del self._asked[answer.request]
                self._add([Line("error", answer.text)])
        if changes.ended and self._asked:
            self._asked.clear()
            self._add([Line("error", "The app has ended before it answered.")])
        if changes.everything or changes.target or changes.catalysts or changes.essences or changes.answers:
            self._show_state()

    def retheme(self) -> None:
        theme = self._context.theme
        mono = theme.font("mono")
        for field in (self.output, self.input):
            field.setFont(mono)
            field.document().setDocumentMargin(tokens.SPACE_PX)  # in line with the words above
        self.go.setIcon(self._context.icons.icon("console"))
        self._fit()
        lines, self._lines = self._lines, []
        self.output.clear()
        self._add(lines)
        self._show_state()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Side by side where there is room, else one below the other; fewer lines to type in where it is low."""
        line_px = self.input.fontMetrics().height()
        lines = 1 if self.height() < _LOW_LINES * line_px else _INPUT_LINES
        self.input.setFixedHeight(line_px * lines + 2 * tokens.SPACE_PX)
        teaches = self.is_empty and self.height() >= _TEACHING_LINES * line_px
        self._pages.setCurrentWidget(self.nothing if teaches else self.output)
        wanted = self.may_act.sizeHint().width() + self.go.sizeHint().width() + 3 * tokens.SPACE_PX
        fits = wanted <= self.width()
        self._below.setDirection(QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom)

    # ---- inside

    def _show_state(self) -> None:
        known, thing = self._context.known(), self._context.selection.thing
        facts = known.essences.get(essence_of(known, thing))
        where = f"{facts.name} ({known.names.cls(facts.cls)})" if facts is not None else "no tonic: none is selected"
        self._set(self.head, f"Runs code in the app, in {where}.")
        reason = self._context.why_not("change.evaluate")
        self._set(self.state, reason or "It is held: Ctrl+Enter evaluates.")
        self.nothing.offer("run.hold", self._context.is_enabled("run.hold"))
        self.nothing.offer("run.start_example", not known.target.is_alive)
        self.go.setEnabled(not reason)
        self.go.setToolTip(
            f"Evaluate in the held tonic (Ctrl+Enter)\nNot now: {reason}"
            if reason
            else "Evaluate in the held tonic (Ctrl+Enter)"
        )

    @staticmethod
    def _set(label: QLabel, text: str) -> None:
        if label.text() != text:
            label.setText(text)

    def _add(self, lines: list[Line]) -> None:
        self._lines += lines
        del self._lines[:-MOST_LINES]
        self._fit()
        cursor = QTextCursor(self.output.document())
        for line in lines:
            cursor.movePosition(QTextCursor.MoveOperation.End)
            if not self.output.document().isEmpty():
                cursor.insertBlock()
            style = QTextCharFormat()
            style.setForeground(self._context.theme.color(ROLES[line.kind]))
            is_more = line.text.startswith("    ")
            cursor.insertText(line.text if is_more else _MARKS[line.kind] + line.text, style)
        bar = self.output.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _on_go(self) -> None:
        self._context.run("change.evaluate")

    def _recall(self, steps: int) -> None:
        if self._place == len(self.history):
            self._draft = self.input.toPlainText()
        self._place = min(max(self._place + steps, 0), len(self.history))
        text = self.history[self._place] if self._place < len(self.history) else self._draft
        self.input.setPlainText(text)
        self.input.moveCursor(QTextCursor.MoveOperation.End)

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            with_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if with_control and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self._recall(-1 if event.key() == Qt.Key.Key_Up else 1)
                return True
            if with_control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._on_go()
                return True
        return super().eventFilter(watched, event)


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
