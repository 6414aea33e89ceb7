"""What leans on something that stays as it is: what would fail at its next call is left out as well, the rest is said."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from types import CellType, FunctionType
from typing import Any, NamedTuple

from .changes import Plan, Put, Stay, Swap, names_of, referred_by
from .living import function_in, own_name
from .source import SourceText


class Way(NamedTuple):
    """A way of calling something: by which name, with how many arguments, and with which by name."""

    name: str
    arguments: int
    keywords: frozenset[str]


def withdraw_what_leans(plan: Plan) -> None:
    """Leave out what uses something new that does not come, and what would be called as it was, or calls what stays as it will be."""
    while leaning := [(change, why) for change in plan.changes() if (why := _why_not(plan, change))]:
        for change, why in leaning:
            plan.withdraw(change, why)


def _why_not(plan: Plan, change: Swap | Put) -> str:
    if change.code is None or not plan.stays:
        return ""
    begun = set(names_of(change.code)) - set(names_of(change.was.__code__) if change.was is not None else ())
    ways = _ways_in(plan.new, change.owner_name, change.code.co_name)
    if change.was is not None:
        ways -= _ways_in(plan.old, change.owner_name, change.code.co_name)
    for stay in plan.stays:
        if stay.is_new:
            if lost := begun & stay.names:
                return f"it uses {min(lost)!r}, which is new and begins with a restart"
        elif not all(_takes(stay.cls, stay.function, way) for way in ways if way.name in stay.names):
            return f"it calls {stay.label} in a new way, which stays as it was"
        elif change.reshapes and _calls_as_it_was(plan, stay, change):
            return f"{stay.label}, which stays as it was, calls it with the old arguments"
    return ""


def _calls_as_it_was(plan: Plan, stay: Stay, change: Swap | Put) -> bool:
    assert change.code is not None
    called = referred_by(change.cls, change.code.co_name)
    function = _as_it_will_be(change)
    ways = _ways_in(plan.old, stay.owner_name, stay.method)
    return not all(_takes(change.cls, function, way) for way in ways if way.name in called)


def _as_it_will_be(change: Swap | Put) -> FunctionType | None:
    if isinstance(change, Put):
        return function_in(change.value)
    cells = tuple(CellType() for _ in change.code.co_freevars)
    function = FunctionType(change.code, {}, change.code.co_name, change.defaults, cells)
    function.__kwdefaults__ = change.kwdefaults
    return function


def _takes(cls: type | None, function: Any, way: Way) -> bool:
    """Whether a function can be called so; also where that cannot be told."""
    if function is None:
        return True
    is_bound = cls is not None and not isinstance(vars(cls).get(function.__name__), staticmethod)
    try:
        inspect.signature(function).bind(*[None] * (way.arguments + is_bound), **dict.fromkeys(way.keywords))
    except TypeError:
        return False
    return True


def _ways_in(source: SourceText | None, owner: str, name: str) -> set[Way]:
    """How a function of a source calls others, as far as that is written down."""
    if source is None:
        return set()
    text = source.classes.get(owner)
    methods = source.functions if not owner else text.methods if text is not None else {}
    found = {way for method in methods.get(name, ()) for way in _ways(method.node)}
    return {way._replace(name=own_name(owner.rpartition(".")[2], way.name)) for way in found}


def _ways(node: ast.AST) -> Iterator[Way]:
    for call in ast.walk(node):
        if not isinstance(call, ast.Call) or any(isinstance(it, ast.Starred) for it in call.args):
            continue
        keywords = frozenset(it.arg for it in call.keywords if it.arg is not None)
        if len(keywords) != len(call.keywords):
            continue
        if isinstance(call.func, ast.Name):
            yield Way(call.func.id, len(call.args), keywords)
        elif isinstance(call.func, ast.Attribute) and not _is_class(call.func.value):
            yield Way(call.func.attr, len(call.args), keywords)


def _is_class(node: ast.expr) -> bool:
    """Whether it looks like a class: ``Base.tell(self, 1)`` gives the instance as well."""
    return isinstance(node, ast.Name) and node.id[:1].isupper()


def note_mixtures(plan: Plan) -> None:
    """Say which of the new code may call something that stays as it was: both run side by side until a restart."""
    for stay in plan.stays:
        callers = [
            change.label
            for change in plan.changes()
            if change.code is not None and not _only_moves(change) and not stay.names.isdisjoint(names_of(change.code))
        ]
        if callers and not stay.is_new:
            more = f" and {len(callers) - 1} more" if len(callers) > 1 else ""
            plan.notes.append(f"{callers[0]}{more} may call {stay.label}, which is still the old one.")


def _only_moves(change: Swap | Put) -> bool:
    return isinstance(change, Swap) and change.is_moved
