"""One step of a lesson: where one is, what is to be done, and the way on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from tasktonic_studio.documents.pages import title_of
from tasktonic_studio.lessons.lesson import Change, Check, Do, Hint, Predict, Words
from tasktonic_studio.lessons.play import Play
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.learn.items import (
    CheckItem,
    DoItem,
    FoldItem,
    PredictItem,
    WordsItem,
    strangers_words,
)
from tasktonic_studio.ui.panels.learn.notices import Notice
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible
from tasktonic_studio.ui.widgets.looks import repolish
from tasktonic_studio.ui.widgets.word_button import WordButton

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

StepItem = WordsItem | DoItem | PredictItem | CheckItem | FoldItem
ReasonFor = Callable[[int, Do], str]

_WIDEST_PX: Final = 640
"""Lines longer than this are hard to read."""


class StepPage(QWidget):
    """Shows the step that is played. Owned by the Learn panel's view, which hears what is wanted."""

    do_wanted = Signal(int)
    """The button of the item at this place was pressed."""
    answered = Signal(int, str)
    link_wanted = Signal(str)
    button_pressed = Signal(str)
    """One of the fixed buttons: the id of its command."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._shown: tuple[str, int] = ("", -1)
        self.items: dict[int, StepItem] = {}
        self.to_list = _tool("All lessons", "learn.list", self._on_button)
        self.more = _tool("Begin anew", "learn.reset", self._on_button)
        self.title: QLabel
        """Of the step; there from the first one on."""
        self.place = strangers_words("small")
        self.bar = QProgressBar()
        self.bar.setObjectName("lesson_bar")
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        accessible.name(self.bar, "How far you are in this lesson")
        self.notice = QFrame()
        self.notice.setObjectName("lesson_notice")
        self.notice_words = strangers_words()
        self.notice_button = QPushButton()
        self.notice_button.clicked.connect(self._on_button)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)  # for long names in large text
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        accessible.name(self.area, "The step of the lesson")
        self.back = QPushButton("Back")
        self.back.setProperty("command", "learn.back")
        self.next = QPushButton("Next")
        self.next.setProperty("command", "learn.next")
        for button in (self.back, self.next):
            button.clicked.connect(self._on_button)
        self._lay_out()
        self.retheme()

    def _lay_out(self) -> None:
        space = tokens.SPACE_PX
        notice = QVBoxLayout(self.notice)
        notice.setContentsMargins(10, 8, 10, 8)
        notice.addWidget(self.notice_words)
        notice.addWidget(self.notice_button, 0, Qt.AlignmentFlag.AlignLeft)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        top = QVBoxLayout()
        layout.addLayout(top)
        top.setContentsMargins(space, space, space, space)
        top.setSpacing(4)
        head = QHBoxLayout()
        top.addLayout(head)
        head.setSpacing(space)
        head.addWidget(self.to_list)
        head.addStretch()
        head.addWidget(self.more)
        top.addWidget(self.place)
        top.addWidget(self.bar)
        top.addWidget(self.notice)
        layout.addWidget(self.area, 1)
        self._foot = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        layout.addLayout(self._foot)
        self._foot.setContentsMargins(space, space, space, space)
        self._foot.setSpacing(space)
        self._foot.addWidget(self.back)
        self._foot.addStretch()
        self._foot.addWidget(self.next)

    # ---- showing

    def show_play(self, play: Play, key_of: Callable[[str], str], reason_for: ReasonFor) -> None:
        """Show the step of a play as it stands; made anew when it is another step."""
        lesson, number = play.lesson, play.number
        if self._shown != (lesson.id, number):
            self._shown = (lesson.id, number)
            self._make(play, key_of)
        count = len(lesson.steps)
        self.title.setText(play.step.title)
        self.place.setText(f"{lesson.title} — step {number + 1} of {count}{_still_open(play)}")
        self.bar.setRange(0, count)
        self.bar.setValue(number + int(play.is_complete()))
        following = play.next_do()
        for place, widget in self.items.items():
            key = play.key(place)
            if isinstance(widget, DoItem):
                is_next = following is not None and following[0] == place
                reason = reason_for(place, widget.item)
                widget.show_state(is_done=key in play.progress.done, is_next=is_next, reason=reason)
            elif isinstance(widget, PredictItem):
                given = play.progress.given.get(key, "")
                widget.show_state(is_open=play.is_open(place), given=given, found=play.progress.found.get(key))
            elif isinstance(widget, CheckItem):
                widget.show_state(passed=key in play.progress.passed)
        complete = play.is_complete()
        self.back.setEnabled(number > 0)
        self.next.setText("Finish" if play.is_last else "Next")
        repolish(self.next, "kind", "primary" if complete else "")
        self.next.setAccessibleDescription("" if complete else "Not all of this step is done yet")

    def say(self, notice: Notice) -> None:
        """A notice above the step; none without words."""
        self.notice.setVisible(bool(notice.words))
        self.notice_words.setText(notice.words)
        self.notice_button.setText(notice.button)
        self.notice_button.setVisible(bool(notice.button))
        self.notice_button.setProperty("command", notice.command)

    def forget(self) -> None:
        """Make the step anew when it is shown next."""
        self._shown = ("", -1)

    def retheme(self) -> None:
        """Take on colours and fonts."""
        icons = self._context.icons
        self.to_list.setIcon(icons.icon("back"))
        self.more.setIcon(icons.icon("restart"))
        for widget in self.items.values():
            widget.retheme()
        self._fit()

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The buttons at the top are pictures alone, with their words in a tip, and those below are one over the other, where they do not fit."""
        style, tools = Qt.ToolButtonStyle, (self.to_list, self.more)
        for tool in tools:
            tool.setToolButtonStyle(style.ToolButtonTextBesideIcon)
        words = style.ToolButtonTextBesideIcon if self._has_room_for(tools) else style.ToolButtonIconOnly
        for tool in tools:
            tool.setToolButtonStyle(words)
            tool.setToolTip(tool.text() if words is style.ToolButtonIconOnly else "")
        sideways, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._foot.setDirection(sideways if self._has_room_for((self.back, self.next)) else down)

    def _has_room_for(self, buttons: Sequence[QWidget]) -> bool:
        return sum(button.sizeHint().width() for button in buttons) + 4 * tokens.SPACE_PX <= self.width()

    def _make(self, play: Play, key_of: Callable[[str], str]) -> None:
        self.items = {}
        page = QWidget()
        page.setObjectName("lesson_page")
        holder = QWidget()
        holder.setMaximumWidth(round(_WIDEST_PX * self._context.theme.text_scale))
        column = QVBoxLayout(holder)
        column.setContentsMargins(tokens.SPACE_PX + 4, 4, tokens.SPACE_PX + 4, 2 * tokens.SPACE_PX)
        column.setSpacing(10)
        self.title = strangers_words("title")
        column.addWidget(self.title)
        for place, item in enumerate(play.step.items):
            widget = self._widget(place, item, key_of)
            self.items[place] = widget
            column.addWidget(widget)
        lesson = play.lesson
        if play.is_last and lesson.guide:
            read_on = WordsItem(
                self._context, f"Read on: [{title_of(lesson.guide)}]({lesson.guide})", self.link_wanted.emit
            )
            self.items[len(play.step.items)] = read_on
            column.addWidget(read_on)
        column.addStretch()
        outer = QVBoxLayout(page)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(holder)
        focus, old = QApplication.focusWidget(), self.area.widget()
        had_focus = old is not None and focus is not None and old.isAncestorOf(focus)
        old = self.area.takeWidget()
        self.area.setWidget(page)
        if old is not None:
            old.deleteLater()
        stops = [it for it in page.findChildren(QWidget) if it.focusPolicy() & Qt.FocusPolicy.TabFocus]
        accessible.tab_order([self.to_list, self.more, self.notice_button, self.area, *stops, self.back, self.next])
        if had_focus:
            self.area.setFocus()  # who goes on by key must not lose the keyboard with the step

    def _widget(self, place: int, item: object, key_of: Callable[[str], str]) -> StepItem:
        if isinstance(item, Do):
            button = DoItem(self._context, item, key_of(item.action.command))
            button.pressed.connect(lambda: self.do_wanted.emit(place))
            return button
        if isinstance(item, Predict):
            question = PredictItem(self._context, item)
            question.answered.connect(lambda answer: self.answered.emit(place, answer))
            return question
        if isinstance(item, Check):
            return CheckItem(self._context, item)
        if isinstance(item, Hint):
            return FoldItem(self._context, "A hint", item.text, self.link_wanted.emit)
        if isinstance(item, Change):
            return FoldItem(self._context, "One way to do it", shown_change(item.hunks), self.link_wanted.emit)
        assert isinstance(item, Words)
        return WordsItem(self._context, item.text, self.link_wanted.emit)

    def _on_button(self) -> None:
        self.button_pressed.emit(str(self.sender().property("command")))


def _still_open(play: Play) -> str:
    """At the end: in which steps something is left to do, for who has gone on without it."""
    steps = play.progress.open_steps(play.lesson) if play.is_last else []
    steps = [step for step in steps if step != play.number]
    if not steps:
        return ""
    return f". Still to do: step{'s' if len(steps) > 1 else ''} {', '.join(str(step + 1) for step in steps)}"


def shown_change(hunks: Sequence[tuple[str, str]]) -> str:
    """A change as text for people: instead of this, that."""
    parts = []
    for old, new in hunks:
        parts.append(f"Instead of\n\n```python\n{old}```\n\nwrite\n\n```python\n{new}```\n")
    return "\n".join(parts)


def _tool(text: str, command: str, pressed: Callable[[], None]) -> QToolButton:
    button = WordButton()
    button.setText(text)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setProperty("command", command)
    button.clicked.connect(pressed)
    accessible.name(button, text)
    return button
