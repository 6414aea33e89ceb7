"""What the inspector says about a class, a state, a log line, a store path, a place in source. No Qt."""

from __future__ import annotations

from typing import Final

from tasktonic_studio.session.essences import EssenceFacts
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.names import Place
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.item_models.app_times import began_ns
from tasktonic_studio.ui.panels.inspector.essence_facts import essence_link
from tasktonic_studio.ui.panels.inspector.fact import Fact, Subject, place_text, section, text_lines
from tasktonic_studio.ui.panels.inspector.flow_facts import run_words
from tasktonic_studio.ui.widgets import figures
from tasktonic_studio.ui.widgets.essence_words import GONE

INSTANCES_SHOWN: Final = 50
HISTORY_SHOWN: Final = 20

LEVELS: Final = {
    "log": ("Log line", "line", ""),
    "error": ("Error", "error", "error"),
    "notice": ("Notice", "notice", ""),
    "hand": ("Done by hand", "hand", ""),
    "stdout": ("Printed line", "output", ""),
    "stderr": ("Line on stderr", "output", ""),
}
"""Levels of log lines: what they are, their shape, their colour role."""


def describe_log(known: Knowledge, index: int) -> Subject | None:
    """A line of the log, None when it is not here (any more, or yet)."""
    if not known.log.first <= index < len(known.log):
        return None
    line = known.log[index]
    kind, shape, role = LEVELS[line.level]
    lines = [Fact("time", "Time", figures.moment(line.t_ns, began_ns(known, line.app)))]
    is_now = line.app == known.app.number
    if line.essence >= 0:
        link = essence_link(known, line.essence)[1] if is_now else None
        lines.append(Fact("tonic", "Tonic", line.name, "" if is_now else "of an earlier app", link=link))
    if line.run and is_now:
        words, link = run_words(known, line.run)
        lines.append(Fact("run", "Run", words, link=link))
    sections = [
        *section("text", "Text", list(text_lines(line.text))),
        *section("line", kind, lines),
        *section("traceback", "Traceback", list(text_lines(line.detail))),
    ]
    title = line.text.splitlines()[0] if line.text.strip() else "(an empty line)"
    return Subject(title, kind, shape, "", role, None, tuple(sections))


def describe_store(known: Knowledge, store: int, path: str) -> Subject | None:
    """A value in a store."""
    entry = known.store.get(store, path)
    if entry is None:
        return None
    name, link = essence_link(known, store)
    began_ns = known.app.began_ns
    is_over = known.target.status in GONE
    age = figures.age(max(0, known.t_ns - entry.t_ns), is_over=is_over)
    ago = age if age in ("now", "at the end") else f"{age} before the end" if is_over else f"{age} ago"
    lines = [
        Fact("value", "Value", "removed" if entry.removed else entry.new, entry.type, mono=True, tip=entry.new),
        Fact("old", "Before", entry.old or "–", mono=True, tip=entry.old),
        Fact("store", "Store", name, link=link),
        Fact("changed", "Changed", figures.moment(entry.t_ns, began_ns), ago),
    ]
    words, run = run_words(known, entry.run)
    if words or entry.source:
        lines.append(Fact("writer", "Written by", words or entry.source, entry.source if words else "", link=run))
    history = [
        Fact(
            f"change {change.n}",
            figures.moment(change.t_ns, began_ns),
            "removed" if change.removed else change.new,
            "was there" if change.present else f"before {change.old}" if change.old else "",
            mono=True,
            link=Thing("run", change.run) if change.run else None,
        )
        for change in reversed(list(entry.history)[-HISTORY_SHOWN:])
    ]
    sections = [*section("value", "Value", lines), *section("history", "History", history)]
    return Subject(path, f"in {name}", "finished" if entry.removed else "ok", entry.type, "", None, tuple(sections))


def describe_class(known: Knowledge, cls: int) -> Subject | None:
    """A class of tonics."""
    defined = known.names.classes.get(cls)
    if defined is None:
        return None
    place = known.names.place(cls)
    lines = [
        Fact("module", "Module", defined.module, mono=True),
        Fact("place", "Defined in", place_text(place) or "not known", place=place),
        Fact("bases", "Based on", defined.bases.replace(",", ", ") or "–"),
    ]
    if defined.service:
        lines.append(Fact("service", "Service", defined.service))
    states = [
        Fact(f"state {i}", state, "state", link=Thing("state", (cls, i)))
        for i, state in enumerate(known.names.states(cls))
    ]
    sections = [
        *section("class", "Class", lines),
        *section("states", "States", states),
        *section("handlers", "Handlers", _handlers(known, cls)),
        *section("instances", "Instances", _instances(known, cls)),
    ]
    return Subject(defined.name, "class", "", "", "", place, tuple(sections))


def describe_state(known: Knowledge, cls: int, index: int) -> Subject | None:
    """A state of a class."""
    if cls not in known.names.classes:
        return None
    state = known.names.state(cls, index)
    lines = [Fact("class", "Class", known.names.cls(cls), link=Thing("class", cls))]
    sections = [
        *section("state", "State", lines),
        *section("handlers", "Handlers in this state", _handlers(known, cls, state)),
        *section("instances", "In this state now", _instances(known, cls, index)),
    ]
    return Subject(state, f"state of {known.names.cls(cls)}", "", "", "", known.names.place(cls), tuple(sections))


def describe_place(file: str, line: int) -> Subject:
    """A line of source."""
    place = Place(file, line)
    lines = [Fact("file", "File", file, tip=file), Fact("line", "Line", str(line), place=place)]
    return Subject(place_text(place), "place in source", "", "", "", place, tuple(section("place", "Place", lines)))


def _handlers(known: Knowledge, cls: int, state: str | None = None) -> list[Fact]:
    lines = []
    for handler in known.names.handlers(cls):
        if state is not None and handler.state not in ("", state):
            continue
        place = Place(handler.file, handler.line) if handler.file and handler.line > 0 else None
        where = f"in {handler.state}" if handler.state else "in any state"
        lines.append(
            Fact(
                f"handler {handler.method}",
                handler.method,
                place_text(place) or "–",
                where,
                place=place,
                mono=True,
                code_name=True,
            )
        )
    return lines


def _instances(known: Knowledge, cls: int, state: int | None = None) -> list[Fact]:
    lines: list[Fact] = []
    for essence in known.essences:
        facts = known.essences.get(essence)
        if facts is None or facts.cls != cls or not facts.is_alive or (state is not None and facts.state != state):
            continue
        if len(lines) == INSTANCES_SHOWN:
            lines.append(Fact("more", "… and more: the ledger has them all."))
            break
        lines.append(_instance(known, facts))
    return lines or [Fact("none", "None at the moment.")]


def _instance(known: Knowledge, facts: EssenceFacts) -> Fact:
    state = known.names.state(facts.cls, facts.state) if facts.state >= 0 else "alive"
    return Fact(f"essence {facts.id}", facts.name, state, shape="ok", link=Thing("essence", facts.id))
