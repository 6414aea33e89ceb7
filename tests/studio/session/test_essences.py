"""The ledger of the watched app: births that are taken together are the same as one by one."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from tasktonic import events
from tasktonic_studio.session import essence_figures, essences
from tasktonic_studio.session.essences import Essences

ev: Any = events
IDS = range(-1, 40)


def a_birth(chance: random.Random, t_ns: int) -> Any:
    essence, context = chance.randrange(40), chance.randrange(-1, 40)
    if chance.random() < 0.02:
        essence = essence_figures._TABLE_IDS + chance.randrange(3)
    service = chance.choice(("", "", "", "historian"))
    cls, state = chance.choice((0, 1, 2, -1, 1 << 40)), chance.randrange(-1, 4)
    return ev.Born(t_ns, essence, f"it {t_ns}", cls, context, 0, service, 2, state, 0)


def everything(known: Essences) -> Any:
    """All that can be asked."""
    ids = [*IDS, *(essence_figures._TABLE_IDS + number for number in range(3))]
    return (
        list(known),
        [known.get(essence) for essence in ids],
        [known.children(essence) for essence in ids],
        [known.path(essence) for essence in ids],
        (known.roots, known.services, list(known.ended), known.alive_count, known.ended_count),
        [known.in_states(cls) for cls in range(3)],
        known.classes_of(np.array(ids)).tolist(),
    )


@pytest.mark.parametrize("seed", range(60))
def test_births_together_are_as_births_one_by_one(seed: int) -> None:
    chance = random.Random(seed)
    one, other, kept, n = Essences(), Essences(), [], 0
    for _ in range(8):
        births = [(n + number, a_birth(chance, n + number)) for number in range(chance.choice((1, 2, 5, 90)))]
        n += len(births)

        new = [birth for birth in births if one.born(birth[1], birth[0])]
        assert other.born_all(births) == new
        for known in (one, other):
            early = np.array([births[0][1].essence, 39, 38])
            known.moved(np.array([n, n + 1, n + 2]), early, np.array([1, 2, 3]))
        for essence in chance.sample(range(40), 6):
            assert one.end(essence, n) == other.end(essence, n)
        n += 3
        assert everything(other) == everything(one)
        kept.append((other.fork(), everything(other)))

    for fork, was in kept:
        assert everything(fork) == was, "copies stay as they were"


@pytest.mark.parametrize("seed", range(20))
def test_births_of_those_that_nobody_knew_are_as_births_one_by_one(seed: int) -> None:
    chance = random.Random(seed)
    one, other, n = Essences(), Essences(), 0
    ids = chance.sample(range(40), 38)
    for count in (1, 12, 25):
        births = [(n + number, a_birth(chance, n + number)._replace(essence=ids.pop())) for number in range(count)]
        n += count
        early = np.array([ids[0], births[0][1].essence] if ids else [births[0][1].essence])
        for known in (one, other):
            known.moved(np.array([n, n + 1])[: len(early)], early, np.array([1, 2])[: len(early)])
        n += 2

        assert other.born_all(births) == births == [birth for birth in births if one.born(birth[1], birth[0])]
        assert everything(other) == everything(one)
        for essence in chance.sample(range(40), 6):
            assert one.end(essence, n) == other.end(essence, n)


def test_of_nobody_nobody_is_born() -> None:
    known = Essences()

    assert known.born_all([]) == []
    assert known.alive_count == 0


def test_ids_that_were_forgotten_give_their_places_to_those_that_are_born_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(essences, "ENDED_KEPT", 0)
    known = Essences()
    known.born_all([(n, ev.Born(n, n, "old", 0, -1, 0, "", 2, 1, 0)) for n in range(1_500)])
    slots = len(known._figures._counts)
    for essence in range(1_500):
        known.end(essence, 2_000)
    forgotten = 1_500 - len(known)
    assert forgotten > 1_000

    known.born_all([(3_000 + n, ev.Born(3_000, 5_000 + n, "new", 0, -1, 0, "", 2, -1, 0)) for n in range(forgotten)])

    assert len(known._figures._counts) == slots
    assert {known.get(5_000 + n).state for n in range(forgotten)} == {-1}  # type: ignore[union-attr]


@pytest.mark.parametrize("figure", ["sparkles", "errors"])
def test_only_so_many_get_figures_before_their_birth_is_told(monkeypatch: pytest.MonkeyPatch, figure: str) -> None:
    monkeypatch.setattr(essence_figures, "UNBORN_KEPT", 9)
    known = Essences()
    for essence in (*range(30), 5):
        if figure == "errors":
            known.raised(essence)
        else:
            known.ran(np.array([essence]), np.array([0]), np.array([1]), np.array([0]))

    known.born_all([(n, ev.Born(n, n, "late", 0, -1, 0, "", 2, 1, 0)) for n in range(30)])

    figures = [getattr(known.get(essence), figure) for essence in range(30)]
    assert figures == [1] * 5 + [2] + [1] * 4 + [0] * 20
