"""What a step of a lesson is made of on screen: text, something to do, a prediction, a check, a hint."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from tasktonic_studio.documents.markdown import inline_html, plain_text, to_html
from tasktonic_studio.lessons.lesson import Check, Do, Predict
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible
from tasktonic_studio.ui.widgets.looks import repolish
from tasktonic_studio.ui.widgets.page_looks import looks_of
from tasktonic_studio.ui.widgets.word_button import WordButton

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

DONE_SIGN: Final = "✓"
OPEN_SIGN: Final = "○"
WRONG_SIGN: Final = "✕"


def rich_label(on_link: Callable[[str], None] | None = None) -> QLabel:
    """A label for text of ours made from Markdown: wraps, can be selected with the mouse, opens links only by telling so."""
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setOpenExternalLinks(False)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.TextSelectableByMouse
    )
    label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if on_link is not None:
        label.linkActivated.connect(on_link)
    return label


def strangers_words(role: str = "") -> QLabel:
    """A label for words out of a lesson file, which are no markup: what looks like it stays as it is."""
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    return label


def show_text(label: QLabel, text: str) -> None:
    """Show HTML of ours; one comes to it by Tab when it has links, and Enter opens them."""
    flags = label.textInteractionFlags()
    if "<a href" in text:
        flags |= Qt.TextInteractionFlag.LinksAccessibleByKeyboard
    label.setTextInteractionFlags(flags)
    label.setFocusPolicy(Qt.FocusPolicy.StrongFocus if "<a href" in text else Qt.FocusPolicy.NoFocus)
    label.setText(text)


class WordsItem(QWidget):
    """Text. A widget of its own, so that a step is a list of widgets."""

    def __init__(self, context: PanelContext, text: str, on_link: Callable[[str], None]) -> None:
        super().__init__()
        self._context = context
        self._text = text
        self.label = rich_label(on_link)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.label)
        self.retheme()

    def retheme(self) -> None:
        """Take on colours and fonts."""
        show_text(self.label, to_html(self._text, looks_of(self._context.theme)))
        self.label.setAccessibleName(plain_text(self._text))


class DoItem(QFrame):
    """Something to do: words, the key that does it, and a button."""

    pressed = Signal()

    def __init__(self, context: PanelContext, item: Do, key: str) -> None:
        super().__init__()
        self.setObjectName("lesson_do")
        self._context = context
        self.item = item
        self.sign = QLabel(OPEN_SIGN)
        self.sign.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.words = strangers_words("strong")
        self.words.setText(item.action.words)
        self.button = QPushButton("Do it")
        self.button.setAccessibleName(item.action.words)
        self.button.clicked.connect(self.pressed)
        self.key = QLabel(key)
        self.key.setProperty("role", "key")
        if not key:
            self.key.hide()  # and nothing is shown: without a parent that would be a window
        self.reason = strangers_words("small")
        self.reason.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(tokens.SPACE_PX)
        layout.addWidget(self.sign)
        column = QVBoxLayout()
        layout.addLayout(column, 1)
        column.setSpacing(6)
        column.addWidget(self.words)
        row = QHBoxLayout()
        column.addLayout(row)
        row.setSpacing(tokens.SPACE_PX)
        row.addWidget(self.button)
        row.addWidget(self.key)
        row.addStretch()
        column.addWidget(self.reason)

    def show_state(self, *, is_done: bool, is_next: bool, reason: str) -> None:
        """Whether it has been done, whether it is its turn, and why not."""
        self.sign.setText(DONE_SIGN if is_done else OPEN_SIGN)
        repolish(self.sign, "role", "ok" if is_done else "muted")
        self.button.setText("Again" if is_done else "Do it")
        self.button.setEnabled(not reason)
        repolish(self.button, "kind", "primary" if is_next and not reason else "")
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason) and not is_done)  # what is done need not be excused
        self.button.setToolTip(reason)
        accessible.name(self.sign, "Done" if is_done else "Not done yet")

    def retheme(self) -> None:
        """Nothing but the style sheet."""


class _ChoiceRow(QWidget):
    """A choice whose words may take several lines."""

    def __init__(self, context: PanelContext, words: str) -> None:
        super().__init__()
        self._context = context
        self._words = words
        self.radio = QRadioButton()
        self.radio.setAccessibleName(plain_text(words).strip())
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.RichText)
        self.label.installEventFilter(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.radio, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.label, 1)
        self.retheme()

    def retheme(self) -> None:
        self.label.setText(inline_html(self._words, looks_of(self._context.theme)))

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonRelease and self.radio.isEnabled():
            self.radio.click()
            return True
        return super().eventFilter(watched, event)


class PredictItem(QFrame):
    """A question; the answer of the run comes to it when it has happened."""

    answered = Signal(str)

    def __init__(self, context: PanelContext, item: Predict) -> None:
        super().__init__()
        self.setObjectName("lesson_predict")
        self._context = context
        self.item = item
        heading = QLabel("Predict")
        heading.setProperty("role", "small")
        self.question = rich_label()
        self.rows = [_ChoiceRow(context, choice.words) for choice in item.choices]
        self.line = QLineEdit()
        self.line.setPlaceholderText("Type what you expect, then Enter")
        accessible.name(self.line, "What you expect", plain_text(item.question))
        if item.choices:
            self.line.hide()
        self.line.returnPressed.connect(self._on_typed)
        self.verdict = rich_label()
        self.verdict.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(6)
        layout.addWidget(heading)
        layout.addWidget(self.question)
        for number, row in enumerate(self.rows):
            row.radio.setAutoExclusive(False)
            row.radio.clicked.connect(lambda _checked=False, number=number: self._on_choice(number))
            layout.addWidget(row)
        layout.addWidget(self.line)
        layout.addWidget(self.verdict)
        self.retheme()

    def retheme(self) -> None:
        """Take on colours and fonts."""
        self.question.setText(inline_html(self.item.question, looks_of(self._context.theme)))
        for row in self.rows:
            row.retheme()

    def show_state(self, *, is_open: bool, given: str, found: str | None) -> None:
        """Whether it can be answered, what was said, and what came of it."""
        can_answer = is_open and found is None
        for row, choice in zip(self.rows, self.item.choices, strict=True):
            row.radio.setEnabled(can_answer)
            row.radio.setChecked(bool(given) and choice.value == given)
        self.line.setReadOnly(not can_answer)
        self.line.setEnabled(is_open)
        if given and not self.line.hasFocus():
            self.line.setText(given)
        self.verdict.setVisible(bool(given))
        if given:
            self.verdict.setText(self._verdict(given, found))

    def _verdict(self, given: str, found: str | None) -> str:
        looks, theme = looks_of(self._context.theme), self._context.theme
        said = inline_html(self.item.in_words(given), looks)
        if found is None:
            return f'<span style="color:{looks.muted}">You expect: {said}. Go on, and see.</span>'
        is_right = self.item.is_right(given, found)
        sign, role = (DONE_SIGN, "ok") if is_right else (WRONG_SIGN, "warning")
        shown = self.item.in_words(found)
        came = inline_html(shown if shown != found or self.item.choices else f"`{found}`", looks)
        words = f"You were right: {came}." if is_right else f"You expected: {said}. It was: {came}."
        because = f"<br>{inline_html(self.item.because, looks)}" if self.item.because else ""
        return f'<span style="color:{theme.hex(role)}"><b>{sign} {words}</b></span>{because}'

    def _on_choice(self, number: int) -> None:
        self.answered.emit(self.item.choices[number].value)

    def _on_typed(self) -> None:
        if self.line.text().strip():
            self.answered.emit(self.line.text().strip())


class CheckItem(QWidget):
    """A condition: open until it is so."""

    def __init__(self, context: PanelContext, item: Check) -> None:
        super().__init__()
        self._context = context
        self.item = item
        self._passed = False
        self.sign = QLabel(OPEN_SIGN)
        self.words = rich_label()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 1, 10, 1)
        layout.setSpacing(tokens.SPACE_PX)
        layout.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.words, 1)
        self.show_state(passed=False)
        self.retheme()

    def retheme(self) -> None:
        """Take on colours and fonts."""
        theme = self._context.theme
        colour = theme.hex("ok" if self._passed else "text_muted")
        self.words.setText(f'<span style="color:{colour}">{inline_html(self.item.words, looks_of(theme))}</span>')
        said = plain_text(self.item.words).strip()
        self.words.setAccessibleName(f"Done: {said}" if self._passed else f"Not yet: {said}")

    def show_state(self, *, passed: bool) -> None:
        """Whether it has been so."""
        if passed != self._passed:
            self._passed = passed
            self.retheme()
        self.sign.setText(DONE_SIGN if passed else OPEN_SIGN)
        repolish(self.sign, "role", "ok" if passed else "muted")
        accessible.name(self.sign, "Done" if passed else "Not yet")


class FoldItem(QWidget):
    """Text that is folded away until one wants it."""

    def __init__(self, context: PanelContext, title: str, text: str, on_link: Callable[[str], None]) -> None:
        super().__init__()
        self._context = context
        self._text = text
        self.button = WordButton()
        self.button.setText(title)
        self.button.setCheckable(True)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        accessible.name(self.button, title, "Folds out")
        self.label = rich_label(on_link)
        self.label.hide()
        self.button.toggled.connect(self._on_toggled)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.label)
        self.retheme()

    def retheme(self) -> None:
        """Take on colours and fonts."""
        show_text(self.label, to_html(self._text, looks_of(self._context.theme)))
        self.button.setIcon(self._context.icons.icon("down" if self.button.isChecked() else "right"))

    def _on_toggled(self, on: bool) -> None:
        self.label.setVisible(on)
        self.retheme()
