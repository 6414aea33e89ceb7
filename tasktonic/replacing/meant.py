"""Which function a piece of source means, where several classes have one of its name: told apart by what is known of their objects."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from types import CodeType, ModuleType
from typing import Any, Final, NamedTuple

from .living import living_of, own_name
from .source import Method

_ABSENT: Final = object()
_SUPER: Final = "super()"

Path = tuple[str, ...] | None
"""What something is an attribute of, such as ``('self', 'door')``: empty for a plain name, None for what has no name."""


class Use(NamedTuple):
    """A name that source reads, and what it is an attribute of."""

    name: str
    path: Path


def uses_in(node: ast.AST) -> Iterator[Use]:
    """All names that are read in a piece of source."""
    for it in ast.walk(node):
        if isinstance(it, ast.Name | ast.Attribute) and isinstance(it.ctx, ast.Load):
            yield use_of(it)


def use_of(node: ast.Name | ast.Attribute) -> Use:
    """What one name is an attribute of."""
    return Use(node.id, ()) if isinstance(node, ast.Name) else Use(node.attr, _path_of(node.value))


def _path_of(node: ast.expr) -> Path:
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        above = _path_of(node.value)
        return (*above, node.attr) if above else None
    is_super = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"
    return (_SUPER,) if is_super else None


class Caller:
    """A function as it is written, and the class that has it: None for one of a module."""

    def __init__(self, cls: type | None, method: Method, known: Mapping[str, Any]) -> None:
        self._cls = cls
        self._known = known
        """What its module has."""
        self._locals = set(_locals_of(method.code))
        self._own = _own_of(method.node) if cls is not None else ""

    def may_mean(self, use: Use, target: type | None) -> bool:
        """Whether a name that it uses may be that of a function in this class, or for None in its module. True where that cannot be told."""
        if use.path is None:
            return True
        if not use.path:
            return target is None or use.name in self._locals
        first, *steps = use.path
        if self._cls is not None and first in (self._own, _SUPER):
            return self._of_own(use.name, steps, target)
        if first in self._locals or first not in self._known:
            return True
        return self._of_value(use.name, self._known[first], steps, target)

    def _of_own(self, name: str, steps: list[str], target: type | None) -> bool:
        assert self._cls is not None
        if not steps:
            return target is not None and are_related(self._cls, target)
        alive = living_of({self._cls})
        return not alive or any(self._of_value(name, it, steps, target) for it in alive)

    def _of_value(self, name: str, value: Any, steps: list[str], target: type | None) -> bool:
        """Whether a function of this name, of what is found from an object on, may be the one of a class. Runs nothing of the objects."""
        for step in steps:
            value = _attribute(value, own_name(self._cls.__name__, step) if self._cls is not None else step)
        if isinstance(value, ModuleType):
            return target is None
        kind = value if isinstance(value, type) else type(value)
        if value is _ABSENT or inspect.getattr_static(kind, name, _ABSENT) is _ABSENT:
            return True  # it is not there yet, or hands on what it is asked for
        return target is not None and are_related(kind, target)


def are_related(one: type, other: type) -> bool:
    """Whether something may be of both classes; also of two that are one class, of a script that is imported as well."""
    if one.__qualname__ == other.__qualname__ or issubclass(one, other) or issubclass(other, one):
        return True
    return any(issubclass(it, other) for it in _below(one))


def module_of(cls: type | None) -> Mapping[str, Any]:
    """What the module of a class has; nothing for None."""
    module = sys.modules.get(cls.__module__) if cls is not None else None
    return vars(module) if module is not None else {}


def _below(cls: type) -> set[type]:
    found: set[type] = set()
    waiting = [cls]
    while waiting:
        below: set[type] = set(type.__subclasses__(waiting.pop())) - found
        found |= below
        waiting += below
    return found


def _attribute(value: Any, name: str) -> Any:
    try:
        inside = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return _ABSENT
    return inside.get(name, _ABSENT)


def _locals_of(code: CodeType) -> Iterator[str]:
    yield from (*code.co_varnames, *code.co_cellvars, *code.co_freevars)
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _locals_of(const)


def _own_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """What a method calls its instance, or its class; empty for none."""
    if any(isinstance(it, ast.Name) and it.id == "staticmethod" for it in node.decorator_list):
        return ""
    first = [*node.args.posonlyargs, *node.args.args][:1]
    return first[0].arg if first else ""
