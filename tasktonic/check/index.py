"""Which class a name means, over files: the files that are checked, those that they import, and the framework's own.

Nothing is imported: modules are looked for as files beside the one that imports them, and read. What is not found there (a
library) is known by its dotted name only.
"""

from __future__ import annotations

import ast
import builtins
import os
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path, PurePath
from typing import Final

from .outline import Binding, ClassFacts, Func, Import, Module, Scope, outline_of
from .project import FRAMEWORK, Shelf, is_framework, may_use
from .source import Source, read_source

_DEEPEST: Final = 20
_HIGHEST: Final = 8
_MOST_BINDINGS: Final = 3
_BUILTINS: Final = frozenset(dir(builtins))
_NO_TONICS: Final = frozenset(
    {*sys.stdlib_module_names, "builtins", "PySide6", "PySide2", "PyQt6", "PyQt5", "typing_extensions"}
)
"""Libraries whose classes have no sparkles; `tasktonic` is no part of the standard library."""

Meaning = ClassFacts | Func | Module | str | None
"""What a name means: something in sight, the dotted name of something in a library, or None where it cannot be told."""


class Index:
    """Finds modules and classes. Keeps every file that it has read.

    Args:
        sources: the files that are checked.
        shelf: gives any other file, when a class of it is asked for.
    """

    def __init__(self, sources: Iterable[Source], shelf: Shelf) -> None:
        self._shelf = shelf
        self._modules: dict[str, Module] = {}
        self._found: dict[tuple[str, str, int], Module | None] = {}
        self._of_users: tuple[int, list[Module]] = (0, [])
        self._orders: dict[ClassFacts, Order] = {}
        self.checked = [outline_of(source) for source in sources]
        self._modules.update((module.path, module) for module in self.checked)
        self._in_sight: list[Module] = []
        self._sees: frozenset[Module] = frozenset()
        self._subclasses: dict[ClassFacts, list[ClassFacts]] | None = None

    @property
    def in_sight(self) -> list[Module]:
        """The files that are checked, and those around them that may use what is in these.

        Those are read when somebody asks for the first time, as rules do for a tonic: of a file without one they have nothing to say.
        """
        if not self._in_sight:
            uses = any(may_use(it.source.text) for it in self.checked)
            around = self._shelf.around(module.path for module in self.checked) if uses else []
            # One that was imported already stays the same.
            around = [self._modules.setdefault(module.path, module) for module in around]
            self._in_sight = [*self.checked, *around]
            self._sees = frozenset(self._in_sight)
        return self._in_sight

    def sees(self, module: Module) -> bool:
        """Whether a file is one of those that are checked, or of those around them."""
        return bool(self.in_sight) and module in self._sees

    @property
    def of_users(self) -> list[Module]:
        """All files that were read so far, without those of the framework unless these are in sight."""
        _ = self.in_sight
        count, found = self._of_users
        if count != len(self._modules):
            found = [it for path, it in self._modules.items() if it in self._sees or not is_framework(path)]
            self._of_users = len(self._modules), found
        return found

    # ---- files

    def _at(self, file: Path) -> Module | None:
        name = str(file)
        if name not in self._modules:
            if not os.path.isfile(name):  # noqa: PTH113 - which raises for a folder that is closed, and for a name that is too long
                return None
            self._modules[name] = _framework_module(name) if is_framework(name) else self._shelf.module(name)
        return self._modules[name]

    def find_module(self, module: Module, dotted: str, level: int) -> Module | None:
        """The file that an import means; None for a library, or what cannot be found."""
        folder = PurePath(module.path).parent
        key = (str(folder), dotted, level)
        if key not in self._found:
            self._found[key] = None  # a circle of imports ends here
            self._found[key] = self._find_module(Path(folder), [it for it in dotted.split(".") if it], level)
        return self._found[key]

    def _find_module(self, folder: Path, parts: list[str], level: int) -> Module | None:
        if level:
            roots = [folder, *folder.parents][level - 1 : level]
        elif not parts:
            return None
        elif parts[0] in ("tasktonic", "TaskTonic"):
            roots = [FRAMEWORK.parent]
        elif parts[0] in _NO_TONICS:
            return None
        else:
            roots = [folder, *folder.parents][:_HIGHEST]
        for root in roots:
            inner = root.joinpath(*parts)
            for file in (
                (inner.with_name(f"{inner.name}.py"), inner / "__init__.py") if parts else (inner / "__init__.py",)
            ):
                found = self._at(file)
                if found is not None:
                    return found
        return None

    # ---- names

    def meaning(self, node: ast.expr | None, scope: Scope, line: int, depth: int = _DEEPEST) -> Meaning:
        """What an expression such as ``Base``, ``module.Base`` or ``Base[int]`` stands for, seen from a line of a scope."""
        if depth <= 0:
            return None
        if isinstance(node, ast.Subscript):
            return self.meaning(node.value, scope, line, depth - 1)
        if isinstance(node, ast.Name):
            return self._named(node.id, scope, line, depth - 1)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            return self._named(node.value, scope, line, depth - 1)  # an annotation in quotes
        if isinstance(node, ast.Attribute):
            return self._inside(self.meaning(node.value, scope, line, depth - 1), node.attr, depth - 1)
        return None

    def _inside(self, whole: Meaning, name: str, depth: int) -> Meaning:
        if isinstance(whole, str):
            return f"{whole}.{name}"
        if isinstance(whole, Module):
            return self._of_module(whole, name, depth) or self._below(whole, name)
        if isinstance(whole, ClassFacts) and name in whole.names:
            return self._bound(whole.names[name][-1], whole, depth)
        return None

    def _below(self, package: Module, name: str) -> Module | None:
        """The module of a package that ``import package.module`` makes an attribute of it."""
        if os.path.basename(package.path) != "__init__.py":  # noqa: PTH119
            return None
        return self.find_module(package, name, 1)

    def _named(self, name: str, scope: Scope, line: int, depth: int) -> Meaning:
        at: Scope | None = scope
        while at is not None:
            bindings = at.names.get(name)
            if bindings is not None and (at is scope or not isinstance(at, ClassFacts)):
                # In the scope of the use what stands further up holds; from inside a function, what holds in the end.
                before = [it for it in bindings if it.line < line] if at is scope else bindings
                return self._last(before or bindings, at, depth)
            at = at.parent
        return self._by_star(scope.module, name, depth) or (f"builtins.{name}" if name in _BUILTINS else None)

    def _last(self, bindings: list[Binding], scope: Scope, depth: int) -> Meaning:
        """What a name means that may be bound more than once: nothing for sure, where it depends on what runs."""
        last = self._bound(bindings[-1], scope, depth)
        others = {it.what for it in bindings[:-1]} - {bindings[-1].what}
        if not others:
            return last
        if len(others) > _MOST_BINDINGS or not all(isinstance(it, ClassFacts | Import) for it in others):
            return None
        return last if all(self._bound(Binding(0, it), scope, depth) == last for it in others) else None

    def _bound(self, binding: Binding, scope: Scope, depth: int) -> Meaning:
        what = binding.what
        if isinstance(what, ClassFacts | Func):
            return what
        if isinstance(what, Import):
            return self._imported(scope.module, what, depth)
        if isinstance(what, ast.Name | ast.Attribute):
            return self.meaning(what, scope, binding.line, depth)
        return None

    def _imported(self, module: Module, what: Import, depth: int) -> Meaning:
        if depth <= 0:
            return None
        found = self.find_module(module, what.module, what.level)
        if not what.name:
            return found or what.module
        if found is None:
            inner = self.find_module(module, f"{what.module}.{what.name}" if what.module else what.name, what.level)
            return inner or (f"{what.module}.{what.name}" if not what.level else None)
        meaning = self._of_module(found, what.name, depth - 1) if found is not module else None
        if meaning is None:
            meaning = self.find_module(module, f"{what.module}.{what.name}" if what.module else what.name, what.level)
        return meaning

    def _of_module(self, module: Module, name: str, depth: int) -> Meaning:
        bindings = module.names.get(name)
        if bindings:
            return self._last(bindings, module, depth)
        return self._by_star(module, name, depth)

    def _by_star(self, module: Module, name: str, depth: int) -> Meaning:
        for star in reversed(module.stars):
            other = self.find_module(module, star.module, star.level)
            if other is not None and other is not module and depth > 0:
                found = self._of_module(other, name, depth - 1)
                if found is not None:
                    return found
        return None

    # ---- classes

    def order(self, cls: ClassFacts) -> Order:
        """A class and its bases in the order in which Python looks through them."""
        known = self._orders.get(cls)
        if known is None:
            self._orders[cls] = Order([cls], is_whole=False)  # a circle: no class at all
            known = self._orders[cls] = self._order(cls)
        return known

    def _order(self, cls: ClassFacts) -> Order:
        lines: list[list[ClassFacts]] = []
        direct: list[ClassFacts] = []
        is_whole = all(it.arg == "metaclass" for it in cls.node.keywords)
        foreign: list[str] = []
        for base in cls.node.bases:
            found = self.meaning(base, cls.parent or cls.module, cls.node.lineno)
            if isinstance(found, ClassFacts) and found is not cls:
                above = self.order(found)
                lines.append(above.classes)
                direct.append(found)
                is_whole = is_whole and above.is_whole
                foreign += above.foreign
            elif isinstance(found, str) and found.split(".")[0] in _NO_TONICS:
                foreign.append(found)
            else:
                is_whole = False
        return Order([cls, *_merged([*lines, direct])], is_whole=is_whole, foreign=foreign)

    def subclasses(self, cls: ClassFacts) -> list[ClassFacts]:
        """All classes in sight that are based on this one, however far below."""
        if self._subclasses is None:
            below: dict[ClassFacts, list[ClassFacts]] = {}
            for module in self.in_sight:
                for each in module.classes:
                    for above in self.order(each).classes[1:]:
                        below.setdefault(above, []).append(each)
            self._subclasses = below
        return self._subclasses.get(cls, [])


class Order:
    """Classes in Python's order of looking. `is_whole` is false when some base is not in sight; `foreign` are those of libraries."""

    def __init__(self, classes: list[ClassFacts], *, is_whole: bool, foreign: list[str] | None = None) -> None:
        self.classes = classes
        self.is_whole = is_whole
        self.foreign = foreign or []

    def has_framework_class(self, name: str) -> bool:
        """Whether one of the framework's own classes is among them."""
        return any(it.name == name and is_framework(it.module.path) for it in self.classes)


@cache
def _framework_module(path: str) -> Module:
    """A file of the framework: it stays as it is while this runs."""
    return outline_of(read_source(path))


def _merged(lines: list[list[ClassFacts]]) -> list[ClassFacts]:
    """Python's own rule (C3); where a class could not be made that way at all, the rest in the order of writing."""
    found: list[ClassFacts] = []
    lines = [list(line) for line in lines if line]
    while lines:
        head = next((line[0] for line in lines if not any(line[0] in other[1:] for other in lines)), lines[0][0])
        found.append(head)
        lines = [rest for line in lines if (rest := [it for it in line if it is not head])]
    return found
