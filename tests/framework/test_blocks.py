"""Rows of the stream to blocks and back; blocks that are damaged or made to harm."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasktonic import events as ev
from tasktonic.blocks import (
    COLUMNS,
    MAX_BLOCK_BYTES,
    StringTable,
    decode_block,
    encode_block,
    encode_blocks,
    encode_table,
    encoding,
    shed_flow,
    ttBlockError,
    without_flow,
    without_kinds,
)
from tasktonic.blocks.layout import HEADER, MAGIC, MAX_CHARACTERS, MAX_NAME, MAX_TEXT, SECTION
from tasktonic.work_order import pack

_FIELDS = {
    "q": st.integers(-(1 << 63), (1 << 63) - 1),
    "b": st.booleans(),
    "N": st.text(max_size=20).filter(lambda text: text.isprintable()),
    "T": st.text(st.characters(exclude_categories=["Cs"]), max_size=50),
}
_EVENTS = st.one_of(
    [
        st.builds(kind._make, st.tuples(*(_FIELDS[column_type] for _, column_type in columns)))  # type: ignore[attr-defined]
        for kind, columns in COLUMNS.items()
        if kind not in (ev.Ordered, ev.Ran)
    ]
)


class _Tonic:
    """As much of a tonic as a row refers to."""

    def __init__(self, essence: int) -> None:
        self._tt_id = essence
        self._tt_catalyst = SimpleNamespace(_tt_id=essence % 3)
        self._tt_class = SimpleNamespace(sparkles=[SimpleNamespace(id=100 * essence + slot) for slot in range(4)])


_TONICS = [_Tonic(essence) for essence in range(5)]


@st.composite
def _orders(draw: st.DrawFn) -> tuple[Any, ...]:
    tonic = draw(st.sampled_from(_TONICS))
    source = draw(st.one_of(st.none(), st.sampled_from(_TONICS)))
    via = draw(st.one_of(st.integers(0, 3), st.sampled_from(["timer", "qt", "thread worker", "outside"])))
    numbers = st.integers(0, 1 << 40)
    arguments = draw(st.lists(st.integers(), max_size=3))
    slot, source_run, number, queued = draw(st.tuples(st.integers(0, 3), numbers, numbers, numbers))
    return (tonic, slot, len(arguments), pack(tuple(arguments)), source, via, source_run, number, queued)


@st.composite
def _runs(draw: st.DrawFn) -> tuple[Any, ...]:
    numbers = st.integers(0, 1 << 60)
    states = st.integers(-1, 5)
    return (
        draw(_orders()),
        draw(numbers),
        draw(numbers),
        draw(states),
        draw(states),
        draw(st.integers(0, 15)),
        draw(numbers),
    )


_ROWS = st.lists(st.one_of(_EVENTS, _orders(), _runs(), st.none()), max_size=40)


def _as_event(row: Any) -> tuple[Any, ...] | None:
    """The event a row stands for, spelt out."""
    if type(row) is not tuple:
        return row  # type: ignore[no-any-return]
    if type(row[0]) is tuple:
        order, begin, end, before, after, flags, run = row
        tonic = order[0]
        sparkle = tonic._tt_class.sparkles[order[1]].id
        return ev.Ran(begin, end, run, order[7], tonic._tt_catalyst._tt_id, tonic._tt_id, sparkle, before, after, flags)
    tonic, slot, _, _, source, via, source_run, number, queued = row
    return ev.Ordered(
        queued,
        number,
        tonic._tt_catalyst._tt_id,
        tonic._tt_id,
        tonic._tt_class.sparkles[slot].id,
        -1 if source is None else source._tt_id,
        source_run,
        ev.Name(via if isinstance(via, str) else ""),
        ev.Text(""),
    )


def _expected(first: int, rows: list[Any]) -> list[tuple[int, Any]]:
    return [(first + index, _as_event(row)) for index, row in enumerate(rows) if row is not None]


def _small_rows() -> list[Any]:
    order = (_TONICS[1], 2, 1, "argument", _TONICS[2], 0, 7, 8, 1_000)
    return [
        ev.LogLine(900, 1, ev.Text("naïve — ✓"), 3),
        order,
        (order, 1_100, 1_200, 0, 1, 0, 8),
        ev.StateChanged(1_150, 1, 0, 1, 8),
        (_TONICS[0], 0, 0, None, None, "timer", 0, 9, 1_300),
        ev.Born(1_400, 5, ev.Name("lamp"), 2, 1, 0, ev.Name(""), 2, -1, 8),
        ev.ServiceUsed(1_500, 3, 4, True),
    ]


@settings(deadline=None)
@given(batches=st.lists(_ROWS, min_size=1, max_size=4), first=st.integers(0, 1 << 50))
def test_events_come_back_as_they_were(batches: list[list[Any]], first: int) -> None:
    writer, reader = StringTable(), StringTable()

    for rows in batches:
        block = decode_block(encode_block(first, rows, writer), reader)

        assert list(block.events()) == _expected(first, rows)
        first += len(rows)


def _facts(events: Iterable[tuple[int, Any]]) -> list[tuple[int, Any]]:
    return [(n, event) for n, event in events if type(event) not in (ev.Ordered, ev.Ran, ev.Beat, ev.Gap)]


@settings(deadline=None)
@given(rows=_ROWS)
def test_facts_stay_where_they_were_when_flow_is_left_out(rows: list[Any]) -> None:
    rows = [row for row in rows if row is not None]

    shed = decode_block(encode_block(5, shed_flow(rows), StringTable()), StringTable())
    thinned = decode_block(without_flow(encode_block(5, rows, StringTable())).data, StringTable())

    assert _facts(shed.events()) == _facts(_expected(5, rows))
    assert _facts(thinned.events()) == _facts(_expected(5, rows))


def test_a_gap_stands_in_the_place_of_the_first_event_left_out() -> None:
    rows = _small_rows()

    block = decode_block(encode_block(10, shed_flow(rows), StringTable()), StringTable())
    thinned = without_flow(encode_block(10, rows, StringTable()))

    gap = ev.Gap(t_ns=1_000, until_ns=1_300, orders=2, runs=1)
    assert dict(block.events())[11] == gap
    assert dict(decode_block(thinned.data, StringTable()).events())[11] == gap
    assert (thinned.orders, thinned.runs) == (2, 1)


def test_a_block_thinned_twice_keeps_its_first_gap() -> None:
    once = without_flow(encode_block(10, _small_rows(), StringTable())).data

    twice = without_flow(once)

    assert (twice.orders, twice.runs) == (0, 0)
    assert list(decode_block(twice.data, StringTable()).events()) == list(decode_block(once, StringTable()).events())


def test_kinds_nobody_asked_for_leave_no_gap() -> None:
    data = without_kinds(encode_block(10, _small_rows(), StringTable()), {ev.Ordered})

    block = decode_block(data, StringTable())

    assert ev.Ordered not in block.kinds()
    assert ev.Gap not in block.kinds()
    assert block.rows(ev.Ran) == 1


def test_columns_are_views_of_the_right_type() -> None:
    block = decode_block(encode_block(10, _small_rows(), StringTable()), StringTable())

    times = block.column(ev.Ordered, "t_ns")
    causes = block.column(ev.Ordered, "cause")
    joined = block.column(ev.ServiceUsed, "joined")
    assert isinstance(times, memoryview)
    assert isinstance(causes, memoryview)
    assert isinstance(joined, memoryview)
    assert (times.format, causes.format, joined.format) == ("q", "I", "B")
    assert times.tolist() == [1_000, 1_300]
    assert [block.strings[index] for index in causes] == ["", "timer"]
    assert block.names(ev.Ordered, "cause") == ["", "timer"]
    assert block.column(ev.LogLine, "text") == ["naïve — ✓"]
    assert block.positions(ev.Ordered).tolist() == [1, 4]
    assert block.positions(ev.Gap).tolist() == []


def test_columns_lie_on_eight_byte_boundaries() -> None:
    data = encode_block(10, _small_rows(), StringTable())

    assert len(data) % 8 == 0


def test_numpy_reads_a_column_without_copying() -> None:
    numpy = pytest.importorskip("numpy")
    block = decode_block(encode_block(10, _small_rows(), StringTable()), StringTable())

    times = numpy.frombuffer(block.column(ev.Ordered, "t_ns"), "<i8")

    assert times.tolist() == [1_000, 1_300]
    assert not times.flags.owndata


def test_strings_are_sent_once() -> None:
    writer = StringTable()
    rows = [ev.StateDefined(1, 0, ev.Name("a_rather_long_name_of_a_state"))]

    first, second = encode_block(0, rows, writer), encode_block(1, rows, writer)

    assert b"a_rather_long" in first
    assert b"a_rather_long" not in second


def test_a_reader_can_join_at_a_table_block() -> None:
    writer, late = StringTable(), StringTable()
    encode_block(0, [ev.StateDefined(1, 0, ev.Name("open"))], writer)

    decode_block(encode_table(1, writer), late)
    block = decode_block(encode_block(1, [ev.StateDefined(1, 1, ev.Name("open"))], writer), late)

    assert block.of(ev.StateDefined) == [ev.StateDefined(1, 1, ev.Name("open"))]


def test_a_full_table_makes_way_for_a_new_generation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasktonic.blocks.strings.FULL_STRINGS", 3)
    writer, reader = StringTable(), StringTable()
    rows = [[ev.StateDefined(1, index, ev.Name(f"state {index}"))] for index in range(6)]

    blocks = [decode_block(encode_block(n, row, writer), reader) for n, row in enumerate(rows)]

    assert [block.of(ev.StateDefined) for block in blocks] == rows
    assert blocks[-1].generation > 0


def test_the_table_of_very_long_names_still_fits_in_a_block() -> None:
    writer, reader = StringTable(), StringTable()
    rows = [ev.StateDefined(n, 0, ev.Name(f"{n} " + "\N{GRINNING FACE}" * MAX_NAME)) for n in range(4_000)]

    blocks = encode_blocks(0, rows, writer)
    table = encode_table(len(rows), writer)

    assert max(map(len, [*blocks, table])) <= MAX_BLOCK_BYTES
    assert sum(decode_block(block, reader).rows(ev.StateDefined) for block in blocks) == len(rows)
    assert decode_block(table, StringTable()).strings == reader.strings


def test_a_block_may_be_decoded_again_with_the_same_table() -> None:
    writer, reader = StringTable(), StringTable()
    data = [encode_block(n, [ev.StateDefined(1, n, ev.Name(f"state {n}"))], writer) for n in range(3)]
    once = [list(decode_block(part, reader).events()) for part in data]

    again = [list(decode_block(part, reader).events()) for part in data]

    assert again == once


def test_a_table_does_not_grow_beyond_what_a_sound_writer_sends() -> None:
    table = StringTable()
    table.learn(1, 0, ["x" * (MAX_CHARACTERS - 1)])
    table.learn(1, 1, ["y"])

    with pytest.raises(ttBlockError, match=r"more than \d+,\d+,\d+ characters"):
        table.learn(1, 2, ["z"])
    assert len(table) == 2


def test_a_missing_block_is_noticed_by_its_strings() -> None:
    writer, reader = StringTable(), StringTable()
    data = [encode_block(n, [ev.StateDefined(1, n, ev.Name(f"state {n}"))], writer) for n in range(3)]
    decode_block(data[0], reader)

    with pytest.raises(ttBlockError, match="blocks before it are missing"):
        decode_block(data[2], reader)


def test_values_that_do_not_fit_are_replaced() -> None:
    rows = [ev.LogLine(1 << 70, None, 5, "x"), ev.StateDefined(1, True, None)]  # type: ignore[arg-type]

    block = decode_block(encode_block(0, rows, StringTable()), StringTable())

    assert block.of(ev.LogLine) == [ev.LogLine((1 << 63) - 1, -1, ev.Text(""), -1)]
    assert block.of(ev.StateDefined) == [ev.StateDefined(1, 1, ev.Name(""))]


def test_lone_surrogates_travel_as_their_escapes() -> None:
    rows = [ev.LogLine(0, 1, ev.Text("a\udc80b"), 0)]

    block = decode_block(encode_block(0, rows, StringTable()), StringTable())

    assert block.of(ev.LogLine)[0].text == "a\\udc80b"


def test_a_long_text_is_cut_with_a_count() -> None:
    rows = [ev.LogLine(0, 1, ev.Text("x" * (MAX_TEXT + 1_234)), 0)]

    block = decode_block(encode_block(0, rows, StringTable()), StringTable())

    assert block.of(ev.LogLine)[0].text == "x" * MAX_TEXT + "… (1,234 more characters)"


def test_blocks_stay_below_their_size_limit() -> None:
    line = ev.Text("\N{SNOWMAN}" * MAX_TEXT)
    rows = [ev.LogLine(n, 1, line, 0) for n in range(400)]
    reader = StringTable()

    data = encode_blocks(0, rows, StringTable())

    assert max(map(len, data)) <= MAX_BLOCK_BYTES
    assert [n for part in data for n, _ in decode_block(part, reader).events()] == list(range(400))


def test_order_rows_of_half_made_tonics_are_taken() -> None:
    order = (SimpleNamespace(), 3, 0, None, None, "outside", 0, 1, 5)

    block = decode_block(encode_block(0, [order], StringTable()), StringTable())

    assert block.of(ev.Ordered) == [ev.Ordered(5, 1, -1, -1, -1, -1, 0, ev.Name("outside"), ev.Text(""))]


def test_runs_of_orders_that_nobody_numbered_are_taken() -> None:
    run = ((_TONICS[1], 2, 0, None, None, 0), 0, 0, -1, -1, 0, 0)

    block = decode_block(encode_block(0, [run], StringTable()), StringTable())

    assert block.of(ev.Ran) == [ev.Ran(0, 0, 0, 0, 1, 1, 102, -1, -1, 0)]


def test_arguments_are_described_when_asked_for() -> None:
    order = (_TONICS[0], 0, 2, ("text", [1, 2]), None, "outside", 0, 1, 5)

    block = decode_block(encode_block(0, [order], StringTable(), previews=True), StringTable())

    assert block.of(ev.Ordered)[0].arguments == "'text', [1, 2]"


def test_rows_of_unknown_kinds_are_left_out() -> None:
    rows = [SimpleNamespace(), ev.Ended(1, 2, 3)]

    block = decode_block(encode_block(0, rows, StringTable()), StringTable())  # type: ignore[arg-type]

    assert list(block.events()) == [(1, ev.Ended(1, 2, 3))]


# ---- versions -------------------------------------------------------------------------------------------------------


def _patched(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


def _block_of_one_kind() -> tuple[bytes, int]:
    """A block with one section, and where that begins."""
    data = encode_block(0, [ev.Ended(1, 2, 3)], StringTable())
    return data, HEADER.size + 8


def test_a_section_of_an_unknown_kind_is_skipped() -> None:
    data, at = _block_of_one_kind()

    block = decode_block(_patched(data, at, (60_000).to_bytes(2, "little")), StringTable())

    assert block.kinds() == []
    assert list(block.events()) == []


def test_a_column_that_an_older_writer_lacked_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as older:
        older.setattr(encoding, "_shape_of", encoding._shape_of.__wrapped__)
        older.setitem(COLUMNS, ev.LogLine, COLUMNS[ev.LogLine][:2])
        older.setitem(COLUMNS, ev.Born, COLUMNS[ev.Born][:2])
        table = StringTable()
        table.numbers([""])
        sections = [
            encoding.make_section(ev.LogLine, [0], [[1], [2]], table),
            encoding.make_section(ev.Born, [1], [[1], [2]], table),
        ]
        data = encoding.assemble(0, 2, sections, 0, *table.take_unsent())

    block = decode_block(data, StringTable())

    assert block.of(ev.LogLine) == [ev.LogLine(1, 2, ev.Text(""), 0)]
    assert block.of(ev.Born) == [ev.Born(1, 2, ev.Name(""), 0, 0, 0, ev.Name(""), 0, 0, 0)]


def test_another_layout_is_refused_by_its_number() -> None:
    data, _ = _block_of_one_kind()

    with pytest.raises(ttBlockError, match="layout 7; this version reads layout 1"):
        decode_block(_patched(data, 4, b"\x07\x00"), StringTable())


# ---- hostile bytes --------------------------------------------------------------------------------------------------


def _blocks_to_damage() -> Iterator[bytes]:
    yield encode_block(10, _small_rows(), StringTable())
    yield encode_block(0, [ev.LogLine(n, n, ev.Text("text" * n), n) for n in range(10)], StringTable())


def test_damaged_blocks_are_read_or_refused_by_a_sentence() -> None:
    dice = random.Random(2)
    refusals = set()
    for whole in _blocks_to_damage():
        for _ in range(3_000):
            data = bytearray(whole)
            for _ in range(dice.randint(1, 4)):
                data[dice.randrange(len(data))] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256)))
            try:
                events = list(decode_block(data, StringTable()).events())
            except ttBlockError as error:
                refusals.add(str(error)[-1])
            else:
                assert len(events) <= len(data)
    assert refusals == {"."}


def test_every_truncation_is_refused() -> None:
    for whole in _blocks_to_damage():
        for length in range(len(whole)):
            with pytest.raises(ttBlockError):
                decode_block(whole[:length], StringTable())


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ttBlockError):
        decode_block(MAGIC[:3] + data, StringTable())


@pytest.mark.parametrize(
    "at, new, sentence",
    [
        (0, b"PK\x03\x04", "begin with b'ttB1'"),
        (8, (-1).to_bytes(8, "little", signed=True), "event number -1"),
        (28, b"\xff\xff\xff\x7f", "at most 1,048,576 are kept"),
        (28, b"\xff\xff\x00\x00", "65,535 texts"),
    ],
)
def test_a_false_header_is_refused(at: int, new: bytes, sentence: str) -> None:
    data, _ = _block_of_one_kind()

    with pytest.raises(ttBlockError, match=sentence):
        decode_block(_patched(data, at, new), StringTable())


def test_rows_by_the_billion_are_refused_before_memory_is_taken() -> None:
    data, at = _block_of_one_kind()
    section = SECTION.pack(9, 3, 0xFFFFFFFF, 48)

    with pytest.raises(ttBlockError, match="ends early"):
        decode_block(_patched(data, at, section), StringTable())


def test_a_block_over_the_limit_is_refused_unread() -> None:
    with pytest.raises(ttBlockError, match="16,777,217 bytes"):
        decode_block(bytes(MAX_BLOCK_BYTES + 1), StringTable())


def test_a_refused_block_leaves_the_table_as_it_was() -> None:
    writer, reader = StringTable(), StringTable()
    decode_block(encode_block(0, [ev.StateDefined(1, 0, ev.Name("open"))], writer), reader)
    data = encode_block(1, [ev.StateDefined(1, 0, ev.Name("closed"))], writer)

    with pytest.raises(ttBlockError):
        decode_block(data[:-8], reader)

    assert reader.strings == ["", "open"]
