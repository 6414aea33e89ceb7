"""Looking up the facts of a lesson in what is known of the app."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Final

import numpy as np
import numpy.typing as npt

from tasktonic.events import HOOK, NO_STATE, SYSTEM
from tasktonic_studio.lessons.facts import Fact, unquoted
from tasktonic_studio.session.distiller import ORIGIN_NS
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.timeline import RunRow

MOST_LINES: Final = 2_000
"""So many lines of the log are looked through: the newest ones, or for the Nth line the oldest ones."""
_OUTSIDE: Final = HOOK | SYSTEM

Ints = npt.NDArray[np.int64]


def look_up(fact: Fact, known: Knowledge, source: str = "") -> str | None:
    """What a fact is at this moment; None while it cannot be said, as the fifth sparkle of three.

    Args:
        fact: what is asked.
        known: what is known of the app.
        source: the text of the lesson's program.
    """
    if fact.kind == "source":
        return source
    if fact.kind == "app":
        return known.target.status
    return _LOOKS[fact.kind](fact, known) if known.app.has_begun else None


def ordinary_runs(known: Knowledge, name: str = "") -> Ints:
    """Rows of the sparkles that ran in the present app, without hooks and the framework's own, of a tonic or class or of all."""
    start = known.runs.count_at(known.app.first_n)
    rows = known.runs.where(lambda columns: (columns["flags"] & _OUTSIDE) == 0, start)
    if not len(rows):
        return rows
    essences = known.runs.take(["essence"], rows)["essence"]
    wanted = [each for each in set(essences.tolist()) if _is_meant(known, each, name)]
    return rows[np.isin(essences, wanted)]


def run_number_of(known: Knowledge, place: int, name: str = "") -> int:
    """The number of the run that is the so-manieth sparkle, from 1; 0 where there are fewer."""
    row = _nth(known, place, name)
    return row.run if row is not None else 0


def essences_named(known: Knowledge, name: str) -> list[int]:
    """Ids of what has this name, or is of the class with this name; the newest first."""
    found = [id_ for id_ in known.essences if known.essences.name(id_) == name]
    found = found or [id_ for id_ in known.essences if _class_name(known, id_) == name]
    return found[::-1]


def has_been_called(known: Knowledge, sparkle: str, since: int) -> bool:
    """Whether a sparkle of this name was called since there were so many orders."""
    ids = [id_ for id_, defined in known.names.sparkles.items() if defined.name == sparkle]
    return bool(len(known.orders.where(lambda columns: np.isin(columns["sparkle"], ids), since)))


def latest_run_of(known: Knowledge, tonic: str, sparkle: str) -> RunRow | None:
    """The last run of a sparkle of a tonic."""
    ids = essences_named(known, tonic)
    sparkles = [id_ for id_, defined in known.names.sparkles.items() if defined.name == sparkle]
    start = known.runs.count_at(known.app.first_n)
    rows = known.runs.where(lambda it: np.isin(it["sparkle"], sparkles) & np.isin(it["essence"], ids), start)
    return known.runs.row(int(rows[-1])) if len(rows) else None


def _class_name(known: Knowledge, essence: int) -> str:
    facts = known.essences.get(essence)
    return known.names.cls(facts.cls) if facts is not None else ""


def _is_meant(known: Knowledge, essence: int, name: str) -> bool:
    """Whether an essence is of this name or class; without a name, whether it is not a catalyst."""
    if not name:
        return essence not in known.catalysts
    return name in (known.essences.name(essence), _class_name(known, essence))


def _nth(known: Knowledge, place: int, name: str) -> RunRow | None:
    rows = ordinary_runs(known, name)
    return known.runs.row(int(rows[place - 1])) if 0 < place <= len(rows) else None


def _sparkle_name(known: Knowledge, row: RunRow) -> str:
    return known.names.sparkle(row.sparkle)


def _sparkle(fact: Fact, known: Knowledge) -> str | None:
    row = _nth(known, fact.first, fact.name)
    return _sparkle_name(known, row) if row is not None else None


def _sparkles(fact: Fact, known: Knowledge) -> str | None:
    rows = ordinary_runs(known, fact.name)
    if len(rows) < fact.last:
        return None
    chosen = rows[fact.first - 1 : fact.last].tolist()
    return ", ".join(_sparkle_name(known, known.runs.row(row)) for row in chosen)


def _last_sparkle(fact: Fact, known: Knowledge) -> str | None:
    rows = ordinary_runs(known, fact.name)
    return _sparkle_name(known, known.runs.row(int(rows[-1]))) if len(rows) else None


def _runs(fact: Fact, known: Knowledge) -> str:
    tonic, _, sparkle = fact.name.rpartition(".")
    rows = ordinary_runs(known, tonic)
    sparkles = known.runs.take(["sparkle"], rows)["sparkle"].tolist() if len(rows) else []
    return str(sum(known.names.sparkle(each) == sparkle for each in sparkles))


