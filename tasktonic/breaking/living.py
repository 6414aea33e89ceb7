"""What lives, as the rules see it, and conditions asked of it."""

from __future__ import annotations

import sys
from functools import lru_cache
from types import CodeType
from typing import Any

from tasktonic.essence import ttEssence
from tasktonic.rules import Moment, Term
from tasktonic.states import ClassTable


class Living:
    """An essence that lives. Path and kinds are found when a rule asks for them."""

    __slots__ = ("essence",)

    def __init__(self, essence: ttEssence) -> None:
        self.essence = essence

    @property
    def id(self) -> int:
        return self.essence._tt_id

    @property
    def name(self) -> str:
        return self.essence.name

    @property
    def path(self) -> str:
        names = []
        at: ttEssence | None = self.essence
        while at is not None:
            names.append(at.name)
            at = at._tt_context
        return "/".join(reversed(names))

    @property
    def kinds(self) -> tuple[str, ...]:
        return kinds_of(self.essence._tt_class)


def kinds_of(table: ClassTable) -> tuple[str, ...]:
    """The name of a class and of those it is derived from, nearest first."""
    return _mro_names(table.cls)


@lru_cache(maxsize=2048)
def _mro_names(cls: type) -> tuple[str, ...]:
    return tuple(base.__name__ for base in cls.__mro__ if base is not object)


def kinds_of_error(error: BaseException) -> tuple[str, ...]:
    """The name of an exception's class and of those it is derived from, nearest first."""
    return tuple(base.__name__ for base in type(error).__mro__ if base is not object)


def ask(moment: Moment, term: Term) -> bool:
    """Evaluate a condition: code of who set it, in the app, in the thread of the catalyst, with the tonic as ``self``.

    It sees the names of the module in which the tonic's class is. Raises what the expression raises.
    """
    who = moment.who
    if not isinstance(who, Living):
        return False
    module = sys.modules.get(who.essence._tt_class.cls.__module__)
    names: dict[str, Any] = module.__dict__ if module is not None else {}
    return bool(eval(_compiled(term.what), names)(who.essence))


@lru_cache(maxsize=256)
def _compiled(text: str) -> CodeType:
    """What gives a function of the tonic: as its parameter ``self`` is also known in what the expression nests."""
    return compile(f"lambda self: (\n{text.strip()}\n)", "<condition of a breakpoint>", "eval", dont_inherit=True)
