"""Servers for tests of HTTP: one runs while a foreign thread talks to it with the standard library's own client, or with bytes."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from tasktonic.events import LogLine
from tasktonic.net import ttHttpServer
from tests.framework.net.beside import Beside, run_beside
from tests.helpers.apps import WAIT_S, Rows


class Web(Beside, ttHttpServer):
    """A server for one test: ``work(server)`` is done by a foreign thread once it listens, then the app ends."""

    def ttse__on_listening(self, host: str, port: int) -> None:
        self.begin_work()


def run_web(run_net_app: Any, cls: type[Web], work: Callable[[Any], object], **kwargs: Any) -> Any:
    """Run a server of this class, and ``work(server)`` beside it in a foreign thread; gives the server, which has ended."""
    return run_beside(run_net_app, cls, work, name="web", **kwargs)


class Answer(NamedTuple):
    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> Any:
        """What the server says is wrong; its body is in the form of all refusals."""
        assert self.headers["Content-Type"] == "application/json"
        assert self.json["status"] == self.status
        return self.json["error"]


@contextmanager
def browser(server: Any, **kwargs: Any) -> Iterator[http.client.HTTPConnection]:
    """A connection that is kept for one request after the other."""
    connection = http.client.HTTPConnection(server.host, server.port, timeout=WAIT_S, **kwargs)
    try:
        yield connection
    finally:
        connection.close()


def asked(connection: http.client.HTTPConnection, asked: str, body: Any = None, **headers: str) -> Answer:
    """What comes back for ``"GET /path"``; a body that is no bytes goes as JSON. ``content_type`` is ``Content-Type``."""
    method, path = asked.split()
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        fields.setdefault("content-type", "application/json")
    connection.request(method, path, body, fields)
    came = connection.getresponse()
    return Answer(came.status, came.read(), dict(came.getheaders()))


def ask(server: Any, what: str, body: Any = None, **headers: str) -> Answer:
    """The same over a connection of its own."""
    with browser(server) as connection:
        return asked(connection, what, body, **headers)


def said(rows: Rows) -> list[str]:
    """What was said in the log."""
    return [row.text for row in rows.of(LogLine)]
