"""Servers of HTTP, on each loop."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.framework.net.http.shop import Shop
from tests.framework.net.http.web import run_web


@pytest.fixture
def serve(run_net_app: Any) -> Callable[..., Any]:
    """Runs a server of this class, and ``work(server)`` beside it in a foreign thread."""
    return partial(run_web, run_net_app)


@pytest.fixture
def shop(run_net_app: Any) -> Callable[..., list[Any]]:
    """Runs a shop, has it ``use`` its client, and gives what it heard."""

    def run(use: Callable[[Any], object], base: type[Shop] = Shop, **kwargs: Any) -> list[Any]:
        made: list[Any] = []

        class Used(base):  # type: ignore[misc, valid-type]
            pass

        Used.use = staticmethod(use)
        app = run_net_app(lambda: made.append(Used(name="shop", **kwargs)))
        assert app.ledger.essences == []
        return list(made[0].heard)

    return run
