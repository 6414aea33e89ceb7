"""Class statements with no more in them than what is asked of a whole project: bases, sparkles with their arguments, listed states.

Whole syntax trees of two thousand files take half a gigabyte. Whoever wants to know what is inside of a method has it read again.
"""

from __future__ import annotations

import ast

from tasktonic_studio.analysis.classes import Method
from tasktonic_studio.code.sparkle_names import sparkle_name


def slim(node: ast.ClassDef) -> ast.ClassDef:
    """A copy of a class statement that shares only bases, arguments and listed states with it."""
    body: list[ast.stmt] = []
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            if sparkle_name(statement.name) is not None:
                body.append(_slim_method(statement))
        elif isinstance(statement, ast.Assign | ast.AnnAssign) and _lists_states(statement):
            body.append(statement)
    made = ast.ClassDef(name=node.name, bases=node.bases, keywords=[], body=body, decorator_list=[])
    return ast.copy_location(made, node)


def _slim_method(method: Method) -> Method:
    """Its first statement stays when it is a text: the documentation."""
    first = method.body[:1]
    is_text = bool(first) and isinstance(first[0], ast.Expr) and isinstance(first[0].value, ast.Constant)
    made = type(method)(name=method.name, args=method.args, body=first if is_text else [], decorator_list=[])
    return ast.copy_location(made, method)


def _lists_states(statement: ast.Assign | ast.AnnAssign) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return any(isinstance(it, ast.Name) and it.id == "_tt_states" for it in targets)