def _arguments(fact: Fact, known: Knowledge) -> str | None:
    row = _nth(known, fact.first, fact.name)
    order = known.order_of(row.order) if row is not None else None
    return order.arguments if order is not None else None


def _caller(fact: Fact, known: Knowledge) -> str | None:
    row = _nth(known, fact.first, fact.name)
    order = known.order_of(row.order) if row is not None else None
    if order is None:
        return None
    return known.essences.name(order.source) if order.source >= 0 else order.cause


def _state(fact: Fact, known: Knowledge) -> str | None:
    ids = essences_named(known, fact.name)
    return known.state_name(ids[0]) if ids else None


def _states(fact: Fact, known: Knowledge) -> str | None:
    ids = essences_named(known, fact.name)
    facts = known.essences.get(ids[0]) if ids else None
    if facts is None:
        return None
    start = known.transitions.count_at(known.app.first_n)
    rows = known.transitions.find("essence", facts.id, start).tolist()
    passed = [known.transitions.row(row).new for row in rows]
    return ", ".join(known.names.state(facts.cls, state) for state in passed if state != NO_STATE)


def _life(fact: Fact, known: Knowledge) -> str:
    ids = essences_named(known, fact.name)
    facts = known.essences.get(ids[0]) if ids else None
    return facts.life if facts is not None else "not born"


def _catalyst(fact: Fact, known: Knowledge) -> str | None:
    ids = essences_named(known, fact.name)
    facts = known.essences.get(ids[0]) if ids else None
    return known.essences.name(facts.catalyst) if facts is not None else None


def _number(fact: Fact, known: Knowledge) -> str:
    alive = (facts for id_ in known.essences if (facts := known.essences.get(id_)) is not None and facts.is_alive)
    return str(sum(fact.name in _classes(known, facts.cls) for facts in alive))


def _classes(known: Knowledge, cls: int) -> tuple[str, ...]:
    """The name of a class and those of its bases."""
    defined = known.names.classes.get(cls)
    return (defined.name, *(base.strip() for base in defined.bases.split(","))) if defined is not None else ()


def _store(fact: Fact, known: Knowledge) -> str:
    for store in known.store:
        entry = known.store.get(store, fact.name)
        if entry is not None and not entry.removed:
            return unquoted(entry.new)
    return "nothing"


def _said(known: Knowledge, indices: Iterable[int]) -> Iterator[str]:
    """What tonics of the present app said, of these lines of the log."""
    lines = (known.log[index] for index in indices)
    return (line.text for line in lines if line.level == "log" and line.n >= known.app.first_n)


def _newest(known: Knowledge) -> range:
    return range(max(known.log.first, len(known.log) - MOST_LINES), len(known.log))


def _log_line(fact: Fact, known: Knowledge) -> str | None:
    if known.log.first:
        return None  # lines before it are not kept any more: nobody can count them
    return next(islice(_said(known, range(min(len(known.log), MOST_LINES))), fact.first - 1, None), None)


def _last_log_line(fact: Fact, known: Knowledge) -> str | None:
    return next(_said(known, reversed(_newest(known))), None)


def _log(fact: Fact, known: Knowledge) -> str:
    return "\n".join(_said(known, _newest(known)))


def _seconds(fact: Fact, known: Knowledge) -> str:
    # Of an app that is run by hand the distiller says it: what else comes, such as beats, has the time of the clock on the wall.
    by_hand = known.distiller.state is not None
    seconds = _seconds_by_hand(known) if by_hand else (known.t_ns - known.app.began_ns) / 1e9
    return f"{round(max(seconds, 0.0), 3):g}"


def _seconds_by_hand(known: Knowledge) -> float:
    """What the distiller's clock shows; of an app that has ended, what it showed when the last sparkle had run."""
    rows = len(known.runs)
    ran_ns = known.runs.row(rows - 1).end_ns if rows > known.runs.count_at(known.app.first_n) else ORIGIN_NS
    return max(known.distiller.seconds, (ran_ns - ORIGIN_NS) / 1e9)


def _waiting(fact: Fact, known: Knowledge) -> str:
    state = known.distiller.state
    return str(state.waiting if state is not None else len(known.waiting.all_rows()))


def _errors(fact: Fact, known: Knowledge) -> str:
    return str(sum(facts.errors for id_ in known.essences if (facts := known.essences.get(id_)) is not None))


_LOOKS: Final[dict[str, Callable[[Fact, Knowledge], str | None]]] = {
    "sparkle": _sparkle,
    "sparkles": _sparkles,
    "last sparkle": _last_sparkle,
    "runs": _runs,
    "arguments": _arguments,
    "caller": _caller,
    "state": _state,
    "states": _states,
    "life": _life,
    "catalyst": _catalyst,
    "number": _number,
    "store": _store,
    "log line": _log_line,
    "last log line": _last_log_line,
    "log": _log,
    "seconds": _seconds,
    "waiting": _waiting,
    "errors": _errors,
}
