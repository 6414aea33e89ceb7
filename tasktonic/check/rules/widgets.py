"""``ttqt__<widget>__<signal>``: names that lead to no widget, or to no signal of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from ..finding import Fix
from ..outline import ClassFacts, Func
from ..qt_signals import SIGNALS, signals_of
from ..rule import Found, Look, closest, functions_below, listed
from ..tonics import QT_PREFIX, Tonic

Widgets = dict[str, str | ClassFacts | None]
"""What a widget has under a name: a class of Qt, a class in sight, or None for what cannot be told."""


def unknown_widget(look: Look) -> Iterator[Found]:
    """Handlers of signals whose names do not lead to one."""
    for tonic in look.own_tonics():
        if not tonic.is_qt or not tonic.is_whole:
            continue
        for name, funcs in tonic.cls.methods.items():
            parsed = tonic.taken_apart(name)
            if parsed is not None and parsed.prefix == QT_PREFIX:
                node = funcs[-1].node
                if isinstance(node, ast.FunctionDef):
                    yield from _check(look, tonic, node, name, parsed.name)


def _check(look: Look, tonic: Tonic, node: ast.FunctionDef, name: str, rest: str) -> Iterator[Found]:
    *path, signal = rest.split("__")
    at: str | ClassFacts | None = tonic.cls
    shown = tonic.cls.name
    for number, step in enumerate(path):
        if step == "self":
            continue
        widgets = _widgets_of(look, at)
        if widgets is None:
            return
        if step not in widgets:
            if look.is_mentioned(step) and _is_an_object_name(look, step):
                return
            near = closest(step, widgets)
            better = name.replace(f"__{step}__", f"__{near}__", 1) if near else ""
            yield Found(
                node,
                f"{name}: {shown} has no widget {step!r}.",
                f"{f'Did you mean {near!r}? ' if near else ''}It has {listed(widgets) if widgets else 'none'}: make it in setup_ui as "
                f"self.{'.'.join(path[: number + 1])}, or correct the name.",
                (Fix(f"Rename it to {better}", (look.replaced(node, better),)),) if better else (),
            )
            return
        at, shown = widgets[step], f"{shown}.{step}"
    signals = _signals_of(look, at)
    if signals is None or signal in signals:
        return
    near = closest(signal, signals)
    better = f"{name[: len(name) - len(signal)]}{near}" if near else ""
    kind = at.name if isinstance(at, ClassFacts) else at
    yield Found(
        node,
        f"{name}: {shown}{f' (a {kind})' if path else ''} has no signal {signal!r}.",
        f"{f'Did you mean {near!r}? ' if near else ''}It has {listed(signals)}.",
        (Fix(f"Rename it to {better}", (look.replaced(node, better),)),) if better else (),
    )


def _is_an_object_name(look: Look, step: str) -> bool:
    """Whether something in sight is given this object name, or could be."""
    return any("setObjectName" in module.mentioned and step in module.mentioned for module in look.index.of_users)


def _widgets_of(look: Look, at: str | ClassFacts | None) -> Widgets | None:
    """What a widget has, by attribute and by the names in its form; None where there may be more than can be seen."""
    if not isinstance(at, ClassFacts):
        return None
    tonic = look.tonics.of(at)
    if not tonic.order.is_whole:
        return None
    found: Widgets = {}
    for cls in tonic.order.classes:
        if look.tonics.of(cls).is_ours:
            continue
        for name in cls.names.keys() - cls.methods.keys() - {"ui_file"}:
            found.setdefault(name, None)
        for name, funcs in cls.methods.items():
            if funcs[-1].decorators:  # a property may give a widget
                found.setdefault(name, None)
        if "ui_file" in cls.names and not _take_form(found, cls):
            return None
        for funcs in cls.methods.values():
            for func in funcs:
                if not _take_stores(look, found, func):
                    return None
    for subclass in look.index.subclasses(at):
        found.update(
            dict.fromkeys(
                (it.attr for funcs in subclass.methods.values() for f in funcs for it, _, _ in f.stores), None
            )
        )
    return found


def _take_stores(look: Look, found: Widgets, func: Func) -> bool:
    """Take what a method gives its instance; false when it hands the instance on to what may give it more."""
    if func.owner is None:
        return True
    for each in functions_below(func):
        for target, value, annotation in each.stores:
            if isinstance(target.value, ast.Name) and target.value.id == func.own:
                kind = _kind(look, value, annotation, each)
                found[target.attr] = kind if target.attr not in found else None
        for call in each.calls:
            if _hands_on(call, func.own, each, look):
                return False
    return True


def _kind(look: Look, value: ast.expr | None, annotation: ast.expr | None, scope: Func) -> str | ClassFacts | None:
    made: ast.expr | None = value.func if isinstance(value, ast.Call) else None
    if isinstance(made, ast.Attribute) and made.attr == "bind" and isinstance(value, ast.Call) and value.args:
        made = value.args[0]
    meaning = look.index.meaning(made, scope, scope.node.lineno + 10_000) if made is not None else None
    if isinstance(meaning, ClassFacts):
        return meaning
    if isinstance(meaning, str):
        name = meaning.rpartition(".")[2]
        return name if meaning.startswith("PySide6.") and name in SIGNALS else None
    return None


def _hands_on(call: ast.Call, own: str, scope: Func, look: Look) -> bool:
    """Whether a call may give the instance attributes: it gets the instance, and is not a widget that is made inside it."""
    if isinstance(call.func, ast.Name) and call.func.id in ("setattr", "vars"):
        return bool(call.args) and isinstance(call.args[0], ast.Name) and call.args[0].id == own
    if not any(isinstance(it, ast.Name) and it.id == own for it in call.args):
        return False
    if isinstance(call.func, ast.Attribute) and call.func.attr in ("setupUi", "loadUi", "load"):
        return True
    meaning = look.index.meaning(call.func, scope, call.lineno + 1)
    if isinstance(meaning, ClassFacts):
        return False
    is_of_qt = isinstance(meaning, str) and meaning.startswith(("PySide6.", "builtins."))
    return not is_of_qt and not isinstance(call.func, ast.Attribute)


def _take_form(found: Widgets, cls: ClassFacts) -> bool:
    """Take the names out of a file of Qt Designer; false when it is not at hand."""
    value = cls.value("ui_file")
    if isinstance(value, ast.Constant) and value.value is None:
        return True
    if not (isinstance(value, ast.Constant) and isinstance(value.value, str)):
        return False
    try:
        root = ElementTree.fromstring((Path(cls.module.path).parent / value.value).read_bytes())
    except (OSError, ValueError, ElementTree.ParseError):
        return False
    for tag in ("widget", "layout", "action", "actiongroup"):
        for row in root.iter(tag):
            name, kind = row.get("name", ""), row.get("class", "")
            kind = {"action": "QAction", "actiongroup": "QActionGroup"}.get(tag, kind)
            if name and row is not root.find("widget"):
                found[name] = kind if kind in SIGNALS else None
    return True


def _signals_of(look: Look, at: str | ClassFacts | None) -> frozenset[str] | None:
    """The signals of a widget, None where they cannot all be told."""
    if isinstance(at, str):
        return signals_of(at)
    if at is None:
        return None
    order = look.index.order(at)
    if not order.is_whole:
        return None
    found: set[str] = set()
    for name in order.foreign:
        signals = signals_of(name.rpartition(".")[2]) if name.startswith("PySide6.") else frozenset()
        if signals is None:
            return None
        found |= signals
    for cls in (*order.classes, *look.index.subclasses(at)):
        if not look.tonics.of(cls).is_ours:
            found |= {name for name in cls.names if name not in cls.methods}
    return frozenset(found)
