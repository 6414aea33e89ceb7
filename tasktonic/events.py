"""Every kind of event of the one stream, as immutable records.

A record is what a reader of the stream, the wire and a trace file know of one thing that happened. Times are integer
nanoseconds of the process's monotonic clock; ids are those of the ledger and are unique within one app run (an
``AppBegan`` starts a new run, all that follows belongs to it). ``run`` is the number of the run of a sparkle during which
the event happened, 0 for none. Orders and runs share one number space: an ordinary run has the number of the order it
came from; the hooks of a state change have numbers of their own and name the order that caused them.

*Facts* are never dropped. *Flow* (``Ordered``, ``Ran``, ``Beat``) may be, in whole blocks; then a ``Gap`` says how much.
What did not happen is there as well, since people search for it: ``Dropped``, ``Unmoved``, ``StateRefused``,
``StoreUnchanged``, ``StoreSilenced``, and a ``Ran`` with the flag ``IGNORED``. ``LevelSet`` says of which times flow is there.

Field types say how a field travels: ``int`` as a 64-bit integer, ``bool`` as one byte, ``Name`` as an index into the string
table (few different values), ``Text`` as text of its own. The docstring of a record is its documentation.
"""

from __future__ import annotations

from typing import Final, NamedTuple, NewType

Name = NewType("Name", str)
"""A string out of a small set: sent once, then by its number."""

Text = NewType("Text", str)
"""A string that seldom repeats: sent each time."""

NO_ESSENCE: Final = -1
NO_STATE: Final = -1

ERROR: Final = 1
"""Flag of ``Ran``: the sparkle raised."""
HOOK: Final = 2
"""Flag of ``Ran``: an ``on_enter`` or ``on_exit`` that belongs to the order in ``order``."""
IGNORED: Final = 4
"""Flag of ``Ran``: no handler for this sparkle in the state the tonic was in."""
SYSTEM: Final = 8
"""Flag of ``Ran``: a sparkle of the framework's own (``_ttss__…``)."""


class AppBegan(NamedTuple):
    """An app (a formula) begins. Ids of an earlier app in the same process mean nothing from here on."""

    t_ns: int
    app: int
    name: Name
    wall_ns: int
    pid: int


class AppEnded(NamedTuple):
    """An app has ended; ``problem`` is a sentence when it did not end well, else empty."""

    t_ns: int
    app: int
    problem: Text


class ClassDefined(NamedTuple):
    """A class of essences is used for the first time. Class ids hold for the whole process.

    ``bases`` are the names of its framework and user bases, nearest first, separated by commas; ``line`` is 1-based, 0 when
    the source is not known.
    """

    cls: int
    name: Name
    module: Name
    file: Name
    line: int
    service: Name
    bases: Name


class StateDefined(NamedTuple):
    """State number ``index`` of the tonics of class ``cls``."""

    cls: int
    index: int  # type: ignore[assignment]  # hides a method of tuple that nobody calls on an event
    name: Name


class SparkleDefined(NamedTuple):
    """A sparkle of a class, under the name by which it is called (``ttsc__open``). Sparkle ids hold for the whole process."""

    sparkle: int
    cls: int
    name: Name


class HandlerDefined(NamedTuple):
    """A method that handles ``sparkle`` in ``state`` (empty: in any state) for tonics of class ``cls``."""

    cls: int
    sparkle: int
    state: Name
    method: Name
    file: Name
    line: int


class Born(NamedTuple):
    """An essence lives. Seen again (in a snapshot) it states what is so now; ``t_ns`` is 0 when its birth was not seen.

    ``context`` is its parent, ``catalyst`` the id of the catalyst that runs it (a catalyst is its own), both -1 for none;
    ``state`` the index of its present state; ``service`` its service name or empty; ``log_mode`` as in ``ttLog``.
    """

    t_ns: int
    essence: int
    name: Name
    cls: int
    context: int
    catalyst: int
    service: Name
    log_mode: int
    state: int
    run: int


class Finishing(NamedTuple):
    """An essence was asked to finish: orders queued for it from now on are dropped."""

    t_ns: int
    essence: int
    run: int


class Ended(NamedTuple):
    """An essence has finished and left the ledger."""

    t_ns: int
    essence: int
    run: int


class ServiceUsed(NamedTuple):
    """``user`` began (``joined``) or stopped to use ``service``."""

    t_ns: int
    service: int
    user: int
    joined: bool


class StateChanged(NamedTuple):
    """A tonic went from one state to another, by index; -1 is no state."""

    t_ns: int
    essence: int
    old: int
    new: int
    run: int


class Unmoved(NamedTuple):
    """A tonic was asked to go to the state it is in, so nothing happened."""

    t_ns: int
    essence: int
    state: int
    run: int


