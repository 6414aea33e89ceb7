"""What is known of the stores as CSV or JSON, line by line. No Qt; any thread: entries never change."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from tasktonic_studio.session.store_mirror import StoreEntry, StoreMirror
from tasktonic_studio.ui.widgets.csv_text import csv_lines

_FIELDS = ("store", "path", "type", "value", "before", "seconds", "writer", "run", "removed")


class Known(NamedTuple):
    """One path to be written: the store's name, the path and what is known of it."""

    store: str
    path: str
    entry: StoreEntry


def rows_of(
    stores: StoreMirror, names: Mapping[int, str], accepts: Callable[[str, StoreEntry], bool]
) -> Iterator[Known]:
    """Every path of these stores that is wanted. ``stores`` must stay as they are."""
    for store in stores:
        for path, entry in stores[store].items():
            if accepts(path, entry):
                yield Known(names[store], path, entry)


def csv_of(rows: Iterable[Known], began_ns: int) -> Iterator[str]:
    """A heading and one line per path; ``seconds`` is when it changed, since the app began."""
    return csv_lines(_FIELDS, (_values(row, began_ns) for row in rows))


def json_of(rows: Iterable[Known], began_ns: int) -> Iterator[str]:
    """A list of objects with the same fields, an object per line. Values are descriptions, as the Studio has them."""
    yield "[\n"
    between = ""
    for row in rows:
        values = dict(zip(_FIELDS, _values(row, began_ns), strict=True))
        yield between + json.dumps(values, ensure_ascii=False)
        between = ",\n"
    yield "\n]\n"


def _values(row: Known, began_ns: int) -> tuple[object, ...]:
    entry = row.entry
    seconds = round((entry.t_ns - began_ns) / 1e9, 9) if entry.t_ns > 0 else None
    return (
        row.store,
        row.path,
        entry.type,
        entry.new,
        entry.old,
        seconds,
        entry.source,
        entry.run or None,
        entry.removed,
    )
