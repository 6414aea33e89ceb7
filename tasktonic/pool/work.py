"""One piece of heavy work: what is to be done, for whom, and how what comes of it gets back as a sparkle."""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable
from types import BuiltinFunctionType, FunctionType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol
from weakref import WeakKeyDictionary

from .. import clock, crossing
from ..errors import ttArgumentError, ttWorkCancelledError
from ..events import WorkBegan, WorkEnded, WorkOffloaded
from ..failures import Failure, report_failure, user_traceback
from ..stream import stream
from ..tonic import tell_dropped, ttTonic
from ..values import message_of, preview

if TYPE_CHECKING:
    from .pool import Pool

QUEUED: Final = "queued"
RUNNING: Final = "running"
DONE: Final = "done"
CANCELLED: Final = "cancelled"
FAILED: Final = "failed"
"""As an outcome for observers; whoever holds the work sees ``done``."""


class Report(Protocol):
    """What a function gets as ``report`` when ``offload`` was given ``on_progress``. Any thread of the worker may call it.

    >>> def copy(pages, report):
    ...     for page in range(pages):
    ...         report(page + 1, pages)
    >>> class Copier(ttTonic):
    ...     def ttse__on_start(self):
    ...         self.offload(copy, 2, on_progress=self.ttse__at, on_result=self.ttse__done)
    ...
    ...     def ttse__at(self, page, pages):
    ...         print(page, "of", pages)
    ...
    ...     def ttse__done(self, result):
    ...         self.finish()
    >>> class App(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...
    ...     def creating_starting_tonics(self):
    ...         Copier()
    >>> app = App()
    1 of 2
    2 of 2
    """

    def __call__(self, *values: Any) -> None:
        """Have ``on_progress`` called with these values.

        Raises:
            ttWorkCancelledError: nobody waits for the work any more. Let it through: that ends the work.
            ttArgumentError: one of the values cannot be copied, or in a process pickled.
        """


class Work:
    """A piece of work that was handed to the pool: what ``offload`` returns. Any thread may ask it, and cancel it.

    It is over when its result was handed on, or when it was cancelled; the pool then lets go of whoever waited.

    >>> class Hasty(ttTonic):
    ...     def ttse__on_start(self):
    ...         work = self.offload(sum, [1, 2])
    ...         print(work.name)
    ...         work.cancel()
    ...         print(work.state)
    ...         self.finish()
    >>> class App(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...
    ...     def creating_main_catalyst(self):
    ...         self.distiller = ttDistiller()
    ...
    ...     def creating_starting_tonics(self):
    ...         Hasty()
    >>> trace = App().distiller.sparkle()
    sum
    cancelled
    """

    __slots__ = ("_name", "_pool", "_state")

    _name: str
    _pool: Pool
    _state: str

    @property
    def name(self) -> str:
        """The name of the function."""
        return self._name

    @property
    def state(self) -> str:
        """What has become of it: ``queued``, ``running``, ``done`` or ``cancelled``."""
        return self._state

    def cancel(self) -> None:
        """Wait for it no more. If it has not begun it never will; else what comes of it is dropped, and ``report`` raises.

        The stream says so. Any thread; harmless when it is over.
        """
        self._pool.cancel(self)


