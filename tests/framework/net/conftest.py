"""Each test runs on the loop of the standard library, and on uvloop where that is installed."""

from __future__ import annotations

import importlib.util
import ssl
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tasktonic.net import ttAsyncioCatalyst
from tests.framework.net.peers import run_server
from tests.helpers.apps import run_app

DATA = Path(__file__).resolve().parents[2] / "data" / "net"


def has_uvloop() -> bool:
    try:
        return importlib.util.find_spec("uvloop") is not None
    except ModuleNotFoundError:  # it is kept out of reach
        return False


LOOPS = [
    "asyncio",
    pytest.param("uvloop", marks=pytest.mark.skipif(not has_uvloop(), reason="uvloop is not installed")),
]


@pytest.fixture(params=LOOPS)
def loop_name(request: pytest.FixtureRequest) -> str:
    """Which loop the test runs on."""
    return str(request.param)


@pytest.fixture
def run_net_app(loop_name: str) -> Callable[..., Any]:
    """Runs an app with an asyncio main catalyst: ``run_net_app(Tonic, setting=...)``."""

    def run(start: Callable[[], object], settings: Any = None) -> Any:
        return run_app(
            start, make_main=lambda: ttAsyncioCatalyst(name="main_catalyst", loop=loop_name), settings=settings
        )

    return run


@pytest.fixture
def serve(run_net_app: Callable[..., Any]) -> Callable[..., Any]:
    """Runs a server of a connection class and something beside it: ``serve(Echo, work, port=...)``."""
    return partial(run_server, run_net_app)


@pytest.fixture
def server_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(DATA / "cert.pem", DATA / "key.pem")
    return context


@pytest.fixture
def client_tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(DATA / "cert.pem"))
