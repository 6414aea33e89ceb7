"""Runs that no app has made, as a broken or hostile file tells them: compared without an error, and in words."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tasktonic import events as ev
from tasktonic_studio.session.comparing.comparison import Mark
from tasktonic_studio.session.comparing.facts import facts_of, telling
from tasktonic_studio.session.comparing.filter import ComparisonFilter
from tasktonic_studio.session.comparing.words import explain, reservations, verdict
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panels.compare.export import csv_of, text_of
from tasktonic_studio.ui.widgets import figures
from tests.helpers.causal_runs import compared

IDS = st.integers(-1, 4)
NUMBERS = st.one_of(st.integers(-1, 12), st.integers(2**62, 2**63 - 1))
TIMES = st.integers(0, 5_000)
NAMES = st.sampled_from(["", "02.Pump", "Pump", "pump", "ttsc__go", "_ttss__finish"])
FLAGS = st.integers(0, 15)


def _events() -> st.SearchStrategy[Any]:
    build: Any = st.builds
    return st.one_of(
        build(ev.AppBegan, t_ns=TIMES, app=st.integers(1, 2), name=NAMES, wall_ns=TIMES, pid=IDS),
        build(ev.AppEnded, t_ns=TIMES, app=st.integers(1, 2), problem=NAMES),
        build(ev.ClassDefined, cls=IDS, name=NAMES, module=NAMES, file=NAMES, line=IDS, service=NAMES, bases=NAMES),
        build(ev.SparkleDefined, sparkle=IDS, cls=IDS, name=NAMES),
        build(ev.StateDefined, cls=IDS, index=IDS, name=NAMES),
        build(ev.Born, t_ns=TIMES, essence=IDS, name=NAMES, cls=IDS, context=IDS, catalyst=IDS, service=NAMES, log_mode=IDS,
              state=IDS, run=NUMBERS),
        build(ev.Ordered, t_ns=TIMES, order=NUMBERS, catalyst=IDS, essence=IDS, sparkle=IDS, source=IDS, run=NUMBERS,
              cause=st.sampled_from(["", "timer", "thread 1", "outside"]), arguments=NAMES),
        build(ev.Ran, begin_ns=TIMES, end_ns=TIMES, run=NUMBERS, order=NUMBERS, catalyst=IDS, essence=IDS, sparkle=IDS,
              before=IDS, after=IDS, flags=FLAGS),
        build(ev.Raised, t_ns=TIMES, essence=IDS, sparkle=NAMES, type=NAMES, text=NAMES, traceback=NAMES, taken_by=IDS,
              run=NUMBERS),
        build(ev.Gap, t_ns=TIMES, until_ns=TIMES, orders=st.integers(0, 5), runs=st.integers(0, 5)),
    )  # fmt: skip


streams = st.lists(_events(), max_size=40)


def seen(events: list[Any]) -> Session:
    session = Session()
    session.apply_events(0, events)
    return session


@settings(max_examples=150)
@given(streams, streams)
def test_whatever_was_recorded_is_compared_and_told(one: list[Any], other: list[Any]) -> None:
    comparison = compared(seen(one), seen(other))

    assert verdict(comparison)
    assert all(reservations(comparison))
    rows = range(len(comparison))
    for row in rows:
        assert explain(comparison, row)
        assert facts_of(comparison, row, figures.moment, figures.duration)
        assert telling(comparison, row, is_here=True) + telling(comparison, row, is_here=False)
    assert len(list(csv_of(comparison, rows))) == len(comparison) + 1
    assert list(text_of(comparison, rows))
    assert len(ComparisonFilter("pump -is:same").mask(comparison)) == len(comparison)
    assert sum(comparison.count(mark) for mark in Mark) == len(comparison)


@settings(max_examples=100)
@given(streams)
def test_whatever_was_recorded_is_the_same_as_itself(events: list[Any]) -> None:
    comparison = compared(seen(events), seen(events))

    assert comparison.first == -1
    assert comparison.count(Mark.SAME) == len(comparison)
    assert comparison.here.tolist() == comparison.there.tolist()
