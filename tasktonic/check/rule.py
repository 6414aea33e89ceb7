"""What a rule is, and what it is given to look at."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from .finding import Edit, Fix, Severity
from .index import Index
from .moves import Moves
from .outline import Func, Module
from .tonics import Tonic, Tonics


class Rule(NamedTuple):
    """A kind of fault. `title` names it in some words, `reason` says in a sentence why it matters."""

    code: str
    severity: Severity
    title: str
    reason: str
    find: Callable[[Look], Iterator[Found]] | None = None


class Found(NamedTuple):
    """What a rule has found: where (a piece of the tree), what is so, what to do, and how it can be mended."""

    node: ast.AST
    text: str
    advice: str
    fixes: tuple[Fix, ...] = ()


class Look:
    """One file, seen with all others."""

    def __init__(self, module: Module, tonics: Tonics, moves: Moves) -> None:
        self.module = module
        self.tonics = tonics
        self.moves = moves
        self.receivers = moves.receivers
        self._own: list[Tonic] | None = None
        self.undecided: set[str] = set()
        """Codes of which a rule could not tell for some class of the file whether there is a fault."""

    @property
    def index(self) -> Index:
        return self.tonics.index

    def own_tonics(self) -> list[Tonic]:
        """The classes of the file that are tonics for sure."""
        return [it for it in self.classes() if it.is_tonic]

    def classes(self) -> list[Tonic]:
        """All classes of the file."""
        if self._own is None:
            self._own = [self.tonics.of(cls) for cls in self.module.classes]
        return self._own

    def is_mentioned(self, name: str) -> bool:
        """Whether any file in sight reads an attribute of this name, or has it as a text."""
        return any(name in module.mentioned for module in self.index.of_users)

    def is_said_or_stored(self, name: str) -> bool:
        """Whether any file in sight has this name as a text, or gives something an attribute of this name."""
        return any(name in module.said or name in module.stored for module in self.index.of_users)

    def piece(self, node: ast.AST) -> tuple[int, int, int, int]:
        """Line, column, last line and the column behind it, of a piece of the tree; of a definition its name."""
        source = self.module.source
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return self._name_of(node)
        line, end_line = node.lineno, node.end_lineno or node.lineno  # type: ignore[attr-defined]
        begin = source.column(line, node.col_offset)  # type: ignore[attr-defined]
        return line, begin, end_line, source.column(end_line, node.end_col_offset)  # type: ignore[attr-defined]

    def _name_of(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> tuple[int, int, int, int]:
        source, line = self.module.source, node.lineno
        text = source.lines[line - 1] if line <= len(source.lines) else ""
        at = text.find(node.name, source.column(line, node.col_offset) - 1)
        begin = at + 1 if at >= 0 else source.column(line, node.col_offset)
        return line, begin, line, begin + len(node.name)

    def replaced(self, node: ast.AST, text: str) -> Edit:
        """The edit that puts a text in the place of a piece of the tree."""
        return Edit(*self.piece(node), text)

    def last_name(self, node: ast.Attribute) -> tuple[int, int, int, int]:
        """Where the name behind the dot stands."""
        _, _, end_line, end = self.piece(node)
        return end_line, end - len(node.attr), end_line, end

    def indentation(self, node: ast.stmt) -> str:
        """The white space before a statement."""
        text = self.module.source.lines[node.lineno - 1]
        return text[: len(text) - len(text.lstrip())]

    def new_method(self, tonic: Tonic, name: str, parameters: str = "self") -> Edit:
        """The edit that adds an empty method at the end of a class of this file."""
        body = tonic.cls.node.body
        last = body[-1]
        line = last.end_lineno or last.lineno
        source = self.module.source
        indentation = self.indentation(body[0]) if body[0].lineno != tonic.cls.node.lineno else "    "
        column = len(source.lines[line - 1]) + 1
        text = f"\n\n{indentation}def {name}({parameters}):\n{indentation}{indentation_step(source.lines)}pass"
        return Edit(line, column, line, column, text)


def indentation_step(lines: Iterable[str]) -> str:
    """By what a file indents: a tab where it uses them, else four spaces."""
    return "\t" if any(line.startswith("\t") for line in lines) else "    "


def closest(name: str, names: Iterable[str]) -> str:
    """The name that is most like another, empty when none is."""
    found = difflib.get_close_matches(name, sorted(names), 1)
    return found[0] if found else ""


def listed(names: Iterable[str]) -> str:
    """Names in a sentence: ``'closed' and 'open'``."""
    quoted = [repr(it) for it in sorted(names)]
    if len(quoted) > 12:
        quoted = [*quoted[:11], f"{len(quoted) - 11} more"]
    return " and ".join(quoted) if len(quoted) < 3 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def functions_below(func: Func) -> Iterator[Func]:
    """A function and those inside it."""
    yield func
    for inner in func.inner:
        yield from functions_below(inner)
