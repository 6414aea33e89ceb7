"""What a distiller was asked for while it made the run that is shown: of the trace of a test."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from tasktonic.trace import Distilled, Probes
from tasktonic.trace.distilled import pack_distilled, unpack_distilled
from tasktonic_studio.session.marks import Numbering


class Distillation:
    """The calls of a distiller, in their order; none for a run that no distiller made. Made by the session, never changed.

    Args:
        calls: as the trace file has them.
        numbering: says which moments of the session their events are.
    """

    def __init__(self, calls: Iterable[Distilled] = (), numbering: Numbering | None = None) -> None:
        self.calls = tuple(calls)
        self._numbering = numbering if numbering is not None else Numbering()
        self._probes = {probes.run: probes for call in self.calls for probes in call.probes}

    def with_told(self, payload: object) -> Distillation:
        """These and a call that a live app has told, as a trace file keeps it; what is none changes nothing."""
        found = next(iter(unpack_distilled([_aside(payload)])), None)
        calls = {call.call: call for call in self.calls}
        if found is None:
            return self._with_more_probes(payload, calls)
        if found.call == 1:
            calls = {}  # another app in the same process
        calls[found.call] = found
        return Distillation(calls.values(), self._numbering)

    def _with_more_probes(self, payload: object, calls: dict[int, Distilled]) -> Distillation:
        """A further part of the probes of a call that is known."""
        number = payload.get("call") if isinstance(payload, dict) else None
        call = calls.get(number) if isinstance(number, int) else None
        if call is None:
            return self
        (whole,) = unpack_distilled([*map(_aside, _packed(call)), _aside(payload)])
        calls[call.call] = whole
        return Distillation(calls.values(), self._numbering)

    def __bool__(self) -> bool:
        return bool(self.calls)

    @property
    def has_probes(self) -> bool:
        """Whether attributes were looked at before and after runs."""
        return bool(self._probes)

    def probes_of(self, run: int) -> Probes | None:
        """The attributes that were asked for, before and after this run; None when none were."""
        return self._probes.get(run)

    def probe_words(self, run: int) -> str:
        """The same in words: `tries = 0 → 1, name = 'door'`; empty for none."""
        probes = self._probes.get(run)
        return ", ".join(probes.lines()) if probes is not None else ""

    def begin(self, call: int) -> int:
        """The moment at which call number `call` (from 0) began."""
        return self._numbering.moment_before(self.calls[call].first)

    def end(self, call: int) -> int:
        """The moment at which it had ended."""
        return self._numbering.moment_before(self.calls[call].until)

    def call_at(self, n: int) -> int:
        """The call in which the last event before moment `n` happened, or the last one that had begun; -1 for none."""
        found = -1
        for number in range(len(self.calls)):
            if self.begin(number) < n or self.begin(number) == self.end(number) == n:
                found = number
        return found


def _aside(payload: object) -> bytes:
    try:
        return json.dumps({"distilled": payload}).encode()
    except (TypeError, ValueError, RecursionError):
        return b""


def _packed(call: Distilled) -> Iterator[Any]:
    return (part["distilled"] for part in pack_distilled(call))
