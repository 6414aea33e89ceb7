"""A contract built by clicking: what has to be so, in several tonics at once, before a run by hand stops."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from tasktonic_studio.session.contract_clauses import (
    KINDS,
    PROBE,
    SPARKLE,
    STATE,
    VALUE,
    Built,
    Clause,
    attributes_of,
    build,
    names_in,
    sparkles_of,
    states_of,
    tonic_names,
)
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.ui.dialogs.form_dialog import FormDialog
from tasktonic_studio.ui.dialogs.run_until import seconds_box
from tasktonic_studio.ui.widgets.name_box import name_box, offer


class ClauseRow(QWidget):
    """One condition: a tonic, what is said of it, and a state, a sparkle or an attribute. Owned by the dialog."""

    changed = Signal()

    def __init__(self, known: Knowledge, number: int) -> None:
        super().__init__()
        self._known = known
        names = tonic_names(known)
        self.tonic = name_box(f"Tonic of condition {number}", names, names[0] if len(names) == 1 else "")
        self.kind = QComboBox()
        self.kind.addItems(list(KINDS))
        self.kind.setAccessibleName(f"Kind of condition {number}")
        self.what = name_box(f"State of condition {number}", ())
        self.remove = QPushButton("Remove")
        self.remove.setProperty("kind", "quiet")
        self.remove.setAccessibleName(f"Remove condition {number}")
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._halves.setContentsMargins(0, 0, 0, 0)
        # Side by side where there is room, else one below the other: see resizeEvent.
        self._halves.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._both = (QHBoxLayout(), QHBoxLayout())
        held = (((self.tonic, 3), (self.kind, 2)), ((self.what, 4), (self.remove, 0)))
        for half, widgets in zip(self._both, held, strict=True):
            self._halves.addLayout(half, 5)
            for widget, stretch in widgets:
                half.addWidget(widget, stretch)
        for box in (self.tonic, self.kind):
            box.currentTextChanged.connect(self._on_subject)
        self.what.currentTextChanged.connect(self._on_typed)
        self._on_subject()

    @property
    def clause(self) -> Clause:
        """What it says."""
        return Clause(self.tonic.currentText().strip(), self.kind.currentText(), self.what.currentText().strip())

    def minimumSizeHint(self) -> QSize:
        """As narrow as the halves below one another are, and as high as they stand now."""
        return QSize(max(half.minimumSize().width() for half in self._both), self._halves.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        has_room = sum(half.minimumSize().width() for half in self._both) + self._halves.spacing() <= self.width()
        wanted = QBoxLayout.Direction.LeftToRight if has_room else QBoxLayout.Direction.TopToBottom
        if self._halves.direction() != wanted:
            self._halves.setDirection(wanted)
            self.updateGeometry()

    def _on_subject(self) -> None:
        tonic, kind = self.tonic.currentText().strip(), self.kind.currentText()
        offers: dict[str, tuple[str, Callable[[], Sequence[str]]]] = {
            STATE: ("A state", lambda: states_of(self._known, tonic)),
            SPARKLE: ("A sparkle", lambda: sparkles_of(self._known, tonic)),
            VALUE: ("such as level == 50", lambda: [f"{name} == " for name in attributes_of(self._known, tonic)]),
            PROBE: ("An attribute", lambda: attributes_of(self._known, tonic)),
        }
        words, names = offers[kind]
        line = self.what.lineEdit()
        if line is not None:
            line.setPlaceholderText(words)
        offer(self.what, names())
        self.changed.emit()

    def _on_typed(self) -> None:
        self.changed.emit()


class ContractDialog(FormDialog):
    """Made by the workbench when asked for; gone when closed."""

    wanted = Signal(object)
    """The contract, a dict as `ttDistiller.sparkle` takes it."""

    def __init__(self, known: Knowledge, probes: Sequence[str], parent: QWidget | None = None) -> None:
        about = "It runs until these hold. Conditions are looked at after each sparkle; that one has run stays so."
        super().__init__("Run until a contract is met", about, "Run", parent)
        self._known = known
        self._made = 0
        self.rows: list[ClauseRow] = []
        page = QWidget()
        self._list = QVBoxLayout(page)
        self._list.setContentsMargins(0, 0, 6, 0)
        self._list.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(page)
        self.add = QPushButton("Add a condition")
        self.add.clicked.connect(self.add_row)
        self.least = QSpinBox()
        self.least.setRange(0, 1000)
        self.least.setSpecialValueText("all of them")
        self.least.setAccessibleName("How many conditions have to be met")
        self.timeout = seconds_box("At most so many seconds of virtual time")
        self.probes = QLineEdit(", ".join(probes))
        self.probes.setPlaceholderText("of every tonic, before and after each sparkle")
        self.probes.setAccessibleName("Attributes to show")
        self.form.addRow("&Stop when so many are met", self.least)
        self.form.addRow("At &most", self.timeout)
        self.form.addRow("Show the a&ttributes", self.probes)
        self.least.valueChanged.connect(self._show)
        self.timeout.valueChanged.connect(self._show)
        self.probes.textChanged.connect(self._show)
        self.lay_out(640, 460, above=(area, self.add))
        self.add_row()

    def add_row(self) -> None:
        """One more condition, to be filled in."""
        self._made += 1
        row = ClauseRow(self._known, self._made)
        row.changed.connect(self._show)
        row.remove.clicked.connect(self._on_remove)
        self.rows.append(row)
        self._list.insertWidget(self._list.count() - 1, row)
        self._show()
        row.tonic.setFocus()

    @property
    def built(self) -> Built:
        """What is filled in, as a contract."""
        clauses = [row.clause for row in self.rows]
        return build(clauses, self.least.value(), self.timeout.value(), names_in(self.probes.text()))

    def _on_remove(self) -> None:
        button = self.sender()
        for row in self.rows:
            if row.remove is button:
                self.rows.remove(row)
                self._list.removeWidget(row)
                row.deleteLater()
                break
        self._show()

    def _show(self) -> None:
        built = self.built
        self.go.setEnabled(built.contract is not None)
        self.said.setText(built.problem or f"contract = {built.contract}")

    def take(self) -> None:
        built = self.built
        if built.contract is not None:
            self.wanted.emit(built.contract)
            self.accept()
