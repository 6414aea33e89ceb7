from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktonic.errors import ttFrameError
from tasktonic.net import ttFraming, ttJson, ttLengthPrefixed, ttLines, ttRaw

PLAIN_DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
LINE = st.text(alphabet=st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]))


def split_in_pieces(framing: ttFraming, data: bytes, sizes: list[int]) -> list[Any]:
    """What comes of a stream that the network cut up in pieces of these sizes, then as a whole."""
    found: list[Any] = []
    for size in sizes:
        piece, data = data[:size], data[size:]
        if piece:
            found += framing.split(piece)
    if data:
        found += framing.split(data)
    return found


@given(st.lists(LINE), st.lists(st.integers(1, 5)))
def test_lines_come_as_they_were_sent_however_the_network_cuts_them(lines: list[str], sizes: list[int]) -> None:
    framing = ttLines()

    assert split_in_pieces(framing, b"".join(map(framing.pack, lines)), sizes) == lines


@given(st.lists(PLAIN_DATA), st.lists(st.integers(1, 5)))
def test_json_comes_as_it_was_sent_however_the_network_cuts_it(values: list[Any], sizes: list[int]) -> None:
    framing = ttJson()

    assert split_in_pieces(framing, b"".join(map(framing.pack, values)), sizes) == values


@given(st.lists(st.binary()), st.lists(st.integers(1, 5)), st.integers(1, 8))
def test_length_prefixed_messages_come_as_they_were_sent(messages: list[bytes], sizes: list[int], size: int) -> None:
    framing = ttLengthPrefixed(size=size)

    assert split_in_pieces(framing, b"".join(map(framing.pack, messages)), sizes) == messages


def test_raw_bytes_come_as_they_are() -> None:
    assert list(ttRaw().split(b"abc")) == [b"abc"]


def test_line_may_end_as_on_windows() -> None:
    assert list(ttLines().split(b"a\r\n\r\nb\n")) == ["a", "", "b"]


def test_empty_lines_between_json_are_passed_over() -> None:
    assert list(ttJson().split(b"1\n\n\r\n2\n")) == [1, 2]


def test_last_line_needs_no_end_when_the_peer_has_ended() -> None:
    framing = ttLines()

    assert list(framing.split(b"a\nb")) == ["a"]
    assert list(framing.rest()) == ["b"]
    assert list(framing.rest()) == []


def test_rest_of_a_length_prefixed_message_is_none() -> None:
    framing = ttLengthPrefixed()

    assert list(framing.split(b"\0\0\0\5ab")) == []
    assert list(framing.rest()) == []


def test_lines_before_a_bad_one_come() -> None:
    found: list[str] = []

    with pytest.raises(ttFrameError, match="a line is no utf-8 text: invalid start byte at byte 0"):
        found.extend(ttLines().split(b"good\n\xff\n"))

    assert found == ["good"]


@pytest.mark.parametrize("pieces", [[b"x" * 12 + b"\n"], [b"x" * 6, b"x" * 6], [b"x" * 12]])
def test_line_that_is_too_long_is_refused(pieces: list[bytes]) -> None:
    framing = ttLines(limit=10)

    with pytest.raises(ttFrameError, match=r"a line has more than 10 bytes; a larger one needs ttLines\(limit=...\)"):
        split_in_pieces(framing, b"".join(pieces), [len(piece) for piece in pieces])


def test_sending_does_not_change_how_much_may_come() -> None:
    framing = ttLines(limit=10)
    list(framing.split(b"x" * 8))

    framing.pack("y")

    with pytest.raises(ttFrameError, match="more than 10 bytes"):
        list(framing.split(b"x" * 8))


def test_announced_length_that_is_too_large_is_refused_before_it_comes() -> None:
    with pytest.raises(ttFrameError, match="a message of 4294967295 bytes was announced, and 10 are allowed"):
        list(ttLengthPrefixed(limit=10).split(b"\xff\xff\xff\xff"))


@pytest.mark.parametrize(
    "data, told",
    [
        (b"{\n", "no JSON: '{': Expecting property name"),
        (b"[" * 100_000 + b"\n", "no JSON: .*\\.\\.\\.'"),
        (b'"' + b"x" * 60 + b"\n", "no JSON: '\"x{39}\\.\\.\\.': Unterminated string"),
    ],
)
def test_what_is_no_json_is_refused(data: bytes, told: str) -> None:
    with pytest.raises(ttFrameError, match=told):
        list(ttJson().split(data))


@pytest.mark.parametrize(
    "framing, message, told",
    [
        (ttRaw(), "text", "raw framing sends bytes, not a str"),
        (ttLines(), b"bytes", "lines send text, not a bytes"),
        (ttLines(), "two\nlines", "a line cannot have a line end inside"),
        (ttLines(limit=3), "longer", "a line has more than 3 bytes"),
        (ttJson(), {1, 2}, "a set cannot be sent as JSON: Object of type set is not JSON serializable"),
        (ttJson(), float("nan"), "a float cannot be sent as JSON"),
        (ttJson(limit=3), "longer", "a line has more than 3 bytes"),
        (ttLengthPrefixed(), "text", "length-prefixed framing sends bytes, not a str"),
        (ttLengthPrefixed(limit=3), b"longer", "a message has 6 bytes, and 3 are allowed"),
        (ttLengthPrefixed(size=1), b"x" * 256, "a message has 256 bytes, and 255 are allowed"),
    ],
)
def test_what_a_framing_cannot_send_is_refused(framing: ttFraming, message: Any, told: str) -> None:
    with pytest.raises(ttFrameError, match=told):
        framing.pack(message)
