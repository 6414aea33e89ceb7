"""Which files go with one that lies in somebody's home, or in a folder for a while: what is there besides is no project.

Those beside it that it imports, or that import it, and so on; of a package all of it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from tasktonic.check import python_files

MOST: Final = 500
"""So many files beside one are looked at for what they import."""
_IMPORT: Final = re.compile(r"^[ \t]*(?:from[ \t]+(\w[.\w]*)[ \t]+import\b|import[ \t]+(.+))", re.MULTILINE)
_SHOWN: Final = 3


class Lone:
    """What goes with a file, right in a folder that is no project. Made for one question.

    Args:
        file: the file; it is in the folder, or in a package in it.
        folder: that folder.
        imported: gives the names that a file imports, each up to its first dot.
        others: files in open tabs, which need not be on disk.
    """

    def __init__(self, file: str, folder: str, imported: Callable[[str], Iterable[str]], others: Iterable[str]) -> None:
        self._imported = imported
        self._modules: dict[str, str] = {}
        self._packages: dict[str, str] = {}
        self.is_all = True
        """Whether every file beside it was looked at."""
        self._look_around(folder, others)
        self.parts = self._together(_unit(file, folder))
        """The names of what goes together, that of the file first."""

    def files(self) -> list[str]:
        """All files of them."""
        found: list[str] = []
        for name in self.parts:
            found += [self._modules[name]] if name in self._modules else []
            found += python_files(self._packages[name]) if name in self._packages else []
        return found

    def words(self) -> str:
        """A sentence of what was looked through, and why no more."""
        names = [
            Path(self._modules[name]).name if name in self._modules else f"the package {name}" for name in self.parts
        ]
        more = len(names) - _SHOWN
        names = [*names[: _SHOWN - 1], f"{more + 1} more"] if more > 0 else names
        listed = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
        were = "was" if len(names) == 1 else "were"
        return f"Only {listed} {were} looked through: what else lies in this folder is no project."

    def _look_around(self, folder: str, others: Iterable[str]) -> None:
        beside = [it for it in others if os.path.dirname(it) == folder]  # noqa: PTH120 - as they are written
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.endswith((".py", ".pyw")) and entry.is_file():
                        beside.append(entry.path)
                    elif os.path.isfile(os.path.join(entry.path, "__init__.py")):  # noqa: PTH113, PTH118 - of thousands
                        self._packages[entry.name] = entry.path
        except OSError:
            self.is_all = False
        beside = sorted(set(beside))
        self.is_all = self.is_all and len(beside) <= MOST
        self._modules = {Path(it).stem: it for it in beside[:MOST]}

    def _together(self, own: tuple[str, str]) -> list[str]:
        name, file = own
        if name not in self._packages:
            self._modules[name] = file
        imports = {it: set(self._imported(file)) for it, file in self._modules.items()}
        parts = [name]
        for part in parts:
            asked = imports.get(part)
            if asked is None:
                asked = set[str]().union(*(self._imported(it) for it in python_files(self._packages[part])))
            near = [it for it in sorted(asked) if it in imports or it in self._packages]
            near += [it for it, wanted in imports.items() if part in wanted]
            parts += [it for it in dict.fromkeys(near) if it not in parts]
        return parts


def _unit(file: str, folder: str) -> tuple[str, str]:
    """The module or the package of the folder that a file is, or is in."""
    first = Path(file).relative_to(folder).parts[0]
    path = Path(folder, first)
    return (path.stem, file) if str(path) == file else (first, str(path))


def imported(text: str) -> frozenset[str]:
    """The names that a text imports, each up to its first dot."""
    found: set[str] = set()
    for line in _IMPORT.finditer(text):
        found.update(it.strip().partition(" ")[0].partition(".")[0] for it in (line[1] or line[2]).split(","))
    return frozenset(found)
