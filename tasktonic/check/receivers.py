"""Of which class the object is that something is called on: ``self``, what a name or an attribute was made as."""

from __future__ import annotations

import ast
from typing import Final, NamedTuple

from .index import Index
from .outline import Binding, ClassFacts, Func, Scope

_DEEPEST: Final = 6


class Receiver(NamedTuple):
    """The class of an object. `is_self` for the instance itself: then a class based on it may be meant as well."""

    cls: ClassFacts
    is_self: bool


class Receivers:
    """Tells the classes of objects; None where there is any doubt."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def of(self, node: ast.expr, scope: Scope, depth: int = _DEEPEST) -> Receiver | None:
        """The class of what an expression gives."""
        if depth <= 0:
            return None
        if isinstance(node, ast.Name):
            return self._named(node, scope, depth - 1)
        if isinstance(node, ast.Attribute):
            whole = self.of(node.value, scope, depth - 1) if not _is_told_apart(node, scope) else None
            return self._attribute(whole, node.attr, depth - 1) if whole is not None else None
        if isinstance(node, ast.Call):
            return self._made(node, scope, depth - 1)
        return None

    def self_of(self, scope: Scope, name: str) -> ClassFacts | None:
        """The class whose instance a name means in a scope: in a method, also inside a function within it."""
        at: Scope | None = scope
        while at is not None:
            if isinstance(at, Func) and name in at.names:
                is_own = at.owner is not None and at.own == name and len(at.names[name]) == 1
                return at.owner if is_own else None
            at = at.parent
        return None

    def _named(self, node: ast.Name, scope: Scope, depth: int) -> Receiver | None:
        if _is_told_apart(node, scope):
            return None
        own = self.self_of(scope, node.id)
        if own is not None:
            return Receiver(own, True)
        at: Scope | None = scope
        while at is not None:
            bindings = at.names.get(node.id)
            if bindings is not None and (at is scope or not isinstance(at, ClassFacts)):
                return self._given(bindings[0], at, depth) if len(bindings) == 1 else None
            at = at.parent
        return None

    def _given(self, binding: Binding, scope: Scope, depth: int) -> Receiver | None:
        what = binding.what
        if isinstance(what, ast.expr):
            made = self.of(what, scope, depth)
            if made is not None:
                return made
        if binding.annotation is not None and (what is None or isinstance(what, ast.expr)):
            return self._annotated(binding.annotation, scope, binding.line)
        return None

    def _annotated(self, annotation: ast.expr, scope: Scope, line: int) -> Receiver | None:
        outer = scope.parent if isinstance(scope, Func) and scope.parent is not None else scope
        if not isinstance(annotation, ast.Name | ast.Attribute | ast.Constant):
            return None
        found = self._index.meaning(annotation, outer, line)
        # What is annotated may be of a class that is based on it, as `self` may be.
        return Receiver(found, True) if isinstance(found, ClassFacts) else None

    def _attribute(self, whole: Receiver, name: str, depth: int) -> Receiver | None:
        """What all methods of a class, and of those it is based on, give an attribute: one class, or no answer."""
        found: set[Receiver] = set()
        below = self._index.subclasses(whole.cls) if whole.is_self else []
        for cls in (*self._index.order(whole.cls).classes, *below):
            if name in cls.methods or (name in cls.names and not _is_nothing_yet(cls, name)):
                return None
            for func in _all_functions(cls):
                for target, value, annotation in func.stores:
                    if target.attr != name:
                        continue
                    own = self.self_of(func, target.value.id) if isinstance(target.value, ast.Name) else None
                    if own is not cls:
                        return None
                    if isinstance(value, ast.Constant) and value.value is None and annotation is None:
                        continue  # nothing yet: what is called later is called on what it becomes
                    given = self._given(Binding(target.lineno, value, annotation), func, depth)
                    if given is None:
                        return None
                    found.add(given)
        return found.pop() if len(found) == 1 else None

    def _made(self, node: ast.Call, scope: Scope, depth: int) -> Receiver | None:
        """What a call makes: ``Door(…)`` and ``self.bind(Door, …)``."""
        made: ast.expr = node.func
        if isinstance(node.func, ast.Attribute) and node.func.attr == "bind":
            whole = self.of(node.func.value, scope, depth)
            if whole is None or not node.args or not self._index.order(whole.cls).has_framework_class("ttEssence"):
                return None
            made = node.args[0]
        found = self._index.meaning(made, scope, node.lineno + 1)
        if not isinstance(found, ClassFacts):
            return None
        return Receiver(found, self._is_service(found))

    def _is_service(self, cls: ClassFacts) -> bool:
        """A service that is there already may be of a class that is based on the one it is asked for by."""
        said = next(
            (it.value("_tt_is_service") for it in self._index.order(cls).classes if it.gives("_tt_is_service")), None
        )
        return said is not None and not (isinstance(said, ast.Constant) and not said.value)


def _is_told_apart(node: ast.expr, scope: Scope) -> bool:
    """Whether the code asks what a thing is: ``isinstance(door, Gate)``. Then it may be more than is said of it elsewhere."""
    at: Scope | None = scope
    while isinstance(at, Func):
        for call in at.calls:
            if isinstance(call.func, ast.Name) and call.func.id == "isinstance" and call.args:
                if ast.unparse(call.args[0]) == ast.unparse(node):
                    return True
        at = at.parent
    return False


def _is_nothing_yet(cls: ClassFacts, name: str) -> bool:
    """Whether a class only says that there will be something: ``door: Door``, ``door = None``."""
    value = cls.value(name)
    return not cls.gives(name) or (isinstance(value, ast.Constant) and value.value is None)


def _all_functions(cls: ClassFacts) -> list[Func]:
    """The methods of a class, and the functions inside them."""
    found = [it for funcs in cls.methods.values() for it in funcs]
    for func in found:
        found += func.inner
    return found
