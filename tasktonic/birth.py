"""How an essence is made: the metaclass that makes it, and what becomes of it when its ``__init__`` raises."""

from __future__ import annotations

from abc import ABCMeta
from typing import Any, ClassVar, Final, TypeVar

from .current import here
from .errors import ttRunningError
from .events import NO_STATE
from .leaf import make_leaf
from .ledger import ttLedger

T = TypeVar("T")


class ttMeta(ABCMeta):
    """The metaclass of all essences: makes instances, and makes a service only once.

    An ``ABCMeta``, so that a tonic may have abstract methods and be mixed with abstract classes.

    Instances are of a hidden subclass that is made at the first instance. There the sparkles of a tonic are functions that
    queue, while the methods themselves stay untouched in the user's class.
    """

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **kwargs: Any) -> ttMeta:
        bases = tuple(base.__dict__.get("_tt_leaf_of", base) for base in bases)
        cls = super().__new__(mcs, name, bases, {**namespace, "_tt_leaf": None}, **kwargs)
        if "_tt_leaf_of" not in namespace:
            cls._tt_check_names()
        return cls

    # Nothing is registered as an essence that is none: the plain look is a third of the time.
    __instancecheck__ = type.__instancecheck__
    __subclasscheck__ = type.__subclasscheck__

    _tt_leaf: type | None
    """The hidden subclass; ``None`` before the first instance, and on a hidden subclass itself."""

    _tt_leaf_forwards: ClassVar[bool] = True
    """Whether what is set on the hidden subclass goes to the user's class; Qt's metaclass does not allow it."""

    def _tt_check_names(cls) -> None:
        """Called when a class is defined; tonics refuse misspelt sparkles here."""

    # Told as the instance of the class, so that checkers go on to look at __init__.
    def __call__(cls: type[T], *args: Any, **kwargs: Any) -> T:
        asked: Any = cls
        service = asked._tt_is_service
        if service:
            user_class = cls.__dict__.get("_tt_leaf_of", cls)
            made: Any = ttLedger().services.access(user_class, service, args, kwargs)
        else:
            made = asked._tt_make(args, kwargs)
        return made  # type: ignore[no-any-return]

    def _tt_make(cls, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        leaf: Any = cls._tt_leaf
        if leaf is None:
            leaf = cls._tt_make_leaf()
        before = here.making
        essence = leaf.__new__(leaf, *args, **kwargs)
        # Here and not as defaults of the class: an attribute that the class has as well is looked up at half the speed.
        essence._tt_catalyst = leaf._tt_first_catalyst
        essence._tt_state = NO_STATE
        try:
            essence.__init__(*args, **kwargs)
            if essence._tt_id < 0:
                raise ttRunningError(
                    f"{cls.__name__}: __init__ did not call super().__init__(). Call it first, then do the rest."
                )
            essence._init_post_action()
            here.making = before
            essence._tt_is_made()
        except BaseException:
            here.making = before
            here.unborn.append(essence)
            try:
                undo_births()
            except RecursionError:
                pass  # an __init__ that makes itself again and again: too deep here, whoever is further out does it
            raise
        return essence

    def _tt_make_leaf(cls) -> type:
        if "_tt_leaf_of" in cls.__dict__:
            return cls  # somebody wrote type(self)(…)
        return make_leaf(cls)


def undo_births() -> None:
    """Leave nothing of the essences whose ``__init__`` has raised on this thread. After a failed birth or sparkle.

    Raises:
        RecursionError: there is no room on the stack to do so; nothing has been touched.
    """
    if here.unborn:
        _climb(_ROOM_TO_UNDO)
    while here.unborn:
        here.unborn.pop(0)._tt_undo_birth()


_ROOM_TO_UNDO: Final = 120
"""Calls inside calls that an ending may take, with the hooks of children that were made already."""


def _climb(steps: int) -> None:
    if steps:
        _climb(steps - 1)
