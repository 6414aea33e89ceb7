"""Rows and lifelines of a sequence diagram in words: on arrows, in tool tips, in the table, in files. No Qt."""

from __future__ import annotations

from tasktonic_studio.diagrams.lifelines import OTHERS
from tasktonic_studio.session.calls import OUTSIDE, RAN
from tasktonic_studio.session.knowledge import GapFacts, Knowledge
from tasktonic_studio.session.sequence import Lifeline, Row, SequenceDiagram
from tasktonic_studio.ui.widgets import figures


def label(row: Row) -> str:
    """What stands on an arrow: the sparkle, how often, and what was special."""
    name = figures.short(row.name, 200)
    often = f" ×{figures.grouped(row.times)}" if row.times > 1 else ""
    marks = marks_of(row)
    return f"{name}{often} · {marks}" if marks else f"{name}{often}"


def marks_of(row: Row) -> str:
    """What was special about the calls of a row: ``raised``, ``2 ignored``; empty when nothing was."""
    found = []
    for count, words in (
        (row.errors, "raised"),
        (row.ignored, "ignored"),
        (row.waiting, "waiting"),
        (row.not_seen, "not seen to run"),
    ):
        if count:
            found.append(words if row.calls == 1 else f"{figures.grouped(count)} {words}")
    return ", ".join(found)


def gap_words(gap: GapFacts) -> str:
    """What a row says where flow was lost."""
    lost = figures.counted(gap.orders, "call") if gap.orders else figures.counted(gap.runs, "run")
    return f"{lost} lost here"


def line_words(line: Lifeline) -> str:
    """The second line of a lifeline's head: what it is."""
    if line.id == OTHERS:
        return "at the border"
    if line.kind == "outside":
        if line.inside:
            return f"+{line.inside} · outside"
        return "outside" if line.name != "outside" else "no tonic"
    return f"+{figures.grouped(line.inside)} · {line.cls}" if line.inside else line.cls


def line_tip(line: Lifeline) -> str:
    """A lifeline in a sentence."""
    if line.id == OTHERS:
        return f"{figures.counted(line.inside, 'participant')} that have no lifeline of their own: too many take part."
    if line.kind == "outside":
        return f"{line.name}: not a tonic, but what called from outside."
    if not line.inside:
        return f"{figures.short(line.name)} · {line.cls}"
    others = figures.counted(line.inside, "other")
    return f"{figures.short(line.name)} · {line.cls}, with {others} of below it. Press + to let each stand alone."


def told(known: Knowledge, diagram: SequenceDiagram, row: Row) -> list[tuple[str, str]]:
    """All about a row, as words and values, for a tool tip and a screen reader."""
    if row.gap is not None:
        return [("lost", gap_words(row.gap))]
    calls, at = diagram.calls, row.call
    began = known.app.began_ns
    row_of_order = int(calls.row[at])
    order = known.orders.row(row_of_order) if row_of_order >= known.orders.first else None
    # A timer is an essence, but calls from outside: it has a name that says more than "timer".
    which = known.essences.name(order.source) if order is not None and calls.sender[at] <= OUTSIDE else ""
    rows = [
        ("from", figures.short(" ".join(filter(None, (diagram.who(int(calls.sender[at])), which))))),
        ("to", figures.short(diagram.who(int(calls.receiver[at])))),
        ("called", figures.moment(int(calls.sent_ns[at]), began)),
    ]
    if order is not None and order.arguments:
        rows.append(("with", figures.short(order.arguments, 200)))
    if calls.fate[at] == RAN:
        rows.append(("waited", figures.duration(max(int(calls.begin_ns[at] - calls.sent_ns[at]), 0))))
        rows.append(("took", figures.duration(int(calls.end_ns[at] - calls.begin_ns[at]))))
    if row.state:
        rows.append(("state", f"→ {row.state}"))
    if row.calls > 1:
        last = int(calls.sent_ns[diagram.calls_in(row.number)[-1]])
        rows.append(("calls", f"{figures.grouped(row.calls)}, the last at {figures.moment(last, began)}"))
    marks = marks_of(row)
    if marks:
        rows.append(("special", marks))
    return rows


def sentence(diagram: SequenceDiagram, row: Row) -> str:
    """A row in a sentence, for a screen reader."""
    if row.gap is not None:
        return gap_words(row.gap)
    ends = diagram.lines[row.sender].words, diagram.lines[row.receiver].words
    way = f"{ends[0]} to itself" if row.is_self else f"{ends[0]} to {ends[1]}"
    state = f", then in state {row.state}" if row.state else ""
    often = "" if row.calls == 1 else f", {figures.counted(row.calls, 'call')}"
    return f"{way}: {label(row)}{often}{state}"
