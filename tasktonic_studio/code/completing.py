"""How one can go on at a place: what jedi knows, and what it cannot know: sparkles, states, hooks, settings, widgets."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple
from xml.etree import ElementTree

from tasktonic_studio.analysis.classes import ClassSource
from tasktonic_studio.code.question import Question
from tasktonic_studio.code.sparkle_names import sparkle_name
from tasktonic_studio.code.tonics import Tonics, arguments_of
from tasktonic_studio.code.words import HOOKS, PREFIXES, SETTINGS, WITH_STATE

MOST: Final = 400

_KINDS: Final = {"function": "function", "instance": "value", "statement": "value", "param": "argument", "path": "file"}
_head: Final = re.compile(r"(_?tts\w?|_ttss|ttqt)(?:_(\w*?))?__(\w*)$")
_SIGNALS: Final = (
    "clicked",
    "triggered",
    "toggled",
    "valueChanged",
    "textChanged",
    "currentIndexChanged",
    "returnPressed",
)


class Way(NamedTuple):
    """One way to go on; `text` is the whole word, `kind` says in a word what it is."""

    text: str
    kind: str
    detail: str = ""


class Ways(NamedTuple):
    """`typed`: how many characters before the place each of `items` begins with, of whatever case."""

    typed: int
    items: list[Way]


def complete(question: Question) -> Ways:
    """All ways to go on, the likeliest first."""
    place = question.place
    if place.is_comment:
        return Ways(0, [])
    if place.quote >= 0:
        return _in_text(question)
    if place.is_definition:
        items = _definitions(question)
    elif place.owner:
        items = [*_sparkles(question), *_by_jedi(question)]
    else:
        items = _by_jedi(question)
    return Ways(len(place.typed), _chosen(items, place.typed))


def _chosen(items: Iterable[Way], typed: str) -> list[Way]:
    """Those that begin as typed, each once; what is private comes last, and only where somebody asks for it or little is typed."""
    folded = typed.casefold()
    found: dict[str, Way] = {}
    for item in items:
        if item.text.casefold().startswith(folded) and not (item.text.startswith("_tt") and not typed.startswith("_")):
            found.setdefault(item.text, item)
    ordered = sorted(found.values(), key=lambda it: it.text.startswith("_") + it.text.startswith("__"))
    return ordered[:MOST]


# ---- inside of texts


def _in_text(question: Question) -> Ways:
    place = question.place
    own = question.text.split("\n")[place.line - 1]
    written = own[place.quote : place.column]
    if place.in_state:
        return Ways(len(place.typed), _chosen(_states(question), place.typed))
    if written and (SETTINGS_BEGIN.startswith(written) or written.startswith(SETTINGS_BEGIN)):
        cut = len(written) - len(place.typed)
        keys = [(key, meaning) for key, meaning in SETTINGS.items() if key.startswith(written)]
        return Ways(len(place.typed), [Way(key[cut:], "setting", meaning) for key, meaning in keys])
    return Ways(0, [])


SETTINGS_BEGIN: Final = "tasktonic/"


def _states(question: Question) -> list[Way]:
    tonics = question.tonics
    targets = question.targets()
    if not targets:
        targets = [it for it in tonics.everything() if tonics.states(it)]
    found: dict[str, list[str]] = {}
    for cls in targets:
        for state in tonics.states(cls):
            found.setdefault(state, []).append(cls.name)
    return [Way(state, "state", f"of {', '.join(dict.fromkeys(owners))}") for state, owners in sorted(found.items())]


# ---- after a dot


def _sparkles(question: Question) -> list[Way]:
    """The sparkles of the target, by the names they are called by whatever the state, then those of one state."""
    tonics, found = question.tonics, list[Way]()
    for cls in question.targets():
        for called, handlers in sorted(tonics.handlers(cls).items()):
            states = [it.name.state or "any state" for it in handlers]
            prefix = handlers[0].name.prefix
            words = f"{arguments_of(handlers[0].method)} — {cls.name}, {', '.join(sorted(set(states)))}"
            found.append(Way(called, PREFIXES.get(prefix, "sparkle"), words))
    own = question.place.owner == "self"
    # What others ask of a tonic are its commands; inside of it, all.
    return sorted(found, key=lambda it: (not own and it.kind != "command", it.text))


# ---- the name of a method


def _definitions(question: Question) -> list[Way]:
    """What a method may be named: handlers of other states for the sparkles there are, hooks, signals of widgets."""
    cls, tonics = question.own_class, question.tonics
    if cls is None:
        return []
    states, handlers = tonics.states(cls), tonics.handlers(cls)
    defined = {it.method.name for each in handlers.values() for it in each if it.cls.node is cls.node}
    defined.discard(question.place.word)
    found: list[Way] = []
    head = _head.match(question.place.typed)
    if tonics.is_tonic(cls):
        found += [Way(hook, "hook", meaning) for hook, meaning in HOOKS.items()]
        found += _timers(cls, tonics, states)
        for state in states:
            found += [Way(_with_state(hook, state), "hook", said.format(state)) for hook, said in WITH_STATE.items()]
        for called, each in sorted(handlers.items()):
            words = arguments_of(each[0].method)
            found.append(Way(called, "sparkle", f"{words} — in any state"))
            if called not in HOOKS:
                found += [Way(_with_state(called, state), "sparkle", f"{words} — in {state}") for state in states]
        found += _signals(question, cls, tonics, states)
        found += _widened(found, head, states)
    return [it for it in found if it.text not in defined]


def _timers(cls: ClassSource, tonics: Tonics, states: list[str]) -> list[Way]:
    """A timer that was given a name calls the sparkle of that name."""
    found = []
    for base in tonics.order(cls):
        for node in ast.walk(base.whole):
            name = _timer_name(node) if isinstance(node, ast.Call) else ""
            if name:
                called = f"ttse__on_{name}"
                found.append(Way(called, "timer", f"Called by the timer {name}."))
                found += [
                    Way(_with_state(called, it), "timer", f"Called by the timer {name}, in {it}.") for it in states
                ]
    return found


def _timer_name(node: ast.Call) -> str:
    """The name that a call gives to the timer it makes, itself or with ``bind``; empty for anything else."""
    made = node.args[0] if getattr(node.func, "attr", "") == "bind" and node.args else node.func
    kind = made.attr if isinstance(made, ast.Attribute) else made.id if isinstance(made, ast.Name) else ""
    values = [it.value for it in node.keywords if it.arg == "name" and kind.startswith("ttTimer")]
    name = values[0].value if values and isinstance(values[0], ast.Constant) else ""
    return name if isinstance(name, str) and name.isidentifier() else ""


def _with_state(called: str, state: str) -> str:
    prefix, mark, name = called.partition("__") if not called.startswith("_") else _private(called)
    return f"{prefix}_{state}{mark}{name}"


def _private(called: str) -> tuple[str, str, str]:
    prefix, mark, name = called[1:].partition("__")
    return f"_{prefix}", mark, name


def _widened(found: list[Way], head: re.Match[str] | None, states: list[str]) -> list[Way]:
    """``ttsc_`` goes on with the states there are, before any sparkle has a handler there."""
    if head is not None and head.group(3):
        return []
    return [
        Way(f"{prefix}_{state}__", "state", f"a handler in {state}") for prefix in ("ttsc", "ttse") for state in states
    ]


def _signals(question: Question, cls: ClassSource, tonics: Tonics, states: list[str]) -> list[Way]:
    if "ttqt" not in question.place.typed:
        return []
    found = []
    for widget, kind in _widgets(cls, tonics).items():
        for signal in _SIGNALS:
            found.append(Way(f"ttqt__{widget}__{signal}", "signal of a widget", kind))
            found += [Way(f"ttqt_{state}__{widget}__{signal}", "signal of a widget", kind) for state in states]
    return found


def _widgets(cls: ClassSource, tonics: Tonics) -> dict[str, str]:
    """Names of widgets: what methods make with a class of Qt, and what stands in the .ui files beside."""
    found: dict[str, str] = {}
    for base in tonics.order(cls):
        for name, values in base.attributes.items():
            for value in values:
                made = value.func if isinstance(value, ast.Call) else None
                kind = made.attr if isinstance(made, ast.Attribute) else made.id if isinstance(made, ast.Name) else ""
                if re.match(r"Q[A-Z]\w+$", kind):
                    found.setdefault(name, kind)
        for node in ast.walk(base.whole):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".ui"):
                found.update(_widgets_of_file(Path(base.parsed.file).parent / node.value))
    return found


def _widgets_of_file(file: Path) -> dict[str, str]:
    try:
        if file.stat().st_size > 2_000_000:
            return {}
        root = ElementTree.fromstring(file.read_bytes())
    except (OSError, ValueError, ElementTree.ParseError):
        return {}
    return {it.get("name", ""): it.get("class", "") for it in root.iter("widget") if it.get("name")}


# ---- ordinary names


def _by_jedi(question: Question) -> list[Way]:
    place = question.place
    try:
        names = question.script.complete(place.line, place.column)
    except Exception:
        # What jedi stumbles over in half-written source, it does not know.
        return []
    is_own = place.owner == "self"
    found = []
    for it in names:
        kind = _KINDS.get(it.type, it.type)
        if place.owner and kind == "function":
            kind = "method"
        if sparkle_name(it.name) is not None:
            kind = "hook" if it.name in HOOKS else "sparkle"
        found.append(Way(it.name, kind, HOOKS.get(it.name, "")))
    # One calls no hook of another tonic, and hardly one's own.
    found.sort(key=lambda it: it.kind == "hook" and not is_own)
    return found
