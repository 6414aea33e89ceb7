"""Groups and sources: what a thread has opened with `with store.group()` or `with store.source(id)`, and how
the writes of one commit become one event per path.

Writes in a group wait in a list and are seen, through an overlay, by their own thread only. When the
outermost group ends they are committed in one go, so no other thread ever sees half a group, and no lock is
held while the body of the `with` runs.
"""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

from tasktonic.store.links import Link
from tasktonic.store.tree import ABSENT, Absent, News, Overlay

if TYPE_CHECKING:
    from tasktonic.store.store import Store


class Order(NamedTuple):
    """One write that waits to be committed."""

    place: str
    value: Any  # what `Tree.write` takes: a value, a Link, ABSENT, BARE
    source: object
    is_loud: bool  # False: nobody is told


class Event:
    """What one path went through in one commit: the first old value and the last new one."""

    __slots__ = ("is_loud", "is_value", "new", "old", "source")

    def __init__(self, new: Any, old: Any, source: object, is_loud: bool, is_value: bool = True) -> None:
        self.new = new
        self.old = old
        self.source = source
        self.is_loud = is_loud
        self.is_value = is_value  # False: so far it only says that a link has gone

    def is_change(self) -> bool:
        return not is_same(self.old, self.new)


class Merger:
    """Gathers the news of one commit into one event per path."""

    __slots__ = ("heard", "values")

    def __init__(self) -> None:
        self.heard: dict[str, Event] = {}  # for subscribers: every name of a value, and links that went
        self.values: dict[str, Event] = {}  # for the observer: values under their own name only

    def add(self, news: News, order: Order) -> None:
        for path in (news.path, *news.aliases):
            _merge(self.heard, path, news, order)
        if news.is_value:
            _merge(self.values, news.path, news, order)


def _merge(events: dict[str, Event], path: str, news: News, order: Order) -> None:
    event = events.get(path)
    if event is None:
        events[path] = Event(news.new, news.old, order.source, order.is_loud, news.is_value)
    else:
        if news.is_value and not event.is_value:
            # What was seen through the link was never a value of this path.
            event.old = news.old
            event.is_value = True
        event.new = news.new
        event.source = order.source
        event.is_loud = event.is_loud or order.is_loud


def is_same(old: Any, new: Any) -> bool:
    """Tell whether setting `new` over `old` is no change: the same object, or an equal one of the same type."""
    if old is new:
        return True
    if type(old) is not type(new):
        return False
    try:
        return bool(old == new)
    except Exception:  # arrays and the like cannot say it in one word: then it is a change
        return False


def without_absent(value: Any) -> Any:
    """Return what people hear: None for no value."""
    return None if value is ABSENT else value


class Scope:
    """What one thread has open on one store. Only that thread touches it; it goes with the last `with`."""

    __slots__ = ("_latest", "depth", "orders", "overlay", "quiet", "sources", "thread_id")

    def __init__(self, thread_id: int) -> None:
        self.thread_id = thread_id
        self.depth = 0  # open groups
        self.quiet = 0  # of these, with notify=False
        self.sources: list[object] = []
        self.overlay: Overlay | None = None  # made by the first write
        self.orders: list[Order] = []
        self._latest: dict[str, int] = {}  # place -> its position in `orders`

    def add(self, order: Order) -> None:
        """Keep a write. A later value of the same place takes the position of the earlier one, so a group that
        writes a value a million times keeps one; not across a removal or a link, where order matters.
        """
        if isinstance(order.value, Link | Absent):
            self._latest.clear()
        else:
            position = self._latest.setdefault(order.place, len(self.orders))
            if position < len(self.orders):
                was_loud = self.orders[position].is_loud
                self.orders[position] = order._replace(is_loud=order.is_loud or was_loud)
                return
        self.orders.append(order)

    def take_orders(self) -> list[Order]:
        orders, self.orders, self.overlay = self.orders, [], None
        self._latest.clear()
        return orders

    def is_over(self) -> bool:
        return not self.depth and not self.sources


class Group:
    """The `with` of `Store.group`: one delivery at its end, also when the body raises."""

    __slots__ = ("_notify", "_scopes", "_source", "_store")

    def __init__(self, store: Store, notify: bool, source_id: object) -> None:
        self._store = store
        self._notify = notify
        self._source = source_id
        self._scopes: list[Scope] = []

    def __enter__(self) -> None:
        scope = self._store._open_scope()
        scope.depth += 1
        scope.quiet += not self._notify
        if self._source is not None:
            scope.sources.append(self._source)
        self._scopes.append(scope)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        scope = self._scopes.pop()
        scope.depth -= 1
        scope.quiet -= not self._notify
        if self._source is not None:
            scope.sources.pop()
        self._store._close_scope(scope)


class Source:
    """The `with` of `Store.source`: changes carry this source, in this thread, until its end."""

    __slots__ = ("_scopes", "_source", "_store")

    def __init__(self, store: Store, source_id: object) -> None:
        self._store = store
        self._source = source_id
        self._scopes: list[Scope] = []

    def __enter__(self) -> None:
        scope = self._store._open_scope()
        scope.sources.append(self._source)
        self._scopes.append(scope)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        scope = self._scopes.pop()
        scope.sources.pop()
        self._store._close_scope(scope)
