"""What a finding says: what it is, where, why it matters, what to do, and how bad it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePath
from typing import Final, Literal, NamedTuple

from tasktonic.events import HOOK
from tasktonic_studio.session.finding import Finding, hanging
from tasktonic_studio.session.findings import PILE
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.mutual_waits import waiting_for_each_other
from tasktonic_studio.session.names import Place
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.timeline import RunRow

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
        "waits",
        "Wait for each other",
        "warning",
        "tonics that wait for each other",
        "Each ignored what the other had asked for, and has stood still since; nothing gets them going. Handle the request in the "
        "state that waits as well, or let one of them ask before the other.",
    ),
    FindingKind(
        "service",
        "Finished while in use",
        "warning",
        "services that one user finishes under the others",
        "The other users' orders are dropped from now on. Leave it alone: a service ends with the app, or with its last user when it "
        "says _tt_service_ends_when_unused = True.",
    ),
    FindingKind(
        "echo",
        "Echo in the store",
        "warning",
        "values of a store that are written in consequence of themselves, over and over",
        "Each write calls who listens, who writes again. Write only when the value is really another one, or subscribe with "
        "ignore_source= so that a tonic does not hear itself.",
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
        "late",
        "Late timer",
        "warning",
        "timers that fire a tenth of a second late or more",
        "Its catalyst was busy with something else when it was due. Cut that into smaller sparkles, hand it to the pool with offload, "
        "or give one of the two a catalyst of its own.",
    ),
    FindingKind(
        "pile",
        "Timers pile up",
        "hint",
        f"tonics that have {PILE} timers waiting to call the same sparkle",
        "Each of them fires, so that the sparkle runs as many times. Keep one timer and restart() it, or finish the old one before a "
        "new one is made.",
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
_NEAR_ROWS: Final = 64
_RANK: Final = {kind.id: rank for rank, kind in enumerate(KINDS)}


def severity_of(finding: Finding) -> Severity:
    """How bad it is; an exception that a tonic took in its `ttse__on_error` each time is less so."""
    kind = KIND_BY_ID[finding.kind]
    return "warning" if kind.severity == "error" and finding.taken else kind.severity


def ranked(known: Knowledge) -> list[Finding]:
    """All findings at a moment: the worst first, then by kind, then what began first. Rows do not move when they count on."""
    found = [*known.findings.by_key.values(), *of_the_moment(known)]
    return sorted(found, key=lambda it: (SEVERITIES.index(severity_of(it)), _RANK[it.kind], it.first_n, it.catalyst))


def of_the_moment(known: Knowledge) -> list[Finding]:
    """What is so at this moment and may be over at the next."""
    return [*hanging(known), *waiting_for_each_other(known)]


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
    if finding.kind in ("error", "unknown state", "argument", "timer", "dead", "waits"):
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
    if finding.kind == "service":
        return f"was asked to finish{_by_whom(known, finding)} while it has these users: {finding.text}"
    if finding.kind == "echo":
        return (
            f"{finding.text} was written {finding.times:,} times or more, each time in consequence of the write before"
        )
    if finding.kind == "late":
        return f"fired up to {duration(finding.worst)} late{_meanwhile(known, finding, duration)}"
    if finding.kind == "pile":
        return f"{finding.worst:,} timers waited at once to call it"
    if finding.kind == "dropped":
        return "ordered while the tonic was finishing, so it did not run"
    if not finding.worst:
        return "what happened in between is not known"
    return f"{finding.worst:,} orders and runs are missing"


def _by_whom(known: Knowledge, finding: Finding) -> str:
    order = known.order_of(finding.run) if is_of_present_app(known, finding) else None
    return f" by {known.essences.name(order.essence)}" if order is not None else ""


def _meanwhile(known: Knowledge, finding: Finding, duration: Callable[[int], str]) -> str:
    run = run_in_the_way(known, finding)
    if run is None:
        return ""
    facts = known.essences.get(run.essence)
    owner = known.names.cls(facts.cls) if facts is not None else known.essences.name(run.essence)
    return f": last time {owner}.{known.names.sparkle(run.sparkle)} ran for {duration(run.end_ns - run.begin_ns)}"


def run_in_the_way(known: Knowledge, finding: Finding) -> RunRow | None:
    """The longest of the last runs on the catalyst before a timer of it fired late."""
    if not is_of_present_app(known, finding):
        return None
    stop = known.runs.count_at(finding.last_n)
    near = known.runs.rows(max(stop - _NEAR_ROWS, known.runs.count_at(known.app.first_n)), stop)
    fitting = [run for run in near if run.catalyst == finding.catalyst and not run.flags & HOOK]
    return max(fitting, key=lambda run: min(run.end_ns - run.begin_ns, run.end_ns), default=None)


def _place_of_number(known: Knowledge, number: int) -> Place | None:
    """The handler of a run that may still go on: of its end there is no record yet, of its order there is."""
    run, order = known.run_of(number), known.order_of(number)
    if run is not None or order is None:
        return _place_of_run(known, run) if run is not None else None
    return known.names.handler_place(order.sparkle, known.state_name(order.essence))


def _place_of_run(known: Knowledge, run: RunRow) -> Place | None:
    facts = known.essences.get(run.essence)
    state = known.names.state(facts.cls, run.before) if facts is not None and run.before >= 0 else ""
    return known.names.handler_place(run.sparkle, state)


def place_of_finding(known: Knowledge, finding: Finding) -> Place | None:
    """Where in the source it is: the line that led to an exception, else the handler, else the class."""
    if finding.kind == "late" and (run := run_in_the_way(known, finding)) is not None:
        return _place_of_run(known, run)
    if finding.kind in ("service", "echo", "pile"):
        place = _place_of_number(known, finding.run)
    else:
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
    if finding.kind == "late":
        run = run_in_the_way(known, finding)
        return Thing("run", run.run) if run is not None else Thing("essence", finding.essence)
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
