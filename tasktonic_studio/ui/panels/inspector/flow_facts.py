"""What the inspector says about a run or an order: what it did, why it came about, what came of it. No Qt."""

from __future__ import annotations

from typing import Final

from tasktonic.events import ERROR, HOOK, IGNORED, NO_ESSENCE, SYSTEM
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.log_lines import LogLineFacts
from tasktonic_studio.session.names import Place
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.timeline import OrderRow, RunRow
from tasktonic_studio.ui.panels.inspector.essence_facts import essence_link
from tasktonic_studio.ui.panels.inspector.fact import Fact, Subject, section, text_lines
from tasktonic_studio.ui.panels.inspector.look_back import latest_lines
from tasktonic_studio.ui.widgets import figures

HOPS_SHOWN: Final = 30
EFFECTS_SHOWN: Final = 50

OUTSIDE_WORDS: Final = {
    "timer": "a timer fired",
    "qt": "a Qt signal",
    "socket": "data from a socket",
    "asyncio": "a coroutine or a callback of asyncio",
    "outside": "code outside of any sparkle",
}


def outside_words(cause: str) -> str:
    """What outside of all sparkles made a call, in words."""
    if cause.startswith("thread "):
        return f"a call from thread {cause.removeprefix('thread ')}"
    if cause.startswith("pool "):
        return f"offloaded work: {cause.removeprefix('pool ')}"
    return OUTSIDE_WORDS.get(cause, cause or "not known")


def flag_words(flags: int) -> list[str]:
    """The flags of a run in words."""
    words = ((ERROR, "error"), (HOOK, "hook"), (IGNORED, "ignored"), (SYSTEM, "system"))
    return [word for flag, word in words if flags & flag]


def describe_run(known: Knowledge, row: RunRow) -> Subject:
    """A sparkle that ran."""
    names, began_ns = known.names, known.app.began_ns
    order = known.cause_of(row)
    cls = _class_of(known, row.essence)
    before, after = names.state(cls, row.before), names.state(cls, row.after)
    place = names.handler_place(row.sparkle, before if row.before >= 0 else "")
    flags = flag_words(row.flags)
    lines = [
        *_who(known, row.essence, row.sparkle, row.catalyst, place),
        Fact("begin", "Began", figures.moment(row.begin_ns, began_ns)),
        Fact("took", "Took", figures.duration(row.end_ns - row.begin_ns)),
    ]
    if order is not None and not row.flags & HOOK:
        lines.append(Fact("waited", "Waited before", figures.duration(max(0, row.begin_ns - order.t_ns))))
        if order.arguments:
            lines.append(Fact("arguments", "Arguments", order.arguments, mono=True, tip=order.arguments))
    if row.before >= 0 or row.after >= 0:
        moved = row.before != row.after
        lines.append(Fact("state", "State", f"{before} → {after}" if moved else before, "" if moved else "unchanged"))
    if row.flags & IGNORED:
        lines.append(Fact("ignored", "Ignored", "no handler for it in this state", shape="ignored"))
    if row.flags & HOOK:
        lines.append(Fact("hook", "Hook", "belongs to a change of state"))
    sections = [
        *section("run", "Run", lines),
        *section("error", "Error", _error(known, row)),
        *section("probes", "Probes", _probes(known, row.run)),
        *section("why", "Why", _why(known, order)),
        *section("effects", "Effects", _effects(known, row)),
    ]
    status = "error" if row.flags & ERROR else "ignored" if row.flags & IGNORED else "ok"
    return Subject(
        names.sparkle(row.sparkle),
        f"run {figures.grouped(row.run)} of {known.essences.name(row.essence)}",
        status,
        ", ".join(flags) or "ran",
        "error" if row.flags & ERROR else "",
        place,
        tuple(sections),
    )


def _probes(known: Knowledge, run: int) -> list[Fact]:
    """What the contract of a test asked for, before and after."""
    probes = known.distillation.probes_of(run)
    lines = [] if probes is None else [line.partition(" = ") for line in probes.lines()]
    return [
        Fact(name, name, value, "" if "→" in value else "unchanged", mono=True, tip=value) for name, _, value in lines
    ]


def describe_order(known: Knowledge, row: OrderRow) -> Subject:
    """A call that was queued."""
    names, began_ns = known.names, known.app.began_ns
    run = known.run_of(row.order)
    place = names.handler_place(row.sparkle)
    lines = [
        *_who(known, row.essence, row.sparkle, row.catalyst, place),
        Fact("ordered", "Ordered", figures.moment(row.t_ns, began_ns)),
    ]
    if row.arguments:
        lines.append(Fact("arguments", "Arguments", row.arguments, mono=True, tip=row.arguments))
    words, shape, waited = _became(known, row, run)
    link = Thing("run", run.run) if run is not None else None
    lines.append(Fact("became", "Became", words, waited, shape=shape, link=link))
    sections = [*section("order", "Order", lines), *section("why", "Why", _why(known, row))]
    title = names.sparkle(row.sparkle)
    kind = f"order {figures.grouped(row.order)} for {known.essences.name(row.essence)}"
    return Subject(title, kind, shape, words, "", place, tuple(sections))


