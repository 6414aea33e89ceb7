"""What is kept of a run in bounded memory, and the trace that is made of it."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from tasktonic import events
from tasktonic.blocks import StringTable, encode_block, encode_table
from tasktonic.blocks.layout import HEADER
from tasktonic.events import Born, Gap, LogLine, Ran
from tasktonic.trace import TraceReader, TraceWriter
from tasktonic.trace.file import MOST_EVENTS, Kind
from tasktonic_studio.services import run_packing
from tasktonic_studio.services.run_packing import Packer
from tasktonic_studio.services.run_ring import RunRing
from tests.helpers.stream_rows import run

made: Any = events
PLANT: list[Any] = [
    made.AppBegan(10, 1, "plant", 1_000_000_000, 77),
    made.ClassDefined(1, "Pump", "plant", "", 3, "", "ttTonic"),
    made.Born(20, 1, "pump", 1, -1, 0, "", 2, -1, 0),
]


class Wire:
    """Blocks as an app sends them, into a ring as the Studio keeps it."""

    def __init__(self, most_bytes: int = 1_000_000, strings: StringTable | None = None) -> None:
        self.strings = strings or StringTable()
        self.packer = Packer()
        self.ring = RunRing(most_bytes)
        self.next = 0

    def send(self, rows: list[Any], first: int | None = None) -> None:
        first = self.next if first is None else first
        self.take(encode_block(first, rows, self.strings))
        self.next = first + len(rows)

    def take(self, block: bytes) -> None:
        for piece in self.packer.take(block):
            self.ring.add(piece)

    def flush(self) -> None:
        for piece in self.packer.flush():
            self.ring.add(piece)

    def written(self, path: Path) -> TraceReader:
        self.flush()
        with TraceWriter(path, {}, with_sources=False) as writer:
            self.ring.write(writer)
        return TraceReader(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.ttt"


@pytest.fixture
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_packing, "ROWS_PER_SEGMENT", 500)
    monkeypatch.setattr(run_packing, "ROWS_PER_FRAME", 100)


def lines(first: int, count: int) -> list[Any]:
    return [made.LogLine(100 + n, 1, f"line {n % 7}", 0) for n in range(first, first + count)]


def test_many_small_blocks_become_few_frames(path: Path) -> None:
    wire = Wire()
    wire.send(PLANT)
    for _ in range(200):
        wire.send([run(wire.next + 1)] * 3)

    with wire.written(path) as reader:
        assert len(reader.spans) == 1
        assert sum(type(event) is Ran for _, event in reader.happened()) == 600


@pytest.mark.usefixtures("small_segments")
def test_what_was_dropped_leaves_its_facts_and_is_counted(path: Path) -> None:
    wire = Wire(most_bytes=20_000)
    wire.send(PLANT)
    for _ in range(400):
        wire.send([*lines(wire.next, 10), *(run(wire.next + n) for n in range(10))])

    with wire.written(path) as reader:
        first = reader.spans[0].first
        assert wire.ring.dropped == first > 0
        assert wire.ring.size <= 20_000
        assert [type(event) for event in reader.facts_at(first).present(0)].count(Born) == 1
        assert [n for n, _ in reader.happened()] == list(range(first, wire.next))
        assert reader.condition == ""
        reader.check()
        assert reader.damage is None


@pytest.mark.usefixtures("small_segments")
def test_string_tables_of_the_wire_begin_anew_wherever_they_like(path: Path) -> None:
    wire = Wire()
    wire.send(PLANT)
    for number in range(300):
        if number % 37 == 0:
            wire.strings.begin_generation()
        wire.send([*lines(wire.next, 9), made.StoreChanged(1, 1, f"path {number}", "", "1", "int", False, False, 0, 1)])

    with wire.written(path) as reader:
        rows = list(reader.happened())
        assert [n for n, _ in rows] == list(range(wire.next))
        assert [event.text for _, event in rows if type(event) is LogLine][:7] == [
            f"line {n % 7}" for n in range(3, 10)
        ]
        assert len(reader.keyframes) > 2 or len(reader.spans) > 2


def test_a_studio_that_joins_late_begins_with_the_table_of_strings(path: Path) -> None:
    strings = StringTable()
    encode_block(0, PLANT, strings)
    wire = Wire(strings=strings)
    wire.take(encode_table(3, strings))
    wire.send([made.Born(21, 2, "pump", 1, -1, 0, "", 2, -1, 0)], first=3)

    with wire.written(path) as reader:
        assert [(n, event.name) for n, event in reader.happened()] == [(3, "pump")]  # type: ignore[attr-defined]


def test_a_gap_of_millions_is_kept_as_one(path: Path) -> None:
    wire = Wire()
    wire.send(PLANT)
    block = encode_block(3, [made.Gap(30, 40, 2_000_000, 1_000_000)], wire.strings)
    fields = list(HEADER.unpack_from(block))
    fields[4] = 3_000_000
    wire.take(HEADER.pack(*fields) + block[HEADER.size :])
    wire.send(lines(0, 2), first=3_000_003)

    with wire.written(path) as reader:
        assert [gap.runs for _, gap in reader.gaps()] == [1_000_000]
        assert [n for n, event in reader.happened() if type(event) is not Gap] == [0, 1, 2, 3_000_003, 3_000_004]
        reader.check()
        assert reader.damage is None
        assert MOST_EVENTS < 3_000_000


def test_asides_stay_where_they_came(path: Path) -> None:
    wire = Wire()
    wire.send(PLANT)
    wire.flush()
    wire.ring.add_aside({"notice": "between", "t_ns": 5})
    wire.send(lines(0, 2))

    with wire.written(path) as reader:
        assert [kind.name for kind, _ in reader.parts()] == ["BLOCK", "ASIDE", "BLOCK"]


@pytest.mark.parametrize("bad", [b"", b"ttB1", bytes(100), b"ttB1" + bytes(40)])
def test_what_is_no_block_ends_the_keeping_with_a_sentence(path: Path, bad: bytes) -> None:
    wire = Wire()
    wire.send(PLANT)
    wire.take(bad)
    wire.send(lines(0, 2))

    assert wire.packer.problem.startswith("What follows could not be kept. A block ")
    with wire.written(path) as reader:
        assert [n for n, _ in reader.happened()] == [0, 1, 2]
        assert reader.condition == ""


def test_a_block_that_comes_twice_is_kept_once(path: Path) -> None:
    wire = Wire()
    block = encode_block(0, PLANT, wire.strings)
    wire.take(block)
    wire.take(block)

    assert "came before" in wire.packer.problem
    with wire.written(path) as reader:
        assert [n for n, _ in reader.happened()] == [0, 1, 2]


def test_what_is_told_beside_few_events_does_not_grow_without_end_and_the_newest_stays(path: Path) -> None:
    wire = Wire(most_bytes=20_000)
    wire.send(PLANT)
    wire.flush()
    for number in range(1_000):
        wire.ring.add_aside({"output": "stdout", "text": f"line {number} {'x' * 200}", "t_ns": number})
        assert wire.ring.size <= 20_000

    with wire.written(path) as reader:
        told = [data for kind, data in reader.parts() if kind == Kind.ASIDE]
        assert reader.events == len(PLANT)
    assert b"line 999 " in told[-1]
    assert 10 < len(told) < 100
    assert wire.ring.dropped == 0


def test_few_rows_with_long_texts_are_dropped_as_many_short_ones_are(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_packing, "BYTES_PER_SEGMENT", 100_000)
    monkeypatch.setattr(run_packing, "BYTES_PER_FRAME", 20_000)
    chance = random.Random(7)
    wire = Wire(most_bytes=200_000)
    wire.send(PLANT)
    for _ in range(400):
        wire.send([made.LogLine(100, 1, chance.randbytes(2_000).hex(), 0)])
        assert wire.ring.size <= 200_000

    with wire.written(path) as reader:
        lines = [event for _, event in reader.happened() if type(event) is LogLine]
    assert wire.ring.dropped > 200
    assert len(lines) == wire.next - wire.ring.dropped
