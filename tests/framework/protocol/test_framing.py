"""Frames over a stream of bytes: in pieces, too long, of somebody else."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktonic.protocol import MAX_CONTROL_BYTES, MAX_DATA_BYTES, Channel, Frame, Framer, frame, ttFrameError

_FRAMES = st.lists(st.builds(Frame, st.sampled_from(Channel), st.binary(max_size=900)), max_size=6)


@given(_FRAMES, st.integers(1, 40))
def test_frames_come_back_in_pieces_of_any_size(frames: list[Frame], size: int) -> None:
    data = b"".join(frame(channel, payload) for channel, payload in frames)
    framer = Framer()

    got = [one for start in range(0, len(data), size) for one in framer.feed(data[start : start + size])]

    assert got == frames
    assert framer.waiting == 0


def test_half_a_frame_waits_for_the_rest() -> None:
    framer = Framer()

    assert framer.feed(frame(Channel.CONTROL, b"{}")[:7]) == []
    assert framer.waiting == 7


@pytest.mark.parametrize(
    "data, sentence",
    [
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "This is HTTP"),
        (b"POST / HTTP/1.1\r\n", "This is HTTP"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "This is TLS"),
        (b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03", "This is TLS"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "This is SSH"),
        (b"\x00\x00\x00\x00\x00\x00", "no frames of tasktonic"),
        (b"hello probe!", "no frames of tasktonic"),
        (struct.pack("<IBB", 10, 1, 4), "no frames of tasktonic"),
        (struct.pack("<IBB", 0xFFFFFFFF, 2, 0), "data frame of 4,294,967,295 bytes; at most 16,777,216 are taken"),
        (struct.pack("<IBB", MAX_CONTROL_BYTES + 1, 1, 0), "control frame of 1,048,577 bytes; at most 1,048,576"),
    ],
)
def test_what_is_no_frame_is_refused_by_its_header(data: bytes, sentence: str) -> None:
    with pytest.raises(ttFrameError, match=sentence):
        Framer().feed(data)


def test_a_control_frame_that_begins_like_tls_is_taken() -> None:
    payload = bytes(0x316)

    assert Framer().feed(frame(Channel.CONTROL, payload)) == [Frame(Channel.CONTROL, payload)]


def test_data_from_a_side_that_has_none_is_refused() -> None:
    with pytest.raises(ttFrameError, match="a side that has none to send"):
        Framer(max_data=0).feed(frame(Channel.DATA, b"block"))


@pytest.mark.parametrize("channel, limit", [(Channel.CONTROL, MAX_CONTROL_BYTES), (Channel.DATA, MAX_DATA_BYTES)])
def test_a_frame_over_the_limit_is_not_made(channel: Channel, limit: int) -> None:
    assert len(frame(channel, bytes(limit))) == limit + 6
    with pytest.raises(ttFrameError, match="can be sent"):
        frame(channel, bytes(limit + 1))
