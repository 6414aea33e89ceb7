"""Calls of a distiller as lines among the events of its trace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tasktonic.events import Ran
from tasktonic.trace.distilled import Distilled
from tasktonic.trace.showing import printable

_INDENT = " " * 9


class Calls:
    """Gives the lines in their turn. Made for one pass over a trace."""

    def __init__(self, calls: Sequence[Distilled]) -> None:
        edges = [(call.first, 1, index, call) for index, call in enumerate(calls)]
        edges += [(call.until, 0, index, call) for index, call in enumerate(calls)]
        # What ended stands before what begins at the same event; of a call without an event the begin comes first.
        self._edges = sorted(edges, key=lambda edge: (edge[0], edge[2], 1 - edge[1]))
        self._probes = {probes.run: probes for call in calls for probes in call.probes}

    def lines_before(self, number: int | None) -> Iterator[str]:
        """The begins and ends before event ``number``; None for all that are left."""
        while self._edges and (number is None or self._edges[0][0] <= number):
            _, begins, _, call = self._edges.pop(0)
            if begins:
                yield f"{_INDENT} ┌ {printable(call_line(call))}"
                yield from (f"{_INDENT} │ contract: {printable(line)}" for line in call.contract)
            else:
                yield from (f"{_INDENT} │ met: {printable(line)}" for line in call.met)
                yield f"{_INDENT} └ {printable(call.outcome)}"

    def probes_of(self, event: Any) -> str:
        """The probes of a run, to stand behind its line; empty for none."""
        probes = self._probes.get(event.run) if isinstance(event, Ran) else None
        return "" if probes is None else f"  {{{printable(', '.join(probes.lines()))}}}"


def call_line(call: Distilled) -> str:
    """A call in one line."""
    return f"{call.call}. {call.asked}"
