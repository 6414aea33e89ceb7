"""ttFormula: what an app is made of. Settings, the main catalyst, the tonics it starts with; constructing it runs the app."""

from __future__ import annotations

import itertools
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import FrameType
from typing import Any, ClassVar, Final

from . import clock, shutdown
from .catalyst import ttCatalyst
from .current import acting
from .endings import drive_ending
from .errors import ttRunningError, ttSettingError, ttShutdownError
from .events import AppBegan, LevelSet
from .failures import POLICIES
from .ledger import ttLedger
from .log_levels import ttLog
from .loggers import close_targets, open_targets
from .stream import stream
from .values import message_of

JOIN_S: Final = 1.0
"""How long the threads of catalysts that have ended may take to return."""

_next_app = itertools.count(1).__next__

before_app: Final[list[Callable[[], None]]] = []
"""Called when an app begins, before anything of it is made: the probe enters here."""

after_app: Final[list[Callable[[], None]]] = []
"""Called when an app has ended, after its last event: a recorder that was started for it ends here."""


class ttFormula:
    """An app. Override the three hooks; constructing the class runs the app and returns when it has ended.

    It ends when the last ordinary tonic of its main catalyst has finished. One that never had any waits for whoever makes
    the first (a thread, a signal handler), for ``finish()`` or for Ctrl+C. With a distiller as the main catalyst it returns
    at once, and the app runs when the distiller is told to.

    Raises:
        ttRunningError: an app runs in this process already.
        ttShutdownError: a thread did not end within ``tasktonic/shutdown/timeout`` seconds.
        Exception: whatever a hook raised, or a sparkle with the error policy ``stop``.

    The hooks run in the thread that constructs it, which the main catalyst then takes for its own.

    >>> class Hello(ttTonic):
    ...     def ttse__on_start(self):
    ...         print("hello from", self.ledger.formula.get("tasktonic/project/name"))
    ...         self.finish()
    >>> class HelloApp(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off", "tasktonic/project/name": "hello"}
    ...
    ...     def creating_starting_tonics(self):
    ...         Hello()
    >>> app = HelloApp()
    hello from hello
    >>> app.ledger.formula.get("tasktonic/project/status")
    'finished'
    """

    before_app: ClassVar[list[Callable[[], None]]] = before_app
    after_app: ClassVar[list[Callable[[], None]]] = after_app

    def __init__(self) -> None:
        self.ledger = ttLedger.begin_app()
        try:
            with acting(None):
                main = self._build()
            if not self.ledger.formula.get("tasktonic/testing/dont_start_catalysts", False):
                self._run(main)
                if self.ledger.hand is not None:
                    self.ledger.hand.opens(self._after_running)
                else:
                    self._see_that_it_ended_well()
        except BaseException as error:
            self._close(_sentence(error))
            raise
        if self.ledger.hand is None or not self.ledger.hand.is_open:
            self._close("")
        elif self.ledger.steer is not None:
            self.ledger.steer()

    # -- hooks ------------------------------------------------------------------------------------------------------

    def creating_formula(self) -> Iterable[tuple[str, Any]] | Mapping[str, Any] | None:
        """Settings, as pairs of path and value or as a dict."""
        return ()

    def creating_main_catalyst(self) -> None:
        """Make the main catalyst: the first one made here."""
        ttCatalyst(name="main_catalyst")

    def creating_starting_tonics(self) -> None:
        """Make the tonics the app starts with."""

    # -- what users may call ------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """End the app in order. Any thread."""
        shutdown.end_app(self.ledger)

    # -- how it goes --------------------------------------------------------------------------------------------------

    def _build(self) -> ttCatalyst:
        ledger = self.ledger
        ledger.app_number, ledger.began_ns = _next_app(), clock.now_ns()
        ledger.formula.set(
            {
                "tasktonic/project/name": Path(sys.argv[0]).name if sys.argv and sys.argv[0] else "tasktonic",
                "tasktonic/project/started@": time.time(),
                "tasktonic/project/status": "starting",
                "tasktonic/log/to": "screen",
                "tasktonic/log/default": ttLog.QUIET,
                "tasktonic/shutdown/timeout": 5.0,
                "tasktonic/error/policy": "continue",
            }
        )
        settings = self.creating_formula()
        if settings:
            ledger.update_formula(settings if isinstance(settings, Mapping) else list(settings))
        try:
            ledger.default_log_mode = ttLog.of(ledger.formula.get("tasktonic/log/default"))
        except ttSettingError as error:
            raise ttSettingError(f"tasktonic/log/default: {error}") from None
        policy = ledger.formula.get("tasktonic/error/policy")
        if policy not in POLICIES:
            raise ttSettingError(
                f"tasktonic/error/policy = {policy!r}: no such policy; there are {', '.join(POLICIES)}."
            )
        for hook in before_app:
            hook()
        open_targets(ledger)
        ledger.tell_begin = self._tell_begin
        self.creating_main_catalyst()
        ledger.say_that_it_begins()
        main = ledger.main_catalyst
        if main is None:
            raise ttRunningError(
                f"{type(self).__name__}.creating_main_catalyst made no catalyst. Make one there, such as "
                "ttCatalyst(name='main_catalyst'), or call super().creating_main_catalyst()."
            )
        self.creating_starting_tonics()
        return main

    def _tell_begin(self) -> None:
        ledger = self.ledger
        if stream.active:
            name = ledger.formula.get("tasktonic/project/name")
            stream.emit(AppBegan(ledger.began_ns, ledger.app_number, name, clock.wall_ns(), ledger.pid))
            stream.emit(LevelSet(clock.now_ns(), int(stream.level)))

    def _run(self, main: ttCatalyst) -> None:
        ledger = self.ledger
        ledger.formula.set("tasktonic/project/status", "running")
        with _interrupts(self) if ledger.hand is None else nullcontext():
            ledger.turning = True
            for catalyst in ledger.catalysts:
                if not catalyst._dont_start_yet:
                    catalyst.start()
            if not ledger.ordinary and ledger.had_ordinary:
                shutdown.end_app(ledger)
            main.driver.run(main)

    def _after_running(self, problem: str) -> None:
        """A distiller has ended the app; ``problem`` is a sentence when it could not. Raises as the constructor would."""
        try:
            if not problem:
                self._see_that_it_ended_well()
        except BaseException as error:
            problem = _sentence(error)
            raise
        finally:
            self._close(problem)

    def _see_that_it_ended_well(self) -> None:
        ledger = self.ledger
        self._close_pool()
        ledger.formula.set("tasktonic/project/status", "finished")
        until_s = time.monotonic() + JOIN_S
        for catalyst_thread in ledger.threads:
            catalyst_thread.join(max(0.0, until_s - time.monotonic()))
        if ledger.shutdown_problem:
            raise ttShutdownError(ledger.shutdown_problem)
        if ledger.stopped_by is not None:
            raise ledger.stopped_by

    def _close_pool(self) -> None:
        """Wait for offloaded work that still runs, for as long as is left of the time that ending may take."""
        ledger = self.ledger
        if ledger.pool is None:
            return
        left_s = float(ledger.formula.get("tasktonic/shutdown/timeout", 5.0))
        if ledger.hand is None:
            left_s -= (clock.now_ns() - ledger.ending_since_ns) / 1e9
        ledger.shutdown_problem = "\n".join(
            filter(None, (ledger.shutdown_problem, ledger.pool.close(max(0.0, left_s))))
        )

    def _end_by_force(self) -> None:
        ledger = self.ledger
        if not ledger.turning:
            # It never ran: nothing is there to end its essences in order, so end them here.
            for catalyst in ledger.catalysts:
                catalyst.belongs_to_this_thread()
            for essence in reversed(ledger.essences):
                drive_ending(essence)
        for catalyst in ledger.catalysts:
            # It did not end in time, or Ctrl+C came twice: at least it runs nothing more of this app.
            if catalyst.is_own_thread():
                catalyst.give_up()
            else:
                catalyst.at_boundary(catalyst.give_up)

    def _close(self, problem: str) -> None:
        ledger = self.ledger
        try:
            if problem:
                self._end_by_force()
        finally:
            ledger.running = ledger.turning = False
            if ledger.pool is not None:
                ledger.pool.close(0.0)  # by now it is closed, unless it is not to be waited for
            ttCatalyst.begins_held = False
        ledger.app_ended(ledger.app_number, clock.now_ns(), problem)
        close_targets(ledger)
        if ledger.hand is not None:
            ledger.hand.closes()
        for hook in after_app:
            hook()


def _sentence(error: BaseException) -> str:
    return f"{type(error).__name__}: {message_of(error)}"


@contextmanager
def _interrupts(formula: ttFormula) -> Iterator[None]:
    """Ctrl+C ends the app in order, a second one at once. Only where Python delivers it: in the main thread."""
    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    ):
        yield
        return

    def interrupted(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        formula.finish()

    signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
