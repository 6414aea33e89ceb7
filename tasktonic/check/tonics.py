"""What a class is as a tonic: its states, its sparkles, which method handles what. Known only as far as the text tells."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

from ..errors import ttSparkleNameError
from ..names import SparkleName, parse
from .given import Given
from .index import Index, Order
from .outline import ClassFacts, Func, Import, Scope
from .project import is_framework
from .values import texts_of

QT_PREFIX: Final = "ttqt"
_HARMLESS_DECORATORS: Final = frozenset(
    {"final", "dataclass", "total_ordering", "runtime_checkable", "override", "unique"}
)
_CODE_IN_A_CLASS: Final = frozenset({"exec", "locals", "vars", "setattr", "globals"})


class Tonics:
    """Gives every class as a tonic. Each is looked at once."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.given = Given(index)
        self._known: dict[ClassFacts, Tonic] = {}

    @cached_property
    def at_top_level(self) -> set[ClassFacts]:
        """Classes that are made, and only where no essence makes them: nothing above them will end them."""
        made: set[ClassFacts] = set()
        others: set[ClassFacts] = set()
        scopes = [scope for it in self.index.in_sight for scope in (it, *it.classes, *it.functions)]
        names = self._names_of_classes(scopes)
        for scope in scopes:
            for call in scope.calls:
                for node in (call.func, *call.args):
                    if _last_name(node) not in names:
                        continue
                    cls = self.index.meaning(node, scope, call.lineno + 1)
                    if isinstance(cls, ClassFacts):
                        is_made = node is call.func and not self._is_inside_an_essence(scope)
                        (made if is_made else others).add(cls)
        return made - others

    def _names_of_classes(self, scopes: list[Scope]) -> set[str]:
        """Under which names the classes in sight may be used."""
        names = {scope.name for scope in scopes if isinstance(scope, ClassFacts)}
        for scope in scopes:
            for name, bindings in scope.names.items():
                if any(isinstance(it.what, Import) and it.what.name in names for it in bindings):
                    names.add(name)
        return names

    def _is_inside_an_essence(self, scope: Scope | None) -> bool:
        while scope is not None:
            if isinstance(scope, ClassFacts) and self.of(scope).is_essence:
                return True
            scope = scope.parent
        return False

    def of(self, cls: ClassFacts) -> Tonic:
        """The class as a tonic, whether it is one or not."""
        known = self._known.get(cls)
        if known is None:
            known = self._known[cls] = Tonic(cls, self)
        return known


