"""The tonics of a project: their sparkles with the state of each handler, their states, and who is based on whom."""

from __future__ import annotations

import ast
import time
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tasktonic.names import SparkleName
from tasktonic_studio.analysis.classes import Classes, ClassSource, Method
from tasktonic_studio.code.sources import Sources
from tasktonic_studio.code.sparkle_names import sparkle_name


class Handler(NamedTuple):
    """A method that handles a sparkle, and the class whose it is."""

    cls: ClassSource
    method: Method
    name: SparkleName

    @property
    def file(self) -> str:
        return self.cls.parsed.file

    @property
    def where(self) -> str:
        """In words, when it runs."""
        return f"in state {self.name.state}" if self.name.state else "in any state without its own"


class Tonics:
    """Made for one question; asks the files that stay known. What is looked at is read, nothing else, but for `everything`.

    Args:
        sources: the files of the project.
        hurry_s: so long `everything` reads files that were not read before.
    """

    def __init__(self, sources: Sources, hurry_s: float | None = None) -> None:
        self.sources = sources
        self._hurry_s = hurry_s
        self.classes = Classes(sources)
        self._all: list[ClassSource] | None = None
        self._orders: dict[int, list[ClassSource]] = {}

    def class_at(self, file: str, name: str, line: int) -> ClassSource | None:
        """The class of a name nearest to a line of a file."""
        parsed = self.sources.parse(file)
        return self.classes.find(parsed, name, line) if parsed is not None else None

    def order(self, cls: ClassSource) -> list[ClassSource]:
        """The class and its bases as far as they are in the project, as Python looks through them."""
        known = self._orders.get(id(cls.node))
        if known is None:
            known = self._orders[id(cls.node)] = self.classes.order(cls)
        return known

    def everything(self) -> list[ClassSource]:
        """All classes of the project that can be tonics, or those of the files that could be read in a hurry."""
        if self._all is None:
            self._all = list(self._read_all())
        return self._all

    def _read_all(self) -> Iterator[ClassSource]:
        until = time.monotonic() + self._hurry_s if self._hurry_s is not None else None
        names: set[str] = set()
        others: dict[str, frozenset[str]] = {}
        for file in self.sources.files():
            if until is not None and time.monotonic() > until and not self.sources.is_read(file):
                continue
            seen = self.sources.glance(file)
            if seen.is_marked:
                for cls in self._in_file(file):
                    names.add(cls.name)
                    yield cls
            elif seen.bases:
                others[file] = seen.bases
        # A class in a file that mentions nothing of the framework may be based on one of those, or on such a class.
        while based := [file for file, bases in others.items() if bases & names]:
            for file in based:
                del others[file]
                for cls in self._in_file(file):
                    names.add(cls.name)
                    yield cls

    def _in_file(self, file: str) -> Iterator[ClassSource]:
        parsed = self.sources.parse(file)
        for name, nodes in parsed.classes.items() if parsed is not None else ():
            yield from (it for node in nodes if (it := self._of(file, name, node)) is not None)

    def _of(self, file: str, name: str, node: ast.ClassDef) -> ClassSource | None:
        return self.class_at(file, name, node.lineno)

    # ---- sparkles and states

    def handlers(self, cls: ClassSource) -> dict[str, list[Handler]]:
        """The handlers by the name that is called whatever the state; of one method the nearest along the bases."""
        found: dict[str, list[Handler]] = {}
        seen: set[str] = set()
        for base in self.order(cls):
            for name, method in base.methods.items():
                parsed = sparkle_name(name) if name not in seen else None
                if parsed is not None:
                    seen.add(name)
                    found.setdefault(parsed.called, []).append(Handler(base, method, parsed))
        return found

    def handlers_of(self, cls: ClassSource, called: str) -> list[Handler]:
        """Those of one sparkle: of one state when the name says it, else of every state and of none."""
        parsed = sparkle_name(called)
        if parsed is None:
            return []
        all_of_it = self.handlers(cls).get(parsed.called, [])
        return [it for it in all_of_it if not parsed.state or it.name.state == parsed.state]

    def states(self, cls: ClassSource) -> list[str]:
        """The states of a class: those its method names have, and those it lists."""
        found = {it.name.state for each in self.handlers(cls).values() for it in each if it.name.state}
        for base in self.order(cls):
            found.update(str(node.value) for node in listed_states(base))
        return sorted(found)

    def is_tonic(self, cls: ClassSource) -> bool:
        """Whether it looks like a tonic: it has sparkles, or is based on something of the framework."""
        if self.handlers(cls):
            return True
        return any(name.startswith("tt") for base in self.order(cls) for name in base_names(base.node))

    # ---- families

    def based_on(self, cls: ClassSource) -> list[ClassSource]:
        """All classes of the project that have this one among their bases, itself too."""
        return [it for it in self.everything() if any(base.node is cls.node for base in self.order(it))]

    def family(self, cls: ClassSource, has_it: Iterable[ClassSource]) -> list[ClassSource]:
        """Who shares a name with a class: what is based on it, what it is based on that has the name too, and so on.

        Args:
            cls: where to begin.
            has_it: the classes whose own statement has the name.
        """
        owners = {id(it.node) for it in has_it}
        found: dict[int, ClassSource] = {}
        to_do = [cls]
        while to_do:
            at = to_do.pop()
            if id(at.node) in found:
                continue
            found[id(at.node)] = at
            to_do += [it for it in self.order(at) if id(it.node) in owners]
            to_do += [it for it in self.based_on(at) if it.node is not at.node]
        return list(found.values())


def listed_states(cls: ClassSource) -> Iterator[ast.Constant]:
    """The texts in ``_tt_states`` of a class statement."""
    for value in cls.values.get("_tt_states", ()):
        for node in ast.walk(value):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node


def base_names(node: ast.ClassDef) -> list[str]:
    """The last part of the name of each base."""
    found = []
    for base in node.bases:
        base = base.value if isinstance(base, ast.Subscript) else base
        found.append(base.attr if isinstance(base, ast.Attribute) else base.id if isinstance(base, ast.Name) else "")
    return found


def arguments_of(method: Method) -> str:
    """The arguments of a method as they are given in a call, in brackets: without the instance."""
    given = method.args
    copy = ast.arguments(
        posonlyargs=given.posonlyargs[1:],
        args=given.args if given.posonlyargs else given.args[1:],
        vararg=given.vararg,
        kwonlyargs=given.kwonlyargs,
        kw_defaults=given.kw_defaults,
        kwarg=given.kwarg,
        defaults=given.defaults[max(0, len(given.defaults) - len(given.posonlyargs) - len(given.args) + 1) :],
    )
    return f"({ast.unparse(copy)})"
