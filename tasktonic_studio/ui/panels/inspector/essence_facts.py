"""What the inspector says about an essence: a tonic, a service, a catalyst, a timer. No Qt."""

from __future__ import annotations

import re
from typing import Any, Final

from tasktonic.events import ERROR, HOOK, IGNORED, SYSTEM
from tasktonic_studio.session.essences import EssenceFacts
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.queues import CatalystFacts
from tasktonic_studio.session.record_limits import counts_now
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.timers import TimerFacts
from tasktonic_studio.ui.panels.inspector.fact import Fact, Subject, section, text_lines
from tasktonic_studio.ui.panels.inspector.look_back import latest_lines, latest_rows
from tasktonic_studio.ui.panels.inspector.signal_facts import signal_lines
from tasktonic_studio.ui.panels.inspector.work_facts import heavy_work
from tasktonic_studio.ui.widgets import figures
from tasktonic_studio.ui.widgets.essence_words import GONE, LONG_NS, depth_of, state_words

RUNS_SHOWN: Final = 12
CHILDREN_SHOWN: Final = 50
ERRORS_SHOWN: Final = 5

_ESSENCE_PREVIEW: Final = re.compile(r"(?P<name>.+) \((?P<cls>\w+) (?P<id>\d{1,15})\)")

LOG_MODES: Final = {
    0: ("stealth", "nothing of it is logged"),
    1: ("off", "its life is logged"),
    2: ("quiet", "its life and what it says are logged"),
    3: ("full", "every sparkle is logged"),
}


def describe_essence(known: Knowledge, facts: EssenceFacts, *, can_ask: bool) -> Subject:
    """Everything about one essence. ``can_ask``: its attributes can be had, so an answer may be on its way."""
    names = known.names
    cls = names.cls(facts.cls)
    shape, words, _role = state_words(known, facts)
    sections = [
        *section("identity", "Identity", _identity(known, facts)),
        *section("catalyst", "Catalyst", _catalyst(known, facts)),
        *section("states", "State", _states(known, facts)),
        *section("attributes", "Attributes", _attributes(known, facts, can_ask=can_ask)),
        *section("signals", "Signals of widgets", signal_lines(known, facts)),
        *section("timers", "Timers", _timers(known, facts)),
        *section("work", "Heavy work", heavy_work(known, facts)),
        *section("errors", "Errors", _errors(known, facts)),
        *section("hands", "Done by hand", _hands(known, facts)),
        *section("children", "Bindings", _children(known, facts)),
        *section("users", "Used by", _users(known, facts)),
        *section("uses", "Uses", _uses(known, facts)),
        *section("runs", "Last runs", _runs(known, facts)),
    ]
    return Subject(facts.name, cls, shape, words, "", names.place(facts.cls), tuple(sections))


def essence_link(known: Knowledge, essence: int) -> tuple[str, Thing | None]:
    """The name of an essence and what selects it; empty and None for -1."""
    return known.essences.name(essence), Thing("essence", essence) if essence in known.essences else None


def _identity(known: Knowledge, facts: EssenceFacts) -> list[Fact]:
    names, began_ns = known.names, known.app.began_ns
    lines = [
        Fact("class", "Class", names.cls(facts.cls), link=Thing("class", facts.cls), tip=_module(known, facts.cls)),
        Fact("id", "Id", str(facts.id)),
    ]
    for key, title, other in (("context", "Context", facts.context), ("catalyst", "Catalyst", facts.catalyst)):
        if other not in (-1, facts.id):
            name, link = essence_link(known, other)
            lines.append(Fact(key, title, name, link=link))
    if facts.service:
        lines.append(Fact("service", "Service", facts.service))
    mode, meaning = LOG_MODES.get(facts.log_mode, (str(facts.log_mode), ""))
    lines.append(Fact("log mode", "Log mode", mode, tip=meaning))
    born = figures.moment(facts.born_ns, began_ns) if facts.born_ns else "before it was watched"
    end_ns = facts.ended_ns or known.t_ns
    lived = ""
    if facts.born_ns and facts.is_alive:
        span = figures.duration(max(0, end_ns - facts.born_ns))
        lived = f"{span} before the end" if known.target.status in GONE else f"{span} ago"
    lines.append(Fact("born", "Born", born, lived))
    if facts.finishing_ns is not None and facts.ended_ns is None:
        lines.append(
            Fact("finishing", "Finishing", f"since {figures.moment(facts.finishing_ns, began_ns)}", shape="finishing")
        )
    if facts.ended_ns is not None:
        after = f"after {figures.duration(facts.ended_ns - facts.born_ns)}" if facts.born_ns else ""
        lines.append(Fact("ended", "Finished", figures.moment(facts.ended_ns, began_ns), after, shape="finished"))
    rate = figures.rate(known.essences.rate(facts.id)) if facts.is_alive else ""
    lines.append(Fact("sparkles", "Sparkles run", figures.grouped(facts.sparkles), f"{rate} /s" if rate else ""))
    return lines


