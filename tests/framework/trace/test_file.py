"""The trace file: written, read back, and what a reader makes of one that is cut off, damaged or made to do harm."""

from __future__ import annotations

import os
import random
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktonic import events
from tasktonic.blocks import StringTable, encode_block
from tasktonic.events import (
    IGNORED,
    Born,
    ClassDefined,
    Gap,
    LogLine,
    Ordered,
    Raised,
    Ran,
    StateChanged,
    StoreChanged,
    TimerFired,
    TimerSet,
)
from tasktonic.trace import TraceReader, TraceWriter, ttTraceError, ttTraceFileError
from tasktonic.trace.encoder import TraceBytes
from tasktonic.trace.facts import Facts
from tasktonic.trace.file import (
    COMPRESSED,
    FRAME,
    HEADER,
    KEYFRAME_BEGINS,
    MAGIC,
    MAX_PAYLOAD,
    PLACE,
    SHUFFLED,
    Kind,
    Span,
    Summary,
    file_header,
    make_frame,
    read_head,
    shuffled,
    unpack_payload,
    unshuffled,
)
from tasktonic.trace.index import MOST_KEYFRAMES, MOST_SPANS, Index
from tests.helpers.stream_rows import order, run

made: Any = events
"""Events are made from plain strings here."""

PLANT: list[Any] = [
    made.AppBegan(10, 1, "plant", 1_000_000_000, 77),
    made.ClassDefined(1, "Pump", "plant", "", 3, "", "ttTonic"),
    made.Born(20, 1, "pump", 1, -1, 0, "", 2, -1, 0),
]


def steps(first: int, count: int) -> list[Any]:
    """Pairs of a state change and a run."""
    rows: list[Any] = []
    for number in range(first, first + count):
        rows += [StateChanged(100 + number, 1, number % 5, (number + 1) % 5, number), run(number)]
    return rows


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.ttt"


def write(path: Path, *parts: list[Any], close: bool = True, **options: Any) -> None:
    """Write a trace with these rows, each part flushed by itself."""
    writer = TraceWriter(path, {"kind": "recording", "app": "plant"}, **options)
    first = 0
    for rows in parts:
        writer.add_rows(first, rows)
        first += len(rows)
    if close:
        writer.close("The app has ended.")
    else:
        writer.abandon()


