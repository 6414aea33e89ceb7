"""Files of a project: what is listed, what is found by name, and making and renaming them."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from tasktonic.loggers.columns import visible

IGNORED: Final = frozenset(
    {
        *(".venv", "venv", "env", ".git", ".hg", ".svn", "__pycache__", "node_modules", ".tox", ".nox", ".idea"),
        *(".mypy_cache", ".pytest_cache", ".ruff_cache", ".vscode", ".eggs"),
    }
)
"""Folders that are not somebody's own work."""
MOST_FOUND: Final = 500
MOST_LOOKED_AT: Final = 50_000


def is_left_out(name: str) -> bool:
    """Whether a file or folder of this name is not shown unless hidden ones are."""
    return name in IGNORED or name.endswith((".pyc", ".egg-info")) or (name.startswith(".") and name != ".tasktonic")


class Looked:
    """How far a walk has come: `is_all` turns false where it ends before the last file."""

    def __init__(self) -> None:
        self.is_all = True


def walk(folder: Path, is_wanted: Callable[[], bool] = lambda: True, *, looked: Looked | None = None) -> Iterator[Path]:
    """All files of somebody's own below a folder, those of a folder before those below it; until nobody wants them.

    Any thread. What cannot be read is left out; links to folders are not followed. After `MOST_LOOKED_AT` it ends, and
    `looked` says so.
    """
    waiting, seen = deque([str(folder)]), 0
    while waiting and is_wanted():
        try:
            with os.scandir(waiting.popleft()) as entries:
                for entry in sorted(entries, key=lambda it: it.name.lower()):
                    if is_left_out(entry.name):
                        continue
                    seen += 1
                    if seen > MOST_LOOKED_AT:
                        if looked is not None:
                            looked.is_all = False
                        return
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        yield Path(entry.path)
        except OSError:
            continue


class Matches(NamedTuple):
    """Files, the likeliest first. `is_all` is false where there are more, or where the project is too large to be looked through."""

    files: list[Path]
    is_all: bool


def matching(project: Path, text: str, is_wanted: Callable[[], bool] = lambda: True) -> Matches:
    """Files whose path in the project has all these words, the shortest names first. Any thread."""
    words = text.lower().split()
    found: list[Path] = []
    looked = Looked()
    for path in walk(project, is_wanted, looked=looked):
        relative = path.relative_to(project).as_posix().lower()
        if all(word in relative for word in words):
            if len(found) >= MOST_FOUND:
                looked.is_all = False
                break
            found.append(path)
    found.sort(key=lambda it: (words[-1] not in it.name.lower() if words else False, len(str(it)), str(it)))
    return Matches(found, looked.is_all)


def why_not_named(folder: Path, name: str) -> str:
    """Why a file or folder cannot have this name here, in a sentence; empty when it can."""
    if not name.strip():
        return "A name is needed."
    if name in (".", "..") or "/" in name or "\\" in name or "\0" in name:
        return f"'{name}' is no name of a file: / and \\ stand between folders."
    try:
        length = len(os.fsencode(name))
    except UnicodeEncodeError:
        length = 0
    if not length or visible(name) != name:
        return f"{name!a} is no name of a file: it has a character that cannot be seen."
    if length > 255:
        return "This name is too long."
    return f"There is a {name} already." if os.path.lexists(folder / name) else ""


def make_file(path: Path) -> str:
    """Make an empty file; why that cannot be, in a sentence, else empty."""
    return _try(path, lambda: path.open("x").close(), "made")


def make_folder(path: Path) -> str:
    """Make a folder; why that cannot be, in a sentence, else empty."""
    return _try(path, path.mkdir, "made")


def rename(path: Path, name: str) -> str:
    """Give a file or folder another name; why that cannot be, in a sentence, else empty."""
    is_same = name.casefold() == path.name.casefold() and name != path.name and _are_one(path, path.with_name(name))
    # Where upper and lower case are one, the other name is there already: it is this very file.
    problem = "" if is_same else why_not_named(path.parent, name)
    return problem or _try(path, lambda: path.rename(path.with_name(name)), "renamed")


def _are_one(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _try(path: Path, do: Callable[[], object], word: str) -> str:
    try:
        do()
    except FileExistsError:
        return f"There is a {path.name} already."
    except OSError as error:
        return f"{path} could not be {word}: {error.strerror or error}."
    return ""


__all__ = [
    "Looked",
    "Matches",
    "is_left_out",
    "make_file",
    "make_folder",
    "matching",
    "rename",
    "walk",
    "why_not_named",
]