class Tonic:
    """A class with all that it inherits.

    `is_tonic` says whether it is one for sure; `is_whole` whether all of it is in sight, so that what is not found is not there.
    """

    def __init__(self, cls: ClassFacts, tonics: Tonics) -> None:
        index = tonics.index
        self.cls = cls
        self._tonics = tonics
        self.order: Order = index.order(cls)
        self.is_essence = self.order.has_framework_class("ttEssence")
        self.is_tonic = self.order.has_framework_class("ttTonic")
        self.is_qt = self.order.has_framework_class("ttPysideMixin")
        self.is_ours = is_framework(cls.module.path)
        self.methods = _nearest(self.order.classes)
        self.prefixes, knows_prefixes = self._custom_prefixes()
        self.handlers: dict[str, dict[str, list[Func]]] = {}
        """Handlers by the name that calls them in any state, then by state; empty for any."""
        self.unclear: set[str] = set()
        """Names that call something besides handlers in sight: ``ttsc__open = some_function``."""
        self.sparkles: set[str] = set()
        """The names under which sparkles can be called."""
        self._take_handlers()
        self._take_values()
        listed = self._listed_states()
        self.states: set[str] = {it for by in self.handlers.values() for it in by if it} | set(listed or ())
        self.knows_states = listed is not None
        self.is_whole = (
            self.order.is_whole
            and knows_prefixes
            and not any(map(_is_made_by_code, self.order.classes))
            and not (self._may_be_one and tonics.given.filled_by_code.intersection(self.order.classes))
        )

    @property
    def _may_be_one(self) -> bool:
        """Whether it is worth to look around for what it is given: of a plain class no rule says anything."""
        return self.is_essence or bool(self.handlers) or not self.order.is_whole

    @property
    def looks_like_one(self) -> bool:
        """Whether it is a tonic, or part of one: it has methods that are named like sparkles."""
        return self.is_tonic or bool(self.handlers)

    @cached_property
    def is_abstract(self) -> bool:
        """Whether it is there to be based on only: what it lacks is for others to add."""
        if any(it.rpartition(".")[2] in ("ABC", "Protocol") for it in self.order.foreign):
            return True
        decorators = (it for funcs in self.methods.values() for it in funcs[-1].decorators)
        return any(isinstance(it, ast.Name | ast.Attribute) and "abstract" in ast.unparse(it) for it in decorators)

    def family(self) -> Iterator[Tonic]:
        """Itself, and all classes in sight that are based on it."""
        yield self
        for below in self._tonics.index.subclasses(self.cls):
            yield self._tonics.of(below)

    def taken_apart(self, method: str) -> SparkleName | None:
        """The name of a method taken apart; None for one that is no sparkle's, or a wrong one."""
        try:
            return parse(method, self.prefixes)
        except ttSparkleNameError:
            return None

    def _take_handlers(self) -> None:
        for name, funcs in self.methods.items():
            parsed = self.taken_apart(name)
            if parsed is not None:
                self.handlers.setdefault(parsed.called, {})[parsed.state] = funcs
                self.sparkles.update((parsed.called, name))

    def _take_values(self) -> None:
        """Take what is a handler without being written as one: a value under the name of a sparkle, given in the class or from outside."""
        given = {
            name for cls in self.order.classes for name in cls.names.keys() - cls.methods.keys() if cls.gives(name)
        }
        if self._may_be_one:
            given.update(self._tonics.given.names(self.order.classes))
        for name in given:
            parsed = self.taken_apart(name)
            if parsed is not None:
                self.handlers.setdefault(parsed.called, {}).setdefault(parsed.state, [])
                self.sparkles.update((parsed.called, name))
                self.unclear.update((parsed.called, name))

    def _listed_states(self) -> set[str] | None:
        """What `_tt_states` lists, None where that cannot be told."""
        for cls in self.order.classes:
            if "_tt_states" in cls.names:
                value = cls.value("_tt_states")
                if isinstance(value, ast.List | ast.Tuple | ast.Set):
                    found = [texts_of(it, cls, None) for it in value.elts]
                    return {text for it in found for text in it.texts} if all(it.is_whole for it in found) else None
                # The framework's own class declares it, and lists none.
                return set() if is_framework(cls.module.path) and value is not None else None
        return set()

    def _custom_prefixes(self) -> tuple[tuple[str, ...], bool]:
        """Prefixes that toolkits add, and whether these are all."""
        found: list[str] = []
        for cls in self.order.classes:
            for func in cls.methods.get("_get_custom_prefixes", ()):
                if not is_framework(cls.module.path):
                    texts = [it for it in func.texts if it.isidentifier()]
                    found += texts
                    if not texts:
                        return tuple(found), False
        return (QT_PREFIX, *found) if self.is_qt or not self.order.is_whole else tuple(found), True


def _last_name(node: ast.expr) -> str:
    """``Door`` of ``Door`` and of ``doors.Door``."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _nearest(classes: Iterable[ClassFacts]) -> dict[str, list[Func]]:
    found: dict[str, list[Func]] = {}
    for cls in classes:
        for name, funcs in cls.methods.items():
            found.setdefault(name, funcs)
    return found


def _is_made_by_code(cls: ClassFacts) -> bool:
    """Whether a class may have more than its text shows: it is decorated, or code runs in its body, or names are looked up."""
    if is_framework(cls.module.path):
        return False
    if cls.loops or "__getattr__" in cls.methods or "__getattribute__" in cls.methods:
        return True
    if any(isinstance(it.func, ast.Name) and it.func.id in _CODE_IN_A_CLASS for it in cls.calls):
        return True
    for decorator in cls.node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
        if name not in _HARMLESS_DECORATORS:
            return True
    return False
