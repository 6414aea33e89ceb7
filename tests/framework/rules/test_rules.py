"""Breakpoints as data: what is refused, what fits, and how it reads."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktonic.rules import (
    Breakpoint,
    Failing,
    Moment,
    Stored,
    Switched,
    Term,
    fits,
    sentence_of,
    ttBreakpointError,
    words_of,
)


@dataclass(frozen=True)
class Who:
    id: int
    name: str
    path: str
    kinds: tuple[str, ...]


PUMP = Who(3, "pump", "house/pump", ("Pump", "Device", "ttTonic"))
DOOR = Who(4, "door", "house/door", ("Door", "ttTonic"))


@pytest.mark.parametrize(
    "point, says",
    [
        (Breakpoint(1, ()), "Breakpoint 1 says nothing: it needs at least one term, such as a sparkle."),
        (
            Breakpoint(1, (Term("sparkel"),)),
            "Breakpoint 1: there is no kind 'sparkel'; there are sparkle, state, path, ",
        ),
        (Breakpoint(2, (Term("sparkle"),), every=0), "Breakpoint 2 is to be hit every 0 times; 1 and more can be."),
        (
            Breakpoint(1, (Term("state", way="touched"),)),
            "Breakpoint 1: a term about a state cannot say 'touched'; it can say 'entered' or 'left'.",
        ),
        (
            Breakpoint(1, (Term("exception", way="left"),)),
            "Breakpoint 1: a term about an exception cannot say 'left'; it can say '' or 'taken' or 'not taken'.",
        ),
        (
            Breakpoint(1, (Term("duration"),)),
            "Breakpoint 1: say how long a run must take, in milliseconds, above 0.",
        ),
        (Breakpoint(1, (Term("condition", " "),)), "Breakpoint 1: write a condition, such as 'self.level > 80'."),
        (
            Breakpoint(1, (Term("condition", "self.level ="),)),
            "Breakpoint 1: the condition 'self.level =' is no Python expression (invalid syntax). Write one over self",
        ),
        (
            Breakpoint(1, (Term("path"),)),
            "Breakpoint 1: name a path in the store, such as 'limits/*'; '**' is all of it.",
        ),
        (Breakpoint(1, (Term("path", "a//b"),)), "Breakpoint 1: Store path 'a//b' has an empty segment"),
        (Breakpoint(1, (Term("path", "users[]"),)), "Breakpoint 1: Store path 'users[]' cannot be subscribed to"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(point: Breakpoint, says: str) -> None:
    with pytest.raises(ttBreakpointError) as caught:
        point.check()

    assert str(caught.value).startswith(says)


@pytest.mark.parametrize(
    "term, words",
    [
        (Term("sparkle", "ttsc__open", cls="Door"), "Door.ttsc__open"),
        (Term("sparkle", "ttsc__open", tonic="house/door"), "house/door.ttsc__open"),
        (Term("sparkle", negated=True), "not (*.*)"),
        (Term("sender", "timer"), "from timer"),
        (Term("sender", "ttse__on_start", cls="Boss"), "from Boss.ttse__on_start"),
        (Term("state", "full", cls="Pump", way="entered"), "Pump enters full"),
        (Term("state", "full", way="left"), "anything leaves full"),
        (Term("path", "limits/*"), "store path limits/*"),
        (Term("exception", "OSError", cls="Pump", way="not taken"), "OSError in Pump that is not taken"),
        (Term("exception"), "an exception"),
        (Term("condition", "self.level > 80", cls="Pump"), "self.level > 80 of Pump"),
        (Term("duration", cls="Pump", longer_than_ns=12_500_000), "Pump runs longer than 12.5 ms"),
    ],
)
def test_a_term_reads_as_people_say_it(term: Term, words: str) -> None:
    assert words_of(term) == words


def test_terms_of_a_rule_are_joined_by_and() -> None:
    point = Breakpoint(1, (Term("sparkle", "ttsc__open"), Term("sender", "timer", negated=True)))

    assert sentence_of(point) == "*.ttsc__open and not (from timer)"


@pytest.mark.parametrize(
    "point, when",
    [
        (Breakpoint(1, (Term("sparkle"),)), "before"),
        (Breakpoint(1, (Term("sparkle"), Term("condition", "self.on"))), "before"),
        (Breakpoint(1, (Term("condition", "self.on"),)), "after a run"),
        (Breakpoint(1, (Term("duration", longer_than_ns=1),)), "after a run"),
        (Breakpoint(1, (Term("sparkle"), Term("exception", negated=True))), "after a run"),
        (Breakpoint(1, (Term("state", way="entered"),)), "after news"),
        (Breakpoint(1, (Term("state", way="entered"), Term("sender", "timer"))), "after a run"),
    ],
)
def test_when_a_breakpoint_is_looked_at_follows_from_its_terms(point: Breakpoint, when: str) -> None:
    assert point.is_looked_at() == when


names = st.sampled_from(["ttsc__open", "ttsc__close", "ttse__on_tick", "_ttss__finish"])
patterns = st.sampled_from(["", "*", "ttsc__*", "ttse__on_tick", "tts?__open", "_ttss__*", "ttsc__clo*"])
people = st.sampled_from([PUMP, DOOR])
classes = st.sampled_from(["", "Pump", "Device", "D*", "Nobody"])
tonics = st.sampled_from(["", "pump", "house/*", "#3", "#9", "d??r"])
states = st.sampled_from(["--", "idle", "full"])
paths = st.sampled_from(["limits/low", "limits/high/now", "other"])
moments = st.builds(
    Moment,
    before=st.booleans(),
    who=people,
    sparkle=names,
    source=st.none() | people,
    via=st.sampled_from(["", "timer", "thread reader", "ttse__on_tick"]),
    took_ns=st.integers(0, 20),
    switched=st.lists(st.builds(Switched, people, states, states), max_size=2),
    stored=st.lists(st.builds(Stored, people, paths), max_size=2),
    failing=st.lists(
        st.builds(Failing, st.none() | people, st.just(("KeyError", "LookupError")), st.booleans()), max_size=2
    ),
)
terms = st.one_of(
    st.builds(Term, st.just("sparkle"), patterns, classes, tonics, negated=st.booleans()),
    st.builds(Term, st.just("sender"), st.sampled_from(["", "timer", "thread *"]), classes, tonics, negated=st.booleans()),
    st.builds(Term, st.just("state"), st.sampled_from(["full", "", "i*"]), classes, tonics, st.sampled_from(["entered", "left"]), negated=st.booleans()),
    st.builds(Term, st.just("path"), st.sampled_from(["limits", "limits/*", "**", "*/high"]), classes, tonics, negated=st.booleans()),
    st.builds(Term, st.just("exception"), st.sampled_from(["", "Lookup*", "OSError"]), classes, tonics, st.sampled_from(["", "taken", "not taken"]), negated=st.booleans()),
    st.builds(Term, st.just("duration"), st.just(""), classes, tonics, longer_than_ns=st.integers(1, 20), negated=st.booleans()),
)  # fmt: skip


def plain_name(pattern: str, name: str) -> bool:
    return fnmatchcase(name, pattern or "*")


def plain_who(term: Term, who: Who | None) -> bool:
    if who is None:
        return term.cls == term.tonic == ""
    of_class = any(plain_name(term.cls, kind) for kind in who.kinds)
    return of_class and (term.tonic == "" or any(plain_name(term.tonic, n) for n in (who.name, who.path, f"#{who.id}")))


def plain_path(pattern: str, path: str) -> bool:
    """Written anew from the manual: the pattern, or the pattern and anything below."""
    import re

    wanted = "/".join(
        ".*" if part == "**" else "[^/]*" if part == "*" else re.escape(part) for part in pattern.split("/")
    )
    return re.fullmatch(f"{wanted}(/.*)?", path) is not None


def plain_model(term: Term, m: Moment) -> bool:
    """The same question, answered from the words of the table in the docstring of ``Term``."""
    found = {
        "sparkle": lambda: (
            plain_name(term.what, m.sparkle)
            and plain_who(term, m.who)  # type: ignore[arg-type]
            and (m.sparkle[0] != "_" or term.what[:1] == "_")
        ),
        "sender": lambda: m.via != "" and plain_name(term.what, m.via) and plain_who(term, m.source),  # type: ignore[arg-type]
        "state": lambda: any(
            plain_name(term.what, s.new if term.way == "entered" else s.old)
            and s.old != s.new
            and plain_who(term, s.who)  # type: ignore[arg-type]
            for s in m.switched
        ),
        "path": lambda: any(plain_path(term.what, s.path) and plain_who(term, s.store) for s in m.stored),  # type: ignore[arg-type]
        "exception": lambda: any(
            any(plain_name(term.what, kind) for kind in f.kinds)
            and plain_who(term, f.who)  # type: ignore[arg-type]
            and term.way in ("", "taken" if f.taken else "not taken")
            for f in m.failing
        ),
        "duration": lambda: m.took_ns > term.longer_than_ns and plain_who(term, m.who),  # type: ignore[arg-type]
    }[term.kind]()
    return found is not term.negated


@given(moments, st.lists(terms, min_size=1, max_size=3))
def test_a_moment_fits_as_a_plain_model_says(moment: Moment, rule: list[Term]) -> None:
    assert fits(Breakpoint(1, tuple(rule)), moment) == all(plain_model(term, moment) for term in rule)
