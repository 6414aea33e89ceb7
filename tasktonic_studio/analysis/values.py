"""Which values an expression can have, as far as its text tells: texts and whole numbers, through names and constants."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from tasktonic_studio.analysis.classes import ClassSource, Method
from tasktonic_studio.analysis.files import ParsedFile

Value = str | int
_DEEPEST: Final = 12
_MOST_VALUES: Final = 64


class Values(NamedTuple):
    """Values that are possible, and whether they are all: false when it is computed which, or what else there may be."""

    values: tuple[Value, ...] = ()
    is_whole: bool = False

    def computed(self) -> Values:
        """The same values, one of which is chosen while the program runs."""
        return Values(self.values, False)


UNKNOWN: Final = Values()


@dataclass(slots=True)
class Scope:
    """Where an expression stands: its file, its class with bases, what the instance is called, and names of the method."""

    parsed: ParsedFile
    order: list[ClassSource]
    own: str = ""
    given: Mapping[str, Values] = field(default_factory=dict)
    """Parameters whose values the caller gave."""
    assigned: Mapping[str, list[ast.expr | None]] = field(default_factory=dict)
    """What the method assigns to its names; None for what cannot be followed."""


def union(parts: Iterable[Values]) -> Values:
    """All values of the parts; whole when every part is."""
    listed = list(parts)
    values = tuple(dict.fromkeys(value for part in listed for value in part.values))[:_MOST_VALUES]
    return Values(values, bool(listed) and all(part.is_whole for part in listed))


def values_of_expression(node: ast.expr, scope: Scope, depth: int = _DEEPEST) -> Values:
    """Which values an expression can have. Never raises; what is not understood is unknown."""
    if depth <= 0:
        return UNKNOWN
    ask = _asking.get(type(node))
    return ask(node, scope, depth - 1) if ask is not None else UNKNOWN


def _constant(node: ast.Constant, scope: Scope, depth: int) -> Values:
    value = node.value
    return Values((value,), True) if isinstance(value, str | int) and not isinstance(value, bool) else UNKNOWN


def _negative(node: ast.UnaryOp, scope: Scope, depth: int) -> Values:
    inner = values_of_expression(node.operand, scope, depth)
    numbers = tuple(-value for value in inner.values if isinstance(value, int))
    return Values(numbers, inner.is_whole) if isinstance(node.op, ast.USub) and numbers else UNKNOWN


def _either(node: ast.IfExp, scope: Scope, depth: int) -> Values:
    return union(values_of_expression(part, scope, depth) for part in (node.body, node.orelse))


def _any_of(node: ast.BoolOp, scope: Scope, depth: int) -> Values:
    return union(values_of_expression(part, scope, depth) for part in node.values)


def _walrus(node: ast.NamedExpr, scope: Scope, depth: int) -> Values:
    return values_of_expression(node.value, scope, depth)


def _name(node: ast.Name, scope: Scope, depth: int) -> Values:
    if node.id in scope.assigned:
        parts = [UNKNOWN if it is None else values_of_expression(it, scope, depth) for it in scope.assigned[node.id]]
        if node.id in scope.given:
            parts.append(scope.given[node.id])
        return union(parts)
    if node.id in scope.given:
        return scope.given[node.id]
    return union(values_of_expression(it, scope, depth) for it in scope.parsed.values.get(node.id, ()))


def _attribute(node: ast.Attribute, scope: Scope, depth: int) -> Values:
    if not isinstance(node.value, ast.Name):
        return UNKNOWN
    is_own = node.value.id == scope.own
    order = scope.order if is_own else [it for it in scope.order if it.name == node.value.id]
    assigned = [(cls, value) for cls in order for value in cls.attributes.get(node.attr, ())] if is_own else []
    constants = next(([(cls, it) for it in cls.values[node.attr]] for cls in order if node.attr in cls.values), [])
    found = union(
        values_of_expression(value, Scope(cls.parsed, scope.order), depth) for cls, value in (*constants, *assigned)
    )
    # An attribute of the instance is what it was set to last: that is known only while the program runs.
    return found.computed() if assigned else found


def _member(node: ast.Subscript, scope: Scope, depth: int) -> Values:
    return _members(node.value, scope, depth).computed()


def _call(node: ast.Call, scope: Scope, depth: int) -> Values:
    called = node.func
    if isinstance(called, ast.Attribute) and called.attr == "get":
        defaults = [values_of_expression(it, scope, depth) for it in node.args[1:2]]
        return union([_members(called.value, scope, depth), *defaults]).computed()
    if isinstance(called, ast.Attribute) and called.attr == "choice" and node.args:
        return _members(node.args[0], scope, depth).computed()
    return UNKNOWN


def _members(node: ast.expr, scope: Scope, depth: int) -> Values:
    """The values in a dict, list or tuple that is written out, or that a name stands for."""
    if depth <= 0:
        return UNKNOWN
    if isinstance(node, ast.Dict):
        return union(values_of_expression(it, scope, depth) for it in node.values)
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return union(values_of_expression(it, scope, depth) for it in node.elts)
    return union(_members(it, scope, depth - 1) for it in _written(node, scope))


def _written(node: ast.expr, scope: Scope) -> list[ast.expr]:
    if isinstance(node, ast.Name):
        if node.id in scope.assigned:
            return [it for it in scope.assigned[node.id] if it is not None]
        return scope.parsed.values.get(node.id, [])
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        order = [it for it in scope.order if node.value.id in (scope.own, it.name)]
        return [it for cls in order for it in (*cls.values.get(node.attr, ()), *cls.attributes.get(node.attr, ()))]
    return []


_Ask = Callable[..., Values]
_asking: Final[dict[type[ast.expr], _Ask]] = {
    ast.Constant: _constant,
    ast.UnaryOp: _negative,
    ast.IfExp: _either,
    ast.BoolOp: _any_of,
    ast.NamedExpr: _walrus,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _member,
    ast.Call: _call,
}


def assigned_in(method: Method) -> dict[str, list[ast.expr | None]]:
    """What a method assigns to its own names: expressions, or None for loops, unpacking and the like.

    A loop over values that are written out gives each of them.
    """
    found: dict[str, list[ast.expr | None]] = {}
    for node in ast.walk(method):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                _note(found, target, node.value)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr):
            _note(found, node.target, node.value)
        elif isinstance(node, ast.AugAssign):
            _note(found, node.target, None)
        elif isinstance(node, ast.For):
            _note(found, node.target, None)
            if isinstance(node.iter, ast.Tuple | ast.List) and isinstance(node.target, ast.Name):
                found[node.target.id].extend(node.iter.elts)
        elif isinstance(node, ast.With):
            for item in node.items:
                if item.optional_vars is not None:
                    _note(found, item.optional_vars, None)
    return found


def _note(found: dict[str, list[ast.expr | None]], target: ast.expr, value: ast.expr | None) -> None:
    if isinstance(target, ast.Name):
        found.setdefault(target.id, []).append(value)
    elif isinstance(target, ast.Tuple | ast.List):
        for part in target.elts:
            _note(found, part, None)
