"""ttCatalyst: an order queue, a timer heap and a driver. It runs the sparkles of its tonics one by one.

An order is a tuple, and it is queued by ``deque.append`` itself (``put``). What takes it out again is in ``loops``; what the
brake does between two orders in ``held``.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from . import clock, levels, shutdown
from .birth import undo_births
from .calling import send
from .driver import Driver, ThreadDriver
from .endings import ENDING, FINISHES, drive_ending
from .essence import ttEssence
from .events import ERROR, HOOK, CatalystBegan, CatalystEnded
from .failures import report_failure
from .held import call_now, drop_next_now, hold_now, release_now, step_now
from .ledger import ttLedger
from .log_levels import ttLog
from .loops import (
    END_OF_BATCH,
    LONG_BATCH,
    SURVIVED,
    EndOfBatch,
    Mark,
    adapt_batch,
    choose_turn,
    fire_due_timers,
    run_owed,
    skip_marks,
)
from .states import Handler
from .stream import Level, stream
from .threads import NOBODYS, claim
from .timer_heap import TimerHeap
from .tonic import drop_order, ttTonic
from .wishes import Wishes
from .work_order import RECORDED, Order, numbers

if TYPE_CHECKING:
    from .breaking.guard import Guard
    from .walking import Walk


class ttCatalyst(ttTonic):
    """Runs tonics, each sparkle alone, always in the same thread. Itself a tonic.

    The first one of an app is the main one and runs in the thread of the formula; each other has a thread of its own.
    It finishes when it had tonics and has none left (services do not count).

    Args:
        name, context, log_mode: as for ``ttEssence``.
        dont_start_yet: do not start its thread; ``start()`` does.

    Raises:
        ttRunningError: its context has finished.

    >>> class Worker(ttTonic):
    ...     def ttsc__square(self, number, asker):
    ...         asker.ttse__on_result(number * number)
    >>> class Boss(ttTonic):
    ...     def ttse__on_start(self):
    ...         worker = self.bind(Worker, catalyst=ttCatalyst(name="engine"))
    ...         worker.ttsc__square(12, self)
    ...
    ...     def ttse__on_result(self, result):
    ...         print(result)
    ...         self.finish()
    >>> class App(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...
    ...     def creating_starting_tonics(self):
    ...         Boss()
    >>> app = App()
    144
    """

    # What every order reads or writes: slots are the fastest to reach, and so many attributes share no keys otherwise.
    __slots__ = (
        "after", "began_ns", "claim", "is_open", "orders", "put", "run_number", "running", "sleeping", "take", "via",
    )  # fmt: skip

    _tt_is_catalyst = True

    begins_held: ClassVar[bool] = False
    """Whether the brake holds all catalysts, also those that are yet to come."""
    make_guard: ClassVar[Callable[[ttCatalyst], Guard] | None] = None
    """Makes what asks the breakpoints of a catalyst; ``None`` with none set."""
    _tt_driver_class: ClassVar[type[Driver]] = ThreadDriver
    is_outside = False
    keeps_frames: ClassVar[bool] = False
    """Whether what a failed sparkle held has to die in this catalyst's thread, as Qt's objects have to."""

    def __init__(
        self,
        name: str | None = None,
        context: ttEssence | int | None = None,
        log_mode: ttLog | int | str | None = None,
        dont_start_yet: bool = False,
        **kwargs: Any,
    ) -> None:
        self.orders: deque[Order] = deque()
        self.put: Callable[[Order], None] = self.orders.append
        self.take: Callable[[], Order] = self.orders.popleft
        """Takes the next order, to run it: the queue's own, or that of a guard."""
        self.guard: Guard | None = None
        """Asks the breakpoints, while some are set."""
        self.is_open = False
        """Whether other threads may just append: it has a thread, and orders are not recorded."""
        self.claim: Any = NOBODYS
        """Owned by its thread, once it has one."""
        self._ident: int | None = None
        self.idle_via = "outside"
        """What calls while none of its sparkles runs: ``outside``, or ``qt``."""
        self.running: Any = None
        """Whose sparkle runs now; ``None`` between sparkles. Other threads may look."""
        self.via: int | str = self.idle_via
        """Which of its sparkles (a slot), or a word for what else calls: ``timer``, ``qt``."""
        self.run_number = 0
        """The number of the run while orders are recorded, else 0."""
        self.after: list[tuple[ttTonic, int | None]] = []
        """State changes asked for during the sparkle that runs, by whom; ``None`` for the state it is in."""
        self.timers = TimerHeap()
        self.wishes = Wishes()
        self.errands: deque[Callable[[], None]] = deque()
        self._owed = 0
        """How many orders are owed a run for the errands of this turn."""
        self._last_free: Order | None = None
        """The last order that waited before the errands of this turn were counted: none up to it has to wait for others."""
        self._errands_took_ns = 0
        self._marks_met = 0
        """How often the queue was freed of marks."""
        self._marked_at = -1
        """What ``_marks_met`` was when the last mark for an errand was put: while it still is, that mark stands for all."""
        self.sleeping = False
        self.has_ended = False
        self.is_held = False
        self.releases = self.void_releases = 0
        """How often it was to be let go, and how many of these do not count, as a breakpoint was hit since they were asked for."""
        self.steps = 0
        self.walk: Walk | None = None
        """Says before each step whether it may be taken, while somebody walks; see ``walking``."""
        self.living = 0
        self.ordinary = 0
        self.sparkles_run = 0
        self.busy_ns = 0
        self._held_since_ns = 0
        self.began_ns = 0
        self.adapts = False
        """Whether batches are kept short even without timers, for a loop that has other things to do."""
        self.before_order: Callable[[Order], None] | None = None
        """Who turns it by hand, one order at a time, and hears of each before it runs; ``None`` in a running app."""
        self._batch = LONG_BATCH
        self._batch_began_ns = 0
        self._driver: Driver = self._tt_make_driver()
        self._dont_start_yet = dont_start_yet
        self._is_started = False
        self.is_main = False
        self.had_ordinary = False
        self.closes = False
        """Whether what is born here from now on is asked to finish at once."""
        super().__init__(name, context, log_mode, **kwargs)
        self.ledger.enter_catalyst(self)
        self.is_main = self.ledger.main_catalyst is self
        if self.is_main:
            # What is created and called before it turns is on the thread that will turn it.
            self._own()
        with levels.lock:
            self._choose_loop()
            levels.enter(self)
            if ttCatalyst.make_guard is not None:
                self.be_guarded()

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        ledger = ttLedger()
        if ledger.in_place_of_main is not None and ledger.main_catalyst is None:
            return super().__new__(ledger.in_place_of_main(cls))
        return super().__new__(cls)

    def _tt_make_driver(self) -> Driver:
        return self._tt_driver_class()

    @property
    def driver(self) -> Driver:
        """What turns it."""
        return self._driver

    def _tt_find_catalyst(self, given: Any) -> Any:
        return self

    def _tt_settle(self, catalyst: Any) -> None:
        with self.ledger.lock:
            self._tt_catalyst = self
            finishes = self._tt_at_birth == FINISHES
        self._tt_is_born()
        send(self, self._tt_class.on_start, 0, ())
        if finishes:
            self._tt_begin_to_finish()

    def _tt_is_made(self) -> None:
        super()._tt_is_made()
        if not (self.is_main or self._dont_start_yet) and self.ledger.turning:
            self.start()

    def _tt_undo_birth(self) -> None:
        self.has_ended = True
        super()._tt_undo_birth()

    # -- turning ----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start its thread. Any thread; harmless for the main one, or when it has been started."""
        with self.ledger.lock:
            if self.is_main or self._is_started or self.has_ended:
                return
            self._is_started = True
        if self.ledger.hand is not None:
            self._driver = self.ledger.hand.driver_for(self)
        self._driver.start(self)
        thread = self._driver.thread()
        if thread is not None:
            self.ledger.threads.append(thread)

    @property
    def ident(self) -> int | None:
        """The ident of its thread, ``None`` before it has one."""
        return self._ident

    def is_turning(self) -> bool:
        """Whether its thread has been started, or runs it now."""
        return self._is_started or self._ident is not None

    def began(self, thread_id: int, driver: str) -> None:
        """The driver turns from here on. In the catalyst's thread."""
        with levels.lock:
            self._own()
            self._choose_loop()
        if stream.active:
            name = threading.current_thread().name
            stream.emit(CatalystBegan(clock.now_ns(), self._tt_id, driver, name, thread_id))  # type: ignore[arg-type]
        if ttCatalyst.begins_held and not self.ledger.ending_since_ns:
            hold_now(self)

    def stopped_turning(self) -> None:
        """The driver turns no more. In the catalyst's thread."""
        self.has_ended = self.sleeping = True  # it never sees what is queued from now on: ``rouse`` does
        self._drain()
        if stream.active:
            stream.emit(CatalystEnded(clock.now_ns(), self._tt_id))
            stream.hand_over()

    def _own(self) -> None:
        """This thread is the one that runs it from here on."""
        self._ident = threading.get_ident()
        self.claim = claim()
        self._tell_callers()

    def _tell_callers(self) -> None:
        """Have calls take the way that fits what readers want now."""
        self.is_open = self.claim is not NOBODYS and stream.level < Level.FLOW

    def belongs_to_this_thread(self) -> None:
        """This thread runs it from here on: by hand, or to end what it runs when it never turned."""
        with levels.lock:
            self._own()

    def belongs_to_no_thread(self) -> None:
        """It is turned by hand and rests: until its turn comes, this thread is as foreign to it as any other."""
        with levels.lock:
            self._ident, self.claim = None, NOBODYS
            self._tell_callers()

    def is_own_thread(self) -> bool:
        """Whether the thread that asks is the one that runs it."""
        return self.claim._is_owned()  # type: ignore[no-any-return]

    def turn(self) -> bool:
        """Run what is due and a batch of orders; true when nothing is left to run. In the catalyst's thread."""
        try:
            owed = self._run_errands() if self.errands else 0
            if self.timers.pending or self.adapts:
                adapt_batch(self)
                if self.timers.is_due(self._batch_began_ns) and not self.is_held:
                    fire_due_timers(self)
            elif self._batch < LONG_BATCH:
                self._batch = LONG_BATCH  # the last timer was cancelled
            if owed and run_owed(self, owed):
                return False
            return self._turn(self)
        except EndOfBatch:
            self._marks_met += 1
            return False
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt) and threading.current_thread() is threading.main_thread():
                raise
            # Neither Exception nor Ctrl+C: a cancelled future, a test's own outcome. It must not stop the catalyst either.
            self.failed(self._outside_order(), error)
            self._walk_states()
            return False
        finally:
            self.running, self.via = None, self.idle_via

    def _choose_loop(self) -> None:
        """Have the loop run that fits from now on: what readers want, the brake or whose it is has changed."""
        with levels.lock:
            self._turn = choose_turn(self)

    def _walk_states(self) -> None:
        """Carry out the state changes that the sparkle that ran has asked for."""
        after, guard = self.after, self.guard
        while after:
            tonic, index = after.pop(0)
            old = tonic._tt_state
            tonic._tt_change_state(index)
            if guard is not None:
                guard.has_switched(tonic, old, tonic._tt_state)

    def run_hook(self, tonic: ttTonic, slot: int, handler: Handler) -> None:
        """Run an ``on_enter``, ``on_exit`` or ``on_finished`` as part of what runs now. In the catalyst's thread."""
        cause = self.running, self.via, self.run_number
        timed = stream.level >= Level.FLOW
        number, begin_ns = (next(numbers), clock.now_ns()) if timed else (0, 0)
        self.running, self.via, self.run_number = tonic, slot, number
        order = (tonic, slot, 0, None, *cause, cause[2], begin_ns)
        state = tonic._tt_state
        flags = HOOK
        try:
            handler(tonic)
        except SURVIVED as error:
            flags |= ERROR
            self.failed(order, error)
        finally:
            self.running, self.via, self.run_number = cause
        if stream.level >= Level.RUNS:
            stream.rows.append((order, begin_ns, clock.now_ns() if timed else 0, state, state, flags, number))

    def failed(self, order: Order, error: BaseException) -> None:
        """What runs as ``order`` raised. Never raises itself."""
        undo_births()
        if self.guard is not None:
            self.guard.has_failed(order, error)
        report_failure(self.ledger, order, error)

    def _outside_order(self) -> Order:
        """For an error of what is no sparkle: a timer's plain function, an errand."""
        return (self.running, self.via, 0, None, None, self.idle_via)

    # -- the queue --------------------------------------------------------------------------------------------------

    def accept(self, order: Order, own: bool) -> None:
        """Queue an order; ``own``: this is the catalyst's thread. Any thread."""
        if len(order) == RECORDED:
            stream.rows.append(order)
        if own:
            self.put(order)
            return
        self.orders.append(order)
        if self.sleeping or self.has_ended:
            self.rouse()

    def rouse(self) -> None:
        """Something was queued while it slept, or after its end. Any thread."""
        self._driver.wake()
        if self.has_ended:
            self._drain()

    def accept_first(self, order: Order) -> None:
        """Queue an order before all others. Any thread."""
        self.orders.appendleft(order)
        if self.sleeping or self.has_ended:
            self.rouse()

    def at_boundary(self, errand: Callable[[], None]) -> None:
        """Have something done in the catalyst's thread between two orders, as soon as possible, held or not.

        It is no order and leaves no trace in the stream, and no order that is queued after it overtakes it. Orders that wait
        get on all the same: a turn runs about as many of them as errands. Any thread.
        """
        self.errands.append(errand)
        met = self._marks_met
        # One mark stands for all errands that wait. It is noted after it was put and with the count read before: what
        # has met it meanwhile has counted on, so a mark that is gone never passes for one that is still there.
        if self._marked_at != met:
            self.orders.appendleft(END_OF_BATCH)
            self._marked_at = met
        if self.sleeping or self.has_ended:
            self.rouse()

    def for_a_look(self, errand: Callable[[], None], *, is_next: bool = False) -> None:
        """The same for who only watches; ``is_next``: a further portion of a long errand, from the one before. Any thread.

        An app that is run by hand for somebody outside rests between two of their wishes, and is not turned for a look.
        """
        hand = self.ledger.hand
        if hand is not None and hand.is_steered and self.before_order is not None:
            hand.look(self, errand)
        elif is_next:
            self.at_next_turn(errand)
        else:
            self.at_boundary(errand)

    def at_next_turn(self, errand: Callable[[], None]) -> None:
        """The same after the next batch: for long errands that are done in portions. From an errand."""
        self.errands.append(errand)

    def _run_errands(self) -> int:
        """Run the errands that wait now, not those they leave behind; returns how many orders are owed a run for that.

        Errands end batches. If they come faster than turns, each batch would end before its first order: so as many orders
        as errands are owed a run, of those that waited before the errands were counted. No errand that comes later has to
        go before one of these.
        """
        waits = skip_marks(self)
        self._last_free = self.orders[-1] if waits else None
        self._marks_met += 1
        began_ns, self._owed = clock.now_ns(), len(self.errands)
        for _ in range(self._owed):
            self._run_errand(self.errands.popleft())
        self._errands_took_ns = clock.now_ns() - began_ns
        return self._owed if waits else 0

    def _run_errand(self, errand: Callable[[], None]) -> None:
        try:
            errand()
        except SURVIVED as error:
            self.failed(self._outside_order(), error)

    def has_work(self) -> bool:
        """Whether ``turn`` would find something besides timers."""
        if self.errands:
            return True
        return bool(self.orders) and (not self.is_held or self.steps > 0)

    def _drain(self) -> None:
        """It has ended: say what will not run."""
        while True:
            try:
                order = self.orders.popleft()
            except IndexError:
                return
            if order is not END_OF_BATCH and not order[0]._tt_class.sparkles[order[1]].is_system:
                drop_order(order, "ended")

    # -- timers -----------------------------------------------------------------------------------------------------

    def next_due_ns(self) -> int | None:
        """When the next timer is due; ``None`` with none pending or while held."""
        return None if self.is_held else self.timers.next_due_ns()

    def timers_now_ns(self) -> int:
        """The time by which timers go: it stands still while this is held. In the catalyst's thread."""
        return self._held_since_ns if self.is_held else clock.now_ns()

    def timers_changed(self) -> None:
        """A timer was entered. In the catalyst's thread: batches must be short from now on."""
        if self._batch == LONG_BATCH:
            self._batch = 1
            self.orders.appendleft(END_OF_BATCH)
        if self.sleeping:
            self._driver.wake()  # set from a slot of Qt, between two slices

    # -- the brake --------------------------------------------------------------------------------------------------

    def hold(self) -> None:
        """Run nothing more after the sparkle that runs now. Any thread."""
        self.for_a_look(partial(hold_now, self))

    def release(self) -> None:
        """Run on. Timers have stood still meanwhile. Any thread."""
        self.releases += 1
        self.for_a_look(partial(release_now, self, self.releases))

    def step(self, orders: int = 1) -> None:
        """While held, let this many ``orders`` run. Any thread."""
        self.at_boundary(partial(step_now, self, orders))

    def drop_next(self) -> None:
        """While held, take the next order of a tonic away; the framework's own stay. Any thread."""
        self.at_boundary(partial(drop_next_now, self))

    def call_first(self, call: Callable[[], None]) -> None:
        """Have a sparkle of one of its tonics called so that it runs before all that wait. Any thread."""
        self.at_boundary(partial(call_now, self, call))

    def be_guarded(self) -> None:
        """The breakpoints are others from now on. Any thread, under the lock of the loops."""
        if self.has_ended:
            return
        self.guard = None if ttCatalyst.make_guard is None else ttCatalyst.make_guard(self)
        self.take = self.orders.popleft if self.guard is None else self.guard.take
        self._choose_loop()
        self.orders.appendleft(END_OF_BATCH)
        if self.sleeping:
            self._driver.wake()

    # -- observation ------------------------------------------------------------------------------------------------

    def level_changed(self, level: Level) -> None:
        """What readers want has changed. Any thread, under the lock of the loops."""
        if self.has_ended:
            return
        self._tell_callers()
        self._choose_loop()
        self.orders.appendleft(END_OF_BATCH)
        if self.sleeping:
            self._driver.wake()

    def heartbeat(self) -> tuple[int, int, int, int, int, int]:
        """Depth, id of the essence inside (-1: idle), its sparkle's id, since when, sparkles run, busy ns. Any thread."""
        tonic, via = self.running, self.via
        if tonic is None or tonic.__class__ is Mark or not isinstance(via, int):
            return len(self.orders), -1, 0, 0, self.sparkles_run, self.busy_ns
        sparkles = tonic._tt_class.sparkles
        # Seen in the middle of a switch, the slot is still that of the tonic before.
        sparkle = sparkles[via].id if via < len(sparkles) else 0
        return len(self.orders), tonic._tt_id, sparkle, self.began_ns, self.sparkles_run, self.busy_ns

    # -- who runs here, and the end ---------------------------------------------------------------------------------

    def has_let_go(self, tonic: ttTonic) -> None:
        """A tonic has left the ledger too: see what else ends with it. Any thread."""
        if tonic is not self:
            shutdown.after_leaving(self, tonic)

    def finish(self) -> None:
        """End this catalyst with everything that runs on it; the main one ends the app. Any thread."""
        if self.is_main:
            shutdown.end_app(self.ledger)
        else:
            super().finish()
            self.turns_for_the_end()

    def turns_for_the_end(self) -> None:
        """Something that runs here is to end: see that it can, also when nobody has started the thread yet. Any thread."""
        if self.ledger.turning:
            self.start()
            self.watch_the_end()

    def watch_the_end(self) -> None:
        """Something ends, or is to: see that the app does not wait for ever for a sparkle that does not return. Any thread."""
        shutdown.watch(self.ledger)

    def _ttss__main_catalyst_finished(self) -> None:
        """The app ends. Override to end differently; the default finishes its ordinary tonics, the youngest first."""
        self.closes = True
        shutdown.finish_tonics(self, ordinary_only=True)
        shutdown.proceed_soon(self.ledger)

    def _ttss__app_end(self) -> None:
        shutdown.proceed(self.ledger)

    def _tt_stop(self) -> None:
        super()._tt_stop()
        self.closes = True
        shutdown.finish_tonics(self, ordinary_only=False)

    def give_up(self) -> None:
        """Turn no more, whatever is left. In the catalyst's thread."""
        self.has_ended = True
        self.accept_first(END_OF_BATCH)
        levels.leave(self)

    def _tt_still_waits(self) -> bool:
        return self.living > 0

    def _tt_end_if_empty(self) -> None:
        if self._tt_stage == ENDING and not self.living:
            drive_ending(self)

    def _tt_after_leaving(self) -> None:
        super()._tt_after_leaving()
        self.give_up()
        shutdown.proceed_soon(self.ledger)


def _forget_hold_in_child() -> None:
    """In a forked child: what held the parent's catalysts holds none of its own."""
    ttCatalyst.begins_held = False


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_hold_in_child)
