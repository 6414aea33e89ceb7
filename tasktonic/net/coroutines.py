"""ttAsyncTonic: starts coroutines, and hears of their result or error by a sparkle."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any, TypeVar

from ..current import here
from ..endings import ASKED
from ..errors import ttArgumentError, ttRunningError
from ..essence import ttEssence
from ..failures import report_failure
from ..log_levels import ttLog
from ..tonic import ttTonic
from .catalyst import ttAsyncioCatalyst

T = TypeVar("T")


class ttAsyncTonic(ttTonic):
    """A tonic that can start coroutines of any asyncio library.

    Args:
        name, context, log_mode: as for ``ttEssence``.
        catalyst: a ``ttAsyncioCatalyst``; left out its context's catalyst, else the main one.

    Raises:
        ttRunningError: its catalyst is not turned by asyncio.

    >>> import asyncio
    >>> from tasktonic.net import ttAsyncioCatalyst, ttAsyncTonic
    >>> async def look_up(word):
    ...     await asyncio.sleep(0)
    ...     return word.upper()
    >>> class Reader(ttAsyncTonic):
    ...     def ttse__on_start(self):
    ...         self.run_coroutine(look_up("pump"), on_result=self.ttse__found)
    ...
    ...     def ttse__found(self, what):
    ...         print(what)
    ...         self.finish()
    >>> class NetApp(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...
    ...     def creating_main_catalyst(self):
    ...         ttAsyncioCatalyst()
    ...
    ...     def creating_starting_tonics(self):
    ...         Reader()
    >>> app = NetApp()
    PUMP
    """

    _tt_tasks: set[asyncio.Task[Any]] | None = None

    def __init__(
        self,
        name: str | None = None,
        context: ttEssence | int | None = None,
        log_mode: ttLog | int | str | None = None,
        catalyst: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name, context, log_mode, catalyst, **kwargs)

    def _tt_find_catalyst(self, given: Any) -> Any:
        found = super()._tt_find_catalyst(given)
        if not isinstance(found, ttAsyncioCatalyst):
            raise ttRunningError(
                f"{self.name}: a {type(self).__name__} needs an asyncio loop, and its catalyst {found.name} has none. Make it with "
                "catalyst=ttAsyncioCatalyst(), or make that the main catalyst in creating_main_catalyst."
            )
        return found

    def run_coroutine(
        self,
        coroutine: Awaitable[T],
        on_result: Callable[[T], object] | None = None,
        on_error: Callable[[BaseException], object] | None = None,
    ) -> asyncio.Task[T]:
        """Run a coroutine on the loop of this tonic's catalyst. It is cancelled when the tonic finishes.

        It begins after the sparkle that runs now, and runs between sparkles, never beside one. What is created in it becomes a
        child of this tonic. Only in the catalyst's thread: from another one call a sparkle that does this.

        Args:
            coroutine: what a call of an ``async def`` gives, or anything else that can be awaited.
            on_result: called with the result; a sparkle, of whichever tonic.
            on_error: called with what it raised; left out, that goes the way of every error, to ``ttse__on_error``.

        Returns:
            The task of asyncio; its ``cancel()`` ends it, and then neither of the two is called.

        Raises:
            ttArgumentError: it cannot be awaited.
            ttRunningError: this is another thread, or the tonic is finishing.
        """
        if not inspect.isawaitable(coroutine):
            raise ttArgumentError(
                f"{self.name}.run_coroutine: {coroutine!r} cannot be awaited. Pass what the call of an 'async def' gives: "
                "run_coroutine(fetch(url)), not run_coroutine(fetch)."
            )
        catalyst: Any = self.catalyst
        fault = ""
        if not catalyst.is_own_thread():
            fault = f"only in the thread of its catalyst {catalyst.name}: call a sparkle from here that does it"
        elif self._tt_stage > ASKED:
            fault = "it has finished, and what it runs ends with it"
        if fault:
            if isinstance(coroutine, Coroutine):
                coroutine.close()  # else Python warns that nobody awaited it
            raise ttRunningError(f"{self.name}.run_coroutine: {fault}.")
        steps: Any = _Steps(coroutine if isinstance(coroutine, Coroutine) else _awaiting(coroutine), self)
        task: asyncio.Task[T] = catalyst.loop.create_task(steps)
        if self._tt_tasks is None:
            self._tt_tasks = set()
            self._tt_on_ending(self._tt_cancel_tasks)
        self._tt_tasks.add(task)
        task.add_done_callback(lambda done: self._tt_coroutine_ended(done, on_result, on_error))
        return task

    def _tt_cancel_tasks(self) -> None:
        for task in list(self._tt_tasks or ()):
            task.cancel()

    def _tt_coroutine_ended(
        self,
        task: asyncio.Task[Any],
        on_result: Callable[[Any], object] | None,
        on_error: Callable[[BaseException], object] | None,
    ) -> None:
        """In the thread of the loop, between two sparkles."""
        assert self._tt_tasks is not None
        self._tt_tasks.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        name = getattr(task.get_coro(), "__name__", "coroutine")
        try:
            if error is None:
                if on_result is not None:
                    on_result(task.result())
                return
            # When the tonic is going a sparkle of its own would be dropped, and the error with it.
            if on_error is not None and not (self._tt_stage >= ASKED and getattr(on_error, "__self__", None) is self):
                on_error(error)
                return
            if isinstance(error, SystemExit | KeyboardInterrupt):
                return  # it went through the loop as well, to whom it concerns
        except Exception as problem:
            error = problem
        report_failure(self.ledger, (self, f"coroutine {name}", 0, None, None, "asyncio"), error)


async def _awaiting(awaitable: Awaitable[T]) -> T:
    return await awaitable


class _Steps(Coroutine[Any, Any, Any]):
    """A coroutine each step of which is made in the name of its tonic: so what it creates has a context."""

    __slots__ = ("__name__", "__qualname__", "_coroutine", "_tonic")

    def __init__(self, coroutine: Coroutine[Any, Any, Any], tonic: ttTonic) -> None:
        self._coroutine = coroutine
        self._tonic = tonic
        self.__name__ = getattr(coroutine, "__name__", type(coroutine).__name__)
        self.__qualname__ = getattr(coroutine, "__qualname__", self.__name__)

    def send(self, value: Any) -> Any:
        before, here.making = here.making, self._tonic
        try:
            return self._coroutine.send(value)
        finally:
            here.making = before

    def throw(self, *error: Any) -> Any:
        before, here.making = here.making, self._tonic
        try:
            return self._coroutine.throw(*error)
        finally:
            here.making = before

    def close(self) -> None:
        self._coroutine.close()

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._coroutine.__await__()
