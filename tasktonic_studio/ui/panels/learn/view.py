"""The Learn panel's widget: the list of lessons, the step that is played, or what is wrong in a teacher's file."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from tasktonic_studio.lessons.actions import MAKING_RUN, Action
from tasktonic_studio.lessons.doing import is_our_app
from tasktonic_studio.lessons.lesson import Do, Lesson
from tasktonic_studio.lessons.play import Play, Progress
from tasktonic_studio.lessons.problems import LessonError, Problem
from tasktonic_studio.lessons.shelf import Workplace, foreign_lesson
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.ui.panels.learn.step_page import StepPage
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets.focus import FocusLeader
from tasktonic_studio.ui.widgets.throttle import Throttle
from tasktonic_studio.ui.widgets.two_line_list import TwoLineList, TwoLines

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

LOOK_EVERY_MS: Final = 150
"""What a lesson waits for is looked at so often while the app runs."""
_COST_SHARE: Final = 20
"""And looking takes at most one part in so many of the time."""
_SIGNS: Final = {"new": ("learn", "text_muted"), "begun": ("right", "accent"), "done": ("ok", "ok")}


class LearnView(FocusLeader):
    """All that the Learn panel shows. Made by the panel; the dock owns it.

    Args:
        context: what a panel may know and do.
        workplace: where the learner's programs lie.
        shipped: gives the lessons of the Studio; asked once, when the panel is shown first.
    """

    def __init__(self, context: PanelContext, workplace: Workplace, shipped: Callable[[], Sequence[Lesson]]) -> None:
        super().__init__()
        self._context = context
        self._workplace = workplace
        self._shipped = shipped
        self._lessons: dict[str, Lesson] = {}
        self._foreign: dict[str, Path] = {}
        self._trusted: set[str] = set()
        self._faulty: Path | None = None
        self._is_loaded = False
        self.play: Play | None = None
        self.wanted: Action | None = None
        """What is to be done by the command that comes next; None for what is next in the lesson."""
        self.link = ""
        """What was clicked."""
        self.list = TwoLineList(context.theme, context.icons, "Lessons")
        self.step = StepPage(context)
        self.faults = QLabel()
        self._pages = QStackedWidget()
        self._throttle = Throttle(LOOK_EVERY_MS, self._look, self)
        self._build()
        self.lead_focus_to(self.list)

    def _build(self) -> None:
        heading = QLabel("Lessons")
        heading.setProperty("role", "title")
        sentence = QLabel("Each takes a few minutes, and is played over the panels around it. You can stop anywhere.")
        sentence.setProperty("role", "muted")
        for label in (heading, sentence, self.faults):
            label.setWordWrap(True)
        self.open_file = _button("Open a lesson file…", self._on_open_file)
        page = _page([heading, sentence, self.list, self.open_file], stretch=self.list)
        self.read_again = _button("Read it again", self._on_read_again)
        self.edit_file = _button("Open it in the editor", self._on_edit_file)
        self.away = _button("All lessons", self.show_list)
        self.faults.setTextFormat(Qt.TextFormat.PlainText)
        self.faults.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.faults.setAlignment(Qt.AlignmentFlag.AlignTop)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.faults)
        scroll.setAccessibleName("What is wrong in the lesson file")
        wrong = QLabel("This lesson cannot be played yet")
        wrong.setProperty("role", "title")
        wrong.setWordWrap(True)
        fault_page = _page([wrong, scroll, self.read_again, self.edit_file, self.away], stretch=scroll)
        for widget in (page, self.step, fault_page):
            self._pages.addWidget(widget)
        self._fault_page = fault_page
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)
        self.list.chosen.connect(self.open_lesson)
        self.step.do_wanted.connect(self._on_do)
        self.step.answered.connect(self._on_answer)
        self.step.link_wanted.connect(self._on_link)
        self.step.button_pressed.connect(self._context.run)

    # ---- for the panel

    @property
    def shows_step(self) -> bool:
        """Whether a step is on screen, and not the list."""
        return self.play is not None and self._pages.currentWidget() is self.step

    @property
    def file(self) -> Path:
        """The learner's copy of the program of the lesson that is played."""
        assert self.play is not None
        return self.play.file

    def watch(self) -> None:
        self._load()
        self._show()

    def unwatch(self) -> None:
        self._throttle.stop()
        self._context.open_question.take(False)  # nobody reads what is asked

    def finish(self) -> None:
        self._throttle.stop()

    def on_changes(self, _changes: Changes) -> None:
        """See whether what the lesson waits for has happened."""
        if self.play is not None:
            self._throttle.ask()

    def retheme(self) -> None:
        self.list.retheme()
        self.step.retheme()
        if self.play is not None:
            self._show()

    # ---- which lesson

    def show_list(self, current: str = "") -> None:
        """Show all lessons; unless told which one is chosen, the one that was played."""
        if not current:
            current = self.play.lesson.id if self.play is not None else self._context.settings.text("learn.lesson")
        self._put_on("learn.lesson", "")
        self.play = None
        self._tell_question()
        self.list.show_rows([self._entry(lesson) for lesson in self._lessons.values()], current)
        self._pages.setCurrentIndex(0)
        self.lead_focus_to(self.list)

    def open_lesson(self, lesson_id: str) -> None:
        """Play a lesson, from where one was."""
        self._load()
        lesson = self._lessons[lesson_id]
        progress = Progress.from_text(self._kept().get(lesson.id, ""), lesson)
        self.play = Play(lesson, self._workplace.file(lesson), progress, lambda: self._workplace.source(lesson))
        self.step.forget()
        self._put_on("learn.lesson", lesson.id)
        self._pages.setCurrentWidget(self.step)
        self.lead_focus_to(self.step.area)
        self.setFocus()
        self._look()

    def open_foreign(self, file: Path) -> bool:
        """Play the lesson in a file; what is wrong in it is shown instead. Returns whether it can be played."""
        self._load()
        try:
            lesson = foreign_lesson(file)
        except LessonError as error:
            self._show_faults(file, error.problems)
            return False
        self._lessons[lesson.id] = lesson
        self._foreign[lesson.id] = file
        self._context.settings.put_first("recent.lessons", str(file))
        self.open_lesson(lesson.id)
        return True

    def go(self, steps: int) -> None:
        """So many steps on or back; past the last one the lesson is finished."""
        play = self.play
        if play is None:
            return
        was_last = play.is_last and steps > 0
        play.go(play.number + steps)
        self._keep()
        if was_last:
            self.show_list(self._lesson_after(play.lesson.id))
        else:
            self._look()
            self.step.area.verticalScrollBar().setValue(0)

    def reset(self) -> str:
        """Begin the lesson anew, with its own program. Gives a sentence to say.

        Raises:
            OSError: the program cannot be written.
        """
        play = self.play
        if play is None:
            return ""
        kept = self._workplace.restore(play.lesson)
        play.reset()
        self.step.forget()
        self._keep()
        self._look()
        aside = f" What you had changed in {play.lesson.app} is kept as {kept.name} beside it." if kept else ""
        return f"The lesson begins anew.{aside}"

    def trust(self) -> None:
        """The learner lets the program of a stranger's lesson run."""
        if self.play is not None:
            self._trusted.add(self.play.lesson.id)
            self._show()

    def prepare(self) -> Path:
        """Have the program of the lesson on disk.

        Raises:
            OSError: it cannot be written.
        """
        assert self.play is not None
        return self._workplace.prepare(self.play.lesson)

    def next_action(self) -> Action | None:
        """What is to be done now: what was pressed, else what is next."""
        wanted, self.wanted = self.wanted, None
        if wanted is not None or self.play is None:
            return wanted
        following = self.play.next_do()
        return following[1] if following is not None else None

    def note_done(self, action: Action) -> None:
        """It has been asked for: what runs nothing is done by that."""
        play = self.play
        if play is None:
            return
        if not action.runs:
            for place, item in enumerate(play.step.items):
                if isinstance(item, Do) and item.action == action:
                    play.note_pressed(place)
        self._keep()
        self._look()

    def why_not(self, action: Action | None) -> str:
        """Why something cannot be done now; empty when it can."""
        if self.play is None or action is None:
            return "Open a lesson that has something to do."
        if action.verb in MAKING_RUN and self._needs_trust():
            return "First say above that its program may run."
        known = self._context.session().live
        if action.verb in ("step", "run", "call", "end", "hold", "continue") and not is_our_app(known, self.play.file):
            return "The lesson's program does not run."
        return (
            self._context.why_not(action.command) if action.command and not action.command.startswith("panel.") else ""
        )

    def catch_up(self) -> None:
        """Bring the program to where the learner is."""
        if self.play is not None:
            self.play.begin_chase()
            self._look()

    # ---- inside

    def _load(self) -> None:
        if self._is_loaded:
            return
        self._is_loaded = True
        self._lessons = {lesson.id: lesson for lesson in self._shipped()}
        for name in self._context.settings.texts("recent.lessons"):
            try:
                lesson = foreign_lesson(Path(name))
            except LessonError:
                continue  # it is told when it is opened again
            self._lessons[lesson.id] = lesson
            self._foreign[lesson.id] = Path(name)
        kept = self._context.settings.text("learn.lesson")
        if kept in self._lessons:
            self.open_lesson(kept)
        else:
            self.show_list()

    def _kept(self) -> dict[str, str]:
        return dict(self._context.settings.get("learn.progress"))

    def _keep(self) -> None:
        if self.play is not None:
            kept = self._kept()
            kept[self.play.lesson.id] = self.play.progress.as_text(self.play.lesson.stamp)
            self._put_on("learn.progress", kept)

    def _put_on(self, key: str, value: Any) -> None:
        self._context.settings.set(key, value)

    def _lesson_after(self, lesson_id: str) -> str:
        """The lesson that comes next in the list; the same one at its end."""
        ids = list(self._lessons)
        return ids[min(ids.index(lesson_id) + 1, len(ids) - 1)]

    def _entry(self, lesson: Lesson) -> TwoLines:
        text = self._kept().get(lesson.id, "")
        progress = Progress.from_text(text, lesson)
        begun = bool(progress.step or progress.done or progress.given)
        state = "done" if progress.finished else "begun" if begun else "new"
        words = {
            "done": "done",
            "begun": f"step {progress.step + 1} of {len(lesson.steps)}",
            "new": f"{lesson.minutes} min",
        }
        about = lesson.about
        if lesson.id in self._foreign:
            about = f"{about} From {self._foreign[lesson.id]}"
        icon, role = _SIGNS[state]
        aside_role = "text_muted" if state == "new" else role
        return TwoLines(lesson.id, lesson.title, words[state], about, aside_role, icon, role)

    def _needs_trust(self) -> bool:
        return self.play is not None and self.play.lesson.id in self._foreign.keys() - self._trusted

    def _look(self) -> None:
        """See what has happened, and show it; go on with bringing the program here."""
        play = self.play
        if play is None:
            return
        known = self._context.session().live
        began_s = time.perf_counter()
        if play.update(known):
            self._keep()
        # In a long run looking takes longer: then it is done less often.
        cost_ms = (time.perf_counter() - began_s) * 1_000
        self._throttle.set_interval(max(LOOK_EVERY_MS, round(_COST_SHARE * cost_ms)))
        action = play.chase(known)
        if action is not None:
            self.wanted = action
            self._context.run("learn.do")
        self._show()

    def _show(self) -> None:
        play = self.play
        if play is None:
            if self._pages.currentIndex() == 0:
                self.show_list()
            return
        self._say_notice(play)
        self._tell_question()
        self.step.show_play(play, self._key_of, self._reason_for)

    def _tell_question(self) -> None:
        """Other panels must not give away what is asked here."""
        play = self.play
        is_asked = play is not None and play.asks() and is_our_app(self._context.session().live, play.file)
        self._context.open_question.take(is_asked)

    def _say_notice(self, play: Play) -> None:
        if self._needs_trust():
            file = self._foreign[play.lesson.id]
            self.step.say(
                f"This lesson comes from {file}, not with the Studio. Its program can do whatever a program of yours can: open "
                "it and read it before you let it run.",
                "It may run",
                "learn.trust",
            )
        elif play.is_chasing:
            self.step.say("The program is being brought to this step…")
        elif play.needs_app(self._context.session().live):
            self.step.say(
                "This step goes on with a program that does not run now.", "Bring the app here", "learn.catch_up"
            )
        else:
            self.step.say("")

    def _reason_for(self, place: int, item: Do) -> str:
        play = self.play
        assert play is not None
        if not play.is_open(place):
            return "First answer and do what stands above."
        return self.why_not(item.action)

    def _key_of(self, command: str) -> str:
        if not command:
            return ""
        own = self._context.settings.get("keys").get(command)
        keys = (
            own.split()
            if own is not None
            else next((it.keys for it in self._context.registry.all() if it.id == command), ())
        )
        return keys[0] if keys else ""

    def _show_faults(self, file: Path, problems: Sequence[Problem]) -> None:
        self._faulty = file
        self.play = None
        self._tell_question()
        self.faults.setText("\n\n".join([str(file), *map(str, problems)]))
        self._pages.setCurrentWidget(self._fault_page)
        self.lead_focus_to(self.read_again)

    # ---- what is pressed

    def _on_do(self, place: int) -> None:
        play = self.play
        item = play.step.items[place] if play is not None else None
        if isinstance(item, Do):
            self.wanted = item.action
            self._context.run("learn.do")

    def _on_answer(self, place: int, answer: str) -> None:
        if self.play is not None:
            self.play.predict(place, answer)
            self._keep()
            self._look()

    def _on_link(self, link: str) -> None:
        self.link = link
        self._context.run("learn.follow_link")

    def _on_open_file(self) -> None:
        self._context.run("learn.open_file")

    def _on_read_again(self) -> None:
        if self._faulty is not None:
            self.open_foreign(self._faulty)

    def _on_edit_file(self) -> None:
        self._context.run("learn.edit_file")

    @property
    def faulty_file(self) -> Path | None:
        """The file in which something is wrong, while that is shown."""
        return self._faulty if self._pages.currentWidget() is self._fault_page else None


def _button(text: str, pressed: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.clicked.connect(lambda _checked=False: pressed())
    return button


def _page(widgets: Sequence[QWidget], stretch: QWidget) -> QWidget:
    page = QWidget()
    layout = QVBoxLayout(page)
    space = tokens.SPACE_PX
    layout.setContentsMargins(space, space, space, space)
    layout.setSpacing(space)
    for widget in widgets:
        if isinstance(widget, QPushButton):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            layout.addWidget(widget, 1 if widget is stretch else 0)
    return page
