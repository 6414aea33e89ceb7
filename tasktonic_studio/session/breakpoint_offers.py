"""What a breakpoint on a thing would say: the one term that F9 sets. Pure questions to what is known."""

from __future__ import annotations

from tasktonic.rules import Term
from tasktonic_studio.session.essences import Essences
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing


def term_for(known: Knowledge, thing: Thing | None) -> Term | None:
    """The term for a selected thing; None when there is none to be had."""
    if thing is None:
        return None
    key = thing.key
    if thing.kind == "place" and isinstance(key, tuple):
        return _of_place(known, str(key[0]), int(key[1]))
    if thing.kind == "state" and isinstance(key, tuple):
        cls, index = int(key[0]), int(key[1])
        return Term("state", known.names.state(cls, index), known.names.cls(cls), way="entered") if index >= 0 else None
    if thing.kind == "store" and isinstance(key, tuple):
        return Term("path", str(key[1])) if str(key[1]).strip("/") else None
    if thing.kind == "class" and isinstance(key, int):
        return Term("sparkle", "*", known.names.cls(key))
    if thing.kind in ("essence", "catalyst") and isinstance(key, int):
        return Term("sparkle", "*", tonic=path_of(known.essences, key)) if key in known.essences else None
    if thing.kind == "order" and isinstance(key, int):
        order = known.order_of(key)
        return _of_sparkle(known, order.essence, order.sparkle) if order is not None else None
    if thing.kind == "log" and isinstance(key, int):
        return _of_line(known, key)
    run = known.run_of(key) if thing.kind == "run" and isinstance(key, int) else None
    return _of_sparkle(known, run.essence, run.sparkle) if run is not None else None


def path_of(essences: Essences, essence: int) -> str:
    """The names from the root down to an essence, joined by ``/``, as a term has them."""
    names: list[str] = []
    facts = essences.get(essence)
    while facts is not None and len(names) < 100:
        names.append(facts.name)
        facts = essences.get(facts.context)
    return "/".join(reversed(names))


def handler_at(known: Knowledge, file: str, line: int) -> tuple[str, str] | None:
    """The class and the sparkle of the handler in which a line stands: the nearest that begins at it or above."""
    found = [
        (handler.line, handler)
        for cls in known.names.classes
        for handler in known.names.handlers(cls)
        if handler.file == file and 0 < handler.line <= line
    ]
    if not found:
        return None
    nearest = max(found, key=lambda each: each[0])[1]
    owner = _defining_class(known, file, nearest.line) or known.names.cls(nearest.cls)
    return owner, known.names.sparkle(nearest.sparkle)


def _of_place(known: Knowledge, file: str, line: int) -> Term | None:
    found = handler_at(known, file, line)
    return Term("sparkle", found[1], found[0]) if found is not None else None


def _defining_class(known: Knowledge, file: str, line: int) -> str:
    """The class in whose statement a line stands: one derived from it has the same handler, and is not meant."""
    classes = [each for each in known.names.classes.values() if each.file == file and 0 < each.line <= line]
    return max(classes, key=lambda each: each.line).name if classes else ""


def _of_sparkle(known: Knowledge, essence: int, sparkle: int) -> Term:
    facts = known.essences.get(essence)
    name = known.names.sparkle(sparkle)
    return Term("sparkle", name, known.names.cls(facts.cls)) if facts is not None else Term("sparkle", name)


def _of_line(known: Knowledge, index: int) -> Term | None:
    if not known.log.first <= index < len(known.log):
        return None
    line = known.log[index]
    if line.level == "error":
        facts = known.essences.get(line.essence)
        kind = line.text.partition(" in ")[0].partition(":")[0].strip()
        return Term("exception", kind, known.names.cls(facts.cls) if facts is not None else "") if kind else None
    run = known.run_of(line.run) if line.run else None
    return _of_sparkle(known, run.essence, run.sparkle) if run is not None else None
