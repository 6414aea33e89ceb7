"""The text of a source file taken apart: its classes, their methods, and the code that each of them would run."""

from __future__ import annotations

import ast
import difflib
from dataclasses import dataclass, field
from types import CodeType
from typing import Final, NamedTuple

from tasktonic.errors import ttError

MAX_CHARACTERS: Final = 700_000
"""A longer file was written by no hand, and does not fit into a message."""

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


class ttReplaceError(ttError, ValueError):
    """Running code cannot be replaced; ``line`` is where, 0 for the whole file."""

    def __init__(self, sentence: str, line: int = 0) -> None:
        super().__init__(sentence)
        self.line = line


class ttNotLoadedError(ttReplaceError):
    """Nothing that runs comes from the file."""


class Method(NamedTuple):
    """A ``def`` in a class or in a module, and what it compiles to."""

    name: str
    node: FunctionNode
    code: CodeType

    @property
    def line(self) -> int:
        """Where its name stands."""
        return self.node.lineno


@dataclass(slots=True)
class ClassText:
    """A class statement: ``name`` is the qualified one."""

    name: str
    node: ast.ClassDef
    methods: dict[str, list[Method]] = field(default_factory=dict)


@dataclass(slots=True)
class SourceText:
    """A file that can be compiled. Made by ``read_source``."""

    text: str
    tree: ast.Module
    classes: dict[str, ClassText]
    functions: dict[str, list[Method]]
    """Those of the module itself."""
    codes: dict[tuple[str, int], CodeType]
    """All code in it, by qualified name and first line."""


def read_source(file: str, text: str) -> SourceText:
    """Take a text apart; nothing of it is run.

    Raises:
        ttReplaceError: it is no Python; the sentence has the line.
    """
    if len(text) > MAX_CHARACTERS:
        raise ttReplaceError(f"{file} has {len(text):,} characters; up to {MAX_CHARACTERS:,} can be replaced.")
    try:
        tree = ast.parse(text, file)
        code = compile(text, file, "exec", dont_inherit=True)
    except SyntaxError as error:
        # Of a text with a zero in it no line is told.
        where, line = f"Line {error.lineno}" if error.lineno else "This cannot be compiled", error.lineno or 0
        raise ttReplaceError(f"{where}: {error.msg}. Nothing was replaced; the app runs on.", line) from None
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        words = str(error) or "it is nested too deeply"
        raise ttReplaceError(f"This cannot be compiled: {words}. Nothing was replaced; the app runs on.") from None
    reader = _Reader(code)
    reader.walk(tree, "", None)
    return SourceText(text, tree, reader.classes, reader.functions, reader.codes)


class _Reader:
    """Goes through a tree and finds the compiled code of what stands there, by qualified name and first line."""

    def __init__(self, code: CodeType) -> None:
        self.classes: dict[str, ClassText] = {}
        self.functions: dict[str, list[Method]] = {}
        self.codes: dict[tuple[str, int], CodeType] = {}
        waiting = [code]
        while waiting:
            one = waiting.pop()
            self.codes[one.co_qualname, one.co_firstlineno] = one
            waiting += [const for const in one.co_consts if isinstance(const, CodeType)]

    def walk(self, node: ast.AST, prefix: str, inside: ClassText | None) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                name = prefix + child.name
                # Of two statements with one name the later one holds, as when it is run.
                found = self.classes[name] = ClassText(name, child)
                self.walk(child, name + ".", found)
            elif isinstance(child, FunctionNode):
                self._take(child, prefix, inside)
                self.walk(child, f"{prefix}{child.name}.<locals>.", None)
            else:
                self.walk(child, prefix, inside)

    def _take(self, node: FunctionNode, prefix: str, inside: ClassText | None) -> None:
        first = node.decorator_list[0].lineno if node.decorator_list else node.lineno
        code = self.codes.get((prefix + node.name, first))
        if code is None:
            return
        if inside is not None:
            inside.methods.setdefault(node.name, []).append(Method(node.name, node, code))
        elif not prefix:
            self.functions.setdefault(node.name, []).append(Method(node.name, node, code))


def is_same(one: CodeType, other: CodeType) -> bool:
    """Whether two codes do the same, wherever their lines stand."""
    return one == other or _without_lines(one) == _without_lines(other)


def is_in_place(one: CodeType, other: CodeType) -> bool:
    """Whether the lines of two codes that do the same stand at the same places too."""
    return _lines(one) == _lines(other)


def _without_lines(code: CodeType) -> CodeType:
    consts = tuple(_without_lines(one) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_firstlineno=1, co_linetable=b"", co_filename="", co_consts=consts)


def _lines(code: CodeType) -> tuple[object, ...]:
    inner = tuple(_lines(one) for one in code.co_consts if isinstance(one, CodeType))
    return code.co_firstlineno, code.co_linetable, inner


def nearest(name: str, names: list[str]) -> str:
    """A question that names the closest of some names; empty when none is close."""
    near = difflib.get_close_matches(name, names, 1)
    return f" Did you mean {near[0]!r}?" if near else ""
