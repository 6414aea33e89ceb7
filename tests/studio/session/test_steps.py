"""Steps of the time cursor: found by looking from where one is, and never past the shown app."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktonic_studio.session import columns, steps
from tasktonic_studio.session.columns import ColumnStore
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.session.steps import (
    change_beside,
    changes_of,
    first_row,
    is_value,
    last_row,
    run_beside,
    whole_app,
)
from tasktonic_studio.session.timeline import RUN_COLUMNS, Runs
from tests.helpers.builders import EventWriter, a_session_with_plant, plant_of

SMALL_CHUNK, SMALL_STRETCH = 8, 2


def table_of(catalysts: list[int]) -> Runs:
    store = ColumnStore(RUN_COLUMNS, 1_000_000)
    rows = {name: np.zeros(len(catalysts), dtype) for name, dtype in RUN_COLUMNS.items()}
    rows["n"] = np.arange(len(catalysts)) * 3
    rows["catalyst"] = np.array(catalysts, np.int32)
    store.append(rows, len(catalysts))
    return Runs(store, len(catalysts))


@given(
    catalysts=st.lists(st.integers(0, 3), max_size=60),
    start=st.integers(0, 60),
    stop=st.integers(0, 60),
)
def test_the_nearest_row_is_found_in_any_stretch(catalysts: list[int], start: int, stop: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "CHUNK_ROWS", SMALL_CHUNK)
        patch.setattr(steps, "FIRST_STRETCH", SMALL_STRETCH)
        table, stop = table_of(catalysts), min(stop, len(catalysts))

        wanted = [row for row in range(start, stop) if catalysts[row] == 3]

        assert first_row(table, is_value("catalyst", 3), start, stop) == (wanted[0] if wanted else -1)
        assert last_row(table, is_value("catalyst", 3), start, stop) == (wanted[-1] if wanted else -1)


def walk(whole: Knowledge, thing: Thing, begin: int, way: int) -> list[int]:
    """The events of all changes, one step after the other."""
    changed, found = changes_of(whole, thing), []
    n = change_beside(changed, begin, way)
    while n >= 0:
        found.append(n)
        n = change_beside(changed, n, way)
    return found


@pytest.fixture
def session() -> Session:
    return a_session_with_plant(rounds=6)


def things(session: Session) -> dict[str, Thing]:
    known, plant = session.live, plant_of(session)
    pump = plant.pumps[0]
    cls = known.essences.get(pump)
    assert cls is not None
    return {
        "essence": Thing("essence", pump),
        "class": Thing("class", cls.cls),
        "catalyst": Thing("catalyst", plant.worker),
        "state": Thing("state", (cls.cls, 1)),
        "path": Thing("store", (plant.store, f"pumps/{pump}/level")),
        "branch": Thing("store", (plant.store, "pumps")),
        "order": Thing("order", known.orders.row(20).order),
    }


def changes(session: Session, name: str) -> list[int]:
    """The same, by looking at everything."""
    known, plant = session.live, plant_of(session)
    runs, ways = known.runs.rows(0, len(known.runs)), known.transitions.rows(0, len(known.transitions))
    pumps = plant.pumps
    paths = [f"pumps/{pump}/level" for pump in pumps]
    written = {path: [it.n for it in known.store[plant.store][path].history] for path in paths}
    order = known.orders.row(20)
    found: dict[str, list[int]] = {
        "essence": [it.n for rows in (runs, ways) for it in rows if it.essence == pumps[0]],
        "class": [it.n for rows in (runs, ways) for it in rows if it.essence in pumps],
        "catalyst": [it.n for it in runs if it.catalyst == plant.worker],
        "state": [it.n for it in ways if it.essence in pumps and 1 in (it.old, it.new)],
        "path": written[paths[0]],
        "branch": list(itertools.chain(*written.values())),
        "order": [order.n, *(it.n for it in runs if it.order == order.order)],
    }
    return sorted(found[name])


@pytest.mark.parametrize("name", ["essence", "class", "catalyst", "state", "path", "branch", "order"])
def test_every_change_of_a_thing_is_a_step_there_and_back(session: Session, name: str) -> None:
    wanted, thing = changes(session, name), things(session)[name]

    assert len(wanted) >= 2
    assert walk(session.live, thing, -1, 1) == wanted
    assert walk(session.live, thing, session.live.n, -1) == wanted[::-1]


@pytest.mark.parametrize("thing", [Thing("place", ("plant.py", 3)), Thing("essence", 999), Thing("store", (999, "no"))])
def test_what_does_not_change_has_no_step(session: Session, thing: Thing) -> None:
    assert walk(session.live, thing, -1, 1) == []
    assert walk(session.live, thing, session.live.n, -1) == []


def test_runs_of_a_catalyst_come_in_the_order_in_which_they_ended(session: Session) -> None:
    runs, worker = session.live.runs, plant_of(session).worker
    lane = [run for run in runs.rows(0, len(runs)) if run.catalyst == worker]

    after = run_beside(session.live, "catalyst", worker, lane[4].n, 1)
    before = run_beside(session.live, "catalyst", worker, lane[4].n, -1)

    assert (before, after) == (lane[3], lane[5])
    assert run_beside(session.live, "catalyst", worker, lane[-1].n, 1) is None
    assert run_beside(session.live, "catalyst", worker, lane[0].n, -1) is None


def test_without_a_lane_the_runs_of_all_are_gone_through(session: Session) -> None:
    runs = session.live.runs

    found = run_beside(session.live, "catalyst", -1, runs.row(7).n, 1)

    assert found == runs.row(8)


def app_with_ticks(number: int, ticks: int) -> list[tuple[Any, ...]]:
    write = EventWriter(number)
    clock = write.born("Clock", "clock", catalyst=write.catalyst("main"))
    for _ in range(ticks):
        write.wait(1_000_000)
        write.sparkles(clock, "ttse__on_tick")
    return write.take()


def test_steps_stay_in_the_app_that_is_shown() -> None:
    session = Session()
    for number in (1, 2):
        session.apply_events(session.live.n, app_with_ticks(number, 3))
    clock, runs = Thing("essence", 1), session.live.runs

    first = whole_app(session, session.at(runs.row(1).n))
    second = whole_app(session, session.live)

    assert walk(first, clock, -1, 1) == [runs.row(row).n for row in (0, 1, 2)]
    assert walk(second, clock, session.live.n, -1) == [runs.row(row).n for row in (5, 4, 3)]
    assert run_beside(first, "catalyst", 0, runs.row(2).n, 1) is None
    assert run_beside(second, "catalyst", 0, runs.row(3).n, -1) is None
