"""Control messages to bytes and back.

What comes in is checked field by field against the dataclass: a message that was decoded has the types it promises. The
error says which kind, which field, what was found and what was expected.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, Final, NoReturn, get_args, get_origin, get_type_hints

from tasktonic.errors import ttError
from tasktonic.protocol.framing import MAX_CONTROL_BYTES
from tasktonic.protocol.message import Direction, Json, Message
from tasktonic.protocol.messages import MESSAGES

_BY_KIND: Final = {message.kind: message for message in MESSAGES}
_NAMES: Final = {int: "a whole number", bool: "true or false", str: "a text", float: "a number"}
_INT_LIMIT: Final = 1 << 63
_DEEPEST: Final = 40


class ttMessageError(ttError, ValueError):
    """A control message that is not one: no JSON, of an unknown kind, or with a wrong field."""


def encode_message(message: Message) -> bytes:
    """A message as JSON in UTF-8.

    Raises:
        ttMessageError: it would be longer than a control frame may be, or a value in it is none that JSON has.
    """
    try:
        data = json.dumps(
            {"kind": message.kind, **_plain(message)}, ensure_ascii=False, allow_nan=False, separators=(",", ":")
        )
    except (TypeError, ValueError, RecursionError) as error:
        raise ttMessageError(f"A message of kind {message.kind!r} cannot be put into JSON: {error}.") from None
    # A lone surrogate (from a file name that is no text) is no UTF-8: it goes as its escape.
    payload = data.encode("utf-8", "backslashreplace")
    if len(payload) > MAX_CONTROL_BYTES:
        raise ttMessageError(
            f"A message of kind {message.kind!r} has {len(payload):,} bytes; at most {MAX_CONTROL_BYTES:,} can be sent."
        )
    return payload


def decode_message(payload: bytes | bytearray | memoryview, sender: Direction) -> Message:
    """Read a message that came from ``sender`` (the probe or the studio).

    Raises:
        ttMessageError: the message is refused; the sentence says why.
    """
    try:
        data = json.loads(str(payload, "utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ttMessageError(f"A control message is no JSON: {str(error) or 'too deep'}.") from None
    if type(data) is not dict:
        raise ttMessageError(f"A control message is {_found(data)}; an object with a 'kind' is expected.")
    kind = data.get("kind")
    message_class = _BY_KIND.get(kind) if type(kind) is str else None
    if message_class is None:
        raise ttMessageError(f"A control message of the unknown kind {_short(kind)}; known are {_listed(_BY_KIND)}.")
    if message_class.direction not in (sender, Direction.BOTH):
        raise ttMessageError(
            f"A message of kind {kind!r} goes from {message_class.direction.value}, not the other way."
        )
    message: Message = _build(message_class, data, f"message {kind!r}", 0)
    return message


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


@cache
def _types_of(cls: type) -> dict[str, Any]:
    hints = get_type_hints(cls)
    return {field.name: hints[field.name] for field in fields(cls)}


def _build(cls: type, data: dict[str, Any], where: str, depth: int) -> Any:
    if depth > _DEEPEST:
        raise ttMessageError(f"The {where[:40]} is nested more than {_DEEPEST} levels deep.")
    types_of = _types_of(cls)
    values = {}
    for field in fields(cls):
        if field.name in data:
            values[field.name] = _checked(
                types_of[field.name], data[field.name], f"{where}, field {field.name!r}", depth
            )
        elif field.default is MISSING:
            raise ttMessageError(f"The {where} has no {field.name!r}; it needs {_listed(types_of)}.")
    return cls(**values)


def _checked(expected: Any, value: Any, where: str, depth: int) -> Any:
    if expected is Json:
        return value
    if expected is float and type(value) is int:
        value = float(value) if abs(value) < _INT_LIMIT else value
    if expected in _NAMES:
        if type(value) is not expected:
            _refuse(where, value, _NAMES[expected])
        if expected is int and not -_INT_LIMIT <= value < _INT_LIMIT:
            _refuse(where, value, "a number of at most 64 bits")
        return value
    if get_origin(expected) is tuple:
        if type(value) is not list:
            _refuse(where, value, "a list")
        item_type = get_args(expected)[0]
        return tuple(_checked(item_type, item, f"{where}[{index}]", depth) for index, item in enumerate(value))
    if type(value) is not dict:
        _refuse(where, value, "an object")
    return _build(expected, value, where, depth + 1)


def _refuse(where: str, value: Any, expected: str) -> NoReturn:
    raise ttMessageError(f"The {where}, is {_found(value)}; {expected} is expected.")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _found(value: Any) -> str:
    names = {dict: "an object", list: "a list", type(None): "null"}
    return names.get(type(value)) or _short(value)


def _short(value: Any) -> str:
    if type(value) is int and value.bit_length() > 256:
        return "a very long number"
    text = repr(value) if type(value) in (int, float, bool, str) else f"of type {type(value).__name__}"
    return text if len(text) <= 60 else text[:59] + "…"


def _listed(names: Any) -> str:
    return ", ".join(map(repr, names))
