"""Breakpoints on a catalyst that an asyncio loop turns."""

from __future__ import annotations

from tasktonic.breaking import breaker
from tasktonic.net import ttAsyncioCatalyst
from tasktonic.rules import Term
from tests.helpers.breaking_apps import Pump, point, run_with


def test_an_asyncio_catalyst_is_held_before_a_sparkle_and_after_a_state() -> None:
    places = run_with(
        [point(Term("sparkle", "ttsc__stroke"), every=3), point(Term("state", "full", way="entered"), number=2)],
        lambda: Pump(name="pump"),
        lambda hit: hit.words.split(",")[0].split(" (")[0],
        make_main=lambda: ttAsyncioCatalyst(name="main_catalyst"),
    ).seen
    breaker.clear("test")

    assert places == ["after pump.ttsc__stroke: pump: idle → full", "before pump.ttsc__stroke"]
