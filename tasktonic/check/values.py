"""Which texts an expression can have, as far as it is written down."""

from __future__ import annotations

import ast
from typing import Final, NamedTuple

from .outline import ClassFacts, Func, Scope

_DEEPEST: Final = 8


class Texts(NamedTuple):
    """Texts that are possible, with the piece of source that says each, and whether they are all."""

    texts: tuple[str, ...] = ()
    places: tuple[ast.expr, ...] = ()
    is_whole: bool = False


UNKNOWN: Final = Texts()


def texts_of(node: ast.expr | None, scope: Scope, order: list[ClassFacts] | None, depth: int = _DEEPEST) -> Texts:
    """Which texts an expression can have.

    Args:
        node: the expression.
        scope: where it stands.
        order: the class of ``self`` there with its bases, for ``self.OPEN``; None without one.
        depth: how far names are followed.
    """
    if depth <= 0 or node is None:
        return UNKNOWN
    if isinstance(node, ast.Constant):
        return Texts((node.value,), (node,), True) if isinstance(node.value, str) else UNKNOWN
    if isinstance(node, ast.IfExp):
        return _both(texts_of(node.body, scope, order, depth - 1), texts_of(node.orelse, scope, order, depth - 1))
    if isinstance(node, ast.Name):
        return _named(node, scope, order, depth - 1)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and order:
        own = own_of(scope)
        if node.value.id == own or node.value.id in (it.name for it in order):
            return _of_class(node.attr, order, depth - 1)
    return UNKNOWN


def own_of(scope: Scope | None) -> str:
    """What ``self`` is called in a scope, empty where there is none: of the method around it."""
    while scope is not None:
        if isinstance(scope, Func) and scope.own:
            return scope.own
        scope = scope.parent
    return ""


def _both(one: Texts, other: Texts) -> Texts:
    return Texts(one.texts + other.texts, one.places + other.places, one.is_whole and other.is_whole)


def _named(node: ast.Name, scope: Scope, order: list[ClassFacts] | None, depth: int) -> Texts:
    at: Scope | None = scope
    while at is not None:
        bindings = at.names.get(node.id)
        if bindings is not None and (at is scope or not isinstance(at, ClassFacts)):
            if len(bindings) == 1 and isinstance(bindings[0].what, ast.expr):
                return texts_of(bindings[0].what, at, order, depth)
            return UNKNOWN
        at = at.parent
    return UNKNOWN


def _of_class(name: str, order: list[ClassFacts], depth: int) -> Texts:
    """A constant of a class; unknown when some method gives it another value."""
    for cls in order:
        if any(store.attr == name for funcs in cls.methods.values() for it in funcs for store, _, _ in it.stores):
            return UNKNOWN
    for cls in order:
        if name in cls.names:
            return texts_of(cls.value(name), cls, order, depth)
    return UNKNOWN
