"""The table of a class: its sparkles, its states, and which method handles which sparkle in which state.

Built once per class, from names alone. Instances share it: what an instance holds of it is one list, the handlers of the
state that it is in, so that choosing a handler is one index and changing state is one assignment.
"""

from __future__ import annotations

import inspect
import itertools
import linecache
import re
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from . import names
from .errors import ttArgumentError

Handler = Callable[..., Any]

ANY_STATE: Final = -1

_next_class_id = itertools.count(1).__next__
_next_sparkle_id = itertools.count(1).__next__

_tables: Final[weakref.WeakValueDictionary[int, ClassTable]] = weakref.WeakValueDictionary()


def tables() -> list[ClassTable]:
    """The table of every class there is in this process, so that a snapshot can tell of them all.

    Classes that were made at run time and are not used any more are not kept alive.
    """
    return list(_tables.values())


@dataclass(slots=True)
class Sparkle:
    """One callable name of a class: ``ttsc__open``, or state-qualified ``ttsc_open__close``."""

    id: int
    slot: int
    called: str
    parsed: names.SparkleName
    handlers: dict[str, Handler] = field(default_factory=dict)
    """Method by state, ``''`` for any state."""
    signature: inspect.Signature | None = None
    """The one signature (without ``self``) of all handlers; ``None`` when they differ or take ``*`` or ``**``."""
    is_system: bool = False

    @property
    def name(self) -> str:
        return self.called


class ClassTable:
    """What one class of essences is made of. Process-wide; changed only when code of the class is replaced (``replacing``)."""

    __slots__ = (
        "__weakref__", "after_end", "cls", "dropping", "handlers", "has_custom_prefixes", "id", "methods", "name", "noop",
        "on_enter", "on_error", "on_exit", "on_finished", "on_start", "slot_by_name", "sparkles", "state_index", "states", "told_epoch",
    )  # fmt: skip

    def __init__(
        self,
        cls: type,
        *,
        custom_prefixes: Mapping[str, Any],
        noop: Handler,
        drop: Handler,
        listed_states: Sequence[str] = (),
        sparkling: bool = True,
    ) -> None:
        self.id = _next_class_id()
        self.cls = cls
        self.name = cls.__name__
        self.noop = noop
        self.told_epoch = -1
        self.has_custom_prefixes = bool(custom_prefixes)
        self.methods = sparkle_methods(cls, tuple(custom_prefixes)) if sparkling else []
        self.states = sorted({p.state for _, p, _ in self.methods if p.state} | set(listed_states))
        self.state_index = {name: index for index, name in enumerate(self.states)}
        self.sparkles = sparkles_of(self.methods)
        self.find_slots()
        self.handlers: list[list[Handler]] = [self.row(state, noop) for state in self.states]
        # The row of "no state" comes last, so that its index -1 finds it.
        self.handlers.append(self.row(None, noop))
        self.dropping = [s.handlers[""] if s.is_system and "" in s.handlers else drop for s in self.sparkles]
        self.after_end = [drop] * len(self.sparkles)
        _tables[self.id] = self

    def find_slots(self) -> None:
        """Note under which number each sparkle is found, those that the framework calls above all."""
        self.slot_by_name = {sparkle.called: sparkle.slot for sparkle in self.sparkles}
        self.on_enter = self.slot_by_name.get("ttse__on_enter", -1)
        self.on_exit = self.slot_by_name.get("ttse__on_exit", -1)
        self.on_error = self.slot_by_name.get("ttse__on_error", -1)
        self.on_start = self.slot_by_name.get("ttse__on_start", -1)
        self.on_finished = self.slot_by_name.get("ttse__on_finished", -1)

    def row(self, state: str | None, noop: Handler) -> list[Handler]:
        """The handlers in one state, by the number of the sparkle."""
        row = []
        for sparkle in self.sparkles:
            wanted = sparkle.parsed.state
            if wanted:
                handler = sparkle.handlers.get(wanted) if wanted == state else None
            else:
                handler = (sparkle.handlers.get(state) if state is not None else None) or sparkle.handlers.get("")
            row.append(handler or noop)
        return row

    def state_name(self, index: int) -> str:
        """``'--'`` for no state."""
        return self.states[index] if 0 <= index < len(self.states) else "--"

    def handles(self, slot: int, state: int) -> bool:
        """Whether a sparkle would run something in a state; false for a slot of -1."""
        return slot >= 0 and self.handlers[state][slot] is not self.noop

    def place(self) -> tuple[str, int]:
        """File and 1-based line of the class statement; an empty file and 0 when the source is not known."""
        try:
            file = inspect.getsourcefile(self.cls) or ""
        except (TypeError, OSError):  # made in C, or typed at a prompt
            return "", 0
        line = self.cls.__dict__.get("__firstlineno__", 0)
        if line or not file:
            return file, line
        statement = re.compile(rf"^\s*class\s+{re.escape(self.name)}\b")
        first_method = min(
            (f.__code__.co_firstlineno for f in vars(self.cls).values() if inspect.isfunction(f)), default=None
        )
        lines = linecache.getlines(file)
        found = [n for n, text in enumerate(lines, 1) if statement.match(text) and n <= (first_method or len(lines))]
        return file, (found[-1] if found else 0)


