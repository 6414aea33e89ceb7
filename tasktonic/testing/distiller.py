"""ttDistiller: a main catalyst for tests. Nothing runs until it is asked to, and everything that ran is in the trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..catalyst import ttCatalyst
from ..driver import Driver
from ..errors import ttContractError, ttDistillerError, ttShutdownError
from ..essence import ttEssence
from ..ledger import ttLedger
from ..log_levels import ttLog
from ..trace.trace import Trace
from .contract import Contract, names
from .hand import Hand, check_clock
from .printing import print_trace
from .running import Run, Wishes

Names = str | Sequence[str]


class ttDistiller(ttCatalyst):
    """A main catalyst that runs what it is asked to, and tells what ran. Make it in ``creating_main_catalyst``.

    The formula returns at once. All ordinary catalysts of the app are turned by the distiller, in the thread that calls
    ``sparkle``, one sparkle at a time; time is virtual, so that an hour of timers passes in milliseconds.

    Args:
        name: as for ``ttEssence``.
        seed: varies the order in which several catalysts get their turn; 0 lets each run one sparkle after the other. The
            same seed always gives the same trace. What one catalyst sends another keeps its order whatever the seed.
        clock: ``'virtual'``: with nothing queued it jumps to the next timer; ``'real'``: it goes with the clock of the machine;
            ``'auto'``: real as long as a catalyst that waits for the outside world is part of the app, else virtual.
        raise_errors: whether ``sparkle`` raises what a sparkle raised and nobody took.
        context, log_mode: as for ``ttEssence``.

    Raises:
        ttDistillerError: there is no such clock, or it is not made as the main catalyst of a formula.

    >>> class Pulse(ttTonic):
    ...     def ttse__on_start(self):
    ...         ttTimerRepeat(minutes=1)
    ...     def ttse__on_timer(self, info):
    ...         pass
    >>> class App(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...     def creating_main_catalyst(self):
    ...         self.distiller = ttDistiller()
    ...     def creating_starting_tonics(self):
    ...         Pulse(name="pulse")
    >>> distiller = App().distiller
    >>> trace = distiller.sparkle(timeout=3600)
    >>> len(trace.rows("pulse", "ttse__on_timer")), trace["end@"], trace["stop_condition"]
    (60, 3600.0, ['timeout'])
    >>> distiller.finish_distiller()["status"]
    'catalyst finished'
    """

    _hand: Hand | None = None
    _raises_errors = True
    _is_busy = False
    _tt_problems: Sequence[BaseException] = ()
    """What the last call has raised, or would have."""

    def __init__(
        self,
        name: str | None = "main_catalyst",
        seed: int = 0,
        clock: str = "auto",
        raise_errors: bool = True,
        context: ttEssence | int | None = None,
        log_mode: ttLog | int | str | None = None,
    ) -> None:
        self._tt_take_over(seed, clock, raise_errors)
        super().__init__(name, context, log_mode)

    def _tt_take_over(self, seed: int, clock_kind: str, raise_errors: bool) -> None:
        check_clock(clock_kind)
        ledger = ttLedger()
        if not ledger.running or ledger.main_catalyst is not None:
            main = ledger.main_catalyst
            there_is = "no formula is being built" if main is None else f"the app has {main.name} already"
            raise ttDistillerError(
                f"a {type(self).__name__} is the main catalyst of an app, and {there_is}: "
                "make it in creating_main_catalyst of a ttFormula, before any other catalyst."
            )
        self._raises_errors = raise_errors
        self._hand = Hand(ledger, seed, clock_kind)
        self._hand.takes_over()

    def _tt_make_driver(self) -> Driver:
        assert self._hand is not None
        return self._hand

    def _tt_undo_birth(self) -> None:
        super()._tt_undo_birth()
        if self._hand is not None:
            self._hand.closes()

    @property
    def sparkling(self) -> bool:
        """Whether there is something to run: from the end of the formula until the app has finished."""
        return self._hand is not None and self._hand.is_open

    # -- running ----------------------------------------------------------------------------------------------------

    def sparkle(
        self,
        sparkle_count: int | None = None,
        timeout: float | None = None,
        till_state_in: Names | None = None,
        till_sparkle_in: Names | None = None,
        contract: Mapping[str, Any] | None = None,
    ) -> Trace:
        """Run until the first of the conditions is met, and tell what ran. Not from a sparkle.

        Without any condition it runs until nothing is left to do, or until the app has finished. What never would is
        stopped after 100,000 sparkles (the setting ``tasktonic/testing/most_turns``) with an error: sparkles that call each other
        without end at one moment, and repeating timers without a ``timeout`` or ``sparkle_count``.

        Args:
            sparkle_count: how many sparkles may run; state changes and hooks belong to the sparkle that caused them.
            timeout: seconds of the distiller's clock. What is due at the very end still runs.
            till_state_in: stop when the tonic that ran is in one of these states.
            till_sparkle_in: stop when one of these ran, a sparkle or a hook, by the name of the call or of the method.
            contract: a dict of ``timeout``, ``stop_match_count`` (a number of conditions, or ``'all'``, which is the default),
                ``probes`` (attributes to show for every tonic) and ``tonics``: for each name ``till_state_in``, ``till_sparkle_in``,
                ``probes`` and ``stop_on_probe``, a dict of attributes and the values they have to have.

        Raises:
            ttContractError: a condition is not understood, or can never be met.
            ttDistillerError: it is not possible now, or the run was endless.
            ttShutdownError: the app ended, but not all of it.
            Exception: what a sparkle raised and nobody took, unless ``raise_errors`` is false. It has the trace as ``.trace``.
        """
        terms = Contract(contract)
        if sparkle_count is not None and not _is_count(sparkle_count):
            raise ttContractError(f"sparkle_count={sparkle_count!r}: it must be a whole number, 0 or more.")
        limits = [_seconds(limit) for limit in (timeout, terms.timeout) if limit is not None]
        wishes = Wishes(
            sparkle_count,
            min(limits, default=None),
            names(till_state_in, "till_state_in"),
            names(till_sparkle_in, "till_sparkle_in"),
            terms,
            asked=_given(
                sparkle_count=sparkle_count,
                timeout=timeout,
                till_state_in=till_state_in,
                till_sparkle_in=till_sparkle_in,
            ),
        )
        hand = self._tt_ready_hand()
        if not hand.is_open:
            return self._tt_trace_of_nothing(hand)
        self._is_busy = True
        try:
            run = Run(hand, self.ledger, wishes)
            return self._tt_wind_up(hand, run, run.go())
        finally:
            self._is_busy = False

    def _tt_ready_hand(self) -> Hand:
        hand = self._hand
        if hand is None or (self.ledger.running and not hand.is_open and self.ledger.hand is hand):
            raise ttDistillerError(f"{self.name}: the formula is not through yet; call sparkle() when it has returned.")
        if self._is_busy:
            raise ttDistillerError(
                f"{self.name}: sparkle() was called while it runs. Call it from the test, not from a sparkle or another thread."
            )
        return hand

    def _tt_wind_up(self, hand: Hand, run: Run, reasons: list[str], problem: BaseException | None = None) -> Trace:
        """Make the trace, close the app if it has ended, and raise what there is to raise."""
        trace = run.trace(reasons)
        if hand.has_ended or isinstance(problem, ttShutdownError):
            try:
                hand.close_app("" if problem is None else str(problem))
            except ttShutdownError as error:
                problem = error
            except BaseException as error:  # the policy "stop" has the formula raise what a sparkle raised
                if error is not self.ledger.stopped_by:
                    raise
        errors, hand.errors = hand.errors, []
        found = [*errors, *(error for error in (run.endless, problem) if error is not None)]
        self._tt_problems = found
        if found and (self._raises_errors or isinstance(found[0], ttShutdownError)):
            BaseException.__setattr__(found[0], "trace", trace)
            raise found[0]
        return trace

    def _tt_trace_of_nothing(self, hand: Hand) -> Trace:
        now_s = hand.seconds(hand.now_ns())
        return Trace(
            {
                "status": "catalyst finished",
                "start@": now_s,
                "end@": now_s,
                "stop_condition": ["catalyst finished"],
                "sparkle_trace": [],
                "hooks": [],
                "contract_details": {},
            },
            hand.recording.save,
        )

    # -- ending -----------------------------------------------------------------------------------------------------

    def finish_distiller(self, timeout: float = 0.5) -> Trace:
        """End the app in order, and tell what ran while it ended. Harmless when it has ended.

        Args:
            timeout: seconds of the distiller's clock that it may take.

        Raises:
            ttShutdownError: something did not end within that time; the message names it. The app is closed all the same.
            Exception: what a sparkle raised while it ended, as in ``sparkle``.
        """
        wishes = Wishes(None, _seconds(timeout), (), (), Contract(None), "finish_distiller", _given(timeout=timeout))
        hand = self._tt_ready_hand()
        if not hand.is_open:
            return self._tt_trace_of_nothing(hand)
        self._is_busy = True
        try:
            self.finish()
            run = Run(hand, self.ledger, wishes)
            errors: list[BaseException] = []
            while (reasons := run.go()) == ["error"] and run.endless is None:
                errors += hand.errors  # the end goes on whatever happens on the way
                hand.errors = []
            hand.errors = [*errors, *hand.errors]
            problem = None
            if not hand.has_ended:
                problem = ttShutdownError(
                    f"{self.name}: these did not finish within {timeout:g} seconds of the distiller's clock: "
                    f"{hand.names_of_what_lives()}. Give finish_distiller(timeout=…) more, or see what they wait for."
                )
            return self._tt_wind_up(hand, run, reasons, problem)
        finally:
            self._is_busy = False

    def stat_print(self, trace: Trace) -> None:
        """Print a trace for people to read."""
        print_trace(trace)


def in_place_of(leaf: Any) -> Any:
    """The class to make instead of that of a main catalyst: the same, as a distiller.

    What the class adds stays: its sparkles, its arguments. The settings ``tasktonic/testing/distiller/seed``, ``/clock`` and
    ``/raise_errors`` take the place of the arguments of a ``ttDistiller``.

    Raises:
        ttDistillerError: the catalyst waits for the outside world.
    """
    cls = leaf._tt_user_class if hasattr(leaf, "_tt_user_class") else leaf
    if issubclass(cls, ttDistiller):
        return leaf
    if cls._tt_driver_class.needs_outside_world:
        raise ttDistillerError(
            f"tasktonic/testing/distiller: the main catalyst {cls.__name__} waits for the outside world "
            f"({cls._tt_driver_class.name}), which a distiller cannot turn. Test its tonics in a formula with an ordinary main "
            "catalyst, or run the app as it is."
        )

    def begin(self: Any, *args: Any, **kwargs: Any) -> None:
        formula = ttLedger().formula
        self._tt_take_over(
            formula.get("tasktonic/testing/distiller/seed", 0),
            formula.get("tasktonic/testing/distiller/clock", "auto"),
            formula.get("tasktonic/testing/distiller/raise_errors", True),
        )
        cls.__init__(self, *args, **kwargs)

    namespace = {
        "__init__": begin,
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
        "__doc__": cls.__doc__,
    }
    made: Any = type(cls)(cls.__name__, (ttDistiller, cls), namespace)
    return made.__dict__.get("_tt_leaf") or made._tt_make_leaf()


def _given(**arguments: Any) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if value is not None}


def _is_count(number: Any) -> bool:
    return isinstance(number, int) and number >= 0


def _seconds(timeout: Any) -> float:
    if isinstance(timeout, int | float) and not isinstance(timeout, bool) and 0 <= timeout < float("inf"):
        return float(timeout)
    raise ttContractError(f"timeout={timeout!r}: it must be a number of seconds, 0 or more.")
