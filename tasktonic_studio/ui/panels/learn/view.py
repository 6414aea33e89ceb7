"""The Learn panel's widget: the list of lessons, the step that is played, or what is wrong in a teacher's file."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from tasktonic.protocol import messages
from tasktonic_studio.lessons.actions import MAKING_RUN, Action
from tasktonic_studio.lessons.doing import is_our_app
from tasktonic_studio.lessons.lesson import Do, Lesson
from tasktonic_studio.lessons.play import Play
from tasktonic_studio.lessons.problems import LessonError
from tasktonic_studio.lessons.shelf import Workplace
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.ui.panels.learn.bookcase import Bookcase
from tasktonic_studio.ui.panels.learn.fault_page import FaultPage
from tasktonic_studio.ui.panels.learn.list_page import ListPage
from tasktonic_studio.ui.panels.learn.notices import Notice, notice_of
from tasktonic_studio.ui.panels.learn.step_page import StepPage
from tasktonic_studio.ui.widgets.focus import FocusLeader
from tasktonic_studio.ui.widgets.throttle import Throttle

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

LOOK_EVERY_MS: Final = 150
"""What a lesson waits for is looked at so often while the app runs."""
_COST_SHARE: Final = 20
"""And looking takes at most one part in so many of the time."""
_LONGEST_MS: Final = 3_000
"""It is looked at least so often: that the machine was busy once says little about the next look."""
_ARRANGED: Final = "view.arrange_learn"
"""The command that arranges the window for a lesson; it is on while it is arranged so."""
_PANEL: Final = "panel."
"""With what the id of a command begins that shows a panel."""


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
        self.lessons = Bookcase(context.settings, workplace, shipped, self._panels)
        self._is_loaded = False
        self.play: Play | None = None
        self.wanted: Action | None = None
        """What is to be done by the command that is run at the moment; None for what is next in the lesson."""
        self.link = ""
        """What was clicked."""
        self.answer = (0, "")
        """What was predicted last, and at which place of the step."""
        self._reason = ""
        """Why the next thing could not be done when that was looked at last."""
        self._news = ""
        """What there is to say to who comes to a lesson again."""
        self.offered = ListPage(context)
        self.list = self.offered.list
        self.step = StepPage(context)
        self.faults = FaultPage()
        self._pages = QStackedWidget()
        self._throttle = Throttle(LOOK_EVERY_MS, self.look, self)
        self._build()
        self.lead_focus_to(self.list)

    def _build(self) -> None:
        for widget in (self.offered, self.step, self.faults):
            self._pages.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)
        self.list.chosen.connect(self._on_chosen)
        self.offered.open_file.clicked.connect(self._on_open_file)
        self.step.do_wanted.connect(self._on_do)
        self.step.answered.connect(self._on_answer)
        self.step.link_wanted.connect(self._on_link)
        self.step.button_pressed.connect(self._context.run)
        self.faults.read_again_wanted.connect(self._on_read_again)
        self.faults.edit_wanted.connect(self._on_edit_file)
        self.faults.list_wanted.connect(self.show_list)

    def _panels(self) -> set[str]:
        """Ids of the panels that there are: each has a command that shows it."""
        ids = (command.id for command in self._context.registry.all())
        return {id_.removeprefix(_PANEL) for id_ in ids if id_.startswith(_PANEL)}

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

    def on_changes(self, changes: Changes) -> None:
        """See whether what the lesson waits for has happened."""
        if self.play is None:
            return
        if any(isinstance(answer, messages.Answer) and not answer.ok for answer in changes.answers):
            self.give_up_chase()
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
        self._context.settings.set("learn.lesson", "")
        self.play = None
        self._tell_question()
        self.offered.show_lessons(self.lessons, current)
        self._pages.setCurrentIndex(0)
        self.lead_focus_to(self.list)

    def open_lesson(self, lesson_id: str) -> None:
        """Play a lesson, from where one was."""
        self._load()
        lesson, place = self.lessons.lessons[lesson_id], self.lessons.workplace
        self._news = self._made_ready(lesson)
        self.play = Play(lesson, place.file(lesson), self.lessons.progress(lesson), lambda: place.source(lesson))
        self._keep()
        self.step.forget()
        self._context.settings.set("learn.lesson", lesson.id)
        self._pages.setCurrentWidget(self.step)
        self.lead_focus_to(self.step.area)
        self.setFocus()
        self.look()

    def _made_ready(self, lesson: Lesson) -> str:
        """Have a program there that fits the lesson. Gives a sentence when another one was in its place."""
        try:
            kept = self.lessons.make_ready(lesson)
        except OSError as error:
            return f"The program of the lesson cannot be written: {error.strerror or error}."
        if kept is None:
            return ""
        return f"This lesson begins anew, with its own program. What you had in {lesson.app} is kept as {kept.name} beside it."

    def open_foreign(self, file: Path) -> bool:
        """Play the lesson in a file; what is wrong in it is shown instead. Returns whether it can be played."""
        self._load()
        try:
            lesson = self.lessons.add(file)
        except LessonError as error:
            self.play = None
            self._tell_question()
            self.faults.show_faults(file, error.problems)
            self._pages.setCurrentWidget(self.faults)
            self.lead_focus_to(self.faults.read_again)
            return False
        self._on_chosen(lesson.id)
        return True

    def go(self, steps: int) -> None:
        """So many steps on or back; past the last one the lesson is finished."""
        play = self.play
        if play is None:
            return
        was_last = play.is_last and steps > 0
        play.go(play.number + steps)
        self._news = ""
        self._keep()
        if was_last:
            self.show_list(self.lessons.after(play.lesson) if play.progress.finished else "")
        else:
            self.look()
            self.step.area.verticalScrollBar().setValue(0)

    def reset(self) -> str:
        """Begin the lesson anew, with its own program. Gives a sentence to say.

        Raises:
            OSError: the program cannot be written.
        """
        play = self.play
        if play is None:
            return ""
        kept = self.lessons.workplace.restore(play.lesson)
        play.reset()
        self._news = ""
        self.step.forget()
        self._keep()
        self.look()
        aside = f" What you had changed in {play.lesson.app} is kept as {kept.name} beside it." if kept else ""
        return f"The lesson begins anew.{aside}"

    def trust(self) -> None:
        """The learner lets the program of a stranger's lesson run."""
        if self.play is not None:
            self.lessons.trust(self.play.lesson)
            self._show()

    def prepare(self) -> Path:
        """Have the program of the lesson on disk.

        Raises:
            OSError: it cannot be written.
        """
        assert self.play is not None
        return self.lessons.workplace.prepare(self.play.lesson)

    def next_action(self) -> Action | None:
        """What is to be done now: what was pressed, else what is next."""
        if self.wanted is not None or self.play is None:
            return self.wanted
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
        self.look()

    def why_not(self, action: Action | None) -> str:
        """Why something cannot be done now; empty when it can."""
        if self.play is None:
            return "Open a lesson first."
        if action is None:
            return "First answer the question." if self.play.asks() else "Nothing is left to do in this step."
        if action.verb in MAKING_RUN and self.lessons.needs_trust(self.play.lesson):
            return "First say above that its program may run."
        known = self._context.session().live
        if action.verb in ("step", "run", "call", "end", "hold", "continue") and not is_our_app(known, self.play.file):
            return "The lesson's program does not run."
        asks = bool(action.command) and not action.command.startswith(_PANEL)
        return self._context.why_not(action.command) if asks else ""

    def catch_up(self) -> None:
        """Bring the program to where the learner is."""
        if self.play is not None:
            self.play.begin_chase()
            self.look()

    def give_up_chase(self) -> None:
        """What was to be done on the way cannot be done: leave the program where it is."""
        if self.play is not None and self.play.is_chasing:
            self.play.give_up_chase()
            self._show()

    # ---- inside

    def _load(self) -> None:
        if self._is_loaded:
            return
        self._is_loaded = True
        self.lessons.fill()
        kept = self._context.settings.text("learn.lesson")
        if kept in self.lessons.lessons:
            self.open_lesson(kept)
        else:
            self.show_list()

    def _keep(self) -> None:
        if self.play is not None:
            self.lessons.keep(self.play.lesson, self.play.progress)

    def look(self) -> None:
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
        self._throttle.set_interval(min(max(LOOK_EVERY_MS, round(_COST_SHARE * cost_ms)), _LONGEST_MS))
        action = play.chase(known)
        if action is not None:
            self._do(action)
        self._show()
        reason = self.why_not(self.next_action())
        if reason != self._reason:
            self._reason = reason
            self._context.run("learn.look")  # by that menus, buttons and keys are brought up to date

    def _do(self, action: Action) -> None:
        """Have something done by the command that also the key has."""
        self.wanted = action
        try:
            self._context.run("learn.do")
        finally:
            self.wanted = None

    def _show(self) -> None:
        play = self.play
        if play is None:
            if self._pages.currentIndex() == 0:
                self.show_list()
            return
        self.step.say(notice_of(play, self.lessons, self._context.session().live) or Notice(self._news))
        self._tell_question()
        self.step.show_play(play, self._key_of, self._reason_for)

    def _tell_question(self) -> None:
        """Other panels must not give away what is asked here."""
        play = self.play
        is_asked = play is not None and play.asks() and is_our_app(self._context.session().live, play.file)
        self._context.open_question.take(is_asked)

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

    # ---- what is pressed

    def _on_chosen(self, lesson_id: str) -> None:
        """Somebody has chosen a lesson: it is played where what its steps show has a place beside it, and not before it."""
        if not self._context.is_on(_ARRANGED):
            self._context.run("help.learn")
        self.open_lesson(lesson_id)

    def _on_do(self, place: int) -> None:
        play = self.play
        item = play.step.items[place] if play is not None else None
        if isinstance(item, Do):
            self._do(item.action)

    def _on_answer(self, place: int, answer: str) -> None:
        self.answer = place, answer
        self._context.run("learn.answer")

    def take_answer(self) -> None:
        """What was predicted last is so from now on."""
        if self.play is not None:
            self.play.predict(*self.answer)
            self._keep()
            self.look()

    def _on_link(self, link: str) -> None:
        self.link = link
        self._context.run("learn.follow_link")

    def _on_open_file(self) -> None:
        self._context.run("learn.open_file")

    def _on_read_again(self) -> None:
        if self.faults.file is not None:
            self.open_foreign(self.faults.file)

    def _on_edit_file(self) -> None:
        self._context.run("learn.edit_file")

    @property
    def faulty_file(self) -> Path | None:
        """The file in which something is wrong, while that is shown."""
        return self.faults.file if self._pages.currentWidget() is self.faults else None
