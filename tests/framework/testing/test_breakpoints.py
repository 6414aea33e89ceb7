"""Breakpoints on catalysts that are turned by hand."""

from __future__ import annotations

from typing import Any

from tasktonic.breaking import breaker
from tasktonic.rules import Term
from tests.helpers.breaking_apps import Hand, Pump, point


def run_by_hand(build: Any) -> tuple[Hand, list[str]]:
    distiller = build(lambda: Pump(name="pump"))
    with Hand() as hand:
        trace = distiller.sparkle()
    breaker.clear("test")
    return hand, [step["sparkle"] for step in trace["sparkle_trace"]]


def test_a_distiller_waits_while_a_breakpoint_holds_what_it_turns(build: Any) -> None:
    breaker.put("test", [point(Term("sparkle", "ttsc__stroke"))])

    hand, sparkles = run_by_hand(build)

    assert [hit.sparkle for hit in hand.hits] == ["ttsc__stroke"] * 3
    assert sparkles.count("ttsc__stroke") == 3


def test_news_holds_what_a_distiller_turns(build: Any) -> None:
    breaker.put("test", [point(Term("state", "full", way="entered"))])

    hand, sparkles = run_by_hand(build)

    assert [hit.words.split(" (")[0] for hit in hand.hits] == ["after pump.ttsc__stroke: pump: idle → full"]
    assert sparkles.count("ttsc__stroke") == 3
