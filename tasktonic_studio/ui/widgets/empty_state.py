"""What to show when there is nothing yet, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QLayout, QPushButton, QVBoxLayout, QWidget

from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets.folding_button import FoldingButton
from tasktonic_studio.ui.widgets.looks import repolish

_ROUND_PX: Final = 4 * tokens.SPACE_PX
"""Above and below together, where there is room."""
_WIDEST_PX: Final = 420
_LETTERS: Final = 64
_MOST_OF_IT: Final = 100
"""So much of the width is the sentence's against what is left and right of it, until it is as wide as it may be."""

OTHER_START: Final = ("Start a script…", "file.start_script")
"""What panels offer beside the example."""
NOTHING_THEN: Final = "Nothing of this was there by the moment that is shown. Alt+End goes to the latest one."
"""In the past: what was not there then may have come since."""


class EmptyState(QWidget):
    """A title, a sentence and a few buttons that run commands. Owned by the panel that has nothing to show.

    Args:
        title: what is so, in three or four words.
        sentence: why, and what will appear here.
        button_text: what one can do about it; empty for no button.
        command_id: the command behind the button.
        run: how a command is run, as ``PanelContext.run``.
        other: a second way out of here: the text of its button and its command.
        parent: as in Qt.
        more: further ways out, the same way.
    """

    def __init__(
        self,
        title: str,
        sentence: str,
        button_text: str = "",
        command_id: str = "",
        run: Callable[[str], None] | None = None,
        other: tuple[str, str] | None = None,
        parent: QWidget | None = None,
        more: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(parent)
        self._run = run
        self._is_offering = True
        self._title = QLabel(title)
        self._title.setProperty("role", "title")
        self._title.setWordWrap(True)
        self._sentence = QLabel(sentence)
        self._sentence.setProperty("role", "muted")
        self._sentence.setWordWrap(True)
        self._sentence.setMaximumWidth(_WIDEST_PX)
        for label in (self._title, self._sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._offers = QWidget()
        buttons = self._buttons = QHBoxLayout(self._offers)
        buttons.setContentsMargins(0, 0, 0, 0)
        # Side by side where there is room, else one below the other: see resizeEvent.
        buttons.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        buttons.setSpacing(tokens.SPACE_PX)
        buttons.addStretch()
        for text, command in [(button_text, command_id), *([other] if other else []), *more]:
            if text and command and run is not None:
                button = FoldingButton(text)
                button.setProperty("command", command)
                button.clicked.connect(self._on_clicked)
                buttons.addWidget(button)
        buttons.addStretch()
        # Until they are laid out, the buttons must not ask for room side by side: behind other pages they never are.
        self._offers.setMinimumSize(1, 1)
        layout = QVBoxLayout(self)
        space = tokens.SPACE_PX
        layout.setContentsMargins(2 * space, 2 * space, 2 * space, 2 * space)
        layout.setSpacing(space)
        layout.addStretch(2)
        layout.addWidget(self._title)
        centred = QHBoxLayout()
        layout.addLayout(centred)
        centred.addStretch()
        centred.addWidget(self._sentence, _MOST_OF_IT)
        centred.addStretch()
        layout.addSpacing(space // 2)
        layout.addWidget(self._offers)
        layout.addStretch(3)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)

    def say(self, title: str, sentence: str, *, offer: bool = True) -> None:
        """Say something else, for instance that a filter hides everything; ``offer``: the buttons are of use now."""
        self._is_offering = offer
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._make_room()
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)

    def first_button(self) -> QPushButton | None:
        """Where the keyboard begins."""
        if self._offers.isHidden():
            return None
        return next((each for each in self._offers.findChildren(QPushButton) if not each.isHidden()), None)

    def offer(self, command_id: str, is_offered: bool) -> None:
        """Show the button of a command, or leave it out while it is of no use."""
        for button in self._offers.findChildren(QPushButton):
            if button.property("command") == command_id and button.isHidden() == is_offered:
                if not is_offered:
                    self._keep_focus(button)
                button.setVisible(is_offered)
                self._place_buttons()

    def _keep_focus(self, leaving: QWidget) -> None:
        """Before this is hidden: else Qt has the focus go on to what comes next, perhaps a line in which one types."""
        focus = QApplication.focusWidget()
        if focus is not None and (focus is leaving or leaving.isAncestorOf(focus)):
            self.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_buttons()
        self._make_room()

    def _make_room(self) -> None:
        """In a low place nothing is cut off: what is round it goes first, then the sentence, the buttons, large letters."""
        space, room = tokens.SPACE_PX, self.height()
        width = max(1, self.width() - 4 * space)
        for label in (self._title, self._sentence):
            label.ensurePolished()
        # Lines of so many letters read well, whatever size they have.
        self._sentence.setMaximumWidth(max(_WIDEST_PX, _LETTERS * self._sentence.fontMetrics().averageCharWidth()))
        title = self._height_of_title(width, "title")
        if title + space // 2 > room:
            title = self._height_of_title(width, "strong")
        sentence = space + self._sentence.heightForWidth(
            min(self._sentence.maximumWidth(), width * _MOST_OF_IT // (_MOST_OF_IT + 2))
        )
        offers = space + space // 2 + self._offers.minimumHeight() if self._is_offering else 0
        is_told = title + sentence + offers <= room
        round_px = 2 * space if title + sentence + offers + _ROUND_PX <= room else 0
        self._sentence.setVisible(is_told)
        is_offering = self._is_offering and title + offers <= room
        if not is_offering:
            self._keep_focus(self._offers)
        self._offers.setVisible(is_offering)
        self._title.setToolTip("" if is_told else plain_tip(self._sentence.text()))
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(2 * space, round_px, 2 * space, round_px)

    def _height_of_title(self, width: int, role: str) -> int:
        """How high the title is in these letters, which it has from now on."""
        repolish(self._title, "role", role)
        return self._title.heightForWidth(width)

    def _place_buttons(self) -> None:
        shown = [button for button in self._offers.findChildren(FoldingButton) if not button.isHidden()]
        room = self.width() - 4 * tokens.SPACE_PX
        for button in shown:
            button.fit(room)
        widths = [button.sizeHint().width() for button in shown]
        if widths:
            fits = sum(widths) + tokens.SPACE_PX * (len(widths) + 1) <= room
            direction = QHBoxLayout.Direction.LeftToRight if fits else QHBoxLayout.Direction.TopToBottom
            if self._buttons.direction() != direction:
                self._buttons.setDirection(direction)
            # A panel must not become wide for what it says when it is empty.
            self._offers.setMinimumSize(max(widths), self._buttons.sizeHint().height())

    def _on_clicked(self) -> None:
        if self._run is not None:
            self._run(self.sender().property("command"))
