"""Those who want to be told when something changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, ParamSpec

P = ParamSpec("P")


class Watchers(Generic[P]):
    """Functions to call after each change, in the order in which they came. Owned by what changes; used in one thread.

    A function may come, go or be the same as another at any time, also while they are told.

    >>> doors = Watchers[str]()
    >>> end = doors.add(print)
    >>> doors.tell("open")
    open
    >>> end()
    >>> doors.tell("closed")
    """

    def __init__(self) -> None:
        self._callbacks: dict[int, Callable[P, object]] = {}
        self._next = 0

    def add(self, callback: Callable[P, object]) -> Callable[[], None]:
        """Tell this one as well, until the returned function is called. Calling that again does nothing."""
        number = self._next
        self._next += 1
        self._callbacks[number] = callback

        def undo() -> None:
            self._callbacks.pop(number, None)

        return undo

    def tell(self, *what: P.args, **more: P.kwargs) -> None:
        """Call all of them. One that an earlier one has ended is not called any more, one that came meanwhile not yet."""
        for number, callback in list(self._callbacks.items()):
            if number in self._callbacks:
                callback(*what, **more)

    def __len__(self) -> int:
        return len(self._callbacks)

    def clear(self) -> None:
        """Tell nobody any more."""
        self._callbacks.clear()
