"""Call a sparkle of a tonic by hand, in an app under a distiller: which, and with what."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from tasktonic.literals import parse_arguments, ttLiteralError
from tasktonic_studio.session.contract_clauses import essence_named, sparkles_of, tonic_names
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.ui.dialogs.form_dialog import FormDialog
from tasktonic_studio.ui.widgets.name_box import name_box, offer


class CallDialog(FormDialog):
    """Made by the workbench when asked for, which tells it what has become known; gone when closed."""

    wanted = Signal(int, str, str)
    """Id of the tonic, name of the sparkle, arguments as they were typed."""

    def __init__(self, known: Knowledge, tonic: str, parent: QWidget | None = None) -> None:
        about = "The call is queued, as a test would queue it; it runs when you let the app run."
        super().__init__("Call a sparkle by hand", about, "Call", parent)
        self._known = known
        self._offered = tonic_names(known)
        first = tonic if tonic in self._offered else next(iter(self._offered), "")
        self.tonic = name_box("Name of a tonic", self._offered, first)
        self.sparkle = name_box("Name of a sparkle", ())
        self.arguments = QLineEdit()
        self.arguments.setPlaceholderText("such as 3, 'red', speed=2.5")
        self.arguments.setAccessibleName("Arguments")
        self.form.addRow("&Tonic", self.tonic)
        self.form.addRow("&Sparkle", self.sparkle)
        self.form.addRow("&Arguments", self.arguments)
        self.tonic.currentTextChanged.connect(self._on_tonic)
        self.sparkle.currentTextChanged.connect(self._on_typed)
        self.arguments.textChanged.connect(self._on_typed)
        self._on_tonic()
        self.lay_out(520, 280)
        self.sparkle.setFocus()

    def show_known(self, known: Knowledge) -> None:
        """More is known by now: offer what lives. What was typed stays."""
        self._known = known
        names = tonic_names(known)
        if names != self._offered:
            self._offered = names
            offer(self.tonic, names, self.tonic.currentText() or next(iter(names), ""))
        self._offer_sparkles(keep=self._sparkle)
        self._on_typed()

    @property
    def problem(self) -> str:
        """What is still wrong, in a sentence; empty when it can be called."""
        tonic, sparkle, text = (it.strip() for it in (self.tonic.currentText(), self._sparkle, self.arguments.text()))
        if essence_named(self._known, tonic) < 0:
            return f"No tonic called “{tonic}” lives." if tonic else "Choose a tonic."
        if not sparkle:
            return "Choose one of its sparkles."
        try:
            parse_arguments(text)
        except ttLiteralError as error:
            return str(error)
        return ""

    @property
    def _sparkle(self) -> str:
        return self.sparkle.currentText().strip()

    def _on_tonic(self) -> None:
        self._offer_sparkles()
        self._on_typed()

    def _offer_sparkles(self, keep: str = "") -> None:
        names = sparkles_of(self._known, self.tonic.currentText().strip())
        names = sorted(names, key=lambda name: not name.startswith("ttsc"))
        first = self._sparkle if self._sparkle in names else next(iter(names), "")
        offer(self.sparkle, names, keep or first)

    def _on_typed(self) -> None:
        problem = self.problem
        self.go.setEnabled(not problem)
        call = f"{self.tonic.currentText()}.{self._sparkle}({self.arguments.text()})"
        self.said.setText(problem or call)

    def take(self) -> None:
        if not self.problem:
            essence = essence_named(self._known, self.tonic.currentText().strip())
            self.wanted.emit(essence, self._sparkle, self.arguments.text().strip())
            self.accept()
