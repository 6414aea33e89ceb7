"""What is said of a problem, be it of the run or of the source. No Qt."""

from __future__ import annotations

from tasktonic_studio.session import finding_words as words
from tasktonic_studio.session.finding_words import KIND_BY_ID, Severity
from tasktonic_studio.session.findings import Finding
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.names import Place
from tasktonic_studio.session.written_faults import WrittenFault
from tasktonic_studio.ui.widgets import figures

Problem = Finding | WrittenFault
"""Something that happened, or something that is written."""


def severity_of(problem: Problem) -> Severity:
    """How bad it is."""
    return problem.severity if isinstance(problem, WrittenFault) else words.severity_of(problem)


def title_of(problem: Problem) -> str:
    """Its kind, in some words."""
    return problem.title if isinstance(problem, WrittenFault) else KIND_BY_ID[problem.kind].title


def advice_of(problem: Problem) -> str:
    """Why it matters and what to do."""
    if isinstance(problem, WrittenFault):
        return " ".join(filter(None, (problem.reason, problem.advice)))
    return KIND_BY_ID[problem.kind].advice


def what(known: Knowledge, problem: Problem) -> str:
    """What happened, or what is so."""
    return problem.text if isinstance(problem, WrittenFault) else words.what(known, problem, figures.duration)


def where(known: Knowledge, problem: Problem) -> str:
    """Tonic, class, sparkle and state; of what is written, file and line."""
    return words.place_words(problem.place) if isinstance(problem, WrittenFault) else words.where(known, problem)


def place_of(known: Knowledge, problem: Problem) -> Place | None:
    """Where in the source it is."""
    return problem.place if isinstance(problem, WrittenFault) else words.place_of_finding(known, problem)
