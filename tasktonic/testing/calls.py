"""What a distiller was asked for, call by call, for the trace file."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..trace.distilled import MAX_TEXT, MOST_CALLS, Distilled, Probes, pack_distilled
from ..values import preview, preview_named
from .contract import Contract


@dataclass(slots=True)
class Call:
    """One call of ``sparkle``. Made by its ``Run``, which fills it; put into words when somebody saves the trace."""

    name: str
    asked: dict[str, Any]
    """The arguments that were given, without the contract."""
    contract: Contract
    first: int
    begin_ns: int
    probes: list[Probes] = field(default_factory=list)
    until: int = 0
    end_ns: int = 0
    status: str = "running"
    stopped_by: Sequence[str] = ()
    details: dict[str, Any] = field(default_factory=dict)

    def note_probes(self, run: int, before: dict[str, Any], after: dict[str, Any]) -> None:
        """Probes of a run; values named like a secret are hidden."""
        told = ({name: preview_named(name, value) for name, value in values.items()} for values in (before, after))
        self.probes.append(Probes(run, *told))

    def told(self, number: int) -> Distilled:
        """In words."""
        contract = self.contract
        arguments = [f"{name}={preview(value, 200)}" for name, value in self.asked.items()]
        if contract.is_given:
            arguments.append("contract")
        met = self.details.get("matched_tonics", {})
        return Distilled(
            number,
            self.first,
            self.until,
            self.begin_ns,
            self.end_ns,
            f"{self.name}({', '.join(arguments)})"[:MAX_TEXT],
            self.status,
            tuple(contract.lines()),
            tuple(self.stopped_by),
            tuple(f"{tonic}: {line}" for tonic, lines in met.items() for line in lines),
            self.details.get("match_count", 0),
            self.details.get("target_count", 0),
            tuple(self.probes),
        )


class Calls:
    """The calls of one distiller. Of very many the first are forgotten."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=MOST_CALLS)
        self._count = 0

    def add(self, call: Call) -> None:
        """A call has come to its end."""
        self._calls.append(call)
        self._count += 1

    def latest_asides(self) -> Iterator[dict[str, Any]]:
        """The last call, as it is kept in a trace file; nothing when there was none."""
        if self._calls:
            yield from pack_distilled(self._calls[-1].told(self._count))

    def asides(self) -> Iterator[dict[str, Any]]:
        """All calls, as they are kept in a trace file."""
        for number, call in enumerate(list(self._calls), self._count - len(self._calls) + 1):
            yield from pack_distilled(call.told(number))
