"""One request and its reply: what a sparkle gets, and what sees to it that each request is answered once, whatever happens.

The one who waits is a coroutine of the server; whoever answers may be any tonic in any thread, and may forget it, raise, finish
or not take it in the state it is in. A request is answered by whoever is first, and the others are told. What holds the
request is its owner: when nobody holds it any more nobody can answer it, so the server does, instead of waiting on.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import get_ident
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from ..awaited import Awaited
from ..current import outside, turning
from ..endings import ASKED
from ..errors import ttRunningError
from ..pool.work import check_callbacks
from ..tonic import ttTonic
from .http_events import feed_of, ttHttpEvents
from .http_parts import (
    Reply,
    body_of,
    checked_fields,
    decoded,
    is_json,
    parse_json,
    refusal,
    reply_of,
    ttHttpFields,
    ttHttpResponse,
)
from .http_routes import split_asked

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})

GOING: Final = "The server is ending."
GONE: Final = "What answers this has ended."


def _nothing(*_: Any) -> None:
    return None


class Exchange:
    """A request that waits for its reply. Settled once, by whoever comes first, from any thread.

    Args:
        asked: the method and the path, for messages.
        tonic: whose sparkle the request goes to; not kept alive. ``None`` for a request that was made by hand.
        slot: which sparkle of it.
        settled: called once, in whatever thread, with the reply; ``None`` when the one who asked has gone.
        say: says a sentence in the log.
        hurry: has something called soon in another place than this, which may be in the middle of anything.
    """

    __slots__ = ("_end", "_hurry", "_say", "_settled", "_tonic", "asked", "reply", "route_name", "slot")

    def __init__(
        self,
        asked: str,
        tonic: ttTonic | None,
        slot: int,
        settled: Callable[[Reply | None], None] = _nothing,
        say: Callable[[str], None] = _nothing,
        hurry: Callable[[Callable[[], None]], object] = _nothing,
    ) -> None:
        self.asked = asked
        self._tonic = None if tonic is None else weakref.ref(tonic)
        self.slot = slot
        self.route_name = "" if tonic is None else f"{tonic.name}.{tonic._tt_class.sparkles[slot].called}"
        self._settled = settled
        self._say = say
        self._hurry = hurry
        # A dict for its setdefault: one step for all threads, and no lock that a garbage collection could meet.
        self._end: dict[str, tuple[bool, str]] = {}
        self.reply: Reply | None = None

    @property
    def is_open(self) -> bool:
        return not self._end

    def settle(self, reply: Reply | None, why: str = "", *, by_user: bool = False) -> bool:
        """Answer it, unless it has been; true if this was it. ``why`` goes into the log."""
        claim = (by_user, self._who() if by_user else "")
        if self._end.setdefault("end", claim) is not claim:
            return False
        self.reply = reply
        settled, say = self._settled, self._say
        self._settled = self._say = self._hurry = _nothing  # they hold the server
        settled(reply)
        if why:
            say(f"{self.asked}: {why}")
        return True

    def answer(self, reply: Reply) -> bool:
        """What a user replies; false when nobody waits any more.

        Raises:
            ttRunningError: a user has replied before.
        """
        if self.settle(reply, by_user=True):
            return True
        by_user, who = self._end["end"]
        if by_user:
            raise ttRunningError(
                f"{self.asked} has been answered already, by {who}: a request gets one reply. Reply in one "
                "place only; request.is_open tells whether somebody waits."
            )
        return False

    def is_for(self, tonic: ttTonic, slot: int) -> bool:
        return self._tonic is None or (self._tonic() is tonic and self.slot == slot)

    def not_run(self, tonic: ttTonic, slot: int, why: str) -> None:
        """The sparkle of the route did not run."""
        called = f"{tonic.name}.{tonic._tt_class.sparkles[slot].called}"
        if why == "ignored":
            state = tonic.get_current_state_name()
            words = f"This is not possible now, in state {state}." if state != "--" else "This is not possible now."
            self.settle(refusal(409, words), f"{called} is not handled in state {state}: answered with 409 (Conflict).")
        else:
            self.settle(refusal(503, GONE), f"{called} does not run any more: answered with 503.")

    def raised(self) -> None:
        """A sparkle that had it raised; the error has been said already."""
        self.settle(refusal(500, "Something went wrong here; the log of the server says what."))

    def let_go(self) -> None:
        """Nobody has the request any more. In any thread, at any moment: even in the middle of a collection of garbage."""
        if not self._end:
            self._hurry(self._forgotten)

    def _forgotten(self) -> None:
        tonic = None if self._tonic is None else self._tonic()
        if tonic is None or tonic._tt_stage >= ASKED:
            self.settle(refusal(503, GONE), f"{self.route_name} has finished without a reply: answered with 503.")
        else:
            self.settle(
                refusal(500, "The server has no answer to this."),
                f"{self.route_name} let go of the request without a reply: answered with 500. Call request.reply(...), or keep "
                "the request for a later sparkle.",
            )

    def _who(self) -> str:
        at: Any = turning.get(get_ident()) or outside()
        if at.running is None:
            return str(at.via)
        if isinstance(at.via, int):
            return f"{at.running.name}.{at.running._tt_class.sparkles[at.via].called}"
        return str(at.running.name)


@dataclass(frozen=True, slots=True, eq=False, repr=False, weakref_slot=True)
class ttHttpRequest(Awaited):
    """A request, as the sparkle of a route gets it. Nothing in it changes; any thread may read it, keep it and reply.

    Made by a ``ttHttpServer``; it goes to other threads by reference. Each request gets one reply, at once or from a later
    sparkle. When everybody lets go of it without one, or nobody replies in time, the server answers in words.

    Args:
        method: ``GET``, ``POST``, … in capitals.
        path: what was asked for, without the query, decoded.
        parameters: the values of the ``{names}`` in the route.
        query: what stands behind the ``?``.
        headers: the headers.
        body: the body, all of it.
        peer: host and port of who asks.
        _exchange: who waits for the reply; the server's own.

    >>> import urllib.request
    >>> from tasktonic.net import ttAsyncioCatalyst, ttHttpServer
    >>> class Greeter(ttHttpServer):
    ...     def ttse__on_start(self):
    ...         self.route("GET /greet/{who}", self.ttse__greet)
    ...
    ...     def ttse__on_listening(self, host, port):
    ...         self.offload(self.fetch, f"http://{host}:{port}/greet/you?loud=yes", on_result=self.ttse__fetched)
    ...
    ...     @staticmethod
    ...     def fetch(url):
    ...         with urllib.request.urlopen(url) as answer:
    ...             return answer.read().decode()
    ...
    ...     def ttse__greet(self, request):
    ...         words = f"hello {request.parameters['who']}"
    ...         request.reply(words.upper() if request.query.get("loud") else words)
    ...
    ...     def ttse__fetched(self, words):
    ...         print(words)
    ...         self.finish()
    >>> class WebApp(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...
    ...     def creating_main_catalyst(self):
    ...         ttAsyncioCatalyst()
    ...
    ...     def creating_starting_tonics(self):
    ...         Greeter()
    >>> app = WebApp()
    HELLO YOU
    """

    method: str
    path: str
    parameters: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    query: ttHttpFields = field(default_factory=lambda: ttHttpFields(by_case=True))
    headers: ttHttpFields = field(default_factory=ttHttpFields)
    body: bytes = b""
    peer: tuple[str, int] | None = None
    _exchange: Exchange = field(default_factory=lambda: Exchange("a request made by hand", None, 0))

    @classmethod
    def by_hand(
        cls,
        asked: str,
        content: Any = None,
        headers: Mapping[str, str] | None = None,
        **parameters: str,
    ) -> ttHttpRequest:
        """A request that came over no network, to call a sparkle with in a test; ``replied`` then has what came of it.

        Args:
            asked: method and path: ``"GET /things/pump?detailed=yes"``.
            content: the body: text, bytes, or plain data, which goes as JSON.
            headers: the headers.
            **parameters: the values of the ``{names}`` in the route.

        Raises:
            ttFrameError: this cannot be sent.
            ttArgumentError: ``asked`` is no method with a path.

        >>> from tasktonic.net import ttHttpRequest
        >>> request = ttHttpRequest.by_hand("PUT /things/pump", {"litres": 3}, name="pump")
        >>> request.reply(request.json()), request.replied.status, request.replied.text
        (True, 200, '{"litres":3}')
        """
        who = "ttHttpRequest.by_hand"
        method, where = split_asked(who, asked)
        path, _, query = where.partition("?")
        body, kind = body_of(who, content)
        fields = checked_fields(who, headers)
        if kind and not any(name.lower() == "content-type" for name, _ in fields):
            fields = (*fields, ("Content-Type", kind))
        return cls(
            method,
            unquote(path),
            MappingProxyType(parameters),
            ttHttpFields(parse_qsl(query, keep_blank_values=True), by_case=True),
            ttHttpFields(fields),
            body.read_bytes() if isinstance(body, Path) else body,
            None,
            Exchange(f"{method} {path}", None, 0),
        )

    @property
    def replied(self) -> ttHttpResponse | None:
        """What went back for it; ``None`` while nothing has, or when whoever asked had gone."""
        reply = self._exchange.reply
        return None if reply is None else reply.as_response(self.path)

    @property
    def content_type(self) -> str:
        """What the body is said to be, without parameters and in small letters: ``application/json``; empty when nothing is said."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The body as text, in the encoding that is said, else UTF-8."""
        return decoded(self.body, self.headers.get("content-type", ""))

    def json(self) -> Any:
        """The body as a value: yours alone, made anew by each call.

        ``None`` when the body is not said to be JSON. What is said to be and is not was refused before it came here.
        """
        return parse_json(self.body) if self.body and is_json(self.content_type) else None

    @property
    def is_open(self) -> bool:
        """Whether somebody still waits for the reply. False after it, and when whoever asked has gone or was told to wait no more."""
        return self._exchange.is_open

    def reply(
        self,
        content: Any = None,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        content_type: str | None = None,
    ) -> bool:
        """Answer the request. Any thread, once.

        Args:
            content: text, bytes, the ``Path`` of a file, or plain data, which goes as JSON; left out, there is none. A file that
                is not there is answered with 404, and the log says so.
            status: the code; left out, 200, without content 204.
            headers: more headers.
            content_type: what the content is, where its kind does not say it: ``"text/html"``.

        Returns:
            Whether somebody waited for it; false when whoever asked has gone, or the server has answered in your place.

        Raises:
            ttFrameError: this cannot be sent.
            ttRunningError: it has been replied to already.
        """
        made = reply_of(str(self), content, status, headers, content_type)
        return self._exchange.answer(made)

    def reply_events(
        self,
        on_closed: Callable[[ttHttpEvents], object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> ttHttpEvents:
        """Answer with events that go on: what is sent later reaches a page at once. Any thread, once, as ``reply``.

        Args:
            on_closed: the sparkle to call with the ``ttHttpEvents`` when it has ended, whoever ended it.
            headers: more headers.

        Raises:
            ttArgumentError: ``on_closed`` is no sparkle.
            ttFrameError: the headers cannot be sent.
            ttRunningError: it has been replied to already.
        """
        if on_closed is not None:
            check_callbacks(str(self), {"on_closed": on_closed})
        feed = feed_of(str(self), headers, on_closed)
        events = feed.opened()
        if not self._exchange.answer(Reply(200, feed, feed.headers)):
            events.close()
        return events

    def refuse(self, status: int, words: str, headers: Mapping[str, str] | None = None) -> bool:
        """Answer that it cannot be, as the server does for what it refuses itself. Any thread, as ``reply``.

        Args:
            status: the code: 400 for what makes no sense, 404 for what is not there, 409 for what is not possible now, …
            words: why, for who reads it; sent as JSON: ``{"status": 404, "error": "..."}``.
            headers: more headers.
        """
        return self.reply({"status": status, "error": words}, status, headers)

    def _tt_not_run(self, tonic: ttTonic, slot: int, why: str) -> None:
        if self._exchange.is_for(tonic, slot):
            self._exchange.not_run(tonic, slot, why)

    def _tt_raised(self, tonic: ttTonic, slot: int) -> None:
        self._exchange.raised()

    def __del__(self) -> None:
        exchange = getattr(self, "_exchange", None)  # not there when it could not be made
        if exchange is not None:
            exchange.let_go()

    def __copy__(self) -> ttHttpRequest:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> ttHttpRequest:
        return self

    def __repr__(self) -> str:
        return f"<ttHttpRequest {self}>"

    def __str__(self) -> str:
        return f"{self.method} {self.path if self.path.isprintable() else ascii(self.path)}"
