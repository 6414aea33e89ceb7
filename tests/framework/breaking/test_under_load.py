"""Breakpoints that come, go and hit while catalysts call each other: nothing is lost, runs twice, or stays held."""

from __future__ import annotations

import random
import threading
from typing import Any

import pytest

from tasktonic import ttCatalyst, ttStore, ttTonic
from tasktonic.breaking import breaker
from tasktonic.events import Ended
from tasktonic.rules import Breakpoint, Term
from tasktonic.stream import Level
from tests.helpers.apps import in_thread, reading, run_app, wait_for
from tests.helpers.breaking_apps import Hand

ROUNDS = 300
PLAYERS = 3

POOL = [
    Term("sparkle", "ttsc__ball", "Player"),
    Term("sparkle", "ttse__*"),
    Term("sender", "ttsc__ball"),
    Term("state", "*", "Player", way="entered"),
    Term("path", "balls/*"),
    Term("exception", "ValueError"),
    Term("condition", "self.seen % 50 == 49", "Player"),
    Term("duration", cls="Player", longer_than_ns=1),
]


class Player(ttTonic):
    """Passes balls on to the next, counts them, and ends after so many."""

    _tt_states = ("even", "odd")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.seen = 0
        self.numbers: list[int] = []
        self.next: Any = None
        self.store = self.bind(ttStore)

    def ttsc__ball(self, number: int) -> None:
        self.seen += 1
        self.numbers.append(number)
        self.to_state("even" if number % 2 else "odd")
        self.store.set(f"balls/{self.name}", number)
        if number < ROUNDS * PLAYERS:
            self.next.ttsc__ball(number + 1)
        else:
            for player in self.all:
                player.ttsc__end()
        if number % 97 == 5:
            raise ValueError("dropped")

    def ttse__on_error(self, error: Any) -> None:
        """Takes it."""

    def ttsc__end(self) -> None:
        self.finish()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("level", [None, Level.FLOW])
def test_every_order_runs_once_while_breakpoints_come_and_go(seed: int, level: Level | None) -> None:
    players: list[Any] = []
    begun, over = threading.Event(), threading.Event()

    def start() -> None:
        players.extend(Player(name=f"p{n}", catalyst=ttCatalyst(name=f"c{n}")) for n in range(PLAYERS))
        for player, following in zip(players, [*players[1:], players[0]], strict=True):
            player.next, player.all = following, players
        players[0].ttsc__ball(1)

    def meddle() -> None:
        chance = random.Random(seed)
        wait_for(begun)
        while not over.is_set():
            terms = [tuple(chance.sample(POOL, chance.choice((1, 1, 2)))) for _ in range(chance.randrange(4))]
            breaker.put(
                "test",
                [
                    Breakpoint(
                        n,
                        rule,
                        every=chance.choice((1, 20)),
                        log=chance.random() < 0.5,
                        only_this=chance.random() < 0.5,
                    )
                    for n, rule in enumerate(terms)
                ],
            )
        breaker.clear("test")

    breaker.put("test", [Breakpoint(0, (POOL[0],), once=True)])
    with Hand(lambda hit: begun.set()) as hand:
        helper = in_thread(meddle)
        try:
            if level is None:
                run_app(start)
            else:
                with reading(level) as rows:
                    run_app(start)
                assert len(rows.of(Ended)) >= PLAYERS
        finally:
            over.set()
            helper.join()

    assert sorted(number for player in players for number in player.numbers) == list(range(1, ROUNDS * PLAYERS + 1))
    assert hand.hits
