"""The line under the texts that says what is wrong where the caret is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from tasktonic_studio.session.finding_words import SEVERITIES
from tasktonic_studio.session.written_faults import WrittenFault
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.elided_label import ElidedLabel
from tasktonic_studio.ui.widgets.shapes import Shapes

SHAPES = {"error": "error", "warning": "warning", "hint": "notice"}
MEND_KEY = "Ctrl+."


class FaultLine(QFrame):
    """Hidden while nothing is wrong with the text in front. Made by `Checking`.

    Args:
        theme: colours.
        mend: offers the ways to mend what is said.
        parent: as in Qt.
    """

    def __init__(self, theme: Theme, mend: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shapes = Shapes(theme, self)
        self._severity = ""
        self.sign = QLabel()
        self.words = ElidedLabel()
        self.button = QPushButton("Mend…")
        self.button.setProperty("kind", "quiet")
        self.button.setToolTip(f"Ways to mend this ({MEND_KEY})")
        self.button.clicked.connect(mend)
        accessible.name(self.button, "Mend", "Ways to mend what is said beside it")
        row = QHBoxLayout(self)
        space = tokens.SPACE_PX
        row.setContentsMargins(space, 2, space, 2)
        row.setSpacing(space // 2)
        row.addWidget(self.sign)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        theme.changed.connect(self._dress)
        self.hide()

    def say(self, faults: Sequence[WrittenFault], line: int) -> None:
        """Say what is wrong in a line, or how much is elsewhere; ``faults`` are those of the text in front."""
        here = at_line(faults, line)
        shown = here[0] if here else None
        self.setVisible(bool(faults))
        self.button.setVisible(shown is not None and bool(shown.fixes))
        if shown is not None:
            more = f" ({len(here) - 1} more in this line)" if len(here) > 1 else ""
            # What to do comes before why it matters: the end may be cut off.
            said = " ".join(filter(None, (shown.text, shown.advice, shown.reason)))
            self.words.show_text(f"{shown.severity.capitalize()}: {said}{more}")
        elif faults:
            after = [it.line for it in faults if it.line > line]
            where = f"the next in line {min(after)}" if after else f"the first in line {faults[0].line}"
            self.words.show_text(f"{figures.counted(len(faults), 'problem')} in this file, {where}")
        worst = min((it.severity for it in faults), key=SEVERITIES.index, default="")
        self._severity = shown.severity if shown is not None else worst
        self._dress()

    def _dress(self) -> None:
        if self._severity:
            self.sign.setPixmap(self._shapes.pixmap(SHAPES[self._severity]))
            self.sign.setAccessibleName(self._severity)


def at_line(faults: Sequence[WrittenFault], line: int) -> list[WrittenFault]:
    """The faults in a line, the worst first."""
    here = [it for it in faults if it.line <= line <= it.end_line]
    return sorted(here, key=lambda it: (SEVERITIES.index(it.severity), it.column))
