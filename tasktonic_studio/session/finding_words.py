"""What a finding says: what it is, where, why it matters, what to do, and how bad it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePath
from typing import Final, Literal, NamedTuple

from tasktonic_studio.session.findings import Finding, hanging
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.names import Place
from tasktonic_studio.session.selection import Thing

Severity = Literal["error", "warning", "hint"]
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "hint")
"""From bad to less so."""


class FindingKind(NamedTuple):
    """A kind of finding.

    `title` is its name in two words or three, `looked_for` what the panel says that it looks for, `advice` a sentence why it
    matters and what to do.
    """

    id: str
    title: str
    severity: Severity
    looked_for: str
    advice: str


KINDS: Final[tuple[FindingKind, ...]] = (
    FindingKind(
        "error",
        "Exception",
        "error",
        "exceptions",
        "The sparkle ended where it was raised, so that what should have come after it did not happen. The traceback is in the "
        "log; catch it there, or take it in ttse__on_error.",
    ),
    FindingKind(
        "unknown state",
        "Unknown state",
        "error",
        "states that are asked for and do not exist",
        "The tonic stayed in the state it was in. Correct the name, or add the state: it comes from methods such as "
        "ttse_open__on_enter, and from _tt_states.",
    ),
    FindingKind(
        "argument",
        "Cannot be copied",
        "error",
        "arguments that cannot be handed to another thread",
        "The order was not queued: what goes to another catalyst is copied. Pass plain data, or hand it over on purpose with "
        "ttShared(value).",
    ),
    FindingKind(
        "timer",
        "Timer without a sparkle",
        "error",
        "timers that have nothing to call",
        "The timer does not run. Add the sparkle that it looks for, or give it one with sparkle_back=.",
    ),
    FindingKind(
        "dead",
        "Ended badly",
        "error",
        "catalysts that died",
        "What still waited was lost. The last errors and lines of the log say more; look at the moment before.",
    ),
    FindingKind(
        "hangs",
        "Hangs",
        "error",
        "catalysts that hang inside a sparkle",
        "Nothing else on this catalyst runs meanwhile. The panel Catalysts shows where in the source it is. Hand long work to the "
        "pool with offload, or wait with a timer instead of a loop.",
    ),
    FindingKind(
        "growing",
        "Growing queue",
        "warning",
        "queues that grow and grow",
        "Orders come faster than they are run, so that each waits longer than the one before. Send less, do less per order, or "
        "give the tonic a catalyst of its own.",
    ),
    FindingKind(
        "giant",
        "Giant sparkle",
        "warning",
        "sparkles that let others wait for a tenth of a second",
        "All else on its catalyst has to wait meanwhile. Cut it into smaller sparkles, or hand the work to the pool with offload.",
    ),
    FindingKind(
        "ignored",
        "Ignored often",
        "warning",
        "sparkles that are ignored a hundred times in one state",
        "There is no handler in that state, so nothing happened. Add one, or do not send it then.",
    ),
    FindingKind(
        "dropped",
        "Dropped",
        "hint",
        "orders that were dropped because their tonic was finishing",
        "Who sent it may wait for something that will never come. Finish after the last order, or tell the sender first.",
    ),
    FindingKind(
        "lost",
        "Lost runs",
        "hint",
        "stretches where runs and orders were lost",
        "More happened than could be taken in: counts, causes and queues of that stretch are not complete. Births, ends, "
        "states, log lines and errors are.",
    ),
)
KIND_BY_ID: Final = {kind.id: kind for kind in KINDS}
_FRAME: Final = re.compile(r'^  File "(.+)", line (\d+)', re.MULTILINE)
_RANK: Final = {kind.id: rank for rank, kind in enumerate(KINDS)}


def severity_of(finding: Finding) -> Severity:
    """How bad it is; an exception that a tonic took in its `ttse__on_error` each time is less so."""
    kind = KIND_BY_ID[finding.kind]
    return "warning" if kind.severity == "error" and finding.taken else kind.severity


def ranked(known: Knowledge) -> list[Finding]:
    """All findings at a moment: the worst first, then by kind, then what began first. Rows do not move when they count on."""
    found = [*known.findings.by_key.values(), *hanging(known)]
    return sorted(found, key=lambda it: (SEVERITIES.index(severity_of(it)), _RANK[it.kind], it.first_n, it.catalyst))


def is_of_present_app(known: Knowledge, finding: Finding) -> bool:
    """Whether its ids mean something at the moment that is known."""
    return finding.app == known.app.number


def tonic_of(known: Knowledge, finding: Finding) -> str:
    """The tonic it is about, as `pump 3`, or `pump 3 and 2 more`; empty for none."""
    if finding.kind == "dead":
        return _catalysts(known, finding)
    name = finding.name
    if not name and finding.essence >= 0 and is_of_present_app(known, finding):
        name = known.essences.name(finding.essence)
    if finding.tonics > 1 and name:
        return f"{name} and {finding.tonics - 1:,} more"
    return name


def _catalysts(known: Knowledge, finding: Finding) -> str:
    if finding.catalyst < 0 or not is_of_present_app(known, finding):
        return ""
    name = known.essences.name(finding.catalyst)
    return name if finding.tonics == 1 else f"{name} and {finding.tonics - 1:,} more"


def class_of(known: Knowledge, finding: Finding) -> str:
    """The class it is about; empty for none."""
    return known.names.cls(finding.cls) if finding.cls >= 0 else ""


def sparkle_of(known: Knowledge, finding: Finding) -> str:
    """The sparkle it is about; empty for none."""
    return known.names.sparkle(finding.sparkle) if finding.sparkle >= 0 else finding.called


def state_of(known: Knowledge, finding: Finding) -> str:
    """The state it was in; empty for none."""
    return known.names.state(finding.cls, finding.state) if finding.cls >= 0 and finding.state >= 0 else ""


def where(known: Knowledge, finding: Finding) -> str:
    """`pump 3 · Pump.ttsc__open · in state idle`, as much of it as there is."""
    owner, sparkle, state = class_of(known, finding), sparkle_of(known, finding), state_of(known, finding)
    called = f"{owner}.{sparkle}" if owner and sparkle else owner or sparkle
    return " · ".join(filter(None, (tonic_of(known, finding), called, f"in state {state}" if state else "")))


def what(known: Knowledge, finding: Finding, duration: Callable[[int], str]) -> str:
    """What happened, in some words. `duration` writes nanoseconds."""
    if finding.kind in ("error", "unknown state", "argument", "timer", "dead"):
        return finding.text
    if finding.kind == "hangs":
        name = known.essences.name(finding.catalyst)
        has_ended = not known.catalysts[finding.catalyst].alive if finding.catalyst in known.catalysts else True
        said = "was" if has_ended else "has been"
        return f"{name} {said} inside one sparkle for {duration(finding.worst)}"
    if finding.kind == "growing":
        return f"the queue grew to {finding.worst:,} orders in {duration(finding.last_ns - finding.first_ns)}"
    if finding.kind == "giant":
        return f"took up to {duration(finding.worst)}"
    if finding.kind == "ignored":
        return f"ignored {finding.times:,} times: no handler in this state"
    if finding.kind == "dropped":
        return "ordered while the tonic was finishing, so it did not run"
    if not finding.worst:
        return "what happened in between is not known"
    return f"{finding.worst:,} orders and runs are missing"


def place_of_finding(known: Knowledge, finding: Finding) -> Place | None:
    """Where in the source it is: the line that led to an exception, else the handler, else the class."""
    place = _place_in(known, finding.detail)
    if place is not None:
        return place
    if finding.kind == "growing":
        return None
    if finding.sparkle >= 0:
        place = known.names.handler_place(finding.sparkle, state_of(known, finding))
        if place is not None:
            return place
    return known.names.place(finding.cls) if finding.cls >= 0 else None


def thing_of(known: Knowledge, finding: Finding) -> Thing | None:
    """What to select for its last occurrence, as far as it is known at this moment."""
    if not is_of_present_app(known, finding):
        return None
    if known.log.first <= finding.line < len(known.log):
        return Thing("log", finding.line)
    if finding.run and known.run_of(finding.run) is not None:
        return Thing("run", finding.run)
    if finding.order and known.order_of(finding.order) is not None:
        return Thing("order", finding.order)
    if finding.kind in ("hangs", "growing", "dead") and finding.catalyst >= 0:
        return Thing("catalyst", finding.catalyst)
    return Thing("essence", finding.essence) if finding.essence >= 0 else None


def _place_in(known: Knowledge, traceback: str) -> Place | None:
    """The innermost line of a traceback that is in a file with tonics of the app, else the innermost outside the framework."""
    frames = [Place(file, int(line)) for file, line in _FRAME.findall(traceback)]
    if not frames:
        return None
    own, framework = set(), set()
    for cls in known.names.classes.values():
        if cls.module.split(".")[0] == "tasktonic":
            framework.add(PurePath(cls.file).parent)
        else:
            own.add(cls.file)
    outside = [it for it in frames if framework.isdisjoint(PurePath(it.file).parents)]
    return next((it for it in reversed(outside) if it.file in own), (outside or frames)[-1])


def place_words(place: Place | None) -> str:
    """`door.py:12`; empty for none."""
    return f"{PurePath(place.file).name}:{place.line}" if place is not None else ""
