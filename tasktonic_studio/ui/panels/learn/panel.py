"""The panel Learn: lessons that are played over the real panels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QWidget

from tasktonic_studio import locations
from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.lessons.lesson import Lesson
from tasktonic_studio.lessons.shelf import Workplace, shipped_lessons
from tasktonic_studio.ui.dialogs import ask
from tasktonic_studio.ui.panel import LessonPanel, PanelContext
from tasktonic_studio.ui.panels.learn.performing import perform
from tasktonic_studio.ui.panels.learn.view import LearnView
from tasktonic_studio.ui.view_panel import ViewPanel
from tasktonic_studio.ui.widgets.on_screen import is_on_screen

MENU: Final = "Help"
SECTION: Final = "lesson"


class LearnPanel(ViewPanel, LessonPanel):
    """Lessons: read, predict, step, see.

    Args:
        folder: where the learner's programs lie; the user's own folder unless told.
        shipped: gives the lessons of the Studio.
    """

    id = "learn"
    title = "Learn"
    icon = "learn"
    key = "Ctrl+Alt+9"
    help = "Lessons over the real panels: read, predict, let one sparkle run, see."

    view: LearnView

    def __init__(self, folder: Path | None = None, shipped: Callable[[], Sequence[Lesson]] = shipped_lessons) -> None:
        self._folder = folder
        self._shipped = shipped
        self._run: Callable[[str], None] = lambda _command: None

    def build(self, context: PanelContext) -> QWidget:
        self._run = context.run
        self.view = LearnView(context, Workplace(self._folder or locations.lessons_folder()), self._shipped)
        return self.view

    def open_lesson_file(self, file: str) -> bool:
        return self.view.open_foreign(Path(file))

    def commands(self) -> Sequence[Command]:
        return (
            self._command("help.learn", "Learn", "Lessons: read, predict, let one sparkle run, see.", self._learn, "learn"),
            self._command(
                "learn.do",
                "Do what the lesson asks",
                "Do what is next in the lesson that is open, as its button does.",
                self._do,
                "step",
                "Ctrl+Alt+Return",
                lambda _context: self.view.why_not(self.view.next_action()),
            ),
            self._command(
                "learn.next", "Next step of the lesson", "Go to the next step; after the last one the lesson is finished.",
                lambda _context: self.view.go(1), "right", "Ctrl+Alt+PgDown", self._why_no_lesson,
            ),
            self._command(
                "learn.back", "Step of the lesson before", "Go back to the step of the lesson before this one.",
                lambda _context: self.view.go(-1), "back", "Ctrl+Alt+PgUp", self._why_not_back,
            ),
            self._command(
                "learn.list", "All lessons", "Leave the lesson; it goes on from here when it is opened again.",
                self._list, "learn",
            ),
            self._command(
                "learn.catch_up",
                "Bring the app of the lesson here",
                "Start the lesson's program again, and do with it all that was done up to this step.",
                self._catch_up,
                "restart",
                why_not=self._why_no_catching_up,
            ),
            self._command(
                "learn.reset",
                "Begin the lesson anew",
                "Forget what was done in this lesson, and have its own program again; what you changed is kept beside it.",
                self._reset,
                "restart",
                why_not=self._why_no_lesson,
            ),
            self._command(
                "learn.trust", "Let the program of this lesson run",
                "The program of a lesson that did not come with the Studio may run, until the Studio is closed.",
                lambda _context: self.view.trust(), "start", why_not=self._why_no_lesson, menu="",
            ),
            self._command(
                "learn.open_file", "Open a lesson file…", "Choose a lesson that a teacher wrote, NAME.lesson.md, and play it.",
                self._open_file, "open",
            ),
            self._command(
                "learn.edit_file", "Open the faulty lesson file in the editor",
                "Show the lesson file in which something is wrong.", self._edit_file, "editor", menu="",
                why_not=lambda _context: "" if self.view.faulty_file else "No lesson file is faulty.",
            ),
            self._command(
                "learn.answer", "Take the prediction", "What was chosen or typed is what one expects.",
                lambda _context: self.view.take_answer(), "learn", menu="", why_not=self._why_no_lesson,
            ),
            self._command(
                "learn.look", "Look how far the lesson is", "See whether what the lesson waits for has happened.",
                lambda _context: self.view.look(), "learn", menu="", why_not=self._why_no_lesson,
            ),
            self._command(
                "learn.follow_link", "Open the page that the lesson names", "Show the page of the help behind a link.",
                self._follow_link, "help", menu="", why_not=self._why_no_link,
            ),
        )  # fmt: skip

    def _command(
        self,
        command_id: str,
        title: str,
        words: str,
        run: Callable[[CommandContext], None],
        icon: str,
        key: str = "",
        why_not: Callable[[CommandContext], str] | None = None,
        menu: str = MENU,
    ) -> Command:
        keys = (key,) if key else ()
        return Command(command_id, title, words, run, keys=keys, icon=icon, menu=menu, section=SECTION, why_not=why_not)

    # ---- when

    def _why_no_lesson(self, _context: CommandContext) -> str:
        return "" if self.view.play is not None else "Open a lesson first."

    def _why_not_back(self, context: CommandContext) -> str:
        play = self.view.play
        return self._why_no_lesson(context) or ("" if play is not None and play.number else "This is the first step.")

    def _why_no_catching_up(self, context: CommandContext) -> str:
        play = self.view.play
        if play is None:
            return self._why_no_lesson(context)
        way = play.way_here()
        if not way or way[0].verb not in ("distil", "start"):
            return "The lesson's program has not been started in any step up to here."
        return self.view.why_not(way[0])

    def _why_no_link(self, _context: CommandContext) -> str:
        return "" if self.view.link else "No link of a lesson was clicked."

    # ---- what

    def _learn(self, context: CommandContext) -> None:
        context.window.set_arrangement("learn")
        context.window.show_panel(self.id)

    def _list(self, context: CommandContext) -> None:
        context.window.show_panel(self.id)
        self.view.show_list()

    def _do(self, context: CommandContext) -> None:
        action = self.view.next_action()
        if action is None:
            return
        try:
            file = self.view.prepare()
        except OSError as error:
            context.window.problem(f"The program of the lesson cannot be written: {error.strerror or error}.")
            return
        was_in_sight = is_on_screen(self.view)
        sentence = perform(action, context, file, self._run)
        if was_in_sight and not is_on_screen(self.view):
            # What it shows has come to stand before the lesson: somebody had it arranged otherwise.
            context.window.set_arrangement("learn")
            sentence = perform(action, context, file, self._run)
        if sentence:
            context.window.problem(sentence)
            self.view.give_up_chase()
        else:
            self.view.note_done(action)

    def _catch_up(self, context: CommandContext) -> None:
        context.selection.look_at(None)
        self.view.catch_up()

    def _reset(self, context: CommandContext) -> None:
        try:
            context.window.say(self.view.reset())
        except OSError as error:
            context.window.problem(f"The program of the lesson cannot be written: {error.strerror or error}.")

    def _open_file(self, context: CommandContext) -> None:
        recent = context.settings.texts("recent.lessons")
        file = ask.lesson_to_open(self.view, str(Path(recent[0]).parent) if recent else "")
        if file:
            context.window.show_panel(self.id)
            self.view.open_foreign(Path(file))

    def _edit_file(self, context: CommandContext) -> None:
        if self.view.faulty_file is not None:
            context.window.open_source(str(self.view.faulty_file), 1)

    def _follow_link(self, context: CommandContext) -> None:
        context.window.show_help(f"page:{self.view.link}")