class StateRefused(NamedTuple):
    """A tonic was asked to go to a state and did not. ``reason`` is ``unknown``, when it has no such state, or ``finishing``.

    ``state`` is its name, or as much of what was given instead as fits.
    """

    t_ns: int
    essence: int
    state: Text
    reason: Name
    run: int


class LogModeSet(NamedTuple):
    """The log mode of an essence changed."""

    t_ns: int
    essence: int
    log_mode: int


class TimerSet(NamedTuple):
    """A timer runs: it fires at ``due_ns`` and then every ``period_ns``. ``callback`` names what it calls.

    A period of 0 means that it fires once, one of -1 that it fires by the calendar: it says anew each time when it is due.
    """

    t_ns: int
    timer: int
    due_ns: int
    period_ns: int
    callback: Name
    run: int


class TimerFired(NamedTuple):
    """A timer fired; ``order`` is the order it queued (0 when it called a plain function or nothing recorded orders)."""

    t_ns: int
    timer: int
    order: int


class TimerStopped(NamedTuple):
    """A timer stopped or paused with ``remaining_ns`` left."""

    t_ns: int
    timer: int
    remaining_ns: int
    run: int


class StoreChanged(NamedTuple):
    """A value in a store changed. ``old`` and ``new`` are short descriptions, ``type`` the type of the new value.

    ``present`` is true in a snapshot: the value was there before, nothing changed now.
    """

    t_ns: int
    store: int
    path: Name
    old: Text
    new: Text
    type: Name
    removed: bool
    present: bool
    run: int
    source: Name


class StoreUnchanged(NamedTuple):
    """A value was set to what it already was: no change, no news."""

    t_ns: int
    store: int
    path: Name
    run: int


class StoreSilenced(NamedTuple):
    """Somebody who listens to a path was not told of a change.

    ``reason`` is ``own source`` when the change was its own; ``essence`` is who listens then (-1 for no essence), ``callback``
    the name of what would have been called. Or ``quiet``: it was written so that nobody is told (-1 and empty).
    """

    t_ns: int
    store: int
    path: Name
    essence: int
    callback: Name
    reason: Name
    run: int


class LogLine(NamedTuple):
    """A tonic said something (``self.log``)."""

    t_ns: int
    essence: int
    text: Text
    run: int


class Raised(NamedTuple):
    """A sparkle, hook or callback raised. ``taken_by`` is the essence whose ``ttse__on_error`` gets it, -1 for none."""

    t_ns: int
    essence: int
    sparkle: Name
    type: Name
    text: Text
    traceback: Text
    taken_by: int
    run: int


class CatalystBegan(NamedTuple):
    """A catalyst turns. ``driver`` is what turns it (``thread``, ``qt``, ``asyncio``, ``distiller``)."""

    t_ns: int
    catalyst: int
    driver: Name
    thread: Name
    thread_id: int


class CatalystEnded(NamedTuple):
    """A catalyst turns no more."""

    t_ns: int
    catalyst: int


class CatalystHeld(NamedTuple):
    """The brake holds a catalyst before its next order (``held``), or lets it go."""

    t_ns: int
    catalyst: int
    held: bool


class Dropped(NamedTuple):
    """An order will not run. ``reason`` is ``finishing``, ``finished``, ``ended`` (its catalyst), ``by hand``, or
    ``cancelled``: what offloaded work would have called, of which nothing will come.
    """

    t_ns: int
    essence: int
    sparkle: int
    order: int
    reason: Name


class Ordered(NamedTuple):
    """A sparkle was called: its order is queued. Flow.

    ``run`` is the run that called it; when 0, ``cause`` says what did (``timer``, ``qt``, ``socket``, ``asyncio``, ``thread NAME``,
    ``pool FUNCTION``, ``by hand``, ``outside``, or the name of a studio). ``source`` is the essence that called, -1 for none.
    ``arguments`` is empty unless previews are on.
    """

    t_ns: int
    order: int
    catalyst: int
    essence: int
    sparkle: int
    source: int
    run: int
    cause: Name
    arguments: Text


class Ran(NamedTuple):
    """A sparkle has run, complete: there is no record of a begin alone. Flow.

    ``before`` and ``after`` are state indices; ``flags`` is a sum of ``ERROR``, ``HOOK``, ``IGNORED``, ``SYSTEM``.
    """

    begin_ns: int
    end_ns: int
    run: int
    order: int
    catalyst: int
    essence: int
    sparkle: int
    before: int
    after: int
    flags: int


