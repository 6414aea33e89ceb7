"""ttTonic: an essence that sparkles. It finds its sparkles by name, has states, and runs on a catalyst."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import partialmethod
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, TypeVar, TypeVarTuple, overload

from . import clock, names
from .awaited import Awaited, tell_not_run
from .birth import ttMeta
from .calling import NOT_YET, send, stand_ins
from .current import current_run
from .endings import ALIVE, ASKED, ENDING, FINISHES, LIVES, MAKING, drive_ending
from .errors import ttArgumentError, ttRunningError, ttSparkleKindError, ttSparkleNameError, ttUnknownState
from .essence import ttEssence
from .events import Dropped, StateChanged, StateRefused, Unmoved
from .failures import Failure, report_failure
from .inhabitants import let_go, take_in
from .log_levels import ttLog
from .nursery import Nursery
from .states import ClassTable, fault_of
from .stream import Level, stream
from .values import preview
from .work_order import NUMBER, RECORDED, SLOT, TONIC, Order, unpack

if TYPE_CHECKING:
    from .catalyst import ttCatalyst
    from .ledger import ttLedger
    from .pool.work import Work

NO_STATE = -1

R = TypeVar("R")
Ts = TypeVarTuple("Ts")


def _real(catalyst: Any) -> Any:
    """The catalyst itself, also for a tonic that still is in the nursery; ``None`` for one that has none yet."""
    if catalyst.__class__ is Nursery:
        return catalyst.catalyst
    return None if catalyst is NOT_YET else catalyst


UNHANDLED: Final = object()
DROPPED: Final = object()
"""What ``noop`` and ``drop`` return: a catalyst that notes runs knows by it, with one test for what hardly ever happens."""


def noop(tonic: Any, *args: Any, **kwargs: Any) -> object:
    """What runs when a sparkle has no handler in the state the tonic is in. The stream says so."""
    for argument in args:
        if isinstance(argument, Awaited):
            argument._tt_not_run(tonic, tonic._tt_catalyst.via, "ignored")
    return UNHANDLED


def drop(tonic: Any, *args: Any, **kwargs: Any) -> object:
    """What runs in the place of an order that came after ``finish()``. The stream says so."""
    catalyst = tonic._tt_catalyst
    tell_dropped(tonic, catalyst.via, catalyst.run_number)
    tell_not_run(tonic, catalyst.via, args, "dropped")
    return DROPPED


def drop_order(order: Order, reason: str) -> None:
    """Say of an order that was taken out of the queue that it will not run."""
    tonic, slot = order[TONIC], order[SLOT]
    tell_dropped(tonic, slot, order[NUMBER] if len(order) == RECORDED else 0, reason)
    tell_not_run(tonic, slot, unpack(order)[0], "dropped")


def tell_dropped(tonic: Any, slot: int, number: int, reason: str = "") -> None:
    """Say in the stream that an order will not run."""
    if stream.active:
        why = reason or ("finishing" if tonic.id >= 0 else "finished")
        sparkle = tonic._tt_class.sparkles[slot]
        stream.emit(Dropped(clock.now_ns(), tonic._tt_id, sparkle.id, number, why))  # type: ignore[arg-type]


_WRAPPED = (staticmethod, classmethod, property, partialmethod)
"""What a method may be wrapped in without being callable itself."""


class ttTonicMeta(ttMeta):
    """Refuses misspelt sparkles, and what cannot be one, when the class is defined."""

    def _tt_check_names(cls) -> None:  # noqa: N805 - a metaclass: its instances are classes
        custom: Any = getattr(cls, "_get_custom_prefixes", None)
        if inspect.isfunction(custom) and not isinstance(
            inspect.getattr_static(cls, "_get_custom_prefixes"), staticmethod
        ):
            raise ttSparkleKindError(
                f"class {cls.__name__}: _get_custom_prefixes is asked before there is an instance. Write @classmethod above it."
            )
        prefixes = tuple(custom()) if custom is not None else ()
        # Plain mixins know nothing of sparkles, so their names are looked at where they are mixed in.
        for base in (cls, *(base for base in cls.__mro__ if not isinstance(base, ttMeta))):
            for attribute, value in vars(base).items():
                if callable(value) or isinstance(value, _WRAPPED):
                    try:
                        parsed = names.parse(attribute, prefixes)
                    except ttSparkleNameError as error:
                        raise ttSparkleNameError(f"class {base.__name__}: {error}") from None
                    if parsed is not None and (fault := fault_of(value)):
                        raise ttSparkleKindError(
                            f"class {base.__name__}: {attribute} is {fault}; a sparkle is a plain method (def) that runs "
                            "to its end. Write it as one, or give it a name that does not begin with 'tts'."
                        )


class ttTonic(ttEssence, metaclass=ttTonicMeta):
    """An active essence. Its sparkles are queued when called, from any thread, and run one by one on its catalyst.

    Args:
        name, context, log_mode: as for ``ttEssence``.
        catalyst: what runs it; left out its context's catalyst, else the main one.

    Raises:
        ttRunningError: there is no catalyst at all, or the one given has ended.

    It ends by ``finish()``, or with its context. Its methods may be called from any thread; its sparkles and hooks run in that
    of its catalyst.

    >>> class Door(ttTonic):
    ...     def ttse__on_start(self):
    ...         self.to_state("open")
    ...         self.ttsc__close()
    ...         print("the order to close is queued")
    ...
    ...     def ttsc_open__close(self):
    ...         print("closing")
    ...         self.finish()
    >>> class App(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...
    ...     def creating_starting_tonics(self):
    ...         Door()
    >>> app = App()
    the order to close is queued
    closing
    """

    _tt_states: ClassVar[Iterable[str]] = ()
    """States that no handler names."""

    _tt_open_pool: ClassVar[Callable[[ttLedger], Any]]
    """Makes the pool of an app; the package sets it, since the pool is built on tonics."""
    _tt_tells_birth_later = True
    _tt_first_catalyst = NOT_YET
    _tt_handlers: list[Callable[..., Any]]

    def __init__(
        self,
        name: str | None = None,
        context: ttEssence | int | None = None,
        log_mode: ttLog | int | str | None = None,
        catalyst: ttCatalyst | None = None,
        **kwargs: Any,
    ) -> None:
        if kwargs:
            super().__init__(name, context, log_mode, **kwargs)
        else:  # the same, without what it costs to unpack nothing
            super().__init__(name, context, log_mode)
        self._tt_handlers = self._tt_class.handlers[NO_STATE]
        self._tt_settle(self._tt_find_catalyst(catalyst))

    def _tt_find_catalyst(self, given: Any) -> Any:
        above = self._tt_context
        if given is None:
            while above is not None and above._tt_catalyst is None:
                above = above._tt_context
            given = above._tt_catalyst if above is not None else self.ledger.main_catalyst
            given = _real(given)
        elif not getattr(given, "_tt_is_catalyst", False):
            raise ttArgumentError(
                f"{self.name}: catalyst={given!r:.60} is no catalyst. Pass a ttCatalyst, or nothing: then it runs where its "
                "context does."
            )
        if given is None:
            raise ttRunningError(
                f"{type(self).__name__}: there is no catalyst to run it. Create tonics inside an app: in "
                "creating_starting_tonics of a ttFormula, or in a sparkle."
            )
        if given.has_ended:
            raise ttRunningError(f"{self.name}: its catalyst {given.name} has ended and runs nothing any more.")
        return given

    def _tt_settle(self, catalyst: Any) -> None:
        """Take a place on a catalyst, and have ``ttse__on_start`` be the first thing to run."""
        self._tt_counts = self._tt_is_ordinary()
        table = self._tt_class
        # Nothing of it may run over there before its __init__ is through over here.
        place: Any = catalyst if catalyst.claim._is_owned() else Nursery(catalyst)
        finishes = take_in(catalyst, self, place)
        if stream.active:
            self._tt_is_born()
        if place.is_open:  # what send does, for the most frequent case
            place.put((self, table.on_start, 0, None, place.running, place.via))
        else:
            send(self, table.on_start, 0, ())
        if table.has_custom_prefixes:
            send(self, table.slot_by_name["_ttss__bind_prefixes"], 0, ())
        if finishes:
            self._tt_begin_to_finish()

    def _tt_is_ordinary(self) -> bool:
        """Whether the app lives as long as it does: it is no service, and below none."""
        above = self._tt_context
        if above is None:
            return not self._tt_is_service
        while above is not None and not above._tt_is_service:
            if isinstance(above, ttTonic) and above is not above._tt_catalyst:
                return above._tt_counts
            above = above._tt_context
        return above is None

    def _tt_is_made(self) -> None:
        if self._tt_log_mode is ttLog.FULL:
            stream.log_fully()
        place = self._tt_catalyst
        self._tt_stage = ALIVE
        if self._tt_at_birth != LIVES:
            self._tt_end_at_birth()
        if place.__class__ is Nursery:
            place.release(self)
            place = place.catalyst
        if place.closes and self._tt_counts:
            self.finish()

    def _tt_end_at_birth(self) -> None:
        if self._tt_at_birth == FINISHES:
            self._tt_ask_to_finish()  # the order for it is queued already
        elif self._tt_may_end_here():
            drive_ending(self)
        else:
            self._tt_end_elsewhere()

    # -- what it is -------------------------------------------------------------------------------------------------

    @property
    def catalyst(self) -> ttCatalyst:
        """The catalyst that runs it."""
        return _real(self._tt_catalyst)  # type: ignore[no-any-return]

    @property
    def state(self) -> int:
        """Index of its state in ``states``; -1 for none."""
        return self._tt_state

    @property
    def states(self) -> list[str]:
        """The names of its states, sorted."""
        return list(self._tt_class.states)

    @property
    def sparkles(self) -> list[str]:
        """The names under which its sparkles can be called, sorted."""
        return sorted(self._tt_class.slot_by_name)

    def get_current_state_name(self) -> str:
        """The name of its state; ``'--'`` for none."""
        return self._tt_class.state_name(self._tt_state)

    # -- states -----------------------------------------------------------------------------------------------------

    def to_state(self, state: str | int) -> None:
        """Go to a state when the sparkle that runs has ended, before any other runs; -1 stops the state machine.

        From outside a sparkle of this tonic it is queued as an order. To the state it is in, nothing happens. Any thread.

        Args:
            state: a name out of ``states``, an index into it, or -1.

        Raises:
            ttUnknownState: there is no such state; the message lists those there are.
        """
        try:
            index = self._tt_class.state_index[state]  # type: ignore[index]
        except (KeyError, TypeError):
            index = self._tt_index_of(state)
        catalyst = self._tt_catalyst
        if catalyst.running is self and catalyst.claim._is_owned():
            catalyst.after.append((self, index))
        else:
            send(self, self._tt_class.slot_by_name["_ttss__to_state"], 1, (index,))

    def reenter_current_state(self) -> None:
        """Leave the state it is in and enter it again: ``on_exit``, then ``on_enter``. When and where as ``to_state``."""
        self._tt_ask_for_state(None)

    def _tt_index_of(self, state: Any) -> int:
        table = self._tt_class
        if isinstance(state, str):
            index = table.state_index.get(state)
            if index is not None:
                return index
        elif isinstance(state, int) and NO_STATE <= state < len(table.states):
            return state
        self._tt_tell_refused(state, "unknown")
        known = (
            " and ".join(repr(s) for s in table.states) if len(table.states) < 3 else ", ".join(map(repr, table.states))
        )
        near = difflib.get_close_matches(str(state), table.states, 1)
        raise ttUnknownState(
            f"{self.name}: no state {state!r}; this tonic has {known or 'no states'}."
            + (f" Did you mean {near[0]!r}?" if near else "")
            + " States come from method names such as ttse_open__on_enter, and from _tt_states."
        )

    def _tt_ask_for_state(self, index: int | None) -> None:
        catalyst = self._tt_catalyst
        if catalyst.running is self and catalyst.claim._is_owned():
            catalyst.after.append((self, index))
        else:
            send(self, self._tt_class.slot_by_name["_ttss__to_state"], 1, (index,))

    def _ttss__to_state(self, index: int | None) -> None:
        self._tt_ask_for_state(index)

    def _tt_change_state(self, index: int | None) -> None:
        """Carry out one state change asked for; ``None`` enters anew. In its catalyst's thread, after the sparkle that asked."""
        if self._tt_stage >= ENDING:
            self._tt_tell_refused(self._tt_class.state_name(self._tt_state if index is None else index), "finishing")
            return
        old = self._tt_state
        new = old if index is None else index
        if index == old:
            if stream.active:
                stream.emit(Unmoved(clock.now_ns(), self._tt_id, old, current_run()))
            return
        table = self._tt_class
        if old != NO_STATE and table.on_exit >= 0:
            self._tt_run_hook(table.on_exit)
        self._tt_state = new
        self._tt_handlers = table.dropping if self._tt_stage > ASKED else table.handlers[new]
        if stream.active and old != new:
            stream.emit(StateChanged(clock.now_ns(), self._tt_id, old, new, current_run()))
        if new != NO_STATE and table.on_enter >= 0:
            self._tt_run_hook(table.on_enter)

    def _tt_tell_refused(self, state: object, reason: str) -> None:
        if stream.active:
            wanted = state if isinstance(state, str) else preview(state)
            stream.emit(StateRefused(clock.now_ns(), self._tt_id, wanted, reason, current_run()))  # type: ignore[arg-type]

    def _tt_run_hook(self, slot: int) -> None:
        if slot >= 0:
            handler = self._tt_class.handlers[self._tt_state][slot]
            if handler is not noop:
                _real(self._tt_catalyst).run_hook(self, slot, handler)

    # -- heavy work -------------------------------------------------------------------------------------------------

    @overload
    def offload(
        self,
        function: Callable[[*Ts], R],
        *args: *Ts,
        on_result: Callable[[R], object] | None = None,
        on_error: Callable[[Failure], object] | None = None,
        where: Literal["thread", "process"] = "thread",
    ) -> Work: ...
    @overload
    def offload(
        self,
        function: Callable[..., R],
        *args: Any,
        on_result: Callable[[R], object] | None = None,
        on_error: Callable[[Failure], object] | None = None,
        on_progress: Callable[..., object],
        where: Literal["thread", "process"] = "thread",
    ) -> Work: ...
    def offload(  # type: ignore[misc]  # *args of the first signature is any tuple
        self,
        function: Callable[..., Any],
        *args: Any,
        on_result: Callable[[Any], object] | None = None,
        on_error: Callable[[Failure], object] | None = None,
        on_progress: Callable[..., object] | None = None,
        where: str = "thread",
    ) -> Work:
        """Have a function run in a pool, beside all catalysts, and get a sparkle back with its result. Any thread.

        Args:
            function: what to run. For ``'process'`` a ``def`` at the top level of a module, or a partial of one.
            *args: what it takes; copied like arguments that cross threads (``ttShared`` opts out), or pickled for a process.
            on_result: the sparkle to call with what the function returned, copied likewise; of any tonic, also in a partial.
            on_error: the sparkle to call with a ``Failure`` when it raised, when its process died, or when what it returned
                cannot be brought back. Left out, ``ttse__on_error`` gets it, else the error policy holds.
            on_progress: the sparkle to call with what the function reports. The function then gets a keyword argument
                ``report``; each call of it with some values calls the sparkle with them, in that order and before the result.
            where: ``'thread'`` for what waits (files, sockets); ``'process'`` for what computes in Python.

        Returns:
            The work: it can be asked for its ``state``, and cancelled. When this tonic finishes, work that waits never begins,
            and what comes of work that runs is dropped; the stream says so, and ``report`` raises.

        Raises:
            ttArgumentError: the arguments do not fit the function, or something cannot be copied or pickled.
            ttPoolFullError: more waits already than the setting ``tasktonic/pool/queue`` allows.
            ttRunningError: the app has ended.

        >>> def count_words(text):
        ...     return len(text.split())
        >>> class Reader(ttTonic):
        ...     def ttse__on_start(self):
        ...         self.offload(count_words, "to be or not to be", on_result=self.ttse__counted)
        ...
        ...     def ttse__counted(self, words):
        ...         print(words)
        ...         self.finish()
        >>> class App(ttFormula):
        ...     def creating_formula(self):
        ...         return {"tasktonic/log/to": "off"}
        ...
        ...     def creating_starting_tonics(self):
        ...         Reader()
        >>> app = App()
        6
        """
        if self._tt_id < 0:
            raise ttRunningError(
                f"{type(self).__name__}: offload was called before super().__init__() had run. "
                "Call super().__init__(...) first in __init__, then offload."
            )
        pool = self.ledger.pool or ttTonic._tt_open_pool(self.ledger)
        given = {"on_result": on_result, "on_error": on_error, "on_progress": on_progress}
        callbacks = {what: callback for what, callback in given.items() if callback is not None}
        return pool.offload(self, function, args, callbacks, where)  # type: ignore[no-any-return]

    # -- ending -----------------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """End this tonic and all below it. Any thread; harmless when it has finished already.

        What is queued for it now still runs; what is queued from now on is dropped.
        """
        if self._tt_stage == MAKING:
            if self._tt_id < 0:  # called before super().__init__(): only its own thread knows of it yet
                self._tt_at_birth = FINISHES
                return
            with self.ledger.lock:
                first, self._tt_at_birth = self._tt_at_birth == LIVES, self._tt_at_birth or FINISHES
                has_catalyst = self._tt_catalyst is not NOT_YET
            if self._tt_stage == MAKING:
                if first and has_catalyst:
                    self._tt_begin_to_finish()
                return
        if self._tt_ask_to_finish():
            self._tt_begin_to_finish()

    def _tt_begin_to_finish(self) -> None:
        send(self, self._tt_class.slot_by_name["_ttss__finish"], 0, ())
        if self.ledger.waits_elsewhere:
            self.catalyst.watch_the_end()

    def _ttss__finish(self) -> None:
        drive_ending(self)

    def _tt_may_end_here(self) -> bool:
        catalyst = _real(self._tt_catalyst)
        return catalyst is None or self._tt_never_lived or bool(catalyst.is_own_thread())

    def _tt_end_elsewhere(self) -> None:
        order = (self, self._tt_class.slot_by_name["_ttss__finish"], 0, None, None, "outside")
        catalyst = _real(self._tt_catalyst)
        catalyst.accept_first(order)
        catalyst.turns_for_the_end()

    def _tt_stop(self) -> None:
        table = self._tt_class
        self._tt_handlers = table.dropping
        if self._tt_never_lived:
            return
        if self._tt_state != NO_STATE:
            self._tt_run_hook(table.on_exit)
            old, self._tt_state = self._tt_state, NO_STATE
            if stream.active:
                stream.emit(StateChanged(clock.now_ns(), self._tt_id, old, NO_STATE, current_run()))
            guard = _real(self._tt_catalyst).guard
            if guard is not None:
                guard.has_switched(self, old, NO_STATE)
        # What is inherited from here does nothing: it only runs for those who note runs.
        if table.handlers[NO_STATE][table.on_finished] is not ttTonic.ttse__on_finished or stream.level >= Level.RUNS:
            self._tt_run_hook(table.on_finished)

    def _tt_let_go(self) -> None:
        super()._tt_let_go()
        self._tt_handlers = self._tt_class.after_end
        catalyst = _real(self._tt_catalyst)
        if catalyst is not None:
            let_go(catalyst, self)

    def _tt_after_leaving(self) -> None:
        super()._tt_after_leaving()
        catalyst = _real(self._tt_catalyst)
        if catalyst is not None:
            catalyst.has_let_go(self)

    def _tt_undo_birth(self) -> None:
        if self._tt_catalyst.__class__ is Nursery:
            self._tt_catalyst.discard()  # it never came to run over there
        self._tt_handlers = self._tt_class.dropping
        super()._tt_undo_birth()

    def _tt_hear_of_end(self, other: ttEssence, called: str | None) -> None:
        table = self._tt_class
        slot = table.slot_by_name.get(f"ttse__on_{called}_finished", -1) if called else -1
        tells = table.slot_by_name["_ttss__binding_finished"]
        if other._tt_context is self and type(self).binding_finished is not ttEssence.binding_finished:
            send(self, tells, 1, (other._tt_id,), via=tells, sender=self)
        if slot >= 0:
            send(self, slot, 0, (), via=tells, sender=self)  # who has ended must not be kept alive by its own order

    def _ttss__binding_finished(self, essence_id: int) -> None:
        self.binding_finished(essence_id)

    def _tt_hear_of_user_gone(self, user_id: int, left: int) -> None:
        slot = self._tt_class.slot_by_name.get("ttse__on_service_context_finished", -1)
        if slot >= 0:
            send(self, slot, 2, (user_id, left))

    # -- sparkles every tonic has ---------------------------------------------------------------------------------------

    def ttse__on_start(self) -> None:
        """The first sparkle to run, before any that ``__init__`` has called. Override it; in the catalyst's thread."""

    def ttse__on_finished(self) -> None:
        """The last one: the state machine has stopped, what it has bound still lives. Override it; in the catalyst's thread."""

    def _ttss__bind_prefixes(self) -> None:
        binders = self._get_custom_prefixes()
        for sparkle in self._tt_class.sparkles:
            binder = binders.get(sparkle.parsed.prefix)
            if binder is not None and not sparkle.parsed.state:
                try:
                    binder(self, sparkle.parsed.name, getattr(self, sparkle.called))
                except Exception as error:  # one wrong name must not keep the others from being bound
                    report_failure(self.ledger, (self, sparkle.slot, 0, None, None, "outside"), error)

    # -- for the class ----------------------------------------------------------------------------------------------

    @classmethod
    def _get_custom_prefixes(cls) -> Mapping[str, Callable[..., Any]]:
        """Prefixes that a toolkit adds, each with a function that is called once per sparkle of it after the start."""
        return {}

    @classmethod
    def _tt_make_table(cls) -> ClassTable:
        return ClassTable(
            cls, custom_prefixes=cls._get_custom_prefixes(), noop=noop, drop=drop, listed_states=tuple(cls._tt_states)
        )

    @classmethod
    def _tt_fill_leaf(cls, leaf: type, table: ClassTable) -> None:
        stand_ins(leaf, table)