class Task(Work):
    """The same, as the pool sees it. Its state changes under the lock of the pool."""

    __slots__ = (
        "arguments", "began", "callbacks", "function", "kind", "number", "offloaded", "owner", "packed", "previews", "source",
        "via", "waited_for_by",
    )  # fmt: skip

    def __init__(self, pool: Pool, owner: ttTonic, function: Callable[..., Any], kind: str, run: int = 0) -> None:
        self._pool = pool
        self.number = next(pool.numbers)
        self._name = name_of(function)
        self._state = QUEUED
        self.owner: ttTonic | None = owner
        """Who offloaded it; ``None`` when it is over."""
        self.waited_for_by = owner.name
        self.function: Callable[..., Any] | None = function
        self.kind = kind
        """``thread`` or ``process``."""
        self.via = f"pool {self._name}"
        """What its calls are said to come from."""
        self.arguments: tuple[Any, ...] = ()
        self.packed = b""
        """Function and arguments, for a process."""
        self.previews = ""
        self.source = ""
        self.callbacks: dict[str, Callable[..., Any]] = {}
        self.offloaded: Any = WorkOffloaded(clock.now_ns(), self.number, owner._tt_id, self._name, kind, run)  # type: ignore[arg-type]
        """What observers are told, and told again when they come late."""
        self.began: Any = None

    def __repr__(self) -> str:
        return f"<Work {self._name}({self.previews}) for {self.waited_for_by}: {self._state}>"

    def begin(self, worker: str) -> None:
        """It runs from here on. Under the lock of the pool."""
        self._state = RUNNING
        told = self.offloaded
        self.began = WorkBegan(clock.now_ns(), told.work, told.essence, told.function, worker)  # type: ignore[arg-type]
        if stream.active:
            stream.rows.append(self.began)

    def end(self, outcome: str, error: str = "") -> tuple[ttTonic | None, dict[str, Callable[..., Any]]]:
        """It is over: let go of everything, and give who waited with which sparkles. Under the lock of the pool."""
        self._state = CANCELLED if outcome == CANCELLED else DONE
        if stream.active:
            told = self.offloaded
            stream.rows.append(WorkEnded(clock.now_ns(), told.work, told.essence, told.function, outcome, error))  # type: ignore[arg-type]
        over = self.owner, self.callbacks
        self.owner, self.callbacks = None, {}
        self.function, self.arguments, self.packed = None, (), b""
        return over

    def report(self, values: tuple[Any, ...], own_thread: bool) -> None:
        """Hand progress on. In the worker's thread.

        Raises:
            ttWorkCancelledError: nobody waits any more.
        """
        on_progress = self.callbacks.get("on_progress")
        if self._state != RUNNING or on_progress is None:
            raise ttWorkCancelledError(
                f"{self._name}: nobody waits for this work any more ({self.waited_for_by} has finished or has cancelled it). "
                "Let this error through, so that it ends."
            )
        on_progress(*(values if own_thread else map(by_reference, values)))

    def hand_back(self, result: Any, own_thread: bool) -> None:
        """It is done: queue the sparkle that takes the result. In the worker's thread."""
        over = self._pool.is_over(self, DONE)
        if over is None:
            return
        owner, callbacks = over
        if "on_result" in callbacks:
            try:
                callbacks["on_result"](result if own_thread else by_reference(result))
            except Exception as error:
                self._fail(owner, callbacks, error, None, own_thread)

    def hand_back_error(self, error: BaseException, traceback: str | None, own_thread: bool) -> None:
        """It has failed: queue the sparkle that takes the error, or follow the policy. In the worker's thread."""
        if own_thread and isinstance(error, KeyboardInterrupt):
            raise error  # the user's, in the thread of a test
        said = f"{type(error).__name__}: {message_of(error)}"  # the user's code, so not under the lock of the pool
        over = self._pool.is_over(self, FAILED, said)
        if over is not None:
            self._fail(*over, error, traceback, own_thread)

    def _fail(
        self,
        owner: ttTonic,
        callbacks: dict[str, Callable[..., Any]],
        error: BaseException,
        traceback: str | None,
        own_thread: bool,
    ) -> None:
        order = (owner, self._name, 0, None, None, self.via)
        failure = Failure(
            owner._tt_id, owner.name, self._name, owner.get_current_state_name(), self.previews, self.source, error,
            user_traceback(error) if traceback is None else traceback,
        )  # fmt: skip
        if "on_error" in callbacks:
            try:
                callbacks["on_error"](failure if own_thread else by_reference(failure))
                return
            except Exception as problem:
                problem.__context__ = error
                error, failure = problem, None  # type: ignore[assignment]  # whoever takes it sees both
        report_failure(owner.ledger, order, error, failure)


def by_reference(value: Any) -> Any:
    """A value that reaches another thread as it is: it belongs to nobody else any more.

    Not by ``ttShared(value)``: the first one of those makes all calls of the program a little slower.
    """
    shared = object.__new__(crossing.ttShared)
    shared.value = value
    return shared


def tell_cancelled(callbacks: dict[str, Callable[..., Any]]) -> None:
    """Say in the stream that nothing will come of work: by the first of the sparkles that waited for it."""
    for what in ("on_result", "on_error", "on_progress"):
        sparkle = sparkle_of(callbacks.get(what))
        if sparkle is not None:
            tell_dropped(*sparkle, 0, "cancelled")
            return


