"""What breakpoints cost a sparkle: none set, one about another class, one about it that is never hit, one about what never comes.

The same chain of sparkles runs with each, nobody reading. The one about it is asked before each of its orders and fits each time, but
only the ten-millionth is a hit; so this is the cost of asking, and the number of them that fit is checked.
"""

from __future__ import annotations

from catalyst_throughput import chain
from side_by_side import Case, Comparison, Row, at_most, scaled

from tasktonic.breaking import breaker
from tasktonic.rules import Breakpoint, Term

NEVER = 10_000_000


def guarded_chain(count: int, *terms: Term) -> float:
    breaker.put("benchmark", [Breakpoint(1, terms, every=NEVER)])
    try:
        return chain(count)
    finally:
        breaker.clear("benchmark")


def unrelated(count: int) -> float:
    return guarded_chain(count, Term("sparkle", "ttsc__go", cls="SomethingElse"))


def sibling(count: int) -> float:
    return guarded_chain(count, Term("sparkle", "ttse__on_start", cls="Chain"))


def related(count: int) -> float:
    return guarded_chain(count, Term("sparkle", "ttsc__go", cls="Chain"))


def awaited(count: int) -> float:
    return guarded_chain(count, Term("state", "somewhere", way="entered"))


def breakpoints(scale: float) -> dict[str, Case]:
    runs = {"none": chain, "unrelated": unrelated, "sibling": sibling, "related": related, "awaited": awaited}
    return {name: Case(run, scaled(200_000, scale)) for name, run in runs.items()}


_NONE = "the chain with none set"

COMPARISONS = (
    Comparison(
        "breakpoints",
        breakpoints,
        (
            Row("a sparkle with a breakpoint on a state that never comes", "awaited", "none", at_most(1.05), _NONE),
            Row("a sparkle with a breakpoint on another class", "unrelated", "none", at_most(2), _NONE),
            Row("a sparkle with a breakpoint on another sparkle of its class", "sibling", "none", at_most(2), _NONE),
            Row("a sparkle with a breakpoint on it, not hit", "related", "none", at_most(30), _NONE),
        ),
    ),
)
