"""Where sparkles and states are mentioned in source: methods, calls, texts of ``to_state``, and what only looks like it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from tasktonic_studio.code.columns import in_characters
from tasktonic_studio.code.sparkle_names import sparkle_name

Kind = Literal["method", "attribute", "state", "listed", "compared", "awaited", "built", "text"]

_AWAITED: Final = frozenset({"till_state_in", "till_sparkle_in"})
"""What a distiller is told to run until, as arguments and as keys of a contract."""


class Mention(NamedTuple):
    """One place. `line` from 1, `column` and `end` from 0, in characters, of the name alone.

    `kind`: ``method`` (a sparkle is defined), ``attribute`` (called, or handed over), ``state`` (text of a ``to_state``),
    ``listed`` (in ``_tt_states``), ``compared`` (with the name of the current state), ``awaited`` (by a distiller), ``built`` (a name
    or state that is put together while the program runs), ``text`` (any other text). `owner` is the expression before the dot; `cls` and
    `cls_line` the class around. `is_plain` is false where a name cannot be replaced in place, as in a text with escapes.
    """

    kind: Kind
    name: str
    line: int
    column: int
    end: int
    owner: ast.expr | None
    cls: str
    cls_line: int
    method: str
    is_plain: bool = True


def mentions_in(tree: ast.Module, text: str) -> list[Mention]:
    """All places in one file, in its order."""
    walker = _Walker(text)
    walker.visit_all(tree.body, "", 0, "")
    return sorted(walker.found, key=lambda it: (it.line, it.column))


class _Walker:
    """Goes through a tree by hand: a visitor that calls itself gives up on deep expressions."""

    def __init__(self, text: str) -> None:
        self.found: list[Mention] = []
        self._lines = text.split("\n")
        self._taken: set[int] = set()

    def visit_all(self, body: list[ast.stmt], cls: str, cls_line: int, method: str) -> None:
        stack: list[tuple[ast.AST, str, int, str]] = [(node, cls, cls_line, method) for node in reversed(body)]
        while stack:
            node, cls, cls_line, method = stack.pop()
            self._take(node, cls, cls_line, method)
            if isinstance(node, ast.ClassDef):
                cls, cls_line, method = node.name, node.lineno, ""
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not method:
                method = node.name
            stack += [(child, cls, cls_line, method) for child in ast.iter_child_nodes(node)][::-1]

    def _take(self, node: ast.AST, cls: str, cls_line: int, method: str) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if cls and sparkle_name(node.name) is not None and not method:
                self._add_method(node, cls, cls_line)
        elif isinstance(node, ast.Attribute):
            if sparkle_name(node.attr) is not None:
                end = node.end_col_offset or 0
                line = node.end_lineno or node.lineno
                begin = end - len(node.attr.encode())
                self._add("attribute", node.attr, line, begin, end, node.value, cls, cls_line, method)
        elif isinstance(node, ast.Call):
            self._take_call(node, cls, cls_line, method)
        elif isinstance(node, ast.Compare):
            self._take_comparison(node, cls, cls_line, method)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value in _AWAITED:
                    self._take_awaited(value, cls, cls_line, method)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(it, ast.Name) and it.id == "_tt_states" for it in targets) and node.value is not None:
                for inner in ast.walk(node.value):
                    self._add_text(inner, "listed", None, cls, cls_line, method)
        elif isinstance(node, ast.Constant):
            self._add_text(node, "text", None, cls, cls_line, method)

    def _take_awaited(self, node: ast.expr, cls: str, cls_line: int, method: str) -> None:
        for inner in ast.walk(node):
            self._add_text(inner, "awaited", None, cls, cls_line, method)

    def _take_call(self, node: ast.Call, cls: str, cls_line: int, method: str) -> None:
        for given in node.keywords:
            if given.arg in _AWAITED:
                self._take_awaited(given.value, cls, cls_line, method)
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
        owner = called.value if isinstance(called, ast.Attribute) else None
        if name == "to_state":
            states = [*node.args[:1], *(it.value for it in node.keywords if it.arg == "state")]
            for value in states:
                for inner in _choices(value):
                    if isinstance(inner, ast.Constant):
                        self._add_text(inner, "state", owner, cls, cls_line, method)
                    else:
                        self._add_built(inner, "to_state", cls, cls_line, method)
        elif (
            name in ("getattr", "setattr", "hasattr")
            and len(node.args) > 1
            and not isinstance(node.args[1], ast.Constant)
        ):
            self._add_built(node, name, cls, cls_line, method)

    def _take_comparison(self, node: ast.Compare, cls: str, cls_line: int, method: str) -> None:
        owner = next(
            (
                it.func.value
                for it in (node.left, *node.comparators)
                if isinstance(it, ast.Call)
                and isinstance(it.func, ast.Attribute)
                and it.func.attr == "get_current_state_name"
            ),
            None,
        )
        if owner is not None:
            for side in (node.left, *node.comparators):
                if not isinstance(side, ast.Call):
                    for inner in ast.walk(side):
                        self._add_text(inner, "compared", owner, cls, cls_line, method)

    # ---- taking down

    def _add_method(self, node: ast.FunctionDef | ast.AsyncFunctionDef, cls: str, cls_line: int) -> None:
        line = self._lines[node.lineno - 1] if node.lineno <= len(self._lines) else ""
        start = line.find("def ", in_characters(line, node.col_offset))
        column = line.find(node.name, start + 4) if start >= 0 else -1
        if column >= 0:
            self.found.append(
                Mention(
                    "method", node.name, node.lineno, column, column + len(node.name), None, cls, cls_line, node.name
                )
            )

    def _add(
        self,
        kind: Kind,
        name: str,
        line: int,
        begin: int,
        end: int,
        owner: ast.expr | None,
        cls: str,
        cls_line: int,
        method: str,
    ) -> None:
        own = self._lines[line - 1] if line <= len(self._lines) else ""
        column, stop = in_characters(own, begin), in_characters(own, end)
        is_plain = own[column:stop] == name
        self.found.append(Mention(kind, name, line, column, stop, owner, cls, cls_line, method, is_plain))

    def _add_text(
        self, node: ast.AST, kind: Kind, owner: ast.expr | None, cls: str, cls_line: int, method: str
    ) -> None:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in self._taken:
            return
        self._taken.add(id(node))
        if not node.value.isidentifier():
            return
        own = self._lines[node.lineno - 1] if node.lineno <= len(self._lines) else ""
        column, stop = in_characters(own, node.col_offset), in_characters(own, node.end_col_offset or 0)
        is_plain = node.end_lineno == node.lineno and own[column:stop] in (f'"{node.value}"', f"'{node.value}'")
        if is_plain:
            column, stop = column + 1, stop - 1
        self.found.append(Mention(kind, node.value, node.lineno, column, stop, owner, cls, cls_line, method, is_plain))

    def _add_built(self, node: ast.expr, name: str, cls: str, cls_line: int, method: str) -> None:
        line = self._lines[node.lineno - 1] if node.lineno <= len(self._lines) else ""
        column = in_characters(line, node.col_offset)
        self.found.append(Mention("built", name, node.lineno, column, column, None, cls, cls_line, method, False))


def _choices(value: ast.expr) -> Iterator[ast.expr]:
    """What an argument may be: both sides of ``a if x else b`` and of ``a or b``; numbers and None are no states' names."""
    if isinstance(value, ast.IfExp):
        yield from _choices(value.body)
        yield from _choices(value.orelse)
    elif isinstance(value, ast.BoolOp):
        for inner in value.values:
            yield from _choices(inner)
    elif isinstance(value, ast.UnaryOp):
        return
    elif not (isinstance(value, ast.Constant) and not isinstance(value.value, str)):
        yield value
