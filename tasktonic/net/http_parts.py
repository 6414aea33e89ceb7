"""What requests and replies of HTTP are made of: fields that are looked up by name, and bodies from plain values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..errors import ttFrameError, ttRunningError

if TYPE_CHECKING:
    from .http_events import Feed

_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FORBIDDEN_IN_VALUE: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_OURS: Final = frozenset({"connection", "content-length", "transfer-encoding"})
"""What says where a message ends: the server and the client know it, and a second opinion is a hole."""

_KNOWN: Final = frozenset(HTTPStatus)

TEXT: Final = "text/plain; charset=utf-8"
BYTES: Final = "application/octet-stream"
JSON: Final = "application/json"


class ttHttpFields(Mapping[str, str]):
    """The headers or the query of a request, or the headers of an answer: a mapping that nobody can change. Any thread.

    Args:
        pairs: names and values, in the order in which they came.
        by_case: whether upper and lower case differ, as they do in a query and not in headers.

    A name may come more than once: looked up, the first counts; ``get_all`` has the others too.

    >>> from tasktonic.net import ttHttpFields
    >>> headers = ttHttpFields([("Accept", "text/html"), ("accept", "*/*")])
    >>> headers["ACCEPT"], headers.get_all("accept"), headers.get("cookie", "none")
    ('text/html', ['text/html', '*/*'], 'none')
    """

    __slots__ = ("_by_case", "_found", "_pairs")

    def __init__(self, pairs: Iterable[tuple[str, str]] = (), by_case: bool = False) -> None:
        self._by_case = by_case
        self._pairs = tuple(pairs)
        self._found: dict[str, tuple[str, str]] = {}
        for name, value in self._pairs:
            self._found.setdefault(self._key(name), (name, value))

    def _key(self, name: str) -> str:
        return name if self._by_case else name.lower()

    def __getitem__(self, name: str) -> str:
        return self._found[self._key(name)][1]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._key(name) in self._found

    def __iter__(self) -> Iterator[str]:
        return iter([name for name, _ in self._found.values()])

    def __len__(self) -> int:
        return len(self._found)

    def get_all(self, name: str) -> list[str]:
        """All values that came by this ``name``, in their order; an empty list when there is none."""
        wanted = self._key(name)
        return [value for other, value in self._pairs if self._key(other) == wanted]

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Everything as it came: names and values, in order."""
        return self._pairs

    def __deepcopy__(self, memo: dict[int, object]) -> ttHttpFields:
        return self

    def __repr__(self) -> str:
        return f"ttHttpFields({list(self._pairs)!r})"


@dataclass(frozen=True, slots=True, eq=False)
class ttHttpResponse:
    """What came back for a request. Nothing in it changes; it goes to other threads by reference. Any thread.

    Args:
        status: the code: 200 when all is well, 404 when there is no such thing, …
        reason: the same in a few words, as the server puts it.
        url: where it came from in the end, after redirects.
        headers: the headers.
        body: the body, all of it.

    >>> from tasktonic.net import ttHttpFields, ttHttpResponse
    >>> response = ttHttpResponse(200, "OK", "http://127.0.0.1/pump", ttHttpFields(), b'{"litres": 3}')
    >>> response.is_ok, response.json()
    (True, {'litres': 3})
    """

    status: int
    reason: str
    url: str
    headers: ttHttpFields
    body: bytes

    @property
    def is_ok(self) -> bool:
        """Whether the status is one of success: 200 to 299."""
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        """The body as text, in the encoding that is said, else UTF-8."""
        return decoded(self.body, self.headers.get("content-type", ""))

    def json(self) -> Any:
        """The body as a value: yours alone, made anew by each call.

        Raises:
            ttFrameError: it is no JSON.
        """
        try:
            return parse_json(self.body)
        except ttFrameError as error:
            raise ttFrameError(f"{self.url}: the answer (status {self.status}) is {error}.") from None

    def __copy__(self) -> ttHttpResponse:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> ttHttpResponse:
        return self


class Reply(NamedTuple):
    """What goes back for a request."""

    status: int
    body: bytes | Path | Feed
    """What is in it: bytes, a file, or events that go on."""
    headers: tuple[tuple[str, str], ...]
    closes: bool = False
    """Whether the connection is closed after it."""

    def as_response(self, url: str) -> ttHttpResponse:
        """What whoever asked gets of it; of a file, what is in it now, and of events those that wait to be sent."""
        body = self.body
        if not isinstance(body, bytes):
            body = body.read_bytes() if isinstance(body, Path) else body.so_far()
        reason = HTTPStatus(self.status).phrase if self.status in _KNOWN else ""
        return ttHttpResponse(self.status, reason, url, ttHttpFields(self.headers), body)