class Beat(NamedTuple):
    """What a catalyst is doing at this moment; ten times a second while someone watches. Flow.

    ``depth`` orders wait; ``inside`` is the essence whose ``sparkle`` runs since ``since_ns`` (-1 for idle). ``busy_ns`` and
    ``sparkles`` count from the catalyst's begin as far as known.
    """

    t_ns: int
    catalyst: int
    depth: int
    inside: int
    sparkle: int
    since_ns: int
    sparkles: int
    busy_ns: int


class Gap(NamedTuple):
    """Flow was lost here: ``orders`` and ``runs`` between two times of the app, because nobody could take them in time."""

    t_ns: int
    until_ns: int
    orders: int
    runs: int


class LevelSet(NamedTuple):
    """From here on so much of the flow is noted: 0 nothing, 1 runs without times, 2 orders and runs, 3 arguments as well."""

    t_ns: int
    level: int


class WorkOffloaded(NamedTuple):
    """A tonic handed a function to the pool: it waits for a worker. Seen again (in a snapshot) it waits, or runs, still.

    ``work`` numbers it within the app; ``place`` is ``thread`` or ``process``.
    """

    t_ns: int
    work: int
    essence: int
    function: Name
    place: Name
    run: int


class WorkBegan(NamedTuple):
    """Offloaded work runs, in a thread of the pool or in its process: ``worker`` names that (empty under a distiller)."""

    t_ns: int
    work: int
    essence: int
    function: Name
    worker: Name


class WorkEnded(NamedTuple):
    """Offloaded work is over. ``outcome`` is ``done``, ``failed``, or ``cancelled``: then nobody waits for it any more.

    ``error`` says with what it failed, such as ``ValueError: no luck``, whether or not somebody takes that error. Work that was cancelled while it ran may run on for a while; work that never began has no ``WorkBegan``.
    """

    t_ns: int
    work: int
    essence: int
    function: Name
    outcome: Name
    error: Text


class ByHand(NamedTuple):
    """A person did something to the app through a studio; what comes of it stands after this.

    ``what`` is the kind of deed in a word or two (``hold``, ``step``, ``store set``), ``text`` its details, empty when there are none, and
    ``who`` names the studio. ``essence`` is what it was done to, -1 for all catalysts. A deed that was refused is not told; one
    that was begun and failed is told again, with what went wrong.
    """

    t_ns: int
    essence: int
    what: Name
    text: Text
    who: Text


CODE_CHANGES: Final = frozenset({"replace code", "put code back"})
"""What of ``ByHand`` says that code was replaced: the classes are told again after it, and their files are others."""


class SnapshotTaken(NamedTuple):
    """All facts about the tonics of ``catalyst`` (-1: about everything on no catalyst) have been stated up to here."""

    t_ns: int
    catalyst: int


class BreakpointHit(NamedTuple):
    """A breakpoint was hit, or its condition is faulty.

    ``breakpoint`` is its number among those of ``owner`` (who set it: ``studio``, ``run until``). ``catalyst`` is where, -1 for a
    thread that is none; ``essence`` whom it is about. With ``before`` the order ``run`` of ``sparkle`` is the next to run;
    else ``run`` is the run after which it was hit (0 when nobody counts). ``hits`` counts those of this breakpoint;
    ``held`` is false for one that only says so, and for an order that somebody steps; ``off`` is true when this hit has switched it off.
    """

    t_ns: int
    breakpoint: int
    owner: Name
    catalyst: int
    essence: int
    sparkle: Name
    run: int
    before: bool
    hits: int
    held: bool
    off: bool
    words: Text


type_by_code: Final[dict[int, type[tuple[object, ...]]]] = {
    1: AppBegan,
    2: AppEnded,
    3: ClassDefined,
    4: StateDefined,
    5: SparkleDefined,
    6: HandlerDefined,
    7: Born,
    8: Finishing,
    9: Ended,
    10: ServiceUsed,
    11: StateChanged,
    12: Unmoved,
    13: LogModeSet,
    14: TimerSet,
    15: TimerFired,
    16: TimerStopped,
    17: StoreChanged,
    18: StoreUnchanged,
    19: LogLine,
    20: Raised,
    21: CatalystBegan,
    22: CatalystEnded,
    23: CatalystHeld,
    24: Dropped,
    25: Ordered,
    26: Ran,
    27: Beat,
    28: Gap,
    29: SnapshotTaken,
    30: WorkOffloaded,
    31: WorkBegan,
    32: WorkEnded,
    33: ByHand,
    34: BreakpointHit,
    40: LevelSet,
    41: StateRefused,
    42: StoreSilenced,
}
"""The code of each kind on the wire and in files. A code is never given to another kind; a reader skips codes it lacks."""

code_by_type: Final = {kind: code for code, kind in type_by_code.items()}

FLOW: Final = frozenset({Ordered, Ran, Beat})
"""The kinds that may be dropped under flood."""
