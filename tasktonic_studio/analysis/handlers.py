"""Which lines of a source belong to the handler of which sparkle. Pure: it asks the text only, no app need run.

While somebody types, a text is no Python in most moments, and a long one takes a second to parse: then the lines of the
outline do, which know no decorators.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from tasktonic.errors import ttError
from tasktonic.names import parse
from tasktonic_studio.analysis.outline import outline

MOST_PARSED: Final = 100_000
"""Characters."""


class Handler(NamedTuple):
    """One method that handles a sparkle. Lines count from 1; ``first`` is that of its first decorator."""

    cls: str
    sparkle: str
    """As it is called whatever the state: ``ttsc__open``."""
    line: int
    first: int
    last: int


def handlers_of(text: str) -> tuple[Handler, ...]:
    """The handlers in a text, in its order."""
    try:
        tree = ast.parse(text) if len(text) <= MOST_PARSED else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        tree = None
    if tree is None:
        return tuple(
            Handler(item.cls, item.called, item.line, item.line, item.last)
            for item in outline(text)
            if item.kind == "sparkle"
        )
    return tuple(sorted(_handlers_in(tree), key=lambda handler: handler.line))


def handler_at(text: str, line: int) -> Handler | None:
    """The handler in which a line stands; None for a line of anything else."""
    return handler_in(handlers_of(text), line)


def handler_in(handlers: Iterable[Handler], line: int) -> Handler | None:
    """Of these handlers the one in which a line stands."""
    within = [handler for handler in handlers if handler.first <= line <= handler.last]
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
