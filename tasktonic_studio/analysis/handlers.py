"""Which lines of a source belong to the handler of which sparkle. Pure: it asks the text only, no app need run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from tasktonic.errors import ttError
from tasktonic.names import parse


class Handler(NamedTuple):
    """One method that handles a sparkle. Lines count from 1; ``first`` is that of its first decorator."""

    cls: str
    sparkle: str
    """As it is called whatever the state: ``ttsc__open``."""
    line: int
    first: int
    last: int


def handlers_of(text: str) -> tuple[Handler, ...]:
    """The handlers in a text, in its order; none where it is no Python."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    return tuple(sorted(_handlers_in(tree), key=lambda handler: handler.line))


def handler_at(text: str, line: int) -> Handler | None:
    """The handler in which a line stands; None for a line of anything else."""
    within = [handler for handler in handlers_of(text) if handler.first <= line <= handler.last]
    return max(within, key=lambda handler: handler.first, default=None)


def _handlers_in(tree: ast.AST) -> Iterator[Handler]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef):
            continue
        for method in node.body:
            if isinstance(method, ast.FunctionDef):
                called = _called(method.name)
                if called:
                    first = min((each.lineno for each in method.decorator_list), default=method.lineno)
                    yield Handler(node.name, called, method.lineno, first, method.end_lineno or method.lineno)


def _called(method: str) -> str:
    try:
        name = parse(method, ("ttqt",))
    except ttError:
        return ""
    return name.called if name is not None else ""
