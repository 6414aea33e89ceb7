"""What a studio may ask about the subscriptions of a store."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import FunctionType, MethodType
from typing import Any, Final

from tasktonic import clock
from tasktonic.essence import ttEssence
from tasktonic.ledger import ttLedger
from tasktonic.probe.deeds import find_essence, ttRequestError
from tasktonic.probe.queue_requests import Asker, InCatalyst
from tasktonic.protocol import Message
from tasktonic.protocol.messages import AskListeners, ListenerRow, Listeners
from tasktonic.store import Store
from tasktonic.store.subscriptions import Subscription
from tasktonic.values import preview

MOST_LISTENERS: Final = 500
_MOST_PATTERNS: Final = 5
_SHOWN: Final = 120
_ROOM: Final = 500_000
"""So many characters of rows fit into one message, however they are encoded."""


class ListenerRequests:
    """Carries them out. Made by ``Requests``; used in the probe's thread only."""

    def __init__(self, in_catalyst: InCatalyst) -> None:
        self._in_catalyst = in_catalyst
        self.by_type: dict[type[Message], Callable[[Any, Any], None]] = {AskListeners: self._ask}

    def _ask(self, asker: Asker, message: AskListeners) -> None:
        def failed(sentence: str) -> Message:
            return Listeners(message.store, message.path, message.request, problem=sentence, t_ns=clock.now_ns())

        try:
            store = find_essence(message.store)
            if not isinstance(store, Store):
                raise ttRequestError(f"{store.name} is no store: nobody subscribes to it.")
        except ttRequestError as error:
            asker.tell(failed(str(error)))
            return

        def look() -> Message:
            found = [one for one in store._listeners(message.path) if not _has_finished(one[0].owner)]
            rows = _fitting(_row(subscription, message.path, heard) for subscription, heard in found[:MOST_LISTENERS])
            return Listeners(message.store, message.path, message.request, rows, len(found), t_ns=clock.now_ns())

        self._in_catalyst(asker, store, look, failed)


def _fitting(rows: Iterable[ListenerRow]) -> tuple[ListenerRow, ...]:
    """As many of the rows as fit into one message."""
    room, kept = _ROOM, []
    for row in rows:
        room -= len(ascii(row))
        if room < 0:
            break
        kept.append(row)
    return tuple(kept)


def _has_finished(owner: object) -> bool:
    return isinstance(owner, ttEssence) and owner._tt_id < 0


def _row(subscription: Subscription, path: str, heard: str) -> ListenerRow:
    """A subscription for the wire. Runs no code of the app."""
    owner = subscription.owner
    essence = owner if isinstance(owner, ttEssence) else None
    fitting = [_cut("/".join(pattern)) for pattern in subscription.fitting(heard)]
    excludes = ", ".join("/".join(pattern) for pattern in subscription.excludes)
    return ListenerRow(
        essence._tt_id if essence is not None else -1,
        _cut(essence.name if essence is not None else preview(owner, 60)),
        _cut(_called(subscription.callback)),
        tuple(fitting[:_MOST_PATTERNS]),
        "" if heard == path else _cut(heard),
        _ignored(subscription),
        _cut(excludes),
        _cut(", ".join(subscription.extract or ())),
        subscription.is_recursive,
        subscription.is_triggered,
    )


def _called(callback: Any) -> str:
    """The name of a sparkle or a function; what else can be called is described."""
    function = callback.__func__ if type(callback) is MethodType else callback
    return function.__name__ if type(function) is FunctionType else preview(callback, 60)


def _ignored(subscription: Subscription) -> str:
    source, owner = subscription.ignore_source, subscription.owner
    if source is None:
        return ""
    if type(source) is int:
        if isinstance(owner, ttEssence) and source == owner._tt_id:
            return "its own"
        essence = ttLedger().get_essence_by_id(source)
        if essence is not None:
            return f"those of {_cut(essence.name)}"
    return f"those of the source {preview(source, 60)}"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
