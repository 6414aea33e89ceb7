"""The attributes of an essence as rows of short descriptions, looked into a little, secrets hidden."""

from __future__ import annotations

import contextlib
import dis
from collections import deque
from collections.abc import Iterable
from itertools import islice
from types import FunctionType, MemberDescriptorType
from typing import Any, Final
from weakref import WeakKeyDictionary

from tasktonic.protocol.messages import AttributeRow
from tasktonic.values import HIDDEN, is_hidden, preview, type_name

_MOST_ROWS: Final = 1_500
"""In all levels together: with the lengths below this stays in one control frame."""
_MOST_NAMES: Final = 500
_MOST_CHILDREN: Final = 50
_LEVELS: Final = 2
_PREVIEW: Final = 120
_OURS: Final = ("_tt_", "_tts")
_MARKED: Final = ("tasktonic.essence", "tasktonic.tonic")
"""Where every name that is kept begins like one of ours: users call theirs as they like."""

_kept: WeakKeyDictionary[type, frozenset[str]] = WeakKeyDictionary()


def describe_attributes(essence: Any, *, use_repr: bool = False) -> tuple[AttributeRow, ...]:
    """What the essence has set on itself, by name; what the framework keeps there is left out.

    In the thread of its catalyst between two sparkles, so that nothing changes meanwhile. Properties are not called.
    """
    room = [_MOST_ROWS]
    attributes = own_attributes(essence)
    kept = _kept_by_framework(type(essence))
    names = sorted(name for name in attributes if type(name) is str and name not in kept and not name.startswith(_OURS))
    rows = [_row(name, attributes[name], _LEVELS, room, use_repr) for name in names[:_MOST_NAMES]]
    if len(names) > _MOST_NAMES:
        rows.append(AttributeRow("…", "", f"{len(names) - _MOST_NAMES:,} more attributes are not shown"))
    return tuple(rows)


def describe_values(values: Iterable[tuple[str, object]], room: list[int] | None = None) -> tuple[AttributeRow, ...]:
    """Named values, such as the arguments of an order; ``room`` says how many rows may still be made, and is counted down."""
    room = [_MOST_ROWS] if room is None else room
    return tuple(_row(name, value, _LEVELS if room[0] > 0 else 0, room, False) for name, value in values)


def is_kept_by_framework(essence: Any, name: str) -> bool:
    """Whether an attribute of that name is the framework's and not the user's."""
    return name.startswith(_OURS) or name in _kept_by_framework(type(essence))


def describe_value(name: str, value: object) -> AttributeRow:
    """One value as a row, looked into a little; hidden when the name says that it is a secret."""
    return _row(name, value, _LEVELS, [_MOST_ROWS], use_repr=False)


def _kept_by_framework(cls: type) -> frozenset[str]:
    """What the methods of the framework's classes below this one set: the queue of a catalyst, the tree of a store.

    Read from their code once for each class, so that no list of names has to be kept up to date by hand.
    """
    if cls not in _kept:
        names = {"ledger"}
        for base in cls.__mro__:
            module = base.__module__
            if type(module) is str and module.startswith("tasktonic.") and module not in _MARKED:
                codes = [member.__code__ for member in vars(base).values() if type(member) is FunctionType]
                names |= {
                    step.argval for code in codes for step in dis.get_instructions(code) if step.opname == "STORE_ATTR"
                }
        _kept[cls] = frozenset(names)
    return _kept[cls]


def own_attributes(essence: Any) -> dict[Any, object]:
    """What is set on the object itself, in its dict or in slots."""
    attributes: dict[Any, object] = {}
    for cls in type(essence).__mro__:
        for name, member in vars(cls).items():
            if type(member) is MemberDescriptorType:
                with contextlib.suppress(AttributeError):  # not set
                    attributes[name] = member.__get__(essence)
    with contextlib.suppress(AttributeError):
        attributes.update(object.__getattribute__(essence, "__dict__"))
    return attributes


def without_children(rows: Iterable[AttributeRow]) -> tuple[AttributeRow, ...]:
    """The rows alone, for when all is too much for one message."""
    return tuple(AttributeRow(row.name, row.type, row.preview) for row in rows)


def _row(name: str, value: object, levels: int, room: list[int], use_repr: bool) -> AttributeRow:
    room[0] -= 1
    if is_hidden(name):
        return AttributeRow(name[:200], type_name(value)[:100], HIDDEN)
    children: tuple[AttributeRow, ...] = ()
    if levels > 0 and room[0] > 0:
        inside = islice(_inside(value), min(_MOST_CHILDREN, room[0]))
        children = tuple(_row(key, item, levels - 1, room, use_repr) for key, item in inside)
    return AttributeRow(name[:200], type_name(value)[:100], preview(value, _PREVIEW, use_repr=use_repr), children)


def _inside(value: Any) -> Iterable[tuple[str, object]]:
    """Names and values of what is in a container of the language's own."""
    cls = type(value)
    if cls in (list, tuple, deque):
        return ((f"[{index}]", item) for index, item in enumerate(list(islice(value, _MOST_CHILDREN))))
    if issubclass(cls, dict):
        items = list(islice(dict.items(value), _MOST_CHILDREN))
        return ((key if type(key) is str else preview(key, 60), item) for key, item in items)
    if cls in (set, frozenset):
        return (("", item) for item in list(islice(value, _MOST_CHILDREN)))
    return ()
