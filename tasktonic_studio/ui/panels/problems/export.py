"""Findings as CSV. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tasktonic_studio.session.finding_words import (
    KIND_BY_ID,
    class_of,
    place_of_finding,
    severity_of,
    sparkle_of,
    state_of,
    tonic_of,
    what,
)
from tasktonic_studio.session.findings import Finding
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.ui.item_models.app_times import began_ns
from tasktonic_studio.ui.widgets import figures
from tasktonic_studio.ui.widgets.csv_text import csv_lines

FIELDS = (
    "severity", "kind", "what", "tonic", "class", "sparkle", "state", "times", "first_seconds", "last_seconds", "file",
    "line", "advice",
)  # fmt: skip


def csv_of(known: Knowledge, findings: Iterable[Finding]) -> Iterator[str]:
    """A heading and one line per finding; seconds are since the app began."""
    return csv_lines(FIELDS, (_values(known, finding) for finding in findings))


def _values(known: Knowledge, finding: Finding) -> tuple[object, ...]:
    begin, kind, place = began_ns(known, finding.app), KIND_BY_ID[finding.kind], place_of_finding(known, finding)
    return (
        severity_of(finding),
        kind.title,
        what(known, finding, figures.duration).replace(figures.NARROW_SPACE, " "),
        tonic_of(known, finding),
        class_of(known, finding),
        sparkle_of(known, finding),
        state_of(known, finding),
        finding.times,
        round((finding.first_ns - begin) / 1e9, 9),
        round((finding.last_ns - begin) / 1e9, 9),
        place.file if place is not None else "",
        place.line if place is not None else "",
        kind.advice,
    )
