"""Calls of sparkles: ones that do not exist, and ones with the wrong arguments."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from ..arguments import misfit, misfit_of, shown
from ..expected import MISFIT, MISSING, is_expected
from ..finding import Edit, Fix
from ..outline import ClassFacts, Func, Scope
from ..receivers import Receiver
from ..rule import Found, Look, closest
from ..tonics import Tonic

_LIKE_A_SPARKLE: Final = re.compile(r"_?(tts[a-z]?|ttqt)(_\w+?)??__\w+$")
_GIVEN_BY_THE_FRAMEWORK: Final = {"on_start": 0, "on_finished": 0, "on_enter": 0, "on_exit": 0, "on_error": 1}


def unknown_sparkle(look: Look) -> Iterator[Found]:
    """A sparkle that is called, or handed on, and that its tonic does not have."""
    for scope, node in _sparkles_read(look):
        above = _above(node, scope)
        if above is not None:
            if not is_expected(node, scope, MISSING):
                yield from _unknown_above(look, node, above)
            continue
        whose = look.receivers.of(node.value, scope)
        if whose is None or look.is_said_or_stored(node.attr):
            continue
        tonic = look.tonics.of(whose.cls)
        family = list(tonic.family()) if whose.is_self else [tonic]
        if not tonic.is_tonic or not all(it.is_whole for it in family) or (whose.is_self and tonic.is_abstract):
            continue
        if any(_has(it, node.attr) for it in family) or is_expected(node, scope, MISSING):
            continue
        yield _unknown(look, tonic, node, whose)


def _sparkles_read(look: Look) -> Iterator[tuple[Scope, ast.Attribute]]:
    for scope in (look.module, *look.module.classes, *look.module.functions):
        for node in scope.loads:
            if _LIKE_A_SPARKLE.match(node.attr):
                yield scope, node


def _above(node: ast.Attribute, scope: Scope) -> ClassFacts | None:
    """The class in whose method ``super().ttsc__x`` stands."""
    value = node.value
    if not (isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "super"):
        return None
    at: Scope | None = scope
    while at is not None and not isinstance(at, ClassFacts):
        at = at.parent
    return at


def _unknown_above(look: Look, node: ast.Attribute, cls: ClassFacts) -> Iterator[Found]:
    tonic = look.tonics.of(cls)
    family = list(tonic.family())
    if not tonic.is_tonic or not all(it.is_whole for it in family):
        return
    for each in family:
        order = each.order.classes
        if any(node.attr in above.methods for above in order[order.index(cls) + 1 :]):
            return
    yield Found(
        node,
        f"There is no {node.attr} above {cls.name}.",
        "Only a method that a base class has can be called with super(): take the call out.",
    )


def _has(tonic: Tonic, name: str) -> bool:
    return name in tonic.sparkles or any(name in cls.names for cls in tonic.order.classes)


def _unknown(look: Look, tonic: Tonic, node: ast.Attribute, whose: Receiver) -> Found:
    near, fixes = closest(node.attr, (it for it in tonic.sparkles if not it.startswith("_ttss"))), []
    if near:
        fixes.append(Fix(f"Change it to {near}", (Edit(*look.last_name(node), near),)))
    if tonic.cls.module is look.module and tonic.taken_apart(node.attr) is not None:
        call = look.module.call_of.get(id(node))
        fixes.append(Fix(f"Add {node.attr}", (look.new_method(tonic, node.attr, _parameters(call)),)))
    parsed = tonic.taken_apart(node.attr)
    meant = f"Did you mean {near}? " if near else ""
    where = f"for the state {parsed.state!r} " if parsed is not None and parsed.state else ""
    return Found(
        node,
        f"{tonic.cls.name} has no sparkle {node.attr}.",
        f"{meant}A sparkle is there when the class has a method of this name {where}or, for a state, such as "
        f"{_example(tonic, node.attr)}.",
        tuple(fixes),
    )


def _example(tonic: Tonic, name: str) -> str:
    prefix, _, rest = name.partition("__")
    state = min(tonic.states, default="open")
    return f"{prefix}_{state}__{rest}" if prefix in ("ttsc", "ttse", "tts", "ttqt") else f"ttsc_{state}__{rest}"


def _parameters(call: ast.Call | None) -> str:
    """What a method needs to take so that a call fits it."""
    names = ["self"]
    for number, argument in enumerate(call.args if call is not None else (), 1):
        name = (
            argument.id
            if isinstance(argument, ast.Name)
            else argument.attr
            if isinstance(argument, ast.Attribute)
            else ""
        )
        names.append(name if name and name not in names else f"value_{number}")
    names += [it.arg for it in (call.keywords if call is not None else ()) if it.arg and it.arg not in names]
    return ", ".join(names)


def wrong_arguments(look: Look) -> Iterator[Found]:
    """A call of a sparkle whose arguments fit none of its handlers."""
    for scope, node in _sparkles_read(look):
        call = look.module.call_of.get(id(node))
        whose = look.receivers.of(node.value, scope) if call is not None else None
        if call is None or whose is None:
            continue
        tonic = look.tonics.of(whose.cls)
        family = list(tonic.family()) if whose.is_self else [tonic]
        if not tonic.is_tonic or not all(it.is_whole for it in family):
            continue
        handlers = [func for it in family for func in _handlers(it, node.attr)]
        if not handlers or any(func.decorators for func in handlers) or any(node.attr in it.unclear for it in family):
            continue
        faults = [misfit(call, func) for func in handlers]
        if all(faults) and not is_expected(call, scope, MISFIT):
            first = handlers[0]
            yield Found(
                call,
                f"{tonic.cls.name}.{shown(first, node.attr)} cannot be called like this: {faults[0]}.",
                f"Give what the handler in line {first.node.lineno} takes, or let it take what is given."
                if first.module is look.module
                else "Give what the handler takes, or let it take what is given.",
            )


def _handlers(tonic: Tonic, name: str) -> list[Func]:
    """All methods that may run when a sparkle is called by this name."""
    parsed = tonic.taken_apart(name)
    if parsed is None:
        return []
    by_state = tonic.handlers.get(parsed.called, {})
    if parsed.state:
        return by_state.get(parsed.state, [])
    return [func for funcs in by_state.values() for func in funcs]


def wrong_hook(look: Look) -> Iterator[Found]:
    """A hook that does not take what the framework calls it with."""
    for tonic in look.own_tonics():
        yield from _wrong_hooks(tonic)


def _wrong_hooks(tonic: Tonic) -> Iterator[Found]:
    if not tonic.is_whole:
        return
    for name, funcs in tonic.cls.methods.items():
        parsed = tonic.taken_apart(name)
        count = _GIVEN_BY_THE_FRAMEWORK.get(parsed.name) if parsed is not None and parsed.prefix == "ttse" else None
        if count is None or funcs[-1].decorators:
            continue
        fault = misfit_of(count, [], funcs[-1])
        if fault:
            given = "no arguments" if not count else "the error"
            yield Found(
                funcs[-1].node,
                f"{shown(funcs[-1], name)} cannot be called by the framework: {fault}.",
                f"The framework calls it with {given}: write def {name}({'self, error' if count else 'self'}).",
            )
