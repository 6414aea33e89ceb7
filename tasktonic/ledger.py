"""The ledger: the one register of what lives in an app."""

from __future__ import annotations

import itertools
import os
import threading
import weakref
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, overload

from .current import here
from .errors import ttRunningError
from .events import AppEnded
from .log_levels import ttLog
from .service import Services
from .store import Store
from .stream import stream

if TYPE_CHECKING:
    from .catalyst import ttCatalyst
    from .essence import ttEssence


class ttLedger:
    """Ids, names, parents and services of everything that lives. One per running app: ``ttLedger()`` gives it.

    Every look-up takes the same time whatever the number of essences. Any thread may ask. The formula makes it and a new app
    has a new one.

    >>> box = ttEssence(name="box")
    >>> ledger = ttLedger()
    >>> ledger.get_essence_by_name("box") is box, ledger.get_essence_by_id(box.id) is box
    (True, True)
    >>> ledger.get_id_by_name("nobody"), ledger.get_service_essence("nobody")
    (-1, None)
    """

    current: ClassVar[ttLedger | None] = None
    """The one there is; ``ttLedger()`` makes one when there is none."""
    _swap_lock: ClassVar[threading.Lock] = threading.Lock()

    formula: Store
    """The settings of the app, an ordinary store: readable, and watchable while it runs."""

    def __new__(cls) -> ttLedger:
        current = cls.current
        if current is not None:
            return current  # without the lock: a signal handler may ask in the middle of anything
        with cls._swap_lock:
            if cls.current is None:
                cls.current = cls._fresh()
            return cls.current

    @classmethod
    def _fresh(cls) -> ttLedger:
        ledger = super().__new__(cls)
        ledger._begin()
        return ledger

    def _begin(self) -> None:
        self.formula = Store()
        self.services = Services(self)
        self.main_catalyst: ttCatalyst | None = None
        self.running = False
        """Whether an app exists, from the begin of its formula to the end."""
        self.turning = False
        """Whether its catalysts turn."""
        self.app_number = 0
        """Which app of this process it is, counted from 1; 0 before a formula began."""
        self.began_ns = 0
        self.pid = 0
        self.ending_since_ns = 0
        """When the app began to end, 0 before."""
        self.is_watched = False
        """Whether somebody looks, or is about to, if the app only waits for an ending on another thread."""
        self.waits_elsewhere = False
        """Whether at the last look something was ending; then each ordinary tonic that finishes is a reason to look again."""
        self.next_look_ns = 0
        self.stopped_by: BaseException | None = None
        """The error that ended the app, with the policy ``stop``."""
        self.shutdown_problem = ""
        """A sentence and the stacks of the threads that did not end in time."""
        self.threads: list[threading.Thread] = []
        """Threads of catalysts, so that the formula can wait for them."""
        self.had_ordinary = False
        self.log_targets: list[Any] = []
        self.pool: Any = None
        """What does heavy work for the tonics of this app; ``None`` until somebody offloads something."""
        self.hand: Any = None
        """What turns the catalysts of this app by hand: a distiller's. ``None`` in an app that runs by itself."""
        self.in_place_of_main: Callable[[type], type] | None = None
        """Gives the class to make in the place of that of the main catalyst, for a test."""
        self.steer: Callable[[], None] | None = None
        """Runs the app by its hand as somebody outside asks for it, until it has ended; ``None`` where a test does that."""
        self.tell_begin: Callable[[], None] | None = None
        """Says in the stream that the app begins: before its main catalyst does, and by the clock that this one goes by."""
        self.has_said_that_it_begins = False
        self.lock = threading.RLock()
        """Protects endings that cross threads; never held while user code runs."""
        self.default_log_mode = ttLog.QUIET
        self._essences: dict[int, ttEssence] = {}
        self._by_name: dict[str, dict[int, None]] = {}
        self._names_lock = threading.RLock()
        """Held while ``_by_name`` changes: of a name that two threads give and take, none must be lost."""
        self._ids = itertools.count(1)
        self._main_id_is_taken = False
        """Id 0 is kept for the main catalyst, whatever is made before it."""
        self._main_id_lock = threading.Lock()
        self._extra: dict[int, dict[str, Any]] = {}
        self._catalysts: dict[int, weakref.ref[ttCatalyst]] = {}
        self.ordinary = 0
        """Living ordinary tonics (no services, nothing below a service): the app ends when none is left."""

    @classmethod
    def reset(cls) -> None:
        """Forget a finished app. A new formula does it by itself; tests and notebooks may want it earlier.

        Raises:
            ttRunningError: an app is running.
        """
        with cls._swap_lock:
            cls._forget()

    @classmethod
    def begin_app(cls) -> ttLedger:
        """The ledger for a new app; a finished one is forgotten.

        Raises:
            ttRunningError: an app is running.
        """
        with cls._swap_lock:
            cls._forget()
            ledger = cls._fresh()
            ledger.running, ledger.pid = True, os.getpid()
            cls.current = ledger
            return ledger

    @classmethod
    def _forget(cls) -> None:
        current = cls.current
        if current is None:
            return
        if current.running and current.pid != os.getpid():
            # A forked child is an app of its own: what ran in the parent does not run here.
            cls.current = here.catalyst = here.making = None
            return
        if current.running:
            how = "formula.finish(), or Ctrl+C" if current.hand is None else "distiller.finish_distiller()"
            raise ttRunningError(f"an app is running in this process: let it finish before another begins ({how}).")
        cls.current = None
        for catalyst in current.catalysts:
            catalyst.give_up()  # built without being run, for a test

    # -- look-ups ---------------------------------------------------------------------------------------------------

    def get_essence_by_id(self, essence_id: int) -> ttEssence | None:
        """The living essence with the id ``essence_id``, or ``None``."""
        return self._essences.get(essence_id)

    def get_essence_by_name(self, name: str) -> ttEssence | None:
        """The oldest living essence with this ``name``, or ``None``."""
        while (essence_id := self.get_id_by_name(name)) >= 0:
            if (essence := self._essences.get(essence_id)) is not None:
                return essence
            # It ended on another thread just now: its name is gone by now, and there may be another of that name.
        return None

    def get_id_by_name(self, name: str) -> int:
        """The id of the oldest living essence with this ``name``, -1 if there is none."""
        ids = self._by_name.get(name)
        if ids:
            try:
                return next(iter(ids))
            except (StopIteration, RuntimeError):  # the last of that name ended on another thread just now
                return self.get_id_by_name(name)
        # Names that nobody gave are not entered anywhere: they begin with the id.
        digits, dot, _ = name.partition(".")
        if dot and digits.isdigit():
            essence = self._essences.get(int(digits))
            if essence is not None and essence.name == name:
                return int(digits)
        return -1

    def get_service_essence(self, service_name: str) -> ttEssence | None:
        """The living service whose ``_tt_is_service`` is ``service_name``, or ``None``. It is not made."""
        return self.services.get(service_name)

    @property
    def essences(self) -> list[ttEssence]:
        """All that lives, the oldest first."""
        return list(self._essences.values())

    @property
    def records(self) -> list[dict[str, Any]]:
        """A dict per living essence: ``id``, ``name``, ``type``, ``context_id``, ``service``, and what was added."""
        return [self.record_of(essence) for essence in self.essences]

    @property
    def catalysts(self) -> list[ttCatalyst]:
        """The living catalysts, the main one first."""
        return [c for ref in list(self._catalysts.values()) if (c := ref()) is not None]

    def record_of(self, essence: ttEssence) -> dict[str, Any]:
        """The record of one essence; a copy."""
        context = essence.context
        return {
            "id": essence.id,
            "name": essence.name,
            "type": type(essence).__name__,
            "context_id": -1 if context is None else context.id,
            "service": essence._tt_is_service,
            **self._extra.get(essence._tt_id, {}),
        }

    def update_record(self, essence_id: int, data: Mapping[str, Any]) -> None:
        """Add to the record of a living essence.

        Args:
            essence_id: whose record; harmless for one that has ended.
            data: names and values that ``records`` and ``my_record`` show from now on.
        """
        if essence_id in self._essences:
            self._extra.setdefault(essence_id, {}).update(data)

    @overload
    def update_formula(self, settings: str, value: Any) -> None: ...
    @overload
    def update_formula(self, settings: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> None: ...
    def update_formula(self, settings: Any, value: Any = None) -> None:
        """Change the settings of the app; whoever subscribed to one in ``formula`` is told.

        Args:
            settings: the path of one setting, or a dict or pairs of many.
            value: the value of the one.
        """
        if isinstance(settings, str):
            self.formula.set(settings, value)
        else:
            self.formula.set(settings)

    # -- entering and leaving, for the framework itself -----------------------------------------------------------------

    def enter(self, essence: ttEssence, name: str | None) -> int:
        """Give an essence its id and take it in. Any thread."""
        essence_id = self._main_id() if essence._tt_is_catalyst else next(self._ids)
        self._essences[essence_id] = essence
        if name is not None:
            with self._names_lock:
                self._by_name.setdefault(name, {})[essence_id] = None
        return essence_id

    def _main_id(self) -> int:
        """The id of a catalyst: 0 for the first."""
        with self._main_id_lock:
            if self._main_id_is_taken:
                return next(self._ids)
            self._main_id_is_taken = True
        self.say_that_it_begins()
        return 0

    def say_that_it_begins(self) -> None:
        """Say in the stream, once, that the app begins. In the formula's thread."""
        tell, self.tell_begin = self.tell_begin, None
        if tell is not None:
            self.has_said_that_it_begins = True  # before it does: a snapshot that is taken now says it as well
            tell()
            for essence in self.essences:  # made before: to readers they were part of an app before this one
                essence._tt_tell_birth(essence._tt_born_ns, 0)

    def enter_catalyst(self, catalyst: ttCatalyst) -> None:
        """Take in a catalyst; the first one is the main one."""
        if self.main_catalyst is None:
            self.main_catalyst = catalyst
        self._catalysts[catalyst._tt_id] = weakref.ref(catalyst)

    def leave(self, essence: ttEssence) -> None:
        """Let go of an essence that has finished. Any thread."""
        essence_id = essence._tt_id
        if essence._tt_name is not None:
            self._forget_name(essence._tt_name, essence_id)  # first: who finds an id by it must find the essence
        self._essences.pop(essence_id, None)
        if self._extra:
            self._extra.pop(essence_id, None)
        if essence._tt_is_catalyst:
            self._catalysts.pop(essence_id, None)
        if essence._tt_is_service:
            self.services.forget(essence._tt_is_service, essence)

    def _forget_name(self, name: str, essence_id: int) -> None:
        with self._names_lock:
            ids = self._by_name.get(name)
            if ids is None:
                return
            ids.pop(essence_id, None)
            if not ids:
                del self._by_name[name]

    def app_ended(self, app: int, t_ns: int, problem: str) -> None:
        """Say in the stream that the app has ended."""
        if stream.active:
            stream.emit_now(AppEnded(t_ns, app, problem))  # type: ignore[arg-type]


def _forget_lock_in_child() -> None:
    """In a forked child: whoever held the lock at the fork does not exist here."""
    ttLedger._swap_lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_lock_in_child)
