"""For how long an app under a distiller is to run: a number of sparkles, a time, until a state, until a sparkle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from tasktonic_studio.session.contract_clauses import names_in, sparkles_of, states_of
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.ui.dialogs.fitting import fit
from tasktonic_studio.ui.widgets.name_box import name_box


@dataclass(frozen=True, slots=True)
class Until:
    """What was asked for; 0 and empty for what was not. ``probes`` are attributes to show of every tonic."""

    sparkles: int = 0
    seconds: float = 0.0
    states: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()

    def words(self) -> str:
        """The call as a test would write it."""
        given = [f"sparkle_count={self.sparkles}"] if self.sparkles else []
        given += [f"timeout={self.seconds:g}"] if self.seconds else []
        given += [f"till_state_in={list(self.states)}"] if self.states else []
        given += [f"till_sparkle_in={list(self.names)}"] if self.names else []
        return f"distiller.sparkle({', '.join(given)})"


class RunUntilDialog(QDialog):
    """Made by the workbench when asked for; gone when closed. It runs until the first of what is filled in."""

    wanted = Signal(object)
    """An `Until`."""

    def __init__(self, known: Knowledge, probes: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Run until\u2026")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        about = QLabel("It stops at the first of these. With nothing filled in it runs until nothing is left to do.")
        about.setWordWrap(True)
        about.setProperty("role", "muted")
        self.sparkles = QSpinBox()
        self.sparkles.setRange(0, 1_000_000)
        self.sparkles.setSpecialValueText("any number")
        self.sparkles.setAccessibleName("Number of sparkles")
        self.seconds = QDoubleSpinBox()
        self.seconds.setRange(0.0, 1e9)
        self.seconds.setDecimals(3)
        self.seconds.setSuffix(" s")
        self.seconds.setSpecialValueText("no limit")
        self.seconds.setAccessibleName("Seconds of virtual time")
        self.state = name_box("Name of a state", states_of(known))
        self.sparkle = name_box("Name of a sparkle", sparkles_of(known))
        self.probes = QLineEdit(", ".join(probes))
        self.probes.setPlaceholderText("such as level, opened: before and after each sparkle")
        self.probes.setAccessibleName("Attributes to show")
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setVerticalSpacing(10)
        form.addRow("&Number of sparkles", self.sparkles)
        form.addRow("&Time", self.seconds)
        form.addRow("Until a tonic is in &state", self.state)
        form.addRow("Until this s&parkle has run", self.sparkle)
        form.addRow("Show the &attributes", self.probes)
        self.preview = QLabel()
        self.preview.setWordWrap(True)
        self.preview.setTextFormat(Qt.TextFormat.PlainText)
        self.preview.setProperty("role", "mono")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = buttons.addButton("Run", QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setProperty("kind", "primary")
        buttons.accepted.connect(self._on_go)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(about)
        layout.addLayout(form)
        layout.addWidget(self.preview)
        layout.addStretch(1)
        layout.addWidget(buttons)
        self.sparkles.valueChanged.connect(self._show_preview)
        self.seconds.valueChanged.connect(self._show_preview)
        for box in (self.state, self.sparkle):
            box.currentTextChanged.connect(self._show_preview)
        self._show_preview()
        fit(self, 520, 360)
        self.sparkles.setFocus()

    @property
    def until(self) -> Until:
        """What is filled in."""
        return Until(
            self.sparkles.value(),
            self.seconds.value(),
            _names(self.state),
            _names(self.sparkle),
            tuple(names_in(self.probes.text())),
        )

    def _show_preview(self) -> None:
        self.preview.setText(self.until.words())

    def _on_go(self) -> None:
        self.wanted.emit(self.until)
        self.accept()


def _names(box: QComboBox) -> tuple[str, ...]:
    return tuple(names_in(box.currentText()))
