"""Timers that have nothing to call, or call what does not take what they give."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from ..arguments import misfit_of, shown
from ..finding import Fix
from ..outline import ClassFacts, Func, Scope
from ..rule import Found, Look
from ..tonics import Tonic

_PLACE_OF_NAME: Final = {"ttTimerSingleShot": 4, "ttTimerRepeat": 4, "ttTimerPausing": 4}


class Made:
    """A timer that is made somewhere: the call, its arguments, the tonic that it belongs to, and what that is called there."""

    def __init__(self, call: ast.Call, cls: ClassFacts, arguments: list[ast.expr], tonic: Tonic, own: str) -> None:
        self.call, self.cls, self.tonic, self.own = call, cls, tonic, own
        self.keywords = {it.arg: it.value for it in call.keywords}
        self.arguments = arguments

    @property
    def is_plain(self) -> bool:
        """Whether all that it is given is written down here."""
        starred = any(isinstance(it, ast.Starred) for it in self.arguments)
        return not starred and None not in self.keywords and "context" not in self.keywords

    @property
    def name(self) -> ast.expr | None:
        place = _PLACE_OF_NAME.get(self.cls.name)
        if "name" in self.keywords:
            return self.keywords["name"]
        return self.arguments[place] if place is not None and len(self.arguments) > place else None

    @property
    def calls(self) -> ast.expr | None:
        """The ``sparkle_back`` that it is given."""
        place = _PLACE_OF_NAME.get(self.cls.name)
        by_place = self.arguments[place + 2] if place is not None and len(self.arguments) > place + 2 else None
        return self.keywords.get("sparkle_back", by_place)


def timer_without_callback(look: Look) -> Iterator[Found]:
    """A timer whose tonic has no sparkle for it."""
    for made in _timers_made(look):
        family = list(made.tonic.family())
        if made.calls is not None or not all(it.is_whole for it in family) or made.tonic.is_abstract:
            continue
        wanted = _wanted(made)
        if wanted is None or any(it.handlers.keys() & set(wanted) for it in family):
            continue
        fixes = []
        if made.tonic.cls.module is look.module:
            fixes.append(Fix(f"Add {wanted[0]}", (look.new_method(made.tonic, wanted[0], "self, info"),)))
        yield Found(
            made.call,
            f"This timer has nothing to call: {made.tonic.cls.name} has no {' or '.join(wanted)}.",
            f"Add {wanted[0]}(self, info), or give the timer a sparkle with sparkle_back=.",
            tuple(fixes),
        )


def wrong_callback(look: Look) -> Iterator[Found]:
    """A timer calls with one argument: what it calls has to take it."""
    for made in _timers_made(look):
        handlers = _called_by(made) if made.tonic.is_whole else []
        if not handlers or any(func.decorators for func in handlers):
            continue
        faults = [misfit_of(1, [], func) for func in handlers]
        if all(faults):
            yield Found(
                made.call,
                f"This timer calls {shown(handlers[0], handlers[0].name)} with one argument: {faults[0]}.",
                f"Write def {handlers[0].name}(self, info): info has the id and the name of the timer.",
                _taking_info(look, handlers),
            )


def _taking_info(look: Look, handlers: list[Func]) -> tuple[Fix, ...]:
    """The fix for a handler of this file that takes nothing but itself."""
    args = handlers[0].node.args
    if (
        handlers[0].module is not look.module
        or len(handlers) > 1
        or len(args.args) != 1
        or args.kwonlyargs
        or args.kwarg
    ):
        return ()
    return (Fix("Let it take info", (look.replaced(args.args[0], f"{args.args[0].arg}, info"),)),)


def _called_by(made: Made) -> list[Func]:
    calls, tonic = made.calls, made.tonic
    if calls is None:
        wanted = _wanted(made)
        called = next((it for it in wanted or () if it in tonic.handlers), "")
    elif isinstance(calls, ast.Attribute) and isinstance(calls.value, ast.Name) and calls.value.id == made.own:
        parsed = tonic.taken_apart(calls.attr)
        called = parsed.called if parsed is not None and not parsed.state else ""
    else:
        called = ""
    if called in tonic.unclear or len(list(tonic.family())) > 1:
        return []
    return [func for funcs in tonic.handlers.get(called, {}).values() for func in funcs]


def _wanted(made: Made) -> list[str] | None:
    """The sparkles that a timer looks for, None where its name cannot be told."""
    if not made.is_plain:
        return None
    name = made.name
    if name is None or (isinstance(name, ast.Constant) and name.value is None):
        return ["ttse__on_timer"]
    if isinstance(name, ast.Constant) and isinstance(name.value, str):
        return [f"ttse__on_{name.value}", "ttse__on_timer"] if name.value.isidentifier() else ["ttse__on_timer"]
    return None


def _timers_made(look: Look) -> Iterator[Made]:
    """Timers that a tonic makes in a method of its own."""
    for func in look.module.functions:
        if func.owner is None or not func.own:
            continue
        tonic = look.tonics.of(func.owner)
        if not tonic.is_tonic:
            continue
        for call in func.calls:
            made = _timer_of(look, call, func, tonic)
            if made is not None:
                yield made


def _timer_of(look: Look, call: ast.Call, scope: Scope, tonic: Tonic) -> Made | None:
    what, arguments = call.func, call.args
    own = scope.own if isinstance(scope, Func) else ""
    if isinstance(what, ast.Attribute):
        if what.attr != "bind" or not (isinstance(what.value, ast.Name) and what.value.id == own) or not arguments:
            return None
        what, arguments = arguments[0], arguments[1:]
    elif not isinstance(scope, Func) or (scope.name != "__init__" and tonic.taken_apart(scope.name) is None):
        return None  # whose it is depends on what runs: a plain method may be called by somebody else
    cls = look.index.meaning(what, scope, call.lineno + 1)
    if not isinstance(cls, ClassFacts) or not look.index.order(cls).has_framework_class("ttTimer"):
        return None
    is_own_kind = any("__init__" in it.methods or "_find_callback" in it.methods for it in _not_ours(look, cls))
    return None if is_own_kind else Made(call, cls, arguments, tonic, own)


def _not_ours(look: Look, cls: ClassFacts) -> list[ClassFacts]:
    return [it for it in look.index.order(cls).classes if not look.tonics.of(it).is_ours]
