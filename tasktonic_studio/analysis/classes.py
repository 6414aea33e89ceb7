"""Classes out of source: which class a name means, its bases in order, its methods and constants."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from tasktonic_studio.analysis.files import Files, ParsedFile, values_of

Method = ast.FunctionDef | ast.AsyncFunctionDef
_DEEPEST: Final = 40


@dataclass(slots=True, eq=False)
class ClassSource:
    """One class statement. `values` are those of its body. `node` and `methods` may have less than is written, `whole` has all."""

    name: str
    parsed: ParsedFile
    node: ast.ClassDef
    methods: dict[str, Method] = field(default_factory=dict)
    values: dict[str, list[ast.expr]] = field(default_factory=dict)
    _attributes: dict[str, list[ast.expr]] | None = None

    @property
    def attributes(self) -> dict[str, list[ast.expr]]:
        """What methods assign to ``self.NAME``. Looked for when somebody asks: it takes longer than all the rest."""
        if self._attributes is None:
            self._attributes = {}
            for method in _methods_of(self.whole).values():
                for name, value in _assigned_to_self(method):
                    self._attributes.setdefault(name, []).append(value)
        return self._attributes

    @property
    def whole(self) -> ast.ClassDef:
        """The statement with everything in it; read again where only a part is kept."""
        tree = self.parsed.whole() if self.parsed.whole is not None else None
        same = (it for it in ast.walk(tree) if isinstance(it, ast.ClassDef)) if tree is not None else ()
        return next((it for it in same if (it.name, it.lineno) == (self.name, self.node.lineno)), self.node)


class Classes:
    """Finds classes and the order in which Python looks through their bases; what is not in source at hand is passed over."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._known: dict[int, ClassSource] = {}

    def find(self, parsed: ParsedFile, name: str, line: int = 0) -> ClassSource | None:
        """The class of this name in a file (the one nearest to a line), or the one it imports under this name."""
        return self._find(parsed, name, line, _DEEPEST)

    def _find(self, parsed: ParsedFile, name: str, line: int, depth: int) -> ClassSource | None:
        node = parsed.class_at(name, line)
        if node is not None:
            return self._source(parsed, node)
        what = parsed.imports.get(name)
        if what is None or not what.name or depth == 0:
            return None
        other = self._files.imported(parsed, what)
        return self._find(other, what.name, 0, depth - 1) if other is not None and other is not parsed else None

    def order(self, cls: ClassSource) -> list[ClassSource]:
        """The class and its bases, in the order in which Python looks for a method."""
        return self._order(cls, ())

    def _order(self, cls: ClassSource, above: tuple[ClassSource, ...]) -> list[ClassSource]:
        if cls in above or len(above) > _DEEPEST:
            return []
        bases = [base for node in cls.node.bases if (base := self.named(cls.parsed, node, cls)) is not None]
        lines = [self._order(base, (*above, cls)) for base in bases]
        return [cls, *_merged([*lines, bases])]

    def named(self, parsed: ParsedFile, node: ast.expr, inside: ClassSource | None = None) -> ClassSource | None:
        """The class that an expression such as ``Base``, ``module.Base`` or ``Base[int]`` names."""
        if isinstance(node, ast.Subscript):
            node = node.value
        if isinstance(node, ast.Name):
            # A class with the name of its own base hides it from here on: what it is based on stands further up.
            if inside is not None and node.id == inside.name:
                earlier = [it for it in parsed.classes.get(node.id, ()) if it.lineno < inside.node.lineno]
                if earlier:
                    return self._source(parsed, earlier[-1])
                what = parsed.imports.get(node.id)
                other = self._files.imported(parsed, what) if what is not None else None
                return self.find(other, what.name) if other is not None and what is not None else None
            return self.find(parsed, node.id)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            what = parsed.imports.get(node.value.id)
            other = self._files.imported(parsed, what) if what is not None else None
            return self.find(other, node.attr) if other is not None else None
        return None

    def _source(self, parsed: ParsedFile, node: ast.ClassDef) -> ClassSource:
        known = self._known.get(id(node))
        if known is None:
            known = self._known[id(node)] = ClassSource(node.name, parsed, node, values=values_of(node.body))
            known.methods = _methods_of(node)
        return known


def _methods_of(node: ast.ClassDef) -> dict[str, Method]:
    return {it.name: it for it in node.body if isinstance(it, ast.FunctionDef | ast.AsyncFunctionDef)}


def self_name(method: Method) -> str:
    """What a method calls the instance; empty for one without."""
    if any(isinstance(it, ast.Name) and it.id == "staticmethod" for it in method.decorator_list):
        return ""
    arguments = [*method.args.posonlyargs, *method.args.args]
    return arguments[0].arg if arguments else ""


def _assigned_to_self(method: Method) -> Iterator[tuple[str, ast.expr]]:
    own = self_name(method)
    for node in ast.walk(method):
        targets: Sequence[ast.expr] = ()
        value: ast.expr | None = None
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AnnAssign):
            targets, value = [node.target], node.value
        for target in targets:
            is_own = isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == own
            if is_own and isinstance(target, ast.Attribute) and value is not None:
                yield target.attr, value


def _merged(lines: list[list[ClassSource]]) -> list[ClassSource]:
    """Python's own rule (C3); where a class could not be made that way at all, the rest in the order of writing."""
    found: list[ClassSource] = []
    lines = [list(line) for line in lines if line]
    while lines:
        head = next((line[0] for line in lines if not any(line[0] in other[1:] for other in lines)), lines[0][0])
        found.append(head)
        lines = [rest for line in lines if (rest := [it for it in line if it is not head])]
    return found
