"""What happens when a sparkle raises: it is said, someone may take it, and the policy is followed. Never raises itself."""

from __future__ import annotations

import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from . import clock
from .awaited import Awaited
from .calling import send
from .crossing import ttShared
from .current import current_run, here
from .endings import ASKED
from .events import Raised
from .stream import stream
from .values import message_of, preview
from .work_order import SLOT, SOURCE, TONIC, VIA, Order, unpack

if TYPE_CHECKING:
    from .ledger import ttLedger

CONTINUE: Final = "continue"
FINISH: Final = "finish"
STOP: Final = "stop"
POLICIES: Final = (CONTINUE, FINISH, STOP)

_OWN_FOLDER: Final = str(Path(__file__).parent)


@dataclass(frozen=True, slots=True)
class Failure:
    """What ``ttse__on_error`` gets: what went wrong, in which sparkle of which tonic, and who had asked for it.

    Made by the framework in the thread where the sparkle raised; nothing in it changes later.

    Args:
        tonic_id: id of the tonic that failed; it may have finished since.
        tonic_name: its name.
        sparkle: the name that was called, such as ``ttsc__open``; of a timer's plain function its name.
        state: the state by name, ``'--'`` for none.
        arguments: the arguments of the call as text, long ones cut.
        source: who called, such as ``boss.ttse__on_start``; empty when it came from outside.
        exception: what was raised; from a process, or from a Qt catalyst to a tonic on another one, without ``__traceback__``.
        traceback: the traceback as text, without the frames of the framework.

    >>> class Careful(ttTonic):
    ...     def ttse__on_start(self):
    ...         self.ttsc__divide(1, by=0)
    ...
    ...     def ttsc__divide(self, number, by):
    ...         number / by
    ...
    ...     def ttse__on_error(self, error):
    ...         print(error)
    ...         print(repr(error.exception))
    ...         self.finish()
    >>> class App(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...
    ...     def creating_starting_tonics(self):
    ...         Careful(name="careful")
    >>> app = App()
    careful.ttsc__divide(1, 0) in state -- raised, asked for by careful.ttse__on_start
    ZeroDivisionError('division by zero')
    """

    tonic_id: int
    tonic_name: str
    sparkle: str
    state: str
    arguments: str
    source: str
    exception: BaseException
    traceback: str

    def __str__(self) -> str:
        asked = f", asked for by {self.source}" if self.source else ""
        return f"{self.tonic_name}.{self.sparkle}({self.arguments}) in state {self.state} raised{asked}"


def report_failure(ledger: ttLedger, order: Order, error: BaseException, failure: Failure | None = None) -> None:
    """Say that what ran as ``order`` raised, find who takes it, follow the policy. In the thread where it raised.

    ``failure`` describes it when it raised somewhere else, such as in a worker process.
    """
    try:
        failure = failure or _describe(order, error)
        taker = who_takes(order)
        _say(failure, error, taker, order)
        if taker is not None:
            if here.catalyst is not None and here.catalyst.keeps_frames and taker.catalyst is not here.catalyst:
                _let_go_of_frames(error)
            send(taker, taker._tt_class.on_error, 1, (ttShared(failure),))
        else:
            if ledger.hand is not None:
                ledger.hand.nobody_took(error)
            _follow_policy(ledger, order[TONIC], error)
        _tell_who_waits(order)
    except Exception as problem:
        name = type(error).__name__
        print(f"tasktonic: reporting a {name} failed: {type(problem).__name__} in", file=sys.stderr)
        traceback.print_tb(problem.__traceback__)


def _let_go_of_frames(error: BaseException) -> None:
    """Of the functions that an error, and those behind it, came out of: whoever is told has the traceback as text.

    They hold what these and the ones around them hold. A running timer of Qt that dies in the thread of whoever is told is still
    called by the loop, and the process ends with it.
    """
    seen: set[int] = set()
    behind: list[BaseException | None] = [error]
    while behind:
        one = behind.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            with suppress(Exception):  # its cause may be a property that raises
                one.__traceback__ = None
                behind += [one.__cause__, one.__context__]
                behind += one.exceptions if isinstance(one, BaseExceptionGroup) else ()


