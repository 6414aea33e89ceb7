"""Keep an exception inside the Qt override in which it happened.

An exception that leaves a Python override of Qt (`data`, `paintEvent`, …) leaves painters open, makes the next overrides
fail too and surfaces in calls that have nothing to do with it. Overrides that compute something are therefore wrapped.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S")

_reported: set[tuple[str, str, int]] = set()


def guarded(fallback: R) -> Callable[[Callable[Concatenate[S, P], R]], Callable[Concatenate[S, P], R]]:
    """Wrap a Qt override: whatever it raises is reported once, and ``fallback`` is returned.

    A fault in `data` would otherwise be reported for every cell and every frame: the same fault at the same line is told
    to `sys.excepthook` one time per process.
    """

    def decorate(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
        @functools.wraps(method)
        def override(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return method(self, *args, **kwargs)
            except Exception as problem:
                report_once(method.__qualname__, problem)
                return fallback

        return override

    return decorate


@contextmanager
def contained(where: str) -> Iterator[None]:
    """Have an exception end here: it is reported once, and what comes after the block goes on. `where` names what failed."""
    try:
        yield
    except Exception as problem:
        report_once(where, problem)


def report_once(where: str, problem: BaseException) -> None:
    """Give ``problem`` to `sys.excepthook`, unless the same one at the same line of ``where`` was given before."""
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    fault = (where, type(problem).__name__, trace.tb_lineno if trace else 0)
    if fault not in _reported:
        _reported.add(fault)
        sys.excepthook(type(problem), problem, problem.__traceback__)
