"""What a studio may ask of the app: one function per request.

Each runs in the probe's thread and returns at once. What touches an essence is done in the thread of its catalyst between
two sparkles; when that is busy inside a sparkle for longer, the answer says so. What acts goes through ``act`` or ``do``, which
tell the stream that it was done by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final, Protocol

from tasktonic import brake, clock
from tasktonic.errors import ttError
from tasktonic.ledger import ttLedger
from tasktonic.log_levels import ttLog
from tasktonic.loops import SURVIVED
from tasktonic.observation import SECOND
from tasktonic.probe import change_requests
from tasktonic.probe.attributes import describe_attributes, without_children
from tasktonic.probe.breakpoint_requests import BreakpointRequests
from tasktonic.probe.code_requests import CodeRequests
from tasktonic.probe.deeds import Deed, catalyst_deed, find_essence, no_essence, note, record, ttRequestError
from tasktonic.probe.distiller_requests import DistillerRequests
from tasktonic.probe.lines import LineRequests
from tasktonic.probe.listener_requests import ListenerRequests
from tasktonic.probe.queue_requests import QueueRequests, shorter
from tasktonic.probe.stacks import stack_of
from tasktonic.probe.step_requests import StepRequests
from tasktonic.probe.timer_requests import TimerRequests
from tasktonic.probe.widget_requests import WidgetRequests
from tasktonic.protocol import Message, ttMessageError
from tasktonic.protocol.messages import (
    Answer,
    AskListeners,
    AskOrders,
    AskSignals,
    AskSparkles,
    AskStack,
    Attributes,
    Finish,
    Hold,
    Inspect,
    NextOrders,
    Release,
    SetLogMode,
    ShowWidget,
    Stack,
    Step,
)
from tasktonic.stream import stream
from tasktonic.values import message_of

PATIENCE_NS: Final = 2 * SECOND
"""How long a catalyst may take before the answer is that it is busy."""
_LONGEST_SENTENCE: Final = 2_000
"""So many characters of what an exception of the app's says are told: an answer has to fit into a message."""


class Asker(Protocol):
    """Who asks: a connected studio."""

    role: str
    name: str
    """Who it is, for people."""

    def tell(self, message: Message) -> None:
        """Answer."""


class Host(Protocol):
    """The agent, as far as requests need it."""

    held: bool
    distiller: DistillerRequests

    def call_soon(self, function: Callable[[], None]) -> None:
        """Have something done in the probe's thread. Any thread."""

    def call_at(self, when_ns: int, function: Callable[[], None]) -> None:
        """Have something done in the probe's thread later. In that thread."""

    def send_now(self) -> None:
        """Send what has happened at once, and not with the next sending: a person waits for it. In that thread."""


