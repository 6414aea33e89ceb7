"""What a word at a place means: in words, as the signature of a call that is being written, and where it stands."""

from __future__ import annotations

import ast
import re
from typing import Final, NamedTuple

from tasktonic_studio.analysis.classes import ClassSource, Method
from tasktonic_studio.code.place import call_around
from tasktonic_studio.code.question import Question
from tasktonic_studio.code.sparkle_names import sparkle_name
from tasktonic_studio.code.tonics import Handler, arguments_of, listed_states
from tasktonic_studio.code.words import HOOKS, PREFIXES, SETTINGS

_MOST_LINES: Final = 16


class Meaning(NamedTuple):
    """`text` in lines, about the word in the line from `begin` to `end` (columns from 0); empty for nothing to say."""

    text: str
    begin: int = 0
    end: int = 0


class Signature(NamedTuple):
    """The signature of a call, `begin` and `end` of the argument that is being written in it (equal for none)."""

    text: str
    begin: int = 0
    end: int = 0


class Target(NamedTuple):
    """Where something stands: `line` from 1, `column` from 0; `label` says what is there, when there are several."""

    file: str
    line: int
    column: int
    label: str


def meaning_of(question: Question) -> Meaning:
    """What is to be said about the word at the place."""
    place = question.place
    if place.is_comment:
        return Meaning("")
    if place.quote >= 0:
        return _meaning_of_text(question)
    if not place.word:
        return Meaning("")
    text = _about_sparkle(question) if sparkle_name(place.word) is not None else ""
    return Meaning(text or _about_by_jedi(question), place.begin, place.end)


def _meaning_of_text(question: Question) -> Meaning:
    place = question.place
    own = question.text.split("\n")[place.line - 1]
    if place.in_state and place.word:
        return Meaning(_about_state(question, place.word), place.begin, place.end)
    quoted = re.match(r"[\w/@#.]*", own[place.quote :])
    key = quoted.group() if quoted else ""
    if key in SETTINGS:
        return Meaning(f"{key}\n{SETTINGS[key]}", place.quote, place.quote + len(key))
    return Meaning("")


def _about_sparkle(question: Question) -> str:
    word = question.place.word
    parsed = sparkle_name(word)
    handlers = question.handlers(word)
    hook = HOOKS.get(parsed.called, "") if parsed is not None else ""
    if parsed is None or not (handlers or hook):
        return ""
    lines = []
    if handlers:
        owners = ", ".join(dict.fromkeys(it.cls.name for it in handlers))
        lines.append(f"{word}{arguments_of(handlers[0].method)}")
        lines.append(f"{PREFIXES.get(parsed.prefix, 'sparkle')} of {owners}")
        lines += [f"  {it.method.name} {it.where}, line {it.method.lineno}" for it in handlers[:_MOST_LINES]]
    else:
        lines.append(word)
    if hook:
        lines.append(hook)
    said = next((text for it in handlers if (text := ast.get_docstring(it.method))), "")
    return "\n".join(lines) + (f"\n\n{_cut(said)}" if said else "")


def _about_state(question: Question, state: str) -> str:
    tonics, lines = question.tonics, list[str]()
    targets = question.targets() or [it for it in tonics.everything() if state in tonics.states(it)]
    for cls in targets:
        own = [it for each in tonics.handlers(cls).values() for it in each if it.name.state == state]
        if state not in tonics.states(cls):
            known = ", ".join(tonics.states(cls)) or "none"
            lines.append(f"{cls.name} has no state {state}. Its states: {known}.")
            continue
        lines.append(f"state {state} of {cls.name}")
        lines += [f"  {it.method.name}{arguments_of(it.method)}" for it in own[:_MOST_LINES]]
        if not own:
            lines.append("  no handler of its own")
    return "\n".join(lines)


def _about_by_jedi(question: Question) -> str:
    place = question.place
    try:
        names = question.script.help(place.line, place.begin) or question.script.infer(place.line, place.begin)
        texts = [it.docstring() or it.description for it in names[:1]]
    except Exception:
        # What jedi stumbles over in half-written source, it does not know.
        return ""
    return _cut(texts[0]) if texts else ""


def _cut(text: str) -> str:
    lines = text.strip().split("\n")
    return "\n".join(lines[:_MOST_LINES] + (["…"] if len(lines) > _MOST_LINES else []))


# ---- the signature of a call


