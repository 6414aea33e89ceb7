"""What happens to arguments that cross from one thread to another: passed, copied or refused."""

from __future__ import annotations

import copy
import datetime
import decimal
import fractions
import types
import uuid
from collections.abc import Callable
from typing import Any, ClassVar, Final, Generic, TypeVar

T = TypeVar("T")

ATOMS: Final = frozenset(
    {
        type(None), bool, int, float, complex, str, bytes, range, type(Ellipsis), type(NotImplemented),
        decimal.Decimal, fractions.Fraction, uuid.UUID,
        datetime.date, datetime.datetime, datetime.time, datetime.timedelta, datetime.timezone,
        types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType, type,
    }
)  # fmt: skip
"""Types whose values are passed as they are: immutable, or callables, which are passed on purpose."""


class ttShared(Generic[T]):
    """Passes ``value`` to another thread by reference, on purpose: ``door.ttsc__scan(ttShared(array))``.

    The handler gets the value itself. Whoever shares a value sees to it that nobody changes it while another reads.

    Args:
        value: anything, also what cannot be copied. Any thread.

    >>> picture = bytearray(1_000_000)
    >>> ttShared(picture).value is picture
    True
    """

    __slots__ = ("value",)

    first_use: ClassVar[Callable[[], None] | None] = None
    """Called once, when the first one is made."""

    def __init__(self, value: T) -> None:
        self.value = value
        if ttShared.first_use is not None:
            ttShared.first_use()

    def __deepcopy__(self, memo: dict[int, object]) -> T:
        return self.value


def carry(value: Any) -> Any:
    """A value as the other side may have it: the same if immutable or callable, else a deep copy.

    A flat dict or list of atoms is copied in one go: six times faster than a deep copy.

    Raises:
        Exception: whatever the copying of the value raises.
    """
    kind = value.__class__
    if kind in ATOMS:
        return value
    if kind is ttShared:
        return value.value
    if kind is dict:
        if ATOMS.issuperset(map(type, value.values())) and ATOMS.issuperset(map(type, value)):
            return value.copy()
    elif kind is list or kind is tuple:
        if ATOMS.issuperset(map(type, value)):
            return value if kind is tuple else value.copy()
    elif callable(value) and not isinstance(value, type):
        return value
    return copy.deepcopy(value)
