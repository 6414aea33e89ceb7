"""What is held and what is about to be, in words; and where one can run on to from something."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final, NamedTuple

from tasktonic.events import HOOK
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.queues import CatalystFacts
from tasktonic_studio.session.timeline import OrderRow

MOST_FOLLOWED: Final = 2_000
"""So many orders that wait are looked at, and so many steps back from each of them."""
MOST_EFFECTS: Final = 1_000


def held_words(catalysts: Iterable[CatalystFacts]) -> str:
    """Which catalysts are held: ``held`` for all, ``held: engine`` for one of several; empty for none."""
    alive = [facts for facts in catalysts if facts.alive]
    held = [facts for facts in alive if facts.held]
    if not held:
        return ""
    if len(held) == len(alive):
        return "held"
    if len(held) <= 2:
        return f"held: {' and '.join(facts.name or f'catalyst {facts.id}' for facts in held)}"
    return f"held: {len(held)} of {len(alive)} catalysts"


def still_inside(known: Knowledge) -> list[CatalystFacts]:
    """Catalysts that were asked to hold and are inside a sparkle still: they hold when that has ended."""
    waiting = (facts for facts in known.catalysts.values() if facts.alive and facts.hold_asked_ns and facts.inside >= 0)
    return sorted(waiting, key=lambda facts: facts.since_ns)


def next_catalyst(known: Knowledge) -> int:
    """A held catalyst that has something to run, else any that is held; -1 for none."""
    held = [facts for facts in known.catalysts.values() if facts.held]
    waiting = [facts for facts in held if facts.depth] or held
    return int(waiting[0].id) if waiting else -1


def next_timer(known: Knowledge, catalyst: int = -1) -> int:
    """The timer that fires next of a held catalyst, -1 for any that is held; -1 when none runs there."""
    due = []
    for facts in known.timers.values():
        essence = known.essences.get(facts.id)
        runs_on = known.catalysts.get(essence.catalyst) if essence is not None and facts.is_running else None
        # By the calendar (a period of -1): it waits for the wall clock.
        if runs_on is not None and runs_on.held and catalyst in (-1, runs_on.id) and facts.period_ns >= 0:
            due.append((facts.due_ns, facts.id))
    return min(due, default=(0, -1))[1]


def catalyst_of_order(known: Knowledge, number: int) -> int:
    """The catalyst for which an order waits, as the app told it, -1 when it told of none such."""
    for catalyst, told in list(known.next_orders.items()):
        if any(order.number == number for order in told.orders):
            return catalyst
    return -1


def waits(known: Knowledge, number: int) -> bool:
    """Whether an order waits in a queue: as the app told it, or as far as the stream tells."""
    if catalyst_of_order(known, number) >= 0:
        return True
    order = known.order_of(number)
    return order is not None and order.row in known.waiting.all_rows()


class Effects(NamedTuple):
    """What a run has called: numbers of orders that wait, and of those that have run, the first one first."""

    waiting: tuple[int, ...]
    ran: tuple[int, ...]


def effects_of(known: Knowledge, number: int) -> Effects:
    """What a run has called, and what the hooks called that were part of it; the first some of it, when it is much."""
    called = (order.order for run in (number, *_hooks_of(known, number)) for order in known.effects_of(run))
    numbers = list(islice(called, MOST_EFFECTS))
    waiting = tuple(number for number in numbers if waits(known, number))
    return Effects(waiting, tuple(number for number in numbers if known.run_of(number) is not None))


def open_cascade(known: Knowledge, number: int) -> tuple[int, ...]:
    """The orders that wait of all that came of a run or an order; itself, when that waits still.

    Looked for from the end, since what waits is little: which of it goes back to that one.
    """
    if waits(known, number):
        return (number,)
    comes_of_it: dict[int, bool] = {number: True}
    rows = known.waiting.all_rows()
    orders = [known.orders.row(row) for row in rows[rows >= known.orders.first][:MOST_FOLLOWED].tolist()]
    return tuple(sorted(order.order for order in orders if _goes_back(known, order, comes_of_it)))


def _goes_back(known: Knowledge, order: OrderRow | None, comes_of_it: dict[int, bool]) -> bool:
    """Whether an order comes of what is known to; what was met on the way is known then as well."""
    way: list[int] = []
    known_answer: bool | None = None
    while order is not None and known_answer is None and len(way) < MOST_FOLLOWED:
        way.append(order.order)
        run = known.run_of(order.run) if order.run > 0 else None
        cause = order.run if run is None else run.order  # a hook was part of the run of its order
        known_answer = comes_of_it.get(cause)
        order = known.order_of(cause) if known_answer is None and run is not None else None
    answer = bool(known_answer)
    comes_of_it.update(dict.fromkeys(way, answer))
    return answer


def _hooks_of(known: Knowledge, number: int) -> list[int]:
    rows = known.runs.find("order", number, known.runs.count_at(known.app.first_n))
    runs = [known.runs.row(int(row)) for row in rows]
    return [run.run for run in runs if run.flags & HOOK]
