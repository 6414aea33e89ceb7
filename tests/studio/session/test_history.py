"""The past is the fold of the first n events: for random streams, however they were cut into batches."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasktonic import events as ev
from tasktonic_studio.session import history as history_module
from tasktonic_studio.session.columns import CHUNK_ROWS
from tasktonic_studio.session.findings import hanging
from tasktonic_studio.session.inbox import Output, TargetBegan, TargetStatus
from tasktonic_studio.session.knowledge import Budget, Knowledge
from tasktonic_studio.session.session import Session
from tests.helpers.builders import EventWriter, Plant, a_session

IDS = st.integers(-1, 6)
TIMES = st.integers(0, 4_000_000_000)
STATES = st.integers(-1, 3)
NUMBERS = st.integers(0, 40)
NAMES = st.sampled_from(["", "a", "b", "ttsc__go"])


def _records(kind: type, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(kind, **fields)


EVENTS = st.one_of(
    _records(ev.AppBegan, t_ns=TIMES, app=st.integers(1, 3), name=NAMES, wall_ns=TIMES, pid=NUMBERS),
    _records(ev.AppEnded, t_ns=TIMES, app=st.integers(1, 3), problem=NAMES),
    _records(ev.ClassDefined, cls=IDS, name=NAMES, module=NAMES, file=NAMES, line=NUMBERS, service=NAMES, bases=NAMES),
    _records(ev.StateDefined, cls=IDS, index=STATES, name=NAMES),
    _records(ev.SparkleDefined, sparkle=IDS, cls=IDS, name=NAMES),
    _records(ev.HandlerDefined, cls=IDS, sparkle=IDS, state=NAMES, method=NAMES, file=NAMES, line=NUMBERS),
    _records(
        ev.Born,
        t_ns=TIMES,
        essence=IDS,
        name=NAMES,
        cls=IDS,
        context=IDS,
        catalyst=IDS,
        service=NAMES,
        log_mode=NUMBERS,
        state=STATES,
        run=NUMBERS,
    ),
    _records(ev.Finishing, t_ns=TIMES, essence=IDS, run=NUMBERS),
    _records(ev.Ended, t_ns=TIMES, essence=IDS, run=NUMBERS),
    _records(ev.ServiceUsed, t_ns=TIMES, service=IDS, user=IDS, joined=st.booleans()),
    _records(ev.StateChanged, t_ns=TIMES, essence=IDS, old=STATES, new=STATES, run=NUMBERS),
    _records(ev.LogModeSet, t_ns=TIMES, essence=IDS, log_mode=NUMBERS),
    _records(ev.TimerSet, t_ns=TIMES, timer=IDS, due_ns=TIMES, period_ns=TIMES, callback=NAMES, run=NUMBERS),
    _records(ev.TimerFired, t_ns=TIMES, timer=IDS, order=NUMBERS),
    _records(ev.TimerStopped, t_ns=TIMES, timer=IDS, remaining_ns=TIMES, run=NUMBERS),
    _records(
        ev.StoreChanged,
        t_ns=TIMES,
        store=IDS,
        path=NAMES,
        old=NAMES,
        new=NAMES,
        type=NAMES,
        removed=st.booleans(),
        present=st.booleans(),
        run=NUMBERS,
        source=NAMES,
    ),
    _records(ev.LogLine, t_ns=TIMES, essence=IDS, text=NAMES, run=NUMBERS),
    _records(
        ev.Raised,
        t_ns=TIMES,
        essence=IDS,
        sparkle=NAMES,
        type=NAMES,
        text=NAMES,
        traceback=NAMES,
        taken_by=IDS,
        run=NUMBERS,
    ),
    _records(ev.CatalystBegan, t_ns=TIMES, catalyst=IDS, driver=NAMES, thread=NAMES, thread_id=NUMBERS),
    _records(ev.CatalystEnded, t_ns=TIMES, catalyst=IDS),
    _records(ev.CatalystHeld, t_ns=TIMES, catalyst=IDS, held=st.booleans()),
    _records(ev.Dropped, t_ns=TIMES, essence=IDS, sparkle=IDS, order=NUMBERS, reason=NAMES),
    _records(
        ev.Beat,
        t_ns=TIMES,
        catalyst=IDS,
        depth=NUMBERS,
        inside=IDS,
        sparkle=IDS,
        since_ns=TIMES,
        sparkles=NUMBERS,
        busy_ns=TIMES,
    ),
    _records(ev.Gap, t_ns=TIMES, until_ns=TIMES, orders=NUMBERS, runs=NUMBERS),
    _records(
        ev.WorkOffloaded,
        t_ns=TIMES,
        work=IDS,
        essence=IDS,
        function=NAMES,
        place=st.sampled_from(["thread", "process"]),
        run=NUMBERS,
    ),
    _records(ev.WorkBegan, t_ns=TIMES, work=IDS, essence=IDS, function=NAMES, worker=NAMES),
    _records(
        ev.WorkEnded,
        t_ns=TIMES,
        work=IDS,
        essence=IDS,
        function=NAMES,
        outcome=st.sampled_from(["done", "failed", "cancelled"]),
        error=NAMES,
    ),
    _records(ev.ByHand, t_ns=TIMES, essence=IDS, what=NAMES, text=NAMES, who=NAMES),
    _records(ev.SnapshotTaken, t_ns=TIMES, catalyst=IDS),
    st.builds(TargetStatus, status=st.sampled_from(["running", "ended", "lost"]), died=st.booleans()),
    st.builds(Output, stream=st.sampled_from(["stdout", "stderr"]), text=st.sampled_from(["one", "one\ntwo\n", ""])),
    # Most of a stream is flow.
    *(
        _records(
            ev.Ran,
            begin_ns=TIMES,
            end_ns=TIMES,
            run=NUMBERS,
            order=NUMBERS,
            catalyst=IDS,
            essence=IDS,
            sparkle=IDS,
            before=STATES,
            after=STATES,
            flags=st.integers(0, 15),
        )
        for _ in range(6)
    ),
    *(
        _records(
            ev.Ordered,
            t_ns=TIMES,
            order=NUMBERS,
            catalyst=IDS,
            essence=IDS,
            sparkle=IDS,
            source=IDS,
            run=NUMBERS,
            cause=NAMES,
            arguments=NAMES,
        )
        for _ in range(4)
    ),
)
"""Anything at all, in any order: also what no sound app would send."""

FEW = st.integers(0, 1)
ENTANGLED = st.one_of(
    st.builds(ev.AppBegan, t_ns=TIMES, app=st.integers(1, 2), name=NAMES, wall_ns=TIMES, pid=NUMBERS),
    *(
        st.builds(
            ev.Born,
            t_ns=TIMES,
            essence=FEW,
            name=NAMES,
            cls=FEW,
            context=FEW,
            catalyst=FEW,
            service=NAMES,
            log_mode=NUMBERS,
            state=STATES,
            run=NUMBERS,
        )
        for _ in range(3)
    ),
    *(st.builds(ev.StateChanged, t_ns=TIMES, essence=FEW, old=STATES, new=STATES, run=NUMBERS) for _ in range(3)),
    st.builds(ev.Ended, t_ns=TIMES, essence=FEW, run=NUMBERS),
    st.builds(TargetStatus, status=st.just("ended"), exit_code=st.just(1), died=st.just(True)),
    st.builds(
        ev.Ran,
        begin_ns=TIMES,
        end_ns=TIMES,
        run=NUMBERS,
        order=NUMBERS,
        catalyst=FEW,
        essence=FEW,
        sparkle=FEW,
        before=STATES,
        after=STATES,
        flags=st.integers(0, 15),
    ),
)
"""Facts and flow that speak about the same few things: where the order within a batch could get lost."""


def described(known: Knowledge) -> dict[str, Any]:
    """All that a panel can ask of a moment, as plain values that can be compared."""
    names, essences = known.names, known.essences
    ids = range(-1, 8)
    return {
        "n": known.n,
        "t_ns": known.t_ns,
        "target": known.target,
        "app": (known.app, known.apps),
        "names": (
            names.classes,
            names.sparkles,
            [names.states(cls) for cls in ids],
            [names.handlers(cls) for cls in ids],
        ),
        "essences": [essences.get(essence) for essence in sorted(essences)],
        "tree": [sorted(essences.children(essence)) for essence in ids],
        "counts": (essences.alive_count, essences.ended_count, sorted(essences.services), list(essences.ended)),
        "rates": {essence: rate for essence in ids if (rate := known.rate(essence)) and essence in essences},
        "catalysts": known.catalysts,
        "timers": known.timers,
        "heavy work": [(known.heavy_work.open_of(tonic), known.heavy_work.ended_of(tonic)) for tonic in ids],
        "store": {
            store: {
                path: (entry[:-1], list(entry.history)[-5:], len(entry.history))
                for path, entry in known.store[store].items()
            }
            for store in known.store
        },
        "log": list(known.log),
        "runs": known.runs.rows(0, len(known.runs)),
        "orders": known.orders.rows(0, len(known.orders)),
        "transitions": known.transitions.rows(0, len(known.transitions)),
        "depths": [[column.tolist() for column in known.depths.of(catalyst)] for catalyst in ids],
        "gaps": known.gaps,
        "causes": [(known.run_of(number), known.order_of(number), known.effects_of(number)) for number in range(5)],
        "attributes": known.attributes,
        "machines": (
            [known.machines.moves(cls) for cls in ids],
            known.machines.causes(set(ids)),
            known.machines.cells(set(ids)),
            [essences.in_states(cls) for cls in ids],
        ),
        "findings": (known.findings.by_key, hanging(known)),
        "waiting": [known.waiting.rows(catalyst).tolist() for catalyst in ids],
        "values below": {
            store: {path: known.store.values_below(store, path) for path in ("", *known.store[store])}
            for store in known.store
        },
    }


def feed(session: Session, items: list[Any], sizes: list[int]) -> None:
    """Give these to a session in batches of these sizes, the last size again and again."""
    start = 0
    while start < len(items):
        size = sizes.pop(0) if len(sizes) > 1 else sizes[0]
        batch: list[Any] = []
        for item in items[start : start + size]:
            if isinstance(item, (TargetStatus, Output, TargetBegan)):
                session.apply_events(session.live.n, batch)
                session.apply([item])
                batch = []
            else:
                batch.append(item)
        session.apply_events(session.live.n, batch)
        start += size


@settings(max_examples=200, deadline=None)
@given(
    items=st.lists(EVENTS, max_size=80) | st.lists(ENTANGLED, max_size=30),
    sizes=st.lists(st.integers(1, 30), min_size=1, max_size=5),
    keyframe_facts=st.integers(1, 12),
    share=st.floats(0, 1),
)
def test_a_past_moment_is_the_fold_of_the_events_before_it(
    items: list[Any], sizes: list[int], keyframe_facts: int, share: float
) -> None:
    before = history_module.KEYFRAME_FACTS
    history_module.KEYFRAME_FACTS = keyframe_facts  # type: ignore[misc]
    try:
        session = Session()
        feed(session, items, list(sizes))
        n = int(len(items) * share)

        past = session.at(n)

        fresh = Session()
        feed(fresh, items[:n], [1])
        assert described(past) == described(fresh.live)
        assert described(session.at(len(items))) == described(session.live)
    finally:
        history_module.KEYFRAME_FACTS = before  # type: ignore[misc]


@settings(max_examples=60, deadline=None)
@given(items=st.lists(EVENTS, max_size=60), moments=st.lists(st.floats(0, 1), min_size=2, max_size=8))
def test_looking_at_the_past_changes_nothing_in_the_present(items: list[Any], moments: list[float]) -> None:
    session = Session()
    feed(session, items, [7])
    present = described(session.live)
    pasts = {n: described(session.at(n)) for n in (int(len(items) * share) for share in moments)}

    again = {n: described(session.at(n)) for n in reversed(pasts)}

    assert again == pasts
    assert described(session.live) == present


def test_the_past_stays_as_it_was_while_the_present_goes_on() -> None:
    session, plant = a_session(), Plant()
    session.apply_events(0, plant.live(3))
    moment = session.live.n - 40
    before = described(session.at(moment))

    session.apply_events(session.live.n, plant.live(20))

    assert described(session.at(moment)) == before


def test_a_moment_still_to_come_is_the_present() -> None:
    session = a_session()

    assert session.at(7) is session.live


def test_a_past_too_long_to_remember_begins_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_module, "KEYFRAME_FACTS", 50)
    session, write = Session(Budget(facts=200)), EventWriter()
    pump = write.born("Pump", "pump")
    for number in range(1000):
        write.log(pump, f"line {number}")
        session.apply_events(session.live.n, write.take())

    assert session.first_n > 700
    assert session.at(0).n == session.first_n
    assert session.at(session.first_n + 10).log[-1].text == f"line {session.first_n + 10 - session.live.n + 1000 - 1}"


def test_the_past_begins_where_all_runs_are_still_there() -> None:
    session, write = Session(Budget(runs=CHUNK_ROWS, orders=CHUNK_ROWS)), EventWriter()
    pump = write.born("Pump", "pump", state="--")
    for _ in range(3):
        for _ in range(CHUNK_ROWS // 2):
            write.sparkles(pump, "ttse__on_stroke")
        session.apply_events(session.live.n, write.take())

    runs = session.live.runs

    assert len(runs) == 3 * CHUNK_ROWS // 2
    assert runs.first == CHUNK_ROWS
    assert session.first_n >= runs.row(runs.first).n
    assert session.at(session.first_n).essences.get(pump) is not None
    with pytest.raises(IndexError, match="only rows 65536 to 98303 are here"):
        runs.row(0)


def test_many_keyframes_are_thinned_and_every_moment_stays_reachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_module, "KEYFRAME_FACTS", 4)
    session, plant = Session(Budget(keyframes=8)), Plant(2)
    lived = plant.live(20)
    for start in range(0, len(lived), 6):
        session.apply_events(session.live.n, lived[start : start + 6])

    moments = range(0, len(lived), 37)

    assert session.first_n == 0
    for n in moments:
        fresh = Session()
        fresh.apply_events(0, lived[:n])
        assert described(session.at(n)) == described(fresh.live)
