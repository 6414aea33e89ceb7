"""Blocks of events, one by one, together and in pieces, give a session the same as their events."""

from __future__ import annotations

import pytest

from tasktonic import events as ev
from tasktonic.blocks import StringTable, encode_block
from tasktonic_studio.session.inbox import BlockArrived, Notice
from tasktonic_studio.session.session import Session
from tests.helpers.builders import EventWriter, Plant, a_session


def test_blocks_give_the_same_as_their_events() -> None:
    by_events, by_blocks = a_session(), a_session()
    plant, strings = Plant(), StringTable()

    for _ in range(5):
        rows = plant.live(7) + plant.trouble()
        by_events.apply_events(by_events.live.n, rows)
        by_blocks.apply([BlockArrived(encode_block(by_blocks.live.n, rows, strings, previews=True))])

    one, other = by_events.live, by_blocks.live
    assert one.n == other.n
    assert [one.essences.get(it) for it in one.essences] == [other.essences.get(it) for it in other.essences]
    assert one.runs.rows(0, 10**6) == other.runs.rows(0, 10**6)
    assert one.orders.rows(0, 10**6) == other.orders.rows(0, 10**6)
    assert one.transitions.rows(0, 10**6) == other.transitions.rows(0, 10**6)
    assert list(one.log) == list(other.log)
    assert one.catalysts == other.catalysts
    assert one.timers == other.timers


def test_blocks_that_come_together_give_the_same_as_one_by_one() -> None:
    together, apart = a_session(), a_session()
    plant, strings, n, blocks = Plant(), StringTable(), together.live.n, []
    for number in range(7):
        rows = (
            plant.live(3) + plant.trouble() + ([ev.AppBegan(plant.write.t_ns, 2, ev.Name("B"), 0, 1)] * (number == 4))
        )
        blocks.append(BlockArrived(encode_block(n, rows, strings, previews=bool(number % 2))))
        n += len(rows)

    together.apply(blocks)
    for block in blocks:
        apart.apply([block])

    one, other = together.live, apart.live
    assert one.n == other.n == n
    assert [one.essences.get(it) for it in one.essences] == [other.essences.get(it) for it in other.essences]
    for table in ("runs", "orders", "transitions"):
        assert getattr(one, table).rows(0, 10**6) == getattr(other, table).rows(0, 10**6)
    assert list(one.log) == list(other.log)
    assert len(one.apps) == 1
    assert one.apps == other.apps


@pytest.mark.parametrize("most_facts", [1, 3, 7])
def test_a_block_in_pieces_gives_the_same_as_whole(most_facts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasktonic_studio.session.session._FACTS_TOGETHER", most_facts)
    whole, in_pieces = a_session(), a_session()
    plant, strings, first = Plant(), StringTable(), 1_000
    pieces = 0
    for number in range(5):
        again = [ev.AppBegan(plant.write.t_ns, 2, ev.Name("B"), 0, 1)] * (number == 3)
        rows = plant.live(7) + plant.trouble() + again + plant.live(4)
        block = BlockArrived(encode_block(first, rows, strings, previews=True))
        first += len(rows)
        whole.apply([block])
        for piece in in_pieces.opened(block):
            pieces += 1
            in_pieces.apply([piece])

    one, other = whole.live, in_pieces.live
    assert pieces > 10
    assert one.n == other.n
    assert [one.essences.get(it) for it in one.essences] == [other.essences.get(it) for it in other.essences]
    for table in ("runs", "orders", "transitions"):
        assert getattr(one, table).rows(0, 10**6) == getattr(other, table).rows(0, 10**6)
    assert list(one.log) == list(other.log)
    assert one.apps == other.apps
    assert one.findings.by_key == other.findings.by_key
    numbered = [[it.marks.numbering.event_at(n) for n in range(one.n + 1)] for it in (whole, in_pieces)]
    assert numbered[0] == numbered[1], "marks stand at the same events"


def test_a_block_that_cannot_be_opened_is_said_when_it_is_taken(session: Session) -> None:
    bad = BlockArrived(b"GET / HTTP/1.1")

    assert list(session.opened(bad)) == [bad]
    session.apply([bad])

    assert session.live.log[0].text.startswith("The events of the app cannot be read any more")


def test_what_came_before_a_block_that_is_none_is_taken_first(session: Session, write: EventWriter) -> None:
    write.born("Pump", "pump")
    good = encode_block(0, write.take(), StringTable())

    session.apply([Notice("first"), BlockArrived(good), Notice("second"), BlockArrived(good), BlockArrived(b"none")])

    texts = [line.text for line in session.live.log]
    assert texts[:2] == ["first", "second"]
    assert session.live.log[2].n == session.live.n - 1, "said after the blocks before it"


def test_a_block_that_is_none_ends_in_a_sentence(session: Session, write: EventWriter) -> None:
    write.born("Pump", "pump")
    good = encode_block(0, write.take(), StringTable())

    session.apply([BlockArrived(good), BlockArrived(b"GET / HTTP/1.1"), BlockArrived(good)])

    assert session.live.essences.alive_count == 1, "what was known stays"
    assert len(session.live.log) == 1
    assert session.live.log[0].text.startswith("The events of the app cannot be read any more")


def test_lost_numbers_are_passed_over(session: Session) -> None:
    changes = session.apply_events(100, [ev.LogLine(1, -1, ev.Text("late"), 0)])

    assert session.live.n == 101
    assert session.live.log[0].n == 100
    assert changes.log


def test_nothing_told_changes_nothing(session: Session) -> None:
    assert not session.apply([])
    assert session.live.n == 0
