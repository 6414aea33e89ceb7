"""Which files there are: those of a folder, and those that lie around a file and may use what is in it."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Generator, Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from pathlib import Path, PurePath
from tempfile import gettempdir
from typing import Final

from .outline import Module, outline_of
from .source import read_source, source_of

FRAMEWORK: Final = Path(__file__).resolve().parents[1]
"""The folder of the framework itself: what its classes are is read there like everything else."""
_FRAMEWORK_BEGINS: Final = f"{FRAMEWORK}{os.sep}"
PYTHON: Final = (".py", ".pyw")
_PASSED_OVER: Final = frozenset({"__pycache__", "build", "dist", "node_modules", "site-packages", "venv", "env"})
MARKS: Final = ("pyproject.toml", "setup.py", "setup.cfg", ".git", ".hg", ".tasktonic")
MOST_FILES: Final = 2_000
"""A folder with more files, or folders, is no project; what comes after these is not looked at for who uses what."""
MOST_WITHOUT_A_MARK: Final = 200
"""The same for a folder that nothing says of that it is a project: it may be somebody's home."""
MOST_AROUND: Final = 1_000_000
"""So many characters of files around are taken apart: the nearest files first."""
_MAY_USE: Final = re.compile(r"tts|ttqt|to_state|[tT]ask[tT]onic")


def python_files(path: str) -> list[str]:
    """The Python files of a folder and all below it, sorted; a file itself. Hidden folders and those of tools are passed over.

    A folder that cannot be looked into is named like a file: reading it says why.
    """
    return list(_walked(path)) if os.path.isdir(path) else [path]  # noqa: PTH112 - what the user typed is kept as it is


def files_of_project(file: str) -> tuple[list[str], str]:
    """The Python files of the project that a file belongs to, and a sentence why these are not all; empty when they are.

    A file in somebody's home, or in a folder that is there for a while, is alone: what lies around it has nothing to do with it. Of a
    folder that nothing says of that it is a project so much is looked through as `Shelf.around` does.
    """
    root = root_of(file)
    if is_nobodys(Path(root)):
        inside = Path(file).relative_to(root).parts
        if len(inside) == 1:
            return [file], "The file was looked at alone: what else lies in this folder is no project."
        root = str(Path(root, inside[0]))  # a package right in somebody's home
    most = None if _marked_root(file) else MOST_WITHOUT_A_MARK
    walk, files = _walked(root, most), []
    while True:
        try:
            files.append(next(walk))
        except StopIteration as end:
            is_all = end.value or most is None
            return (
                files,
                "" if is_all else f"Only {most} folders were looked through: nothing says that it is a project.",
            )


def _walked(path: str, most_folders: int | None = None) -> Generator[str, None, bool]:
    """The Python files; at the end whether that was all."""
    closed: list[str] = []
    walk = os.walk(path, onerror=lambda error: closed.append(error.filename))
    for folder, folders, names in islice(walk, most_folders):
        yield from closed
        closed.clear()
        folders[:] = sorted(it for it in folders if not it.startswith(".") and it not in _PASSED_OVER)
        if "pyvenv.cfg" in names:
            folders.clear()
            continue
        beside = "" if folder == os.curdir else str(PurePath(folder))
        yield from (os.path.join(beside, name) for name in sorted(names) if name.endswith(PYTHON))  # noqa: PTH118 - of thousands
    yield from closed
    return next(walk, None) is None


def is_framework(path: str) -> bool:
    """Whether a file is one of the framework."""
    return path.startswith(_FRAMEWORK_BEGINS)


def root_of(file: str) -> str:
    """The folder of the project that a file belongs to: the nearest one that looks like that, else the top one of its package."""
    return _marked_root(file) or _top_of_package(file)


def _marked_root(file: str) -> str:
    for folder in Path(file).parents:
        if is_nobodys(folder):
            break
        if is_marked(folder):
            return str(folder)
    return ""


