"""Events of a trace as lines for people, and as objects for programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tasktonic.events import (
    ERROR,
    HOOK,
    IGNORED,
    SYSTEM,
    AppBegan,
    AppEnded,
    Beat,
    Born,
    BreakpointHit,
    ByHand,
    CatalystBegan,
    CatalystEnded,
    CatalystHeld,
    Dropped,
    Ended,
    Finishing,
    Gap,
    LevelSet,
    LogLine,
    LogModeSet,
    Ordered,
    Raised,
    Ran,
    ServiceUsed,
    StateChanged,
    StateRefused,
    StoreChanged,
    StoreSilenced,
    StoreUnchanged,
    TimerFired,
    TimerSet,
    TimerStopped,
    Unmoved,
    WorkBegan,
    WorkEnded,
    WorkOffloaded,
)
from tasktonic.log_levels import ttLog
from tasktonic.trace.naming import Names
from tasktonic.trace.selecting import sparkle_of, subject_of, time_of

USUAL: Final = frozenset(
    {
        AppBegan, AppEnded, Born, Ended, Ran, StateChanged, LogLine, Raised, StoreChanged, TimerSet, TimerFired, TimerStopped,
        Dropped, Unmoved, StateRefused, Gap, BreakpointHit, ByHand, CatalystHeld, WorkOffloaded, WorkBegan, WorkEnded,
    }
)  # fmt: skip
"""Kinds that are shown when nobody asks for all: what a program did, not how it is made and who waits for whom."""

_NAME_WIDTH: Final = 20
_SYSTEM: Final = "_ttss__"


def is_usual(event: Any, names: Names) -> bool:
    """Whether it is shown when nobody asks for all."""
    return type(event) in USUAL and not sparkle_of(event, names).startswith(_SYSTEM)


def line_of(number: int, event: Any, names: Names, begin_ns: int) -> str:
    """One line: number, seconds since the begin, whom it is about, what happened. Several for a traceback."""
    time_ns = time_of(event)
    when = f"{(time_ns - begin_ns) / 1e9:12.6f}" if time_ns else " " * 12
    who = printable(names.essence(subject_of(event)))
    tell = _TELLERS.get(type(event), _any)
    return f"{number:>9} {when}  {who:{_NAME_WIDTH}} {tell(event, names)}".rstrip()


def object_of(number: int, event: Any, names: Names) -> dict[str, Any]:
    """An event for JSON: its number, its kind, its fields, and the names that belong to their numbers."""
    fields = {"n": number, "kind": type(event).__name__, **event._asdict()}
    named = {"subject": names.essence(subject_of(event)), "called": sparkle_of(event, names)}
    if isinstance(event, Ran):
        named["state_before"] = names.state(event.essence, event.before)
        named["state_after"] = names.state(event.essence, event.after)
    elif isinstance(event, StateChanged):
        named["state_before"] = names.state(event.essence, event.old)
        named["state_after"] = names.state(event.essence, event.new)
    return {**fields, **{name: text for name, text in named.items() if text}}


def printable(text: str, *, lines: bool = False) -> str:
    """Text that does nothing to a terminal, whatever is in it."""
    return "".join(c if c.isprintable() or (lines and c == "\n") else f"\\x{ord(c):02x}" for c in text)


def duration(nanoseconds: int) -> str:
    """A length of time with three figures."""
    size = float(nanoseconds)
    for unit in ("ns", "µs", "ms"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3f} s"


# ---- one function per kind


def _ran(event: Ran, names: Names) -> str:
    before, after = (names.state(event.essence, state) for state in (event.before, event.after))
    states = before if event.before == event.after else f"{before} → {after}"
    words = [
        word
        for flag, word in (
            (ERROR, "raised"),
            (IGNORED, "ignored"),
            (SYSTEM, "system"),
            (HOOK, "hook"),
        )
        if event.flags & flag
    ]
    remarks = f" ({', '.join(words)})" if words else ""
    took = f" {duration(event.end_ns - event.begin_ns)}" if event.end_ns else ""
    return f"▸ {printable(names.sparkle(event.sparkle))} [{printable(states)}]{remarks}{took}"


def _ordered(event: Ordered, names: Names) -> str:
    by = names.essence(event.source) if event.source >= 0 else event.cause
    return f"◂ {names.sparkle(event.sparkle)}({printable(event.arguments)}) from {printable(by)}"


def _dropped(event: Dropped, names: Names) -> str:
    return f"{printable(names.sparkle(event.sparkle))} will not run: {printable(event.reason)}"


def _changed(event: StateChanged, names: Names) -> str:
    return (
        f"state {printable(names.state(event.essence, event.old))} → {printable(names.state(event.essence, event.new))}"
    )


def _raised(event: Raised, names: Names) -> str:
    taken = f", taken by {names.essence(event.taken_by)}" if event.taken_by >= 0 else ""
    head = printable(f"{event.sparkle} raised {event.type}: {event.text}{taken}")
    trace = printable(event.traceback, lines=True).rstrip().replace("\n", "\n    ")
    return f"{head}\n    {trace}" if trace else head


def _stored(event: StoreChanged, names: Names) -> str:
    if event.removed:
        return f"{printable(event.path)} is gone (was {printable(event.old)})"
    before = "" if event.present else f" (was {printable(event.old)})" if event.old else ""
    return f"{printable(event.path)} = {printable(event.new)}{before}"


def by_hand_words(event: ByHand) -> str:
    """What a person did through a studio: ``by hand: store set door/open = True (studio 0.1.0, pid 4711)``."""
    what = event.what.removesuffix(" by hand")  # said once is enough
    return f"by hand: {what}{' ' * bool(event.text)}{event.text} ({event.who})"


def _timer_set(event: TimerSet, names: Names) -> str:
    every = f", then every {duration(event.period_ns)}" if event.period_ns else ""
    return f"fires in {duration(max(0, event.due_ns - event.t_ns))}{every}: {printable(event.callback)}"


def _born(event: Born, names: Names) -> str:
    context = f" in {printable(names.essence(event.context))}" if event.context >= 0 else ""
    return f"lives: {printable(names.class_of(event.essence))}{context}"


def _beat(event: Beat, names: Names) -> str:
    inside = ""
    if event.inside >= 0:
        since = duration(max(0, event.t_ns - event.since_ns))
        inside = (
            f", inside {printable(names.essence(event.inside))}.{printable(names.sparkle(event.sparkle))} for {since}"
        )
    return f"{event.depth} orders wait{inside}"


def _hit(event: BreakpointHit, names: Names) -> str:
    what = "is hit and holds" if event.held else "is hit" if event.hits else "is faulty"
    off = ", is off now" if event.off else ""
    return f"breakpoint {event.breakpoint} of {printable(event.owner)} {what}{off}: {printable(event.words)}"


def _log_mode(event: LogModeSet, names: Names) -> str:
    try:
        return f"log mode {ttLog(event.log_mode).name}"
    except ValueError:
        return f"log mode {event.log_mode}"


def _gap(event: Gap, names: Names) -> str:
    return f"… {event.orders:,} orders and {event.runs:,} runs are not in the trace (until {duration(event.until_ns - event.t_ns)} later)"


def _refused(event: StateRefused, names: Names) -> str:
    why = "it has no such state" if event.reason == "unknown" else f"it is {printable(event.reason)}"
    return f"does not go to state {printable(event.state)}: {why}"


def _silenced(event: StoreSilenced, names: Names) -> str:
    who = f"{printable(names.essence(event.essence))}." if event.essence >= 0 else ""
    return f"{who}{printable(event.callback)} is not told of {printable(event.path)}: {printable(event.reason)}"


_LEVELS: Final = ("nothing of the flow", "runs", "orders and runs", "orders, their arguments, and runs")


def _level(event: LevelSet, names: Names) -> str:
    what = _LEVELS[event.level] if 0 <= event.level < len(_LEVELS) else f"level {event.level}"
    return f"from here on {what} {'are' if event.level else 'is'} noted"


def _work(event: Any) -> str:
    return f"work {event.work} ({printable(event.function)})"


def _any(event: Any, names: Names) -> str:
    fields = ", ".join(f"{field}={value!r}" for field, value in event._asdict().items() if field != "t_ns")
    return printable(f"{type(event).__name__}({fields})")


_TELLERS: Final[dict[type, Callable[[Any, Names], str]]] = {
    AppBegan: lambda event, names: f"app {event.app} begins: {printable(event.name)}, process {event.pid}",
    AppEnded: lambda event, names: (
        f"app {event.app} has ended{': ' if event.problem else ''}{printable(event.problem)}"
    ),
    Beat: _beat,
    Born: _born,
    ByHand: lambda event, names: printable(by_hand_words(event)),
    BreakpointHit: _hit,
    CatalystBegan: lambda event, names: f"turns on {printable(event.thread)} ({printable(event.driver)})",
    CatalystEnded: lambda event, names: "turns no more",
    CatalystHeld: lambda event, names: "is held" if event.held else "is let go",
    Dropped: _dropped,
    Ended: lambda event, names: "has ended",
    Finishing: lambda event, names: "is asked to finish",
    Gap: _gap,
    LevelSet: _level,
    LogLine: lambda event, names: printable(event.text),
    LogModeSet: _log_mode,
    Ordered: _ordered,
    Raised: _raised,
    Ran: _ran,
    ServiceUsed: lambda event, names: (
        f"is {'' if event.joined else 'no longer '}used by {printable(names.essence(event.user))}"
    ),
    StateChanged: _changed,
    StateRefused: _refused,
    StoreChanged: _stored,
    StoreSilenced: _silenced,
    StoreUnchanged: lambda event, names: f"{printable(event.path)} was set to what it is",
    TimerFired: lambda event, names: "fires",
    TimerSet: _timer_set,
    TimerStopped: lambda event, names: f"stops, {duration(event.remaining_ns)} left",
    Unmoved: lambda event, names: f"is in state {printable(names.state(event.essence, event.state))} already",
    WorkBegan: lambda event, names: f"{_work(event)} begins{' in ' * bool(event.worker)}{printable(event.worker)}",
    WorkEnded: lambda event, names: (
        f"{_work(event)} {'has' if event.outcome == 'failed' else 'is'} {printable(event.outcome)}"
        f"{': ' * bool(event.error)}{printable(event.error)}"
    ),
    WorkOffloaded: lambda event, names: f"{_work(event)} is handed to a {printable(event.place)} of the pool",
}
