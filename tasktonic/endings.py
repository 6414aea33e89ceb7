"""How a tree of essences ends: children before their parent, the youngest first, over as many threads as it spans.

An ending walks without recursion, so that trees may be as deep as memory allows. Where a child must end on another
thread, it is asked to and the walk stops there; when the child has ended, that thread lets the parent go on. A walk may
be met by another one (a hook that finishes a sibling, a child that ends by itself on another thread), so each step
is claimed under the ledger's lock before it is taken, and no user code runs under it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import clock
from .current import current_run
from .events import Ended
from .stream import stream

if TYPE_CHECKING:
    from .essence import ttEssence

MAKING: Final = -1
ALIVE: Final = 0
ASKED: Final = 1
"""Asked to finish; what was queued before still runs."""
STOPPING: Final = 2
"""Its own last hooks run."""
ENDING: Final = 3
"""Its children end."""
ENDED: Final = 4

LIVES: Final = 0
FINISHES: Final = 1
"""What is to happen to an essence as soon as it is made: ``finish()`` was called meanwhile."""
ENDS: Final = 2
"""Its context ended meanwhile."""


def drive_ending(essence: ttEssence) -> None:
    """End an essence as far as this thread may; the rest is asked of the threads that may."""
    at: ttEssence | None = essence
    while at is not None:
        if at._tt_stage == MAKING:
            # Whoever makes it ends it as soon as it is made. One of us two always sees what the other has set.
            at._tt_at_birth = ENDS
            if at._tt_stage == MAKING:
                return
        if at._tt_stage < STOPPING and not _begin(at):
            return
        child = _youngest_child(at)
        if child is None:
            at = _leave(at)
        elif child._tt_stage >= STOPPING:
            return  # it is ending already, and whoever does that comes back here
        elif child._tt_stage == MAKING or child._tt_may_end_here():
            at = child
        else:
            child._tt_end_elsewhere()
            return


def _begin(essence: ttEssence) -> bool:
    with essence.ledger.lock:
        if essence._tt_stage >= STOPPING:
            return False
        essence._tt_stage = STOPPING
    essence._tt_stop()
    essence._tt_stage = ENDING
    return True


def _youngest_child(essence: ttEssence) -> ttEssence | None:
    if not essence._tt_children:
        return None  # one that comes in just now is seen by _leave
    with essence.ledger.lock:
        children = essence._tt_children
        if not children:
            return None
        # Popped and put back: asking a dict for its last key costs a walk over all that were removed behind it.
        essence_id, child = children.popitem()
        children[essence_id] = child
        return child


def _leave(essence: ttEssence) -> ttEssence | None:
    """Take an essence without children out of everything; gives the parent if its ending now goes on here."""
    with essence.ledger.lock:
        if essence._tt_stage >= ENDED or essence._tt_children or essence._tt_still_waits():
            return None
        essence._tt_stage = ENDED
    essence._tt_let_go()
    essence.ledger.leave(essence)
    if stream.active and (essence._tt_born_ns or not essence._tt_never_lived):
        stream.emit(Ended(clock.now_ns(), essence._tt_id, current_run()))
    parent = essence._tt_context
    if parent is not None:
        _take_out(parent, essence)
    essence._tt_after_leaving()
    if parent is None:
        return None
    if parent._tt_stage < STOPPING:
        if not essence._tt_never_lived:
            parent._tt_hear_of_end(essence, essence._tt_name)
        return None
    if parent._tt_stage != ENDING:
        return None  # its own last hooks still run; whoever runs them goes on with its children
    if parent._tt_may_end_here():
        return parent
    parent._tt_end_elsewhere()
    return None


def _take_out(parent: ttEssence, child: ttEssence) -> None:
    children = parent._tt_children
    if not children:
        return
    if parent._tt_lives_on_this_thread():
        children.pop(child._tt_id, None)  # only this thread looks for the youngest child there
        return
    with parent.ledger.lock:
        children.pop(child._tt_id, None)
