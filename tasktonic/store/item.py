"""`Item`: a cursor on one path of a store. `Branch`: what a store and an item have in common.

An item holds no value, only where to look; making one is cheap and it never goes stale. What it also
remembers is which list entries it made, for `./x`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from tasktonic.errors import ttArgumentError
from tasktonic.store.groups import Group, Source
from tasktonic.store.links import Link
from tasktonic.store.paths import Anchors, entry_of, join, split_last
from tasktonic.store.subscriptions import Callback
from tasktonic.store.tree import ABSENT

if TYPE_CHECKING:
    from tasktonic.store.store import Store

Pairs = Mapping[str, Any] | Iterable[tuple[str, Any]]


class Branch:
    """The methods of `Store` and `Item`. Paths are relative to the branch; '' is the branch itself.

    Any thread may call any of them. Those that write deliver the change before they return, in the calling
    thread; inside a group, at its end.

    >>> store = Store()
    >>> store.set({"rooms/kitchen": 21.5, "rooms/kitchen/unit": "°C"})
    >>> rooms = store["rooms"]  # the same methods, relative to a path
    >>> rooms.get("kitchen"), rooms.get("kitchen/unit")
    (21.5, '°C')
    """

    _store: Store
    _path: str

    # -- where it is ----------------------------------------------------------------------------------

    @property
    def path(self) -> str:
        """The absolute path, '' for the whole store."""
        return self._path

    @property
    def key(self) -> str:
        """The last segment of the path."""
        return split_last(self._path)[1]

    @property
    def parent(self) -> Item | None:
        """The branch above; None for the whole store."""
        return Item(self._store, split_last(self._path)[0]) if self._path else None

    @property
    def list_root(self) -> Item | None:
        """The nearest list entry (`#3`, `lamp#3`) at or above this branch; None when there is none."""
        path = self._path
        while path:
            parent, key = split_last(path)
            if entry_of(key) is not None:
                return Item(self._store, path)
            path = parent
        return None

    def at(self, path: str) -> Item:
        """Return a cursor on a path, which need not exist. With `#` or `[]` the number of the new entry
        is taken at once, and the entry comes to be with its first value.
        """
        return Item(self._store, self._store._locate(self._path, path, self._anchors()))

    def __getitem__(self, path: str) -> Item:
        return self.at(path)

    def __setitem__(self, path: str, value: Any) -> None:
        self.set(path, value)

    def __delitem__(self, path: str) -> None:
        self.remove(path)

    def __contains__(self, path: str) -> bool:
        return self._store._exists(self._path, path, self._anchors())

    def __iter__(self) -> Iterator[Item]:
        return self.children()

    # -- values ---------------------------------------------------------------------------------------

    @property
    def v(self) -> Any:
        """The own value, None without one; assigning sets it."""
        return self._store._own(self._path)

    @v.setter
    def v(self, value: Any) -> None:
        self.set("", value)

    def get(self, path: str = "", default: Any = None) -> Any:
        """Return the own value of the node at `path`.

        For a node without one, a plain dict of its children, or a list when all of them are plain list
        entries; in it, a child with both a value and children is `{'.': own, …}`. `default` when nothing is there.

        Raises:
            ttStorePathError: the path is not allowed. It is a ValueError.
        """
        return self._store._read(self._path, path, default, self._anchors())

    @overload
    def set(self, path: str, value: Any) -> None: ...
    @overload
    def set(self, path: Pairs) -> None: ...
    def set(self, path: str | Pairs, value: Any = ABSENT) -> None:
        """Set one value, or all of a dict or of (path, value) pairs, then in one go and with one delivery.

        A value is a leaf whatever its type. `list[]` and `list/#` append, `./x` means the entry made last.

        Raises:
            ttStorePathError: a path is not allowed; nothing has changed.
        """
        if not isinstance(path, str):
            if value is not ABSENT:
                raise ttArgumentError(
                    f"A store path is text such as 'app/config', not {type(path).__name__} ({path!r:.60})."
                )
            self._store._write(self._path, _as_pairs(path), self._anchors())
        elif value is ABSENT:
            raise ttArgumentError(
                f"set({path!r}) has no value: use set(path, value), set({{path: value}}) or remove(path)."
            )
        else:
            self._store._write(self._path, [(path, value)], self._anchors())

    def set_each(self, subpath: str, value: Any, prefix: str | None = None) -> None:
        """Set `subpath` to `value` in each child that `children(prefix)` gives, with one delivery."""
        self._store._write_each(self._path, subpath, value, prefix)

    @overload
    def append(self, value: Any, /) -> Item: ...
    @overload
    def append(self, path: str, value: Any, /) -> Item: ...
    def append(self, *path_and_value: Any) -> Item:
        """`append(value)` or `append(path, value)`: add a list entry, return the cursor on it."""
        path, value = _path_and_one(path_and_value, "append", "value")
        return Item(self._store, self._store._write(self._path, [(join(path, "#"), value)], self._anchors()))

    @overload
    def extend(self, values: Iterable[Any], /) -> None: ...
    @overload
    def extend(self, path: str, values: Iterable[Any], /) -> None: ...
    def extend(self, *path_and_values: Any) -> None:
        """`extend(values)` or `extend(path, values)`: add list entries, with one delivery."""
        path, values = _path_and_one(path_and_values, "extend", "values")
        self._store._write(self._path, [(join(path, "#"), value) for value in values], self._anchors())

    def pop(self, path: str = "") -> Any:
        """Remove the last plain list entry and return it, as `get` would with its children; the path of one
        entry pops that entry.

        Raises:
            ttStoreEmptyError: there is no entry; it is an IndexError.
        """
        return self._store._pop(self._path, path, self._anchors())

    def remove(self, path: str = "") -> bool:
        """Remove the branch, or the link, at `path`; tell whether there was one. Links to what is removed go too."""
        return self._store._remove(self._path, path, self._anchors())

    def children(self, prefix: str | None = None) -> Iterator[Item]:
        """Go over the children as cursors: all, with the prefix '' the `#n` entries, with 'lamp' the `lamp#n` entries.

        The keys are those of the moment of the first step; one that has gone when its turn comes is left out.
        """
        for key in self._store._child_keys(self._path, prefix):
            child = Item(self._store, join(self._path, key))
            if self._store._exists("", child._path, None):
                yield child

    def link_to(self, target: Branch | str, bubble_events: bool = False) -> None:
        """Make this path an alias of another, which need not exist yet, in place of what stands here.

        Args:
            target: an item, or an absolute path.
            bubble_events: deliver changes of the target on this path too.

        Raises:
            ttCircularLinkError: the link would lead to itself; nothing has changed. It is a ValueError.
        """
        self._store._write(self._path, [("", Link(target_path(target), bubble_events))], None)

    # -- all of it ------------------------------------------------------------------------------------

    def dump(self) -> list[tuple[str, Any]]:
        """Return the branch as (relative path, value) pairs that `set` takes back; a link is a `Link`."""
        return self._store._dump(self._path)

    def dumps(self) -> str:
        """Return the branch as text for people, a line for each value and link."""
        return "\n".join(_line(path, value) for path, value in self.dump())

    def save(self, path: str | Path) -> None:
        """Write the branch with its links to a JSON file, whole or not at all.

        JSON knows fewer types: a tuple comes back as a list, a dict's keys as text.

        Raises:
            TypeError: a value cannot be written as JSON; the message names its path. The file is as it was.
            OSError: the file cannot be written; it is as it was.
        """
        self._store._save(self._path, Path(path))

    def load(self, path: str | Path) -> None:
        """Make the branch what was saved in the file `path`; delivers once, and only what differs.

        Raises:
            ttStoreFileError: this is no saved store; nothing has changed. It is a ValueError.
            OSError: the file cannot be read; nothing has changed.
        """
        self._store._load(self._path, Path(path))

    # -- news -----------------------------------------------------------------------------------------

    def subscribe(
        self,
        path: str | Iterable[str],
        callback: Callback,
        ignore_source: object = None,
        recursive: bool = True,
        exclude: str | Iterable[str] | None = None,
        extract: str | Iterable[str] | None = None,
        trigger_now: bool = False,
        owner: object = None,
    ) -> Callable[[], None]:
        """Have a callback called with a list of (path, new, old, source) after each change or group.

        Args:
            path: one path or several; `*` is one segment, `**` any number. A change that several of them
                match is delivered once.
            callback: called in the writer's thread, outside the store's lock.
            ignore_source: changes with this source are not delivered.
            recursive: hear of everything below the path too.
            exclude: branches not to hear of, relative to the subscribed path; wildcards allowed.
            extract: names of children, '.' for the own value. The first element of an entry is then the path of
                the matched node, the second a dict of those of the children that exist, the third a dict of the
                old values of those among them that changed.
            trigger_now: deliver what is there at once, source 'init'; nothing there, no call.
            owner: whose subscription it is, for `unsubscribe`; by default the instance of a bound method, else the
                callback. An owner that finishes takes its subscriptions with it.

        Returns:
            A function that undoes the subscription.
        """
        paths = [path] if isinstance(path, str) else list(path)
        return self._store._subscribe(
            [join(self._path, each) for each in paths],
            callback,
            ignore_source=ignore_source,
            recursive=recursive,
            exclude=exclude,
            extract=extract,
            trigger_now=trigger_now,
            owner=owner,
        )

    def unsubscribe(self, owner_or_callback: object) -> int:
        """Remove the subscriptions of an owner or of a callback; return how many.

        Args:
            owner_or_callback: an owner, found by identity, or what was subscribed.
        """
        return self._store._unsubscribe(owner_or_callback)

    def group(self, notify: bool = True, source_id: object = None) -> Group:
        """`with store.group():` delivers once at the end, one entry per path with the first old and last new value.

        What is written shows in this thread at once and in others at the end, all of it. A group in a group is part
        of the outer one. When the body raises, what it wrote until then is committed and delivered.

        Args:
            notify: False tells no subscriber.
            source_id: source of the changes in the group, None for the usual one.
        """
        return Group(self._store, notify, source_id)

    def source(self, source_id: object) -> Source:
        """`with store.source(id):` tags the changes that this thread makes.

        Args:
            source_id: anything; subscribers get it as the fourth element, and `ignore_source` compares with it.
        """
        return Source(self._store, source_id)

    def _anchors(self) -> Anchors | None:
        """Return the memory for `./x`; None: one call has its own."""
        return None


class Item(Branch):
    """A cursor on one path of a store. Made by `store[path]` and by `children`; owned by whoever asked.

    Two items are equal when they are on the same path of the same store.

    >>> lamp = Store()["house/lamp"]
    >>> lamp.v = "on"
    >>> lamp["watt"] = 9
    >>> lamp.v, lamp.get("watt"), lamp.path, [child.key for child in lamp.children()]
    ('on', 9, 'house/lamp', ['watt'])
    """

    __slots__ = ("_made", "_path", "_store")

    def __init__(self, store: Store, path: str) -> None:
        self._store = store
        self._path = path
        self._made: Anchors | None = None

    def __repr__(self) -> str:
        return f"Item({self._path!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Item) and other._store is self._store and other._path == self._path

    def __hash__(self) -> int:
        return hash((id(self._store), self._path))

    @property
    def v(self) -> Any:
        """The own value, None without one; assigning sets it."""
        try:
            return self._store._fast[self._path]
        except KeyError:
            return self._store._own(self._path)

    @v.setter
    def v(self, value: Any) -> None:
        self._store.set(self._path, value)

    def get(self, path: str = "", default: Any = None) -> Any:
        """As `Branch.get`. One look-up for a value that is there under this spelling."""
        try:
            return self._store._fast[f"{self._path}/{path}" if path else self._path]
        except KeyError:
            return Branch.get(self, path, default)

    @overload
    def set(self, path: str, value: Any) -> None: ...
    @overload
    def set(self, path: Pairs) -> None: ...
    def set(self, path: str | Pairs, value: Any = ABSENT) -> None:
        """As `Branch.set`. Short for a value that is there under this spelling."""
        if type(path) is str:
            place = f"{self._path}/{path}" if path else self._path
            if place in self._store._fast:
                return self._store.set(place, value)
        return Branch.set(self, path, value)  # type: ignore[arg-type]

    def _anchors(self) -> Anchors | None:
        if self._made is None:
            self._made = Anchors()
        return self._made


def target_path(target: Branch | str) -> str:
    """Return the absolute path that a link is asked to lead to."""
    return target.path if isinstance(target, Branch) else target


def _as_pairs(pairs: Pairs) -> list[tuple[str, Any]]:
    try:
        return [(path, value) for path, value in (pairs.items() if isinstance(pairs, Mapping) else pairs)]
    except (TypeError, ValueError):
        raise ttArgumentError(
            f"set takes a path and a value, a dict, or (path, value) pairs, not {type(pairs).__name__} ({pairs!r:.60})."
        ) from None


def _path_and_one(arguments: tuple[Any, ...], method: str, what: str) -> tuple[str, Any]:
    if len(arguments) == 1:
        return "", arguments[0]
    if len(arguments) == 2:
        return arguments[0], arguments[1]
    raise ttArgumentError(f"{method} takes ({what}) or (path, {what}), not {len(arguments)} arguments.")


def _line(path: str, value: Any) -> str:
    if isinstance(value, Link):
        return f"{path} -> {value.target}{' (bubbles)' if value.bubble_events else ''}"
    try:
        return f"{path or '.'} = {value!r}"
    except Exception as error:  # a value's own __repr__ must not hide all others
        return f"{path or '.'} = <{type(value).__name__}, repr raised {type(error).__name__}>"
