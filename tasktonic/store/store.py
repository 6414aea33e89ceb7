"""`Store`: values by path for many threads, with news for those who subscribed.

Longer than most files, because what happens under the lock has to be read in one piece.

One lock protects tree and subscriptions; it is held for the bare write and never while foreign code runs,
with two exceptions that must be quick and must not call back: an `==` of values, and the observer.

How a read needs no lock: `_fast` is the tree's own dictionary of values, and looking up one key in it is
atomic. While several values change together, and while a group of any thread has writes that are not
committed yet, `_fast` is an empty dictionary instead; each read then misses, takes the lock, and sees all or
nothing. The same miss sends a write of a new path, or of anything unusual, on the long way.
"""

from __future__ import annotations

import sys
import threading
import traceback
import weakref
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol, overload

from tasktonic.errors import ttError
from tasktonic.store import files
from tasktonic.store.groups import Event, Merger, Order, Scope, is_same, without_absent
from tasktonic.store.item import Branch, Pairs
from tasktonic.store.links import Link, ttCircularLinkError
from tasktonic.store.paths import Anchors, entry_of, join, parse_place, split_last
from tasktonic.store.places import check_link, place_of
from tasktonic.store.subscriptions import Callback, Entry, Subscription, Subscriptions, literal_part
from tasktonic.store.tree import ABSENT, BARE, Absent, Overlay, Tree

_NOTHING: dict[str, Any] = {}  # never written: what `_fast` is while reads have to take the lock
_SPECIAL = frozenset((Absent, Link))

LinkChanges = dict[str, tuple[Link | None, Link | None]]  # by alias: before and after a commit
Calls = list[tuple[Subscription, list[Entry]]]


class ttStoreEmptyError(ttError, IndexError):
    """`pop` where there is no list entry."""


class Observer(Protocol):
    """What may watch every write of a store. Called with the lock held: be quick, do not call back."""

    def changed(self, path: str, new: Any, old: Any, removed: bool) -> None: ...
    def unchanged(self, path: str) -> None: ...
    def silenced(self, path: str, subscription: Subscription | None) -> None: ...


