"""Between aiohttp and a server tonic: takes requests apart, hands them to sparkles, sends what they reply.

Only this file and the client know aiohttp; it is loaded when the first server is made. Everything runs in the thread of the
loop. Each connection has one request at a time, and the coroutine of that request waits for the reply of the sparkle.
"""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, unquote

from aiohttp import hdrs, web
from aiohttp.web_protocol import RequestHandler

from ..endings import ASKED
from ..failures import report_failure
from .http_events import Feed
from .http_exchange import GOING, Exchange, ttHttpRequest
from .http_files import INDEX, find_file
from .http_parts import Reply, is_json, parse_json, refusal, ttHttpFields
from .http_routes import Match
from .wire import FLUSH_S

if TYPE_CHECKING:
    from .http_server import ttHttpServer

SERVER: Final = "tasktonic"
LINGER_S: Final = 2.0
"""How long the rest of a body that was refused is read and thrown away, so that the peer comes to read why."""


class Engine:
    """The requests of one server. In the thread of the loop; it ends with the server, when the last reply has gone out."""

    catalyst: Any

    def __init__(self, server: ttHttpServer) -> None:
        self.server = server
        self.catalyst = server.catalyst
        self.peers: set[Connection] = set()
        self.open: set[_Asking] = set()
        self.is_ending = False
        self._all_gone: asyncio.Event = asyncio.Event()
        loop: asyncio.AbstractEventLoop = self.catalyst.loop
        self._loop = loop
        self._manager = web.Server(
            self._answer, request_factory=self._make_request, handler_cancellation=True, loop=self._loop
        )

    def make_protocol(self) -> Connection:
        """What stands between the transport of a peer and aiohttp."""
        return Connection(self, self._manager)

    # -- one request ----------------------------------------------------------------------------------------------------

    def _make_request(self, message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
        limit = self.server.body_limit
        return web.BaseRequest(message, payload, protocol, writer, task, self._loop, client_max_size=limit)

    async def _answer(self, raw: web.BaseRequest) -> web.StreamResponse:
        asking = _Asking(self, raw)
        self.open.add(asking)
        try:
            reply = await asking.reply()
            if isinstance(reply.body, Feed):
                asking.feed = reply.body
                return await self._write_events(raw, reply.body)
            if isinstance(reply.body, Path) and not await self._loop.run_in_executor(None, reply.body.is_file):
                self.server.log(f"{_asked(raw)}: there is no file {reply.body}: answered with 404.")
                reply = refusal(404, f"There is nothing at {raw.path} any more.")
        finally:
            self.open.discard(asking)
        return self._response(raw, reply)

    async def _write_events(self, raw: web.BaseRequest, feed: Feed) -> web.StreamResponse:
        response = web.StreamResponse(headers=feed.headers)
        response.headers[hdrs.SERVER] = SERVER
        response.force_close()
        peer: Any = raw.protocol
        try:
            if raw.method != "HEAD" and not self.is_ending:
                await response.prepare(raw)
                await feed.write_all(response.write, peer.abort)
        finally:
            feed.closed()
            if feed.gives_up:
                self.server.log(f"{_asked(raw)}: the peer does not read its events, and was disconnected.")
        return response

    def _response(self, raw: web.BaseRequest, reply: Reply) -> web.StreamResponse:
        response: web.StreamResponse
        if isinstance(reply.body, Path):
            response = web.FileResponse(reply.body, status=reply.status, headers=reply.headers)
            if hdrs.CONTENT_TYPE not in response.headers and (kind := mimetypes.guess_type(reply.body)[0]):
                response.content_type = kind
        else:
            response = web.Response(status=reply.status, body=reply.body, headers=reply.headers)
        response.headers.setdefault(hdrs.SERVER, SERVER)
        if reply.closes or self.is_ending:
            response.force_close()
        return response

    # -- connections ----------------------------------------------------------------------------------------------------

    def came(self, peer: Connection) -> bool:
        """A peer has connected; false when there are enough."""
        most = self.server.most_connections
        if self.server._tt_stage >= ASKED or (most is not None and len(self.peers) >= most):
            self.server.turned_away += self.server._tt_stage < ASKED
            return False
        self.peers.add(peer)
        return True

    def went(self, peer: Connection) -> None:
        """A peer has gone."""
        self.peers.discard(peer)
        if not self.peers:
            self._all_gone.set()

    def report(self, error: BaseException) -> None:
        """Something went wrong here, and not in a sparkle."""
        report_failure(self.server.ledger, (self.server, "http", 0, None, None, "socket"), error)

    # -- the end --------------------------------------------------------------------------------------------------------

    def end(self) -> None:
        """Answer what is open, let the answers out, close what is idle. The rest goes on after the server has ended."""
        self.is_ending = True
        for asking in list(self.open):
            asking.end()
        self.catalyst.driver.see_out(self._see_out())

    async def _see_out(self) -> None:
        self._manager.pre_shutdown()
        try:
            async with asyncio.timeout(FLUSH_S):
                await self._manager.shutdown(FLUSH_S)
                while self.peers:
                    self._all_gone.clear()
                    await self._all_gone.wait()
                # aiohttp has the files that it sent closed by a worker: that must not be cancelled with the workers.
                await self._loop.run_in_executor(None, int)
        except TimeoutError:
            pass
        finally:
            for peer in list(self.peers):
                peer.abort()


class _Asking:
    """One request, from its head to its reply."""

    def __init__(self, engine: Engine, raw: web.BaseRequest) -> None:
        self._engine = engine
        self._raw = raw
        self._server = engine.server
        self._loop = engine._loop
        self._reading: asyncio.Timeout | None = None
        self._exchange: Exchange | None = None
        self.feed: Feed | None = None
        self._limit = 0.0
        self._timer: asyncio.TimerHandle | None = None

    async def reply(self) -> Reply:
        if self._server._tt_stage >= ASKED:
            return refusal(503, GOING, closes=True)
        method, segments = self._raw.method, [unquote(part) for part in self._raw.rel_url.raw_path.split("/")[1:]]
        found = self._server._routes.find(method, segments)
        if isinstance(found, list):
            return self._not_found(found)
        if found[0].folder is not None:
            return await self._file(found[0].folder, found[1][-1])
        if self._raw.can_read_body and (refused := await self._read()) is not None:
            return refused
        asking = self._ask(found)
        del found
        return await asking

    def end(self) -> None:
        """The server ends."""
        if self.feed is not None:
            self.feed.end()
        elif self._exchange is not None:
            self._exchange.settle(refusal(503, GOING, closes=True), "the server ends: answered with 503.")
        elif self._reading is not None:
            self._reading.reschedule(0.0)

    # -- without a sparkle ------------------------------------------------------------------------------------------------

    def _not_found(self, allowed: list[str]) -> Reply:
        raw = self._raw
        if not allowed:
            return refusal(404, f"There is nothing at {raw.path}.")
        headers = {"Allow": ", ".join(sorted({*allowed, "OPTIONS"}))}
        if raw.method == "OPTIONS":
            return Reply(204, b"", tuple(headers.items()))
        return refusal(405, f"{raw.method} is not possible at {raw.path}; there {_are(allowed)}.", headers)

    async def _file(self, folder: Path, rest: str) -> Reply:
        path = self._raw.rel_url.raw_path
        found = await self._loop.run_in_executor(None, find_file, folder, rest)
        if found is None:
            return refusal(404, f"There is nothing at {self._raw.path}.")
        if found.name == INDEX and not path.endswith(("/", INDEX)):
            # Else the links in that page would lead beside the folder.
            return Reply(308, b"", (("Location", f"{path.rsplit('/', 1)[-1]}/"),))
        return Reply(200, found, (("X-Content-Type-Options", "nosniff"),))

    async def _read(self) -> Reply | None:
        """Read the body; a reply when it is refused."""
        raw, server = self._raw, self._server
        too_large = f"The body is too large; at most {server.body_limit} bytes are taken."
        if (raw.content_length or 0) > server.body_limit:
            return refusal(413, too_large, closes=True)
        if raw.headers.get(hdrs.EXPECT, "").lower() == "100-continue":
            await raw.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            raw.writer.output_size = 0  # that was no reply yet
        try:
            async with asyncio.timeout(server.body_seconds) as self._reading:
                body = await raw.read()
        except web.HTTPRequestEntityTooLarge:
            return refusal(413, too_large, closes=True)
        except TimeoutError:
            if self._engine.is_ending:
                return refusal(503, GOING, closes=True)
            return refusal(408, f"The body did not come within {server.body_seconds:g} s.", closes=True)
        except ConnectionError:
            raise
        except Exception as error:  # no chunk, no gzip: whatever aiohttp found wrong with it
            return refusal(400, f"The body cannot be read: {type(error).__name__}.", closes=True)
        finally:
            self._reading = None
        if body and is_json(raw.content_type):
            try:
                parse_json(body)
            except ValueError as error:
                return refusal(400, f"The body is {error}.")
        return None

    # -- with a sparkle ---------------------------------------------------------------------------------------------------

    async def _ask(self, found: Match) -> Reply:
        """Wait for the reply. What waits keeps neither the request nor its tonic: who has the request, and nobody else, can reply."""
        future: asyncio.Future[Reply] = self._loop.create_future()
        exchange = self._exchange = await self._hand_over(found, future)
        tonic, limit = found[0].tonic, found[0].limit
        catalysts = self._engine.catalyst, None if tonic is None else tonic.catalyst
        del found, tonic
        self._limit = self._server.reply_limit if limit is None else limit
        self._timer = self._loop.call_later(self._limit, self._time_is_up, catalysts)
        try:
            return await future
        except asyncio.CancelledError:
            exchange.settle(None)
            if exchange.reply is not None and isinstance(exchange.reply.body, Feed):
                exchange.reply.body.closed()
            raise
        finally:
            self._timer.cancel()

    async def _hand_over(self, found: Match, future: asyncio.Future[Reply]) -> Exchange:
        raw, (route, values) = self._raw, found
        body = await raw.read()
        exchange = Exchange(
            _asked(raw),
            route.tonic,
            route.slot,
            _Settling(self._engine.catalyst, future).settled,
            self._server.log,
            self._loop.call_soon_threadsafe,
        )
        request = ttHttpRequest(
            raw.method,
            raw.path,
            _mapping_of(route.names, values),
            ttHttpFields(parse_qsl(raw.rel_url.raw_query_string, keep_blank_values=True), by_case=True),
            ttHttpFields(raw.headers.items()),
            body,
            _peer_of(raw),
            exchange,
        )
        self._server._hand_over(route, request)
        return exchange

    def _time_is_up(self, catalysts: tuple[Any, ...]) -> None:
        exchange = self._exchange
        assert exchange is not None
        if any(catalyst is not None and catalyst.is_held for catalyst in catalysts):  # by the brake: time stands
            self._timer = self._loop.call_later(self._limit, self._time_is_up, catalysts)
            return
        exchange.settle(
            refusal(504, f"There was no reply within {self._limit:g} s."),
            f"no reply from {exchange.route_name} within {self._limit:g} s: answered with 504. Call request.reply(...) in time, or "
            "give the route another limit.",
        )


class _Settling:
    """Brings the reply to the coroutine that waits for it, from whatever thread."""

    __slots__ = ("_catalyst", "_future")

    def __init__(self, catalyst: Any, future: asyncio.Future[Reply]) -> None:
        self._catalyst = catalyst
        self._future = future

    def settled(self, reply: Reply | None) -> None:
        if reply is None:
            return
        if self._catalyst.is_own_thread():
            self._set(reply)
            return
        try:
            self._catalyst.loop.call_soon_threadsafe(self._set, reply)
        except RuntimeError:
            return  # the loop has been closed, and who asked heard of that

    def _set(self, reply: Reply) -> None:
        if not self._future.done():
            self._future.set_result(reply)


class Connection(RequestHandler):
    """A connection, as aiohttp has it; what is no HTTP is answered in our words, and leaves no traces in its log."""

    __slots__ = ("_engine", "_line")

    def __init__(self, engine: Engine, manager: web.Server) -> None:
        server = engine.server
        super().__init__(
            manager, loop=engine._loop, access_log=None, keepalive_timeout=server.idle_limit, lingering_time=LINGER_S  # type: ignore[arg-type]
        )  # fmt: skip
        self._engine = engine
        self._line: Any = None
        """The transport, also when aiohttp has let go of it; ``None`` for a peer that was turned away."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self._engine.came(self):
            self._line = transport
            super().connection_made(transport)
        else:
            transport.abort()  # type: ignore[attr-defined]

    def connection_lost(self, exc: BaseException | None) -> None:
        if self._line is not None:
            super().connection_lost(exc)
            self._engine.went(self)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if status >= 500 and exc is not None:
            self._engine.report(exc)
        if request.writer.output_size > 0:
            raise ConnectionError("a part of the reply has been sent")
        words = "Something went wrong here; the log of the server says what."
        if status < 500:
            words = "This is no HTTP request that could be understood."
        return self._engine._response(request, refusal(status, words, closes=True))

    def log_exception(self, *args: Any, **kw: Any) -> None:
        error = kw.get("exc_info")
        self._engine.report(error if isinstance(error, BaseException) else RuntimeError(*args))

    def abort(self) -> None:
        """Close at once, whatever is still to be sent."""
        self._line.abort()


def _mapping_of(names: tuple[str, ...], values: tuple[str, ...]) -> Mapping[str, str]:
    """The values of the names of a route, as a mapping that nobody can change."""
    return MappingProxyType(dict(zip(names, values, strict=True)))


def _asked(raw: web.BaseRequest) -> str:
    """What was asked for, as it came: what is decoded could make two lines of one in the log."""
    return f"{raw.method} {raw.rel_url.raw_path}"


def _are(methods: list[str]) -> str:
    return f"is {methods[0]}" if len(methods) == 1 else f"are {', '.join(methods)}"


def _peer_of(raw: web.BaseRequest) -> tuple[str, int] | None:
    found = None if raw.transport is None else raw.transport.get_extra_info("peername")
    return (found[0], found[1]) if isinstance(found, tuple) else None
