"""Dialogs for the arguments of an order, and for a new one. What is typed is checked while it is typed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tasktonic.literals import parse_arguments, ttLiteralError
from tasktonic.protocol.messages import NextOrder
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible

_WIDTH_PX = 460


class _ArgumentsDialog(QDialog):
    """A line of arguments with what is wrong with it below. Deletes itself when closed."""

    def __init__(self, title: str, verb: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH_PX)
        self.line = QLineEdit()
        self.line.setPlaceholderText("3, 'left', fast=True")
        accessible.name(self.line, "Arguments", "Python literals, as in a call")
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.setProperty("role", "small")
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setMinimumHeight(3 * self.fontMetrics().height())
        self.problem.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.do_it = self.buttons.addButton(verb, QDialogButtonBox.ButtonRole.AcceptRole)
        for button in self.buttons.buttons():
            if isinstance(button, QPushButton):
                button.setAutoDefault(False)  # Enter in the line is heard by the line, also when Cancel has come first
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.accepted.connect(self.send)
        self.form = QFormLayout()
        self.form.setSpacing(tokens.SPACE_PX)
        self.do_it.setProperty("kind", "primary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.addLayout(self.form)
        layout.addWidget(self.problem)
        layout.addWidget(self.buttons)
        self.line.textChanged.connect(self.check)
        self.line.returnPressed.connect(self._on_return)

    def _on_return(self) -> None:
        if self.do_it.isEnabled():
            self.accept()

    def send(self) -> None:
        """Send what was typed."""
        raise NotImplementedError

    def check(self) -> None:
        """Say what is wrong with what was typed; only what can be read can be sent."""
        try:
            args, kwargs = parse_arguments(self.line.text())
            problem = self.problem_of(args, kwargs)
        except ttLiteralError as error:
            problem = str(error)
        self.problem.setText(problem)
        self.do_it.setEnabled(not problem)

    def problem_of(self, args: tuple[object, ...], kwargs: dict[str, object]) -> str:
        """What is wrong with arguments that can be read; empty for nothing."""
        return ""


class EditDialog(_ArgumentsDialog):
    """The arguments of an order that waits.

    Args:
        order: as the app told of it.
        send: sends the arguments that were typed.
    """

    def __init__(self, order: NextOrder, send: Callable[[str], None], parent: QWidget) -> None:
        super().__init__("Edit the arguments", "Edit the order", parent)
        self.setObjectName("edit_order")
        self._send = send
        what = QLabel(f"{order.name} · {order.sparkle}")
        what.setProperty("role", "strong")
        what.setTextFormat(Qt.TextFormat.PlainText)
        self.form.addRow("Order", what)
        names = ", ".join(row.name for row in order.arguments if row.name)
        if names:
            shown = QLabel(names)
            shown.setWordWrap(True)
            shown.setTextFormat(Qt.TextFormat.PlainText)
            self.form.addRow("Takes", shown)
        self.form.addRow("Arguments", self.line)
        hint = QLabel("Three dots ... leave an argument as it is.")
        hint.setWordWrap(True)
        hint.setProperty("role", "muted")
        self.form.addRow("", hint)
        self.line.setText(order.typed)
        self.line.selectAll()
        self.check()

    def send(self) -> None:
        self._send(self.line.text())


class NewOrderDialog(_ArgumentsDialog):
    """A sparkle to be called next: of which tonic, which one, with what.

    Args:
        known: what is known now.
        catalyst: the tonics offered run on this one.
        essence: the tonic that is offered first, -1 for any.
        send: sends tonic, sparkle and arguments.
    """

    def __init__(
        self, known: Knowledge, catalyst: int, essence: int, send: Callable[[int, str, str], None], parent: QWidget
    ) -> None:
        super().__init__("Add an order", "Add as the next order", parent)
        self.setObjectName("new_order")
        self._known = known
        self._send = send
        self.tonic, self.sparkle = QComboBox(), QComboBox()
        accessible.name(self.tonic, "Tonic")
        accessible.name(self.sparkle, "Sparkle")
        for number in known.essences:
            facts = known.essences.get(number)
            if facts is not None and facts.is_alive and facts.catalyst == catalyst and self._sparkles(facts.cls):
                self.tonic.addItem(facts.name, number)
        self.tonic.setCurrentIndex(max(0, self.tonic.findData(essence)))
        self.form.addRow("Tonic", self.tonic)
        self.form.addRow("Sparkle", self.sparkle)
        self.form.addRow("Arguments", self.line)
        self.tonic.currentIndexChanged.connect(self._fill_sparkles)
        self._fill_sparkles()
        self.check()

    def _sparkles(self, cls: int) -> list[str]:
        defined = self._known.names.sparkles.values()
        return sorted({each.name for each in defined if each.cls == cls and not each.name.startswith("_")})

    def _fill_sparkles(self) -> None:
        facts = self._known.essences.get(self.tonic.currentData() if self.tonic.count() else -1)
        self.sparkle.clear()
        if facts is not None:
            # Commands first: they are what one calls.
            self.sparkle.addItems(
                sorted(self._sparkles(facts.cls), key=lambda name: (not name.startswith("ttsc"), name))
            )

    def problem_of(self, args: tuple[object, ...], kwargs: dict[str, object]) -> str:
        if not self.sparkle.count():
            return "No tonic with sparkles runs on this catalyst."
        if ... in (*args, *kwargs.values()):
            return "A new order has no arguments that could be left as they are: type all of them."
        return ""

    def send(self) -> None:
        self._send(int(self.tonic.currentData()), self.sparkle.currentText(), self.line.text())
