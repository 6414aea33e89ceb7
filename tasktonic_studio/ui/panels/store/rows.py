"""What a row of the store tree says: path, value, type, age, writer. No Qt."""

from __future__ import annotations

from typing import Final, NamedTuple

from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.store_mirror import StoreEntry, above
from tasktonic_studio.ui.item_models.roles import Column
from tasktonic_studio.ui.panels.store.arrangement import GroupKey, StoreKey, last_part
from tasktonic_studio.ui.widgets import figures
from tasktonic_studio.ui.widgets.essence_words import GONE

COLUMNS: Final = (
    Column("path", "Path", "Where the value is.", "temperature", stretch=True, icon=True, roomy="furnace temperature"),
    Column("value", "Value", "What is there, as a short description.", "1 234.567", stretch=True, mono=True),
    Column("type", "Type", "The type of the value.", "float", rank=4),
    Column(
        "age",
        "Changed",
        "How long ago it changed; of what has ended, how long before its end.",
        "at the end",
        right=True,
        rank=1,
    ),
    Column("writer", "Writer", "The tonic that wrote it.", "conveyor 12", rank=3),
)
NUMBER: Final = {column.id: number for number, column in enumerate(COLUMNS)}

_VALUE: Final = 200
_NAME: Final = 160


class StoreRow(NamedTuple):
    """The texts of one row. ``aside``: it has no value of its own; ``icon`` and ``role`` make its picture."""

    texts: tuple[str, str, str, str, str]
    icon: str
    tip: str
    aside: bool = False
    removed: bool = False
    link: bool = False


NO_ROW: Final = StoreRow(("", "", "", "", ""), "", "")


def path_row(known: Knowledge, key: StoreKey, *, whole: bool, several: bool) -> StoreRow:
    """The row of a path, or of a store.

    Args:
        known: the moment.
        key: which path.
        whole: show the whole path, as among what a filter found.
        several: there are several stores, so a whole path says whose it is.
    """
    entry = known.store.get(key.store, key.path)
    store = figures.short(known.essences.name(key.store))
    below = known.store.values_below(key.store, key.path)
    if not key.path:
        name = store
    elif whole:
        name = f"{store}: {key.path}" if several else key.path
    else:
        name = last_part(above(key.path), key.path) or "(empty name)"
    icon = "" if key.path else "store"
    if entry is None or (entry.removed and not whole):
        texts = (figures.short(name, _NAME), figures.counted(below, "value"), "", "", "")
        return StoreRow(texts, icon, f"{key.path or store}\n{figures.counted(below, 'value')} below", aside=True)
    value = "removed" if entry.removed else figures.short(entry.new, _VALUE)
    texts = (figures.short(name, _NAME), value, entry.type, age_of(known, entry), figures.short(entry.source, 60))
    return StoreRow(texts, icon, _tip(key.path, entry, below), removed=entry.removed, link=entry.type == "link")


def group_row(known: Knowledge, key: GroupKey, first: str, last: str, count: int) -> StoreRow:
    """The row of a group of a hundred."""
    words = first if first == last else f"{first} … {last}"
    return StoreRow((words, figures.counted(count, "entry", "entries"), "", "", ""), "", words, aside=True)


def age_of(known: Knowledge, entry: StoreEntry) -> str:
    """How long ago a value changed; empty when it was there before it was watched."""
    is_over = known.target.status in GONE
    return figures.age(max(0, known.t_ns - entry.t_ns), is_over=is_over) if entry.t_ns > 0 else ""


def _tip(path: str, entry: StoreEntry, below: int) -> str:
    lines = [figures.short(path, 600), entry.new or ("removed" if entry.removed else "")]
    if entry.old:
        lines.append(f"before: {entry.old}")
    if entry.t_ns <= 0:
        lines.append("it was there before it was watched")
    if below:
        lines.append(f"{figures.counted(below, 'value')} below")
    return "\n".join(lines)
