"""Which events of a trace are wanted, and walking over those, from the right place in the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

from tasktonic.events import Dropped, Ordered, Raised, Ran
from tasktonic.trace.facts import facts_of
from tasktonic.trace.naming import Names
from tasktonic.trace.reader import TraceReader

SUBJECTS: Final = ("essence", "timer", "store", "service", "catalyst")
"""Fields that say whom an event is about; the first that it has counts."""


@dataclass(frozen=True)
class Selection:
    """What is wanted: all that is not empty must hold.

    Names may have ``*`` and ``?``. Times are seconds since the begin of the trace.
    """

    tonics: tuple[str, ...] = ()
    sparkles: tuple[str, ...] = ()
    from_s: float | None = None
    to_s: float | None = None

    def wants(self, event: Any, names: Names, begin_ns: int) -> bool:
        """Whether an event is selected."""
        if self.from_s is not None or self.to_s is not None:
            time_ns = time_of(event)
            if not time_ns:
                return False
            seconds = (time_ns - begin_ns) / 1e9
            if (self.from_s is not None and seconds < self.from_s) or (self.to_s is not None and seconds > self.to_s):
                return False
        if self.tonics and not _matches(names.essence(subject_of(event)), self.tonics):
            return False
        return not self.sparkles or _matches(sparkle_of(event, names), self.sparkles)


def walk(reader: TraceReader, selection: Selection) -> Iterator[tuple[int, Any, Names]]:
    """The events that are selected, with their numbers, and the names as they are at each."""
    names = Names()
    begin_ns = begin_of(reader)
    for is_keyframe, block in reader.blocks(_first_event(reader, selection, begin_ns)):
        if is_keyframe:
            names.take(facts_of(block))
            continue
        for number, event in block.events():
            names.take((event,))
            if selection.wants(event, names, begin_ns):
                yield number, event, names


def begin_of(reader: TraceReader) -> int:
    """The time that counts as the begin of a trace: that of its first event."""
    return next((span.begin_ns for span in reader.spans if span.begin_ns), 0)


def time_of(event: Any) -> int:
    """When an event happened, a run when it began; 0 when it does not say."""
    return int(event.begin_ns if type(event) is Ran else getattr(event, "t_ns", 0))


def subject_of(event: Any) -> int:
    """The id of whom an event is about, -1 for nobody."""
    for field in SUBJECTS:
        subject = getattr(event, field, None)
        if isinstance(subject, int):
            return subject
    return -1


def sparkle_of(event: Any, names: Names) -> str:
    """The sparkle that an event is about, empty for none."""
    if isinstance(event, (Ordered, Ran, Dropped)):
        return names.sparkle(event.sparkle)
    return event.sparkle if isinstance(event, Raised) else ""


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _first_event(reader: TraceReader, selection: Selection, begin_ns: int) -> int:
    if selection.from_s is None:
        return 0
    from_ns = begin_ns + round(selection.from_s * 1e9)
    return next((span.first for span in reader.spans if span.end_ns >= from_ns), 0)
