"""The form of one breakpoint: its terms, one below the other, and what is done when all of them hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from tasktonic.rules import KINDS, Breakpoint, Term, sentence_of, ttBreakpointError
from tasktonic.rules.breakpoint import BEFORE
from tasktonic_studio.ui.dialogs.fitting import fit
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible, figures

MS: Final = 1_000_000
KIND_WORDS: Final = {
    "sparkle": "Sparkle runs",
    "state": "State changes",
    "path": "Store path changes",
    "exception": "Exception is raised",
    "sender": "Order comes from",
    "condition": "Condition is true",
    "duration": "Run takes long",
}
"""What the kinds of terms are called in the form."""
WHAT: Final = {
    "sparkle": ("Sparkle", "ttsc__open, ttse__on_*"),
    "state": ("State", "full; * is any"),
    "path": ("Path", "limits/*, **"),
    "exception": ("Kind", "ValueError; empty is any"),
    "sender": ("Sender", "ttse__on_tick, timer, thread *"),
    "condition": ("Condition", "self.level > 80"),
}
WAY_WORDS: Final = {
    "entered": "is entered",
    "left": "is left",
    "": "taken or not",
    "taken": "taken by ttse__on_error",
    "not taken": "taken by nobody",
}
WAYS: Final = {"state": ("entered", "left"), "exception": ("", "taken", "not taken")}
RUNS_CODE: Final = "This runs code in the app, in the thread of the tonic's catalyst, each time it is asked."


class TermForm(QFrame):
    """The fields of one term. Those that its kind has no use for are not shown."""

    changed = Signal()
    removed = Signal()

    def __init__(self, term: Term) -> None:
        super().__init__()
        self.setObjectName("term")
        self.kind = QComboBox()
        for kind in KINDS:
            self.kind.addItem(KIND_WORDS[kind], kind)
        self.kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.kind.setMinimumContentsLength(12)
        self.negated = QCheckBox("not")
        self.what, self.cls, self.tonic = QLineEdit(), QLineEdit(), QLineEdit()
        self.way = QComboBox()
        self.longer = QDoubleSpinBox()
        self.longer.setRange(0.001, 3_600_000)
        self.longer.setDecimals(3)
        self.longer.setSuffix(" ms")
        self.note = QLabel(RUNS_CODE)
        self.note.setProperty("role", "warning")
        self.note.setWordWrap(True)
        self.remove = QPushButton("Remove")
        self.remove.setProperty("kind", "quiet")
        self.remove.setAutoDefault(False)
        layout = QVBoxLayout(self)
        head = QHBoxLayout()
        layout.addLayout(head)
        for widget in (self.negated, self.kind):
            head.addWidget(widget)
        head.addStretch()
        head.addWidget(self.remove)
        self.form = QFormLayout()
        layout.addLayout(self.form)
        self.form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.form.setVerticalSpacing(tokens.SPACE_PX // 2)
        self._what_label = QLabel()
        for label, field in (
            (self._what_label, self.what),
            (QLabel("It"), self.way),
            (QLabel("Longer than"), self.longer),
            (QLabel("Class"), self.cls),
            (QLabel("Tonic"), self.tonic),
        ):
            label.setBuddy(field)
            self.form.addRow(label, field)
        self.cls.setPlaceholderText("Pump, also those derived from it; empty is any")
        self.tonic.setPlaceholderText("name, path house/pump, or #12; empty is any")
        layout.addWidget(self.note)
        self._show(term)
        self.kind.currentIndexChanged.connect(self._on_kind)
        self.remove.clicked.connect(self.removed)
        for line in (self.what, self.cls, self.tonic):
            line.textChanged.connect(self.changed)
        self.negated.toggled.connect(self.changed)
        self.way.currentIndexChanged.connect(self.changed)
        self.longer.valueChanged.connect(self.changed)

    def term(self) -> Term:
        """What the fields say."""
        kind = str(self.kind.currentData())
        return Term(
            kind,
            self.what.text().strip() if kind in WHAT else "",
            self.cls.text().strip(),
            self.tonic.text().strip(),
            str(self.way.currentData()) if kind in WAYS else "",
            round(self.longer.value() * MS) if kind == "duration" else 0,
            self.negated.isChecked(),
        )

    def _show(self, term: Term) -> None:
        self.kind.setCurrentIndex(max(0, self.kind.findData(term.kind)))
        self.negated.setChecked(term.negated)
        self.what.setText(term.what)
        self.cls.setText(term.cls)
        self.tonic.setText(term.tonic)
        self.longer.setValue(term.longer_than_ns / MS or 10)
        self._fit_kind()
        self.way.setCurrentIndex(max(0, self.way.findData(term.way)))

    def _fit_kind(self) -> None:
        kind = str(self.kind.currentData())
        self.way.blockSignals(True)
        self.way.clear()
        for way in WAYS.get(kind, ()):
            self.way.addItem(WAY_WORDS[way], way)
        self.way.blockSignals(False)
        words, example = WHAT.get(kind, ("", ""))
        self._what_label.setText(words)
        self.what.setPlaceholderText(example)
        for field, is_used in ((self.what, kind in WHAT), (self.way, kind in WAYS), (self.longer, kind == "duration")):
            self.form.setRowVisible(field, is_used)
        self.note.setVisible(kind == "condition")
        whose = {"path": "store", "sender": "sender"}.get(kind, "tonic")
        for widget, name in (
            (self.kind, "Kind of term"),
            (self.negated, "Must not be so"),
            (self.what, words or "Nothing"),
            (self.way, "Which way"),
            (self.longer, "Longer than, in milliseconds"),
            (self.cls, f"Class of the {whose}"),
            (self.tonic, f"Name, path or number of the {whose}"),
            (self.remove, "Remove this term"),
        ):
            accessible.name(widget, name)

    def _on_kind(self) -> None:
        self._fit_kind()
        self.changed.emit()


class BreakpointDialog(QDialog):
    """Made by the workbench when asked for; gone when closed.

    Args:
        point: what to begin with; 0 is the number of one that is new.
        take: takes over what was written.
    """

    def __init__(self, point: Breakpoint, take: Callable[[Breakpoint], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._point = point
        self._take = take
        self.setWindowTitle(f"Breakpoint {point.id}" if point.id else "New breakpoint")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.forms: list[TermForm] = []
        self.sentence = _label("strong")
        self.when = _label("muted")
        self.problem = _label("error")
        self._terms = QVBoxLayout()
        self.more = QPushButton("And…")
        accessible.name(self.more, "Add a term that must hold as well")
        self.more.setAutoDefault(False)
        self.once = QCheckBox("Once, then switch it off")
        self.log = QCheckBox("Only say so, do not hold")
        self.only_this = QCheckBox("Hold only this catalyst")
        self.every = QSpinBox()
        self.every.setRange(1, 1_000_000_000)
        self.every.setSpecialValueText("Each time")
        self.every.setPrefix("Every ")
        accessible.name(self.every, "How often it counts", "1 is each time, 2 every second time")
        self.every.valueChanged.connect(self._say_ordinal)
        self.once.setChecked(point.once)
        self.log.setChecked(point.log)
        self.only_this.setChecked(point.only_this)
        self.every.setValue(point.every)
        self._say_ordinal(point.every)
        self._lay_out()
        for term in point.terms:
            self._add(term)
        self.more.clicked.connect(self._on_more)
        for box in (self.once, self.log, self.only_this):
            box.toggled.connect(self._say)
        self.every.valueChanged.connect(self._say)
        self._say()
        self.forms[0].what.setFocus()

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.SPACE_PX)
        column.addLayout(self._terms)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(tokens.SPACE_PX)
        for widget in (self.every, self.once, self.log, self.only_this):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        go = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        go.setText("Keep" if self._point.id else "Set the breakpoint")
        go.setProperty("kind", "primary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        for part in (self.sentence, self.when):
            layout.addWidget(part)
        layout.addWidget(area, 1)
        layout.addWidget(self.problem)
        layout.addWidget(self.buttons)
        fit(self, 520, 440)

    def _say_ordinal(self, every: int) -> None:
        self.every.setSuffix(f"{figures.ordinal(every).removeprefix(figures.grouped(every))} time")

    def point(self) -> Breakpoint:
        """What the form says."""
        return replace(
            self._point,
            terms=tuple(form.term() for form in self.forms),
            once=self.once.isChecked(),
            every=self.every.value(),
            log=self.log.isChecked(),
            only_this=self.only_this.isChecked(),
        )

    def accept(self) -> None:
        try:
            point = self.point()
            point.check()
            self._take(point)
        except ttBreakpointError as error:
            self.problem.setText(str(error))
            self.problem.show()
            return
        super().accept()

    def _add(self, term: Term) -> None:
        form = TermForm(term)
        form.changed.connect(self._say)
        form.removed.connect(self._on_removed)
        self.forms.append(form)
        self._terms.addWidget(form)
        self._fit_buttons()

    def _fit_buttons(self) -> None:
        for form in self.forms:
            form.remove.setEnabled(len(self.forms) > 1)

    def _on_more(self) -> None:
        self._add(Term("condition"))
        self._say()
        self.forms[-1].kind.setFocus()

    def _on_removed(self) -> None:
        form = self.sender()
        if isinstance(form, TermForm) and len(self.forms) > 1:
            self.forms.remove(form)
            self._terms.removeWidget(form)
            form.hide()
            form.deleteLater()
            self._fit_buttons()
            self._say()

    def _say(self) -> None:
        point = self.point()
        self.sentence.setText(sentence_of(point))
        self.when.setText(when_words(point))
        self.problem.hide()


class RunUntilRuleDialog(BreakpointDialog):
    """The same form for what an app is to run until: it holds there, once."""

    def __init__(self, point: Breakpoint, take: Callable[[Breakpoint], None], parent: QWidget | None = None) -> None:
        super().__init__(point, take, parent)
        self.setWindowTitle("Run until\u2026")
        for box in (self.once, self.log):
            box.hide()
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Run")


def when_words(point: Breakpoint) -> str:
    """When it is looked at and what happens then, in a sentence."""
    place = "before the order runs" if point.is_looked_at() == BEFORE else "right after the run that did it"
    if point.is_only_condition():
        place = "after the run that made it true"
    does = "says so in the log" if point.log else f"holds {'this catalyst' if point.only_this else 'all catalysts'}"
    how_often = f", every {figures.ordinal(point.every)} time" if point.every > 1 else ""
    return f"It {does} {place}{how_often}{', once' if point.once else ''}."


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setMinimumWidth(1)
    return label
