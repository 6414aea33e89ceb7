"""What the inspector says about the signals that sparkles of a tonic are bound to by their names. No Qt."""

from __future__ import annotations

from typing import Any, Final

from tasktonic.protocol.messages import SignalRow
from tasktonic_studio.session.essences import EssenceFacts
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.inspector.fact import Fact
from tasktonic_studio.ui.panels.inspector.look_back import latest_rows
from tasktonic_studio.ui.widgets import figures

PREFIX: Final = "ttqt__"
_COUNTED: Final = 100


def has_signals(known: Knowledge, essence: int) -> bool:
    """Whether the app can be asked for the signals of an essence: it has sparkles that are bound to some."""
    facts, target = known.essences.get(essence), known.target
    if facts is None or not target.qt or "widgets" not in target.capabilities:
        return False
    return any(it.name.startswith(PREFIX) for it in known.names.sparkles_of(facts.cls))


def signal_lines(known: Knowledge, facts: EssenceFacts) -> list[Fact]:
    """A line for each such sparkle: the widget, the signal, whether it is connected, its handlers and when it fired last."""
    sparkles = {it.name: it.sparkle for it in known.names.sparkles_of(facts.cls) if it.name.startswith(PREFIX)}
    if not sparkles:
        return []
    told = known.signals.get(facts.id)
    rows = {row.sparkle: row for row in told.rows} if told is not None else {}
    lines = [_line(known, facts, name, sparkle, rows.get(name)) for name, sparkle in sorted(sparkles.items())]
    if told is not None and told.problem and facts.is_alive:
        lines.insert(0, Fact("problem", told.problem, tip=told.problem))
    return lines


def _line(known: Knowledge, facts: EssenceFacts, name: str, sparkle: int, row: SignalRow | None) -> Fact:
    """Widget and signal, which are short; the sparkle's name, which is made of both, stands below and in the tip."""
    widget, _, signal = name.removeprefix(PREFIX).rpartition("__")
    value, shape, tip = signal, "", name
    if row is not None and row.problem:
        value, shape, tip = f"{signal} leads nowhere", "error", row.problem
    elif row is not None:
        value, shape = row.signal, "ok" if row.connected else "paused"
        tip = f"{name}: {row.widget} is a {row.cls}; " + ("connected." if row.connected else "not connected.")
    below = [Fact("problem", row.problem, tip=row.problem)] if row is not None and row.problem else []
    below.append(Fact("sparkle", "Sparkle", name, mono=True))
    if row is not None and not row.problem:
        below.append(Fact("widget", "Widget", row.widget, row.cls, mono=True))
        words = "connected" if row.connected else "not connected: nothing that it tells reaches the tonic"
        below.append(Fact("connected", "Signal", row.signal, words, shape=shape, mono=True))
    below += _handlers(known, facts, sparkle)
    last = latest_rows(known.runs, lambda c: (c["essence"] == facts.id) & (c["sparkle"] == sparkle), _COUNTED)
    below.append(_fired(known, last))
    return Fact(
        f"signal {name}", widget.replace("__", "."), value, row.cls if row is not None else "", shape=shape, code_name=True,
        mono=True, tip=tip, below=tuple(below), is_open=bool(row is not None and row.problem),
    )  # fmt: skip


def _handlers(known: Knowledge, facts: EssenceFacts, sparkle: int) -> list[Fact]:
    lines = []
    for handler in known.names.handlers(facts.cls):
        if handler.sparkle == sparkle:
            place = known.names.handler_place(sparkle, handler.state)
            words = f"in state {handler.state}" if handler.state else "in any state"
            lines.append(Fact(f"handler {handler.state}", words, handler.method, place=place, mono=True))
    return lines


def _fired(known: Knowledge, last: list[Any]) -> Fact:
    if not last:
        return Fact("fired", "Fired", "not seen yet", role="text_muted")
    many = (
        f"at least {figures.counted(len(last), 'time')}"
        if len(last) == _COUNTED
        else figures.counted(len(last), "time")
    )
    when = figures.moment(last[0].begin_ns, known.app.began_ns) if last[0].begin_ns else "seen"
    return Fact("fired", "Fired", many, f"last {when}", link=Thing("run", last[0].run) if last[0].run else None)
