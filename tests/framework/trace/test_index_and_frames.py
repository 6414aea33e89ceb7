"""How a trace file stays small: its index, its keyframes, and the order of bytes in a frame."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktonic.blocks import StringTable, encode_block
from tasktonic.trace import ttTraceError
from tasktonic.trace.file import (
    COMPRESSED,
    FRAME,
    MAX_PAYLOAD,
    SHUFFLED,
    Kind,
    Summary,
    make_frame,
    read_head,
    shuffled,
    unpack_payload,
    unshuffled,
)
from tasktonic.trace.index import MOST_KEYFRAMES, MOST_SPANS, Index
from tests.helpers.stream_rows import made, run

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