def is_marked(folder: Path) -> bool:
    """Whether something in a folder says that it is a project."""
    return any(os.path.exists(folder / mark) for mark in MARKS)  # noqa: PTH110 - which raises for a folder that is closed


def is_nobodys(folder: Path) -> bool:
    """Whether a folder is no project, whatever lies in it: of homes, of what is there for a while, of everything."""
    known = [Path(folder.anchor)]
    with suppress(RuntimeError):  # a container may have neither
        home = Path.home()
        known += [home, home.parent]
    with suppress(OSError):
        known.append(Path(gettempdir()))
    return folder in known


def _top_of_package(file: str) -> str:
    folder = Path(file).parent
    while os.path.isfile(folder / "__init__.py") and folder != folder.parent:  # noqa: PTH113 - as above
        folder = folder.parent
    return str(folder)


def may_use(text: str) -> bool:
    """Whether a text may have to do with tonics at all."""
    return _MAY_USE.search(text) is not None


class Shelf:
    """Takes files apart, and keeps them for the next time as long as they stay as they are.

    Args:
        texts: texts that are known better than from the disk, by absolute path: of files that are open in an editor.
    """

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        self._texts = texts or {}

    def module(self, path: str) -> Module:
        """A file taken apart, whatever is in it."""
        text = self._texts.get(path)
        return _of_text(path, text) if text is not None else _on_disk(path, *_stamp(path))

    def around(self, files: Iterable[str]) -> list[Module]:
        """The files around some others that may use what is in these, or add to it; without these themselves.

        Args:
            files: absolute paths.
        """
        known = list(dict.fromkeys(files))
        found: set[str] = set()
        for root, most in _roots(known).items():
            found.update(islice(_walked(root, most), max(most, MOST_WITHOUT_A_MARK)))
        found = {it for it in found.difference(known) if not is_framework(it)}
        modules, left = [], MOST_AROUND
        here = os.path.dirname(known[0]) if known else ""  # noqa: PTH120
        for path in sorted(found, key=lambda it: (_steps(here, os.path.dirname(it)), it)):  # noqa: PTH120
            size = self._size_if_it_may_use(path)
            left -= size
            if left < 0:
                break
            if size:
                modules.append(self.module(path))
        return modules

    def _size_if_it_may_use(self, path: str) -> int:
        text = self._texts.get(path)
        if text is not None:
            return len(text) if may_use(text) else 0
        stamp = _stamp(path)
        return stamp[1] if 0 < stamp[1] <= MOST_AROUND and _may_use_on_disk(path, *stamp) else 0


def _roots(files: Iterable[str]) -> dict[str, int]:
    """The folders in which files lie that may use some others, each with how many folders of it are looked at."""
    found = {}
    for file in {os.path.dirname(it): it for it in files}.values():  # noqa: PTH120 - one of each folder
        marked = _marked_root(file)
        root = marked or _top_of_package(file)
        found[root] = MOST_FILES if marked else 1 if is_nobodys(Path(root)) else MOST_WITHOUT_A_MARK
    return found


@lru_cache(maxsize=4_000)
def _steps(one: str, other: str) -> int:
    """How many steps it is from one folder to another; to another drive of Windows many."""
    try:
        return len(PurePath(os.path.relpath(other, one)).parts)
    except ValueError:
        return sys.maxsize


def _stamp(path: str) -> tuple[int, int]:
    """What tells one version of a file from another."""
    try:
        status = os.stat(path)  # noqa: PTH116 - of thousands of files
    except (OSError, ValueError):
        return 0, -1
    return (status.st_mtime_ns, status.st_size) if stat.S_ISREG(status.st_mode) else (0, -1)


@lru_cache(maxsize=400)
def _on_disk(path: str, time_ns: int, size: int) -> Module:
    return outline_of(read_source(path))


@lru_cache(maxsize=100)
def _of_text(path: str, text: str) -> Module:
    return outline_of(source_of(path, text))


@lru_cache(maxsize=20_000)
def _may_use_on_disk(path: str, time_ns: int, size: int) -> bool:
    try:
        return may_use(Path(path).read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return False
