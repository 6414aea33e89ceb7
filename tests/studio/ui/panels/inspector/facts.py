"""The facts that the inspector states of a thing, as tests look for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panels.inspector.describe import describe
from tasktonic_studio.ui.panels.inspector.fact import Fact, Subject


def told(subject: Subject, section: str) -> dict[str, str]:
    """Name to value of the facts of a section."""
    found = next((it for it in subject.sections if it.key == section), None)
    return {} if found is None else {fact.name: fact.value for fact in found.below}


def fact(subject: Subject, section: str, key: str) -> Fact:
    """One fact of a section."""
    found = next(it for it in subject.sections if it.key == section)
    return next(it for it in found.below if it.key == key)


def all_facts(subject: Subject) -> Iterator[Fact]:
    pending = list(subject.sections)
    while pending:
        each = pending.pop()
        yield each
        pending.extend(each.below)


def essence(session: Session, number: int, **more: Any) -> Subject:
    return describe(session.live, Thing("essence", number), **more)


def last_run(session: Session, of: int) -> int:
    rows = session.live.runs.rows(0, len(session.live.runs))
    return next(row.run for row in reversed(rows) if row.essence == of)
