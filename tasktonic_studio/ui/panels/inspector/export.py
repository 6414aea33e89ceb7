"""What the inspector shows as text. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tasktonic_studio.ui.panels.inspector.fact import Fact, Subject
from tasktonic_studio.ui.widgets.figures import NARROW_SPACE


def text_of(subject: Subject) -> str:
    """A line with the name of the thing, and below it the sections, a fact a line; what is below a fact is indented."""
    heading = " · ".join(filter(None, (subject.title, subject.kind, subject.words)))
    lines = [heading, *_lines(subject.sections, 0)]
    return "\n".join(lines).replace(NARROW_SPACE, " ") + "\n"


def _lines(facts: Iterable[Fact], depth: int) -> Iterator[str]:
    for fact in facts:
        if depth == 0:
            yield ""
        aside = f"  ({fact.detail})" if fact.detail else ""
        yield "  " * depth + fact.name + (f": {fact.value}" if fact.value else "") + aside
        yield from _lines(fact.below, depth + 1)
