"""The driver that is a hand: it turns the catalysts of an app one order at a time, in one thread, by a clock it moves."""

from __future__ import annotations

import threading
import weakref
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from .. import clock
from ..clock import ORIGIN_NS, MovableClock
from ..current import here
from ..driver import Driver
from ..errors import ttDistillerError
from ..ledger import ttLedger
from ..recorder import Recording
from ..stream import stream
from .calls import Calls
from .rows import Reading

CLOCKS: Final = ("auto", "virtual", "real")

LONGEST_WAIT_S: Final = 0.1
"""In real time it looks again after this long, whether it was woken or not: a signal handler may have called something."""

_LONGEST_REST_S: Final = 0.5
"""So that Ctrl+C is heard where a lock cannot be interrupted."""


class Hand:
    """Turns all ordinary catalysts of an app. Made by a ``ttDistiller``, which owns it; ends with the app.

    Only one catalyst belongs to the thread at a time, the one whose turn it is. To all others this thread is a foreign
    one, so that calls between catalysts are copied, endings are asked for and timers are set just as with real threads.
    Between two turns it is the main catalyst that the thread belongs to, as it is while an app is built.
    """

    name = "distiller"
    needs_outside_world = False

    def __init__(self, ledger: ttLedger, seed: int, clock_kind: str) -> None:
        self._ledger = ledger
        self._choose: _RoundRobin | _RandomChoice = _RoundRobin() if seed == 0 else _RandomChoice(seed)
        self._clock_kind = clock_kind
        wall_s = ledger.formula.get("tasktonic/testing/wall_clock", WALL_BEGINS_S)
        self._clock = MovableClock(round(float(wall_s) * 1e9))
        self._main: Any = None
        self._driven: list[Any] = []
        self._outside: list[Any] = []
        """Catalysts that wait for the outside world and have been started."""
        self._whose: Any = None
        """The catalyst that the thread belongs to."""
        self._bell = threading.Semaphore(0)
        self._looks: deque[tuple[Any, Callable[[], None]]] = deque()
        """What those who watch want done between two turns, in the thread of which catalyst."""
        self._choice: Any = None
        """Where the choice of catalysts was before the present turn, while breakpoints are set."""
        self._ran_before_choice: Any = None
        self.stop_asked = False
        """Whether the run that goes on is to end after the present turn."""
        self._after_running: Callable[[str], None] | None = None
        self.is_open = False
        """Whether the app may be turned: from the end of its formula until it has finished."""
        self.reading = Reading()
        self.recording: Recording
        """All that happened in the app, to be saved or not."""
        self.calls = Calls()
        """What it was asked for so far."""
        self.errors: list[BaseException] = []
        """What nobody took since somebody looked here."""

    # -- its life ---------------------------------------------------------------------------------------------------

    def takes_over(self) -> None:
        """The app goes by this hand and its clock from here on. While the main catalyst is being made."""
        ledger = self._ledger
        ledger.hand = self
        if self._clock_kind == "real":
            self._clock.go()
        clock.install(self._clock.now_ns, self._clock.wall_ns)
        ledger.began_ns = clock.now_ns()
        ledger.formula.set("tasktonic/project/started@", clock.wall_ns() / 1e9)
        stream.attach(self.reading)
        self.recording = Recording(kind="distiller", asides=self.calls.asides)
        self.recording.start()
        _set_latest(self)

    def opens(self, after_running: Callable[[str], None]) -> None:
        """The formula is through: the app may be turned; ``after_running`` closes it."""
        self._after_running = after_running
        self.is_open = True

    def closes(self) -> None:
        """The app is closed: let go of everything. Harmless when that has been done."""
        self.is_open = False
        self._after_running = None
        self._give_up_all()
        if self._ledger.hand is self:
            self._ledger.hand = None
            stream.detach(self.reading)
            self.recording.stop()
            self._clock.stand()
            clock.uninstall()

    def close_app(self, problem: str = "") -> None:
        """Have the formula close the app; ``problem`` is a sentence when it did not end. Raises what the formula raises."""
        after_running, self._after_running = self._after_running, None
        if problem:
            self._give_up_all()
        if after_running is not None:
            after_running(problem)

    def _give_up_all(self) -> None:
        driven, self._driven = self._driven, []
        for catalyst in driven:
            catalyst.belongs_to_this_thread()
            catalyst.give_up()
            catalyst.stopped_turning()

    def nobody_took(self, error: BaseException) -> None:
        """A sparkle raised and no ``ttse__on_error`` took it. Any thread."""
        self.errors.append(error)
        self.wake()

    # -- a driver -----------------------------------------------------------------------------------------------------

    def driver_for(self, catalyst: Any) -> Driver:
        """What is to turn a catalyst that starts: this hand, unless it waits for the outside world."""
        driver: Driver = catalyst.driver
        if driver.needs_outside_world:
            self._outside = [*self._outside, catalyst]
            self._settle_clock()
            return driver
        return self

    def start(self, catalyst: Any) -> None:
        catalyst.before_order = self.reading.hears_of
        catalyst.began(threading.get_ident(), self.name)
        if catalyst is not self._whose:
            catalyst.belongs_to_no_thread()
        # Anew and not in place: a catalyst of the outside world may start one while we look through them.
        self._driven = sorted([*self._driven, catalyst], key=lambda driven: driven._tt_id)

    def run(self, catalyst: Any) -> None:
        """Take the main catalyst in hand. Returns at once: it turns when the distiller is asked to."""
        self._main = self._whose = catalyst
        self.start(catalyst)

    def wake(self) -> None:
        self._bell.release()

    def thread(self) -> threading.Thread | None:
        return None

    # -- turning ------------------------------------------------------------------------------------------------------

    def next_catalyst(self) -> Any:
        """The one whose turn it is, ``None`` when nothing is queued and no timer is due."""
        driven = self._driven
        if len(driven) == 1:
            return driven[0] if self._has_work(driven[0]) else None
        busy = [catalyst for catalyst in driven if self._has_work(catalyst)]
        if any(catalyst.guard is not None for catalyst in driven):
            self._choice, self._ran_before_choice = self._choose.place, self.reading.next_order
        return self._choose(busy) if busy else None

    def _has_work(self, catalyst: Any) -> bool:
        if catalyst.has_work():
            return True
        due_ns = catalyst.next_due_ns()
        return due_ns is not None and due_ns <= clock.now_ns()

    def turn(self, catalyst: Any) -> None:
        """Let a catalyst do its errands, fire its due timers and run one order."""
        self._give_thread_to(catalyst)
        before, here.catalyst = here.catalyst, catalyst
        try:
            catalyst.turn()
        finally:
            here.catalyst = before
            if catalyst.has_ended:
                self._driven = [driven for driven in self._driven if driven is not catalyst]
                catalyst.stopped_turning()

    def _give_thread_to(self, catalyst: Any) -> None:
        if self._whose is not catalyst:
            if not self._whose.has_ended:
                self._whose.belongs_to_no_thread()
            catalyst.belongs_to_this_thread()
            self._whose = catalyst

    def begins_to_turn(self) -> None:
        """This thread turns from here on; it need not be the one that built the app."""
        self._whose.belongs_to_this_thread()

    def rests(self) -> None:
        """No turn for now: the thread belongs to the main catalyst, as it does while an app is built."""
        self._give_thread_to(self._main)

    # -- for somebody outside -------------------------------------------------------------------------------------------

    @property
    def is_steered(self) -> bool:
        """Whether somebody outside says what runs, and not a test."""
        return self._ledger.steer is not None

    def look(self, catalyst: Any, errand: Callable[[], None]) -> None:
        """Have something done in a catalyst's thread between two turns, without a turn of its own. Any thread."""
        self._looks.append((catalyst, errand))
        self.wake()

    def let_look(self) -> None:
        """Do what was asked for with ``look``. Between two turns."""
        while self._looks:
            catalyst, errand = self._looks.popleft()
            if not catalyst.has_ended:
                self._give_thread_to(catalyst)
            catalyst._run_errand(errand)

    def lets_go(self) -> None:
        """What somebody has held runs on with the next run; a turn in which nothing ran is as if it had not been."""
        if self._choice is not None and self.reading.next_order is self._ran_before_choice:
            self._choose.go_back(self._choice)
        for catalyst in self._driven:
            if catalyst.is_held:
                catalyst.release()
        self.let_look()

    def rest(self) -> None:
        """Sleep until something calls; half a second at most."""
        self.rests()
        self._bell.acquire(timeout=_LONGEST_REST_S)

    def next_in_line(self) -> Any:
        """The catalyst that ``next_catalyst`` would give, without giving it its turn."""
        busy = [catalyst for catalyst in self._driven if self._has_work(catalyst)]
        return self._choose.peek(busy) if busy else None

    @property
    def driven(self) -> list[Any]:
        """The catalysts it turns, by their ids."""
        return self._driven

    @property
    def has_ended(self) -> bool:
        """Whether the main catalyst has ended, and with it the app."""
        return bool(self._main.has_ended)

    @property
    def is_held(self) -> bool:
        """Whether somebody with a brake holds one of its catalysts."""
        return any(catalyst.is_held for catalyst in self._driven)

    # -- time ---------------------------------------------------------------------------------------------------------

    def now_ns(self) -> int:
        """The time of this hand's clock, also when the app has ended."""
        return self._clock.now_ns()

    def seconds(self, t_ns: int) -> float:
        """A time of the clock as seconds since the app began."""
        return (t_ns - ORIGIN_NS) / 1e9

    @property
    def has_outside_world(self) -> bool:
        """Whether a catalyst that no clock of ours can move is part of the app."""
        return any(not catalyst.has_ended for catalyst in self._outside)

    def goes_by_real_time(self) -> bool:
        """Whether time is real at the moment, as far as the kind of clock leaves that to the app."""
        self._settle_clock()
        return self._clock.goes

    def _settle_clock(self) -> None:
        if self._clock_kind != "auto":
            return
        if self._outside and self.has_outside_world:
            self._clock.go()
        elif self._clock.goes:
            self._clock.stand()

    def next_due_ns(self) -> int | None:
        """When the next timer of all catalysts is due."""
        due = [due_ns for catalyst in self._driven if (due_ns := catalyst.next_due_ns()) is not None]
        return min(due, default=None)

    def jump(self, to_ns: int) -> None:
        """Be at a later time."""
        self._clock.jump(to_ns)

    def wait(self, longest_s: float) -> None:
        """Sleep until something calls, in real time, or until that long has passed."""
        for catalyst in self._driven:
            catalyst.sleeping = True
        try:
            if not any(catalyst.has_work() for catalyst in self._driven):
                self._bell.acquire(timeout=max(0.0, min(longest_s, LONGEST_WAIT_S)))
        finally:
            for catalyst in self._driven:
                catalyst.sleeping = False
        while self._bell.acquire(blocking=False):
            pass  # rung several times is woken once

    # -- what lives, for a sentence -------------------------------------------------------------------------------------

    def names_of_what_lives(self) -> str:
        """The names of all that has not ended."""
        return ", ".join(essence.name for essence in self._ledger.essences if essence is not self._main)


