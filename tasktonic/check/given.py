"""What classes are given from outside: a handler under the name of a sparkle, or attributes under names that are computed.

``Door.ttsc_open__knock = knock``, ``setattr(Door, "ttsc_open__knock", knock)``, ``monkeypatch.setattr(door, …)``, and loops of these.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

from .index import Index
from .outline import ClassFacts, Func, Import, Module, Scope
from .receivers import Receivers

_GIVES: Final = frozenset({"setattr", "__setattr__", "object"})
"""What is called so gives its first argument something under the name that is its second; ``object`` is that of ``mock.patch``."""


class Given:
    """Looks once at all files that were read so far."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._receivers = Receivers(index)

    def names(self, order: Iterable[ClassFacts]) -> Iterator[str]:
        """Names like those of sparkles that some of these classes are given, or something that cannot be told is."""
        classes = set(order)
        for name, owners in self._by_name.items():
            if None in owners or not classes.isdisjoint(owners):
                yield name

    @cached_property
    def _by_name(self) -> dict[str, set[ClassFacts | None]]:
        """To which classes names are given; None for one that cannot be told."""
        found: dict[str, set[ClassFacts | None]] = {}
        for scope in _scopes(self._index.of_users):
            for node, _, _ in scope.stores:
                if _is_like_a_sparkle(node.attr):
                    found.setdefault(node.attr, set()).add(self._class_of(node.value, scope))
            for call in scope.calls:
                name = call.args[1] if len(call.args) > 1 else None
                if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
                    continue
                if _is_like_a_sparkle(name.value) and _last_name(call.func) in _GIVES:
                    found.setdefault(name.value, set()).add(self._class_of(call.args[0], scope))
        return found

    def _class_of(self, node: ast.expr, scope: Scope) -> ClassFacts | None:
        meaning = self._index.meaning(node, scope, node.lineno + 1)
        if isinstance(meaning, ClassFacts):
            return meaning
        whose = self._receivers.of(node, scope)
        return whose.cls if whose is not None else None

    @cached_property
    def filled_by_code(self) -> set[ClassFacts]:
        """Classes that are given attributes under names that are computed."""
        found: set[ClassFacts] = set()
        fillers: set[str] = set()
        for scope in _scopes(self._index.of_users):
            for call in scope.calls:
                if not (isinstance(call.func, ast.Name) and call.func.id == "setattr" and len(call.args) == 3):
                    continue
                if isinstance(call.args[1], ast.Constant):
                    continue
                filled = self._filled(call.args[0], scope, call.lineno + 1)
                if filled is not None:
                    found |= filled
                else:
                    fillers |= {it.name for it in _functions_around(scope)}
        if fillers:
            found |= self._handed_to(fillers)
        return found

    def _filled(self, what: ast.expr, scope: Scope, line: int) -> set[ClassFacts] | None:
        """Which classes an expression may mean that is filled; None for what a function is handed."""
        if isinstance(what, ast.Name) and (meaning := self._index.meaning(what, scope, line)) is not None:
            return {meaning} if isinstance(meaning, ClassFacts) else set()
        at: Scope | None = scope  # the instance, or its class: ``setattr(self, …)``, ``setattr(type(self), …)``
        while at is not None and not isinstance(at, ClassFacts):
            at = at.parent
        if at is not None:
            return {at}
        return None if any(_functions_around(scope)) else self._all_of(scope.module)

    def _all_of(self, module: Module) -> set[ClassFacts]:
        """All classes that a file has or imports: ``for cls in (Door, Gate): setattr(cls, …)``."""
        names = [name for name, them in module.names.items() if any(isinstance(it.what, Import) for it in them)]
        meanings = (self._index.meaning(ast.Name(name), module, sys.maxsize) for name in names)
        return {*module.classes, *(it for it in meanings if isinstance(it, ClassFacts))}

    def _handed_to(self, functions: set[str]) -> set[ClassFacts]:
        """The classes that some functions are called with."""
        found: set[ClassFacts] = set()
        for scope in _scopes(self._index.of_users):
            for call in scope.calls:
                if _last_name(call.func) in functions:
                    given = [*call.args, *(it.value for it in call.keywords)]
                    meanings = (self._index.meaning(it, scope, call.lineno + 1) for it in given)
                    found.update(it for it in meanings if isinstance(it, ClassFacts))
        return found


def _scopes(modules: Iterable[Module]) -> Iterator[Scope]:
    for module in modules:
        yield from (module, *module.classes, *module.functions)


def _functions_around(scope: Scope) -> Iterator[Func]:
    at: Scope | None = scope
    while at is not None:
        if isinstance(at, Func) and not isinstance(at.node, ast.Lambda):
            yield at
        at = at.parent


def _is_like_a_sparkle(name: str) -> bool:
    return "__" in name.strip("_")


def _last_name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
