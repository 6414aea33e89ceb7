"""Blocks of a file read from their planes: the same as decoded from their bytes in order, for sound ones and for any others."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from tasktonic import events
from tasktonic.blocks import StringTable, decode_block, encode_block, ttBlockError
from tasktonic.blocks.layout import SECTION
from tasktonic.trace.file import shuffled
from tasktonic_studio.session import planes
from tasktonic_studio.session.batch import (
    Batch,
    Words,
    batch_of_block,
    cut,
    fact_columns_of,
    facts_of_columns,
    joined,
)
from tasktonic_studio.session.planes import ReadBlock, first_and_rows, read_block
from tasktonic_studio.session.timeline import ORDER_COLUMNS, RUN_COLUMNS, TRANSITION_COLUMNS
from tests.helpers.broken_blocks import break_some_bytes
from tests.helpers.builders import Plant

ev: Any = events
EXTREMES = (-(1 << 63), -1, 0, (1 << 31), (1 << 63) - 1)
KINDS = (ev.Ran, ev.Ordered, ev.StateChanged)


def in_order(data: bytes, strings: StringTable) -> ReadBlock:
    """The same as `read_block` gives, from the bytes as they are on the wire."""
    block = decode_block(data, strings)
    return ReadBlock(batch_of_block(block), fact_columns_of(block), block.first, block.count)


def plain(read: ReadBlock) -> Any:
    """All that is in it, by values, numbers as wide as the session keeps them."""
    batch = read.batch
    tables = ((batch.runs, RUN_COLUMNS), (batch.orders, ORDER_COLUMNS), (batch.transitions, TRANSITION_COLUMNS))
    columns = [
        {name: np.asarray(column).astype(dtypes[name]).tolist() for name, column in sorted(table.items())}
        for table, dtypes in tables
    ]
    facts = facts_of_columns(read.facts)
    return read.first, read.count, batch.length, facts, columns, texts(batch.causes), texts(batch.arguments)


def texts(words: Words) -> list[str]:
    return [words.different[place] for place in words.which.tolist()]


def blocks_of(chance: random.Random, *, previews: bool = True) -> list[bytes]:
    """Some blocks that follow each other, with a bit of everything."""
    plant, strings, blocks, n = Plant(2), StringTable(), [], 0
    for _ in range(3):
        rows: list[Any] = plant.live(chance.randrange(1, 4))
        if chance.random() < 0.5:
            rows += plant.trouble()
        if previews:
            rows += [ev.Ordered(5, 10**6 + n, 1, 2, 3, -1, 0, "outside", text) for text in ("1", "'é'", "")]
        rows[chance.randrange(len(rows))] = None
        blocks.append(encode_block(n, rows, strings))
        n += len(rows)
    return blocks


def told(read: Any, data: bytes, strings: StringTable) -> Any:
    try:
        return plain(read(data, strings))
    except ttBlockError as error:
        return str(error)


def from_planes(data: bytes, strings: StringTable) -> ReadBlock:
    return read_block(shuffled(data), strings, is_shuffled=True)


@pytest.fixture
def no_way_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """A block that is not read from its planes is a failure."""

    def fails(data: bytes) -> bytes:
        raise AssertionError("the bytes were put back in order")

    monkeypatch.setattr(planes, "unshuffled", fails)


@pytest.mark.usefixtures("no_way_round")
@pytest.mark.parametrize("seed", range(10))
def test_a_block_is_the_same_from_its_planes_as_from_its_bytes_in_order(seed: int) -> None:
    one, other = StringTable(), StringTable()

    for block in blocks_of(random.Random(seed), previews=seed % 2 == 0):
        assert plain(from_planes(block, one)) == plain(in_order(block, other))

    assert one.strings == other.strings


@pytest.mark.usefixtures("no_way_round")
@pytest.mark.parametrize("kind", KINDS)
def test_numbers_wider_than_their_column_are_cut_alike(kind: Any) -> None:
    width = len(kind._fields)
    rows = [kind(*([value] * width)) if kind is not ev.Ordered else kind(*([value] * 7), "x", "") for value in EXTREMES]
    block = encode_block(0, rows, StringTable())

    assert plain(from_planes(block, StringTable())) == plain(in_order(block, StringTable()))


@pytest.mark.usefixtures("no_way_round")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [1, 1 << 40, -1])
def test_a_column_is_as_wide_as_the_session_keeps_it_or_less_when_its_numbers_are_small(kind: Any, value: int) -> None:
    width = len(kind._fields)
    row = kind(*([value] * width)) if kind is not ev.Ordered else kind(*([value] * 7), "x", "")
    batch = from_planes(encode_block(0, [row] * 3, StringTable()), StringTable()).batch

    tables = {ev.Ran: (batch.runs, RUN_COLUMNS), ev.Ordered: (batch.orders, ORDER_COLUMNS)}
    table, dtypes = tables.get(kind, (batch.transitions, TRANSITION_COLUMNS))
    for name, column in table.items():
        is_small = name == "n" or (value == 1 and np.dtype(dtypes[name]) == np.int64)
        assert column.dtype == (np.uint32 if is_small else dtypes[name]), name


def test_numbers_that_do_not_fit_any_more_go_on_in_a_wider_column() -> None:
    strings, other, parts = StringTable(), StringTable(), []
    for n, value in enumerate((1, 1 << 33, 5, -1)):
        parts.append(encode_block(n, [ev.Ran(*([value] * 10))], strings))

    both = joined([from_planes(part, other).batch for part in parts])

    assert both.runs["run"].tolist() == [1, 1 << 33, 5, -1]
    assert both.runs["n"].tolist() == [0, 1, 2, 3]
    assert [part.runs["run"].tolist() for part in cut(both, 1)] == [[1, 1 << 33, 5, -1]]


@pytest.mark.usefixtures("no_way_round")
def test_a_block_without_flow_has_tables_without_rows() -> None:
    block = encode_block(7, [ev.LogLine(1, 2, "hello", 0)], StringTable())

    read = from_planes(block, StringTable())
    batch: Batch = read.batch

    assert facts_of_columns(read.facts) == [(0, ev.LogLine(1, 2, "hello", 0))]
    assert [len(table["n"]) for table in (batch.runs, batch.orders, batch.transitions)] == [0, 0, 0]


@pytest.mark.parametrize("is_shuffled", [True, False])
def test_how_many_rows_of_each_kind_a_block_has_is_known_without_reading_it(is_shuffled: bool) -> None:
    strings = StringTable()

    for block in blocks_of(random.Random(3)):
        read = decode_block(block, strings)
        rows = {kind: read.rows(kind) for kind in read.kinds()}
        assert first_and_rows(shuffled(block) if is_shuffled else block, is_shuffled=is_shuffled) == (read.first, rows)


def test_a_block_whose_bytes_lie_in_order_is_read_as_it_is() -> None:
    (block, *_) = blocks_of(random.Random(1))

    read = read_block(block, StringTable(), is_shuffled=False)

    assert plain(read) == plain(in_order(block, StringTable()))


@pytest.mark.parametrize("seed", range(150))
def test_of_a_changed_block_the_same_is_said(seed: int) -> None:
    chance = random.Random(seed)
    blocks = [bytearray(block) for block in blocks_of(chance)]
    break_some_bytes(chance, chance.choice(blocks))
    one, other = StringTable(), StringTable()

    for block in blocks:
        said = told(from_planes, bytes(block), one)
        assert said == told(in_order, bytes(block), other)
        if isinstance(said, str):
            return  # nobody reads on


@pytest.mark.parametrize("size", [0, 8, 31, 32, 40, 100])
def test_of_a_block_that_ends_early_the_same_is_said(size: int) -> None:
    (block, *_) = blocks_of(random.Random(2))

    assert told(from_planes, block[:size], StringTable()) == told(in_order, block[:size], StringTable())


@pytest.mark.parametrize("kind", KINDS)
def test_two_sections_of_one_kind_of_flow_are_refused(kind: Any) -> None:
    width = len(kind._fields)
    row = kind(*([1] * width)) if kind is not ev.Ordered else kind(*([1] * 7), "x", "")
    block = encode_block(0, [row, None], StringTable())
    section = _sections(block)
    twice = bytearray(block + section)
    twice[6:8] = (2).to_bytes(2, "little")

    with pytest.raises(ttBlockError, match=f"A block has two sections of {kind.__name__}"):
        from_planes(bytes(twice), StringTable())


def _sections(block: bytes) -> bytes:
    """The one section of a block, which stands at its end."""
    for at in range(len(block) - SECTION.size, 0, -8):
        code, _, rows, size = SECTION.unpack_from(block, at)
        if code in ev.type_by_code and rows == 1 and at + SECTION.size + size == len(block):
            return block[at:]
    raise AssertionError("there is none")
