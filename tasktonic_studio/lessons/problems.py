"""What is wrong in a lesson file, as sentences for its writer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Problem(NamedTuple):
    """One mistake: in which line (from 1; 0 for the whole file), and what is wrong with how to mend it."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.sentence}" if self.line else self.sentence


class LessonError(ValueError):
    """A file is no lesson, or has mistakes; ``problems`` lists all of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


class WrittenWrong(ValueError):
    """One marked line cannot be understood; the message is a sentence."""
