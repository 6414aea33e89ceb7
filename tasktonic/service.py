"""Services: one instance by name, made by whoever asks first, used by many, ending with the app."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from .current import acting, current_essence
from .errors import ttRunningError

if TYPE_CHECKING:
    from .essence import ttEssence


class Services:
    """The services of one app. Owned by the ledger."""

    def __init__(self) -> None:
        self._by_name: dict[str, ttEssence] = {}
        # One lock for making any service: two threads that ask first at once get one, fully made, instance, and two
        # services that use each other cannot wait for each other.
        self._making_lock = threading.RLock()

    def get(self, name: str) -> ttEssence | None:
        """The living service of that name, fully made."""
        found = self._by_name.get(name)
        if found is not None and found._tt_stage < 0:
            with self._making_lock:
                found = self._by_name.get(name)
        return found

    def enter(self, name: str, essence: ttEssence) -> None:
        """Make a service known; called while it is being made, so that services can use each other."""
        self._by_name[name] = essence

    def forget(self, name: str, essence: ttEssence) -> None:
        """A service has ended."""
        if self._by_name.get(name) is essence:
            del self._by_name[name]

    def newest_first(self) -> list[ttEssence]:
        """The living services in reverse order of creation."""
        return sorted(self._by_name.values(), key=lambda essence: -essence._tt_id)

    def access(self, cls: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> ttEssence:
        """Give the service, making it if need be, and tell it about the access.

        Raises:
            ttRunningError: a service of that name lives, but is no relative of the class asked for.
        """
        context = kwargs.get("context")
        user = context if context is not None and not isinstance(context, int) else current_essence()
        found = self._by_name.get(name)
        if found is None or found._tt_stage < 0:
            with self._making_lock:
                found = self._by_name.get(name)
                if found is None:
                    with acting(None):
                        found = cls._tt_make(args, kwargs)
        made = type(found)._tt_user_class
        if not (issubclass(made, cls) or issubclass(cls, made) or _shares_base(made, cls, name)):
            raise ttRunningError(
                f"service {name!r} is a {made.__name__}, which has nothing to do with {cls.__name__}. "
                "Two classes use one _tt_is_service name: give one of them another."
            )
        told = {key: value for key, value in kwargs.items() if key != "context"}
        if user is not None and user is not found:
            user._tt_use(found)
        found._init_service(*args, context=user, **told)
        return found


def _shares_base(one: type, other: type, name: str) -> bool:
    return any(
        base in other.__mro__ for base in one.__mro__ if base.__dict__.get("_tt_is_service") == name
    )
