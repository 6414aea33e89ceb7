"""Brings the table of a class, and the functions in its hidden subclass, to what the class has become.

Everything is changed in place: what lives holds the lists of handlers themselves, and orders in queues hold numbers of sparkles.
So a sparkle keeps its number, and one that is new gets the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tasktonic import states
from tasktonic.calling import put_stand_in, stand_in
from tasktonic.crossing import ttShared
from tasktonic.states import ClassTable, Sparkle
from tasktonic.stream import stream
from tasktonic.telling import tell_class
from tasktonic.tonic import drop


def renew(tables: Iterable[ClassTable], *, has_new_functions: bool) -> None:
    """Bring the tables up to date, and tell the stream what the classes are made of now. While nothing of them runs."""
    for table in tables:
        leaf = vars(table.cls).get("_tt_leaf")
        if table.methods:
            _renew(table, leaf)
        if has_new_functions and leaf is not None:
            leaf_of: Any = table.cls
            leaf_of._tt_functions_changed(leaf)
        if stream.active:
            tell_class(table)


def _renew(table: ClassTable, leaf: Any) -> None:
    prefixes = tuple(table.cls._get_custom_prefixes())  # type: ignore[attr-defined]
    table.methods = states.sparkle_methods(table.cls, prefixes)
    fresh = {sparkle.called: sparkle for sparkle in states.sparkles_of(table.methods)}
    for sparkle in table.sparkles:
        now = fresh.pop(sparkle.called, None)
        sparkle.handlers = now.handlers if now is not None else {}  # one that was taken back is handled nowhere
        if now is not None and str(now.signature) != str(sparkle.signature):
            sparkle.signature = now.signature
            _swap_stand_in(leaf, table, sparkle)
    for sparkle in fresh.values():
        sparkle.slot = len(table.sparkles)
        table.sparkles.append(sparkle)
        table.after_end.append(drop)
        if leaf is not None:
            put_stand_in(leaf, sparkle.called, _stand_in(table, sparkle))
    # The longer lists first, then the numbers that lead into them.
    for index, state in enumerate([*table.states, None]):
        table.handlers[index][:] = table.row(state, table.noop)
    table.dropping[:] = [s.handlers[""] if s.is_system and "" in s.handlers else drop for s in table.sparkles]
    table.find_slots()


def _stand_in(table: ClassTable, sparkle: Sparkle) -> Any:
    return stand_in(table, sparkle, unshares=ttShared.first_use is None)


def _swap_stand_in(leaf: Any, table: ClassTable, sparkle: Sparkle) -> None:
    """Other arguments: in the very function, for bound methods of it are with timers, stores and widgets."""
    present = vars(leaf).get(sparkle.called) if leaf is not None else None
    if present is None:
        return
    wanted = _stand_in(table, sparkle)
    present.__globals__.update(wanted.__globals__)
    present.__code__, present.__defaults__ = wanted.__code__, wanted.__defaults__
