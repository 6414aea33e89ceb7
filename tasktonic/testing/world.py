"""What can be said of an app between two steps, in words that a test can compare: states, what is stored."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, Final

from ..ledger import ttLedger
from ..store_service import ttStore
from ..tonic import ttTonic
from ..values import is_hidden

MOST: Final = 60
"""So many changes of each kind are told of one step."""
_LONGEST_VALUE: Final = 300
_MOST_VALUES: Final = 20_000
_FIRM: Final = frozenset({int, float, bool, str, bytes})
_NOTHING: Final = object()


class World:
    """States by tonic, values by store and path, as they are now. Made and compared in the thread of the app's hand."""

    def __init__(self, ledger: ttLedger) -> None:
        self.states: dict[str, str] = {}
        """By the names of tonics; of several with one name, the one that a look-up by name finds."""
        self.stored: dict[str, dict[str, Any]] = {}
        """By the service name of a store and the path: values that cannot change by themselves, and literals of others."""
        for essence in ledger.essences:
            if isinstance(essence, ttTonic) and not essence._tt_is_catalyst:
                self.states.setdefault(essence.name, essence.get_current_state_name())
            elif isinstance(essence, ttStore) and essence._tt_is_service:
                self.stored.setdefault(essence._tt_is_service, dict(_values(essence)))

    def changes_since(self, before: World) -> dict[str, Any]:
        """What is otherwise than it was: ``states`` (``None``: it has ended), ``stored`` (``None``: it is gone) and ``more``."""
        states: list[Any] = [
            [name, state] for name, state in self.states.items() if state != before.states.get(name, "--")
        ]
        states += [[name, None] for name in before.states if name not in self.states]
        stored: list[Any] = []
        for store, values in self.stored.items():
            known = before.stored.get(store, {})
            changed = [
                path
                for path, value in values.items()
                if known.get(path, _NOTHING) != value and not is_hidden(path.rpartition("/")[2])
            ]
            stored += [[store, path, text] for path in changed if (text := _told(values[path]))]
            stored += [[store, path, None] for path in known if path not in values]
        more = max(len(states) - MOST, 0) + max(len(stored) - MOST, 0)
        return {"states": states[:MOST], "stored": stored[:MOST], "more": more}


def literal(value: Any) -> str:
    """How a value is written in Python; empty for one that cannot be, or is too long to read."""
    try:
        text = repr(value)
        return text if len(text) <= _LONGEST_VALUE and ast.literal_eval(text) == value else ""
    except Exception:  # whatever a class of the app's raises, and what is no literal
        return ""


def _values(store: ttStore) -> Iterator[tuple[str, Any]]:
    for path, value in store._dump("")[:_MOST_VALUES]:
        if value is not None:
            yield path, value if value.__class__ in _FIRM else _Literal(literal(value))


class _Literal(str):
    """Stands for a value that may change by itself: a list, a dict."""

    __slots__ = ()


def _told(value: Any) -> str:
    return str(value) if isinstance(value, _Literal) else literal(value)
