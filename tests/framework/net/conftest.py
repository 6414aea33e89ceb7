"""Each test runs on the loop of the standard library, and on uvloop where that is installed."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

import pytest

from tasktonic.net import ttAsyncioCatalyst
from tests.helpers.apps import run_app


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
