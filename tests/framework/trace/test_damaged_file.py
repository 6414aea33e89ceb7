"""What a reader makes of a trace file that is none, is cut off, damaged, or made to do harm."""

from __future__ import annotations

import os
import random
import struct
import zlib
from pathlib import Path

import pytest

from tasktonic.blocks import StringTable, encode_block
from tasktonic.trace import TraceReader, TraceWriter, ttTraceError, ttTraceFileError
from tasktonic.trace.encoder import TraceBytes
from tasktonic.trace.file import (
    COMPRESSED,
    HEADER,
    KEYFRAME_BEGINS,
    MAGIC,
    PLACE,
    Kind,
    Span,
    Summary,
    file_header,
    make_frame,
)
from tasktonic.trace.index import Index
from tests.helpers.stream_rows import PLANT, made, steps
from tests.helpers.trace_bytes import frames_of, kinds_in, write

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
