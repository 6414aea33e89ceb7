"""Every control message between a probe and a studio, as frozen dataclasses.

Messages are JSON objects with a ``kind`` and the fields below, on the control channel (``framing.py``); blocks of events are
on the data channel. Times are integer nanoseconds of the monotonic clock of the watched app. A field with a default may
be left out; fields that are not known are ignored, kinds that are not known are refused by name.

The side that connects speaks first and shows the token: a launched app says ``Hello`` to the studio that launched it, which
answers ``Open``; a studio says ``Open`` to an app that listens, which answers ``Hello``. Then the probe says ``Granted`` and blocks
begin; or either side says ``Refused`` and closes.

A launched app finds the studio by ``TASKTONIC_STUDIO=connect``, ``TASKTONIC_STUDIO_ADDRESS`` and ``TASKTONIC_STUDIO_TOKEN`` in
its environment, and takes them out of it at once. ``TASKTONIC_STUDIO=1``, or ``tasktonic.probe.start()``, makes an app listen.
"""

# docs/protocol.md is made from this file: the docstring of a class and the string below a field are their documentation.

from __future__ import annotations

from dataclasses import dataclass

from tasktonic.protocol.breakpoint_messages import SetBreakpoints as SetBreakpoints

# Under the same names: who speaks of messages finds all of them here.
# ruff: noqa: PLC0414
from tasktonic.protocol.change_messages import CHANGE_MESSAGES, CHANGE_REQUESTS
from tasktonic.protocol.change_messages import AskSparkles as AskSparkles
from tasktonic.protocol.change_messages import Call as Call
from tasktonic.protocol.change_messages import ChangeState as ChangeState
from tasktonic.protocol.change_messages import Evaluate as Evaluate
from tasktonic.protocol.change_messages import Evaluated as Evaluated
from tasktonic.protocol.change_messages import SetAttribute as SetAttribute
from tasktonic.protocol.change_messages import SparkleRow as SparkleRow
from tasktonic.protocol.change_messages import Sparkles as Sparkles
from tasktonic.protocol.code_messages import CODE_MESSAGES, CODE_REQUESTS
from tasktonic.protocol.code_messages import CodeReplaced as CodeReplaced
from tasktonic.protocol.code_messages import KeptRow as KeptRow
from tasktonic.protocol.code_messages import ReplaceCode as ReplaceCode
from tasktonic.protocol.distiller_messages import DISTILLER_MESSAGES, DISTILLER_REQUESTS
from tasktonic.protocol.distiller_messages import DistillerCall as DistillerCall
from tasktonic.protocol.distiller_messages import DistillerFinish as DistillerFinish
from tasktonic.protocol.distiller_messages import DistillerRun as DistillerRun
from tasktonic.protocol.distiller_messages import DistillerState as DistillerState
from tasktonic.protocol.distiller_messages import DistillerStep as DistillerStep
from tasktonic.protocol.distiller_messages import DistillerStop as DistillerStop
from tasktonic.protocol.distiller_messages import WaitingOrder as WaitingOrder
from tasktonic.protocol.lines_messages import LINES_MESSAGES, LINES_REQUESTS
from tasktonic.protocol.lines_messages import AskLines as AskLines
from tasktonic.protocol.lines_messages import LinesAt as LinesAt
from tasktonic.protocol.listener_messages import LISTENER_MESSAGES, LISTENER_REQUESTS
from tasktonic.protocol.listener_messages import AskListeners as AskListeners
from tasktonic.protocol.listener_messages import ListenerRow as ListenerRow
from tasktonic.protocol.listener_messages import Listeners as Listeners
from tasktonic.protocol.message import AttributeRow as AttributeRow
from tasktonic.protocol.message import Direction as Direction
from tasktonic.protocol.message import Json as Json
from tasktonic.protocol.message import Message as Message
from tasktonic.protocol.queue_messages import QUEUE_MESSAGES, QUEUE_REQUESTS
from tasktonic.protocol.queue_messages import AddOrder as AddOrder
from tasktonic.protocol.queue_messages import AskOrders as AskOrders
from tasktonic.protocol.queue_messages import DropOrder as DropOrder
from tasktonic.protocol.queue_messages import DuplicateOrder as DuplicateOrder
from tasktonic.protocol.queue_messages import EditOrder as EditOrder
from tasktonic.protocol.queue_messages import MoveOrder as MoveOrder
from tasktonic.protocol.queue_messages import NextOrder as NextOrder
from tasktonic.protocol.queue_messages import NextOrders as NextOrders
from tasktonic.protocol.step_messages import STEP_MESSAGES, STEP_REQUESTS
from tasktonic.protocol.step_messages import FireTimer as FireTimer
from tasktonic.protocol.step_messages import RanOn as RanOn
from tasktonic.protocol.step_messages import RunOn as RunOn
from tasktonic.protocol.step_messages import RunUntil as RunUntil