def _tell_who_waits(order: Order) -> None:
    if isinstance(order[SLOT], int):
        for argument in unpack(order)[0]:
            if isinstance(argument, Awaited):
                argument._tt_raised(order[TONIC], order[SLOT])


def _describe(order: Order, error: BaseException) -> Failure:
    tonic = order[TONIC]
    if tonic is None:
        return Failure(-1, "outside", str(order[SLOT]), "--", "", "", error, user_traceback(error))
    if not isinstance(order[SLOT], int):  # a timer that called a plain function
        return Failure(tonic._tt_id, tonic.name, str(order[SLOT]), "--", "", "", error, user_traceback(error))
    sparkle = tonic._tt_class.sparkles[order[SLOT]]
    args, kwargs = unpack(order)
    arguments = ", ".join([*(preview(a) for a in args), *(f"{k}={preview(v)}" for k, v in kwargs.items())])
    return Failure(
        tonic._tt_id, tonic.name, sparkle.called, tonic._tt_class.state_name(tonic._tt_state), arguments,
        source_name(order), error, user_traceback(error),
    )  # fmt: skip


def source_name(order: Order) -> str:
    """Who called, in a word: ``door.ttsc__open``, ``timer pulse``, ``thread reader``, or empty."""
    source, via = order[SOURCE], order[VIA]
    if source is None:
        return "" if via == "outside" else str(via)
    if isinstance(via, int):
        return f"{source.name}.{source._tt_class.sparkles[via].called}"
    return f"{via} {source.name}"


def user_traceback(error: BaseException) -> str:
    """The traceback as text, without the frames of the framework that lead to the user's code."""
    entry = error.__traceback__
    while entry is not None and entry.tb_next is not None:
        if not entry.tb_frame.f_code.co_filename.startswith(_OWN_FOLDER):
            break
        entry = entry.tb_next
    try:
        return "".join(traceback.format_exception(type(error), error, entry))
    except Exception as problem:  # its notes or its cause are properties that raise
        frames = "".join(traceback.format_tb(entry))
        return f"{frames}{type(error).__name__}: <to look at it raised {type(problem).__name__}>\n"


def who_takes(order: Order) -> Any:
    """The tonic with ``ttse__on_error`` that is nearest: itself, else up the contexts."""
    at = order[TONIC]
    in_on_error = at is not None and isinstance(order[SLOT], int) and order[SLOT] == at._tt_class.on_error
    if in_on_error:
        at = at._tt_context
    while at is not None:
        # One that was asked to finish would only drop the order.
        if at._tt_stage < ASKED and at._tt_class.handles(at._tt_class.on_error, at._tt_state):
            return at
        at = at._tt_context
    return None


def _say(failure: Failure, error: BaseException, taker: Any, order: Order) -> None:
    if stream.active:
        stream.emit_now(
            Raised(
                clock.now_ns(), failure.tonic_id, failure.sparkle, type(error).__name__, message_of(error), failure.traceback,  # type: ignore[arg-type]
                -1 if taker is None else taker._tt_id, current_run(),
            )
        )  # fmt: skip
    tonic = order[TONIC]
    if tonic is None or not tonic.ledger.log_targets:
        print(f"{failure}:\n{failure.traceback}", file=sys.stderr, end="", flush=True)


def _follow_policy(ledger: ttLedger, tonic: Any, error: BaseException) -> None:
    policy = ledger.formula.get("tasktonic/error/policy", CONTINUE)
    if policy == FINISH and tonic is not None:
        tonic.finish()
    elif policy == STOP:
        if ledger.stopped_by is None:
            ledger.stopped_by = error
        main = ledger.main_catalyst
        if main is not None:
            main.finish()
