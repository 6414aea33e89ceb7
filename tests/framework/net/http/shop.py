"""A shop that replies with what it was asked, and its own client."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

from tasktonic.net import ttHttpClient, ttHttpServer


class Shop(ttHttpServer):
    """A server in the same app, which replies with what it was asked; its client ``http`` is bound to it."""

    use: Callable[[Any], object]

    def ttse__on_start(self) -> None:
        self.heard: list[Any] = []
        self.kept: list[Any] = []
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            self.route(f"{method} /echo", self.ttse__echo)
        self.route("GET /never", self.ttse__never)
        self.route("GET /large", self.ttse__large)
        self.route("GET /packed", self.ttse__packed)
        self.route("GET /moved", self.ttse__moved)
        self.route("GET /round", self.ttse__round)
        self.route("GET /login", self.ttse__login)

    def ttse__on_listening(self, host: str, port: int) -> None:
        self.http = self.bind(ttHttpClient, f"http://{host}:{port}", name="http")
        type(self).use(self)

    def ttse__echo(self, request: Any) -> None:
        fields = {
            "method": request.method,
            "text": request.text,
            "type": request.content_type,
            "query": request.query.pairs(),
        }
        request.reply({**fields, "agent": request.headers["user-agent"], "cookie": request.headers.get("cookie", "")})

    def ttse__never(self, request: Any) -> None:
        self.kept.append(request)
        self.ttse__asked_in_vain()

    def ttse__asked_in_vain(self) -> None: ...

    def ttse__large(self, request: Any) -> None:
        request.reply(b"x" * 100_000)

    def ttse__packed(self, request: Any) -> None:
        request.reply(gzip.compress(b"x" * 1_000_000), headers={"Content-Encoding": "gzip"})

    def ttse__moved(self, request: Any) -> None:
        request.reply(status=302, headers={"Location": "/echo?moved=1"})

    def ttse__round(self, request: Any) -> None:
        request.reply(status=302, headers={"Location": "/round"})

    def ttse__login(self, request: Any) -> None:
        request.reply(headers={"Set-Cookie": "who=me"})

    def ttse__told(self, response: Any) -> None:
        self.heard.append(response)
        self.finish()

    def ttse__failed(self, error: Any) -> None:
        self.heard.append(error)
        self.finish()


def asking(method: str, *args: Any, **kwargs: Any) -> Callable[[Any], object]:
    """Asks one thing, and takes what comes of it."""
    return lambda shop: getattr(shop.http, method)(
        *args, on_result=shop.ttse__told, on_error=shop.ttse__failed, **kwargs
    )