# ---- greeting ---------------------------------------------------------------------------------------------------------
from tasktonic.protocol.widget_messages import WIDGET_MESSAGES, WIDGET_REQUESTS
from tasktonic.protocol.widget_messages import AskSignals as AskSignals
from tasktonic.protocol.widget_messages import PickWidget as PickWidget
from tasktonic.protocol.widget_messages import ShowWidget as ShowWidget
from tasktonic.protocol.widget_messages import SignalRow as SignalRow
from tasktonic.protocol.widget_messages import Signals as Signals
from tasktonic.protocol.widget_messages import WidgetPicked as WidgetPicked
from tasktonic.protocol.widget_messages import WidgetShown as WidgetShown


@dataclass(frozen=True, slots=True)
class Hello(Message):
    """Who the watched app is. First message of a launched app; the answer to ``Open`` of one that listens."""

    kind = "hello"
    direction = Direction.PROBE

    protocol: int
    """Version of the protocol the probe speaks."""
    pid: int
    """Process id."""
    session: str
    """Differs for every process start, so that a reconnect to the same process can be told from another process."""
    token: str = ""
    """The one-time token the studio gave, when the app was launched by it; empty when the studio connects."""
    capabilities: tuple[str, ...] = ()
    """What the probe can do on request, see ``version.py``."""
    script: str = ""
    """The script that runs, as an absolute path where there is one."""
    argv: tuple[str, ...] = ()
    """Its arguments, without the script."""
    cwd: str = ""
    """Working directory."""
    executable: str = ""
    """The Python program."""
    python: str = ""
    """Version of Python."""
    framework: str = ""
    """Version of tasktonic."""
    qt: str = ""
    """Version of PySide6 when it is loaded, else empty."""
    monotonic_ns: int = 0
    """The clock of all events, read at the same moment as ``wall_ns``."""
    wall_ns: int = 0
    """Nanoseconds since 1970 at that moment."""


@dataclass(frozen=True, slots=True)
class Open(Message):
    """What the studio wants. First message of a studio that connects; the answer to ``Hello`` of an app it launched."""

    kind = "open"
    direction = Direction.STUDIO

    protocol: int
    """Version of the protocol the studio speaks."""
    token: str = ""
    """The token from the token file of the app, when the studio connects; empty when the app does."""
    role: str = "control"
    """Wanted role: ``view`` or ``control``."""
    capabilities: tuple[str, ...] = ()
    """What the studio understands, see ``version.py``."""
    level: int = 2
    """Wanted level of flow, as in ``WatchLevel``."""
    credit: int = 0
    """Bytes of blocks the studio can take now, as in ``Credit``."""
    name: str = ""
    """Who it is, for people: ``studio 0.1.0, pid 4711``."""


@dataclass(frozen=True, slots=True)
class Granted(Message):
    """The studio is in."""

    kind = "granted"
    direction = Direction.PROBE

    role: str
    """Granted role: ``view`` or ``control``. There is one controller; whoever comes later views."""
    reason: str = ""
    """A sentence when the role is not the wanted one, or when it changed later: a viewer that asked for control gets it
    when the controller has gone."""


