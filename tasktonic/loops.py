"""The loops that run the orders of a catalyst, and the mark that ends one. This is the hot path of everything.

What keeps it short:

- The handler hangs on the tonic, in a list for the state it is in: choosing is one index, and finishing or finished are
  lists as well, so no test for them is on the way.
- There are several loops: one that knows nothing of observation, one that notes every run, one that notes times too. What
  readers want decides which one is entered. The brake has an entrance of its own, and so has who turns by hand. A
  switch takes place between two orders: a mark put at the front of the queue ends the batch.
- Timers are looked at between batches. Without pending timers batches are long; with some, their length adapts to
  how long sparkles take.

They are functions of the catalyst and not methods, but part of it all the same: they run in its thread only.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice, repeat
from typing import TYPE_CHECKING, Final

from . import clock
from .events import ERROR, IGNORED
from .stream import BLOCK, Level, stream
from .tonic import DROPPED, UNHANDLED
from .work_order import NUMBER, RECORDED, Order, numbers

if TYPE_CHECKING:
    from .catalyst import ttCatalyst

    Turn = Callable[[ttCatalyst], bool]
    """Runs some orders; true when none is left that may run."""

LONG_BATCH: Final = 256
LONGEST_BATCH_WITH_TIMERS: Final = 240
BATCH_NS: Final = 1_000_000
"""With timers pending a batch is kept to about this long."""

SURVIVED: Final = (Exception, SystemExit, GeneratorExit)
"""What a sparkle may raise without stopping its catalyst. ``KeyboardInterrupt`` is the user's and goes through."""


FAILED: Final = object()
"""What stands for the result of a sparkle that raised."""


def _flags(result: object) -> int:
    """What a row says of a run whose handler returned something: hardly ever more than nothing."""
    return IGNORED if result is UNHANDLED else ERROR if result is FAILED else 0


class EndOfBatch(BaseException):
    """Raised by the mark; leaves the loop between two orders."""


class Stopped(EndOfBatch):
    """Raised by a guard: what is first in the queue must not run now."""


class Mark:
    """Looks enough like a tonic to be found in the queue."""

    _tt_state = -1
    _tt_id = -1

    def __init__(self) -> None:
        def end(tonic: object) -> None:
            raise EndOfBatch

        self._tt_handlers = [end]


END_OF_BATCH: Final[Order] = (Mark(), 0, 0, None, None, "outside", 0, 0, 0)


def choose_turn(catalyst: ttCatalyst) -> Turn:
    """The loop that fits what holds a catalyst, who turns it, what readers want and whether breakpoints are set now."""
    turn: Turn = _turn_held
    if not catalyst.is_held:
        turn = _choose_loop(catalyst) if catalyst.before_order is None else _turn_by_hand
    return turn if catalyst.guard is None else catalyst.guard.around(turn)


def _choose_loop(catalyst: ttCatalyst) -> Turn:
    if stream.level < Level.RUNS:
        # Zero as long as nobody has ever wanted times.
        return _turn_dated if catalyst.began_ns else _turn_plain
    return _turn_watched if stream.level < Level.FLOW else _turn_timed


def _turn_plain(catalyst: ttCatalyst) -> bool:
    """Run a batch of orders that nobody notes; true when none is left."""
    take = catalyst.take
    after = catalyst.after
    try:
        for _ in repeat(None, catalyst._batch):
            order = take()
            try:
                tonic, slot, count, argument, _, _ = order
            except ValueError:  # queued while somebody recorded
                tonic, slot, count, argument = order[:4]
            catalyst.running = tonic
            catalyst.via = slot
            try:
                if count == 1:
                    tonic._tt_handlers[slot](tonic, argument)
                elif count == 0:
                    tonic._tt_handlers[slot](tonic)
                elif count > 1:
                    tonic._tt_handlers[slot](tonic, *argument)
                else:
                    tonic._tt_handlers[slot](tonic, *argument[0], **argument[1])
            except SURVIVED as error:
                catalyst.failed(order, error)
            if after:
                catalyst._walk_states()
    except IndexError:
        return True
    return False


def _turn_dated(catalyst: ttCatalyst) -> bool:
    """The same where somebody has wanted times, and may have left them out because there is too much: heartbeats tell since when.

    That of the batch will do. The time of the last run that was noted would make a catalyst look as if it hung since then.
    """
    catalyst.began_ns = clock.now_ns()
    return _turn_plain(catalyst)


