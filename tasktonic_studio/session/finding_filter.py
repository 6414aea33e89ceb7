"""Which findings are shown: `kind: from: tonic: type: sparkle: state: severity:` and bare words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tasktonic_studio.session.filters import parse
from tasktonic_studio.session.finding import Finding
from tasktonic_studio.session.finding_words import (
    KIND_BY_ID,
    class_of,
    severity_of,
    sparkle_of,
    state_of,
    tonic_of,
    where,
)
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.written_faults import WrittenFault


class FindingFilter:
    """Which findings pass. Bare words are looked for in all that is said of a finding.

    `problem` is a sentence when something in the text cannot be used; it is then as if it was not there.
    """

    def __init__(self, text: str) -> None:
        query = parse(text, _TESTS)
        self._terms = query.terms
        self.problem = query.problem

    def __bool__(self) -> bool:
        return bool(self._terms)

    def accepts(self, known: Knowledge, finding: Finding | WrittenFault) -> bool:
        if isinstance(finding, WrittenFault):
            return all(_written(finding, term.key, term.value) != term.negated for term in self._terms)
        return all(_TESTS[term.key](known, finding, term.value) != term.negated for term in self._terms)


def _word(known: Knowledge, finding: Finding, value: str) -> bool:
    title = KIND_BY_ID[finding.kind].title
    return value in f"{title} {finding.kind} {finding.text} {where(known, finding)}".lower()


def _kind(known: Knowledge, finding: Finding, value: str) -> bool:
    # `kind:growing` and `kind:unknown` are enough; titles count as well, as they are what one sees.
    return finding.kind.startswith(value) or KIND_BY_ID[finding.kind].title.lower().startswith(value)


def _written(fault: WrittenFault, key: str, value: str) -> bool:
    """Whether a fault of the source passes; what only a run has it has not."""
    if key == "":
        return value in f"{fault.title} {fault.code} {fault.text} {fault.file}".lower()
    if key == "kind":
        return fault.code.lower().startswith(value) or fault.title.lower().startswith(value)
    if key == "severity":
        return fault.severity.startswith(value)
    return key == "from" and "source".startswith(value)


_TESTS: Final[Mapping[str, Callable[[Knowledge, Finding, str], bool]]] = {
    "": _word,
    "kind": _kind,
    "from": lambda _known, _finding, value: "run".startswith(value),
    "severity": lambda _known, finding, value: severity_of(finding).startswith(value),
    "tonic": lambda known, finding, value: value in tonic_of(known, finding).lower(),
    "type": lambda known, finding, value: value in class_of(known, finding).lower(),
    "sparkle": lambda known, finding, value: value in sparkle_of(known, finding).lower(),
    "state": lambda known, finding, value: state_of(known, finding).lower().startswith(value),
}
