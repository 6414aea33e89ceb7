"""HTTP: a client whose answers come as sparkles."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypedDict, Unpack

from ..errors import ttArgumentError, ttNetworkError
from ..essence import ttEssence
from ..log_levels import ttLog
from ..pool.work import check_callbacks
from ..values import preview
from .coroutines import ttAsyncTonic
from .http_parts import body_of, checked_fields, need_aiohttp, ttHttpFields, ttHttpResponse
from .wire import reason_of

AGENT: Final = "tasktonic"
MOST_REDIRECTS: Final = 10


@dataclass(frozen=True, slots=True, eq=False)
class _Wish:
    """One request, checked and ready to go. It crosses threads by reference."""

    method: str
    url: str
    query: tuple[tuple[str, str], ...]
    body: bytes | Path
    headers: tuple[tuple[str, str], ...]
    time_limit: float
    size_limit: int
    on_result: Callable[[ttHttpResponse], object] | None
    on_error: Callable[[BaseException], object] | None

    def __deepcopy__(self, memo: dict[int, object]) -> _Wish:
        return self

    def __str__(self) -> str:
        return f"{self.method} {self.url}"


class _Options(TypedDict, total=False):
    """What every kind of request may be given by name; ``request`` says what each is."""

    on_result: Callable[[ttHttpResponse], object] | None
    on_error: Callable[[BaseException], object] | None
    query: Mapping[str, object] | None
    headers: Mapping[str, str] | None
    content_type: str | None
    time_limit: float | None
    size_limit: int | None


class ttHttpClient(ttAsyncTonic):
    """Asks servers over HTTP, any number at once; each answer comes as a sparkle, of whichever tonic.

    Connections are kept for the next request, and cookies as a browser does. What is under way when it finishes is cancelled, and
    calls nothing any more.

    Args:
        base: where paths that begin with ``/`` lead: ``"http://127.0.0.1:8080"``; left out, each URL has to be whole.
        headers: headers of every request.
        tls: for HTTPS: an ``ssl.SSLContext``; left out, what this machine trusts is trusted.
        most_connections: how many there may be at once; further requests wait.
        name, context, log_mode: as for ``ttEssence``.
        catalyst: as for ``ttAsyncTonic``.

    Raises:
        ttRunningError: aiohttp is not installed, or its catalyst is not turned by asyncio.

    Its methods may be called from any thread.

    >>> from tasktonic.net import ttAsyncioCatalyst, ttHttpClient, ttHttpServer
    >>> class Shop(ttHttpServer):
    ...     def ttse__on_start(self):
    ...         self.route("POST /total", self.ttse__total_asked)
    ...
    ...     def ttse__on_listening(self, host, port):
    ...         client = self.bind(ttHttpClient, f"http://{host}:{port}")
    ...         client.post("/total", [3, 4, 5], on_result=self.ttse__told)
    ...
    ...     def ttse__total_asked(self, request):
    ...         request.reply({"total": sum(request.json())})
    ...
    ...     def ttse__told(self, response):
    ...         print(response.status, response.json()["total"])
    ...         self.finish()
    >>> class WebApp(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...
    ...     def creating_main_catalyst(self):
    ...         ttAsyncioCatalyst()
    ...
    ...     def creating_starting_tonics(self):
    ...         Shop()
    >>> app = WebApp()
    200 12
    """

    time_limit: float = 30.0
    """Seconds within which a whole answer has to be there; a request may have its own."""
    size_limit: int = 16_777_216
    """Bytes that the body of an answer may have, unpacked; a request may have its own."""

    _session: Any = None

    def __init__(
        self,
        base: str = "",
        headers: Mapping[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        most_connections: int = 100,
        name: str | None = None,
        context: ttEssence | int | None = None,
        log_mode: ttLog | int | str | None = None,
        catalyst: Any = None,
    ) -> None:
        need_aiohttp(type(self).__name__)
        super().__init__(name, context, log_mode, catalyst)
        self.base = base.rstrip("/")
        """Where paths lead."""
        self._headers = checked_fields(self.name, headers)
        self._tls = tls
        self._most_connections = most_connections

    # -- to call ----------------------------------------------------------------------------------------------------------

    def request(
        self,
        method: str,
        url: str,
        content: Any = None,
        *,
        on_result: Callable[[ttHttpResponse], object] | None = None,
        on_error: Callable[[BaseException], object] | None = None,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        content_type: str | None = None,
        time_limit: float | None = None,
        size_limit: int | None = None,
    ) -> None:
        """Ask for something. Any thread.

        Args:
            method: ``GET``, ``POST``, …
            url: what to ask for; a path when there is a ``base``.
            content: the body: text, bytes, the ``Path`` of a file, or plain data, which goes as JSON; left out, there is none.
            on_result: the sparkle to call with the ``ttHttpResponse``, whatever its status: 404 is an answer too.
            on_error: the sparkle to call with a ``ttNetworkError`` when there is no answer; left out, that goes the way of every
                error, to ``ttse__on_error``.
            query: what goes behind the ``?``.
            headers: more headers.
            content_type: what the content is, where its kind does not say it.
            time_limit: seconds within which the whole answer has to be there; left out, that of the client.
            size_limit: bytes its body may have; left out, that of the client.

        Raises:
            ttArgumentError: the URL is none, or what is to be called is no sparkle.
            ttFrameError: the content or a header cannot be sent.
        """
        who = f"{self.name}: {method} {url}"
        given = {"on_result": on_result, "on_error": on_error}
        check_callbacks(who, {what: callback for what, callback in given.items() if callback is not None})
        body, kind = body_of(who, content)
        fields = checked_fields(who, headers)
        kind = content_type or kind
        if kind and not any(name.lower() == "content-type" for name, _ in fields):
            fields = (*fields, *checked_fields(who, {"Content-Type": kind}))
        self._tts__ask(
            _Wish(
                method,
                self._whole(who, url),
                tuple((name, _in_query(value)) for name, value in (query or {}).items()),
                body,
                fields,
                self.time_limit if time_limit is None else time_limit,
                self.size_limit if size_limit is None else size_limit,
                on_result,
                on_error,
            )
        )

    def get(self, url: str, **options: Unpack[_Options]) -> None:
        """Ask for what is there. Any thread; ``url`` and ``options`` as for ``request``."""
        self.request("GET", url, **options)

    def head(self, url: str, **options: Unpack[_Options]) -> None:
        """Ask for the headers only. Any thread; ``url`` and ``options`` as for ``request``."""
        self.request("HEAD", url, **options)

    def post(self, url: str, content: Any = None, **options: Unpack[_Options]) -> None:
        """Send something to be worked on. Any thread; ``url``, ``content`` and ``options`` as for ``request``."""
        self.request("POST", url, content, **options)

    def put(self, url: str, content: Any = None, **options: Unpack[_Options]) -> None:
        """Send what is to be there from now on. Any thread; ``url``, ``content`` and ``options`` as for ``request``."""
        self.request("PUT", url, content, **options)

    def patch(self, url: str, content: Any = None, **options: Unpack[_Options]) -> None:
        """Send what is to change. Any thread; ``url``, ``content`` and ``options`` as for ``request``."""
        self.request("PATCH", url, content, **options)

    def delete(self, url: str, **options: Unpack[_Options]) -> None:
        """Have something removed. Any thread; ``url`` and ``options`` as for ``request``."""
        self.request("DELETE", url, **options)

    # -- within -----------------------------------------------------------------------------------------------------------

    def _whole(self, who: str, url: Any) -> str:
        import yarl

        if isinstance(url, str):
            whole = f"{self.base}{url}" if url.startswith("/") and self.base else url
            try:
                taken = yarl.URL(whole)
                if taken.scheme in ("http", "https") and taken.host:
                    return whole
            except ValueError:
                pass
        raise ttArgumentError(
            f"{who}: {preview(url)} is no URL; write it whole, 'http://127.0.0.1:8080/things', or give the client a base and write '/things'."
        )

    def _tts__ask(self, wish: _Wish) -> None:
        """Begin with a request."""
        self.run_coroutine(self._fetch(wish), on_result=wish.on_result, on_error=wish.on_error)

    async def _fetch(self, wish: _Wish) -> ttHttpResponse:
        import aiohttp

        try:
            async with asyncio.timeout(wish.time_limit):
                return await self._exchange(wish)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            if isinstance(error, ttNetworkError):
                raise
            raise ttNetworkError(f"{self.name}: {wish}: {self._why_not(error, wish)}") from error

    async def _exchange(self, wish: _Wish) -> ttHttpResponse:
        file = wish.body.open("rb") if isinstance(wish.body, Path) else None
        try:
            async with self._opened().request(
                wish.method,
                wish.url,
                params=wish.query or None,
                data=file or wish.body or None,
                headers=wish.headers,
                max_redirects=MOST_REDIRECTS,
            ) as answer:
                body = await self._read(answer, wish)
                fields = ttHttpFields(answer.headers.items())
                return ttHttpResponse(answer.status, answer.reason or "", str(answer.url), fields, body)
        finally:
            if file is not None:
                file.close()

    def _opened(self) -> Any:
        """The session; with the first request, since it needs the loop."""
        import aiohttp

        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._most_connections, ssl=True if self._tls is None else self._tls)
            headers = {"User-Agent": AGENT, **dict(self._headers)}
            no_limit = aiohttp.ClientTimeout(total=None)
            self._session = aiohttp.ClientSession(connector=connector, headers=headers, timeout=no_limit)
        return self._session

    async def _read(self, answer: Any, wish: _Wish) -> bytes:
        body = bytearray()
        async for chunk in answer.content.iter_any():
            body += chunk
            if len(body) > wish.size_limit:
                raise ttNetworkError(
                    f"{self.name}: {wish}: the answer has more than {wish.size_limit} bytes (size_limit); it is not read on."
                )
        return bytes(body)

    def _why_not(self, error: Exception, wish: _Wish) -> str:
        import aiohttp

        below = getattr(error, "os_error", None) or error
        if isinstance(error, TimeoutError) and error.errno is None:
            return f"no answer came within {wish.time_limit:g} s (time_limit)."
        if isinstance(error, aiohttp.ClientConnectorCertificateError):
            return (
                f"the certificate is not accepted: {getattr(error.certificate_error, 'verify_message', error.certificate_error)}. Does "
                "tls trust who signed it (ssl.create_default_context(cafile=...))?"
            )
        if isinstance(error, aiohttp.ClientSSLError):
            return (
                f"no TLS connection came about: {getattr(below, 'reason', None) or below}. Does the server speak HTTPS?"
            )
        if isinstance(below, socket.gaierror) or isinstance(error, aiohttp.ClientConnectorDNSError):
            return f"no such host: {reason_of(below)}."
        if isinstance(below, ConnectionRefusedError):
            return "nothing listens there: the connection was refused."
        if isinstance(error, aiohttp.ServerDisconnectedError | aiohttp.ClientOSError):
            return "the server closed the connection without an answer."
        if isinstance(error, aiohttp.ClientPayloadError):
            return "the answer broke off."
        if isinstance(error, aiohttp.TooManyRedirects):
            return f"the server led on more than {MOST_REDIRECTS} times."
        if isinstance(error, aiohttp.ClientResponseError):
            return f"what came is no HTTP: {error.message}."
        return f"{reason_of(below)}."

    def _tt_let_go(self) -> None:
        super()._tt_let_go()
        if self._session is not None:
            session, self._session = self._session, None
            self.catalyst.driver.see_out(session.close())  # type: ignore[attr-defined]


def _in_query(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
