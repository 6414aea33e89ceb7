"""Names that are nearly right: of sparkles, of hooks, of what a class says about itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from ...errors import ttSparkleNameError
from ...names import PREFIXES, parse
from ..finding import Fix
from ..outline import ClassFacts
from ..project import is_framework
from ..rule import Found, Look
from ..tonics import QT_PREFIX, Tonic

HOOKS: Final = ("on_start", "on_finished", "on_enter", "on_exit", "on_error", "on_timer", "on_service_context_finished")
_METHODS_OF_TONICS: Final = ("_init_service", "_init_post_action", "binding_finished")
_METHODS_OF_FORMULAS: Final = ("creating_formula", "creating_main_catalyst", "creating_starting_tonics")
_SAID_BY_CLASSES: Final = ("_tt_is_service", "_tt_service_ends_when_unused", "_tt_states")
_KNOWN: Final = (*PREFIXES, QT_PREFIX)
_HEAD: Final = re.compile(r"(_?[A-Za-z]{2,6})(_[A-Za-z0-9]\w*?)??__([A-Za-z]\w*)$")
_ONE_LINE_SHORT: Final = re.compile(r"(ttsc|ttse|ttqt)_([A-Za-z]\w*)$")
_LETTERS: Final = frozenset("tsceq_")
_MOST_ENDING: Final = 2


def misspelt_name(look: Look) -> Iterator[Found]:
    """Names of methods and of what a class says about itself that are nearly those that the framework knows."""
    for tonic in look.classes():
        if tonic.is_tonic:
            yield from _wrong_sparkles(look, tonic)
            yield from _wrong_hooks(look, tonic)
            yield from _bare_hooks(look, tonic)
            yield from _wrong_sayings(look, tonic)
            yield from _nearly(look, tonic, _methods_of(tonic))
        elif tonic.order.has_framework_class("ttFormula"):
            yield from _nearly(look, tonic, _METHODS_OF_FORMULAS)


def _methods_of(tonic: Tonic) -> tuple[str, ...]:
    """The methods that the framework calls on such a tonic besides sparkles."""
    is_service = any(cls.gives("_tt_is_service") and not is_framework(cls.module.path) for cls in tonic.order.classes)
    names = _METHODS_OF_TONICS if is_service else tuple(it for it in _METHODS_OF_TONICS if it != "_init_service")
    return (*names, "setup_ui") if tonic.is_qt else names


def _functions(cls: ClassFacts) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for name, funcs in cls.methods.items():
        for func in funcs:
            if not isinstance(func.node, ast.Lambda):
                yield name, func.node


def _renamed(look: Look, node: ast.AST, name: str) -> tuple[Fix, ...]:
    return (Fix(f"Rename it to {name}", (look.replaced(node, name),)),)


def _wrong_sparkles(look: Look, tonic: Tonic) -> Iterator[Found]:
    """Sparkles with a prefix that there is not, or without a name."""
    for name, node in _functions(tonic.cls):
        if tonic.taken_apart(name) is not None or (name.startswith("__") and name.endswith("__")):
            continue
        better = _mended(name, tonic)
        known = ", ".join(f"{it}__" for it in (*PREFIXES, *tonic.prefixes))
        try:
            parse(name, tonic.prefixes)
        except ttSparkleNameError as error:
            if tonic.is_whole:
                advice = f"Did you mean {better}?" if better else f"Known are {known} and each of them with a state."
                yield Found(node, _first_sentence(str(error)), advice, _renamed(look, node, better) if better else ())
            continue
        if better and not look.is_mentioned(name) and not node.decorator_list:
            yield Found(
                node,
                f"{name} is no sparkle: its name begins with none of {known}.",
                f"Did you mean {better}?",
                _renamed(look, node, better),
            )


def _first_sentence(text: str) -> str:
    return text.split(". ", 1)[0].removesuffix(".") + "."


def _mended(name: str, tonic: Tonic) -> str:
    """What the name of a sparkle was probably meant to be; empty when it is no near miss."""
    known = [it for it in _KNOWN if it != QT_PREFIX or QT_PREFIX in tonic.prefixes]
    short = _ONE_LINE_SHORT.match(name)
    if short and "__" not in name and short[1] in known:
        hook = next((it for it in HOOKS if short[2].endswith(f"_{it}")), "")
        return f"{short[1]}_{short[2].removesuffix(f'_{hook}')}__{hook}" if hook else f"{short[1]}__{short[2]}"
    found = _HEAD.match(name)
    if not found or not set(found[1].lower()) <= _LETTERS:
        return ""
    head, state, rest = found[1], found[2] or "", found[3]
    if head in known:
        return ""
    for prefix in known:
        if head.lower() == prefix or _is_one_slip(head, prefix):
            return f"{prefix}{state}__{rest}"
    return ""


def _is_one_slip(one: str, other: str) -> bool:
    """Whether one letter too many, too few, a wrong one, or two in the wrong order make the difference."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    if len(one) == len(other):
        wrong = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        if len(wrong) == 1:
            return True
        swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1
        return swapped and one[wrong[0]] == other[wrong[1]] and one[wrong[1]] == other[wrong[0]]
    short, long = sorted((one, other), key=len)
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def _is_nearly(name: str, known: str) -> bool:
    """Whether a name is meant to be the other: one slip, or a letter or two at the end."""
    if name == known:
        return False
    if _is_one_slip(name, known):
        return True
    if name.startswith(known) or known.startswith(name):
        # A figure or another word at the end is meant to tell two apart.
        ending = max(name, known, key=len)[min(len(name), len(known)) :]
        return ending.isalpha() and len(ending) <= _MOST_ENDING and len(name) >= len("on_exit")
    return False