def signature_of(question: Question) -> Signature:
    """The signature of the call around the place; empty without one."""
    place = question.place
    call = call_around(question.text, place.line, place.column)
    if call is None:
        return Signature("")
    line, column, commas = call
    own = question.text.split("\n")[line - 1]
    word = re.search(r"\w+$", own[:column])
    if word is not None and sparkle_name(word.group()) is not None:
        handlers = question.elsewhere(question.file, line, column).handlers(word.group())
        if handlers:
            return _signature_of_method(word.group(), handlers[0].method, commas)
    return _signature_by_jedi(question)


def _signature_of_method(called: str, method: Method, number: int) -> Signature:
    parts = [it.strip() for it in _split(arguments_of(method)[1:-1])]
    given = [index for index, it in enumerate(parts) if it not in ("*", "/")]
    text = f"{called}({', '.join(parts)})"
    if number >= len(given):
        return Signature(text)
    begin = len(called) + 1 + sum(len(it) + 2 for it in parts[: given[number]])
    return Signature(text, begin, begin + len(parts[given[number]]))


def _split(arguments: str) -> list[str]:
    """The arguments one by one; commas inside of brackets and texts part nothing."""
    found, depth, begin, quote = list[str](), 0, 0, ""
    for index, sign in enumerate(arguments):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
        elif sign == "," and depth == 0:
            found.append(arguments[begin:index])
            begin = index + 1
    return [*found, arguments[begin:]] if arguments.strip() else []


def _signature_by_jedi(question: Question) -> Signature:
    try:
        signatures = question.script.get_signatures(question.place.line, question.place.column)
        if not signatures:
            return Signature("")
        first = signatures[0]
        parts = [it.to_string() for it in first.params]
        text = f"{first.name}({', '.join(parts)})"
        number = first.index
    except Exception:
        # What jedi stumbles over in half-written source, it does not know.
        return Signature("")
    if number is None or number >= len(parts):
        return Signature(text)
    begin = len(first.name) + 1 + sum(len(it) + 2 for it in parts[:number])
    return Signature(text, begin, begin + len(parts[number]))


# ---- where it stands


def definitions_of(question: Question) -> list[Target]:
    """Where the word at the place is defined. A sparkle has a place for each state that handles it, a state for each handler."""
    place = question.place
    if place.in_state and place.word:
        return _handlers_in_state(question, place.word)
    if place.quote >= 0 or place.is_comment or not place.word:
        return []
    if sparkle_name(place.word) is not None:
        handlers = question.handlers(place.word)
        if handlers:
            several = len({id(it.cls.node) for it in handlers}) > 1
            return [_target(it, several) for it in _in_order(handlers)]
    return _by_jedi(question)


def _in_order(handlers: list[Handler]) -> list[Handler]:
    return sorted(handlers, key=lambda it: (it.file, it.cls.node.lineno, it.method.lineno))


def _target(handler: Handler, with_class: bool) -> Target:
    whose = f" of {handler.cls.name}" if with_class else ""
    method = handler.method
    # The name stands behind "def ", before which there are only blanks.
    column = method.col_offset + (10 if isinstance(method, ast.AsyncFunctionDef) else 4)
    return Target(handler.file, method.lineno, column, f"{handler.method.name}{whose} — {handler.where}")


def _handlers_in_state(question: Question, state: str) -> list[Target]:
    tonics = question.tonics
    targets = question.targets() or [it for it in tonics.everything() if state in tonics.states(it)]
    found: dict[int, Handler] = {}
    for cls in targets:
        for each in tonics.handlers(cls).values():
            found.update({id(it.method): it for it in each if it.name.state == state})
    ordered = sorted(_in_order(list(found.values())), key=lambda it: it.name.name != "on_enter")
    several = len({id(it.cls.node) for it in ordered}) > 1
    if ordered:
        return [_target(it, several) for it in ordered]
    return [it for cls in targets for it in _where_listed(question, cls, state)]


def _where_listed(question: Question, cls: ClassSource, state: str) -> list[Target]:
    return [
        Target(base.parsed.file, node.lineno, node.col_offset, f"_tt_states of {base.name} — {state}")
        for base in question.tonics.order(cls)
        for node in listed_states(base)
        if node.value == state
    ]


def _by_jedi(question: Question) -> list[Target]:
    place = question.place
    try:
        names = question.script.goto(place.line, place.begin, follow_imports=True, follow_builtin_imports=True)
        if not names or any(it.module_path is None for it in names):
            names = question.script.infer(place.line, place.begin) or names
        found = [
            Target(str(it.module_path), it.line or 1, it.column or 0, f"{it.description} — {it.module_name}")
            for it in names
            if it.module_path is not None and str(it.module_path).endswith((".py", ".pyw"))
        ]
    except Exception:
        # What jedi stumbles over in half-written source, it does not know.
        return []
    return list(dict.fromkeys(found))
