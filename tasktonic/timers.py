"""Timers: essences that call a sparkle after a while. They live on their tonic's catalyst and end with the tonic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from . import clock
from .current import current_run
from .endings import ALIVE, ASKED, ENDED, MAKING, STOPPING
from .errors import ttRunningError, ttTimerError
from .essence import ttEssence
from .events import TimerFired, TimerSet, TimerStopped
from .nursery import Nursery
from .stream import stream
from .wishes import CHANGE, PAUSE, PAUSED, PAUSED_ANEW, RESTART, RESUME, RUNS, RUNS_ANEW, START, STOP, STOPPED, Wish

SparkleBack = Callable[[dict[str, Any]], Any]


class ttTimer(ttEssence):
    """What all timers share. Use one of its subclasses.

    Whatever asks for a time goes by the clock of its catalyst, which stands still while the catalyst is held.

    Args:
        seconds, minutes, hours, days: the duration; they add up.
        name: names the timer, and with it the sparkle it looks for: ``ttse__on_<name>``.
        context: the tonic it belongs to; left out, the one that creates it.
        sparkle_back: what to call, with a dict of the timer's ``id`` and ``name``; left out, ``ttse__on_<name>`` of the context
            if it has one in any state, else ``ttse__on_timer``.

    Raises:
        ttTimerError: the duration is negative or not a number, or there is nothing to call.
        ttRunningError: it has no catalyst: it was created outside of any tonic.

    Its methods may be called from any thread. It fires in its catalyst's, and ends with its context. What other threads ask
    of it is done after the sparkle that runs then; of what was asked until then only what it comes to is done, and told.

    >>> class Clock(ttTonic):
    ...     def ttse__on_start(self):
    ...         self.timer = self.bind(ttTimerSingleShot, seconds=0.01, name="alarm").pause()
    ...         print(self.timer.is_running)
    ...         self.timer.resume()
    ...
    ...     def ttse__on_alarm(self, info):
    ...         print("ring", info["name"])
    ...         self.finish()
    >>> class App(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...
    ...     def creating_starting_tonics(self):
    ...         Clock()
    >>> app = App()
    False
    ring alarm
    """

    _repeats = False
    _tt_tells_birth_later = True
    _entry: int | None = None
    """Its key among the pending timers; ``None`` while it does not run."""
    _remaining_ns: int | None = None
    """What is left while paused; ``None`` when it is not paused."""
    _steps: list[tuple[Callable[[], None], Wish, Any]] | None = None
    """What was asked for while ``__init__`` ran, a subclass's too: it begins when that is through."""

    def __init__(
        self,
        seconds: float = 0.0,
        minutes: float = 0.0,
        hours: float = 0.0,
        days: float = 0.0,
        name: str | None = None,
        context: ttEssence | int | None = None,
        sparkle_back: SparkleBack | None = None,
    ) -> None:
        self._period_ns = _duration_ns(self, seconds, minutes, hours, days)
        self._come_to_life(name, context, sparkle_back)

    def _come_to_life(
        self, name: str | None, context: ttEssence | int | None, sparkle_back: SparkleBack | None
    ) -> None:
        super().__init__(name, context)
        self._tt_catalyst = self._find_catalyst()
        self._tt_is_born()
        self._back, self._callback = self._find_callback(name, sparkle_back)
        if not self._tt_catalyst.is_own_thread():
            self.start()  # else it begins when it is made, without an order for that

    def _find_catalyst(self) -> Any:
        above = self._tt_context
        while above is not None and above._tt_catalyst is None:
            above = above._tt_context
        catalyst = above._tt_catalyst if above is not None else self.ledger.main_catalyst
        if catalyst is None:
            raise ttRunningError(
                f"{type(self).__name__}: there is no catalyst to run it. Create timers inside a tonic."
            )
        return catalyst.catalyst if catalyst.__class__ is Nursery else catalyst

    def _find_callback(self, name: str | None, given: SparkleBack | None) -> tuple[SparkleBack, str]:
        if given is not None:
            return given, getattr(given, "__name__", type(given).__name__)
        context = self._tt_context
        slots = context._tt_class.slot_by_name if context is not None else {}
        if not name and "ttse__on_timer" in slots:
            return context.ttse__on_timer, "ttse__on_timer"  # type: ignore[union-attr]
        wanted = [f"ttse__on_{name}"] if name else []
        for called in (*wanted, "ttse__on_timer"):
            if called in slots:
                return getattr(context, called), called
        owner = "a timer at top level" if context is None else f"{context.name}"
        raise ttTimerError(
            f"{type(self).__name__}: {owner} has no {' or '.join((*wanted, 'ttse__on_timer'))} to call. "
            "Add that sparkle, or pass sparkle_back=…"
        )

    # -- what users do ----------------------------------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        """Whether it is going to fire."""
        return self._entry is not None

    def start(self) -> Self:
        """Begin to run, with the whole duration; a running one goes on as it is. Any thread.

        A paused one forgets what was left.
        """
        return self._do(self._start, START)

    def stop(self) -> Self:
        """Run no more until ``start``. Any thread; also inside its own callback."""
        return self._do(self._stop, STOP)

    def restart(self) -> Self:
        """Begin anew, with the whole duration, whether it runs, is paused or has stopped. Any thread.

        For a single shot that has fired it is too late: it has finished.
        """
        return self._do(self._begin, RESTART)

    def change_period(self, seconds: float = 0.0, minutes: float = 0.0, hours: float = 0.0, days: float = 0.0) -> Self:
        """Take another duration. Any thread.

        A running timer begins anew with it; a stopped one takes it when it starts. A paused one first goes on with what was
        left, and takes it afterwards; if nothing of its duration was gone, as for a ``ttTimerPausing`` that has fired, it
        takes it at once.

        Raises:
            ttTimerError: the duration is negative or not a number.
        """
        return self._change(_duration_ns(self, seconds, minutes, hours, days))

    def pause(self) -> Self:
        """Stand still, keeping what is left; nothing happens if it does not run. Any thread."""
        return self._do(self._pause, PAUSE)

    def resume(self) -> Self:
        """Go on with what was left when it was paused; nothing happens if it is not paused. Any thread."""
        return self._do(self._resume, RESUME)

    # -- in the catalyst's thread --------------------------------------------------------------------------------------

    def _do(self, step: Callable[[], None], wish: Wish, change: Any = None) -> Self:
        """Take a step now if this is the catalyst's thread, else ask for what comes to the same."""
        if self._tt_stage == MAKING:
            if self._steps is None:
                self._steps = []
            self._steps.append((step, wish, change))
            if self._tt_stage != MAKING:  # it has just been made, by another thread
                self._do_steps()
        elif self._tt_stage < ASKED:
            catalyst = self._tt_catalyst
            if catalyst.is_own_thread():
                step()
            else:
                catalyst.wishes.ask(catalyst, self, wish, change)
        return self

    def _tt_is_made(self) -> None:
        super()._tt_is_made()
        if self._tt_catalyst.is_own_thread() and self._tt_stage == ALIVE:
            self._start()
        if self._steps:
            self._do_steps()

    def _do_steps(self) -> None:
        try:
            while self._steps:
                self._do(*self._steps.pop(0))
        except IndexError:
            return  # the thread that gave an order at the last moment has done the rest

    def _start(self) -> None:
        if self._entry is None:
            self._begin()

    def _begin(self) -> None:
        """Run from now on with the whole duration."""
        self._set_due(self._tt_catalyst.timers_now_ns() + self._period_ns)

    def _stop(self) -> None:
        if self._entry is not None:
            remaining_ns = self._left_ns()
            self._take_out()
            self._tell_stopped(remaining_ns)
        self._remaining_ns = None

    def _pause(self) -> None:
        if self._entry is not None:
            self._remaining_ns = self._left_ns()
            self._take_out()
            self._tell_stopped(self._remaining_ns)

    def _resume(self) -> None:
        if self._entry is None and self._remaining_ns is not None:
            self._set_due(self._tt_catalyst.timers_now_ns() + self._remaining_ns)

    def _change(self, to: Any) -> Self:
        return self._do(lambda: self._carry_out(CHANGE, to), CHANGE, to)

    def _take(self, change: Any) -> None:
        self._period_ns = change

    def _stands(self) -> int:
        if self._entry is not None:
            return RUNS
        if self._remaining_ns is None:
            return STOPPED
        return PAUSED_ANEW if self._remaining_ns == self._period_ns else PAUSED

    def _carry_out(self, wish: Wish, change: Any) -> None:
        if self._tt_stage >= ASKED:
            return
        stands = self._stands()
        to = wish[stands]
        if change is not None:
            self._take(change)
        if to == STOPPED:
            self._stop()
        elif to == RUNS:
            self._resume()
        elif to == RUNS_ANEW:
            self._begin()
        elif to == PAUSED:
            self._pause()
        elif stands == PAUSED_ANEW:
            self._remaining_ns = self._period_ns
        else:
            self._begin()
            self._pause()

    def _left_ns(self) -> int:
        return max(0, self._due_ns_now() - int(self._tt_catalyst.timers_now_ns()))

    def _due_ns_now(self) -> int:
        # The heap may have moved it (the brake does), so the heap is asked.
        return 0 if self._entry is None else int(self._tt_catalyst.timers.due_ns(self._entry))

    def _set_due(self, due_ns: int) -> None:
        catalyst = self._tt_catalyst
        if self._entry is not None:
            catalyst.timers.remove(self._entry)
        if self._remaining_ns is not None:
            self._remaining_ns = None
        self._entry = catalyst.timers.add(due_ns, self)
        catalyst.timers_changed()
        if stream.active:
            self._tell_set(current_run())

    def _take_out(self) -> None:
        if self._entry is not None:
            self._tt_catalyst.timers.remove(self._entry)
            self._entry = None

    def _tell_set(self, run: int) -> None:
        if stream.active:
            period_ns = self._period_ns if self._repeats else 0
            stream.emit(TimerSet(clock.now_ns(), self._tt_id, self._due_ns_now(), period_ns, self._callback, run))  # type: ignore[arg-type]

    def re_entered(self, entry: int) -> None:
        """The heap has given it another key."""
        self._entry = entry

    def _tell_stopped(self, remaining_ns: int) -> None:
        if stream.active:
            stream.emit(TimerStopped(clock.now_ns(), self._tt_id, remaining_ns, current_run()))

    def fire(self, now: int) -> None:
        """It is due: the catalyst says so. In its thread."""
        if self._tt_stage >= ASKED:
            return
        due_ns, self._entry = self._due_ns_now(), None
        if stream.active:
            stream.emit(TimerFired(now, self._tt_id, 0))
        self._go_on(due_ns, now)
        try:
            self._back({"id": self._tt_id, "name": self.name})
        finally:
            if not self._repeats:
                self.finish()

    def _go_on(self, due_ns: int, now: int) -> None:
        """What comes after a firing. Before the callback is called, so that it may stop or restart the timer."""

    def finish(self) -> None:
        """End this timer: it fires no more. Any thread; harmless when it has finished already."""
        catalyst, context = self._tt_catalyst, self._tt_context
        # Nearly all timers are children of a living tonic of this very thread, have nothing below them, and nobody is to hear
        # of their end. Then all of endings.py comes down to these steps, at a third of the cost.
        if (
            stream.active
            or context is None
            or context._tt_catalyst is not catalyst
            or not catalyst.is_own_thread()
            or self._tt_children
            or self._tt_services
            or self._tt_undos
        ):
            return super().finish()
        ledger = self.ledger
        with ledger.lock:
            is_ours = self._tt_stage == ALIVE and context._tt_stage < STOPPING
            if is_ours:
                self._tt_stage = ENDED
                context._tt_children.pop(self._tt_id, None)  # type: ignore[union-attr]  # it is one of them
        if not is_ours:
            return super().finish()
        if self._entry is not None:
            self._take_out()
        ledger.leave(self)
        if self._tt_name is not None or type(context).binding_finished is not ttEssence.binding_finished:
            context._tt_hear_of_end(self, self._tt_name)
        return None

    def _tt_stop(self) -> None:
        catalyst = self._tt_catalyst
        if self._entry is not None:
            if catalyst.is_own_thread():
                self._take_out()
            else:
                catalyst.at_boundary(self._take_out)

    def _tt_tell_present(self) -> None:
        """For a snapshot: say when it is due. In the catalyst's thread."""
        if self._entry is not None:
            self._tell_set(0)


class ttTimerSingleShot(ttTimer):
    """Fires once, then finishes.

    >>> class Clock(ttTonic):
    ...     def ttse__on_start(self):
    ...         self.bind(ttTimerSingleShot, seconds=0.01)
    ...
    ...     def ttse__on_timer(self, info):
    ...         print("time is up")
    ...         self.finish()
    >>> class App(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...
    ...     def creating_starting_tonics(self):
    ...         Clock()
    >>> app = App()
    time is up
    """

    def fire(self, now: int) -> None:
        """As every timer does it, without what is for those that go on."""
        if self._tt_stage >= ASKED:
            return
        self._entry = None
        if stream.active:
            stream.emit(TimerFired(now, self._tt_id, 0))
        try:
            self._back({"id": self._tt_id, "name": self.name})
        finally:
            self.finish()


class ttTimerRepeat(ttTimer):
    """Fires again and again. It keeps its phase, and after a stall it skips what it missed instead of bursting.

    Raises:
        ttTimerError: the duration is zero.

    >>> class Clock(ttTonic):
    ...     def ttse__on_start(self):
    ...         self.left = 3
    ...         self.bind(ttTimerRepeat, seconds=0.01, name="tick")
    ...
    ...     def ttse__on_tick(self, info):
    ...         self.left -= 1
    ...         print("left:", self.left)
    ...         if not self.left:
    ...             self.finish()
    >>> class App(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...
    ...     def creating_starting_tonics(self):
    ...         Clock()
    >>> app = App()
    left: 2
    left: 1
    left: 0
    """

    _repeats = True

    def _go_on(self, due_ns: int, now: int) -> None:
        missed = (now - due_ns) // self._period_ns
        self._entry = self._tt_catalyst.timers.add(due_ns + (missed + 1) * self._period_ns, self)


class ttTimerPausing(ttTimerRepeat):
    """Fires, then stands still with the whole duration left until ``resume()``; again and again.

    >>> class Clock(ttTonic):
    ...     def ttse__on_start(self):
    ...         self.left = 2
    ...         self.timer = self.bind(ttTimerPausing, seconds=0.01)
    ...
    ...     def ttse__on_timer(self, info):
    ...         print("working")
    ...         self.left -= 1
    ...         self.timer.resume() if self.left else self.finish()
    >>> class App(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...
    ...     def creating_starting_tonics(self):
    ...         Clock()
    >>> app = App()
    working
    working
    """

    def _go_on(self, due_ns: int, now: int) -> None:
        self._remaining_ns = self._period_ns
        self._tell_stopped(self._period_ns)


def _duration_ns(timer: ttTimer, seconds: float, minutes: float, hours: float, days: float) -> int:
    try:
        duration_ns = round((seconds + 60 * minutes + 3600 * hours + 86400 * days) * 1_000_000_000)
    except (TypeError, ValueError, OverflowError):
        duration_ns = -1
    if duration_ns < 0 or (timer._repeats and duration_ns == 0):
        wanted = "more than 0" if timer._repeats else "0 or more"
        raise ttTimerError(
            f"{type(timer).__name__}: a duration of seconds={seconds!r}, minutes={minutes!r}, hours={hours!r}, days={days!r} "
            f"cannot be; it must be {wanted} seconds in all."
        )
    return duration_ns
