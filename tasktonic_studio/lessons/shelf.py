"""Which lessons there are, and the learner's own copies of their programs."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Final

from tasktonic_studio import resources
from tasktonic_studio.lessons.lesson import Do, Lesson
from tasktonic_studio.lessons.parsing import MOST_BYTES, SUFFIX, parse_lesson, read_lesson
from tasktonic_studio.lessons.problems import LessonError, Problem
from tasktonic_studio.settings import write_whole

KEPT_SUFFIX: Final = ".before-reset.py"
"""Behind the name of a program that was put aside; a further one has a number before it."""


def shipped_lessons() -> list[Lesson]:
    """The lessons of the Studio, in the order in which they build on each other."""
    files = sorted((resources.folder() / "lessons").glob(f"*{SUFFIX}"))
    return [parse_lesson(file.read_text(encoding="utf-8"), file.name.removesuffix(SUFFIX)) for file in files]


def foreign_lesson(file: Path, panels: Collection[str] = ()) -> Lesson:
    """A lesson from anywhere, with an id that no other file has.

    Args:
        file: where it is.
        panels: the ids of the panels that it can show; none: whatever it names is taken for one.

    Raises:
        LessonError: it cannot be read, or has mistakes.
    """
    lesson = read_lesson(file)
    unknown = list(_unknown_panels(lesson, panels)) if panels else []
    if unknown:
        raise LessonError(unknown)
    mark = hashlib.sha256(str(file.absolute()).encode("utf-8", "surrogateescape")).hexdigest()[:8]
    name = "".join(letter for letter in lesson.id[:40] if letter.isalnum() or letter in "-_") or "lesson"
    return replace(lesson, id=f"{name}-{mark}")


def _unknown_panels(lesson: Lesson, panels: Collection[str]) -> Iterator[Problem]:
    """A sentence for each panel that is to be shown and is not there."""
    items = (item for step in lesson.steps for item in step.items)
    for item in items:
        if isinstance(item, Do) and item.action.verb == "show" and item.action.target not in panels:
            name = item.action.target
            near = difflib.get_close_matches(name.lower(), panels, n=1)
            hint = f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(sorted(panels))}."
            yield Problem(item.line, f"There is no panel '{name[:40]}'. {hint}")


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where a learner's copies of programs lie, a folder for each lesson. Nothing is written before it is needed."""

    folder: Path

    def file(self, lesson: Lesson) -> Path:
        """Where the program of a lesson is, or will be."""
        return self.folder / lesson.id / lesson.app

    def prepare(self, lesson: Lesson) -> Path:
        """Have the program there; one that is there already stays as it is.

        Raises:
            OSError: it cannot be written.
        """
        file = self.file(lesson)
        if not file.is_file():
            write_whole(file, lesson.source)
        return file

    def source(self, lesson: Lesson) -> str:
        """The program as it is now: the learner's, or that of the lesson while there is none."""
        file = self.file(lesson)
        try:
            with file.open("rb") as stream:
                return stream.read(MOST_BYTES).decode("utf-8", "replace")
        except OSError:
            return lesson.source

    def restore(self, lesson: Lesson) -> Path | None:
        """Have the lesson's own program there again. What was changed is kept beside it; gives that file, None for none.

        Raises:
            OSError: it cannot be written.
        """
        file, kept = self.file(lesson), None
        if file.is_file() and self.source(lesson) != lesson.source:
            names = (f"{file.stem}{f'-{n}' if n else ''}{KEPT_SUFFIX}" for n in count())
            kept = next(place for name in names if not (place := file.with_name(name)).exists())
            file.replace(kept)
        write_whole(file, lesson.source)
        return kept
