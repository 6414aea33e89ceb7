"""Whether code is ready for what a call raises: it catches that, or is a test that expects it."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Final

from .outline import ClassFacts, Func, Scope

ANY: Final = frozenset({"Exception", "BaseException"})
MISSING: Final = frozenset({"AttributeError", *ANY})
UNKNOWN_STATE: Final = frozenset({"ttUnknownState", "ttError", "ValueError", *ANY})
MISFIT: Final = frozenset({"ttArgumentError", "ttError", "TypeError", *ANY})


def is_expected(node: ast.AST, scope: Scope, errors: frozenset[str]) -> bool:
    """Whether what stands around a piece of source takes one of these errors.

    That is ``except AttributeError``, and ``with suppress(AttributeError)`` or ``with pytest.raises(AttributeError)``, whatever it is
    called that is told the name of the error there.
    """
    while isinstance(scope, Func) and isinstance(scope.node, ast.Lambda) and scope.parent is not None:
        scope = scope.parent
    root = scope.node if isinstance(scope, Func | ClassFacts) else scope.module.source.tree
    waiting: list[ast.AST] = [root] if root is not None else []
    while waiting:
        at = waiting.pop()
        if isinstance(at, ast.Try | ast.With | ast.AsyncWith) and _takes(at, errors):
            if any(inner is node for statement in at.body for inner in ast.walk(statement)):
                return True
        waiting += ast.iter_child_nodes(at)
    return False


def _takes(at: ast.Try | ast.With | ast.AsyncWith, errors: frozenset[str]) -> bool:
    if isinstance(at, ast.Try):
        return any(it.type is None or _names([it.type]) & errors for it in at.handlers)
    calls = (it.context_expr for it in at.items if isinstance(it.context_expr, ast.Call))
    return any(_names([*it.args, *(given.value for given in it.keywords)]) & errors for it in calls)


def _names(nodes: Iterable[ast.AST]) -> set[str]:
    """The last parts of all names in some pieces of source."""
    found = [it for node in nodes for it in ast.walk(node)]
    return {it.id if isinstance(it, ast.Name) else it.attr for it in found if isinstance(it, ast.Name | ast.Attribute)}
