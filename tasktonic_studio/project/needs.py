"""What a project needs, from the lists that people write: for pip, in the order of running it and of developing it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

from tasktonic_studio.project.poetry_words import is_optional, place_of, requirements_of

REQUIREMENTS: Final = "requirements.txt"
PYPROJECT: Final = "pyproject.toml"
DEVELOPING: Final = frozenset({"dev", "devel", "develop", "development", "test", "tests", "testing", "pytest"})
"""Groups, extras and files of these names are installed as well: who opens a project works on it."""
_RUNNING: Final = frozenset({"base", "common", "main"})
_NAME: Final = re.compile(r"\s*([A-Za-z0-9][\w.-]*)\s*(?:\[([^\]]*)\])?")
_FOREIGN: Final = "tasktonic"
"""Under this name the package index has something else; this framework is installed as ``tasktonic-studio``."""
_OTHERS: Final = {
    "setup.py": "python -m pip install -e .",
    "setup.cfg": "python -m pip install -e .",
    "Pipfile": "pipenv install",
    "environment.yml": "conda env create",
}
"""Lists that are not read, with what installs them."""


@dataclass(frozen=True, slots=True)
class NeedsList:
    """What is installed at once: `words` for people, `arguments` for pip."""

    words: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Needs:
    """What a project says that it needs. `problem` is why nothing of it can be installed, `note` what is left out of it."""

    lists: tuple[NeedsList, ...] = ()
    problem: str = ""
    note: str = ""


def needs_of(project: Path) -> Needs:
    """What is to be installed for a project. Reads its files, and runs nothing of it.

    What runs it comes first: ``requirements.txt`` and the dependencies in ``pyproject.toml``, be they written for pip or for Poetry. Then
    come extras, groups and files of requirements that are named for developing or testing; others are left out, and that is said.
    """
    lists = _Lists(project)
    try:
        lists.take_files()
        lists.take_pyproject()
    except (OSError, ValueError, TypeError, RecursionError) as error:
        return Needs(problem=f"What the project needs cannot be read: {error}.")
    return Needs(problem=lists.foreign) if lists.foreign else Needs(lists.together(), note=lists.note())


class _Lists:
    """Gathers what is listed."""

    def __init__(self, project: Path) -> None:
        self._project = project
        self._running: dict[str, list[str]] = {}
        """Arguments by the name of the file that lists them."""
        self._developing: dict[str, list[str]] = {}
        self._left: list[str] = []
        self.foreign = ""
        """Why nothing can be installed, when somebody else's package is asked for."""

    def together(self) -> tuple[NeedsList, ...]:
        kinds = ((self._running, ""), (self._developing, " for developing"))
        return tuple(
            NeedsList(
                f"what {_listed(by)} list{'s' if len(by) == 1 else ''}{why}", tuple(chain.from_iterable(by.values()))
            )
            for by, why in kinds
            if by
        )

    def note(self) -> str:
        """What is left out and how it is installed, in sentences; empty when all is taken."""
        if not self._running and not self._developing:
            other = next((it for it in _OTHERS if (self._project / it).is_file()), "")
            if other:
                return f"What {other} asks for is not read; to have it: {_OTHERS[other]}"
        if not self._left:
            return ""
        what = f"{_listed(self._left)} {'was' if len(self._left) == 1 else 'were'} left out"
        return (
            f"Of what the project lists, {what}: install it by hand, or write what you need of it into {REQUIREMENTS}."
        )

    def _put(self, by: dict[str, list[str]], where: str, arguments: Iterable[str], lines: Iterable[str]) -> None:
        if any(_name_of(line) == _FOREIGN for line in lines):
            self.foreign = self.foreign or (
                f"{where} asks for {_FOREIGN}, and the package of that name is not this framework. Write tasktonic-studio, or "
                "take the line out: the framework is installed already."
            )
        by.setdefault(where, []).extend(arguments)

    # ---- files for pip

    def take_files(self) -> None:
        """What stands in files of requirements, beside ``pyproject.toml`` or in a folder of that name."""
        found = [it for it in self._project.glob("*.txt") if "requirements" in it.stem.lower()]
        for file in sorted([*found, *self._project.glob("requirements/*.txt")]):
            if not file.is_file():
                continue
            name = file.relative_to(self._project).as_posix()
            words = {it for it in re.split(r"[-_./]", name.lower().removesuffix(".txt")) if it != "requirements"}
            if words <= _RUNNING:
                self._take_file(self._running, name, file)
            elif words <= DEVELOPING:
                self._take_file(self._developing, name, file)
            else:
                self._left.append(name)

    def _take_file(self, by: dict[str, list[str]], name: str, file: Path) -> None:
        self._put(by, name, ("-r", str(file)), file.read_text(encoding="utf-8-sig").splitlines())

    # ---- pyproject.toml

    def take_pyproject(self) -> None:
        """What stands in ``pyproject.toml``, in all the ways in which it is written there."""
        file = self._project / PYPROJECT
        if not file.is_file():
            return
        content: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        about, tools = _table(content, "project"), _table(content, "tool")
        poetry = _table(tools, "poetry")
        stated = _texts(about, "dependencies", file)
        extras = {
            name: _texts(_table(about, "optional-dependencies"), name, file)
            for name in _table(about, "optional-dependencies")
        }
        own = _Own(_name_of(str(about.get("name", ""))), extras)
        elsewhere = _table(_table(tools, "uv"), "sources")
        self._take_lines(self._running, own.unfolded(stated), elsewhere)
        self._take_dynamic(about, tools)
        known = {_name_of(it) for it in stated}
        self._take_poetry(self._running, _table(poetry, "dependencies"), known)
        self._take_asked_for(poetry)
        for name, lines in extras.items():
            self._take_group("extra", name, own.unfolded(lines), elsewhere)
        self._take_groups(content, tools, own, elsewhere, file)
        for name, table in _table(poetry, "group").items():
            if name.lower() in DEVELOPING:
                self._take_poetry(self._developing, _table(table, "dependencies"))
            else:
                self._left.append(f"the group {name}")
        self._take_poetry(self._developing, _table(poetry, "dev-dependencies"))

    def _take_groups(
        self, content: Mapping[str, Any], tools: Mapping[str, Any], own: _Own, elsewhere: Mapping[str, Any], file: Path
    ) -> None:
        groups = _table(content, "dependency-groups")
        for name in groups:
            self._take_group("group", name, own.unfolded(_group(groups, name, file)), elsewhere)
        pdm = _table(_table(tools, "pdm"), "dev-dependencies")
        for name in pdm:
            self._take_group("group", name, _texts(pdm, name, file), elsewhere)
        self._take_group("group", "dev", _texts(_table(tools, "uv"), "dev-dependencies", file), elsewhere)

    def _take_group(self, kind: str, name: str, lines: list[str], elsewhere: Mapping[str, Any]) -> None:
        if not lines:
            return
        if name.lower() in DEVELOPING:
            self._take_lines(self._developing, lines, elsewhere)
        else:
            self._left.append(f"the {kind} {name}")

    def _take_lines(self, by: dict[str, list[str]], lines: list[str], elsewhere: Mapping[str, Any]) -> None:
        """Take what is written for pip; what uv takes from elsewhere is taken from there, or not at all."""
        places = {_name_of(name): table for name, table in elsewhere.items()}
        arguments = []
        for line in lines:
            name = _name_of(line)
            if name not in places:
                arguments.append(line)
                continue
            place = self._place(line, places[name])
            if place:
                arguments.append(place)
            else:
                self._left.append(f"{name}, which comes from a place of its own")
        if arguments:
            self._put(by, PYPROJECT, arguments, arguments)

    def _place(self, line: str, table: Any) -> str:
        match = _NAME.match(line)
        if match is None or not isinstance(table, dict):
            return ""
        place = place_of(match[1], table, self._project, f"[{match[2]}]" if match[2] else "")
        markers = line.partition(";")[2].strip()
        return f"{place} ; {markers}" if place and markers else place

    def _take_dynamic(self, about: Mapping[str, Any], tools: Mapping[str, Any]) -> None:
        """What setuptools reads from files when the project is built; what others compute then is not known."""
        dynamic = about.get("dynamic", [])
        if not isinstance(dynamic, list) or "dependencies" not in dynamic:
            return
        given = _table(_table(_table(tools, "setuptools"), "dynamic"), "dependencies").get("file", [])
        files = [given] if isinstance(given, str) else given
        if not files:
            self._left.append(f"what {PYPROJECT} calls dynamic (python -m pip install -e . installs it)")
        for name in files:
            if name not in self._running and (self._project / name).is_file():
                self._take_file(self._running, name, self._project / name)

    def _take_poetry(self, by: dict[str, list[str]], table: Mapping[str, Any], known: Iterable[str] = ()) -> None:
        arguments: list[str] = []
        for name, wanted in table.items():
            if name.lower() == "python" or _name_of(name) in known:
                continue
            if not is_optional(wanted):
                arguments += self._in_words_of_pip(name, wanted)
        if arguments:
            self._put(by, PYPROJECT, arguments, arguments)

    def _take_asked_for(self, poetry: Mapping[str, Any]) -> None:
        """What is optional for Poetry, when an extra for developing asks for it."""
        extras = _table(poetry, "extras")
        asked = {_name_of(str(it)) for name, them in extras.items() if name.lower() in DEVELOPING for it in them}
        arguments: list[str] = []
        for name, wanted in _table(poetry, "dependencies").items():
            if is_optional(wanted) and _name_of(name) in asked:
                arguments += self._in_words_of_pip(name, wanted)
            elif is_optional(wanted):
                self._left.append(f"{name}, which is optional")
        if arguments:
            self._put(self._developing, PYPROJECT, arguments, arguments)

    def _in_words_of_pip(self, name: str, wanted: Any) -> list[str]:
        found = requirements_of(name, wanted, self._project)
        if not found:
            self._left.append(f"{name}, for which pip has no word")
        return found


