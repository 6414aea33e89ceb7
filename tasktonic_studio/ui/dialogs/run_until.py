"""For how long an app under a distiller is to run: a number of sparkles, a time, until a state, until a sparkle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

from tasktonic_studio.session.contract_clauses import names_in, sparkles_of, states_of
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.ui.dialogs.form_dialog import FormDialog
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


class RunUntilDialog(FormDialog):
    """Made by the workbench when asked for; gone when closed. It runs until the first of what is filled in."""

    wanted = Signal(object)
    """An `Until`."""

    def __init__(self, known: Knowledge, probes: Sequence[str], parent: QWidget | None = None) -> None:
        about = "It stops at the first of these. With nothing filled in it runs until nothing is left to do."
        super().__init__("Run until\u2026", about, "Run", parent)
        self.sparkles = QSpinBox()
        self.sparkles.setRange(0, 1_000_000)
        self.sparkles.setSpecialValueText("any number")
        self.sparkles.setAccessibleName("Number of sparkles")
        self.seconds = seconds_box("Seconds of virtual time")
        self.state = name_box("Name of a state", states_of(known))
        self.sparkle = name_box("Name of a sparkle", sparkles_of(known))
        self.probes = QLineEdit(", ".join(probes))
        self.probes.setPlaceholderText("such as level, opened: before and after each sparkle")
        self.probes.setAccessibleName("Attributes to show")
        self.form.addRow("&Number of sparkles", self.sparkles)
        self.form.addRow("&Time", self.seconds)
        self.form.addRow("Until a tonic is in &state", self.state)
        self.form.addRow("Until this s&parkle has run", self.sparkle)
        self.form.addRow("Show the &attributes", self.probes)
        self.sparkles.valueChanged.connect(self._show_preview)
        self.seconds.valueChanged.connect(self._show_preview)
        for box in (self.state, self.sparkle):
            box.currentTextChanged.connect(self._show_preview)
        self._show_preview()
        self.lay_out(520, 360)
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
        self.said.setText(self.until.words())

    def take(self) -> None:
        self.wanted.emit(self.until)
        self.accept()


def seconds_box(words: str) -> QDoubleSpinBox:
    """A box for a length of virtual time; 0 is no limit."""
    box = QDoubleSpinBox()
    box.setRange(0.0, 1e9)
    box.setDecimals(3)
    box.setSuffix(" s")
    box.setSpecialValueText("no limit")
    box.setAccessibleName(words)
    return box


def _names(box: QComboBox) -> tuple[str, ...]:
    return tuple(names_in(box.currentText()))
