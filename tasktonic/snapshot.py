"""What already lives, told as facts in the stream, so that who comes late knows everything."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any, Final

from . import clock
from .catalyst import ttCatalyst
from .endings import ENDED, MAKING
from .errors import ttError
from .essence import ttEssence
from .events import AppBegan, CatalystBegan, CatalystHeld, Ended, LevelSet, ServiceUsed, SnapshotTaken
from .ledger import ttLedger
from .states import tables
from .stream import stream
from .telling import tell_class

PORTION: Final = 100
"""Essences that a catalyst tells of in one go: about a millisecond."""


def take_snapshot(patience_s: float = 0.2) -> None:
    """Tell of everything that lives. Any thread; a reader must be attached.

    Each catalyst tells of its own tonics, in its own thread between two sparkles and in portions between which it goes on
    working, so that what is told is true at that place in the stream and nobody waits. One that is inside a sparkle for
    longer than ``patience_s`` seconds is told of from here instead: as true as a look from outside can be, and told
    again by itself when the sparkle ends. One that does not turn yet is told of from here at once: an app that is just being
    built is not waited for.

    In a catalyst's thread, inside a sparkle, its own tonics are told at once, and the others are not waited for.

    Raises:
        ttSnapshotError: some of what lives could not be told; all else was.
    """
    ledger = ttLedger()
    if (
        ledger.has_said_that_it_begins
    ):  # what is only being built says so itself, when it is known which clock it goes by
        name: Any = ledger.formula.get("tasktonic/project/name", "") or ""
        elapsed_ns = clock.now_ns() - ledger.began_ns
        stream.emit(AppBegan(ledger.began_ns, ledger.app_number, name, clock.wall_ns() - elapsed_ns, ledger.pid))
    stream.emit(LevelSet(clock.now_ns(), int(stream.level)))
    for table in tables():
        tell_class(table)
    own = [_Telling(ledger, catalyst) for catalyst in ledger.catalysts if catalyst.is_own_thread()]
    tellings = [_Telling(ledger, catalyst) for catalyst in ledger.catalysts if not catalyst.is_own_thread()]
    for telling in tellings:
        telling.begin()
    rest = _Telling(ledger, None)
    for telling in (*own, rest):
        telling.tell_all()
    if not own:
        for telling in tellings:
            telling.see_through(patience_s)
    stream.hand_over()
    problems = [problem for telling in (*own, *tellings, rest) for problem in telling.problems]
    if problems:
        raise ttSnapshotError(f"{len(problems)} essences could not be told; the first: {problems[0]}")


class ttSnapshotError(ttError, RuntimeError):
    """Some of what lives could not be told."""


class _Telling:
    """What one catalyst has to tell; with ``None`` what belongs to no catalyst. Made by ``take_snapshot``, ends with it."""

    def __init__(self, ledger: ttLedger, catalyst: ttCatalyst | None) -> None:
        self.problems: list[str] = []
        self._ledger = ledger
        self._catalyst = catalyst
        self._portions = self._tell()
        self._portions_told = 0
        self._is_asked = False
        self._told = threading.Event()

    def begin(self) -> None:
        """Have the catalyst tell, as soon as it has ended its sparkle. Nothing when it does not turn, or has been asked."""
        catalyst = self._catalyst
        if catalyst is None or self._is_asked or catalyst.has_ended:
            return
        if self._has_begun():
            self._is_asked = True
            catalyst.for_a_look(self._tell_portion)

    def _has_begun(self) -> bool:
        """Whether the catalyst turns. While an app is built its main catalyst only seems to: it has its thread already."""
        return self._catalyst is not None and self._catalyst.is_turning() and self._ledger.turning

    def see_through(self, patience_s: float) -> None:
        """Wait until all is told; tell it from here when the catalyst does not get on, or there is nobody to wait for."""
        self.begin()
        if not self._is_asked:
            self._tell_from_here()
            self.begin()  # one that has begun to turn meanwhile tells again by itself
            return
        before = -1
        while not self._told.wait(patience_s):
            if self._portions_told == before or self._portions_told == 0:
                self._tell_from_here()
                return
            before = self._portions_told

    def _tell_from_here(self) -> None:
        outside = _Telling(self._ledger, self._catalyst)
        outside.tell_all()
        self.problems = outside.problems

    def tell_all(self) -> None:
        """Tell everything at once, from a thread that is not the catalyst's."""
        for _ in self._portions:
            pass

    def _tell_portion(self) -> None:
        catalyst = self._catalyst
        assert catalyst is not None
        if next(self._portions, None) is None:
            self._told.set()
        else:
            self._portions_told += 1
            catalyst.for_a_look(self._tell_portion, is_next=True)
        stream.hand_over()

    def _tell(self) -> Iterator[bool]:
        catalyst = self._catalyst
        if catalyst is not None and self._has_begun():
            # The thread's own name is only known to itself; by convention it has the catalyst's.
            driver, thread = catalyst.driver.name, _thread_name(catalyst)
            stream.emit(CatalystBegan(clock.now_ns(), catalyst._tt_id, driver, thread, catalyst.ident or 0))  # type: ignore[arg-type]
            if catalyst.is_held:
                stream.emit(CatalystHeld(catalyst._held_since_ns, catalyst._tt_id, True))
        told = 0
        for essence in self._ledger.essences:
            if _home(essence) is not catalyst or essence._tt_stage >= ENDED:
                continue
            try:
                _tell_one(essence)
            except Exception as error:  # of the app's own code, such as a property that takes the place of ours
                self.problems.append(f"a {type(essence).__name__} ({type(error).__name__}: {error})")
            told += 1
            if told % PORTION == 0:
                yield True
        stream.emit(SnapshotTaken(clock.now_ns(), -1 if catalyst is None else catalyst._tt_id))


def _tell_one(essence: ttEssence) -> None:
    essence._tt_tell_birth(essence._tt_born_ns, 0)
    if essence._tt_stage != MAKING:  # else it is not whole yet, and tells what comes by itself
        essence._tt_tell_present()
    pool = essence.ledger.pool
    if pool is not None:
        pool.tell_present(essence._tt_id)
    for user in essence.service_context:
        stream.emit(ServiceUsed(clock.now_ns(), essence._tt_id, user._tt_id, True))
    if essence._tt_stage >= ENDED:
        # It ended on another thread meanwhile, and may have said so before we said that it lives.
        stream.emit(Ended(clock.now_ns(), essence._tt_id, 0))


def _home(essence: Any) -> Any:
    """The catalyst whose thread may tell of an essence."""
    catalyst = essence._tt_catalyst
    return getattr(catalyst, "catalyst", catalyst) if catalyst is not None else None


def _thread_name(catalyst: ttCatalyst) -> str:
    return next((t.name for t in threading.enumerate() if t.ident == catalyst.ident), catalyst.name)