@dataclass(frozen=True, slots=True)
class Refused(Message):
    """The other side cannot come in; the connection is closed after this."""

    kind = "refused"
    direction = Direction.BOTH

    reason: str
    """A sentence for people."""


@dataclass(frozen=True, slots=True)
class Goodbye(Message):
    """The probe leaves: the app ends, or ``stop()`` was called in it.

    What was still waiting came before this, whatever the credit, as far as it could be sent within half a second.
    """

    kind = "goodbye"
    direction = Direction.PROBE

    reason: str
    """A sentence for people."""


@dataclass(frozen=True, slots=True)
class Detach(Message):
    """The studio leaves. The app runs on, held catalysts are let go."""

    kind = "detach"
    direction = Direction.STUDIO


# ---- flow -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Credit(Message):
    """The studio can take more blocks.

    The probe sends a block while credit is above zero and takes the block's bytes off, so that it may fall below zero by
    less than one block. Without credit blocks wait in a ring; when that is full the flow of the oldest is left out, and a
    ``Gap`` says how much.
    """

    kind = "credit"
    direction = Direction.STUDIO

    bytes: int
    """Added to what is left."""


@dataclass(frozen=True, slots=True)
class WatchLevel(Message):
    """How much flow the studio wants."""

    kind = "watch level"
    direction = Direction.STUDIO

    level: int
    """0 facts only · 1 runs · 2 runs and orders with times and causes · 3 also previews of arguments."""


@dataclass(frozen=True, slots=True)
class Cost(Message):
    """What the probe costs the app; once a second while somebody watches."""

    kind = "cost"
    direction = Direction.PROBE

    percent: float
    """Processor time of the probe's thread in percent of one core, over the last second or so."""
    level: int
    """The level of flow that is delivered; lower than asked for while the probe saves."""
    lost_orders: int = 0
    """Orders left out for this studio since it came."""
    lost_runs: int = 0
    """Runs left out for this studio since it came."""
    ring_fill: float = 0.0
    """How full the ring of blocks that wait for credit is, 0 to 1."""
    process_percent: float = 0.0
    """Processor time of the whole process in percent of one core, over the same time."""


@dataclass(frozen=True, slots=True)
class Notice(Message):
    """Something people should know that is no event of the app."""

    kind = "notice"
    direction = Direction.PROBE

    level: str
    """``info``, ``warning`` or ``error``."""
    text: str
    """A sentence."""


# ---- requests ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer(Message):
    """What became of a request."""

    kind = "answer"
    direction = Direction.PROBE

    request: int
    """Number of the request."""
    ok: bool
    """Whether it was done."""
    text: str = ""
    """A sentence when it was not, or when there is something to say."""


@dataclass(frozen=True, slots=True)
class Inspect(Message):
    """Asks for the attributes of an essence; ``Attributes`` answers. A viewer may ask."""

    kind = "inspect"
    direction = Direction.STUDIO

    request: int
    """Number of the request, chosen by the studio; the answer has the same."""
    essence: int
    """Id of the essence."""
    use_repr: bool = False
    """Describe values by calling their ``repr``, which is code of the app. Needs control."""


@dataclass(frozen=True, slots=True)
class Attributes(Message):
    """The attributes of an essence, taken in its catalyst's thread between two sparkles."""

    kind = "attributes"
    direction = Direction.PROBE

    essence: int
    """Id of the essence."""
    request: int
    """Number of the request."""
    rows: tuple[AttributeRow, ...] = ()
    """Its attributes by name, those of the framework left out."""
    problem: str = ""
    """A sentence when they could not be had: the essence has ended, or its catalyst is busy inside a sparkle."""
    t_ns: int = 0
    """When they were so."""


@dataclass(frozen=True, slots=True)
class AskStack(Message):
    """Asks where in the source a catalyst is at this moment, without waiting for it; ``Stack`` answers. A viewer may ask."""

    kind = "ask stack"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    catalyst: int
    """Id of the catalyst."""


