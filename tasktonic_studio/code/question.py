"""One question about a place in a source, with all that answers are made from: the project's tonics, and jedi for ordinary names."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import jedi

from tasktonic.check import is_marked, is_nobodys, root_of
from tasktonic_studio.analysis.classes import ClassSource
from tasktonic_studio.code.place import Place, place_at
from tasktonic_studio.code.sources import Sources
from tasktonic_studio.code.sparkle_names import sparkle_name
from tasktonic_studio.code.tonics import Handler, Tonics
from tasktonic_studio.project.pythons import packages_of

MOST_CHARACTERS: Final = 400_000
"""Longer files are looked through for tonics only; jedi would take seconds for each word of one."""

_known: Final[dict[tuple[str, str, bool], Sources]] = {}


def sources_of(root: str, texts: Mapping[str, str], lone: str = "", *, is_project: bool = True) -> Sources:
    """The files of a project, as they stay known from question to question. One project at a time is kept.

    Args:
        root: the folder.
        texts: those of open tabs.
        lone: the file that is asked about, where the folder is nobody's; then only what goes with it counts.
        is_project: whether it is known to be one; else those that lie in it are left out.
    """
    key = (root, lone, is_project)
    if key not in _known:
        _known.clear()
        _known[key] = Sources(root, lone, is_project=is_project)
    _known[key].begin(texts)
    return _known[key]


class Question:
    """A place in a file. Made for one request.

    Args:
        request: `file`, `line` (from 1), `column` (from 0), `texts` by file, and `root`, the open folder, if there is one.
        hurry_s: so long files of the project may be read that were not read before; None for all of them.
    """

    def __init__(self, request: Mapping[str, Any], hurry_s: float | None = None) -> None:
        self.texts: Mapping[str, str] = request.get("texts") or {}
        file: str = request["file"]
        given = request.get("root") or ""
        root = str(Path(given).resolve()) if given else ""
        # What is looked into besides, such as the source of a library, is a project of its own.
        is_inside = bool(root) and Path(file).is_relative_to(root)
        if not is_inside:
            root = root_of(file)
        is_alone = not is_inside and is_nobodys(Path(root))
        is_open = is_inside or is_marked(Path(root))
        self.sources = sources_of(root, self.texts, file if is_alone else "", is_project=is_open)
        self.tonics = Tonics(self.sources, hurry_s)
        self._scripts: dict[str, jedi.Script] = {}
        self._go_to(file, request.get("line", 1), request.get("column", 0))
        if hurry_s is None and self.place.word:
            # Who has all the time wants to know where it is mentioned: the name, or the state in it.
            parsed = sparkle_name(self.place.word)
            names = (parsed.name, parsed.state) if parsed is not None else (self.place.word,)
            self.sources.expect(filter(None, names))

    def _go_to(self, file: str, line: int, column: int) -> None:
        self.file = file
        self.text = self.sources.text(file)
        self.place: Place = place_at(self.text, line, column)

    def elsewhere(self, file: str, line: int, column: int) -> Question:
        """The same question about another place."""
        other = Question.__new__(Question)
        other.texts, other.sources, other.tonics, other._scripts = self.texts, self.sources, self.tonics, self._scripts
        other._go_to(file, line, column)
        return other

    @property
    def script(self) -> jedi.Script:
        """The file for jedi, which reads what is imported and never runs any of it."""
        if self.file not in self._scripts:
            # In this process: an environment of its own would be another process, which nobody ends.
            environment = jedi.InterpreterEnvironment()
            text = self.text if len(self.text) <= MOST_CHARACTERS else ""
            self._scripts[self.file] = jedi.Script(
                text, path=self.file, project=self._project(), environment=environment
            )
        return self._scripts[self.file]

    def _project(self) -> jedi.Project:
        root = self.sources.root
        added = map(str, packages_of(Path(root)))
        path = [str(Path(self.file).parent), root, str(Path(root) / "src"), *added, *(it for it in sys.path if it)]
        return jedi.Project(root, sys_path=list(dict.fromkeys(path)), smart_sys_path=False)

    @cached_property
    def own_class(self) -> ClassSource | None:
        """The class around the place."""
        inside = self.place.inside
        return self.tonics.class_at(self.file, inside.cls, inside.cls_line) if inside.cls else None

    def targets(self) -> list[ClassSource]:
        """The classes of what stands before the dot of the place, of what is being defined, or whose state is named."""
        place = self.place
        if place.is_definition:
            return [self.own_class] if self.own_class is not None else []
        return self.classes_of(place.owner, place.line, place.owner_end)

    def classes_of(self, owner: str, line: int, end: int) -> list[ClassSource]:
        """The classes of the project that an expression, which ends at a column of a line, may be an instance of."""
        if owner in ("self", "super()", ""):
            return [self.own_class] if self.own_class is not None and owner else []
        inferred = _classes_by_jedi(self.script, line, end)
        found = [it for file, name, at in inferred if (it := self.tonics.class_at(file, name, at)) is not None]
        return found or self._by_attribute(owner)

    def _by_attribute(self, owner: str) -> list[ClassSource]:
        """What is assigned to ``self.NAME`` where jedi finds nothing."""
        head, dot, name = owner.partition(".")
        if head != "self" or not dot or self.own_class is None:
            return []
        found = []
        for base in self.tonics.order(self.own_class):
            for value in base.attributes.get(name, ()):
                call = getattr(value, "func", None)
                if call is None:
                    continue
                arguments = getattr(value, "args", [])
                is_bind = getattr(call, "attr", "") == "bind" and arguments
                named = self.tonics.classes.named(base.parsed, arguments[0] if is_bind else call)
                if named is not None:
                    found.append(named)
        return found

    def handlers(self, called: str) -> list[Handler]:
        """The handlers of a sparkle at the place: of its target, or, where that is not known, of every tonic that has it."""
        classes: Iterable[ClassSource] = self.targets()
        found = _handlers(self.tonics, classes, called)
        if not found and (self.place.owner or not self.place.is_definition):
            found = _handlers(self.tonics, self.tonics.everything(), called)
        return found


def _handlers(tonics: Tonics, classes: Iterable[ClassSource], called: str) -> list[Handler]:
    found: dict[int, Handler] = {}
    for cls in classes:
        for handler in tonics.handlers_of(cls, called):
            found.setdefault(id(handler.method), handler)
    return list(found.values())


def _classes_by_jedi(script: jedi.Script, line: int, end: int) -> list[tuple[str, str, int]]:
    """File, name and line of the classes whose instance, or which itself, ends at a column."""
    try:
        names = script.infer(line, max(0, end - 1))
    except Exception:
        # What jedi stumbles over in half-written source, it does not know.
        return []
    return [(str(it.module_path), it.name, it.line or 0) for it in names if it.module_path is not None]
