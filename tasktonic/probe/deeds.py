"""What is done to the app by hand: every request that acts is told in the stream, so that the record of a run says so.

``record`` is the one place that tells it. It is called when all that can be checked has been, and before anything is done, so
that what comes of a deed stands behind it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tasktonic import clock
from tasktonic.errors import ttError
from tasktonic.events import ByHand
from tasktonic.ledger import ttLedger
from tasktonic.stream import stream


class Deed(NamedTuple):
    """What is about to be done: the kind of it, details for people, and the id of whom it is done to (-1: all catalysts).

    ``code`` is how a test does the same, from the dot behind the essence on; empty for what a test cannot do.
    """

    what: str
    text: str = ""
    essence: int = -1
    code: str = ""


def record(deed: Deed, who: str, problem: str = "") -> None:
    """Tell the stream of a deed by ``who``; with a ``problem``, that it failed. Any thread."""
    note(deed, who, problem)
    stream.hand_over()


def note(deed: Deed, who: str, problem: str = "") -> None:
    """The same, and let the caller hand over: to hand over may let other threads run, before the deed itself is done."""
    if stream.active:
        text = ": ".join(filter(None, (deed.text, f"failed. {problem}" if problem else "")))
        told = ByHand(clock.now_ns(), deed.essence, deed.what, text, who or "a studio without a name")  # type: ignore[arg-type]
        stream.rows.append(told)


class ttRequestError(ttError, ValueError):
    """A request cannot be carried out."""


def find_essence(essence_id: int) -> Any:
    """The essence with this id.

    Raises:
        ttRequestError: nothing that lives has it.
    """
    essence = ttLedger().get_essence_by_id(essence_id)
    if essence is None:
        raise ttRequestError(no_essence(essence_id))
    return essence


def no_essence(essence_id: int) -> str:
    """The sentence for an id that nothing has."""
    return f"Nothing that lives has the id {essence_id}: it has finished, or belongs to an earlier app."


def find_catalyst(catalyst_id: int) -> Any:
    """The catalyst with this id.

    Raises:
        ttRequestError: no such catalyst lives.
    """
    living = ttLedger().catalysts
    found = next((catalyst for catalyst in living if catalyst.id == catalyst_id), None)
    if found is None:
        there = ", ".join(f"{catalyst.name} ({catalyst.id})" for catalyst in living) or "none"
        raise ttRequestError(f"No catalyst with the id {catalyst_id} lives: it has ended. Living catalysts: {there}.")
    return found


def catalyst_deed(what: str, catalyst_id: int, text: str = "") -> Deed:
    """A deed that is done to one catalyst, or to all with -1.

    Raises:
        ttRequestError: no such catalyst lives.
    """
    if catalyst_id < 0:
        return Deed(what, text or "all catalysts")
    name = find_catalyst(catalyst_id).name
    return Deed(what, f"{name}, {text}" if text else name, catalyst_id)