def _wrong_hooks(look: Look, tonic: Tonic) -> Iterator[Found]:
    """Events that are nearly called like a hook, and that nothing calls."""
    if not tonic.is_whole:
        return
    for name, node in _functions(tonic.cls):
        parsed = tonic.taken_apart(name)
        if parsed is None:
            continue
        hook = parsed.name if parsed.name in HOOKS and parsed.prefix in ("ttsc", "tts", "_tts") else ""
        if parsed.prefix == "ttse":
            hook = next((it for it in HOOKS if _is_nearly(parsed.name, it)), "")
        if not hook or _is_called(look, tonic, name, parsed.called, parsed.name):
            continue
        better = f"ttse_{parsed.state}__{hook}" if parsed.state else f"ttse__{hook}"
        if better in tonic.cls.methods:
            continue
        yield Found(
            node,
            f"{name} is never called: it is nearly {better}, which the framework calls.",
            f"Did you mean {better}?",
            _renamed(look, node, better),
        )


def _bare_hooks(look: Look, tonic: Tonic) -> Iterator[Found]:
    """Methods that are called like a hook, without the prefix of an event."""
    if not tonic.is_whole or any(not it.startswith("builtins.") for it in tonic.order.foreign):
        return  # a base of a library may call them
    for name, node in _functions(tonic.cls):
        better = f"ttse__{name}"
        if name not in HOOKS or look.is_mentioned(name) or better in tonic.cls.methods:
            continue
        if not any(name in it.methods for it in tonic.order.classes[1:]):
            yield Found(
                node,
                f"{name} is never called: the framework calls {better}.",
                f"Did you mean {better}?",
                _renamed(look, node, better),
            )


def _is_called(look: Look, tonic: Tonic, name: str, called: str, short: str) -> bool:
    """Whether something in sight may call a sparkle: by its name, or as that of a timer, a child or a service."""
    if look.is_mentioned(name) or look.is_mentioned(called):
        return True
    thing = short.removeprefix("on_").removesuffix("_finished")
    if look.is_mentioned(thing) or look.is_mentioned(short.removeprefix("on_")):
        return True
    return any(_names_by_code(cls) for cls in tonic.order.classes if look.index.sees(cls.module))


def _names_by_code(cls: ClassFacts) -> bool:
    """Whether it gives something a name that is computed, after which a sparkle may be called."""
    for funcs in cls.methods.values():
        for func in funcs:
            for call in func.calls:
                for keyword in call.keywords:
                    if keyword.arg == "name" and not isinstance(keyword.value, ast.Constant):
                        if not (isinstance(keyword.value, ast.Name) and func.name == "__init__"):
                            return True
    return False


def _nearly(look: Look, tonic: Tonic, hooks: tuple[str, ...]) -> Iterator[Found]:
    """Methods that are nearly called like one that the framework calls."""
    if not tonic.order.is_whole:
        return
    for name, node in _functions(tonic.cls):
        if name in hooks or look.is_mentioned(name) or any(name in it.methods for it in tonic.order.classes[1:]):
            continue
        plain = name.replace("_", "").lower()
        better = next((it for it in hooks if plain == it.replace("_", "").lower() or _is_nearly(name, it)), "")
        if better and better not in tonic.cls.methods:
            yield Found(
                node,
                f"{name} is never called: it is nearly {better}, which the framework calls.",
                f"Did you mean {better}?",
                _renamed(look, node, better),
            )


def _wrong_sayings(look: Look, tonic: Tonic) -> Iterator[Found]:
    """What a class says about itself under a name that the framework does not read."""
    for statement in tonic.cls.node.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        for target in targets:
            if not isinstance(target, ast.Name) or not target.id.startswith(("_tt_", "tt_", "_ttis")):
                continue
            if target.id in _SAID_BY_CLASSES or any(target.id in it.names for it in tonic.order.classes[1:]):
                continue
            plain = target.id.lstrip("_").lower()
            better = next((it for it in _SAID_BY_CLASSES if _is_nearly(target.id, it) or plain == it.lstrip("_")), "")
            if better and not look.is_mentioned(target.id):
                yield Found(
                    target,
                    f"{target.id} is nearly {better}, and nothing reads it.",
                    f"Did you mean {better}?",
                    _renamed(look, target, better),
                )