def _turn_watched(catalyst: ttCatalyst) -> bool:
    """The same with a row per run, for readers that want runs without times."""
    take = catalyst.take
    note = stream.rows.append
    after = catalyst.after
    try:
        for _ in repeat(None, catalyst._batch):
            order = take()
            try:
                tonic, slot, count, argument, _, _ = order
            except ValueError:  # queued while somebody recorded
                tonic, slot, count, argument = order[:4]
            catalyst.running = tonic
            catalyst.via = slot
            before = tonic._tt_state
            try:
                if count == 1:
                    result = tonic._tt_handlers[slot](tonic, argument)
                elif count == 0:
                    result = tonic._tt_handlers[slot](tonic)
                elif count > 1:
                    result = tonic._tt_handlers[slot](tonic, *argument)
                else:
                    result = tonic._tt_handlers[slot](tonic, *argument[0], **argument[1])
            except SURVIVED as error:
                result = FAILED
                catalyst.failed(order, error)
            if after:
                catalyst._walk_states()
            if result is None:
                note((order, 0, 0, before, tonic._tt_state, 0, 0))
            elif result is not DROPPED:
                note((order, 0, 0, before, tonic._tt_state, _flags(result), 0))
    except IndexError:
        return True
    finally:
        _hand_over_rows(catalyst)
    return False


def _turn_timed(catalyst: ttCatalyst) -> bool:
    """The same with numbers and times. Back to back, the end of one run is the begin of the next: one clock read each."""
    take = catalyst.take
    note = stream.rows.append
    after = catalyst.after
    now_ns = clock.now_ns
    first_ns = begin_ns = now_ns()
    ran = dropped = 0
    try:
        for ran in range(catalyst._batch):  # noqa: B007 - how many have run when it breaks off
            order = take()
            try:
                tonic, slot, count, argument, _, _, _, number, _ = order
            except ValueError:  # queued before anybody counted
                number = next(numbers)
                tonic, slot, count, argument = order[:4]
                order = (*order, 0, number, begin_ns)
            catalyst.running = tonic
            catalyst.via = slot
            catalyst.run_number = number
            catalyst.began_ns = begin_ns
            before = tonic._tt_state
            try:
                if count == 1:
                    result = tonic._tt_handlers[slot](tonic, argument)
                elif count == 0:
                    result = tonic._tt_handlers[slot](tonic)
                elif count > 1:
                    result = tonic._tt_handlers[slot](tonic, *argument)
                else:
                    result = tonic._tt_handlers[slot](tonic, *argument[0], **argument[1])
            except SURVIVED as error:
                result = FAILED
                catalyst.failed(order, error)
            if after:
                catalyst._walk_states()
            if result is DROPPED:
                dropped += 1
                continue
            end_ns = now_ns()
            flags = 0 if result is None else _flags(result)
            note((order, begin_ns, end_ns, before, tonic._tt_state, flags, number))
            begin_ns = end_ns
        ran += 1
    except IndexError:
        return True
    finally:
        catalyst.run_number = 0
        catalyst.sparkles_run += ran - dropped
        catalyst.busy_ns += begin_ns - first_ns
        _hand_over_rows(catalyst)
    return False


def _hand_over_rows(catalyst: ttCatalyst) -> None:
    if len(stream.rows) >= BLOCK:
        stream.make_room()
    elif not catalyst.orders:
        stream.hand_over()


def _turn_held(catalyst: ttCatalyst) -> bool:
    """Held by the brake: nothing runs but what is stepped."""
    waits = skip_marks(catalyst)  # one would use up a step
    catalyst._marks_met += 1
    if catalyst.errands:
        return False  # such as that of a tonic's nursery: it comes before the orders behind it
    if catalyst.steps <= 0 or not waits:
        return True
    if catalyst.walk is not None:
        return catalyst.walk.turn(catalyst, _run_one)
    catalyst.steps -= 1
    try:
        _run_one(catalyst)
    except Stopped:
        raise
    except EndOfBatch:
        catalyst.steps += 1  # a mark that was put since we looked has used none up
        raise
    return catalyst.steps <= 0


