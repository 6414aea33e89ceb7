"""Where the code inside a function begins."""

from __future__ import annotations

import ast


def first_line_inside(text: str, line: int) -> int:
    """The first line of code inside the function whose `def`, or a decorator of it, stands in this line; else the line itself.

    A docstring is no code. Lines count from 1. A text that is no Python leaves the line as it is.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return line
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(it.lineno for it in node.decorator_list)])
            if first <= line < node.body[0].lineno or line == node.lineno:
                return _first_code(node)
    return line


def _first_code(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = node.body
    if len(body) > 1 and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        return body[1].lineno
    return body[0].lineno
