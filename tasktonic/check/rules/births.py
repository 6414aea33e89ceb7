"""How things are made: an ``__init__`` that does not call the one above it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from ..finding import Edit, Fix
from ..outline import Func
from ..rule import Found, Look, functions_below
from ..tonics import Tonic

_OF_ESSENCES: Final = ("name", "context", "log_mode")
_OF_TONICS: Final = (*_OF_ESSENCES, "catalyst")


def missing_super_init(look: Look) -> Iterator[Found]:
    """An ``__init__`` of an essence, or of a formula, that never calls ``super().__init__()``."""
    for tonic in look.classes():
        is_formula = tonic.order.has_framework_class("ttFormula")
        if not (tonic.is_essence or is_formula) or tonic.is_ours:
            continue
        for func in tonic.cls.methods.get("__init__", ()):
            if (
                any(map(_calls_another, _with_called(tonic, func)))
                or _only_raises(func)
                or func.decorators
                or not func.own
            ):
                continue
            what = "the app never runs" if is_formula else "nothing of it is there: no id, no catalyst, no sparkles"
            yield Found(
                func.node,
                f"{tonic.cls.name}.__init__ does not call super().__init__().",
                f"Call it first, then do the rest; without it {what}.",
                _fixes(look, tonic, func),
            )


def _with_called(tonic: Tonic, func: Func) -> list[Func]:
    """A method, and those of the same class that it calls on its instance, however far down."""
    found = [func]
    for each in found:
        for load in each.loads:
            if isinstance(load.value, ast.Name) and load.value.id == each.own:
                found += [it for it in tonic.cls.methods.get(load.attr, ()) if it not in found]
    return found


def _calls_another(func: Func) -> bool:
    """Whether it reaches for any other ``__init__``, or for something that may."""
    for each in functions_below(func):
        if any(load.attr in ("__init__", "_come_to_life") for load in each.loads):
            return True
        if any(isinstance(call.func, ast.Name) and call.func.id in ("super", "getattr") for call in each.calls):
            return True
    return False


def _only_raises(func: Func) -> bool:
    body = func.node.body
    return isinstance(body, list) and isinstance(body[-1], ast.Raise)


def _fixes(look: Look, tonic: Tonic, func: Func) -> tuple[Fix, ...]:
    node = func.node
    if not isinstance(node, ast.FunctionDef):
        return ()
    known = _OF_TONICS if tonic.is_tonic else _OF_ESSENCES if tonic.is_essence else ()
    given = [it.arg for it in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    arguments = [f"{it}={it}" for it in given if it in known]
    if node.args.kwarg is not None:
        arguments.append(f"**{node.args.kwarg.arg}")
    first = _first_statement(node)
    if first.lineno == node.lineno:
        return ()  # all in one line
    line, column, _, _ = look.piece(first)
    text = f"super().__init__({', '.join(arguments)})\n{look.indentation(first)}"
    return (Fix("Call super().__init__() first", (Edit(line, column, line, column, text),)),)


def _first_statement(node: ast.FunctionDef) -> ast.stmt:
    body = node.body
    is_documented = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    return body[1] if is_documented and len(body) > 1 else body[0]