def _turn_by_hand(catalyst: ttCatalyst) -> bool:
    waits = skip_marks(catalyst)
    catalyst._marks_met += 1
    if waits and not catalyst.errands:
        _run_one(catalyst)
    return not catalyst.orders


def skip_marks(catalyst: ttCatalyst) -> bool:
    """Take away the marks before the first order; false when there is none. Who calls it counts that they were met."""
    orders = catalyst.orders
    while orders:
        order = orders.popleft()
        if order is not END_OF_BATCH:
            orders.appendleft(order)  # looking first would not do: another thread may put one before it just then
            return True
    return False


def run_owed(catalyst: ttCatalyst, owed: int) -> bool:
    """Run so many orders, of those that waited before the errands of this turn were counted; false when none may run.

    Errands that come meanwhile are for the next turn. They shall not wait long: after the first order it goes on only if
    some have come, else whole batches are faster, and only for as long as the errands of this turn took.
    """
    last, catalyst._last_free = catalyst._last_free, None
    is_held = catalyst.is_held
    if is_held:
        owed = min(owed, catalyst.steps) if catalyst.walk is None else 0
    if last is None or owed <= 0:
        return False
    if last is END_OF_BATCH or catalyst.before_order is not None:
        owed = 1
    until_ns = clock.now_ns() + catalyst._errands_took_ns
    catalyst._marked_at = catalyst._marks_met  # so errands put no marks, but for threads that are just about to
    try:
        while owed and not catalyst.has_ended and skip_marks(catalyst):
            order = catalyst.orders[0]
            catalyst.steps -= is_held
            try:
                _run_one(catalyst)
            except Stopped:
                break
            except EndOfBatch:
                catalyst.steps += is_held
                continue  # put by such a thread since we looked
            owed -= 1
            if order is last or not catalyst.errands or clock.now_ns() > until_ns:
                break
    finally:
        catalyst._marks_met += 1
    return True


def _run_one(catalyst: ttCatalyst) -> None:
    guard = catalyst.guard
    if guard is not None:
        guard.look_ahead()
    order = catalyst.orders[0]
    if catalyst.before_order is not None:
        catalyst.before_order(order)
    before = order[0]._tt_state
    batch, catalyst._batch = catalyst._batch, 1
    try:
        _choose_loop(catalyst)(catalyst)
    except EndOfBatch:
        raise
    except BaseException:
        _note_broken_off(catalyst, order, before)
        raise
    finally:
        catalyst._batch = batch
    if guard is not None:
        guard.settle()


def _note_broken_off(catalyst: ttCatalyst, order: Order, before: int) -> None:
    """The row of a run that ended by what the loops let through, such as a test's own outcome."""
    if stream.level >= Level.FLOW:
        if len(order) != RECORDED:
            order = (*order, 0, next(numbers), catalyst.began_ns)
        after = order[0]._tt_state
        stream.rows.append((order, catalyst.began_ns, clock.now_ns(), before, after, ERROR, order[NUMBER]))


def adapt_batch(catalyst: ttCatalyst) -> None:
    """Keep batches to about a millisecond: how long the last one took says how many orders the next one has."""
    now = clock.now_ns()
    took_ns = now - catalyst._batch_began_ns
    catalyst._batch_began_ns = now
    if catalyst._batch > LONGEST_BATCH_WITH_TIMERS:
        catalyst._batch = 1
    elif took_ns > BATCH_NS:
        catalyst._batch = max(1, catalyst._batch * BATCH_NS // took_ns)
    elif catalyst._batch < LONGEST_BATCH_WITH_TIMERS:
        catalyst._batch = min(2 * catalyst._batch, LONGEST_BATCH_WITH_TIMERS)


def fire_due_timers(catalyst: ttCatalyst) -> None:
    """Fire those that were due when the batch began."""
    now = catalyst._batch_began_ns
    timers = catalyst.timers
    # Not all at once: what they call runs while it is still in the cache, and nobody waits for a thousand timers.
    for timer in islice(timers.take_due(now), LONGEST_BATCH_WITH_TIMERS):
        catalyst.running, catalyst.via = timer, "timer"
        try:
            timer.fire(now)
        except SURVIVED as error:
            catalyst.failed(catalyst._outside_order(), error)
    catalyst.running, catalyst.via = None, catalyst.idle_via
    if not timers.pending and not catalyst.adapts:
        catalyst._batch = LONG_BATCH
