"""What a selected thing is called, where it stands in source, and what one can go to. Pure questions to what is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.names import Place
from tasktonic_studio.session.selection import Thing

GO_TO_LIMIT: Final = 20_000
"""More things than this are not offered: typing would no longer feel at once."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Something one can go to: words, a line that says which one is meant, a picture, and what to select."""

    title: str
    detail: str
    icon: str
    thing: Thing


def place_of(known: Knowledge, thing: Thing | None) -> Place | None:
    """Where a thing stands in source: its class, its handler in the state it ran in, the run that wrote it."""
    if thing is None:
        return None
    key = thing.key
    if thing.kind == "place" and isinstance(key, tuple):
        return Place(str(key[0]), int(key[1]))
    if thing.kind in ("essence", "catalyst") and isinstance(key, int):
        facts = known.essences.get(key)
        return known.names.place(facts.cls) if facts else None
    if thing.kind == "class" and isinstance(key, int):
        return known.names.place(key)
    if thing.kind == "state" and isinstance(key, tuple):
        return known.names.place(int(key[0]))
    if thing.kind == "order" and isinstance(key, int):
        return _run_place(known, key) or _order_place(known, key)
    return _run_place(known, run_number(known, thing))


def essence_of(known: Knowledge, thing: Thing | None) -> int:
    """The essence that a thing is or belongs to, -1 for none."""
    if thing is None:
        return -1
    key = thing.key
    if thing.kind in ("essence", "catalyst") and isinstance(key, int):
        return key
    if thing.kind == "order" and isinstance(key, int):
        order = known.order_of(key)
        return order.essence if order else -1
    if thing.kind == "log" and isinstance(key, int):
        return known.log[key].essence if known.log.first <= key < len(known.log) else -1
    if thing.kind == "store" and isinstance(key, tuple):
        return int(key[0])
    run = known.run_of(run_number(known, thing))
    return run.essence if run else -1


def catalyst_of(known: Knowledge, thing: Thing | None) -> int:
    """The catalyst that runs a thing, -1 for none."""
    facts = known.essences.get(essence_of(known, thing))
    return facts.catalyst if facts else -1


def name_of(known: Knowledge, thing: Thing | None) -> str:
    """What a thing is called, as one would write it down; empty for nothing."""
    if thing is None:
        return ""
    key = thing.key
    if thing.kind in ("essence", "catalyst") and isinstance(key, int):
        return known.essences.name(key)
    if thing.kind == "class" and isinstance(key, int):
        return known.names.cls(key)
    if thing.kind == "state" and isinstance(key, tuple):
        return f"{known.names.cls(int(key[0]))} in state {known.names.state(int(key[0]), int(key[1]))}"
    if thing.kind == "store" and isinstance(key, tuple):
        return str(key[1])
    if thing.kind == "place" and isinstance(key, tuple):
        return f"{key[0]}:{key[1]}"
    if thing.kind == "log" and isinstance(key, int):
        return known.log[key].text if known.log.first <= key < len(known.log) else ""
    if thing.kind == "order" and isinstance(key, int):
        order = known.order_of(key)
        return f"{known.essences.name(order.essence)}.{known.names.sparkle(order.sparkle)}" if order else f"order {key}"
    run = known.run_of(run_number(known, thing))
    return f"{known.essences.name(run.essence)}.{known.names.sparkle(run.sparkle)}" if run else f"run {key}"


def destinations(known: Knowledge) -> list[Destination]:
    """Everything one can go to: tonics that live, their sparkles, store paths, source files, tonics that have ended."""
    found: list[Destination] = []
    for destination in _all_destinations(known):
        found.append(destination)
        if len(found) >= GO_TO_LIMIT:
            break
    return found


def _all_destinations(known: Knowledge) -> Iterator[Destination]:
    ended: list[Destination] = []
    for essence in known.essences:
        facts = known.essences.get(essence)
        if facts is None:
            continue
        state = known.state_name(essence)
        detail = known.names.cls(facts.cls) + ("" if state == "--" else f" · {state}")
        icon = "service" if facts.service else "catalyst" if facts.catalyst == essence else "tonic"
        thing = Thing("catalyst" if icon == "catalyst" else "essence", essence)
        if facts.is_alive:
            yield Destination(facts.name, detail, icon, thing)
        else:
            ended.append(Destination(facts.name, f"{detail} · finished", icon, thing))
    files: set[str] = set()
    for defined in known.names.sparkles.values():
        place = known.names.handler_place(defined.sparkle)
        if place is not None and not defined.name.startswith("_ttss"):
            where = f"{PurePath(place.file).name}:{place.line}"
            yield Destination(
                f"{known.names.cls(defined.cls)}.{defined.name}",
                where,
                "sparkle",
                Thing("place", (place.file, place.line)),
            )
            files.add(place.file)
    for cls in known.names.classes:
        place = known.names.place(cls)
        if place is not None:
            files.add(place.file)
            yield Destination(
                known.names.cls(cls), f"class · {PurePath(place.file).name}", "state", Thing("class", cls)
            )
    for store in known.store:
        for path in known.store.paths(store):
            entry = known.store.get(store, path)
            if entry is not None and not entry.removed:
                yield Destination(path, entry.new, "store", Thing("store", (store, path)))
    for file in sorted(files):
        yield Destination(PurePath(file).name, str(PurePath(file).parent), "file", Thing("place", (file, 1)))
    yield from ended


def run_number(known: Knowledge, thing: Thing) -> int:
    """The run behind a thing, 0 for none."""
    key = thing.key
    if thing.kind == "run" and isinstance(key, int):
        return key
    if thing.kind == "log" and isinstance(key, int):
        return known.log[key].run if known.log.first <= key < len(known.log) else 0
    if thing.kind == "store" and isinstance(key, tuple):
        entry = known.store.get(int(key[0]), str(key[1]))
        return entry.run if entry else 0
    return 0


def _run_place(known: Knowledge, number: int) -> Place | None:
    run = known.run_of(number) if number else None
    return _handler_place(known, run.essence, run.sparkle, run.before) if run else None


def _order_place(known: Knowledge, number: int) -> Place | None:
    """The handler that would take a waiting order in the state of now."""
    order = known.order_of(number)
    facts = known.essences.get(order.essence) if order else None
    return _handler_place(known, order.essence, order.sparkle, facts.state) if order and facts else None


def _handler_place(known: Knowledge, essence: int, sparkle: int, state: int) -> Place | None:
    facts = known.essences.get(essence)
    if facts is None:
        return None
    name = "" if state < 0 else known.names.state(facts.cls, state)
    return known.names.handler_place(sparkle, name) or known.names.place(facts.cls)
