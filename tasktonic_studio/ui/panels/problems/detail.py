"""What there is to say about the chosen problem, and buttons: see it happen, see the code, mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from tasktonic_studio.session.finding_words import place_words
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.written_faults import WrittenFault
from tasktonic_studio.ui.panels.problems.facts import Problem, advice_of, place_of, severity_of, title_of, what, where
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets import accessible, figures

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

_LONGEST = 600


class ProblemDetail(QFrame):
    """A title, what and where, why it matters and what to do. Hidden while no problem is chosen."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._is_low = False
        self.title = _label("strong")
        self.place = _label("muted")
        self.advice = _label("")
        self.show_it = self._button("Show it happening", "problems.show_it", "history")
        self.show_code = self._button("Show in code", "problems.show_in_code", "editor")
        self.mend = self._button("Mend…", "problems.mend", "warning")
        self.mend.setToolTip("Offer ways to mend it in the editor")
        space = tokens.SPACE_PX
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space, space, space, space)
        layout.setSpacing(space // 2)
        for label in (self.title, self.place, self.advice):
            layout.addWidget(label)
        layout.addSpacing(space // 2)
        self._buttons = buttons = QHBoxLayout()
        layout.addLayout(buttons)
        buttons.setSpacing(space)
        buttons.addWidget(self.show_it)
        buttons.addWidget(self.show_code)
        buttons.addWidget(self.mend)
        buttons.addStretch()
        self.hide()

    def _button(self, words: str, command_id: str, icon: str) -> QPushButton:
        button = QPushButton(words)
        button.setProperty("icon_name", icon)
        button.clicked.connect(lambda: self._context.run(command_id))
        return button

    def show_finding(self, known: Knowledge, finding: Problem | None) -> None:
        """Say what there is to say about a problem; nothing for none."""
        if finding is None:
            self.hide()
            return
        said = figures.short(what(known, finding), _LONGEST)
        title = f"{title_of(finding)} ({severity_of(finding)}): {said}"
        code, advice = place_of(known, finding), advice_of(finding)
        if isinstance(finding, WrittenFault):
            place = f"{where(known, finding)} · found in the source"
        else:
            times = figures.counted(finding.times, "time")
            place = " · ".join(filter(None, (where(known, finding), place_words(code), times)))
        for label, text in ((self.title, title), (self.place, place), (self.advice, advice)):
            if label.text() != text:
                label.setText(text)
        self._show_words()
        self.show_it.setVisible(not isinstance(finding, WrittenFault))
        self.mend.setVisible(isinstance(finding, WrittenFault) and bool(finding.fixes))
        self.show_code.setEnabled(code is not None)
        self.show_code.setToolTip(
            f"Open {code.file}, line {code.line}" if code is not None else "The source is not known"
        )
        self.show_it.setToolTip("Look at the moment when it happened last, in all panels")
        accessible.name(self, title, f"{place}. {advice}")
        self.show()

    def fit(self, *, is_low: bool) -> None:
        """In a low place the title and the buttons are there; the rest is the tool tip of the title, instead of being cut off."""
        if is_low != self._is_low:
            self._is_low = is_low
            self._show_words()

    def _show_words(self) -> None:
        for label in (self.place, self.advice):
            label.setVisible(not self._is_low)
        self.title.setToolTip(plain_tip(f"{self.place.text()}\n{self.advice.text()}") if self._is_low else "")

    def retheme(self) -> None:
        """Take on the theme's colours."""
        for button in (self.show_it, self.show_code, self.mend):
            button.setIcon(self._context.icons.icon(button.property("icon_name")))

    def minimumSizeHint(self) -> QSize:
        """As wide as one button: a panel must not become wide for what it says."""
        hint = super().minimumSizeHint()
        return QSize(max(self._widths()) + 2 * tokens.SPACE_PX, hint.height())

    def _widths(self) -> list[int]:
        return [it.sizeHint().width() for it in (self.show_it, self.show_code, self.mend) if not it.isHidden()]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Side by side where there is room, else one below the other.
        fits = sum(self._widths()) + 4 * tokens.SPACE_PX <= self.width()
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        if self._buttons.direction() != (wanted := across if fits else down):
            self._buttons.setDirection(wanted)


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setMinimumWidth(1)
    if role:
        label.setProperty("role", role)
    return label
