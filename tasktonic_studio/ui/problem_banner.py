"""A problem in a sentence, with details behind a fold and the next steps as buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.icons import Icons

_ROLES: Final = {"info": "accent"}


@dataclass(frozen=True, slots=True)
class Step:
    """A next step: words on a button and the command behind it."""

    words: str
    command_id: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, for a person. ``kind`` is ``error`` or ``warning``, or ``info`` for what went well and is worth a word."""

    sentence: str
    details: str = ""
    steps: tuple[Step, ...] = ()
    kind: str = "error"


class ProblemBanner(QFrame):
    """A strip below the tool bar. Shows the latest problem; earlier ones come back as it is put away.

    Owned by the workbench. Steps are run through ``run``; a step puts the problem away.
    """

    def __init__(self, icons: Icons, run: Callable[[str], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problem_banner")
        self.setAccessibleName("Problem")
        self._icons = icons
        self._run = run
        self._problems: list[Problem] = []
        self._times = 1
        self._picture = QLabel()
        self._sentence = QLabel()
        self._sentence.setWordWrap(True)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._fold = QPushButton("Details")
        self._fold.setProperty("kind", "quiet")
        self._fold.setCheckable(True)
        self._fold.toggled.connect(self._on_fold)
        self._more = QLabel()
        self._more.setProperty("role", "small")
        self._close = QToolButton()
        self._close.setObjectName("problem_close")
        self._close.setToolTip("Put this problem away (Esc)")
        self._close.setAccessibleName("Put this problem away")
        self._close.clicked.connect(self.put_away)
        self._details = QPlainTextEdit()
        self._details.setReadOnly(True)
        self._details.setAccessibleName("Details of the problem")
        self._details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._details.setFixedHeight(150)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 5, 8, 5)
        layout.setSpacing(tokens.SMALL_SPACE_PX)
        line = QHBoxLayout()
        layout.addLayout(line)
        line.setSpacing(tokens.SPACE_PX)
        line.addWidget(self._picture)
        line.addWidget(self._sentence, 1)
        line.addWidget(self._more)
        line.addWidget(self._fold)
        self._steps = QHBoxLayout()
        line.addLayout(self._steps)
        self._steps.setSpacing(tokens.SMALL_SPACE_PX)
        line.addWidget(self._close)
        layout.addWidget(self._details)
        self.hide()

    @property
    def problem(self) -> Problem | None:
        """What is shown, or None."""
        return self._problems[-1] if self._problems else None

    @property
    def step_words(self) -> list[str]:
        """The words on the buttons, as shown."""
        return [step.words for step in self.problem.steps] if self.problem else []

    def show_problem(self, problem: Problem) -> None:
        """Show a problem. The same one again is counted, not listed twice."""
        if self.problem == problem:
            self._times += 1
        else:
            others = [other for other in self._problems if other != problem]
            self._problems = [*others[-20:], problem]
            self._times = 1
        self._draw()
        self.show()
        # Said aloud by a screen reader, wherever the focus is.
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def tell(self, sentence: str, details: str = "", steps: Sequence[Step] = (), kind: str = "error") -> None:
        """Show a problem from its parts."""
        self.show_problem(Problem(sentence, details, tuple(steps), kind))

    def put_away(self) -> None:
        """Put the shown problem away; an earlier one is shown again, or the banner goes."""
        if self._problems:
            self._problems.pop()
        self._times = 1
        self._draw()
        self.setVisible(bool(self._problems))

    def withdraw(self, sentence: str) -> None:
        """Put a problem away by its sentence, be it shown or an earlier one: it is so no longer."""
        if self.problem is not None and self.problem.sentence == sentence:
            self.put_away()
        elif any(problem.sentence == sentence for problem in self._problems):
            self._problems = [problem for problem in self._problems if problem.sentence != sentence]
            self._draw()

    def clear(self) -> None:
        """Put all problems away: what they were about has begun anew."""
        self._problems.clear()
        self.hide()

    def on_theme(self) -> None:
        """Draw the pictures in the colours of now."""
        self._draw()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.put_away()
        else:
            super().keyPressEvent(event)

    def _draw(self) -> None:
        problem = self.problem
        self._close.setIcon(self._icons.icon("close", "text_muted"))
        if problem is None:
            return
        self.setProperty("kind", problem.kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self._picture.setPixmap(
            self._icons.pixmap(problem.kind, _ROLES.get(problem.kind, problem.kind), 16, self.devicePixelRatioF())
        )
        again = f"  ({self._times} times)" if self._times > 1 else ""
        self._sentence.setText(problem.sentence + again)
        self.setAccessibleDescription(problem.sentence)
        others = len(self._problems) - 1
        self._more.setText(f"{others} earlier" if others else "")
        self._more.setVisible(bool(others))
        self._fold.setVisible(bool(problem.details))
        self._fold.setChecked(False)
        self._details.setPlainText(problem.details)
        self._details.hide()
        while self._steps.count():
            old = self._steps.takeAt(0)
            widget = old.widget() if old is not None else None
            if widget is not None:
                widget.deleteLater()
        for step in problem.steps:
            button = QPushButton(step.words)
            button.setProperty("command", step.command_id)
            button.clicked.connect(self._on_step)
            self._steps.addWidget(button)

    def _on_fold(self, unfolded: bool) -> None:
        self._fold.setText("Hide details" if unfolded else "Details")
        self._details.setVisible(unfolded)

    def _on_step(self) -> None:
        command_id = self.sender().property("command")
        self.put_away()
        self._run(command_id)
