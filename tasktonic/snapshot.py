"""What already lives, told as facts in the stream, so that who comes late knows everything."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from .catalyst import ttCatalyst
from .clock import now_ns, wall_ns
from .endings import MAKING
from .essence import tell_class
from .events import AppBegan, CatalystBegan, CatalystHeld, ServiceUsed, SnapshotTaken
from .ledger import ttLedger
from .states import tables
from .stream import stream


def take_snapshot(patience_s: float = 0.2) -> None:
    """Tell of everything that lives. Not from a catalyst's thread; a reader must be attached.

    Each catalyst tells of its own tonics, in its own thread between two sparkles, so that what is told is true at that
    place in the stream. One that is inside a sparkle for longer than ``patience_s`` seconds is told of from here
    instead: as true as a look from outside can be, and told again by itself when the sparkle ends.
    """
    ledger = ttLedger()
    if ledger.app_number:
        name: Any = ledger.formula.get("tasktonic/project/name", "") or ""
        elapsed_ns = now_ns() - ledger.began_ns
        stream.emit(AppBegan(ledger.began_ns, ledger.app_number, name, wall_ns() - elapsed_ns, ledger.pid))
    for table in list(tables):
        tell_class(table)
    catalysts = ledger.catalysts
    done = [(catalyst, _ask(catalyst)) for catalyst in catalysts]
    _tell(ledger, None)
    for catalyst, told in done:
        if not told.wait(patience_s):
            _tell(ledger, catalyst)
    stream.hand_over()


def _ask(catalyst: ttCatalyst) -> threading.Event:
    told = threading.Event()

    def tell() -> None:
        _tell(catalyst.ledger, catalyst)
        stream.hand_over()
        told.set()

    if catalyst.is_turning() and not catalyst.has_ended:
        catalyst.at_boundary(tell)
    return told


def _tell(ledger: ttLedger, catalyst: ttCatalyst | None) -> None:
    if catalyst is not None and catalyst.is_turning():
        # The thread's own name is only known to itself; by convention it has the catalyst's.
        stream.emit(
            CatalystBegan(now_ns(), catalyst._tt_id, catalyst.driver.name, _thread_name(catalyst), catalyst.ident or 0)  # type: ignore[arg-type]
        )
        if catalyst.is_held:
            stream.emit(CatalystHeld(now_ns(), catalyst._tt_id, True))
    for essence in ledger.essences:
        if _home(essence) is not catalyst:
            continue
        essence._tt_tell_birth(essence._tt_born_ns, 0)
        tell: Callable[[], None] | None = getattr(essence, "_tell_present", None)
        if tell is not None and essence._tt_stage != MAKING:  # else it is not whole yet, and tells what comes by itself
            tell()
        for user in essence.service_context:
            stream.emit(ServiceUsed(now_ns(), essence._tt_id, user._tt_id, True))
    stream.emit(SnapshotTaken(now_ns(), -1 if catalyst is None else catalyst._tt_id))


def _home(essence: Any) -> Any:
    """The catalyst whose thread may tell of an essence."""
    catalyst = essence._tt_catalyst
    return getattr(catalyst, "catalyst", catalyst) if catalyst is not None else None


def _thread_name(catalyst: ttCatalyst) -> str:
    return next((t.name for t in threading.enumerate() if t.ident == catalyst.ident), catalyst.name)