def run_words(known: Knowledge, number: int) -> tuple[str, Thing | None]:
    """A run in words, with what selects it."""
    row = known.run_of(number) if number else None
    if row is None:
        return (f"run {figures.grouped(number)}, not recorded" if number else ""), None
    return f"{known.essences.name(row.essence)} · {known.names.sparkle(row.sparkle)}", Thing("run", number)


def _class_of(known: Knowledge, essence: int) -> int:
    facts = known.essences.get(essence)
    return facts.cls if facts is not None else -1


def _who(known: Knowledge, essence: int, sparkle: int, catalyst: int, place: Place | None) -> list[Fact]:
    name, link = essence_link(known, essence)
    on, on_link = essence_link(known, catalyst)
    return [
        Fact("sparkle", "Sparkle", known.names.sparkle(sparkle), place=place, mono=True),
        Fact("tonic", "Tonic", name, known.names.cls(_class_of(known, essence)) if link else "", link=link),
        Fact("catalyst", "Catalyst", on, link=on_link),
    ]


def _became(known: Knowledge, row: OrderRow, run: RunRow | None) -> tuple[str, str, str]:
    """What became of an order: words, status, how long it waited."""
    if run is not None:
        status = "error" if run.flags & ERROR else "ignored" if run.flags & IGNORED else "ok"
        words = {"error": "raised", "ignored": "ignored", "ok": "ran"}[status]
        return words, status, f"after {figures.duration(max(0, run.begin_ns - row.t_ns))}"
    facts = known.essences.get(row.essence)
    if facts is None or not facts.is_alive:
        return "dropped", "dropped", "its tonic has finished"
    return "waiting", "waiting", f"for {figures.duration(max(0, known.t_ns - row.t_ns))}"


def _why(known: Knowledge, order: OrderRow | None) -> list[Fact]:
    """The chain of causes, the nearest first, up to what came from outside."""
    if order is None:
        return [Fact("unknown", "Its order was not recorded, so its cause is not known.")]
    lines: list[Fact] = []
    hops = 0
    while order is not None and hops < HOPS_SHOWN:
        hops += 1
        when = figures.moment(order.t_ns, known.app.began_ns)
        if order.run <= 0:
            words = outside_words(order.cause)
            if order.source != NO_ESSENCE and order.cause != "timer":
                words += f", in {known.essences.name(order.source)}"
            lines.append(Fact(f"hop {hops}", when, f"outside: {words}", shape="line"))
            return lines
        run = known.run_of(order.run)
        if run is None:
            lines.append(Fact(f"hop {hops}", when, f"run {figures.grouped(order.run)}, which was not recorded"))
            return lines
        words, link = run_words(known, order.run)
        lines.append(Fact(f"hop {hops}", when, words, link=link))
        order = known.cause_of(run)
    if order is not None:
        lines.append(Fact("more", "… and further back: follow the last one."))
    else:
        lines.append(Fact("unknown", "What ordered that was not recorded."))
    return lines


def _effects(known: Knowledge, row: RunRow) -> list[Fact]:
    """What a run ordered, which states it changed, what it said."""
    lines: list[Fact] = []
    for index in known.transitions.find("run", row.run, known.transitions.count_at(known.app.first_n))[:EFFECTS_SHOWN]:
        move = known.transitions.row(int(index))
        cls = _class_of(known, move.essence)
        name, link = essence_link(known, move.essence)
        old, new = known.names.state(cls, move.old), known.names.state(cls, move.new)
        lines.append(Fact(f"state {index}", name, f"{old} → {new}", "state", role="state_change", link=link))
    for index, line in reversed(_said(known, row)):
        if line.level != "error":
            lines.append(Fact(f"line {index}", "Said", line.text, line.level, link=Thing("log", index), tip=line.text))
    orders = known.effects_of(row.run)
    for order in orders[:EFFECTS_SHOWN]:
        run = known.run_of(order.order)
        words, shape, waited = _became(known, order, run)
        name = known.essences.name(order.essence)
        link = Thing("run", run.run) if run is not None else Thing("order", order.order)
        lines.append(
            Fact(
                f"order {order.order}",
                name,
                known.names.sparkle(order.sparkle),
                f"{words} {waited}",
                shape=shape,
                link=link,
            )
        )
    if len(orders) > EFFECTS_SHOWN:
        lines.append(Fact("more", f"… {figures.grouped(len(orders) - EFFECTS_SHOWN)} more orders"))
    return lines or [Fact("none", "It ordered nothing, said nothing and changed no state.")]


def _said(known: Knowledge, row: RunRow) -> list[tuple[int, LogLineFacts]]:
    return latest_lines(
        known.log,
        lambda line: line.run == row.run and line.app == known.app.number and line.essence >= 0,
        EFFECTS_SHOWN,
    )


def _error(known: Knowledge, row: RunRow) -> list[Fact]:
    if not row.flags & ERROR:
        return []
    lines = []
    for index, line in _said(known, row):
        if line.level == "error":
            lines.append(Fact(f"error {index}", line.text, role="error", shape="error", tip=line.text))
            lines.extend(text_lines(line.detail))
    return lines or [Fact("none", "It raised; the error itself was not recorded.")]
