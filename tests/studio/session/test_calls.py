"""Calls with what came of them."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasktonic import events as ev
from tasktonic_studio.session.calls import (
    NOT_SEEN,
    OUTSIDE,
    RAN,
    WAITING,
    Calls,
    Hooks,
    calls_between,
    calls_by_now,
    calls_of,
    calls_with,
    last_calls,
)
from tasktonic_studio.session.knowledge import Budget, Knowledge
from tasktonic_studio.session.session import Session
from tests.helpers.builders import MS
from tests.studio.session.test_call_chain import Talk


def all_calls(known: Knowledge) -> Calls:
    hooks = Hooks()
    hooks.take(known)
    return calls_of(known, last_calls(known, 1_000), hooks)


def test_a_call_has_who_made_it_and_who_got_it() -> None:
    talk = Talk()
    first = talk.call(0)
    talk.call(1, by=first, source=talk.tonics[0])

    calls = all_calls(talk.tell().live)

    assert calls.sender.tolist() == [OUTSIDE - talk.session.live.orders.texts.number("outside"), talk.tonics[0]]
    assert calls.receiver.tolist() == talk.tonics[:2]
    assert calls.parent.tolist() == [-1, 0]


def test_a_timer_calls_from_outside_though_it_is_an_essence() -> None:
    talk = Talk()
    timer = talk.timer(talk.tonics[0], 5 * MS)
    talk.order(talk.tonics[0], "ttse__on_timer", source=timer, cause="timer")

    calls = all_calls(talk.tell().live)

    assert talk.session.live.orders.texts.text(OUTSIDE - int(calls.sender[0])) == "timer"


def test_a_call_that_ran_has_the_times_and_states_of_its_run() -> None:
    talk = Talk()
    talk.cls("Door", ("closed", "open"))
    door = talk.born("Door", "door", catalyst=0, state="closed")
    order = talk.order(door, "ttsc__open")
    sent = talk.t_ns
    talk.wait(3 * MS)
    talk.run(door, "ttsc__open", order, took_ns=MS, to="open", flags=ev.ERROR)

    calls = all_calls(talk.tell().live)

    assert calls.sent_ns.tolist() == [sent]
    assert (calls.begin_ns - calls.sent_ns).tolist() == [3 * MS]
    assert (calls.end_ns - calls.begin_ns).tolist() == [MS]
    assert (calls.before.tolist(), calls.after.tolist()) == ([0], [1])
    assert calls.flags.tolist() == [ev.ERROR]
    assert calls.fate.tolist() == [RAN]


def test_a_call_in_a_queue_waits() -> None:
    talk = Talk()
    talk.order(talk.tonics[0], "ttsc__say")

    calls = all_calls(talk.tell().live)

    assert calls.fate.tolist() == [WAITING]
    assert calls.begin_ns.tolist() == [-1]


def test_a_dropped_call_is_not_seen_to_run() -> None:
    talk = Talk()
    order = talk.order(talk.tonics[0], "ttsc__say")
    talk.add(ev.Dropped(talk.t_ns, talk.tonics[0], 0, order, ev.Name("finishing")))

    assert all_calls(talk.tell().live).fate.tolist() == [NOT_SEEN]


def test_a_call_of_the_past_has_not_run_yet() -> None:
    talk = Talk()
    order = talk.order(talk.tonics[0], "ttsc__say")
    talk.tell()
    moment = talk.session.live.n
    talk.run(talk.tonics[0], "ttsc__say", order)
    talk.tell()

    assert all_calls(talk.session.at(moment)).fate.tolist() == [WAITING]
    assert all_calls(talk.session.live).fate.tolist() == [RAN]


def test_what_was_called_in_a_hook_has_its_order_for_a_parent() -> None:
    talk = Talk()
    first = talk.call(0)
    hook = talk.hook(first)
    talk.call(1, by=hook, source=talk.tonics[0])

    assert all_calls(talk.tell().live).parent.tolist() == [-1, 0]


def test_hooks_in_which_no_call_in_memory_was_made_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasktonic_studio.session.calls.FORGET_AT", 100)
    monkeypatch.setattr("tasktonic_studio.session.columns.CHUNK_ROWS", 64)
    monkeypatch.setattr("tasktonic_studio.session.columns.STRETCH_ROWS", 16)
    talk = Talk()
    talk.session = Session(Budget(runs=640, orders=64))
    hooks = Hooks()
    parents: list[list[int]] = []

    for _ in range(250):
        first = talk.call(0)
        talk.call(1, by=talk.hook(first), source=talk.tonics[0])
        known = talk.tell().live
        hooks.take(known)
        rows = np.array([len(known.orders) - 2, len(known.orders) - 1])
        parents.append(calls_of(known, rows, hooks).parent.tolist())

    assert parents == [[-1, 0]] * 250
    assert len(hooks) == 250
    assert len(hooks._numbers) == len(hooks._in_order) < 150
    here = last_calls(talk.session.live, 1_000)
    assert calls_of(talk.session.live, here, hooks).parent.tolist()[-4:] == [-1, len(here) - 4, -1, len(here) - 2]


def test_calls_of_a_stretch_of_time_are_those_made_in_it() -> None:
    talk = Talk()
    times = []
    for _ in range(5):
        times.append(talk.t_ns)
        talk.call(0)
        talk.wait(MS)

    rows = calls_between(talk.tell().live, times[1], times[3])

    assert rows.tolist() == [1, 2, 3]


def test_calls_with_a_tonic_are_those_it_made_and_those_it_got() -> None:
    talk = Talk()
    first = talk.call(0)
    talk.call(1, by=first, source=talk.tonics[0])
    talk.call(2)

    known = talk.tell().live

    assert calls_with(known, frozenset({talk.tonics[0]}), 0, 3).tolist() == [0, 1]
    assert calls_with(known, frozenset({talk.tonics[2]}), 0, 3).tolist() == [2]


def test_the_last_calls_are_of_the_app_that_is_shown() -> None:
    talk = Talk()
    talk.call(0)
    talk.add(ev.AppBegan(talk.t_ns, 2, ev.Name("Again"), 1, 1))
    talk.call(1)

    assert last_calls(talk.tell().live, 10).tolist() == [1]
    assert last_calls(talk.session.live, 0).tolist() == []


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from(["order", "run", "hook", "drop"]), st.integers(0, 40)), max_size=40),
    st.integers(0, 130),
)
def test_the_calls_of_a_moment_are_cut_from_those_of_now(steps: list[tuple[str, int]], moment: int) -> None:
    talk = Talk()
    open_orders: list[int] = []
    ran = [0]
    for what, which in steps:
        if what == "order":
            tonic = talk.tonics[which % 3]
            open_orders.append(talk.order(tonic, "ttsc__say", tonic, ran[which % len(ran)]))
        elif what == "hook" and len(ran) > 1:
            ran.append(talk.hook(ran[1 + which % (len(ran) - 1)]))
        elif what in ("run", "drop") and open_orders:
            order = open_orders.pop(which % len(open_orders))
            if what == "run":
                ran.append(talk.run(talk.tonics[which % 3], "ttsc__say", order))
            else:
                talk.add(ev.Dropped(talk.t_ns, talk.tonics[0], 0, order, ev.Name("finishing")))
    live = talk.tell().live
    known = talk.session.at(min(moment, live.n))
    hooks = Hooks()
    hooks.take(live)
    rows = last_calls(live, 100)

    by_now = calls_by_now(live, rows, hooks)

    assert by_now.covers(known)
    cut, searched = by_now.at(known), calls_of(known, rows, hooks)
    for column in fields(Calls):
        assert getattr(cut, column.name).tolist() == getattr(searched, column.name).tolist(), column.name


def test_calls_of_now_do_not_cover_what_comes_after() -> None:
    talk = Talk()
    order = talk.order(talk.tonics[0], "ttsc__say")
    live = talk.tell().live
    by_now = calls_by_now(live, last_calls(live, 10), Hooks())
    talk.run(talk.tonics[0], "ttsc__say", order)
    talk.tell()

    assert by_now.covers(talk.session.at(live.n - 1))
    assert not by_now.covers(talk.session.live)
