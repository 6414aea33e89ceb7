"""Findings as CSV. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tasktonic_studio.session.finding_words import class_of, sparkle_of, state_of, tonic_of
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.written_faults import WrittenFault
from tasktonic_studio.ui.item_models.app_times import began_ns
from tasktonic_studio.ui.panels.problems.facts import Problem, advice_of, place_of, severity_of, title_of, what
from tasktonic_studio.ui.widgets import figures
from tasktonic_studio.ui.widgets.csv_text import csv_lines

FIELDS = (
    "severity", "kind", "what", "tonic", "class", "sparkle", "state", "times", "first_seconds", "last_seconds", "file",
    "line", "advice",
)  # fmt: skip


def csv_of(known: Knowledge, findings: Iterable[Problem]) -> Iterator[str]:
    """A heading and one line per finding; seconds are since the app began."""
    return csv_lines(FIELDS, (_values(known, finding) for finding in findings))


def _values(known: Knowledge, finding: Problem) -> tuple[object, ...]:
    place, title = place_of(known, finding), title_of(finding)
    said = what(known, finding).replace(figures.NARROW_SPACE, " ")
    file, line = (place.file, place.line) if place is not None else ("", "")
    if isinstance(finding, WrittenFault):
        return (severity_of(finding), title, said, "", "", "", "", "", "", "", file, line, advice_of(finding))
    begin = began_ns(known, finding.app)
    return (
        severity_of(finding),
        title,
        said,
        tonic_of(known, finding),
        class_of(known, finding),
        sparkle_of(known, finding),
        state_of(known, finding),
        finding.times,
        round((finding.first_ns - begin) / 1e9, 9),
        round((finding.last_ns - begin) / 1e9, 9),
        file,
        line,
        advice_of(finding),
    )
