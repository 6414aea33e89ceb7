"""What a plan is made of: code for functions, things put into classes and modules, and what stays as it is."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final, NamedTuple

from tasktonic import names
from tasktonic.errors import ttSparkleNameError
from tasktonic.tonic import ttTonic

from .living import own_name, tables_below
from .source import SourceText

NEW: Final = " (new)"


class Kept(NamedTuple):
    """What stays as it is, why, and where it stands in the new text."""

    what: str
    why: str
    line: int = 0


class Stay(NamedTuple):
    """A function that is another one in the text, and stays as it is."""

    cls: type | None
    method: str
    label: str
    names: frozenset[str]
    """By which code refers to it."""
    function: Any
    """What runs; None where a decorator has made something else of it, and for one that would be new."""
    is_new: bool

    @property
    def owner_name(self) -> str:
        """The qualified name of its class, empty for none."""
        return self.cls.__qualname__ if self.cls is not None else ""


@dataclass(slots=True)
class Swap:
    """A function that gets other code: who has it, and who holds a bound method of it, has it from then on."""

    cls: type | None
    label: str
    function: FunctionType
    code: CodeType
    defaults: tuple[Any, ...] | None
    kwdefaults: dict[str, Any] | None
    doc: str | None
    is_moved: bool = False
    """It does the same as before; only its lines stand elsewhere."""

    @property
    def owner_name(self) -> str:
        """The qualified name of its class, empty for none."""
        return self.cls.__qualname__ if self.cls is not None else ""

    @property
    def was(self) -> FunctionType:
        """What is there now."""
        return self.function

    @property
    def reshapes(self) -> bool:
        """Whether it takes other arguments than before."""
        return _shape(self.function.__code__) != _shape(self.code)


@dataclass(slots=True)
class Put:
    """Something that a class or a module gets under a name."""

    owner: type | ModuleType
    name: str
    value: Any
    label: str
    is_new: bool
    code: CodeType | None = None
    """Of the function in it; none for what is imported."""
    was: FunctionType | None = None
    """The function that is there now."""

    @property
    def cls(self) -> type | None:
        """The class that gets it."""
        return self.owner if isinstance(self.owner, type) else None

    @property
    def owner_name(self) -> str:
        """The qualified name of its class, empty for a module."""
        return self.owner.__qualname__ if isinstance(self.owner, type) else ""

    @property
    def reshapes(self) -> bool:
        """Whether it is a function that takes other arguments than before."""
        return self.code is not None and self.was is not None and _shape(self.was.__code__) != _shape(self.code)


@dataclass(slots=True)
class Plan:
    """What a text would change in one process."""

    swaps: list[Swap] = field(default_factory=list)
    puts: list[Put] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    """The functions among what is kept."""
    new: SourceText | None = None
    """What it was made from."""
    old: SourceText | None = None
    """What runs before it is carried out, if that is known."""

    def classes(self) -> set[type]:
        """The classes that it changes."""
        owners = [swap.cls for swap in self.swaps] + [put.owner for put in self.puts]
        return {owner for owner in owners if isinstance(owner, type)}

    def changes(self) -> list[Swap | Put]:
        """All of it."""
        return [*self.swaps, *self.puts]

    def replaced(self) -> list[str]:
        """What does something else from then on, each once."""
        changed = [swap.label for swap in self.swaps if not swap.is_moved]
        return list(dict.fromkeys([*changed, *(put.label for put in self.puts)]))

    def withdraw(self, change: Swap | Put, why: str) -> None:
        """Leave a change of a function out, and say why."""
        (self.swaps if isinstance(change, Swap) else self.puts).remove(change)  # type: ignore[arg-type]
        label = change.label.removesuffix(NEW)
        if change.code is not None:
            is_new = isinstance(change, Put) and change.is_new
            self.stay(change.cls, change.code.co_name, label, change.was, is_new=is_new)
        self.keep(label, why, change.code.co_firstlineno if change.code is not None else 0)

    def stay(self, cls: type | None, method: str, label: str, function: Any, *, is_new: bool) -> None:
        """Note of a function that it stays as it is."""
        called = referred_by(cls, method, is_new=is_new)
        self.stays.append(Stay(cls, method, label, called, function, is_new))

    def keep(self, what: str, why: str, line: int = 0) -> None:
        """Say of something that it stays."""
        if all(one.what != what for one in self.kept):
            self.kept.append(Kept(what, why, line))


def names_of(code: CodeType) -> Iterator[str]:
    """The names of globals and of attributes that code uses."""
    yield from code.co_names
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from names_of(const)


def referred_by(cls: type | None, method: str, *, is_new: bool = False) -> frozenset[str]:
    """The names by which code refers to a function: that of the sparkle too, unless it would be new and others handle it."""
    if cls is None:
        return frozenset({method})
    own = {own_name(cls.__name__, method)}
    if issubclass(cls, ttTonic):
        try:
            parsed = names.parse(method, tuple(cls._get_custom_prefixes()))
        except ttSparkleNameError:
            parsed = None
        if parsed is not None and not (is_new and _is_sparkle(cls, parsed.called)):
            own.add(parsed.called)
    return frozenset(own)


def _is_sparkle(cls: type, called: str) -> bool:
    return any(called in table.slot_by_name for table in tables_below({cls}))


def _shape(code: CodeType) -> tuple[object, ...]:
    flags = code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS)
    taken = code.co_argcount + code.co_kwonlyargcount
    return code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, flags, code.co_varnames[:taken]