class Store(Branch):
    """A tree of values. Any node can hold a value and children at once; paths are `/`-separated.

    Whoever makes it owns it; it holds its subscribers until they unsubscribe or finish.

    >>> store = Store()
    >>> undo = store.subscribe("users/*", print)
    >>> store.set("users[]", "Ada")
    [('users/#0', 'Ada', None, None)]
    >>> store.get("users"), store.get("nothing", "there")
    (['Ada'], 'there')
    """

    def __init__(self) -> None:
        self._store = self
        self._path = ""
        self._values: dict[str, Any] = {}
        self._tree = Tree(self._values)
        self._tree_lock = threading.RLock()  # re-entrant, because collecting garbage may call unsubscribe anywhere
        self._fast = self._values
        self._subscriptions = Subscriptions()
        # These three are keyed by thread id, and each row is touched by its own thread only.
        self._scopes: dict[int, Scope] = {}
        self._overlays = 0  # scopes with writes that wait; changed with the lock held
        self._deliveries: dict[int, deque[tuple[Subscription, list[Entry]]]] = {}
        self._known_owners: dict[int, weakref.ref[Any]] = {}
        self._observer: Observer | None = None
        self._observer_error: tuple[BaseException, object] | None = None  # waits for the lock to be let go

    # -- for the framework to override ----------------------------------------------------------------

    def _writer(self) -> object:
        """Return the source of a change when no `source` is open. Any thread, may be called with the lock held."""
        return None

    def _report(self, exc: BaseException, callback: object) -> None:
        """Take note of a callback that raised. The writer's thread, no lock held."""
        try:
            print(f"What listens to a store raised an error, the others were told: {callback!r}", file=sys.stderr)  # noqa: T201
            traceback.print_exception(exc)
        except Exception as problem:
            what = f"a {type(exc).__name__}, and showing it a {type(problem).__name__}"
            print(f"What listens to a store raised {what}; the others were told.", file=sys.stderr)  # noqa: T201

    # -- one value, the short way ---------------------------------------------------------------------

    def get(self, path: str = "", default: Any = None) -> Any:
        """As `Branch.get`. One look-up for a value that is there under this spelling."""
        try:
            return self._fast[path]
        except (KeyError, TypeError):
            return self._read("", path, default, None)

    @overload
    def set(self, path: str, value: Any) -> None: ...
    @overload
    def set(self, path: Pairs) -> None: ...
    def set(self, path: str | Pairs, value: Any = ABSENT) -> None:
        """As `Branch.set`. Short for a value that is there under this spelling, when this is no group."""
        if type(value) in _SPECIAL or self._scopes or type(path) is not str:
            return Branch.set(self, path, value)  # type: ignore[arg-type]
        calls: Calls | None = None
        with self._tree_lock:
            fast = self._fast
            if path in fast:
                old = fast[path]
                if not is_same(old, value):
                    fast[path] = value
                    if self._observer is None and not self._subscriptions:
                        return None
                    calls = self._tell_one(path, value, old)
                elif self._observer is None:
                    return None
                else:
                    calls = self._tell_unchanged(path)
        if calls is None:
            return Branch.set(self, path, value)
        if calls or self._observer_error is not None:
            self._deliver(calls)
        return None

    # -- reading --------------------------------------------------------------------------------------

    def _view(self) -> Tree:
        """Return the tree as this thread sees it. Lock held."""
        if self._scopes:
            scope = self._scopes.get(threading.get_ident())
            if scope is not None and scope.overlay is not None:
                return scope.overlay
        return self._tree

    def _read(self, base: str, path: str, default: Any, anchors: Anchors | None) -> Any:
        with self._tree_lock:
            view = self._view()
            return view.get(view.links.resolve(place_of(view, base, path, anchors, makes=False)), default)

    def _own(self, path: str) -> Any:
        with self._tree_lock:
            view = self._view()
            return view.values.get(view.links.resolve(path), None)

    def _exists(self, base: str, path: str, anchors: Anchors | None) -> bool:
        with self._tree_lock:
            view = self._view()
            return view.exists(view.links.resolve(place_of(view, base, path, anchors, makes=False)))

    def _locate(self, base: str, path: str, anchors: Anchors | None) -> str:
        parsed = parse_place(path)
        if not parsed.is_marked:
            return join(base, parsed.path)
        with self._tree_lock:
            return place_of(self._view(), base, path, anchors, makes=True)

    def _child_keys(self, path: str, prefix: str | None) -> list[str]:
        with self._tree_lock:
            view = self._view()
            keys = [key for key, _ in view.ordered(view.links.resolve(path))]
        return keys if prefix is None else [key for key in keys if (entry_of(key) or (None,))[0] == prefix]

    def _dump(self, path: str) -> list[tuple[str, Any]]:
        with self._tree_lock:
            view = self._view()
            start = view.links.resolve(path)
            cut = len(start) + 1 if start else 0
            return [(node[cut:], value) for node, value in view.walk(start)]

    # -- writing --------------------------------------------------------------------------------------

    def _write(self, base: str, pairs: list[tuple[str, Any]], anchors: Anchors | None) -> str:
        """Set values and links in one go; return the last place. A bad path or link changes nothing."""
        has_link = False
        for path, value in pairs:
            parsed = parse_place(path)
            if type(value) is Link:
                has_link = True
                check_link(join(base, parsed.path), value)
        if anchors is None and len(pairs) > 1:
            anchors = Anchors()
        place = base
        with self._tree_lock:
            view = self._view()
            if len(pairs) == 1 and not has_link and not self._scopes:
                place = place_of(view, base, path, anchors, makes=True)
                calls = self._put(place, value)
            else:
                # A link changes what the paths after it mean, so these are rehearsed one after the other.
                rehearsal = Overlay(view) if has_link else None
                writes: list[tuple[str, Any]] = []
                for path, value in pairs:
                    place = place_of(rehearsal or view, base, path, anchors, makes=True)
                    writes.append((place, value))
                    if rehearsal is not None:
                        rehearsal.write(place, value)
                calls = self._order(writes)
        self._deliver(calls)
        return place

    def _put(self, place: str, value: Any) -> Calls:
        """Commit one value, no group or source being open anywhere. Lock held; deliver the result after it."""
        place = self._tree.links.resolve(place)
        old = self._tree.put(place, value)
        if is_same(old, value):
            return self._tell_unchanged(place)
        return self._tell_one(place, value, old)

    def _write_each(self, base: str, subpath: str, value: Any, prefix: str | None) -> None:
        with self._tree_lock:
            view = self._view()
            keys = self._child_keys(base, prefix)
            calls = self._order([(place_of(view, join(base, key), subpath, None, makes=True), value) for key in keys])
        self._deliver(calls)

    def _remove(self, base: str, path: str, anchors: Anchors | None) -> bool:
        with self._tree_lock:
            view = self._view()
            place = view.settled(place_of(view, base, path, anchors, makes=False), ABSENT)
            if not view.exists(place):
                return False
            calls = self._order([(place, ABSENT)])
        self._deliver(calls)
        return True

    def _pop(self, base: str, path: str, anchors: Anchors | None) -> Any:
        with self._tree_lock:
            view = self._view()
            named = place_of(view, base, path, anchors, makes=False)
            place = view.links.resolve(named)
            entry = view.last_entry(place)
            if entry is None and entry_of(split_last(place)[1]) is not None and view.exists(place):
                entry = place
            if entry is None:
                raise ttStoreEmptyError(f"Nothing to pop: {named!r} has no list entry. Make one with append.")
            value = view.plain(view.links.resolve(entry))
            calls = self._order([(entry, ABSENT)])
        self._deliver(calls)
        return without_absent(value)

    def _order(self, writes: list[tuple[str, Any]]) -> Calls:
        """Commit these writes, or add them to this thread's group. Lock held; deliver the result after it."""
        scope = self._scopes.get(threading.get_ident()) if self._scopes else None
        source = scope.sources[-1] if scope is not None and scope.sources else self._writer()
        if scope is None or not scope.depth:
            return self._commit([Order(place, value, source, True) for place, value in writes], None)
        if scope.overlay is None:
            scope.overlay = Overlay(self._tree)
            self._overlays += 1
            self._fast = _NOTHING
        for place, value in writes:
            place = scope.overlay.settled(place, value)
            scope.overlay.write(place, value)
            scope.add(Order(place, value, source, not scope.quiet))
        return []

    def _commit(self, orders: Iterable[Order], refused: list[ttCircularLinkError] | None) -> Calls:
        """Make writes true and find out who hears of them. Lock held; deliver the result after it.

        The observer is told here, before the lock is let go, so that it hears two changes of one path in the
        order in which they came true.
        """
        merger = Merger()
        self._fast = _NOTHING
        links = self._tree.links
        links.news = [] if self._observer is not None else None
        try:
            for order in orders:
                try:
                    for news in self._tree.write(order.place, order.value):
                        merger.add(news, order)
                except ttCircularLinkError as error:
                    if refused is None:
                        raise
                    refused.append(error)
        finally:
            if not self._overlays:
                self._fast = self._values
            link_news, links.news = links.news, None
        if link_news is not None:
            # A path is a value or a link: what it was goes before what it is.
            gone, come = _links_changed(link_news)
            self._tell_links(gone)
            for path, event in merger.values.items():
                if event.is_change():
                    self._tell_changed(path, event.new, event.old)
                else:
                    self._tell_unchanged(path)
            self._tell_links(come)
        if not self._subscriptions:
            return []
        return self._gather((path, event) for path, event in merger.heard.items() if event.is_change())

    # -- groups and sources ---------------------------------------------------------------------------

    def _open_scope(self) -> Scope:
        thread_id = threading.get_ident()
        scope = self._scopes.get(thread_id)
        if scope is None:
            scope = self._scopes[thread_id] = Scope(thread_id)
        return scope

    def _close_scope(self, scope: Scope) -> None:
        calls: Calls = []
        refused: list[ttCircularLinkError] = []
        if not scope.depth and scope.overlay is not None:
            with self._tree_lock:
                self._overlays -= 1
                calls = self._commit(scope.take_orders(), refused)
        if scope.is_over():
            self._scopes.pop(scope.thread_id, None)
        self._deliver(calls)
        if refused:
            # Another thread has made a link meanwhile that closes a circle with one of the group's.
            raise refused[0]

    # -- telling --------------------------------------------------------------------------------------

    def _tell_one(self, place: str, new: Any, old: Any) -> Calls:
        """As the end of `_commit`, for the one value that the short way has written. Lock held."""
        if self._observer is not None:
            self._tell_changed(place, new, old)
        if not self._subscriptions:
            return []
        links = self._tree.links
        if links:
            event = Event(new, old, self._writer(), True)
            return self._gather((name, event) for name in (place, *links.bubbled(place)))
        matches = self._subscriptions.matches(place)
        if not matches:
            return []
        source = self._writer()
        entry = (place, new, without_absent(old), source)
        calls: Calls = []
        for subscription, _ in matches:
            if subscription.extract is not None:
                return self._gather(((place, Event(new, old, source, True)),))
            if subscription.ignore_source is None or subscription.ignore_source != source:
                calls.append((subscription, [entry]))
            else:
                self._tell_silenced(place, subscription)
        return calls

    def _gather(self, events: Iterable[tuple[str, Event]]) -> Calls:
        """Find out who is to be called with what, in the order of subscribing. Lock held."""
        calls: dict[Subscription, list[Entry]] = {}
        extracts: dict[tuple[Subscription, str], tuple[dict[str, Any], object]] = {}
        for path, event in events:
            if not event.is_loud:
                self._tell_silenced(path, None)
                continue
            for subscription, node in self._subscriptions.matches(path):
                if subscription.ignore_source is not None and subscription.ignore_source == event.source:
                    self._tell_silenced(path, subscription)
                    continue
                if subscription.extract is None:
                    entry = (path, without_absent(event.new), without_absent(event.old), event.source)
                    calls.setdefault(subscription, []).append(entry)
                else:
                    olds, _ = extracts.get((subscription, node), ({}, None))
                    extracts[subscription, node] = (olds, event.source)
                    name = path[len(node) :].lstrip("/") or "."
                    if name in subscription.extract and event.old is not ABSENT:
                        olds[name] = event.old
        for (subscription, node), (olds, source) in extracts.items():
            entry = (node, self._extracted(subscription, node), olds, source)
            calls.setdefault(subscription, []).append(entry)
        return sorted(calls.items(), key=lambda call: call[0].number) if len(calls) > 1 else list(calls.items())

    def _extracted(self, subscription: Subscription, node: str) -> dict[str, Any]:
        tree = self._tree
        found: dict[str, Any] = {}
        for name in subscription.extract or ():
            if name == ".":
                value = tree.values.get(tree.links.resolve(node), ABSENT)
            else:
                value = tree.get(tree.links.resolve(join(node, name)), ABSENT)
            if value is not ABSENT:
                found[name] = value
        return found

    def _deliver(self, calls: Calls) -> None:
        """Call the callbacks, no lock held. What they write themselves is delivered after the round that runs,
        so that everybody hears the changes that one thread makes in the order in which they came true.
        """
        if self._observer_error is not None:
            error, observer = self._observer_error
            self._observer_error = None
            self._report(error, observer)
        if not calls:
            return
        thread_id = threading.get_ident()
        queue = self._deliveries.get(thread_id)
        if queue is not None:
            queue.extend(calls)
            return
        queue = self._deliveries[thread_id] = deque(calls)
        try:
            while queue:
                subscription, entries = queue.popleft()
                if subscription.is_alive:
                    self._call(subscription, entries)
        finally:
            del self._deliveries[thread_id]

    def _call(self, subscription: Subscription, entries: list[Entry]) -> None:
        try:
            subscription.callback(entries)
        except Exception as error:
            self._report(error, subscription.callback)

    def _tell_changed(self, path: str, new: Any, old: Any) -> None:
        observer = self._observer
        try:
            if observer is not None:
                observer.changed(path, without_absent(new), without_absent(old), new is ABSENT)
        except Exception as error:
            self._drop_observer(error)

    def _tell_links(self, changes: LinkChanges) -> None:
        for path, (old, new) in changes.items():
            self._tell_changed(path, ABSENT if new is None else new, ABSENT if old is None else old)

    def _tell_unchanged(self, path: str) -> Calls:
        observer = self._observer
        try:
            if observer is not None:
                observer.unchanged(path)
        except Exception as error:
            self._drop_observer(error)
        return []

    def _tell_silenced(self, path: str, subscription: Subscription | None) -> None:
        """Somebody does not hear of a change; with None nobody does."""
        observer = self._observer
        try:
            if observer is not None:
                observer.silenced(path, subscription)
        except Exception as error:
            self._drop_observer(error)

    def _drop_observer(self, error: BaseException) -> None:
        self._observer_error = (error, self._observer)
        self._observer = None

    # -- subscribing ----------------------------------------------------------------------------------

    def _subscribe(
        self, paths: list[str], callback: Callback, *, trigger_now: bool, **wishes: Any
    ) -> Callable[[], None]:
        subscription = Subscription(paths, callback, triggered=trigger_now, **wishes)
        with self._tree_lock:
            self._subscriptions.add(subscription)
            present = self._present(subscription) if trigger_now else []
        self._watch_owner(subscription.owner)
        if present and subscription.is_alive:
            self._call(subscription, present)

        def undo() -> None:
            with self._tree_lock:
                self._subscriptions.remove(subscription)

        return undo

    def _listeners(self, path: str) -> list[tuple[Subscription, str]]:
        """Return who hears of a change of this path, in the order in which they are told, and on which path: this one,
        or a link to it. Any thread; for tools that show it.
        """
        with self._tree_lock:
            found: dict[Subscription, str] = {}
            for heard in (path, *self._tree.links.bubbled(path)):
                for subscription, _ in self._subscriptions.matches(heard):
                    found.setdefault(subscription, heard)
        return sorted(found.items(), key=lambda one: one[0].number)

    def _unsubscribe(self, owner_or_callback: object) -> int:
        with self._tree_lock:
            subscriptions = self._subscriptions.of(owner_or_callback)
            for subscription in subscriptions:
                self._subscriptions.remove(subscription)
        return len(subscriptions)

    def _watch_owner(self, owner: object) -> None:
        """Have an owner that can finish take its subscriptions with it; asked once per owner."""
        on_ending = getattr(owner, "_tt_on_ending", None)
        if on_ending is None:
            return
        key = id(owner)
        with self._tree_lock:
            known = self._known_owners.get(key)
            if known is not None and known() is owner:
                return
            self._known_owners[key] = reference = weakref.ref(owner, lambda gone: self._forget_owner(key, gone))

        def undo() -> None:
            living = reference()
            if living is not None:
                self._unsubscribe(living)

        on_ending(undo)

    def _forget_owner(self, key: int, gone: weakref.ref[Any]) -> None:
        if self._known_owners.get(key) is gone:
            del self._known_owners[key]

    def _present(self, subscription: Subscription) -> list[Entry]:
        """Return what a new subscription would have heard of what is there. Lock held."""
        alone = Subscriptions()
        alone.add(subscription)
        entries: dict[str, Entry] = {}
        for pattern in subscription.patterns:
            for path, value in self._tree.walk_seen(literal_part(pattern)):
                for _, node in alone.matches(path):
                    if subscription.extract is None:
                        entries[path] = (path, value, None, "init")
                    else:
                        entries[node] = (node, self._extracted(subscription, node), {}, "init")
        return list(entries.values())

    # -- files ----------------------------------------------------------------------------------------

    def _save(self, base: str, file: Path) -> None:
        with self._tree_lock:
            pairs = self._dump(base)
            counters = self._tree.counters_below(self._tree.links.resolve(base))
        files.write(file, pairs, counters)

    def _load(self, base: str, file: Path) -> None:
        saved = files.read(file)
        with self._tree_lock:
            view = self._view()
            start = view.links.resolve(base)
            entries = {join(start, path): value for path, value in saved.entries.items()}
            writes: list[tuple[str, Any]] = []
            for place, value in view.walk(start):
                if type(value) is not Link:
                    if place not in entries or type(entries[place]) is Link:
                        writes.append((place, BARE))
                elif entries.get(place) == value:
                    del entries[place]
                else:
                    writes.append((place, ABSENT))
            writes.extend(entries.items())
            if any(type(value) is Link for value in entries.values()):
                rehearsal = Overlay(view)
                for place, value in writes:
                    rehearsal.write(place, value)  # a link may close a circle with one elsewhere in the store
            calls = self._order(writes)
            self._tree.raise_counters(start, saved.counters)
        self._deliver(calls)


def _links_changed(news: list[tuple[str, Link | None, Link | None]]) -> tuple[LinkChanges, LinkChanges]:
    """What became of links in one commit: those that went, and those that came or lead elsewhere."""
    changes: LinkChanges = {}
    for alias, before, after in news:
        changes[alias] = (changes[alias][0] if alias in changes else before, after)
    changed = {alias: both for alias, both in changes.items() if both[0] != both[1]}
    gone = {alias: both for alias, both in changed.items() if both[1] is None}
    return gone, {alias: both for alias, both in changed.items() if both[1] is not None}