@dataclass(frozen=True, slots=True)
class StackLine:
    """One call that has not returned."""

    file: str
    """Path of the source file, as Python has it."""
    line: int
    """The line that runs, 1-based; 0 when it is not known."""
    function: str
    """Name of the function."""


@dataclass(frozen=True, slots=True)
class Stack(Message):
    """The Python stack of a catalyst's thread, seen while it runs: names and lines, no values."""

    kind = "stack"
    direction = Direction.PROBE

    catalyst: int
    """Id of the catalyst."""
    request: int
    """Number of the request."""
    lines: tuple[StackLine, ...] = ()
    """The calls, outermost first; of a deep stack the innermost hundred."""
    problem: str = ""
    """A sentence when it could not be had."""
    t_ns: int = 0
    """When it was so."""


@dataclass(frozen=True, slots=True)
class Finish(Message):
    """Asks an essence to finish. Needs control."""

    kind = "finish"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    essence: int
    """Id of the essence."""


@dataclass(frozen=True, slots=True)
class SetLogMode(Message):
    """Sets the log mode of an essence. Needs control."""

    kind = "set log mode"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    essence: int
    """Id of the essence."""
    mode: int
    """As in ``ttLog``: 0 STEALTH, 1 OFF, 2 QUIET, 3 FULL."""


@dataclass(frozen=True, slots=True)
class StoreSet(Message):
    """Sets a value in a store. Needs control. The change comes back as an event like any other."""

    kind = "store set"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    store: int
    """Id of the store (an essence)."""
    path: str
    """Path in the store."""
    value: Json = None
    """The value: null, true, false, a number, a text, a list or an object."""
    literal: str = ""
    """The value as a Python literal, such as ``(1, 2)`` or ``{'a'}``; counts in the place of ``value`` unless empty."""
    expects: bool = False
    """Whether it is set only when it still is what the studio saw. A path that was not there is ``''`` of type ``''``."""
    expected: str = ""
    """What the studio saw: the description of the value in the last event about it."""
    expected_type: str = ""
    """Its type, as told there."""


@dataclass(frozen=True, slots=True)
class Hold(Message):
    """Holds catalysts before their next order. Needs control."""

    kind = "hold"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    catalyst: int = -1
    """Id of the catalyst, -1 for all."""


@dataclass(frozen=True, slots=True)
class Release(Message):
    """Lets held catalysts go. Needs control."""

    kind = "release"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    catalyst: int = -1
    """Id of the catalyst, -1 for all."""


@dataclass(frozen=True, slots=True)
class Step(Message):
    """Lets orders of a held catalyst run. Needs control."""

    kind = "step"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    catalyst: int
    """Id of the catalyst."""
    orders: int = 1
    """How many."""


MESSAGES: tuple[type[Message], ...] = (
    Hello,
    Open,
    Granted,
    Refused,
    Goodbye,
    Detach,
    Credit,
    WatchLevel,
    Cost,
    Notice,
    Answer,
    Inspect,
    Attributes,
    AskStack,
    Stack,
    Finish,
    SetLogMode,
    StoreSet,
    *CHANGE_MESSAGES,
    Hold,
    Release,
    Step,
    *QUEUE_MESSAGES,
    *STEP_MESSAGES,
    SetBreakpoints,
    *DISTILLER_MESSAGES,
    *LINES_MESSAGES,
    *LISTENER_MESSAGES,
    *CODE_MESSAGES,
    *WIDGET_MESSAGES,
)
"""All kinds, in the order of the documentation."""

REQUESTS = (
    Inspect,
    AskStack,
    Finish,
    SetLogMode,
    StoreSet,
    Hold,
    Release,
    Step,
    *CHANGE_REQUESTS,
    *QUEUE_REQUESTS,
    *STEP_REQUESTS,
    SetBreakpoints,
    *DISTILLER_REQUESTS,
    *LINES_REQUESTS,
    *LISTENER_REQUESTS,
    *CODE_REQUESTS,
    *WIDGET_REQUESTS,
)
"""What the studio asks of the app; each has a ``request`` number that is answered."""
