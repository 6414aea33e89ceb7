"""Apps that are recorded for what is found in them, and what a test asks of the findings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tasktonic.blocks.thinning import without_flow as thinned
from tasktonic.trace import TraceReader
from tasktonic_studio.session.finding_words import ranked, what
from tasktonic_studio.session.findings import Finding
from tasktonic_studio.session.inbox import BlockArrived
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.session import Session
from tests.helpers.builders import MS
from tests.helpers.movable_clock import clock_of_looks

Recorded = Callable[..., Session]


def by_looks(recorded: Recorded) -> Recorded:
    """Records the same; but how long something takes is up to the test, and not to the machine."""

    def run(start: Callable[[], object], **reading: bool) -> Session:
        with clock_of_looks():
            return recorded(start, **reading)

    return run


def session_of(path: Path, *, without_flow: bool = False) -> Session:
    """What a file tells; without flow as when nobody could take it in time."""
    session = Session()
    with TraceReader(str(path)) as reader:
        for _, data in reader.data(0):
            session.apply([BlockArrived(thinned(data).data if without_flow else data)])
    return session


BY_THE_CLOCK = frozenset({"giant", "growing", "hangs", "late"})
"""On a machine that does much else, a sparkle of any process may take a tenth of a second."""


def kinds(known: Knowledge, but: frozenset[str] = frozenset()) -> list[str]:
    return [finding.kind for finding in ranked(known) if finding.kind not in but]


def the_only(known: Knowledge, but: frozenset[str] = frozenset()) -> Finding:
    found = [finding for finding in ranked(known) if finding.kind not in but]
    assert len(found) == 1, found
    return found[0]


def words(known: Knowledge, finding: Finding) -> str:
    return what(known, finding, lambda ns: f"{ns // MS} ms")
