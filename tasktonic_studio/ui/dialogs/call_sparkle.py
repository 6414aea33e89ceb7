"""Call a sparkle of a tonic by hand, in an app under a distiller: which, and with what."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from tasktonic.literals import parse_arguments, ttLiteralError
from tasktonic_studio.session.contract_clauses import essence_named, sparkles_of, tonic_names
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.ui.dialogs.fitting import fit
from tasktonic_studio.ui.widgets.name_box import name_box, offer


class CallDialog(QDialog):
    """Made by the workbench when asked for; gone when closed."""

    wanted = Signal(int, str, str)
    """Id of the tonic, name of the sparkle, arguments as they were typed."""

    def __init__(self, known: Knowledge, tonic: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Call a sparkle by hand")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._known = known
        about = QLabel("The call is queued, as a test would queue it; it runs when you let the app run.")
        about.setWordWrap(True)
        about.setProperty("role", "muted")
        names = tonic_names(known)
        self.tonic = name_box("Name of a tonic", names, tonic if tonic in names else (names[0] if names else ""))
        self.sparkle = name_box("Name of a sparkle", ())
        self.arguments = QLineEdit()
        self.arguments.setPlaceholderText("such as 3, 'red', speed=2.5")
        self.arguments.setAccessibleName("Arguments")
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setVerticalSpacing(10)
        form.addRow("&Tonic", self.tonic)
        form.addRow("&Sparkle", self.sparkle)
        form.addRow("&Arguments", self.arguments)
        self.preview = QLabel()
        self.preview.setWordWrap(True)
        self.preview.setTextFormat(Qt.TextFormat.PlainText)
        self.preview.setProperty("role", "mono")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.call = buttons.addButton("Call", QDialogButtonBox.ButtonRole.AcceptRole)
        self.call.setProperty("kind", "primary")
        buttons.accepted.connect(self._on_call)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(about)
        layout.addLayout(form)
        layout.addWidget(self.preview)
        layout.addStretch(1)
        layout.addWidget(buttons)
        self.tonic.currentTextChanged.connect(self._on_tonic)
        self.sparkle.currentTextChanged.connect(self._on_typed)
        self.arguments.textChanged.connect(self._on_typed)
        self._on_tonic()
        fit(self, 520, 280)
        self.sparkle.setFocus()

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
        names = sparkles_of(self._known, self.tonic.currentText().strip())
        names = sorted(names, key=lambda name: not name.startswith("ttsc"))
        offer(self.sparkle, names, self._sparkle if self._sparkle in names else (names[0] if names else ""))
        self._on_typed()

    def _on_typed(self) -> None:
        problem = self.problem
        self.call.setEnabled(not problem)
        call = f"{self.tonic.currentText()}.{self._sparkle}({self.arguments.text()})"
        self.preview.setText(problem or call)

    def _on_call(self) -> None:
        if not self.problem:
            essence = essence_named(self._known, self.tonic.currentText().strip())
            self.wanted.emit(essence, self._sparkle, self.arguments.text().strip())
            self.accept()
