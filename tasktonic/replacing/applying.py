"""Carries out a plan, all of it or nothing, and takes it back again. While nothing runs that it is about."""

from __future__ import annotations

import linecache
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any, Final

from tasktonic import leaf, names
from tasktonic.endings import ASKED
from tasktonic.ledger import ttLedger
from tasktonic.loops import END_OF_BATCH
from tasktonic.tonic import ttTonic

from .changes import Plan, Put, Swap
from .class_tables import renew
from .living import living_of, tables_below
from .mixing import what_runs_after
from .source import SourceText, ttReplaceError

_ABSENT: Final = object()


@dataclass(slots=True)
class Applied:
    """What was done to a file, and how it is undone."""

    file: str
    text: str
    plan: Plan
    old: SourceText | None
    """What ran before, if that is known."""
    undo: list[Callable[[], None]] = field(default_factory=list)
    reshaped: list[tuple[str, type, Any]] = field(default_factory=list)
    """Functions that take other arguments than before: what they are called, the class, and the function that runs now."""


_applied: Final[dict[str, list[Applied]]] = {}
_running: Final[dict[str, SourceText]] = {}
_retired: Final[list[Any]] = []
"""What was put in or out of a class: something made in C may still know it without holding it."""


def running_source(file: str) -> SourceText | None:
    """What a file's code has been brought to; ``None`` when nothing of it was replaced."""
    return _running.get(os.path.realpath(file))


def last_of(file: str) -> Applied:
    """What was done to a file last.

    Raises:
        ttReplaceError: nothing was.
    """
    done = _applied.get(os.path.realpath(file))
    if not done:
        raise ttReplaceError(f"Nothing of {os.path.basename(file)} was replaced: there is nothing to put back.")  # noqa: PTH119
    return done[-1]


def done_to(file: str) -> int:
    """How many replacements of a file can be put back."""
    return len(_applied.get(os.path.realpath(file), ()))


def keep_what_is_awaited(plan: Plan) -> None:
    """Take out of a plan what would not fit the arguments of orders that wait. While all that it is about stands still."""
    for change in plan.changes():
        was: Any = change.was
        if change.cls is None or not change.reshapes:
            continue
        waiting = _orders_for(change.cls, was)
        if waiting:
            orders = f"{waiting} order{'s' * (waiting > 1)} with the old arguments wait{'s' * (waiting == 1)} for it"
            plan.withdraw(change, f"{orders}: try again when the queue is empty")
        elif _is_bound_by_name(change.cls, was):
            plan.withdraw(change, "it is connected with the arguments that it takes now: restart to use it")


def _orders_for(cls: type, function: FunctionType) -> int:
    if not issubclass(cls, ttTonic):
        return 0
    slots = {
        (id(table), sparkle.slot)
        for table in tables_below({cls})
        for sparkle in table.sparkles
        if function in sparkle.handlers.values()
    }
    counted: Counter[tuple[int, int]] = Counter()
    for catalyst in ttLedger().catalysts:
        for order in catalyst.orders.copy():  # in one piece, whoever queues meanwhile
            if order is not END_OF_BATCH:
                counted[id(getattr(order[0], "_tt_class", None)), order[1]] += 1
    return sum(counted[slot] for slot in slots)


def _is_bound_by_name(cls: Any, function: FunctionType) -> bool:
    """Whether a toolkit has bound the sparkle of a living tonic, and looked at its arguments for that."""
    if not issubclass(cls, ttTonic):
        return False
    parsed = names.parse(function.__name__, tuple(cls._get_custom_prefixes()))
    return parsed is not None and parsed.prefix not in names.PREFIXES and bool(living_of({cls}))