def _module(known: Knowledge, cls: int) -> str:
    defined = known.names.classes.get(cls)
    if defined is None:
        return ""
    return f"{defined.module}.{defined.name}" + (
        f", based on {defined.bases.replace(',', ', ')}" if defined.bases else ""
    )


def _catalyst(known: Knowledge, facts: EssenceFacts) -> list[Fact]:
    catalyst = known.catalysts.get(facts.id)
    if catalyst is None:
        return []
    status, words = _catalyst_status(known, facts, catalyst)
    waiting = depth_of(known, catalyst)
    before = f"{figures.grouped(catalyst.depth)} before the end" if catalyst.depth > waiting else ""
    busy, pace = f"{catalyst.busy_share:.0%}", f"{figures.rate(catalyst.rate) or 0} sparkles/s"
    if not counts_now(known):
        busy, pace = "not counted", "while runs are left out"
    lines = [
        Fact("status", "Status", words, shape=status),
        Fact("driver", "Turned by", catalyst.driver or "not known", catalyst.thread),
        Fact("depth", "Waiting orders", figures.grouped(waiting), before),
        Fact("busy", "Busy", busy, pace),
    ]
    if catalyst.inside >= 0:
        name, link = essence_link(known, catalyst.inside)
        sparkle = known.names.sparkle(catalyst.inside_sparkle) if catalyst.inside_sparkle >= 0 else "a sparkle"
        inside = figures.duration(catalyst.inside_for_ns(known.t_ns))
        lines.append(Fact("inside", "Inside", f"{name} · {sparkle}", f"for {inside}", shape="running", link=link))
    return lines


def _catalyst_status(known: Knowledge, facts: EssenceFacts, catalyst: CatalystFacts) -> tuple[str, str]:
    """The shape and the words for how a catalyst is. That it ended in order is no cause for alarm."""
    if not catalyst.alive:
        died = known.target.died and facts.is_alive
        failed = bool(known.app.problem) and catalyst.failed_line >= 0
        return ("dead", "is dead") if died or failed else ("finished", "has ended")
    if known.target.status in GONE:
        return "finished", "has ended"
    return ("paused", "held") if catalyst.held else ("ok", "turns")


def _states(known: Knowledge, facts: EssenceFacts) -> list[Fact]:
    states = known.names.states(facts.cls)
    if not states:
        return []
    now = known.names.state(facts.cls, facts.state)
    shape = "ok" if facts.is_alive and known.target.status not in GONE else "finished"
    last = latest_rows(known.transitions, lambda columns: columns["essence"] == facts.id, 1)
    lines = []
    for state in states:
        if state == now:
            since = f"since {figures.moment(last[0].t_ns, known.app.began_ns)}" if last else "from the start"
            spent = figures.duration(max(0, (facts.ended_ns or known.t_ns) - last[0].t_ns)) if last else ""
            link = Thing("run", last[0].run) if last and last[0].run else None
            tip = "Show the run that brought it here." if link else ""
            lines.append(
                Fact(
                    f"state {state}",
                    state,
                    since,
                    spent,
                    shape=shape,
                    link=link,
                    tip=tip,
                )
            )
        else:
            came_from = bool(last) and known.names.state(facts.cls, last[0].old) == state
            words = "–" if not came_from else "the one before" if facts.is_alive else "the last one"
            lines.append(Fact(f"state {state}", state, words, role="text_muted"))
    return lines


