"""A store as a JSON file: written whole or not at all, believed only after every part was looked at."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any, NamedTuple

from tasktonic.errors import ttError
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

    values: dict[str, Any]
    links: dict[str, Link]
    counters: dict[str, int]


def write(file: Path, pairs: list[tuple[str, Any]], counters: dict[str, int]) -> None:
    """Write a dump with its list counters.

    The text goes to a new file beside the old one, to the disk, and then takes its name.

    Raises:
        TypeError: a value cannot be written as JSON.
        OSError: writing failed.
    """
    values = [[path, value] for path, value in pairs if type(value) is not Link]
    content = {
        "format": _FORMAT,
        "version": _VERSION,
        "values": values,
        "links": [[path, link.target, link.bubble_events] for path, link in pairs if type(link) is Link],
        "counters": counters,
    }
    try:
        text = json.dumps(content, ensure_ascii=False, indent=1)
    except (TypeError, ValueError, RecursionError):
        raise TypeError(_unwritable(values)) from None
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
    rows = {name: _rows(content, name, length) for name, length in (("values", 2), ("links", 3))}
    saved = Saved({}, {}, {})
    for path, value in rows["values"]:
        saved.values[_plain_path(path, saved.values)] = value
    tree = Tree()
    for path, target, bubbles in rows["links"]:
        if not isinstance(target, str) or not isinstance(bubbles, bool):
            raise ValueError(f"its link {path!r:.60} is not made of a target and true or false.")
        link = Link(target, bubbles)
        check_link(_plain_path(path, saved.links), link)
        tree.link(path, link)
        saved.links[path] = link
    for path in (*saved.values, *saved.links):
        # Nothing is kept below a link, and no value where a link is: it would be out of reach.
        if tree.links.resolve_parent(path) != path or (path in saved.values and path in saved.links):
            raise ValueError(f"{path!r:.60} is in the place of a link.")
    counters = content.get("counters", {})
    if not isinstance(counters, dict) or any(type(number) is not int or number < 0 for number in counters.values()):
        raise ValueError("its 'counters' are not numbers.")
    for counter in counters:
        if not is_mark(split_last(counter)[1]):
            raise ValueError(f"its counter {counter!r:.60} is not of a list.")
    saved.counters.update(counters)
    return saved


def _rows(content: dict[str, Any], name: str, length: int) -> list[list[Any]]:
    rows = content.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, list) and len(row) == length for row in rows):
        raise ValueError(f"its {name!r} are not rows of {length}.")
    return rows


def _plain_path(path: Any, known: dict[str, Any]) -> str:
    if not isinstance(path, str):
        raise ttStorePathError(f"a path is not text ({path!r:.60}).")
    parsed = parse(path)
    if parsed.is_wild or parsed.is_marked or parsed.path != path:
        raise ttStorePathError(f"{path!r:.60} is not the path of one place.")
    if path in known:
        raise ttStorePathError(f"{path!r:.60} is there twice.")
    return path


def _unwritable(values: list[list[Any]]) -> str:
    for path, value in values:
        try:
            json.dumps(value)
        except (TypeError, ValueError, RecursionError) as error:
            return (
                f"The store cannot be saved: the value at {path!r} ({type(value).__name__}) cannot be written as JSON "
                f"({error}). Store plain data there, or save a branch without it."
            )
    return "The store cannot be saved: it does not fit into JSON."


def _replace(file: Path, data: bytes) -> None:
    beside = file.with_name(f".{file.name}.{secrets.token_hex(6)}.tmp")
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