def reply_of(who: str, content: Any, status: Any, headers: Mapping[str, str] | None, content_type: str | None) -> Reply:
    """The reply for what a user gave.

    Raises:
        ttFrameError: it cannot be sent; ``who`` begins the message.
    """
    if status is None:
        status = 204 if content is None else 200
    if not isinstance(status, int) or not 200 <= status <= 599:
        raise ttFrameError(f"{who}: status {status!r} is none of a reply; those are 200 to 599.")
    body, kind = body_of(who, content)
    if body and status in (204, 304):
        raise ttFrameError(f"{who}: a reply with status {status} has no content; give another status, or no content.")
    fields = checked_fields(who, headers)
    if content_type is not None:
        kind = _with_charset(content_type)
    if kind and not any(name.lower() == "content-type" for name, _ in fields):
        fields = (*fields, *checked_fields(who, {"Content-Type": kind}))
    return Reply(status, body, fields)


def refusal(status: int, words: str, headers: Mapping[str, str] | None = None, *, closes: bool = False) -> Reply:
    """A reply of the server itself: JSON that says in words what is wrong."""
    fields = (*(headers or {}).items(), ("Content-Type", JSON))
    return Reply(status, json_of({"status": status, "error": words}), fields, closes)


def body_of(who: str, content: Any) -> tuple[bytes | Path, str]:
    """The bytes of a body and their kind: text, bytes and files as they are, everything else as JSON.

    Raises:
        ttFrameError: JSON cannot say it.
    """
    if content is None:
        return b"", ""
    if isinstance(content, str):
        return content.encode("utf-8", "replace"), TEXT
    if isinstance(content, bytes | bytearray | memoryview):
        return bytes(content), BYTES
    if isinstance(content, Path):
        return content, ""
    try:
        return json_of(content), JSON
    except (TypeError, ValueError, RecursionError) as error:
        raise ttFrameError(
            f"{who}: a {type(content).__name__} cannot be sent as JSON: {error}. Give plain data, text, bytes, or the Path of a file."
        ) from error


def json_of(value: Any) -> bytes:
    """A value as JSON; raises what ``json.dumps`` does."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "replace")


def parse_json(body: bytes) -> Any:
    """The value that JSON says.

    Raises:
        ttFrameError: it is no JSON.
    """
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ttFrameError(f"no JSON: {error}") from None


def checked_fields(who: str, headers: Mapping[Any, Any] | None) -> tuple[tuple[str, str], ...]:
    """Headers of a user, as pairs.

    Raises:
        ttFrameError: one of them would change what the bytes after it mean.
    """
    pairs = []
    for name, value in (headers or {}).items():
        if not isinstance(name, str) or not _TOKEN.fullmatch(name):
            raise ttFrameError(f"{who}: {name!r} is no name of a header; it has letters, digits and hyphens.")
        if not isinstance(value, str) or _FORBIDDEN_IN_VALUE.search(value):
            raise ttFrameError(
                f"{who}: the header {name} cannot be {value!r:.60}; it is text without line ends and other control signs."
            )
        if name.lower() in _OURS:
            raise ttFrameError(f"{who}: the header {name} is said by tasktonic itself; leave it out.")
        pairs.append((name, value))
    return tuple(pairs)


def is_json(content_type: str) -> bool:
    """Whether a content type, without its parameters, says JSON."""
    return content_type == JSON or (content_type.startswith("application/") and content_type.endswith("+json"))


def charset_of(content_type: str) -> str:
    """The encoding that a content type names, UTF-8 when it names none."""
    found = re.search(r"charset\s*=\s*\"?([\w.:-]+)", content_type, re.IGNORECASE)
    return found[1] if found else "utf-8"


def decoded(body: bytes, content_type: str) -> str:
    """A body as text; what is no text of its encoding becomes the sign for that."""
    try:
        return body.decode(charset_of(content_type), "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


def _with_charset(content_type: str) -> str:
    return f"{content_type}; charset=utf-8" if re.fullmatch(r"text/[\w.+-]+", content_type) else content_type


def need_aiohttp(who: str) -> None:
    """See that aiohttp is there.

    Raises:
        ttRunningError: it is not; the message says how to get it.
    """
    try:
        import aiohttp  # noqa: F401
    except ImportError as error:
        raise ttRunningError(
            f"{who} needs aiohttp, which cannot be loaded here: {error}. Install it with: pip install aiohttp (or the extra 'net' of tasktonic-studio)."
        ) from error