def sparkle_methods(cls: type, custom_prefixes: tuple[str, ...]) -> list[tuple[str, names.SparkleName, Handler]]:
    """All sparkle methods of a class, the nearest along the MRO for each name, in the order of the names."""
    found: dict[str, tuple[str, names.SparkleName, Handler]] = {}
    for base in cls.__mro__:
        for attribute, value in vars(base).items():
            if attribute in found or not inspect.isfunction(value):
                continue
            parsed = names.parse(attribute, custom_prefixes)
            if parsed is not None:
                found[attribute] = (attribute, parsed, value)
    return [found[name] for name in sorted(found)]


def fault_of(value: object) -> str:
    """What keeps a value from being a sparkle; empty for a plain method.

    What a coroutine or a generator has to do would never be done: calling it only makes it.
    """
    if not inspect.isfunction(value):
        return f"a {type(value).__name__}"
    if inspect.iscoroutinefunction(value) or inspect.isasyncgenfunction(value):
        return "a coroutine (async def)"
    return "a generator (it has a yield)" if inspect.isgeneratorfunction(value) else ""


def sparkles_of(methods: list[tuple[str, names.SparkleName, Handler]]) -> list[Sparkle]:
    """The sparkles that some methods make up, numbered in the order of their names."""
    by_called: dict[str, Sparkle] = {}

    def sparkle_of(parsed: names.SparkleName) -> Sparkle:
        called = names.qualified(*parsed)
        if called not in by_called:
            sparkle = Sparkle(_next_sparkle_id(), len(by_called), called, parsed)
            sparkle.is_system = parsed.prefix == names.SYSTEM
            by_called[called] = sparkle
        return by_called[called]

    for _, parsed, method in methods:
        sparkle_of(parsed._replace(state="")).handlers[parsed.state] = method
        if parsed.state:
            sparkle_of(parsed).handlers[parsed.state] = method
    for sparkle in by_called.values():
        sparkle.signature = _common_signature(list(sparkle.handlers.values()))
    return list(by_called.values())


def _common_signature(handlers: list[Handler]) -> inspect.Signature | None:
    signatures = [signature_of(handler) for handler in handlers]
    first = signatures[0]
    plain = all(p.kind is p.POSITIONAL_OR_KEYWORD and p.name.isidentifier() for p in first.parameters.values())
    if not plain or len(first.parameters) > 8:
        return None
    shape = [(p.name, p.default) for p in first.parameters.values()]
    same = all([(p.name, p.default) for p in s.parameters.values()] == shape for s in signatures[1:])
    return first if same else None


def signature_of(handler: Handler) -> inspect.Signature:
    """The signature of a method without ``self``, and without annotations (they may name what is not imported)."""
    signature = inspect.signature(handler)
    parameters = [p.replace(annotation=inspect.Parameter.empty) for p in list(signature.parameters.values())[1:]]
    return signature.replace(parameters=parameters, return_annotation=inspect.Signature.empty)


def check_arguments(sparkle: Sparkle, where: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Refuse arguments that fit none of the handlers of a sparkle.

    Raises:
        ttArgumentError: they fit none; the message has the signatures there are.
    """
    wanted: list[str] = []
    for handler in sparkle.handlers.values():
        signature = signature_of(handler)
        try:
            signature.bind(*args, **kwargs)
        except TypeError as error:
            wanted.append(f"{handler.__name__}{signature}: {error}")
        else:
            return
    raise ttArgumentError(f"{where}: the arguments fit no handler. " + "; ".join(wanted))
