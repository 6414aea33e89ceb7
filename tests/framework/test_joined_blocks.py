"""Blocks that follow each other, made one: what comes out of it is what came out of them."""

from __future__ import annotations

import random
from typing import Any

from tasktonic import events
from tasktonic.blocks import StringTable, decode_block, encode_block, without_flow
from tasktonic.blocks.decoding import Block
from tasktonic.blocks.joining import can_follow, join_blocks
from tests.helpers.stream_rows import order, run

made: Any = events


def rows_of(seed: int, count: int) -> list[Any]:
    chance = random.Random(seed)
    makers = (
        lambda n: made.LogLine(n, 1, f"line {n} \u00e9", 0),
        lambda n: made.StoreChanged(n, 3, f"path/{chance.randrange(9)}", "1", "", "int", False, True, -1, -1),
        lambda n: made.CatalystHeld(n, 2, True),
        order,
        run,
    )
    return [chance.choice(makers)(n + 1) for n in range(count)]


def blocks_of(parts: list[list[Any]], strings: StringTable, first: int = 0) -> list[bytes]:
    blocks = []
    for part in parts:
        blocks.append(encode_block(first, part, strings))
        first += len(part)
    return blocks


def decoded(blocks: list[bytes]) -> list[Block]:
    strings = StringTable()
    return [decode_block(block, strings) for block in blocks]


def test_joined_blocks_tell_the_same_events() -> None:
    for seed in range(20):
        parts = [rows_of(seed * 10 + number, 1 + seed * 3) for number in range(6)]
        apart = decoded(blocks_of(parts, StringTable(), first=7))

        joined = decode_block(join_blocks(apart), StringTable())

        assert list(joined.events()) == [event for block in apart for event in block.events()]
        assert (joined.first, joined.count) == (7, sum(map(len, parts)))


def test_a_hole_between_blocks_stays_one() -> None:
    strings = StringTable()
    blocks = [encode_block(0, rows_of(1, 5), strings), encode_block(50, rows_of(2, 5), strings)]

    joined = decode_block(join_blocks(decoded(blocks)), StringTable())

    assert [number for number, _ in joined.events()] == [0, 1, 2, 3, 4, 50, 51, 52, 53, 54]


def test_gaps_stay() -> None:
    strings = StringTable()
    blocks = [encode_block(0, [order(1), run(2)], strings), encode_block(2, rows_of(3, 4), strings)]
    thinned = [without_flow(block).data for block in blocks]

    joined = decode_block(join_blocks(decoded(thinned)), StringTable())

    assert joined.of(events.Gap)[0].orders == 1


def test_strings_that_come_later_refer_to_those_of_the_joined_block() -> None:
    strings = StringTable()
    parts = [rows_of(seed, 10) for seed in range(4)]
    for number, part in enumerate(parts):
        part.append(made.StoreChanged(90, 3, f"new {number}", "1", "", "int", False, True, -1, -1))
    blocks = blocks_of(parts, strings)
    apart = decoded(blocks)
    table = StringTable()

    first = decode_block(join_blocks(apart[:2]), table)
    second = decode_block(join_blocks(apart[2:]), table)

    told = [*first.events(), *second.events()]
    assert told == [event for block in apart for event in block.events()]


def test_a_block_that_begins_a_table_follows_none() -> None:
    strings = StringTable()
    one = encode_block(0, rows_of(1, 5), strings)
    strings.begin_generation()
    other = encode_block(5, rows_of(2, 5), strings)

    first, second = decoded([one, other])

    assert not can_follow(first, second)
    assert not can_follow(second, first)