class Requests:
    """Carries out requests. Made by the agent; used in the probe's thread only."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._steps = StepRequests(host.call_soon, host.send_now)
        self._widgets = WidgetRequests(host)
        self._by_type: dict[type[Message], Callable[[Asker, Any], None]] = {
            Inspect: self._inspect,
            AskStack: self._ask_stack,
            Finish: self._finish,
            SetLogMode: self._set_log_mode,
            Hold: self._hold,
            Release: self._release,
            Step: self._step,
            **QueueRequests(self.in_catalyst).by_type,
            **self._steps.by_type,
            **TimerRequests(self.in_catalyst).by_type,
            **BreakpointRequests(self.do).by_type,
            **host.distiller.by_type,
            **LineRequests(host.call_soon).by_type,
            **ListenerRequests(self.in_catalyst).by_type,
            **CodeRequests(host).by_type,
            **self._widgets.by_type,
        }
        for kind, carry_out in change_requests.HANDLERS.items():
            self._by_type[kind] = partial(carry_out, self)

    def handle(self, asker: Asker, message: Any) -> None:
        """Carry out a request, or say why not."""
        may_view = type(message) in (AskStack, AskOrders, AskSparkles, AskListeners, AskSignals, ShowWidget) or (
            type(message) is Inspect and not message.use_repr
        )
        if asker.role != "control" and not may_view:
            asker.tell(
                Answer(
                    message.request,
                    False,
                    f"'{message.kind}' needs control, and this studio views. Another one controls.",
                )
            )
            return
        try:
            message = self._host.distiller.instead_of(message)
            self._by_type[type(message)](asker, message)
        except SURVIVED as error:  # also of the app's own code: it goes into the answer and nowhere else
            asker.tell(Answer(message.request, False, _sentence(error)))

    def gone(self, asker: Asker) -> None:
        """A studio has gone, or controls no more: what is only there for it goes."""
        self._widgets.gone(asker)

    # ---- one by one

    def _inspect(self, asker: Asker, message: Inspect) -> None:
        essence = ttLedger().get_essence_by_id(message.essence)
        if essence is None:
            asker.tell(Attributes(message.essence, message.request, problem=no_essence(message.essence)))
            return

        def look() -> Message:
            rows = describe_attributes(essence, use_repr=message.use_repr)
            return Attributes(message.essence, message.request, rows, t_ns=clock.now_ns())

        def failed(sentence: str) -> Message:
            return Attributes(message.essence, message.request, problem=sentence, t_ns=clock.now_ns())

        self.in_catalyst(asker, essence, look, failed)

    def _ask_stack(self, asker: Asker, message: AskStack) -> None:
        try:
            lines, problem = stack_of(ttLedger().get_essence_by_id(message.catalyst)), ""
        except ttError as error:
            lines, problem = (), str(error)
        asker.tell(Stack(message.catalyst, message.request, lines, problem, clock.now_ns()))

    def _finish(self, asker: Asker, message: Finish) -> None:
        essence = find_essence(message.essence)
        self.act(asker, message.request, essence, Deed("finish", essence.name, essence.id, ".finish()"), essence.finish)

    def _set_log_mode(self, asker: Asker, message: SetLogMode) -> None:
        mode = ttLog.of(message.mode)
        essence = find_essence(message.essence)
        deed = Deed("log mode", f"{essence.name} to {mode.name}", essence.id)
        self.act(asker, message.request, essence, deed, lambda: essence.set_log_mode(mode))

    def _hold(self, asker: Asker, message: Hold) -> None:
        deed = catalyst_deed("hold", message.catalyst)
        self._steps.stop_waiting()
        self._host.held = True
        self.do(asker, message.request, deed, lambda: brake.hold(_catalyst(message.catalyst)))
        for catalyst in ttLedger().catalysts:
            if message.catalyst in (-1, catalyst.id):  # told as soon as each of them stands
                catalyst.at_boundary(lambda: self._host.call_soon(self._host.send_now))

    def _release(self, asker: Asker, message: Release) -> None:
        deed = catalyst_deed("release", message.catalyst)
        self.do(asker, message.request, deed, lambda: brake.release(_catalyst(message.catalyst)))
        if message.catalyst < 0:
            self._host.held = False

    def _step(self, asker: Asker, message: Step) -> None:
        if not 1 <= message.orders <= 1_000_000:
            raise ttRequestError(f"{message.orders} orders cannot be stepped; 1 to 1,000,000 can.")
        deed = catalyst_deed("step", message.catalyst, f"{message.orders:,} order{'s' * (message.orders > 1)}")
        self.do(asker, message.request, deed, lambda: brake.step(message.catalyst, message.orders))

    # ---- what acts

    def do(self, asker: Asker, request: int, deed: Deed, action: Callable[[], object]) -> None:
        """Do something that needs no catalyst's thread, tell the stream that it was done by hand, and answer.

        Between what is told and what is done nothing lets another thread run: what is to stand would go on for a sparkle or two.
        """
        note(deed, asker.name)
        try:
            action()
        except SURVIVED as error:
            note(deed, asker.name, _sentence(error))
            raise
        finally:
            stream.hand_over()
        asker.tell(Answer(request, True))

    def act(
        self,
        asker: Asker,
        request: int,
        essence: Any,
        deed: Deed,
        action: Callable[[], object],
        check: Callable[[], None] | None = None,
    ) -> None:
        """The same in the thread of an essence's catalyst, between two sparkles.

        ``check`` is called there before anything is told, and raises when it shall not be done. What ``action`` returns is said
        in the answer when it is a text.
        """

        def act() -> Message:
            if essence._tt_id < 0:
                raise ttRequestError("It has finished meanwhile: nothing was done.")
            if check is not None:
                check()
            record(deed, asker.name)
            try:
                said = action()
            except SURVIVED as error:
                record(deed, asker.name, _sentence(error))
                raise
            self._host.distiller.note(deed)
            return Answer(request, True, said if isinstance(said, str) else "")

        self.in_catalyst(asker, essence, act, lambda sentence: Answer(request, False, sentence))

    def in_catalyst(
        self,
        asker: Asker,
        essence: Any,
        act: Callable[[], Message],
        failed: Callable[[str], Message],
        *,
        twice: bool = False,
    ) -> None:
        """Do something between two sparkles of the catalyst of an essence, and answer.

        When it takes too long that is the answer, and the only one; with ``twice`` what comes of it is told as well.
        """
        answered = [False]

        def answer(message: Message, *, is_late: bool = False) -> None:
            if not answered[0] or (twice and not is_late):
                answered[0] = True
                _tell_in_any_case(asker, message)

        def errand() -> None:
            try:
                message = act()
            except SURVIVED as error:  # the app's own code: it goes into the answer, not into the app's log
                message = failed(_sentence(error))
            self._host.call_soon(lambda: answer(message))

        catalyst = home_of(essence)
        if catalyst is None or catalyst.has_ended or not catalyst.is_turning():
            errand()
            return
        catalyst.for_a_look(errand)
        self._host.call_at(clock.system_ns() + PATIENCE_NS, lambda: answer(failed(_busy(catalyst)), is_late=True))

    @staticmethod
    def home_of(essence: Any) -> Any:
        """The catalyst in whose thread an essence may be touched."""
        return home_of(essence)


def home_of(essence: Any) -> Any:
    """The catalyst in whose thread an essence may be touched; the main one for what runs on none."""
    catalyst = essence._tt_catalyst
    if catalyst is None:
        return ttLedger().main_catalyst
    return getattr(catalyst, "catalyst", catalyst)


def _tell_in_any_case(asker: Asker, message: Message) -> None:
    try:
        asker.tell(message)
    except ttMessageError:
        if isinstance(message, Attributes):
            asker.tell(
                replace(message, rows=without_children(message.rows)[:500], problem="There is too much to show all.")
            )
        elif isinstance(message, NextOrders) and message.orders:
            _tell_in_any_case(asker, shorter(message))


def _catalyst(catalyst_id: int) -> int | None:
    return None if catalyst_id < 0 else catalyst_id


def _sentence(error: BaseException) -> str:
    text = message_of(error)[:_LONGEST_SENTENCE] or "no details"
    return text if isinstance(error, ttError) else f"{type(error).__name__}: {text}"


def _busy(catalyst: Any) -> str:
    _, inside, sparkle_id, since_ns, _, _ = catalyst.heartbeat()
    essence = ttLedger().get_essence_by_id(inside)
    if essence is None:
        return f"{catalyst.name} has not come to it yet; it will."
    sparkles = essence._tt_class.sparkles
    called = next((sparkle.called for sparkle in sparkles if sparkle.id == sparkle_id), "a sparkle")
    since = f" since {(clock.now_ns() - since_ns) / SECOND:.1f} s" if since_ns else ""
    return f"{catalyst.name} is busy inside {called} of {essence.name}{since}; it will come to this afterwards."
