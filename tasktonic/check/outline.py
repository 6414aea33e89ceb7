"""A file taken apart once: its classes and functions, what names are bound to, what is called where.

All rules look at this and none walks a whole tree again, so that ten thousand lines take well under a second. The walk keeps
its own stack: source may be nested deeper than Python can call.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from .source import Source

Function = ast.FunctionDef | ast.AsyncFunctionDef
_LONGEST_TEXT: Final = 200
_WITHOUT_NAMES: Final = frozenset({"ctx", "op", "ops"})


class Import(NamedTuple):
    """Where a name comes from; `name` is empty for a module, `level` counts the dots of a relative import."""

    module: str
    name: str
    level: int


class Binding(NamedTuple):
    """What a name is given in a line: a class, a function, an import, or a value (None for one that cannot be followed)."""

    line: int
    what: ClassFacts | Func | Import | ast.expr | None
    annotation: ast.expr | None = None


class Scope:
    """Something with names of its own: a module, a class, a function."""

    def __init__(self, name: str, parent: Scope | None, module: Module | None) -> None:
        self.name = name
        self.parent = parent
        self.module: Module = module if module is not None else self  # type: ignore[assignment]
        self.names: dict[str, list[Binding]] = {}
        self.calls: list[ast.Call] = []
        self.loads: list[ast.Attribute] = []
        """Attributes that are read, called ones too."""
        self.stores: list[tuple[ast.Attribute, ast.expr | None, ast.expr | None]] = []
        """Attributes that are given a value, with it (None where it cannot be followed) and its annotation."""
        self.loops: list[tuple[ast.While | ast.For, bool]] = []
        """Loops, and whether something around them may catch what is raised inside."""
        self.texts: set[str] = set()
        self.gives_back = False
        """Whether it yields or awaits."""

    def bind(self, name: str, binding: Binding) -> None:
        self.names.setdefault(name, []).append(binding)


class Module(Scope):
    """A file."""

    def __init__(self, source: Source) -> None:
        super().__init__("", None, None)
        self.source = source
        self.file = source.file
        self.path = str(Path(source.file).absolute())
        self.classes: list[ClassFacts] = []
        self.functions: list[Func] = []
        self.stars: list[Import] = []
        self.call_of: dict[int, ast.Call] = {}
        """The call by the id of the attribute that it calls."""
        self.constants: set[int] = set()
        """The ids of the texts in its tree."""
        self.guarded: set[int] = set()
        """The ids of the calls around which something may catch what they raise."""
        self.mentioned: set[str] = set()
        """Every attribute that is read anywhere, and every short text."""
        self.said: set[str] = set()
        """Every short text."""
        self.stored: set[str] = set()
        """Every attribute that is given a value anywhere."""


class ClassFacts(Scope):
    """A class statement."""

    def __init__(self, node: ast.ClassDef, parent: Scope) -> None:
        super().__init__(node.name, parent, parent.module)
        self.node = node
        self.methods: dict[str, list[Func]] = {}
        """By name, in the order of writing; more than one where they stand in branches or overwrite each other."""

    def gives(self, name: str) -> bool:
        """Whether its body gives a name something: an annotation alone does not."""
        return any(it.what is not None or it.annotation is None for it in self.names.get(name, ()))

    def value(self, name: str) -> ast.expr | None:
        """What its body gives a name, if that is one expression."""
        found = self.names.get(name, ())
        return found[0].what if len(found) == 1 and isinstance(found[0].what, ast.expr) else None


class Func(Scope):
    """A function, a method or a lambda. `own` is what a method calls its instance, empty for all others."""

    def __init__(self, node: Function | ast.Lambda, parent: Scope) -> None:
        super().__init__(getattr(node, "name", "<lambda>"), parent, parent.module)
        self.node = node
        self.owner = parent if isinstance(parent, ClassFacts) and not isinstance(node, ast.Lambda) else None
        self.inner: list[Func] = []
        self.own = self._own_name() if self.owner is not None else ""
        for it in parameters(node.args):
            self.bind(it.arg, Binding(it.lineno, None, it.annotation))

    @property
    def decorators(self) -> list[ast.expr]:
        return [] if isinstance(self.node, ast.Lambda) else self.node.decorator_list

    def _own_name(self) -> str:
        if any(isinstance(it, ast.Name) and it.id in ("staticmethod", "classmethod") for it in self.decorators):
            return ""
        first = [*self.node.args.posonlyargs, *self.node.args.args][:1]
        return first[0].arg if first else ""


def parameters(args: ast.arguments) -> Iterator[ast.arg]:
    """All parameters, in their order."""
    yield from (*args.posonlyargs, *args.args)
    if args.vararg is not None:
        yield args.vararg
    yield from args.kwonlyargs
    if args.kwarg is not None:
        yield args.kwarg


def outline_of(source: Source) -> Module:
    """Take the tree of a source apart; an empty outline where there is none."""
    module = Module(source)
    if source.tree is not None:
        _Walk(module).walk(source.tree)
    return module


class _Walk:
    """Goes through a tree with a stack of its own: what is still to be looked at, in which scope, and whether it is guarded."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._stack: list[tuple[ast.AST, Scope, bool]] = []

    def walk(self, tree: ast.Module) -> None:
        stack, visits = self._stack, _VISITS
        self._push(tree.body, self._module, False)
        while stack:
            node, scope, guarded = stack.pop()
            visit = visits.get(node.__class__)
            if visit is None or visit(self, node, scope, guarded):
                self._push_children(node, scope, guarded)

    def _push(self, nodes: list[ast.stmt] | list[ast.expr], scope: Scope, guarded: bool) -> None:
        self._stack.extend((node, scope, guarded) for node in reversed(nodes))

    def _push_children(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        found: list[tuple[ast.AST, Scope, bool]] = []
        for name in node._fields:
            if name in _WITHOUT_NAMES:
                continue
            value = getattr(node, name, None)
            if value.__class__ is list:
                found += [(it, scope, guarded) for it in value if isinstance(it, ast.AST)]
            elif isinstance(value, ast.AST):
                found.append((value, scope, guarded))
        found.reverse()
        self._stack += found

    # ---- statements that make scopes

    def function(self, node: Function, scope: Scope, guarded: bool) -> None:
        func = Func(node, scope)
        self._module.functions.append(func)
        scope.bind(node.name, Binding(node.lineno, func))
        if isinstance(scope, ClassFacts):
            scope.methods.setdefault(node.name, []).append(func)
        elif isinstance(scope, Func):
            scope.inner.append(func)
        self._push(node.body, func, False)
        self._push(node.decorator_list, scope, guarded)
        self._stack.append((node.args, scope, guarded))

    def anonymous(self, node: ast.Lambda, scope: Scope, guarded: bool) -> None:
        func = Func(node, scope)
        self._module.functions.append(func)
        if isinstance(scope, Func):
            scope.inner.append(func)
        self._stack.append((node.body, func, False))
        self._stack.append((node.args, scope, guarded))

    def class_(self, node: ast.ClassDef, scope: Scope, guarded: bool) -> None:
        cls = ClassFacts(node, scope)
        self._module.classes.append(cls)
        scope.bind(node.name, Binding(node.lineno, cls))
        self._push(node.body, cls, False)
        self._push([*node.decorator_list, *node.bases, *(it.value for it in node.keywords)], scope, guarded)

    # ---- what binds names

    def import_(self, node: ast.Import, scope: Scope, guarded: bool) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.split(".")[0]
            scope.bind(name, Binding(node.lineno, Import(alias.name if alias.asname else name, "", 0)))

    def import_from(self, node: ast.ImportFrom, scope: Scope, guarded: bool) -> None:
        for alias in node.names:
            what = Import(node.module or "", alias.name, node.level)
            if alias.name == "*":
                self._module.stars.append(what)
            else:
                scope.bind(alias.asname or alias.name, Binding(node.lineno, what))

    def assign(self, node: ast.Assign, scope: Scope, guarded: bool) -> None:
        for target in node.targets:
            self._give(target, node.value, None, scope, guarded)
        self._stack.append((node.value, scope, guarded))

    def annotated(self, node: ast.AnnAssign, scope: Scope, guarded: bool) -> None:
        self._give(node.target, node.value, node.annotation, scope, guarded)
        if node.value is not None:
            self._stack.append((node.value, scope, guarded))

    def _give(
        self, target: ast.expr, value: ast.expr | None, annotation: ast.expr | None, scope: Scope, guarded: bool
    ) -> None:
        if isinstance(target, ast.Name):
            scope.bind(target.id, Binding(target.lineno, value, annotation))
        elif isinstance(target, ast.Attribute):
            scope.stores.append((target, value, annotation))
            self._module.stored.add(target.attr)
            self._stack.append((target.value, scope, guarded))
        else:
            self._stack.append((target, scope, guarded))

    def name(self, node: ast.Name, scope: Scope, guarded: bool) -> None:
        if not isinstance(node.ctx, ast.Load):
            scope.bind(node.id, Binding(node.lineno, None))

    def global_(self, node: ast.Global, scope: Scope, guarded: bool) -> None:
        for at in (scope, self._module):
            for name in node.names:
                at.bind(name, Binding(node.lineno, None))

    def nonlocal_(self, node: ast.Nonlocal, scope: Scope, guarded: bool) -> None:
        at: Scope | None = scope
        while isinstance(at, Func):
            for name in node.names:
                at.bind(name, Binding(node.lineno, None))
            at = at.parent

    def captured(self, node: ast.MatchAs | ast.MatchStar | ast.ExceptHandler, scope: Scope, guarded: bool) -> bool:
        if node.name is not None:
            scope.bind(node.name, Binding(getattr(node, "lineno", 0), None))
        return True

    # ---- what is noted

    def attribute(self, node: ast.Attribute, scope: Scope, guarded: bool) -> bool:
        if isinstance(node.ctx, ast.Load):
            scope.loads.append(node)
            self._module.mentioned.add(node.attr)
        else:
            scope.stores.append((node, None, None))
            self._module.stored.add(node.attr)
        return True

    def call(self, node: ast.Call, scope: Scope, guarded: bool) -> bool:
        scope.calls.append(node)
        if isinstance(node.func, ast.Attribute):
            self._module.call_of[id(node.func)] = node
        if guarded:
            self._module.guarded.add(id(node))
        return True

    def constant(self, node: ast.Constant, scope: Scope, guarded: bool) -> None:
        if isinstance(node.value, str) and len(node.value) <= _LONGEST_TEXT:
            self._module.constants.add(id(node))
            scope.texts.add(node.value)
            self._module.said.add(node.value)
            self._module.mentioned.add(node.value)

    def loop(self, node: ast.While | ast.For, scope: Scope, guarded: bool) -> bool:
        scope.loops.append((node, guarded))
        return True

    def tried(self, node: ast.Try | ast.TryStar, scope: Scope, guarded: bool) -> None:
        self._push([*node.orelse, *node.finalbody], scope, guarded)
        self._stack.extend((it, scope, guarded) for it in reversed(node.handlers))
        self._push(node.body, scope, guarded or bool(node.handlers))

    def with_(self, node: ast.With | ast.AsyncWith, scope: Scope, guarded: bool) -> None:
        self._push(node.body, scope, True)
        self._stack.extend((it, scope, guarded) for it in reversed(node.items))

    def gives_back(self, node: ast.AST, scope: Scope, guarded: bool) -> bool:
        scope.gives_back = True
        return True


_VISITS: Final[dict[type, Callable[..., bool | None]]] = {
    ast.FunctionDef: _Walk.function,
    ast.AsyncFunctionDef: _Walk.function,
    ast.Lambda: _Walk.anonymous,
    ast.ClassDef: _Walk.class_,
    ast.Import: _Walk.import_,
    ast.ImportFrom: _Walk.import_from,
    ast.Assign: _Walk.assign,
    ast.AnnAssign: _Walk.annotated,
    ast.Name: _Walk.name,
    ast.Global: _Walk.global_,
    ast.Nonlocal: _Walk.nonlocal_,
    ast.MatchAs: _Walk.captured,
    ast.MatchStar: _Walk.captured,
    ast.ExceptHandler: _Walk.captured,
    ast.Attribute: _Walk.attribute,
    ast.Call: _Walk.call,
    ast.Constant: _Walk.constant,
    ast.While: _Walk.loop,
    ast.For: _Walk.loop,
    ast.Try: _Walk.tried,
    ast.TryStar: _Walk.tried,
    ast.With: _Walk.with_,
    ast.AsyncWith: _Walk.with_,
    ast.Yield: _Walk.gives_back,
    ast.YieldFrom: _Walk.gives_back,
    ast.Await: _Walk.gives_back,
}
