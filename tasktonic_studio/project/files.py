"""Files of a project: what is listed, what is found by name, and making and renaming them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

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


def walk(folder: Path, is_wanted: Callable[[], bool] = lambda: True, *, hidden: bool = False) -> Iterator[Path]:
    """All files below a folder, those of a folder before those below it; at most so many, and until nobody wants them.

    Any thread. What cannot be read is left out; links to folders are not followed.
    """
    waiting, seen = [str(folder)], 0
    while waiting and seen < MOST_LOOKED_AT and is_wanted():
        below = []
        try:
            with os.scandir(waiting.pop(0)) as entries:
                for entry in sorted(entries, key=lambda it: it.name.lower()):
                    seen += 1
                    if not hidden and is_left_out(entry.name):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        below.append(entry.path)
                    else:
                        yield Path(entry.path)
        except OSError:
            continue
        waiting += below


def matching(project: Path, text: str, is_wanted: Callable[[], bool] = lambda: True) -> list[Path]:
    """Files whose path in the project has all these words, the shortest names first. Any thread."""
    words = text.lower().split()
    found = []
    for path in walk(project, is_wanted):
        relative = path.relative_to(project).as_posix().lower()
        if all(word in relative for word in words):
            found.append(path)
            if len(found) >= MOST_FOUND:
                break
    return sorted(found, key=lambda it: (words[-1] not in it.name.lower() if words else False, len(str(it)), str(it)))


def why_not_named(folder: Path, name: str) -> str:
    """Why a file or folder cannot have this name here, in a sentence; empty when it can."""
    if not name.strip():
        return "A name is needed."
    if name in (".", "..") or "/" in name or "\\" in name or "\0" in name:
        return f"'{name}' is no name of a file: / and \\ stand between folders."
    if len(os.fsencode(name)) > 255:
        return "This name is too long."
    if (folder / name).exists() or (folder / name).is_symlink():
        return f"There is a {name} already."
    return ""


def make_file(path: Path) -> str:
    """Make an empty file; why that cannot be, in a sentence, else empty."""
    return _try(path, lambda: path.open("x").close(), "made")


def make_folder(path: Path) -> str:
    """Make a folder; why that cannot be, in a sentence, else empty."""
    return _try(path, path.mkdir, "made")


def rename(path: Path, name: str) -> str:
    """Give a file or folder another name; why that cannot be, in a sentence, else empty."""
    problem = why_not_named(path.parent, name)
    return problem or _try(path, lambda: path.rename(path.with_name(name)), "renamed")


def _try(path: Path, do: Callable[[], object], word: str) -> str:
    try:
        do()
    except FileExistsError:
        return f"There is a {path.name} already."
    except OSError as error:
        return f"{path} could not be {word}: {error.strerror or error}."
    return ""


__all__ = ["is_left_out", "make_file", "make_folder", "matching", "rename", "walk", "why_not_named"]
