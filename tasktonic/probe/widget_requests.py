"""What a studio may ask about the windows of an app. Done in the thread of the window loop, also while catalysts are held."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol

from tasktonic import clock, toolkit
from tasktonic.errors import ttError
from tasktonic.loops import SURVIVED
from tasktonic.observation import SECOND
from tasktonic.probe.deeds import Deed, find_essence, record, ttRequestError
from tasktonic.protocol import Message
from tasktonic.protocol.messages import Answer
from tasktonic.protocol.widget_messages import (
    AskSignals,
    PickWidget,
    ShowWidget,
    SignalRow,
    Signals,
    WidgetPicked,
    WidgetShown,
)
from tasktonic.values import message_of

NO_WINDOWS: Final = "This app has no windows of Qt."
BUSY: Final = (
    "The windows of the app are busy: what was asked for comes when the sparkle that runs in their thread has ended."
)
_PATIENCE_NS: Final = 2 * SECOND
_MOST_ROWS: Final = 200
_SHOWN: Final = 200


class Host(Protocol):
    """The agent, as far as this needs it."""

    def call_soon(self, function: Callable[[], None]) -> None:
        """Have something done in the probe's thread. Any thread."""

    def call_at(self, when_ns: int, function: Callable[[], None]) -> None:
        """Have something done in the probe's thread later. In that thread."""


class WidgetRequests:
    """Carries them out. Made by ``Requests``; used in the probe's thread only."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._owners: set[Any] = set()
        """Studios for which something may be shown."""
        self.by_type: dict[type[Message], Callable[[Any, Any], None]] = {
            ShowWidget: self._show,
            PickWidget: self._pick,
            AskSignals: self._signals,
        }

    def gone(self, owner: Any) -> None:
        """A studio has gone, or must not pick any more: nothing of it stays in the windows."""
        windows = toolkit.present()
        if owner in self._owners and windows is not None:
            self._owners.discard(owner)
            windows.soon(lambda: windows.clear(owner))

    def _show(self, asker: Any, message: ShowWidget) -> None:
        windows = toolkit.present()
        if message.essence < 0 or windows is None:
            self.gone(asker)
            problem = NO_WINDOWS if windows is None and message.essence >= 0 else ""
            asker.tell(WidgetShown(message.request, message.essence, problem=problem))
            return
        try:
            essence = find_essence(message.essence)
        except ttRequestError as error:
            asker.tell(WidgetShown(message.request, message.essence, problem=str(error)))
            return
        self._owners.add(asker)

        def show() -> Message:
            if essence._tt_id < 0:
                raise ttRequestError("It has finished meanwhile.")
            shown = windows.outline(asker, essence)
            words, problem = shown.widgets[:_SHOWN], shown.problem[:_SHOWN]
            return WidgetShown(message.request, message.essence, words, problem, shown.hidden)

        self._in_loop(asker, show, lambda text: WidgetShown(message.request, message.essence, problem=text))

    def _pick(self, asker: Any, message: PickWidget) -> None:
        windows = toolkit.present()
        if not message.on:
            self.gone(asker)
            asker.tell(Answer(message.request, True))
            return
        if windows is None:
            raise ttRequestError(NO_WINDOWS)
        self._owners.add(asker)

        def told(picked: toolkit.Picked) -> None:
            answer = WidgetPicked(picked.essence, picked.words[:_SHOWN], picked.is_over)
            self._host.call_soon(lambda: asker.tell(answer))

        def pick() -> Message:
            record(Deed("pick", "the next click in a window chooses a tonic"), asker.name)
            windows.pick(asker, told)
            return Answer(message.request, True)

        self._in_loop(asker, pick, lambda text: Answer(message.request, False, text))

    def _signals(self, asker: Any, message: AskSignals) -> None:
        def failed(text: str) -> Message:
            return Signals(message.essence, message.request, problem=text, t_ns=clock.now_ns())

        windows = toolkit.present()
        try:
            essence = find_essence(message.essence)
            if windows is None:
                raise ttRequestError(NO_WINDOWS)
        except ttRequestError as error:
            asker.tell(failed(str(error)))
            return

        def look() -> Message:
            rows = tuple(_row(bound) for bound in windows.bindings(essence)[:_MOST_ROWS])
            return Signals(message.essence, message.request, rows, t_ns=clock.now_ns())

        self._in_loop(asker, look, failed)

    def _in_loop(self, asker: Any, act: Callable[[], Message], failed: Callable[[str], Message]) -> None:
        """Do something in the thread of the windows, and answer; that it is busy, when it takes too long, and then what came of it."""
        windows = toolkit.present()
        assert windows is not None
        answered = [False]

        def tell(message: Message) -> None:
            answered[0] = True
            asker.tell(message)

        def call() -> None:
            try:
                message = act()
            except SURVIVED as error:  # of the app's own widgets: it goes into the answer and nowhere else
                text = message_of(error)
                message = failed(text if isinstance(error, ttError) else f"{type(error).__name__}: {text}")
            self._host.call_soon(lambda: tell(message))

        windows.soon(call)
        due_ns = clock.system_ns() + _PATIENCE_NS
        self._host.call_at(due_ns, lambda: None if answered[0] else asker.tell(failed(BUSY)))


def _row(bound: toolkit.Bound) -> SignalRow:
    handlers = tuple(f"{state}: {method}" if state else method for state, method in bound.handlers)
    return SignalRow(
        bound.sparkle,
        bound.widget[:_SHOWN],
        bound.cls[:_SHOWN],
        bound.signal[:_SHOWN],
        handlers[:50],
        bound.connected,
        bound.problem[:500],
    )