def _attributes(known: Knowledge, facts: EssenceFacts, *, can_ask: bool) -> list[Fact]:
    answer = known.attributes.get(facts.id)
    if answer is None:
        if not facts.is_alive:
            return []
        return [Fact("none", _why_no_attributes(known, facts, can_ask=can_ask))]
    own = [row for row in answer.rows if not _is_qts(row)]
    lines = [attribute(known, row) for row in own]
    if len(own) < len(answer.rows):
        lines.append(Fact("qt", f"… {figures.grouped(len(answer.rows) - len(own))} more that Qt put there"))
    if answer.problem and (facts.is_alive or not lines):
        lines.insert(0, Fact("problem", answer.problem, tip=answer.problem))
    elif not lines:
        lines.append(Fact("none", "It has none of its own."))
    if not can_ask and answer.rows:
        lines.append(Fact("as of", f"As of {figures.moment(answer.t_ns, known.app.began_ns)}."))
    return lines


def _is_qts(row: Any) -> bool:
    """Whether PySide keeps this attribute in a widget for itself: signals that were touched, and what it is made of."""
    name: str = row.name
    kind: str = row.type
    return kind.endswith("QtCore.SignalInstance") or (name.startswith("__") and name.endswith("__"))


def _why_no_attributes(known: Knowledge, facts: EssenceFacts, *, can_ask: bool) -> str:
    if known.target.how == "file":
        return "A recording has no attributes of tonics in it."
    if not can_ask:
        is_past = known.target.status not in GONE
        return "What they were at this moment is not known." if is_past else "They were not asked for while it ran."
    catalyst = known.catalysts.get(facts.catalyst)
    if catalyst is not None and catalyst.inside >= 0 and catalyst.inside_for_ns(known.t_ns) >= LONG_NS:
        # A tonic is only looked at between two sparkles.
        inside = f"{known.essences.name(catalyst.inside)} · {known.names.sparkle(catalyst.inside_sparkle)}"
        return f"They can be had when {inside} is through; it has run for {figures.duration(catalyst.inside_for_ns(known.t_ns))}."
    return "Asking for them …"


def attribute(known: Knowledge, row: Any) -> Fact:
    """One attribute with what is inside it; ``row`` is an `AttributeRow` of the protocol."""
    inside = tuple(attribute(known, child) for child in row.children)
    return Fact(
        f"attribute {row.name}",
        row.name,
        row.preview or "–",
        row.type,
        link=_essence_in(known, row),
        mono=True,
        code_name=True,
        tip=row.preview,
        below=inside,
    )


def _essence_in(known: Knowledge, row: Any) -> Thing | None:
    """The tonic that an attribute holds. A preview is text: it counts only when name, class and id all agree."""
    said = _ESSENCE_PREVIEW.fullmatch(row.preview)
    facts = known.essences.get(int(said["id"])) if said else None
    if said is None or facts is None or facts.name != said["name"] or known.names.cls(facts.cls) != said["cls"]:
        return None
    # The type of an attribute has its module before it, except where the script itself defines the class.
    is_its_class = row.type == said["cls"] or row.type.endswith(f".{said['cls']}")
    return Thing("essence", facts.id) if is_its_class else None


def timer_words(timer: TimerFacts, now_ns: int) -> tuple[str, str, str]:
    """When a timer is due, how often it fires, and its status."""
    often = f"every {figures.duration(timer.period_ns)}" if timer.period_ns > 0 else "once"
    if timer.period_ns < 0:
        often = "by the calendar"
    if timer.remaining_ns is not None:
        return (
            f"stopped, {figures.duration(timer.remaining_ns)} left" if timer.remaining_ns else "done",
            often,
            "paused",
        )
    left_ns = timer.due_ns - now_ns
    # Its time may have come between two looks; a figure below zero would only puzzle.
    return (f"in {figures.duration(left_ns)}" if left_ns > 0 else "due now"), often, "waiting"