def carry_out(file: str, new: SourceText, old: SourceText | None, plan: Plan, known_as: list[str]) -> Applied:
    """Do what a plan says; ``known_as`` are the names under which tracebacks know the file.

    Raises:
        Exception: something of it failed; all is as before.
    """
    applied = Applied(file, new.text, plan, old, reshaped=_reshaped(plan))
    running = what_runs_after(old, new, plan)
    try:
        with leaf.lock:
            for put in plan.puts:
                _put(put, applied.undo)
            for swap in plan.swaps:
                _swap(swap, applied.undo)
            _remember_lines(known_as, new.text, applied.undo)
            _renew(plan)
        _bind_new_sparkles(plan)
    except BaseException:  # also Ctrl+C
        with leaf.lock:
            _take_back(applied)
        raise
    key = os.path.realpath(file)
    _applied.setdefault(key, []).append(applied)
    _running[key] = running
    return applied


def _reshaped(plan: Plan) -> list[tuple[str, type, Any]]:
    return [
        (change.label, change.cls, change.function if isinstance(change, Swap) else change.value)
        for change in plan.changes()
        if change.cls is not None and change.reshapes
    ]


def take_back(applied: Applied) -> None:
    """Put back what was replaced last. While all that it is about stands still.

    Raises:
        ttReplaceError: orders wait for something that took other arguments before; all stays as it is.
    """
    for label, cls, function in applied.reshaped:
        if waiting := _orders_for(cls, function):
            orders = (
                f"{waiting} order{'s' * (waiting > 1)} with the new arguments wait{'s' * (waiting == 1)} for {label}"
            )
            raise ttReplaceError(f"{orders}: try again when the queue is empty.")
    key = os.path.realpath(applied.file)
    with leaf.lock:
        try:
            _take_back(applied)
        except BaseException:  # Ctrl+C: half of it would be worse
            _take_back(applied)
            raise
        finally:
            _applied[key].remove(applied)
            if applied.old is not None:
                _running[key] = applied.old
            else:
                _running.pop(key, None)


def _take_back(applied: Applied) -> None:
    while applied.undo:
        applied.undo[-1]()  # may be done twice when Ctrl+C comes here
        applied.undo.pop()
    _renew(applied.plan)


def _renew(plan: Plan) -> None:
    renew(tables_below(plan.classes()), has_new_functions=any(isinstance(put.owner, type) for put in plan.puts))


def _put(put: Put, undoing: list[Callable[[], None]]) -> None:
    before = vars(put.owner).get(put.name, _ABSENT)

    def undo() -> None:
        if before is _ABSENT:
            if put.name in vars(put.owner):
                delattr(put.owner, put.name)
        else:
            setattr(put.owner, put.name, before)

    undoing.append(undo)
    _retired.extend((before, put.value))
    setattr(put.owner, put.name, put.value)


def _swap(swap: Swap, undoing: list[Callable[[], None]]) -> None:
    function: Any = swap.function
    before = function.__code__, function.__defaults__, function.__kwdefaults__, function.__doc__

    def undo() -> None:
        function.__code__, function.__defaults__, function.__kwdefaults__, function.__doc__ = before

    undoing.append(undo)
    function.__code__ = swap.code
    function.__defaults__, function.__kwdefaults__, function.__doc__ = swap.defaults, swap.kwdefaults, swap.doc


def _remember_lines(names: list[str], text: str, undoing: list[Callable[[], None]]) -> None:
    """Have tracebacks show the lines of the text that runs, whatever stands in the file later."""
    before = {name: linecache.cache.get(name) for name in names}

    def undo() -> None:
        for name, entry in before.items():
            if entry is None:
                linecache.cache.pop(name, None)
            else:
                linecache.cache[name] = entry

    undoing.append(undo)
    for name in names:
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)


def _bind_new_sparkles(plan: Plan) -> None:
    """What a toolkit binds by its name, such as ``ttqt__ok__clicked``, is bound for what lives, by an order of each."""
    classes = {put.owner for put in plan.puts if put.is_new and isinstance(put.owner, type)}
    for tonic in living_of({cls for cls in classes if issubclass(cls, ttTonic)}):
        if isinstance(tonic, ttTonic) and tonic._tt_class.has_custom_prefixes and tonic._tt_stage < ASKED:
            tonic._ttss__bind_prefixes()
