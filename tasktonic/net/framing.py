"""Where one message ends and the next begins in a stream of bytes: raw, lines, JSON, length-prefixed, or one's own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Final

from ..errors import ttFrameError

LIMIT: Final = 1_048_576
"""Bytes a message may have unless somebody says otherwise."""


class ttFraming:
    """How messages stand in the stream of bytes of a connection. Subclass it to write one; each connection has its own.

    It is made by ``creating_framing`` of a connection and used in the thread of its catalyst only.

    >>> from tasktonic.net import ttFraming
    >>> class Pairs(ttFraming):
    ...     odd = b""
    ...
    ...     def split(self, data):
    ...         data = self.odd + data
    ...         even = len(data) // 2 * 2
    ...         self.odd = data[even:]
    ...         return [data[at : at + 2] for at in range(0, even, 2)]
    ...
    ...     def pack(self, message):
    ...         return message
    >>> pairs = Pairs()
    >>> pairs.split(b"abc"), pairs.split(b"de")
    ([b'ab'], [b'cd'])
    """

    __slots__ = ("__dict__",)

    def split(self, data: bytes) -> Iterable[Any]:
        """Take the next bytes that came, and give the messages that are complete now.

        Args:
            data: what came, in pieces of any size: keep what is no whole message yet, but not without limit.

        Raises:
            ttFrameError: this can be no message. The connection is closed, and says why.
        """
        raise NotImplementedError

    def pack(self, message: Any) -> bytes:
        """The bytes that go over the wire for a message.

        Args:
            message: what ``send`` was given.

        Raises:
            ttFrameError: it cannot be sent in this way.
        """
        raise NotImplementedError

    def rest(self) -> Iterable[Any]:
        """The messages in what is left when the peer has closed its end; by default an incomplete one is none."""
        return ()


class ttRaw(ttFraming):
    """Bytes as they come, in pieces as the network makes them.

    >>> from tasktonic.net import ttRaw
    >>> list(ttRaw().split(b"abc"))
    [b'abc']
    """

    __slots__ = ()

    def split(self, data: bytes) -> Iterable[Any]:
        return (data,)

    def pack(self, message: Any) -> bytes:
        if not isinstance(message, bytes | bytearray | memoryview):
            raise ttFrameError(
                f"raw framing sends bytes, not a {type(message).__name__}; encode it, or use ttLines or ttJson."
            )
        return message  # type: ignore[return-value]  # whatever has the bytes goes to the socket as it is


class ttLines(ttFraming):
    r"""Text, a line each; a line ends with ``\n`` or ``\r\n``, and with ``\n`` when it is sent.

    Args:
        limit: the bytes a line may have.
        encoding: how text is written in bytes.

    >>> from tasktonic.net import ttLines
    >>> lines = ttLines()
    >>> list(lines.split(b"hello\r\nwor")), list(lines.split(b"ld\n"))
    (['hello'], ['world'])
    """

    __slots__ = ("_parts", "_size", "encoding", "limit")

    _empty_counts: ClassVar[bool] = True

    def __init__(self, limit: int = LIMIT, encoding: str = "utf-8") -> None:
        self.limit = limit
        """The bytes a line may have."""
        self.encoding = encoding
        """How text is written in bytes."""
        self._parts: list[bytes] | None = None
        self._size = 0

    def split(self, data: bytes) -> Iterator[Any]:
        parts = self._parts
        if parts:
            if b"\n" not in data:
                parts.append(data)
                self._size += len(data)
                self._check(self._size)
                return
            data = b"".join((*parts, data))
            self._parts = None
        lines = data.split(b"\n")
        rest = lines.pop()
        for line in lines:
            self._check(len(line))
            if self._empty_counts or line.strip():
                yield self._text(line)
        if rest:
            self._parts, self._size = [rest], len(rest)
            self._check(self._size)

    def rest(self) -> Iterator[Any]:
        parts, self._parts = self._parts, None
        if parts:
            yield self._text(b"".join(parts))

    def pack(self, message: Any) -> bytes:
        if not isinstance(message, str):
            raise ttFrameError(f"lines send text, not a {type(message).__name__}; use ttRaw or ttJson for that.")
        if "\n" in message:
            raise ttFrameError("a line cannot have a line end inside: send it as several, or use ttJson.")
        data = message.encode(self.encoding)
        self._check(len(data))
        return data + b"\n"

    def _check(self, size: int) -> None:
        if size > self.limit + 1:  # its \r does not count
            raise ttFrameError(f"a line has more than {self.limit} bytes; a larger one needs ttLines(limit=...).")

    def _text(self, line: bytes) -> Any:
        if line.endswith(b"\r"):
            line = line[:-1]
        try:
            return line.decode(self.encoding)
        except UnicodeDecodeError as error:
            raise ttFrameError(f"a line is no {self.encoding} text: {error.reason} at byte {error.start}.") from None


class ttJson(ttLines):
    r"""JSON, one value a line; empty lines are passed over. No pickle: what comes is plain data and nothing that runs.

    Args:
        limit: the bytes a value may have.

    >>> from tasktonic.net import ttJson
    >>> list(ttJson().split(b'{"pump": 3}\n[1, 2]\n'))
    [{'pump': 3}, [1, 2]]
    """

    __slots__ = ()

    _empty_counts = False

    def __init__(self, limit: int = LIMIT) -> None:
        super().__init__(limit)

    def pack(self, message: Any) -> bytes:
        try:
            return super().pack(json.dumps(message, ensure_ascii=False, separators=(",", ":"), allow_nan=False))
        except (TypeError, ValueError, RecursionError) as error:
            if isinstance(error, ttFrameError):
                raise
            raise ttFrameError(f"a {type(message).__name__} cannot be sent as JSON: {error}") from error

    def _text(self, line: bytes) -> Any:
        text = super()._text(line)
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            shown = text if len(text) <= 40 else f"{text[:40]}..."
            raise ttFrameError(f"no JSON: {shown!r}: {error}") from None


class ttLengthPrefixed(ttFraming):
    r"""Bytes, each message behind its length.

    Args:
        limit: the bytes a message may have.
        size: the bytes of the length, the most significant first.

    >>> from tasktonic.net import ttLengthPrefixed
    >>> framing = ttLengthPrefixed(size=2)
    >>> framing.pack(b"hello")
    b'\x00\x05hello'
    >>> list(framing.split(b"\x00\x02ab\x00")), list(framing.split(b"\x01c"))
    ([b'ab'], [b'c'])
    """

    __slots__ = ("_has", "_needs", "_parts", "limit", "size")

    def __init__(self, limit: int = LIMIT, size: int = 4) -> None:
        self.limit = min(limit, 256**size - 1)
        """The bytes a message may have."""
        self.size = size
        """The bytes of the length."""
        self._parts: list[bytes] | None = None
        self._has = 0
        self._needs = 0

    def split(self, data: bytes) -> Iterator[Any]:
        if self._parts:
            self._parts.append(data)
            self._has += len(data)
            if self._has < self._needs:
                return
            data = b"".join(self._parts)
            self._parts = None
        size, at, end = self.size, 0, len(data)
        while True:
            begin = at + size
            if begin > end:
                self._needs = size
                break
            length = int.from_bytes(data[at:begin], "big")
            if length > self.limit:
                raise ttFrameError(
                    f"a message of {length} bytes was announced, and {self.limit} are allowed; a larger one needs "
                    "ttLengthPrefixed(limit=...)."
                )
            if begin + length > end:
                self._needs = size + length
                break
            at = begin + length
            yield data[begin:at]
        if at < end:
            self._parts = [data[at:]]
            self._has = end - at

    def pack(self, message: Any) -> bytes:
        if not isinstance(message, bytes | bytearray | memoryview):
            raise ttFrameError(f"length-prefixed framing sends bytes, not a {type(message).__name__}; encode it first.")
        if len(message) > self.limit:
            raise ttFrameError(f"a message has {len(message)} bytes, and {self.limit} are allowed (limit=...).")
        return len(message).to_bytes(self.size, "big") + message
