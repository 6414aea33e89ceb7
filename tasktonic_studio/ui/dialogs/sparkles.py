"""Which sparkle shall be called, with what?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tasktonic.literals import parse_arguments, ttLiteralError
from tasktonic.protocol.messages import SparkleRow
from tasktonic_studio.ui.dialogs.fitting import fit
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.theme import Theme

MOST_CALLS: Final = 50
_LEAST_ROWS: Final = 3


@dataclass(frozen=True, slots=True)
class EarlierCall:
    """A call that was made before: of which class, which sparkle, with which arguments."""

    cls: str
    sparkle: str
    arguments: str

    @property
    def text(self) -> str:
        return f"{self.sparkle}({self.arguments})"


class SparklesDialog(QDialog):
    """Stays open after a call, so that the next is near. Made by the workbench when asked for; gone when closed.

    Args:
        tonic: the name of the tonic.
        cls: the name of its class, of which earlier calls are offered.
        earlier: the calls that were made before, the newest first; a call is put in front.
        call: sends a call: the sparkle, the arguments.
        theme: fonts.
    """

    def __init__(
        self,
        tonic: str,
        cls: str,
        earlier: list[EarlierCall],
        call: Callable[[str, str], None],
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Call a sparkle of {tonic}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._tonic, self._cls, self._call = tonic, cls, call
        self._earlier = earlier
        self._rows: list[SparkleRow] = []
        self.head = _label(f"Asking {tonic} for its sparkles …")
        self.list = QListWidget()
        self.list.setAccessibleName(f"Sparkles of {tonic}")
        self.list.setFont(theme.font("mono"))
        self.list.setMinimumHeight(_LEAST_ROWS * (self.list.fontMetrics().height() + 2 * tokens.SPACE_PX))
        self.about = _label("")
        self.about.setProperty("role", "muted")
        self.arguments = QLineEdit()
        self.arguments.setFont(theme.font("mono"))
        self.arguments.setPlaceholderText("arguments as Python literals: 1, 'red', speed=0.5")
        self.arguments.setAccessibleName("Arguments")
        self.history = QComboBox()
        self.history.setAccessibleName("Earlier calls")
        self.history.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.history.setMinimumContentsLength(12)
        self.note = _label("")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.go = buttons.addButton("Call", QDialogButtonBox.ButtonRole.ActionRole)
        self.go.setProperty("kind", "primary")
        self.go.setDefault(True)
        self.go.setEnabled(False)
        self.go.clicked.connect(self._on_call)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        for widget in (self.head, self.list, self.about, self.arguments, self.history, self.note, buttons):
            layout.addWidget(widget)
        layout.setStretchFactor(self.list, 1)
        fit(self, 520, 440)
        self.list.currentRowChanged.connect(self._on_row)
        self.list.itemActivated.connect(self.arguments.setFocus)
        self.arguments.returnPressed.connect(self._on_call)
        self.history.activated.connect(self._on_earlier)
        self._show_earlier()

    def show_sparkles(self, rows: Sequence[SparkleRow], problem: str = "") -> None:
        """The app has said which sparkles there are."""
        self._rows = list(rows)
        self.list.clear()
        for row in self._rows:
            self.list.addItem(QListWidgetItem(row.name + " | ".join(row.signatures)))
        self.head.setText(
            problem
            or (
                f"Which sparkle of {self._tonic} shall be called? It is queued like a call from anywhere."
                if self._rows
                else f"{self._tonic} has no sparkles that can be called."
            )
        )
        self.go.setEnabled(bool(self._rows))
        if self._rows:
            requests = [number for number, row in enumerate(self._rows) if row.name.startswith("ttsc__")]
            self.list.setCurrentRow(requests[0] if requests else 0)
            self.list.setFocus()

    def say(self, sentence: str, *, is_problem: bool) -> None:
        """What became of a call."""
        self.note.setProperty("role", "warning" if is_problem else "muted")
        self.note.style().unpolish(self.note)
        self.note.style().polish(self.note)
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))
        self._make_room()

    def _make_room(self) -> None:
        """Become as tall as all that is said needs, so that no sentence is cut."""
        layout = self.layout()
        wanted = layout.totalHeightForWidth(self.width()) if layout is not None else 0
        if wanted > self.height():
            self.resize(self.width(), wanted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _on_row(self, row: int) -> None:
        if 0 <= row < len(self._rows):
            sparkle = self._rows[row]
            states = f"Handled in state {', '.join(sparkle.states)}." if sparkle.states else ""
            self.about.setText(" ".join(filter(None, (sparkle.doc, states))) or "It says nothing about itself.")
        self.say("", is_problem=False)

    def _on_call(self) -> None:
        row, arguments = self.list.currentRow(), self.arguments.text().strip()
        if not 0 <= row < len(self._rows):
            return
        try:
            parse_arguments(arguments)
        except ttLiteralError as error:
            self.say(str(error), is_problem=True)
            self.arguments.setFocus()
            return
        call = EarlierCall(self._cls, self._rows[row].name, arguments)
        if call in self._earlier:
            self._earlier.remove(call)
        self._earlier.insert(0, call)
        del self._earlier[MOST_CALLS:]
        self._show_earlier()
        self.say(f"Calling {call.text} …", is_problem=False)
        self._call(call.sparkle, arguments)

    def _show_earlier(self) -> None:
        calls = [call for call in self._earlier if call.cls == self._cls]
        self.history.clear()
        self.history.addItem("Earlier calls")
        for call in calls:
            self.history.addItem(call.text, call)
        self.history.setVisible(bool(calls))

    def _on_earlier(self, index: int) -> None:
        call = self.history.itemData(index)
        self.history.setCurrentIndex(0)
        if not isinstance(call, EarlierCall):
            return
        row = next((number for number, row in enumerate(self._rows) if row.name == call.sparkle), -1)
        if row >= 0:
            self.list.setCurrentRow(row)
        self.arguments.setText(call.arguments)
        self.arguments.setFocus()


def _label(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