_latest: weakref.ref[Hand] | None = None


def latest() -> Hand | None:
    """The hand of the app that was built last, if anybody still has its distiller."""
    return None if _latest is None else _latest()


def forget_latest() -> None:
    """Whatever was built up to now is of no interest any more."""
    global _latest
    _latest = None


def _set_latest(hand: Hand) -> None:
    global _latest
    _latest = weakref.ref(hand)


WALL_BEGINS_S: Final = 978_307_200.0
"""What the wall clock shows when an app begins that goes by virtual time: 2001-01-01 00:00 UTC, a Monday.

The setting ``tasktonic/testing/wall_clock`` has it begin at another moment, in seconds since 1970.
"""


class _RoundRobin:
    """Gives each catalyst with work its turn, in the order of their ids."""

    def __init__(self) -> None:
        self._last_id = -1

    def __call__(self, busy: list[Any]) -> Any:
        chosen = self.peek(busy)
        self._last_id = chosen._tt_id
        return chosen

    @property
    def place(self) -> int:
        """Where it has come to, for ``go_back``."""
        return self._last_id

    def go_back(self, place: int) -> None:
        """Be where it was."""
        self._last_id = place

    def peek(self, busy: list[Any]) -> Any:
        """The one it would choose."""
        return next((catalyst for catalyst in busy if catalyst._tt_id > self._last_id), busy[0])


class _RandomChoice:
    """Gives the turn to any catalyst with work; the same seed always to the same ones."""

    def __init__(self, seed: int) -> None:
        import random  # it loads hashing and more, which a light import does without

        self._random = random.Random(seed)

    def __call__(self, busy: list[Any]) -> Any:
        return self._random.choice(busy)

    @property
    def place(self) -> Any:
        """Where it has come to, for ``go_back``."""
        return self._random.getstate()

    def go_back(self, place: Any) -> None:
        """Be where it was."""
        self._random.setstate(place)

    def peek(self, busy: list[Any]) -> Any:
        """The one it would choose."""
        before = self.place
        try:
            return self._random.choice(busy)
        finally:
            self.go_back(before)


def check_clock(kind: str) -> None:
    """Refuse a kind of clock that there is not.

    Raises:
        ttDistillerError: there is no such kind.
    """
    if kind not in CLOCKS:
        raise ttDistillerError(f"ttDistiller(clock={kind!r}): no such clock; there are {', '.join(map(repr, CLOCKS))}.")
