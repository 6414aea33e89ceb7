"""The sign over the panels that the app is held: which catalysts, what is still inside a sparkle, and the ways on as buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from tasktonic_studio.session.holding import still_inside
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.status_words import ago_words
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.tips import plain_tip

_WAYS_ON: Final = (
    ("run.start", "Go on", "F5"),
    ("run.step", "Next sparkle", "F10"),
    ("run.follow", "Follow", "F11"),
    ("run.cascade", "Run through", "Shift+F11"),
)
_BUTTON_PX: Final = 34
"""What a button has beside its words."""
_LEAST_WORDS: Final = 60
"""So many letters of the sentence and the badge have room before the buttons say less."""
BADGE: Final = "❚❚ HELD"


def held_sentence(known: Knowledge) -> str:
    """Who stands, in a sentence."""
    alive = [facts for facts in known.catalysts.values() if facts.alive]
    held = [facts for facts in alive if facts.held]
    names = ", ".join(facts.name or f"catalyst {facts.id}" for facts in held[:3])
    if len(held) == len(alive):
        who = f"{names} stands" if len(held) == 1 else f"All {len(held)} catalysts stand"
    else:
        more = f" and {len(held) - 3} more" if len(held) > 3 else ""
        who = f"{names}{more} of {len(alive)} catalysts {'stands' if len(held) == 1 else 'stand'}"
    return f"{who} before the next sparkle; {'its' if len(held) == 1 else 'their'} timers stand still."


def where_sentence(known: Knowledge) -> str:
    """At which breakpoint the app is held; empty when it is at none."""
    at = known.target.sentence.removeprefix("held ") if known.hit is not None else ""
    return f"{at[0].upper()}{at[1:]}." if at else ""


def busy_sentence(known: Knowledge) -> str:
    """Which catalyst is inside a sparkle still, and holds afterwards; empty when none is."""
    inside = still_inside(known)
    if not inside:
        return ""
    facts = inside[0]
    sparkle = f" · {known.names.sparkle(facts.inside_sparkle)}" if facts.inside_sparkle >= 0 else ""
    where = f"{known.essences.name(facts.inside)}{sparkle}"
    others = f" So are {len(inside) - 1} others." if len(inside) > 1 else ""
    return f"{facts.name} is busy inside {where} for {ago_words(facts.inside_for_ns(known.t_ns))}; it holds afterwards.{others}"


class HeldBar(QFrame):
    """A strip above the panels while something is held, or is asked to hold and busy. Owned by the workbench.

    Args:
        run: runs a command by its id.
        is_enabled: whether a command can be done now.
    """

    def __init__(
        self, run: Callable[[str], object], is_enabled: Callable[[str], bool], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("held_bar")
        self.setAccessibleName("The app is held")
        self._run = run
        self._is_enabled = is_enabled
        self.badge = QLabel(BADGE)
        self.badge.setObjectName("held_badge")
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.buttons: dict[str, QPushButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 8, 4)
        layout.setSpacing(tokens.SPACE_PX)
        layout.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.words, 1)
        for command_id, words, key in _WAYS_ON:
            button = QPushButton(f"{words}  {key}")
            button.setProperty("command", command_id)
            button.setAccessibleName(words)
            button.clicked.connect(self._on_clicked)
            layout.addWidget(button)
            self.buttons[command_id] = button
        self.hide()

    def show_known(self, known: Knowledge) -> None:
        """Say how it stands now."""
        is_held = known.target.status == "held"
        busy = busy_sentence(known) if known.target.is_alive else ""
        self.setVisible(is_held or bool(busy))
        if self.isHidden():
            return
        self.badge.setText(BADGE if is_held else "◷ HOLDING")
        text = " ".join(filter(None, (*((where_sentence(known), held_sentence(known)) if is_held else ()), busy)))
        if text != self.words.text():
            self.words.setText(text)
            self.words.setToolTip(plain_tip(text))
            self.setAccessibleDescription(text)
        self.refresh()

    def refresh(self) -> None:
        """Say of each button whether it can be pressed now."""
        if not self.isHidden():
            for command_id, button in self.buttons.items():
                button.setEnabled(self._is_enabled(command_id))

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the buttons say less: the words come first."""
        super().resizeEvent(event)
        metrics = self.fontMetrics()
        buttons = sum(metrics.horizontalAdvance(f"{words}  {key}") + _BUTTON_PX for _, words, key in _WAYS_ON)
        is_narrow = self.width() - buttons < _LEAST_WORDS * metrics.averageCharWidth()
        for command_id, words, key in _WAYS_ON:
            button = self.buttons[command_id]
            text = key if is_narrow else f"{words}  {key}"
            if button.text() != text:
                button.setText(text)
                button.setToolTip(words if is_narrow else "")

    def _on_clicked(self) -> None:
        self._run(str(self.sender().property("command")))
