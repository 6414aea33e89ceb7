"""Who runs on a catalyst: each tonic is counted there and in the ledger from when it settles to when it has finished."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .endings import ENDED, FINISHES
from .errors import ttRunningError

if TYPE_CHECKING:
    from .catalyst import ttCatalyst
    from .tonic import ttTonic


def take_in(catalyst: ttCatalyst, tonic: ttTonic, place: Any) -> bool:
    """A tonic runs here from now on, and can be called: at ``place``, the catalyst or its nursery. Any thread.

    True when another thread, which saw it in the ledger, has finished it already.

    Raises:
        ttRunningError: the catalyst has ended.
    """
    ledger = catalyst.ledger
    with ledger.lock:
        if catalyst._tt_stage >= ENDED:
            raise ttRunningError(f"{tonic.name}: its catalyst {catalyst.name} has ended and runs nothing any more.")
        catalyst.living += 1
        if tonic._tt_counts:
            catalyst.ordinary += 1
            ledger.ordinary += 1
        tonic._tt_catalyst = place
        return tonic._tt_at_birth == FINISHES


def let_go(catalyst: ttCatalyst, tonic: ttTonic) -> None:
    """A tonic has finished, or its birth is undone, which leaves everything as if it had never been. Any thread."""
    if tonic is catalyst:
        return
    ledger = catalyst.ledger
    with ledger.lock:
        catalyst.living -= 1
        if tonic._tt_counts:
            catalyst.ordinary -= 1
            ledger.ordinary -= 1
            if not tonic._tt_never_lived:
                catalyst.had_ordinary = ledger.had_ordinary = True