def name_of(function: Any) -> str:
    """What a function is called, also inside partials."""
    while isinstance(function, functools.partial):
        function = function.func
    return str(getattr(function, "__name__", type(function).__name__))


def sparkle_of(callback: Any) -> tuple[ttTonic, int] | None:
    """Tonic and slot of a sparkle, also of one in a partial; ``None`` for anything else."""
    while isinstance(callback, functools.partial):
        callback = callback.func
    tonic = getattr(callback, "__self__", None)
    if not isinstance(tonic, ttTonic):
        return None
    slot = tonic._tt_class.slot_by_name.get(getattr(callback, "__name__", ""))
    return None if slot is None else (tonic, slot)


def check_callbacks(where: str, callbacks: dict[str, Callable[..., Any]]) -> None:
    """Refuse what is no sparkle: a plain function would run in the worker's thread.

    Raises:
        ttArgumentError: one is none.
    """
    for what, callback in callbacks.items():
        if sparkle_of(callback) is None:
            raise ttArgumentError(
                f"{where}: {what} is {preview(callback)}, which is no sparkle of a tonic. Pass one, such as "
                f"{what}=self.ttse__{what.removeprefix('on_')}; it runs on the catalyst of its tonic."
            )


def check_function(where: str, function: Any, arguments: tuple[Any, ...], *, reports: bool) -> None:
    """Refuse what cannot be called like this.

    Raises:
        ttArgumentError: it is no plain function, or the arguments do not fit.
    """
    if not callable(function):
        raise ttArgumentError(f"{where}: {preview(function)} cannot be called. Pass the function, then its arguments.")
    if inspect.iscoroutinefunction(function):
        raise ttArgumentError(f"{where}: it is a coroutine function; a pool runs plain functions (def) to their end.")
    shape = _shape_of(function)
    if shape is None or (not reports and shape.least <= len(arguments) <= shape.most):
        return
    try:
        shape.signature.bind(*arguments, **({"report": None} if reports else {}))
    except TypeError as error:
        hint = ""
        if reports and "'report'" in str(error):
            hint = " With on_progress it gets a keyword argument report: add it to the function."
        elif "'report'" in str(error):
            hint = " It gets report when on_progress=… is given."
        raise ttArgumentError(
            f"{where}: the arguments do not fit: {error}.{hint or ' Keyword arguments go into functools.partial.'}"
        ) from None


class _Shape(NamedTuple):
    """What a function takes."""

    signature: inspect.Signature
    least: int
    most: float
    """Without keyword arguments it takes from so many to so many; no number fits both when it cannot do without keywords."""


_shapes: Final[WeakKeyDictionary[Any, _Shape | None]] = WeakKeyDictionary()
"""Of functions asked for before: to find out about one in C takes longer than to offload it."""


def _shape_of(function: Any) -> _Shape | None:
    """What a function takes, ``None`` when it is written in C and does not tell. Any thread."""
    if type(function) not in (FunctionType, BuiltinFunctionType):
        return _shape_now(function)  # a partial, a bound method: another one each time
    try:
        return _shapes[function]
    except KeyError:
        shape = _shapes[function] = _shape_now(function)
        return shape


def _shape_now(function: Any) -> _Shape | None:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    least, most = 0, 0.0
    for parameter in signature.parameters.values():
        kind = parameter.kind
        if kind == parameter.VAR_POSITIONAL:
            most = math.inf
        elif kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            most += 1
            least += parameter.default is parameter.empty
        elif kind == parameter.KEYWORD_ONLY and parameter.default is parameter.empty:
            return _Shape(signature, 1, 0.0)
    return _Shape(signature, least, most)


def carried(where: str, what: str, value: Any, way_out: str) -> Any:
    """A value as the other thread may have it.

    Raises:
        ttArgumentError: it cannot be copied.
    """
    try:
        return crossing.carry(value)
    except Exception as error:
        raise ttArgumentError(
            f"{where}: {what} (a {type(value).__name__}) cannot be copied for the other thread: {message_of(error)}. {way_out}"
        ) from error
