"""The ring of blocks: facts stay, flow goes, and the loss is counted."""

from __future__ import annotations

import pytest

from tasktonic import events as ev
from tasktonic.blocks import StringTable, decode_block, encode_block
from tasktonic.probe.outbox import Outbox
from tests.helpers.stream_rows import order, run


class Writer:
    """Makes blocks one after the other."""

    def __init__(self) -> None:
        self._table = StringTable()
        self._n = 0

    def block(self, *rows: object) -> bytes:
        data = encode_block(self._n, rows, self._table)  # type: ignore[arg-type]
        self._n += len(rows)
        return data


def _all_of(outbox: Outbox) -> list[tuple[int, object]]:
    table = StringTable()
    return [item for _ in range(len(outbox)) for item in decode_block(outbox.take(), table).events()]


def _line(n: int) -> ev.LogLine:
    return ev.LogLine(n, 1, ev.Text("text"), 0)


def test_blocks_come_out_as_they_went_in() -> None:
    writer, outbox = Writer(), Outbox()
    blocks = [writer.block(order(1)), writer.block(run(1)), writer.block(_line(1))]

    for block in blocks:
        outbox.put(block)

    assert [outbox.take() for _ in blocks] == blocks


def test_an_empty_outbox_has_nothing_to_take() -> None:
    with pytest.raises(IndexError):
        Outbox().take()


def test_a_full_ring_gives_up_the_oldest_flow() -> None:
    writer = Writer()
    blocks = [writer.block(order(n), run(n), _line(n)) for n in range(1, 5)]
    outbox = Outbox(ring_bytes=2 * max(map(len, blocks)))

    for block in blocks:
        outbox.put(block)

    assert (outbox.lost_orders, outbox.lost_runs) == (2, 2)
    kinds = [type(event).__name__ for _, event in _all_of(outbox)]
    assert kinds == ["Gap", "LogLine"] * 2 + ["Ordered", "Ran", "LogLine"] * 2


def test_gaps_that_follow_each_other_become_one() -> None:
    writer = Writer()
    first = writer.block(order(1), run(1))
    outbox = Outbox(ring_bytes=1)

    outbox.put(first)
    for n in range(2, 1_000):
        outbox.put(writer.block(order(n), run(n)))

    assert len(outbox) == 2  # the first one brings strings, the others nothing but a gap
    gaps = [event for _, event in _all_of(outbox)]
    assert gaps == [ev.Gap(1_000, 1_500, 1, 1), ev.Gap(2_000, 999_500, 998, 998)]


def test_blocks_of_beats_alone_vanish() -> None:
    writer = Writer()
    writer.block(_line(0))
    outbox = Outbox(ring_bytes=1)

    outbox.put(writer.block(ev.Beat(1, 0, 0, -1, 0, -1, 0, 0)))

    assert len(outbox) == 0


def test_strings_of_a_block_that_loses_its_flow_are_kept() -> None:
    writer, outbox = Writer(), Outbox(ring_bytes=1)

    outbox.put(writer.block(order(1)))
    outbox.put(writer.block(ev.StateDefined(1, 0, ev.Name("outside"))))

    assert (1, ev.StateDefined(1, 0, ev.Name("outside"))) in _all_of(outbox)


def test_facts_beyond_all_measure_are_noticed() -> None:
    writer, outbox = Writer(), Outbox(ring_bytes=1_000, facts_bytes=5_000)

    for n in range(100):
        outbox.put(writer.block(_line(n)))

    assert outbox.is_full
    assert outbox.fill <= 1
