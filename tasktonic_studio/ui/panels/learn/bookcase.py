"""The lessons that are offered: those of the Studio and those of others, how far one has come in each, and which may run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from tasktonic_studio.lessons.lesson import Lesson
from tasktonic_studio.lessons.play import Progress
from tasktonic_studio.lessons.problems import LessonError
from tasktonic_studio.lessons.shelf import Workplace, foreign_lesson
from tasktonic_studio.settings import Settings


class Bookcase:
    """Made by the Learn panel's view, and its memory: what it keeps is in the settings. No Qt.

    Args:
        settings: where it is kept how far one has come.
        workplace: where the learner's programs lie.
        shipped: gives the lessons of the Studio; asked once, when they are needed first.
        panels: gives the ids of the panels that a lesson can show.
    """

    def __init__(
        self,
        settings: Settings,
        workplace: Workplace,
        shipped: Callable[[], Sequence[Lesson]],
        panels: Callable[[], Collection[str]],
    ) -> None:
        self._settings = settings
        self.workplace = workplace
        self._shipped = shipped
        self._panels = panels
        self.lessons: dict[str, Lesson] = {}
        """By their ids, in the order in which they are offered."""
        self._files: dict[str, Path] = {}
        """Where those of others come from."""
        self._trusted: set[tuple[str, str]] = set()
        """Lessons of others with the program that may run."""

    def fill(self) -> None:
        """Have the lessons of the Studio there, and those of others that were opened lately."""
        self.lessons = {lesson.id: lesson for lesson in self._shipped()}
        for name in self._settings.texts("recent.lessons"):
            try:
                self._take(Path(name))
            except LessonError:
                continue  # it is told when it is opened again

    def add(self, file: Path) -> Lesson:
        """Take in the lesson of a file, from now on offered with the others.

        Raises:
            LessonError: it cannot be read, or has mistakes.
        """
        lesson = self._take(file)
        self._settings.put_first("recent.lessons", str(file))
        return lesson

    def _take(self, file: Path) -> Lesson:
        lesson = foreign_lesson(file, self._panels())
        self.lessons[lesson.id] = lesson
        self._files[lesson.id] = file
        return lesson

    def file_of(self, lesson: Lesson) -> Path | None:
        """The file that a lesson of others came from; None for one of the Studio."""
        return self._files.get(lesson.id)

    def after(self, lesson: Lesson) -> str:
        """The id of the lesson that comes next; the same one at the end."""
        ids = list(self.lessons)
        return ids[min(ids.index(lesson.id) + 1, len(ids) - 1)]

    # ---- how far one has come

    def progress(self, lesson: Lesson) -> Progress:
        """How far one has come in a lesson."""
        return Progress.from_text(self._kept().get(lesson.id, ""), lesson)

    def keep(self, lesson: Lesson, progress: Progress) -> None:
        """Remember how far one has come."""
        kept = self._kept()
        kept[lesson.id] = progress.as_text(lesson.stamp)
        self._settings.set("learn.progress", kept)

    def make_ready(self, lesson: Lesson) -> Path | None:
        """Have a program there that fits the lesson's text: one that was left by another text of it is put aside.

        Returns:
            Where it was put; None when there was none.

        Raises:
            OSError: it cannot be written.
        """
        if Progress.is_of(self._kept().get(lesson.id, ""), lesson):
            return None
        return self.workplace.restore(lesson) if self.workplace.file(lesson).is_file() else None

    def _kept(self) -> dict[str, str]:
        return dict(self._settings.get("learn.progress"))

    # ---- which may run

    def needs_trust(self, lesson: Lesson) -> bool:
        """Whether the program of a lesson may not run before the learner has said so: also when it has become another one."""
        return lesson.id in self._files and (lesson.id, lesson.source) not in self._trusted

    def trust(self, lesson: Lesson) -> None:
        """Its program may run, as it is now, until the Studio is closed."""
        self._trusted.add((lesson.id, lesson.source))