def _timers(known: Knowledge, facts: EssenceFacts) -> list[Fact]:
    own = known.timers.get(facts.id)
    timers = [own] if own is not None else known.timers_of(facts.id)
    lines = []
    for timer in timers[:CHILDREN_SHOWN]:
        due, often, status = timer_words(timer, known.timers_now_ns(timer.id))
        if known.target.status in GONE and status == "waiting":
            due, status = "ended before it was due", "finished"
        link = Thing("essence", timer.id) if own is None else None
        fired = f"fired {figures.counted(timer.fired, 'time')}"
        lines.append(
            Fact(
                f"timer {timer.id}",
                timer.callback or "a function",
                due,
                often,
                shape=status,
                link=link,
                mono=False,
                tip=fired,
            )
        )
    return lines + _more(len(timers))


def _more(count: int) -> list[Fact]:
    return [Fact("more", f"… {figures.grouped(count - CHILDREN_SHOWN)} more")] if count > CHILDREN_SHOWN else []


def _children(known: Knowledge, facts: EssenceFacts) -> list[Fact]:
    alive: list[Fact] = []
    finished = count = 0
    for child in known.essences.children(facts.id):
        if child in known.timers:
            continue
        below = known.essences.get(child)
        if below is None or not below.is_alive:
            finished += 1
            continue
        count += 1
        if count <= CHILDREN_SHOWN:
            alive.append(_essence_line(known, below))
    lines = alive + _more(count)
    if finished:
        lines.append(Fact("finished", f"{figures.grouped(finished)} finished"))
    return lines


def _essence_line(known: Knowledge, facts: EssenceFacts) -> Fact:
    shape, state, _role = state_words(known, facts)
    return Fact(
        f"essence {facts.id}",
        facts.name,
        state,
        known.names.cls(facts.cls),
        shape=shape,
        link=Thing("essence", facts.id),
    )


def _users(known: Knowledge, facts: EssenceFacts) -> list[Fact]:
    if not facts.service:
        return []
    users = [user for user in map(known.essences.get, facts.users[:CHILDREN_SHOWN]) if user is not None]
    lines = [_essence_line(known, user) for user in users] + _more(len(facts.users))
    return lines or [Fact("none", "Nobody uses it now.")]


def _uses(known: Knowledge, facts: EssenceFacts) -> list[Fact]:
    services = (known.essences.get(service) for service in known.essences.services)
    return [_essence_line(known, it) for it in services if it is not None and facts.id in it.users]


def _hands(known: Knowledge, facts: EssenceFacts) -> list[Fact]:
    """What people did to it through a studio, the latest first."""
    lines = []
    for index in reversed(known.hands.get(facts.id, ())):
        for line in known.log.slice(index, index + 1):
            when = figures.moment(line.t_ns, known.app.began_ns)
            lines.append(Fact(f"hand {index}", when, line.text, shape="hand", link=Thing("log", index), tip=line.text))
    return lines


def _errors(known: Knowledge, facts: EssenceFacts) -> list[Fact]:
    if not facts.errors:
        return []
    found = latest_lines(
        known.log,
        lambda line: line.level == "error" and line.essence == facts.id and line.app == known.app.number,
        ERRORS_SHOWN,
    )
    lines = [
        Fact(
            f"error {index}",
            figures.moment(line.t_ns, known.app.began_ns),
            line.text,
            role="error",
            shape="error",
            link=Thing("log", index),
            tip=line.text,
            below=text_lines(line.detail),
        )
        for index, line in found
    ]
    if facts.errors > len(lines):
        lines.append(Fact("more", f"{figures.counted(facts.errors, 'error')} in all"))
    return lines


def _runs(known: Knowledge, facts: EssenceFacts) -> list[Fact]:
    begin = known.runs.count_at(known.app.first_n)
    rows = latest_rows(
        known.runs,
        lambda columns: (columns["essence"] == facts.id) & (columns["flags"] & (HOOK | SYSTEM) == 0),
        RUNS_SHOWN,
        begin=begin,
    )
    return [
        Fact(
            f"run {row.run}",
            figures.moment(row.begin_ns, known.app.began_ns),
            known.names.sparkle(row.sparkle),
            figures.duration(row.end_ns - row.begin_ns),
            shape="error" if row.flags & ERROR else "ignored" if row.flags & IGNORED else "",
            link=Thing("run", row.run),
        )
        for row in rows
    ]
