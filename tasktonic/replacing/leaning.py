"""What leans on something that stays as it is: what would fail at its next call is left out as well, the rest is said."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from types import CellType, FunctionType
from typing import Any, NamedTuple

from .changes import Plan, Put, Stay, Swap, names_of, referred_by
from .living import function_in, own_name
from .meant import Caller, Use, module_of, use_of, uses_in
from .source import Method, SourceText


class Way(NamedTuple):
    """A way of calling something: by which name, as an attribute of what, with how many arguments, and with which by name."""

    use: Use
    arguments: int
    keywords: frozenset[str]

    @property
    def shape(self) -> tuple[str, int, frozenset[str]]:
        """The same, whatever it is an attribute of."""
        return self.use.name, self.arguments, self.keywords


def withdraw_what_leans(plan: Plan) -> None:
    """Leave out what uses something new that does not come, and what would be called as it was, or calls what stays as it will be."""
    while leaning := [(change, why) for change in plan.changes() if (why := _why_not(plan, change))]:
        for change, why in leaning:
            plan.withdraw(change, why)


def _why_not(plan: Plan, change: Swap | Put) -> str:
    if change.code is None or not plan.stays:
        return ""
    begun = set(names_of(change.code)) - set(names_of(change.was.__code__) if change.was is not None else ())
    written = _written(plan.new, change.owner_name, change.code.co_name)
    before = _written(plan.old, change.owner_name, change.code.co_name) if change.was is not None else []
    old_ways = {way.shape for it in before for way in _ways(it.node, change.owner_name)}
    ways = [(way, it) for it in written for way in _ways(it.node, change.owner_name) if way.shape not in old_ways]
    known = _known_to(change.cls, change.was)
    for stay in plan.stays:
        if stay.is_new:
            lost = {it for it in begun & stay.names if _may_use(change.cls, written, known, it, stay)}
            if lost:
                return f"it uses {min(lost)!r}, which is new and begins with a restart"
        elif any(
            way.use.name in stay.names
            and not _takes(stay.cls, stay.function, way)
            and Caller(change.cls, method, known).may_mean(way.use, stay.cls)
            for way, method in ways
        ):
            return f"it calls {stay.label} in a new way, which stays as it was"
        elif change.reshapes and _calls_as_it_was(plan, stay, change):
            return f"{stay.label}, which stays as it was, calls it with the old arguments"
    return ""


def _calls_as_it_was(plan: Plan, stay: Stay, change: Swap | Put) -> bool:
    assert change.code is not None
    called = referred_by(change.cls, change.code.co_name)
    function = _as_it_will_be(change)
    known = _known_to(stay.cls, stay.function)
    return any(
        way.use.name in called
        and not _takes(change.cls, function, way)
        and Caller(stay.cls, method, known).may_mean(way.use, change.cls)
        for method in _written(plan.old, stay.owner_name, stay.method)
        for way in _ways(method.node, stay.owner_name)
    )


def _may_use(cls: type | None, written: list[Method], known: Mapping[str, Any], name: str, stay: Stay) -> bool:
    """Whether a name that code uses may be that of a function that stays; also where it is not found in the text."""
    callers = [(Caller(cls, method, known), method.node) for method in written]
    owner = cls.__name__ if cls is not None else ""
    found = [(caller, use) for caller, node in callers for use in uses_in(node) if own_name(owner, use.name) == name]
    return not found or any(caller.may_mean(use, stay.cls) for caller, use in found)


def _known_to(cls: type | None, function: Any) -> Mapping[str, Any]:
    """What the module of a function has."""
    return function.__globals__ if isinstance(function, FunctionType) else module_of(cls)


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


def _written(source: SourceText | None, owner: str, name: str) -> list[Method]:
    """How a function stands in a source: more than once where it is a property."""
    if source is None:
        return []
    text = source.classes.get(owner)
    methods = source.functions if not owner else text.methods if text is not None else {}
    return methods.get(name, [])


def _ways(node: ast.AST, owner: str) -> Iterator[Way]:
    """How a function of a class calls others, as far as that is written down."""
    for call in ast.walk(node):
        if not isinstance(call, ast.Call) or any(isinstance(it, ast.Starred) for it in call.args):
            continue
        keywords = frozenset(it.arg for it in call.keywords if it.arg is not None)
        if len(keywords) != len(call.keywords):
            continue
        func = call.func
        if isinstance(func, ast.Name) or (isinstance(func, ast.Attribute) and not _is_class(func.value)):
            use = use_of(func)
            yield Way(use._replace(name=own_name(owner.rpartition(".")[2], use.name)), len(call.args), keywords)


def _is_class(node: ast.expr) -> bool:
    """Whether it looks like a class: ``Base.tell(self, 1)`` gives the instance as well."""
    return isinstance(node, ast.Name) and node.id[:1].isupper()


def note_mixtures(plan: Plan) -> None:
    """Say which of the new code may call something that stays as it was: both run side by side until a restart."""
    for stay in plan.stays:
        callers = [
            change.label
            for change in plan.changes()
            if change.code is not None and not _only_moves(change) and _may_call(plan, change, stay)
        ]
        if callers and not stay.is_new:
            more = f" and {len(callers) - 1} more" if len(callers) > 1 else ""
            plan.notes.append(f"{callers[0]}{more} may call {stay.label}, which is still the old one.")


def _may_call(plan: Plan, change: Swap | Put, stay: Stay) -> bool:
    if change.code is None:
        return False
    written = _written(plan.new, change.owner_name, change.code.co_name)
    known = _known_to(change.cls, change.was)
    used = stay.names.intersection(names_of(change.code))
    return any(_may_use(change.cls, written, known, it, stay) for it in used)


def _only_moves(change: Swap | Put) -> bool:
    return isinstance(change, Swap) and change.is_moved
