"""Control messages to bytes and back, and what is refused."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktonic.protocol import MESSAGES, Direction, Message, decode_message, encode_message, ttMessageError
from tasktonic.protocol.messages import (
    AttributeRow,
    Attributes,
    Credit,
    Finish,
    Hello,
    Json,
    KeptRow,
    ListenerRow,
    NextOrder,
    Refused,
    SignalRow,
    SparkleRow,
    StackLine,
    StoreSet,
    WaitingOrder,
)
from tasktonic.rules import Breakpoint, Term

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_ROWS = st.recursive(
    st.builds(AttributeRow, _TEXT, _TEXT, _TEXT),
    lambda rows: st.builds(AttributeRow, _TEXT, _TEXT, _TEXT, st.lists(rows, max_size=3).map(tuple)),
    max_leaves=8,
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 53), 1 << 53) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=5,
)
_BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    int: st.integers(-(1 << 63), (1 << 63) - 1),
    bool: st.booleans(),
    str: _TEXT,
    float: st.floats(allow_nan=False, allow_infinity=False),
    Json: _JSON,
    tuple[int, ...]: st.lists(st.integers(0, 9), max_size=3).map(tuple),
    tuple[str, ...]: st.lists(_TEXT, max_size=3).map(tuple),
    tuple[AttributeRow, ...]: st.lists(_ROWS, max_size=3).map(tuple),
    tuple[ListenerRow, ...]: st.lists(
        st.builds(ListenerRow, st.integers(-1, 9), _TEXT, _TEXT, st.lists(_TEXT, max_size=2).map(tuple), _TEXT),
        max_size=3,
    ).map(tuple),
    tuple[NextOrder, ...]: st.lists(
        st.builds(
            NextOrder,
            st.integers(0, 9),
            st.integers(-1, 9),
            _TEXT,
            _TEXT,
            arguments=st.lists(_ROWS, max_size=2).map(tuple),
        ),
        max_size=3,
    ).map(tuple),
    tuple[Breakpoint, ...]: st.lists(
        st.builds(
            Breakpoint, st.integers(0, 9), st.lists(st.builds(Term, _TEXT, _TEXT, _TEXT, _TEXT), max_size=2).map(tuple)
        ),
        max_size=2,
    ).map(tuple),
    Breakpoint: st.builds(Breakpoint, st.integers(0, 9), st.lists(st.builds(Term, _TEXT), max_size=2).map(tuple)),
    tuple[WaitingOrder, ...]: st.lists(
        st.builds(WaitingOrder, _TEXT, st.integers(0, 9_999), _TEXT, _TEXT), max_size=3
    ).map(tuple),
    tuple[SignalRow, ...]: st.lists(st.builds(SignalRow, _TEXT, _TEXT, _TEXT, _TEXT), max_size=3).map(tuple),
    tuple[KeptRow, ...]: st.lists(st.builds(KeptRow, _TEXT, _TEXT, st.integers(0, 9)), max_size=3).map(tuple),
    tuple[StackLine, ...]: st.lists(st.builds(StackLine, _TEXT, st.integers(0, 9_999), _TEXT), max_size=3).map(tuple),
    tuple[SparkleRow, ...]: st.lists(
        st.builds(SparkleRow, _TEXT, st.lists(_TEXT).map(tuple), st.lists(_TEXT).map(tuple), _TEXT), max_size=3
    ).map(tuple),
}


def _any_of(kind: type[Message]) -> st.SearchStrategy[Message]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: _BY_TYPE[hints[field.name]] for field in fields(kind)})


def _sender(message: Message) -> Direction:
    return Direction.PROBE if message.direction is Direction.BOTH else message.direction


@given(st.one_of(list(map(_any_of, MESSAGES))))
def test_every_message_comes_back_as_it_was(message: Message) -> None:
    assert decode_message(encode_message(message), _sender(message)) == message


def test_kinds_are_all_different() -> None:
    assert len({message.kind for message in MESSAGES}) == len(MESSAGES)


def test_defaults_may_be_left_out() -> None:
    payload = b'{"kind": "hello", "protocol": 1, "pid": 4, "session": "s"}'

    assert decode_message(payload, Direction.PROBE) == Hello(1, 4, "s")


def test_unknown_fields_are_ignored() -> None:
    assert decode_message(b'{"kind": "credit", "bytes": 5, "colour": 1}', Direction.STUDIO) == Credit(5)


def test_a_lone_surrogate_travels() -> None:
    message = Refused("file \udc80")

    assert decode_message(encode_message(message), Direction.PROBE) == message


@pytest.mark.parametrize(
    "payload, sentence",
    [
        (b"\xff\xfe", "no JSON"),
        (b"{", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"1" * 10_000, "no JSON"),
        (b'{"kind": "store set", "request": 1, "store": 1, "path": "a", "value": NaN}', "NaN is no JSON number"),
        (b"[1]", "is a list; an object with a 'kind' is expected"),
        (b"{}", "unknown kind of type NoneType; known are 'hello'"),
        (b'{"kind": ["hello"]}', "unknown kind of type list"),
        (b'{"kind": "teleport"}', "unknown kind 'teleport'; known are 'hello', 'open'"),
        (b'{"kind": "granted", "role": "control"}', "'granted' goes from probe to studio"),
        (b'{"kind": "credit"}', "message 'credit' has no 'bytes'; it needs 'bytes'"),
        (b'{"kind": "credit", "bytes": "9"}', "field 'bytes', is '9'; a whole number is expected"),
        (b'{"kind": "credit", "bytes": true}', "field 'bytes', is True; a whole number is expected"),
        (b'{"kind": "credit", "bytes": 9223372036854775808}', "a number of at most 64 bits is expected"),
        (b'{"kind": "open", "protocol": 1, "token": null}', "field 'token', is null; a text is expected"),
        (b'{"kind": "open", "protocol": 1, "capabilities": "all"}', "a list is expected"),
        (
            b'{"kind": "open", "protocol": 1, "capabilities": [1]}',
            r"field 'capabilities'\[0\], is 1; a text is expected",
        ),
    ],
)
def test_what_a_studio_may_not_say_is_refused(payload: bytes, sentence: str) -> None:
    with pytest.raises(ttMessageError, match=sentence):
        decode_message(payload, Direction.STUDIO)


def test_attributes_nested_without_end_are_refused() -> None:
    row: dict[str, Any] = {"name": "", "type": "", "preview": ""}
    for _ in range(100):
        row = {"name": "", "type": "", "preview": "", "children": [row]}
    payload = json.dumps({"kind": "attributes", "essence": 1, "request": 1, "rows": [row]}).encode()

    with pytest.raises(ttMessageError, match="nested more than 40 levels deep"):
        decode_message(payload, Direction.PROBE)


def test_a_message_over_the_limit_is_not_sent() -> None:
    with pytest.raises(ttMessageError, match=r"kind 'attributes' has 2,000,0.. bytes; at most 1,048,576"):
        encode_message(Attributes(1, 2, problem="x" * 2_000_000))


@pytest.mark.parametrize("value", [float("nan"), object(), b"bytes"])
def test_a_value_that_json_does_not_have_is_not_sent(value: object) -> None:
    with pytest.raises(ttMessageError, match="'store set' cannot be put into JSON"):
        encode_message(StoreSet(1, 2, "a", value))


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(payload: bytes) -> None:
    with pytest.raises(ttMessageError):
        decode_message(payload, Direction.STUDIO)


@given(_any_of(Finish), st.data())
def test_damaged_messages_are_read_or_refused(message: Message, data: st.DataObject) -> None:
    payload = bytearray(encode_message(message))
    payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))

    try:
        read = decode_message(payload, Direction.STUDIO)
    except ttMessageError:
        return

    assert isinstance(read, Message)
