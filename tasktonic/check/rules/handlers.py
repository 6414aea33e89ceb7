"""Handlers that never run: overwritten in the class itself, or for a moment that never comes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..outline import ClassFacts, Func
from ..project import is_framework
from ..rule import Found, Look, functions_below
from ..tonics import Tonic


def overwritten_handler(look: Look) -> Iterator[Found]:
    """A second method of the same name in one class, where the name is that of a sparkle."""
    for tonic in look.classes():
        first: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
        for statement in tonic.cls.node.body:
            if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                if first and not isinstance(statement, ast.ClassDef):
                    # ``first = ttsc__open`` keeps the one above; so may anything else that names it.
                    for it in ast.walk(statement):
                        if isinstance(it, ast.Name):
                            first.pop(it.id, None)
                continue
            name = statement.name
            if tonic.taken_apart(name) is None or _is_overload(statement):
                continue
            if name in first:
                yield Found(
                    statement,
                    f"{tonic.cls.name} has {name} twice: this one takes the place of the one in line {first[name].lineno}, "
                    "which never runs.",
                    "Take one of them out, put them together, or give one the state or the name that it is meant for.",
                )
            first[name] = statement


def _is_overload(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return bool(node.decorator_list)


def wrong_kind(look: Look) -> Iterator[Found]:
    """A sparkle that is a coroutine, a generator, or no method of an instance."""
    for tonic in look.classes():
        for name, funcs in tonic.cls.methods.items():
            if not tonic.looks_like_one or tonic.taken_apart(name) is None:
                continue
            for func in funcs:
                kind = _kind_of(func)
                if kind:
                    yield Found(
                        func.node,
                        f"{name} is {kind}; a sparkle is a plain method (def) that runs to its end.",
                        "Write it as one. What waits goes into a timer, the pool (self.offload), or a coroutine that is started on the "
                        "catalyst of tasktonic.net.",
                    )


def _kind_of(func: Func) -> str:
    """What keeps a method from being a sparkle, as the framework says it; empty for nothing that can be seen."""
    named = [it.id for it in func.decorators if isinstance(it, ast.Name)]
    for name in ("staticmethod", "classmethod", "property"):
        if name in named:
            return f"a {name}"
    if func.decorators:
        return ""
    if isinstance(func.node, ast.AsyncFunctionDef):
        return "a coroutine (async def)"
    return "a generator (it has a yield)" if func.gives_back else ""


def dead_handler(look: Look) -> Iterator[Found]:
    """A handler for a moment that never comes."""
    for tonic in look.classes():
        if tonic.is_tonic:
            yield from _outside_of_states(tonic)
            if tonic.is_whole:
                yield from _hidden_in_every_state(look, tonic)
                yield from _uncalled(look, tonic)
        elif tonic.is_essence and tonic.order.is_whole:
            yield from _of_no_tonic(look, tonic)


def _outside_of_states(tonic: Tonic) -> Iterator[Found]:
    """The first and the last sparkle of a tonic run in no state."""
    for name, funcs in tonic.cls.methods.items():
        parsed = tonic.taken_apart(name)
        if (
            parsed is None
            or not parsed.state
            or parsed.prefix != "ttse"
            or parsed.name not in ("on_start", "on_finished")
        ):
            continue
        if parsed.called in _called_in(tonic) or name in _called_in(tonic):
            continue
        when = (
            "starts, it is in no state yet" if parsed.name == "on_start" else "has finished, it is in no state any more"
        )
        yield Found(
            funcs[-1].node,
            f"{name} never runs: when a tonic {when}.",
            f"Name it {parsed.called}, or use ttse_{parsed.state}__on_{'enter' if parsed.name == 'on_start' else 'exit'}.",
        )


def _called_in(tonic: Tonic) -> set[str]:
    own = (func for funcs in tonic.methods.values() for func in funcs if not is_framework(func.module.path))
    return {load.attr for func in own for load in func.loads}


def _hidden_in_every_state(look: Look, tonic: Tonic) -> Iterator[Found]:
    """Hooks of states run in a state only: where each has its own, the one for all of them never does."""
    for hook in ("ttse__on_enter", "ttse__on_exit"):
        if hook not in tonic.cls.methods or look.is_mentioned(hook):
            continue
        family = list(tonic.family())
        if all(it.knows_states and it.is_whole and it.states for it in family) and all(
            it.handlers[hook].get(state) for it in family for state in it.states
        ):
            yield Found(
                tonic.cls.methods[hook][-1].node,
                f"{hook} never runs: every state of {tonic.cls.name} has its own.",
                f"Take it out, or those of the states that it is meant for, such as ttse_{min(tonic.states)}__{hook[6:]}.",
            )


def _uncalled(look: Look, tonic: Tonic) -> Iterator[Found]:
    """An internal sparkle is for the tonic itself; one that nothing names is never called."""
    if any(_looks_names_up(func) for it in tonic.family() for cls in it.order.classes for func in _functions_of(cls)):
        return
    for name, funcs in tonic.cls.methods.items():
        parsed = tonic.taken_apart(name)
        if parsed is None or parsed.prefix not in ("tts", "_tts") or funcs[-1].decorators:
            continue
        if look.is_mentioned(name) or look.is_mentioned(parsed.called) or _is_put_together(look, name):
            continue
        yield Found(
            funcs[-1].node,
            f"{name} never runs: nothing calls {parsed.called}.",
            f"Call it with self.{parsed.called}(…), or take it out. What others are to call begins with ttsc__ or ttse__.",
        )


def _functions_of(cls: ClassFacts) -> Iterator[Func]:
    """The methods of a class, and what is inside them; none of the framework's own, which looks names up on purpose."""
    if is_framework(cls.module.path):
        return
    for funcs in cls.methods.values():
        for func in funcs:
            yield from functions_below(func)


def _looks_names_up(func: Func) -> bool:
    """Whether it asks for attributes by a name that is computed."""
    for call in func.calls:
        if isinstance(call.func, ast.Name) and call.func.id in ("getattr", "vars", "dir", "attrgetter", "methodcaller"):
            name = call.args[1] if len(call.args) > 1 else None
            if not (isinstance(name, ast.Constant) and isinstance(name.value, str)):
                return True
    return any(load.attr == "__dict__" for load in func.loads)


def _is_put_together(look: Look, name: str) -> bool:
    """Whether some text is the beginning of the name: ``"tts__" + step``."""
    return any(
        text.endswith("_") and name.startswith(text) and text.startswith(("tts", "_tts"))
        for module in look.index.of_users
        for text in module.mentioned
    )


def _of_no_tonic(look: Look, tonic: Tonic) -> Iterator[Found]:
    """An essence that is no tonic does not sparkle."""
    if any(it.is_tonic for it in tonic.family()) or tonic.is_ours:
        return
    for name, funcs in tonic.cls.methods.items():
        parsed = tonic.taken_apart(name)
        if parsed is not None and name not in _called_in(tonic) and not look.is_mentioned(name):
            yield Found(
                funcs[-1].node,
                f"{name} never runs as a sparkle: {tonic.cls.name} is an essence, and no tonic.",
                "Base the class on ttTonic, or give the method another name.",
            )
