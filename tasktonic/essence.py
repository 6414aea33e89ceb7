"""ttEssence: what lives in the ledger. Birth, children, ending."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, ClassVar, Final, TypeVar, overload

from . import clock
from .birth import ttMeta
from .current import acting, current_essence, current_run, here
from .endings import ALIVE, ASKED, ENDED, FINISHES, LIVES, MAKING, STOPPING, drive_ending
from .errors import ttArgumentError, ttContextError, ttRunningError
from .events import (
    Born,
    Finishing,
    LogLine,
    LogModeSet,
)
from .failures import report_failure
from .ledger import ttLedger
from .log_levels import ttLog
from .service import unuse
from .states import ClassTable
from .stream import stream
from .telling import tell_class

E = TypeVar("E", bound="ttEssence")

_undos_lock: Final = threading.RLock()
"""Protects what is to be undone at an ending: two threads may add to it at once."""


def _nothing(*args: Any, **kwargs: Any) -> None:
    """What a plain essence has in the place of handlers."""


class ttEssence(metaclass=ttMeta):
    """Something that lives: it has an id, a parent (its context) and children, and it can finish.

    Args:
        name: any text; left out it is ``'07.Door'`` from id and class. Names need not be unique.
        context: the parent: an essence, its id, or -1 for top level. Left out it is the essence whose sparkle, ``__init__`` or
            start hook runs on this thread; top level when none does.
        log_mode: a ``ttLog``, its name or number; left out the context's, else the app's default.

    Raises:
        TypeError: unknown keywords (services take any: they go to ``_init_service``).
        ttContextError: ``context`` is an id that nothing living has.
        ttRunningError: the context has finished.

    Whoever creates it owns it: it ends with its context, or by ``finish()``. Its methods may be called from any thread; where
    its hooks run is said at each.

    >>> box = ttEssence(name="box")
    >>> lid = box.bind(ttEssence, name="lid")
    >>> lid.context is box, box.bindings == [lid.id]
    (True, True)
    >>> box.finish()  # and with it what is below
    >>> lid.id
    -1
    """

    _tt_is_service: ClassVar[str] = ""
    """A name here makes the class a service: one instance by that name."""
    _tt_service_ends_when_unused: ClassVar[bool] = False
    """Whether a service finishes with its last user instead of with the app."""

    _tt_class: ClassVar[ClassTable]
    _tt_user_class: ClassVar[type]
    # Defaults of what most essences never set: an instance only carries what is its own.
    _tt_id: int = -1
    _tt_name: str | None = None
    _tt_stage: int = MAKING
    _tt_at_birth: int = LIVES
    _tt_never_lived: bool = False
    _tt_tells_birth_later: ClassVar[bool] = False
    _tt_is_catalyst: ClassVar[bool] = False
    _tt_state: int
    _tt_context: ttEssence | None = None
    _tt_children: dict[int, ttEssence] | None = None
    _tt_services: dict[int, ttEssence] | None = None
    _tt_users: dict[int, ttEssence] | None = None
    _tt_undos: list[Callable[[], None]] | None = None
    _tt_first_catalyst: ClassVar[Any] = None
    _tt_catalyst: Any
    _tt_counts: bool = False
    _tt_born_ns: int = 0
    _tt_log_mode: ttLog = ttLog.QUIET

    def __init__(
        self,
        name: str | None = None,
        context: ttEssence | int | None = None,
        log_mode: ttLog | int | str | None = None,
        **kwargs: Any,
    ) -> None:
        if kwargs and not self._tt_is_service:
            raise ttArgumentError(
                f"{type(self).__name__}: ttEssence takes no {', '.join(map(repr, kwargs))}; it takes name, context and log_mode. "
                "Take your own arguments in your own __init__ and do not pass them on."
            )
        ledger = self.ledger = ttLedger.current or ttLedger()
        if self._tt_is_service:
            parent = None
        else:
            parent = current_essence() if context is None else self._tt_find_context(context, ledger)
        if name is not None:
            self._tt_name = name
        if parent is not None:
            self._tt_context = parent
        if log_mode is None:
            self._tt_log_mode = ledger.default_log_mode if parent is None else parent._tt_log_mode
        else:
            self._tt_log_mode = ttLog.of(log_mode)
        self._tt_id = ledger.enter(self, name)
        if parent is not None:
            children = parent._tt_children
            # A tonic ends on its catalyst's thread only. So if that is this one it cannot end meanwhile, and nobody else
            # takes children out; to put one in is a single step. All others have to be kept from ending.
            if children is not None and parent._tt_stage < ENDED and parent._tt_lives_on_this_thread():
                children[self._tt_id] = self
            else:
                parent._tt_take_child(self)
        elif self._tt_is_service:
            ledger.services.enter(self._tt_is_service, self)
        here.making = self
        if not self._tt_tells_birth_later:
            self._tt_is_born()

    def _tt_lives_on_this_thread(self) -> bool:
        """Whether it only ends on a catalyst's thread, which is this one."""
        catalyst = self._tt_catalyst
        return catalyst is not None and catalyst.claim._is_owned()

    def _tt_take_child(self, child: ttEssence) -> None:
        with self.ledger.lock:
            if self._tt_stage >= ENDED:
                raise ttRunningError(
                    f"{type(child).__name__}: its context {self.name} has finished and takes no children."
                )
            if self._tt_children is None:
                self._tt_children = {}
            self._tt_children[child._tt_id] = child

    @staticmethod
    def _tt_find_context(context: ttEssence | int | None, ledger: ttLedger) -> ttEssence | None:
        if context is None:
            return current_essence()
        if isinstance(context, int):
            if context == -1:
                return None
            found = ledger.get_essence_by_id(context)
            if found is None:
                raise ttContextError(
                    f"context={context}: nothing that lives has this id. Pass an essence, its id, or -1 for top level."
                )
            return found
        if not isinstance(context, ttEssence):
            raise ttArgumentError(f"context={context!r}: a context is an essence, its id, or -1 for top level.")
        return context

    def _init_post_action(self) -> None:
        """Runs once after the outermost ``__init__``. In the thread that creates; override and call ``super()``."""

    def _init_service(self, *args: Any, context: ttEssence | None = None, **kwargs: Any) -> None:
        """Runs at each access to a service, in the thread of the user; override it to hear of users.

        Args:
            context: the essence that uses the service; ``None`` for an access from outside of any essence.
            *args: what the user passed.
            **kwargs: what the user passed by name.
        """

    # -- what it is ------------------------------------------------------------------------------------------------

    ledger: ttLedger

    @property
    def id(self) -> int:
        """Its number in the ledger, never used again in this app; -1 when it has finished."""
        return self._tt_id if self._tt_stage < ENDED else -1

    @property
    def name(self) -> str:
        """The name it was given, else one such as ``'07.Door'`` from id and class. It stays after the end."""
        if self._tt_name is not None:
            return self._tt_name
        number = self._tt_id
        # Two digits at least; ``:02d`` says the same at twice the cost, and every firing of a timer needs a name.
        return f"{number}.{self._tt_class.name}" if number > 9 else f"{number:02d}.{self._tt_class.name}"

    @property
    def context(self) -> ttEssence | None:
        """The parent; ``None`` at top level."""
        return self._tt_context

    @property
    def bindings(self) -> list[int]:
        """The ids of its children and of the services it uses."""
        return [*(self._tt_children or ()), *(self._tt_services or ())]

    @property
    def service_context(self) -> list[ttEssence]:
        """The users of a service."""
        return list((self._tt_users or {}).values())

    @property
    def my_record(self) -> dict[str, Any]:
        """Its record in the ledger; a copy (``ledger.update_record`` adds to it)."""
        return self.ledger.record_of(self)

    @property
    def log_mode(self) -> ttLog:
        """How much of it is logged; ``set_log_mode`` changes it."""
        return self._tt_log_mode

    def set_log_mode(self, mode: ttLog | int | str) -> None:
        """Log more or less of this essence from now on; children that exist keep theirs. Any thread.

        Args:
            mode: a ``ttLog``, its name or its number.

        Raises:
            ValueError: there is no such mode; the message lists those there are.
        """
        self._tt_log_mode = ttLog.of(mode)
        if self._tt_log_mode is ttLog.FULL:
            stream.log_fully()
        if stream.active:
            stream.emit(LogModeSet(clock.now_ns(), self._tt_id, int(self._tt_log_mode)))

    def log(self, text: object) -> None:
        """Say something in the log. Any thread; never waits for whoever writes it down. Without an app nobody does.

        Args:
            text: what to say; anything else than text is said as ``str`` shows it. Several lines stay together.
        """
        if stream.active and self._tt_log_mode >= ttLog.QUIET and self.ledger is ttLedger():
            stream.emit_now(LogLine(clock.now_ns(), self._tt_id, str(text), current_run()))  # type: ignore[arg-type]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}{' (finished)' if self._tt_stage >= ENDED else ''}>"

    def __copy__(self: E) -> E:
        return self

    def __deepcopy__(self: E, memo: dict[int, object]) -> E:
        return self

    def __reduce_ex__(self, protocol: object) -> Any:
        raise ttArgumentError(
            f"{self.name}: an essence cannot be pickled. It lives in this process, on its catalyst and in the ledger: "
            "pickle the data it holds, or its name or id to look it up by."
        )

    # -- children ---------------------------------------------------------------------------------------------------

    @overload
    def bind(self, what: type[E], *args: Any, **kwargs: Any) -> E: ...
    @overload
    def bind(self, what: E) -> E: ...
    def bind(self, what: Any, *args: Any, **kwargs: Any) -> Any:
        """Create a child of a class, or get a service; an essence that already belongs to this one is given back.

        Args:
            what: a class of essences, or an essence.
            *args: what the class takes.
            **kwargs: what it takes by name.

        Returns:
            The essence, whose context is this one; a service has this one among its users.

        Raises:
            RuntimeError: ``what`` is an essence with another context.
            TypeError: ``what`` is neither an essence nor a class of essences.
        """
        if isinstance(what, ttMeta):
            if self._tt_id < 0:
                raise ttRunningError(
                    f"{type(self).__name__}: bind was called before super().__init__() had run. "
                    "Call super().__init__(...) first in __init__, then bind."
                )
            with acting(self):
                return what(*args, **kwargs)
        if not isinstance(what, ttEssence):
            raise ttArgumentError(f"{self.name}.bind({what!r}): bind takes a class of essences, or an essence.")
        if what._tt_context is not self and self._tt_id not in (what._tt_users or ()):
            belongs = "nobody" if what._tt_context is None else what._tt_context.name
            raise ttRunningError(
                f"{self.name}.bind({what.name}): it belongs to {belongs}. An essence keeps the context it was made with: "
                f"create it with self.bind({type(what).__name__}, …)."
            )
        return what

    def unbind(self, essence_id: int) -> None:
        """Let go of a binding: a service is no longer used, a child lives on at top level. Any thread.

        Args:
            essence_id: id of the child or service; harmless for any other.
        """
        if self._tt_services and essence_id in self._tt_services:
            unuse(self, self._tt_services[essence_id])
        elif self._tt_children and (child := self._tt_children.pop(essence_id, None)) is not None:
            child._tt_context = None
            if stream.active:
                child._tt_tell_birth(child._tt_born_ns, current_run())

    def binding_finished(self, essence_id: int) -> None:
        """A child has finished. For a tonic in its catalyst's thread; override to hear of it.

        Args:
            essence_id: the id that it had.
        """

    # -- ending -----------------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """End this essence and all below it. Any thread; harmless when it has finished already."""
        if self._tt_stage == MAKING:
            self._tt_at_birth = FINISHES
            if self._tt_stage == MAKING:
                return
        if self._tt_ask_to_finish():
            self._tt_begin_to_finish()

    def _tt_ask_to_finish(self) -> bool:
        with self.ledger.lock:
            if self._tt_stage >= ASKED:
                return False
            self._tt_stage = ASKED
        self._tt_tell_finishing()
        return True

    def _tt_tell_finishing(self) -> None:
        if stream.active:
            stream.emit(Finishing(clock.now_ns(), self._tt_id, current_run()))

    def _tt_begin_to_finish(self) -> None:
        drive_ending(self)

    def _tt_on_ending(self, undo: Callable[[], None]) -> None:
        """Have ``undo`` called when this essence ends, or at once if it has: a subscription, a connection. Any thread.

        It may be called twice when the essence ends just now.
        """
        with _undos_lock:
            if self._tt_undos is None:
                self._tt_undos = []
            self._tt_undos.append(undo)
        # It set its stage before it looked what to undo: one of us two sees what the other has done.
        if self._tt_stage >= ENDED:
            undo()

    # What follows is for the endings, see endings.py.

    def _tt_may_end_here(self) -> bool:
        """Whether this thread may end it; a tonic only ends on its catalyst's."""
        return True

    def _tt_end_elsewhere(self) -> None:
        """Have the thread that may end it do so."""

    def _tt_stop(self) -> None:
        """The first thing of an ending, before the children end."""

    def _tt_after_leaving(self) -> None:
        """It has left the ledger and its context."""

    def _tt_still_waits(self) -> bool:
        """Whether it must not leave yet though it has no children."""
        return False

    def _tt_let_go(self) -> None:
        """The last thing of an ending: nothing may refer to it afterwards."""
        self._tt_undo_all()
        for service in list((self._tt_services or {}).values()):
            unuse(self, service)
        for user in list((self._tt_users or {}).values()):
            if user._tt_services:
                user._tt_services.pop(self._tt_id, None)
            user._tt_hear_of_end(self, self._tt_is_service)
        self._tt_users = None

    def _tt_undo_all(self) -> None:
        if not (self._tt_undos or self._tt_services or self._tt_users):
            return
        undos, self._tt_undos = self._tt_undos, None
        for undo in undos or ():
            self._tt_call(undo)

    def _tt_hear_of_end(self, other: ttEssence, called: str | None) -> None:
        """A child or a service ended while this one lives."""
        if other._tt_context is self:
            self._tt_call(self.binding_finished, other._tt_id)

    def _tt_call(self, hook: Callable[..., None], *arguments: Any) -> None:
        """Call what must not stop an ending when it raises."""
        try:
            hook(*arguments)
        except Exception as error:
            report_failure(self.ledger, (self, getattr(hook, "__name__", "hook"), 0, None, None, "outside"), error)

    # -- services ---------------------------------------------------------------------------------------------------

    def _tt_hear_of_user_gone(self, user_id: int, left: int) -> None:
        """A user of this service is gone."""

    # -- birth, for the metaclass --------------------------------------------------------------------------------------

    @classmethod
    def _tt_make_table(cls) -> ClassTable:
        return ClassTable(cls, custom_prefixes={}, noop=_nothing, drop=_nothing, sparkling=False)

    @classmethod
    def _tt_fill_leaf(cls, leaf: type, table: ClassTable) -> None:
        """Put what stands in for the sparkles into the hidden subclass."""

    @classmethod
    def _tt_can_renew(cls, name: str) -> bool:
        """Whether another function may take the place of a method that a toolkit calls by itself while instances live."""
        return False

    @classmethod
    def _tt_functions_changed(cls, leaf: type) -> None:
        """Methods of the class were replaced by others: what the hidden subclass has made of them is made anew."""

    def _tt_is_born(self) -> None:
        """It is known where it belongs: say so, before anything that it does or makes."""
        if stream.active:
            self._tt_tell_birth(clock.now_ns(), current_run())

    def _tt_is_made(self) -> None:
        """Its ``__init__`` is through."""
        self._tt_stage = ALIVE
        if self._tt_at_birth != LIVES:
            self._tt_end_at_birth()

    def _tt_end_at_birth(self) -> None:
        self.finish()

    def _tt_undo_birth(self) -> None:
        """An ``__init__`` raised: leave nothing behind."""
        if self._tt_id >= 0 and self._tt_stage < STOPPING:
            self._tt_never_lived = True
            self._tt_stage = ASKED
            drive_ending(self)
        self._tt_undo_all()  # what was subscribed to before super().__init__()

    def _tt_tell_birth(self, born_ns: int, run: int) -> None:
        """Say in the stream what it is now; in a snapshot again."""
        self._tt_born_ns = born_ns
        table = self._tt_class
        if table.told_epoch != stream.epoch:
            tell_class(table)
        catalyst = self._tt_catalyst
        context = self._tt_context
        stream.emit(
            Born(
                born_ns,
                self._tt_id,
                self.name,  # type: ignore[arg-type]
                table.id,
                -1 if context is None else context._tt_id,
                -1 if catalyst is None else catalyst._tt_id,
                self._tt_is_service,  # type: ignore[arg-type]
                int(self._tt_log_mode),
                self._tt_state,
                run,
            )
        )

    def _tt_tell_present(self) -> None:
        """Say in the stream, for a snapshot, what else is so now; in the thread of its catalyst when it has one."""
