"""The list of all lessons, and how far one has come in each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from tasktonic_studio.lessons.lesson import Lesson
from tasktonic_studio.ui.panels.learn.bookcase import Bookcase
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets.folding_button import FoldingButton
from tasktonic_studio.ui.widgets.two_line_list import TwoLineList, TwoLines

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

_SIGNS: Final = {"new": ("learn", "text_muted"), "begun": ("right", "accent"), "done": ("ok", "ok")}


class ListPage(QWidget):
    """Owned by the Learn panel's view."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self.list = TwoLineList(context.theme, context.icons, "Lessons")
        self.open_file = FoldingButton("Open a lesson file…")
        heading = QLabel("Lessons")
        heading.setProperty("role", "title")
        sentence = QLabel("Each takes a few minutes, and is played over the panels around it. You can stop anywhere.")
        sentence.setProperty("role", "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[tokens.SPACE_PX] * 4)
        layout.setSpacing(tokens.SPACE_PX)
        for label in (heading, sentence):
            label.setWordWrap(True)
            layout.addWidget(label)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.open_file, 0, Qt.AlignmentFlag.AlignLeft)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.open_file.fit(self.width() - 2 * tokens.SPACE_PX)

    def show_lessons(self, lessons: Bookcase, current: str) -> None:
        """Show what is offered; the one with this id is chosen."""
        self.list.show_rows([_entry(lesson, lessons) for lesson in lessons.lessons.values()], current)


def _entry(lesson: Lesson, lessons: Bookcase) -> TwoLines:
    progress, file = lessons.progress(lesson), lessons.file_of(lesson)
    begun = bool(progress.step or progress.done or progress.given)
    state = "done" if progress.finished else "begun" if begun else "new"
    words = {
        "done": "done",
        "begun": f"step {progress.step + 1} of {len(lesson.steps)}",
        "new": f"{lesson.minutes} min",
    }
    about = f"{lesson.about} From {file}" if file is not None else lesson.about
    icon, role = _SIGNS[state]
    aside_role = "text_muted" if state == "new" else role
    return TwoLines(lesson.id, lesson.title, words[state], about, aside_role, icon, role)
