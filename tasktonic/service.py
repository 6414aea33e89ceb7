"""Services: one instance by name, made by whoever asks first, used by many, ending with the app."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from . import clock
from .current import acting, current_essence
from .endings import ALIVE, ASKED, ENDED, LIVES, MAKING
from .errors import ttRunningError
from .events import ServiceUsed
from .stream import stream

if TYPE_CHECKING:
    from .essence import ttEssence
    from .ledger import ttLedger


class Services:
    """The services of one app. Owned by the ledger."""

    def __init__(self, ledger: ttLedger) -> None:
        self._ledger = ledger
        self._by_name: dict[str, ttEssence] = {}
        # One lock for making any service: two threads that ask first at once get one, fully made, instance, and two
        # services that use each other cannot wait for each other.
        self._making_lock = threading.RLock()
        self._told_when_made: list[tuple[ttEssence, Callable[[], None]]] = []
        """Accesses to services that are being made by the very services that they make: under the lock."""

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
        user: ttEssence | None = current_essence() if context is None else cls._tt_find_context(context, self._ledger)
        while True:
            found, is_new = self._get_or_make(cls, name, args, kwargs)
            _check_relation(found, cls, name)
            uses_it_already = user is not None and found._tt_id in (user._tt_services or ())
            if user is None or user is found or use(user, found):
                break
            if is_new and found._tt_at_birth != LIVES:
                break  # it has finished in its own __init__, and so would the next one

        def tell() -> None:
            positional, named = _as_passed(type(found)._tt_user_class, args, kwargs)
            try:
                found._init_service(*positional, context=user, **named)
            except BaseException:
                if user is not None and not uses_it_already:
                    unuse(user, found)
                raise

        if found._tt_stage == MAKING:
            self._told_when_made.append((found, tell))
        else:
            tell()
        return found

    def _get_or_make(
        self, cls: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[ttEssence, bool]:
        found = self._by_name.get(name)
        if found is not None and ALIVE <= found._tt_stage < ASKED:
            return found, False
        with self._making_lock:
            found = self._by_name.get(name)
            # One that is being made is only seen by the thread that makes it: services that use each other.
            if found is not None and found._tt_stage < ASKED:
                return found, False
            try:
                with acting(None):
                    found = cls._tt_make(args, kwargs)
            finally:
                waiting = [tell for service, tell in self._told_when_made if service is found]
                self._told_when_made = [
                    (service, tell) for service, tell in self._told_when_made if service._tt_stage == MAKING
                ]
            with ExitStack() as accesses:  # in their order; one that raises does not keep the others from being told
                for tell in reversed(waiting):
                    accesses.callback(tell)
            return found, True


def _as_passed(cls: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """What the caller of a service passed, as ``_init_service`` gets it: by the names that ``__init__`` has for it."""
    named = dict(kwargs)
    positional: list[Any] = []
    if args:
        kinds = inspect.Parameter
        parameters = [
            p for p in list(inspect.signature(cls.__init__).parameters.values())[1:] if p.kind is not kinds.KEYWORD_ONLY
        ]
        for number, value in enumerate(args):
            if number < len(parameters) and parameters[number].kind is kinds.POSITIONAL_OR_KEYWORD:
                named[parameters[number].name] = value
            else:
                positional.append(value)
    named.pop("context", None)
    return tuple(positional), named


def _check_relation(found: ttEssence, cls: type, name: str) -> None:
    made = type(found)._tt_user_class
    if not (issubclass(made, cls) or issubclass(cls, made) or _shares_base(made, cls, name)):
        raise ttRunningError(
            f"service {name!r} is a {made.__name__}, which has nothing to do with {cls.__name__}. "
            "Two classes use one _tt_is_service name: give one of them another."
        )


def _shares_base(one: type, other: type, name: str) -> bool:
    return any(base in other.__mro__ for base in one.__mro__ if base.__dict__.get("_tt_is_service") == name)


def use(user: ttEssence, service: ttEssence) -> bool:
    """Become a user of a service; false when it is finishing, so that another has to be made."""
    with user.ledger.lock:
        if service._tt_stage >= ASKED:
            return False
        if user._tt_stage >= ENDED or (user._tt_services and service._tt_id in user._tt_services):
            return True
        if user._tt_services is None:
            user._tt_services = {}
        if service._tt_users is None:
            service._tt_users = {}
        user._tt_services[service._tt_id] = service
        service._tt_users[user._tt_id] = user
    if stream.active:
        stream.emit(ServiceUsed(clock.now_ns(), service._tt_id, user._tt_id, True))
    return True


def unuse(user: ttEssence, service: ttEssence) -> None:
    """Be no user any more; the last one ends a service that ends when it is unused. Any thread."""
    with user.ledger.lock:
        if user._tt_services:
            user._tt_services.pop(service._tt_id, None)
        if service._tt_users is None or service._tt_users.pop(user._tt_id, None) is None:
            return
        left = len(service._tt_users)
        ends = service._tt_service_ends_when_unused and not left and service._tt_stage == ALIVE
        if ends:
            service._tt_stage = ASKED  # in the same breath, so that nobody comes to use it in between
    if stream.active:
        stream.emit(ServiceUsed(clock.now_ns(), service._tt_id, user._tt_id, False))
    service._tt_hear_of_user_gone(user._tt_id, left)
    if ends:
        service._tt_tell_finishing()
        service._tt_begin_to_finish()
