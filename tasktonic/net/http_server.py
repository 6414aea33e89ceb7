"""HTTP: a server whose requests go to sparkles, of whichever tonic, and wait for the reply."""

from __future__ import annotations

import inspect
import ssl
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..calling import send
from ..endings import ENDED
from ..errors import ttArgumentError
from ..essence import ttEssence
from ..log_levels import ttLog
from ..pool.work import sparkle_of
from ..tonic import ttTonic
from ..values import preview
from .http_exchange import ttHttpRequest
from .http_parts import need_aiohttp
from .http_routes import Route, Routes, names_of, split_asked
from .listening import LOOPBACK, Listening

if TYPE_CHECKING:
    import asyncio

    from .http_engine import Engine

VIA: Final = "http"
"""What the orders of requests are said to come from."""


class ttHttpServer(Listening):
    """Listens for HTTP, and hands each request to the sparkle of its route. When it finishes, open requests are answered with 503.

    Args:
        routes: routes to begin with, as for ``route``: ``{"GET /things/{name}": self.ttse__thing_asked}``.
        host: the address to listen on; by default only this machine can connect.
        port: the port; 0 takes a free one.
        tls: an ``ssl.SSLContext`` with a certificate, for HTTPS.
        most_connections: how many peers there may be at once; more are turned away. ``None``: any number.
        name, context, log_mode: as for ``ttEssence``.
        catalyst: as for ``ttAsyncTonic``.

    Raises:
        ttRunningError: aiohttp is not installed, or its catalyst is not turned by asyncio.

    What no route takes is answered in words, as JSON: 404, 405, 413 (too large), 400 (no HTTP, or no JSON though it says so). A
    request whose sparkle has no handler in the state its tonic is in gets 409, one whose tonic has finished 503, one whose
    sparkle raises or lets go of it 500, and one that nobody replies to in time 504.

    Its methods may be called from any thread; its sparkles run in that of its catalyst. A port that cannot be opened is an error
    of the sparkle ``_ttss__listen``, a ``ttNetworkError``: it goes to ``ttse__on_error``; ``ttsc__listen`` tries again. See
    ``ttHttpRequest`` for an example.
    """

    reply_limit: float = 30.0
    """Seconds within which a request has to be replied to; a route may have its own."""
    body_limit: int = 1_048_576
    """Bytes that the body of a request may have."""
    body_seconds: float = 30.0
    """Seconds that the body of a request may take to come."""
    idle_limit: float = 75.0
    """Seconds that a connection may take to bring the next request."""

    _engine: Engine | None = None

    def __init__(
        self,
        routes: Mapping[str, Callable[[ttHttpRequest], object]] | None = None,
        host: str = LOOPBACK,
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        most_connections: int | None = None,
        name: str | None = None,
        context: ttEssence | int | None = None,
        log_mode: ttLog | int | str | None = None,
        catalyst: Any = None,
    ) -> None:
        need_aiohttp(type(self).__name__)
        from .http_engine import Engine  # not with the first request, which would have to wait for it

        self._make_engine = Engine
        self._routes = Routes()
        super().__init__(host, port, tls, name, context, log_mode, catalyst)
        self.most_connections = most_connections
        """How many peers there may be at once."""
        self.turned_away = 0
        """How many peers were turned away because there were enough."""
        for asked, sparkle in (routes or {}).items():
            self.route(asked, sparkle)

    # -- to call ----------------------------------------------------------------------------------------------------------

    def route(
        self, asked: str, sparkle: Callable[[ttHttpRequest], object], limit: float | None = None
    ) -> Callable[[], None]:
        """Have a sparkle called with each request for a path. The route goes when the tonic of the sparkle does.

        Args:
            asked: method and path: ``"GET /things/{name}"``. ``{name}`` takes one segment, ``{name...}`` at the end all that is
                left; ``request.parameters`` has them. ``GET`` takes ``HEAD`` too.
            sparkle: what is called with the ``ttHttpRequest``; of any tonic, on any catalyst, also in a partial.
            limit: seconds for the reply; left out, ``reply_limit``.

        Returns:
            What undoes it.

        Raises:
            ttArgumentError: this is no route, or there is one for it, or the sparkle is none that takes a request.
        """
        who = f"{self.name}.route"
        method, pattern = split_asked(who, asked)
        tonic, slot = _checked(who, sparkle)
        route = Route(pattern, names_of(pattern), sparkle, tonic, slot, limit)
        if self._routes.add(who, method, route):
            tonic._tt_on_ending(partial(self._routes.remove_all_of, tonic._tt_id))
        return partial(self._routes.remove, method, route)

    def static(self, path: str, folder: Path | str) -> Callable[[], None]:
        """Answer requests below a path with the files of a folder; of a folder in it with its ``index.html``.

        Nothing outside of the folder can be reached, and nothing is listed. What other routes take goes before it.

        Args:
            path: where they are to be found: ``"/"``, ``"/pictures"``.
            folder: the folder.

        Returns:
            What undoes it.

        Raises:
            ttArgumentError: there is no such folder, or there is something else for the path.
        """
        who = f"{self.name}.static"
        if not Path(folder).is_dir():
            raise ttArgumentError(f"{who}: there is no folder {str(folder)!r}, seen from {str(Path.cwd())!r}.")
        pattern = f"{path.rstrip('/')}/{{file...}}"
        route = Route(pattern, names_of(pattern), None, None, 0, None, Path(folder).absolute())
        self._routes.add(who, "GET", route)
        return partial(self._routes.remove, "GET", route)

    @property
    def requests_open(self) -> int:
        """How many requests are being read or wait for their reply. In the catalyst's thread."""
        return 0 if self._engine is None else len(self._engine.open)

    # -- within -----------------------------------------------------------------------------------------------------------

    def _tt_make_protocol(self) -> asyncio.BaseProtocol:
        if self._engine is None:
            self._engine = self._make_engine(self)
        return self._engine.make_protocol()

    def _hand_over(self, route: Route, request: ttHttpRequest) -> None:
        """Call the sparkle of a route. In the thread of the loop, between two sparkles."""
        tonic, call = route.tonic, route.call
        assert tonic is not None
        assert call is not None
        if tonic._tt_stage >= ENDED:
            request._tt_not_run(tonic, route.slot, "dropped")
        elif isinstance(call, partial):
            call(request)
        else:
            send(tonic, route.slot, 1, (request,), via=VIA)

    def _tt_stop(self) -> None:
        super()._tt_stop()
        if self._engine is not None:
            self._engine.end()


def _checked(who: str, sparkle: Any) -> tuple[ttTonic, int]:
    """Whose sparkle this is, and which.

    Raises:
        ttArgumentError: it is none, or takes no request.
    """
    found = sparkle_of(sparkle)
    if found is None:
        raise ttArgumentError(
            f"{who}: {preview(sparkle)} is no sparkle of a tonic. Pass one that takes a request, such as self.ttse__asked; it runs "
            "on the catalyst of its tonic."
        )
    try:
        inspect.signature(sparkle).bind(None)
    except TypeError as error:
        raise ttArgumentError(
            f"{who}: {found[0]._tt_class.sparkles[found[1]].called} does not take a request alone: {error}. A route calls its sparkle "
            "with one argument."
        ) from None
    return found
