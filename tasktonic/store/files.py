"""A store as a JSON file: written whole or not at all, believed only after every part was looked at."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

from tasktonic.errors import ttArgumentError, ttError
from tasktonic.store.links import Link
from tasktonic.store.paths import is_mark, parse, split_last, ttStorePathError
from tasktonic.store.places import check_link
from tasktonic.store.tree import Tree

_FORMAT = "tasktonic store"
_VERSION = 1


class ttStoreFileError(ttError, ValueError):
    """A file that is no saved store."""


class Saved(NamedTuple):
    """What a file holds; paths relative to the branch that was saved, targets of links absolute."""

    entries: dict[str, Any]  # path -> value or Link, in the order of the dump
    counters: dict[str, int]


def write(file: Path, pairs: list[tuple[str, Any]], counters: dict[str, int]) -> None:
    """Write a dump with its list counters.

    The text goes to a new file beside the old one, to the disk, and then takes its name.

    Raises:
        TypeError: a value cannot be written as JSON.
        OSError: writing failed.
    """
    entries = [
        [path, "link", value.target, value.bubble_events] if type(value) is Link else [path, "value", value]
        for path, value in pairs
    ]
    content = {"format": _FORMAT, "version": _VERSION, "entries": entries, "counters": counters}
    try:
        text = json.dumps(content, ensure_ascii=False, indent=1)
    except (TypeError, ValueError, RecursionError):
        raise ttArgumentError(_unwritable(entries)) from None
    _replace(Path(os.path.realpath(file)), text.encode("utf-8", "surrogatepass"))


def read(file: Path) -> Saved:
    """Read a saved store and check all of it.

    Raises:
        ttStoreFileError: this is no saved store, or a damaged one.
        OSError: reading failed.
    """
    data = file.read_bytes()
    try:
        content = json.loads(data.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise ttStoreFileError(f"{file} is no saved store: it is not JSON ({error}).") from error
    try:
        return _checked(content)
    except ValueError as error:
        raise ttStoreFileError(f"{file} is no saved store: {error} Nothing was loaded.") from error


def _checked(content: Any) -> Saved:
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        raise ValueError(f"it does not say that its format is {_FORMAT!r}.")
    if content.get("version") != _VERSION:
        raise ValueError(f"its version is {content.get('version')!r:.20}, this program reads version {_VERSION}.")
    rows = content.get("entries")
    if not isinstance(rows, list):
        raise ValueError("it has no list of entries.")
    saved = Saved({}, {})
    tree = Tree()  # of the links alone, to find out whether they fit together
    for row in rows:
        path, value = _entry(row)
        if path in saved.entries:
            raise ValueError(f"{path!r:.60} is there twice.")
        saved.entries[path] = value
        if type(value) is Link:
            tree.link(path, value)
    for path in saved.entries:
        if tree.links.resolve_parent(path) != path:
            raise ValueError(f"{path!r:.60} is below a link, where nothing can be.")
    counters = content.get("counters", {})
    if not isinstance(counters, dict) or any(type(number) is not int or number < 0 for number in counters.values()):
        raise ValueError("its 'counters' are not numbers.")
    for counter in counters:
        if not is_mark(split_last(counter)[1]):
            raise ValueError(f"its counter {counter!r:.60} is not of a list.")
    saved.counters.update(counters)
    return saved


def _entry(row: Any) -> tuple[str, Any]:
    match row:
        case [str(path), "value", value]:
            _check_plain(path)
            return path, value
        case [str(path), "link", str(target), bool(bubbles)]:
            _check_plain(path)
            link = Link(target, bubbles)
            check_link(path, link)
            return path, link
    raise ValueError(f"an entry is neither a value nor a link ({row!r:.60}).")


def _check_plain(path: str) -> None:
    parsed = parse(path)
    if parsed.is_wild or parsed.is_marked or parsed.path != path:
        raise ttStorePathError(f"{path!r:.60} is not the path of one place.")


def _unwritable(entries: list[list[Any]]) -> str:
    for path, _, value, *_ in entries:
        try:
            json.dumps(value)
        except (TypeError, ValueError, RecursionError) as error:
            return (
                f"The store cannot be saved: the value at {path!r} ({type(value).__name__}) cannot be written as JSON "
                f"({error}). Store plain data there, or save a branch without it."
            )
    return "The store cannot be saved: it does not fit into JSON."


def _replace(file: Path, data: bytes) -> None:
    beside = file.with_name(f".{file.name}.{os.urandom(6).hex()}.tmp")
    try:
        with beside.open("xb") as stream:
            if file.exists():
                beside.chmod(file.stat().st_mode & 0o7777)
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
    _settle_folder(file.parent)


def _settle_folder(folder: Path) -> None:
    """Have the new name survive a power cut, where the system lets a folder be opened for that."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
