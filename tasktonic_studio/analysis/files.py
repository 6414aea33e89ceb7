"""Source files as syntax trees: read once, with what names in them stand for."""

from __future__ import annotations

import ast
import errno
import os
import stat
import tokenize
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Final, NamedTuple

MOST_CHARACTERS: Final = 3_000_000
"""Longer files are made by programs; reading one would take seconds."""

_BODIES: Final = ("body", "handlers", "orelse", "finalbody", "cases")
"""Where a statement has others inside; in the order in which the grammar has them."""

Read = Callable[[str], str]


class Import(NamedTuple):
    """Where an imported name comes from; `name` is empty for a module. `level` counts the dots of a relative import."""

    module: str
    name: str
    level: int


@dataclass(slots=True)
class ParsedFile:
    """One source file: its classes by name (also inner ones), values given to names at its top, imports."""

    file: str
    module: str
    classes: dict[str, list[ast.ClassDef]] = field(default_factory=dict)
    values: dict[str, list[ast.expr]] = field(default_factory=dict)
    imports: dict[str, Import] = field(default_factory=dict)
    whole: Callable[[], ast.Module | None] | None = None
    """Reads the whole tree again, where `classes` has only a part of each."""

    def class_at(self, name: str, line: int = 0) -> ast.ClassDef | None:
        """The class of this name whose statement is nearest to a line; the last one for line 0."""
        found = self.classes.get(name)
        if not found:
            return None
        return min(found, key=lambda node: abs(node.lineno - line)) if line else found[-1]


def read_text(file: str) -> str:
    """The text of a source file, in the encoding that it names.

    Raises:
        OSError: it cannot be read, or is no file: a pipe or a device would let nobody come to an end.
        SyntaxError, UnicodeDecodeError: its encoding is unknown, or it is in another one.
    """
    if not stat.S_ISREG(os.stat(file).st_mode):  # noqa: PTH116 - as it is written
        raise OSError(errno.EINVAL, "it is no file", file)
    with tokenize.open(file) as opened:
        return opened.read(MOST_CHARACTERS + 1)


class Files:
    """Reads and keeps syntax trees. What cannot be read is asked for once, and `problems` says why, in sentences.

    Args:
        texts: source texts by file that come before those on disk, such as a trace has.
        read: gives the text of any other file.
    """

    def __init__(self, texts: Mapping[str, str] | None = None, read: Read = read_text) -> None:
        self._texts = texts or {}
        self._read = read
        self._parsed: dict[str, ParsedFile | None] = {}
        self.problems: list[str] = []

    @property
    def used(self) -> list[str]:
        """The files that were looked at and could be read."""
        return [file for file, parsed in self._parsed.items() if parsed is not None]

    def parse(self, file: str, module: str = "") -> ParsedFile | None:
        """The tree of a file, None when it cannot be had. `module` is its name as an import has it, where that is known."""
        if file not in self._parsed:
            self._parsed[file] = self._parse(file, module)
        return self._parsed[file]

    def exists(self, file: str) -> bool:
        """Whether there is such a file, without reading it."""
        return file in self._texts or Path(file).is_file()

    def _parse(self, file: str, module: str) -> ParsedFile | None:
        try:
            text = self._texts[file] if file in self._texts else self._read(file)
            if len(text) > MOST_CHARACTERS:
                self.problems.append(f"{file} is too long to be looked through.")
                return None
            tree = ast.parse(text)
        except OSError as error:
            self.problems.append(f"{file} cannot be read: {error.strerror or error}.")
        except SyntaxError as error:
            self.problems.append(f"{file} is not valid Python: {error.msg}, line {error.lineno or 0}.")
        except (ValueError, RecursionError, MemoryError) as error:
            self.problems.append(f"{file} cannot be understood: {str(error) or type(error).__name__}.")
        else:
            return self.outline(file, module, tree)
        return None

    @staticmethod
    def outline(file: str, module: str, tree: ast.Module) -> ParsedFile:
        """What a tree has of classes, values and imports."""
        return _outline(file, module, tree)

    def imported(self, parsed: ParsedFile, what: Import) -> ParsedFile | None:
        """The file that an import of another file means; None for what does not lie beside it (libraries, the framework)."""
        for file in _candidates(parsed, what):
            if self.exists(file):
                return self.parse(file)
        return None


def _outline(file: str, module: str, tree: ast.Module) -> ParsedFile:
    outline = ParsedFile(file, module)
    for node in _statements(tree):
        if isinstance(node, ast.ClassDef):
            outline.classes.setdefault(node.name, []).append(node)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.split(".")[0]
                outline.imports[name] = Import(alias.name if alias.asname else name, "", 0)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                outline.imports[alias.asname or alias.name] = Import(node.module or "", alias.name, node.level)
    outline.values = values_of(tree.body)
    return outline


def _statements(tree: ast.Module) -> Iterator[ast.AST]:
    """All statements in the order of ``ast.walk``, without the expressions in them: those are nine of ten."""
    waiting = deque[ast.AST](tree.body)
    while waiting:
        node = waiting.popleft()
        yield node
        for field_name in _BODIES:
            waiting.extend(getattr(node, field_name, ()))


def values_of(body: list[ast.stmt]) -> dict[str, list[ast.expr]]:
    """What is assigned to plain names directly in a body: of a module, of a class."""
    found: dict[str, list[ast.expr]] = {}
    for statement in body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(statement.value)
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
            found.setdefault(statement.target.id, []).append(statement.value)
    return found


def _candidates(parsed: ParsedFile, what: Import) -> list[str]:
    """Where the module of an import may lie: below the folder that the importing module's own name begins in, or beside it."""
    folder = PurePath(parsed.file).parent
    dotted = [part for part in what.module.split(".") if part]
    if what.level:
        roots = [folder.parents[what.level - 2]] if 1 < what.level <= len(folder.parents) + 1 else [folder]
    else:
        if not dotted or dotted[0] == "tasktonic":
            return []
        up = len(parsed.module.split(".")) - 1 if parsed.module and parsed.module != "__main__" else 0
        roots = [folder, *([folder.parents[up - 1]] if 0 < up <= len(folder.parents) else [])]
    found = []
    for root in roots:
        inner = root.joinpath(*dotted)
        if what.name:
            found.append(str(inner / f"{what.name}.py"))
        if dotted:
            found.append(f"{inner}.py")
        found.append(str(inner / "__init__.py"))
    # The module itself before one of the same name as what is taken out of it.
    return sorted(found, key=lambda file: bool(what.name) and file.endswith(f"{what.name}.py"))
