"""Which classes and functions of a source a line stands in. Pure: it asks the text only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from tasktonic_studio.analysis.handlers import MOST_PARSED
from tasktonic_studio.analysis.outline import outline


class _Lines(NamedTuple):
    """The lines of one class or function, from its first decorator to its last statement."""

    first: int
    last: int
    name: str


def names_around(text: str, line: int) -> tuple[str, ...]:
    """The names of the classes and functions around a line (from 1), from outside in; none for a line between them.

    A text that is no Python, or a very long one, is looked through by its indentation: what is behind a function then belongs to
    it, up to the next one.
    """
    return tuple(it.name for it in _defined(text) if it.first <= line <= it.last)


# Asked again and again about one text, by commands that say whether they can be done.
@lru_cache(maxsize=1)
def _defined(text: str) -> tuple[_Lines, ...]:
    """All classes and functions, each before those that are inside of it."""
    try:
        tree = ast.parse(text) if len(text) <= MOST_PARSED else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        tree = None
    if tree is None:
        return tuple(_Lines(item.line, item.last, item.name) for item in outline(text))
    return tuple(sorted(_defined_in(tree), key=lambda it: (it.first, -it.last)))


def _defined_in(tree: ast.AST) -> Iterator[_Lines]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = min((it.lineno for it in node.decorator_list), default=node.lineno)
            yield _Lines(first, node.end_lineno or node.lineno, node.name)
