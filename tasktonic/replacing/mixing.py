"""What runs of a file after a replacement: the new text of what was replaced, the old one of what was left as it is."""

from __future__ import annotations

import copy

from .changes import Plan
from .source import ClassText, Method, SourceText

_Methods = dict[str, list[Method]]


def what_runs_after(old: SourceText | None, new: SourceText, plan: Plan) -> SourceText:
    """The source that the running code stands for once a plan was carried out. It is no text of any file.

    Args:
        old: what ran before; where that is not known, what was kept is left out: nothing is said of it then.
        new: the text that the plan was made from.
        plan: what was carried out, and what was not.
    """
    kept: dict[str, set[str]] = {}
    for stay in plan.stays:
        kept.setdefault(stay.owner_name, set()).add(stay.method)
    outside = old if old is not None else new
    classes = {}
    for name, text in outside.classes.items():
        given = new.classes.get(name)
        methods = text.methods
        if given is not None:
            methods = _mixed(text.methods if old is not None else {}, given.methods, kept.get(name, set()))
        classes[name] = ClassText(name, text.node, methods)
    functions = _mixed(old.functions if old is not None else {}, new.functions, kept.get("", set()))
    every = (*functions.values(), *(methods for text in classes.values() for methods in text.methods.values()))
    codes = {(one.code.co_qualname, one.code.co_firstlineno): one.code for methods in every for one in methods}
    return SourceText(new.text, outside.tree, classes, functions, {**outside.codes, **codes})


def _mixed(old: _Methods, new: _Methods, kept: set[str]) -> _Methods:
    """What is gone from the text runs on, and so does what was kept; what was kept and is new has never come."""
    mixed = dict(old)
    for name, methods in new.items():
        if name not in kept:
            mixed[name] = [
                _decorated_as(one, old[name][number]) if number < len(old.get(name, ())) else one
                for number, one in enumerate(methods)
            ]
    return mixed


def _decorated_as(method: Method, before: Method) -> Method:
    """A method with the decorators that it had when it was made: those of a new text have not run."""
    node = copy.copy(method.node)
    node.decorator_list = before.node.decorator_list
    return method._replace(node=node)
