"""What a distiller was asked for, above the trace of a test: call by call, with its contract and what stopped it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout

from tasktonic.trace import Distilled
from tasktonic_studio.session.distillation import Distillation
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.widgets import accessible
from tasktonic_studio.ui.widgets.elided_label import ElidedLabel


class DistillerHead(QFrame):
    """One line about a call, buttons to the next and the previous one, and its contract behind a fold.

    Hidden while the run was made by no distiller. Made by the trace's view.
    """

    chosen = Signal(int)
    """The user wants to see this call (from 0)."""

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self._icons = icons
        self._distillation = Distillation()
        self._call = -1
        self._is_off = False
        self.title = QLabel()
        self.title.setProperty("role", "strong")
        self.asked = ElidedLabel()
        self.outcome = ElidedLabel()
        self.outcome.setProperty("role", "muted")
        self.previous = self._button("Previous call of the distiller", lambda: self._go(-1))
        self.next = self._button("Next call of the distiller", lambda: self._go(1))
        self.fold = self._button("Show the contract", None)
        self.fold.setCheckable(True)
        self.fold.setText("Contract")
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.contract = QLabel()
        self.contract.setWordWrap(True)
        self.contract.setTextFormat(Qt.TextFormat.PlainText)
        self.contract.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.contract.setMinimumWidth(1)
        self.fold.toggled.connect(self._show_contract)
        self._build()
        accessible.name(self, "What the distiller was asked for")
        self.hide()

    def _build(self) -> None:
        space = tokens.SPACE_PX
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space, 0, space // 2, space // 2)
        layout.setSpacing(tokens.SMALL_SPACE_PX)
        row = QHBoxLayout()
        layout.addLayout(row)
        row.setSpacing(space // 2)
        row.addWidget(self.title)
        row.addWidget(self.asked, 1)
        for button in (self.fold, self.previous, self.next):
            row.addWidget(button)
        layout.addWidget(self.outcome)
        layout.addWidget(self.contract)

    def _button(self, words: str, pressed: Callable[[], None] | None) -> QToolButton:
        button = QToolButton()
        button.setToolTip(words)
        accessible.name(button, words)
        if pressed is not None:
            button.clicked.connect(pressed)
        return button

    def retheme(self) -> None:
        """Take on the theme's colours."""
        self.previous.setIcon(self._icons.icon("back"))
        self.next.setIcon(self._icons.icon("forward"))

    @property
    def call(self) -> Distilled | None:
        """The call that is shown."""
        return self._distillation.calls[self._call] if 0 <= self._call < len(self._distillation.calls) else None

    def show_call(self, distillation: Distillation, number: int) -> None:
        """Tell of a call of a distiller; hides where there is none at all."""
        self._distillation, self._call = distillation, max(number, 0)
        call = self.call
        self.setVisible(call is not None and not self._is_off)
        if call is None:
            return
        count = len(distillation.calls)
        self.title.setText(f"Distiller {self._call + 1} of {count}")
        self.asked.show_text(call.asked)
        seconds = (call.end_ns - call.begin_ns) / 1e9
        self.outcome.show_text(f"{call.outcome}, after {seconds:g} s of the distiller's clock")
        self.previous.setEnabled(self._call > 0)
        self.next.setEnabled(self._call < count - 1)
        self.fold.setVisible(bool(call.contract))
        self._show_contract(self.fold.isChecked())

    def set_off(self, is_off: bool) -> None:
        """Have no place, or have one again."""
        if is_off != self._is_off:
            self._is_off = is_off
            self.setVisible(self.call is not None and not is_off)

    def _show_contract(self, is_open: bool) -> None:
        call = self.call
        lines = [] if call is None else [f"wanted  {line}" for line in call.contract]
        lines += [] if call is None else [f"met  {line}" for line in call.met]
        self.contract.setText("\n".join(lines))
        self.contract.setVisible(is_open and bool(lines))

    def _go(self, by: int) -> None:
        number = self._call + by
        if 0 <= number < len(self._distillation.calls):
            self.chosen.emit(number)
