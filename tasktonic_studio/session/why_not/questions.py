"""What one can ask "Why not?" about, and which questions fit a thing that is selected."""

from __future__ import annotations

from typing import NamedTuple

from tasktonic_studio.session import naming
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing

_HIDDEN = "_ttss__"


class NotRun(NamedTuple):
    """Why a sparkle of a tonic did not run."""

    essence: int
    sparkle: str


class NotInState(NamedTuple):
    """Why a tonic did not go to a state."""

    essence: int
    state: str


class NotChanged(NamedTuple):
    """Why a value did not change, or why a listener was not told."""

    store: int
    path: str


class NotFired(NamedTuple):
    """Why a timer did not fire."""

    timer: int


Question = NotRun | NotInState | NotChanged | NotFired


def words_of(known: Knowledge, question: Question) -> str:
    """A question in words."""
    if isinstance(question, NotRun):
        return f"Why did {known.essences.name(question.essence)}.{question.sparkle} not run?"
    if isinstance(question, NotInState):
        return f"Why did {known.essences.name(question.essence)} not go to state {question.state}?"
    if isinstance(question, NotChanged):
        return f"Why did {question.path or 'the store'} not change, or who was not told?"
    return f"Why did the timer {known.essences.name(question.timer)} not fire?"


def questions_about(known: Knowledge, thing: Thing | None) -> list[Question]:
    """The questions that fit a thing: one when it says what did not happen, several to choose from otherwise."""
    if thing is None:
        return []
    key = thing.key
    if thing.kind == "store" and isinstance(key, tuple):
        return [NotChanged(int(key[0]), str(key[1]))]
    if thing.kind == "state" and isinstance(key, tuple):
        return _about_state(known, int(key[0]), int(key[1]))
    if not isinstance(key, int):
        return []
    if thing.kind in ("run", "order", "log"):
        return _about_call(known, thing)
    if thing.kind in ("essence", "catalyst"):
        return _about_tonic(known, key)
    if thing.kind == "class":
        tonics = [it for it in known.essences if (facts := known.essences.get(it)) is not None and facts.cls == key]
        return [question for tonic in tonics[:_MOST_TONICS] for question in _about_tonic(known, tonic)]
    return []


_MOST_TONICS = 50


def _about_state(known: Knowledge, cls: int, state: int) -> list[Question]:
    name = known.names.state(cls, state)
    found: list[Question] = []
    for essence in known.essences:
        facts = known.essences.get(essence)
        if facts is not None and facts.cls == cls:
            found.append(NotInState(essence, name))
    return found


def _about_call(known: Knowledge, thing: Thing) -> list[Question]:
    number = int(str(thing.key))
    if thing.kind == "log":
        number = known.log[number].run if known.log.first <= number < len(known.log) else 0
    if thing.kind != "order" and number > 0:
        run = known.run_of(number)
        if run is not None:
            return [NotRun(run.essence, known.names.sparkle(run.sparkle))]
    order = known.order_of(number) if number > 0 else None
    return [NotRun(order.essence, known.names.sparkle(order.sparkle))] if order is not None else []


def _about_tonic(known: Knowledge, essence: int) -> list[Question]:
    facts = known.essences.get(essence)
    if facts is None:
        return []
    if naming.is_timer(known, essence):
        return [NotFired(essence)]
    if essence in known.store:
        return [NotChanged(essence, path) for path in known.store.paths(essence)[:_MOST_PATHS]]
    names = [it.name for it in known.names.sparkles_of(facts.cls) if not it.name.startswith(_HIDDEN)]
    found: list[Question] = [NotRun(essence, name) for name in names]
    found += [NotInState(essence, name) for name in known.names.states(facts.cls)]
    found += [NotFired(timer.id) for timer in known.timers_of(essence)]
    return found


_MOST_PATHS = 5_000
