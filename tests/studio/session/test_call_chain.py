"""What caused a call and what came of it, as a plain search through all calls finds it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasktonic import events as ev
from tasktonic_studio.session import call_chain
from tasktonic_studio.session.call_chain import CallChain
from tasktonic_studio.session.calls import Hooks
from tasktonic_studio.session.session import Session
from tests.helpers.builders import EventWriter


class Talk(EventWriter):
    """Tonics that call each other; ``call`` gives the number of the order, and runs it at once."""

    def __init__(self, tonics: int = 3) -> None:
        super().__init__()
        self.session = Session()
        self.catalyst("main")
        self.tonics = [self.born("Speaker", f"speaker {number}", catalyst=0) for number in range(tonics)]

    def call(self, to: int, by: int = 0, source: int = -1, sparkle: str = "ttsc__say") -> int:
        return self.run(self.tonics[to], sparkle, self.order(self.tonics[to], sparkle, source, by))

    def hook(self, of: int, tonic: int = 0, number: int = 0) -> int:
        """A hook of a state change that the run of an order made; gives the number of its run."""
        run = number or self.next_number
        self.next_number = max(self.next_number, run + 1)
        essence = self.tonics[tonic]
        sparkle = self.sparkle(self._class_of[essence], "ttse__on_enter")
        self.add(ev.Ran(self.t_ns, self.t_ns + 10, run, of, 0, essence, sparkle, -1, -1, ev.HOOK))
        return run

    def tell(self) -> Session:
        self.session.apply_events(self.session.live.n, self.take())
        return self.session


def chain_of(talk: Talk, number: int) -> CallChain:
    known = talk.tell().live
    chain = CallChain(known, number, Hooks())
    go_on(chain, talk)
    return chain


def go_on(chain: CallChain, talk: Talk) -> None:
    known = talk.tell().live
    while not chain.is_done(known):
        chain.step(known)


def numbers(chain: CallChain, talk: Talk) -> list[int]:
    orders = talk.session.live.orders
    return [orders.row(row).order for row in chain.rows().tolist()]


def test_a_chain_has_causes_and_effects_but_not_what_its_causes_did_besides() -> None:
    talk = Talk()
    first = talk.call(0)
    middle = talk.call(1, by=first)
    beside = talk.call(2, by=first)
    last = talk.call(2, by=middle)
    talk.call(0)

    assert numbers(chain_of(talk, middle), talk) == [first, middle, last]
    assert numbers(chain_of(talk, beside), talk) == [first, beside]
    assert numbers(chain_of(talk, first), talk) == [first, middle, beside, last]


def test_a_chain_of_a_call_that_was_not_made_is_empty() -> None:
    talk = Talk()
    talk.call(0)

    assert numbers(chain_of(talk, 99), talk) == []


def test_what_a_hook_called_came_of_the_order_that_caused_the_hook() -> None:
    talk = Talk()
    first = talk.order(talk.tonics[0], "ttsc__go")
    hook = talk.next_number + 1
    inside = talk.order(talk.tonics[1], "ttsc__say", talk.tonics[0], hook)
    talk.hook(first, number=hook)
    talk.run(talk.tonics[0], "ttsc__go", first)
    talk.run(talk.tonics[1], "ttsc__say", inside)

    assert numbers(chain_of(talk, first), talk) == [first, inside]
    assert numbers(chain_of(talk, inside), talk) == [first, inside]
    assert numbers(chain_of(talk, hook), talk) == [first, inside]


def test_effects_that_come_later_are_found_when_one_goes_on() -> None:
    talk = Talk()
    first = talk.call(0)
    chain = chain_of(talk, first)
    second = talk.call(1, by=first)

    go_on(chain, talk)

    assert numbers(chain, talk) == [first, second]


def test_a_hook_that_ends_later_brings_what_it_had_called_before() -> None:
    talk = Talk()
    first = talk.call(0)
    hook = talk.next_number + 5
    inside = talk.call(1, by=hook)
    of_it = talk.call(2, by=inside)
    chain = chain_of(talk, first)
    assert numbers(chain, talk) == [first]

    talk.hook(first, number=hook)
    talk.call(2)
    go_on(chain, talk)

    assert numbers(chain, talk) == [first, inside, of_it]


def test_a_lost_cause_is_told() -> None:
    talk = Talk()
    lost = talk.next_number
    talk.next_number += 1
    seen = talk.call(1, by=lost)

    chain = chain_of(talk, seen)

    assert chain.is_cause_lost
    assert numbers(chain, talk) == [seen]
    assert not chain_of(talk, talk.call(0)).is_cause_lost


def test_effects_of_a_run_whose_order_was_lost_are_found() -> None:
    talk = Talk()
    lost = talk.next_number
    talk.next_number += 1
    talk.run(talk.tonics[0], "ttsc__say", lost)
    effect = talk.call(1, by=lost)

    assert numbers(chain_of(talk, lost), talk) == [effect]


def test_causes_are_followed_so_far_and_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_chain, "MOST_CAUSES", 150)
    talk = Talk()
    number = talk.call(0)
    for _ in range(400):
        number = talk.call(1, by=number)

    chain = chain_of(talk, number)

    assert chain.has_more_causes
    assert len(chain.rows()) == 151


def test_so_many_effects_are_taken_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_chain, "MOST_CALLS", 20)
    talk = Talk()
    first = talk.call(0)
    called = [talk.call(1, by=first) for _ in range(50)]

    chain = chain_of(talk, first)

    assert chain.is_cut
    assert numbers(chain, talk) == [first, *called[:20]]
    assert chain.share(talk.session.live) == 1.0


def test_the_app_before_in_this_process_has_other_calls() -> None:
    talk = Talk()
    first = talk.call(0)
    talk.call(1, by=first)
    talk.add(ev.AppBegan(talk.t_ns, 2, ev.Name("Again"), 1, 1))
    talk.next_number = 1
    talk.born("Speaker", "speaker 0", catalyst=0, essence=talk.tonics[0])
    again = talk.call(0)

    assert again == first
    assert numbers(chain_of(talk, again), talk) == [again]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=60), st.data())
def test_a_chain_is_what_a_search_by_hand_finds(causes: list[tuple[int, bool]], data: st.DataObject) -> None:
    """Each call is made by none, by an earlier one, or by a hook of an earlier one; pieces are tiny."""
    talk = Talk(1)
    by: dict[int, int] = {}
    for back, is_in_hook in causes:
        earlier = sorted(by)
        caller = earlier[-back] if 0 < back <= len(earlier) else 0
        run = caller
        if caller and is_in_hook:
            run = talk.hook(caller)
        by[talk.call(0, by=run)] = caller
    asked = data.draw(st.sampled_from(sorted(by)))
    before = call_chain.PIECE_ROWS
    call_chain.PIECE_ROWS = data.draw(st.integers(1, 20))  # type: ignore[misc]
    try:
        found = numbers(chain_of(talk, asked), talk)
    finally:
        call_chain.PIECE_ROWS = before  # type: ignore[misc]

    assert found == _by_hand(by, asked)


def _by_hand(by: dict[int, int], asked: int) -> list[int]:
    chain, cause = {asked}, by[asked]
    for number in sorted(by):
        if by[number] in chain:
            chain.add(number)
    while cause:
        chain.add(cause)
        cause = by[cause]
    return sorted(chain)


def test_a_chain_as_long_as_a_piece_is_found_in_few_steps() -> None:
    """Sixty thousand calls, each made by the one before: a loop over them would take as many steps."""
    count = 60_000
    number = np.arange(1, count + 1)
    calls: Any = call_chain._reached_through(number, number - 1, number == 1)

    assert calls.all()
