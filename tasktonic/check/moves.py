"""Who sends whom to which state, and who ends whom: over all files in sight."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple

from .index import Index
from .outline import ClassFacts, Module, Scope
from .project import is_framework
from .receivers import Receiver, Receivers
from .tonics import Tonic
from .values import UNKNOWN, Texts, texts_of

STOPPED: Final = -1


class Move(NamedTuple):
    """One ``to_state``. `whose` is the class it is called on, None where that cannot be told; `call` is None when it is only handed on.

    `number` is the index where one is given; `states` the names that are possible, whole when they are all.
    """

    module: Module
    scope: Scope
    node: ast.Attribute
    call: ast.Call | None
    whose: Receiver | None
    argument: ast.expr | None
    states: Texts
    number: int | None

    @property
    def is_computed(self) -> bool:
        """Whether it may lead anywhere."""
        return not self.states.is_whole and self.number != STOPPED


class Moves:
    """All moves between states, and all endings, that stand in the files in sight."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.receivers = Receivers(index)

        self._by_module: dict[Module, list[Move]] = {}

    @cached_property
    def all(self) -> list[Move]:
        return [move for module in self._index.in_sight for move in self.of_module(module)]

    def of_module(self, module: Module) -> list[Move]:
        """The moves that stand in one file."""
        if module not in self._by_module:
            self._by_module[module] = list(self._in(module))
        return self._by_module[module]

    @cached_property
    def may_lead_anywhere(self) -> bool:
        """Whether somebody sends what cannot be told to a state that cannot be told."""
        # As a text it is looked up: ``getattr(door, "to_state")``.
        is_looked_up = any("to_state" in module.said for module in self._index.of_users)
        return is_looked_up or any(it.whose is None and it.is_computed for it in self.all)

    def of(self, tonic: Tonic) -> list[Move]:
        """The moves of a class, of those based on it, and of those it is based on."""
        related = {cls for it in tonic.family() for cls in it.order.classes}
        return [it for it in self.all if it.whose is not None and it.whose.cls in related]

    def entered(self, tonic: Tonic) -> set[str] | None:
        """The states that something goes to; None where that cannot be told."""
        own = self.of(tonic)
        if self.may_lead_anywhere or any(it.is_computed for it in own):
            return None
        # What is inherited from files out of sight moves as well.
        for each in tonic.family():
            if any(
                not each.is_ours and not self._index.sees(cls.module) and _moves_in(cls) for cls in each.order.classes
            ):
                return None
        strangers = (it for it in self.all if it.whose is None)
        return {text for it in (*own, *strangers) for text in it.states.texts}

    @cached_property
    def others_end(self) -> list[Receiver | None]:
        """What is finished by something else than itself: its class, or None where that cannot be told."""
        found: list[Receiver | None] = []
        for module in self._index.in_sight:
            for scope in (module, *module.classes, *module.functions):
                others = (it for it in scope.loads if it.attr == "finish" and not self._is_self(it.value, scope))
                found += [self.receivers.of(it.value, scope) for it in others]
        return found

    def _is_self(self, node: ast.expr, scope: Scope) -> bool:
        return isinstance(node, ast.Name) and self.receivers.self_of(scope, node.id) is not None

    def _in(self, module: Module) -> Iterator[Move]:
        if "to_state" not in module.mentioned:
            return
        for scope in (module, *module.classes, *module.functions):
            for node in scope.loads:
                if node.attr == "to_state":
                    yield self._move(module, scope, node)

    def _move(self, module: Module, scope: Scope, node: ast.Attribute) -> Move:
        call = module.call_of.get(id(node))
        whose = self._whose(node.value, scope)
        if whose is not None and self._has_one_of_its_own(whose):
            whose = None
        order = self._index.order(whose.cls).classes if whose is not None else None
        given = None
        if call is not None:
            given = next((it.value for it in call.keywords if it.arg == "state"), call.args[0] if call.args else None)
        texts = UNKNOWN if whose is not None and self._may_be_another(given, whose) else texts_of(given, scope, order)
        return Move(module, scope, node, call, whose, given, texts, _number(given))

    def _may_be_another(self, given: ast.expr | None, whose: Receiver) -> bool:
        """Whether a constant of the class, as in ``self.to_state(self.FIRST)``, is given another value further below or from outside."""
        below = self._index.subclasses(whose.cls) if whose.is_self else []
        attributes = [it.attr for it in ast.walk(given) if isinstance(it, ast.Attribute)] if given is not None else []
        return any(
            any(name in cls.names for cls in below) or any(name in module.stored for module in self._index.of_users)
            for name in attributes
        )

    def _has_one_of_its_own(self, whose: Receiver) -> bool:
        """Whether the user has written another ``to_state``: what it takes is not known."""
        related = (*self._index.order(whose.cls).classes, *self._index.subclasses(whose.cls))
        return any("to_state" in cls.names and not is_framework(cls.module.path) for cls in related)

    def _whose(self, node: ast.expr, scope: Scope) -> Receiver | None:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super":
            at: Scope | None = scope
            while at is not None:
                if isinstance(at, ClassFacts):
                    return Receiver(at, True)
                at = at.parent
            return None
        return self.receivers.of(node, scope)


def _moves_in(cls: ClassFacts) -> bool:
    if is_framework(cls.module.path):
        return False
    return any(load.attr == "to_state" for funcs in cls.methods.values() for func in funcs for load in func.loads)


def _number(node: ast.expr | None) -> int | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _number(node.operand)
        return -inner if inner is not None else None
    if isinstance(node, ast.Constant) and isinstance(node.value, int) and not isinstance(node.value, bool):
        return node.value
    return None