class _Own:
    """The project, as one of its own lists may name it: ``garden[test]`` in the list of its extra dev."""

    def __init__(self, name: str, extras: Mapping[str, list[str]]) -> None:
        self._name = name
        self._extras = {_name_of(it): lines for it, lines in extras.items()}

    def unfolded(self, lines: list[str], seen: set[str] | None = None) -> list[str]:
        """The lines, with what the project lists in the place of its own name."""
        found: list[str] = []
        seen = set() if seen is None else seen
        for line in lines:
            match = _NAME.match(line)
            if not self._name or match is None or _name_of(line) != self._name:
                found.append(line)
            else:
                for extra in sorted({_name_of(it) for it in (match[2] or "").split(",")} - seen):
                    seen.add(extra)  # one that names itself, be it by way of others, adds nothing
                    found += self.unfolded(self._extras.get(extra, []), seen)
        return list(dict.fromkeys(found))


def _group(groups: Mapping[str, Any], name: str, file: Path, seen: set[str] | None = None) -> list[str]:
    """What a group lists, with those that it includes."""
    found: list[str] = []
    seen = {name} if seen is None else seen
    entries = groups.get(name, [])
    if not isinstance(entries, list):
        raise ValueError(f"the group '{name}' in {file} is no list")
    for entry in entries:
        if isinstance(entry, str):
            found += _without_options([entry])
        elif isinstance(entry, dict) and isinstance(entry.get("include-group"), str):
            wanted = _name_of(entry["include-group"])
            inner = next((it for it in groups if _name_of(it) == wanted), None)
            if inner is None:
                raise ValueError(
                    f"the group '{name}' in {file} includes '{entry['include-group']}', which is not there"
                )
            if inner not in seen:
                seen.add(inner)
                found += _group(groups, inner, file, seen)
    return list(dict.fromkeys(found))


def _table(whole: Any, name: str) -> Mapping[str, Any]:
    found = whole.get(name) if isinstance(whole, dict) else None
    return found if isinstance(found, dict) else {}


def _texts(table: Mapping[str, Any], name: str, file: Path) -> list[str]:
    found = table.get(name, [])
    if not isinstance(found, list) or not all(isinstance(it, str) for it in found):
        raise ValueError(f"'{name}' in {file} is no list of texts")
    return _without_options(found)


def _without_options(lines: list[str]) -> list[str]:
    # What begins with a dash would be taken for an option.
    return [it for it in lines if not it.lstrip().startswith("-")]


def _name_of(requirement: str) -> str:
    """The name of a package as the index compares them; empty for an option, a comment, a path."""
    found = _NAME.match(requirement)
    if found is None or requirement[found.end(1) : found.end(1) + 1] in ("/", ":"):
        return ""
    return re.sub(r"[-_.]+", "-", found[1]).lower()


def _listed(names: Iterable[str]) -> str:
    *others, last = list(dict.fromkeys(names))
    return f"{', '.join(others)} and {last}" if others else last


__all__ = ["Needs", "NeedsList", "needs_of"]
