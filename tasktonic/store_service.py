"""ttStore: the store as a service that tonics bind to. Its changes are events of the stream."""

from __future__ import annotations

import sys
from typing import Any, ClassVar, Final, Protocol

from . import clock
from .current import current_essence, current_run
from .essence import ttEssence
from .events import Raised, StoreChanged, StoreSilenced, StoreUnchanged
from .failures import user_traceback
from .store import Store
from .store.links import Link
from .store.subscriptions import Subscription
from .stream import stream
from .values import message_of, preview, preview_named

_MOST_LOOKS: Final = 10
"""A store that changes faster than it can be told is told by its changes."""


class Also(Protocol):
    """Who is told of stores besides the stream, at once and in the thread where it happens."""

    def has_stored(self, store: ttEssence, path: str) -> None:
        """A value has changed. With the store's lock held: be quick, do not call back."""

    def has_raised(self, essence: ttEssence, error: BaseException) -> None:
        """What listens to a store raised."""


def tell_also(also: Also | None) -> None:
    """Tell somebody of every store there is and will be, or nobody any more. Any thread.

    What is not told need not be asked for: a write finds no test on its way.
    """
    _Teller.also = also
    _Teller.changed = _Teller.changes if also is None else _Teller.changes_for_both


class ttStore(ttEssence, Store):
    """A ``Store`` that is a service: ``self.bind(ttStore)``. Subclass it with another ``_tt_is_service`` for more stores.

    The first who binds it makes it, and it ends with the app. The source of a change is the id of the essence whose sparkle
    writes. A callback that is a sparkle is queued; a plain function runs in the thread that writes.

    Args:
        name: as for ``ttEssence``.

    >>> class Listener(ttTonic):
    ...     def ttse__on_start(self):
    ...         self.store = self.bind(ttStore)
    ...         self.store.subscribe("limit", self.ttse__on_limit)
    ...         self.store.set("limit", 5)
    ...
    ...     def ttse__on_limit(self, changes):
    ...         print(changes)
    ...         self.finish()
    >>> class App(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...
    ...     def creating_starting_tonics(self):
    ...         Listener()
    >>> app = App()
    [('limit', 5, None, 1)]
    """

    _tt_is_service = "store"

    def __init__(self, name: str | None = None, **kwargs: Any) -> None:
        ttEssence.__init__(self, name, **kwargs)
        Store.__init__(self)
        self._observer = _Teller(self)

    def _writer(self) -> object:
        essence = current_essence()
        return None if essence is None else essence.id

    def _report(self, exc: BaseException, callback: object) -> None:
        text, says, kind = user_traceback(exc), message_of(exc), type(exc).__name__
        called = getattr(callback, "__qualname__", None) or preview(callback)
        if stream.active:
            stream.emit_now(
                Raised(clock.now_ns(), self._tt_id, called, kind, says, text, -1, current_run())  # type: ignore[arg-type]
            )
        if _Teller.also is not None:
            _Teller.also.has_raised(self, exc)
        if self.ledger.hand is not None:
            self.ledger.hand.nobody_took(exc)
        if not self.ledger.log_targets:
            print(f"{self.name}: the subscriber {called} raised:\n{text}", file=sys.stderr, end="")

    def _tt_tell_present(self) -> None:
        """For a snapshot: say what it holds.

        Others write meanwhile, and may have said so before we say what was there: hence it is looked at again until
        nothing has changed since it was told.
        """
        told: dict[str, object] = {}
        for _ in range(_MOST_LOOKS):
            held = dict(self.dump())
            news = [(path, value) for path, value in held.items() if path not in told or told[path] is not value]
            for path, value in news:
                self._tell_value(path, *describe_stored(path, value), removed=False)
            gone = [path for path in told if path not in held]
            for path in gone:
                self._tell_value(path, "", "", removed=True)
            if not news and not gone:
                return
            told = held

    def _tell_value(self, path: str, shown: str, kind: str, *, removed: bool) -> None:
        stream.emit(StoreChanged(0, self._tt_id, path, "", shown, kind, removed, True, 0, ""))  # type: ignore[arg-type]


def describe_stored(path: str, value: object) -> tuple[str, str]:
    """What is shown of a value, and its type; a secret is hidden by the name of its path."""
    if isinstance(value, Link):
        return f"→ {value.target}", "link"
    return preview_named(path.rpartition("/")[2], value), type(value).__name__


class _Teller:
    """Tells the stream of a store's changes."""

    also: ClassVar[Also | None] = None

    def __init__(self, store: ttStore) -> None:
        self._store = store

    def changes(self, path: str, new: object, old: object, removed: bool) -> None:
        if stream.active:
            store, source = self._store, current_essence()
            shown, kind = ("", "") if removed else describe_stored(path, new)
            by = "" if source is None else source.name
            before = describe_stored(path, old)[0]
            stream.emit(
                StoreChanged(clock.now_ns(), store._tt_id, path, before, shown, kind, removed, False, current_run(), by)  # type: ignore[arg-type]
            )

    def changes_for_both(self, path: str, new: object, old: object, removed: bool) -> None:
        self.changes(path, new, old, removed)
        also = _Teller.also
        if also is not None:
            also.has_stored(self._store, path)

    changed = changes

    def unchanged(self, path: str) -> None:
        if stream.active:
            stream.emit(StoreUnchanged(clock.now_ns(), self._store._tt_id, path, current_run()))  # type: ignore[arg-type]

    def silenced(self, path: str, subscription: Subscription | None) -> None:
        if not stream.active:
            return
        listener, called, reason = -1, "", "quiet"
        if subscription is not None:
            reason = "own source"
            called = getattr(subscription.callback, "__name__", None) or preview(subscription.callback)
            if isinstance(subscription.owner, ttEssence):
                listener = subscription.owner._tt_id
        stream.emit(
            StoreSilenced(clock.now_ns(), self._store._tt_id, path, listener, called, reason, current_run())  # type: ignore[arg-type]
        )
