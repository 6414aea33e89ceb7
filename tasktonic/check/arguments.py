"""Whether the arguments of a call fit a function, as far as both are written down."""

from __future__ import annotations

import ast

from .outline import Func


def misfit(call: ast.Call, func: Func, skipped: int = 1) -> str:
    """Why a call does not fit a function, in some words; empty when it fits, or when it cannot be told.

    Args:
        call: the call.
        func: what is called.
        skipped: how many of its parameters are given anyway: ``self``.
    """
    if any(isinstance(it, ast.Starred) for it in call.args) or any(it.arg is None for it in call.keywords):
        return ""
    return misfit_of(len(call.args), [it.arg or "" for it in call.keywords], func, skipped)


def misfit_of(count: int, keywords: list[str], func: Func, skipped: int = 1) -> str:
    """Why so many arguments, and these by name, do not fit a function; empty when they do."""
    args = func.node.args
    positional = [*args.posonlyargs, *args.args][skipped:]
    if len([*args.posonlyargs, *args.args]) < skipped and args.vararg is None:
        return "it takes no self"
    if count > len(positional) and args.vararg is None:
        return f"it takes {_arguments(len(positional))}, and {_are(count)} given"
    given = {it.arg for it in positional[:count]}
    by_name = {it.arg for it in (*args.args, *args.kwonlyargs)} - {
        it.arg for it in [*args.posonlyargs, *args.args][:skipped]
    }
    for name in keywords:
        if name in given:
            return f"{name} is given twice"
        if name not in by_name and args.kwarg is None:
            return f"it takes no {name}"
        given.add(name)
    needed = [it.arg for it in positional[: max(0, len(positional) - len(args.defaults))]]
    needed += [it.arg for it, default in zip(args.kwonlyargs, args.kw_defaults, strict=True) if default is None]
    missing = [it for it in needed if it not in given]
    if missing:
        return f"{' and '.join(missing) if len(missing) < 3 else f'{missing[0]} and {len(missing) - 1} more'} {_is(missing)} missing"
    return ""


def shown(func: Func, name: str) -> str:
    """``ttsc__open(how, wide=False)``."""
    args = func.node.args
    plain = ast.arguments(
        posonlyargs=[ast.arg(it.arg) for it in args.posonlyargs],
        args=[ast.arg(it.arg) for it in args.args],
        vararg=ast.arg(args.vararg.arg) if args.vararg else None,
        kwonlyargs=[ast.arg(it.arg) for it in args.kwonlyargs],
        kw_defaults=args.kw_defaults,
        kwarg=ast.arg(args.kwarg.arg) if args.kwarg else None,
        defaults=args.defaults,
    )
    if plain.posonlyargs:
        plain.posonlyargs.pop(0)
    elif plain.args:
        plain.args.pop(0)
    plain.defaults = (
        plain.defaults[-len([*plain.posonlyargs, *plain.args]) :] if plain.posonlyargs or plain.args else []
    )
    return f"{name}({ast.unparse(plain)})"


def _arguments(count: int) -> str:
    return "no arguments" if count == 0 else "one argument" if count == 1 else f"{count} arguments"


def _are(count: int) -> str:
    return "one is" if count == 1 else f"{count} are"


def _is(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"