def frames_of(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Place, kind and bytes of every frame."""
    place = HEADER.size
    while place < len(data):
        kind, _, _, stored, _, _ = FRAME.unpack_from(data, place)
        yield place, kind, data[place : place + FRAME.size + stored]
        place += FRAME.size + stored


def kinds_in(reader: TraceReader) -> list[str]:
    return [type(event).__name__ for _, event in reader.happened()]


# ---- there and back


def test_events_come_back_with_their_numbers(path: Path) -> None:
    write(path, PLANT, [order(1), run(1)])

    with TraceReader(path) as reader:
        happened = list(reader.happened())

    assert happened[:3] == list(enumerate(PLANT))
    assert [type(event) for _, event in happened[3:]] == [Ordered, Ran]
    assert [number for number, _ in happened] == [0, 1, 2, 3, 4]


def test_a_closed_file_says_how_it_ended(path: Path) -> None:
    write(path, PLANT)

    with TraceReader(path) as reader:
        assert reader.is_closed
        assert reader.condition == ""
        assert reader.meta["end"]["reason"] == "The app has ended."


def test_meta_says_what_was_recorded(path: Path) -> None:
    write(path, PLANT, [made.AppEnded(90, 1, "ValueError: no")])

    with TraceReader(path) as reader:
        assert reader.meta["kind"] == "recording"
        [app] = reader.meta["apps"]
    assert (app["name"], app["pid"], app["problem"]) == ("plant", 77, "ValueError: no")


def test_reading_can_begin_at_an_event_in_the_middle(path: Path) -> None:
    write(path, PLANT, *(steps(n, 50) for n in range(0, 500, 50)), keyframe_events=200)

    with TraceReader(path) as reader:
        all_events = list(reader.happened())
        late = list(reader.happened(777))
        blocks_read = sum(1 for _ in reader.blocks(777))

    assert late == all_events[777:]
    assert blocks_read < 10, "it was read from the begin"


def test_keyframe_states_what_the_facts_before_it_have_made_so(path: Path) -> None:
    write(path, PLANT, *(steps(n, 50) for n in range(0, 500, 50)), keyframe_events=200)

    with TraceReader(path) as reader:
        assert len(reader.keyframes) > 2
        for event in (3, 200, 203, 555, 1_003):
            facts = Facts()
            facts.take(row for n, row in reader.happened() if n < event)
            assert reader.facts_at(event).present(0) == facts.present(0)


def test_source_of_the_defining_files_goes_along(path: Path, tmp_path: Path) -> None:
    script = tmp_path / "plänt.py"
    script.write_text("# -*- coding: latin-1 -*-\nclass Pump: 'ä'\n", encoding="latin-1")
    write(path, [made.ClassDefined(1, "Pump", "plant", str(script), 2, "", "")])
    script.write_text("class Other: ...\n")

    with TraceReader(path) as reader:
        [source] = reader.sources()

    assert source.file == str(script)
    assert "class Pump: 'ä'" in source.text


def test_source_can_be_left_out(path: Path) -> None:
    write(path, [made.ClassDefined(1, "Pump", "plant", __file__, 2, "", "")], with_sources=False)

    with TraceReader(path) as reader:
        assert list(reader.sources()) == []


def test_lost_flow_is_found_again_as_a_gap(path: Path) -> None:
    write(path, PLANT, [Gap(5, 9, 30, 40), None, None])

    with TraceReader(path) as reader:
        assert list(reader.gaps()) == [(3, Gap(5, 9, 30, 40))]
        assert (reader.meta["end"]["lost_orders"], reader.meta["end"]["lost_runs"]) == (30, 40)
        assert reader.events == 6


def test_spans_tell_numbers_and_times_without_reading_the_blocks(path: Path) -> None:
    write(path, PLANT, [order(4), run(4)])

    with TraceReader(path) as reader:
        first, second = reader.spans

    assert (first.first, first.count, first.begin_ns, first.end_ns) == (0, 3, 10, 20)
    assert (second.first, second.orders, second.runs) == (3, 1, 1)
    assert (second.begin_ns, second.end_ns) == (4_000, 4_500)


def test_very_long_texts_are_written_in_several_blocks(path: Path) -> None:
    lines: list[Any] = [made.LogLine(n, 1, f"{n} " + "x" * 30_000, 0) for n in range(400)]
    write(path, lines)

    with TraceReader(path) as reader:
        assert [event for _, event in reader.happened()] == lines
        assert len(reader.spans) > 1


def test_events_take_about_ten_bytes_each(path: Path) -> None:
    rows = [row for n in range(1, 20_000) for row in (order(n), run(n))]
    write(path, rows)

    assert path.stat().st_size / len(rows) < 12


def test_string_tables_that_are_full_begin_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasktonic.blocks.strings.FULL_STRINGS", 40)
    parts: list[list[Any]] = [[made.Born(1, n, f"name {n}", 1, -1, 0, "", 2, -1, 0)] for n in range(200)]
    write(path, *parts)

    with TraceReader(path) as reader:
        assert [event.name for _, event in reader.happened()] == [f"name {n}" for n in range(200)]  # type: ignore[attr-defined]


# ---- the facts of a keyframe


def test_what_has_ended_is_in_no_keyframe() -> None:
    facts = Facts()
    facts.take(PLANT)
    facts.take([made.AppBegan(500, 2, "other", 9, 77)])

    present = facts.present(600)

    assert not [fact for fact in present if isinstance(fact, Born)]
    assert [fact for fact in present if isinstance(fact, ClassDefined)], "classes hold for the whole process"


def test_store_values_are_stated_as_present() -> None:
    facts = Facts()
    facts.take(
        [
            made.StoreChanged(1, 5, "a", "1", "2", "int", False, False, 3, "pump"),
            made.StoreChanged(2, 5, "b", "", "1", "int", False, False, 3, "pump"),
            made.StoreChanged(3, 5, "b", "1", "", "", True, False, 3, "pump"),
        ]
    )

    [value] = [fact for fact in facts.present(9) if isinstance(fact, StoreChanged)]

    assert (value.path, value.old, value.new, value.present) == ("a", "", "2", True)


def test_a_repeating_timer_is_stated_with_its_next_time() -> None:
    facts = Facts()
    facts.take([made.TimerSet(0, 4, 100, 50, "ttse__on_timer", 0), TimerFired(161, 4, 0)])

    [timer] = [fact for fact in facts.present(170) if isinstance(fact, TimerSet)]

    assert timer.due_ns == 200


# ---- written where it cannot be


def test_a_missing_folder_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ttTraceFileError, match=r"nowhere/run\.ttt cannot be written: no such file or directory\."):
        TraceWriter(tmp_path / "nowhere" / "run.ttt", {})


def test_another_file_is_not_overwritten(tmp_path: Path) -> None:
    script = tmp_path / "app.py"
    script.write_text("print()\n")

    with pytest.raises(ttTraceFileError, match="no trace; it was left alone"):
        TraceWriter(script, {})
    assert script.read_text() == "print()\n"


def test_an_older_trace_is_replaced_under_the_eyes_of_its_reader(path: Path) -> None:
    write(path, PLANT)
    with TraceReader(path) as old:
        write(path, PLANT, steps(0, 5))
        with TraceReader(path) as new:
            assert new.events == 13
        assert len(list(old.happened())) == 3


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110
def test_a_full_disk_is_said_in_a_sentence() -> None:
    with pytest.raises(ttTraceFileError, match="/dev/full cannot be written: no space left on device"):
        TraceWriter("/dev/full", {})


def test_nothing_is_written_after_a_failure(path: Path) -> None:
    writer = TraceWriter(path, {})
    writer.abandon()

    with pytest.raises(ttTraceFileError, match="is closed"):
        writer.add_rows(0, PLANT)


# ---- no traces at all


def test_a_missing_file_is_said_in_a_sentence(path: Path) -> None:
    with pytest.raises(ttTraceFileError, match=r"There is no file .*run\.ttt\."):
        TraceReader(path)


def test_a_folder_is_no_trace(tmp_path: Path) -> None:
    with pytest.raises(ttTraceFileError, match="is a folder"):
        TraceReader(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_refused_without_waiting_for_a_writer(path: Path) -> None:
    os.mkfifo(path)

    with pytest.raises(ttTraceFileError, match="is no file"):
        TraceReader(path)
    with pytest.raises(ttTraceFileError, match="it is a pipe"):
        TraceWriter(path, {})


@pytest.mark.parametrize(
    "data, sentence",
    [
        (b"", "is empty"),
        (MAGIC[:5], "not all there"),
        (MAGIC + b"\1\0", "not all there"),
        (b"print('hello')\n", "is no trace"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "is no trace"),
        (HEADER.pack(MAGIC, 2, 0, 0), "has format 2; this version reads format 1"),
    ],
)
def test_what_is_no_trace_is_said_in_a_sentence(path: Path, data: bytes, sentence: str) -> None:
    path.write_bytes(data)

    with pytest.raises(ttTraceError, match=sentence):
        TraceReader(path)


def test_a_path_that_is_no_name_of_a_file_is_said_in_a_sentence() -> None:
    with pytest.raises(ttTraceFileError, match="is no name of a file"):
        TraceReader("a\0b.ttt")


# ---- cut off, damaged, hostile


def test_a_file_that_was_not_closed_is_read_to_its_end(path: Path) -> None:
    write(path, PLANT, steps(0, 5), close=False)

    with TraceReader(path) as reader:
        assert not reader.is_closed
        assert reader.damage is None
        assert "was not closed" in reader.condition
        assert len(list(reader.happened())) == 13


def test_a_file_cut_off_anywhere_gives_what_is_whole_and_says_what_is_lost(path: Path, tmp_path: Path) -> None:
    write(path, PLANT, steps(0, 3), steps(3, 3), keyframe_events=6)
    data = path.read_bytes()
    ends = [HEADER.size] + [place + len(frame) for place, _, frame in frames_of(data)]
    cut = tmp_path / "cut.ttt"
    for size in range(HEADER.size, len(data)):
        cut.write_bytes(data[:size])
        with TraceReader(cut) as reader:
            events = list(reader.happened())
            whole = max(end for end in ends if end <= size)

            assert [number for number, _ in events] == list(range(len(events)))
            if size == whole:
                assert reader.damage is None
            else:
                assert reader.damage is not None
                assert (reader.damage.place, reader.damage.lost_bytes) == (whole, size - whole)
                assert "ends in the middle of a frame" in reader.condition


def test_a_file_cut_off_in_its_header_is_said_to_be_so(path: Path) -> None:
    write(path, PLANT)
    data = path.read_bytes()
    for size in range(1, HEADER.size):
        path.write_bytes(data[:size])
        with pytest.raises(ttTraceError, match="not all there"):
            TraceReader(path)


def test_a_flipped_bit_is_found_and_what_is_before_it_is_read(path: Path, tmp_path: Path) -> None:
    write(path, PLANT, steps(0, 3), steps(3, 3), keyframe_events=6)
    data = path.read_bytes()
    with TraceReader(path) as reader:
        whole = list(reader.happened())
    dice = random.Random(7)
    flipped = tmp_path / "flipped.ttt"
    for place in [*range(HEADER.size, len(data), 3), *(dice.randrange(HEADER.size, len(data)) for _ in range(200))]:
        wrong = bytearray(data)
        wrong[place] ^= 1 << dice.randrange(8)
        flipped.write_bytes(wrong)
        with TraceReader(flipped) as reader:
            events = list(reader.happened())
            list(reader.sources())

            assert events == whole[: len(events)]
            assert reader.damage is not None or len(events) == len(whole)


def with_frames(*frames: bytes) -> bytes:
    return b"".join((file_header(), *frames))


def bare_frame(
    kind: int, payload: bytes, *, flags: int = 0, size: int | None = None, stored: int | None = None
) -> bytes:
    """A frame with a right checksum, whatever it says."""
    checked = struct.pack(
        "<BBHII", kind, flags, 0, len(payload) if stored is None else stored, len(payload) if size is None else size
    )
    return checked + zlib.crc32(payload, zlib.crc32(checked)).to_bytes(4, "little") + payload


def block_frame(first: int, count: int, block: bytes) -> bytes:
    return make_frame(Kind.BLOCK, block, summary=Summary(first, 0, 0, count, 0, 0, 0))


ONE_BLOCK = encode_block(0, [made.LogLine(1, 1, "hello", 0)], StringTable())
BOMB = zlib.compress(bytes(40_000_000), 9)
BOGUS_STRING = bytearray(encode_block(0, [made.AppBegan(1, 1, "x", 1, 1)], StringTable()))
BOGUS_STRING[-24:-20] = (999).to_bytes(4, "little")

HOSTILE = {
    "a frame that announces 4 GB": (bare_frame(2, b"", stored=0xFFFF_FFFF), "announces 4,294,967,295 bytes"),
    "a frame that unpacks to 4 GB": (bare_frame(2, b"", size=0xFFFF_FFFF), "announces 4,294,967,295 bytes"),
    "a bomb that says so": (
        bare_frame(2, bytes(40) + BOMB, flags=COMPRESSED, size=40_000_040),
        "announces 40,000,040",
    ),
    "a bomb that lies": (
        bare_frame(2, bytes(40) + BOMB, flags=COMPRESSED, size=1_040),
        "more or less than it announced",
    ),
    "a wrong checksum": (make_frame(Kind.META, b"{}")[:-1] + b"]", "checksum is wrong"),
    "no frame": (b"\0" * 64, "no frame"),
    "a frame of kind 0": (bare_frame(0, b""), "no frame"),
    "packed data that is none": (bare_frame(2, bytes(48), flags=COMPRESSED, size=48), "cannot be unpacked"),
    "events without a summary": (bare_frame(2, b"abc"), "too short"),
    "a block that is none": (block_frame(0, 1, bytes(200)), "not the one that its summary tells of"),
    "a summary of another block": (block_frame(5, 1, ONE_BLOCK), "not the one that its summary tells of"),
    "a million events in one block": (block_frame(0, 1_000_000, ONE_BLOCK), "holds 1,000,000 events"),
    "a negative event number": (block_frame(-5, 1, ONE_BLOCK), "begins at event number -5"),
    "an event number beyond all": (block_frame((1 << 63) - 1, 1, ONE_BLOCK), "begins at event number"),
    "the same events twice": (block_frame(0, 1, ONE_BLOCK) * 2, "repeats numbers"),
    "a string that is not there": (block_frame(0, 1, bytes(BOGUS_STRING)), "refers to string 999"),
    "meta that is no JSON": (bare_frame(1, b"{'a'"), "says about itself is not readable"),
    "meta nested without end": (bare_frame(1, b"[" * 100_000), "says about itself is not readable"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_a_sentence(path: Path, name: str) -> None:
    frames, sentence = HOSTILE[name]
    path.write_bytes(with_frames(make_frame(Kind.META, b'{"app": "plant"}'), frames))

    with TraceReader(path) as reader:
        for _ in reader.happened():
            pass

        assert sentence in reader.condition
        assert reader.meta == {"app": "plant"}


def closed_with(index: bytes, place: int | None = None) -> bytes:
    """A file with one block that is closed by this index."""
    front = with_frames(block_frame(0, 1, ONE_BLOCK))
    return front + index + make_frame(Kind.END, PLACE.pack(len(front) if place is None else place))


def packed_index(*spans: Span, keyframes: tuple[Span, ...] = (), metas: tuple[int, ...] = ()) -> bytes:
    index = Index()
    index.spans, index.keyframes, index.metas = list(spans), list(keyframes), list(metas)
    return make_frame(Kind.INDEX, index.pack())


BAD_INDEX = {
    "that lies outside": closed_with(b"", 1 << 40),
    "that lies before the file": closed_with(b"", -8),
    "that is no index": closed_with(make_frame(Kind.META, b"{}")),
    "that is empty": closed_with(bare_frame(Kind.INDEX, b"")),
    "with more spans than are there": closed_with(bare_frame(Kind.INDEX, struct.pack("<I2sII", 2, b"{}", 9, 9))),
    "with places outside": closed_with(packed_index(Span(10**9, 0, 0, 0, 1, 0, 0))),
    "with spans that overlap": closed_with(packed_index(Span(16, 0, 0, 0, 9, 0, 0), Span(20, 3, 0, 0, 1, 0, 0))),
    "with meta where there is none": closed_with(packed_index(Span(16, 0, 0, 0, 1, 0, 0), metas=(17,))),
    "with words for places": closed_with(
        bare_frame(Kind.INDEX, struct.pack("<I", 28) + b'{"metas":["x"],"sources":[]}')
    ),
}


@pytest.mark.parametrize("name", BAD_INDEX)
def test_a_wrong_index_is_made_anew(path: Path, name: str) -> None:
    path.write_bytes(BAD_INDEX[name])

    with TraceReader(path) as reader:
        assert [event for _, event in reader.happened()] == [made.LogLine(1, 1, "hello", 0)]


def test_a_keyframe_that_is_not_where_the_index_says_ends_in_a_sentence(path: Path) -> None:
    path.write_bytes(closed_with(packed_index(Span(16, 0, 0, 0, 1, 0, 0), keyframes=(Span(20, 0, 0, 0, 0, 0, 0),))))

    with TraceReader(path) as reader:
        assert list(reader.happened()) == []
        assert "bytes are lost" in reader.condition


def test_frames_of_unknown_kinds_are_skipped(path: Path) -> None:
    path.write_bytes(with_frames(bare_frame(99, b"news"), block_frame(0, 1, ONE_BLOCK), bare_frame(200, b"more")))

    with TraceReader(path) as reader:
        assert kinds_in(reader) == ["LogLine"]
        assert reader.damage is None


def test_a_newer_minor_version_is_read_with_a_notice(path: Path) -> None:
    path.write_bytes(HEADER.pack(MAGIC, 1, 9, 0) + block_frame(0, 1, ONE_BLOCK))

    with TraceReader(path) as reader:
        assert kinds_in(reader) == ["LogLine"]
        assert "A newer version wrote this trace" in reader.notice


def test_half_a_keyframe_is_not_used(path: Path) -> None:
    half = make_frame(Kind.KEYFRAME, ONE_BLOCK, summary=Summary(0, 0, 0, 0, 0, 0, 0), flags=KEYFRAME_BEGINS)
    path.write_bytes(with_frames(block_frame(0, 1, ONE_BLOCK), half))

    with TraceReader(path) as reader:
        assert reader.keyframes == []


def test_what_follows_the_end_is_said_to_be_lost(path: Path) -> None:
    write(path, PLANT)
    with path.open("ab") as more:
        more.write(b"something else")

    with TraceReader(path) as reader:
        assert len(list(reader.happened())) == 3
        assert reader.damage is not None
        assert reader.damage.lost_bytes == 14


def test_a_damaged_source_does_not_hide_the_others(path: Path) -> None:
    trace = TraceBytes({})
    trace.add_rows(0, [made.ClassDefined(1, "Here", "m", __file__, 1, "", "")])
    data = trace.data()
    place = next(place for place, kind, _ in frames_of(data) if kind == Kind.SOURCE)
    broken = bare_frame(Kind.SOURCE, struct.pack("<I32s", 9_999, bytes(32)))
    path.write_bytes(data[:place] + broken + data[place:])

    with TraceReader(path) as reader:
        assert [source.file for source in reader.sources()] == [__file__]


# ---- the index of a very long recording


def test_the_index_of_a_very_long_recording_stays_small() -> None:
    index = Index()
    for number in range(3 * MOST_SPANS):
        index.add_block(100 + number, Summary(10 * number, number + 1, number + 2, 10, 4, 6, 0))

    assert len(index.spans) <= MOST_SPANS
    assert index.events == 30 * MOST_SPANS
    assert sum(span.runs for span in index.spans) == 18 * MOST_SPANS
    assert index.spans[-1].end_ns == 3 * MOST_SPANS + 1


def test_keyframes_of_a_very_long_recording_thin_out() -> None:
    index = Index()
    for number in range(3 * MOST_KEYFRAMES):
        index.add_keyframe(100 + number, Summary(10 * number, 0, 0, 0, 0, 0, 0))

    assert len(index.keyframes) <= MOST_KEYFRAMES
    found = index.keyframe_before(20 * MOST_KEYFRAMES)
    assert found is not None
    assert 0 <= 20 * MOST_KEYFRAMES - found.first <= 80


def test_an_index_comes_back_as_it_was() -> None:
    index = Index()
    index.add_block(16, Summary(0, 1, 2, 10, 4, 6, 0))
    index.add_keyframe(60, Summary(10, 0, 0, 0, 0, 0, 0))
    index.add_place(index.metas, 90)

    again = Index.unpack(index.pack(), 100)

    assert (again.spans, again.keyframes, again.metas) == (index.spans, index.keyframes, index.metas)


def test_no_frame_is_made_longer_than_a_reader_takes() -> None:
    with pytest.raises(ttTraceError, match="at most"):
        make_frame(Kind.META, bytes(MAX_PAYLOAD))


# ---- the order of bytes in a frame


def summary_of(rows: list[Any], *, flow: bool) -> Summary:
    runs = len([row for row in rows if type(row) is tuple]) if flow else 0
    return Summary(0, 0, 0, len(rows), 0, runs, 0)


@given(data=st.binary(max_size=100))
def test_bytes_that_were_put_in_another_order_come_back(data: bytes) -> None:
    assert unshuffled(shuffled(data)) == data


def test_shuffled_bytes_lie_by_their_place_in_words_of_eight() -> None:
    assert shuffled(b"01234567abcdefghXY") == b"0a1b2c3d4e5f6g7hXY"


def test_a_frame_of_flow_takes_less_than_half_the_room_and_reads_the_same() -> None:
    rows = [run(number * 7_919) for number in range(1_000)]
    block = encode_block(0, rows, StringTable())

    usual = make_frame(Kind.BLOCK, block, summary=summary_of(rows, flow=False))
    frame = make_frame(Kind.BLOCK, block, summary=summary_of(rows, flow=True))

    assert len(frame) < len(usual) / 2
    head = read_head(frame[: FRAME.size])
    assert head.flags == COMPRESSED | SHUFFLED
    assert unpack_payload(head, frame[FRAME.size :]) == block


def test_a_frame_that_is_mostly_texts_keeps_its_order() -> None:
    rows: list[Any] = [made.LogLine(number, 1, f"said {number} times, and again " * 20, 0) for number in range(100)]
    rows += [run(number) for number in range(100)]
    block = encode_block(0, rows, StringTable())

    frame = make_frame(Kind.BLOCK, block, summary=summary_of(rows, flow=True))

    assert read_head(frame[: FRAME.size]).flags == COMPRESSED


# ---- the traces that are kept

KEPT = Path(__file__).resolve().parents[2] / "data" / "traces"


def kept_traces() -> dict[str, str]:
    """Name of each file that the page tells of, and what a reader says of it."""
    rows = [
        line.split(" | ")
        for line in (KEPT / "README.md").read_text(encoding="utf-8").splitlines()
        if "`.ttt" in line or ".ttt`" in line
    ]
    return {row[0].strip("| `"): row[-1].strip("| ") for row in rows if row[0].startswith("| `")}


def test_every_kept_trace_has_its_line() -> None:
    assert sorted(kept_traces()) == sorted(path.name for path in KEPT.glob("*.ttt"))


@pytest.mark.parametrize("name", kept_traces())
def test_a_kept_trace_reads_as_its_line_says(name: str) -> None:
    says = kept_traces()[name]
    try:
        with TraceReader(KEPT / name) as reader:
            reader.check()
            list(reader.happened())
            condition = reader.condition or "sound"
    except ttTraceError as error:
        condition = str(error)

    assert says in condition


def test_the_kept_recording_of_a_door_tells_its_story() -> None:
    with TraceReader(KEPT / "door.ttt") as reader:
        happened = [event for _, event in reader.happened()]
        [source] = reader.sources()

    assert "def ttsc_closed__open" in source.text
    assert [event.text for event in happened if isinstance(event, LogLine)] == ["squeaks"]
    assert [event.text for event in happened if isinstance(event, Raised)] == ["no power"]
    assert "degrees=90" in [event.arguments for event in happened if isinstance(event, Ordered)]
    assert sum(bool(event.flags & IGNORED) for event in happened if isinstance(event, Ran)) == 1
