"""Replaces the code of classes while their instances live: change a handler and go on.

``prepare`` compares a text with what runs, and runs nothing of it. ``Replacement.carry_out`` is then called while nothing runs
that it is about; ``Replacement.catalysts`` are those that have to stand still, and a ``Meeting`` brings them to it.
"""

from __future__ import annotations

import linecache
import os
from collections.abc import Iterator
from typing import Any

from tasktonic.ledger import ttLedger

from .applying import Applied, carry_out, done_to, keep_what_is_awaited, last_of, running_source, take_back
from .changes import Kept, Plan
from .leaning import note_mixtures, withdraw_what_leans
from .living import functions_of, is_of_framework, living_of, modules_of
from .meeting import Meeting
from .plan import compare
from .source import SourceText, is_in_place, is_same, read_source, ttNotLoadedError, ttReplaceError

__all__ = [
    "Applied",
    "Kept",
    "Meeting",
    "Replacement",
    "Undoing",
    "done_to",
    "prepare",
    "ttNotLoadedError",
    "ttReplaceError",
]


class Replacement:
    """What another text of a file would change. Made by ``prepare``; used once."""

    def __init__(self, file: str, new: SourceText, old: SourceText | None, plan: Plan, known_as: list[str]) -> None:
        self.file = file
        self.plan = plan
        self._new = new
        self._old = old
        self._known_as = known_as

    def catalysts(self) -> list[Any]:
        """Those that run what it changes. Any thread."""
        return standing(self.plan)

    def carry_out(self) -> Applied:
        """Do it, all or nothing."""
        keep_what_is_awaited(self.plan)
        withdraw_what_leans(self.plan)
        note_mixtures(self.plan)
        return carry_out(self.file, self._new, self._old, self.plan, self._known_as)


class Undoing:
    """Puts back what was replaced of a file last. Raises ``ttReplaceError`` when nothing was."""

    def __init__(self, file: str) -> None:
        self._applied = last_of(file)
        self.plan = self._applied.plan

    def catalysts(self) -> list[Any]:
        """Those that run what it changes. Any thread."""
        return standing(self.plan)

    def carry_out(self) -> Applied:
        """Do it."""
        take_back(self._applied)
        return self._applied


def standing(plan: Plan) -> list[Any]:
    """The catalysts that have to stand between two sparkles while a plan is carried out."""
    ledger = ttLedger()
    homes = {id(home): home for essence in living_of(plan.classes()) if (home := _home_of(essence)) is not None}
    if ledger.hand is not None and homes:
        return [ledger.main_catalyst]  # it is turned by hand, with all others, by one thread
    return [home for home in homes.values() if home.is_turning() and not home.has_ended]


def _home_of(essence: Any) -> Any:
    catalyst = essence._tt_catalyst
    if catalyst is None:
        return ttLedger().main_catalyst
    return getattr(catalyst, "catalyst", catalyst)


def prepare(file: str, text: str, before: str = "") -> Replacement:
    """Compare a text with what runs of a file. Any thread; nothing is changed.

    Args:
        file: its path.
        text: what it shall be.
        before: what it may have been when it was loaded: taken for that only if it compiles to what runs.

    Raises:
        ttReplaceError: it is no Python, or nothing of the file runs.
    """
    if is_of_framework(file):
        raise ttReplaceError("This file belongs to the framework itself, which is not replaced while it runs.")
    modules = modules_of(file)
    shown = os.path.basename(file)  # noqa: PTH119 - the path of another program, taken as it is
    new = read_source(shown, text)
    if not modules:
        raise ttNotLoadedError(
            f"Nothing that runs was loaded from {shown}: it is used when it is imported, or at a restart."
        )
    plan, old, known_as = Plan(), None, []
    for module in modules:
        name = next((one.__code__.co_filename for one in functions_of(module, new)), str(module.__file__))
        known_as.append(name)
        new = read_source(name, text)
        known = running_source(file)
        old = known if known is not None and _is_running(module, known) else _what_runs(module, name, before)
        compare(module, new, old, plan)
    return Replacement(file, new, old, plan, list(dict.fromkeys(known_as)))


def _candidates(name: str, before: str) -> Iterator[str]:
    yield before
    entry: Any = linecache.cache.get(name, ())
    yield "".join(entry[2]) if len(entry) == 4 else ""
    yield "".join(linecache.getlines(name))


def _what_runs(module: Any, name: str, before: str) -> SourceText | None:
    """The first text that compiles to what runs."""
    for text in dict.fromkeys(filter(None, _candidates(name, before))):
        try:
            source = read_source(name, text)
        except ttReplaceError:
            continue
        if _is_running(module, source):
            return source
    return None


def _is_running(module: Any, source: SourceText) -> bool:
    running = [function.__code__ for function in functions_of(module, source)]
    found = [(code, source.codes.get((code.co_qualname, code.co_firstlineno))) for code in running]
    return all(other is not None and is_same(code, other) and is_in_place(code, other) for code, other in found)
