"""What a distiller was asked for and what came of it, kept in the trace file of a test: see ``ttDistiller.sparkle``.

Each call is an ASIDE frame, ``{"distilled": {...}}``; probes of a long one go on in further frames of the same call.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

MOST_CALLS: Final = 10_000
MOST_PROBES: Final = 500_000
"""So many runs with probes are read of one file."""
PROBES_PER_FRAME: Final = 5_000
MAX_TEXT: Final = 4_000
_MOST_LINES: Final = 1_000
_LAST: Final = (1 << 63) - 1


class Probes(NamedTuple):
    """The attributes that a contract asked for, as short descriptions, before and after run number ``run``."""

    run: int
    before: dict[str, str]
    after: dict[str, str]

    def lines(self) -> list[str]:
        """``name = value``, or ``name = old → new`` where it changed."""
        return [self._line(name) for name in {**self.before, **self.after}]

    def _line(self, name: str) -> str:
        before, after = self.before.get(name, "?"), self.after.get(name, "?")
        return f"{name} = {after}" if before == after else f"{name} = {before} → {after}"


class Distilled(NamedTuple):
    """One call of ``sparkle`` or ``finish_distiller``.

    ``call`` counts them from 1. ``first`` is the number of the first event that happened in it, ``until`` that of the event
    after its last. ``begin_ns`` and ``end_ns`` are times of the app's clock. ``asked`` is the call as it would be written,
    ``contract`` a line per condition, ``stopped_by`` what ended it, ``met`` a line per condition that was met, and of
    ``target`` conditions that had to be ``matched`` were.
    """

    call: int
    first: int
    until: int
    begin_ns: int
    end_ns: int
    asked: str
    status: str
    contract: tuple[str, ...] = ()
    stopped_by: tuple[str, ...] = ()
    met: tuple[str, ...] = ()
    matched: int = 0
    target: int = 0
    probes: tuple[Probes, ...] = ()

    @property
    def outcome(self) -> str:
        """What ended it and what of the contract was met, in words."""
        words = f"stopped by {', '.join(self.stopped_by) or 'nothing'}"
        if self.contract:
            words += f"; {self.matched} of {self.target} conditions met"
        return words


def pack_distilled(call: Distilled) -> Iterator[dict[str, Any]]:
    """The asides that a call is kept in."""
    said = call._asdict()
    probes = said.pop("probes")
    yield {"distilled": said}
    for start in range(0, len(probes), PROBES_PER_FRAME):
        part = [[it.run, it.before, it.after] for it in probes[start : start + PROBES_PER_FRAME]]
        yield {"distilled": {"call": call.call, "probes": part}}


def unpack_distilled(payloads: Iterable[bytes]) -> list[Distilled]:
    """The calls in the ASIDE frames of a file, in their order; what is none is left out, whatever the file says."""
    calls: dict[int, Distilled] = {}
    probes: dict[int, list[Probes]] = {}
    left = MOST_PROBES
    for payload in payloads:
        said = _said(payload)
        number = said.get("call")
        if type(number) is not int or not 0 < number <= _LAST:
            continue
        if "probes" in said:
            found = _probes(said["probes"], left)
            left -= len(found)
            probes.setdefault(number, []).extend(found)
        elif len(calls) < MOST_CALLS and (call := _call(number, said)) is not None:
            calls[number] = call
    return [call._replace(probes=tuple(probes.get(number, ()))) for number, call in sorted(calls.items())]


def _said(payload: bytes) -> dict[str, Any]:
    # Most asides are something else, and some are long.
    if b'"distilled"' not in payload[:40]:
        return {}
    try:
        read = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    said = read.get("distilled") if isinstance(read, dict) else None
    return said if isinstance(said, dict) else {}


def _call(number: int, said: dict[str, Any]) -> Distilled | None:
    numbers = [said.get(name, 0) for name in ("first", "until", "begin_ns", "end_ns", "matched", "target")]
    if not all(type(it) is int and 0 <= it <= _LAST for it in numbers):
        return None
    texts = [said.get(name, "") for name in ("asked", "status")]
    if not all(isinstance(text, str) for text in texts):
        return None
    first, until, begin_ns, end_ns, matched, target = numbers
    return Distilled(
        number,
        first,
        until,
        begin_ns,
        end_ns,
        texts[0][:MAX_TEXT],
        texts[1][:MAX_TEXT],
        _lines(said.get("contract")),
        _lines(said.get("stopped_by")),
        _lines(said.get("met")),
        matched,
        target,
    )


def _lines(read: Any) -> tuple[str, ...]:
    listed = read[:_MOST_LINES] if isinstance(read, list) else []
    return tuple(line[:MAX_TEXT] for line in listed if isinstance(line, str))


def _probes(read: Any, most: int) -> list[Probes]:
    found = []
    for row in read[:most] if isinstance(read, list) else ():
        if not (isinstance(row, list) and len(row) == 3 and type(row[0]) is int and 0 < row[0] <= _LAST):
            continue
        before, after = (_texts(values) for values in row[1:])
        if before or after:
            found.append(Probes(row[0], before, after))
    return found


def _texts(read: Any) -> dict[str, str]:
    listed = list(read.items())[:_MOST_LINES] if isinstance(read, dict) else []
    return {name[:MAX_TEXT]: text[:MAX_TEXT] for name, text in listed if isinstance(text, str)}
