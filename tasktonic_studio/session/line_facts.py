"""Where an app stands in a line of its source, as the debugger of lines tells it. Nothing of the stream: it is so now, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Status = Literal["off", "asked", "ready", "stopped"]


class LineBreak(NamedTuple):
    """A line at which the app is to stop. ``problem`` is a sentence when the debugger cannot stop there.

    With a ``condition`` it stops only when that is true: Python that the app evaluates in that line.
    """

    file: str
    line: int
    problem: str = ""
    condition: str = ""


class LineFrame(NamedTuple):
    """A call that has not returned: the innermost one first in `LineStop.frames`. ``number`` is the debugger's.

    ``line`` is that of the file as it is on disk, ``run_line`` that of the text which the app was started with. ``problem`` is a
    sentence when they are not of the same code, or when that is not known.
    """

    number: int
    function: str
    file: str
    line: int
    run_line: int = 0
    problem: str = ""


class LocalRow(NamedTuple):
    """A value by its name. ``reference`` asks for what is inside, 0 when there is nothing."""

    name: str
    value: str
    type: str
    reference: int = 0


@dataclass(frozen=True, slots=True)
class LineStop:
    """The app stands in a line.

    ``thread`` is the debugger's number of it, ``reason`` why it stopped (``breakpoint``, ``step``, ``exception``, ``pause``), ``looked_at``
    which frame's values are shown. ``inside`` has what is known of values that were unfolded, by their reference.
    """

    thread: int
    thread_name: str
    reason: str
    frames: tuple[LineFrame, ...] = ()
    looked_at: int = 0
    locals: tuple[LocalRow, ...] = ()
    inside: Mapping[int, tuple[LocalRow, ...]] = field(default_factory=dict)
    text: str = ""
    """What was raised, when it stopped for an exception."""

    @property
    def frame(self) -> LineFrame | None:
        """The call whose values are shown."""
        return self.frames[self.looked_at] if 0 <= self.looked_at < len(self.frames) else None


@dataclass(frozen=True, slots=True)
class LineFacts:
    """How it stands with the debugger of lines. Replaced, never changed.

    ``off``: nobody has asked for it. ``asked``: the app was asked, or is being talked to. ``ready``: it runs, and stops at the next of
    the ``breaks`` that it comes to. ``stopped``: it stands in a line. ``problem`` says why the last attempt did not go well.
    """

    status: Status = "off"
    breaks: tuple[LineBreak, ...] = ()
    on_raised: bool = False
    """Whether it also stops where an exception is raised, caught or not."""
    stop: LineStop | None = None
    problem: str = ""

    def breaks_in(self, file: str) -> list[LineBreak]:
        """The lines of a file at which the app is to stop."""
        return [it for it in self.breaks if it.file == file]
