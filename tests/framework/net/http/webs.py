"""HTTP servers to ask."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("aiohttp")
from tasktonic import ttCatalyst, ttTonic
from tests.framework.net.http.web import Web


class Asked(Web):
    """One path, ``/``, for one test: what is replied is said by ``handle``."""

    handle: Callable[[Any, Any], object]

    def ttse__on_start(self) -> None:
        self.kept: list[Any] = []
        for method in ("GET", "POST"):
            self.route(f"{method} /", self.ttse__asked)

    def ttse__asked(self, request: Any) -> None:
        type(self).handle(self, request)


def handling(handle: Callable[[Any, Any], object], **attributes: Any) -> type[Asked]:
    """A server that does this with a request: ``handle(server, request)``."""
    return type("Handling", (Asked,), {"handle": handle, **attributes})


def check(found: Any, expected: Any) -> None:
    assert found == expected


class Clerk(ttTonic):
    """Takes requests on another catalyst."""

    def ttse__asked(self, request: Any) -> None:
        request.reply(f"{threading.current_thread().name} {request.path}")


class Bureau(Web):
    def ttse__on_start(self) -> None:
        self.clerk = self.bind(Clerk, name="clerk", catalyst=ttCatalyst(name="side"))
        self.route("GET /", self.clerk.ttse__asked)
